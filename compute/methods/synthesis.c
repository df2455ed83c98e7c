/* synthesis.c: the blocks that every method has, and the programs' common parts. */
#include "synthesis.h"

#include "augmentation.h"
#include "errors.h"

#include <glib/gi18n-lib.h>

static const float NO_LOSS = 3e38f;

static DfkdBlock *
new_batch_block (const DfkdSynthesisOptions *o)
{
  DfkdBlock *block = dfkd_block_new ("batch");
  DfkdShape images = dfkd_shape (o->batch, o->channels, o->height, o->width);

  dfkd_block_add (block, "labels", dfkd_shape_of_type (DFKD_I32, o->batch, 1, 0, 0));
  dfkd_block_add (block, "offset", dfkd_shape_of_type (DFKD_I32, o->batch, 2, 0, 0));
  dfkd_block_add (block, "flip", dfkd_shape_of_type (DFKD_I32, o->batch, 0, 0, 0));
  dfkd_block_add (block, "images", images);
  dfkd_block_add (block, "best", images);
  dfkd_block_add (block, "best_loss", dfkd_shape (1, 0, 0, 0));
  return block;
}

static DfkdBlock *
new_latents_block (const DfkdSynthesisOptions *o)
{
  static const char *const names[] = { "z", "z_start", "z_m", "z_v", "z_gradient" };
  DfkdBlock *block = dfkd_block_new ("latents");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    dfkd_block_add (block, names[i], dfkd_shape (o->batch, o->nz, 0, 0));
  return block;
}

/* The rest is laid out by asking the networks what they would give: rows of what is seen, [2,C] for each batch norm. */
static gboolean
add_laid_out_blocks (DfkdSynthesis *s, GError **error)
{
  const DfkdSynthesisOptions *o = &s->options;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("networks");
  g_autoptr (GArray) taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
  DfkdValue x = dfkd_fill (g, dfkd_shape (o->batch, o->channels, o->height, o->width), 0.0f);
  DfkdForward generator = { 0 }, teacher;
  DfkdBlock *seen, *statistics;

  if (o->generator.network != NULL)
    {
      DfkdValue z = dfkd_fill (g, dfkd_shape (o->batch, o->nz, 0, 0), 0.0f);

      generator = dfkd_network_forward (o->generator.network, g, o->generator.parameters, o->generator.state, z, DFKD_MODE_TRAIN, FALSE, NULL);
      x = generator.logits;
    }
  teacher = dfkd_network_forward (o->teacher.network, g, o->teacher.parameters, o->teacher.state, x, DFKD_MODE_EVALUATE, FALSE, taps);
  if (!dfkd_graph_check (g, error))
    return FALSE;

  statistics = dfkd_block_new ("statistics");
  for (guint i = 0; i < taps->len; i++)
    dfkd_block_add (statistics, g_array_index (taps, DfkdBatchNormTap, i).name,
                    *dfkd_graph_shape (g, g_array_index (taps, DfkdBatchNormTap, i).statistics));
  seen = dfkd_block_new ("seen");
  dfkd_block_add (seen, "teacher", *dfkd_graph_shape (g, teacher.logits));
  dfkd_block_add (seen, "student", *dfkd_graph_shape (g, teacher.logits));
  dfkd_block_add (seen, "teacher_features", *dfkd_graph_shape (g, teacher.features));
  if (o->generator.network != NULL)
    {
      dfkd_block_add (seen, "z", dfkd_shape (o->batch, o->nz, 0, 0));
      dfkd_block_add (seen, "generator_features", *dfkd_graph_shape (g, generator.features));
    }
  s->statistics = dfkd_synthesis_add (s, statistics, TRUE, error);
  s->seen = dfkd_synthesis_add (s, seen, TRUE, error);
  return s->statistics != NULL && s->seen != NULL
         && (s->average = dfkd_synthesis_add (s, dfkd_block_new_like (s->statistics, "average"), TRUE, error)) != NULL
         && (s->kept = dfkd_synthesis_add (s, dfkd_block_new_like (s->seen, "kept"), TRUE, error)) != NULL;
}

static gboolean
check (const DfkdSynthesis *s, GError **error)
{
  if (dfkd_block_count (s->statistics) > 0)
    return TRUE;
  if (!s->method->needs_batch_norm)
    {
      if (dfkd_method_setting (s->method, "bn") == NULL || !(dfkd_synthesis_number (s, "bn") > 0.0))
        return TRUE;
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("bn: %s compares the statistics of batch norms with the weight %g, but the teacher, a %s, has none; "
                     "go without this term by --bn 0"),
                   s->method->name, dfkd_synthesis_number (s, "bn"), s->options.teacher.network->name);
      return FALSE;
    }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("method: %s compares the statistics of batch norms, but the teacher, a %s, has none; choose a method that needs none, such as dafl or zskt"),
               s->method->name, s->options.teacher.network->name);
  return FALSE;
}

static DfkdProgram *
build_usual_outer (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("outer step");

  dfkd_graph_begin_region (g, "outer step");
  dfkd_remember_statistics (s, g);
  return dfkd_program_new (s->device, g, error);
}

DfkdSynthesis *
dfkd_synthesis_new (DfkdDevice *device, const DfkdMethod *method, const DfkdSynthesisOptions *options, GError **error)
{
  g_autoptr (DfkdSynthesis) s = g_new0 (DfkdSynthesis, 1);

  s->method = method;
  s->device = device;
  s->options = *options;
  s->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_block_free);
  s->changing = g_ptr_array_new ();
  s->lasting = g_ptr_array_new ();
  if (options->generator.network != NULL)
    g_ptr_array_add (s->lasting, options->generator.parameters);
  if ((s->batch = dfkd_synthesis_add (s, new_batch_block (options), TRUE, error)) == NULL
      || (options->generator.network != NULL && (s->latents = dfkd_synthesis_add (s, new_latents_block (options), TRUE, error)) == NULL)
      || !add_laid_out_blocks (s, error) || !check (s, error)
      || (s->constants = dfkd_normalisation_new (device, options->mean, options->std, options->channels, error)) == NULL)
    return NULL;
  g_ptr_array_add (s->blocks, s->constants);
  if (!method->build (s, error) || (s->outer == NULL && (s->outer = build_usual_outer (s, error)) == NULL))
    return NULL;
  return g_steal_pointer (&s);
}

void
dfkd_synthesis_free (DfkdSynthesis *s)
{
  if (s == NULL)
    return;
  dfkd_program_free (s->begin);
  dfkd_program_free (s->inner);
  dfkd_program_free (s->last);
  dfkd_program_free (s->back);
  dfkd_program_free (s->outer);
  g_ptr_array_unref (s->changing);
  g_ptr_array_unref (s->lasting);
  g_ptr_array_unref (s->blocks);
  g_free (s->own);
  g_free (s);
}

DfkdBlock *
dfkd_synthesis_find (const DfkdSynthesis *s, const char *name)
{
  for (guint i = 0; i < s->blocks->len; i++)
    {
      DfkdBlock *block = g_ptr_array_index (s->blocks, i);

      if (g_str_equal (block->name, name))
        return block;
    }
  return NULL;
}

DfkdBlock *
dfkd_synthesis_add (DfkdSynthesis *s, DfkdBlock *block, gboolean changes, GError **error)
{
  g_ptr_array_add (s->blocks, block);
  if (block->bytes > 0 && !dfkd_device_allocate (s->device, block, error))
    return NULL;
  if (changes && block->bytes > 0)
    g_ptr_array_add (s->changing, block);
  return block;
}

double
dfkd_synthesis_number (const DfkdSynthesis *s, const char *parameter)
{
  return s->options.number (s->options.data, parameter);
}

void
dfkd_fill_variable (DfkdGraph *g, DfkdValue variable, float value)
{
  dfkd_assign (g, variable, dfkd_fill (g, *dfkd_graph_shape (g, variable), value));
}

void
dfkd_begin_batch (DfkdSynthesis *s, DfkdGraph *g)
{
  const DfkdSynthesisOptions *o = &s->options;

  if (!o->given_draws)
    {
      DfkdValue counter = dfkd_graph_counter (g, "draw");

      if (s->latents != NULL)
        dfkd_assign (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z),
                     dfkd_random_normal (g, counter, dfkd_shape (o->batch, o->nz, 0, 0), DFKD_PURPOSE_Z));
      dfkd_assign (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_LABELS),
                   dfkd_random_integers (g, counter, DFKD_NONE, dfkd_shape (o->batch, 1, 0, 0), DFKD_PURPOSE_LABELS, (guint32) o->classes));
    }
  if (s->latents != NULL)
    {
      dfkd_assign (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_START), dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z));
      dfkd_fill_variable (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_M), 0.0f);
      dfkd_fill_variable (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_V), 0.0f);
    }
  dfkd_fill_variable (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_BEST_LOSS), NO_LOSS);
}

void
dfkd_remember_statistics (DfkdSynthesis *s, DfkdGraph *g)
{
  if (dfkd_block_count (s->average) > 0)
    dfkd_blend (g, dfkd_graph_block (g, s->average), dfkd_graph_block (g, s->statistics), dfkd_graph_dial (g, "bn_momentum"));
}

DfkdValue
dfkd_augment (DfkdSynthesis *s, DfkdGraph *g, DfkdValue images, guint32 purpose)
{
  DfkdDraws draws;

  dfkd_graph_begin_region (g, "augmentation");
  if (s->options.given_draws)
    draws = (DfkdDraws){ dfkd_graph_variable (g, s->batch, DFKD_BATCH_OFFSET), dfkd_graph_variable (g, s->batch, DFKD_BATCH_FLIP) };
  else
    draws = dfkd_draw_crops (g, dfkd_graph_counter (g, "draw"), s->options.batch, purpose);
  return dfkd_normalise (g, dfkd_crop_flip (g, images, &draws), s->constants);
}
