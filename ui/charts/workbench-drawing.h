/* workbench-drawing.h: what can be drawn on a plot, on a widget and as a file: SVG, PNG, and its values as CSV. */
#pragma once

#include "workbench-plot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** WorkbenchDraw: everything, to @plot->cr, within @width × @height pixels */
typedef void (*WorkbenchDraw) (WorkbenchPlot *plot, double width, double height, gpointer data);
/** WorkbenchWriteValues: the whole of a CSV file */
typedef void (*WorkbenchWriteValues) (GString *text, gpointer data);

/** workbench_drawing_text_height: of a line in the letters that workbench_drawing_prepare() takes, in pixels */
int workbench_drawing_text_height (GtkWidget *widget);
/** workbench_drawing_prepare: the letters and colours that the theme has for @widget; without cairo */
void workbench_drawing_prepare (WorkbenchPlot *plot, GtkWidget *widget);
/** workbench_drawing_snapshot: of @widget, for which @plot is prepared; afterwards it has neither cairo nor pango, but what @draw left in it */
void workbench_drawing_snapshot (WorkbenchPlot *plot, GtkWidget *widget, GtkSnapshot *snapshot, WorkbenchDraw draw, gpointer data);

/** workbench_drawing_create_pixels: transparent ones of a widget of @width × @height, @scale² each. Returns: (transfer full) (nullable): NULL: there is no memory for
 * them */
cairo_surface_t *workbench_drawing_create_pixels (int width, int height, int scale);
/** workbench_drawing_append: adds @pixels (transfer full), as they are, of a widget of @width × @height. */
void workbench_drawing_append (GtkSnapshot *snapshot, double width, double height, cairo_surface_t *pixels);

/** workbench_drawing_endings: NULL-terminated: of files that can be written: ".svg" … */
extern const char *const workbench_drawing_endings[];
/**
 * workbench_drawing_save: by the ending of @path: .svg, .png (twice the pixels), .csv; black on white, whatever the theme
 *
 * Errors: DFKD_ERROR_ARGUMENT for other endings, DFKD_ERROR_FILE
 */
gboolean workbench_drawing_save (const char *path, double width, double height, WorkbenchDraw draw, WorkbenchWriteValues write, gpointer data,
                                 GError **error);

G_END_DECLS
