/* nearest.c: nearest neighbours and ranks out of blocks of bounded distances. */
#include "nearest-private.h"

#include "errors.h"
#include "points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
  REFERENCES = 1024, /* points of a tile */
  STRIDE = 64,       /* distances looked at together */
};

static const double UNIT = 0x1p-24; /* rounding of float32 */

gboolean
dfkd_point_set_init (DfkdPointSet *set, const float *rows, gsize n, gsize n_features, GError **error)
{
  g_autofree double *mean = g_new0 (double, n_features);
  double largest = 0.0, scale, tiny;
  int exponent;

  *set = (DfkdPointSet){ .blas = dfkd_blas (error), .rows = rows, .n = n, .n_features = n_features };
  if (set->blas == NULL)
    return FALSE;
  set->scaled = g_try_new (float, n * n_features);
  set->low = g_try_new (float, n);
  set->high = g_try_new (float, n);
  if (n > 0 && (set->scaled == NULL || set->low == NULL || set->high == NULL))
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("there is no memory for the distances of the points"));
      dfkd_point_set_clear (set);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    for (gsize f = 0; f < n_features; f++)
      mean[f] += rows[i * n_features + f];
  for (gsize f = 0; f < n_features; f++)
    mean[f] /= (double) MAX (n, 1);
  for (gsize i = 0; i < n; i++)
    for (gsize f = 0; f < n_features; f++)
      largest = MAX (largest, fabs (rows[i * n_features + f] - mean[f]));
  frexp (largest, &exponent);
  scale = ldexp (1.0, -exponent); /* a power of two changes no digit */
  set->scale = scale * scale;

  /* A product of d terms in any order is right to γ = du / (1 − du) of |a||b| (Higham 2002, section 3.1). With 2|a||b| ≤ |a|² + |b|²,
   * one rounding of each coordinate and a few of sums, |a|² + |b|² − 2a·b is right to 16 more, and to what underflow loses. */
  set->slack = (double) (n_features + 16) * UNIT;
  set->slack /= 1.0 - set->slack;
  tiny = (double) (n_features + 16) * 0x1p-124;
  for (gsize i = 0; i < n; i++)
    {
      double length = 0.0;

      for (gsize f = 0; f < n_features; f++)
        {
          double x = (rows[i * n_features + f] - mean[f]) * scale;

          set->scaled[i * n_features + f] = (float) x;
          length += x * x;
        }
      set->low[i] = (float) (length * (1.0 - set->slack) - tiny);
      set->high[i] = (float) (length * (1.0 + set->slack) + tiny);
    }
  return TRUE;
}

void
dfkd_point_set_clear (DfkdPointSet *set)
{
  g_clear_pointer (&set->scaled, g_free);
  g_clear_pointer (&set->low, g_free);
  g_clear_pointer (&set->high, g_free);
}

static double
part_of_distance (const float *a, const float *b, gsize n)
{
  double sums[4] = { 0.0 };
  gsize f = 0;

  for (; f + 4 <= n; f += 4)
    for (guint c = 0; c < 4; c++)
      sums[c] += ((double) a[f + c] - b[f + c]) * ((double) a[f + c] - b[f + c]);
  for (; f < n; f++)
    sums[0] += ((double) a[f] - b[f]) * ((double) a[f] - b[f]);
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

/* squared distance, or some number that is no smaller than @limit as soon as it is known to be that */
static double
distance_below (const float *a, const float *b, gsize n_features, double limit)
{
  double sum = 0.0;

  for (gsize f = 0; f < n_features && sum < limit; f += STRIDE)
    sum += part_of_distance (a + f, b + f, MIN ((gsize) STRIDE, n_features - f));
  return sum;
}

double
dfkd_square_distance (const float *a, const float *b, gsize n_features)
{
  return distance_below (a, b, n_features, INFINITY);
}

static const float *
row_of (const DfkdPointSet *set, guint32 index)
{
  return set->rows + index * set->n_features;
}

/* ---- tiles: −2 a·b of queries (rows) and references @first … */
typedef struct {
  const DfkdPointSet *set;
  const guint32 *queries;
  guint n_queries;
  float *scaled, *products;
} Tiles;

static void
tiles_init (Tiles *t, const DfkdPointSet *set, const guint32 *queries, guint n_queries)
{
  *t = (Tiles){ .set = set, .queries = queries, .n_queries = n_queries };
  t->scaled = g_new (float, n_queries * set->n_features);
  t->products = g_new (float, (gsize) n_queries * REFERENCES);
  for (guint q = 0; q < n_queries; q++)
    memcpy (t->scaled + q * set->n_features, set->scaled + queries[q] * set->n_features, set->n_features * sizeof (float));
}

static void
tiles_clear (Tiles *t)
{
  g_free (t->scaled);
  g_free (t->products);
}

static void
tiles_fill (Tiles *t, gsize first, gsize count)
{
  blasint d = (blasint) t->set->n_features;

  t->set->blas->sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) t->n_queries, (blasint) count, d, -2.0f, t->scaled, d,
                       t->set->scaled + first * t->set->n_features, d, 0.0f, t->products, REFERENCES);
}

/* what a query's own length adds to the bounds of its distances, both ways together */
static float
slack_of (const DfkdPointSet *set, guint32 query)
{
  return (float) (2.0 * (set->slack * set->high[query] + (double) (set->n_features + 16) * 0x1p-124)) * (1.0f + 0x1p-20f);
}

/* ---- the k nearest of one query: candidates, and a heap of the k smallest upper bounds */
typedef struct {
  guint32 index;
  float low;
} Candidate;

typedef struct {
  guint32 query;
  float cutoff, slack;
  float *heap; /* the largest first */
  guint k, n_heap;
  GArray *candidates; /* of Candidate, by index */
  gsize limit;        /* candidates at which they are sifted */
} Search;

static void
heap_add (Search *s, float value)
{
  guint i;

  if (s->n_heap < s->k)
    {
      for (i = s->n_heap++; i > 0 && s->heap[(i - 1) / 2] < value; i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
      s->heap[i] = value;
    }
  else if (value < s->heap[0])
    {
      for (i = 0; 2 * i + 1 < s->k;)
        {
          guint child = 2 * i + 1;

          child += child + 1 < s->k && s->heap[child + 1] > s->heap[child];
          if (s->heap[child] <= value)
            break;
          s->heap[i] = s->heap[child];
          i = child;
        }
      s->heap[i] = value;
    }
  if (s->n_heap == s->k)
    s->cutoff = s->heap[0] + s->slack;
}

static void
sift (Search *s)
{
  guint kept = 0;

  for (guint i = 0; i < s->candidates->len; i++)
    {
      Candidate *c = &g_array_index (s->candidates, Candidate, i);

      if (c->low <= s->cutoff)
        g_array_index (s->candidates, Candidate, kept++) = *c;
    }
  g_array_set_size (s->candidates, kept);
  s->limit = MAX (s->limit, 2 * (gsize) kept);
}

/* One that is surely no nearer than k before it is dropped: of equal ones the first count, and those came first. */
static void
search_tile (Search *s, const DfkdPointSet *set, const float *products, gsize first, gsize count)
{
  const float *low = set->low + first, *high = set->high + first;

  for (gsize start = 0; start < count; start += STRIDE)
    {
      gsize end = MIN (start + STRIDE, count);
      guint32 hits = 0;

      for (gsize j = start; j < end; j++)
        hits += low[j] + products[j] < s->cutoff;
      for (gsize j = start; hits > 0 && j < end; j++)
        {
          Candidate c = { (guint32) (first + j), low[j] + products[j] };

          if (!(c.low < s->cutoff) || c.index == s->query)
            continue;
          g_array_append_val (s->candidates, c);
          heap_add (s, high[j] + products[j]);
        }
      if (s->candidates->len > s->limit)
        sift (s);
    }
}

/* in float64, among the candidates */
static guint
finish (Search *s, const DfkdPointSet *set, DfkdNear *near)
{
  guint n = 0;

  sift (s);
  for (guint i = 0; i < s->candidates->len; i++)
    {
      guint32 index = g_array_index (s->candidates, Candidate, i).index;
      double limit = n == s->k ? near[n - 1].square : INFINITY;
      double square = distance_below (row_of (set, s->query), row_of (set, index), set->n_features, limit);
      guint place;

      if (!(square < limit))
        continue;
      if (n < s->k)
        n++;
      for (place = n - 1; place > 0 && near[place - 1].square > square; place--)
        near[place] = near[place - 1];
      near[place] = (DfkdNear){ index, square };
    }
  return n;
}

gboolean
dfkd_point_set_nearest (const DfkdPointSet *set, const guint32 *queries, guint n_queries, gsize first, gsize end, guint k,
                        DfkdNear *near, guint *found, const gint *stop)
{
  g_autofree float *heaps = g_new (float, (gsize) n_queries * k);
  Search searches[DFKD_QUERIES];
  gboolean unwanted = FALSE;
  Tiles tiles;

  tiles_init (&tiles, set, queries, n_queries);
  for (guint q = 0; q < n_queries; q++)
    searches[q] = (Search){ .query = queries[q], .cutoff = INFINITY, .slack = slack_of (set, queries[q]), .heap = heaps + (gsize) q * k,
                            .k = k, .candidates = g_array_new (FALSE, FALSE, sizeof (Candidate)), .limit = 4 * (gsize) k + STRIDE };
  for (gsize tile = first; tile < end && k > 0 && !unwanted; tile += REFERENCES)
    {
      gsize count = MIN ((gsize) REFERENCES, end - tile);

      tiles_fill (&tiles, tile, count);
      for (guint q = 0; q < n_queries; q++)
        search_tile (&searches[q], set, tiles.products + (gsize) q * REFERENCES, tile, count);
      unwanted = dfkd_work_is_unwanted (stop);
    }
  for (guint q = 0; q < n_queries; q++)
    {
      unwanted = unwanted || dfkd_work_is_unwanted (stop);
      found[q] = unwanted ? 0 : finish (&searches[q], set, near + (gsize) q * k);
      g_array_unref (searches[q].candidates);
    }
  tiles_clear (&tiles);
  return !unwanted;
}

/* ---- ranks: how many points are nearer than a given one */
typedef struct {
  const DfkdPointSet *set;
  guint32 query, other;
  double square; /* of their distance */
  float near, far; /* a lower bound below @near, or none above @far: surely nearer, surely farther */
} Threshold;

static Threshold
threshold_of (const DfkdPointSet *set, guint32 query, guint32 other)
{
  const float *q = set->scaled + query * set->n_features;
  Threshold t = { set, query, other, dfkd_square_distance (row_of (set, query), row_of (set, other), set->n_features), 0, 0 };
  double length = 0.0, own = slack_of (set, query), level;

  for (gsize f = 0; f < set->n_features; f++)
    length += (double) q[f] * q[f];
  level = t.square * set->scale - length; /* where −2a·b + |b|² would be */
  own += UNIT * 4.0 * (fabs (level) + length);
  t.near = (float) (level - own);
  t.far = (float) (level + own);
  return t;
}

static guint32
count_nearer (const Threshold *t, const float *products, gsize first, gsize count)
{
  const float *low = t->set->low + first, *high = t->set->high + first;
  double above = nextafter (t->square, INFINITY);
  guint32 nearer = 0, open = 0;

  for (gsize j = 0; j < count; j++)
    {
      nearer += high[j] + products[j] < t->near;
      open += low[j] + products[j] <= t->far;
    }
  if (open == nearer)
    {
      gsize own = t->query - first; /* it is no neighbour of itself */

      return nearer - (t->query >= first && own < count && high[own] + products[own] < t->near ? 1 : 0);
    }
  nearer = 0;
  for (gsize j = 0; j < count; j++)
    {
      guint32 index = (guint32) (first + j);

      if (!(low[j] + products[j] <= t->far) || index == t->query || index == t->other)
        continue;
      if (high[j] + products[j] < t->near)
        nearer++;
      else
        {
          double square = distance_below (row_of (t->set, t->query), row_of (t->set, index), t->set->n_features, above);

          nearer += square < t->square || (square == t->square && index < t->other);
        }
    }
  return nearer;
}

gboolean
dfkd_point_set_ranks (const DfkdPointSet *set, const guint32 *queries, guint n_queries, const guint32 *others, const gsize *starts,
                      guint32 *ranks, const gint *stop)
{
  g_autofree Threshold *thresholds = g_new (Threshold, starts[n_queries] - starts[0]);
  gboolean unwanted = FALSE;
  Tiles tiles;

  tiles_init (&tiles, set, queries, n_queries);
  for (guint q = 0; q < n_queries; q++)
    for (gsize i = starts[q]; i < starts[q + 1]; i++)
      {
        thresholds[i - starts[0]] = threshold_of (set, queries[q], others[i]);
        ranks[i] = 1;
      }
  for (gsize tile = 0; tile < set->n && !unwanted; tile += REFERENCES)
    {
      gsize count = MIN ((gsize) REFERENCES, set->n - tile);

      tiles_fill (&tiles, tile, count);
      for (guint q = 0; q < n_queries && !unwanted; q++)
        {
          for (gsize i = starts[q]; i < starts[q + 1]; i++)
            ranks[i] += count_nearer (&thresholds[i - starts[0]], tiles.products + (gsize) q * REFERENCES, tile, count);
          unwanted = dfkd_work_is_unwanted (stop);
        }
    }
  tiles_clear (&tiles);
  return !unwanted;
}
