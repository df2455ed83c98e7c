/* workbench-algorithm-box.c: a button with three labels. */
#include "workbench-algorithm-box.h"

#include "workbench-readout.h"

#include <glib/gi18n.h>

struct _WorkbenchAlgorithmBox
{
  GtkButton parent_instance;

  GtkLabel *title, *equation;
  WorkbenchReadout *values;

  WorkbenchAlgorithmPart part;
  gboolean lit;
};

G_DEFINE_FINAL_TYPE (WorkbenchAlgorithmBox, workbench_algorithm_box, GTK_TYPE_BUTTON)

static void
workbench_algorithm_box_class_init (WorkbenchAlgorithmBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-algorithm-box.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchAlgorithmBox, title);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchAlgorithmBox, equation);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchAlgorithmBox, values);
}

static void
workbench_algorithm_box_init (WorkbenchAlgorithmBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
workbench_algorithm_box_new (WorkbenchAlgorithmPart part)
{
  WorkbenchAlgorithmBox *self = g_object_new (WORKBENCH_TYPE_ALGORITHM_BOX, NULL);

  self->part = part;
  gtk_label_set_text (self->title, workbench_algorithm_title (part));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, workbench_algorithm_title (part), -1);
  return GTK_WIDGET (self);
}

WorkbenchAlgorithmPart
workbench_algorithm_box_get_part (WorkbenchAlgorithmBox *self)
{
  return self->part;
}

/* Returns: TRUE when it was another */
static gboolean
replace (GtkLabel *label, const char *markup)
{
  if (g_str_equal (gtk_label_get_label (label), markup))
    return FALSE;
  gtk_label_set_markup (label, markup);
  return TRUE;
}

static void
describe (WorkbenchAlgorithmBox *self)
{
  g_autofree char *text = g_strdup_printf ("%s; %s%s", gtk_label_get_text (self->equation), workbench_readout_get_text (self->values),
                                           self->lit ? _("; the run is here") : "");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

gboolean
workbench_algorithm_box_show (WorkbenchAlgorithmBox *self, const WorkbenchAlgorithmState *state)
{
  g_autofree char *equation = workbench_algorithm_equation (self->part, state), *values = workbench_algorithm_values (self->part, state);
  gboolean lit = workbench_algorithm_is_lit (self->part, state), turned = lit != self->lit, changed = turned;

  changed |= replace (self->equation, equation);
  changed |= workbench_readout_set_markup (self->values, values);
  if (turned)
    {
      self->lit = lit;
      if (lit)
        gtk_widget_add_css_class (GTK_WIDGET (self), "lit");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (self), "lit");
    }
  if (changed)
    describe (self);
  return turned;
}

gboolean
workbench_algorithm_box_is_lit (WorkbenchAlgorithmBox *self)
{
  return self->lit;
}

const char *
workbench_algorithm_box_get_values (WorkbenchAlgorithmBox *self)
{
  return workbench_readout_get_text (self->values);
}
