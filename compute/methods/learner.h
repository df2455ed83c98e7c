/* learner.h: weights that learn by Adam in a method's programs: where their gradient and moments are kept, and the lines that
 * every method needs for them.
 *
 *   build:  dfkd_learner_init (&own->generator, s, theta, "generator", FALSE, error)
 *   begin:  dfkd_learner_restart (&own->generator, g);               where each synthesis begins with a fresh Adam
 *   inner:  dfkd_differentiate (s, g, loss, &own->generator, 1, FALSE);
 *           dfkd_learner_step (&own->generator, g, "lr_g", dfkd_graph_dial (g, "t"), 0.5f); */
#pragma once

#include "synthesis.h"

G_BEGIN_DECLS

#define DFKD_ADAM_BETA1 0.5f /* of generators and latents, as in DCGAN (Radford, Metz and Chintala 2016) */
#define DFKD_ADAM_BETA2 0.999f
#define DFKD_ADAM_EPSILON 1e-8f

typedef struct {
  DfkdBlock *weights; /* not its own */
  DfkdBlock *gradient, *m, *v; /* like weights */
} DfkdLearner;

/** dfkd_learner_init: blocks "NAME_gradient", "NAME_m" and "NAME_v" of @synthesis.
 * @sums: a later step adds to the gradient of this one */
gboolean dfkd_learner_init (DfkdLearner *learner, DfkdSynthesis *synthesis, DfkdBlock *weights, const char *name, gboolean sums,
                            GError **error);

/** dfkd_learner_restart: moments ← 0 */
void dfkd_learner_restart (const DfkdLearner *learner, DfkdGraph *g);

/** dfkd_differentiate: gradient ← ∂loss/∂weights of each of @learners, and with @latents also that of z. The region after it is
 * "optimiser". */
void dfkd_differentiate (DfkdSynthesis *synthesis, DfkdGraph *g, DfkdValue loss, const DfkdLearner *learners, guint n, gboolean latents);

/** dfkd_learner_step: one step of Adam with the gradient as it stands. @rate: a dial. @t: [1]: which step, from 1 */
void dfkd_learner_step (const DfkdLearner *learner, DfkdGraph *g, const char *rate, DfkdValue t, float beta1);

/** dfkd_latents_step: likewise of z, with the dial "t". */
void dfkd_latents_step (DfkdSynthesis *synthesis, DfkdGraph *g, const char *rate);

G_END_DECLS
