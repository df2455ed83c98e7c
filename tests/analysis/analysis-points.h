/* analysis-points.h: points for the tests of compute/analysis: normal noise and clusters, the same on every run. */
#pragma once

#include "random.h"

#include <glib.h>
#include <math.h>

/* number @index of a sequence of N(0, 1) */
static inline float
noise (guint32 sequence, gsize index)
{
  guint32 words[4];
  float normal[2];

  dfkd_philox (20231124, sequence, (guint32) (index >> 32), (guint32) index, words);
  dfkd_philox_normal (words[0], words[1], normal);
  return normal[0];
}

/* (transfer full): [n, d] */
static inline float *
new_noise (guint32 sequence, gsize n, gsize d)
{
  float *rows = g_new (float, n * d);

  for (gsize i = 0; i < n * d; i++)
    rows[i] = noise (sequence, i);
  return rows;
}

/* (transfer full): [n, d]: point i belongs to cluster i % clusters; centres are @distance apart or so, deviation 1 */
static inline float *
new_clusters (guint32 sequence, gsize n, gsize d, guint clusters, double distance)
{
  float *rows = new_noise (sequence, n, d);

  for (gsize i = 0; i < n; i++)
    for (gsize f = 0; f < d; f++)
      rows[i * d + f] += (float) (distance / sqrt (2.0 * (double) d)) * noise (sequence + 1000, i % clusters * d + f);
  return rows;
}
