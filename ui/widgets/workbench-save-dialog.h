/* workbench-save-dialog.h: where what is shown is to be saved. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** workbench_chooser_new: a dialog of the desktop, not shown yet; while it is open nobody can turn @parent to something else than what it was
 * opened for. Returns: (transfer full) */
GtkFileChooserNative *workbench_chooser_new (const char *title, GtkWindow *parent, GtkFileChooserAction action);

/** workbench_save_dialog_new: the same for a file to write. @name: proposed, without ending; @endings: (array zero-terminated=1): ".svg" …, at
 * least one: which of them the name has says the format. Returns: (transfer full) */
GtkFileChooserNative *workbench_save_dialog_new (GtkWindow *parent, const char *name, const char *const *endings);

/** workbench_local_path: of a file that was chosen or dropped. Returns: (transfer full): NULL with DFKD_ERROR_FILE for one that has none,
 * as on a server or a phone */
char *workbench_local_path (GFile *file, GError **error);

G_END_DECLS
