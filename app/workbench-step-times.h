/* workbench-step-times.h: what the steps of a run took, by stage, so that any stretch of them is summed at once: a chart of any
 * width asks for each of its columns, and a hundred thousand steps are drawn in a frame.
 *
 * Emits "changed" when there are more, others, or none. It reads in slices and holds nobody up. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

/** what a step is made of, in the order of colours; a region of another name counts as OTHER */
typedef enum {
  WORKBENCH_BAND_GENERATOR,
  WORKBENCH_BAND_AUGMENTATION,
  WORKBENCH_BAND_TEACHER,
  WORKBENCH_BAND_STUDENT,
  WORKBENCH_BAND_LOSSES,
  WORKBENCH_BAND_BACKWARD,
  WORKBENCH_BAND_OPTIMISER,
  WORKBENCH_BAND_OUTER,
  WORKBENCH_BAND_EVALUATION,
  WORKBENCH_BAND_TRANSFER,
  WORKBENCH_BAND_OTHER,
  WORKBENCH_N_BANDS
} WorkbenchBand;

/** workbench_band_title: translated */
const char *workbench_band_title (WorkbenchBand band);
/** workbench_band_find: of the region @name */
WorkbenchBand workbench_band_find (const char *name);
/** workbench_step_title: "inner step" …, translated */
const char *workbench_step_title (DfkdStage kind);

#define WORKBENCH_TYPE_STEP_TIMES (workbench_step_times_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchStepTimes, workbench_step_times, WORKBENCH, STEP_TIMES, GObject)

WorkbenchStepTimes *workbench_step_times_new (void);
void workbench_step_times_set_document (WorkbenchStepTimes *self, WorkbenchDocument *document); /* (nullable) */
/** workbench_step_times_set_kind: DFKD_N_STAGES: steps of all kinds, counted in the order in which they were done */
void workbench_step_times_set_kind (WorkbenchStepTimes *self, DfkdStage kind);
DfkdStage workbench_step_times_get_kind (WorkbenchStepTimes *self);

/** workbench_step_times_get_whole: milliseconds of whole steps, over steps and clocks (transfer none); cleared and filled again
 * when the kind changes */
WorkbenchSeries *workbench_step_times_get_whole (WorkbenchStepTimes *self);
/** workbench_step_times_sum: milliseconds that the steps first … end − 1 of the series spent in @band */
double workbench_step_times_sum (WorkbenchStepTimes *self, WorkbenchBand band, guint first, guint end);
gboolean workbench_step_times_has (WorkbenchStepTimes *self, WorkbenchBand band);
/** workbench_step_times_is_by_device: the device's own clock measured them; FALSE: the host's did */
gboolean workbench_step_times_is_by_device (WorkbenchStepTimes *self);

/** WorkbenchSpread: of a band's times in one stretch of steps, in milliseconds. */
typedef struct {
  guint count; /* steps that have the stage */
  double low, lower, median, upper, high; /* 5, 25, 50, 75 and 95 % */
} WorkbenchSpread;

/** workbench_step_times_spread_async: of the steps first … end − 1, each band and the whole step last, in a thread; of
 * more than 16,384 steps as many, evenly taken. */
void workbench_step_times_spread_async (WorkbenchStepTimes *self, guint first, guint end, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** workbench_step_times_spread_finish: WORKBENCH_N_BANDS + 1 of them; NULL when cancelled. Returns: (transfer full): g_free() */
WorkbenchSpread *workbench_step_times_spread_finish (WorkbenchStepTimes *self, GAsyncResult *result, GError **error);

G_END_DECLS
