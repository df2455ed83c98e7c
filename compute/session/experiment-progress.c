/* experiment-progress.c: counts steps and what they took, and adds up those that are left. */
#include "experiment-progress.h"

#include "trainer.h"

#include <math.h>

/* how many there are of each, or the seconds that they take; others: whatever comes once a synthesis beside its steps */
typedef struct {
  double inner, student, others;
} Steps;

typedef struct {
  Steps done, seconds;
} Pace;

static Steps
difference (Steps a, Steps b)
{
  return (Steps){ MAX (a.inner - b.inner, 0.0), MAX (a.student - b.student, 0.0), MAX (a.others - b.others, 0.0) };
}

static void
add (Steps *sum, Steps steps)
{
  *sum = (Steps){ sum->inner + steps.inner, sum->student + steps.student, sum->others + steps.others };
}

static double
work (Steps steps)
{
  return steps.inner + DFKD_STUDENT_STEP_WORK * steps.student;
}

static Steps
steps_of (const DfkdRecipe *recipe, double syntheses)
{
  const double *number = recipe->number;

  return (Steps){ syntheses * number[DFKD_PARAMETER_K],
                  MAX (syntheses - number[DFKD_PARAMETER_WARMUP], 0.0) * number[DFKD_PARAMETER_KD_STEPS], syntheses };
}

/* what the running cell has done: whole syntheses, and of the present one so many steps */
static Steps
steps_done (const DfkdRecipe *recipe, const DfkdStatus *status)
{
  Steps steps = steps_of (recipe, status->state == DFKD_STATE_FINISHED ? status->syntheses : MAX (status->synthesis, 1) - 1.0);

  if (status->state != DFKD_STATE_FINISHED)
    add (&steps, (Steps){ status->inner, status->student_step, 0.0 });
  return steps;
}

/* seconds a step; NaN: not known */
static double
rate (double seconds, double steps)
{
  return steps > 0.0 && seconds > 0.0 ? seconds / steps : (double) NAN;
}

static double
take (double steps, double own, double average)
{
  return steps > 0.0 ? steps * (isnan (own) ? average : own) : 0.0;
}

/* NaN: there are steps of a kind that nobody has done yet */
static double
seconds_for (Steps left, const Pace *own, const Pace *all)
{
  const double others = take (left.others, rate (own->seconds.others, own->done.others), rate (all->seconds.others, all->done.others));

  return take (left.inner, rate (own->seconds.inner, own->done.inner), rate (all->seconds.inner, all->done.inner))
         + take (left.student, rate (own->seconds.student, own->done.student), rate (all->seconds.student, all->done.student))
         + (isnan (others) ? 0.0 : others);
}

void
dfkd_experiment_estimate (DfkdExperimentProgress *progress, const DfkdExperimentResults *results, const guint *goals, guint later, guint jobs)
{
  const DfkdExperiment *e = progress->experiment;
  g_autofree Pace *pace = g_new0 (Pace, e->recipes->len);
  g_autofree Steps *left = g_new0 (Steps, e->recipes->len);
  Pace all = { 0 };
  double done = 0.0, rest = 0.0, seconds = 0.0;
  guint unfinished = 0;

  progress->finished = progress->failed = 0;
  for (guint i = 0; i < e->cells->len; i++)
    {
      const DfkdCellResult *result = &results->cells[i];
      const guint index = dfkd_experiment_cell (e, i)->recipe;
      const DfkdRecipe *recipe = dfkd_experiment_recipe (e, index)->recipe;
      Steps steps = steps_of (recipe, result->summary != NULL ? result->summary->syntheses : 0.0), missing;
      DfkdClocks clocks = result->summary != NULL ? result->summary->clocks : (DfkdClocks){ 0.0, 0.0, 0.0, 0.0, 0.0 };

      for (guint j = 0; j < progress->n_active; j++)
        {
          const DfkdStatus *status = &progress->active[j].status;

          if (i == progress->active[j].cell && work (steps_done (recipe, status)) > work (steps))
            {
              steps = steps_done (recipe, status);
              clocks = status->clocks;
            }
        }
      progress->finished += result->state == DFKD_CELL_FINISHED || result->state == DFKD_CELL_DROPPED;
      progress->failed += result->state == DFKD_CELL_FAILED;
      missing = result->state == DFKD_CELL_FAILED ? (Steps){ 0.0, 0.0, 0.0 } : difference (steps_of (recipe, goals[i]), steps);
      done += work (steps);
      rest += work (missing);
      unfinished += work (missing) > 0.0;
      add (&left[index], missing);
      add (&pace[index].done, steps);
      add (&pace[index].seconds, (Steps){ clocks.generate, clocks.distil, MAX (clocks.total - clocks.generate - clocks.distil, 0.0) });
    }
  for (guint i = 0; i < e->recipes->len; i++)
    {
      add (&all.done, pace[i].done);
      add (&all.seconds, pace[i].seconds);
    }
  for (guint i = 0; i < e->recipes->len; i++)
    {
      const DfkdRecipe *recipe = dfkd_experiment_recipe (e, i)->recipe;
      const double share = (double) later / e->recipes->len; /* of what is nobody's yet */
      const Steps steps = { share * recipe->number[DFKD_PARAMETER_K], share * recipe->number[DFKD_PARAMETER_KD_STEPS], share };

      rest += work (steps);
      seconds += seconds_for (left[i], &pace[i], &all) + seconds_for (steps, &pace[i], &all);
    }
  progress->fraction = done + rest > 0.0 ? done / (done + rest) : 1.0;
  progress->seconds_left = isfinite (seconds) ? seconds / CLAMP (jobs, 1u, MAX (unfinished, 1u)) : -1.0;
}
