/* session.c: the trainer's thread, its commands, and what is saved when. */
#include "session.h"

#include "branch-point.h"
#include "embedded-teacher.h"
#include "errors.h"
#include "model-onnx.h"
#include "recorder.h"
#include "run-folder.h"
#include "snapshot.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct {
  DfkdParameterId id;
  double value;
} Change;

struct _DfkdSession
{
  GThread *thread;
  DfkdChannel *channel;
  char *folder, *device_id;
  guint threads;
  gboolean resume, polite;
  DfkdModel *teacher; /* until the thread takes it */
  DfkdDataset *data;
  char **class_names; /* (nullable) */
  char *notice; /* something the user should know, said when the thread starts */

  guint64 log_start;   /* bytes of events.jsonl before this session */
  char *branch_folder; /* (nullable) */
  char *export;        /* where the student is to be written, or NULL */
  guint branch_synthesis;

  GMutex lock;
  GCond command;
  DfkdRecipe *recipe; /* as it stands, changes included */
  char *device_name;
  GArray *changes; /* of Change, not yet applied */
  gboolean running, stop, snapshot, profile, ended;
  guint stepping;   /* steps that were asked for and are not done */
  gboolean stepped; /* the first of them has begun */
  DfkdStepKind step;
  GError *error;
};

static const gint64 STATUS_INTERVAL = 40000; /* µs */
static const int POLITE_NICENESS = 10;

/* ------------------------------------------------------------------------------------------- the thread */

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
  DfkdTrainerCounters step_start; /* when the step that was asked for began */
  gboolean owes; /* what was due after the last step could not be written yet */
  Before before; /* that step, as far as it has been written */
} Worker;

/* what was asked for besides going on */
typedef struct {
  gboolean snapshot, profile;
  char *export; /* where the student goes */
} Orders;

static void
post_event (Worker *w, DfkdEventKind kind, const char *message)
{
  DfkdEvent *event = g_new0 (DfkdEvent, 1);

  event->kind = kind;
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
  w->trainer = dfkd_trainer_new (session->recipe, device, g_steal_pointer (&session->teacher), g_steal_pointer (&session->data),
                                 session->channel, error);
  if (w->trainer == NULL)
    return FALSE;
  if (session->resume && (w->claim = dfkd_run_lock (session->folder, error)) < 0)
    return FALSE;
  if (session->resume && !dfkd_snapshot_load (w->trainer, session->folder, &events, error))
    return FALSE;
  synthesis = dfkd_trainer_get_counters (w->trainer)->synthesis;
  if (session->folder != NULL)
    {
      w->recorder = session->resume ? dfkd_recorder_resume (session->folder, events, synthesis, error)
                                    : dfkd_recorder_new (session->folder, session->recipe, error);
      if (w->recorder == NULL || (w->claim < 0 && (w->claim = dfkd_run_lock (session->folder, error)) < 0))
        return FALSE;
      dfkd_channel_set_tap (session->channel, &dfkd_recorder_tap, w->recorder);
      if (!dfkd_recorder_add_norms (w->recorder, dfkd_trainer_get_norms (w->trainer), error)
          || (session->class_names != NULL && !dfkd_run_classes_save (session->folder, (const char *const *) session->class_names, error)))
        return FALSE;
      if (session->resume)
        dfkd_branch_points_cut (session->folder, synthesis);
      else if (!dfkd_pool_place (dfkd_trainer_get_pool (w->trainer), session->folder, error))
        return FALSE;
    }
  if (session->branch_folder != NULL
      && !dfkd_branch_point_load (w->trainer, session->branch_folder, session->branch_synthesis, session->folder, error))
    return FALSE;
  return TRUE;
}

static gboolean
save_snapshot (Worker *w, GError **error)
{
  g_autofree char *path = NULL;

  if (w->recorder == NULL)
    return TRUE;
  if (!dfkd_recorder_flush (w->recorder, error))
    return FALSE;
  path = dfkd_snapshot_save (w->trainer, w->session->folder, dfkd_recorder_position (w->recorder), error);
  if (path == NULL)
    return FALSE;
  post_event (w, DFKD_EVENT_SNAPSHOT, path);
  return TRUE;
}

/* Applies what was asked for and waits while there is nothing to do. FALSE: stop. */
static gboolean
obey (Worker *w, Orders *orders)
{
  DfkdSession *session = w->session;

  g_mutex_lock (&session->lock);
  for (;;)
    {
      for (guint i = 0; i < session->changes->len; i++)
        {
          Change *change = &g_array_index (session->changes, Change, i);

          dfkd_trainer_set (w->trainer, change->id, change->value, NULL); /* checked when it was asked for */
        }
      g_array_set_size (session->changes, 0);
      *orders = (Orders){ session->snapshot, session->profile, g_steal_pointer (&session->export) };
      session->snapshot = session->profile = FALSE;
      if (session->stop || session->running || session->stepping || orders->snapshot || orders->profile || orders->export != NULL)
        break;
      g_mutex_unlock (&session->lock);
      post_status (w, DFKD_STATE_PAUSED, TRUE);
      g_mutex_lock (&session->lock);
      while (!session->stop && !session->running && !session->stepping && !session->snapshot && !session->profile
             && session->export == NULL && session->changes->len == 0)
        g_cond_wait (&session->command, &session->lock);
    }
  g_mutex_unlock (&session->lock);
  return !session->stop;
}

static void
begin_step (Worker *w)
{
  DfkdSession *session = w->session;

  g_mutex_lock (&session->lock);
  if (session->stepping > 0 && !session->stepped)
    {
      w->step_start = *dfkd_trainer_get_counters (w->trainer);
      session->stepped = TRUE;
    }
  g_mutex_unlock (&session->lock);
}

static gboolean
is_step_done (Worker *w, DfkdStepKind kind)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (w->trainer);

  switch (kind)
    {
    case DFKD_STEP_INNER:
      return counters->inner_steps > w->step_start.inner_steps;
    case DFKD_STEP_SYNTHESIS:
      return counters->synthesis > w->step_start.synthesis;
    case DFKD_STEP_EPOCH:
      return dfkd_trainer_is_between (w->trainer);
    case DFKD_STEP_ANY:
    default:
      return TRUE;
    }
}

static void
end_step (Worker *w)
{
  DfkdSession *session = w->session;

  g_mutex_lock (&session->lock);
  if (session->stepping > 0 && session->stepped && is_step_done (w, session->step))
    {
      session->stepping--;
      session->stepped = FALSE;
    }
  g_mutex_unlock (&session->lock);
}

/* with the lock held */
static void
forget_steps (DfkdSession *session)
{
  session->stepping = 0;
  session->stepped = FALSE;
}

/* whether a trainer that says so can try the step again, after a dial was turned or space was made */
static gboolean
can_go_on (const GError *error)
{
  return g_error_matches (error, DFKD_ERROR, DFKD_ERROR_NUMBER) || g_error_matches (error, DFKD_ERROR, DFKD_ERROR_FILE)
         || g_error_matches (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
}

static void
pause_with (Worker *w, const GError *error)
{
  g_mutex_lock (&w->session->lock);
  w->session->running = FALSE;
  forget_steps (w->session);
  g_mutex_unlock (&w->session->lock);
  post_event (w, DFKD_EVENT_PAUSED, error->message);
}

/* what is due after a step: pictures of a new synthesis, a snapshot between two */
static gboolean
keep (Worker *w, gboolean snapshot, GError **error)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (w->trainer);
  const DfkdRecipe *recipe = dfkd_trainer_get_recipe (w->trainer);
  guint every = (guint) recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY];

  if (w->recorder == NULL)
    return TRUE;
  if (counters->synthesis > w->before.synthesis)
    {
      g_autoptr (DfkdPictures) pictures = dfkd_trainer_get_kept (w->trainer, error);
      guint64 limit = (guint64) recipe->number[DFKD_PARAMETER_HISTORY] << 20;

      if (pictures == NULL || !dfkd_recorder_add_pictures (w->recorder, pictures, limit, error))
        return FALSE;
      if (!dfkd_recorder_flush (w->recorder, error))
        return FALSE;
      w->before.synthesis = counters->synthesis;
      post_event (w, DFKD_EVENT_SYNTHESIS, NULL);
    }
  if (counters->chosen_synthesis > w->before.chosen)
    {
      if (!dfkd_recorder_choose (w->recorder, w->trainer, error))
        return FALSE;
      w->before.chosen = counters->chosen_synthesis;
    }
  if (every > 0 && counters->synthesis > 0 && dfkd_trainer_is_between (w->trainer) && counters->synthesis % every == 0)
    return save_snapshot (w, error)
           && dfkd_branch_point_save (w->trainer, w->session->folder, every, (guint) recipe->number[DFKD_PARAMETER_BRANCH_POINTS], error);
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

/* a step and what is due after it; after a failure the same again */
static gboolean
advance (Worker *w, gboolean snapshot, GError **error)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (w->trainer);

  if (!w->owes)
    {
      begin_step (w);
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
  Orders orders = { FALSE, FALSE, NULL };

  while ((w->owes || !dfkd_trainer_is_finished (w->trainer)) && obey (w, &orders))
    {
      g_autoptr (GError) problem = NULL;

      if (orders.profile)
        profile (w);
      if (orders.export != NULL)
        export_student (w, orders.export);
      g_clear_pointer (&orders.export, g_free);
      if (!w->session->running && !w->session->stepping)
        {
          if (orders.snapshot && !save_snapshot (w, &problem))
            pause_with (w, problem);
          continue;
        }
      if (!advance (w, orders.snapshot, &problem))
        {
          if (!can_go_on (problem))
            {
              g_propagate_error (error, g_steal_pointer (&problem));
              return FALSE;
            }
          pause_with (w, problem);
          continue;
        }
      end_step (w);
      post_status (w, DFKD_STATE_RUNNING, FALSE);
    }
  return TRUE;
}

static gboolean
finish (Worker *w, GError **error)
{
  gboolean finished = dfkd_trainer_is_finished (w->trainer);

  if (!save_snapshot (w, error) || (w->recorder != NULL && !dfkd_recorder_summarise (w->recorder, w->trainer, error)))
    return FALSE;
  if (finished)
    post_event (w, DFKD_EVENT_FINISHED, NULL);
  post_status (w, finished ? DFKD_STATE_FINISHED : DFKD_STATE_PAUSED, TRUE);
  return TRUE;
}

static gpointer
work (gpointer data)
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

/* ------------------------------------------------------------------------------------------------ outside */

/* without the default data a run goes on unmeasured */
static gboolean
load_data (DfkdSession *session, GError **error)
{
  const char *source = session->recipe->text[DFKD_PARAMETER_DATA];
  g_autofree char *unmeasured = NULL, *earlier = NULL;
  g_autoptr (GError) problem = NULL;

  if (g_str_equal (source, "none"))
    return TRUE;
  session->data = dfkd_teacher_open_data (source, session->recipe->text[DFKD_PARAMETER_TEACHER], session->teacher, &problem);
  if (session->data != NULL)
    return TRUE;
  if (*source != '\0')
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  unmeasured = g_strdup_printf (_("accuracy cannot be measured: %s"), problem->message);
  earlier = g_steal_pointer (&session->notice);
  session->notice = earlier != NULL ? g_strconcat (earlier, "; ", unmeasured, NULL) : g_steal_pointer (&unmeasured);
  return TRUE;
}

static gboolean
load (DfkdSession *session, const DfkdRecipe *recipe, GError **error)
{
  if (session->resume)
    session->recipe = dfkd_snapshot_read_recipe (session->folder, &session->log_start, error);
  else if (session->branch_folder != NULL && recipe == NULL)
    session->recipe = dfkd_branch_point_read_recipe (session->branch_folder, session->branch_synthesis, error);
  else
    session->recipe = dfkd_recipe_copy (recipe);
  if (session->recipe == NULL || !dfkd_recipe_check (session->recipe, error))
    return FALSE;
  if (!session->resume && session->folder != NULL && g_file_test (session->folder, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                   _("the run folder %s exists already; name another with --run-folder, or go on in it with --resume"), session->folder);
      return FALSE;
    }
  session->teacher = dfkd_teacher_load_for_recipe (session->recipe, error);
  if (session->teacher == NULL)
    return FALSE;
  session->notice = g_strdup (session->teacher->notice);
  if (session->teacher->network->is_generator)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("teacher: %s holds a generator, expected a classifier"),
                   session->recipe->text[DFKD_PARAMETER_TEACHER]);
      return FALSE;
    }
  if (!load_data (session, error))
    return FALSE;
  session->class_names = g_strdupv (session->data != NULL && session->data->class_names != NULL
                                      ? session->data->class_names
                                      : (char **) dfkd_teacher_class_names (session->recipe->text[DFKD_PARAMETER_TEACHER]));
  return TRUE;
}

DfkdSession *
dfkd_session_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error)
{
  g_autoptr (DfkdSession) session = g_new0 (DfkdSession, 1);

  g_mutex_init (&session->lock);
  g_cond_init (&session->command);
  session->channel = dfkd_channel_new ();
  session->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  session->folder = g_strdup (options->folder);
  session->device_id = g_strdup (options->device != NULL ? options->device : "auto");
  session->threads = options->threads;
  session->resume = options->resume;
  session->branch_folder = g_strdup (options->branch_folder);
  session->branch_synthesis = options->branch_synthesis;
  session->polite = options->polite;
  session->running = !options->paused;
  if (!load (session, recipe, error))
    return NULL;
  session->thread = g_thread_new ("dfkd-trainer", work, session);
  return g_steal_pointer (&session);
}

DfkdChannel *
dfkd_session_get_channel (DfkdSession *session)
{
  return session->channel;
}

DfkdRecipe *
dfkd_session_copy_recipe (DfkdSession *session)
{
  DfkdRecipe *copy;

  g_mutex_lock (&session->lock);
  copy = dfkd_recipe_copy (session->recipe);
  g_mutex_unlock (&session->lock);
  return copy;
}

const char *const *
dfkd_session_get_class_names (DfkdSession *session)
{
  return (const char *const *) session->class_names;
}

guint64
dfkd_session_get_log_start (DfkdSession *session)
{
  return session->log_start;
}

const char *
dfkd_session_get_folder (DfkdSession *session)
{
  return session->folder;
}

char *
dfkd_session_copy_device_name (DfkdSession *session)
{
  char *name;

  g_mutex_lock (&session->lock);
  name = g_strdup (session->device_name != NULL ? session->device_name : "");
  g_mutex_unlock (&session->lock);
  return name;
}

gboolean
dfkd_session_is_running (DfkdSession *session)
{
  gboolean running;

  g_mutex_lock (&session->lock);
  running = session->running || session->stepping > 0;
  g_mutex_unlock (&session->lock);
  return running;
}

static void
command (DfkdSession *session, gboolean *flag, gboolean value)
{
  g_mutex_lock (&session->lock);
  *flag = value;
  g_cond_broadcast (&session->command);
  g_mutex_unlock (&session->lock);
}

void
dfkd_session_run (DfkdSession *session)
{
  command (session, &session->running, TRUE);
}

void
dfkd_session_pause (DfkdSession *session)
{
  g_mutex_lock (&session->lock);
  session->running = FALSE;
  forget_steps (session);
  g_mutex_unlock (&session->lock);
}

void
dfkd_session_step (DfkdSession *session, DfkdStepKind kind)
{
  g_mutex_lock (&session->lock);
  session->running = FALSE;
  if (session->step != kind)
    forget_steps (session);
  session->step = kind;
  session->stepping++;
  g_cond_broadcast (&session->command);
  g_mutex_unlock (&session->lock);
}

gboolean
dfkd_session_set (DfkdSession *session, DfkdParameterId id, double value, GError **error)
{
  const DfkdParameter *parameter = dfkd_parameter (id);
  Change change = { id, value };

  if (!dfkd_parameter_check (id, value, error))
    return FALSE;
  g_mutex_lock (&session->lock);
  if ((dfkd_recipe_is_built (session->recipe, id) && value != session->recipe->number[id]) || (id == DFKD_PARAMETER_SYNTHESES && value > session->recipe->number[id]))
    {
      g_mutex_unlock (&session->lock);
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s can only be changed to %g by a restart: memory and programs depend on it"),
                   parameter->name, value);
      return FALSE;
    }
  session->recipe->number[id] = value;
  g_array_append_val (session->changes, change);
  g_cond_broadcast (&session->command);
  g_mutex_unlock (&session->lock);
  return TRUE;
}

void
dfkd_session_snapshot (DfkdSession *session)
{
  command (session, &session->snapshot, TRUE);
}

void
dfkd_session_export_student (DfkdSession *session, const char *path)
{
  g_mutex_lock (&session->lock);
  g_free (session->export);
  session->export = g_strdup (path);
  g_cond_broadcast (&session->command);
  g_mutex_unlock (&session->lock);
}

void
dfkd_session_profile (DfkdSession *session)
{
  command (session, &session->profile, TRUE);
}

void
dfkd_session_stop (DfkdSession *session)
{
  command (session, &session->stop, TRUE);
}

gboolean
dfkd_session_wait (DfkdSession *session, GError **error)
{
  g_clear_pointer (&session->thread, g_thread_join);
  if (session->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (session->error);
  return FALSE;
}

void
dfkd_session_free (DfkdSession *session)
{
  if (session == NULL)
    return;
  dfkd_session_stop (session);
  dfkd_session_wait (session, NULL);
  dfkd_channel_unref (session->channel);
  dfkd_recipe_free (session->recipe);
  dfkd_model_free (session->teacher);
  dfkd_dataset_free (session->data);
  g_strfreev (session->class_names);
  g_array_unref (session->changes);
  g_clear_error (&session->error);
  g_mutex_clear (&session->lock);
  g_cond_clear (&session->command);
  g_free (session->folder);
  g_free (session->branch_folder);
  g_free (session->export);
  g_free (session->device_id);
  g_free (session->device_name);
  g_free (session->notice);
  g_free (session);
}
