/* workbench-experiment-dialog.c: rows of a parameter and its values, and what they come to. */
#include "workbench-experiment-dialog.h"

#include "workbench-containers.h"
#include "workbench-experiment-draft.h"

#include <glib/gi18n.h>

enum {
  MOST_VARIED = 6,
  PARAMETER_LETTERS = 16, /* of the one that is chosen */
};

struct _WorkbenchExperimentDialog
{
  AdwMessageDialog parent_instance;

  GtkEditable *name, *seeds;
  GtkBox *rows;
  GtkButton *more;
  GtkLabel *outcome;

  DfkdRecipe *base;
  GArray *ids; /* of DfkdParameterId: those to choose from */
};

G_DEFINE_FINAL_TYPE (WorkbenchExperimentDialog, workbench_experiment_dialog, ADW_TYPE_MESSAGE_DIALOG)

static GtkDropDown *
choice_of (GtkWidget *row)
{
  return GTK_DROP_DOWN (gtk_widget_get_first_child (row));
}

static GtkEditable *
values_of (GtkWidget *row)
{
  return GTK_EDITABLE (gtk_widget_get_next_sibling (gtk_widget_get_first_child (row)));
}

static guint
count_rows (WorkbenchExperimentDialog *self)
{
  guint count = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL; row = gtk_widget_get_next_sibling (row))
    count++;
  return count;
}

/* Returns: (transfer full): its JSON; NULL: it is none yet, and why */
static char *
draft (WorkbenchExperimentDialog *self, guint *runs, GError **error)
{
  WorkbenchVaried varied[MOST_VARIED];
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL; row = gtk_widget_get_next_sibling (row), n++)
    {
      varied[n] = (WorkbenchVaried){ g_array_index (self->ids, DfkdParameterId, gtk_drop_down_get_selected (choice_of (row))), gtk_editable_get_text (values_of (row)) };
      for (guint i = 0; i < n; i++)
        if (varied[i].id == varied[n].id)
          {
            g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s is varied twice: put all its values into one line"), _(dfkd_parameter (varied[n].id)->label));
            return NULL;
          }
    }
  return workbench_experiment_draft (self->base, gtk_editable_get_text (self->name), varied, n, gtk_editable_get_text (self->seeds), runs, error);
}

/* "Inner steps: 2 · 5 · 10", as its values are understood. Returns: (transfer full) */
static char *
describe_row (WorkbenchExperimentDialog *self, GtkWidget *row)
{
  const DfkdParameter *p = dfkd_parameter (g_array_index (self->ids, DfkdParameterId, gtk_drop_down_get_selected (choice_of (row))));
  g_auto (GStrv) values = workbench_experiment_values (gtk_editable_get_text (values_of (row)));
  g_autofree char *all = g_strjoinv (" · ", values);

  return g_strdup_printf ("%s: %s", _(p->label), all);
}

/* Returns: (transfer full) */
static char *
describe_runs (WorkbenchExperimentDialog *self, guint runs)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u run", "%u runs", runs), runs);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      g_autofree char *line = describe_row (self, row);

      g_string_append_printf (text, "\n%s", line);
    }
  return g_string_free (text, FALSE);
}

/* what it would come to */
static void
update (WorkbenchExperimentDialog *self)
{
  const guint n = count_rows (self);
  g_autoptr (GError) error = NULL;
  guint runs = 0;
  g_autofree char *json = draft (self, &runs, &error);
  g_autofree char *text = json != NULL ? describe_runs (self, runs) : g_strdup (error->message);

  gtk_label_set_text (self->outcome, text);
  (json != NULL ? gtk_widget_remove_css_class : gtk_widget_add_css_class) (GTK_WIDGET (self->outcome), "error");
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "create", json != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->more), n < MOST_VARIED);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL; row = gtk_widget_get_next_sibling (row))
    gtk_widget_set_sensitive (gtk_widget_get_last_child (row), n > 1);
}

/* a parameter that is chosen begins with the value that it has */
static void
on_parameter (GtkDropDown *choice, GParamSpec *spec, WorkbenchExperimentDialog *self)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (choice));
  g_autofree char *value = dfkd_recipe_get (self->base, g_array_index (self->ids, DfkdParameterId, gtk_drop_down_get_selected (choice)));

  gtk_editable_set_text (values_of (row), value);
}

static void
on_remove (GtkButton *button, WorkbenchExperimentDialog *self)
{
  gtk_box_remove (self->rows, gtk_widget_get_parent (GTK_WIDGET (button)));
  update (self);
}

/* "Inner steps (k)" … Returns: (transfer full) */
static GListModel *
create_names (WorkbenchExperimentDialog *self)
{
  GtkStringList *names = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->ids->len; i++)
    {
      const DfkdParameter *p = dfkd_parameter (g_array_index (self->ids, DfkdParameterId, i));

      gtk_string_list_take (names, *p->symbol != '\0' ? g_strdup_printf ("%s (%s)", _(p->label), p->symbol) : g_strdup (_(p->label)));
    }
  return G_LIST_MODEL (names);
}

static void
add_row (WorkbenchExperimentDialog *self, DfkdParameterId id, const char *values)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *entry = gtk_entry_new (), *remove = gtk_button_new_from_icon_name ("list-remove-symbolic");
  GtkWidget *choice = gtk_drop_down_new (create_names (self), gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"));

  for (guint i = 0; i < self->ids->len; i++)
    if (g_array_index (self->ids, DfkdParameterId, i) == id)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), i);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (choice), TRUE);
  gtk_widget_set_tooltip_text (choice, _("What is varied"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What is varied"), -1);
  gtk_widget_set_size_request (choice, 12 * PARAMETER_LETTERS, -1);
  gtk_editable_set_text (GTK_EDITABLE (entry), values);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_set_tooltip_text (entry, _("Its values, with commas between them"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Its values, with commas between them"), -1);
  gtk_widget_set_tooltip_text (remove, _("Do not vary this"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Do not vary this"), -1);
  gtk_widget_add_css_class (remove, "flat");
  gtk_box_append (GTK_BOX (row), choice);
  gtk_box_append (GTK_BOX (row), entry);
  gtk_box_append (GTK_BOX (row), remove);
  gtk_box_append (self->rows, row);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (on_parameter), self);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (update), self);
  g_signal_connect (remove, "clicked", G_CALLBACK (on_remove), self);
  workbench_name_drop_downs (row);
  update (self);
}

/* the next that is not varied yet */
static void
on_more (GtkButton *button, WorkbenchExperimentDialog *self)
{
  static const DfkdParameterId likely[] = { DFKD_PARAMETER_K, DFKD_PARAMETER_LR_G, DFKD_PARAMETER_ADV, DFKD_PARAMETER_BN, DFKD_PARAMETER_OH, DFKD_PARAMETER_KD_STEPS };

  for (guint i = 0; i < G_N_ELEMENTS (likely); i++)
    {
      gboolean there = FALSE;

      for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL; row = gtk_widget_get_next_sibling (row))
        there = there || g_array_index (self->ids, DfkdParameterId, gtk_drop_down_get_selected (choice_of (row))) == likely[i];
      if (!there)
        {
          g_autofree char *value = dfkd_recipe_get (self->base, likely[i]);

          add_row (self, likely[i], value);
          return;
        }
    }
}

char *
workbench_experiment_dialog_save (WorkbenchExperimentDialog *self, GError **error)
{
  guint runs;
  g_autofree char *json = draft (self, &runs, error);

  return json != NULL ? workbench_experiment_draft_save (json, gtk_editable_get_text (self->name), error) : NULL;
}

static void
workbench_experiment_dialog_finalize (GObject *object)
{
  WorkbenchExperimentDialog *self = WORKBENCH_EXPERIMENT_DIALOG (object);

  g_clear_pointer (&self->base, dfkd_recipe_free);
  g_array_unref (self->ids);
  G_OBJECT_CLASS (workbench_experiment_dialog_parent_class)->finalize (object);
}

static void
workbench_experiment_dialog_class_init (WorkbenchExperimentDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_experiment_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-experiment-dialog.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchExperimentDialog, name)
  BIND (name);
  BIND (seeds);
  BIND (rows);
  BIND (more);
  BIND (outcome);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_more);
}

static void
workbench_experiment_dialog_init (WorkbenchExperimentDialog *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (DfkdParameterId));
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (workbench_experiment_can_vary (id))
      g_array_append_val (self->ids, id);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
workbench_experiment_dialog_new (GtkWindow *parent, const DfkdRecipe *base)
{
  WorkbenchExperimentDialog *self = g_object_new (WORKBENCH_TYPE_EXPERIMENT_DIALOG, "transient-for", parent, NULL);
  g_autofree char *name = g_strdup_printf (_("%s, varied"), *base->name != '\0' ? base->name : "run");

  self->base = dfkd_recipe_copy (base);
  gtk_editable_set_text (self->name, name);
  g_signal_connect_swapped (self->name, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->seeds, "changed", G_CALLBACK (update), self);
  add_row (self, DFKD_PARAMETER_K, "2, 5, 10");
  return GTK_WIDGET (self);
}
