/* workbench-image-grid.h: the images of an album side by side, enlarged by a whole factor, without blur, scrolled by rows.
 *
 * Only rows that can be seen are drawn, each from one texture that is made when it is first seen. A blue frame: teacher and student
 * agree; a yellow one around it: selected. The selection is the document's: when others select, the first
 * selected image is scrolled to, as soon as the album lists one. In an album of the selection alone a click only looks at an image. */
#pragma once

#include "workbench-album.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_IMAGE_GRID (workbench_image_grid_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchImageGrid, workbench_image_grid, WORKBENCH, IMAGE_GRID, GtkWidget)

enum {
  WORKBENCH_FIT = 0,      /* as large as lets all images be seen */
  WORKBENCH_MOST_ZOOM = 8
};

/** workbench_image_grid_set_album: @selection: (nullable) */
void workbench_image_grid_set_album (WorkbenchImageGrid *self, WorkbenchAlbum *album, WorkbenchSelection *selection);
/** workbench_image_grid_set_describe: what a pointed at or focused image is called; the result is freed. */
void workbench_image_grid_set_describe (WorkbenchImageGrid *self, char *(*describe) (WorkbenchImage image, gpointer data), gpointer data);

/** property "zoom": pixels of the screen for one of the image, 1 … WORKBENCH_MOST_ZOOM, or WORKBENCH_FIT */
void workbench_image_grid_set_zoom (WorkbenchImageGrid *self, guint zoom);
guint workbench_image_grid_get_zoom (WorkbenchImageGrid *self);
/** workbench_image_grid_get_shown_zoom: what a fitted zoom comes to */
guint workbench_image_grid_get_shown_zoom (WorkbenchImageGrid *self);
/** property "frames": whether agreement is shown */
void workbench_image_grid_set_frames (WorkbenchImageGrid *self, gboolean frames);

/** workbench_image_grid_set_looks: a click then only looks at an image, as in an album of the selection alone; FALSE at first */
void workbench_image_grid_set_looks (WorkbenchImageGrid *self, gboolean looks);

/** workbench_image_grid_reveal: scrolls to where @position can be seen. */
void workbench_image_grid_reveal (WorkbenchImageGrid *self, guint position);
/** workbench_image_grid_follow: what the list shows is about to become another: the image that is looked at is scrolled to, if it is in it. */
void workbench_image_grid_follow (WorkbenchImageGrid *self);
/** workbench_image_grid_at: position of the image at a place of the widget, or −1 */
int workbench_image_grid_at (WorkbenchImageGrid *self, double x, double y);

G_END_DECLS
