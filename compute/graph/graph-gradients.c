/* graph-gradients.c: reverse-mode differentiation: appends to a graph the nodes of its gradients. They are ops of the same
 * table, so what they compute can be differentiated again. */
#include "graph-private.h"

#include "build.h"
#include "op-rules-private.h"

#include <string.h>

/* The backward pass of a batch norm leaves two contributions for its input: one through the normalised value,
 * s·act'(y)·dy, and one through the statistics, a·x + b. Both are CHANNEL_MIX nodes; adding them as one node
 * with one set of coefficients saves a pass over the activations. Likewise a pending sum becomes the addend. */
static DfkdValue
merge_mixes (DfkdGraph *graph, DfkdValue first, DfkdValue second)
{
  DfkdNode a = *dfkd_graph_get (graph, first), b = *dfkd_graph_get (graph, second);
  DfkdNode c = { 0 }, d = { 0 };
  DfkdValue coefficients, inputs[5];

  if (b.op != DFKD_OP_CHANNEL_MIX || b.input[4] != DFKD_NONE)
    return DFKD_NONE;
  if (a.op == DFKD_OP_CHANNEL_MIX)
    {
      c = *dfkd_graph_get (graph, a.input[3]);
      d = *dfkd_graph_get (graph, b.input[3]);
    }
  if (c.op != DFKD_OP_CHANNEL_COEFFICIENTS || d.op != DFKD_OP_CHANNEL_COEFFICIENTS || (a.input[0] != DFKD_NONE) == (b.input[0] != DFKD_NONE)
      || (a.input[2] != DFKD_NONE) == (b.input[2] != DFKD_NONE))
    {
      memcpy (inputs, b.input, sizeof inputs);
      inputs[4] = first;
      return dfkd_graph_node (graph, DFKD_OP_CHANNEL_MIX, 5, inputs, &b.attributes);
    }
  if (c.input[0] == DFKD_NONE) /* c: the half with dy, d: the half with x */
    {
      DfkdNode swap = c;

      c = d;
      d = swap;
      swap = a;
      a = b;
      a.input[4] = swap.input[4];
      b = swap;
    }
  c.attributes.norm.count = d.attributes.norm.count;
  coefficients = dfkd_graph_node (graph, DFKD_OP_CHANNEL_COEFFICIENTS, 4,
                                  (DfkdValue[]){ c.input[0], c.input[1], d.input[2], d.input[3] }, &c.attributes);
  return dfkd_graph_node (graph, DFKD_OP_CHANNEL_MIX, 5,
                          (DfkdValue[]){ a.input[0], a.input[1], b.input[2], coefficients, a.input[4] },
                          &a.attributes);
}

/* What a convolution passes back takes a pending sum as its addend. */
static DfkdValue
merge_convolution (DfkdGraph *graph, DfkdValue pending, DfkdValue contribution)
{
  DfkdNode node = *dfkd_graph_get (graph, contribution);

  if (node.op != DFKD_OP_CONVOLUTION_TO_DATA || node.input[2] != DFKD_NONE)
    return DFKD_NONE;
  return dfkd_graph_node (graph, node.op, 3, (DfkdValue[]){ node.input[0], node.input[1], pending }, &node.attributes);
}

/* what reaches a value from its users so far */
typedef struct {
  DfkdValue value;
  gboolean is_own; /* made for this sum alone: a merged node takes its place, instead of computing it twice */
} Pending;

static void
accumulate (DfkdGraph *graph, Pending *pending, DfkdValue contribution, gboolean is_own)
{
  DfkdValue merged;

  if (pending->value == DFKD_NONE)
    {
      *pending = (Pending){ contribution, is_own };
      return;
    }
  merged = merge_mixes (graph, pending->value, contribution);
  if (merged == DFKD_NONE)
    merged = merge_mixes (graph, contribution, pending->value);
  if (merged == DFKD_NONE && is_own)
    merged = merge_convolution (graph, pending->value, contribution);
  if (merged == DFKD_NONE && pending->is_own)
    merged = merge_convolution (graph, contribution, pending->value);
  *pending = (Pending){ merged != DFKD_NONE ? merged : dfkd_add (graph, pending->value, contribution), TRUE };
}

/* by value below @length: whether it depends on one of @wrt */
static gboolean *
find_dependent (const DfkdGraph *graph, guint length, const DfkdValue *wrt, guint n)
{
  gboolean *depends = g_new0 (gboolean, length);

  for (guint i = 0; i < n; i++)
    depends[wrt[i]] = TRUE;
  for (DfkdValue value = 1; value < length; value++)
    {
      const DfkdNode *node = dfkd_graph_get (graph, value);

      for (guint i = 0; i < node->n_inputs && !dfkd_op_is_constant (node->op); i++)
        depends[value] |= node->input[i] != DFKD_NONE && depends[node->input[i]];
    }
  return depends;
}

/* what has reached @value goes on to its inputs */
static gboolean
pass_on (DfkdGraph *graph, DfkdValue value, const gboolean *depends, Pending *pending)
{
  DfkdNode node = *dfkd_graph_get (graph, value);
  DfkdValue dx[DFKD_MAX_INPUTS] = { 0 };
  gboolean wanted[DFKD_MAX_INPUTS] = { 0 }, any = FALSE;
  guint made_before = graph->nodes->len;

  if (pending[value].value == DFKD_NONE || node.n_inputs == 0 || dfkd_op_is_constant (node.op))
    return TRUE;
  for (guint i = 0; i < node.n_inputs; i++)
    any |= wanted[i] = node.input[i] != DFKD_NONE && depends[node.input[i]];
  if (!any)
    return TRUE;
  if (dfkd_op_gradient (node.op) == NULL)
    {
      dfkd_graph_fail (graph, "%s cannot be differentiated (again)", dfkd_op (node.op)->name);
      return FALSE;
    }
  dfkd_op_gradient (node.op) (graph, &node, value, pending[value].value, wanted, dx);
  for (guint i = 0; i < node.n_inputs; i++)
    if (wanted[i] && dx[i] != DFKD_NONE)
      accumulate (graph, &pending[node.input[i]], dx[i], dx[i] >= made_before);
  return TRUE;
}

void
dfkd_graph_products (DfkdGraph *graph, const DfkdValue *values, const DfkdValue *seeds, guint n_values, const DfkdValue *wrt,
                     guint n, DfkdValue *products)
{
  guint length = graph->nodes->len, region = graph->region;
  g_autofree gboolean *depends = NULL;
  g_autofree Pending *pending = NULL;

  memset (products, 0, n * sizeof *products);
  for (guint i = 0; i < n_values; i++)
    if (values[i] == DFKD_NONE || seeds[i] == DFKD_NONE)
      return;
  for (guint i = 0; i < n; i++)
    if (wrt[i] == DFKD_NONE)
      return;
  if (graph->error != NULL)
    return;

  depends = find_dependent (graph, length, wrt, n);
  pending = g_new0 (Pending, length);
  dfkd_graph_begin_region (graph, "backward");
  for (guint i = 0; i < n_values; i++)
    accumulate (graph, &pending[values[i]], seeds[i], FALSE);
  for (DfkdValue value = length - 1; value > 0; value--)
    if (!pass_on (graph, value, depends, pending))
      return;
  for (guint i = 0; i < n; i++)
    products[i] = pending[wrt[i]].value != DFKD_NONE ? pending[wrt[i]].value
                                                     : dfkd_fill (graph, *dfkd_graph_shape (graph, wrt[i]), 0.0f);
  graph->region = region;
}

void
dfkd_graph_gradients (DfkdGraph *graph, DfkdValue loss, const DfkdValue *wrt, guint n, DfkdValue *gradients)
{
  guint region = graph->region;
  DfkdValue seed;

  memset (gradients, 0, n * sizeof *gradients);
  if (graph->error != NULL || loss == DFKD_NONE)
    return;
  if (dfkd_shape_count (dfkd_graph_shape (graph, loss)) != 1)
    {
      dfkd_graph_fail (graph, "only a single number can be differentiated");
      return;
    }
  dfkd_graph_begin_region (graph, "backward");
  seed = dfkd_fill (graph, *dfkd_graph_shape (graph, loss), 1.0f);
  dfkd_graph_products (graph, &loss, &seed, 1, wrt, n, gradients);
  graph->region = region;
}
