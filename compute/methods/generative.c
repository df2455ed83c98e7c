/* generative.c: DAFL, ZSKT, DFQ and DFAD (METHOD.md section 3): one generator, trained against teacher and student on fresh
 * latents at every step; the student learns from fresh images too, and none are kept.
 *
 * The released code of the paper's comparison builds these four with the teacher in the student's place, so that their
 * adversarial term is zero. Here the student stands in its place, as in the papers, unless "as_released" asks for theirs.
 * It also builds a loss of its own for the student of DAFL, ZSKT and DFQ, without the temperature that its scripts ask for. */
#include "augmentation.h"
#include "learner.h"
#include "losses.h"
#include "synthesis.h"

#include <glib/gi18n-lib.h>

enum {
  PURPOSE_FRESH_Z = DFKD_PURPOSE_OWN,
};

/* the terms that the method's settings name */
static void
add_terms (DfkdSynthesis *s, DfkdInversion *inversion)
{
  DfkdGraph *g = inversion->graph;
  DfkdValue teacher = inversion->teacher.logits, labels = dfkd_arg_max (g, teacher);

  dfkd_assign (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_LABELS), labels);
  if (dfkd_method_setting (s->method, "bn"))
    dfkd_inversion_add (inversion, "bn", dfkd_inversion_bn (inversion));
  if (dfkd_method_setting (s->method, "oh"))
    dfkd_inversion_add (inversion, "oh", dfkd_cross_entropy (g, teacher, dfkd_one_hot (g, labels, s->options.classes)));
  if (dfkd_method_setting (s->method, "adv"))
    dfkd_inversion_add (inversion, "adv", dfkd_inversion_adversarial (inversion));
  if (dfkd_method_setting (s->method, "act"))
    dfkd_inversion_add (inversion, "act", dfkd_negate (g, dfkd_mean (g, dfkd_absolute (g, inversion->teacher.features))));
  if (dfkd_method_setting (s->method, "balance"))
    dfkd_inversion_add (inversion, "balance", dfkd_class_balance (g, teacher));
}

static DfkdProgram *
build_inner (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("generator step");
  g_auto (DfkdInversion) inversion = { 0 };
  const DfkdSynthesisOptions *o = &s->options;
  DfkdValue z = dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z), fresh = z;

  if (!o->given_draws)
    fresh = dfkd_random_normal (g, dfkd_graph_counter (g, "draw"), dfkd_shape (o->batch, o->nz, 0, 0), DFKD_PURPOSE_Z);
  dfkd_inversion_generate (&inversion, s, g, o->generator.parameters, fresh);
  dfkd_inversion_look (&inversion, dfkd_normalise (g, inversion.images, s->constants));
  add_terms (s, &inversion);
  dfkd_fill_variable (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_BEST_LOSS), 3e38f); /* the newest are the best */
  dfkd_inversion_keep (&inversion);

  dfkd_differentiate (s, g, inversion.loss, s->own, 1, FALSE);
  dfkd_learner_step (s->own, g, "lr_g", dfkd_graph_dial (g, "step"), DFKD_ADAM_BETA1);
  if (!o->given_draws)
    {
      dfkd_assign (g, z, fresh);
      dfkd_assign (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_START), fresh);
    }
  dfkd_inversion_finish (&inversion);
  return dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error);
}

static DfkdValue
draw (DfkdSynthesis *s, DfkdGraph *g, DfkdValue counter, gsize batch)
{
  const DfkdSynthesisOptions *o = &s->options;
  DfkdValue z = dfkd_random_normal (g, counter, dfkd_shape (batch, o->nz, 0, 0), PURPOSE_FRESH_Z);

  return dfkd_detach (g, dfkd_network_forward (o->generator.network, g, o->generator.parameters, o->generator.state, z, DFKD_MODE_TRAIN,
                                               FALSE, NULL)
                           .logits);
}

static gboolean
build (DfkdSynthesis *s, GError **error)
{
  DfkdLearner *generator = g_new0 (DfkdLearner, 1);

  s->own = generator;
  s->draw = draw;
  s->as_released = dfkd_synthesis_number (s, "as_released") > 0.0;
  return dfkd_learner_init (generator, s, s->options.generator.parameters, "generator", FALSE, error) && (s->inner = build_inner (s, error)) != NULL;
}

/* weights as in the papers; the schedule gives the student as many steps as the default recipe's */
#define SETTINGS(kd, count, ...)                                                                                                   \
  {                                                                                                                                \
    { "as_released", 0 }, { "ngf", 32 }, { "generator", 0 }, { "k", 1 }, { "warmup", 0 }, { "kd_steps", kd }, { "syntheses", count },    \
      { "evaluate_every", count / 11 }, { "snapshot_every", count / 4 }, { "lr_g", 1e-3 }, __VA_ARGS__, { NULL }                   \
  }

static const DfkdMethodSetting dafl[] = SETTINGS (5, 440, { "oh", 1 }, { "act", 0.001 }, { "balance", 20 }, { "nz", 512 });
static const DfkdMethodSetting zskt[] = SETTINGS (5, 440, { "adv", 1 }, { "nz", 256 });
static const DfkdMethodSetting dfq[] = SETTINGS (10, 220, { "bn", 1 }, { "bn_momentum", 0 }, { "oh", 1 }, { "adv", 1 }, { "balance", 20 }, { "nz", 256 });
static const DfkdMethodSetting dfad[] = SETTINGS (5, 440, { "adv", 1 }, { "nz", 256 });

#define GENERATIVE(id, title, text, paper, ...)                                                                                    \
  const DfkdMethod dfkd_method_##id = { .name = #id, .label = title, .effect = text, .source = paper,                                \
                                        .draws = "z ~ N(0, 1)", .images = "x = G(z; θ)", .step = "θ ← θ − η_g·Adam(∂L/∂θ)",         \
                                        .outer = "", .has_generator = TRUE, .labels_follow = TRUE,                                  \
                                        .learns_from = DFKD_IMAGES_FRESH, .settings = id, .build = build, __VA_ARGS__ }

GENERATIVE (dafl, "DAFL", N_ ("A generator whose images excite the teacher, are each sure of a class and cover all classes."), "Chen et al., ICCV 2019", );
GENERATIVE (zskt, "ZSKT", N_ ("A generator that looks for images on which the student differs from the teacher."), "Micaelli and Storkey, NeurIPS 2019",
            .adversarial = DFKD_ADVERSARIAL_KL);
GENERATIVE (dfq, "DFQ", N_ ("An adversarial generator that also matches the teacher's batch-norm statistics."), "Choi et al., CVPR Workshops 2020",
            .needs_batch_norm = TRUE, .adversarial = DFKD_ADVERSARIAL_KL);
GENERATIVE (dfad, "DFAD", N_ ("An adversarial generator; it and the student are both measured by the absolute difference of the logits."), "Fang et al., 2019",
            .criterion = DFKD_CRITERION_L1, .adversarial = DFKD_ADVERSARIAL_L1);
