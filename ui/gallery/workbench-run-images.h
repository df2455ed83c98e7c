/* workbench-run-images.h: a run that is compared: its name, and the images of one of its batches.
 *
 * Signals: "looked-at" when its images have the focus, as by a click on one; "zoomed" (guint) when a wheel or a key in them asks for another zoom, for
 * all. */
#pragma once

#include "workbench-album.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_RUN_IMAGES (workbench_run_images_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRunImages, workbench_run_images, WORKBENCH, RUN_IMAGES, GtkBox)

/** workbench_run_images_new: of the run at @index of a comparison (WorkbenchOverlays) */
GtkWidget *workbench_run_images_new (WorkbenchDocument *document, guint index);
WorkbenchDocument *workbench_run_images_get_document (WorkbenchRunImages *self);
/** workbench_run_images_get_album: of which it lists one batch: workbench_album_set_synthesis(), and whatever else an album can. (transfer none) */
WorkbenchAlbum *workbench_run_images_get_album (WorkbenchRunImages *self);
/** workbench_run_images_set_look: as workbench_image_grid_set_zoom() and workbench_image_grid_set_frames() have it */
void workbench_run_images_set_look (WorkbenchRunImages *self, guint zoom, gboolean frames);

G_END_DECLS
