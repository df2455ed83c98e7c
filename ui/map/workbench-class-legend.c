/* workbench-class-legend.c: a flow box of labels, scrolled where they are many. */
#include "workbench-class-legend.h"

#include "workbench-class-mark.h"
#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-long-name.h"

#include <adwaita.h>

enum {
  NAME_LETTERS = 28, /* of one class, and its mark: the longest makes all columns as wide */
};

struct _WorkbenchClassLegend
{
  GtkBox parent_instance;

  GtkFlowBox *classes;
  WorkbenchDocument *document; /* whose names are shown */
  guint count;
  gboolean dark; /* the ground */
  int pointed, chosen; /* −1: none */
};

G_DEFINE_FINAL_TYPE (WorkbenchClassLegend, workbench_class_legend, GTK_TYPE_BOX)

static guint highlighted_signal;

int
workbench_class_legend_get_highlighted (WorkbenchClassLegend *self)
{
  return self->pointed >= 0 ? self->pointed : self->chosen;
}

static void
set (WorkbenchClassLegend *self, int pointed, int chosen)
{
  const int before = workbench_class_legend_get_highlighted (self);

  self->pointed = pointed;
  self->chosen = chosen;
  if (workbench_class_legend_get_highlighted (self) != before)
    g_signal_emit (self, highlighted_signal, 0, workbench_class_legend_get_highlighted (self));
}

void
workbench_class_legend_point_at (WorkbenchClassLegend *self, int index)
{
  set (self, index, self->chosen);
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, WorkbenchClassLegend *self)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_pos (self->classes, (int) x, (int) y);

  workbench_class_legend_point_at (self, child != NULL ? gtk_flow_box_child_get_index (child) : -1);
}

static void
on_leave (GtkEventControllerMotion *motion, WorkbenchClassLegend *self)
{
  workbench_class_legend_point_at (self, -1);
}

static void
let_go (WorkbenchClassLegend *self)
{
  gtk_flow_box_unselect_all (self->classes);
  set (self, -1, -1);
}

static void
on_activated (GtkFlowBox *classes, GtkFlowBoxChild *child, WorkbenchClassLegend *self)
{
  const int index = gtk_flow_box_child_get_index (child);

  if (index == self->chosen)
    let_go (self);
  else
    set (self, self->pointed, index);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, WorkbenchClassLegend *self)
{
  if (key != GDK_KEY_Escape || self->chosen < 0)
    return FALSE;
  let_go (self);
  return TRUE;
}

void
workbench_class_legend_set_classes (WorkbenchClassLegend *self, WorkbenchDocument *document, guint count)
{
  GtkWidget *child;

  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  if (document == self->document && count == self->count && dark == self->dark)
    return;
  g_set_object (&self->document, document);
  self->count = count;
  self->dark = dark;
  let_go (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->classes))) != NULL)
    gtk_flow_box_remove (self->classes, child);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *name = workbench_class_name (document, (int) i);
      const WorkbenchClassMark mark = workbench_class_mark ((int) i, count, dark);
      GtkWidget *label = gtk_label_new (NULL);

      workbench_class_mark_append (&mark, name, text);
      gtk_label_set_markup (GTK_LABEL (label), text->str);
      gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
      workbench_long_name_fit (GTK_LABEL (label), NAME_LETTERS);
      gtk_widget_add_css_class (label, "caption");
      gtk_flow_box_append (self->classes, label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (label)), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    }
}

/* Arrows go from class to class; Tab goes on, behind a hundred of them too. */
static gboolean
workbench_class_legend_focus (GtkWidget *widget, GtkDirectionType direction)
{
  if ((direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD) && gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;
  return GTK_WIDGET_CLASS (workbench_class_legend_parent_class)->focus (widget, direction);
}

static void
workbench_class_legend_dispose (GObject *object)
{
  WorkbenchClassLegend *self = WORKBENCH_CLASS_LEGEND (object);

  g_clear_object (&self->document);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_class_legend_parent_class)->dispose (object);
}

static void
workbench_class_legend_class_init (WorkbenchClassLegendClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_class_legend_dispose;
  widget_class->focus = workbench_class_legend_focus;
  highlighted_signal = g_signal_new ("highlighted", WORKBENCH_TYPE_CLASS_LEGEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-class-legend.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchClassLegend, classes);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_motion);
  gtk_widget_class_bind_template_callback (widget_class, on_leave);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
}

static void
workbench_class_legend_init (WorkbenchClassLegend *self)
{
  self->pointed = self->chosen = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}
