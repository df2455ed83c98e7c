/* workbench-image-panel.h: all that is known of one image: what both networks see in it, its part in each loss term, how it came to
 * be, and which images of the pool, and test images, the teacher finds most like it. */
#pragma once

#include "workbench-album.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_IMAGE_PANEL (workbench_image_panel_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchImagePanel, workbench_image_panel, WORKBENCH, IMAGE_PANEL, GtkBox)

/** workbench_image_panel_set_document: (nullable); @album: that knows its images. The panel follows the document's current image. */
void workbench_image_panel_set_document (WorkbenchImagePanel *self, WorkbenchDocument *document, WorkbenchAlbum *album);
/** workbench_image_panel_set_names_run: whether it says of which run an image is, from the next one on; FALSE at first */
void workbench_image_panel_set_names_run (WorkbenchImagePanel *self, gboolean names_run);

/** workbench_image_panel_get_neighbours: (transfer none) (element-type WorkbenchImage): the nearest first; empty while unknown */
const GArray *workbench_image_panel_get_neighbours (WorkbenchImagePanel *self);
/** workbench_image_panel_get_test_neighbours: likewise of test images; empty unless their expander is open */
const GArray *workbench_image_panel_get_test_neighbours (WorkbenchImagePanel *self);

G_END_DECLS
