/* trainer-evaluate.c: measuring teacher and student on the test set, and choosing a student without it. */
#include "trainer-private.h"

#include <math.h>

void
dfkd_trainer_set_watch (DfkdTrainer *trainer, gboolean (*goes_on) (gpointer data), gpointer data)
{
  DfkdEvaluation *const evaluations[] = { trainer->teacher_evaluation, trainer->evaluation };

  for (guint i = 0; i < G_N_ELEMENTS (evaluations); i++)
    if (evaluations[i] != NULL)
      dfkd_evaluation_set_watch (evaluations[i], goes_on, data);
}

gboolean
dfkd_trainer_evaluate_teacher (DfkdTrainer *trainer, GError **error)
{
  gint64 started = g_get_monotonic_time ();

  if (!dfkd_evaluation_run (trainer->teacher_evaluation, &trainer->counters.teacher_accuracy, error))
    return FALSE;
  dfkd_trainer_add_seconds (trainer, &trainer->counters.clocks.evaluate, (double) (g_get_monotonic_time () - started) * 1e-6);
  return TRUE;
}

/* what both networks answered to the test set */
static DfkdAssessment *
assess (DfkdTrainer *trainer)
{
  const gint32 *student = dfkd_evaluation_predictions (trainer->evaluation);
  const gint32 *teacher = dfkd_evaluation_predictions (trainer->teacher_evaluation);
  gsize classes = trainer->student->options.classes;
  DfkdAssessment *assessment = dfkd_assessment_new (classes);

  assessment->synthesis = trainer->counters.synthesis;
  assessment->count = trainer->data->count;
  for (gsize i = 0; i < trainer->data->count; i++)
    {
      assessment->confusion[(gsize) trainer->data->labels[i] * classes + (gsize) student[i]]++;
      assessment->agreement[(gsize) teacher[i] * classes + (gsize) student[i]]++;
    }
  return assessment;
}

static double
agreement_percent (const DfkdAssessment *assessment)
{
  guint64 agreed = 0;

  for (gsize i = 0; i < assessment->classes; i++)
    agreed += assessment->agreement[i * assessment->classes + i];
  return 100.0 * (double) agreed / (double) MAX (assessment->count, 1);
}

static gboolean
measure (DfkdTrainer *trainer, GError **error)
{
  DfkdTrainerCounters *counters = &trainer->counters;
  DfkdTiming timing = { 1, { "evaluation" }, { 0.0 } };
  gint64 started = g_get_monotonic_time ();
  double seconds, batches;

  /* the answers of a teacher that was measured before the run was interrupted */
  if (!dfkd_evaluation_is_done (trainer->teacher_evaluation)
      && !dfkd_evaluation_run (trainer->teacher_evaluation, &counters->teacher_accuracy, error))
    return FALSE;
  if (!dfkd_evaluation_run (trainer->evaluation, &counters->accuracy, error))
    return FALSE;
  seconds = (double) (g_get_monotonic_time () - started) * 1e-6;
  trainer->pace[DFKD_STAGE_EVALUATE] = (DfkdPace){ seconds, TRUE };
  /* in the status beside single steps, so by the batch */
  batches = (double) ((trainer->data->count + dfkd_evaluation_batch (trainer->evaluation) - 1) / dfkd_evaluation_batch (trainer->evaluation));
  trainer->timing[DFKD_STAGE_EVALUATE] = timing;
  trainer->timing[DFKD_STAGE_EVALUATE].seconds[0] = seconds / batches;
  dfkd_trainer_add_seconds (trainer, &counters->clocks.evaluate, seconds);
  timing.seconds[0] = seconds;
  dfkd_trainer_post_time (trainer, DFKD_STAGE_EVALUATE, &timing);
  counters->best_accuracy = isnan (counters->best_accuracy) ? counters->accuracy : MAX (counters->best_accuracy, counters->accuracy);
  return TRUE;
}

static void
tell (DfkdTrainer *trainer)
{
  const DfkdTrainerCounters *counters = &trainer->counters;
  DfkdEvent *event = g_new0 (DfkdEvent, 1);

  *event = (DfkdEvent){ .kind = DFKD_EVENT_EVALUATION,
                        .inner_step = counters->inner_steps,
                        .student_step = counters->student_steps,
                        .synthesis = counters->synthesis,
                        .clocks = counters->clocks,
                        .new_value = counters->accuracy,
                        .teacher_accuracy = counters->teacher_accuracy,
                        .chosen_accuracy = counters->chosen_accuracy,
                        .chosen_synthesis = counters->chosen_synthesis,
                        .assessment = assess (trainer) };
  dfkd_trainer_post_scalar (trainer, DFKD_SERIES_ACCURACY, counters->synthesis, counters->accuracy);
  dfkd_trainer_post_scalar (trainer, DFKD_SERIES_AGREEMENT_TEST, counters->synthesis, agreement_percent (event->assessment));
  dfkd_channel_post_event (trainer->channel, event);
}

gboolean
dfkd_trainer_may_choose (const DfkdTrainer *trainer, guint synthesis)
{
  const double warmup = dfkd_trainer_number (trainer, DFKD_PARAMETER_WARMUP), syntheses = dfkd_trainer_number (trainer, DFKD_PARAMETER_SYNTHESES);

  return 2.0 * (synthesis - warmup) >= syntheses - warmup;
}

/* The rule that needs no data: the student of the second half before which teacher and student agreed most on images that it had not
 * learnt from. At the beginning a generator that was trained against the student makes images that are all alike, on which any two
 * networks agree. */
static void
choose (DfkdTrainer *trainer)
{
  DfkdTrainerCounters *counters = &trainer->counters;
  double agreement = counters->agreements > 0 ? counters->agreement_sum / counters->agreements : (double) NAN;

  if (dfkd_trainer_may_choose (trainer, counters->synthesis) && !isnan (agreement) && (counters->chosen_synthesis == 0 || agreement >= counters->chosen_agreement))
    {
      counters->chosen_synthesis = counters->synthesis;
      counters->chosen_agreement = agreement;
      counters->chosen_accuracy = counters->accuracy;
    }
  counters->agreement_sum = 0.0;
  counters->agreements = 0;
}

gboolean
dfkd_trainer_evaluate (DfkdTrainer *trainer, GError **error)
{
  DfkdTrainerCounters *counters = &trainer->counters;

  if (trainer->evaluation != NULL && !measure (trainer, error))
    return FALSE;
  choose (trainer);
  if (trainer->evaluation != NULL)
    tell (trainer);
  counters->phase = counters->synthesis >= dfkd_trainer_integer (trainer, DFKD_PARAMETER_SYNTHESES) ? DFKD_PHASE_FINISHED : DFKD_PHASE_BEGIN;
  return TRUE;
}
