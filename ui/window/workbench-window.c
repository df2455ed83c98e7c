/* workbench-window.c: binds a run to the widgets. It reads signals and sends commands, nothing else. */
#include "workbench-first-steps.h"
#include "workbench-option-words.h"
#include "workbench-settings.h"
#include "workbench-window-private.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (WorkbenchWindow, workbench_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  WAITING_SECONDS = 5, /* as long as a toast */
};

void
workbench_window_say (WorkbenchWindow *self, const char *message)
{
  g_autofree char *text = workbench_option_words (message);

  if (self->problems != NULL)
    {
      g_ptr_array_add (self->problems, g_strdup (message));
      return;
    }
  gtk_label_set_text (self->problem_text, text);
  gtk_info_bar_set_revealed (self->problem, TRUE);
}

void
workbench_window_tell (WorkbenchWindow *self, const char *message)
{
  g_autofree char *text = workbench_option_words (message), *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/* ------------------------------------------------------------------------------------ what a run tells */

/* whether it goes on as soon as it can: what Space was pressed for last, be it that the run is still preparing itself */
static gboolean
goes_on (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);
  DfkdState state = run != NULL ? workbench_run_get_status (run)->state : DFKD_STATE_FAILED;

  return state != DFKD_STATE_FAILED && state != DFKD_STATE_FINISHED && dfkd_session_is_running (workbench_run_get_session (run));
}

static gboolean
is_over (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);
  DfkdState state = run != NULL ? workbench_run_get_status (run)->state : DFKD_STATE_PREPARING;

  return state == DFKD_STATE_FAILED || state == DFKD_STATE_FINISHED;
}

/* what it would do; the same name again would lay the whole window out anew */
static void
show_run_button (WorkbenchWindow *self)
{
  const char *name = goes_on (self) ? "media-playback-pause-symbolic" : "media-playback-start-symbolic";
  const char *tip = is_over (self) ? _("Begin a new run with the settings at the left (Space)") : _("Run or pause (Space)");

  if (g_strcmp0 (gtk_button_get_icon_name (self->run_button), name) != 0)
    gtk_button_set_icon_name (self->run_button, name);
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self->run_button)), tip) == 0)
    return;
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->run_button), tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->run_button), GTK_ACCESSIBLE_PROPERTY_LABEL, is_over (self) ? _("Begin a new run") : _("Run or pause"), -1);
}

static void
on_status (WorkbenchDocument *document, WorkbenchWindow *self)
{
  g_autofree char *device = workbench_document_get_device (document);
  const DfkdState state = workbench_document_get_status (document)->state;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.step",
                                 workbench_window_get_run (self) != NULL && state != DFKD_STATE_FINISHED && state != DFKD_STATE_FAILED);
  workbench_window_keep_awake (self);
  show_run_button (self);
  adw_window_title_set_subtitle (self->title, device);
}

static void
on_event (WorkbenchDocument *document, const DfkdEvent *event, WorkbenchWindow *self)
{
  switch (event->kind)
    {
    case DFKD_EVENT_NOTICE:
    case DFKD_EVENT_STARTED:
      if (event->message != NULL)
        workbench_window_tell (self, event->message);
      break;
    case DFKD_EVENT_EXPORTED:
      workbench_window_tell_saved (self, event->message);
      break;
    case DFKD_EVENT_FAILED:
    case DFKD_EVENT_PAUSED:
      if (event->message == NULL)
        break;
      workbench_window_tell_end (self, event->message);
      workbench_window_say (self, event->message);
      break;
    case DFKD_EVENT_FINISHED:
      workbench_window_tell (self, _("The run is finished"));
      workbench_window_tell_end (self, NULL);
      break;
    case DFKD_EVENT_PARAMETER:
    case DFKD_EVENT_SYNTHESIS:
    case DFKD_EVENT_EVALUATION:
    case DFKD_EVENT_SNAPSHOT:
    case DFKD_N_EVENT_KINDS:
      break;
    }
}

/* ------------------------------------------------------------------------------------------- what is shown */

WorkbenchRun *
workbench_window_get_run (WorkbenchWindow *self)
{
  return self->document != NULL ? workbench_document_get_run (self->document) : NULL;
}

/* an entry of the menu that names what it would take back */
static void
append_turn (GMenu *menu, const char *what, const char *format, const char *nothing, const char *action, const char *keys)
{
  g_auto (GStrv) parts = g_strsplit (what != NULL ? what : "", "_", -1);
  g_autofree char *plain = g_strjoinv ("__", parts); /* that of η_g is no mnemonic */
  g_autofree char *label = what != NULL ? g_strdup_printf (format, plain) : g_strdup (nothing);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "accel", "s", keys);
  g_menu_append_item (menu, item);
}

static void
on_turns (WorkbenchDials *dials, WorkbenchWindow *self)
{
  gboolean live = workbench_window_get_run (self) != NULL;
  g_autofree char *undo = workbench_dials_describe_undo (dials), *redo = workbench_dials_describe_redo (dials);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", live && undo != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", live && redo != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.reset-dials", live && workbench_dials_differ (dials));
  g_menu_remove_all (self->edit_menu);
  append_turn (self->edit_menu, undo, _("_Undo %s"), _("_Undo"), "win.undo", "<Control>z");
  append_turn (self->edit_menu, redo, _("_Redo %s"), _("_Redo"), "win.redo", "<Shift><Control>z");
  g_menu_append (self->edit_menu, _("R_eset All Values to the Recipe"), "win.reset-dials");
}

static void
forget_waiting (WorkbenchWindow *self)
{
  g_clear_handle_id (&self->waiting_ends, g_source_remove);
  gtk_revealer_set_reveal_child (self->waiting, FALSE);
}

static gboolean
on_waiting_ends (gpointer data)
{
  WorkbenchWindow *self = data;

  self->waiting_ends = 0;
  forget_waiting (self);
  return G_SOURCE_REMOVE;
}

/* Returns: DFKD_N_PARAMETERS when nothing does */
static guint
find_waiting (WorkbenchDials *dials)
{
  guint id = 0;

  while (id < DFKD_N_PARAMETERS && !workbench_dials_waits (dials, id))
    id++;
  return id;
}

/* What was changed needs a restart. No toast: those queue up, and cannot be taken back while they come in without a crash of libadwaita 1.2. */
static void
on_dial (WorkbenchDials *dials, guint id, WorkbenchWindow *self)
{
  const gboolean waits = workbench_dials_waits (dials, id);
  const int lead = workbench_dials_get_lead (dials); /* of a method and its settings nobody has touched but the method */
  const guint named = !waits ? find_waiting (dials) : lead >= 0 && workbench_dials_waits (dials, (DfkdParameterId) lead) ? (guint) lead : id;
  g_autofree char *text = NULL;

  if (named == DFKD_N_PARAMETERS)
    forget_waiting (self);
  if (named == DFKD_N_PARAMETERS || (!waits && !gtk_revealer_get_reveal_child (self->waiting)))
    return;
  text = g_strdup_printf (_("%s takes effect when the run is restarted (Ctrl+R)"), _(dfkd_parameter (named)->label));
  gtk_label_set_text (self->waiting_text, text);
  gtk_revealer_set_reveal_child (self->waiting, TRUE);
  g_clear_handle_id (&self->waiting_ends, g_source_remove);
  self->waiting_ends = g_timeout_add_seconds (WAITING_SECONDS, on_waiting_ends, self);
}

/* several windows are told apart by their runs */
static void
show_title (WorkbenchWindow *self)
{
  const char *program = _("DFKD Workbench"), *run = self->document != NULL ? workbench_document_get_title (self->document) : NULL;
  g_autofree char *title = run != NULL ? g_strdup_printf ("%s – %s", run, program) : g_strdup (program);

  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->title, run != NULL ? run : program);
}

void
workbench_window_set_document (WorkbenchWindow *self, WorkbenchDocument *document)
{
  static const char *const of_document[] = { "win.undo", "win.redo", "win.reset-dials", "win.branch", "win.save-recipe", "win.save-student" };
  WorkbenchRun *run;

  forget_waiting (self);
  if (self->document != NULL)
    {
      run = workbench_window_get_run (self);
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_signal_handlers_disconnect_by_data (workbench_document_get_dials (self->document), self);
      workbench_document_close (self->document);
      if (run != NULL)
        workbench_run_close (run); /* somebody may hold the document a while longer */
    }
  workbench_controls_set_document (self->controls, document);
  workbench_status_bar_set_document (self->status, document);
  workbench_pane_set_document (self->first_pane, document);
  workbench_pane_set_document (self->second_pane, document);
  g_set_object (&self->document, document);
  show_title (self);
  run = workbench_window_get_run (self);
  g_object_set_data_full (G_OBJECT (self), "run-folder", run != NULL ? g_strdup (workbench_document_get_folder (document)) : NULL, g_free);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.run", run != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.step", run != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (of_document); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_document[i], document != NULL);
  workbench_window_keep_awake (self);
  if (document == NULL)
    {
      show_run_button (self);
      return;
    }
  g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  g_signal_connect (document, "event", G_CALLBACK (on_event), self);
  g_signal_connect (workbench_document_get_dials (document), "turns", G_CALLBACK (on_turns), self);
  g_signal_connect (workbench_document_get_dials (document), "changed", G_CALLBACK (on_dial), self);
  on_turns (workbench_document_get_dials (document), self);
  on_status (document, self);
}

/* of a run in place of another: what they take with it does not wait for a restart */
static void
give_dials (WorkbenchWindow *self, WorkbenchDocument *document, WorkbenchDials *dials, const DfkdRecipe *recipe)
{
  g_signal_handlers_block_by_func (dials, on_dial, self);
  workbench_dials_take (dials, recipe, DFKD_PARAMETER_TEACHER); /* which may be new in it, with test data that go with it */
  g_signal_handlers_unblock_by_func (dials, on_dial, self);
  workbench_document_set_dials (document, dials);
}

static double
history_limit (void)
{
  return g_settings_get_int (workbench_settings (), "history-limit");
}

/* of a run that brings its own along */
static void
limit_dial (WorkbenchDials *dials)
{
  workbench_dials_set (dials, DFKD_PARAMETER_HISTORY, MIN (workbench_dials_get (dials, DFKD_PARAMETER_HISTORY), history_limit ()), NULL);
}

void
workbench_window_limit_history (DfkdRecipe *recipe, WorkbenchDials *dials)
{
  const DfkdParameterId id = DFKD_PARAMETER_HISTORY;
  const gboolean said = recipe->said[id];

  recipe->number[id] = said ? MIN (recipe->number[id], history_limit ()) : history_limit ();
  if (dials == NULL)
    return;
  if (!said)
    {
      g_autoptr (DfkdRecipe) usual = dfkd_recipe_copy (workbench_dials_get_recipe (dials));

      usual->number[id] = recipe->number[id];
      workbench_dials_set_recipe (dials, usual);
    }
  workbench_dials_set (dials, id, recipe->number[id], NULL);
}

char *
workbench_window_choose_device (WorkbenchWindow *self, guint *threads)
{
  *threads = self->threads > 0 ? self->threads : (guint) g_settings_get_int (workbench_settings (), "threads");
  return self->device != NULL ? g_strdup (self->device) : g_settings_get_string (workbench_settings (), "device");
}

gboolean
workbench_window_start (WorkbenchWindow *self, const WorkbenchStart *start)
{
  guint threads;
  g_autofree char *device = workbench_window_choose_device (self, &threads);
  g_autofree char *folder = start->folder == NULL && self->keeps ? workbench_settings_new_run_folder (start->recipe) : g_strdup (start->folder);
  DfkdSessionOptions options = { .device = device, .threads = threads, .folder = folder, .resume = start->resume, .branch_folder = start->branch_folder,
                                 .branch_synthesis = start->branch_synthesis, .polite = TRUE,
                                 /* who goes on with a run means it to; who branches wants to turn dials first */
                                 .paused = (self->paused && !start->resume && !start->goes) || start->branch_folder != NULL };
  g_autoptr (DfkdRecipe) recipe = start->recipe != NULL ? dfkd_recipe_copy (start->recipe) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkbenchDocument) document = NULL;

  if (recipe != NULL)
    workbench_window_limit_history (recipe, start->dials);
  document = workbench_document_new (recipe, &options, &error);
  if (document == NULL)
    {
      workbench_window_say (self, error->message);
      if (self->document == NULL)
        workbench_window_set_document (self, NULL); /* or buttons and dials would stand as if there were a run */
      return FALSE;
    }
  if (start->dials != NULL)
    give_dials (self, document, start->dials, recipe);
  else if (start->resume)
    limit_dial (workbench_document_get_dials (document));
  workbench_run_set_picture_interval (workbench_document_get_run (document), workbench_settings_get_picture_interval ());
  if (recipe != NULL)
    {
      dfkd_recipe_free (self->recipe);
      self->recipe = g_steal_pointer (&recipe);
    }
  g_clear_pointer (&self->awaiting, dfkd_recipe_free); /* whoever begins another run has left it */
  gtk_info_bar_set_revealed (self->problem, FALSE);
  self->started = g_get_monotonic_time ();
  workbench_window_set_document (self, document);
  if (start->news != NULL)
    workbench_window_tell (self, start->news);
  return TRUE;
}

/* --------------------------------------------------------------------------------------------- commands */

gboolean
workbench_window_take_typed (WorkbenchWindow *self)
{
  const DfkdParameter *wrong = workbench_controls_commit (self->controls);
  g_autofree char *text = NULL;

  if (wrong == NULL)
    return TRUE;
  text = g_strdup_printf (_("What is typed for “%s” is not allowed: correct it first"), _(wrong->label));
  workbench_window_say (self, text);
  return FALSE;
}

/* a new run has taken the place of @folder's, which is kept */
static void
offer_last (WorkbenchWindow *self, const char *folder)
{
  const char *const folders[] = { folder, NULL };
  AdwToast *toast = adw_toast_new (_("A new run has begun; the last one is in the list of runs"));

  adw_toast_set_button_label (toast, _("_Show Beside"));
  adw_toast_set_action_name (toast, "win.compare-runs");
  adw_toast_set_action_target_value (toast, g_variant_new_strv (folders, -1));
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* the recipe that is shown, with all dials as they stand; of a branch from its trunk's beginning, which is said. @goes: it does not wait */
static void
start_again (WorkbenchWindow *self, gboolean goes)
{
  g_autofree char *last = self->document != NULL && is_over (self) ? g_strdup (workbench_document_get_folder (self->document)) : NULL;
  const guint begun = self->document != NULL ? workbench_document_get_beginning (self->document) : 0;
  g_autofree char *news = begun == 0 ? NULL : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
      "Begun anew from synthesis 0. To go on after %u synthesis again, branch the first run once more",
      "Begun anew from synthesis 0. To go on after %u syntheses again, branch the first run once more", begun), begun);
  g_autoptr (WorkbenchDials) dials = self->document != NULL ? g_object_ref (workbench_document_get_dials (self->document)) : NULL;
  g_autoptr (DfkdRecipe) recipe = NULL;

  if (!workbench_window_take_typed (self))
    return;
  recipe = dials != NULL ? workbench_dials_copy_recipe (dials) : dfkd_recipe_copy (self->recipe);
  workbench_window_start_asking (self, &(WorkbenchStart){ .recipe = recipe, .dials = dials, .goes = goes, .news = news }, NULL);
  if (last != NULL && self->document != NULL && g_strcmp0 (workbench_document_get_folder (self->document), last) != 0)
    offer_last (self, last);
}

/* A window that was opened to look at something else has a run that leaves nothing, as long as that waits. Whoever sets it going
 * means to keep it: one in a folder takes its place, and waits as well. FALSE: it could not, and the window says why */
static gboolean
begin_to_keep (WorkbenchWindow *self)
{
  const gboolean usual = self->paused, wanted = self->keeps && g_settings_get_boolean (workbench_settings (), "keep-runs");

  if (!wanted || !workbench_window_waits (self) || workbench_document_get_folder (self->document) != NULL)
    return TRUE;
  self->paused = TRUE;
  start_again (self, FALSE);
  self->paused = usual;
  return workbench_document_get_folder (self->document) != NULL;
}

static void
on_run (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  WorkbenchRun *run = workbench_window_get_run (self);

  if (run == NULL || is_over (self))
    start_again (self, TRUE);
  else if (goes_on (self))
    dfkd_session_pause (workbench_run_get_session (run));
  else if (workbench_window_take_typed (self) && begin_to_keep (self))
    {
      gtk_info_bar_set_revealed (self->problem, FALSE);
      dfkd_session_run (workbench_run_get_session (workbench_window_get_run (self)));
    }
  show_run_button (self);
}

static void
on_step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  const char *kind = g_variant_get_string (parameter, NULL);

  if (workbench_window_get_run (self) != NULL && workbench_window_take_typed (self) && begin_to_keep (self))
    dfkd_session_step (workbench_run_get_session (workbench_window_get_run (self)), g_str_equal (kind, "epoch")       ? DFKD_STEP_EPOCH
                                                                                    : g_str_equal (kind, "synthesis") ? DFKD_STEP_SYNTHESIS
                                                                                    : g_str_equal (kind, "inner")     ? DFKD_STEP_INNER
                                                                                                                      : DFKD_STEP_ANY);
}

static void
on_restart (GtkWidget *widget, const char *action, GVariant *parameter)
{
  start_again (WORKBENCH_WINDOW (widget), FALSE);
}

static void
on_turn (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchDocument *document = WORKBENCH_WINDOW (widget)->document;
  WorkbenchDials *dials = document != NULL ? workbench_document_get_dials (document) : NULL;

  if (dials == NULL)
    return;
  if (g_str_equal (action, "win.undo"))
    workbench_dials_undo (dials);
  else if (g_str_equal (action, "win.redo"))
    workbench_dials_redo (dials);
  else
    workbench_dials_reset_all (dials);
}

/* a message of a pane, for a moment */
static void
on_say (GtkWidget *widget, const char *action, GVariant *parameter)
{
  workbench_window_tell (WORKBENCH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_show_view (GtkWidget *widget, const char *action, GVariant *parameter)
{
  workbench_pane_show (WORKBENCH_WINDOW (widget)->first_pane, g_variant_get_string (parameter, NULL));
}

/* one for each window: its buttons are for this one */
static void
on_first_steps (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);

  if (self->first_steps == NULL)
    g_set_weak_pointer (&self->first_steps, GTK_WINDOW (workbench_first_steps_new (GTK_WINDOW (self))));
  gtk_window_present (self->first_steps);
}

static void
on_problem_closed (GtkInfoBar *bar, int response, WorkbenchWindow *self)
{
  gtk_info_bar_set_revealed (bar, FALSE);
}

/* ----------------------------------------------------------------------------------------- construction */

static void
workbench_window_dispose (GObject *object)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (object);

  g_clear_weak_pointer (&self->first_steps);
  workbench_window_leave_focus (self);
  if (self->document != NULL)
    workbench_window_set_document (self, NULL);
  g_clear_handle_id (&self->waiting_ends, g_source_remove);
  workbench_window_forget (self, FALSE);
  g_action_map_remove_action (G_ACTION_MAP (self), "side-by-side"); /* these hold what they switch */
  g_action_map_remove_action (G_ACTION_MAP (self), "controls");
  workbench_window_dispose_files (self);
  workbench_window_dispose_compare (self);
  g_clear_pointer (&self->recipe, dfkd_recipe_free);
  g_clear_pointer (&self->device, g_free);
  G_OBJECT_CLASS (workbench_window_parent_class)->dispose (object);
}

static gboolean
workbench_window_close_request (GtkWindow *window)
{
  return workbench_window_asks_for_experiment (WORKBENCH_WINDOW (window)) || workbench_window_asks_to_close (WORKBENCH_WINDOW (window))
         || GTK_WINDOW_CLASS (workbench_window_parent_class)->close_request (window);
}

static void
workbench_window_class_init (WorkbenchWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = workbench_window_close_request;
  g_type_ensure (WORKBENCH_TYPE_CONTROLS);
  g_type_ensure (WORKBENCH_TYPE_PANE);
  g_type_ensure (WORKBENCH_TYPE_STATUS_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchWindow, name)
  BIND (toasts);
  BIND (waiting);
  BIND (waiting_text);
  BIND (title);
  BIND (run_button);
  BIND (step_button);
  BIND (problem);
  BIND (problem_text);
  BIND (status);
  BIND (split);
  BIND (panes);
  BIND (controls);
  BIND (first_pane);
  BIND (second_pane);
  BIND (edit_menu);
  BIND (recent_menu);
  BIND (built_in_menu);
#undef BIND
  gtk_widget_class_install_action (widget_class, "win.run", NULL, on_run);
  gtk_widget_class_install_action (widget_class, "win.step", "s", on_step);
  gtk_widget_class_install_action (widget_class, "win.restart", NULL, on_restart);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, on_turn);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, on_turn);
  gtk_widget_class_install_action (widget_class, "win.reset-dials", NULL, on_turn);
  gtk_widget_class_install_action (widget_class, "win.say", "s", on_say);
  gtk_widget_class_install_action (widget_class, "win.show-view", "s", on_show_view);
  gtk_widget_class_install_action (widget_class, "win.first-steps", NULL, on_first_steps);
  workbench_window_class_add_files (widget_class);
  workbench_window_class_add_experiments (widget_class);
  workbench_window_class_add_branch (widget_class);
  workbench_window_class_add_drop (widget_class);
  workbench_window_class_add_compare (widget_class);
  /* Not accelerators of the application: those come before whatever has the focus, and an entry wants these keys for itself. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, 0, "win.step", "s", "any");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_SHIFT_MASK, "win.step", "s", "synthesis");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_y, GDK_CONTROL_MASK, "win.redo", NULL);
}

/* Before GtkWindow's own binding of this key, which activates what has the focus and takes the key where that cannot be. What can has taken it by
 * then. */
static void
add_space (WorkbenchWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_space, 0), gtk_named_action_new ("win.run")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* buttons that a widget of the toolkit is made of, and that say nothing by themselves: @button, and @menu of a menu button. A click leaves the focus
 * where it is, so that keys go on to mean what they do. */
static void
name_parts (GtkWidget *widget, const char *button, const char *menu)
{
  if (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget))
    {
      gtk_widget_set_focus_on_click (widget, FALSE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, GTK_IS_BUTTON (widget) ? button : menu, -1);
      return;
    }
  for (GtkWidget *part = gtk_widget_get_first_child (widget); part != NULL; part = gtk_widget_get_next_sibling (part))
    name_parts (part, button, menu);
}

static void
workbench_window_init (WorkbenchWindow *self)
{
  g_autoptr (GPropertyAction) side_by_side = NULL, controls = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  add_space (self);
  name_parts (GTK_WIDGET (self->step_button), _("One step"), _("Kind of step"));
  name_parts (GTK_WIDGET (self->problem), _("Close"), NULL);
  side_by_side = g_property_action_new ("side-by-side", self->second_pane, "visible");
  controls = g_property_action_new ("controls", self->split, "reveal-flap");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (side_by_side));
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (controls));
  workbench_window_init_compare (self);
  workbench_pane_show (self->first_pane, "gallery");
  workbench_pane_show (self->second_pane, "curves");
  workbench_window_keep_focus (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->run_button)); /* what Space does at first */
  workbench_window_bind_settings (self);
  workbench_window_init_files (self);
  workbench_window_init_drop (self);
  g_signal_connect (self->problem, "response", G_CALLBACK (on_problem_closed), self);
}

WorkbenchWindow *
workbench_window_new (AdwApplication *application, const DfkdRecipe *recipe, const DfkdSessionOptions *options)
{
  WorkbenchWindow *self = g_object_new (WORKBENCH_TYPE_WINDOW, "application", application, NULL);

  self->recipe = dfkd_recipe_copy (recipe);
  self->device = g_strdup (options->device);
  self->threads = options->threads;
  self->paused = options->paused;
  workbench_window_start (self, &(WorkbenchStart){ .recipe = recipe, .folder = options->folder });
  return self;
}

void
workbench_window_set_keeps (WorkbenchWindow *self, gboolean keeps)
{
  self->keeps = keeps;
}

WorkbenchDocument *
workbench_window_get_document (WorkbenchWindow *self)
{
  return self->document;
}

gboolean
workbench_window_show_view (WorkbenchWindow *self, const char *name)
{
  workbench_pane_show (self->first_pane, name);
  return g_strcmp0 (workbench_pane_get_shown (self->first_pane), name) == 0;
}

WorkbenchView *
workbench_window_get_view (WorkbenchWindow *self)
{
  return workbench_pane_get_view (self->first_pane);
}
