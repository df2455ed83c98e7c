/* session-loop.c: the trainer's thread: prepares, advances, and saves what is due when. */
#include "session-private.h"

#include "branch-point.h"
#include "run-origin.h"
#include "errors.h"
#include "left-overs.h"
#include "model-onnx.h"
#include "recorder.h"
#include "run-folder.h"
#include "snapshot.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

static const gint64 STATUS_INTERVAL = 40000; /* µs */
static const int POLITE_NICENESS = 10;

/* where a run stood before a step */
typedef struct {
  guint32 synthesis, chosen;
} Before;

typedef struct {
  DfkdSession *session;
  DfkdTrainer *trainer;
  DfkdRecorder *recorder;
  int claim; /* on the run folder; -1: none */
  gint64 last_status;
  gboolean owes; /* what was due after the last step could not be written yet */
  Before before; /* that step, as far as it has been written */
} Worker;

static void
post_event (Worker *w, DfkdEventKind kind, const char *message)
{
  DfkdEvent *event = g_new0 (DfkdEvent, 1);

  event->kind = kind;
  event->device = kind == DFKD_EVENT_STARTED ? g_strdup (w->session->device_name) : NULL;
  event->message = g_strdup (message);
  if (w->trainer != NULL)
    {
      const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (w->trainer);

      event->inner_step = counters->inner_steps;
      event->student_step = counters->student_steps;
      event->synthesis = counters->synthesis;
      event->clocks = counters->clocks;
    }
  dfkd_channel_post_event (w->session->channel, event);
}

static void
post_status (Worker *w, DfkdState state, gboolean force)
{
  gint64 now = g_get_monotonic_time ();

  if (!force && now - w->last_status < STATUS_INTERVAL)
    return;
  w->last_status = now;
  dfkd_trainer_post_status (w->trainer, state);
}

/* what the step leaves beside a snapshot: the pictures of a new synthesis, the student that was chosen; after a failure what is left of it */
static gboolean
keep_step (Worker *w, GError **error)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (w->trainer);
  const DfkdRecipe *recipe = dfkd_trainer_get_recipe (w->trainer);

  if (w->recorder == NULL)
    return TRUE;
  if (counters->synthesis > w->before.synthesis)
    {
      g_autoptr (DfkdPictures) pictures = dfkd_trainer_get_kept (w->trainer, error);
      guint64 limit = (guint64) recipe->number[DFKD_PARAMETER_HISTORY] << 20;

      g_autoptr (DfkdPictures) film = pictures != NULL ? dfkd_trainer_get_film (w->trainer, pictures) : NULL;

      if (pictures == NULL || (film != NULL && !dfkd_recorder_add_film (w->recorder, film, limit, error))
          || !dfkd_recorder_add_pictures (w->recorder, pictures, limit, error))
        return FALSE;
      if (!dfkd_recorder_flush (w->recorder, error))
        return FALSE;
      w->before.synthesis = counters->synthesis;
      post_event (w, DFKD_EVENT_SYNTHESIS, NULL);
      if (!dfkd_recorder_flush (w->recorder, error)) /* so that who follows the run hears of it with its pictures */
        return FALSE;
    }
  else if (!dfkd_recorder_flush_old (w->recorder, error))
    return FALSE;
  if (counters->chosen_synthesis > w->before.chosen)
    {
      if (!dfkd_recorder_choose (w->recorder, w->trainer, error))
        return FALSE;
      w->before.chosen = counters->chosen_synthesis;
    }
  return TRUE;
}

static gboolean
save_snapshot (Worker *w, GError **error)
{
  g_autofree char *path = NULL;

  if (w->recorder == NULL)
    return TRUE;
  if (w->owes) /* a run that goes on from here does not make it again; there may be room for it now, and if not, it has been said */
    keep_step (w, NULL);
  if (!dfkd_trainer_check_student (w->trainer, error) || !dfkd_recorder_sync (w->recorder, error)
      || (!dfkd_trainer_is_finished (w->trainer) && !dfkd_trainer_check_generator (w->trainer, error))) /* the one before can be gone on from */
    return FALSE;
  path = dfkd_snapshot_save (w->trainer, w->session->folder, dfkd_recorder_position (w->recorder), error);
  if (path == NULL)
    return FALSE;
  post_event (w, DFKD_EVENT_SNAPSHOT, path);
  return TRUE;
}

static gboolean
goes_on (gpointer data)
{
  const Worker *w = data;
  gboolean stop;

  g_mutex_lock (&w->session->lock);
  stop = w->session->stop;
  g_mutex_unlock (&w->session->lock);
  return !stop;
}

/* There is no trainer yet, so this is all there is to say. */
static gboolean
watch (guint done, guint all, gpointer data)
{
  Worker *w = data;
  const DfkdStatus status = { .state = DFKD_STATE_PREPARING, .tried = done, .to_try = all, .seconds_left = -1.0, .accuracy = (double) NAN,
                              .best_accuracy = (double) NAN, .teacher_accuracy = (double) NAN, .chosen_accuracy = (double) NAN };

  dfkd_channel_post_status (w->session->channel, &status);
  return goes_on (w);
}

/* whether a run that goes on from here has a snapshot of it, as it has every so many syntheses */
static gboolean
is_at_snapshot (Worker *w)
{
  const guint every = (guint) dfkd_trainer_get_recipe (w->trainer)->number[DFKD_PARAMETER_SNAPSHOT_EVERY];
  const guint synthesis = dfkd_trainer_get_counters (w->trainer)->synthesis;

  return every > 0 && synthesis > 0 && dfkd_trainer_is_between (w->trainer) && synthesis % every == 0;
}

static gboolean
save_branch_point (Worker *w, GError **error)
{
  const DfkdRecipe *recipe = dfkd_trainer_get_recipe (w->trainer);

  return dfkd_branch_point_save (w->trainer, w->session->folder, (guint) recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY],
                                 (guint) recipe->number[DFKD_PARAMETER_BRANCH_POINTS], error);
}

/* Those after the snapshot are not the run's any more. That of the snapshot itself is written after it, and perhaps was not. */
static gboolean
resume_branch_points (Worker *w, GError **error)
{
  dfkd_branch_points_cut (w->session->folder, dfkd_trainer_get_counters (w->trainer)->synthesis);
  return !is_at_snapshot (w) || save_branch_point (w, error);
}

/* The log says where it comes from; the snapshot is there so that whatever cuts it off, it goes on from here, not from the beginning. Before
 * it there is no recipe, by which it would begin anew. */
static gboolean
branch (Worker *w, GError **error)
{
  const char *folder = w->session->branch_folder;
  const guint synthesis = w->session->branch_synthesis;
  g_autofree char *path = g_canonicalize_filename (folder, NULL);
  const DfkdRunOrigin origin = { path, synthesis };
  g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "this run goes on from %s, after %u synthesis there",
                                                        "this run goes on from %s, after %u syntheses there", synthesis),
                                           path, synthesis);

  if (!dfkd_branch_point_load (w->trainer, folder, synthesis, w->session->folder, error))
    return FALSE;
  if (w->recorder != NULL && dfkd_trainer_get_counters (w->trainer)->chosen_synthesis > 0 && !dfkd_recorder_choose (w->recorder, w->trainer, error))
    return FALSE;
  post_event (w, DFKD_EVENT_NOTICE, text);
  return (w->recorder == NULL || dfkd_run_origin_save (w->session->folder, &origin, error)) && save_snapshot (w, error)
         && (w->recorder == NULL || (dfkd_recorder_add_recipe (w->recorder, w->session->recipe, error) && (!is_at_snapshot (w) || save_branch_point (w, error))));
}

static gboolean
prepare (Worker *w, GError **error)
{
  DfkdSession *session = w->session;
  DfkdDevice *device = dfkd_device_open (session->device_id, session->threads, error);
  guint64 events = 0;
  guint synthesis;

  if (device == NULL)
    return FALSE;
  g_mutex_lock (&session->lock);
  session->device_name = g_strdup (dfkd_device_describe (device)->name);
  g_mutex_unlock (&session->lock);
  dfkd_device_set_watch (device, watch, w);
  w->trainer = dfkd_trainer_new (session->recipe, device, g_steal_pointer (&session->teacher), g_steal_pointer (&session->data),
                                 session->channel, error);
  if (w->trainer == NULL)
    return FALSE;
  dfkd_device_set_watch (device, NULL, NULL);
  dfkd_trainer_set_watch (w->trainer, goes_on, w);
  g_mutex_lock (&session->lock);
  session->no_statistics = dfkd_trainer_get_norms (w->trainer)->size == 0 && dfkd_method_setting (dfkd_recipe_get_method (session->recipe), "bn") != NULL;
  g_mutex_unlock (&session->lock);
  if (session->resume && (w->claim = dfkd_run_lock (session->folder, error)) < 0)
    return FALSE;
  if (session->resume)
    dfkd_left_overs_remove (session->folder);
  if (session->resume && !session->anew && !dfkd_snapshot_load (w->trainer, session->folder, &events, error))
    return FALSE;
  synthesis = dfkd_trainer_get_counters (w->trainer)->synthesis;
  if (session->folder != NULL)
    {
      const DfkdRecipe *recipe = session->branch_folder == NULL ? session->recipe : NULL;

      w->recorder = session->anew || session->made ? dfkd_recorder_begin (session->folder, recipe, error)
                    : session->resume              ? dfkd_recorder_resume (session->folder, events, synthesis, error)
                                                   : dfkd_recorder_new (session->folder, recipe, error);
      if (w->recorder == NULL || (w->claim < 0 && (w->claim = dfkd_run_lock (session->folder, error)) < 0))
        return FALSE;
      dfkd_channel_set_tap (session->channel, &dfkd_recorder_tap, w->recorder);
      if (!dfkd_recorder_add_norms (w->recorder, dfkd_trainer_get_norms (w->trainer), error)
          || (session->class_names != NULL && !dfkd_run_classes_save (session->folder, (const char *const *) session->class_names, error)))
        return FALSE;
      if (session->resume && (!dfkd_recorder_add_recipe (w->recorder, session->recipe, error) || !resume_branch_points (w, error)))
        return FALSE;
      if ((!session->resume || session->anew) && !dfkd_pool_place (dfkd_trainer_get_pool (w->trainer), session->folder, error))
        return FALSE;
    }
  return session->branch_folder == NULL || branch (w, error);
}

/* whether a trainer that says so can try the step again, after a dial was turned or space was made */
static gboolean
can_go_on (const GError *error)
{
  return g_error_matches (error, DFKD_ERROR, DFKD_ERROR_NUMBER) || g_error_matches (error, DFKD_ERROR, DFKD_ERROR_FILE)
         || g_error_matches (error, DFKD_ERROR, DFKD_ERROR_FORMAT) || g_error_matches (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
}

static void
pause_with (Worker *w, const GError *error)
{
  g_mutex_lock (&w->session->lock);
  w->session->running = FALSE;
  dfkd_session_forget_steps (w->session);
  g_mutex_unlock (&w->session->lock);
  post_event (w, DFKD_EVENT_PAUSED, error->message);
}

/* what is due after a step, a snapshot between two syntheses among it */
static gboolean
keep (Worker *w, gboolean snapshot, GError **error)
{
  if (!keep_step (w, error))
    return FALSE;
  w->owes = FALSE;
  if (w->recorder != NULL && is_at_snapshot (w))
    return save_snapshot (w, error) && save_branch_point (w, error);
  return !snapshot || save_snapshot (w, error);
}

/* what goes wrong with it does not end the run */
static void
profile (Worker *w)
{
  g_autoptr (GError) problem = NULL;
  GPtrArray *rooflines = dfkd_trainer_profile (w->trainer, &problem);

  if (rooflines != NULL)
    dfkd_channel_post_rooflines (w->session->channel, rooflines);
  else
    post_event (w, DFKD_EVENT_NOTICE, problem->message);
}

/* likewise */
static void
export_student (Worker *w, const char *path)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DfkdModel) student = dfkd_trainer_get_student (w->trainer, &problem);

  if (student != NULL && dfkd_model_export (student, path, &problem))
    post_event (w, DFKD_EVENT_EXPORTED, path);
  else
    post_event (w, DFKD_EVENT_NOTICE, problem->message);
}

/* (transfer full) (nullable) */
static void
export_all (Worker *w, GPtrArray *paths)
{
  for (guint i = 0; paths != NULL && i < paths->len; i++)
    export_student (w, g_ptr_array_index (paths, i));
  g_clear_pointer (&paths, g_ptr_array_unref);
}

/* What was asked for together with the end; then no more is. A session without a folder keeps its student, of which there is no other. */
static void
end_exports (Worker *w)
{
  DfkdSession *session = w->session;
  GPtrArray *paths;

  g_mutex_lock (&session->lock);
  while ((paths = dfkd_session_take_exports (session)) != NULL)
    {
      g_mutex_unlock (&session->lock);
      export_all (w, paths);
      g_mutex_lock (&session->lock);
    }
  g_clear_pointer (&session->exports, g_ptr_array_unref);
  if (w->recorder == NULL && dfkd_trainer_is_finished (w->trainer))
    session->student = dfkd_trainer_get_student (w->trainer, NULL);
  g_mutex_unlock (&session->lock);
}

/* a step and what is due after it; after a failure the same again */
static gboolean
advance (Worker *w, gboolean snapshot, GError **error)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (w->trainer);

  if (!w->owes)
    {
      dfkd_session_begin_step (w->session, w->trainer);
      w->before = (Before){ counters->synthesis, counters->chosen_synthesis };
      if (!dfkd_trainer_advance (w->trainer, w->session->stepping ? 1 : G_MAXUINT, error))
        return FALSE;
    }
  w->owes = !keep (w, snapshot, error);
  return !w->owes;
}

static gboolean
train (Worker *w, GError **error)
{
  DfkdSessionOrders orders = { FALSE, FALSE, NULL };

  while ((w->owes || !dfkd_trainer_is_finished (w->trainer)) && dfkd_session_obey (w->session, w->trainer, &orders))
    {
      g_autoptr (GError) problem = NULL;

      if (orders.profile)
        profile (w);
      export_all (w, g_steal_pointer (&orders.exports));
      if (!w->session->running && !w->session->stepping)
        {
          if (orders.snapshot && !save_snapshot (w, &problem))
            pause_with (w, problem);
          continue;
        }
      if (!advance (w, orders.snapshot, &problem))
        {
          if (g_error_matches (problem, DFKD_ERROR, DFKD_ERROR_CANCELLED))
            continue;
          if (!can_go_on (problem))
            {
              g_propagate_error (error, g_steal_pointer (&problem));
              return FALSE;
            }
          pause_with (w, problem);
          continue;
        }
      dfkd_session_end_step (w->session, w->trainer);
      post_status (w, DFKD_STATE_RUNNING, FALSE);
    }
  export_all (w, g_steal_pointer (&orders.exports)); /* asked for together with the end */
  return TRUE;
}

/* The student is small and what the run was for, the snapshot may be large: each is written whether or not there is room for the
 * other. A student that is lost replaces neither. */
static gboolean
save_end (Worker *w, GError **error)
{
  g_autoptr (GError) second = NULL;
  gboolean summarised;

  if (w->recorder == NULL)
    return TRUE;
  if (!dfkd_trainer_check_student (w->trainer, error))
    return FALSE;
  dfkd_recorder_sync (w->recorder, NULL); /* what a finished run has told is never less than its summary; what fails fails with the snapshot */
  summarised = dfkd_recorder_summarise (w->recorder, w->trainer, error);
  if (save_snapshot (w, &second))
    return summarised;
  if (summarised)
    g_propagate_error (error, g_steal_pointer (&second));
  return FALSE;
}

static gboolean
finish (Worker *w, GError **error)
{
  gboolean finished = dfkd_trainer_is_finished (w->trainer);

  if (!save_end (w, error))
    return FALSE;
  end_exports (w);
  if (finished)
    post_event (w, DFKD_EVENT_FINISHED, NULL);
  post_status (w, finished ? DFKD_STATE_FINISHED : DFKD_STATE_PAUSED, TRUE);
  return TRUE;
}

gpointer
dfkd_session_work (gpointer data)
{
  DfkdSession *session = data;
  Worker w = { .session = session, .claim = -1 };
  GError *error = NULL;
  gboolean done;

  if (session->polite)
    setpriority (PRIO_PROCESS, (id_t) gettid (), POLITE_NICENESS); /* of this thread, and of those it starts */
  done = prepare (&w, &error);
  if (done)
    {
      post_event (&w, DFKD_EVENT_STARTED, session->notice);
      post_status (&w, DFKD_STATE_PAUSED, TRUE);
      done = train (&w, &error) && finish (&w, &error);
    }
  if (!done)
    {
      DfkdStatus status;

      dfkd_channel_get_status (session->channel, &status);
      status.state = DFKD_STATE_FAILED;
      dfkd_channel_post_status (session->channel, &status);
      post_event (&w, DFKD_EVENT_FAILED, error->message);
    }
  if (w.recorder != NULL)
    dfkd_recorder_flush (w.recorder, NULL);
  dfkd_channel_set_tap (session->channel, NULL, NULL);
  dfkd_recorder_free (w.recorder);
  dfkd_trainer_free (w.trainer);
  if (w.claim >= 0)
    close (w.claim);

  g_mutex_lock (&session->lock);
  session->error = error;
  session->ended = TRUE;
  g_mutex_unlock (&session->lock);
  return NULL;
}
