/* statistics-distance.h: how far a batch's statistics are from those that the teacher's batch norms stored: L_bn of METHOD.md
 * section 1, layer by layer and channel by channel. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** DfkdStatistics: of one batch norm; nothing is kept of it. */
typedef struct {
  gsize channels;
  const float *batch;          /* [2, channels]: mean and biased variance of the layer's input */
  const float *mean, *variance; /* [channels]: running, as stored */
} DfkdStatistics;

/** DfkdLayerDistance: of one layer; arrays have one number a channel, in the layer's standard deviations where lengths. */
typedef struct {
  gsize channels;
  gboolean is_finite;       /* FALSE: a statistic is no finite number or a variance below 0; the layer is left out of the total */
  double mean_distance;     /* ‖running_mean − mean‖₂ */
  double variance_distance; /* ‖running_var − var‖₂ */
  double share;             /* of the two together in the total; 0 when left out or the total is 0 */
  float *mean_shift;        /* (mean − running mean) / running standard deviation */
  float *deviation_shift;   /* (standard deviation − running one) / running one */
  float *divergence;        /* ½ (KL(a‖b) + KL(b‖a)) of the two Gaussians, in nats: 0 when equal (Jeffreys 1946, halved) */
} DfkdLayerDistance;

typedef struct {
  guint n_layers, n_left_out;
  double total; /* L_bn: Σ of both distances */
  DfkdLayerDistance *layers;
  guint *ranking; /* indices of layers, the largest share first; equal ones in order, those left out last */
} DfkdStatisticsDistance;

/**
 * dfkd_statistics_distance_new:
 * @epsilon: added to variances before a root or a division, as the batch norms do (1e-5); > 0
 */
DfkdStatisticsDistance *dfkd_statistics_distance_new (const DfkdStatistics *layers, guint n_layers, double epsilon);
void dfkd_statistics_distance_free (DfkdStatisticsDistance *distance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdStatisticsDistance, dfkd_statistics_distance_free)

G_END_DECLS
