/* workbench-save-dialog.c: a name, and a filter for each ending; and where a chosen file is. */
#include "workbench-save-dialog.h"

#include "dfkd.h"

#include <glib/gi18n.h>

GtkFileChooserNative *
workbench_save_dialog_new (GtkWindow *parent, const char *name, const char *const *endings)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Save What Is Shown"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *full = g_strconcat (name, endings[0], NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), full);
  for (guint i = 0; endings[i] != NULL; i++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, endings[i]);
      gtk_file_filter_add_suffix (filter, endings[i] + 1);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
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
