/* workbench-window-files.c: opening recipes, models and runs, saving a recipe, and asking before anything would be lost. */
#include "workbench-runs-window.h"
#include "workbench-save-dialog.h"
#include "workbench-settings.h"
#include "workbench-teacher-dialog.h"
#include "workbench-window-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

/* ------------------------------------------------------------------------------- starting in place of a run */

typedef struct {
  WorkbenchWindow *window;
  DfkdRecipe *recipe;
  WorkbenchDials *dials;
  char *folder, *recent, *news;
  WorkbenchStart start;
} Pending;

static void
free_pending (gpointer data)
{
  Pending *pending = data;

  dfkd_recipe_free (pending->recipe);
  g_clear_object (&pending->dials);
  g_object_unref (pending->window);
  g_free (pending->folder);
  g_free (pending->recent);
  g_free (pending->news);
  g_free (pending);
}

static void
start_pending (Pending *pending)
{
  if (workbench_window_start (pending->window, &pending->start) && pending->recent != NULL)
    workbench_settings_add_recent (pending->recent);
}

static void
on_answer (AdwMessageDialog *dialog, const char *response, Pending *pending)
{
  if (g_str_equal (response, "start"))
    start_pending (pending);
}

/* a run without a folder that has come somewhere, or has ended: its student is nowhere else */
gboolean
workbench_window_would_lose (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);

  return run != NULL && workbench_document_get_folder (self->document) == NULL && workbench_run_get_status (run)->progress > 0.0;
}

void
workbench_window_start_asking (WorkbenchWindow *self, const WorkbenchStart *start, const char *recent)
{
  Pending *pending = g_new0 (Pending, 1);
  GtkWidget *dialog;

  pending->window = g_object_ref (self);
  pending->recipe = start->recipe != NULL ? dfkd_recipe_copy (start->recipe) : NULL;
  pending->dials = start->dials != NULL ? g_object_ref (start->dials) : NULL;
  pending->folder = g_strdup (start->folder);
  pending->recent = g_strdup (recent);
  pending->news = g_strdup (start->news);
  pending->start = (WorkbenchStart){ .recipe = pending->recipe, .dials = pending->dials, .folder = pending->folder, .resume = start->resume, .goes = start->goes, .news = pending->news };
  if (!workbench_window_would_lose (self))
    {
      start_pending (pending);
      free_pending (pending);
      return;
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Start Another Run?"),
                                   _("The run that is shown has no folder: its student and its images are lost when another one takes its place."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "start", _("_Start"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "start", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answer), pending, (GClosureNotify) (void (*) (void)) free_pending, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ------------------------------------------------------------------------------------------------- opening */

static gboolean
open_recipe (WorkbenchWindow *self, const char *path, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_load (path, error);

  if (recipe == NULL)
    return FALSE;
  workbench_window_start_asking (self, &(WorkbenchStart){ .recipe = recipe }, path);
  return TRUE;
}

/* what the format of a model's file is, its content tells; these are the names that such files have */
static const char *const model_endings[] = { "safetensors", "pth", "pt", "pth.tar", "ckpt", "bin", NULL };

/* Test data that @model does not take are left out of @recipe, unless there would be nothing to learn from. Returns: (transfer full) (nullable): what
 * to say of it */
static char *
leave_unfit_data (DfkdRecipe *recipe, const char *path, const DfkdModel *model)
{
  const DfkdParameter *p = dfkd_parameter (DFKD_PARAMETER_DATA);
  g_autofree char *source = g_strdup (recipe->text[DFKD_PARAMETER_DATA]), *name = NULL;
  g_autoptr (DfkdDataset) data = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (source, "none") || model->network->is_generator || dfkd_recipe_get_method (recipe)->learns_from == DFKD_IMAGES_ORIGINALS)
    return NULL;
  data = dfkd_teacher_open_data (source, path, model, &error);
  if (data != NULL)
    dfkd_data_fit (data, model->network, path, "", &error);
  if (!g_error_matches (error, DFKD_ERROR, DFKD_ERROR_SHAPE) || !dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "none", NULL))
    return NULL;
  if (*source == '\0')
    return g_strdup_printf (_("The test data of the built-in teacher do not fit this one: choose “%s” to see accuracies"), _(p->label));
  name = g_path_get_basename (source);
  return g_strdup_printf (_("%s does not fit this teacher: choose “%s” to see accuracies"), name, _(p->label));
}

/* @dials: (nullable): those that take the teacher, so that it can be taken back like any turn; @news: (nullable): what to say then */
static void
start_with_teacher (WorkbenchWindow *self, DfkdRecipe *recipe, WorkbenchDials *dials, const char *path, const char *news, const char *mean,
                    const char *std, const char *class_names)
{
  g_autoptr (GError) error = NULL;

  if (dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, path, &error) && dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER_MEAN, mean, &error)
      && dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER_STD, std, &error)
      && dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER_CLASSES, class_names, &error))
    workbench_window_start_asking (self, &(WorkbenchStart){ .recipe = recipe, .dials = dials, .news = news }, path);
  else
    workbench_window_say (self, error->message);
}

typedef struct {
  WorkbenchWindow *window;
  DfkdRecipe *recipe;
  WorkbenchDials *dials;
  char *path, *news;
} Asked;

static void
free_asked (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->window);
  dfkd_recipe_free (asked->recipe);
  g_clear_object (&asked->dials);
  g_free (asked->path);
  g_free (asked->news);
  g_free (asked);
}

static void
on_teacher_answer (WorkbenchTeacherDialog *dialog, const char *response, Asked *asked)
{
  if (g_str_equal (response, "open"))
    start_with_teacher (asked->window, asked->recipe, asked->dials, asked->path, asked->news, workbench_teacher_dialog_get_mean (dialog),
                        workbench_teacher_dialog_get_std (dialog), workbench_teacher_dialog_get_class_names (dialog));
}

static void
ask_for_values (WorkbenchWindow *self, DfkdRecipe *recipe, WorkbenchDials *dials, const char *path, const char *news, const DfkdModel *model)
{
  GtkWidget *dialog = workbench_teacher_dialog_new (GTK_WINDOW (self), path, model);
  Asked *asked = g_new0 (Asked, 1);

  asked->window = g_object_ref (self);
  asked->recipe = dfkd_recipe_copy (recipe);
  asked->dials = dials != NULL ? g_object_ref (dials) : NULL;
  asked->path = g_strdup (path);
  asked->news = g_strdup (news);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_teacher_answer), asked, (GClosureNotify) (void (*) (void)) free_asked, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* the recipe that is shown, or the one that waits for it, with another teacher; what the recipe says of the one before does not count for it */
static gboolean
open_model (WorkbenchWindow *self, const char *path, GError **error)
{
  WorkbenchDials *dials = self->document != NULL ? workbench_document_get_dials (self->document) : NULL;
  g_autoptr (DfkdModel) model = dfkd_model_load (path, NULL, error);
  g_autoptr (DfkdRecipe) recipe = NULL;
  g_autofree char *news = NULL;

  if (model == NULL)
    return FALSE;
  workbench_controls_commit (self->controls);
  recipe = dials != NULL ? workbench_dials_copy_recipe (dials) : dfkd_recipe_copy (self->recipe);
  if (self->awaiting != NULL)
    {
      dfkd_recipe_free (recipe);
      recipe = g_steal_pointer (&self->awaiting);
      dials = NULL; /* another recipe begins afresh */
    }
  news = leave_unfit_data (recipe, path, model);
  if ((model->knows_mean && model->knows_std) || model->network->is_generator)
    start_with_teacher (self, recipe, dials, path, news, "", "", "");
  else
    ask_for_values (self, recipe, dials, path, news, model);
  return TRUE;
}

WorkbenchWindow *
workbench_window_find_run (WorkbenchWindow *self, const char *folder)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  GList *windows = application != NULL ? gtk_application_get_windows (application) : NULL;
  g_autofree char *wanted = g_canonicalize_filename (folder, NULL);

  for (GList *link = windows; link != NULL; link = link->next)
    {
      WorkbenchWindow *window = WORKBENCH_IS_WINDOW (link->data) ? link->data : NULL;
      const char *shown = window != NULL && workbench_window_get_run (window) != NULL ? workbench_document_get_folder (window->document) : NULL;
      g_autofree char *path = shown != NULL ? g_canonicalize_filename (shown, NULL) : NULL;

      if (g_strcmp0 (path, wanted) == 0)
        return window;
    }
  return NULL;
}

/* that window, brought to the front */
static WorkbenchWindow *
present_run (WorkbenchWindow *self, const char *folder)
{
  WorkbenchWindow *window = workbench_window_find_run (self, folder);

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
  return window;
}

gboolean
workbench_window_waits (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);
  const DfkdStatus *status = run != NULL ? workbench_run_get_status (run) : NULL;

  return status != NULL && status->progress <= 0.0
         && (status->state == DFKD_STATE_PAUSED
             || (status->state == DFKD_STATE_PREPARING && !dfkd_session_is_running (workbench_run_get_session (run))));
}

/* with all dials as in its recipe */
static gboolean
is_untouched (WorkbenchWindow *self)
{
  return workbench_window_waits (self) && !workbench_dials_differ (workbench_document_get_dials (self->document));
}

/* a run that is going on, or whose student is nowhere else, keeps its window */
WorkbenchWindow *
workbench_window_to_look_in (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);
  DfkdState state = run != NULL ? workbench_run_get_status (run)->state : DFKD_STATE_FAILED;
  WorkbenchWindow *other;

  if (state == DFKD_STATE_FAILED || (state == DFKD_STATE_FINISHED && !workbench_window_would_lose (self)) || is_untouched (self))
    return self;
  other = g_object_new (WORKBENCH_TYPE_WINDOW, "application", gtk_window_get_application (GTK_WINDOW (self)), NULL);
  other->device = g_strdup (self->device);
  other->threads = self->threads;
  other->keeps = self->keeps;
  gtk_window_present (GTK_WINDOW (other));
  return other;
}

WorkbenchWindow *
workbench_window_show_run (WorkbenchWindow *self, const char *folder, GError **error)
{
  g_autoptr (WorkbenchDocument) document = NULL;
  WorkbenchWindow *window = present_run (self, folder);

  if (window != NULL)
    return window;
  if (!dfkd_run_is_folder (folder))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not the folder of a run: it has no recipe.json and events.jsonl. Test data are dropped on the field “%s” at the left."), folder,
                   _(dfkd_parameter (DFKD_PARAMETER_DATA)->label));
      return NULL;
    }
  document = workbench_document_open (folder, error);
  if (document == NULL)
    return NULL;
  window = workbench_window_to_look_in (self);
  dfkd_recipe_free (window->recipe);
  window->recipe = dfkd_recipe_copy (workbench_document_get_recipe (document));
  gtk_info_bar_set_revealed (window->problem, FALSE);
  workbench_window_set_document (window, document);
  return window;
}

gboolean
workbench_window_open_run (WorkbenchWindow *self, const char *folder, GError **error)
{
  return workbench_window_show_run (self, folder, error) != NULL;
}

/* of a window that has it already: one that is paused, or waits, goes on there; one that has failed can be taken up again */
static gboolean
is_going_on (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);
  const DfkdState state = workbench_run_get_status (run)->state;

  if (state != DFKD_STATE_FAILED && state != DFKD_STATE_FINISHED && !dfkd_session_is_running (workbench_run_get_session (run)))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.run", NULL);
  return state != DFKD_STATE_FAILED;
}

gboolean
workbench_window_resume_run (WorkbenchWindow *self, const char *folder, GError **error)
{
  WorkbenchWindow *window = present_run (self, folder);

  if (window != NULL && is_going_on (window))
    return TRUE;
  if (window != NULL)
    self = window;
  if (!dfkd_run_can_go_on (folder))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be gone on with: it has no snapshot"), folder);
      return FALSE;
    }
  workbench_window_start_asking (self, &(WorkbenchStart){ .folder = folder, .resume = TRUE }, NULL);
  return TRUE;
}

static gboolean
has_ending (const char *path, const char *const *endings)
{
  for (guint i = 0; endings[i] != NULL; i++)
    {
      g_autofree char *ending = g_strconcat (".", endings[i], NULL);

      if (g_str_has_suffix (path, ending))
        return TRUE;
    }
  return FALSE;
}

gboolean
workbench_window_open (WorkbenchWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *lower = g_ascii_strdown (path, -1);
  gboolean done;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (&error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s"), path, g_strerror (ENOENT));
      done = FALSE;
    }
  else if (workbench_window_is_experiment (path))
    {
      workbench_window_open_experiment (self, path);
      done = TRUE;
    }
  else if (g_file_test (path, G_FILE_TEST_IS_DIR))
    done = workbench_window_open_run (self, path, &error);
  else if (has_ending (lower, model_endings))
    done = open_model (self, path, &error);
  else if (g_str_has_suffix (lower, ".json") || workbench_window_is_json (path)) /* dialogs save a recipe under any name */
    done = open_recipe (self, path, &error);
  else
    {
      g_set_error (&error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s cannot be opened: expected a recipe or an experiment (.json), a model (.safetensors, .pth) or the folder of a run"), path);
      done = FALSE;
    }
  if (!done)
    workbench_window_say (self, error->message);
  return done;
}

/* -------------------------------------------------------------------------------------------- file dialogs */

static void
on_open_response (GtkNativeDialog *dialog, int response, WorkbenchWindow *self)
{
  g_autofree char *path = workbench_window_take_chosen (self, response);

  if (path != NULL)
    workbench_window_open (self, path);
  else
    g_clear_pointer (&self->awaiting, dfkd_recipe_free);
}

gboolean
workbench_window_save_recipe (WorkbenchWindow *self, const char *path, GError **error)
{
  WorkbenchDials *dials = workbench_document_get_dials (self->document);
  g_autoptr (DfkdRecipe) recipe = workbench_dials_copy_recipe (dials);

  g_free (recipe->name);
  recipe->name = g_path_get_basename (path);
  if (g_str_has_suffix (recipe->name, ".json"))
    recipe->name[strlen (recipe->name) - strlen (".json")] = '\0';
  if (!dfkd_recipe_save (recipe, path, error))
    return FALSE;
  workbench_dials_set_recipe (dials, recipe); /* what was saved is what values are reset to from now on */
  workbench_settings_add_recent (path);
  return TRUE;
}

void
workbench_window_tell_saved (WorkbenchWindow *self, const char *path)
{
  g_autofree char *done = g_strdup_printf (_("Saved to %s"), path);

  workbench_window_tell (self, done);
}

void
workbench_window_tell_left (WorkbenchWindow *self, const char *names)
{
  g_autofree char *text = g_strdup_printf (_("Not opened, as a window shows one recipe or model: %s"), names);

  workbench_window_tell (self, text);
}

void
workbench_window_say_problems (WorkbenchWindow *self)
{
  g_autoptr (GPtrArray) problems = g_steal_pointer (&self->problems);
  enum { MOST = 4 }; /* that are told one by one */
  GString *text = g_string_new (NULL);
  const guint told = problems->len > MOST ? MOST - 1 : problems->len, more = problems->len - told;

  for (guint i = 0; i < told; i++)
    g_string_append_printf (text, i > 0 ? "\n%s" : "%s", (const char *) g_ptr_array_index (problems, i));
  if (more > 0)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, ngettext ("%u more could not be opened", "%u more could not be opened", more), more);
    }
  if (text->len > 0)
    workbench_window_say (self, text->str);
  g_string_free (text, TRUE);
}

static void
on_save_response (GtkNativeDialog *dialog, int response, WorkbenchWindow *self)
{
  g_autofree char *path = workbench_window_take_chosen (self, response);
  g_autoptr (GError) error = NULL;

  if (path == NULL || self->document == NULL)
    return;
  if (workbench_window_save_recipe (self, path, &error))
    workbench_window_tell_saved (self, path);
  else
    workbench_window_say (self, error->message);
}

gboolean
workbench_window_save_student (WorkbenchWindow *self, const char *path, GError **error)
{
  gboolean done;

  if (!workbench_document_save_student (self->document, path, &done, error))
    return FALSE;
  if (done)
    workbench_window_tell_saved (self, path);
  return TRUE;
}

static void
on_save_student_response (GtkNativeDialog *dialog, int response, WorkbenchWindow *self)
{
  g_autofree char *path = workbench_window_take_chosen (self, response);
  g_autoptr (GError) error = NULL;

  if (path != NULL && self->document != NULL && !workbench_window_save_student (self, path, &error))
    workbench_window_say (self, error->message);
}

static void
on_save_student (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const endings[] = { "safetensors", "onnx", NULL };
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  g_autofree char *name = NULL;

  if (self->document == NULL)
    return;
  name = g_strconcat (workbench_document_get_title (self->document), "-student.safetensors", NULL);
  workbench_window_show_chooser (self, _("Save the Student"), GTK_FILE_CHOOSER_ACTION_SAVE, endings, _("Models (.safetensors, .onnx)"), G_CALLBACK (on_save_student_response));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
}

static void
on_open (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const endings[] = { "json", "safetensors", "pth", "pt", "pth.tar", "ckpt", "bin", NULL };

  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  workbench_window_show_chooser (self, _("Open a Recipe or a Model"), GTK_FILE_CHOOSER_ACTION_OPEN, endings,
                _("Recipes (.json) and models (.safetensors, .pth)"), G_CALLBACK (on_open_response));
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), all);
}

static void
on_open_run (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const endings[] = { NULL };

  workbench_window_show_chooser (WORKBENCH_WINDOW (widget), _("Open the Folder of a Run"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, endings, _("Folders"),
                G_CALLBACK (on_open_response));
}

static void
on_open_path (GtkWidget *widget, const char *action, GVariant *parameter)
{
  workbench_window_open (WORKBENCH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_resume_path (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  if (!workbench_window_resume_run (self, g_variant_get_string (parameter, NULL), &error))
    workbench_window_say (self, error->message);
}

static void
on_runs (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *folder = workbench_settings_get_runs_folder ();

  gtk_window_present (GTK_WINDOW (workbench_runs_window_new (GTK_WINDOW (widget), folder)));
}

static void
on_save_recipe (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const endings[] = { "json", NULL };
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  g_autofree char *name = NULL;

  if (self->document == NULL || !workbench_window_take_typed (self))
    return;
  name = g_strconcat (workbench_document_get_recipe (self->document)->name, ".json", NULL);
  workbench_window_show_chooser (self, _("Save the Recipe"), GTK_FILE_CHOOSER_ACTION_SAVE, endings, _("Recipes (.json)"), G_CALLBACK (on_save_response));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
}

/* Those of the paper need a teacher first. */
static void
on_built_in (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  guint index = g_variant_get_uint32 (parameter);
  g_autoptr (DfkdRecipe) recipe = NULL;
  g_autofree char *title = NULL;

  if (index >= dfkd_built_in_count ())
    return;
  recipe = dfkd_built_in_recipe (index);
  if (*dfkd_built_in_pair (index) == '\0')
    {
      workbench_window_start_asking (self, &(WorkbenchStart){ .recipe = recipe }, NULL);
      return;
    }
  g_clear_pointer (&self->awaiting, dfkd_recipe_free);
  self->awaiting = g_steal_pointer (&recipe);
  title = g_strdup_printf (_("Open the Teacher for %s"), self->awaiting->name);
  workbench_window_show_chooser (self, title, GTK_FILE_CHOOSER_ACTION_OPEN, model_endings, _("Models (.safetensors, .pth)"), G_CALLBACK (on_open_response));
}

/* ------------------------------------------------------------------------------------------- menus */

static void
fill_recent (WorkbenchWindow *self)
{
  g_auto (GStrv) recent = workbench_settings_get_recent ();

  g_menu_remove_all (self->recent_menu);
  for (guint i = 0; recent[i] != NULL; i++)
    {
      g_autofree char *name = g_path_get_basename (recent[i]);
      g_auto (GStrv) parts = g_strsplit (name, "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts); /* no mnemonic */
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "win.open-path", "s", recent[i]);
      g_menu_append_item (self->recent_menu, item);
    }
  if (recent[0] == NULL)
    g_menu_append (self->recent_menu, _("Nothing opened yet"), "win.nothing");
}

static void
fill_built_in (WorkbenchWindow *self)
{
  g_autoptr (GMenu) pair_menu = NULL;
  const char *pair = "";

  for (guint i = 0; i < dfkd_built_in_count (); i++)
    {
      gboolean demo = *dfkd_built_in_pair (i) == '\0';
      g_autoptr (GMenuItem) item = g_menu_item_new (_(dfkd_built_in_label (i)), NULL);

      g_menu_item_set_action_and_target (item, "win.built-in", "u", i);
      if (!demo && !g_str_equal (pair, dfkd_built_in_pair (i)))
        {
          pair = dfkd_built_in_pair (i);
          g_clear_object (&pair_menu);
          pair_menu = g_menu_new ();
          g_menu_append_submenu (self->built_in_menu, pair, G_MENU_MODEL (pair_menu));
        }
      g_menu_append_item (demo ? self->built_in_menu : pair_menu, item);
    }
}

void
workbench_window_class_add_files (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open", NULL, on_open);
  gtk_widget_class_install_action (widget_class, "win.open-run", NULL, on_open_run);
  gtk_widget_class_install_action (widget_class, "win.open-path", "s", on_open_path);
  gtk_widget_class_install_action (widget_class, "win.resume-path", "s", on_resume_path);
  gtk_widget_class_install_action (widget_class, "win.runs", NULL, on_runs);
  gtk_widget_class_install_action (widget_class, "win.save-recipe", NULL, on_save_recipe);
  gtk_widget_class_install_action (widget_class, "win.save-student", NULL, on_save_student);
  gtk_widget_class_install_action (widget_class, "win.built-in", "u", on_built_in);
}

void
workbench_window_init_files (WorkbenchWindow *self)
{
  g_signal_connect_object (workbench_settings (), "changed::recent-recipes", G_CALLBACK (fill_recent), self, G_CONNECT_SWAPPED);
  fill_recent (self);
  fill_built_in (self);
}

void
workbench_window_dispose_files (WorkbenchWindow *self)
{
  workbench_window_forget_chooser (self);
  g_clear_pointer (&self->awaiting, dfkd_recipe_free);
}
