/* small-window.h: the real window on a run that takes a moment, for tests that steer it. */
#pragma once

#include "support.h"
#include "widgets.h"
#include "workbench-application.h"
#include "workbench-experiment-window.h"
#include "workbench-window.h"

G_BEGIN_DECLS

/** small_recipe: a few tiny syntheses on the built-in teacher, without test data */
DfkdRecipe *small_recipe (void);
/** small_window: shows it; @folder: (nullable) of the run */
GtkWidget *small_window (AdwApplication *application, const DfkdRecipe *recipe, const char *folder, gboolean paused);
/** own_application: (transfer full): the program's, which does not look for another process of it */
WorkbenchApplication *own_application (void);
/** end_window: destroys it, asserts that no widget of it is left, and waits for its run */
void end_window (GtkWidget *window);
typedef gboolean (*Condition) (gpointer data);
/** turn_until: turns the main loop until @condition; the test fails after a minute */
void turn_until (Condition condition, gpointer data);
/** is_finished: a condition: @window (WorkbenchWindow) shows a run that has come to its end */
gboolean is_finished (gpointer window);
/** is_running: likewise: one that is under way */
gboolean is_running (gpointer window);
/** has_loaded: likewise: one whose folder has been read */
gboolean has_loaded (gpointer window);
/** find_experiment_window: the one that is open, or NULL */
WorkbenchExperimentWindow *find_experiment_window (void);
/** find_dialog: the message that is open, or NULL */
AdwMessageDialog *find_dialog (void);
/** answer_dialog: as its button does */
void answer_dialog (const char *response);

G_END_DECLS
