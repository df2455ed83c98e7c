/* workbench-containers.h: what widgets that hold others need beside GTK. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** workbench_clear_box: for a dispose(): takes out all children. */
void workbench_clear_box (GtkBox *box);

/** workbench_name_drop_downs: names the button inside of each drop-down at and below @widget, which has the focus in its place, as the drop-down
 * itself is named. */
void workbench_name_drop_downs (GtkWidget *widget);

typedef void (*WorkbenchWidthFunc) (double width, gpointer data);

/** workbench_watch_width: calls @on_width when the width that @scroller shows is another, while @scroller lives; not in the moment in
 * which sizes are given out. */
void workbench_watch_width (GtkScrolledWindow *scroller, WorkbenchWidthFunc on_width, gpointer data);

G_END_DECLS
