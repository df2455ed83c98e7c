/* plan.c: from a graph to the steps that run: what is needed, what can be computed in place, who lives where. */
#include "plan.h"

#include "arena-private.h"
#include "errors.h"
#include "plan-order-private.h"

#include <string.h>

typedef struct {
  const DfkdGraph *graph;
  const DfkdPlanner *planner;
  DfkdPlan *plan;
  guint length; /* values are 1 … length */
  gboolean *needed, *stored;
  guint *uses, *last_use; /* last_use: 1 + the position in the plan */
  DfkdValue *root;        /* the value whose storage this one shares; itself if its own */
  DfkdPlace *place;
  const DfkdChain *chain; /* that is being planned */
  GArray *freed;          /* of DfkdPlace: in the slab, by steps of the chain; earlier slices' steps run again */
  DfkdArena slab, slice;
} Planner;

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
        p->uses[p->root[node->input[i]]]++;
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

/* what @place takes in the memory for a slice */
static gsize
bytes_in_slice (const Planner *p, gsize bytes)
{
  return bytes / p->chain->images * p->chain->slice;
}

/* nobody outside the chain looks at the result of @step */
static gboolean
stays_in_chain (const Planner *p, const DfkdStep *step)
{
  return p->chain != NULL && (step->by_image & DFKD_BY_IMAGE_RESULT) != 0
         && p->last_use[step->value] <= p->chain->first + p->chain->count;
}

/* not in the slab for a step of a chain: another slice may still want to read all of it */
static gboolean
place_in_input (Planner *p, DfkdStep *step, guint position)
{
  DfkdPlace *place = &p->place[step->value];

  if (p->chain != NULL && place->kind == DFKD_PLACE_SLAB)
    return FALSE;
  for (guint i = 0; i < step->n_inputs; i++)
    {
      DfkdValue root = p->root[dfkd_graph_get (p->graph, step->value)->input[i]];

      if ((in_place_inputs (step->op) >> i & 1) == 0 || root == DFKD_NONE || p->last_use[root] != position + 1
          || p->place[root].kind != place->kind || p->place[root].bytes != place->bytes)
        continue;
      *place = p->place[root];
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

static DfkdArena *
arena_of (Planner *p, DfkdPlaceKind kind)
{
  return kind == DFKD_PLACE_SLICE ? &p->slice : &p->slab;
}

static void
give_back (Planner *p, const DfkdPlace *place)
{
  if (p->chain != NULL && place->kind == DFKD_PLACE_SLAB)
    g_array_append_vals (p->freed, place, 1);
  else if (place->kind == DFKD_PLACE_SLAB || place->kind == DFKD_PLACE_SLICE)
    dfkd_arena_give (arena_of (p, place->kind), place->offset, place->bytes);
}

static gboolean
place_result (Planner *p, DfkdStep *step, guint position)
{
  DfkdPlace *place = &p->place[step->value];

  if (step->op == DFKD_OP_READ)
    {
      DfkdReadSlot *slot = &p->plan->reads[step->attributes.rows.k];

      slot->shape = step->input_shape[0];
      slot->offset = p->plan->read_bytes;
      p->plan->read_bytes += (dfkd_shape_bytes (&slot->shape) + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
      step->output = (DfkdPlace){ DFKD_PLACE_READ, NULL, slot->offset, dfkd_shape_bytes (&slot->shape) };
      return TRUE;
    }
  if (step->shape.rank > 0 && place->kind == DFKD_PLACE_NONE)
    {
      *place = (DfkdPlace){ DFKD_PLACE_SLAB, NULL, 0, dfkd_shape_bytes (&step->shape) };
      if (stays_in_chain (p, step))
        *place = (DfkdPlace){ DFKD_PLACE_SLICE, NULL, 0, bytes_in_slice (p, place->bytes) };
      if (!place_in_input (p, step, position) && !dfkd_arena_take (arena_of (p, place->kind), place->bytes, &place->offset))
        return FALSE;
    }
  step->output = *place;
  return TRUE;
}

gsize
dfkd_chain_slices (const DfkdChain *chain)
{
  return (chain->images + chain->slice - 1) / chain->slice;
}

static void
set_images (DfkdShape *shape, gboolean by_image, gsize images)
{
  if (by_image && shape->rank > 0)
    shape->dim[0] = images;
}

void
dfkd_step_slice (DfkdStep *step, gsize images)
{
  for (guint i = 0; i < step->n_inputs; i++)
    set_images (&step->input_shape[i], step->by_image >> i & 1, images);
  set_images (&step->shape, (step->by_image & DFKD_BY_IMAGE_RESULT) != 0, images);
}

static gboolean
place_scratch (Planner *p, DfkdStep *step)
{
  const DfkdPlanner *planner = p->planner;

  if (planner == NULL)
    return TRUE;
  if (planner->workspace != NULL)
    {
      DfkdStep slice = *step;

      if (p->chain != NULL)
        dfkd_step_slice (&slice, p->chain->slice);
      step->workspace.bytes = planner->workspace (&slice, p->chain != NULL, planner->data);
    }
  if (step->workspace.bytes > 0)
    {
      step->workspace.kind = p->chain != NULL ? DFKD_PLACE_SLICE : DFKD_PLACE_SLAB;
      if (!dfkd_arena_take (arena_of (p, step->workspace.kind), step->workspace.bytes, &step->workspace.offset))
        return FALSE;
    }
  if (planner->shared != NULL && (step->shared.bytes = planner->shared (step, p->chain, planner->data)) > 0)
    {
      step->shared.kind = DFKD_PLACE_SLAB;
      if (!dfkd_arena_take (&p->slab, step->shared.bytes, &step->shared.offset))
        return FALSE;
    }
  give_back (p, &step->workspace);
  give_back (p, &step->shared);
  return TRUE;
}

static gboolean
place_step (Planner *p, DfkdStep *step, guint position)
{
  const DfkdNode *node = dfkd_graph_get (p->graph, step->value);

  for (guint i = 0; i < step->n_inputs; i++)
    step->input[i] = input_place (p, node->input[i]);
  if (!place_result (p, step, position) || !place_scratch (p, step))
    return FALSE;
  for (guint i = 0; i < step->n_inputs; i++)
    {
      DfkdValue root = p->root[node->input[i]];

      if (root == DFKD_NONE || p->last_use[root] != position + 1)
        continue;
      if (p->place[root].kind != DFKD_PLACE_BLOCK)
        {
          give_back (p, &p->place[root]);
          p->place[root].kind = DFKD_PLACE_NONE; /* an input named twice is freed once */
        }
    }
  return TRUE;
}

/* every step that has something to do, as far as the graph tells */
static DfkdPending *
list_pending (Planner *p, guint *n)
{
  DfkdPending *pending = g_new0 (DfkdPending, p->length + 1);
  g_autofree guint *made_by = g_new0 (guint, p->length + 1);

  *n = 0;
  for (DfkdValue value = 1; value <= p->length; value++)
    {
      const DfkdNode *node = dfkd_graph_get (p->graph, value);
      DfkdPending *next = &pending[*n];

      if (!p->needed[value] || p->root[value] != value || is_source (node->op))
        continue;
      next->step = (DfkdStep){ .op = node->op, .n_inputs = node->n_inputs, .shape = node->shape,
                               .attributes = node->attributes, .region = node->region, .value = value };
      for (guint i = 0; i < node->n_inputs; i++)
        {
          if (node->input[i] == DFKD_NONE)
            continue;
          next->step.input_shape[i] = *dfkd_graph_shape (p->graph, node->input[i]);
          next->step.input[i] = input_place (p, node->input[i]);
          next->needs[i] = made_by[p->root[node->input[i]]];
        }
      next->step.output = p->place[value];
      next->is_effect = is_effect (node->op);
      next->is_stored = p->place[value].kind == DFKD_PLACE_BLOCK;
      next->is_done = p->stored[value];
      made_by[value] = ++*n;
    }
  return pending;
}

static gboolean
place_steps (Planner *p)
{
  DfkdPlan *plan = p->plan;
  guint next = 0;

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const DfkdNode *node = dfkd_graph_get (p->graph, plan->steps[i].value);

      for (guint j = 0; j < node->n_inputs; j++)
        p->last_use[p->root[node->input[j]]] = i + 1;
    }
  for (guint i = 0; i < plan->n_steps; i++)
    {
      if (p->chain == NULL && next < plan->n_chains && plan->chains[next].first == i)
        p->chain = &plan->chains[next++];
      if (!place_step (p, &plan->steps[i], i))
        return FALSE;
      if (p->chain == NULL || p->chain->first + p->chain->count > i + 1)
        continue;
      plan->chains[next - 1].bytes = p->slice.bytes;
      dfkd_arena_clear (&p->slice);
      dfkd_arena_init (&p->slice);
      p->chain = NULL;
      for (guint j = 0; j < p->freed->len; j++)
        give_back (p, &g_array_index (p->freed, DfkdPlace, j));
      g_array_set_size (p->freed, 0);
    }
  plan->slab_bytes = p->slab.bytes;
  return TRUE;
}

static char **
copy_names (guint count, const char *(*name) (const DfkdGraph *graph, guint index), const DfkdGraph *graph)
{
  char **names = g_new0 (char *, count + 1);

  for (guint i = 0; i < count; i++)
    names[i] = g_strdup (name (graph, i));
  return names;
}

DfkdPlan *
dfkd_plan_new (const DfkdGraph *graph, const DfkdPlanner *planner, GError **error)
{
  guint length = dfkd_graph_length (graph), n_pending;
  g_autofree gboolean *needed = g_new0 (gboolean, length + 1), *stored = g_new0 (gboolean, length + 1);
  g_autofree guint *uses = g_new0 (guint, length + 1), *last_use = g_new0 (guint, length + 1);
  g_autofree DfkdValue *root = g_new0 (DfkdValue, length + 1);
  g_autofree DfkdPlace *place = g_new0 (DfkdPlace, length + 1);
  g_autofree DfkdPending *pending = NULL;
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint)), chains = g_array_new (FALSE, FALSE, sizeof (DfkdChain));
  g_autoptr (GArray) freed = g_array_new (FALSE, FALSE, sizeof (DfkdPlace));
  g_autoptr (DfkdPlan) plan = NULL;
  Planner p = { .graph = graph, .planner = planner, .length = length, .needed = needed, .stored = stored, .uses = uses,
                .last_use = last_use, .root = root, .place = place, .freed = freed };
  gboolean fits;

  if (!dfkd_graph_check (graph, error))
    return NULL;

  p.plan = plan = g_new0 (DfkdPlan, 1);
  plan->name = g_strdup (dfkd_graph_get_name (graph));
  plan->n_reads = dfkd_graph_read_count (graph);
  plan->reads = g_new0 (DfkdReadSlot, plan->n_reads);
  for (guint i = 0; i < plan->n_reads; i++)
    plan->reads[i].name = g_strdup (dfkd_graph_read_name (graph, i));
  plan->dials = copy_names (dfkd_graph_dial_count (graph), dfkd_graph_dial_name, graph);
  plan->dial_bytes = dfkd_graph_dial_count (graph) * DFKD_ALIGNMENT;
  plan->regions = copy_names (dfkd_graph_region_count (graph), dfkd_graph_region_name, graph);

  find_needed (&p);
  find_roots (&p);
  find_direct_stores (&p);
  pending = list_pending (&p, &n_pending);
  dfkd_plan_order (planner, pending, n_pending, order, chains);
  plan->n_steps = order->len;
  plan->steps = g_new0 (DfkdStep, order->len);
  for (guint i = 0; i < order->len; i++)
    plan->steps[i] = pending[g_array_index (order, guint, i)].step;
  plan->n_chains = chains->len;
  plan->chains = g_new0 (DfkdChain, chains->len);
  for (guint i = 0; i < chains->len; i++)
    plan->chains[i] = g_array_index (chains, DfkdChain, i);

  dfkd_arena_init (&p.slab);
  dfkd_arena_init (&p.slice);
  fits = place_steps (&p);
  dfkd_arena_clear (&p.slab);
  dfkd_arena_clear (&p.slice);
  if (!fits)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, "%s: the tensors of this step exceed the address space",
                   plan->name);
      return NULL;
    }
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
  g_free (plan->chains);
  g_strfreev (plan->dials);
  g_strfreev (plan->regions);
  g_free (plan->name);
  g_free (plan);
}

static void
print_place (GString *text, const DfkdPlace *place)
{
  static const char *const kinds[] = { "none", "slab", "block", "dial", "read", "slice" };

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
  for (guint i = 0, next = 0; i < plan->n_steps; i++)
    {
      const DfkdStep *step = &plan->steps[i];
      const DfkdChain *chain = next < plan->n_chains ? &plan->chains[next] : NULL;
      g_autofree char *shape = dfkd_shape_text (&step->shape);

      if (chain != NULL && chain->first == i)
        {
          g_string_append_printf (text, "%u steps for %zu of %zu images at a time, in %zu bytes:\n", chain->count, chain->slice,
                                  chain->images, chain->bytes);
          next++;
        }

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
