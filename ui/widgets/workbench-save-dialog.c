/* workbench-save-dialog.c: a name, and the endings that it may have; and where a chosen file is. */
#include "workbench-save-dialog.h"

#include "dfkd.h"

#include <glib/gi18n.h>

GtkFileChooserNative *
workbench_chooser_new (const char *title, GtkWindow *parent, GtkFileChooserAction action)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, parent, action, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  return dialog;
}

GtkFileChooserNative *
workbench_save_dialog_new (GtkWindow *parent, const char *name, const char *const *endings)
{
  GtkFileChooserNative *dialog = workbench_chooser_new (_("Save What Is Shown"), parent, GTK_FILE_CHOOSER_ACTION_SAVE);
  g_autofree char *full = g_strconcat (name, endings[0], NULL), *all = g_strjoinv (", ", (char **) endings);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new (); /* one for all: the toolkit would leave the name as it is when another is chosen */

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), full);
  gtk_file_filter_set_name (filter, all);
  for (guint i = 0; endings[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, endings[i] + 1);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  return dialog;
}

char *
workbench_local_path (GFile *file, GError **error)
{
  char *path = g_file_get_path (file);

  if (path == NULL)
    {
      g_autofree char *name = g_file_get_parse_name (file);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is in no folder of this computer: choose one that is"), name);
    }
  return path;
}
