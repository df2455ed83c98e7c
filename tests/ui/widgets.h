/* widgets.h: finding what is on the screen, and documents to show. Searches go depth first, as one reads. */
#pragma once

#include "workbench-document.h"
#include "workbench-parameter-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* the first one of @type at or below @widget, or NULL */
GtkWidget *find_widget (GtkWidget *widget, GType type);
/* the one of @type that has @skip others before it */
GtkWidget *find_nth (GtkWidget *widget, GType type, guint skip);
/* the first button of that label, or label that contains it */
GtkWidget *find_labelled (GtkWidget *widget, GType type, const char *label);
/* of a label or readout; NULL: it is neither */
const char *get_text (GtkWidget *widget);
/* the first label or readout that is visible and contains @text */
GtkWidget *find_text (GtkWidget *widget, const char *text);

/* what @widget, which is mapped, draws: B, G, R, A of each pixel, row by row. Returns: (transfer full) */
guint8 *draw_widget (GtkWidget *widget, gsize *stride);

/* the last one of @type that @widget itself has, or NULL */
GtkEventController *find_controller (GtkWidget *widget, GType type);
/* as a key on @widget itself would. Returns: whether it is taken */
gboolean press_key (GtkWidget *widget, guint key, GdkModifierType state);

/* the row of a parameter */
WorkbenchParameterRow *find_row (GtkWidget *widget, DfkdParameterId id);

/* counts @object in @left until it is finalised. A weak pointer is no witness of that: disposing of an object clears it. */
void watch_end (gpointer object, guint *left);
/* likewise all widgets at and below @widget */
void watch_ends (GtkWidget *widget, guint *left);

/* destroys @window, and asserts that @object, which lived in it, is finalised then */
void close_watched (GtkWidget *window, gpointer object);

/* lets go of a file from elsewhere over @widget itself. Returns: whether it is taken */
gboolean drop_file (GtkWidget *widget, const char *path);
/* likewise of several at once; @paths: with NULL at the end */
gboolean drop_files (GtkWidget *widget, const char *const *paths);

/* a view of @type in a window of its own, of a document */
GtkWidget *show_view (GType type, WorkbenchDocument *document);
/* destroys its window, and asserts that nothing of it stays */
void end_view (GtkWidget *view);

/* the last window of @type that is open, or NULL */
GtkWindow *find_toplevel (GType type);

/* what a run left, once it has been read. Returns: (transfer full) */
WorkbenchDocument *open_document (const char *folder);

G_END_DECLS
