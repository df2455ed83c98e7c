/* workbench-branch-dialog.c: a list of points, and a number. */
#include "workbench-branch-dialog.h"

struct _WorkbenchBranchDialog
{
  AdwMessageDialog parent_instance;

  AdwComboRow *point;
  GtkSpinButton *syntheses;

  GArray *points; /* of guint */
};

G_DEFINE_FINAL_TYPE (WorkbenchBranchDialog, workbench_branch_dialog, ADW_TYPE_MESSAGE_DIALOG)

guint
workbench_branch_dialog_get_point (WorkbenchBranchDialog *self)
{
  return g_array_index (self->points, guint, adw_combo_row_get_selected (self->point));
}

guint
workbench_branch_dialog_get_syntheses (WorkbenchBranchDialog *self)
{
  gtk_spin_button_update (self->syntheses); /* what has been typed without Enter counts */
  return (guint) gtk_spin_button_get_value_as_int (self->syntheses);
}

/* there is something left to do */
static void
on_selected (WorkbenchBranchDialog *self)
{
  if (self->points != NULL && self->points->len > 0)
    gtk_adjustment_set_lower (gtk_spin_button_get_adjustment (self->syntheses), workbench_branch_dialog_get_point (self) + 1);
}

/* "30 · 73.20 %": the accuracy where it was measured then; a list's row has room for no more. Returns: (transfer full) */
static char *
point_text (WorkbenchSeries *accuracy, guint synthesis)
{
  for (guint i = 0; i < workbench_series_get_length (accuracy); i++)
    if (workbench_series_get_x (accuracy, WORKBENCH_CLOCK_STEP, i) == synthesis)
      return g_strdup_printf ("%u · %.2f %%", synthesis, workbench_series_get_y (accuracy, i));
  return g_strdup_printf ("%u", synthesis);
}

static void
workbench_branch_dialog_finalize (GObject *object)
{
  g_clear_pointer (&WORKBENCH_BRANCH_DIALOG (object)->points, g_array_unref);
  G_OBJECT_CLASS (workbench_branch_dialog_parent_class)->finalize (object);
}

static void
workbench_branch_dialog_class_init (WorkbenchBranchDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_branch_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-branch-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchBranchDialog, point);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchBranchDialog, syntheses);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
}

static void
workbench_branch_dialog_init (WorkbenchBranchDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Enter behind a number branches; the spin button has no property for it before GTK 4.14 */
  gtk_text_set_activates_default (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->syntheses))), TRUE);
}

GtkWidget *
workbench_branch_dialog_new (GtkWindow *parent, WorkbenchDocument *document, const GArray *points)
{
  WorkbenchBranchDialog *self = g_object_new (WORKBENCH_TYPE_BRANCH_DIALOG, "transient-for", parent, NULL);
  WorkbenchSeries *accuracy = workbench_document_get_series (document, DFKD_SERIES_ACCURACY);
  GtkAdjustment *adjustment = gtk_spin_button_get_adjustment (self->syntheses);
  g_autoptr (GtkStringList) texts = gtk_string_list_new (NULL);

  self->points = g_array_copy ((GArray *) points);
  for (guint i = 0; i < points->len; i++)
    gtk_string_list_take (texts, point_text (accuracy, g_array_index (points, guint, i)));
  adw_combo_row_set_model (self->point, G_LIST_MODEL (texts));
  adw_combo_row_set_selected (self->point, points->len - 1);
  gtk_adjustment_set_upper (adjustment, dfkd_parameter (DFKD_PARAMETER_SYNTHESES)->maximum);
  on_selected (self);
  gtk_adjustment_set_value (adjustment, workbench_document_get_recipe (document)->number[DFKD_PARAMETER_SYNTHESES]);
  return GTK_WIDGET (self);
}
