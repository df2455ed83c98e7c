/* workbench-pane.c: makes a view when it is first chosen, and keeps it. */
#include "workbench-pane.h"

#include "workbench-containers.h"
#include "workbench-save-dialog.h"

#include <glib/gi18n.h>

struct _WorkbenchPane
{
  GtkBox parent_instance;

  GtkBox *bar;
  GtkDropDown *choice;
  GtkLabel *hint;
  GtkButton *save;
  GtkStack *stack;

  WorkbenchDocument *document;
  WorkbenchComparison *comparison;
  GtkFileChooserNative *chooser; /* while it is open */
};

G_DEFINE_FINAL_TYPE (WorkbenchPane, workbench_pane, GTK_TYPE_BOX)

enum {
  VIEW = 1,
};

static void
show_kind (WorkbenchPane *self, guint index)
{
  const WorkbenchViewKind *kind = &workbench_view_kinds[index];
  GtkWidget *view = gtk_stack_get_child_by_name (self->stack, kind->name);

  if (view == NULL)
    {
      view = g_object_new (kind->get_type (), NULL);
      workbench_name_drop_downs (view);
      gtk_stack_add_named (self->stack, view, kind->name);
      workbench_view_set_comparison (WORKBENCH_VIEW (view), self->comparison);
      workbench_view_set_document (WORKBENCH_VIEW (view), self->document);
    }
  gtk_stack_set_visible_child (self->stack, view);
  gtk_label_set_text (self->hint, _(kind->hint));
  gtk_widget_set_visible (GTK_WIDGET (self->save), workbench_view_get_endings (WORKBENCH_VIEW (view))[0] != NULL);
  g_object_notify (G_OBJECT (self), "view");
}

static void
on_choice (GtkDropDown *choice, GParamSpec *spec, WorkbenchPane *self)
{
  guint index = gtk_drop_down_get_selected (choice);

  if (index < workbench_n_view_kinds)
    show_kind (self, index);
}

static void
report (WorkbenchPane *self, const char *message)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  gtk_widget_activate_action (window, "win.say", "s", message);
}

static void
on_save_response (GtkNativeDialog *dialog, int response, WorkbenchPane *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file != NULL ? workbench_local_path (file, &error) : NULL;

  if (path != NULL && !workbench_view_save_in_background (workbench_pane_get_view (self), path))
    {
      g_autofree char *done = g_strdup_printf (_("Saved to %s"), path);

      report (self, workbench_view_save (workbench_pane_get_view (self), path, &error) ? done : error->message);
    }
  else if (error != NULL)
    report (self, error->message);
  g_clear_object (&self->chooser);
}

static void
on_save (GtkButton *button, WorkbenchPane *self)
{
  g_autofree char *name = g_strconcat (self->document != NULL ? workbench_document_get_title (self->document) : "dfkd", "-",
                                       workbench_pane_get_shown (self), NULL);

  g_clear_object (&self->chooser);
  self->chooser = workbench_save_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), name,
                                             workbench_view_get_endings (workbench_pane_get_view (self)));
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_save_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
workbench_pane_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  g_value_set_string (value, workbench_pane_get_shown (WORKBENCH_PANE (object)));
}

static void
workbench_pane_set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  workbench_pane_show (WORKBENCH_PANE (object), g_value_get_string (value));
}

static void
workbench_pane_dispose (GObject *object)
{
  WorkbenchPane *self = WORKBENCH_PANE (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  workbench_clear_box (GTK_BOX (self));
  g_clear_object (&self->document);
  g_clear_object (&self->comparison);
  G_OBJECT_CLASS (workbench_pane_parent_class)->dispose (object);
}

static void
workbench_pane_class_init (WorkbenchPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = workbench_pane_get_property;
  object_class->set_property = workbench_pane_set_property;
  object_class->dispose = workbench_pane_dispose;
  g_object_class_install_property (object_class, VIEW,
                                   g_param_spec_string ("view", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-pane.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchPane, name)
  BIND (bar);
  BIND (choice);
  BIND (hint);
  BIND (save);
  BIND (stack);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_choice);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
}

static void
workbench_pane_init (WorkbenchPane *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  workbench_name_drop_downs (GTK_WIDGET (self));
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    gtk_string_list_append (titles, _(workbench_view_kinds[i].title));
  g_signal_handlers_block_by_func (self->choice, on_choice, self); /* or the first of them would be made for nothing */
  gtk_drop_down_set_model (self->choice, G_LIST_MODEL (titles));
  g_signal_handlers_unblock_by_func (self->choice, on_choice, self);
}

void
workbench_pane_set_document (WorkbenchPane *self, WorkbenchDocument *document)
{
  g_set_object (&self->document, document);
  for (GtkWidget *view = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); view != NULL; view = gtk_widget_get_next_sibling (view))
    workbench_view_set_document (WORKBENCH_VIEW (view), document);
}

void
workbench_pane_set_comparison (WorkbenchPane *self, WorkbenchComparison *comparison)
{
  g_return_if_fail (self->comparison == NULL);
  self->comparison = g_object_ref (comparison);
}

void
workbench_pane_show (WorkbenchPane *self, const char *name)
{
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    if (g_strcmp0 (workbench_view_kinds[i].name, name) == 0)
      {
        gtk_drop_down_set_selected (self->choice, i);
        show_kind (self, i);
      }
}

const char *
workbench_pane_get_shown (WorkbenchPane *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

WorkbenchView *
workbench_pane_get_view (WorkbenchPane *self)
{
  return WORKBENCH_VIEW (gtk_stack_get_visible_child (self->stack));
}
