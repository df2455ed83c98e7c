/* learner.c: gradients into their blocks, and Adam. */
#include "learner.h"

static DfkdBlock *
add (DfkdSynthesis *s, const DfkdBlock *like, const char *name, const char *what, gboolean changes, GError **error)
{
  g_autofree char *full = g_strdup_printf ("%s_%s", name, what);

  return dfkd_synthesis_add (s, dfkd_block_new_like (like, full), changes, error);
}

gboolean
dfkd_learner_init (DfkdLearner *l, DfkdSynthesis *s, DfkdBlock *weights, const char *name, gboolean sums, GError **error)
{
  l->weights = weights;
  return (l->gradient = add (s, weights, name, "gradient", sums, error)) != NULL && (l->m = add (s, weights, name, "m", TRUE, error)) != NULL
         && (l->v = add (s, weights, name, "v", TRUE, error)) != NULL;
}

void
dfkd_learner_restart (const DfkdLearner *l, DfkdGraph *g)
{
  dfkd_fill_variable (g, dfkd_graph_block (g, l->m), 0.0f);
  dfkd_fill_variable (g, dfkd_graph_block (g, l->v), 0.0f);
}

void
dfkd_differentiate (DfkdSynthesis *s, DfkdGraph *g, DfkdValue loss, const DfkdLearner *learners, guint n, gboolean latents)
{
  guint count = latents ? 1 : 0, at = 0;
  g_autofree DfkdValue *wrt = NULL, *gradients = NULL;

  for (guint i = 0; i < n; i++)
    count += dfkd_block_count (learners[i].weights);
  wrt = g_new0 (DfkdValue, count);
  gradients = g_new0 (DfkdValue, count);
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < dfkd_block_count (learners[i].weights); j++)
      wrt[at++] = dfkd_graph_variable (g, learners[i].weights, j);
  if (latents)
    wrt[at] = dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z);
  dfkd_graph_gradients (g, loss, wrt, count, gradients);

  dfkd_graph_begin_region (g, "optimiser");
  at = 0;
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < dfkd_block_count (learners[i].weights); j++)
      dfkd_assign (g, dfkd_graph_variable (g, learners[i].gradient, j), gradients[at++]);
  if (latents)
    dfkd_assign (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_GRADIENT), gradients[at]);
}

void
dfkd_learner_step (const DfkdLearner *l, DfkdGraph *g, const char *rate, DfkdValue t, float beta1)
{
  dfkd_adam (g, dfkd_graph_block (g, l->weights), dfkd_graph_block (g, l->m), dfkd_graph_block (g, l->v), dfkd_graph_block (g, l->gradient),
             dfkd_graph_dial (g, rate), t, beta1, DFKD_ADAM_BETA2, DFKD_ADAM_EPSILON);
}

void
dfkd_latents_step (DfkdSynthesis *s, DfkdGraph *g, const char *rate)
{
  dfkd_adam (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z), dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_M),
             dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_V), dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_GRADIENT),
             dfkd_graph_dial (g, rate), dfkd_graph_dial (g, "t"), DFKD_ADAM_BETA1, DFKD_ADAM_BETA2, DFKD_ADAM_EPSILON);
}
