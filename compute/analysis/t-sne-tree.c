/* t-sne-tree.c: points sorted along Morton's curve, and over them a tree in the order in which it is walked. */
#include "t-sne-tree.h"

#include <math.h>

enum {
  BUCKET = 8, /* points of a leaf */
  DIGIT = 11, /* bits sorted at a time */
};

/* stands before its descendants; those end at @skip */
typedef struct {
  double centre[3];
  double square_width;
  guint32 first, count, skip;
} Node;

struct _DfkdMapTree
{
  guint dimensions, levels; /* levels: bits of a coordinate */
  gsize n, room;
  double width; /* of the root */
  guint64 *codes, *other_codes;
  guint32 *order, *other_order; /* order[p]: the point at p of the curve */
  double *places;               /* [n, dimensions]: along the curve */
  Node *nodes;
  guint32 n_nodes;
};

DfkdMapTree *
dfkd_map_tree_new (guint dimensions)
{
  DfkdMapTree *tree = g_new0 (DfkdMapTree, 1);

  tree->dimensions = dimensions;
  tree->levels = dimensions == 2 ? 31 : 21;
  return tree;
}

void
dfkd_map_tree_free (DfkdMapTree *tree)
{
  if (tree == NULL)
    return;
  g_free (tree->codes);
  g_free (tree->other_codes);
  g_free (tree->order);
  g_free (tree->other_order);
  g_free (tree->places);
  g_free (tree->nodes);
  g_free (tree);
}

static void
make_room (DfkdMapTree *tree, gsize n)
{
  if (n <= tree->room)
    return;
  tree->room = n + n / 2;
  tree->codes = g_renew (guint64, tree->codes, tree->room);
  tree->other_codes = g_renew (guint64, tree->other_codes, tree->room);
  tree->order = g_renew (guint32, tree->order, tree->room);
  tree->other_order = g_renew (guint32, tree->other_order, tree->room);
  tree->places = g_renew (double, tree->places, tree->room * tree->dimensions);
  tree->nodes = g_renew (Node, tree->nodes, 2 * tree->room); /* an inner node has two children at least */
}

/* bits of all coordinates in turns, the highest first */
static guint64
code_of (const DfkdMapTree *tree, const double *place, const double *least, double scale)
{
  guint64 cells[3], code = 0;

  for (guint a = 0; a < tree->dimensions; a++)
    cells[a] = MIN ((guint64) ((place[a] - least[a]) * scale), (G_GUINT64_CONSTANT (1) << tree->levels) - 1);
  for (guint bit = tree->levels; bit-- > 0;)
    for (guint a = 0; a < tree->dimensions; a++)
      code = code << 1 | (cells[a] >> bit & 1);
  return code;
}

/* by code, equal ones by index */
static void
sort (DfkdMapTree *tree)
{
  guint bits = tree->levels * tree->dimensions;

  for (guint shift = 0; shift < bits; shift += DIGIT)
    {
      gsize starts[(1 << DIGIT) + 1] = { 0 };
      guint64 *codes = tree->codes;
      guint32 *order = tree->order;

      for (gsize i = 0; i < tree->n; i++)
        starts[(codes[i] >> shift & ((1 << DIGIT) - 1)) + 1]++;
      for (guint digit = 0; digit < 1 << DIGIT; digit++)
        starts[digit + 1] += starts[digit];
      for (gsize i = 0; i < tree->n; i++)
        {
          gsize place = starts[codes[i] >> shift & ((1 << DIGIT) - 1)]++;

          tree->other_codes[place] = codes[i];
          tree->other_order[place] = order[i];
        }
      tree->codes = tree->other_codes;
      tree->order = tree->other_order;
      tree->other_codes = codes;
      tree->other_order = order;
    }
}

static void
add_leaf (DfkdMapTree *tree, Node *node)
{
  for (guint a = 0; a < tree->dimensions; a++)
    {
      double sum = 0.0;

      for (guint32 p = node->first; p < node->first + node->count; p++)
        sum += tree->places[(gsize) p * tree->dimensions + a];
      node->centre[a] = sum / node->count;
    }
  node->skip = tree->n_nodes;
}

/* the cell that just holds the points from @first on; returns its index */
static guint32
add_cell (DfkdMapTree *tree, guint32 first, guint32 count)
{
  guint64 differing = tree->codes[first] ^ tree->codes[first + count - 1];
  guint level = tree->levels, shift, d = tree->dimensions;
  guint32 index = tree->n_nodes++, end = first + count;
  Node *node = &tree->nodes[index];

  if (differing != 0)
    level = (d * tree->levels - 1 - (63 - (guint) __builtin_clzll (differing))) / d;
  *node = (Node){ .first = first, .count = count, .square_width = tree->width * tree->width * ldexp (1.0, -2 * (int) level) };
  if (count <= BUCKET || level == tree->levels)
    {
      add_leaf (tree, node);
      return index;
    }
  shift = d * (tree->levels - 1 - level);
  for (guint32 start = first; start < end;)
    {
      guint64 digit = tree->codes[start] >> shift;
      guint32 low = start + 1, high = end, child;

      while (low < high)
        {
          guint32 middle = low + (high - low) / 2;

          if (tree->codes[middle] >> shift == digit)
            low = middle + 1;
          else
            high = middle;
        }
      child = add_cell (tree, start, low - start);
      for (guint a = 0; a < d; a++)
        node->centre[a] += tree->nodes[child].centre[a] * ((double) (low - start) / count);
      start = low;
    }
  node->skip = tree->n_nodes;
  return index;
}

gboolean
dfkd_map_tree_build (DfkdMapTree *tree, const double *places, gsize n)
{
  guint d = tree->dimensions;
  double least[3] = { 0 }, scale;

  make_room (tree, n);
  tree->n = n;
  tree->width = 0.0;
  tree->n_nodes = 0;
  for (guint a = 0; a < d && n > 0; a++)
    {
      double greatest = places[a];

      least[a] = places[a];
      for (gsize i = 1; i < n; i++)
        {
          least[a] = MIN (least[a], places[i * d + a]);
          greatest = MAX (greatest, places[i * d + a]);
        }
      tree->width = MAX (tree->width, greatest - least[a]);
    }
  for (gsize i = 0; i < n * d; i++)
    if (!isfinite (places[i]))
      return FALSE;
  if (n == 0)
    return TRUE;
  scale = tree->width > 0.0 ? ldexp (1.0, (int) tree->levels) / tree->width : 0.0;
  if (!isfinite (tree->width * tree->width))
    return FALSE;
  if (!isfinite (scale)) /* no wider than a denormal number */
    scale = 0.0;
  for (gsize i = 0; i < n; i++)
    {
      tree->codes[i] = code_of (tree, places + i * d, least, scale);
      tree->order[i] = (guint32) i;
    }
  sort (tree);
  for (gsize p = 0; p < n; p++)
    for (guint a = 0; a < d; a++)
      tree->places[p * d + a] = places[(gsize) tree->order[p] * d + a];
  add_cell (tree, 0, (guint32) n);
  return TRUE;
}

/* with @d known to the compiler */
static inline __attribute__ ((always_inline)) void
repel_points (const DfkdMapTree *tree, const double *y, gsize first, gsize end, double *f, double *weight, const guint d)
{
  for (gsize p = first; p < end; p++)
    {
      double difference[3], square = 0.0, q;

      for (guint a = 0; a < d; a++)
        {
          difference[a] = y[a] - tree->places[p * d + a];
          square += difference[a] * difference[a];
        }
      q = 1.0 / (1.0 + square);
      *weight += q;
      for (guint a = 0; a < d; a++)
        f[a] += q * q * difference[a];
    }
}

static inline __attribute__ ((always_inline)) void
repel (const DfkdMapTree *tree, double theta, gsize p, double *force, double *weight, const guint d)
{
  const double *y = tree->places + p * d, square_theta = theta * theta;
  double f[3] = { 0 }, sum = 0.0;

  for (guint32 k = 0; k < tree->n_nodes;)
    {
      const Node *node = &tree->nodes[k];
      gboolean is_leaf = node->skip == k + 1, is_inside = p >= node->first && p < node->first + node->count;
      double difference[3], square = 0.0;

      for (guint a = 0; a < d; a++)
        {
          difference[a] = y[a] - node->centre[a];
          square += difference[a] * difference[a];
        }
      if (!is_inside && node->square_width < square_theta * square)
        {
          double q = 1.0 / (1.0 + square);

          sum += node->count * q;
          for (guint a = 0; a < d; a++)
            f[a] += node->count * q * q * difference[a];
        }
      else if (is_leaf)
        {
          gsize end = node->first + node->count;

          repel_points (tree, y, node->first, is_inside ? p : end, f, &sum, d);
          if (is_inside)
            repel_points (tree, y, p + 1, end, f, &sum, d);
        }
      else
        {
          k++;
          continue;
        }
      k = node->skip;
    }
  for (guint a = 0; a < d; a++)
    force[(gsize) tree->order[p] * d + a] = f[a];
  weight[tree->order[p]] = sum;
}

void
dfkd_map_tree_repel (const DfkdMapTree *tree, double theta, gsize first, gsize end, double *force, double *weight)
{
  for (gsize p = first; p < end; p++)
    if (tree->dimensions == 2)
      repel (tree, theta, p, force, weight, 2);
    else
      repel (tree, theta, p, force, weight, 3);
}
