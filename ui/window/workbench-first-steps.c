/* workbench-first-steps.c: rows out of a table. */
#include "workbench-first-steps.h"

#include <glib/gi18n.h>

struct _WorkbenchFirstSteps
{
  AdwPreferencesWindow parent_instance;

  AdwPreferencesGroup *steps;
};

G_DEFINE_FINAL_TYPE (WorkbenchFirstSteps, workbench_first_steps, ADW_TYPE_PREFERENCES_WINDOW)

/* of the window: @view: which it shows; without one @action is done */
typedef struct {
  const char *title, *text, *button, *view, *action;
} Step;

static const Step steps[] = {
  { N_ ("Watch images form"),
    N_ ("Each batch in the gallery forms in k inner steps. Click an image: beside it stands what both networks make of it, how it formed, and which test images are "
        "nearest to it."),
    N_ ("Gallery"), "gallery", NULL },
  { N_ ("Follow the algorithm"),
    N_ ("Pause (Space) and go on by single steps (S). The diagram shows where the run is, with the numbers of this very step, and explains it."), N_ ("Algorithm"),
    "algorithm", NULL },
  { N_ ("Turn k from 5 to 2"),
    N_ ("In the controls, while the run goes on. Syntheses are shorter from here on; a mark in the curves shows where, and the student’s accuracy what it costs."),
    N_ ("Curves"), "curves", NULL },
  { N_ ("See what is never made"),
    N_ ("The map puts images near each other that are alike to the teacher. Switch test images on: where rings are among themselves, the generator makes nothing."),
    N_ ("Latent Space"), "latent", NULL },
  { N_ ("Put runs beside each other"),
    N_ ("Restart with other dials, or branch this run where it is. Then choose the first one under Compare in the curves, or in the list of runs."), N_ ("Runs"), NULL,
    "win.runs" },
  { N_ ("Bring a teacher, take the student"),
    N_ ("Open, or drop onto the window, what torch.save wrote or a .safetensors file. The student can be saved at any time, for PyTorch or as ONNX."), N_ ("Open…"),
    NULL, "win.open" },
};

static void
on_button (GtkButton *button, WorkbenchFirstSteps *self)
{
  const Step *step = g_object_get_data (G_OBJECT (button), "step");
  GtkWidget *window = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));

  if (window == NULL)
    return;
  if (step->view != NULL)
    gtk_widget_activate_action (window, "win.show-view", "s", step->view);
  else
    gtk_widget_activate_action (window, step->action, NULL);
}

static GtkWidget *
new_row (WorkbenchFirstSteps *self, const Step *step)
{
  GtkWidget *row = adw_action_row_new (), *button = gtk_button_new_with_label (_(step->button));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(step->title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(step->text));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (button), "step", (gpointer) step);
  g_signal_connect (button, "clicked", G_CALLBACK (on_button), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  return row;
}

static void
workbench_first_steps_class_init (WorkbenchFirstStepsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-first-steps.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchFirstSteps, steps);
}

static void
workbench_first_steps_init (WorkbenchFirstSteps *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    adw_preferences_group_add (self->steps, new_row (self, &steps[i]));
}

WorkbenchFirstSteps *
workbench_first_steps_new (GtkWindow *parent)
{
  return g_object_new (WORKBENCH_TYPE_FIRST_STEPS, "transient-for", parent, "destroy-with-parent", TRUE, "modal", FALSE, NULL);
}
