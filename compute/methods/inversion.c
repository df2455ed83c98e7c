/* inversion.c: the inversion loss (METHOD.md section 1), put together term by term. */
#include "losses.h"
#include "synthesis.h"

void
dfkd_inversion_begin (DfkdInversion *i, DfkdSynthesis *synthesis, DfkdGraph *g, DfkdValue images)
{
  *i = (DfkdInversion){ .synthesis = synthesis, .graph = g, .images = images };
  i->taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
  i->student_taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
}

void
dfkd_inversion_generate (DfkdInversion *i, DfkdSynthesis *synthesis, DfkdGraph *g, DfkdBlock *parameters, DfkdValue z)
{
  const DfkdPlaced *generator = &synthesis->options.generator;
  DfkdForward forward;

  dfkd_graph_begin_region (g, "generator");
  forward = dfkd_network_forward (generator->network, g, parameters, generator->state, z, DFKD_MODE_TRAIN, FALSE, NULL);
  dfkd_inversion_begin (i, synthesis, g, forward.logits);
  i->seen[DFKD_SEEN_Z] = z;
  i->seen[DFKD_SEEN_GENERATOR_FEATURES] = forward.features;
}

void
dfkd_inversion_look (DfkdInversion *i, DfkdValue x)
{
  const DfkdSynthesisOptions *o = &i->synthesis->options;
  const DfkdPlaced *teacher = &o->teacher, *student = &o->student;

  dfkd_graph_begin_region (i->graph, "teacher");
  i->teacher = dfkd_network_forward (teacher->network, i->graph, teacher->parameters, teacher->state, x, DFKD_MODE_EVALUATE, FALSE, i->taps);
  dfkd_graph_begin_region (i->graph, "student");
  i->student = dfkd_network_forward (student->network, i->graph, student->parameters, student->state, x, DFKD_MODE_EVALUATE, FALSE,
                                     i->student_taps);
  i->seen[DFKD_SEEN_TEACHER] = i->teacher.logits;
  i->seen[DFKD_SEEN_TEACHER_FEATURES] = i->teacher.features;
  i->seen[DFKD_SEEN_STUDENT] = i->student.logits;
  dfkd_graph_begin_region (i->graph, "losses");
  i->agreement = dfkd_agreement_rows (i->graph, i->student.logits, i->teacher.logits);
}

void
dfkd_inversion_add (DfkdInversion *i, const char *term, DfkdValue value)
{
  g_autofree char *name = g_strconcat ("loss_", term, NULL);
  DfkdValue weighted = dfkd_multiply (i->graph, value, dfkd_graph_dial (i->graph, term));

  i->loss = i->loss == DFKD_NONE ? weighted : dfkd_add (i->graph, i->loss, weighted);
  dfkd_read (i->graph, name, value);
}

DfkdValue
dfkd_inversion_bn (DfkdInversion *i)
{
  DfkdSynthesis *s = i->synthesis;
  DfkdValue momentum = dfkd_graph_dial (i->graph, "bn_momentum"), sum = DFKD_NONE;

  for (guint j = 0; j < i->taps->len; j++)
    {
      const DfkdBatchNormTap *tap = &g_array_index (i->taps, DfkdBatchNormTap, j);
      DfkdValue distance = dfkd_statistics_distance (i->graph, tap->statistics, tap->running, dfkd_graph_variable (i->graph, s->average, j), momentum);

      sum = j == 0 ? distance : dfkd_add (i->graph, sum, distance);
      if (!i->again)
        dfkd_assign (i->graph, dfkd_graph_variable (i->graph, s->statistics, j), tap->statistics);
    }
  /* a teacher without batch norm has nothing to match */
  return sum != DFKD_NONE ? sum : dfkd_fill (i->graph, dfkd_shape (1, 0, 0, 0), 0.0f);
}

DfkdValue
dfkd_inversion_one_hot (DfkdInversion *i)
{
  DfkdValue labels = dfkd_graph_variable (i->graph, i->synthesis->batch, DFKD_BATCH_LABELS);

  return dfkd_cross_entropy (i->graph, i->teacher.logits, dfkd_one_hot (i->graph, labels, i->synthesis->options.classes));
}

DfkdValue
dfkd_inversion_adversarial (DfkdInversion *i)
{
  const DfkdValue against = i->synthesis->as_released ? i->teacher.logits : i->student.logits;

  return dfkd_adversarial (i->graph, i->synthesis->method->adversarial, against, i->teacher.logits, i->agreement);
}

void
dfkd_inversion_keep (DfkdInversion *i)
{
  DfkdSynthesis *s = i->synthesis;
  DfkdGraph *g = i->graph;
  DfkdValue best_loss = dfkd_graph_variable (g, s->batch, DFKD_BATCH_BEST_LOSS), better = dfkd_less (g, i->loss, best_loss);

  dfkd_assign_if (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_BEST), i->images, better);
  dfkd_assign_if (g, best_loss, i->loss, better);
  dfkd_assign (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_IMAGES), i->images);
  for (guint j = 0; j < dfkd_block_count (s->seen); j++)
    dfkd_assign (g, dfkd_graph_variable (g, s->seen, j), i->seen[j]);
  dfkd_assign_if (g, dfkd_graph_block (g, s->kept), dfkd_graph_block (g, s->seen), better);
}

void
dfkd_inversion_finish (DfkdInversion *i)
{
  dfkd_read (i->graph, "loss", i->loss);
  dfkd_read (i->graph, "agreement", dfkd_mean (i->graph, i->agreement));
}

void
dfkd_inversion_clear (DfkdInversion *i)
{
  g_clear_pointer (&i->taps, g_array_unref);
  g_clear_pointer (&i->student_taps, g_array_unref);
}
