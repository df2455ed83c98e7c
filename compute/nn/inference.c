/* inference.c: one program for a batch, run as often as there are batches. */
#include "inference.h"

#include "build.h"
#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _DfkdInference
{
  DfkdDevice *device;
  const DfkdModel *model;
  DfkdBlock *images;
  DfkdProgram *program;
  gsize batch, features;
};

static gboolean
build (DfkdInference *self, GError **error)
{
  const DfkdNetwork *network = self->model->network;
  const DfkdNetworkOptions *size = &network->options;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("forward");
  DfkdForward out;

  self->images = dfkd_block_new ("images");
  dfkd_block_add (self->images, "images", dfkd_shape (self->batch, size->channels, size->height, size->width));
  if (!dfkd_device_allocate (self->device, self->images, error))
    return FALSE;
  out = dfkd_network_forward (network, g, network->parameters, network->state, dfkd_graph_variable (g, self->images, 0), DFKD_MODE_EVALUATE, FALSE,
                              NULL);
  if (!dfkd_graph_check (g, error))
    return FALSE;
  self->features = dfkd_shape_count (dfkd_graph_shape (g, out.features)) / self->batch;
  dfkd_read (g, "logits", out.logits);
  dfkd_read (g, "features", out.features);
  self->program = dfkd_program_new (self->device, g, error);
  return self->program != NULL;
}

DfkdInference *
dfkd_inference_new (DfkdDevice *device, DfkdModel *model, gsize batch, GError **error)
{
  g_autoptr (DfkdInference) self = g_new0 (DfkdInference, 1);

  *self = (DfkdInference){ .device = device, .model = model, .batch = batch };
  if (!dfkd_model_place (model, device, error) || !build (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
dfkd_inference_free (DfkdInference *self)
{
  if (self == NULL)
    return;
  dfkd_program_free (self->program);
  dfkd_block_free (self->images);
  g_free (self);
}

gsize
dfkd_inference_features (const DfkdInference *self)
{
  return self->features;
}

gboolean
dfkd_inference_run (DfkdInference *self, const float *images, gsize count, float *logits, float *features, const gint *stop, GError **error)
{
  const DfkdShape shape = dfkd_block_get (self->images, 0)->shape;
  const gsize size = dfkd_shape_count (&shape) / self->batch, classes = self->model->network->options.classes;
  g_autofree float *storage = g_new (float, size * self->batch);

  g_return_val_if_fail (count >= self->batch, FALSE);
  for (gsize first = 0; first < count; first += self->batch)
    {
      const gsize start = MIN (first, count - self->batch); /* the last batch overlaps the one before */

      if (stop != NULL && g_atomic_int_get (stop))
        {
          g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_CANCELLED, _("stopped"));
          return FALSE;
        }
      dfkd_tensor_to_storage (&shape, images + start * size, storage);
      if (!dfkd_device_write (self->device, self->images, 0, storage, size * self->batch * sizeof (float), error)
          || !dfkd_program_run (self->program, error) || !dfkd_program_wait (self->program, error))
        return FALSE;
      memcpy (logits + start * classes, dfkd_program_read (self->program, "logits", NULL), self->batch * classes * sizeof (float));
      memcpy (features + start * self->features, dfkd_program_read (self->program, "features", NULL), self->batch * self->features * sizeof (float));
    }
  return TRUE;
}

void
dfkd_inference_normalise (const DfkdInference *self, float *images, gsize count)
{
  const DfkdModel *model = self->model;
  const DfkdNetworkOptions *size = &model->network->options;
  const gsize area = size->height * size->width;

  for (gsize i = 0; i < count * size->channels * area; i++)
    {
      const gsize channel = i / area % size->channels;

      images[i] = (images[i] - model->mean[channel]) / model->std[channel];
    }
}
