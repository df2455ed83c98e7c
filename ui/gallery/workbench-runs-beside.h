/* workbench-runs-beside.h: batches of the runs that are compared, one below the other, all of the same height, and which synthesis they are
 * of: the same for all, the view's own run among them, which is the first.
 *
 * Property: "own": the widget that shows the view's own run. Signals: "synthesis" (guint) when another is chosen, as workbench_album_set_synthesis() takes it; "looked-at" (WorkbenchRunImages)
 * and "zoomed" (guint) as that has them. */
#pragma once

#include "workbench-beside-figure.h"
#include "workbench-run-images.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_RUNS_BESIDE (workbench_runs_beside_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRunsBeside, workbench_runs_beside, WORKBENCH, RUNS_BESIDE, GtkBox)

/** workbench_runs_beside_show: @own: (nullable); @others: (element-type WorkbenchDocument): none: the own run takes all the room */
void workbench_runs_beside_show (WorkbenchRunsBeside *self, WorkbenchDocument *own, const GPtrArray *others);
/** workbench_runs_beside_list: which images of each batch, and in which order: workbench_album_set_order()
 * @label: as for workbench_album_set_class(), of the own run; of the others the class of that name, and where they have none of it, of that
 * number */
void workbench_runs_beside_list (WorkbenchRunsBeside *self, int label, WorkbenchOrder order, gboolean descending);
/** workbench_runs_beside_set_look: workbench_run_images_set_look() */
void workbench_runs_beside_set_look (WorkbenchRunsBeside *self, guint zoom, gboolean frames);
/** workbench_runs_beside_get_synthesis: as "synthesis" has it */
guint workbench_runs_beside_get_synthesis (WorkbenchRunsBeside *self);
/** workbench_runs_beside_add_to: those beside, in their order */
void workbench_runs_beside_add_to (WorkbenchRunsBeside *self, WorkbenchBesideFigure *figure);

G_END_DECLS
