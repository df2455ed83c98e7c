/* workbench-overlays.h: what a view shows of the runs that are compared: a button to add one, from the folder of runs or from any folder, and
 * a label for each, which tells in what its recipe differs from the dials as they stand, and removes it. Emits "changed" when there are
 * others, for the view to draw them. */
#pragma once

#include "workbench-chart.h"
#include "workbench-comparison.h"
#include "workbench-line-layer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_OVERLAYS (workbench_overlays_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchOverlays, workbench_overlays, WORKBENCH, OVERLAYS, GtkBox)

/** workbench_overlays_set_document: (nullable): the present run, to compare with */
void workbench_overlays_set_document (WorkbenchOverlays *self, WorkbenchDocument *document);
/** workbench_overlays_set_comparison: instead of one of its own, which it has at first */
void workbench_overlays_set_comparison (WorkbenchOverlays *self, WorkbenchComparison *comparison);
/** workbench_overlays_get: (element-type WorkbenchDocument) (transfer none) */
const GPtrArray *workbench_overlays_get (WorkbenchOverlays *self);
/** workbench_overlays_take_drops: run folders that are dropped on @view are added */
void workbench_overlays_take_drops (WorkbenchOverlays *self, GtkWidget *view);
/** workbench_overlays_colour: of the run at @index, wherever it is drawn; the dash of its lines is @index + 1 */
GdkRGBA workbench_overlays_colour (guint index);

/** workbench_overlays_new_line: of the run at @index, in its colour and dash, which the legend calls "@what, RUN". Returns: (transfer full): as
 * workbench_line_layer_new() has it */
WorkbenchLineLayer *workbench_overlays_new_line (WorkbenchDocument *document, guint index, const char *what, WorkbenchSeries *series);
/** workbench_overlays_make_room: @chart is @least pixels high, and for each of @runs runs beside a line of the legend more */
void workbench_overlays_make_room (WorkbenchChart *chart, int least, guint runs);

G_END_DECLS
