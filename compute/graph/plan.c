/* plan.c: from a graph to the steps that run: what is needed, and what is only another name. */
#include "plan.h"

#include "errors.h"
#include "plan-steps-private.h"

typedef struct {
  const DfkdGraph *graph;
  guint length; /* values are 1 … length */
  gboolean *needed, *stored;
  guint *uses;
  DfkdValue *root;  /* the value whose storage this one shares; itself if its own */
  DfkdPlace *place; /* of values that go straight into variables */
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
    case DFKD_OP_RESHAPE:
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

/* where the steps that use @value find it, if no step makes it */
static DfkdPlace
source_place (const Planner *p, DfkdValue value)
{
  const DfkdNode *node = dfkd_graph_get (p->graph, value);

  if (node->op == DFKD_OP_VARIABLE)
    return (DfkdPlace){ DFKD_PLACE_BLOCK, node->block, node->offset, dfkd_shape_bytes (&node->shape) };
  if (node->op == DFKD_OP_DIAL)
    return (DfkdPlace){ DFKD_PLACE_DIAL, NULL, node->offset * DFKD_ALIGNMENT, dfkd_shape_bytes (&node->shape) };
  return (DfkdPlace){ 0 };
}

/* every step that has something to do, as far as the graph tells */
static GArray *
list_steps (Planner *p)
{
  GArray *steps = g_array_new (FALSE, TRUE, sizeof (DfkdPlanned));
  g_autofree guint *made_by = g_new0 (guint, p->length + 1);

  for (DfkdValue value = 1; value <= p->length; value++)
    {
      const DfkdNode *node = dfkd_graph_get (p->graph, value);
      DfkdPlanned planned = { .step = { .op = node->op, .n_inputs = node->n_inputs, .shape = node->shape, .attributes = node->attributes,
                                        .region = node->region, .value = value, .output = p->place[value] },
                              .is_effect = is_effect (node->op),
                              .is_stored = p->place[value].kind == DFKD_PLACE_BLOCK,
                              .is_done = p->stored[value] };

      if (!p->needed[value] || p->root[value] != value || is_source (node->op))
        continue;
      for (guint i = 0; i < node->n_inputs; i++)
        if (node->input[i] != DFKD_NONE)
          {
            planned.step.input_shape[i] = *dfkd_graph_shape (p->graph, node->input[i]);
            planned.step.input[i] = source_place (p, p->root[node->input[i]]);
            planned.needs[i] = made_by[p->root[node->input[i]]];
          }
      g_array_append_val (steps, planned);
      made_by[value] = steps->len;
    }
  return steps;
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
  const DfkdPlanner plain = { NULL };
  guint length = dfkd_graph_length (graph);
  g_autofree gboolean *needed = g_new0 (gboolean, length + 1), *stored = g_new0 (gboolean, length + 1);
  g_autofree guint *uses = g_new0 (guint, length + 1);
  g_autofree DfkdValue *root = g_new0 (DfkdValue, length + 1);
  g_autofree DfkdPlace *place = g_new0 (DfkdPlace, length + 1);
  g_autoptr (GArray) steps = NULL, order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) chains = g_array_new (FALSE, FALSE, sizeof (DfkdChain));
  g_autoptr (DfkdPlan) plan = NULL;
  Planner p = { .graph = graph, .length = length, .needed = needed, .stored = stored, .uses = uses, .root = root, .place = place };

  if (!dfkd_graph_check (graph, error))
    return NULL;

  plan = g_new0 (DfkdPlan, 1);
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
  planner = planner != NULL ? planner : &plain;
  steps = list_steps (&p);
  dfkd_plan_fuse (planner, steps);
  dfkd_plan_order (planner, steps, order, chains);
  dfkd_plan_recompute (steps, order, chains);
  plan->n_chains = chains->len;
  plan->chains = g_memdup2 (chains->data, chains->len * sizeof (DfkdChain));
  if (!dfkd_plan_place (plan, planner, steps, order))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, "%s: a tensor is larger than a piece of the memory, or all exceed the address space",
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

char *
dfkd_step_name (const DfkdStep *step)
{
  const char *name = dfkd_op (step->op)->name;

  return step->fused != 0 ? g_strconcat (name, " + ", dfkd_op (step->fused)->name, NULL) : g_strdup (name);
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
      g_autofree char *shape = dfkd_shape_text (&step->shape), *name = dfkd_step_name (step);

      if (chain != NULL && chain->first == i)
        {
          g_string_append_printf (text, "%u steps for %zu of %zu images at a time, in %zu bytes:\n", chain->count, chain->slice,
                                  chain->images, chain->bytes);
          next++;
        }

      g_string_append_printf (text, "%4u %-12s %-28s %-16s", i, plan->regions[step->region], name, shape);
      print_place (text, &step->output);
      g_string_append (text, " <-");
      for (guint j = 0; j < step->n_inputs; j++)
        print_place (text, &step->input[j]);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
