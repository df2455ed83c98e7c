/* workbench-width.h: telling how wide a scrolled window is, outside of the moment in which sizes are given out. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*WorkbenchWidthFunc) (double width, gpointer data);

/** workbench_watch_width: calls @on_width when the width that @scroller shows is another, while @scroller lives. */
void workbench_watch_width (GtkScrolledWindow *scroller, WorkbenchWidthFunc on_width, gpointer data);

G_END_DECLS
