/* replay-methods.c: what a case of each method writes, runs and compares. */
#include "distillation.h"
#include "replay-private.h"

static gboolean
run (DfkdProgram *program, GError **error)
{
  return dfkd_program_run (program, error) && dfkd_program_wait (program, error);
}

void
dfkd_replay_set_dials (DfkdReplay *replay, DfkdProgram *program, guint round, guint step)
{
  static const char *const names[] = { "bn", "oh", "adv", "act", "balance", "cr", "cr_temperature", "tv", "l2", "student_bn", "lr_g", "lr_z" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    dfkd_program_set (program, names[i], (float) dfkd_replay_setting (replay, names[i]));
  if (replay->generator.network == NULL)
    dfkd_program_set (program, "lr_z", (float) dfkd_replay_setting (replay, "lr"));
  dfkd_program_set (program, "bn_momentum", round > 0 ? (float) dfkd_replay_setting (replay, "bn_momentum") : 0.0f);
  dfkd_program_set (program, "t", (float) (step + 1));
  dfkd_program_set (program, "step", (float) (step + 1));
  dfkd_program_set (program, "synthesis", (float) (round + 1));
  dfkd_program_set (program, "rate", (float) (dfkd_replay_setting (replay, "lr_g") * replay->k));
}

/* ------------------------------------------------------------------------------------------- losses step by step */

static const char *const terms[] = { "loss_bn", "loss_oh", "loss_adv", "loss_act", "loss_balance", "loss_cr", "loss_tv", "loss_l2", "loss" };

typedef struct {
  guint k;
  float *values; /* terms × k */
} Trace;

static void
trace_clear (Trace *trace)
{
  g_free (trace->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trace, trace_clear)

static gboolean
run_inner (DfkdReplay *replay, guint round, guint step, Trace *trace, GError **error)
{
  DfkdProgram *inner = replay->synthesis->inner;

  dfkd_replay_set_dials (replay, inner, round, step);
  if (!run (inner, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      const float *value = dfkd_program_read (inner, terms[i], NULL);

      if (value != NULL)
        trace->values[i * trace->k + step] = *value;
    }
  return TRUE;
}

/* @prefix: of the tensors' names */
static gboolean
compare_trace (DfkdReplay *replay, const Trace *trace, const char *prefix, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      g_autofree char *name = g_strconcat (prefix, terms[i], NULL);

      if (dfkd_program_read (replay->synthesis->inner, terms[i], NULL) != NULL
          && !dfkd_replay_compare (replay, trace->values + i * trace->k, trace->k, name, DFKD_REPLAY_LOSSES, error))
        return FALSE;
    }
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------------ FastDFKD */

gboolean
dfkd_replay_write_crops (DfkdReplay *replay, guint round, guint step, GError **error)
{
  DfkdBlock *batch = replay->synthesis->batch;

  return dfkd_replay_write (replay, batch, DFKD_BATCH_OFFSET, dfkd_replay_lookup (replay, error, "in/%u.offset", round), step, error)
         && dfkd_replay_write (replay, batch, DFKD_BATCH_FLIP, dfkd_replay_lookup (replay, error, "in/%u.flip", round), step, error);
}

static gboolean
compare_first_gradients (DfkdReplay *replay, guint round, GError **error)
{
  DfkdSynthesis *s = replay->synthesis;
  g_autofree char *prefix = g_strdup_printf ("%u.gradient", round), *z = g_strdup_printf ("%u.gradient.z", round);

  return dfkd_replay_compare_network (replay, &replay->generator, dfkd_synthesis_find (s, "generator_gradient"), NULL, prefix, NULL,
                                      DFKD_REPLAY_GRADIENTS, error)
         && dfkd_replay_compare_variable (replay, s->latents, DFKD_LATENTS_Z_GRADIENT, z, DFKD_REPLAY_GRADIENTS, error);
}

gboolean
dfkd_replay_inner_steps (DfkdReplay *replay, guint round, DfkdReplayCompare first, GError **error)
{
  g_auto (Trace) trace = { replay->k, g_new0 (float, replay->k * G_N_ELEMENTS (terms)) };
  g_autofree char *prefix = g_strdup_printf ("%u.", round);

  for (guint step = 0; step < replay->k; step++)
    if (!dfkd_replay_write_crops (replay, round, step, error) || !run_inner (replay, round, step, &trace, error)
        || (step == 0 && !first (replay, round, error)))
      return FALSE;
  return compare_trace (replay, &trace, prefix, error);
}

static gboolean
synthesise (DfkdReplay *replay, guint round, GError **error)
{
  DfkdSynthesis *s = replay->synthesis;
  g_autofree char *prefix = g_strdup_printf ("%u.", round);
  g_autofree char *images = g_strconcat (prefix, "images", NULL), *z = g_strconcat (prefix, "z", NULL);
  g_autofree char *generator = g_strconcat (prefix, "generator", NULL);
  g_autofree char *before = round == 0 ? g_strdup ("in/generator") : g_strdup_printf ("out/%u.generator", round - 1);

  if (!dfkd_replay_write_nudged (replay, s->latents, DFKD_LATENTS_Z, dfkd_replay_lookup (replay, error, "in/%u.z", round), round, error)
      || !dfkd_replay_write (replay, s->batch, DFKD_BATCH_LABELS, dfkd_replay_lookup (replay, error, "in/%u.labels", round), 0, error)
      || !run (s->begin, error) || !dfkd_replay_inner_steps (replay, round, compare_first_gradients, error))
    return FALSE;
  if (s->last != NULL)
    {
      dfkd_replay_set_dials (replay, s->last, round, replay->k);
      if (!dfkd_replay_write_crops (replay, round, replay->k, error) || !run (s->last, error))
        return FALSE;
    }
  dfkd_replay_set_dials (replay, s->outer, round, replay->k);
  return run (s->outer, error)
         && dfkd_replay_compare_variable (replay, s->batch, DFKD_BATCH_BEST, images, DFKD_REPLAY_IMAGES, error)
         && dfkd_replay_compare_variable (replay, s->latents, DFKD_LATENTS_Z, z, DFKD_REPLAY_IMAGES, error)
         && dfkd_replay_compare_network (replay, &replay->generator, replay->generator.parameters, NULL, generator, before,
                                         replay->update_tolerance, error);
}

static gboolean
distil (DfkdReplay *replay, GError **error)
{
  DfkdDistillationOptions options = { .batch = replay->options.batch,
                                      .mean = replay->options.mean,
                                      .std = replay->options.std,
                                      .given_batch = TRUE };
  g_autoptr (DfkdDistillation) d
    = dfkd_distillation_new (replay->device, &options, &replay->teacher, &replay->student, NULL, error);
  DfkdBlock *batch = replay->synthesis->batch;
  const DfkdVariable *best = dfkd_block_get (batch, DFKD_BATCH_BEST);
  gsize logits = replay->options.batch * replay->options.classes, bytes = dfkd_shape_bytes (&best->shape);
  g_autofree guint8 *images = g_malloc (bytes);

  if (d == NULL || !dfkd_device_read (replay->device, batch, best->offset, images, bytes, error)
      || !dfkd_device_write (replay->device, d->given, dfkd_block_get (d->given, DFKD_DISTILLATION_IMAGES)->offset, images, bytes, error)
      || !dfkd_replay_write (replay, d->given, DFKD_DISTILLATION_OFFSET, dfkd_replay_lookup (replay, error, "in/distil.offset"), 0, error)
      || !dfkd_replay_write (replay, d->given, DFKD_DISTILLATION_FLIP, dfkd_replay_lookup (replay, error, "in/distil.flip"), 0, error))
    return FALSE;
  dfkd_program_set (d->step, "temperature", (float) dfkd_replay_setting (replay, "temperature"));
  dfkd_program_set (d->step, "lr", 0.1f);
  dfkd_program_set (d->step, "momentum", 0.9f);
  dfkd_program_set (d->step, "weight_decay", 1e-4f);
  return run (d->step, error)
         && dfkd_replay_compare (replay, dfkd_program_read (d->step, "loss", NULL), 1, "distil.loss", DFKD_REPLAY_LOGITS, error)
         && dfkd_replay_compare (replay, dfkd_program_read (d->step, "teacher_logits", NULL), logits, "distil.teacher_logits",
                                 DFKD_REPLAY_LOGITS, error)
         && dfkd_replay_compare (replay, dfkd_program_read (d->step, "student_logits", NULL), logits, "distil.student_logits",
                                 DFKD_REPLAY_LOGITS, error)
         && dfkd_replay_compare_network (replay, &replay->student, replay->student.parameters, replay->student.state, "student",
                                         "in/student", replay->update_tolerance, error);
}

static gboolean
replay_fast (DfkdReplay *replay, GError **error)
{
  return synthesise (replay, 0, error) && synthesise (replay, 1, error) && distil (replay, error);
}

/* ------------------------------------------------------------------------------------------------- one generator */

static gboolean
replay_generative (DfkdReplay *replay, GError **error)
{
  DfkdSynthesis *s = replay->synthesis;
  g_auto (Trace) trace = { replay->k, g_new0 (float, replay->k * G_N_ELEMENTS (terms)) };

  for (guint step = 0; step < replay->k; step++)
    if (!dfkd_replay_write_nudged (replay, s->latents, DFKD_LATENTS_Z, dfkd_replay_lookup (replay, error, "in/%u.z", step), step, error)
        || !run_inner (replay, 0, step, &trace, error)
        || (step == 0
            && !dfkd_replay_compare_network (replay, &replay->generator, dfkd_synthesis_find (s, "generator_gradient"), NULL, "gradient", NULL,
                                             DFKD_REPLAY_GRADIENTS, error)))
      return FALSE;
  return compare_trace (replay, &trace, "", error)
         && dfkd_replay_compare_network (replay, &replay->generator, replay->generator.parameters, NULL, "generator", "in/generator",
                                         replay->update_tolerance, error);
}

/* ------------------------------------------------------------------------------------------------- DeepInversion */

/* The case rolls by its shift; here it is where a pixel comes from, counted from −size/8, of the shorter side. */
static gboolean
write_jitter (DfkdReplay *replay, DfkdBlock *pixels, guint step, GError **error)
{
  const DfkdTensorEntry *shift = dfkd_replay_lookup (replay, error, "in/shift"), *flip = dfkd_replay_lookup (replay, error, "in/flip");
  g_autofree float *shifts = shift != NULL ? dfkd_replay_read (replay, shift, 2 * step, 2, error) : NULL;
  gint32 limit = (gint32) MIN (replay->options.height, replay->options.width) / 8, values[2];

  if (shifts == NULL || flip == NULL)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    values[i] = limit - (gint32) shifts[i];
  return dfkd_device_write (replay->device, pixels, dfkd_block_get (pixels, 4)->offset, values, sizeof values, error)
         && dfkd_replay_write (replay, pixels, 5, flip, step, error);
}

static gboolean
replay_pixels (DfkdReplay *replay, GError **error)
{
  DfkdSynthesis *s = replay->synthesis;
  DfkdBlock *pixels = dfkd_synthesis_find (s, "pixels");
  g_auto (Trace) trace = { replay->k, g_new0 (float, replay->k * G_N_ELEMENTS (terms)) };

  if (!dfkd_replay_write_nudged (replay, pixels, 0, dfkd_replay_lookup (replay, error, "in/x"), 0, error)
      || !dfkd_replay_write (replay, s->batch, DFKD_BATCH_LABELS, dfkd_replay_lookup (replay, error, "in/labels"), 0, error)
      || !run (s->begin, error))
    return FALSE;
  for (guint step = 0; step < replay->k; step++)
    if (!write_jitter (replay, pixels, step, error) || !run_inner (replay, 0, step, &trace, error)
        || (step == 0 && !dfkd_replay_compare_variable (replay, pixels, 3, "gradient.x", DFKD_REPLAY_GRADIENTS, error)))
      return FALSE;
  return compare_trace (replay, &trace, "", error)
         && dfkd_replay_compare_variable (replay, pixels, 0, "x", DFKD_REPLAY_IMAGES, error);
}

/* ---------------------------------------------------------------------------------------------------------- CMI */

/* every variable of a block whose tensors have the block's name and the variable's: head.0.weight */
static gboolean
write_block (DfkdReplay *replay, DfkdBlock *block, GError **error)
{
  for (guint i = 0; i < dfkd_block_count (block); i++)
    if (!dfkd_replay_write (replay, block, i, dfkd_replay_lookup (replay, error, "in/%s.%s", block->name, dfkd_block_get (block, i)->name), 0,
                            error))
      return FALSE;
  return TRUE;
}

static gboolean
write_views (DfkdReplay *replay, guint step, GError **error)
{
  DfkdSynthesis *s = replay->synthesis;
  DfkdBlock *again = dfkd_synthesis_find (s, "again");
  const DfkdTensorEntry *offset = dfkd_replay_lookup (replay, error, "in/offset"), *flip = dfkd_replay_lookup (replay, error, "in/flip");

  return dfkd_replay_write (replay, s->batch, DFKD_BATCH_OFFSET, offset, 2 * step, error)
         && dfkd_replay_write (replay, s->batch, DFKD_BATCH_FLIP, flip, 2 * step, error)
         && dfkd_replay_write (replay, again, 0, offset, 2 * step + 1, error) && dfkd_replay_write (replay, again, 1, flip, 2 * step + 1, error);
}

static gboolean
compare_head_gradient (DfkdReplay *replay, GError **error)
{
  DfkdBlock *gradient = dfkd_synthesis_find (replay->synthesis, "head_gradient");

  for (guint i = 0; i < dfkd_block_count (gradient); i++)
    {
      g_autofree char *name = g_strconcat ("gradient.head.", dfkd_block_get (gradient, i)->name, NULL);

      if (!dfkd_replay_compare_variable (replay, gradient, i, name, DFKD_REPLAY_GRADIENTS, error))
        return FALSE;
    }
  return dfkd_replay_compare_variable (replay, replay->synthesis->latents, DFKD_LATENTS_Z_GRADIENT, "gradient.z", DFKD_REPLAY_GRADIENTS, error);
}

static gboolean
replay_contrast (DfkdReplay *replay, GError **error)
{
  DfkdSynthesis *s = replay->synthesis;
  g_auto (Trace) trace = { replay->k, g_new0 (float, replay->k * G_N_ELEMENTS (terms)) };

  if (!write_block (replay, dfkd_synthesis_find (s, "head"), error) || !write_block (replay, dfkd_synthesis_find (s, "bank"), error)
      || !dfkd_replay_write_nudged (replay, s->latents, DFKD_LATENTS_Z, dfkd_replay_lookup (replay, error, "in/z"), 0, error)
      || !dfkd_replay_write (replay, s->batch, DFKD_BATCH_LABELS, dfkd_replay_lookup (replay, error, "in/labels"), 0, error)
      || !run (s->begin, error))
    return FALSE;
  for (guint step = 0; step < replay->k; step++)
    if (!write_views (replay, step, error) || !run_inner (replay, 0, step, &trace, error)
        || (step == 0 && !compare_head_gradient (replay, error)))
      return FALSE;
  return compare_trace (replay, &trace, "", error)
         && dfkd_replay_compare_variable (replay, s->latents, DFKD_LATENTS_Z, "z", DFKD_REPLAY_IMAGES, error);
}

gboolean
dfkd_replay_method (DfkdReplay *replay, GError **error)
{
  const DfkdMethod *method = replay->synthesis->method;

  if (g_str_equal (method->name, "fast"))
    return replay_fast (replay, error);
  if (g_str_equal (method->name, "cmi"))
    return replay_contrast (replay, error);
  return method->has_generator ? replay_generative (replay, error) : replay_pixels (replay, error);
}
