/* workbench-neighbours.h: the images that are nearest to one by the teacher's features, of the pool or of test images, and a line about them. One that is
 * chosen becomes the document's current image.
 *
 * Properties: "title": what stands above them; "nothing": what stands there when there is none; NULL and "": nothing. */
#pragma once

#include "workbench-document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_NEIGHBOURS (workbench_neighbours_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchNeighbours, workbench_neighbours, WORKBENCH, NEIGHBOURS, GtkBox)

/** workbench_neighbours_set_document: (nullable): whose images they are; none is shown until it is looked for some */
void workbench_neighbours_set_document (WorkbenchNeighbours *self, WorkbenchDocument *document);

/**
 * workbench_neighbours_look: for the nearest to one, in the background; what was shown stays until they are found
 * @images, @rows: [n], [n, n_features]: among which; copied
 * @point: [n_features]: to which; copied
 * @own: where among them it is itself; −1: nowhere
 */
void workbench_neighbours_look (WorkbenchNeighbours *self, const WorkbenchImage *images, const float *rows, gsize n, gsize n_features, const float *point,
                                gssize own);
/** workbench_neighbours_forget: it is another image whose neighbours will be looked for: those that are shown are not found any more */
void workbench_neighbours_forget (WorkbenchNeighbours *self);
/** workbench_neighbours_say: @why there are none; those that were shown go */
void workbench_neighbours_say (WorkbenchNeighbours *self, const char *why);
/** workbench_neighbours_draw: some of their pictures may have been read meanwhile. */
void workbench_neighbours_draw (WorkbenchNeighbours *self);
/** workbench_neighbours_get: (transfer none) (element-type WorkbenchImage): the nearest first; empty while unknown */
const GArray *workbench_neighbours_get (WorkbenchNeighbours *self);

G_END_DECLS
