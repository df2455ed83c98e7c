/* workbench-published-choice.h: a button with the figures that were published for a run's pair of networks: those that are chosen are
 * dashed lines of a chart of accuracies. It hides where there are none. */
#pragma once

#include "workbench-chart.h"
#include "workbench-published.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PUBLISHED_CHOICE (workbench_published_choice_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchPublishedChoice, workbench_published_choice, WORKBENCH, PUBLISHED_CHOICE, GtkBox)

/** workbench_published_choice_set_chart: where the lines go: accuracies in percent. */
void workbench_published_choice_set_chart (WorkbenchPublishedChoice *self, WorkbenchChart *chart);
/** workbench_published_choice_look: finds in the background what was published for the pair of @recipe, and draws what was for its
 * method; NULL: shows nothing, and looks no more. */
void workbench_published_choice_look (WorkbenchPublishedChoice *self, const DfkdRecipe *recipe);

G_END_DECLS
