/* workbench-published-choice.c: a search that ends with the widget, and a line for each method that is ticked. */
#include "workbench-published-choice.h"

#include "workbench-containers.h"
#include "workbench-reference-layer.h"

#include <glib/gi18n.h>

struct _WorkbenchPublishedChoice
{
  GtkBox parent_instance;

  GtkLabel *source;
  GtkBox *methods;

  WorkbenchChart *chart;
  GCancellable *search; /* while it goes on */
  WorkbenchPublishedFigures *figures;
  WorkbenchReferenceLayer *lines[WORKBENCH_MOST_PUBLISHED]; /* of the rows that are ticked; owned by the chart */
};

G_DEFINE_FINAL_TYPE (WorkbenchPublishedChoice, workbench_published_choice, GTK_TYPE_BOX)

static const char *
data_set (WorkbenchPublishedChoice *self)
{
  return self->figures->cifar == WORKBENCH_CIFAR_10 ? "CIFAR-10" : "CIFAR-100";
}

/* ---------------------------------------------------------------------------------------------------- lines */

static void
hide_line (WorkbenchPublishedChoice *self, guint row)
{
  if (self->lines[row] != NULL)
    workbench_chart_remove (self->chart, WORKBENCH_CHART_LAYER (self->lines[row]));
  self->lines[row] = NULL;
}

/* of the run's own method at the right, as the teacher's; of others side by side from the left */
static void
show_line (WorkbenchPublishedChoice *self, guint row)
{
  const WorkbenchPublished *published = self->figures->rows[row];
  double accuracy = published->accuracy[self->figures->cifar];
  g_autofree char *text = g_strdup_printf (self->figures->is_said ? _("%s on %s: %.2f %%") : _("%s, if this is %s: %.2f %%"), published->method,
                                           data_set (self), accuracy);
  g_autofree char *explanation
    = g_strdup_printf (self->figures->is_said ? _("%s on %s, best on test: %.2f %% (%s)") : _("%s, if this is %s, best on test: %.2f %% (%s)"),
                       published->method, data_set (self), accuracy, WORKBENCH_PUBLISHED_SOURCE);

  hide_line (self, row);
  self->lines[row] = workbench_reference_layer_new (accuracy, published == self->figures->own ? explanation : text);
  workbench_reference_layer_explain (self->lines[row], explanation, published == self->figures->own ? 0 : row + 1);
  workbench_chart_add (self->chart, WORKBENCH_CHART_LAYER (self->lines[row]));
}

static void
on_toggled (GtkCheckButton *button, WorkbenchPublishedChoice *self)
{
  guint row = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "row"));

  if (gtk_check_button_get_active (button))
    show_line (self, row);
  else
    hide_line (self, row);
}

/* --------------------------------------------------------------------------------------------------- figures */

static void
clear (WorkbenchPublishedChoice *self)
{
  g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
  for (guint i = 0; i < WORKBENCH_MOST_PUBLISHED; i++)
    hide_line (self, i);
  g_clear_pointer (&self->figures, g_free);
}

/* "Fast-5 · 52.90 %" with a tick */
static GtkWidget *
new_button (WorkbenchPublishedChoice *self, guint row)
{
  const WorkbenchPublished *published = self->figures->rows[row];
  g_autofree char *text = g_strdup_printf (_("%s · %.2f %%"), published->method, published->accuracy[self->figures->cifar]);
  GtkWidget *button = gtk_check_button_new_with_label (text);

  g_object_set_data (G_OBJECT (button), "row", GUINT_TO_POINTER (row));
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled), self);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), published == self->figures->own);
  return button;
}

static void
on_found (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchPublishedFigures *figures = workbench_published_for_recipe_finish (result, NULL);
  WorkbenchPublishedChoice *self = data;
  g_autofree char *text = NULL;

  if (figures == NULL) /* or cancelled: the widget may be gone */
    return;
  self->figures = figures;
  text = g_strdup_printf (figures->is_said ? _("Best accuracy of the student on the test set of %s (%s)")
                                           : _("Best accuracy of the student on the test set, if this is %s, which neither the recipe nor its data say (%s)"),
                          data_set (self), WORKBENCH_PUBLISHED_SOURCE);
  gtk_label_set_text (self->source, text);
  workbench_clear_box (self->methods);
  for (guint i = 0; i < figures->count; i++)
    gtk_box_append (self->methods, new_button (self, i));
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
workbench_published_choice_look (WorkbenchPublishedChoice *self, const DfkdRecipe *recipe)
{
  clear (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (recipe == NULL)
    return;
  self->search = g_cancellable_new ();
  workbench_published_for_recipe_async (recipe, self->search, on_found, self);
}

void
workbench_published_choice_set_chart (WorkbenchPublishedChoice *self, WorkbenchChart *chart)
{
  g_return_if_fail (self->chart == NULL);
  self->chart = g_object_ref (chart);
}

/* --------------------------------------------------------------------------------------------- construction */

static void
workbench_published_choice_dispose (GObject *object)
{
  WorkbenchPublishedChoice *self = WORKBENCH_PUBLISHED_CHOICE (object);

  clear (self);
  g_clear_object (&self->chart);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_published_choice_parent_class)->dispose (object);
}

static void
workbench_published_choice_class_init (WorkbenchPublishedChoiceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_published_choice_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-published-choice.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchPublishedChoice, source);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchPublishedChoice, methods);
}

static void
workbench_published_choice_init (WorkbenchPublishedChoice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
