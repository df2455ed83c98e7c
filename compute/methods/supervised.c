/* supervised.c: training with labels, as one program run once for each batch of a shuffled epoch. */
#include "supervised.h"

#include "augmentation.h"
#include "block-file.h"
#include "data-fit.h"
#include "errors.h"
#include "initialise.h"
#include "losses.h"
#include "random.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

enum {
  PURPOSE_CROPS = 32,
  PURPOSE_SHUFFLE = 40,
};

struct _DfkdSupervised
{
  DfkdDevice *device;
  DfkdSupervisedOptions options;
  DfkdBlock *parameters, *state, *gradient, *buffer, *data, *constants;
  DfkdProgram *program;
  gint32 *order;
  gsize count;
  guint64 done;
  double loss; /* smoothed */
};

static const char *const SUMMED[] = { "about", "steps", "loss", NULL }; /* metadata of a file that is resumed from */

typedef enum {
  DATA_IMAGES,
  DATA_LABELS,
  DATA_ORDER,
} DataVariable;

static DfkdProgram *
build (DfkdSupervised *s, const DfkdNetwork *network, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("training step");
  guint count = dfkd_block_count (s->parameters);
  g_autofree DfkdValue *wrt = g_new0 (DfkdValue, count), *gradients = g_new0 (DfkdValue, count);
  DfkdValue counter = dfkd_graph_counter (g, "first"), index, images, labels, logits, loss;

  dfkd_graph_begin_region (g, "augmentation");
  index = dfkd_gather_integers (g, dfkd_graph_variable (g, s->data, DATA_ORDER), dfkd_iota (g, counter, s->options.batch));
  images = dfkd_gather_images (g, dfkd_graph_variable (g, s->data, DATA_IMAGES), index);
  labels = dfkd_gather_integers (g, dfkd_graph_variable (g, s->data, DATA_LABELS), index);
  if (s->options.augment)
    {
      DfkdDraws draws = dfkd_draw_crops (g, counter, s->options.batch, PURPOSE_CROPS);

      images = dfkd_crop_flip (g, images, &draws);
    }
  dfkd_graph_begin_region (g, "student");
  logits = dfkd_network_forward (network, g, s->parameters, s->state, dfkd_normalise (g, images, s->constants), DFKD_MODE_TRAIN,
                                 TRUE, NULL)
             .logits;
  dfkd_graph_begin_region (g, "losses");
  loss = dfkd_cross_entropy (g, logits, dfkd_one_hot (g, labels, network->options.classes));
  for (guint i = 0; i < count; i++)
    wrt[i] = dfkd_graph_variable (g, s->parameters, i);
  dfkd_graph_gradients (g, loss, wrt, count, gradients);
  dfkd_graph_begin_region (g, "optimiser");
  for (guint i = 0; i < count; i++)
    dfkd_assign (g, dfkd_graph_variable (g, s->gradient, i), gradients[i]);
  dfkd_sgd (g, dfkd_graph_block (g, s->parameters), dfkd_graph_block (g, s->buffer), dfkd_graph_block (g, s->gradient),
            dfkd_graph_dial (g, "lr"), dfkd_graph_dial (g, "momentum"), dfkd_graph_dial (g, "weight_decay"));
  dfkd_read (g, "loss", loss);
  return dfkd_program_new (s->device, g, error);
}

static gboolean
upload (DfkdSupervised *s, const DfkdModel *model, const DfkdDataset *data, GError **error)
{
  const DfkdNetwork *network = model->network;
  g_autofree float *parameters = g_malloc0 (s->parameters->bytes), *state = g_malloc0 (MAX (s->state->bytes, 4));
  g_autofree guint8 *images = dfkd_data_to_storage (data, error);
  DfkdBlock *blocks[] = { s->parameters, s->state, s->gradient, s->buffer, s->data };

  if (images == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (blocks[i]->bytes > 0 && !dfkd_device_allocate (s->device, blocks[i], error))
      return FALSE;
  dfkd_network_initialise (network, s->options.seed, parameters, state);
  return dfkd_device_write (s->device, s->parameters, 0, parameters, s->parameters->bytes, error)
         && (s->state->bytes == 0 || dfkd_device_write (s->device, s->state, 0, state, s->state->bytes, error))
         && dfkd_device_write (s->device, s->data, dfkd_block_get (s->data, DATA_IMAGES)->offset, images,
                               data->count * data->channels * data->height * data->width, error)
         && dfkd_device_write (s->device, s->data, dfkd_block_get (s->data, DATA_LABELS)->offset, data->labels,
                               data->count * sizeof (gint32), error);
}

DfkdSupervised *
dfkd_supervised_new (DfkdDevice *device, const DfkdModel *model, const DfkdDataset *data, const DfkdSupervisedOptions *options,
                     GError **error)
{
  const DfkdNetwork *network = model->network;
  g_autoptr (DfkdSupervised) s = NULL;

  if (options->batch == 0 || options->batch > data->count)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("batch: %zu is not allowed; expected 1 to the %zu training images"), options->batch,
                   data->count);
      return NULL;
    }
  s = g_new0 (DfkdSupervised, 1);
  s->device = device;
  s->options = *options;
  s->count = data->count;
  s->order = g_new (gint32, data->count);
  s->parameters = dfkd_block_new_like (network->parameters, "parameters");
  s->state = dfkd_block_new_like (network->state, "state");
  s->gradient = dfkd_block_new_like (network->parameters, "gradient");
  s->buffer = dfkd_block_new_like (network->parameters, "momentum");
  s->data = dfkd_block_new ("training data");
  dfkd_block_add (s->data, "images", dfkd_shape_of_type (DFKD_U8, data->count, data->channels, data->height, data->width));
  dfkd_block_add (s->data, "labels", dfkd_shape_of_type (DFKD_I32, data->count, 0, 0, 0));
  dfkd_block_add (s->data, "order", dfkd_shape_of_type (DFKD_I32, data->count, 0, 0, 0));
  s->constants = dfkd_normalisation_new (device, model->mean, model->std, data->channels, error);
  if (s->constants == NULL || !upload (s, model, data, error) || (s->program = build (s, network, error)) == NULL)
    return NULL;
  return g_steal_pointer (&s);
}

void
dfkd_supervised_free (DfkdSupervised *s)
{
  if (s == NULL)
    return;
  dfkd_program_free (s->program);
  dfkd_block_free (s->parameters);
  dfkd_block_free (s->state);
  dfkd_block_free (s->gradient);
  dfkd_block_free (s->buffer);
  dfkd_block_free (s->data);
  dfkd_block_free (s->constants);
  g_free (s->order);
  g_free (s);
}

guint64
dfkd_supervised_epoch_steps (const DfkdSupervised *s)
{
  return s->count / s->options.batch;
}

guint64
dfkd_supervised_steps (const DfkdSupervised *s)
{
  return dfkd_supervised_epoch_steps (s) * s->options.epochs;
}

guint64
dfkd_supervised_steps_done (const DfkdSupervised *s)
{
  return s->done;
}

double
dfkd_supervised_loss (const DfkdSupervised *s)
{
  return s->loss;
}

DfkdBlock *
dfkd_supervised_parameters (DfkdSupervised *s)
{
  return s->parameters;
}

DfkdBlock *
dfkd_supervised_state (DfkdSupervised *s)
{
  return s->state;
}

/* Fisher and Yates, by draws of the epoch */
static gboolean
shuffle (DfkdSupervised *s, guint32 epoch, GError **error)
{
  for (gsize i = 0; i < s->count; i++)
    s->order[i] = (gint32) i;
  for (gsize i = s->count - 1; i > 0; i--)
    {
      guint32 words[4];
      gsize j;
      gint32 swap = s->order[i];

      dfkd_philox (s->options.seed, PURPOSE_SHUFFLE, epoch, (guint32) i, words);
      j = dfkd_philox_integer (words[0], (guint32) i + 1);
      s->order[i] = s->order[j];
      s->order[j] = swap;
    }
  return dfkd_device_write (s->device, s->data, dfkd_block_get (s->data, DATA_ORDER)->offset, s->order, s->count * sizeof (gint32), error);
}

static double
rate (const DfkdSupervised *s)
{
  double steps = (double) dfkd_supervised_steps (s), done = (double) s->done, warm = MAX (0.1 * steps, 1.0);

  if (done < warm)
    return s->options.lr * (done + 1.0) / warm;
  return s->options.lr * 0.5 * (1.0 + cos (G_PI * (done - warm) / MAX (steps - warm, 1.0)));
}

gboolean
dfkd_supervised_step (DfkdSupervised *s, double *loss, GError **error)
{
  guint64 in_epoch = s->done % dfkd_supervised_epoch_steps (s);

  if (in_epoch == 0 && !shuffle (s, (guint32) (s->done / dfkd_supervised_epoch_steps (s)), error))
    return FALSE;
  dfkd_program_set (s->program, "lr", (float) rate (s));
  dfkd_program_set (s->program, "momentum", (float) s->options.momentum);
  dfkd_program_set (s->program, "weight_decay", (float) s->options.weight_decay);
  dfkd_program_set_counter (s->program, "first", s->options.seed, (guint32) s->done, (guint32) (in_epoch * s->options.batch));
  if (!dfkd_program_run (s->program, error) || !dfkd_program_wait (s->program, error))
    return FALSE;
  *loss = (double) *(const float *) dfkd_program_read (s->program, "loss", NULL);
  s->loss = s->done == 0 ? *loss : 0.98 * s->loss + 0.02 * *loss;
  s->done++;
  if (isfinite (*loss))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER, _("the loss is not a finite number at step %" PRIu64 "; lower lr and start again"),
               s->done);
  return FALSE;
}

gboolean
dfkd_supervised_keep (DfkdSupervised *s, const char *about, const char *path, GError **error)
{
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autofree char *steps = g_strdup_printf ("%" PRIu64, s->done);
  char loss[G_ASCII_DTOSTR_BUF_SIZE];

  if (!dfkd_block_keep (s->parameters, s->device, writer, "parameters", error) || !dfkd_block_keep (s->state, s->device, writer, "state", error)
      || !dfkd_block_keep (s->buffer, s->device, writer, "momentum", error))
    return FALSE;
  dfkd_safetensors_writer_add_metadata (writer, "about", about);
  dfkd_safetensors_writer_add_metadata (writer, "steps", steps);
  dfkd_safetensors_writer_add_metadata (writer, "loss", g_ascii_dtostr (loss, sizeof loss, s->loss));
  dfkd_safetensors_writer_add_sum (writer, SUMMED);
  return dfkd_safetensors_writer_write (writer, path, error);
}

static DfkdSafetensors *
open_kept (const char *path, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);

  if (file == NULL)
    return NULL;
  for (const char *const *text = SUMMED; *text != NULL; text++)
    if (dfkd_safetensors_metadata (file, *text) == NULL)
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not what training keeps to go on from"), path);
        return NULL;
      }
  if (dfkd_safetensors_sum_is_right (file, SUMMED))
    return g_steal_pointer (&file);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is damaged: its checksum is wrong; remove it and train from the beginning"), path);
  return NULL;
}

char *
dfkd_supervised_read_about (const char *path, GError **error)
{
  g_autoptr (DfkdSafetensors) file = open_kept (path, error);

  return file != NULL ? g_strdup (dfkd_safetensors_metadata (file, "about")) : NULL;
}

gboolean
dfkd_supervised_resume (DfkdSupervised *s, const char *path, GError **error)
{
  g_autoptr (DfkdSafetensors) file = open_kept (path, error);
  guint64 epoch_steps = dfkd_supervised_epoch_steps (s);

  if (file == NULL || !dfkd_block_recall (s->parameters, s->device, file, "parameters", path, error)
      || !dfkd_block_recall (s->state, s->device, file, "state", path, error)
      || !dfkd_block_recall (s->buffer, s->device, file, "momentum", path, error))
    return FALSE;
  s->done = g_ascii_strtoull (dfkd_safetensors_metadata (file, "steps"), NULL, 10);
  s->loss = g_ascii_strtod (dfkd_safetensors_metadata (file, "loss"), NULL);
  return s->done % epoch_steps == 0 || shuffle (s, (guint32) (s->done / epoch_steps), error); /* as the epoch began */
}
