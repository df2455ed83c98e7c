/* workbench-cost-table.c: one kind of step at a time: its stages, then its most expensive kernels. */
#include "workbench-cost-table.h"

#include "workbench-containers.h"
#include "workbench-cost.h"

#include <glib/gi18n.h>

enum {
  MOST_KERNELS = 10,
};

struct _WorkbenchCostTable
{
  GtkBox parent_instance;

  GtkDropDown *step;
  GtkButton *measure;
  GtkLabel *limits, *note;
  GtkWidget *stage_table, *kernel_table;
  GtkColumnView *stages, *kernels;

  GListStore *stage_rows, *kernel_rows;
  GPtrArray *shown; /* of GPtrArray: the rows of a step: stages, kernels */
  GtkStringList *names;
};

G_DEFINE_FINAL_TYPE (WorkbenchCostTable, workbench_cost_table, GTK_TYPE_BOX)

static guint measure_signal;

/* the rows of one kind of step */
typedef struct {
  GPtrArray *stages, *kernels; /* of WorkbenchCost */
} Rows;

static void
rows_free (gpointer data)
{
  Rows *rows = data;

  g_ptr_array_unref (rows->stages);
  g_ptr_array_unref (rows->kernels);
  g_free (rows);
}

/* before anything is measured there is nothing to choose, and keys would stop at tables that do not show it */
static void
show_any (WorkbenchCostTable *self)
{
  const gboolean any = self->shown->len > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->step), any);
  gtk_widget_set_visible (self->stage_table, any);
  gtk_widget_set_visible (self->kernel_table, any);
}

static void
show_step (WorkbenchCostTable *self)
{
  guint selected = gtk_drop_down_get_selected (self->step);
  const Rows *rows;

  g_list_store_remove_all (self->stage_rows);
  g_list_store_remove_all (self->kernel_rows);
  if (selected >= self->shown->len)
    return;
  rows = g_ptr_array_index (self->shown, selected);
  for (guint i = 0; i < rows->stages->len; i++)
    g_list_store_append (self->stage_rows, g_ptr_array_index (rows->stages, i));
  for (guint i = 0; i < rows->kernels->len; i++)
    g_list_store_append (self->kernel_rows, g_ptr_array_index (rows->kernels, i));
}

static void
on_step (GtkDropDown *drop_down, GParamSpec *spec, WorkbenchCostTable *self)
{
  show_step (self);
}

static void
set_busy (WorkbenchCostTable *self, gboolean busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->measure), !busy);
  /* no spinner: without a graphics card its animation would take the time that is measured */
  gtk_label_set_text (self->note, busy ? _("Measuring…") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), busy);
}

static void
on_measure (GtkButton *button, WorkbenchCostTable *self)
{
  set_busy (self, TRUE);
  g_signal_emit (self, measure_signal, 0);
}

/* what the plan of a step is called, for people */
static const char *
step_name (const char *plan)
{
  static const char *const names[] = { N_ ("inner step"), N_ ("last gradient"), N_ ("step back"), N_ ("outer step"), N_ ("generator step"),
                                       N_ ("student step"), N_ ("evaluation") };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], plan))
      return _(names[i]);
  return plan;
}

static Rows *
new_rows (const DfkdRoofline *roofline)
{
  Rows *rows = g_new0 (Rows, 1);

  rows->stages = g_ptr_array_new_with_free_func (g_object_unref);
  rows->kernels = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < roofline->stages->len; i++)
    {
      const DfkdCost *cost = &g_array_index (roofline->stages, DfkdCost, i);

      g_ptr_array_add (rows->stages, workbench_cost_new (cost, _(cost->name)));
    }
  for (guint i = 0; i < MIN (roofline->kernels->len, MOST_KERNELS); i++)
    {
      const DfkdCost *cost = &g_array_index (roofline->kernels, DfkdCost, i);
      g_autofree char *name = g_strdup_printf ("%u × %s", cost->count, cost->name);

      if (cost->seconds > 0.0)
        g_ptr_array_add (rows->kernels, workbench_cost_new (cost, name));
    }
  return rows;
}

static void
forget (WorkbenchCostTable *self)
{
  set_busy (self, FALSE);
  g_ptr_array_set_size (self->shown, 0);
  while (g_list_model_get_n_items (G_LIST_MODEL (self->names)) > 0)
    gtk_string_list_remove (self->names, 0);
  gtk_label_set_text (self->limits, _("Nothing has been measured yet"));
}

void
workbench_cost_table_clear (WorkbenchCostTable *self)
{
  forget (self);
  show_any (self);
  show_step (self);
}

void
workbench_cost_table_set_rooflines (WorkbenchCostTable *self, const GPtrArray *rooflines)
{
  guint selected = gtk_drop_down_get_selected (self->step);

  forget (self);
  for (guint i = 0; i < rooflines->len; i++)
    {
      const DfkdRoofline *roofline = g_ptr_array_index (rooflines, i);

      g_ptr_array_add (self->shown, new_rows (roofline));
      gtk_string_list_append (self->names, step_name (roofline->name));
      if (i == 0)
        {
          g_autofree char *text = g_strdup_printf (_("This device copies %.1f GB/s and multiplies matrices at %.0f GFLOP/s; attainable is what these two allow "
                                                     "for the operations of the definition. A faster algorithm, or operands in a cache, may pass it."),
                                                   roofline->rates.bytes * 1e-9, roofline->rates.flop * 1e-9);

          gtk_label_set_text (self->limits, text);
        }
    }
  show_any (self);
  gtk_drop_down_set_selected (self->step, selected < rooflines->len ? selected : 0);
  show_step (self);
}

void
workbench_cost_table_fail (WorkbenchCostTable *self, const char *message)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->measure)))
    return;
  set_busy (self, FALSE);
  gtk_label_set_text (self->note, message);
  gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
}

static void
workbench_cost_table_dispose (GObject *object)
{
  WorkbenchCostTable *self = WORKBENCH_COST_TABLE (object);

  workbench_clear_box (GTK_BOX (self));
  g_clear_object (&self->stage_rows);
  g_clear_object (&self->kernel_rows);
  g_clear_object (&self->names);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  G_OBJECT_CLASS (workbench_cost_table_parent_class)->dispose (object);
}

static void
workbench_cost_table_class_init (WorkbenchCostTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_cost_table_dispose;
  g_type_ensure (WORKBENCH_TYPE_COST);
  measure_signal = g_signal_new ("measure", WORKBENCH_TYPE_COST_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-cost-table.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchCostTable, name)
  BIND (step);
  BIND (measure);
  BIND (limits);
  BIND (note);
  BIND (stage_table);
  BIND (kernel_table);
  BIND (stages);
  BIND (kernels);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_step);
  gtk_widget_class_bind_template_callback (widget_class, on_measure);
}

static void
set_rows (GtkColumnView *view, GListStore *rows)
{
  g_autoptr (GtkNoSelection) model = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (rows)));

  gtk_column_view_set_model (view, GTK_SELECTION_MODEL (model));
}

static void
workbench_cost_table_init (WorkbenchCostTable *self)
{
  self->shown = g_ptr_array_new_with_free_func (rows_free);
  self->stage_rows = g_list_store_new (WORKBENCH_TYPE_COST);
  self->kernel_rows = g_list_store_new (WORKBENCH_TYPE_COST);
  self->names = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_rows (self->stages, self->stage_rows);
  set_rows (self->kernels, self->kernel_rows);
  gtk_drop_down_set_model (self->step, G_LIST_MODEL (self->names));
  show_any (self);
}
