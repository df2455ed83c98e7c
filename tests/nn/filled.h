/* filled.h: the numbers that peers/network_fixtures.py fills weights and inputs with (its function `filled`). */
#pragma once

#include "network.h"

#include <math.h>
#include <string.h>

/* @name: of the state dict; @out: in N,C,H,W order */
static inline void
filled (const char *name, const DfkdShape *shape, float *out)
{
  const gsize count = dfkd_shape_count (shape);
  const gboolean around_one = g_str_has_suffix (name, ".weight") || g_str_has_suffix (name, ".running_var");
  double scale = 0.0;
  guint32 hash = 2166136261u;

  for (const char *c = name; *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * 16777619u;
  if (shape->rank > 1 && strcmp (name, "input") != 0)
    scale = exp2 (floor (log2 (sqrt (3.0 / ((double) count / (double) shape->dim[0])))));
  for (gsize i = 0; i < count; i++)
    {
      guint32 x = hash + (guint32) i * 0x9e3779b9u;
      double u;

      x ^= x >> 16;
      x *= 0x85ebca6bu;
      x ^= x >> 13;
      x *= 0xc2b2ae35u;
      x ^= x >> 16;
      u = (x >> 16) / 65536.0;
      out[i] = (float) (scale > 0.0 ? (2.0 * u - 1.0) * scale : around_one ? 0.5 + u : u - 0.5);
    }
}
