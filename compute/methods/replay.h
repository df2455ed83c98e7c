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

enum {
  DFKD_REPLAY_NUDGES = 8, /* tries with other last places, after the one as given */
};

/**
 * dfkd_replay_case:
 * @path: a case as reference.py writes it: inputs in/…, results out/…, settings as metadata
 * @nudge: (out): 0 when the latents are the case's own, else which nudge of their last places met the case
 *
 * Compares by ‖got − want‖₂ / ‖want‖₂, parameters and running statistics by their update,
 * ‖got − want‖₂ / ‖want − before‖₂; a value that is not finite deviates infinitely.
 *
 * Each case has inputs of a ReLU that lie within float32's rounding of zero (the nearest at 1e-7 of their scale). On
 * which side they fall depends on the order of sums, both sides are right, and one of them on the other side changes
 * a gradient by percent. So the backward error is held to float32's precision: a case is met when its results come
 * from its latents with every number moved by at most one unit in the last place; if not from its own, then from one
 * of DFKD_REPLAY_NUDGES nudges drawn from a fixed seed.
 *
 * Returns: (transfer full) (element-type DfkdDeviation): one for each result of the case, of the first try within all
 *   tolerances, or of the unchanged latents if there is none; NULL on error
 */
GPtrArray *dfkd_replay_case (DfkdDevice *device, const char *path, guint *nudge, GError **error);

G_END_DECLS
