/* plan-fuse.c: lets a kernel do what comes next to its result before it is stored: a pass over memory less. */
#include "plan-steps-private.h"

typedef struct {
  const DfkdPlanner *planner;
  GArray *steps; /* of DfkdPlanned */
  guint *uses;   /* inputs that are results of a step */
} Fusing;

static DfkdPlanned *
planned (const Fusing *f, guint index)
{
  return &g_array_index (f->steps, DfkdPlanned, index);
}

static gboolean
overlap (const DfkdPlace *a, const DfkdPlace *b)
{
  return a->kind == DFKD_PLACE_BLOCK && b->kind == DFKD_PLACE_BLOCK && a->block == b->block && a->offset < b->offset + b->bytes
         && b->offset < a->offset + a->bytes;
}

/* whether @step changes the variable at @place */
static gboolean
writes (const DfkdPlanned *step, const DfkdPlace *place)
{
  if (step->is_stored && overlap (&step->step.output, place))
    return TRUE;
  for (guint i = 0; i < dfkd_step_writes (&step->step); i++)
    if (overlap (&step->step.input[i], place))
      return TRUE;
  return FALSE;
}

/* whether what step @next needs besides the result of step @first is there, as it will be, when @first runs */
static gboolean
is_ready (const Fusing *f, guint first, guint next)
{
  const DfkdPlanned *step = planned (f, next);

  for (guint i = 1; i < step->step.n_inputs; i++)
    {
      if (step->needs[i] > first)
        return FALSE;
      for (guint between = first + 1; between < next; between++)
        if (writes (planned (f, between), &step->step.input[i]))
          return FALSE;
    }
  return TRUE;
}

static gboolean
can_fuse (const Fusing *f, guint first, guint next)
{
  const DfkdPlanned *a = planned (f, first), *b = planned (f, next);

  return !a->is_absorbed && !a->is_effect && !a->is_stored && !b->is_effect && !b->is_stored && f->uses[first] == 1
         && a->step.region == b->step.region && dfkd_op (a->step.op)->most + b->step.n_inputs - 1 <= DFKD_MAX_INPUTS
         && is_ready (f, first, next) && f->planner->fuses (&a->step, &b->step, f->planner->data);
}

/* @b becomes a part of @a: its other inputs go behind all that @a could have */
static void
absorb (DfkdPlanned *a, const DfkdPlanned *b)
{
  guint at = dfkd_op (a->step.op)->most;

  for (guint i = 1; i < b->step.n_inputs; i++, at++)
    {
      a->step.input[at] = b->step.input[i];
      a->step.input_shape[at] = b->step.input_shape[i];
      a->needs[at] = b->needs[i];
    }
  a->step.n_inputs = at;
  a->step.fused = b->step.op;
  a->step.fused_attributes = b->step.attributes;
  a->step.value = b->step.value;
}

void
dfkd_plan_fuse (const DfkdPlanner *planner, GArray *steps)
{
  g_autofree guint *uses = g_new0 (guint, steps->len), *place = g_new0 (guint, steps->len + 1);
  Fusing f = { planner, steps, uses };
  guint kept = 0;

  if (planner->fuses == NULL)
    return;
  for (guint i = 0; i < steps->len; i++)
    for (guint j = 0; j < planned (&f, i)->step.n_inputs; j++)
      if (planned (&f, i)->needs[j] > 0)
        uses[planned (&f, i)->needs[j] - 1]++;
  /* place[i]: 1 + where step i stands once those that were absorbed are gone; of one of these, where its result is made */
  for (guint i = 0; i < steps->len; i++)
    {
      DfkdPlanned *step = planned (&f, i);
      guint first = step->step.n_inputs > 0 ? step->needs[0] : 0;

      if (first > 0 && can_fuse (&f, first - 1, i))
        {
          absorb (planned (&f, first - 1), step);
          place[i] = place[first - 1];
          step->is_absorbed = TRUE;
          uses[first - 1] = uses[i];
        }
      else
        place[i] = ++kept;
    }
  kept = 0;
  for (guint i = 0; i < steps->len; i++)
    {
      DfkdPlanned step = *planned (&f, i);

      if (step.is_absorbed)
        continue;
      for (guint j = 0; j < step.step.n_inputs; j++)
        if (step.needs[j] > 0)
          step.needs[j] = place[step.needs[j] - 1];
      *planned (&f, kept++) = step;
    }
  g_array_set_size (steps, kept);
}
