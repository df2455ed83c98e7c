/* workbench-comparison.h: the runs beside the present one of a window, which all its views show that can: six at most.
 *
 * Signals: "changed" when there are others; "problem" (message) when one cannot be added or read. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_COMPARISON (workbench_comparison_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchComparison, workbench_comparison, WORKBENCH, COMPARISON, GObject)

enum {
  WORKBENCH_MOST_COMPARED = 6, /* more cannot be told apart */
};

WorkbenchComparison *workbench_comparison_new (void);
/** workbench_comparison_open: a run folder; FALSE, and "problem", when it is none, is there already, or there are too many. */
gboolean workbench_comparison_open (WorkbenchComparison *self, const char *folder);
/** workbench_comparison_join: likewise a run that goes on elsewhere in the program; it grows here as it does there, and as its folder does once
 * its window has left it. */
gboolean workbench_comparison_join (WorkbenchComparison *self, WorkbenchDocument *document);
/** workbench_comparison_contains: whether the run in @folder is one of them */
gboolean workbench_comparison_contains (WorkbenchComparison *self, const char *folder);
void workbench_comparison_remove (WorkbenchComparison *self, guint index);
/** workbench_comparison_get: (element-type WorkbenchDocument) (transfer none) */
const GPtrArray *workbench_comparison_get (WorkbenchComparison *self);

G_END_DECLS
