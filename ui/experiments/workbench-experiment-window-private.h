/* workbench-experiment-window-private.h: the parts of the window, for tests. */
#pragma once

#include "workbench-experiment-runner.h"
#include "workbench-experiment-window.h"
#include "workbench-experiment.h"
#include "workbench-parallel-coordinates.h"

G_BEGIN_DECLS

struct _WorkbenchExperimentWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *heading;
  GtkButton *begin, *open, *compare, *save, *folder, *clear;
  GtkInfoBar *problem;
  GtkLabel *problem_text, *description, *start, *ranges;
  GtkStack *stack;
  AdwStatusPage *page;
  GtkProgressBar *progress;
  WorkbenchParallelCoordinates *plot;
  GtkColumnView *view;

  WorkbenchExperiment *experiment;
  WorkbenchExperimentRunner *runner;
  char *device;
  guint threads;
  gboolean closing_parent;
  guint awake;                     /* a cookie of the application, while it runs */
  WorkbenchExperimentTable *shown; /* (nullable) */
  GListStore *rows;                /* of WorkbenchExperimentRow, in the experiment's order */
  GtkFilter *filter;               /* of those within all ranges */
  GtkSingleSelection *selection;   /* of them, as sorted */
  GtkFileChooserNative *chooser;   /* while it is open */
};

void workbench_experiment_window_say (WorkbenchExperimentWindow *self, const char *message);

/* workbench-experiment-window-run.c */
/* how far it is, and how it is started */
void workbench_experiment_window_show_run (WorkbenchExperimentWindow *self);
void workbench_experiment_window_init_run (WorkbenchExperimentWindow *self);
void workbench_experiment_window_dispose_run (WorkbenchExperimentWindow *self);
void workbench_experiment_window_class_add_run (GtkWidgetClass *widget_class);
/* TRUE when closing would stop the experiment: a dialog has been opened */
gboolean workbench_experiment_window_asks_to_close (WorkbenchExperimentWindow *self);

/* by the ending of @path; says what came of it */
gboolean workbench_experiment_window_save (WorkbenchExperimentWindow *self, const char *path);

G_END_DECLS
