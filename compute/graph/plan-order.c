/* plan-order.c: gathers steps that go image by image into chains. */
#include "plan-order-private.h"

enum {
  FEWEST_SLICES = 16, /* of a batch that has as many images: work for as many threads */
};

typedef enum {
  SETTLED, /* runs before the open chain, if there is one */
  CHAINED,
  SUMMED, /* in the chain, but whole only after it */
  LATE,   /* waits for the end of the chain */
} Fate;

typedef struct {
  const DfkdPlanner *planner;
  DfkdPending *pending;
  GArray *order, *chains;
  Fate *fate;
  GArray *chain, *late; /* of guint: the open chain, and what waits for its end */
  gsize images;         /* of the open chain */
} Ordering;

/* bytes of what goes by image, for one image */
static gsize
bytes_of_image (const DfkdStep *step, gsize images)
{
  gsize bytes = step->by_image & DFKD_BY_IMAGE_RESULT ? dfkd_shape_bytes (&step->shape) : 0;

  for (guint i = 0; i < step->n_inputs; i++)
    if (step->by_image >> i & 1)
      bytes += dfkd_shape_bytes (&step->input_shape[i]);
  return bytes / images;
}

static void
close_chain (Ordering *o)
{
  gsize most = 1, sum = 0;

  for (guint i = 0; i < o->chain->len; i++)
    {
      gsize bytes = bytes_of_image (&o->pending[g_array_index (o->chain, guint, i)].step, o->images);

      most = MAX (most, bytes);
      sum += bytes * o->images;
    }
  if (o->chain->len > 1 && sum >= o->planner->least_bytes)
    {
      gsize slice = CLAMP (o->planner->slice_bytes / most, 1, (o->images + FEWEST_SLICES - 1) / FEWEST_SLICES);
      DfkdChain chain = { o->order->len, o->chain->len, o->images, slice, 0 };

      g_array_append_val (o->chains, chain);
    }
  else
    for (guint i = 0; i < o->chain->len; i++)
      o->pending[g_array_index (o->chain, guint, i)].step.by_image = 0;
  for (guint i = 0; i < o->chain->len; i++)
    o->fate[g_array_index (o->chain, guint, i)] = SETTLED;
  for (guint i = 0; i < o->late->len; i++)
    o->fate[g_array_index (o->late, guint, i)] = SETTLED;
  g_array_append_vals (o->order, o->chain->data, o->chain->len);
  g_array_append_vals (o->order, o->late->data, o->late->len);
  g_array_set_size (o->chain, 0);
  g_array_set_size (o->late, 0);
}

static gboolean
needs (const Ordering *o, const DfkdPending *pending, Fate fate, guint except)
{
  for (guint i = 0; i < pending->step.n_inputs; i++)
    if (pending->needs[i] > 0 && o->fate[pending->needs[i] - 1] == fate && (except >> i & 1) == 0)
      return TRUE;
  return FALSE;
}

/* whether a step, of the chain or waiting for its end, reads what @pending writes straight into a variable before its time:
 * of the chain's steps all images may do so but their own */
static gboolean
spoils (const Ordering *o, const DfkdPending *pending, const GArray *steps)
{
  const DfkdPlace *out = &pending->step.output;

  for (guint i = 0; i < steps->len && pending->is_stored; i++)
    {
      const DfkdStep *step = &o->pending[g_array_index (steps, guint, i)].step;

      for (guint j = 0; j < step->n_inputs; j++)
        {
          const DfkdPlace *in = &step->input[j];
          gboolean overlap = in->kind == DFKD_PLACE_BLOCK && in->block == out->block && in->offset < out->offset + out->bytes
                             && out->offset < in->offset + in->bytes;

          if (overlap && (steps == o->late || (step->by_image >> j & 1) == 0 || in->offset != out->offset || in->bytes != out->bytes))
            return TRUE;
        }
    }
  return FALSE;
}

/* into the open chain, or a new one */
static gboolean
join (Ordering *o, guint index)
{
  DfkdPending *pending = &o->pending[index];
  gsize images;
  guint by_image;

  if (o->planner == NULL || o->planner->slices == NULL || pending->is_effect)
    return FALSE;
  by_image = dfkd_step_by_image (&pending->step, &images);
  if (by_image == 0 || images < 2 || !o->planner->slices (&pending->step, o->planner->data)
      || (o->chain->len > 0 && images != o->images) || spoils (o, pending, o->chain)
      || spoils (o, pending, o->late) || needs (o, pending, CHAINED, by_image))
    return FALSE;
  pending->step.by_image = by_image;
  o->images = images;
  o->fate[index] = by_image & DFKD_BY_IMAGE_RESULT ? CHAINED : SUMMED;
  g_array_append_val (o->chain, index);
  return TRUE;
}

void
dfkd_plan_order (const DfkdPlanner *planner, DfkdPending *pending, guint n, GArray *order, GArray *chains)
{
  g_autofree Fate *fate = g_new0 (Fate, n);
  g_autoptr (GArray) chain = g_array_new (FALSE, FALSE, sizeof (guint)), late = g_array_new (FALSE, FALSE, sizeof (guint));
  Ordering o = { planner, pending, order, chains, fate, chain, late, 0 };

  for (guint i = 0; i < n; i++)
    {
      DfkdPending *step = &pending[i];

      if (chain->len > 0 && (step->is_effect || needs (&o, step, SUMMED, 0) || needs (&o, step, LATE, 0)))
        close_chain (&o);
      if (join (&o, i))
        continue;
      if (chain->len > 0 && (step->is_stored || needs (&o, step, CHAINED, 0)))
        {
          fate[i] = LATE;
          g_array_append_val (late, i);
          continue;
        }
      if (!step->is_done)
        g_array_append_val (order, i);
    }
  if (chain->len > 0)
    close_chain (&o);
}
