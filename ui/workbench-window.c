/* workbench-window.c: binds a run to the widgets. It reads signals and sends commands, nothing else. */
#include "workbench-window.h"

#include "workbench-curves-view.h"
#include "workbench-document.h"
#include "workbench-pane.h"
#include "workbench-parameter-row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WorkbenchWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkButton *run_button;
  GtkInfoBar *problem;
  GtkLabel *problem_text, *progress_text, *clocks;
  GtkPaned *split, *panes;
  GtkWidget *controls;
  GtkBox *parameters;
  WorkbenchPane *first_pane, *second_pane;
  GtkProgressBar *progress;

  GPtrArray *rows; /* of WorkbenchParameterRow, not owned */
  WorkbenchDocument *document;
  DfkdRecipe *recipe; /* for the next restart */
  char *device;
  guint threads;
  char *folder;
  gboolean paused; /* start paused */
};

G_DEFINE_FINAL_TYPE (WorkbenchWindow, workbench_window, ADW_TYPE_APPLICATION_WINDOW)

static void
say (WorkbenchWindow *self, const char *message)
{
  gtk_label_set_text (self->problem_text, message);
  gtk_info_bar_set_revealed (self->problem, TRUE);
}

/* ------------------------------------------------------------------------------------ what a run tells */

static char *
clock_text (double seconds)
{
  gint64 whole = (gint64) (seconds + 0.5);

  return whole >= 3600 ? g_strdup_printf ("%d:%02d:%02d", (int) (whole / 3600), (int) (whole / 60 % 60), (int) (whole % 60))
                       : g_strdup_printf ("%d:%02d", (int) (whole / 60), (int) (whole % 60));
}

static char *
place_text (const DfkdStatus *status)
{
  switch (status->stage)
    {
    case DFKD_STAGE_DISTIL:
      return g_strdup_printf (_("synthesis %u/%u · student step %u/%u"), status->synthesis, status->syntheses, status->student_step,
                              status->kd_steps);
    case DFKD_STAGE_EVALUATE:
      return g_strdup_printf (_("synthesis %u/%u · evaluating"), status->synthesis, status->syntheses);
    case DFKD_STAGE_GENERATE:
    case DFKD_STAGE_OUTER:
    default:
      return g_strdup_printf (_("synthesis %u/%u · inner step %u/%u"), status->synthesis, status->syntheses, status->inner, status->k);
    }
}

static void
show_progress (WorkbenchWindow *self, const DfkdStatus *status)
{
  g_autofree char *place = status->state == DFKD_STATE_PREPARING ? g_strdup (_("preparing")) : place_text (status);
  g_autofree char *left = status->seconds_left >= 0.0 ? clock_text (status->seconds_left) : NULL;
  g_autofree char *clocks = g_strdup_printf (_("synthesise %.1f s · distil %.1f s · evaluate %.1f s · show %.1f s"), status->clocks.generate,
                                             status->clocks.distil, status->clocks.evaluate, status->clocks.show);
  g_autoptr (GString) text = g_string_new (place);

  switch (status->state)
    {
    case DFKD_STATE_RUNNING:
      if (left != NULL)
        g_string_append_printf (text, _(" · %s left"), left);
      break;
    case DFKD_STATE_PAUSED:
      g_string_append (text, _(" · paused"));
      break;
    case DFKD_STATE_FINISHED:
      g_string_assign (text, _("finished"));
      break;
    case DFKD_STATE_FAILED:
      g_string_assign (text, _("failed"));
      break;
    case DFKD_STATE_PREPARING:
      break;
    }
  if (isfinite (status->accuracy))
    g_string_append_printf (text, _(" · accuracy %.2f %% (best %.2f %%, teacher %.2f %%)"), status->accuracy, status->best_accuracy,
                            status->teacher_accuracy);
  gtk_label_set_text (self->progress_text, text->str);
  gtk_label_set_text (self->clocks, clocks);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (status->progress, 0.0, 1.0));
}

static void
on_status (WorkbenchDocument *document, WorkbenchWindow *self)
{
  const DfkdStatus *status = workbench_document_get_status (document);
  gboolean running = status->state == DFKD_STATE_RUNNING || status->state == DFKD_STATE_PREPARING;
  g_autofree char *device = workbench_document_get_device (document);

  show_progress (self, status);
  gtk_button_set_icon_name (self->run_button, running ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
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
        adw_toast_overlay_add_toast (self->toasts, adw_toast_new (event->message));
      break;
    case DFKD_EVENT_PAUSED:
    case DFKD_EVENT_FAILED:
      if (event->message != NULL)
        say (self, event->message);
      break;
    case DFKD_EVENT_FINISHED:
      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("The run is finished")));
      break;
    case DFKD_EVENT_PARAMETER:
    case DFKD_EVENT_SYNTHESIS:
    case DFKD_EVENT_EVALUATION:
    case DFKD_EVENT_SNAPSHOT:
    case DFKD_N_EVENT_KINDS:
      break;
    }
}

/* --------------------------------------------------------------------------------------------- commands */

static WorkbenchRun *
run_of (WorkbenchWindow *self)
{
  return self->document != NULL ? workbench_document_get_run (self->document) : NULL;
}

/* shows another run, or none, in all views */
static void
set_document (WorkbenchWindow *self, WorkbenchDocument *document)
{
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  workbench_pane_set_document (self->first_pane, document);
  workbench_pane_set_document (self->second_pane, document);
  g_set_object (&self->document, document);
  if (document == NULL)
    return;
  g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  g_signal_connect (document, "event", G_CALLBACK (on_event), self);
  on_status (document, self);
}

static void
start (WorkbenchWindow *self)
{
  DfkdSessionOptions options = { .device = self->device, .threads = self->threads, .folder = self->folder, .paused = self->paused,
                                 .polite = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkbenchDocument) document = NULL;

  set_document (self, NULL);
  gtk_info_bar_set_revealed (self->problem, FALSE);
  document = workbench_document_new (self->recipe, &options, &error);
  g_clear_pointer (&self->folder, g_free); /* the next run of this window must not write into it */
  if (document == NULL)
    {
      say (self, error->message);
      gtk_label_set_text (self->progress_text, _("failed"));
      return;
    }
  set_document (self, document);
}

static void
on_run (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  WorkbenchRun *run = run_of (self);
  DfkdState state = run != NULL ? workbench_run_get_status (run)->state : DFKD_STATE_FAILED;

  if (state == DFKD_STATE_FAILED || state == DFKD_STATE_FINISHED)
    start (self);
  else if (state == DFKD_STATE_PAUSED)
    {
      gtk_info_bar_set_revealed (self->problem, FALSE);
      dfkd_session_run (workbench_run_get_session (run));
    }
  else
    dfkd_session_pause (workbench_run_get_session (run));
}

static void
on_step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchRun *run = run_of (WORKBENCH_WINDOW (widget));
  const char *kind = g_variant_get_string (parameter, NULL);

  if (run != NULL)
    dfkd_session_step (workbench_run_get_session (run), g_str_equal (kind, "epoch")       ? DFKD_STEP_EPOCH
                                                        : g_str_equal (kind, "synthesis") ? DFKD_STEP_SYNTHESIS
                                                        : g_str_equal (kind, "inner")     ? DFKD_STEP_INNER
                                                                                          : DFKD_STEP_ANY);
}

static void
on_restart (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);

  for (guint i = 0; i < self->rows->len; i++)
    {
      WorkbenchParameterRow *row = g_ptr_array_index (self->rows, i);

      self->recipe->number[workbench_parameter_row_get_id (row)] = workbench_parameter_row_get_value (row);
    }
  start (self);
}

static void
on_parameter (WorkbenchParameterRow *row, double value, WorkbenchWindow *self)
{
  DfkdParameterId id = workbench_parameter_row_get_id (row);
  g_autoptr (GError) error = NULL;

  if (dfkd_parameter (id)->klass == DFKD_PARAMETER_BUILD)
    {
      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("This takes effect when the run is restarted (Ctrl+R)")));
      return;
    }
  if (run_of (self) != NULL && !dfkd_session_set (workbench_run_get_session (run_of (self)), id, value, &error))
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (error->message));
}

/* a message of a pane, for a moment */
static void
on_say (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_toast_overlay_add_toast (WORKBENCH_WINDOW (widget)->toasts, adw_toast_new (g_variant_get_string (parameter, NULL)));
}

static void
on_problem_closed (GtkInfoBar *bar, int response, WorkbenchWindow *self)
{
  gtk_info_bar_set_revealed (bar, FALSE);
}

/* ----------------------------------------------------------------------------------------- construction */

/* every number of the table has a row, under the heading of its group */
static void
add_rows (WorkbenchWindow *self)
{
  static const char *const groups[] = { N_ ("Synthesis"), N_ ("Losses"), N_ ("Student"), N_ ("Run") };

  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    {
      GtkWidget *heading = gtk_label_new (_(groups[g]));

      gtk_label_set_xalign (GTK_LABEL (heading), 0.0f);
      gtk_widget_add_css_class (heading, "heading");
      gtk_widget_set_margin_top (heading, 8);
      gtk_box_append (self->parameters, heading);
      for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
        {
          const DfkdParameter *p = dfkd_parameter (id);
          WorkbenchParameterRow *row;

          if (!g_str_equal (p->group, groups[g]) || (p->type != DFKD_PARAMETER_FLOAT && p->type != DFKD_PARAMETER_INTEGER))
            continue;
          row = workbench_parameter_row_new (id);
          workbench_parameter_row_set_recipe_value (row, self->recipe->number[id]);
          workbench_parameter_row_set_value (row, self->recipe->number[id]);
          g_signal_connect (row, "changed", G_CALLBACK (on_parameter), self);
          gtk_box_append (self->parameters, GTK_WIDGET (row));
          g_ptr_array_add (self->rows, row);
        }
    }
}

static void
workbench_window_dispose (GObject *object)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (object);

  if (self->document != NULL)
    set_document (self, NULL);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->recipe, dfkd_recipe_free);
  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (workbench_window_parent_class)->dispose (object);
}

static void
workbench_window_class_init (WorkbenchWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_window_dispose;
  g_type_ensure (WORKBENCH_TYPE_PANE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchWindow, name)
  BIND (toasts);
  BIND (title);
  BIND (run_button);
  BIND (problem);
  BIND (problem_text);
  BIND (progress_text);
  BIND (clocks);
  BIND (split);
  BIND (panes);
  BIND (controls);
  BIND (parameters);
  BIND (first_pane);
  BIND (second_pane);
  BIND (progress);
#undef BIND
  gtk_widget_class_install_action (widget_class, "win.run", NULL, on_run);
  gtk_widget_class_install_action (widget_class, "win.step", "s", on_step);
  gtk_widget_class_install_action (widget_class, "win.restart", NULL, on_restart);
  gtk_widget_class_install_action (widget_class, "win.say", "s", on_say);
}

static void
workbench_window_init (WorkbenchWindow *self)
{
  g_autoptr (GPropertyAction) side_by_side = NULL, controls = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
  side_by_side = g_property_action_new ("side-by-side", self->second_pane, "visible");
  controls = g_property_action_new ("controls", self->controls, "visible");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (side_by_side));
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (controls));
  workbench_pane_show (self->first_pane, "gallery");
  workbench_pane_show (self->second_pane, "curves");
  g_signal_connect (self->problem, "response", G_CALLBACK (on_problem_closed), self);
}

WorkbenchWindow *
workbench_window_new (AdwApplication *application, const DfkdRecipe *recipe, const DfkdSessionOptions *options)
{
  WorkbenchWindow *self = g_object_new (WORKBENCH_TYPE_WINDOW, "application", application, NULL);

  self->recipe = dfkd_recipe_copy (recipe);
  self->device = g_strdup (options->device);
  self->threads = options->threads;
  self->folder = g_strdup (options->folder);
  self->paused = options->paused;
  add_rows (self);
  start (self);
  return self;
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

gboolean
workbench_window_compare (WorkbenchWindow *self, const char *folder)
{
  WorkbenchPane *pane = gtk_widget_get_visible (GTK_WIDGET (self->second_pane)) ? self->second_pane : self->first_pane;

  workbench_pane_show (pane, "curves");
  return workbench_overlays_open (workbench_curves_view_get_overlays (WORKBENCH_CURVES_VIEW (workbench_pane_get_view (pane))), folder);
}
