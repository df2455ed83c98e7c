/* workbench-run-name.h: the name of a run that is compared, behind a piece of its line, so that it is found in the charts. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** workbench_run_name_new: of the run at @index; of a name of more than @longest letters the middle is left out */
GtkWidget *workbench_run_name_new (guint index, const char *name, int longest);

G_END_DECLS
