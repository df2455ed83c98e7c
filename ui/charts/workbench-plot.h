/* workbench-plot.h: where a chart is being drawn: the frame, both axes, and a few pens. Knows no widget: the same code draws
 * to the screen, to SVG and to PNG. */
#pragma once

#include "workbench-axis.h"

#include <gdk/gdk.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef struct {
  cairo_t *cr;
  PangoLayout *layout;
  GHashTable *texts; /* (nullable): of those laid out before, by text; see workbench_plot_texts_new() */
  GdkRGBA foreground, background;
  double left, top, width, height; /* of the frame, in pixels */
  WorkbenchAxis x, y;
} WorkbenchPlot;

double workbench_plot_x (const WorkbenchPlot *plot, double value);
double workbench_plot_y (const WorkbenchPlot *plot, double value);
/** workbench_plot_value_x, workbench_plot_value_y: the inverse. */
double workbench_plot_value_x (const WorkbenchPlot *plot, double pixel);
double workbench_plot_value_y (const WorkbenchPlot *plot, double pixel);
gboolean workbench_plot_contains (const WorkbenchPlot *plot, double x, double y);

void workbench_plot_set_colour (const WorkbenchPlot *plot, const GdkRGBA *colour, double alpha);
/** workbench_plot_dash: 0: lines are drawn through; 1, 2 …: as those of the runs beside another are */
void workbench_plot_dash (cairo_t *cr, guint dash);
/** workbench_plot_texts_new: keeps what texts look like, so that those that stay are not laid out anew in every frame; a widget keeps it as
 * long as its letters stay the same. Returns: (transfer full) */
GHashTable *workbench_plot_texts_new (void);
/** workbench_plot_text: @align: 0 at the left of (x, y), 0.5 centred, 1 at its right; y is the middle. A letter with an index, as "L_bn", has
 * it below. */
void workbench_plot_text (const WorkbenchPlot *plot, const char *text, double x, double y, double align);
void workbench_plot_measure (const WorkbenchPlot *plot, const char *text, int *width, int *height);
/** workbench_plot_name, workbench_plot_measure_name: of a name that may be of any length, here @most pixels: a longer one loses its middle. */
void workbench_plot_name (const WorkbenchPlot *plot, const char *name, double most, double x, double y, double align);
int workbench_plot_measure_name (const WorkbenchPlot *plot, const char *name, double most);
/** workbench_plot_plate: hides what lies below text of this size, which is drawn next at the same place (workbench_plot_text()) */
void workbench_plot_plate (const WorkbenchPlot *plot, int width, int height, double x, double y, double align);
/** workbench_plot_clip: nothing outside of the frame until cairo_restore(). */
void workbench_plot_clip (const WorkbenchPlot *plot);

enum {
  WORKBENCH_PALETTE_SIZE = 10,
};

/** workbench_palette: colour @index of categories, which come again after WORKBENCH_PALETTE_SIZE, told apart by most colour-blind eyes (after
 * Okabe and Ito 2008); on dark ground each has a contrast of 3 and more, on light ground of 2 and more. */
GdkRGBA workbench_palette (guint index);
/** workbench_colour_map: 0 … 1 as cividis does it, which colour-blind eyes read alike (Nuñez, Anderton and Renslow 2018). */
GdkRGBA workbench_colour_map (double value);
/** workbench_diverging_map: −1 … 1, white at 0, blue below and orange above. */
GdkRGBA workbench_diverging_map (double value);

G_END_DECLS
