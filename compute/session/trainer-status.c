/* trainer-status.c: where a run stands, how far it is and how long it takes yet. */
#include "trainer-private.h"

#include <string.h>

void
dfkd_trainer_post_status (DfkdTrainer *trainer, DfkdState state)
{
  static const DfkdStage stages[] = { [DFKD_PHASE_TEACHER] = DFKD_STAGE_EVALUATE, [DFKD_PHASE_BEGIN] = DFKD_STAGE_GENERATE,
                                      [DFKD_PHASE_INNER] = DFKD_STAGE_GENERATE,   [DFKD_PHASE_LAST] = DFKD_STAGE_GENERATE,
                                      [DFKD_PHASE_OUTER] = DFKD_STAGE_OUTER,      [DFKD_PHASE_STUDENT] = DFKD_STAGE_DISTIL,
                                      [DFKD_PHASE_EVALUATE] = DFKD_STAGE_EVALUATE, [DFKD_PHASE_FINISHED] = DFKD_STAGE_EVALUATE };
  const DfkdTrainerCounters *c = &trainer->counters;
  double k = dfkd_trainer_number (trainer, DFKD_PARAMETER_K), kd_steps = dfkd_trainer_number (trainer, DFKD_PARAMETER_KD_STEPS);
  double syntheses = dfkd_trainer_number (trainer, DFKD_PARAMETER_SYNTHESES), warmup = dfkd_trainer_number (trainer, DFKD_PARAMETER_WARMUP);
  double every = dfkd_trainer_number (trainer, DFKD_PARAMETER_EVALUATE_EVERY);
  const gboolean within = c->phase > DFKD_PHASE_BEGIN && c->phase <= DFKD_PHASE_OUTER; /* a synthesis that is not counted yet */
  double inner_left = MAX ((syntheses - c->synthesis) * k - (within ? (double) c->inner : 0.0), 0.0);
  const gboolean distils = (c->phase == DFKD_PHASE_TEACHER || c->phase == DFKD_PHASE_STUDENT) && c->synthesis > warmup;
  double student_left = MAX (syntheses - MAX (c->synthesis, warmup), 0.0) * kd_steps + (distils ? MAX (kd_steps - c->student, 0.0) : 0.0);
  double evaluations_left = every > 0 ? (syntheses - c->synthesis) / every : 1.0;
  const DfkdPace *pace = trainer->pace;
  double left = inner_left * pace[DFKD_STAGE_GENERATE].seconds + student_left * pace[DFKD_STAGE_DISTIL].seconds
                + evaluations_left * pace[DFKD_STAGE_EVALUATE].seconds + MAX (syntheses - c->synthesis, 0.0) * trainer->back_seconds;
  gboolean known = pace[DFKD_STAGE_GENERATE].known && (pace[DFKD_STAGE_DISTIL].known || student_left <= 0.0);
  DfkdStatus status = {
    .state = state,
    .stage = stages[c->phase],
    .synthesis = MIN (c->phase > DFKD_PHASE_OUTER ? c->synthesis : c->synthesis + 1, (guint) syntheses),
    .syntheses = (guint) syntheses,
    .between = c->phase == DFKD_PHASE_BEGIN,
    .inner = c->phase == DFKD_PHASE_BEGIN ? 0 : c->inner,
    .k = (guint) k,
    .student_step = c->phase >= DFKD_PHASE_STUDENT ? c->student : 0,
    .kd_steps = (guint) kd_steps,
    .images = c->images,
    .seconds_left = known ? left : -1.0,
    .clocks = c->clocks,
    .accuracy = c->accuracy,
    .best_accuracy = c->best_accuracy,
    .teacher_accuracy = c->teacher_accuracy,
    .chosen_accuracy = c->chosen_accuracy,
    .chosen_synthesis = c->chosen_synthesis,
  };

  memcpy (status.timing, trainer->timing, sizeof status.timing);
  /* one inner step costs about as much as a few student steps: weigh both by their pace once it is known */
  {
    double inner_cost = known ? pace[DFKD_STAGE_GENERATE].seconds : 1.0;
    double student_cost = known ? pace[DFKD_STAGE_DISTIL].seconds : DFKD_STUDENT_STEP_WORK;
    double all = syntheses * k * inner_cost + MAX (syntheses - warmup, 0.0) * kd_steps * student_cost;
    double rest = inner_left * inner_cost + student_left * student_cost;

    status.progress = dfkd_trainer_is_finished (trainer) ? 1.0 : CLAMP (1.0 - rest / MAX (all, 1e-9), 0.0, 1.0);
  }
  dfkd_channel_post_status (trainer->channel, &status);
}
