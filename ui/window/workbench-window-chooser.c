/* workbench-window-chooser.c: the one dialog for files that the window has open at a time. */
#include "workbench-save-dialog.h"
#include "workbench-window-private.h"

void
workbench_window_forget_chooser (WorkbenchWindow *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

char *
workbench_window_take_chosen (WorkbenchWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_autoptr (GError) error = NULL;
  char *path = file != NULL ? workbench_local_path (file, &error) : NULL;

  workbench_window_forget_chooser (self);
  if (error != NULL)
    workbench_window_say (self, error->message);
  return path;
}

void
workbench_window_show_chooser (WorkbenchWindow *self, const char *title, GtkFileChooserAction action, const char *const *endings,
                               const char *filter_name, GCallback on_response)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  workbench_window_forget_chooser (self);
  self->chooser = workbench_chooser_new (title, GTK_WINDOW (self), action);
  gtk_file_filter_set_name (filter, filter_name);
  for (guint i = 0; endings[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, endings[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect (self->chooser, "response", on_response, self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
