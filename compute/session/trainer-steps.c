/* trainer-steps.c: one step after another: which comes next, its dials, running it, and what is told of it. */
#include "trainer-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* ---------------------------------------------------------------------------------------------- reporting */

void
dfkd_trainer_post_scalar (DfkdTrainer *trainer, DfkdSeries series, guint64 step, double value)
{
  dfkd_channel_post_scalar (trainer->channel,
                            &(DfkdScalar){ series, step, trainer->counters.clocks, value });
}

void
dfkd_trainer_add_seconds (DfkdTrainer *trainer, double *clock, double seconds)
{
  *clock += seconds;
  trainer->counters.clocks.total += seconds;
}

void
dfkd_trainer_post_time (DfkdTrainer *trainer, DfkdStage stage, const DfkdTiming *timing)
{
  const DfkdTrainerCounters *c = &trainer->counters;

  dfkd_channel_post_time (trainer->channel, &(DfkdStepTime){ .stage = stage,
                                                             .step = stage == DFKD_STAGE_DISTIL ? c->student_steps : c->inner_steps,
                                                             .clocks = c->clocks,
                                                             .timing = *timing });
}

/* after a run, the one @age before the last: its device time by region, onto the right clock */
static void
account (DfkdTrainer *trainer, DfkdStage stage, DfkdProgram *program, guint age)
{
  DfkdClocks *clocks = &trainer->counters.clocks;
  const DfkdPlan *plan = dfkd_program_get_plan (program);
  DfkdTiming *timing = &trainer->timing[stage];
  double *seconds = trainer->seconds, sum = 0.0;

  if (!dfkd_program_seconds_run (program, age, seconds))
    return;
  timing->n_regions = 0;
  timing->by_device = dfkd_device_describe (trainer->device)->stamps;
  for (guint i = 0; plan->regions[i] != NULL; i++)
    {
      sum += seconds[i];
      if (seconds[i] > 0.0 && timing->n_regions < DFKD_MAX_REGIONS)
        {
          timing->region[timing->n_regions] = g_intern_string (plan->regions[i]);
          timing->seconds[timing->n_regions++] = seconds[i];
        }
    }
  dfkd_trainer_add_seconds (trainer, stage == DFKD_STAGE_DISTIL ? &clocks->distil : stage == DFKD_STAGE_EVALUATE ? &clocks->evaluate : &clocks->generate,
               sum);
  dfkd_trainer_post_time (trainer, stage, timing);
}

void
dfkd_trainer_account_show (DfkdTrainer *trainer, double seconds)
{
  DfkdTiming timing = { 1, { "transfer" }, { seconds } };

  trainer->timing[DFKD_STAGE_SHOW] = timing;
  dfkd_trainer_add_seconds (trainer, &trainer->counters.clocks.show, seconds);
  dfkd_trainer_post_time (trainer, DFKD_STAGE_SHOW, &timing);
}

/* how many steps go to the device together: those that it is sure to do in a moment, so that drivers do not take it for
 * stuck and whoever turns a dial need not wait */
static guint
steps_at_once (const DfkdTrainer *trainer, DfkdStage stage, guint at_most)
{
  const DfkdPace *pace = &trainer->pace[stage];

  if (!dfkd_device_has_batches (trainer->device) || !pace->known)
    return 1;
  if (stage == DFKD_STAGE_DISTIL)
    at_most = MIN (at_most, dfkd_pool_steps (dfkd_trainer_source (trainer)));
  return (guint) CLAMP (trainer->patience / MAX (pace->seconds, 1e-6), 1.0, (double) MIN (at_most, DFKD_MAX_LANES));
}

static guint64
seed (const DfkdTrainer *trainer)
{
  return (guint64) dfkd_trainer_number (trainer, DFKD_PARAMETER_SEED);
}

/* what the next @count student steps draw; reading it is part of distilling */
static gboolean
stage_images (DfkdTrainer *trainer, guint count, GError **error)
{
  gint64 started = g_get_monotonic_time ();

  if (!dfkd_pool_stage (dfkd_trainer_source (trainer), seed (trainer), (guint32) trainer->counters.student_steps, count, error))
    return FALSE;
  if (dfkd_pool_is_on_disk (dfkd_trainer_source (trainer)))
    dfkd_trainer_add_seconds (trainer, &trainer->counters.clocks.distil, (double) (g_get_monotonic_time () - started) * 1e-6);
  return TRUE;
}

/* @count runs, the dials of each by @set_dials, which is told how many come before it */
static gboolean
run (DfkdTrainer *trainer, DfkdStage stage, DfkdProgram *program, guint count, void (*set_dials) (DfkdTrainer *, DfkdProgram *, guint),
     GError **error)
{
  gint64 started = g_get_monotonic_time ();
  DfkdPace *pace = &trainer->pace[stage];
  gboolean good = TRUE;
  double wall;

  if (stage == DFKD_STAGE_DISTIL && !stage_images (trainer, count, error))
    return FALSE;
  dfkd_device_begin_batch (trainer->device);
  for (guint i = 0; i < count && good; i++)
    {
      if (set_dials != NULL)
        set_dials (trainer, program, i);
      good = dfkd_program_run (program, error);
    }
  if (!dfkd_device_end_batch (trainer->device, good ? error : NULL) || !good || !dfkd_program_wait (program, error))
    return FALSE;
  wall = (double) (g_get_monotonic_time () - started) * 1e-6 / count;
  pace->seconds = pace->known ? 0.9 * pace->seconds + 0.1 * wall : wall;
  pace->known = TRUE;
  return TRUE;
}

static gboolean
run_once (DfkdTrainer *trainer, DfkdStage stage, DfkdProgram *program, GError **error)
{
  if (!run (trainer, stage, program, 1, NULL, error))
    return FALSE;
  account (trainer, stage, program, 0);
  return TRUE;
}

static double
read_number (DfkdProgram *program, const char *name, guint age)
{
  const float *value = dfkd_program_read_run (program, name, age, NULL);

  return value != NULL ? (double) *value : (double) NAN;
}

/* ---------------------------------------------------------------------------------------------- the steps */

gboolean
dfkd_trainer_has_images (const DfkdTrainer *trainer)
{
  return trainer->method->learns_from != DFKD_IMAGES_POOL || trainer->counters.images > 0;
}

/* The average of earlier syntheses has no say before there is one. */
float
dfkd_trainer_bn_momentum (const DfkdTrainer *trainer)
{
  return trainer->counters.remembered > 0 ? (float) dfkd_trainer_number (trainer, DFKD_PARAMETER_BN_MOMENTUM) : 0.0f;
}

/* A student that has not begun to learn has nothing to say either. */
float
dfkd_trainer_adv (const DfkdTrainer *trainer, guint synthesis)
{
  gboolean learns = synthesis > dfkd_trainer_integer (trainer, DFKD_PARAMETER_WARMUP);

  return learns ? (float) dfkd_trainer_number (trainer, DFKD_PARAMETER_ADV) : 0.0f;
}

/* what the schedule does to the generator at the beginning of this synthesis */
static void
set_schedule (DfkdTrainer *trainer, DfkdProgram *program)
{
  guint synthesis = trainer->counters.synthesis, warmup = dfkd_trainer_integer (trainer, DFKD_PARAMETER_WARMUP);
  guint life = dfkd_trainer_integer (trainer, DFKD_PARAMETER_LIFE), reset = dfkd_trainer_integer (trainer, DFKD_PARAMETER_RESET_AFTER);
  guint age = synthesis >= warmup ? synthesis - warmup : synthesis;

  dfkd_program_set (program, "renew", life > 0 && age % life == 0 ? 1.0f : 0.0f);
  dfkd_program_set (program, "reset", reset > 0 && synthesis == warmup + reset ? 1.0f : 0.0f);
}

/* every live parameter by its name (synthesis.h), for the inner step @ahead of the next, or behind it */
static void
set_step_dials (DfkdTrainer *trainer, DfkdProgram *program, gint64 ahead)
{
  const DfkdTrainerCounters *counters = &trainer->counters;
  gint64 inner = counters->inner + ahead, step = (gint64) counters->inner_steps + ahead;

  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    if (dfkd_parameter (i)->klass == DFKD_PARAMETER_LIVE)
      dfkd_program_set (program, dfkd_parameter (i)->name, (float) dfkd_trainer_number (trainer, i));
  dfkd_program_set (program, "adv", dfkd_trainer_adv (trainer, counters->synthesis + 1));
  dfkd_program_set (program, "bn_momentum", dfkd_trainer_bn_momentum (trainer));
  dfkd_program_set (program, "t", (float) (inner + 1));
  dfkd_program_set (program, "step", (float) (step + 1));
  dfkd_program_set (program, "earlier", (float) counters->synthesis * (float) dfkd_trainer_number (trainer, DFKD_PARAMETER_BATCH));
  dfkd_program_set (program, "synthesis", (float) (counters->outer_steps + 1));
  dfkd_program_set (program, "rate", (float) (dfkd_trainer_number (trainer, DFKD_PARAMETER_K) * dfkd_trainer_number (trainer, DFKD_PARAMETER_LR_G)));
  dfkd_program_set_counter (program, "draw", seed (trainer), (guint32) step, 0);
  dfkd_program_set_counter (program, "slot", 0, 0, (guint32) inner);
  if (trainer->originals != NULL)
    dfkd_pool_set_dials (trainer->originals, program, 0);
  dfkd_program_set_counter (program, "store", 0, 0, (guint32) (counters->synthesis * dfkd_trainer_integer (trainer, DFKD_PARAMETER_BATCH)));
}

static void
set_dials (DfkdTrainer *trainer, DfkdProgram *program, guint ahead)
{
  set_step_dials (trainer, program, ahead);
}

static gboolean
begin (DfkdTrainer *trainer, GError **error)
{
  DfkdProgram *program = trainer->synthesis->begin;

  if (program != NULL)
    {
      set_dials (trainer, program, 0);
      set_schedule (trainer, program);
      dfkd_program_set_counter (program, "draw", seed (trainer), trainer->counters.synthesis, 0);
      if (!run_once (trainer, DFKD_STAGE_BEGIN, program, error))
        return FALSE;
    }
  trainer->counters.inner = 0;
  trainer->counters.phase = DFKD_PHASE_INNER;
  dfkd_trainer_begin_film (trainer);
  return TRUE;
}

static gboolean
check_losses (DfkdTrainer *trainer, DfkdProgram *program, guint age, GError **error)
{
  double agreement;

  for (DfkdSeries i = DFKD_SERIES_LOSS; i <= DFKD_SERIES_LAST_TERM; i++)
    {
      const char *name = dfkd_series_name (i);
      double value;

      trainer->losses[i] = (double) NAN;
      if (dfkd_program_read_run (program, name, age, NULL) == NULL) /* the method has no such term */
        continue;
      value = trainer->losses[i] = read_number (program, name, age);
      dfkd_trainer_post_scalar (trainer, i, trainer->counters.inner_steps, value);
      if (isfinite (value))
        continue;
      if (!dfkd_trainer_check_student (trainer, error) /* its logits are in some of the terms */
          || !dfkd_trainer_check_generator (trainer, error))
        return FALSE;
      trainer->counters.phase = DFKD_PHASE_BEGIN; /* going on starts this synthesis again */
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
                   _("%s is not a finite number at synthesis %u, inner step %u; lower lr_g, lr_z or the weight of this "
                     "term, then go on (the synthesis starts again) or restart"),
                   name, trainer->counters.synthesis + 1, trainer->counters.inner + 1);
      return FALSE;
    }
  agreement = 100.0 * read_number (program, "agreement", age);
  dfkd_trainer_post_scalar (trainer, DFKD_SERIES_AGREEMENT, trainer->counters.inner_steps, agreement);
  if (trainer->counters.student_steps > 0)
    {
      trainer->counters.agreement_sum += agreement;
      trainer->counters.agreements++;
    }
  return TRUE;
}

static gboolean
inner (DfkdTrainer *trainer, guint at_most, GError **error)
{
  DfkdTrainerCounters *counters = &trainer->counters;
  DfkdProgram *program = trainer->synthesis->inner;
  guint k = dfkd_trainer_integer (trainer, DFKD_PARAMETER_K), count;
  gboolean alone = at_most == 1, watched = dfkd_trainer_watch (trainer, alone), last;

  count = steps_at_once (trainer, DFKD_STAGE_GENERATE, watched ? 1 : MIN (at_most, MAX (k, counters->inner + 1) - counters->inner));
  if (!run (trainer, DFKD_STAGE_GENERATE, program, count, set_dials, error))
    return FALSE;
  for (guint age = count; age-- > 0;)
    {
      account (trainer, DFKD_STAGE_GENERATE, program, age);
      if (!check_losses (trainer, program, age, error))
        return FALSE;
      counters->inner++;
      counters->inner_steps++;
    }
  last = counters->inner >= k;
  if (last)
    counters->phase = trainer->synthesis->last != NULL ? DFKD_PHASE_LAST : DFKD_PHASE_OUTER;
  return !watched || dfkd_trainer_show (trainer, last || alone, error);
}

/* through the inner steps of this synthesis, the last first */
static gboolean
go_back (DfkdTrainer *trainer, GError **error)
{
  gint64 started = g_get_monotonic_time ();

  for (gint64 step = -1; step >= -(gint64) trainer->counters.inner; step--)
    {
      set_step_dials (trainer, trainer->synthesis->back, step);
      if (!run_once (trainer, DFKD_STAGE_OUTER, trainer->synthesis->back, error))
        return FALSE;
    }
  trainer->back_seconds = (double) (g_get_monotonic_time () - started) * 1e-6;
  return TRUE;
}

static gboolean
last (DfkdTrainer *trainer, GError **error)
{
  set_dials (trainer, trainer->synthesis->last, 0);
  if (!run_once (trainer, DFKD_STAGE_GENERATE, trainer->synthesis->last, error))
    return FALSE;
  if (trainer->synthesis->back != NULL && !go_back (trainer, error))
    return FALSE;
  trainer->counters.phase = DFKD_PHASE_OUTER;
  return TRUE;
}

static void
end_synthesis (DfkdTrainer *trainer)
{
  DfkdTrainerCounters *counters = &trainer->counters;
  guint every = dfkd_trainer_integer (trainer, DFKD_PARAMETER_EVALUATE_EVERY);
  gboolean finished = counters->synthesis >= dfkd_trainer_integer (trainer, DFKD_PARAMETER_SYNTHESES);
  gboolean due = finished || (every > 0 && counters->synthesis % every == 0);

  if (due && counters->student_steps > 0)
    counters->phase = DFKD_PHASE_EVALUATE;
  else
    counters->phase = finished ? DFKD_PHASE_FINISHED : DFKD_PHASE_BEGIN;
}

/* what comes after a synthesis */
static void
begin_student (DfkdTrainer *trainer)
{
  if (trainer->counters.synthesis > dfkd_trainer_integer (trainer, DFKD_PARAMETER_WARMUP) && dfkd_trainer_integer (trainer, DFKD_PARAMETER_KD_STEPS) > 0)
    trainer->counters.phase = DFKD_PHASE_STUDENT;
  else
    end_synthesis (trainer);
}

/* What the synthesis leaves goes into the pool. */
static gboolean
keep (DfkdTrainer *trainer, GError **error)
{
  gint64 started = g_get_monotonic_time ();

  if (!dfkd_pool_keep (trainer->pool, error))
    return FALSE;
  dfkd_trainer_add_seconds (trainer, &trainer->counters.clocks.generate, (double) (g_get_monotonic_time () - started) * 1e-6);
  return TRUE;
}

/* Images first: when they cannot be written, nothing has been done yet. */
static gboolean
outer (DfkdTrainer *trainer, GError **error)
{
  DfkdTrainerCounters *counters = &trainer->counters;
  DfkdProgram *program = trainer->synthesis->outer;
  guint batch = dfkd_trainer_integer (trainer, DFKD_PARAMETER_BATCH);

  if (trainer->method->learns_from == DFKD_IMAGES_POOL && !keep (trainer, error))
    return FALSE;
  if (program != NULL)
    {
      set_dials (trainer, program, 0);
      if (!run_once (trainer, DFKD_STAGE_OUTER, program, error))
        return FALSE;
    }
  counters->outer_steps++;
  counters->remembered++;
  counters->synthesis++;
  if (trainer->method->learns_from == DFKD_IMAGES_POOL)
    counters->images += batch;
  counters->student = 0;
  if (trainer->teacher_evaluation != NULL && isnan (counters->teacher_accuracy))
    counters->phase = DFKD_PHASE_TEACHER;
  else
    begin_student (trainer);
  return TRUE;
}

/* of the student step @ahead of the next: cosine from lr to its minimum over all student steps of the recipe (Loshchilov
 * and Hutter 2017). How far it is follows from the synthesis, not from the steps that were done: when another number of them is taken from
 * here on, the rate goes on from where it is, and still ends at its minimum. */
static double
student_rate (const DfkdTrainer *trainer, guint ahead)
{
  const DfkdTrainerCounters *counters = &trainer->counters;
  double top = dfkd_trainer_number (trainer, DFKD_PARAMETER_LR), floor_ = MIN (dfkd_trainer_number (trainer, DFKD_PARAMETER_LR_MINIMUM), top);
  double warmup = dfkd_trainer_number (trainer, DFKD_PARAMETER_WARMUP), kd_steps = dfkd_trainer_number (trainer, DFKD_PARAMETER_KD_STEPS);
  double steps = (dfkd_trainer_number (trainer, DFKD_PARAMETER_SYNTHESES) - warmup) * kd_steps;
  double before = (counters->synthesis - 1.0 - warmup) * kd_steps + MIN (counters->student + ahead, kd_steps);
  double done = CLAMP (before / MAX (steps, 1.0), 0.0, 1.0);

  return floor_ + 0.5 * (top - floor_) * (1.0 + cos (G_PI * done));
}

static void
set_student_dials (DfkdTrainer *trainer, DfkdProgram *program, guint ahead)
{
  const DfkdTrainerCounters *counters = &trainer->counters;

  dfkd_program_set (program, "temperature", (float) dfkd_recipe_temperature (trainer->recipe));
  dfkd_program_set (program, "lr", (float) student_rate (trainer, ahead));
  dfkd_program_set (program, "momentum", (float) dfkd_trainer_number (trainer, DFKD_PARAMETER_MOMENTUM));
  dfkd_program_set (program, "weight_decay", (float) dfkd_trainer_number (trainer, DFKD_PARAMETER_WEIGHT_DECAY));
  dfkd_pool_set_dials (dfkd_trainer_source (trainer), program, ahead);
  dfkd_program_set_counter (program, "draw", seed (trainer), (guint32) (counters->student_steps + ahead), 0);
}

static gboolean
student (DfkdTrainer *trainer, guint at_most, GError **error)
{
  DfkdTrainerCounters *counters = &trainer->counters;
  DfkdProgram *program = trainer->distillation->step;
  guint steps = dfkd_trainer_integer (trainer, DFKD_PARAMETER_KD_STEPS);
  guint count = steps_at_once (trainer, DFKD_STAGE_DISTIL, MIN (at_most, MAX (steps, counters->student + 1) - counters->student));

  if (!run (trainer, DFKD_STAGE_DISTIL, program, count, set_student_dials, error))
    return FALSE;
  for (guint age = count; age-- > 0;)
    {
      account (trainer, DFKD_STAGE_DISTIL, program, age);
      trainer->student_loss = read_number (program, "loss", age);
      dfkd_trainer_post_scalar (trainer, DFKD_SERIES_LOSS_STUDENT, counters->student_steps, trainer->student_loss);
      dfkd_trainer_post_scalar (trainer, DFKD_SERIES_LR_STUDENT, counters->student_steps, student_rate (trainer, 0));
      if (!isfinite (trainer->student_loss))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
                       _("the student's loss is not a finite number at synthesis %u, student step %u; its weights are lost: "
                         "restart with a lower lr, or resume from the last snapshot"),
                       counters->synthesis, counters->student + 1);
          return FALSE;
        }
      counters->student_steps++;
      counters->student++;
    }
  if (counters->student >= steps)
    end_synthesis (trainer);
  return TRUE;
}

gboolean
dfkd_trainer_advance (DfkdTrainer *trainer, guint at_most, GError **error)
{
  switch ((DfkdTrainerPhase) trainer->counters.phase)
    {
    case DFKD_PHASE_BEGIN:
      return begin (trainer, error);
    case DFKD_PHASE_INNER:
      return inner (trainer, at_most, error);
    case DFKD_PHASE_LAST:
      return last (trainer, error);
    case DFKD_PHASE_OUTER:
      return outer (trainer, error);
    case DFKD_PHASE_TEACHER:
      if (!dfkd_trainer_evaluate_teacher (trainer, error))
        return FALSE;
      begin_student (trainer);
      return TRUE;
    case DFKD_PHASE_STUDENT:
      return student (trainer, at_most, error);
    case DFKD_PHASE_EVALUATE:
      return dfkd_trainer_evaluate (trainer, error);
    case DFKD_PHASE_FINISHED:
      break;
    }
  return TRUE;
}

gboolean
dfkd_trainer_is_finished (DfkdTrainer *trainer)
{
  return trainer->counters.phase == DFKD_PHASE_FINISHED;
}

gboolean
dfkd_trainer_is_between (DfkdTrainer *trainer)
{
  return trainer->counters.phase == DFKD_PHASE_BEGIN;
}
