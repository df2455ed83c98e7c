/* workbench-window.c: binds a run to the widgets. It reads signals and sends commands, nothing else. */
#include "workbench-window.h"

#include "workbench-batch-paintable.h"
#include "workbench-chart.h"
#include "workbench-cost-table.h"
#include "workbench-line-layer.h"
#include "workbench-mark-layer.h"
#include "workbench-parameter-row.h"
#include "workbench-reference-layer.h"
#include "workbench-run.h"
#include "workbench-series.h"
#include "workbench-timing-chart.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WorkbenchWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkButton *run_button;
  GtkInfoBar *problem;
  GtkLabel *problem_text, *batch_title, *progress_text, *clocks;
  GtkBox *parameters;
  GtkPicture *batch;
  GtkToggleButton *logarithmic;
  GtkProgressBar *progress;
  WorkbenchChart *accuracy_chart, *loss_chart, *student_chart;
  WorkbenchTimingChart *timing_chart;
  WorkbenchCostTable *costs; /* in a window of its own; NULL while that is closed */

  GPtrArray *rows; /* of WorkbenchParameterRow, not owned */
  WorkbenchBatchPaintable *paintable;
  WorkbenchSeries *series[DFKD_N_SERIES];
  WorkbenchMarkLayer *loss_marks, *student_marks; /* owned by their charts */
  WorkbenchReferenceLayer *teacher_line;
  WorkbenchRun *run;
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
on_status (WorkbenchRun *run, WorkbenchWindow *self)
{
  const DfkdStatus *status = workbench_run_get_status (run);
  gboolean running = status->state == DFKD_STATE_RUNNING || status->state == DFKD_STATE_PREPARING;
  g_autofree char *device = dfkd_session_copy_device_name (workbench_run_get_session (run));

  show_progress (self, status);
  gtk_button_set_icon_name (self->run_button, running ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  adw_window_title_set_subtitle (self->title, device);
  workbench_timing_chart_set_status (self->timing_chart, status);
  workbench_reference_layer_set_value (self->teacher_line, status->teacher_accuracy);
}

static void
on_scalars (WorkbenchRun *run, GArray *scalars, WorkbenchWindow *self)
{
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *scalar = &g_array_index (scalars, DfkdScalar, i);
      double x[WORKBENCH_N_CLOCKS];

      workbench_clock_fill (scalar, x);
      workbench_series_append (self->series[scalar->series], x, scalar->value);
    }
}

static void
on_pictures (WorkbenchRun *run, DfkdPictures *pictures, WorkbenchWindow *self)
{
  g_autofree char *text = g_strdup_printf (_("Batch being synthesised: synthesis %u, inner step %u"), pictures->synthesis, pictures->inner);

  workbench_batch_paintable_set_pictures (self->paintable, pictures);
  gtk_label_set_text (self->batch_title, text);
}

static void
on_rooflines (WorkbenchRun *run, GPtrArray *rooflines, WorkbenchWindow *self)
{
  if (self->costs != NULL)
    workbench_cost_table_set_rooflines (self->costs, rooflines);
}

static void
on_event (WorkbenchRun *run, DfkdEvent *event, WorkbenchWindow *self)
{
  switch (event->kind)
    {
    case DFKD_EVENT_PARAMETER:
      {
        const DfkdParameter *p = dfkd_parameter (event->parameter);
        g_autofree char *text = g_strdup_printf ("%s %.4g → %.4g", p->symbol, event->old_value, event->new_value);

        workbench_mark_layer_add (self->loss_marks, (const double[WORKBENCH_N_CLOCKS]){ (double) event->inner_step }, text);
        if (event->student_step > 0)
          workbench_mark_layer_add (self->student_marks, (const double[WORKBENCH_N_CLOCKS]){ (double) event->student_step }, text);
        break;
      }
    case DFKD_EVENT_NOTICE:
      if (self->costs != NULL)
        workbench_cost_table_fail (self->costs, event->message);
      G_GNUC_FALLTHROUGH;
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
    case DFKD_EVENT_EVALUATION:
    case DFKD_EVENT_SNAPSHOT:
    case DFKD_N_EVENT_KINDS:
      break;
    }
}

/* --------------------------------------------------------------------------------------------- commands */

static void
drop_run (WorkbenchWindow *self)
{
  if (self->run == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
}

static void
start (WorkbenchWindow *self)
{
  DfkdSessionOptions options = { .device = self->device, .threads = self->threads, .folder = self->folder, .paused = self->paused,
                                 .polite = TRUE };
  g_autoptr (GError) error = NULL;

  drop_run (self);
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    workbench_series_clear (self->series[i]);
  workbench_mark_layer_clear (self->loss_marks);
  workbench_mark_layer_clear (self->student_marks);
  workbench_reference_layer_set_value (self->teacher_line, (double) NAN);
  gtk_widget_queue_draw (GTK_WIDGET (self->accuracy_chart));
  gtk_info_bar_set_revealed (self->problem, FALSE);
  self->run = workbench_run_new (self->recipe, &options, &error);
  g_clear_pointer (&self->folder, g_free); /* the next run of this window must not write into it */
  if (self->run == NULL)
    {
      say (self, error->message);
      gtk_label_set_text (self->progress_text, _("failed"));
      return;
    }
  g_signal_connect (self->run, "status", G_CALLBACK (on_status), self);
  g_signal_connect (self->run, "scalars", G_CALLBACK (on_scalars), self);
  g_signal_connect (self->run, "pictures", G_CALLBACK (on_pictures), self);
  g_signal_connect (self->run, "rooflines", G_CALLBACK (on_rooflines), self);
  g_signal_connect (self->run, "event", G_CALLBACK (on_event), self);
}

static void
on_run (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  DfkdSession *session;

  if (self->run == NULL || workbench_run_get_status (self->run)->state == DFKD_STATE_FAILED
      || workbench_run_get_status (self->run)->state == DFKD_STATE_FINISHED)
    {
      start (self);
      return;
    }
  session = workbench_run_get_session (self->run);
  if (workbench_run_get_status (self->run)->state == DFKD_STATE_PAUSED)
    {
      gtk_info_bar_set_revealed (self->problem, FALSE);
      dfkd_session_run (session);
    }
  else
    dfkd_session_pause (session);
}

static void
on_step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  const char *kind = g_variant_get_string (parameter, NULL);

  if (self->run != NULL)
    dfkd_session_step (workbench_run_get_session (self->run), g_str_equal (kind, "epoch")       ? DFKD_STEP_EPOCH
                                                              : g_str_equal (kind, "synthesis") ? DFKD_STEP_SYNTHESIS
                                                                                                : DFKD_STEP_INNER);
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
on_measure (WorkbenchCostTable *table, WorkbenchWindow *self)
{
  const DfkdStatus *status = self->run != NULL ? workbench_run_get_status (self->run) : NULL;

  if (status == NULL || status->state == DFKD_STATE_FINISHED || status->state == DFKD_STATE_FAILED)
    workbench_cost_table_fail (table, _("There is no run to measure"));
  else
    dfkd_session_profile (workbench_run_get_session (self->run));
}

static void
on_costs (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  GtkWidget *window, *bar;

  if (self->costs != NULL)
    {
      gtk_window_present (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self->costs))));
      return;
    }
  self->costs = g_object_new (WORKBENCH_TYPE_COST_TABLE, "margin-start", 12, "margin-end", 12, "margin-top", 12, "margin-bottom", 12, NULL);
  g_object_add_weak_pointer (G_OBJECT (self->costs), (gpointer *) &self->costs);
  g_signal_connect (self->costs, "measure", G_CALLBACK (on_measure), self);
  bar = gtk_header_bar_new ();
  window = g_object_new (GTK_TYPE_WINDOW, "title", _("What a Step Costs"), "transient-for", self, "destroy-with-parent", TRUE, "default-width", 900,
                         "default-height", 640, "titlebar", bar, "child", self->costs, NULL);
  gtk_window_present (GTK_WINDOW (window));
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
  if (self->run != NULL && !dfkd_session_set (workbench_run_get_session (self->run), id, value, &error))
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (error->message));
}

static void
on_logarithmic (GtkToggleButton *button, WorkbenchWindow *self)
{
  workbench_chart_set_logarithmic (self->loss_chart, gtk_toggle_button_get_active (button));
  workbench_chart_set_logarithmic (self->student_chart, gtk_toggle_button_get_active (button));
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
add_line (WorkbenchChart *chart, WorkbenchSeries *series, guint colour)
{
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (workbench_line_layer_new (series, NULL, workbench_palette (colour))));
}

static void
make_charts (WorkbenchWindow *self)
{
  static const char *const titles[DFKD_N_SERIES] = {
    [DFKD_SERIES_LOSS] = N_ ("L"),          [DFKD_SERIES_LOSS_BN] = N_ ("L_bn"), [DFKD_SERIES_LOSS_OH] = N_ ("L_oh"),
    [DFKD_SERIES_LOSS_ADV] = N_ ("L_adv"),  [DFKD_SERIES_LOSS_STUDENT] = N_ ("L_s"), [DFKD_SERIES_LR_STUDENT] = N_ ("η_s"),
    [DFKD_SERIES_ACCURACY] = N_ ("student"), [DFKD_SERIES_AGREEMENT] = N_ ("agreement"),
  };

  for (guint i = 0; i < DFKD_N_SERIES; i++)
    self->series[i] = workbench_series_new (_(titles[i]));
  workbench_chart_set_axes (self->loss_chart, _("inner step"), _("loss"));
  for (guint i = DFKD_SERIES_LOSS; i <= DFKD_SERIES_LOSS_ADV; i++)
    add_line (self->loss_chart, self->series[i], i - DFKD_SERIES_LOSS);
  self->loss_marks = workbench_mark_layer_new ();
  workbench_chart_add (self->loss_chart, WORKBENCH_CHART_LAYER (self->loss_marks));
  workbench_chart_set_empty_text (self->loss_chart, _("The first inner step is under way"));
  workbench_chart_set_axes (self->student_chart, _("student step"), _("T²·KL"));
  add_line (self->student_chart, self->series[DFKD_SERIES_LOSS_STUDENT], 0);
  self->student_marks = workbench_mark_layer_new ();
  workbench_chart_add (self->student_chart, WORKBENCH_CHART_LAYER (self->student_marks));
  workbench_chart_set_empty_text (self->student_chart, _("The student begins after the warm-up"));
  workbench_chart_set_axes (self->accuracy_chart, _("synthesis"), _("accuracy (%)"));
  add_line (self->accuracy_chart, self->series[DFKD_SERIES_ACCURACY], 0);
  self->teacher_line = workbench_reference_layer_new ((double) NAN, _("teacher"));
  workbench_chart_add (self->accuracy_chart, WORKBENCH_CHART_LAYER (self->teacher_line));
  workbench_chart_set_empty_text (self->accuracy_chart, _("The student has not been measured yet"));
}

static void
workbench_window_dispose (GObject *object)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (object);

  drop_run (self);
  if (self->costs != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->costs, self);
      g_object_remove_weak_pointer (G_OBJECT (self->costs), (gpointer *) &self->costs);
      self->costs = NULL;
    }
  g_clear_object (&self->paintable);
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    g_clear_object (&self->series[i]);
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
  g_type_ensure (WORKBENCH_TYPE_CHART);
  g_type_ensure (WORKBENCH_TYPE_TIMING_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchWindow, name)
  BIND (toasts);
  BIND (title);
  BIND (run_button);
  BIND (problem);
  BIND (problem_text);
  BIND (batch_title);
  BIND (progress_text);
  BIND (clocks);
  BIND (parameters);
  BIND (batch);
  BIND (logarithmic);
  BIND (progress);
  BIND (accuracy_chart);
  BIND (loss_chart);
  BIND (student_chart);
  BIND (timing_chart);
#undef BIND
  gtk_widget_class_install_action (widget_class, "win.run", NULL, on_run);
  gtk_widget_class_install_action (widget_class, "win.step", "s", on_step);
  gtk_widget_class_install_action (widget_class, "win.restart", NULL, on_restart);
  gtk_widget_class_install_action (widget_class, "win.costs", NULL, on_costs);
}

static void
workbench_window_init (WorkbenchWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
  self->paintable = workbench_batch_paintable_new ();
  gtk_picture_set_paintable (self->batch, GDK_PAINTABLE (self->paintable));
  make_charts (self);
  g_signal_connect (self->logarithmic, "toggled", G_CALLBACK (on_logarithmic), self);
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
