/* alignment.c: orthogonal Procrustes. */
#include "alignment.h"

#include "blas.h"
#include "errors.h"
#include "id-hash.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* singular values below this part of the largest leave a direction open */
static const double OPEN = 1e-7;

/* places in both layouts, one pair after the other: x and y of a pair have @dimensions numbers each */
static GArray *
common_points (guint dimensions, const DfkdLayout *layout, const DfkdLayout *former)
{
  g_autoptr (GHashTable) places = g_hash_table_new (dfkd_id_hash, g_int64_equal);
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (double));

  for (gsize i = former->n; i-- > 0;) /* so that the first of equal ids stays */
    g_hash_table_insert (places, (gpointer) &former->ids[i], (gpointer) (former->coordinates + i * dimensions));
  for (gsize i = 0; i < layout->n; i++)
    {
      const float *x = layout->coordinates + i * dimensions, *y = g_hash_table_lookup (places, &layout->ids[i]);
      double pair[6];
      gboolean is_finite = TRUE;

      if (y == NULL)
        continue;
      for (guint a = 0; a < dimensions; a++)
        {
          pair[a] = x[a];
          pair[dimensions + a] = y[a];
          is_finite = is_finite && isfinite (x[a]) && isfinite (y[a]);
        }
      if (is_finite)
        g_array_append_vals (pairs, pair, 2 * dimensions);
    }
  return pairs;
}

/* of every @step-th number from @first on; of equal ones exactly that number, so that they have no spread */
static double
mean_of (GArray *numbers, guint first, guint step)
{
  double start = g_array_index (numbers, double, first), sum = 0.0;

  for (guint i = first; i < numbers->len; i += step)
    sum += g_array_index (numbers, double, i) - start;
  return start + sum / (double) (numbers->len / step);
}

/* singular values and vectors of m × m numbers, columns one after the other: a = u · diag (s) · vt; @a is overwritten */
static gboolean
decompose (double *a, guint m, double *s, double *u, double *vt, GError **error)
{
  const DfkdBlas *blas = dfkd_lapack (error);
  blasint size = (blasint) m, length = 128, info = 0;
  double work[128];

  if (blas == NULL)
    return FALSE;
  blas->dgesvd ("A", "A", &size, &size, a, &size, s, u, &size, vt, &size, work, &length, &info, 1, 1);
  if (info == 0)
    return TRUE;
  g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
                       _("the two layouts cannot be aligned: the singular values do not converge"));
  return FALSE;
}

static double
determinant (const double *a, guint m)
{
  if (m == 1)
    return a[0];
  if (m == 2)
    return a[0] * a[3] - a[1] * a[2];
  return a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) + a[2] * (a[3] * a[7] - a[4] * a[6]);
}

/* rotation = U · diag (1 … sign) · Vᵀ of the products Σ y xᵀ; *trace: Σ of the singular values with their signs */
static gboolean
rotate (DfkdAlignment *alignment, const double *products, DfkdAlignmentFreedom freedom, double *trace, GError **error)
{
  guint m = alignment->dimensions;
  double a[9], s[3], u[9], vt[9], sign = 1.0;

  memcpy (a, products, sizeof a);
  if (!decompose (a, m, s, u, vt, error))
    return FALSE;
  if (s[0] <= 0.0)
    return TRUE;
  if (s[m - 1] <= OPEN * s[0])
    {
      freedom &= (DfkdAlignmentFreedom) ~DFKD_ALIGNMENT_REFLECTION;
      /* a little of the identity decides what the points do not */
      memcpy (a, products, sizeof a);
      for (guint i = 0; i < m; i++)
        a[i * m + i] += OPEN * s[0];
      if (!decompose (a, m, s, u, vt, error))
        return FALSE;
    }
  if (!(freedom & DFKD_ALIGNMENT_REFLECTION) && determinant (u, m) * determinant (vt, m) < 0.0)
    sign = -1.0;
  *trace = 0.0;
  for (guint i = 0; i < m; i++)
    *trace += i + 1 == m ? sign * s[i] : s[i];
  /* products stood by rows where LAPACK reads columns: its u is V and its vt is Uᵀ */
  for (guint i = 0; i < m; i++)
    for (guint j = 0; j < m; j++)
      {
        double sum = 0.0;

        for (guint k = 0; k < m; k++)
          sum += (k + 1 == m ? sign : 1.0) * vt[k + i * m] * u[j + k * m];
        alignment->rotation[i * m + j] = sum;
      }
  return TRUE;
}

static void
move (const DfkdAlignment *alignment, const double *x, double *y)
{
  guint m = alignment->dimensions;

  for (guint i = 0; i < m; i++)
    {
      double sum = 0.0;

      for (guint j = 0; j < m; j++)
        sum += alignment->rotation[i * m + j] * (x[j] - alignment->from[j]);
      y[i] = alignment->scale * sum + alignment->to[i];
    }
}

gboolean
dfkd_alignment_fit (DfkdAlignment *alignment, guint dimensions, const DfkdLayout *layout, const DfkdLayout *former,
                    DfkdAlignmentFreedom freedom, GError **error)
{
  g_autoptr (GArray) pairs = NULL;
  double products[9] = { 0 }, spread = 0.0, trace = 0.0, sum = 0.0;
  gsize n;

  g_return_val_if_fail (dimensions >= 1 && dimensions <= 3, FALSE);
  *alignment = (DfkdAlignment){ .dimensions = dimensions, .scale = 1.0 };
  for (guint i = 0; i < dimensions; i++)
    alignment->rotation[i * dimensions + i] = 1.0;
  pairs = common_points (dimensions, layout, former);
  n = alignment->n_common = pairs->len / (2 * dimensions);
  if (n == 0)
    return TRUE;

  for (guint a = 0; a < dimensions; a++)
    {
      alignment->from[a] = mean_of (pairs, a, 2 * dimensions);
      alignment->to[a] = mean_of (pairs, dimensions + a, 2 * dimensions);
    }
  for (gsize i = 0; i < n; i++)
    {
      const double *x = &g_array_index (pairs, double, 2 * i * dimensions), *y = x + dimensions;

      for (guint a = 0; a < dimensions; a++)
        {
          spread += (x[a] - alignment->from[a]) * (x[a] - alignment->from[a]);
          for (guint b = 0; b < dimensions; b++)
            products[a * dimensions + b] += (y[a] - alignment->to[a]) * (x[b] - alignment->from[b]);
        }
    }
  if (!rotate (alignment, products, freedom, &trace, error))
    return FALSE;
  if ((freedom & DFKD_ALIGNMENT_SCALE) && trace > 0.0)
    alignment->scale = trace / spread;

  for (gsize i = 0; i < n; i++)
    {
      const double *x = &g_array_index (pairs, double, 2 * i * dimensions), *y = x + dimensions;
      double moved[3];

      move (alignment, x, moved);
      for (guint a = 0; a < dimensions; a++)
        sum += (moved[a] - y[a]) * (moved[a] - y[a]);
    }
  alignment->residual = sqrt (sum / (double) n);
  return TRUE;
}

void
dfkd_alignment_apply (const DfkdAlignment *alignment, float *coordinates, gsize n)
{
  guint m = alignment->dimensions;

  for (gsize i = 0; i < n; i++)
    {
      float *point = coordinates + i * m;
      double x[3] = { 0 }, y[3];

      for (guint a = 0; a < m; a++)
        x[a] = point[a];
      move (alignment, x, y);
      for (guint a = 0; a < m; a++)
        point[a] = (float) y[a];
    }
}
