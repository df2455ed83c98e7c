/* workbench-path-button.c: a menu of what may be chosen, since dialogs choose either files or folders, and the dialog. */
#include "workbench-path-button.h"

#include "workbench-save-dialog.h"

#include <glib/gi18n.h>

struct _WorkbenchPathButton
{
  GtkWidget parent_instance;

  GtkWidget *button;
  GMenu *menu;
  char *name;
  GtkFileChooserNative *chooser; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (WorkbenchPathButton, workbench_path_button, GTK_TYPE_WIDGET)

static guint chosen_signal;

static void
forget_chooser (WorkbenchPathButton *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
on_response (GtkNativeDialog *dialog, int response, WorkbenchPathButton *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file != NULL ? workbench_local_path (file, &error) : NULL;

  forget_chooser (self);
  if (path != NULL)
    g_signal_emit (self, chosen_signal, 0, path);
  else if (error != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
}

/* @action: "path.file" or "path.folder" */
static void
choose (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchPathButton *self = WORKBENCH_PATH_BUTTON (widget);
  const gboolean folder = g_str_equal (action, "path.folder");
  GtkRoot *root = gtk_widget_get_root (widget);

  forget_chooser (self);
  self->chooser = workbench_chooser_new (self->name, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                         folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
choose_name (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, chosen_signal, 0, g_variant_get_string (parameter, NULL));
}

static void
workbench_path_button_dispose (GObject *object)
{
  WorkbenchPathButton *self = WORKBENCH_PATH_BUTTON (object);

  forget_chooser (self);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (workbench_path_button_parent_class)->dispose (object);
}

static void
workbench_path_button_finalize (GObject *object)
{
  g_free (WORKBENCH_PATH_BUTTON (object)->name);
  g_clear_object (&WORKBENCH_PATH_BUTTON (object)->menu);
  G_OBJECT_CLASS (workbench_path_button_parent_class)->finalize (object);
}

static void
workbench_path_button_class_init (WorkbenchPathButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_path_button_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_path_button_finalize;
  chosen_signal = g_signal_new ("chosen", WORKBENCH_TYPE_PATH_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "path.file", NULL, choose);
  gtk_widget_class_install_action (widget_class, "path.folder", NULL, choose);
  gtk_widget_class_install_action (widget_class, "path.name", "s", choose_name);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
workbench_path_button_init (WorkbenchPathButton *self)
{
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->button), "document-open-symbolic");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
}

WorkbenchPathButton *
workbench_path_button_new (const char *name, gboolean folders)
{
  WorkbenchPathButton *self = g_object_new (WORKBENCH_TYPE_PATH_BUTTON, NULL);
  g_autofree char *label = g_strdup_printf (_("Choose “%s”"), name);

  self->name = g_strdup (label);
  self->menu = g_menu_new ();
  if (folders)
    g_menu_append (self->menu, _("A F_older…"), "path.folder");
  g_menu_append (self->menu, _("A _File…"), "path.file");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->button), G_MENU_MODEL (self->menu));
  gtk_widget_set_tooltip_text (self->button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return self;
}

void
workbench_path_button_add (WorkbenchPathButton *self, const char *label, const char *name)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "path.name", "s", name);
  g_menu_append_item (self->menu, item);
}
