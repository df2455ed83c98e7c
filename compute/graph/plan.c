/* plan.c: from a graph to the steps that run: what is needed, what can be computed in place, who lives where. */
#include "plan.h"

#include "errors.h"

#include <string.h>

typedef struct {
  gsize offset, bytes;
} Hole;

typedef struct {
  const DfkdGraph *graph;
  guint length; /* values are 1 … length */
  gboolean *needed, *stored;
  guint *uses, *last_use;
  DfkdValue *root; /* the value whose storage this one shares; itself if its own */
  DfkdPlace *place;
  GArray *holes; /* free pieces of the slab, by offset */
  gsize slab_bytes;
} Planner;

static gsize
aligned (gsize bytes)
{
  return (bytes + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
}

guint
dfkd_step_writes (const DfkdStep *step)
{
  return dfkd_op (step->op)->writes;
}

static gboolean
is_source (DfkdOp op)
{
  return op == DFKD_OP_VARIABLE || op == DFKD_OP_DIAL;
}

static gboolean
is_effect (DfkdOp op)
{
  return dfkd_op (op)->writes > 0 || op == DFKD_OP_READ;
}

/* the storage is the input's own: nothing to compute */
static gboolean
is_alias (const DfkdGraph *graph, const DfkdNode *node)
{
  const DfkdShape *image;

  switch (node->op)
    {
    case DFKD_OP_DETACH:
      return TRUE;
    case DFKD_OP_FLATTEN:
      image = dfkd_graph_shape (graph, node->input[0]);
      break;
    case DFKD_OP_UNFLATTEN:
      image = &node->shape;
      break;
    default:
      return FALSE;
    }
  return image->dim[1] == 1 || image->dim[2] * image->dim[3] == 1;
}

static void
find_needed (Planner *p)
{
  for (DfkdValue value = p->length; value > 0; value--)
    {
      const DfkdNode *node = dfkd_graph_get (p->graph, value);

      if (is_effect (node->op))
        p->needed[value] = TRUE;
      if (!p->needed[value])
        continue;
      for (guint i = 0; i < node->n_inputs; i++)
        p->needed[node->input[i]] = TRUE;
    }
  p->needed[DFKD_NONE] = FALSE;
}

static void
find_roots (Planner *p)
{
  for (DfkdValue value = 1; value <= p->length; value++)
    {
      const DfkdNode *node = dfkd_graph_get (p->graph, value);

      p->root[value] = is_alias (p->graph, node) ? p->root[node->input[0]] : value;
      if (!p->needed[value] || p->root[value] != value)
        continue;
      for (guint i = 0; i < node->n_inputs; i++)
        {
          p->uses[p->root[node->input[i]]]++;
          p->last_use[p->root[node->input[i]]] = value;
        }
    }
}

static gboolean
touches (const Planner *p, const DfkdNode *node, const DfkdNode *variable)
{
  gsize start = variable->offset, end = start + dfkd_shape_bytes (&variable->shape);

  for (guint i = 0; i < node->n_inputs; i++)
    {
      const DfkdNode *input = dfkd_graph_get (p->graph, p->root[node->input[i]]);

      if (input->op == DFKD_OP_VARIABLE && input->block == variable->block && input->offset < end
          && start < input->offset + dfkd_shape_bytes (&input->shape))
        return TRUE;
    }
  return FALSE;
}

/* An assignment costs nothing when the value is its own and nobody looks at the variable in between. */
static void
find_direct_stores (Planner *p)
{
  for (DfkdValue value = 1; value <= p->length; value++)
    {
      const DfkdNode *node = dfkd_graph_get (p->graph, value);
      const DfkdNode *variable;
      DfkdValue source;
      gboolean free = TRUE;

      if (node->op != DFKD_OP_ASSIGN)
        continue;
      variable = dfkd_graph_get (p->graph, node->input[0]);
      source = node->input[1];
      if (p->root[source] != source || p->uses[source] != 1 || is_source (dfkd_graph_get (p->graph, source)->op))
        continue;
      for (DfkdValue between = source; between < value && free; between++)
        free = !p->needed[between] || !touches (p, dfkd_graph_get (p->graph, between), variable);
      if (!free)
        continue;
      p->stored[value] = TRUE;
      p->place[source] = (DfkdPlace){ DFKD_PLACE_BLOCK, variable->block, variable->offset,
                                      dfkd_shape_bytes (dfkd_graph_shape (p->graph, source)) };
    }
}

static gboolean
take_hole (Planner *p, gsize bytes, gsize *offset)
{
  guint best = G_MAXUINT;
  gsize wanted = aligned (bytes);

  for (guint i = 0; i < p->holes->len; i++)
    {
      const Hole *hole = &g_array_index (p->holes, Hole, i);

      if (hole->bytes >= wanted && (best == G_MAXUINT || hole->bytes < g_array_index (p->holes, Hole, best).bytes))
        best = i;
    }
  if (best != G_MAXUINT)
    {
      Hole *hole = &g_array_index (p->holes, Hole, best);

      *offset = hole->offset;
      hole->offset += wanted;
      hole->bytes -= wanted;
      if (hole->bytes == 0)
        g_array_remove_index (p->holes, best);
      return TRUE;
    }
  /* grow the slab, from its last hole if that touches the end */
  *offset = p->slab_bytes;
  if (p->holes->len > 0)
    {
      const Hole *last = &g_array_index (p->holes, Hole, p->holes->len - 1);

      if (last->offset + last->bytes == p->slab_bytes)
        {
          *offset = last->offset;
          g_array_set_size (p->holes, p->holes->len - 1);
        }
    }
  if (__builtin_add_overflow (*offset, wanted, &p->slab_bytes))
    return FALSE;
  return TRUE;
}

static void
give_hole (Planner *p, gsize offset, gsize bytes)
{
  Hole hole = { offset, aligned (bytes) };
  guint i = 0;

  while (i < p->holes->len && g_array_index (p->holes, Hole, i).offset < offset)
    i++;
  g_array_insert_val (p->holes, i, hole);
  for (guint j = i == 0 ? 0 : i - 1; j + 1 < p->holes->len && j <= i;)
    {
      Hole *left = &g_array_index (p->holes, Hole, j), *right = &g_array_index (p->holes, Hole, j + 1);

      if (left->offset + left->bytes == right->offset)
        {
          left->bytes += right->bytes;
          g_array_remove_index (p->holes, j + 1);
        }
      else
        j++;
    }
}

/* inputs whose storage the result may take over, as bits: element i is read before element i is written */
static guint
in_place_inputs (DfkdOp op)
{
  switch (op)
    {
    case DFKD_OP_AFFINE:
    case DFKD_OP_ABSOLUTE:
    case DFKD_OP_SIGN:
    case DFKD_OP_SQUARE:
    case DFKD_OP_SQUARE_ROOT:
    case DFKD_OP_RECIPROCAL:
    case DFKD_OP_EXPONENTIAL:
    case DFKD_OP_LOGARITHM:
    case DFKD_OP_LEAKY_RELU:
    case DFKD_OP_SIGMOID:
    case DFKD_OP_TANH:
    case DFKD_OP_CLAMP:
    case DFKD_OP_BN_APPLY:
      return 1 << 0;
    case DFKD_OP_ADD:
    case DFKD_OP_SUBTRACT:
    case DFKD_OP_MULTIPLY:
    case DFKD_OP_DIVIDE:
    case DFKD_OP_LEAKY_RELU_GRADIENT:
    case DFKD_OP_SIGMOID_GRADIENT:
    case DFKD_OP_TANH_GRADIENT:
    case DFKD_OP_CLAMP_GRADIENT:
      return 1 << 0 | 1 << 1;
    case DFKD_OP_CHANNEL_MIX:
      return 1 << 0 | 1 << 1 | 1 << 2 | 1 << 4;
    default:
      return 0;
    }
}

static gboolean
place_in_input (Planner *p, DfkdValue value, const DfkdNode *node)
{
  gsize bytes = dfkd_shape_bytes (&node->shape);

  for (guint i = 0; i < node->n_inputs; i++)
    {
      DfkdValue root = p->root[node->input[i]];

      if ((in_place_inputs (node->op) >> i & 1) == 0 || root == DFKD_NONE || p->last_use[root] != value
          || p->place[root].kind != DFKD_PLACE_SLAB || p->place[root].bytes != bytes)
        continue;
      p->place[value] = p->place[root];
      p->place[root].kind = DFKD_PLACE_NONE; /* handed over; steps remember the place they read */
      return TRUE;
    }
  return FALSE;
}

static DfkdPlace
input_place (const Planner *p, DfkdValue value)
{
  const DfkdNode *node;

  if (value == DFKD_NONE)
    return (DfkdPlace){ 0 };
  value = p->root[value];
  node = dfkd_graph_get (p->graph, value);
  if (node->op == DFKD_OP_VARIABLE)
    return (DfkdPlace){ DFKD_PLACE_BLOCK, node->block, node->offset, dfkd_shape_bytes (&node->shape) };
  if (node->op == DFKD_OP_DIAL)
    return (DfkdPlace){ DFKD_PLACE_DIAL, NULL, node->offset * DFKD_ALIGNMENT, dfkd_shape_bytes (&node->shape) };
  return p->place[value];
}

static gboolean
plan_step (Planner *p, DfkdPlan *plan, DfkdValue value, DfkdWorkspace workspace, gpointer data)
{
  const DfkdNode *node = dfkd_graph_get (p->graph, value);
  DfkdStep *step = &plan->steps[plan->n_steps++];

  *step = (DfkdStep){ .op = node->op, .n_inputs = node->n_inputs, .shape = node->shape,
                      .attributes = node->attributes, .region = node->region, .value = value };
  for (guint i = 0; i < node->n_inputs; i++)
    {
      step->input[i] = input_place (p, node->input[i]);
      if (node->input[i] != DFKD_NONE)
        step->input_shape[i] = *dfkd_graph_shape (p->graph, node->input[i]);
    }

  if (node->op == DFKD_OP_READ)
    {
      DfkdReadSlot *slot = &plan->reads[node->attributes.rows.k];

      slot->shape = step->input_shape[0];
      slot->offset = plan->read_bytes;
      plan->read_bytes += aligned (dfkd_shape_bytes (&slot->shape));
      step->output = (DfkdPlace){ DFKD_PLACE_READ, NULL, slot->offset, dfkd_shape_bytes (&slot->shape) };
    }
  else if (node->shape.rank > 0 && p->place[value].kind == DFKD_PLACE_NONE && !place_in_input (p, value, node))
    {
      DfkdPlace *place = &p->place[value];

      *place = (DfkdPlace){ DFKD_PLACE_SLAB, NULL, 0, dfkd_shape_bytes (&node->shape) };
      if (!take_hole (p, place->bytes, &place->offset))
        return FALSE;
    }
  if (node->op != DFKD_OP_READ)
    step->output = p->place[value];

  if (workspace != NULL && (step->workspace.bytes = workspace (step, data)) > 0)
    {
      step->workspace.kind = DFKD_PLACE_SLAB;
      if (!take_hole (p, step->workspace.bytes, &step->workspace.offset))
        return FALSE;
      give_hole (p, step->workspace.offset, step->workspace.bytes);
    }
  for (guint i = 0; i < node->n_inputs; i++)
    {
      DfkdValue root = p->root[node->input[i]];

      if (root == DFKD_NONE || p->last_use[root] != value || p->place[root].kind != DFKD_PLACE_SLAB)
        continue;
      give_hole (p, p->place[root].offset, p->place[root].bytes);
      p->place[root].kind = DFKD_PLACE_NONE; /* an input named twice is freed once */
    }
  return TRUE;
}

DfkdPlan *
dfkd_plan_new (const DfkdGraph *graph, DfkdWorkspace workspace, gpointer data, GError **error)
{
  guint length = dfkd_graph_length (graph);
  g_autofree gboolean *needed = g_new0 (gboolean, length + 1), *stored = g_new0 (gboolean, length + 1);
  g_autofree guint *uses = g_new0 (guint, length + 1), *last_use = g_new0 (guint, length + 1);
  g_autofree DfkdValue *root = g_new0 (DfkdValue, length + 1);
  g_autofree DfkdPlace *place = g_new0 (DfkdPlace, length + 1);
  g_autoptr (GArray) holes = g_array_new (FALSE, FALSE, sizeof (Hole));
  Planner p = { graph, length, needed, stored, uses, last_use, root, place, holes, 0 };
  g_autoptr (DfkdPlan) plan = NULL;

  if (!dfkd_graph_check (graph, error))
    return NULL;

  plan = g_new0 (DfkdPlan, 1);
  plan->name = g_strdup (dfkd_graph_get_name (graph));
  plan->steps = g_new0 (DfkdStep, length);
  plan->n_reads = dfkd_graph_read_count (graph);
  plan->reads = g_new0 (DfkdReadSlot, plan->n_reads);
  for (guint i = 0; i < plan->n_reads; i++)
    plan->reads[i].name = g_strdup (dfkd_graph_read_name (graph, i));
  plan->dials = g_new0 (char *, dfkd_graph_dial_count (graph) + 1);
  for (guint i = 0; i < dfkd_graph_dial_count (graph); i++)
    plan->dials[i] = g_strdup (dfkd_graph_dial_name (graph, i));
  plan->dial_bytes = dfkd_graph_dial_count (graph) * DFKD_ALIGNMENT;
  plan->regions = g_new0 (char *, dfkd_graph_region_count (graph) + 1);
  for (guint i = 0; i < dfkd_graph_region_count (graph); i++)
    plan->regions[i] = g_strdup (dfkd_graph_region_name (graph, i));

  find_needed (&p);
  find_roots (&p);
  find_direct_stores (&p);
  for (DfkdValue value = 1; value <= length; value++)
    if (p.needed[value] && !p.stored[value] && p.root[value] == value && !is_source (dfkd_graph_get (graph, value)->op)
        && !plan_step (&p, plan, value, workspace, data))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, "%s: the tensors of this step exceed the address space",
                     plan->name);
        return NULL;
      }
  plan->slab_bytes = p.slab_bytes;
  return g_steal_pointer (&plan);
}

void
dfkd_plan_free (DfkdPlan *plan)
{
  if (plan == NULL)
    return;
  for (guint i = 0; i < plan->n_reads; i++)
    g_free (plan->reads[i].name);
  g_free (plan->reads);
  g_free (plan->steps);
  g_strfreev (plan->dials);
  g_strfreev (plan->regions);
  g_free (plan->name);
  g_free (plan);
}

static void
print_place (GString *text, const DfkdPlace *place)
{
  static const char *const kinds[] = { "none", "slab", "block", "dial", "read" };

  g_string_append_printf (text, " %s", place->kind == DFKD_PLACE_BLOCK ? place->block->name : kinds[place->kind]);
  if (place->kind != DFKD_PLACE_NONE)
    g_string_append_printf (text, "+%zu", place->offset);
}

char *
dfkd_plan_print (const DfkdPlan *plan)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %u steps, slab %zu bytes\n", plan->name, plan->n_steps,
                          plan->slab_bytes);
  for (guint i = 0; i < plan->n_steps; i++)
    {
      const DfkdStep *step = &plan->steps[i];
      g_autofree char *shape = dfkd_shape_text (&step->shape);

      g_string_append_printf (text, "%4u %-12s %-28s %-16s", i, plan->regions[step->region], dfkd_op (step->op)->name,
                              shape);
      print_place (text, &step->output);
      g_string_append (text, " <-");
      for (guint j = 0; j < step->n_inputs; j++)
        print_place (text, &step->input[j]);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
