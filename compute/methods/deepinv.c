/* deepinv.c: DeepInversion (METHOD.md section 3; Yin et al., CVPR 2020): the pixels themselves are optimised, in the space
 * that the teacher sees, under one jitter and flip a step. */
#include "augmentation.h"
#include "losses.h"
#include "synthesis.h"

#include <glib/gi18n-lib.h>

static const float BETA1 = 0.5f, BETA2 = 0.99f, EPSILON = 1e-8f;

enum {
  PURPOSE_X = DFKD_PURPOSE_OWN,
  PURPOSE_SHIFT,
  PURPOSE_FLIP,
};

/* variables of the block "pixels" */
enum {
  PIXELS_X, /* N,C,H,W, normalised */
  PIXELS_M,
  PIXELS_V,
  PIXELS_GRADIENT,
  PIXELS_SHIFT, /* I32 1,2 in [0, 2·size/8]: the jitter; only read with given_draws */
  PIXELS_FLIP,  /* I32 1 */
};

static DfkdBlock *
new_pixels_block (const DfkdSynthesisOptions *o)
{
  static const char *const names[] = { "x", "m", "v", "gradient" };
  DfkdBlock *block = dfkd_block_new ("pixels");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    dfkd_block_add (block, names[i], dfkd_shape (o->batch, o->channels, o->height, o->width));
  dfkd_block_add (block, "shift", dfkd_shape_of_type (DFKD_I32, 1, 2, 0, 0));
  dfkd_block_add (block, "flip", dfkd_shape_of_type (DFKD_I32, 1, 0, 0, 0));
  return block;
}

static DfkdValue
denormalise (DfkdGraph *g, DfkdValue x, DfkdBlock *constants)
{
  return dfkd_add (g, dfkd_divide (g, x, dfkd_graph_variable (g, constants, 1)), dfkd_graph_variable (g, constants, 0));
}

static DfkdProgram *
build_begin (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("begin of a synthesis");
  DfkdBlock *pixels = dfkd_synthesis_find (s, "pixels");
  DfkdValue x = dfkd_graph_variable (g, pixels, PIXELS_X);

  dfkd_graph_begin_region (g, "generator");
  dfkd_begin_batch (s, g);
  if (!s->options.given_draws)
    dfkd_assign (g, x, dfkd_random_normal (g, dfkd_graph_counter (g, "draw"), *dfkd_graph_shape (g, x), PURPOSE_X));
  dfkd_fill_variable (g, dfkd_graph_variable (g, pixels, PIXELS_M), 0.0f);
  dfkd_fill_variable (g, dfkd_graph_variable (g, pixels, PIXELS_V), 0.0f);
  return dfkd_program_new (s->device, g, error);
}

/* one jitter and one flip for the whole batch; by at most an eighth of the shorter side, so that no axis is moved further than the
 * paper's code moves it */
static DfkdValue
jitter (DfkdSynthesis *s, DfkdGraph *g, DfkdValue x)
{
  DfkdBlock *pixels = dfkd_synthesis_find (s, "pixels");
  guint limit = (guint) MIN (s->options.height, s->options.width) / 8;
  DfkdValue shift = dfkd_graph_variable (g, pixels, PIXELS_SHIFT), flip = dfkd_graph_variable (g, pixels, PIXELS_FLIP);

  dfkd_graph_begin_region (g, "augmentation");
  if (!s->options.given_draws)
    {
      DfkdValue counter = dfkd_graph_counter (g, "draw");

      shift = dfkd_random_integers (g, counter, DFKD_NONE, *dfkd_graph_shape (g, shift), PURPOSE_SHIFT, 2 * limit + 1);
      flip = dfkd_random_integers (g, counter, DFKD_NONE, *dfkd_graph_shape (g, flip), PURPOSE_FLIP, 2);
    }
  return dfkd_shift_flip (g, x, shift, flip, -(gint) limit, TRUE);
}

/* of the student's batch norms, without memory of earlier batches */
static DfkdValue
student_statistics (DfkdInversion *inversion)
{
  DfkdGraph *g = inversion->graph;
  DfkdValue zero = dfkd_fill (g, dfkd_shape (1, 0, 0, 0), 0.0f), sum = zero;

  for (guint i = 0; i < inversion->student_taps->len; i++)
    {
      const DfkdBatchNormTap *tap = &g_array_index (inversion->student_taps, DfkdBatchNormTap, i);

      sum = dfkd_add (g, sum, dfkd_statistics_distance (g, tap->statistics, tap->running, tap->running, zero));
    }
  return sum;
}

static DfkdProgram *
build_inner (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("inner step");
  g_auto (DfkdInversion) inversion = { 0 };
  DfkdBlock *pixels = dfkd_synthesis_find (s, "pixels");
  DfkdValue x = dfkd_graph_variable (g, pixels, PIXELS_X), gradient = dfkd_graph_variable (g, pixels, PIXELS_GRADIENT), result, bn;

  dfkd_graph_begin_region (g, "generator");
  dfkd_inversion_begin (&inversion, s, g, dfkd_clamp (g, denormalise (g, x, s->constants), 0.0f, 1.0f));
  dfkd_inversion_look (&inversion, jitter (s, g, x));
  bn = dfkd_inversion_bn (&inversion);
  if (inversion.student_taps->len > 0)
    bn = dfkd_subtract (g, bn, dfkd_multiply (g, student_statistics (&inversion), dfkd_graph_dial (g, "student_bn")));
  dfkd_inversion_add (&inversion, "bn", bn);
  dfkd_inversion_add (&inversion, "oh", dfkd_inversion_one_hot (&inversion));
  dfkd_inversion_add (&inversion, "adv", dfkd_inversion_adversarial (&inversion));
  dfkd_inversion_add (&inversion, "tv", dfkd_total_variation (g, x));
  dfkd_inversion_add (&inversion, "l2", dfkd_norm (g, x));
  dfkd_inversion_keep (&inversion);
  dfkd_graph_gradients (g, inversion.loss, &x, 1, &result);

  dfkd_graph_begin_region (g, "optimiser");
  dfkd_assign (g, gradient, result);
  dfkd_adam (g, x, dfkd_graph_variable (g, pixels, PIXELS_M), dfkd_graph_variable (g, pixels, PIXELS_V), gradient,
             dfkd_graph_dial (g, "lr_z"), dfkd_graph_dial (g, "t"), BETA1, BETA2, EPSILON);
  /* back to what an image can be */
  dfkd_assign (g, x, dfkd_normalise (g, dfkd_clamp (g, denormalise (g, x, s->constants), 0.0f, 1.0f), s->constants));
  dfkd_inversion_finish (&inversion);
  return dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error);
}

static gboolean
build (DfkdSynthesis *s, GError **error)
{
  return dfkd_synthesis_add (s, new_pixels_block (&s->options), TRUE, error) != NULL && (s->begin = build_begin (s, error)) != NULL && (s->inner = build_inner (s, error)) != NULL;
}

/* weights of METHOD.md; a short schedule, as the default recipe's */
static const DfkdMethodSetting settings[] = {
  { "bn", 10 },   { "oh", 1 },         { "adv", 1 },     { "tv", 1e-3 },     { "l2", 1e-4 },          { "student_bn", 1e-3 },  { "bn_momentum", 0 },
  { "lr_z", 0.1 }, { "k", 50 },         { "warmup", 2 },  { "syntheses", 25 }, { "kd_steps", 96 },      { "evaluate_every", 2 }, { "snapshot_every", 5 },
  { NULL },
};

const DfkdMethod dfkd_method_deepinv = {
  .name = "deepinv",
  .label = "DeepInversion",
  .effect = N_ ("Optimises the pixels themselves, from noise, until the teacher's statistics and classes fit."),
  .source = "Yin et al., CVPR 2020",
  .draws = "x ~ N(0, 1), y ~ U",
  .images = "x_j = flip(roll(x))",
  .step = "x ← clip(x − η_z·Adam(∂L/∂x))",
  .outer = "",
  .shifts = TRUE,
  .needs_batch_norm = TRUE,
  .adversarial = DFKD_ADVERSARIAL_JS,
  .settings = settings,
  .build = build,
};
