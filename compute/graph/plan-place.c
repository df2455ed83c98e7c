/* plan-place.c: who lives where: in the slab, in the memory for a slice, or in the place of an operand that dies. */
#include "plan-steps-private.h"

#include "arena-private.h"

typedef struct {
  DfkdPlan *plan;
  const DfkdPlanner *planner;
  GArray *steps; /* of DfkdPlanned */
  DfkdPlace *place;
  guint *last_use; /* 1 + the position in the plan; both by planned step */
  const DfkdChain *chain; /* that is being placed */
  GArray *freed;          /* of DfkdPlace: in the slab, by steps of the chain; earlier slices' steps run again */
  DfkdArena slab, slice;
} Placer;

static DfkdPlanned *
planned (const Placer *p, guint index)
{
  return &g_array_index (p->steps, DfkdPlanned, index);
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

/* nobody outside the chain looks at the result of step @index */
static gboolean
stays_in_chain (const Placer *p, guint index)
{
  return p->chain != NULL && (planned (p, index)->step.by_image & DFKD_BY_IMAGE_RESULT) != 0
         && p->last_use[index] <= p->chain->first + p->chain->count;
}

/* not in the slab for a step of a chain: another slice may still want to read all of it */
static gboolean
place_in_input (Placer *p, guint index, guint position)
{
  const DfkdPlanned *step = planned (p, index);
  DfkdPlace *place = &p->place[index];

  if (p->chain != NULL && place->kind == DFKD_PLACE_SLAB)
    return FALSE;
  for (guint i = 0; i < step->step.n_inputs; i++)
    {
      guint input = step->needs[i] - 1;

      if ((in_place_inputs (step->step.op) >> i & 1) == 0 || step->needs[i] == 0 || p->last_use[input] != position + 1
          || p->place[input].kind != place->kind || p->place[input].bytes != place->bytes)
        continue;
      *place = p->place[input];
      p->place[input].kind = DFKD_PLACE_NONE; /* handed over; steps remember the place they read */
      return TRUE;
    }
  return FALSE;
}

static DfkdArena *
arena_of (Placer *p, DfkdPlaceKind kind)
{
  return kind == DFKD_PLACE_SLICE ? &p->slice : &p->slab;
}

static void
give_back (Placer *p, const DfkdPlace *place)
{
  if (p->chain != NULL && place->kind == DFKD_PLACE_SLAB)
    g_array_append_vals (p->freed, place, 1);
  else if (place->kind == DFKD_PLACE_SLAB || place->kind == DFKD_PLACE_SLICE)
    dfkd_arena_give (arena_of (p, place->kind), place->offset, place->bytes);
}

static gboolean
place_result (Placer *p, DfkdStep *step, guint index, guint position)
{
  DfkdPlace *place = &p->place[index];

  if (step->op == DFKD_OP_READ)
    {
      DfkdReadSlot *slot = &p->plan->reads[step->attributes.rows.k];

      slot->shape = step->input_shape[0];
      slot->offset = p->plan->read_bytes;
      p->plan->read_bytes += dfkd_aligned (dfkd_shape_bytes (&slot->shape));
      step->output = (DfkdPlace){ DFKD_PLACE_READ, NULL, slot->offset, dfkd_shape_bytes (&slot->shape) };
      return TRUE;
    }
  if (step->shape.rank > 0 && place->kind == DFKD_PLACE_NONE)
    {
      *place = (DfkdPlace){ DFKD_PLACE_SLAB, NULL, 0, dfkd_shape_bytes (&step->shape) };
      if (stays_in_chain (p, index))
        *place = (DfkdPlace){ DFKD_PLACE_SLICE, NULL, 0, place->bytes / p->chain->images * p->chain->slice };
      if (!place_in_input (p, index, position) && !dfkd_arena_take (arena_of (p, place->kind), place->bytes, &place->offset))
        return FALSE;
    }
  step->output = *place;
  return TRUE;
}

static gboolean
place_scratch (Placer *p, DfkdStep *step)
{
  const DfkdPlanner *planner = p->planner;

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
place_step (Placer *p, guint index, guint position)
{
  const DfkdPlanned *source = planned (p, index);
  DfkdStep *step = &p->plan->steps[position];

  *step = source->step;
  for (guint i = 0; i < step->n_inputs; i++)
    if (source->needs[i] > 0)
      step->input[i] = p->place[source->needs[i] - 1];
  if (!place_result (p, step, index, position) || !place_scratch (p, step))
    return FALSE;
  for (guint i = 0; i < step->n_inputs; i++)
    {
      DfkdPlace *place = source->needs[i] > 0 ? &p->place[source->needs[i] - 1] : NULL;

      if (place == NULL || p->last_use[source->needs[i] - 1] != position + 1 || place->kind == DFKD_PLACE_BLOCK)
        continue;
      give_back (p, place);
      place->kind = DFKD_PLACE_NONE; /* an input named twice is freed once */
    }
  return TRUE;
}

static void
end_chain (Placer *p, DfkdChain *chain)
{
  chain->bytes = p->slice.bytes;
  dfkd_arena_clear (&p->slice);
  dfkd_arena_init (&p->slice, 0);
  p->chain = NULL;
  for (guint i = 0; i < p->freed->len; i++)
    give_back (p, &g_array_index (p->freed, DfkdPlace, i));
  g_array_set_size (p->freed, 0);
}

static gboolean
place_all (Placer *p, const GArray *order)
{
  DfkdPlan *plan = p->plan;
  guint next = 0;

  for (guint i = 0; i < order->len; i++)
    {
      if (next < plan->n_chains && plan->chains[next].first == i)
        p->chain = &plan->chains[next++];
      if (!place_step (p, g_array_index (order, guint, i), i))
        return FALSE;
      if (p->chain != NULL && p->chain->first + p->chain->count == i + 1)
        end_chain (p, &plan->chains[next - 1]);
    }
  plan->slab_bytes = p->slab.bytes;
  return TRUE;
}

gboolean
dfkd_plan_place (DfkdPlan *plan, const DfkdPlanner *planner, GArray *steps, const GArray *order)
{
  g_autofree DfkdPlace *place = g_new0 (DfkdPlace, steps->len);
  g_autofree guint *last_use = g_new0 (guint, steps->len);
  g_autoptr (GArray) freed = g_array_new (FALSE, FALSE, sizeof (DfkdPlace));
  Placer p = { .plan = plan, .planner = planner, .steps = steps, .place = place, .last_use = last_use, .freed = freed };
  gboolean done;

  plan->n_steps = order->len;
  plan->steps = g_new0 (DfkdStep, order->len);
  for (guint i = 0; i < steps->len; i++)
    place[i] = planned (&p, i)->step.output;
  for (guint i = 0; i < order->len; i++)
    {
      const DfkdPlanned *step = planned (&p, g_array_index (order, guint, i));

      for (guint j = 0; j < step->step.n_inputs; j++)
        if (step->needs[j] > 0)
          last_use[step->needs[j] - 1] = i + 1;
    }
  dfkd_arena_init (&p.slab, planner->piece != NULL ? planner->piece (planner->data) : 0);
  dfkd_arena_init (&p.slice, 0);
  done = place_all (&p, order);
  dfkd_arena_clear (&p.slab);
  dfkd_arena_clear (&p.slice);
  return done;
}
