/* replay.c: reads a case, sets every input, runs the programs and compares. */
#include "replay-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>

void
dfkd_deviation_free (DfkdDeviation *deviation)
{
  g_free (deviation->name);
  g_free (deviation);
}

/* what the projection head of a CMI case gives; 1 where there is none */
static double
head_width (DfkdReplay *replay)
{
  const DfkdTensorEntry *bias = dfkd_safetensors_lookup (replay->file, "in/head.2.bias");

  return bias != NULL ? (double) dfkd_tensor_entry_count (bias) : 1.0;
}

/* remembered views of a CMI case */
static double
bank_size (DfkdReplay *replay)
{
  const DfkdTensorEntry *local = dfkd_safetensors_lookup (replay->file, "in/bank.local");

  return local != NULL && local->rank > 0 ? (double) local->dims[0] : 1.0;
}

static char *
meta_gradient (DfkdReplay *replay)
{
  return replay->meta_gradient != NULL ? g_strdup (replay->meta_gradient) : dfkd_replay_text (replay, "meta_gradient");
}

/* the settings of a recipe, as far as a case has them */
static double
number (gconstpointer data, const char *name)
{
  static const struct {
    const char *meta;
    double reuse, gradient;
  } variants[] = { { "fomaml", 0, 0 }, { "fomaml-last", 0, 1 }, { "reptile", 0, 2 }, { "maml", 0, 3 }, { "none", 1, 0 },
                   { "restart", 2, 0 } };
  DfkdReplay *replay = (DfkdReplay *) data;
  g_autofree char *meta = meta_gradient (replay);

  if (g_str_equal (name, "k"))
    return replay->k;
  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    if (g_str_equal (variants[i].meta, meta))
      {
        if (g_str_equal (name, "reuse"))
          return variants[i].reuse;
        if (g_str_equal (name, "meta_gradient"))
          return variants[i].gradient;
      }
  if (g_str_equal (name, "head"))
    return head_width (replay);
  if (g_str_equal (name, "bank") || g_str_equal (name, "negatives"))
    return bank_size (replay);
  return dfkd_replay_setting (replay, name);
}

static const DfkdMethod *
read_method (DfkdReplay *replay, GError **error)
{
  g_autofree char *name = dfkd_replay_text (replay, "method"), *all = g_strjoinv (", ", (char **) dfkd_method_names);
  const DfkdMethod *method = dfkd_method_find (name);

  if (method == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: expected a reference case of one of the methods %s, found method \"%s\""),
                 replay->path, all, name);
  return method;
}

static gboolean
place (DfkdReplay *replay, DfkdPlaced *placed, const char *name, const DfkdNetworkOptions *options, GError **error)
{
  placed->network = dfkd_network_new (name, options, error);
  if (placed->network == NULL)
    return FALSE;
  placed->parameters = placed->network->parameters;
  placed->state = placed->network->state;
  return dfkd_device_allocate (replay->device, placed->parameters, error)
         && (placed->state->bytes == 0 || dfkd_device_allocate (replay->device, placed->state, error));
}

static gboolean
place_networks (DfkdReplay *replay, const DfkdMethod *method, const DfkdNetworkOptions *options, GError **error)
{
  g_autofree char *teacher = dfkd_replay_text (replay, "teacher"), *student = dfkd_replay_text (replay, "student");

  return place (replay, &replay->teacher, teacher, options, error) && place (replay, &replay->student, student, options, error)
         && dfkd_replay_load_network (replay, &replay->teacher, "teacher", error)
         && dfkd_replay_load_network (replay, &replay->student, "student", error)
         && (!method->has_generator
             || (place (replay, &replay->generator, "generator", options, error)
                 && dfkd_replay_load_network (replay, &replay->generator, "generator", error)));
}

gboolean
dfkd_replay_prepare (DfkdReplay *replay, GError **error)
{
  DfkdNetworkOptions options = { .channels = (gsize) dfkd_replay_setting (replay, "channels"),
                                 .height = (gsize) dfkd_replay_setting (replay, "size"),
                                 .width = (gsize) dfkd_replay_setting (replay, "size"),
                                 .classes = (gsize) dfkd_replay_setting (replay, "classes"),
                                 .nz = (gsize) dfkd_replay_setting (replay, "nz"),
                                 .ngf = (gsize) dfkd_replay_setting (replay, "ngf") };
  g_autofree char *meta = meta_gradient (replay);
  const DfkdMethod *method;

  if (replay->k == 0)
    replay->k = (guint) dfkd_replay_setting (replay, "k");
  replay->options.batch = (gsize) dfkd_replay_setting (replay, "batch");
  if (replay->k == 0 || replay->k > 1000 || replay->options.batch == 0 || replay->options.batch > 65536
      || options.channels == 0 || options.channels > 1024)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the settings k, batch or channels of this case are missing or out of range"),
                   replay->path);
      return FALSE;
    }
  replay->options.nz = options.nz;
  replay->options.classes = options.classes;
  replay->options.channels = options.channels;
  replay->options.height = replay->options.width = options.height;
  replay->mean = dfkd_replay_channels (replay, "mean", FALSE, options.channels, error);
  replay->std = replay->mean != NULL ? dfkd_replay_channels (replay, "std", TRUE, options.channels, error) : NULL;
  if (replay->std == NULL)
    return FALSE;
  replay->options.mean = replay->mean;
  replay->options.std = replay->std;
  replay->options.given_draws = TRUE;
  replay->update_tolerance = g_str_equal (meta, "fomaml-last") ? DFKD_REPLAY_LAST_GRADIENT_UPDATES : DFKD_REPLAY_UPDATES;
  if ((method = read_method (replay, error)) == NULL || !place_networks (replay, method, &options, error))
    return FALSE;
  replay->options.teacher = replay->teacher;
  replay->options.student = replay->student;
  replay->options.generator = replay->generator;
  replay->options.number = number;
  replay->options.data = replay;
  replay->synthesis = dfkd_synthesis_new (replay->device, method, &replay->options, error);
  return replay->synthesis != NULL;
}

void
dfkd_replay_clear (DfkdReplay *replay)
{
  dfkd_synthesis_free (replay->synthesis);
  dfkd_network_free ((DfkdNetwork *) replay->teacher.network);
  dfkd_network_free ((DfkdNetwork *) replay->student.network);
  dfkd_network_free ((DfkdNetwork *) replay->generator.network);
  g_free (replay->mean);
  g_free (replay->std);
}

static GPtrArray *
replay_once (DfkdDevice *device, DfkdSafetensors *file, const char *path, guint nudge, GError **error)
{
  g_autoptr (GPtrArray) deviations = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_deviation_free);
  DfkdReplay replay = { .device = device, .file = file, .path = path, .nudge = nudge, .deviations = deviations };
  gboolean done = dfkd_replay_prepare (&replay, error) && dfkd_replay_method (&replay, error);

  dfkd_replay_clear (&replay);
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
