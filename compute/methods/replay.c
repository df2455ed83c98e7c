/* replay.c: reads a case, sets every input, runs the programs and compares. */
#include "replay.h"

#include "augmentation.h"
#include "distillation.h"
#include "errors.h"
#include "fast.h"
#include "random.h"
#include "safetensors.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* tolerances of the reference's README */
static const double LOSSES = 1e-4, GRADIENTS = 1e-4, LOGITS = 1e-3, IMAGES = 1e-3, UPDATES = 1e-2;
static const double LAST_GRADIENT_UPDATES = 2e-1;

typedef struct {
  DfkdNetwork *network;
  DfkdBlock *parameters, *state;
} Placed;

typedef struct {
  DfkdDevice *device;
  DfkdSafetensors *file;
  const char *path;
  GPtrArray *deviations;
  Placed teacher, student, generator;
  DfkdFast *fast;
  DfkdFastOptions options;
  guint k, nudge;
  double update_tolerance;
} Replay;

void
dfkd_deviation_free (DfkdDeviation *deviation)
{
  g_free (deviation->name);
  g_free (deviation);
}

/* --------------------------------------------------------------------------------------- reading the case */

static const DfkdTensorEntry *
lookup (Replay *replay, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static const DfkdTensorEntry *
lookup (Replay *replay, GError **error, const char *format, ...)
{
  g_autofree char *name = NULL;
  const DfkdTensorEntry *entry;
  va_list arguments;

  va_start (arguments, format);
  name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  entry = dfkd_safetensors_lookup (replay->file, name);
  if (entry == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the tensor %s is missing from this case"), replay->path, name);
  return entry;
}

/* elements first … first + count of a tensor, as float; NULL when it is shorter */
static float *
read_floats (Replay *replay, const DfkdTensorEntry *entry, gsize first, gsize count, GError **error)
{
  g_autofree float *all = NULL;
  gsize total = dfkd_tensor_entry_count (entry);

  if (first + count > total)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s: the tensor %s holds %zu numbers, expected at least %zu"), replay->path,
                   entry->name, total, first + count);
      return NULL;
    }
  all = g_new (float, total);
  if (!dfkd_tensor_entry_read_float (entry, all, total, error))
    return NULL;
  return g_memdup2 (all + first, count * sizeof (float));
}

static gboolean
write_variable (Replay *replay, DfkdBlock *block, guint index, const DfkdTensorEntry *entry, gsize round, GError **error)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  gsize count = dfkd_shape_count (&variable->shape);
  g_autofree float *values = NULL;
  g_autofree gint32 *storage = g_new (gint32, count);

  if (entry == NULL || (values = read_floats (replay, entry, round * count, count, error)) == NULL)
    return FALSE;
  if (variable->shape.type == DFKD_I32)
    for (gsize i = 0; i < count; i++)
      storage[i] = (gint32) values[i];
  else
    dfkd_tensor_to_storage (&variable->shape, values, storage);
  return dfkd_device_write (replay->device, block, variable->offset, storage, count * sizeof (float), error);
}

static gboolean
load_network (Replay *replay, Placed *placed, const char *prefix, GError **error)
{
  for (guint i = 0; i < placed->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (placed->network->tensors, DfkdNetworkTensor, i);
      DfkdBlock *block = tensor->home == DFKD_HOME_PARAMETERS ? placed->parameters : placed->state;
      const DfkdTensorEntry *entry;
      g_autofree float *values = NULL, *storage = NULL;
      gsize count, offset;

      if (tensor->home == DFKD_HOME_COUNTER)
        continue;
      /* a generator's running statistics are not part of a case: it always normalises by its batch */
      if (tensor->home == DFKD_HOME_STATE && placed->network->is_generator)
        continue;
      count = dfkd_shape_count (&tensor->shape);
      offset = dfkd_block_get (block, tensor->variable)->offset + tensor->row * count * sizeof (float);
      entry = lookup (replay, error, "in/%s.%s", prefix, tensor->name);
      if (entry == NULL || (values = read_floats (replay, entry, 0, count, error)) == NULL)
        return FALSE;
      storage = g_new (float, count);
      dfkd_tensor_to_storage (&tensor->shape, values, storage);
      if (!dfkd_device_write (replay->device, block, offset, storage, count * sizeof (float), error))
        return FALSE;
    }
  return TRUE;
}

/* ---------------------------------------------------------------------------------------------- comparing */

static void
add_deviation (Replay *replay, const char *name, const float *got, const float *want, const float *before, gsize count,
               double tolerance)
{
  DfkdDeviation *deviation = g_new0 (DfkdDeviation, 1);
  double difference = 0.0, size = 0.0;

  for (gsize i = 0; i < count; i++)
    {
      double d = (double) got[i] - (double) want[i], w = (double) want[i] - (before != NULL ? (double) before[i] : 0.0);

      difference += d * d;
      size += w * w;
    }
  deviation->name = g_strdup (name);
  deviation->tolerance = tolerance;
  if (!isfinite (difference))
    deviation->deviation = (double) INFINITY;
  else if (size > 0.0)
    deviation->deviation = sqrt (difference / size);
  else
    deviation->deviation = difference > 0.0 ? (double) INFINITY : 0.0; /* what must not move did */
  g_ptr_array_add (replay->deviations, deviation);
}

static gboolean
compare_values (Replay *replay, const float *got, gsize count, const char *name, double tolerance, GError **error)
{
  const DfkdTensorEntry *entry = lookup (replay, error, "out/%s", name);
  g_autofree float *want = NULL;

  if (entry == NULL || (want = read_floats (replay, entry, 0, count, error)) == NULL)
    return FALSE;
  add_deviation (replay, name, got, want, NULL, count, tolerance);
  return TRUE;
}

static float *
download (Replay *replay, DfkdBlock *block, gsize offset, const DfkdShape *shape, GError **error)
{
  gsize bytes = dfkd_shape_bytes (shape);
  g_autofree float *storage = g_malloc (bytes), *values = g_malloc (bytes);

  if (!dfkd_device_read (replay->device, block, offset, storage, bytes, error))
    return NULL;
  dfkd_tensor_from_storage (shape, storage, values);
  return g_steal_pointer (&values);
}

static gboolean
compare_variable (Replay *replay, DfkdBlock *block, guint index, const char *name, double tolerance, GError **error)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  g_autofree float *got = download (replay, block, variable->offset, &variable->shape, error);

  return got != NULL && compare_values (replay, got, dfkd_shape_count (&variable->shape), name, tolerance, error);
}

/* Every tensor of a network in @parameters (and @state), under out/@prefix; @before is where the updates
 * start from, as "in/generator", or NULL to compare the values themselves. */
static gboolean
compare_network (Replay *replay, const Placed *placed, DfkdBlock *parameters, DfkdBlock *state, const char *prefix,
                 const char *before, double tolerance, GError **error)
{
  for (guint i = 0; i < placed->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (placed->network->tensors, DfkdNetworkTensor, i);
      DfkdBlock *block = tensor->home == DFKD_HOME_PARAMETERS ? parameters : state;
      g_autofree char *name = g_strdup_printf ("%s.%s", prefix, tensor->name);
      g_autofree float *got = NULL, *want = NULL, *start = NULL;
      const DfkdTensorEntry *entry;
      gsize count, offset;

      if (tensor->home == DFKD_HOME_COUNTER || block == NULL)
        continue;
      count = dfkd_shape_count (&tensor->shape);
      offset = dfkd_block_get (block, tensor->variable)->offset + tensor->row * count * sizeof (float);
      entry = lookup (replay, error, "out/%s", name);
      if (entry == NULL || (want = read_floats (replay, entry, 0, count, error)) == NULL)
        return FALSE;
      if (before != NULL)
        {
          entry = lookup (replay, error, "%s.%s", before, tensor->name);
          if (entry == NULL || (start = read_floats (replay, entry, 0, count, error)) == NULL)
            return FALSE;
        }
      if ((got = download (replay, block, offset, &tensor->shape, error)) == NULL)
        return FALSE;
      add_deviation (replay, name, got, want, start, count, tolerance);
    }
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------ running */

static gboolean
run (DfkdProgram *program, GError **error)
{
  return dfkd_program_run (program, error) && dfkd_program_wait (program, error);
}

static double
setting (Replay *replay, const char *name)
{
  const char *text = dfkd_safetensors_metadata (replay->file, name);

  return text != NULL ? g_ascii_strtod (text, NULL) : 0.0;
}

static void
set_dials (Replay *replay, DfkdProgram *program, guint round, guint step)
{
  dfkd_program_set (program, "bn", (float) setting (replay, "bn"));
  dfkd_program_set (program, "oh", (float) setting (replay, "oh"));
  dfkd_program_set (program, "adv", (float) setting (replay, "adv"));
  dfkd_program_set (program, "lr_g", (float) setting (replay, "lr_g"));
  dfkd_program_set (program, "lr_z", (float) setting (replay, "lr_z"));
  dfkd_program_set (program, "bn_momentum", round > 0 ? (float) setting (replay, "bn_momentum") : 0.0f);
  dfkd_program_set (program, "t", (float) (step + 1));
}

static gboolean
set_draws (Replay *replay, DfkdProgram *program, guint round, guint step, GError **error)
{
  set_dials (replay, program, round, step);
  return write_variable (replay, replay->fast->batch, DFKD_FAST_OFFSET, lookup (replay, error, "in/%u.offset", round), step, error)
         && write_variable (replay, replay->fast->batch, DFKD_FAST_FLIP, lookup (replay, error, "in/%u.flip", round), step, error);
}

static gboolean
compare_first_gradients (Replay *replay, guint round, GError **error)
{
  g_autofree char *prefix = g_strdup_printf ("%u.gradient", round), *z = g_strdup_printf ("%u.gradient.z", round);

  return compare_network (replay, &replay->generator, replay->fast->gradient, NULL, prefix, NULL, GRADIENTS, error)
         && compare_variable (replay, replay->fast->batch, DFKD_FAST_Z_GRADIENT, z, GRADIENTS, error);
}

/* z, each number moved by at most one unit in its last place when this is not the first try */
static gboolean
write_latents (Replay *replay, guint round, GError **error)
{
  const DfkdVariable *z = dfkd_block_get (replay->fast->batch, DFKD_FAST_Z);
  const DfkdTensorEntry *entry = lookup (replay, error, "in/%u.z", round);
  gsize count = dfkd_shape_count (&z->shape);
  g_autofree float *values = entry != NULL ? read_floats (replay, entry, 0, count, error) : NULL;

  if (values == NULL)
    return FALSE;
  for (gsize i = 0; i < count && replay->nudge > 0; i++)
    {
      guint32 words[4];

      dfkd_philox (replay->nudge, round, 0, (guint32) i, words);
      values[i] = nextafterf (values[i], words[0] & 1 ? INFINITY : -INFINITY);
    }
  return dfkd_device_write (replay->device, replay->fast->batch, z->offset, values, count * sizeof (float), error);
}

static gboolean
synthesise (Replay *replay, guint round, GError **error)
{
  static const char *const terms[] = { "loss_bn", "loss_oh", "loss_adv", "loss" };
  DfkdFast *fast = replay->fast;
  g_autofree float *trace = g_new (float, replay->k * G_N_ELEMENTS (terms));
  g_autofree char *images = g_strdup_printf ("%u.images", round), *z = g_strdup_printf ("%u.z", round);
  g_autofree char *generator = g_strdup_printf ("%u.generator", round);
  g_autofree char *before = round == 0 ? g_strdup ("in/generator") : g_strdup_printf ("out/%u.generator", round - 1);

  if (!write_latents (replay, round, error)
      || !write_variable (replay, fast->batch, DFKD_FAST_LABELS, lookup (replay, error, "in/%u.labels", round), 0, error)
      || !run (fast->begin, error))
    return FALSE;
  for (guint step = 0; step < replay->k; step++)
    {
      if (!set_draws (replay, fast->inner, round, step, error) || !run (fast->inner, error))
        return FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
        trace[i * replay->k + step] = *(const float *) dfkd_program_read (fast->inner, terms[i], NULL);
      if (step == 0 && !compare_first_gradients (replay, round, error))
        return FALSE;
    }
  if (fast->last != NULL && (!set_draws (replay, fast->last, round, replay->k, error) || !run (fast->last, error)))
    return FALSE;

  dfkd_program_set (fast->outer, "rate", (float) (setting (replay, "lr_g") * replay->k));
  dfkd_program_set (fast->outer, "t", (float) (round + 1));
  dfkd_program_set (fast->outer, "bn_momentum", round > 0 ? (float) setting (replay, "bn_momentum") : 0.0f);
  dfkd_program_set_counter (fast->outer, "store", 0, 0, 0);
  if (!run (fast->outer, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.%s", round, terms[i]);

      if (!compare_values (replay, trace + i * replay->k, replay->k, name, LOSSES, error))
        return FALSE;
    }
  return compare_variable (replay, fast->batch, DFKD_FAST_BEST, images, IMAGES, error)
         && compare_variable (replay, fast->batch, DFKD_FAST_Z, z, IMAGES, error)
         && compare_network (replay, &replay->generator, replay->generator.parameters, NULL, generator, before,
                             replay->update_tolerance, error);
}

static gboolean
distil (Replay *replay, const DfkdPlaced *teacher, const DfkdPlaced *student, GError **error)
{
  DfkdDistillationOptions options = { .batch = replay->options.batch,
                                      .mean = replay->options.mean,
                                      .std = replay->options.std,
                                      .given_batch = TRUE };
  g_autoptr (DfkdDistillation) d = dfkd_distillation_new (replay->device, &options, teacher, student, NULL, error);
  const DfkdVariable *best = dfkd_block_get (replay->fast->batch, DFKD_FAST_BEST);
  gsize logits = replay->options.batch * replay->options.classes, bytes = dfkd_shape_bytes (&best->shape);
  g_autofree guint8 *images = g_malloc (bytes);

  if (d == NULL || !dfkd_device_read (replay->device, replay->fast->batch, best->offset, images, bytes, error)
      || !dfkd_device_write (replay->device, d->given, dfkd_block_get (d->given, DFKD_DISTILLATION_IMAGES)->offset, images, bytes, error)
      || !write_variable (replay, d->given, DFKD_DISTILLATION_OFFSET, lookup (replay, error, "in/distil.offset"), 0, error)
      || !write_variable (replay, d->given, DFKD_DISTILLATION_FLIP, lookup (replay, error, "in/distil.flip"), 0, error))
    return FALSE;
  dfkd_program_set (d->step, "temperature", (float) setting (replay, "temperature"));
  dfkd_program_set (d->step, "lr", 0.1f);
  dfkd_program_set (d->step, "momentum", 0.9f);
  dfkd_program_set (d->step, "weight_decay", 1e-4f);
  return run (d->step, error)
         && compare_values (replay, dfkd_program_read (d->step, "loss", NULL), 1, "distil.loss", LOGITS, error)
         && compare_values (replay, dfkd_program_read (d->step, "teacher_logits", NULL), logits, "distil.teacher_logits", LOGITS, error)
         && compare_values (replay, dfkd_program_read (d->step, "student_logits", NULL), logits, "distil.student_logits", LOGITS, error)
         && compare_network (replay, &replay->student, replay->student.parameters, replay->student.state, "student",
                             "in/student", replay->update_tolerance, error);
}

/* -------------------------------------------------------------------------------------------------- set-up */

static gboolean
place (Replay *replay, Placed *placed, const char *name, const DfkdNetworkOptions *options, GError **error)
{
  placed->network = dfkd_network_new (name, options, error);
  if (placed->network == NULL)
    return FALSE;
  placed->parameters = placed->network->parameters;
  placed->state = placed->network->state;
  return dfkd_device_allocate (replay->device, placed->parameters, error)
         && (placed->state->bytes == 0 || dfkd_device_allocate (replay->device, placed->state, error));
}

/* a setting that is text: written as JSON, in quotes */
static char *
text_setting (Replay *replay, const char *name)
{
  const char *text = dfkd_safetensors_metadata (replay->file, name);
  gsize length = text != NULL ? strlen (text) : 0;

  return length >= 2 && text[0] == '"' ? g_strndup (text + 1, length - 2) : g_strdup (text != NULL ? text : "");
}

static gboolean
read_method (Replay *replay, GError **error)
{
  static const struct {
    const char *name;
    DfkdReuse reuse;
    DfkdMetaGradient meta;
  } methods[] = { { "fomaml", DFKD_REUSE_COMMON, DFKD_META_FOMAML },
                  { "fomaml-last", DFKD_REUSE_COMMON, DFKD_META_FOMAML_LAST },
                  { "reptile", DFKD_REUSE_COMMON, DFKD_META_REPTILE },
                  { "none", DFKD_REUSE_SEQUENTIAL, DFKD_META_FOMAML },
                  { "restart", DFKD_REUSE_NONE, DFKD_META_FOMAML } };
  g_autofree char *method = text_setting (replay, "method"), *meta = text_setting (replay, "meta_gradient");

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (method, "fast") && g_str_equal (meta, methods[i].name))
      {
        replay->options.reuse = methods[i].reuse;
        replay->options.meta = methods[i].meta;
        replay->update_tolerance = methods[i].meta == DFKD_META_FOMAML_LAST ? LAST_GRADIENT_UPDATES : UPDATES;
        return TRUE;
      }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: expected a reference case of the method \"fast\", found method \"%s\" with meta-gradient \"%s\""),
               replay->path, method, meta);
  return FALSE;
}

static gboolean
replay_all (Replay *replay, GError **error)
{
  float mean = (float) setting (replay, "mean"), std = (float) setting (replay, "std");
  DfkdNetworkOptions options = { .channels = (gsize) setting (replay, "channels"),
                                 .height = (gsize) setting (replay, "size"),
                                 .width = (gsize) setting (replay, "size"),
                                 .classes = (gsize) setting (replay, "classes"),
                                 .nz = (gsize) setting (replay, "nz"),
                                 .ngf = (gsize) setting (replay, "ngf") };
  g_autofree char *teacher_name = text_setting (replay, "teacher"), *student_name = text_setting (replay, "student");
  DfkdPlaced teacher, student, generator;

  replay->k = (guint) setting (replay, "k");
  replay->options.batch = (gsize) setting (replay, "batch");
  if (replay->k == 0 || replay->k > 1000 || replay->options.batch == 0 || replay->options.batch > 65536
      || options.channels != 1)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the settings k, batch or channels of this case are missing or out of range"),
                   replay->path);
      return FALSE;
    }
  replay->options.nz = options.nz;
  replay->options.classes = options.classes;
  replay->options.channels = options.channels;
  replay->options.height = replay->options.width = options.height;
  replay->options.mean = &mean;
  replay->options.std = &std;
  replay->options.given_draws = TRUE;
  if (!read_method (replay, error) || !place (replay, &replay->teacher, teacher_name, &options, error)
      || !place (replay, &replay->student, student_name, &options, error)
      || !place (replay, &replay->generator, "generator", &options, error)
      || !load_network (replay, &replay->teacher, "teacher", error)
      || !load_network (replay, &replay->student, "student", error)
      || !load_network (replay, &replay->generator, "generator", error))
    return FALSE;
  teacher = (DfkdPlaced){ replay->teacher.network, replay->teacher.parameters, replay->teacher.state };
  student = (DfkdPlaced){ replay->student.network, replay->student.parameters, replay->student.state };
  generator = (DfkdPlaced){ replay->generator.network, replay->generator.parameters, replay->generator.state };
  replay->fast = dfkd_fast_new (replay->device, &replay->options, &teacher, &student, &generator, error);
  return replay->fast != NULL && synthesise (replay, 0, error) && synthesise (replay, 1, error)
         && distil (replay, &teacher, &student, error);
}

static GPtrArray *
replay_once (DfkdDevice *device, DfkdSafetensors *file, const char *path, guint nudge, GError **error)
{
  g_autoptr (GPtrArray) deviations = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_deviation_free);
  Replay replay = { .device = device, .file = file, .path = path, .nudge = nudge, .deviations = deviations };
  gboolean done = replay_all (&replay, error);

  dfkd_fast_free (replay.fast);
  dfkd_network_free (replay.teacher.network);
  dfkd_network_free (replay.student.network);
  dfkd_network_free (replay.generator.network);
  return done ? g_steal_pointer (&deviations) : NULL;
}

static gboolean
is_met (GPtrArray *deviations)
{
  for (guint i = 0; i < deviations->len; i++)
    {
      const DfkdDeviation *d = g_ptr_array_index (deviations, i);

      if (!(d->deviation <= d->tolerance))
        return FALSE;
    }
  return TRUE;
}

GPtrArray *
dfkd_replay_case (DfkdDevice *device, const char *path, guint *nudge, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);
  g_autoptr (GPtrArray) first = NULL;

  *nudge = 0;
  if (file == NULL || (first = replay_once (device, file, path, 0, error)) == NULL)
    return NULL;
  if (is_met (first))
    return g_steal_pointer (&first);
  for (guint n = 1; n <= DFKD_REPLAY_NUDGES; n++)
    {
      g_autoptr (GPtrArray) deviations = replay_once (device, file, path, n, error);

      if (deviations == NULL)
        return NULL;
      if (!is_met (deviations))
        continue;
      *nudge = n;
      return g_steal_pointer (&deviations);
    }
  return g_steal_pointer (&first);
}
