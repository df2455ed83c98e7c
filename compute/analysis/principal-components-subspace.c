/* principal-components-subspace.c: axes of many points with many features by subspace iteration from a random start. */
#include "principal-components-private.h"

#include "blas.h"
#include "points-private.h"
#include "random.h"

#include <math.h>
#include <string.h>

enum {
  EXTRA = 10, /* directions beyond those wanted: what makes few rounds enough */
  MAX_DIRECTIONS = DFKD_MAX_AXES + EXTRA,
  ROUNDS = 8,
  ROWS = 64,
  COLUMNS = 256,
};

static const guint64 SEED = 0x70726F6A656374; /* any will do; a fixed one gives the same axes again */
static const double STILL = 1e-6;             /* relative change of the variances at which they stand still */

typedef struct {
  const DfkdCentredPoints *points;
  const DfkdBlas *blas;
  guint n;        /* directions */
  double *y;      /* [points, n] */
  double *v;      /* [features, n] */
} Subspace;

/* Y = XV, ROWS rows a task */
static void
forward_task (gpointer data, gsize index)
{
  const Subspace *s = data;
  gsize first = index * ROWS, count = MIN ((gsize) ROWS, s->points->n - first);
  double block[ROWS * COLUMNS];

  if (dfkd_work_is_unwanted (s->points->stop))
    return;
  for (gsize f = 0; f < s->points->n_features; f += COLUMNS)
    {
      gsize features = MIN ((gsize) COLUMNS, s->points->n_features - f);

      dfkd_centred_fill (s->points, first, count, f, features, block);
      s->blas->dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint) count, (blasint) s->n, (blasint) features, 1.0, block,
                      (blasint) features, s->v + f * s->n, (blasint) s->n, f == 0 ? 0.0 : 1.0, s->y + first * s->n, (blasint) s->n);
    }
}

/* V = XᵀY, COLUMNS features a task */
static void
back_task (gpointer data, gsize index)
{
  const Subspace *s = data;
  gsize first = index * COLUMNS, features = MIN ((gsize) COLUMNS, s->points->n_features - first);
  double block[ROWS * COLUMNS];

  for (gsize i = 0; i < s->points->n && !dfkd_work_is_unwanted (s->points->stop); i += ROWS)
    {
      gsize count = MIN ((gsize) ROWS, s->points->n - i);

      dfkd_centred_fill (s->points, i, count, first, features, block);
      s->blas->dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint) features, (blasint) s->n, (blasint) count, 1.0, block,
                      (blasint) features, s->y + i * s->n, (blasint) s->n, i == 0 ? 0.0 : 1.0, s->v + first * s->n, (blasint) s->n);
    }
}

/* columns of a, [rows, n], by Gram and Schmidt, twice for orthogonality to rounding; one that vanishes becomes 0 */
static void
orthonormalise (double *a, gsize rows, guint n)
{
  for (guint c = 0; c < n; c++)
    {
      double before = 0.0, after = 0.0;

      for (gsize i = 0; i < rows; i++)
        before += a[i * n + c] * a[i * n + c];
      for (guint round = 0; round < 2; round++)
        for (guint b = 0; b < c; b++)
          {
            double product = 0.0;

            for (gsize i = 0; i < rows; i++)
              product += a[i * n + c] * a[i * n + b];
            for (gsize i = 0; i < rows; i++)
              a[i * n + c] -= product * a[i * n + b];
          }
      for (gsize i = 0; i < rows; i++)
        after += a[i * n + c] * a[i * n + c];
      for (gsize i = 0; i < rows; i++)
        a[i * n + c] = after > before * 1e-24 ? a[i * n + c] / sqrt (after) : 0.0;
    }
}

static void
draw (double *v, gsize count)
{
  for (gsize i = 0; i < count; i += 4)
    {
      guint32 words[4];
      float normal[4];

      dfkd_philox (SEED, 0, (guint32) (i >> 34), (guint32) (i / 4), words);
      dfkd_philox_normal (words[0], words[1], normal);
      dfkd_philox_normal (words[2], words[3], normal + 2);
      for (gsize k = i; k < MIN (i + 4, count); k++)
        v[k] = normal[k - i];
    }
}

/* of YᵀY, the part of XᵀX that the directions see */
static gboolean
rotate (const Subspace *s, guint n_axes, double *values, double *vectors, GError **error)
{
  double gram[MAX_DIRECTIONS * MAX_DIRECTIONS];

  s->blas->dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint) s->n, (blasint) s->n, (blasint) s->points->n, 1.0, s->y,
                  (blasint) s->n, s->y, (blasint) s->n, 0.0, gram, (blasint) s->n);
  return dfkd_leading_eigenvectors (gram, s->n, n_axes, values, vectors, error);
}

gboolean
dfkd_subspace_axes (const DfkdCentredPoints *points, guint n_axes, double *axes, double *values, GError **error)
{
  gsize n = points->n, d = points->n_features;
  Subspace s = { .points = points, .blas = dfkd_blas (error), .n = n_axes + EXTRA };
  g_autofree double *y = g_new (double, n * s.n), *v = g_new (double, d * s.n);
  double vectors[DFKD_MAX_AXES * MAX_DIRECTIONS], before[DFKD_MAX_AXES] = { 0 };

  if (s.blas == NULL)
    return FALSE;
  s.y = y;
  s.v = v;
  draw (v, d * s.n);
  for (guint round = 0; round <= ROUNDS; round++)
    {
      gboolean still = round > 1;

      if (round > 0)
        {
          orthonormalise (y, n, s.n);
          dfkd_work_over (points->pool, (d + COLUMNS - 1) / COLUMNS, back_task, &s);
        }
      if (dfkd_work_stopped (points->stop, error))
        return FALSE;
      orthonormalise (v, d, s.n);
      dfkd_work_over (points->pool, (n + ROWS - 1) / ROWS, forward_task, &s);
      if (dfkd_work_stopped (points->stop, error) || !rotate (&s, n_axes, values, vectors, error))
        return FALSE;
      for (guint a = 0; a < n_axes; a++)
        {
          still = still && fabs (values[a] - before[a]) <= STILL * values[a];
          before[a] = values[a];
        }
      if (still)
        break;
    }
  memset (axes, 0, n_axes * d * sizeof (double));
  for (guint a = 0; a < n_axes; a++)
    for (gsize f = 0; f < d; f++)
      for (guint k = 0; k < s.n; k++)
        axes[a * d + f] += v[f * s.n + k] * vectors[a * s.n + k];
  return TRUE;
}
