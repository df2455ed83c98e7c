/* principal-components.c: the mean, the exact way to the axes, their signs, and projection. */
#include "principal-components-private.h"

#include "blas.h"
#include "errors.h"
#include "points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
  EXACT = 2048, /* features or points up to which a matrix of their square is decomposed */
  TILE = 128,   /* rows and columns of a task of a product */
  DEPTH = 512,  /* rows of X, or columns, that are added to the product at once */
  ROWS = 64,    /* a task of a loop over points */
  COLUMNS = 256,
};

void
dfkd_centred_fill (const DfkdCentredPoints *points, gsize first, gsize n, gsize feature, gsize n_features, double *block)
{
  for (gsize i = 0; i < n; i++)
    {
      const float *row = points->rows + (gsize) points->kept[first + i] * points->n_features + feature;

      for (gsize f = 0; f < n_features; f++)
        block[i * n_features + f] = row[f] - points->mean[feature + f];
    }
}

gboolean
dfkd_leading_eigenvectors (double *a, gsize m, guint count, double *values, double *vectors, GError **error)
{
  const DfkdBlas *blas = dfkd_lapack (error);
  blasint size = (blasint) m, first = (blasint) (m - count + 1), found = 0, length = -1, integers_length = -1, info = 0, integers_wanted;
  double none = 0.0, wanted;
  g_autofree double *work = NULL, *all = g_new (double, m), *columns = g_new (double, count * m);
  g_autofree blasint *integers = NULL, *support = g_new (blasint, 2 * count);

  if (blas == NULL)
    return FALSE;
  /* what stands by rows is the lower triangle to LAPACK */
  blas->dsyevr ("V", "I", "L", &size, a, &size, &none, &none, &first, &size, &none, &found, all, columns, &size, support, &wanted,
                &length, &integers_wanted, &integers_length, &info, 1, 1, 1);
  length = (blasint) wanted;
  integers_length = integers_wanted;
  work = g_new (double, length);
  integers = g_new (blasint, integers_length);
  blas->dsyevr ("V", "I", "L", &size, a, &size, &none, &none, &first, &size, &none, &found, all, columns, &size, support, work,
                &length, integers, &integers_length, &info, 1, 1, 1);
  if (info != 0 || found != (blasint) count)
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
                           _("the principal components cannot be computed: the eigenvalues do not converge"));
      return FALSE;
    }
  for (guint i = 0; i < count; i++)
    {
      values[i] = all[count - 1 - i];
      memcpy (vectors + i * m, columns + (count - 1 - i) * m, m * sizeof (double));
    }
  return TRUE;
}

/* ---- C = XᵀX (by features) or XXᵀ (by points): blocks of B, [depth, m], are added as BᵀB */
typedef struct {
  const DfkdCentredPoints *points;
  const DfkdBlas *blas;
  gboolean by_features;
  gsize m, first, depth;
  double *block, *product;
} Product;

static void
fill_task (gpointer data, gsize index)
{
  const Product *p = data;
  gsize start = index * ROWS;

  if (dfkd_work_is_unwanted (p->points->stop))
    return;
  if (p->by_features)
    dfkd_centred_fill (p->points, p->first + start, MIN ((gsize) ROWS, p->depth - start), 0, p->m, p->block + start * p->m);
  else
    for (gsize i = start; i < MIN (start + ROWS, p->m); i++)
      {
        const float *row = p->points->rows + (gsize) p->points->kept[i] * p->points->n_features + p->first;

        for (gsize f = 0; f < p->depth; f++)
          p->block[f * p->m + i] = row[f] - p->points->mean[p->first + f];
      }
}

/* task @index is a tile of the upper triangle, row of tiles after row */
static void
tile_task (gpointer data, gsize index)
{
  const Product *p = data;
  gsize tiles = (p->m + TILE - 1) / TILE, row = 0, rows, columns, column;

  if (dfkd_work_is_unwanted (p->points->stop))
    return;
  for (; index >= tiles - row; row++)
    index -= tiles - row;
  column = (row + index) * TILE;
  row *= TILE;
  rows = MIN ((gsize) TILE, p->m - row);
  columns = MIN ((gsize) TILE, p->m - column);
  p->blas->dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint) rows, (blasint) columns, (blasint) p->depth, 1.0, p->block + row,
                  (blasint) p->m, p->block + column, (blasint) p->m, p->first == 0 ? 0.0 : 1.0, p->product + row * p->m + column,
                  (blasint) p->m);
}

static gboolean
multiply (Product *p, GError **error)
{
  gsize length = p->by_features ? p->points->n : p->points->n_features, tiles = (p->m + TILE - 1) / TILE;

  for (p->first = 0; p->first < length; p->first += DEPTH)
    {
      p->depth = MIN ((gsize) DEPTH, length - p->first);
      dfkd_work_over (p->points->pool, ((p->by_features ? p->depth : p->m) + ROWS - 1) / ROWS, fill_task, p);
      dfkd_work_over (p->points->pool, tiles * (tiles + 1) / 2, tile_task, p);
      if (dfkd_work_stopped (p->points->stop, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- from eigenvectors of XXᵀ to those of XᵀX */
typedef struct {
  const DfkdCentredPoints *points;
  const double *vectors; /* [n_axes, n] */
  double *axes;
  guint n_axes;
} Return;

static void
return_task (gpointer data, gsize index)
{
  const Return *r = data;
  gsize first = index * COLUMNS, d = r->points->n_features, count = MIN ((gsize) COLUMNS, d - first);
  double row[COLUMNS];

  for (gsize i = 0; i < r->points->n; i++)
    {
      dfkd_centred_fill (r->points, i, 1, first, count, row);
      for (guint a = 0; a < r->n_axes; a++)
        for (gsize f = 0; f < count; f++)
          r->axes[a * d + first + f] += r->vectors[a * r->points->n + i] * row[f];
    }
}

/* the exact axes; @values: eigenvalues of XᵀX */
static gboolean
exact_axes (const DfkdCentredPoints *points, guint n_axes, double *axes, double *values, GError **error)
{
  gboolean by_features = points->n_features <= points->n;
  gsize m = MIN (points->n, points->n_features);
  Product product = { .points = points, .by_features = by_features, .m = m, .blas = dfkd_blas (error) };
  g_autofree double *block = g_try_new (double, DEPTH * m), *matrix = g_try_new (double, m * m), *vectors = g_new (double, n_axes * m);

  if (product.blas == NULL)
    return FALSE;
  if (block == NULL || matrix == NULL)
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("there is no memory for the principal components"));
      return FALSE;
    }
  product.block = block;
  product.product = matrix;
  if (!multiply (&product, error) || !dfkd_leading_eigenvectors (matrix, m, n_axes, values, vectors, error))
    return FALSE;
  if (by_features)
    memcpy (axes, vectors, n_axes * m * sizeof (double));
  else
    {
      Return r = { points, vectors, axes, n_axes };

      dfkd_work_over (points->pool, (points->n_features + COLUMNS - 1) / COLUMNS, return_task, &r);
    }
  return TRUE;
}

/* ---- mean and total variance */
typedef struct {
  const DfkdCentredPoints *points;
  double *mean;
  double *squares; /* a task */
} Moments;

/* of features @index · COLUMNS …; measured from the first point, so that equal points have no spread at all */
static void
moments_task (gpointer data, gsize index)
{
  const Moments *moments = data;
  const DfkdCentredPoints *points = moments->points;
  gsize first = index * COLUMNS, count = MIN ((gsize) COLUMNS, points->n_features - first);
  const float *origin = points->rows + (gsize) points->kept[0] * points->n_features + first;
  double *mean = moments->mean + first;

  if (dfkd_work_is_unwanted (points->stop))
    return;
  for (gsize i = 0; i < points->n; i++)
    {
      const float *row = points->rows + (gsize) points->kept[i] * points->n_features + first;

      for (gsize f = 0; f < count; f++)
        mean[f] += (double) row[f] - origin[f];
    }
  for (gsize f = 0; f < count; f++)
    mean[f] = origin[f] + mean[f] / (double) points->n;
  for (gsize i = 0; i < points->n; i++)
    {
      const float *row = points->rows + (gsize) points->kept[i] * points->n_features + first;

      for (gsize f = 0; f < count; f++)
        moments->squares[index] += (row[f] - mean[f]) * (row[f] - mean[f]);
    }
}

static gboolean
find_moments (DfkdPrincipalComponents *pc, const DfkdCentredPoints *points, GError **error)
{
  gsize tasks = (points->n_features + COLUMNS - 1) / COLUMNS;
  g_autofree double *squares = g_new0 (double, tasks);
  Moments moments = { points, pc->mean, squares };

  dfkd_work_over (points->pool, tasks, moments_task, &moments);
  for (gsize i = 0; i < tasks && points->n > 1; i++)
    pc->total_variance += squares[i] / (double) (points->n - 1);
  return !dfkd_work_stopped (points->stop, error);
}

/* ---- axes that LAPACK leaves open: orthonormal ones, in a fixed choice */
static double
take_away (double *axis, const double *other, gsize d)
{
  double product = 0.0, length = 0.0;

  for (gsize f = 0; f < d; f++)
    product += axis[f] * other[f];
  for (gsize f = 0; f < d; f++)
    {
      axis[f] -= product * other[f];
      length += axis[f] * axis[f];
    }
  return length;
}

static void
make_orthonormal (DfkdPrincipalComponents *pc, guint n_known)
{
  gsize d = pc->n_features;

  for (guint a = 0; a < MIN (pc->n_axes, d); a++)
    {
      double *axis = pc->axes + a * d, length = 0.0;

      if (a >= n_known)
        {
          gsize best = 0;
          double least = G_MAXDOUBLE;

          for (gsize f = 0; f < d; f++) /* the feature that the axes so far leave most of */
            {
              double taken = 0.0;

              for (guint b = 0; b < a; b++)
                taken += pc->axes[b * d + f] * pc->axes[b * d + f];
              if (taken < least)
                {
                  least = taken;
                  best = f;
                }
            }
          memset (axis, 0, d * sizeof (double));
          axis[best] = 1.0;
        }
      for (guint round = 0; round < 2; round++)
        for (guint b = 0; b < a; b++)
          take_away (axis, pc->axes + b * d, d);
      for (gsize f = 0; f < d; f++)
        length += axis[f] * axis[f];
      for (gsize f = 0; f < d; f++)
        axis[f] /= sqrt (length);
    }
}

static void
choose_signs (DfkdPrincipalComponents *pc)
{
  for (guint a = 0; a < pc->n_axes; a++)
    {
      double *axis = pc->axes + a * pc->n_features, largest = 0.0;

      for (gsize f = 0; f < pc->n_features; f++)
        if (fabs (axis[f]) > fabs (largest))
          largest = axis[f];
      for (gsize f = 0; f < pc->n_features && largest < 0.0; f++)
        axis[f] = -axis[f];
    }
}

DfkdPrincipalComponents *
dfkd_principal_components_new (const float *rows, gsize n, gsize n_features, guint n_axes, DfkdThreadPool *pool, const gint *stop,
                               GError **error)
{
  g_autoptr (DfkdPrincipalComponents) pc = g_new0 (DfkdPrincipalComponents, 1);
  g_autofree guint32 *kept = NULL;
  DfkdCentredPoints points = { .rows = rows, .n_features = n_features, .pool = pool, .stop = stop };
  double values[DFKD_MAX_AXES] = { 0 };
  guint wanted, known = 0;

  g_return_val_if_fail (n_axes >= 1 && n_axes <= DFKD_MAX_AXES, NULL);
  if (!dfkd_points_check (n, n_features, error))
    return NULL;
  kept = g_new (guint32, n);
  points.kept = kept;
  points.n = dfkd_points_finite (rows, n, n_features, kept);
  if (points.n == 0)
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("there is no point whose features are all finite numbers"));
      return NULL;
    }
  pc->n_points = n;
  pc->n_features = n_features;
  pc->n_left_out = n - points.n;
  pc->n_axes = n_axes;
  points.mean = pc->mean = g_new0 (double, n_features);
  pc->axes = g_new0 (double, n_axes * n_features);
  pc->coordinates = g_new (float, n * n_axes);

  if (!find_moments (pc, &points, error))
    return NULL;
  wanted = (guint) MIN (n_axes, MIN (points.n, n_features));
  if (MIN (points.n, n_features) > EXACT ? !dfkd_subspace_axes (&points, wanted, pc->axes, values, error)
                                         : !exact_axes (&points, wanted, pc->axes, values, error))
    return NULL;
  /* what rounding leaves of nothing is nothing */
  while (known < wanted && values[known] > 0.0 && values[known] > values[0] * 0x1p-52 * (double) MIN (points.n, n_features))
    known++;
  for (guint a = 0; a < known && points.n > 1; a++)
    pc->variance[a] = values[a] / (double) (points.n - 1);
  make_orthonormal (pc, known);
  choose_signs (pc);
  dfkd_principal_components_project (pc, rows, n, pc->coordinates, pool);
  return g_steal_pointer (&pc);
}

void
dfkd_principal_components_free (DfkdPrincipalComponents *components)
{
  if (components == NULL)
    return;
  g_free (components->mean);
  g_free (components->axes);
  g_free (components->coordinates);
  g_free (components);
}

typedef struct {
  const DfkdPrincipalComponents *components;
  const float *rows;
  gsize n;
  float *coordinates;
} Projection;

static void
project_task (gpointer data, gsize index)
{
  const Projection *p = data;
  const DfkdPrincipalComponents *pc = p->components;
  gsize d = pc->n_features, first = index * ROWS, count = MIN ((gsize) ROWS, p->n - first);
  double sums[COLUMNS];

  for (gsize i = first; i < first + count; i++)
    for (guint a = 0; a < pc->n_axes; a++)
      {
        const double *axis = pc->axes + a * d;
        double sum = 0.0;

        /* many sums side by side, which a compiler can hold in vectors */
        memset (sums, 0, sizeof sums);
        for (gsize f = 0; f < d; f += COLUMNS)
          for (gsize c = 0; c < MIN ((gsize) COLUMNS, d - f); c++)
            sums[c] += (p->rows[i * d + f + c] - pc->mean[f + c]) * axis[f + c];
        for (gsize c = 0; c < COLUMNS; c++)
          sum += sums[c];
        p->coordinates[i * pc->n_axes + a] = isfinite (sum) ? (float) sum : NAN;
      }
}

void
dfkd_principal_components_project (const DfkdPrincipalComponents *components, const float *rows, gsize n, float *coordinates,
                                   DfkdThreadPool *pool)
{
  Projection p = { components, rows, n, coordinates };

  dfkd_work_over (pool, (n + ROWS - 1) / ROWS, project_task, &p);
}
