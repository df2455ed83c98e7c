/* trainer-build.c: making a trainer: networks on their device, the pool, the programs. */
#include "trainer-private.h"

#include "data-fit.h"
#include "embedded-teacher.h"
#include "errors.h"
#include "initialise.h"
#include "label-embeddings.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const double PATIENCE = 0.1;

static gboolean
place (DfkdTrainer *trainer, guint index, const DfkdNetwork *network, DfkdPlaced *placed, GError **error)
{
  DfkdBlock *parameters = dfkd_block_new_like (network->parameters, network->parameters->name);
  DfkdBlock *state = dfkd_block_new_like (network->state, network->state->name);

  trainer->blocks[2 * index] = parameters;
  trainer->blocks[2 * index + 1] = state;
  *placed = (DfkdPlaced){ network, parameters, state };
  return dfkd_device_allocate (trainer->device, parameters, error)
         && (state->bytes == 0 || dfkd_device_allocate (trainer->device, state, error));
}

static gboolean
upload (DfkdDevice *device, const DfkdPlaced *placed, const float *parameters, const float *state, GError **error)
{
  return dfkd_device_write (device, placed->parameters, 0, parameters, placed->parameters->bytes, error)
         && (placed->state->bytes == 0
             || dfkd_device_write (device, placed->state, 0, state, placed->state->bytes, error));
}

static gboolean
initialise (DfkdTrainer *trainer, const DfkdPlaced *placed, GError **error)
{
  g_autofree float *parameters = g_malloc0 (placed->parameters->bytes);
  g_autofree float *state = g_malloc0 (MAX (placed->state->bytes, sizeof (float)));

  dfkd_network_initialise (placed->network, (guint64) dfkd_trainer_number (trainer, DFKD_PARAMETER_SEED), parameters, state);
  return upload (trainer->device, placed, parameters, state, error);
}

static gboolean
build_networks (DfkdTrainer *trainer, DfkdPlaced placed[3], GError **error)
{
  const DfkdNetwork *teacher = trainer->teacher_model->network;
  DfkdNetworkOptions options = {
    .channels = teacher->options.channels,
    .height = teacher->options.height,
    .width = teacher->options.width,
    .classes = teacher->options.classes,
    .nz = dfkd_trainer_integer (trainer, DFKD_PARAMETER_NZ),
    .ngf = dfkd_trainer_integer (trainer, DFKD_PARAMETER_NGF),
  };
  const DfkdParameter *generator = dfkd_parameter (DFKD_PARAMETER_GENERATOR);
  const char *student = trainer->recipe->text[DFKD_PARAMETER_STUDENT];

  if (!dfkd_network_check_classifier (student, error))
    {
      g_prefix_error (error, "%s: ", dfkd_parameter (DFKD_PARAMETER_STUDENT)->name);
      return FALSE;
    }
  trainer->student = dfkd_network_new (student, &options, error);
  if (trainer->student == NULL)
    return FALSE;
  if (!place (trainer, 0, teacher, &placed[0], error) || !place (trainer, 1, trainer->student, &placed[1], error)
      || !upload (trainer->device, &placed[0], trainer->teacher_model->parameters, trainer->teacher_model->state, error)
      || !initialise (trainer, &placed[1], error))
    return FALSE;
  if (!trainer->method->has_generator)
    return TRUE;
  trainer->generator = dfkd_network_new (generator->choices[dfkd_trainer_integer (trainer, DFKD_PARAMETER_GENERATOR)], &options, error);
  return trainer->generator != NULL && place (trainer, 2, trainer->generator, &placed[2], error) && initialise (trainer, &placed[2], error);
}

static gboolean
check_images (const DfkdTrainer *trainer, const DfkdDataset *data, const char *advice, GError **error)
{
  const char *path = trainer->recipe->text[DFKD_PARAMETER_TEACHER];

  return dfkd_data_fit (data, trainer->teacher_model->network, *path != '\0' ? path : _("the built-in teacher"), advice, error);
}

/* The teacher's training images, resident: a batch of them is looked at, and the student draws from them all. */
static gboolean
load_originals (DfkdTrainer *trainer, GError **error)
{
  const char *source = trainer->recipe->text[DFKD_PARAMETER_DATA];
  g_autoptr (DfkdDataset) data = NULL;
  g_autofree guint8 *images = NULL;
  DfkdPoolOptions options = { .memory = (guint64) dfkd_trainer_number (trainer, DFKD_PARAMETER_POOL_MEMORY) << 20,
                              .drawn = MAX (dfkd_trainer_integer (trainer, DFKD_PARAMETER_BATCH), dfkd_recipe_student_batch (trainer->recipe)) };

  if (trainer->method->learns_from != DFKD_IMAGES_ORIGINALS)
    return TRUE;
  if (g_str_equal (source, "none"))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("data: the method %s learns from the teacher's training data, and “none” is given; name it with --data"), trainer->method->name);
      return FALSE;
    }
  data = dfkd_teacher_open_originals (source, trainer->recipe->text[DFKD_PARAMETER_TEACHER], trainer->teacher_model, error);
  if (data == NULL || !check_images (trainer, data, _("name the teacher’s training data with --data"), error))
    return FALSE;
  trainer->looked_at = dfkd_block_new ("original");
  dfkd_block_add (trainer->looked_at, "image", dfkd_shape (1, data->channels, data->height, data->width));
  options.source = trainer->looked_at;
  options.images = data->count;
  if (!dfkd_device_allocate (trainer->device, trainer->looked_at, error) || (trainer->originals = dfkd_pool_new (trainer->device, &options, error)) == NULL)
    return FALSE;
  if (dfkd_pool_is_on_disk (trainer->originals))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("pool_memory: %.0f MiB do not hold the %zu training images, of which every step draws; raise it"),
                   dfkd_trainer_number (trainer, DFKD_PARAMETER_POOL_MEMORY), data->count);
      return FALSE;
    }
  images = dfkd_data_to_storage (data, error);
  return images != NULL && dfkd_pool_append (trainer->originals, images, data->count, error);
}

static double
number (gconstpointer recipe, const char *name)
{
  return dfkd_recipe_number (recipe, name);
}

static DfkdSynthesis *
new_synthesis (DfkdTrainer *trainer, const DfkdPlaced placed[3], GError **error)
{
  const DfkdModel *teacher = trainer->teacher_model;
  const DfkdNetworkOptions *images = &teacher->network->options;
  const char *path = trainer->recipe->text[DFKD_PARAMETER_LABEL_EMBEDDINGS];
  g_autofree float *embeddings = NULL;
  DfkdSynthesisOptions options = {
    .batch = dfkd_trainer_integer (trainer, DFKD_PARAMETER_BATCH),
    .nz = dfkd_trainer_integer (trainer, DFKD_PARAMETER_NZ),
    .classes = images->classes,
    .channels = images->channels,
    .height = images->height,
    .width = images->width,
    .mean = teacher->mean,
    .std = teacher->std,
    .teacher = placed[0],
    .student = placed[1],
    .generator = placed[2],
    .number = number,
    .data = trainer->recipe,
    .pool = trainer->originals,
  };

  if (*path != '\0' && dfkd_method_uses (trainer->method, dfkd_parameter (DFKD_PARAMETER_LABEL_EMBEDDINGS)->name))
    {
      embeddings = dfkd_label_embeddings_read (path, images->classes, &options.embedding_size, error);
      if (embeddings == NULL)
        return NULL;
      options.embeddings = embeddings;
    }
  return dfkd_synthesis_new (trainer->device, trainer->method, &options, error);
}

/* of a method whose images are not kept it stays empty, and needs no file */
static DfkdPool *
new_pool (DfkdTrainer *trainer, GError **error)
{
  DfkdPoolOptions options = { .source = trainer->synthesis->batch,
                              .variable = DFKD_BATCH_BEST,
                              .images = dfkd_trainer_integer (trainer, DFKD_PARAMETER_BATCH),
                              .drawn = dfkd_recipe_student_batch (trainer->recipe),
                              .memory = (guint64) dfkd_trainer_number (trainer, DFKD_PARAMETER_POOL_MEMORY) << 20 };

  if (trainer->method->learns_from != DFKD_IMAGES_POOL)
    options.memory = G_MAXUINT64;
  else if (!dfkd_size_multiply (dfkd_trainer_integer (trainer, DFKD_PARAMETER_SYNTHESES), options.images, &options.images))
    options.images = G_MAXSIZE;
  return dfkd_pool_new (trainer->device, &options, error);
}

static gboolean
build_evaluations (DfkdTrainer *trainer, const DfkdPlaced placed[3], GError **error)
{
  const DfkdModel *model = trainer->teacher_model;

  if (trainer->data == NULL)
    return TRUE;
  if (!check_images (trainer, trainer->data, _("name fitting data with --data, or --data none to go without"), error))
    return FALSE;
  trainer->teacher_evaluation = dfkd_evaluation_new (trainer->device, placed[0].network, placed[0].parameters,
                                                     placed[0].state, trainer->data, model->mean, model->std, error);
  if (trainer->teacher_evaluation == NULL)
    return FALSE;
  trainer->evaluation = dfkd_evaluation_new (trainer->device, placed[1].network, placed[1].parameters, placed[1].state,
                                             trainer->data, model->mean, model->std, error);
  return trainer->evaluation != NULL;
}

static void
list_changing_blocks (DfkdTrainer *trainer)
{
  trainer->changing = g_ptr_array_new ();
  for (guint i = 2; i < G_N_ELEMENTS (trainer->blocks); i++)
    if (trainer->blocks[i] != NULL && trainer->blocks[i]->bytes > 0)
      g_ptr_array_add (trainer->changing, trainer->blocks[i]);
  g_ptr_array_extend (trainer->changing, trainer->synthesis->changing, NULL, NULL);
  g_ptr_array_add (trainer->changing, trainer->distillation->buffer);
}

/* room for the program with the most regions */
static double *
new_seconds (DfkdTrainer *trainer)
{
  const DfkdSynthesis *s = trainer->synthesis;
  DfkdProgram *const programs[] = { s->begin, s->inner, s->last, s->back, s->outer, trainer->distillation->step };
  guint most = 0;

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (programs[i] != NULL)
      most = MAX (most, g_strv_length (dfkd_program_get_plan (programs[i])->regions));
  return g_new0 (double, most);
}

DfkdTrainer *
dfkd_trainer_new (const DfkdRecipe *recipe, DfkdDevice *device, DfkdModel *teacher, DfkdDataset *data,
                  DfkdChannel *channel, GError **error)
{
  g_autoptr (DfkdTrainer) trainer = g_new0 (DfkdTrainer, 1);
  DfkdDistillationOptions distillation;
  DfkdPlaced placed[3] = { 0 };

  trainer->recipe = dfkd_recipe_copy (recipe);
  trainer->method = dfkd_recipe_get_method (recipe);
  trainer->patience = PATIENCE;
  trainer->device = device;
  trainer->channel = dfkd_channel_ref (channel);
  trainer->teacher_model = teacher;
  trainer->data = data;
  trainer->counters.accuracy = trainer->counters.best_accuracy = trainer->counters.teacher_accuracy = (double) NAN;
  trainer->counters.chosen_accuracy = trainer->counters.chosen_agreement = (double) NAN;
  if (!dfkd_recipe_check_values (recipe, error)
      || !dfkd_device_set_precision (device, (DfkdPrecision) dfkd_trainer_integer (trainer, DFKD_PARAMETER_PRECISION), error)
      || !build_networks (trainer, placed, error))
    return NULL;

  if (!load_originals (trainer, error))
    return NULL;
  trainer->synthesis = new_synthesis (trainer, placed, error);
  if (trainer->synthesis == NULL || (trainer->pool = new_pool (trainer, error)) == NULL)
    return NULL;
  distillation = (DfkdDistillationOptions){
    .batch = dfkd_recipe_student_batch (trainer->recipe),
    .mean = teacher->mean,
    .std = teacher->std,
    .criterion = trainer->method->criterion,
    .synthesis = trainer->method->learns_from == DFKD_IMAGES_FRESH ? trainer->synthesis : NULL,
  };
  trainer->distillation = dfkd_distillation_new (device, &distillation, &placed[0], &placed[1], dfkd_trainer_source (trainer), error);
  /* accuracy is always measured in full precision */
  if (trainer->distillation == NULL || !dfkd_device_set_precision (device, DFKD_PRECISION_FLOAT32, error)
      || !build_evaluations (trainer, placed, error))
    return NULL;
  list_changing_blocks (trainer);
  trainer->norms = dfkd_trainer_read_norms (trainer);
  trainer->seconds = new_seconds (trainer);
  trainer->counters.phase = DFKD_PHASE_BEGIN;
  return g_steal_pointer (&trainer);
}

void
dfkd_trainer_free (DfkdTrainer *trainer)
{
  if (trainer == NULL)
    return;
  dfkd_evaluation_free (trainer->evaluation);
  dfkd_evaluation_free (trainer->teacher_evaluation);
  dfkd_distillation_free (trainer->distillation);
  dfkd_pool_free (trainer->pool);
  dfkd_pool_free (trainer->originals);
  dfkd_block_free (trainer->looked_at);
  dfkd_synthesis_free (trainer->synthesis);
  for (guint i = 0; i < G_N_ELEMENTS (trainer->blocks); i++)
    dfkd_block_free (trainer->blocks[i]);
  dfkd_network_free (trainer->student);
  dfkd_network_free (trainer->generator);
  g_clear_pointer (&trainer->changing, g_ptr_array_unref);
  dfkd_model_free (trainer->teacher_model);
  g_free (trainer->teacher_sum);
  dfkd_dataset_free (trainer->data);
  dfkd_device_free (trainer->device);
  dfkd_channel_unref (trainer->channel);
  dfkd_recipe_free (trainer->recipe);
  dfkd_trainer_clear_film (trainer);
  dfkd_norms_unref (trainer->norms);
  g_free (trainer->seconds);
  g_free (trainer);
}
