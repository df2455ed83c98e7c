/* replay.h: runs a numerical reference case (tests/cases) on a device and measures every deviation. */
#pragma once

#include "device.h"

G_BEGIN_DECLS

typedef struct {
  char *name;       /* the case's tensor: "0.loss_bn", "1.generator.l1.0.weight" … */
  double deviation; /* relative norm; of parameters, of their update */
  double tolerance;
} DfkdDeviation;

void dfkd_deviation_free (DfkdDeviation *deviation);

/**
 * dfkd_replay_case:
 * @path: a case as reference.py writes it: inputs in/…, results out/…, settings as metadata
 *
 * Compares by ‖got − want‖₂ / ‖want‖₂, parameters and running statistics by their update,
 * ‖got − want‖₂ / ‖want − before‖₂; a value that is not finite deviates infinitely.
 *
 * Returns: (transfer full) (element-type DfkdDeviation): one for each result of the case, or NULL
 */
GPtrArray *dfkd_replay_case (DfkdDevice *device, const char *path, GError **error);

G_END_DECLS
