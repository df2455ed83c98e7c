/* plan-recompute.c: what is cheap is computed again instead of kept.
 *
 * Between the forward and the backward pass of a batch norm both its input and its result would lie in memory. Chains of the
 * backward pass read the input in any case, and the result follows from it by a multiplication and an addition. */
#include "plan-steps-private.h"

enum {
  NOWHERE = G_MAXUINT, /* in no chain */
};

typedef struct {
  GArray *steps, *order, *chains;
  guint *chain_of; /* by step: index of its chain, or NOWHERE */
  guint *position; /* by step: in the order */
} Recomputing;

static DfkdPlanned *
planned (const Recomputing *r, guint index)
{
  return &g_array_index (r->steps, DfkdPlanned, index);
}

static gboolean
is_cheap (DfkdOp op)
{
  return op == DFKD_OP_BN_APPLY;
}

/* whether step @user reads the result of @index, and if so, whether image by image */
static gboolean
reads (const Recomputing *r, guint user, guint index, gboolean *by_image)
{
  const DfkdPlanned *step = planned (r, user);
  gboolean found = FALSE;

  *by_image = TRUE;
  for (guint i = 0; i < step->step.n_inputs; i++)
    if (step->needs[i] == index + 1)
      {
        found = TRUE;
        *by_image &= step->step.by_image >> i & 1;
      }
  return found;
}

/* whether an effect between two positions of the order writes a variable that step @index reads */
static gboolean
is_overwritten (const Recomputing *r, guint index, guint from, guint to)
{
  const DfkdStep *step = &planned (r, index)->step;

  for (guint at = from; at < to; at++)
    {
      const DfkdPlanned *between = planned (r, g_array_index (r->order, guint, at));
      guint writes = dfkd_step_writes (&between->step);

      for (guint i = 0; i < step->n_inputs; i++)
        for (guint j = 0; j < writes + 1; j++)
          {
            const DfkdPlace *in = &step->input[i], *out = j < writes ? &between->step.input[j] : &between->step.output;

            if (in->kind == DFKD_PLACE_BLOCK && out->kind == DFKD_PLACE_BLOCK && in->block == out->block
                && in->offset < out->offset + out->bytes && out->offset < in->offset + in->bytes)
              return TRUE;
          }
    }
  return FALSE;
}

/* The last position that reads the result of @index, 0 if none does. */
static guint
last_read (const Recomputing *r, guint index)
{
  gboolean by_image;

  for (guint at = r->order->len; at-- > 0;)
    if (reads (r, g_array_index (r->order, guint, at), index, &by_image))
      return at;
  return 0;
}

/* Whether all that read the result of @index later are steps of chains, image by image, and its input is there for them. */
static gboolean
is_worth_it (const Recomputing *r, guint index)
{
  const DfkdPlanned *step = planned (r, index);
  guint own = r->chain_of[index], last = 0;

  if (!is_cheap (step->step.op) || own == NOWHERE || step->is_stored)
    return FALSE;
  for (guint at = r->position[index] + 1; at < r->order->len; at++)
    {
      guint user = g_array_index (r->order, guint, at);
      gboolean by_image;

      if (!reads (r, user, index, &by_image) || r->chain_of[user] == own)
        continue;
      if (!by_image || r->chain_of[user] == NOWHERE)
        return FALSE;
      last = at;
    }
  return last > 0 && (step->needs[0] == 0 || last_read (r, step->needs[0] - 1) >= last)
         && !is_overwritten (r, index, r->position[index], last);
}

/* A copy of step @index in each later chain that reads its result, before the first that does. */
static void
repeat (Recomputing *r, guint index, GArray *before)
{
  guint own = r->chain_of[index], copy = 0, chain = own;

  for (guint at = r->position[index] + 1; at < r->order->len; at++)
    {
      guint user = g_array_index (r->order, guint, at);
      gboolean by_image;

      if (!reads (r, user, index, &by_image) || r->chain_of[user] == own)
        continue;
      if (r->chain_of[user] != chain)
        {
          DfkdPlanned again = *planned (r, index);
          guint entry[2] = { user, r->steps->len };

          again.step.region = planned (r, user)->step.region;
          chain = r->chain_of[user];
          g_array_append_val (r->steps, again);
          g_array_append_vals (before, entry, 2);
          copy = r->steps->len;
        }
      for (guint i = 0; i < planned (r, user)->step.n_inputs; i++)
        if (planned (r, user)->needs[i] == index + 1)
          planned (r, user)->needs[i] = copy;
    }
}

/* puts the copies into the order: @before holds pairs of a step and the copy that goes before it */
static void
insert (Recomputing *r, const GArray *before)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  guint at = 0;

  for (guint i = 0; i <= r->chains->len; i++)
    {
      DfkdChain *chain = i < r->chains->len ? &g_array_index (r->chains, DfkdChain, i) : NULL;
      guint end = chain != NULL ? chain->first : r->order->len;

      g_array_append_vals (order, &g_array_index (r->order, guint, at), end - at);
      at = end;
      if (chain == NULL)
        break;
      chain->first = order->len;
      for (end += chain->count; at < end; at++)
        {
          guint index = g_array_index (r->order, guint, at);

          for (guint j = 0; j < before->len; j += 2)
            if (g_array_index (before, guint, j) == index)
              g_array_append_val (order, g_array_index (before, guint, j + 1));
          g_array_append_val (order, index);
        }
      chain->count = order->len - chain->first;
    }
  g_array_set_size (r->order, 0);
  g_array_append_vals (r->order, order->data, order->len);
}

void
dfkd_plan_recompute (GArray *steps, GArray *order, GArray *chains)
{
  guint count = steps->len;
  g_autofree guint *chain_of = g_new (guint, count), *position = g_new0 (guint, count);
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (guint));
  Recomputing r = { steps, order, chains, chain_of, position };

  for (guint i = 0; i < count; i++)
    chain_of[i] = NOWHERE;
  for (guint at = 0; at < order->len; at++)
    position[g_array_index (order, guint, at)] = at;
  for (guint i = 0; i < chains->len; i++)
    {
      const DfkdChain *chain = &g_array_index (chains, DfkdChain, i);

      for (guint at = chain->first; at < chain->first + chain->count; at++)
        chain_of[g_array_index (order, guint, at)] = i;
    }
  for (guint i = 0; i < count; i++)
    if (is_worth_it (&r, i))
      repeat (&r, i, before);
  if (before->len > 0)
    insert (&r, before);
}
