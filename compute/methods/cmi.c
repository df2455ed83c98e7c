/* cmi.c: CMI (METHOD.md section 3; Fang et al., IJCAI 2021): a fresh generator and fresh latents for every batch, many steps,
 * and a contrast with earlier images that keeps the pool varied.
 *
 * The global view is the padded crop that all methods use; the local one is a part of a quarter to the whole of the image,
 * as in the authors' code (with given draws, as in the reference cases: another padded crop). */
#include "augmentation.h"
#include "contrast.h"
#include "initialise.h"
#include "losses.h"

#include <glib/gi18n-lib.h>

static const float HEAD_BETA1 = 0.9f; /* of its Adam: PyTorch's default */
static const float LEAST_PART = 0.25f; /* of an image's area in a local view */

enum {
  PURPOSE_PART = DFKD_PURPOSE_OWN + 16, /* behind the contrast's */
  PURPOSE_GENERATOR = DFKD_PURPOSE_OWN + 32,
};

/* variables of the block "again": the second draw of crops, only read with given_draws */
enum {
  AGAIN_OFFSET,
  AGAIN_FLIP,
};

typedef struct {
  DfkdContrast contrast;
  DfkdLearner generator; /* a fresh one for every batch */
  DfkdBlock *again;
} Cmi;

static DfkdProgram *
build_begin (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("begin of a synthesis");
  const DfkdPlaced *generator = &s->options.generator;
  const Cmi *cmi = s->own;

  dfkd_graph_begin_region (g, "generator");
  dfkd_begin_batch (s, g);
  if (s->options.given_draws)
    dfkd_assign (g, dfkd_graph_block (g, cmi->generator.weights), dfkd_graph_block (g, generator->parameters));
  else
    dfkd_network_draw (generator->network, g, cmi->generator.weights, dfkd_graph_counter (g, "draw"), PURPOSE_GENERATOR);
  dfkd_learner_restart (&cmi->generator, g);
  return dfkd_program_new (s->device, g, error);
}

/* a square part of the image, of LEAST_PART to all of its area, at its size */
static DfkdValue
local_view (DfkdSynthesis *s, DfkdGraph *g, DfkdValue images)
{
  const DfkdSynthesisOptions *o = &s->options;
  const Cmi *cmi = s->own;
  DfkdValue counter, side, height, width, y, x, box, flip;
  DfkdShape column = dfkd_shape (o->batch, 1, 0, 0);

  dfkd_graph_begin_region (g, "augmentation");
  if (o->given_draws)
    {
      DfkdDraws draws = { dfkd_graph_variable (g, cmi->again, AGAIN_OFFSET), dfkd_graph_variable (g, cmi->again, AGAIN_FLIP) };

      return dfkd_normalise (g, dfkd_crop_flip (g, images, &draws), s->constants);
    }
  counter = dfkd_graph_counter (g, "draw");
  side = dfkd_square_root (g, dfkd_random_uniform (g, counter, column, PURPOSE_PART, LEAST_PART, 1.0f));
  height = dfkd_affine (g, side, (float) o->height, 0.0f);
  width = dfkd_affine (g, side, (float) o->width, 0.0f);
  y = dfkd_multiply (g, dfkd_random_uniform (g, counter, column, PURPOSE_PART + 1, 0.0f, 1.0f), dfkd_affine (g, height, -1.0f, (float) o->height));
  x = dfkd_multiply (g, dfkd_random_uniform (g, counter, column, PURPOSE_PART + 2, 0.0f, 1.0f), dfkd_affine (g, width, -1.0f, (float) o->width));
  box = dfkd_concatenate (g, dfkd_concatenate (g, y, x), dfkd_concatenate (g, height, width));
  flip = dfkd_random_integers (g, counter, DFKD_NONE, dfkd_shape_of_type (DFKD_I32, o->batch, 0, 0, 0), PURPOSE_PART + 3, 2);
  return dfkd_normalise (g, dfkd_resized_crop (g, images, box, flip), s->constants);
}

/* bn·L_bn + oh·L_oh + adv·L_adv + cr·L_cr; @views: (out): local, global */
static void
build_inversion (DfkdSynthesis *s, DfkdGraph *g, DfkdInversion *inversion, DfkdValue views[2])
{
  const DfkdPlaced *teacher = &s->options.teacher;
  const Cmi *cmi = s->own;
  g_autoptr (GArray) taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
  DfkdValue local;

  dfkd_inversion_generate (inversion, s, g, cmi->generator.weights, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z));
  dfkd_inversion_look (inversion, dfkd_augment (s, g, inversion->images, DFKD_PURPOSE_CROPS));
  local = local_view (s, g, inversion->images);
  dfkd_graph_begin_region (g, "teacher");
  dfkd_network_forward (teacher->network, g, teacher->parameters, teacher->state, local, DFKD_MODE_EVALUATE, FALSE, taps);
  dfkd_graph_begin_region (g, "losses");
  views[0] = dfkd_contrast_view (g, taps);
  views[1] = dfkd_contrast_view (g, inversion->taps);
  dfkd_inversion_add (inversion, "bn", dfkd_inversion_bn (inversion));
  dfkd_inversion_add (inversion, "oh", dfkd_inversion_one_hot (inversion));
  dfkd_inversion_add (inversion, "adv", dfkd_inversion_adversarial (inversion));
  dfkd_inversion_add (inversion, "cr", dfkd_contrast_loss (&cmi->contrast, s, g, views[0], views[1]));
}

static DfkdProgram *
build_inner (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("inner step");
  g_auto (DfkdInversion) inversion = { 0 };
  const Cmi *cmi = s->own;
  const DfkdContrast *c = &cmi->contrast;
  const DfkdLearner learners[] = { cmi->generator, c->head };
  DfkdValue views[2], better;

  build_inversion (s, g, &inversion, views);
  better = dfkd_less (g, inversion.loss, dfkd_graph_variable (g, s->batch, DFKD_BATCH_BEST_LOSS));
  for (guint i = 0; i < 2; i++)
    dfkd_assign_if (g, dfkd_graph_variable (g, c->views, i), views[i], better);
  dfkd_inversion_keep (&inversion);
  dfkd_differentiate (s, g, inversion.loss, learners, G_N_ELEMENTS (learners), TRUE);
  dfkd_learner_step (&cmi->generator, g, "lr_g", dfkd_graph_dial (g, "t"), DFKD_ADAM_BETA1);
  dfkd_learner_step (&c->head, g, "lr_g", dfkd_graph_dial (g, "step"), HEAD_BETA1);
  dfkd_latents_step (s, g, "lr_g");
  dfkd_inversion_finish (&inversion);
  return dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error);
}

static DfkdProgram *
build_outer (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("outer step");
  const Cmi *cmi = s->own;

  dfkd_graph_begin_region (g, "outer step");
  dfkd_contrast_remember (&cmi->contrast, g);
  dfkd_remember_statistics (s, g);
  return dfkd_program_new (s->device, g, error);
}

static DfkdBlock *
new_again_block (const DfkdSynthesisOptions *o)
{
  DfkdBlock *block = dfkd_block_new ("again");

  dfkd_block_add (block, "offset", dfkd_shape_of_type (DFKD_I32, o->batch, 2, 0, 0));
  dfkd_block_add (block, "flip", dfkd_shape_of_type (DFKD_I32, o->batch, 0, 0, 0));
  return block;
}

static gboolean
build (DfkdSynthesis *s, GError **error)
{
  DfkdBlock *fast;
  Cmi *cmi = g_new0 (Cmi, 1);

  s->own = cmi;
  return dfkd_contrast_init (&cmi->contrast, s, error)
         && (fast = dfkd_synthesis_add (s, dfkd_block_new_like (s->options.generator.parameters, "fast"), TRUE, error)) != NULL
         && dfkd_learner_init (&cmi->generator, s, fast, "generator", FALSE, error)
         && (cmi->again = dfkd_synthesis_add (s, new_again_block (&s->options), FALSE, error)) != NULL
         && (s->begin = build_begin (s, error)) != NULL && (s->inner = build_inner (s, error)) != NULL
         && (s->outer = build_outer (s, error)) != NULL;
}

/* weights of METHOD.md; bank, steps and schedule fit the default recipe's size: the paper's are 40960, 4096 and 200 to 500 */
static const DfkdMethodSetting settings[] = {
  { "bn", 1 },       { "oh", 1 },          { "adv", 0.5 },  { "cr", 0.8 },       { "cr_temperature", 0.2 }, { "bn_momentum", 0 },
  { "lr_g", 1e-3 },  { "nz", 256 },        { "ngf", 32 }, { "generator", 0 },   { "bank", 4096 },    { "negatives", 256 },      { "head", 256 },
  { "k", 50 },       { "warmup", 2 },      { "syntheses", 25 }, { "kd_steps", 96 }, { "evaluate_every", 2 },    { "snapshot_every", 5 },
  { NULL },
};

const DfkdMethod dfkd_method_cmi = {
  .name = "cmi",
  .label = "CMI",
  .effect = N_ ("A fresh generator for every batch, and a contrast with earlier images that keeps them varied."),
  .source = "Fang et al., IJCAI 2021",
  .draws = "z ~ N(0, 1), y ~ U, θ′ ~ init",
  .images = "x = G(z; θ′)",
  .step = "θ′, z, h ← Adam(∂L/∂(θ′, z, h))",
  .outer = "bank ← bank ∪ {features(x)}",
  .has_generator = TRUE,
  .shifts = TRUE,
  .needs_batch_norm = TRUE,
  .settings = settings,
  .build = build,
};
