/* session.c: begins and ends a session, and tells its thread what others ask for. */
#include "session-private.h"

#include "branch-point.h"
#include "embedded-teacher.h"
#include "errors.h"
#include "model-onnx.h"
#include "run-folder.h"
#include "snapshot.h"

#include <glib/gi18n-lib.h>

/* @notice: (transfer full) */
static void
add_notice (DfkdSession *session, char *notice)
{
  g_autofree char *earlier = g_steal_pointer (&session->notice), *one = notice;

  session->notice = earlier != NULL ? g_strconcat (earlier, "; ", one, NULL) : g_steal_pointer (&one);
}

/* without the default data a run goes on unmeasured */
static gboolean
load_data (DfkdSession *session, GError **error)
{
  const char *source = session->recipe->text[DFKD_PARAMETER_DATA];
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
  add_notice (session, g_strdup_printf (_("accuracy cannot be measured: %s"), problem->message));
  return TRUE;
}

/* Else there is nothing left to do, and no room in the pool. */
static gboolean
check_branch (const DfkdSession *session, GError **error)
{
  const guint syntheses = (guint) session->recipe->number[DFKD_PARAMETER_SYNTHESES];

  if (session->branch_folder == NULL || syntheses > session->branch_synthesis)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s is left after synthesis %u; take more syntheses than that for the branch, not %u"),
               session->branch_folder, session->branch_synthesis, syntheses);
  return FALSE;
}

static void
take_path (DfkdRecipe *recipe, DfkdParameterId id, const char *path)
{
  if (path == NULL)
    return;
  g_free (recipe->text[id]);
  recipe->text[id] = g_strdup (path);
}

/* of a run that is gone on with */
static DfkdRecipe *
recall (DfkdSession *session, const DfkdSessionOptions *options, GError **error)
{
  DfkdRecipe *recipe = session->anew ? dfkd_run_recipe_load (session->folder, error) : dfkd_snapshot_read_recipe (session->folder, &session->log_start, error);

  if (recipe == NULL)
    return NULL;
  take_path (recipe, DFKD_PARAMETER_TEACHER, options->teacher);
  take_path (recipe, DFKD_PARAMETER_DATA, options->data);
  return recipe;
}

static DfkdModel *
load_teacher (DfkdSession *session, GError **error)
{
  g_autoptr (GError) problem = NULL;
  DfkdModel *teacher = dfkd_teacher_load_for_recipe (session->recipe, &problem);

  if (g_error_matches (problem, DFKD_ERROR, DFKD_ERROR_FILE) && session->resume)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s; if the teacher of this run lies elsewhere now, “dfkd distill --resume” takes the place by --teacher"),
                 problem->message);
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return teacher;
}

static gboolean
load (DfkdSession *session, const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error)
{
  session->anew = session->resume && dfkd_run_is_begun (session->folder);
  if (session->resume)
    session->recipe = recall (session, options, error);
  else if (session->branch_folder != NULL && recipe == NULL)
    session->recipe = dfkd_branch_point_read_recipe (session->branch_folder, session->branch_synthesis, error);
  else
    session->recipe = dfkd_recipe_copy (recipe);
  if (session->recipe != NULL && !session->resume)
    dfkd_recipe_locate (session->recipe);
  if (session->recipe == NULL || !check_branch (session, error)
      || !(session->resume || session->branch_folder != NULL ? dfkd_recipe_check_values : dfkd_recipe_check) (session->recipe, error))
    return FALSE;
  session->most_syntheses = session->recipe->number[DFKD_PARAMETER_SYNTHESES];
  if (!session->resume && !session->made && session->folder != NULL && g_file_test (session->folder, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                   _("the run folder %s exists already; name another with --run-folder, or go on in it with --resume"), session->folder);
      return FALSE;
    }
  session->teacher = load_teacher (session, error);
  if (session->teacher == NULL)
    return FALSE;
  session->notice = g_strdup (session->teacher->notice);
  if (session->anew)
    add_notice (session, g_strdup_printf (_("%s has no snapshot yet: the run begins anew, by the recipe there"), session->folder));
  if (!load_data (session, error))
    return FALSE;
  if (session->teacher->class_names == NULL) /* the student inherits them; the teacher's own say what its logits mean, whatever is measured on */
    {
      char **own = (char **) dfkd_teacher_class_names (session->recipe->text[DFKD_PARAMETER_TEACHER]);

      session->teacher->class_names = g_strdupv (own != NULL || session->data == NULL ? own : session->data->class_names);
    }
  session->class_names = g_strdupv (session->teacher->class_names);
  return TRUE;
}

DfkdSession *
dfkd_session_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error)
{
  g_autoptr (DfkdSession) session = g_new0 (DfkdSession, 1);
  g_autoptr (GError) problem = NULL;

  g_mutex_init (&session->lock);
  g_cond_init (&session->command);
  session->channel = dfkd_channel_new ();
  session->changes = g_array_new (FALSE, FALSE, sizeof (DfkdSessionChange));
  session->exports = g_ptr_array_new_with_free_func (g_free);
  session->folder = g_strdup (options->folder);
  session->device_id = g_strdup (options->device != NULL ? options->device : "auto");
  session->threads = options->threads;
  session->resume = options->resume;
  session->made = options->made;
  session->branch_folder = g_strdup (options->branch_folder);
  session->branch_synthesis = options->branch_synthesis;
  session->polite = options->polite;
  session->running = !options->paused;
  if (!load (session, recipe, options, error))
    return NULL;
  session->thread = g_thread_try_new ("dfkd-trainer", dfkd_session_work, session, &problem);
  if (session->thread != NULL)
    return g_steal_pointer (&session);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("The run cannot begin: %s"), problem->message);
  return NULL;
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
  running = !session->ended && (session->running || session->stepping > 0);
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
  dfkd_session_forget_steps (session);
  g_mutex_unlock (&session->lock);
}

void
dfkd_session_step (DfkdSession *session, DfkdStepKind kind)
{
  g_mutex_lock (&session->lock);
  session->running = FALSE;
  if (session->step != kind)
    dfkd_session_forget_steps (session);
  session->step = kind;
  session->stepping++;
  g_cond_broadcast (&session->command);
  g_mutex_unlock (&session->lock);
}

/* with the lock held: whether the run could have been started so, and can be gone on with */
static gboolean
can_become (DfkdSession *session, DfkdParameterId id, double value, GError **error)
{
  const char *name = dfkd_parameter (id)->name;

  if ((dfkd_recipe_is_built (session->recipe, id) && value != session->recipe->number[id])
      || (id == DFKD_PARAMETER_SYNTHESES && value > session->most_syntheses))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s can only be changed to %g by a restart: memory and programs depend on it"), name,
                   value);
      return FALSE;
    }
  if (id == DFKD_PARAMETER_BN && value > 0.0 && session->no_statistics)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s stays 0 in this run: the teacher has no batch norms whose statistics could be compared"),
                   name);
      return FALSE;
    }
  return TRUE;
}

gboolean
dfkd_session_set (DfkdSession *session, DfkdParameterId id, double value, GError **error)
{
  DfkdSessionChange change = { id, value };

  if (!dfkd_parameter_check (id, value, error))
    return FALSE;
  g_mutex_lock (&session->lock);
  if (!can_become (session, id, value, error))
    {
      g_mutex_unlock (&session->lock);
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

gboolean
dfkd_session_export_student (DfkdSession *session, const char *path)
{
  gboolean goes_on;

  g_mutex_lock (&session->lock);
  goes_on = session->exports != NULL;
  if (goes_on)
    g_ptr_array_add (session->exports, g_strdup (path));
  g_cond_broadcast (&session->command);
  g_mutex_unlock (&session->lock);
  return goes_on;
}

gboolean
dfkd_session_save_student (DfkdSession *session, const char *path, GError **error)
{
  const DfkdModel *student;

  g_mutex_lock (&session->lock);
  student = session->student; /* stays as it is from now on */
  g_mutex_unlock (&session->lock);
  if (student != NULL)
    return dfkd_model_export (student, path, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: there is no student to be written; the run has not come to an end"), path);
  return FALSE;
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
  g_clear_pointer (&session->exports, g_ptr_array_unref);
  dfkd_model_free (session->student);
  g_free (session->device_id);
  g_free (session->device_name);
  g_free (session->notice);
  g_free (session);
}
