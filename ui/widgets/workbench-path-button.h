/* workbench-path-button.h: a button beside an entry of a path: a dialog of the desktop finds the file or the folder.
 *
 * Signal: "chosen" (string path, or the name of what was added) */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PATH_BUTTON (workbench_path_button_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchPathButton, workbench_path_button, WORKBENCH, PATH_BUTTON, GtkWidget)

/** workbench_path_button_new: @name: of what is looked for, as "Test data"; @folders: whether it may be a folder as well as a file */
WorkbenchPathButton *workbench_path_button_new (const char *name, gboolean folders);

/** workbench_path_button_add: @label, with a mnemonic: something that is no file, and that "chosen" calls @name */
void workbench_path_button_add (WorkbenchPathButton *self, const char *label, const char *name);

G_END_DECLS
