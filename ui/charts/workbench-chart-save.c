/* workbench-chart-save.c: a chart, or several below each other, as a file. */
#include "workbench-chart-private.h"

#include "dfkd.h"
#include "workbench-drawing.h"

enum {
  WIDTH = 900,
  HEIGHT = 500,
  LINE = 17, /* of text in a file, at most */
  TITLE = 32, /* above each of several */
};

static void
draw (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  workbench_chart_draw (data, plot, width, height, FALSE);
}

static void
write_layers (GString *text, WorkbenchChart *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = g_array_index (self->entries, WorkbenchChartEntry, i).layer;

      if (WORKBENCH_CHART_LAYER_GET_CLASS (layer)->write_csv != NULL)
        WORKBENCH_CHART_LAYER_GET_CLASS (layer)->write_csv (layer, text);
    }
}

static void
write_values (GString *text, gpointer data)
{
  WorkbenchChart *self = data;

  g_string_append (text, "series");
  dfkd_csv_append_text (text, self->x_name);
  dfkd_csv_append_text (text, self->y_name);
  g_string_append_c (text, '\n');
  write_layers (text, self);
}

/* as much as its rows need, if it has any with names */
static int
height_of (WorkbenchChart *self)
{
  return MAX (HEIGHT, workbench_chart_rows_height (self, LINE));
}

gboolean
workbench_chart_save (WorkbenchChart *self, const char *path, GError **error)
{
  return workbench_drawing_save (path, WIDTH, height_of (self), draw, write_values, self, error);
}

/* --------------------------------------------------------------------------------------------- several in one */

typedef struct {
  const WorkbenchTitledChart *charts;
  guint count;
  const char *more;
} Sheet;

static void
draw_all (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  const Sheet *sheet = data;
  double top = 0.0;

  for (guint i = 0; i < sheet->count; i++)
    {
      int high = height_of (sheet->charts[i].chart);

      cairo_save (plot->cr);
      cairo_translate (plot->cr, 0.0, top);
      workbench_plot_set_colour (plot, &plot->foreground, 1.0);
      workbench_plot_text (plot, sheet->charts[i].title, 12.0, TITLE / 2.0, 0.0);
      cairo_translate (plot->cr, 0.0, TITLE);
      cairo_rectangle (plot->cr, 0.0, 0.0, WIDTH, high);
      cairo_clip (plot->cr);
      workbench_chart_draw (sheet->charts[i].chart, plot, WIDTH, high, FALSE);
      cairo_restore (plot->cr);
      top += TITLE + high;
    }
}

/* the first three columns */
static char *
name_chart (const WorkbenchTitledChart *titled)
{
  GString *text = g_string_new (NULL);

  dfkd_csv_append_text (text, titled->title);
  dfkd_csv_append_text (text, titled->chart->x_name);
  dfkd_csv_append_text (text, titled->chart->y_name);
  return g_string_free (text, FALSE);
}

/* each of @lines behind @before; a field may hold line feeds, in quotes */
static void
append_lines (GString *text, const char *lines, const char *before)
{
  gboolean quoted = FALSE, begins = TRUE;

  for (; *lines != '\0'; lines++)
    {
      if (begins)
        g_string_append_printf (text, "%s,", before);
      quoted ^= *lines == '"';
      begins = *lines == '\n' && !quoted;
      g_string_append_c (text, *lines);
    }
}

static void
write_all (GString *text, gpointer data)
{
  const Sheet *sheet = data;

  g_string_append (text, "chart,x_name,y_name,series,x,y\n");
  for (guint i = 0; i < sheet->count; i++)
    {
      g_autoptr (GString) lines = g_string_new (NULL);
      g_autofree char *before = name_chart (&sheet->charts[i]);

      write_layers (lines, sheet->charts[i].chart);
      append_lines (text, lines->str, before);
    }
  if (sheet->more != NULL)
    g_string_append (text, sheet->more);
}

gboolean
workbench_charts_save (const WorkbenchTitledChart *charts, guint count, const char *more, const char *path, GError **error)
{
  Sheet sheet = { charts, count, more };
  double height = 0.0;

  for (guint i = 0; i < count; i++)
    height += TITLE + height_of (charts[i].chart);
  return workbench_drawing_save (path, WIDTH, height, draw_all, write_all, &sheet, error);
}
