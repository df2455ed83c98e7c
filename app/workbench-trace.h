/* workbench-trace.h: times of steps as a trace that Chrome's about:tracing and Perfetto open. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

/**
 * workbench_trace_save:
 * @times: (element-type DfkdStepTime)
 * @title: of the run
 *
 * Complete events ("ph": "X") in microseconds on the run's clock: a track for each kind of step, in it one event a step with its
 * number, and in that one for each of its stages, in their order, without gaps: stages add up to their step.
 * DFKD_ERROR_FILE when @path cannot be written.
 */
gboolean workbench_trace_save (const GArray *times, const char *title, const char *path, GError **error);

G_END_DECLS
