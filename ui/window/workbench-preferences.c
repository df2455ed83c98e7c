/* workbench-preferences.c: rows bound to settings; the list of devices and the folder need a little more. */
#include "workbench-preferences.h"

#include "workbench-save-dialog.h"
#include "workbench-settings.h"

#include <glib/gi18n.h>

struct _WorkbenchPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwComboRow *device;
  AdwActionRow *folder;
  GtkButton *usual, *choose;
  GtkSpinButton *threads, *history_limit, *picture_rate;
  GtkSwitch *keep_runs, *notifications, *reduced_motion;

  GPtrArray *ids; /* of devices, in the order of the row */
  GtkFileChooserNative *chooser; /* while it is open */
};

G_DEFINE_FINAL_TYPE (WorkbenchPreferences, workbench_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
add_device (WorkbenchPreferences *self, GtkStringList *names, const char *id, const char *name)
{
  g_ptr_array_add (self->ids, g_strdup (id));
  gtk_string_list_append (names, name);
}

static void
on_device (WorkbenchPreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->device);

  if (selected < self->ids->len)
    g_settings_set_string (workbench_settings (), "device", g_ptr_array_index (self->ids, selected));
}

static void
select_device (WorkbenchPreferences *self, GtkStringList *names)
{
  g_autofree char *chosen = g_settings_get_string (workbench_settings (), "device");
  guint index = 0;

  while (index < self->ids->len && !g_str_equal (g_ptr_array_index (self->ids, index), chosen))
    index++;
  if (index == self->ids->len) /* a card that is not there now */
    add_device (self, names, chosen, chosen);
  adw_combo_row_set_model (self->device, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->device, index);
  g_signal_connect_swapped (self->device, "notify::selected", G_CALLBACK (on_device), self);
}

static void
on_listed (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchPreferences *self = WORKBENCH_PREFERENCES (object);
  g_autoptr (GPtrArray) devices = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  if (self->ids == NULL) /* closed meanwhile */
    return;
  add_device (self, names, "auto", _("Automatic"));
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      const DfkdDeviceDescription *device = g_ptr_array_index (devices, i);

      add_device (self, names, device->id, device->name);
    }
  select_device (self, names);
}

/* asking all drivers may take a while */
static void
list_devices (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, dfkd_device_list (), (GDestroyNotify) g_ptr_array_unref);
}

static void
show_folder (WorkbenchPreferences *self)
{
  g_autofree char *path = workbench_settings_get_runs_folder (), *name = g_filename_display_name (path), *escaped = g_markup_escape_text (name, -1);
  g_autofree char *chosen = g_settings_get_string (workbench_settings (), "runs-folder");

  adw_action_row_set_subtitle (self->folder, escaped);
  gtk_widget_set_sensitive (GTK_WIDGET (self->usual), *chosen != '\0');
}

static void
on_chosen (GtkNativeDialog *dialog, int response, WorkbenchPreferences *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file != NULL ? workbench_local_path (file, &error) : NULL;

  if (path != NULL)
    g_settings_set_string (workbench_settings (), "runs-folder", path);
  else if (error != NULL)
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (error->message));
  g_clear_object (&self->chooser);
}

static void
on_choose (WorkbenchPreferences *self)
{
  g_clear_object (&self->chooser);
  self->chooser = workbench_chooser_new (_("Folder of Runs"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_usual (WorkbenchPreferences *self)
{
  g_settings_reset (workbench_settings (), "runs-folder");
}

static void
workbench_preferences_dispose (GObject *object)
{
  WorkbenchPreferences *self = WORKBENCH_PREFERENCES (object);

  g_signal_handlers_disconnect_by_data (workbench_settings (), self);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (workbench_preferences_parent_class)->dispose (object);
}

static void
workbench_preferences_class_init (WorkbenchPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-preferences.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchPreferences, name)
  BIND (device);
  BIND (folder);
  BIND (usual);
  BIND (choose);
  BIND (threads);
  BIND (history_limit);
  BIND (picture_rate);
  BIND (keep_runs);
  BIND (notifications);
  BIND (reduced_motion);
#undef BIND
}

static void
workbench_preferences_init (WorkbenchPreferences *self)
{
  GSettings *settings = workbench_settings ();
  g_autoptr (GTask) task = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->ids = g_ptr_array_new_with_free_func (g_free);
  g_settings_bind (settings, "threads", self->threads, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "history-limit", self->history_limit, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "picture-rate", self->picture_rate, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "keep-runs", self->keep_runs, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "notifications", self->notifications, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "reduced-motion", self->reduced_motion, "active", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_swapped (settings, "changed::runs-folder", G_CALLBACK (show_folder), self);
  g_signal_connect_swapped (self->choose, "clicked", G_CALLBACK (on_choose), self);
  g_signal_connect_swapped (self->usual, "clicked", G_CALLBACK (on_usual), self);
  show_folder (self);
  task = g_task_new (self, NULL, on_listed, NULL);
  g_task_run_in_thread (task, list_devices);
}

WorkbenchPreferences *
workbench_preferences_new (GtkWindow *parent)
{
  return g_object_new (WORKBENCH_TYPE_PREFERENCES, "transient-for", parent, "modal", TRUE, NULL);
}
