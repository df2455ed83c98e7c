/* workbench-teacher-dialog.c: a list of data sets fills two lines, which can be written in as well. */
#include "workbench-teacher-dialog.h"

#include "workbench-normalisations.h"

#include <glib/gi18n.h>

struct _WorkbenchTeacherDialog
{
  AdwMessageDialog parent_instance;

  AdwComboRow *data;
  AdwEntryRow *mean, *std, *names;

  guint channels, classes;
  gboolean filling; /* the lines, from the list */
};

G_DEFINE_FINAL_TYPE (WorkbenchTeacherDialog, workbench_teacher_dialog, ADW_TYPE_MESSAGE_DIALOG)

static gboolean
show_whether (AdwEntryRow *row, gboolean good)
{
  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  return good;
}

/* one number, or one for each channel */
static gboolean
check (WorkbenchTeacherDialog *self, AdwEntryRow *row, gboolean positive)
{
  g_autofree float *values = NULL;
  guint count;

  return show_whether (row, dfkd_channel_values_parse (gtk_editable_get_text (GTK_EDITABLE (row)), "", positive, &values, &count, NULL)
                                && (count == 1 || count == self->channels));
}

/* nothing, or one for each class */
static gboolean
check_names (WorkbenchTeacherDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->names));
  g_auto (GStrv) names = dfkd_class_names_parse (text);

  return show_whether (self->names, *text == '\0' || (names != NULL && g_strv_length (names) == self->classes));
}

static void
check_all (WorkbenchTeacherDialog *self)
{
  gboolean mean = check (self, self->mean, FALSE), std = check (self, self->std, TRUE), names = check_names (self);

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "open", mean && std && names);
}

static void
on_names_changed (WorkbenchTeacherDialog *self)
{
  check_all (self);
}

/* what is written by hand is none of the list: its last item says so */
static void
on_changed (WorkbenchTeacherDialog *self)
{
  check_all (self);
  if (!self->filling)
    adw_combo_row_set_selected (self->data, g_list_model_get_n_items (adw_combo_row_get_model (self->data)) - 1);
}

static void
on_selected (WorkbenchTeacherDialog *self)
{
  guint count, selected = adw_combo_row_get_selected (self->data);
  const WorkbenchNormalisation *known = workbench_normalisations (&count);

  if (selected >= count)
    return;
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->mean), known[selected].mean);
  gtk_editable_set_text (GTK_EDITABLE (self->std), known[selected].std);
  self->filling = FALSE;
}

static void
workbench_teacher_dialog_class_init (WorkbenchTeacherDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-teacher-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchTeacherDialog, data);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchTeacherDialog, mean);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchTeacherDialog, std);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchTeacherDialog, names);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_names_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
}

static void
workbench_teacher_dialog_init (WorkbenchTeacherDialog *self)
{
  guint count;
  const WorkbenchNormalisation *known = workbench_normalisations (&count);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < count; i++)
    gtk_string_list_append (names, _(known[i].name));
  gtk_string_list_append (names, _("Others"));
  adw_combo_row_set_model (self->data, G_LIST_MODEL (names));
}

GtkWidget *
workbench_teacher_dialog_new (GtkWindow *parent, const char *path, const DfkdModel *model)
{
  WorkbenchTeacherDialog *self = g_object_new (WORKBENCH_TYPE_TEACHER_DIALOG, "transient-for", parent, NULL);
  const DfkdNetworkOptions *options = &model->network->options;
  g_autofree char *name = g_filename_display_basename (path);

  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (self),
      _("%s (%s for %zu×%zu×%zu images of %zu classes) does not say the mean and the standard deviation that its images were "
        "brought to, one number for each channel. With wrong ones the teacher recognises nothing."),
      name, model->network->name, options->channels, options->height, options->width, options->classes);
  self->channels = (guint) options->channels;
  self->classes = (guint) options->classes;
  if (model->class_names != NULL)
    {
      g_autofree char *names = g_strjoinv (", ", model->class_names);

      gtk_editable_set_text (GTK_EDITABLE (self->names), names);
    }
  adw_combo_row_set_selected (self->data, workbench_normalisation_guess (options->channels, options->classes));
  on_selected (self);
  check_all (self);
  return GTK_WIDGET (self);
}

const char *
workbench_teacher_dialog_get_mean (WorkbenchTeacherDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->mean));
}

const char *
workbench_teacher_dialog_get_std (WorkbenchTeacherDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->std));
}

const char *
workbench_teacher_dialog_get_class_names (WorkbenchTeacherDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->names));
}
