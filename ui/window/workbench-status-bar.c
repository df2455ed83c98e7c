/* workbench-status-bar.c: a document's status as text. */
#include "workbench-status-bar.h"

#include "workbench-containers.h"
#include "workbench-glance.h"
#include "workbench-readout.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WorkbenchStatusBar
{
  GtkBox parent_instance;

  WorkbenchReadout *place, *now, *best, *chosen, *teacher;
  WorkbenchReadout *synthesise, *distil, *evaluate, *show;
  GtkProgressBar *progress;

  WorkbenchDocument *document;
  DfkdState state; /* that is shown */
  WorkbenchGlance news; /* of the run that goes on */
};

G_DEFINE_FINAL_TYPE (WorkbenchStatusBar, workbench_status_bar, GTK_TYPE_BOX)

/* @in_steps: which step it is in, too */
static char *
place_text (const DfkdStatus *status, gboolean in_steps)
{
  if (!in_steps)
    return g_strdup_printf (_("synthesis %u/%u"), status->synthesis, status->syntheses);
  switch (status->stage)
    {
    case DFKD_STAGE_DISTIL:
      return g_strdup_printf (_("synthesis %u/%u · student step %u/%u"), status->synthesis, status->syntheses, status->student_step,
                              status->kd_steps);
    case DFKD_STAGE_EVALUATE:
      return g_strdup_printf (_("synthesis %u/%u · evaluating"), status->synthesis, status->syntheses);
    case DFKD_STAGE_GENERATE:
    case DFKD_STAGE_BEGIN:
    case DFKD_STAGE_OUTER:
    default:
      return g_strdup_printf (_("synthesis %u/%u · inner step %u/%u"), status->synthesis, status->syntheses, status->inner, status->k);
    }
}

static char *
preparing_text (const DfkdStatus *status)
{
  return status->to_try == 0 ? g_strdup (_("preparing")) : dfkd_device_describe_trials (status->tried, status->to_try);
}

/* place and state: "synthesis 3/60 · inner step 2/5 · 1:20 left" */
static void
show_place (WorkbenchStatusBar *self, const DfkdStatus *status)
{
  g_autofree char *place = status->state == DFKD_STATE_PREPARING ? preparing_text (status) : place_text (status, workbench_document_get_run (self->document) != NULL);
  g_autofree char *left = status->seconds_left >= 0.0 ? dfkd_time_text (status->seconds_left) : NULL;
  g_autoptr (GString) text = g_string_new (place);

  switch (status->state)
    {
    case DFKD_STATE_RUNNING:
      if (left != NULL)
        g_string_append_printf (text, _(" · %s left"), left);
      break;
    case DFKD_STATE_PAUSED:
      g_string_append (text, workbench_document_get_run (self->document) != NULL              ? _(" · paused")
                             : workbench_document_goes_on_elsewhere (self->document) ? _(" · goes on elsewhere")
                                                                                      : _(" · not ended"));
      if (left != NULL && workbench_document_goes_on_elsewhere (self->document))
        g_string_append_printf (text, _(" · %s left"), left);
      break;
    case DFKD_STATE_FINISHED:
      g_string_printf (text, g_dngettext (GETTEXT_PACKAGE, "finished: %u synthesis", "finished: %u syntheses", status->synthesis), status->synthesis);
      break;
    case DFKD_STATE_FAILED:
      g_string_assign (text, _("failed"));
      break;
    case DFKD_STATE_PREPARING:
      break;
    }
  if (workbench_document_is_loading (self->document))
    g_string_assign (text, _("reading the run’s folder"));
  workbench_readout_set_text (self->place, text->str);
}

static void
show_accuracy (WorkbenchReadout *label, const char *format, double percent)
{
  g_autofree char *text = g_strdup_printf (format, percent);

  gtk_widget_set_visible (GTK_WIDGET (label), isfinite (percent));
  workbench_readout_set_text (label, text);
}

static void
show_clock (WorkbenchReadout *label, const char *name, double seconds)
{
  g_autofree char *time = seconds < 99.95 ? g_strdup_printf (_("%.1f s"), seconds) : dfkd_time_text (seconds);
  g_autofree char *text = g_strdup_printf ("%s %s", name, time);

  workbench_readout_set_text (label, text);
}

static void
show (gpointer data)
{
  WorkbenchStatusBar *self = data;
  WorkbenchDocument *document = self->document;
  const DfkdStatus *status = workbench_document_get_status (document);

  workbench_glance_cancel (&self->news);
  self->state = status->state;
  show_place (self, status);
  show_accuracy (self->now, status->state == DFKD_STATE_FINISHED ? _("final %.2f %%") : workbench_document_get_run (document) != NULL ? _("now %.2f %%") : _("last %.2f %%"),
                 status->accuracy);
  show_accuracy (self->best, _("best on test %.2f %%"), status->best_accuracy);
  show_accuracy (self->chosen, _("chosen %.2f %%"), status->chosen_accuracy);
  show_accuracy (self->teacher, _("teacher %.2f %%"), status->teacher_accuracy);
  show_clock (self->synthesise, _("synthesise"), status->clocks.generate);
  show_clock (self->distil, _("distil"), status->clocks.distil);
  show_clock (self->evaluate, _("evaluate"), status->clocks.evaluate);
  show_clock (self->show, _("show"), status->clocks.show);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (status->progress, 0.0, 1.0));
}

static void
show_nothing (WorkbenchStatusBar *self)
{
  WorkbenchReadout *const figures[]
      = { self->now, self->best, self->chosen, self->teacher, self->synthesise, self->distil, self->evaluate, self->show };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    workbench_readout_set_text (figures[i], "");
  workbench_readout_set_text (self->place, _("No run is open"));
}

static void
on_status (WorkbenchDocument *document, WorkbenchStatusBar *self)
{
  DfkdState state = workbench_document_get_status (document)->state;

  if (state != DFKD_STATE_RUNNING || state != self->state)
    show (self);
  else
    workbench_glance_order (&self->news, show, self);
}

static void
leave_document (WorkbenchStatusBar *self)
{
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  workbench_glance_cancel (&self->news);
}

void
workbench_status_bar_set_document (WorkbenchStatusBar *self, WorkbenchDocument *document)
{
  leave_document (self);
  g_set_object (&self->document, document);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), document != NULL);
  if (document == NULL)
    {
      show_nothing (self);
      return;
    }
  g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  show (self);
}

static void
workbench_status_bar_dispose (GObject *object)
{
  WorkbenchStatusBar *self = WORKBENCH_STATUS_BAR (object);

  leave_document (self);
  g_clear_object (&self->document);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_status_bar_parent_class)->dispose (object);
}

static void
workbench_status_bar_class_init (WorkbenchStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_status_bar_dispose;
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-status-bar.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchStatusBar, name)
  BIND (place);
  BIND (now);
  BIND (best);
  BIND (chosen);
  BIND (teacher);
  BIND (synthesise);
  BIND (distil);
  BIND (evaluate);
  BIND (show);
  BIND (progress);
#undef BIND
}

static void
workbench_status_bar_init (WorkbenchStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
