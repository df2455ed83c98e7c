/* run-standing.c: events added up. */
#include "run-standing.h"

#include "run-log.h"

#include <math.h>
#include <string.h>

void
dfkd_run_standing_clear (DfkdRunStanding *standing)
{
  g_clear_pointer (&standing->device, g_free);
  g_clear_pointer (&standing->now, dfkd_recipe_free);
}

void
dfkd_run_standing_begin (DfkdRunStanding *standing, const DfkdRecipe *recipe)
{
  const gboolean keeps = dfkd_recipe_get_method (recipe)->learns_from == DFKD_IMAGES_POOL;

  dfkd_run_standing_clear (standing);
  *standing = (DfkdRunStanding){ .batch = keeps ? (guint) recipe->number[DFKD_PARAMETER_BATCH] : 0, .warmup = (guint) recipe->number[DFKD_PARAMETER_WARMUP] };
  standing->now = dfkd_recipe_copy (recipe);
  standing->status = (DfkdStatus){ .state = DFKD_STATE_PAUSED,
                                   .syntheses = (guint) recipe->number[DFKD_PARAMETER_SYNTHESES],
                                   .k = (guint) recipe->number[DFKD_PARAMETER_K],
                                   .inner = (guint) recipe->number[DFKD_PARAMETER_K],
                                   .kd_steps = (guint) recipe->number[DFKD_PARAMETER_KD_STEPS],
                                   .seconds_left = -1.0,
                                   .accuracy = (double) NAN,
                                   .best_accuracy = (double) NAN,
                                   .teacher_accuracy = (double) NAN,
                                   .chosen_accuracy = (double) NAN };
}

static void
set_device (DfkdRunStanding *standing, const char *device)
{
  g_free (standing->device);
  standing->device = g_strdup (device);
}

static void
add_done (DfkdRunStanding *standing, const DfkdEvent *event)
{
  if (standing->n_done == G_N_ELEMENTS (standing->done))
    memmove (standing->done, standing->done + 1, --standing->n_done * sizeof standing->done[0]);
  standing->done[standing->n_done].synthesis = event->synthesis;
  standing->done[standing->n_done++].seconds = event->clocks.total;
}

static void
take_parameter (DfkdRunStanding *standing, DfkdParameterId id, double value)
{
  DfkdStatus *status = &standing->status;

  standing->now->number[id] = value;
  if (id == DFKD_PARAMETER_SYNTHESES)
    status->syntheses = (guint) value;
  else if (id == DFKD_PARAMETER_K)
    status->k = status->inner = (guint) value;
  else if (id == DFKD_PARAMETER_KD_STEPS)
    status->kd_steps = (guint) value;
}

void
dfkd_run_standing_take_event (DfkdRunStanding *standing, const DfkdEvent *event)
{
  DfkdStatus *s = &standing->status;

  s->state = event->kind == DFKD_EVENT_FINISHED ? DFKD_STATE_FINISHED : DFKD_STATE_PAUSED;
  s->synthesis = event->synthesis;
  s->images = (guint64) s->synthesis * standing->batch;
  s->clocks = event->clocks;
  if (event->device != NULL)
    set_device (standing, event->device);
  if (event->kind == DFKD_EVENT_SYNTHESIS)
    add_done (standing, event);
  else if (event->kind == DFKD_EVENT_PARAMETER)
    take_parameter (standing, event->parameter, event->new_value);
  else if (event->kind == DFKD_EVENT_EVALUATION)
    {
      s->accuracy = event->new_value;
      s->best_accuracy = fmax (s->best_accuracy, s->accuracy);
      if (isfinite (event->teacher_accuracy))
        s->teacher_accuracy = event->teacher_accuracy;
      s->chosen_accuracy = event->chosen_accuracy;
      s->chosen_synthesis = event->chosen_synthesis;
    }
  s->progress = s->syntheses > 0 ? MIN ((double) s->synthesis / s->syntheses, 1.0) : 0.0;
}

void
dfkd_run_standing_take_time (DfkdRunStanding *standing, const DfkdStepTime *time)
{
  standing->status.timing[time->stage] = time->timing;
}

void
dfkd_run_standing_take_summary (DfkdRunStanding *standing, const DfkdRunSummary *summary)
{
  DfkdStatus *s = &standing->status;

  if (isnan (s->accuracy)) /* of a branch that was measured before it began */
    s->accuracy = summary->accuracy;
  if (summary->finished && s->synthesis >= s->syntheses) /* the log's last word may be missing after a kill */
    s->state = DFKD_STATE_FINISHED;
  s->best_accuracy = fmax (s->best_accuracy, summary->best_accuracy);
  if (isnan (s->teacher_accuracy)) /* earlier versions told it in no other place */
    s->teacher_accuracy = summary->teacher_accuracy;
  if (s->chosen_synthesis == 0)
    {
      s->chosen_accuracy = summary->chosen_accuracy;
      s->chosen_synthesis = summary->chosen_synthesis;
    }
  if (standing->device == NULL)
    set_device (standing, summary->device);
}

double
dfkd_run_standing_seconds_left (const DfkdRunStanding *standing)
{
  const guint n = standing->n_done, last = n > 0 ? standing->done[n - 1].synthesis : 0;
  guint first = 0;

  while (first < n && standing->done[first].synthesis <= standing->warmup) /* has no student steps */
    first++;
  if (first >= n || last <= standing->done[first].synthesis)
    return -1.0;
  return (standing->done[n - 1].seconds - standing->done[first].seconds) / (last - standing->done[first].synthesis)
         * (standing->status.syntheses > last ? standing->status.syntheses - last : 0);
}

static void
read_time (const DfkdStepTime *time, gpointer data)
{
  dfkd_run_standing_take_time (data, time);
}

static void
read_event (const DfkdEvent *event, gpointer data)
{
  dfkd_run_standing_take_event (data, event);
}

gboolean
dfkd_run_standing_read (DfkdRunStanding *standing, const char *run_folder, const DfkdRecipe *recipe, GError **error)
{
  static const DfkdTap tap = { NULL, read_event, read_time };
  g_autofree char *log = g_build_filename (run_folder, "events.jsonl", NULL);
  g_autoptr (DfkdRunSummary) summary = NULL;

  dfkd_run_standing_begin (standing, recipe);
  if (!dfkd_run_log_read (log, G_MAXUINT64, &tap, standing, NULL, NULL, error))
    return FALSE;
  summary = dfkd_run_summary_load (run_folder, NULL); /* none before its end */
  if (summary != NULL)
    dfkd_run_standing_take_summary (standing, summary);
  return TRUE;
}
