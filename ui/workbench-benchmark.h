/* workbench-benchmark.h: what the window costs: how long its frames take while a run goes on, and how much slower that run is
 * for the window. Behind the hidden option --benchmark-ui, and a test. */
#pragma once

#include "dfkd.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** WorkbenchDrawingCost: what one view was measured at; milliseconds. */
typedef struct {
  const char *view;             /* of workbench_view_kinds[]; NULL: all of them, without frames */
  guint frames;
  double median, late, longest; /* from frame to frame while every frame is asked for; late: the 99th percentile */
  double work;                  /* 99th percentile of the processor time that the window's thread takes for a frame */
  double share;                 /* of all processors that the window and its renderer take, drawing by themselves; median */
  guint turns;
  double speed, slower, faster; /* of training with the view open, over the turns without a window on both sides: median, quartiles */
} WorkbenchDrawingCost;

/**
 * workbench_benchmark_run:
 * @recipe: what is trained; without test data, kd_steps and k as given, without warm-up
 * @view: (nullable): which alone; NULL: each
 * @rounds: how often each view has its turn
 *
 * One run in one window, with a folder that goes afterwards. Each turn is whole syntheses with their student steps, for two seconds
 * at least: without a window (hidden, nothing read from the trainer), then with a view as it draws by itself, which gives the speed,
 * then without a window again; in the first rounds also with the view drawing at every tick of the display, which gives the frames.
 * Turns the main loop itself. NULL with the run's error. Returns: (transfer full) of WorkbenchDrawingCost, the last of all views together
 */
GArray *workbench_benchmark_run (AdwApplication *application, const DfkdRecipe *recipe, const DfkdSessionOptions *options, const char *view, guint rounds,
                                 GError **error);
/** workbench_benchmark_table: for people. Returns: (transfer full) */
char *workbench_benchmark_table (const GArray *costs);

G_END_DECLS
