/* workbench-controls.c: a row for every parameter of the table, bound to the dials of a document. */
#include "workbench-controls.h"

#include "workbench-containers.h"
#include "workbench-parameter-row.h"

#include <glib/gi18n.h>

struct _WorkbenchControls
{
  GtkBox parent_instance;

  GtkLabel *recipe, *why;
  GtkButton *undo, *redo, *reset;
  GtkBox *parameters;

  WorkbenchParameterRow *rows[DFKD_N_PARAMETERS]; /* not owned */
  WorkbenchDocument *document;
};

G_DEFINE_FINAL_TYPE (WorkbenchControls, workbench_controls, GTK_TYPE_BOX)

static WorkbenchDials *
dials_of (WorkbenchControls *self)
{
  return self->document != NULL ? workbench_document_get_dials (self->document) : NULL;
}

static void
show_value (WorkbenchControls *self, DfkdParameterId id)
{
  if (dfkd_parameter (id)->type == DFKD_PARAMETER_TEXT)
    workbench_parameter_row_set_text (self->rows[id], workbench_dials_get_text (dials_of (self), id));
  else
    workbench_parameter_row_set_value (self->rows[id], workbench_dials_get (dials_of (self), id));
}

/* only what the method has a use for, with its equations */
static void
show_rows (WorkbenchControls *self)
{
  const DfkdMethod *method = dfkd_method_table[(guint) workbench_dials_get (dials_of (self), DFKD_PARAMETER_METHOD)];

  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->rows[id]), dfkd_method_uses (method, dfkd_parameter (id)->name));
      workbench_parameter_row_set_method (self->rows[id], method);
    }
}

static void
on_dial (WorkbenchDials *dials, guint id, WorkbenchControls *self)
{
  show_value (self, id);
  if (id == DFKD_PARAMETER_METHOD)
    show_rows (self);
}

/* a button that names what it would take back; it is found by the same name */
static void
name_button (GtkButton *button, const char *what, const char *format, const char *nothing)
{
  g_autofree char *text = what != NULL ? g_strdup_printf (format, what) : g_strdup (nothing);

  gtk_widget_set_tooltip_text (GTK_WIDGET (button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
on_turns (WorkbenchDials *dials, WorkbenchControls *self)
{
  g_autofree char *undo = workbench_dials_describe_undo (dials), *redo = workbench_dials_describe_redo (dials);
  const DfkdRecipe *recipe = workbench_dials_get_recipe (dials);

  name_button (self->undo, undo, _("Undo %s (Ctrl+Z)"), _("Nothing to undo"));
  name_button (self->redo, redo, _("Redo %s (Shift+Ctrl+Z)"), _("Nothing to redo"));
  gtk_label_set_text (self->recipe, recipe->name);
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      if (dfkd_parameter (id)->type == DFKD_PARAMETER_TEXT)
        workbench_parameter_row_set_recipe_text (self->rows[id], recipe->text[id]);
      else
        workbench_parameter_row_set_recipe_value (self->rows[id], recipe->number[id]);
      workbench_parameter_row_set_waits (self->rows[id], workbench_dials_waits (dials, id));
    }
}

static void
on_row (WorkbenchParameterRow *row, double value, WorkbenchControls *self)
{
  if (self->document != NULL)
    workbench_dials_set (dials_of (self), workbench_parameter_row_get_id (row), value, NULL);
}

static void
on_row_text (WorkbenchParameterRow *row, const char *text, WorkbenchControls *self)
{
  if (self->document != NULL)
    workbench_dials_set_text (dials_of (self), workbench_parameter_row_get_id (row), text);
}

static void
on_row_reset (WorkbenchParameterRow *row, WorkbenchControls *self)
{
  if (self->document != NULL)
    workbench_dials_end_turn (dials_of (self));
}

/* every parameter has a row, under the heading of its group */
static void
add_rows (WorkbenchControls *self)
{
  static const char *const groups[] = { N_ ("Synthesis"), N_ ("Losses"), N_ ("Student"), N_ ("Run") };

  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    {
      GtkWidget *heading = gtk_label_new (_(groups[g]));

      gtk_label_set_xalign (GTK_LABEL (heading), 0.0f);
      gtk_widget_add_css_class (heading, "heading");
      gtk_widget_set_margin_top (heading, 8);
      gtk_box_append (self->parameters, heading);
      for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
        {
          if (!g_str_equal (dfkd_parameter (id)->group, groups[g]))
            continue;
          self->rows[id] = workbench_parameter_row_new (id);
          g_signal_connect (self->rows[id], "changed", G_CALLBACK (on_row), self);
          g_signal_connect (self->rows[id], "text-changed", G_CALLBACK (on_row_text), self);
          g_signal_connect (self->rows[id], "reset", G_CALLBACK (on_row_reset), self);
          gtk_box_append (self->parameters, GTK_WIDGET (self->rows[id]));
        }
    }
}

/* why nothing can be turned */
static void
explain (WorkbenchDocument *document, WorkbenchControls *self)
{
  const char *why = _("There is no run. Start one (Ctrl+R), or open a recipe, a model or a run.");

  if (document != NULL && workbench_document_goes_on_elsewhere (document))
    why = _("Another program computes this run; what it writes to the run’s folder is shown here within seconds. Branch it (Ctrl+B) to go on here from an earlier point with other values, or start a new run with this recipe (Ctrl+R).");
  else if (document != NULL)
    why = _("This run was opened from its folder and is not going on here. Restart it (Ctrl+R) for a new run with this recipe, branch it (Ctrl+B) to go on from an earlier point with other values, or go on with it from the list of runs (Ctrl+L).");
  gtk_label_set_text (self->why, why);
}

static void
leave_document (WorkbenchControls *self)
{
  if (self->document == NULL)
    return;
  g_signal_handlers_disconnect_by_data (dials_of (self), self);
  g_signal_handlers_disconnect_by_data (self->document, self);
}

void
workbench_controls_set_document (WorkbenchControls *self, WorkbenchDocument *document)
{
  gboolean goes_on = document != NULL && workbench_document_get_run (document) != NULL;

  leave_document (self);
  g_set_object (&self->document, document);
  gtk_widget_set_visible (GTK_WIDGET (self->parameters), document != NULL); /* which of them count, its recipe says */
  gtk_widget_set_sensitive (GTK_WIDGET (self->parameters), goes_on);
  gtk_widget_set_visible (GTK_WIDGET (self->why), !goes_on);
  explain (document, self);
  if (document == NULL)
    return;
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    show_value (self, id);
  show_rows (self);
  g_signal_connect (dials_of (self), "changed", G_CALLBACK (on_dial), self);
  g_signal_connect (dials_of (self), "turns", G_CALLBACK (on_turns), self);
  if (!goes_on)
    g_signal_connect (document, "status", G_CALLBACK (explain), self);
  on_turns (dials_of (self), self);
}

const DfkdParameter *
workbench_controls_commit (WorkbenchControls *self)
{
  if (self->document == NULL || workbench_document_get_run (self->document) == NULL)
    return NULL;
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    if (gtk_widget_get_visible (GTK_WIDGET (self->rows[id])) && !workbench_parameter_row_commit (self->rows[id]))
      return dfkd_parameter (id);
  return NULL;
}

static void
workbench_controls_dispose (GObject *object)
{
  WorkbenchControls *self = WORKBENCH_CONTROLS (object);

  leave_document (self);
  g_clear_object (&self->document);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_controls_parent_class)->dispose (object);
}

static void
workbench_controls_class_init (WorkbenchControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_controls_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-controls.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchControls, name)
  BIND (recipe);
  BIND (why);
  BIND (undo);
  BIND (redo);
  BIND (reset);
  BIND (parameters);
#undef BIND
}

static void
workbench_controls_init (WorkbenchControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reset), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reset all values to the recipe"), -1);
  add_rows (self);
}
