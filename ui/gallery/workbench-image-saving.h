/* workbench-image-saving.h: a bar that writes images to files in a thread: how far it is, and a button to stop it. Hidden when there is nothing
 * to do; what came of it is told by the window (action win.say). */
#pragma once

#include "workbench-image-set.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_IMAGE_SAVING (workbench_image_saving_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchImageSaving, workbench_image_saving, WORKBENCH, IMAGE_SAVING, GtkBox)

/** workbench_image_saving_start: @set: (transfer full). While images are being written it says so, and starts nothing. */
void workbench_image_saving_start (WorkbenchImageSaving *self, WorkbenchImageSet *set, WorkbenchImageFormat format, const char *path);
gboolean workbench_image_saving_is_busy (WorkbenchImageSaving *self);
/** workbench_image_saving_stop: soon; images of a folder that have been written stay. */
void workbench_image_saving_stop (WorkbenchImageSaving *self);

G_END_DECLS
