/* session-orders.c: where the trainer's thread takes what a session is told: dials, steps, pauses, and what to do beside them. */
#include "session-private.h"

GPtrArray *
dfkd_session_take_exports (DfkdSession *session)
{
  GPtrArray *exports = session->exports;

  if (exports->len == 0)
    return NULL;
  session->exports = g_ptr_array_new_with_free_func (g_free);
  return exports;
}

gboolean
dfkd_session_obey (DfkdSession *session, DfkdTrainer *trainer, DfkdSessionOrders *orders)
{
  gboolean stop;

  g_mutex_lock (&session->lock);
  for (;;)
    {
      for (guint i = 0; i < session->changes->len; i++)
        {
          const DfkdSessionChange *change = &g_array_index (session->changes, DfkdSessionChange, i);

          dfkd_trainer_set (trainer, change->id, change->value, NULL); /* checked when it was asked for */
          session->recipe->number[change->id] = dfkd_trainer_get_recipe (trainer)->number[change->id]; /* as it was taken */
        }
      g_array_set_size (session->changes, 0);
      *orders = (DfkdSessionOrders){ session->snapshot, session->profile, dfkd_session_take_exports (session) };
      session->snapshot = session->profile = FALSE;
      if (session->stop || session->running || session->stepping || orders->snapshot || orders->profile || orders->exports != NULL)
        break;
      g_mutex_unlock (&session->lock);
      dfkd_trainer_post_status (trainer, DFKD_STATE_PAUSED);
      g_mutex_lock (&session->lock);
      while (!session->stop && !session->running && !session->stepping && !session->snapshot && !session->profile
             && session->exports->len == 0 && session->changes->len == 0)
        g_cond_wait (&session->command, &session->lock);
    }
  stop = session->stop;
  g_mutex_unlock (&session->lock);
  return !stop;
}

void
dfkd_session_begin_step (DfkdSession *session, DfkdTrainer *trainer)
{
  g_mutex_lock (&session->lock);
  if (session->stepping > 0 && !session->stepped)
    {
      session->step_start = *dfkd_trainer_get_counters (trainer);
      session->stepped = TRUE;
    }
  g_mutex_unlock (&session->lock);
}

static gboolean
is_step_done (const DfkdSession *session, DfkdTrainer *trainer)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (trainer);

  switch (session->step)
    {
    case DFKD_STEP_INNER:
      return counters->inner_steps > session->step_start.inner_steps;
    case DFKD_STEP_SYNTHESIS:
      return counters->synthesis > session->step_start.synthesis;
    case DFKD_STEP_EPOCH:
      return dfkd_trainer_is_between (trainer);
    case DFKD_STEP_ANY:
    default:
      return TRUE;
    }
}

void
dfkd_session_end_step (DfkdSession *session, DfkdTrainer *trainer)
{
  g_mutex_lock (&session->lock);
  if (session->stepping > 0 && session->stepped && is_step_done (session, trainer))
    {
      session->stepping--;
      session->stepped = FALSE;
    }
  g_mutex_unlock (&session->lock);
}

void
dfkd_session_forget_steps (DfkdSession *session)
{
  session->stepping = 0;
  session->stepped = FALSE;
}
