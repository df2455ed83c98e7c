/* workbench-image-strip.h: a few images one beside the other, in as many lines as they need, each of them whole, with a word below it.
 *
 * Keys and pointer as in any GtkFlowBox. Signals: "activated" (guint index): an image was chosen. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_IMAGE_STRIP (workbench_image_strip_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchImageStrip, workbench_image_strip, WORKBENCH, IMAGE_STRIP, GtkBox)

/** workbench_image_strip_set_count: images there are from now on; new ones show nothing yet. */
void workbench_image_strip_set_count (WorkbenchImageStrip *self, guint count);
guint workbench_image_strip_get_count (WorkbenchImageStrip *self);

/**
 * workbench_image_strip_set_image:
 * @at: below the count
 * @pictures: (nullable): holds the image; only read
 * @index: of it
 * @caption: (nullable): what stands below it
 * @description: (nullable): tooltip, and what who cannot see the image is told
 */
void workbench_image_strip_set_image (WorkbenchImageStrip *self, guint at, const DfkdPictures *pictures, gsize index, const char *caption,
                                      const char *description);

G_END_DECLS
