/* filled.h: the numbers that peers/network_fixtures.py fills weights and inputs with, and its digests of what comes out (its
 * functions `filled` and `digest`). */
#pragma once

#include "network.h"

#include <math.h>
#include <string.h>

/* FNV-1a */
static inline guint32
hash_of (const char *name)
{
  guint32 hash = 2166136261u;

  for (const char *c = name; *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * 16777619u;
  return hash;
}

/* 16-bit numbers in [0, 1): a murmur finaliser of each index */
static inline double
uniform_of (guint32 hash, gsize i)
{
  guint32 x = hash + (guint32) i * 0x9e3779b9u;

  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  x ^= x >> 16;
  return (x >> 16) / 65536.0;
}

/* @name: of the state dict; @out: in N,C,H,W order */
static inline void
filled (const char *name, const DfkdShape *shape, float *out)
{
  const gsize count = dfkd_shape_count (shape);
  const gboolean around_one = g_str_has_suffix (name, ".weight") || g_str_has_suffix (name, ".running_var");
  const guint32 hash = hash_of (name);
  double scale = 0.0;

  if (shape->rank > 1 && strcmp (name, "input") != 0)
    scale = exp2 (floor (log2 (sqrt (3.0 / ((double) count / (double) shape->dim[0])))));
  for (gsize i = 0; i < count; i++)
    {
      double u = uniform_of (hash, i);

      out[i] = (float) (scale > 0.0 ? (2.0 * u - 1.0) * scale : around_one ? 0.5 + u : u - 0.5);
    }
}

enum {
  DIGEST = 5, /* numbers: the norm, and four sums by drawn numbers in [−1, 1) */
};

static inline void
digest (const float *values, gsize count, double out[DIGEST])
{
  double squares = 0.0;

  for (gsize i = 0; i < count; i++)
    squares += (double) values[i] * values[i];
  out[0] = sqrt (squares);
  for (guint k = 0; k < DIGEST - 1; k++)
    {
      char name[16];
      guint32 hash;

      g_snprintf (name, sizeof name, "digest %u", k);
      hash = hash_of (name);
      out[1 + k] = 0.0;
      for (gsize i = 0; i < count; i++)
        out[1 + k] += values[i] * (2.0 * uniform_of (hash, i) - 1.0);
    }
}

/* About the norm of the difference of two tensors: numbers drawn in [−1, 1) have a variance of 1/3. */
static inline double
digest_difference (const double got[DIGEST], const float wanted[DIGEST])
{
  double squares = 0.0;

  for (guint k = 1; k < DIGEST; k++)
    squares += 3.0 / (DIGEST - 1) * (got[k] - wanted[k]) * (got[k] - wanted[k]);
  return fmax (fabs (got[0] - wanted[0]), sqrt (squares));
}
