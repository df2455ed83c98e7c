/* scaling-rows.c: what a row of dfkd bench --scaling times: whole syntheses as a trainer does them, or student steps on a
 * pool filled with noise. A row that memory has no room for is left out before it takes any. */
#include "bench-scaling.h"

#include <math.h>
#include <string.h>

struct _ScalingSubject
{
  gsize bytes; /* that it takes, about */

  DfkdTrainer *trainer; /* of a synthesis … */
  DfkdChannel *channel;

  DfkdDevice *device; /* … or of a student step */
  DfkdModel *teacher;
  DfkdNetwork *student;
  DfkdBlock *source;
  DfkdPool *pool;
  DfkdDistillation *distillation;
  guint32 step;
};

static const double ROOM = 0.8; /* of what is free that a row may take */

/* A short run says little: in a round a row is run until this time has passed, or often enough. */
static const double ROUND_SECONDS = 0.25;
enum {
  ROUND_RUNS = 15,
};

double
scaling_x (const ScalingRow *row)
{
  switch (row->sweep)
    {
    case SCALING_BATCH:
      return (double) row->batch;
    case SCALING_K:
      return row->k;
    case SCALING_SIDE:
      return (double) row->side;
    case SCALING_RESIDENT:
    case SCALING_ON_DISK:
    case SCALING_N_SWEEPS:
      break;
    }
  return (double) row->pool;
}

/* ------------------------------------------------------------------------------------------------- subjects */

/* the teacher of the recipe or of --random-teacher for images of @side; 0: as it is */
static DfkdModel *
new_teacher (const Scaling *scaling, gsize side, GError **error)
{
  g_autoptr (DfkdModel) model = bench_new_teacher (scaling->recipe, scaling->teacher, error);
  g_autoptr (DfkdNetwork) network = NULL;
  DfkdNetworkOptions options;
  DfkdModel *other;

  if (model == NULL)
    return NULL;
  options = model->network->options;
  if (side == 0 || (options.height == side && options.width == side))
    return g_steal_pointer (&model);
  options.height = options.width = side;
  network = dfkd_network_new (model->network->name, &options, error);
  if (network == NULL)
    return NULL;
  other = dfkd_model_new (network, model->mean, model->std);
  dfkd_network_initialise (network, 0, other->parameters, other->state);
  if (network->parameters->bytes == model->network->parameters->bytes && network->state->bytes == model->network->state->bytes)
    {
      memcpy (other->parameters, model->parameters, network->parameters->bytes);
      memcpy (other->state, model->state, network->state->bytes);
    }
  return other;
}

static double
flop_of (DfkdProgram *program)
{
  double flop = 0.0, bytes;

  if (program != NULL)
    dfkd_plan_cost (dfkd_program_get_plan (program), &flop, &bytes);
  return flop;
}

static gboolean
prepare_synthesis (const Scaling *scaling, ScalingRow *row, ScalingSubject *s, GError **error)
{
  static const char *const kinds[] = { "begin", "inner", "last", "back", "outer" };
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_copy (scaling->recipe);
  DfkdModel *teacher = new_teacher (scaling, row->sweep == SCALING_SIDE ? row->side : 0, error);
  DfkdDevice *device = teacher != NULL ? dfkd_command_open_device (scaling->common, error) : NULL;

  if (device == NULL)
    {
      dfkd_model_free (teacher);
      return FALSE;
    }
  recipe->number[DFKD_PARAMETER_BATCH] = (double) row->batch;
  recipe->number[DFKD_PARAMETER_K] = row->k;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = (scaling->rounds + 1) * ROUND_RUNS + 1;
  recipe->number[DFKD_PARAMETER_WARMUP] = recipe->number[DFKD_PARAMETER_KD_STEPS] = recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = 0;
  s->channel = dfkd_channel_new ();
  s->trainer = dfkd_trainer_new (recipe, device, teacher, NULL, s->channel, error);
  if (s->trainer == NULL)
    return FALSE;
  s->bytes = teacher->network->parameters->bytes;
  for (guint i = 0; i < dfkd_trainer_block_count (s->trainer); i++)
    s->bytes += dfkd_trainer_block (s->trainer, i)->bytes;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      DfkdProgram *program = dfkd_trainer_program (s->trainer, kinds[i]);

      gboolean each = g_str_equal (kinds[i], "inner") || g_str_equal (kinds[i], "back");

      if (program == NULL)
        continue;
      s->bytes += dfkd_program_get_plan (program)->slab_bytes;
      row->flop += flop_of (program) * (each ? row->k : 1) / (double) row->batch;
    }
  s->bytes += dfkd_program_get_plan (dfkd_trainer_program (s->trainer, "student"))->slab_bytes;
  return TRUE;
}

static gboolean
fill (DfkdPool *pool, gsize count, GError **error)
{
  const gsize piece = 1000, words = (piece * dfkd_pool_image_bytes (pool) + 3) / 4;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autofree guint32 *noise = g_new (guint32, words);
  g_autofree char *sum = NULL;

  for (gsize i = 0; i < words; i++)
    noise[i] = g_rand_int (random);
  for (gsize done = 0; done < count; done += piece)
    if (dfkd_interrupts_seen () || !dfkd_pool_append (pool, (const guint8 *) noise, MIN (piece, count - done), error))
      return FALSE;
  /* or it would be written while others are timed */
  return !dfkd_pool_is_on_disk (pool) || (sum = dfkd_pool_sync (pool, error)) != NULL;
}

static gboolean
prepare_student (const Scaling *scaling, ScalingRow *row, ScalingSubject *s, GError **error)
{
  DfkdModel *teacher = s->teacher = new_teacher (scaling, 0, error);
  DfkdDistillationOptions options = { .batch = row->batch };
  DfkdPoolOptions pool = { .images = MAX (row->pool, row->batch), .memory = row->sweep == SCALING_ON_DISK ? 0 : G_MAXUINT64 };
  DfkdPlaced placed[2];
  DfkdNetworkOptions *input;
  g_autofree float *parameters = NULL, *state = NULL;

  if (teacher == NULL || (s->device = dfkd_command_open_device (scaling->common, error)) == NULL)
    return FALSE;
  input = &teacher->network->options;
  s->student = dfkd_network_new (scaling->recipe->text[DFKD_PARAMETER_STUDENT], input, error);
  if (s->student == NULL)
    return FALSE;
  parameters = g_malloc0 (s->student->parameters->bytes);
  state = g_malloc0 (MAX (s->student->state->bytes, sizeof (float)));
  dfkd_network_initialise (s->student, 0, parameters, state);
  s->source = dfkd_block_new ("images");
  dfkd_block_add (s->source, "images", dfkd_shape (row->batch, input->channels, input->height, input->width));
  pool.source = s->source;
  placed[0] = (DfkdPlaced){ teacher->network, teacher->network->parameters, teacher->network->state };
  placed[1] = (DfkdPlaced){ s->student, s->student->parameters, s->student->state };
  for (guint i = 0; i < 2; i++)
    if (!dfkd_device_allocate (s->device, placed[i].parameters, error)
        || (placed[i].state->bytes > 0 && !dfkd_device_allocate (s->device, placed[i].state, error)))
      return FALSE;
  options.mean = teacher->mean;
  options.std = teacher->std;
  if (!dfkd_model_upload (teacher, s->device, placed[0].parameters, placed[0].state, error)
      || !dfkd_device_write (s->device, placed[1].parameters, 0, parameters, placed[1].parameters->bytes, error)
      || (placed[1].state->bytes > 0 && !dfkd_device_write (s->device, placed[1].state, 0, state, placed[1].state->bytes, error))
      || !dfkd_device_allocate (s->device, s->source, error) || (s->pool = dfkd_pool_new (s->device, &pool, error)) == NULL)
    return FALSE;
  if (dfkd_pool_is_on_disk (s->pool) != (row->sweep == SCALING_ON_DISK))
    {
      g_autofree char *bytes = g_format_size_full (pool.images * dfkd_pool_image_bytes (s->pool), G_FORMAT_SIZE_IEC_UNITS);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("a pool of %s has no room in the memory of this device"), bytes);
      return FALSE;
    }
  s->distillation = dfkd_distillation_new (s->device, &options, &placed[0], &placed[1], s->pool, error);
  if (s->distillation == NULL || !fill (s->pool, row->pool, error))
    return FALSE;
  dfkd_program_set (s->distillation->step, "temperature", (float) dfkd_recipe_temperature (scaling->recipe));
  row->flop = flop_of (s->distillation->step) / (double) row->batch;
  s->bytes = dfkd_program_get_plan (s->distillation->step)->slab_bytes
             + (row->sweep == SCALING_ON_DISK ? 0 : pool.images * dfkd_pool_image_bytes (s->pool));
  return TRUE;
}

static void
subject_free (ScalingSubject *s)
{
  if (s == NULL)
    return;
  dfkd_trainer_free (s->trainer);
  g_clear_pointer (&s->channel, dfkd_channel_unref);
  g_clear_pointer (&s->distillation, dfkd_distillation_free);
  dfkd_pool_free (s->pool);
  g_clear_pointer (&s->source, dfkd_block_free);
  dfkd_network_free (s->student);
  dfkd_model_free (s->teacher);
  dfkd_device_free (s->device);
  g_free (s);
}

/* ---------------------------------------------------------------------------------------------------- memory */

/* of the host; the memory of a real GPU says itself when it is full */
static guint64
free_memory (const ScalingSubject *subject)
{
  DfkdDevice *device = subject->trainer != NULL ? dfkd_trainer_get_device (subject->trainer) : subject->device;
  g_autofree char *text = NULL;
  const char *line;

  if (g_str_equal (dfkd_device_describe (device)->kind, "discrete GPU"))
    return G_MAXUINT64;
  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL) || (line = strstr (text, "MemAvailable:")) == NULL)
    return G_MAXUINT64;
  return g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10) * 1024;
}

/* A row takes more than the one before it by as much as it is larger. */
static gboolean
has_room (ScalingRow *row, const ScalingRow *before)
{
  double growth, wanted, there;

  if (before == NULL || before->subject == NULL)
    return TRUE;
  growth = (double) (row->batch * row->side * row->side) / (double) (before->batch * before->side * before->side);
  wanted = (double) before->subject->bytes * growth
           + (row->sweep == SCALING_RESIDENT ? (double) (row->pool - before->pool) * (double) dfkd_pool_image_bytes (before->subject->pool) : 0.0);
  there = (double) free_memory (before->subject);
  if (wanted <= ROOM * there)
    return TRUE;
  {
    g_autofree char *needs = g_format_size_full ((guint64) wanted, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *has = g_format_size_full ((guint64) there, G_FORMAT_SIZE_IEC_UNITS);

    row->no_room = TRUE;
    row->left_out = g_strdup_printf (_("it needs about %s of memory, and %s are free"), needs, has);
  }
  return FALSE;
}

void
scaling_prepare (const Scaling *scaling, ScalingRow *row, const ScalingRow *before)
{
  g_autoptr (GError) error = NULL;
  ScalingSubject *subject;

  if (before != NULL && before->no_room)
    {
      row->no_room = TRUE;
      row->left_out = g_strdup (_("it needs more memory than the one before"));
    }
  if (row->no_room || !has_room (row, before))
    return;
  subject = g_new0 (ScalingSubject, 1);
  if (row->k > 0 ? prepare_synthesis (scaling, row, subject, &error) : prepare_student (scaling, row, subject, &error))
    row->subject = subject;
  else
    {
      row->no_room = g_error_matches (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
      row->left_out = g_strdup (error != NULL ? error->message : _("interrupted"));
      subject_free (subject);
    }
}

void
scaling_release (ScalingRow *row)
{
  g_clear_pointer (&row->subject, subject_free);
}

/* ---------------------------------------------------------------------------------------------------- timing */

static gboolean
synthesise (ScalingSubject *s, GError **error)
{
  guint32 before = dfkd_trainer_get_counters (s->trainer)->synthesis;
  DfkdEvent *event;

  while (dfkd_trainer_get_counters (s->trainer)->synthesis == before)
    if (!dfkd_trainer_advance (s->trainer, G_MAXUINT, error))
      return FALSE;
  g_array_unref (dfkd_channel_take_scalars (s->channel));
  while ((event = dfkd_channel_take_event (s->channel)) != NULL)
    dfkd_event_free (event);
  return TRUE;
}

static gboolean
step (ScalingSubject *s, GError **error)
{
  DfkdProgram *program = s->distillation->step;

  if (!dfkd_pool_stage (s->pool, 0, s->step, 1, error))
    return FALSE;
  dfkd_pool_set_dials (s->pool, program, 0);
  dfkd_program_set_counter (program, "draw", 0, s->step++, 0);
  return dfkd_program_run (program, error) && dfkd_program_wait (program, error);
}

gboolean
scaling_time (ScalingRow *row, double *seconds, GError **error)
{
  double times[ROUND_RUNS], all = 0.0;
  guint count = 0;

  while (count < ROUND_RUNS && all < ROUND_SECONDS && (count == 0 || !dfkd_interrupts_seen ()))
    {
      gint64 started = g_get_monotonic_time ();

      if (row->subject->trainer != NULL ? !synthesise (row->subject, error) : !step (row->subject, error))
        return FALSE;
      times[count] = (double) (g_get_monotonic_time () - started) * 1e-6;
      all += times[count++];
    }
  *seconds = dfkd_median (times, count) / (double) row->batch;
  return TRUE;
}
