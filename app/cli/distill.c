/* distill.c: dfkd distill: a session with its progress, in a run folder. */
#include "branch.h"
#include "resume.h"
#include "tensorboard.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  NOT_GIVEN = -1,
};

typedef struct {
  char *folder, *resume, *branch, *tensorboard;
  int at;
  gboolean go_on;
} Options;

static void
options_clear (Options *o)
{
  g_free (o->folder);
  g_free (o->resume);
  g_free (o->branch);
  g_free (o->tensorboard);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* runs/ and the time, and a number where another job had the same idea. Returns: (transfer full) (nullable) */
static char *
make_folder (GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "%Y-%m-%d-%H%M%S"), *path = g_build_filename ("runs", name, NULL);
  g_autofree char *first = g_strdup (path);

  if (g_mkdir_with_parents ("runs", 0755) != 0)
    {
      dfkd_write_error ("runs", errno, error);
      return NULL;
    }
  for (guint i = 2; g_mkdir (path, 0755) != 0; i++)
    {
      if (errno != EEXIST)
        {
          dfkd_write_error (path, errno, error);
          return NULL;
        }
      g_free (path);
      path = g_strdup_printf ("%s-%u", first, i);
    }
  return g_steal_pointer (&path);
}

static void
show_status (const DfkdStatus *status, double loss, double student_loss)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (status->state == DFKD_STATE_PREPARING && status->to_try > 0)
    dfkd_progress_show_trials (status->tried, status->to_try);
  if (status->state == DFKD_STATE_PREPARING || status->state == DFKD_STATE_FAILED)
    return;
  g_string_append_printf (text, _("synthesis %u/%u"), status->synthesis, status->syntheses);
  if (isfinite (loss))
    g_string_append_printf (text, _(", loss %.2f"), loss);
  if (isfinite (student_loss))
    g_string_append_printf (text, _(", student's loss %.3f"), student_loss);
  if (isfinite (status->accuracy))
    g_string_append_printf (text, _(", accuracy %.2f %%"), status->accuracy);
  dfkd_progress_show (status->progress, status->seconds_left, text->str);
}

/* events as they come; FALSE when the session paused by itself */
static gboolean
show_events (DfkdChannel *channel)
{
  DfkdEvent *event;
  gboolean going = TRUE;

  while ((event = dfkd_channel_take_event (channel)) != NULL)
    {
      if (event->kind == DFKD_EVENT_PAUSED && event->message != NULL)
        {
          dfkd_progress_end ();
          dfkd_command_tell (event->message);
          going = FALSE;
        }
      else if ((event->kind == DFKD_EVENT_STARTED || event->kind == DFKD_EVENT_NOTICE) && event->message != NULL)
        dfkd_command_tell (event->message);
      dfkd_event_free (event);
    }
  return going;
}

static void
take_losses (DfkdChannel *channel, double *loss, double *student_loss)
{
  g_autoptr (GArray) scalars = dfkd_channel_take_scalars (channel);

  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *scalar = &g_array_index (scalars, DfkdScalar, i);

      if (scalar->series == DFKD_SERIES_LOSS)
        *loss = scalar->value;
      else if (scalar->series == DFKD_SERIES_LOSS_STUDENT)
        *student_loss = scalar->value;
    }
}

static void
print_summary (const char *folder, const DfkdStatus *status, gboolean json)
{
  g_autofree char *path = g_build_filename (folder, "summary.json", NULL), *text = NULL;
  g_autofree char *total = dfkd_time_text (status->clocks.total);

  if (json && g_file_get_contents (path, &text, NULL, NULL))
    {
      fputs (text, stdout); /* the file's bytes, in any locale */
      return;
    }
  if (isfinite (status->accuracy) && isfinite (status->chosen_accuracy))
    g_print (_("student %.2f %% at the end (best on test %.2f %%, chosen without data %.2f %%), teacher %.2f %%, on the test set\n"), status->accuracy,
             status->best_accuracy, status->chosen_accuracy, status->teacher_accuracy);
  else if (isfinite (status->accuracy))
    g_print (_("student %.2f %% at the end (best on test %.2f %%), teacher %.2f %%, on the test set\n"), status->accuracy, status->best_accuracy,
             status->teacher_accuracy);
  g_print (_("seconds: synthesise %.1f, distil %.1f, evaluate %.1f, show %.1f; %s in all\n"), status->clocks.generate, status->clocks.distil,
           status->clocks.evaluate, status->clocks.show, total);
  g_print (_("student and summary are in %s\n"), folder);
}

/* so that nobody learns after hours that nothing could be written there */
static gboolean
check_tensorboard (const char *directory, const char *folder, GError **error)
{
  g_autofree char *to = dfkd_tensorboard_folder (directory, folder), *file = g_build_filename (to, "events", NULL);
  g_autoptr (GError) problem = NULL;

  if (g_mkdir_with_parents (to, 0755) != 0)
    dfkd_write_error (to, errno, &problem);
  if (problem != NULL || !dfkd_atomic_check (file, &problem))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, "--tensorboard: %s", problem->message);
  return problem == NULL;
}

/* Waits for the end. Behind it the session has written all of its log. */
static gboolean
wait_for (DfkdSession *session, DfkdTensorboardCopy *copy, const char *tensorboard, GError **error)
{
  const gboolean good = dfkd_session_wait (session, error);
  g_autoptr (GError) problem = NULL;

  if (tensorboard != NULL && !dfkd_tensorboard_write (copy, tensorboard, dfkd_session_get_folder (session), &problem))
    dfkd_command_tell (problem->message);
  return good;
}

/* @changes: (nullable): of a run that is gone on with, as @recipe has them; @tensorboard: (nullable) */
static int
follow (DfkdSession *session, const GArray *changes, const DfkdRecipe *recipe, const char *tensorboard, gboolean json, GError **error)
{
  g_auto (DfkdTensorboardCopy) copy = { 0 };
  DfkdChannel *channel = dfkd_session_get_channel (session);
  const char *folder = dfkd_session_get_folder (session);
  double loss = (double) NAN, student_loss = (double) NAN;
  gboolean interrupted = FALSE, paused = FALSE;
  DfkdStatus status;

  dfkd_interrupts_catch ();
  if (changes != NULL && !dfkd_resume_begin (session, changes, recipe, error))
    return DFKD_EXIT_FAILED;
  do
    {
      dfkd_channel_wait (channel, 0.2);
      take_losses (channel, &loss, &student_loss);
      if (!show_events (channel))
        paused = TRUE;
      dfkd_channel_get_status (channel, &status);
      show_status (&status, loss, student_loss);
      if (tensorboard != NULL)
        dfkd_tensorboard_write_on (&copy, tensorboard, folder);
      if ((dfkd_interrupts_seen () || paused) && !interrupted)
        {
          interrupted = TRUE;
          dfkd_session_stop (session);
        }
      g_usleep (20000); /* a terminal needs no more than fifty lines a second */
    }
  while (status.state != DFKD_STATE_FINISHED && status.state != DFKD_STATE_FAILED && !interrupted);
  dfkd_progress_end ();
  if (!wait_for (session, &copy, tensorboard, error))
    return DFKD_EXIT_FAILED;
  dfkd_channel_get_status (channel, &status);
  if (status.state != DFKD_STATE_FINISHED)
    {
      const gboolean whole = status.stage == DFKD_STAGE_DISTIL || status.stage == DFKD_STAGE_EVALUATE; /* else it is the one that comes */
      const guint done = whole || status.synthesis == 0 ? status.synthesis : status.synthesis - 1;
      g_autofree char *quoted = dfkd_command_quote (folder);

      g_printerr (g_dngettext (GETTEXT_PACKAGE, "Stopped after %u synthesis; go on with: dfkd distill --resume %s\n",
                               "Stopped after %u syntheses; go on with: dfkd distill --resume %s\n", done),
                  done, quoted);
      return paused ? DFKD_EXIT_FAILED : DFKD_EXIT_INTERRUPTED;
    }
  print_summary (folder, &status, json);
  return DFKD_EXIT_DONE;
}

/* --go-on: as --resume where the run is there. @common: the recipe that it names is the run's own then, or its values differ, which is said */
static void
go_on (Options *o, DfkdCommonOptions *common)
{
  if (dfkd_run_is_left_over (o->folder))
    dfkd_folder_remove (o->folder);
  if (!dfkd_run_can_go_on (o->folder) && !dfkd_run_is_folder (o->folder))
    return;
  o->resume = g_steal_pointer (&o->folder);
  g_clear_pointer (&o->branch, g_free);
  g_clear_pointer (&common->recipe, g_free);
}

/* of options that exclude or need each other; said on standard error */
static gboolean
check_options (const Options *o, const DfkdCommonOptions *common, const DfkdRecipe *recipe)
{
  if (o->folder != NULL && o->resume != NULL)
    g_printerr (_("dfkd distill: --run-folder and --resume exclude each other\n"));
  else if (o->go_on && o->folder == NULL)
    g_printerr (_("dfkd distill: --go-on goes with --run-folder: name the folder of the run by it\n"));
  else if (o->branch != NULL && o->resume != NULL)
    g_printerr (_("dfkd distill: --branch and --resume exclude each other\n"));
  else if (o->at != NOT_GIVEN && o->branch == NULL)
    g_printerr (_("dfkd distill: --at says where to leave the run that --branch names; give that, too\n"));
  else if (o->at != NOT_GIVEN && o->at < 1)
    g_printerr (_("dfkd distill: --at: expected a number of syntheses, 1 or more, not %d\n"), o->at);
  else if (common->recipe != NULL && *recipe->text[DFKD_PARAMETER_TEACHER] == '\0' && dfkd_built_in_needs_teacher (common->recipe))
    g_printerr (_("dfkd distill: --recipe: “%s” has the paper's settings for a teacher that you bring; name its file with --teacher\n"), common->recipe);
  else
    return TRUE;
  return FALSE;
}

/* what the session is to begin with: a run that is gone on with has its own recipe, and @changes (out) of it */
static gboolean
prepare (const Options *o, const DfkdCommonOptions *common, DfkdRecipe **recipe, GArray **changes, DfkdSessionOptions *options, GError **error)
{
  if (o->resume != NULL)
    {
      *changes = dfkd_resume_changes (o->resume, common->recipe, *recipe, error);
      options->paused = TRUE;
      if (*changes != NULL)
        dfkd_recipe_locate (*recipe);
      options->teacher = (*recipe)->said[DFKD_PARAMETER_TEACHER] ? (*recipe)->text[DFKD_PARAMETER_TEACHER] : NULL;
      options->data = (*recipe)->said[DFKD_PARAMETER_DATA] ? (*recipe)->text[DFKD_PARAMETER_DATA] : NULL;
      return *changes != NULL;
    }
  if (o->branch != NULL)
    {
      guint synthesis = o->at == NOT_GIVEN ? 0 : (guint) o->at;
      DfkdRecipe *changed = dfkd_branch_prepare (o->branch, &synthesis, *recipe, error);

      dfkd_recipe_free (*recipe);
      *recipe = changed;
      options->branch_folder = o->branch;
      options->branch_synthesis = synthesis;
      return changed != NULL;
    }
  return dfkd_recipe_check (*recipe, error);
}

int
dfkd_command_distill (int argc, char **argv)
{
  g_auto (Options) o = { .at = NOT_GIVEN };
  g_auto (DfkdCommonOptions) common = { 0 };
  DfkdSessionOptions options = { 0 };
  g_autoptr (DfkdRecipe) recipe = NULL;
  g_autoptr (DfkdSession) session = NULL;
  g_autoptr (GArray) changes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  int code;
  const GOptionEntry entries[] = {
    { "run-folder", 0, 0, G_OPTION_ARG_FILENAME, &o.folder, _("folder to make for this run; without it runs/ and the time"), "DIR" },
    { "resume", 0, 0, G_OPTION_ARG_FILENAME, &o.resume, _("go on with a run that was stopped, by its own recipe; options change what can change while a run goes on"), "DIR" },
    { "go-on", 0, 0, G_OPTION_ARG_NONE, &o.go_on, _("with --run-folder: begin, or go on where it was stopped: the same command may be given until the run is done"), NULL },
    { "branch", 0, 0, G_OPTION_ARG_FILENAME, &o.branch, _("begin a new run that goes on from a point of another run, by its recipe then; options change what was not built for it"), "DIR" },
    { "at", 0, 0, G_OPTION_ARG_INT, &o.at, _("with --branch: after how many syntheses; without it the newest branch point"), "N" },
    { "tensorboard", 0, 0, G_OPTION_ARG_FILENAME, &o.tensorboard, _("write what comes for TensorBoard, too, into a folder of DIR with the run's name"), "DIR" },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "distill", NULL,
                           _("Distils a teacher into a student without its training data (FastDFKD).\nWithout options it runs the demo on the built-in teacher."),
                           entries, &common, &recipe, 0))
    return DFKD_EXIT_USAGE;
  if (!check_options (&o, &common, recipe))
    return DFKD_EXIT_USAGE;
  if (o.go_on)
    go_on (&o, &common);
  options = (DfkdSessionOptions){ .device = common.device, .threads = (guint) common.threads, .resume = o.resume != NULL };
  if (!prepare (&o, &common, &recipe, &changes, &options, &error))
    return dfkd_command_fail (error);
  options.made = o.resume == NULL && o.folder == NULL;
  folder = options.made ? make_folder (&error) : g_strdup (o.resume != NULL ? o.resume : o.folder);
  if (folder == NULL)
    return dfkd_command_fail (error);
  options.folder = folder;
  if (o.tensorboard == NULL || check_tensorboard (o.tensorboard, folder, &error))
    session = dfkd_session_new (recipe, &options, &error);
  code = session != NULL ? follow (session, changes, recipe, o.tensorboard, common.json, &error) : DFKD_EXIT_FAILED;
  if (options.made) /* of a run that could not begin: else they are not empty, and stay */
    {
      g_autofree char *parent = g_path_get_dirname (folder);

      if (g_rmdir (folder) == 0)
        g_rmdir (parent);
    }
  return error != NULL ? dfkd_command_fail (error) : code;
}
