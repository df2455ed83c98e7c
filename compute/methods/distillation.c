/* distillation.c: the student's step as one program. */
#include "distillation.h"

#include "augmentation.h"
#include "losses.h"

enum {
  PURPOSE_INDEX = 16,
  PURPOSE_CROPS,
};

static DfkdBlock *
new_given_block (DfkdShape images)
{
  DfkdBlock *block = dfkd_block_new ("given");

  dfkd_block_add (block, "images", images);
  dfkd_block_add (block, "offset", dfkd_shape_of_type (DFKD_I32, images.dim[0], 2, 0, 0));
  dfkd_block_add (block, "flip", dfkd_shape_of_type (DFKD_I32, images.dim[0], 0, 0, 0));
  return block;
}

/* what both networks look at: [N,C,H,W], normalised */
static DfkdValue
student_input (DfkdDistillation *d, DfkdGraph *g, const DfkdDistillationOptions *o, DfkdPool *pool)
{
  DfkdValue images, counter;
  DfkdDraws draws;

  if (o->synthesis != NULL && !o->given_batch)
    {
      dfkd_graph_begin_region (g, "generator");
      return dfkd_normalise (g, o->synthesis->draw (o->synthesis, g, dfkd_graph_counter (g, "draw"), o->batch), d->constants);
    }
  dfkd_graph_begin_region (g, "augmentation");
  if (o->given_batch)
    {
      images = dfkd_graph_variable (g, d->given, DFKD_DISTILLATION_IMAGES);
      draws.offset = dfkd_graph_variable (g, d->given, DFKD_DISTILLATION_OFFSET);
      draws.flip = dfkd_graph_variable (g, d->given, DFKD_DISTILLATION_FLIP);
    }
  else
    {
      counter = dfkd_graph_counter (g, "draw");
      images = dfkd_pool_draw (pool, g, counter, o->batch, PURPOSE_INDEX);
      draws = dfkd_draw_crops (g, counter, o->batch, PURPOSE_CROPS);
    }
  return dfkd_normalise (g, dfkd_crop_flip (g, images, &draws), d->constants);
}

static DfkdProgram *
build_step (DfkdDistillation *d, DfkdDevice *device, const DfkdDistillationOptions *o, const DfkdPlaced *teacher,
            const DfkdPlaced *student, DfkdPool *pool, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("student step");
  guint count = dfkd_block_count (student->parameters);
  g_autofree DfkdValue *wrt = g_new0 (DfkdValue, count), *gradients = g_new0 (DfkdValue, count);
  DfkdValue x = student_input (d, g, o, pool), t, s, loss;

  dfkd_graph_begin_region (g, "teacher");
  t = dfkd_network_forward (teacher->network, g, teacher->parameters, teacher->state, x, DFKD_MODE_EVALUATE, FALSE, NULL)
        .logits;
  dfkd_graph_begin_region (g, "student");
  s = dfkd_network_forward (student->network, g, student->parameters, student->state, x, DFKD_MODE_TRAIN, TRUE, NULL)
        .logits;
  dfkd_graph_begin_region (g, "losses");
  if (o->criterion == DFKD_CRITERION_L1)
    loss = dfkd_mean (g, dfkd_absolute (g, dfkd_subtract (g, t, s)));
  else
    loss = dfkd_mean (g, dfkd_kl_rows (g, s, t, dfkd_graph_dial (g, "temperature")));

  for (guint i = 0; i < count; i++)
    wrt[i] = dfkd_graph_variable (g, student->parameters, i);
  dfkd_graph_gradients (g, loss, wrt, count, gradients);

  dfkd_graph_begin_region (g, "optimiser");
  for (guint i = 0; i < count; i++)
    dfkd_assign (g, dfkd_graph_variable (g, d->gradient, i), gradients[i]);
  dfkd_sgd (g, dfkd_graph_block (g, student->parameters), dfkd_graph_block (g, d->buffer), dfkd_graph_block (g, d->gradient),
            dfkd_graph_dial (g, "lr"), dfkd_graph_dial (g, "momentum"), dfkd_graph_dial (g, "weight_decay"));
  dfkd_read (g, "loss", loss);
  if (o->given_batch)
    {
      dfkd_read (g, "student_logits", s);
      dfkd_read (g, "teacher_logits", t);
    }
  return dfkd_program_new_lanes (device, g, DFKD_MAX_LANES, error);
}

DfkdDistillation *
dfkd_distillation_new (DfkdDevice *device, const DfkdDistillationOptions *options, const DfkdPlaced *teacher,
                       const DfkdPlaced *student, DfkdPool *pool, GError **error)
{
  g_autoptr (DfkdDistillation) d = g_new0 (DfkdDistillation, 1);
  const DfkdNetworkOptions *input = &teacher->network->options;
  DfkdShape images = dfkd_shape (options->batch, input->channels, input->height, input->width);

  d->gradient = dfkd_block_new_like (student->parameters, "student_gradient");
  d->buffer = dfkd_block_new_like (student->parameters, "student_momentum");
  d->constants = dfkd_normalisation_new (device, options->mean, options->std, images.dim[1], error);
  if (options->given_batch)
    d->given = new_given_block (images);
  if (d->constants == NULL || !dfkd_device_allocate (device, d->gradient, error)
      || !dfkd_device_allocate (device, d->buffer, error)
      || (d->given != NULL && !dfkd_device_allocate (device, d->given, error))
      || (d->step = build_step (d, device, options, teacher, student, pool, error)) == NULL)
    return NULL;
  return g_steal_pointer (&d);
}

void
dfkd_distillation_free (DfkdDistillation *d)
{
  if (d == NULL)
    return;
  dfkd_program_free (d->step);
  dfkd_block_free (d->gradient);
  dfkd_block_free (d->buffer);
  dfkd_block_free (d->constants);
  dfkd_block_free (d->given);
  g_free (d);
}
