/* fast.c: FastDFKD (METHOD.md section 2; Fang et al., AAAI 2022, algorithm 1).
 *
 * begin   copies θ' ← θ, clears the inner Adam
 * inner   images = G(z; θ'), one Adam step of θ' and z
 * last    the gradient at θ'_k alone (meta gradients fomaml-last and maml)
 * back    of maml: that gradient taken back through one of the k steps (second-order.h)
 * outer   one Adam step of θ, the running average of batch statistics */
#include "initialise.h"
#include "learner.h"
#include "losses.h"
#include "second-order.h"

#include <glib/gi18n-lib.h>

static const float REPTILE_SCALE = 67.0f; /* the authors' factor on θ − θ'_k */

static const float RESET_DEVIATION = 0.02f;

enum {
  PURPOSE_RESET = DFKD_PURPOSE_OWN,
};

/* of the parameter "reuse", by its choices */
enum {
  REUSE_COMMON,     /* a meta-learned generator: every batch starts from θ */
  REUSE_SEQUENTIAL, /* one generator carried from batch to batch */
  REUSE_NONE,       /* every batch starts from the initial generator */
};

/* of the parameter "meta_gradient" */
enum {
  META_FOMAML,      /* Σ over the inner steps of ∂L/∂θ', as the authors' code */
  META_FOMAML_LAST, /* ∂L/∂θ' at θ'_k: the paper's first-order equation */
  META_REPTILE,     /* 67·(θ − θ'_k) */
  META_MAML,        /* ∂L(θ'_k, z_k)/∂θ through all k steps */
};

typedef struct {
  guint reuse, meta_gradient;
  DfkdLearner fast; /* θ' (θ itself when sequential) */
  DfkdLearner meta; /* θ, by the meta gradient */
  DfkdSecondOrder *second; /* while programs are built, of maml; else NULL */
} Fast;

/* the first layer of any of the generators: its linear layer and the batch norm behind it */
static const char *const first_linear[] = { "l1.0", "project.1", NULL }, *const first_norm[] = { "conv_blocks.0", "main.0", NULL };

static gboolean
begins_with_one_of (const char *name, const char *const *prefixes)
{
  while (*prefixes != NULL && !g_str_has_prefix (name, *prefixes))
    prefixes++;
  return *prefixes != NULL;
}

/* The authors' runs draw the generator's first layer anew when the student has learnt for a while: from N(0, 0.02), biases zero. */
static void
reset_first_layer (DfkdSynthesis *s, DfkdGraph *g)
{
  const DfkdPlaced *generator = &s->options.generator;
  DfkdValue flag = dfkd_graph_dial (g, "reset"), counter = dfkd_graph_counter (g, "draw");

  for (guint i = 0; i < dfkd_block_count (generator->parameters); i++)
    {
      const char *name = dfkd_block_get (generator->parameters, i)->name;
      DfkdValue variable = dfkd_graph_variable (g, generator->parameters, i), value;
      DfkdShape shape = *dfkd_graph_shape (g, variable);

      if (!begins_with_one_of (name, first_linear) && !g_strv_contains (first_norm, name))
        continue;
      value = dfkd_affine (g, dfkd_random_normal (g, counter, shape, PURPOSE_RESET + i), RESET_DEVIATION, 0.0f);
      if (g_str_has_suffix (name, ".bias"))
        value = dfkd_fill (g, shape, 0.0f);
      else if (g_strv_contains (first_norm, name))
        value = dfkd_multiply (g, value, dfkd_weights_of_norm (g, shape));
      dfkd_assign_if (g, variable, value, flag);
    }
}

static DfkdProgram *
build_begin (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("begin of a synthesis");
  const Fast *fast = s->own;

  dfkd_graph_begin_region (g, "generator");
  dfkd_begin_batch (s, g);
  if (dfkd_synthesis_number (s, "reset_after") > 0.0)
    reset_first_layer (s, g);
  if (fast->fast.weights != s->options.generator.parameters)
    dfkd_assign (g, dfkd_graph_block (g, fast->fast.weights), dfkd_graph_block (g, s->options.generator.parameters));
  dfkd_learner_restart (&fast->fast, g);
  dfkd_fill_variable (g, dfkd_graph_block (g, fast->meta.gradient), 0.0f);
  if (fast->second != NULL)
    dfkd_second_order_begin (fast->second, g);
  return dfkd_program_new (s->device, g, error);
}

/* what L depends on besides θ', z and the draws */
static const char *const loss_dials[] = { "bn", "oh", "adv", "bn_momentum", NULL };

/* L = bn·L_bn + oh·L_oh + adv·L_adv at images = G(z; θ'); @again: of a step that has been done */
static void
build_inversion (DfkdSynthesis *s, DfkdGraph *g, DfkdBlock *parameters, DfkdValue z, gboolean again, DfkdInversion *inversion)
{
  dfkd_inversion_generate (inversion, s, g, parameters, z);
  inversion->again = again;
  dfkd_inversion_look (inversion, dfkd_augment (s, g, inversion->images, DFKD_PURPOSE_CROPS));
  dfkd_inversion_add (inversion, "bn", dfkd_inversion_bn (inversion));
  dfkd_inversion_add (inversion, "oh", dfkd_inversion_one_hot (inversion));
  dfkd_inversion_add (inversion, "adv", dfkd_inversion_adversarial (inversion));
}

static DfkdValue
build_loss_again (DfkdSynthesis *s, DfkdGraph *g, DfkdBlock *parameters, DfkdValue z)
{
  g_auto (DfkdInversion) inversion = { 0 };

  build_inversion (s, g, parameters, z, TRUE, &inversion);
  return inversion.loss;
}

static DfkdProgram *
build_inner (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("inner step");
  g_auto (DfkdInversion) inversion = { 0 };
  const Fast *fast = s->own;

  build_inversion (s, g, fast->fast.weights, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z), FALSE, &inversion);
  dfkd_inversion_keep (&inversion);
  dfkd_differentiate (s, g, inversion.loss, &fast->fast, 1, TRUE);
  if (fast->second != NULL)
    dfkd_second_order_record (fast->second, g);
  if (fast->meta_gradient == META_FOMAML)
    {
      DfkdValue sum = dfkd_graph_block (g, fast->meta.gradient);

      dfkd_assign (g, sum, dfkd_add (g, sum, dfkd_graph_block (g, fast->fast.gradient)));
    }
  dfkd_learner_step (&fast->fast, g, "lr_g", dfkd_graph_dial (g, "t"), DFKD_ADAM_BETA1);
  dfkd_latents_step (s, g, "lr_z");
  dfkd_inversion_finish (&inversion);
  return dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error);
}

/* the meta gradient ← ∂L/∂θ' at θ'_k; of maml it is where going back begins */
static DfkdProgram *
build_last (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("last gradient");
  g_auto (DfkdInversion) inversion = { 0 };
  const Fast *fast = s->own;
  const DfkdLearner at_end = { fast->fast.weights, fast->meta.gradient };

  build_inversion (s, g, fast->fast.weights, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z), FALSE, &inversion);
  dfkd_differentiate (s, g, inversion.loss, &at_end, 1, fast->second != NULL);
  if (fast->second != NULL)
    dfkd_second_order_seed (fast->second, g);
  dfkd_inversion_finish (&inversion);
  return dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error);
}

static DfkdProgram *
build_outer (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("outer step");
  const Fast *fast = s->own;

  dfkd_graph_begin_region (g, "outer step");
  if (fast->reuse == REUSE_COMMON)
    {
      DfkdValue gradient = dfkd_graph_block (g, fast->meta.gradient);

      if (fast->meta_gradient == META_REPTILE)
        dfkd_assign (g, gradient, dfkd_affine (g, dfkd_subtract (g, dfkd_graph_block (g, fast->meta.weights), dfkd_graph_block (g, fast->fast.weights)),
                                               REPTILE_SCALE, 0.0f));
      dfkd_learner_step (&fast->meta, g, "rate", dfkd_graph_dial (g, "synthesis"), DFKD_ADAM_BETA1);
    }
  dfkd_remember_statistics (s, g);
  return dfkd_program_new (s->device, g, error);
}

static DfkdSecondOrder *
new_second_order (DfkdSynthesis *s, GError **error)
{
  const Fast *fast = s->own;
  DfkdSecondOrderOptions options = { .theta = &fast->fast,
                                     .adjoint = fast->meta.gradient,
                                     .dials = loss_dials,
                                     .theta_rate = "lr_g",
                                     .z_rate = "lr_z",
                                     .beta1 = DFKD_ADAM_BETA1,
                                     .beta2 = DFKD_ADAM_BETA2,
                                     .epsilon = DFKD_ADAM_EPSILON,
                                     .steps = (guint) dfkd_synthesis_number (s, "k") };

  return dfkd_second_order_new (s, &options, error);
}

/* whether the gradient at the adapted generator is wanted */
static gboolean
needs_last (const Fast *fast)
{
  return fast->reuse == REUSE_COMMON && (fast->meta_gradient == META_FOMAML_LAST || fast->meta_gradient == META_MAML);
}

static gboolean
build (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdSecondOrder) second = NULL;
  DfkdBlock *theta = s->options.generator.parameters, *adapted = theta;
  Fast *fast = g_new0 (Fast, 1);
  gboolean good;

  s->own = fast;
  fast->reuse = (guint) dfkd_synthesis_number (s, "reuse");
  fast->meta_gradient = (guint) dfkd_synthesis_number (s, "meta_gradient");
  if (fast->reuse != REUSE_SEQUENTIAL && (adapted = dfkd_synthesis_add (s, dfkd_block_new_like (theta, "fast"), TRUE, error)) == NULL)
    return FALSE;
  if (!dfkd_learner_init (&fast->fast, s, adapted, "generator", FALSE, error) || !dfkd_learner_init (&fast->meta, s, theta, "meta", TRUE, error))
    return FALSE;
  if (fast->reuse == REUSE_COMMON && fast->meta_gradient == META_MAML && (fast->second = second = new_second_order (s, error)) == NULL)
    return FALSE;
  good = (s->begin = build_begin (s, error)) != NULL && (s->inner = build_inner (s, error)) != NULL
         && (!needs_last (fast) || (s->last = build_last (s, error)) != NULL)
         && (second == NULL || (s->back = dfkd_second_order_back (second, build_loss_again, error)) != NULL)
         && (s->outer = build_outer (s, error)) != NULL;
  fast->second = NULL;
  return good;
}

static const DfkdMethodSetting settings[] = {
  { "reuse", REUSE_COMMON }, { "meta_gradient", META_FOMAML }, { "bn", 10 }, { "oh", 0.5 }, { "adv", 1.1 },   { "bn_momentum", 0.9 },
  { "lr_g", 3e-3 },          { "lr_z", 0.01 },                 { "nz", 256 }, { "ngf", 32 }, { "generator", 0 }, { "k", 5 },      { "syntheses", 60 },
  { "warmup", 5 },           { "reset_after", 0 },  { "kd_steps", 40 },               { "evaluate_every", 5 },      { "snapshot_every", 10 },
  { NULL },
};

const DfkdMethod dfkd_method_fast = {
  .name = "fast",
  .label = "FastDFKD",
  .effect = N_ ("A meta-learned generator from which every batch of images is reached in k steps."),
  .source = "Fang et al., AAAI 2022",
  .has_generator = TRUE,
  .shifts = TRUE,
  .settings = settings,
  .build = build,
};
