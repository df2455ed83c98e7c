/* workbench-algorithm-view.c: keeps the diagram up to date, five times a second at most, explains a part of it, and sends steps. */
#include "workbench-algorithm-view.h"

#include "workbench-algorithm-diagram.h"
#include "workbench-containers.h"
#include "workbench-glance.h"
#include "workbench-readout.h"

#include <glib/gi18n.h>

struct _WorkbenchAlgorithmView
{
  GtkBox parent_instance;

  GtkButton *inner, *synthesis, *epoch;
  WorkbenchReadout *place, *explanation;
  GtkLabel *explained;
  GtkStack *stack;
  WorkbenchAlgorithmDiagram *diagram;

  WorkbenchDocument *document;
  WorkbenchAlgorithmPart part; /* that is explained */
  WorkbenchAlgorithmPart present; /* that the run was at when it stood still last */
  WorkbenchGlance news;        /* of the run that goes on */
};

static void workbench_algorithm_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchAlgorithmView, workbench_algorithm_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_algorithm_view_view_init))

static void
let_step (WorkbenchAlgorithmView *self, gboolean can_step)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->inner), can_step);
  gtk_widget_set_sensitive (GTK_WIDGET (self->synthesis), can_step);
  gtk_widget_set_sensitive (GTK_WIDGET (self->epoch), can_step);
}

/* What is explained goes along with who makes the run step; while it runs by itself that could not be read. What somebody has clicked stays until the run
 * comes to another part. */
static void
follow (WorkbenchAlgorithmView *self, const WorkbenchAlgorithmState *state)
{
  const WorkbenchAlgorithmPart present = workbench_algorithm_present (state);

  if (state->status.state != DFKD_STATE_PAUSED || present == self->present || present == WORKBENCH_N_ALGORITHM_PARTS)
    return;
  self->part = self->present = present;
}

static void
bring_up_to_date (gpointer data)
{
  WorkbenchAlgorithmView *self = data;
  WorkbenchAlgorithmState state;
  g_autofree char *place = NULL, *explanation = NULL;

  gtk_stack_set_visible_child_name (self->stack, self->document != NULL ? "diagram" : "nothing");
  if (self->document == NULL)
    {
      let_step (self, FALSE);
      return;
    }
  workbench_algorithm_state_init (&state, self->document);
  workbench_algorithm_diagram_show (self->diagram, &state);
  follow (self, &state);
  place = workbench_algorithm_place (&state);
  explanation = workbench_algorithm_explanation (self->part, &state);
  workbench_readout_set_markup (self->place, place);
  gtk_label_set_text (self->explained, workbench_algorithm_title (self->part));
  workbench_readout_set_markup (self->explanation, explanation);
  let_step (self, state.is_live && (state.status.state == DFKD_STATE_PAUSED || state.status.state == DFKD_STATE_RUNNING));
  workbench_algorithm_state_clear (&state);
}

static void
on_status (WorkbenchDocument *document, WorkbenchAlgorithmView *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (workbench_document_get_status (document)->state != DFKD_STATE_RUNNING) /* somebody makes it step */
    bring_up_to_date (self);
  else
    workbench_glance_order (&self->news, bring_up_to_date, self);
}

static void
on_explain (WorkbenchAlgorithmDiagram *diagram, guint part, WorkbenchAlgorithmView *self)
{
  self->part = part;
  bring_up_to_date (self);
}

/* ------------------------------------------------------------------------------------------------------- steps */

/* by the window, which takes what is typed first */
static void
on_inner (GtkButton *button, WorkbenchAlgorithmView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.step", "s", "inner");
}

static void
on_synthesis (GtkButton *button, WorkbenchAlgorithmView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.step", "s", "synthesis");
}

static void
on_epoch (GtkButton *button, WorkbenchAlgorithmView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.step", "s", "epoch");
}

/* ------------------------------------------------------------------------------------------------ construction */

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchAlgorithmView *self = WORKBENCH_ALGORITHM_VIEW (view);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (g_set_object (&self->document, document))
    self->present = WORKBENCH_N_ALGORITHM_PARTS;
  if (document != NULL)
    g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  bring_up_to_date (self);
}

static void
workbench_algorithm_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
}

static void
workbench_algorithm_view_map (GtkWidget *widget)
{
  bring_up_to_date (widget); /* nothing was told it while nobody looked */
  GTK_WIDGET_CLASS (workbench_algorithm_view_parent_class)->map (widget);
}

static void
workbench_algorithm_view_dispose (GObject *object)
{
  WorkbenchAlgorithmView *self = WORKBENCH_ALGORITHM_VIEW (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  workbench_glance_cancel (&self->news);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_algorithm_view_parent_class)->dispose (object);
}

static void
workbench_algorithm_view_class_init (WorkbenchAlgorithmViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_algorithm_view_dispose;
  widget_class->map = workbench_algorithm_view_map;
  g_type_ensure (WORKBENCH_TYPE_ALGORITHM_DIAGRAM);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-algorithm-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchAlgorithmView, name)
  BIND (inner);
  BIND (synthesis);
  BIND (epoch);
  BIND (place);
  BIND (explained);
  BIND (explanation);
  BIND (stack);
  BIND (diagram);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_inner);
  gtk_widget_class_bind_template_callback (widget_class, on_synthesis);
  gtk_widget_class_bind_template_callback (widget_class, on_epoch);
  gtk_widget_class_bind_template_callback (widget_class, on_explain);
}

static void
workbench_algorithm_view_init (WorkbenchAlgorithmView *self)
{
  self->present = WORKBENCH_N_ALGORITHM_PARTS;
  gtk_widget_init_template (GTK_WIDGET (self));
}
