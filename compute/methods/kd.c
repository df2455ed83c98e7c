/* kd.c: knowledge distillation with the teacher's own training data (Hinton, Vinyals and Dean 2015): what a student can reach that
 * data-free ones are measured against. A "synthesis" looks at a batch of the data; nothing is made. */
#include "augmentation.h"
#include "losses.h"
#include "synthesis.h"

#include <glib/gi18n-lib.h>

enum {
  PURPOSE_INDEX = DFKD_PURPOSE_OWN,
};

static gboolean
build (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("batch of the data");
  g_auto (DfkdInversion) inversion = { 0 };
  DfkdValue labels;

  dfkd_graph_begin_region (g, "augmentation");
  dfkd_inversion_begin (&inversion, s, g, dfkd_pool_draw (s->options.pool, g, dfkd_graph_counter (g, "draw"), s->options.batch, PURPOSE_INDEX));
  dfkd_inversion_look (&inversion, dfkd_normalise (g, inversion.images, s->constants));
  labels = dfkd_arg_max (g, inversion.teacher.logits);
  dfkd_assign (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_LABELS), labels);
  inversion.loss = dfkd_cross_entropy (g, inversion.student.logits, dfkd_one_hot (g, labels, s->options.classes));
  dfkd_fill_variable (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_BEST_LOSS), 3e38f); /* the newest are the best */
  dfkd_inversion_keep (&inversion);
  dfkd_inversion_finish (&inversion);
  return (s->inner = dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error)) != NULL;
}

/* the student's steps are the default recipe's, so that it can be put beside the others */
static const DfkdMethodSetting settings[] = {
  { "k", 1 }, { "warmup", 0 }, { "syntheses", 55 }, { "kd_steps", 40 }, { "evaluate_every", 5 }, { "snapshot_every", 10 }, { NULL },
};

const DfkdMethod dfkd_method_kd = {
  .name = "kd",
  .label = "KD",
  .effect = N_ ("Distillation with the teacher's training data, which the other methods do without."),
  .source = "Hinton, Vinyals and Dean 2015",
  .draws = "",
  .images = "x ~ data",
  .loss = "L = CE(f_s(x), argmax f_t(x))",
  .step = "",
  .outer = "",
  .labels_follow = TRUE,
  .learns_from = DFKD_IMAGES_ORIGINALS,
  .settings = settings,
  .build = build,
};
