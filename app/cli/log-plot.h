/* log-plot.h: plots with two logarithmic axes, as SVG. It knows no toolkit and no measurement. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _LogPlot LogPlot;

typedef struct {
  double x, y;      /* more than 0 */
  double low, high; /* of y; 0: no bar */
} LogPoint;

typedef enum {
  LOG_MEASURED, /* points with bars, joined */
  LOG_EXPECTED, /* a dashed line */
} LogStyle;

LogPlot *log_plot_new (const char *title, const char *x_label, const char *y_label);
void log_plot_free (LogPlot *plot);

/** log_plot_add: a series with its name in the key; points are copied, those that no logarithm has are left away. */
void log_plot_add (LogPlot *plot, const char *name, LogStyle style, const LogPoint *points, guint n);

/** log_plots_to_svg: @plots in rows of @columns. Returns: (transfer full): the document */
char *log_plots_to_svg (GPtrArray *plots, guint columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LogPlot, log_plot_free)

G_END_DECLS
