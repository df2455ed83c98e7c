/* evaluation.c: arg-max over a data set. */
#include "evaluation.h"

#include "augmentation.h"
#include "data-fit.h"
#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  BATCH = 250,
};

struct _DfkdEvaluation
{
  const DfkdDataset *data;
  DfkdBlock *images, *constants;
  DfkdProgram *program;
  gsize batch;
  gint32 *predictions;
  gboolean done;
  gboolean (*goes_on) (gpointer data); /* (nullable) */
  gpointer watch_data;
};

static DfkdProgram *
build (DfkdEvaluation *e, DfkdDevice *device, const DfkdNetwork *network, DfkdBlock *parameters, DfkdBlock *state, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("evaluation");
  DfkdValue index, x;

  dfkd_graph_begin_region (g, "evaluation");
  index = dfkd_iota (g, dfkd_graph_counter (g, "first"), e->batch);
  x = dfkd_normalise (g, dfkd_gather_images (g, dfkd_graph_variable (g, e->images, 0), index), e->constants);
  x = dfkd_network_forward (network, g, parameters, state, x, DFKD_MODE_EVALUATE, FALSE, NULL).logits;
  dfkd_read (g, "predictions", dfkd_arg_max (g, x));
  return dfkd_program_new (device, g, error);
}

DfkdEvaluation *
dfkd_evaluation_new (DfkdDevice *device, const DfkdNetwork *network, DfkdBlock *parameters, DfkdBlock *state,
                     const DfkdDataset *data, const float *mean, const float *std, GError **error)
{
  g_autoptr (DfkdEvaluation) e = g_new0 (DfkdEvaluation, 1);
  g_autofree guint8 *images = dfkd_data_to_storage (data, error);
  gsize bytes = data->count * data->channels * data->height * data->width;

  if (images == NULL)
    return NULL;
  e->data = data;
  e->batch = MIN ((gsize) BATCH, data->count);
  e->predictions = g_new0 (gint32, data->count);
  e->images = dfkd_block_new ("test images");
  dfkd_block_add (e->images, "images", dfkd_shape_of_type (DFKD_U8, data->count, data->channels, data->height, data->width));
  e->constants = dfkd_normalisation_new (device, mean, std, data->channels, error);
  if (e->constants == NULL || !dfkd_device_allocate (device, e->images, error)
      || !dfkd_device_write (device, e->images, 0, images, bytes, error)
      || (e->program = build (e, device, network, parameters, state, error)) == NULL)
    return NULL;
  return g_steal_pointer (&e);
}

void
dfkd_evaluation_free (DfkdEvaluation *e)
{
  if (e == NULL)
    return;
  dfkd_program_free (e->program);
  dfkd_block_free (e->images);
  dfkd_block_free (e->constants);
  g_free (e->predictions);
  g_free (e);
}

void
dfkd_evaluation_set_watch (DfkdEvaluation *e, gboolean (*goes_on) (gpointer data), gpointer data)
{
  e->goes_on = goes_on;
  e->watch_data = data;
}

gboolean
dfkd_evaluation_run (DfkdEvaluation *e, double *accuracy, GError **error)
{
  gsize hits = 0;

  for (gsize first = 0; first < e->data->count; first += e->batch)
    {
      gsize start = MIN (first, e->data->count - e->batch); /* the last batch overlaps the one before */

      if (e->goes_on != NULL && !e->goes_on (e->watch_data))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED, _("the measurement was stopped"));
          return FALSE;
        }
      dfkd_program_set_counter (e->program, "first", 0, 0, (guint32) start);
      if (!dfkd_program_run (e->program, error) || !dfkd_program_wait (e->program, error))
        return FALSE;
      memcpy (e->predictions + start, dfkd_program_read (e->program, "predictions", NULL), e->batch * sizeof (gint32));
    }
  e->done = TRUE;
  for (gsize i = 0; i < e->data->count; i++)
    hits += e->predictions[i] == e->data->labels[i];
  *accuracy = 100.0 * (double) hits / (double) e->data->count;
  return TRUE;
}

gboolean
dfkd_evaluation_is_done (const DfkdEvaluation *e)
{
  return e->done;
}

const gint32 *
dfkd_evaluation_predictions (DfkdEvaluation *e)
{
  return e->predictions;
}

DfkdProgram *
dfkd_evaluation_program (DfkdEvaluation *e)
{
  return e->program;
}

gsize
dfkd_evaluation_batch (DfkdEvaluation *e)
{
  return e->batch;
}
