/* plan-order.c: gathers steps that go image by image into chains. */
#include "plan-steps-private.h"

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
  GArray *steps; /* of DfkdPlanned */
  GArray *order, *chains;
  Fate *fate;
  GArray *chain, *late; /* of guint: the open chain, and what waits for its end */
  gsize images;         /* of the open chain */
} Ordering;

static DfkdPlanned *
planned (const Ordering *o, guint index)
{
  return &g_array_index (o->steps, DfkdPlanned, index);
}

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
settle (Ordering *o, GArray *indices)
{
  for (guint i = 0; i < indices->len; i++)
    o->fate[g_array_index (indices, guint, i)] = SETTLED;
  g_array_append_vals (o->order, indices->data, indices->len);
  g_array_set_size (indices, 0);
}

static void
close_chain (Ordering *o)
{
  gsize most = 1, sum = 0;

  for (guint i = 0; i < o->chain->len; i++)
    {
      gsize bytes = bytes_of_image (&planned (o, g_array_index (o->chain, guint, i))->step, o->images);

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
      planned (o, g_array_index (o->chain, guint, i))->step.by_image = 0;
  settle (o, o->chain);
  settle (o, o->late);
}

/* whether an input of @step, other than those in @except, has this fate */
static gboolean
needs (const Ordering *o, const DfkdPlanned *step, Fate fate, guint except)
{
  for (guint i = 0; i < step->step.n_inputs; i++)
    if (step->needs[i] > 0 && o->fate[step->needs[i] - 1] == fate && (except >> i & 1) == 0)
      return TRUE;
  return FALSE;
}

/* whether one of @readers, the chain or what waits for its end, would read too late what @step writes straight into a
 * variable; a step of the chain may read the same images of it */
static gboolean
spoils (const Ordering *o, const DfkdStep *step, const GArray *readers)
{
  const DfkdPlace *out = &step->output;

  for (guint i = 0; i < readers->len; i++)
    {
      const DfkdStep *reader = &planned (o, g_array_index (readers, guint, i))->step;

      for (guint j = 0; j < reader->n_inputs; j++)
        {
          const DfkdPlace *in = &reader->input[j];
          gboolean same = in->offset == out->offset && in->bytes == out->bytes;

          if (in->kind == DFKD_PLACE_BLOCK && in->block == out->block && in->offset < out->offset + out->bytes
              && out->offset < in->offset + in->bytes && (readers == o->late || !same || (reader->by_image >> j & 1) == 0))
            return TRUE;
        }
    }
  return FALSE;
}

/* into the open chain, or a new one */
static gboolean
join (Ordering *o, guint index)
{
  DfkdPlanned *step = planned (o, index);
  gsize images;
  guint by_image;

  if (o->planner->slices == NULL || step->is_effect)
    return FALSE;
  by_image = dfkd_step_by_image (&step->step, &images);
  if (by_image == 0 || images < 2 || !o->planner->slices (&step->step, o->planner->data)
      || (o->chain->len > 0 && images != o->images) || needs (o, step, CHAINED, by_image)
      || (step->is_stored && (spoils (o, &step->step, o->chain) || spoils (o, &step->step, o->late))))
    return FALSE;
  step->step.by_image = by_image;
  o->images = images;
  o->fate[index] = by_image & DFKD_BY_IMAGE_RESULT ? CHAINED : SUMMED;
  g_array_append_val (o->chain, index);
  return TRUE;
}

void
dfkd_plan_order (const DfkdPlanner *planner, GArray *steps, GArray *order, GArray *chains)
{
  g_autofree Fate *fate = g_new0 (Fate, steps->len);
  g_autoptr (GArray) chain = g_array_new (FALSE, FALSE, sizeof (guint)), late = g_array_new (FALSE, FALSE, sizeof (guint));
  Ordering o = { planner, steps, order, chains, fate, chain, late, 0 };

  for (guint i = 0; i < steps->len; i++)
    {
      const DfkdPlanned *step = planned (&o, i);

      if (chain->len > 0 && (step->is_effect || needs (&o, step, SUMMED, 0) || needs (&o, step, LATE, 0)))
        close_chain (&o);
      if (join (&o, i))
        continue;
      if (chain->len > 0 && (step->is_stored || needs (&o, step, CHAINED, 0)))
        {
          fate[i] = LATE;
          g_array_append_val (late, i);
        }
      else if (!step->is_done)
        g_array_append_val (order, i);
    }
  if (chain->len > 0)
    close_chain (&o);
}
