/* log-plot.c: log-log plots written as SVG text. */
#include "log-plot.h"

#include <math.h>
#include <string.h>

enum {
  WIDTH = 520,
  HEIGHT = 400,
  LEFT = 70, /* margins for labels */
  RIGHT = 20,
  TOP = 66, /* title, and the key in two columns */
  BOTTOM = 52,
};

typedef struct {
  char *name;
  LogStyle style;
  GArray *points; /* of LogPoint */
} Series;

struct _LogPlot
{
  char *title, *x_label, *y_label;
  GPtrArray *series;
};

typedef struct {
  double low, high; /* logarithms to base ten */
} Range;

static void
series_free (gpointer data)
{
  Series *series = data;

  g_free (series->name);
  g_array_unref (series->points);
  g_free (series);
}

LogPlot *
log_plot_new (const char *title, const char *x_label, const char *y_label)
{
  LogPlot *plot = g_new0 (LogPlot, 1);

  plot->title = g_strdup (title);
  plot->x_label = g_strdup (x_label);
  plot->y_label = g_strdup (y_label);
  plot->series = g_ptr_array_new_with_free_func (series_free);
  return plot;
}

void
log_plot_free (LogPlot *plot)
{
  if (plot == NULL)
    return;
  g_ptr_array_unref (plot->series);
  g_free (plot->title);
  g_free (plot->x_label);
  g_free (plot->y_label);
  g_free (plot);
}

static gboolean
has_logarithm (double value)
{
  return isfinite (value) && value > 0.0;
}

void
log_plot_add (LogPlot *plot, const char *name, LogStyle style, const LogPoint *points, guint n)
{
  Series *series = g_new0 (Series, 1);

  series->name = g_strdup (name);
  series->style = style;
  series->points = g_array_new (FALSE, FALSE, sizeof (LogPoint));
  for (guint i = 0; i < n; i++)
    if (has_logarithm (points[i].x) && has_logarithm (points[i].y))
      g_array_append_val (series->points, points[i]);
  g_ptr_array_add (plot->series, series);
}

/* ----------------------------------------------------------------------------------------------------- axes */

static void
include (Range *range, double value)
{
  if (!has_logarithm (value))
    return;
  range->low = MIN (range->low, log10 (value));
  range->high = MAX (range->high, log10 (value));
}

/* a little room at both ends, and never less than a factor of ten in all */
static void
widen (Range *range)
{
  double room;

  if (range->low > range->high) /* nothing to show */
    *range = (Range){ 0.0, 1.0 };
  room = MAX (0.05 * (range->high - range->low), 0.5 * (1.0 - (range->high - range->low)));
  range->low -= room;
  range->high += room;
}

static void
find_ranges (const LogPlot *plot, Range *x, Range *y)
{
  *x = *y = (Range){ G_MAXDOUBLE, -G_MAXDOUBLE };
  for (guint i = 0; i < plot->series->len; i++)
    {
      const Series *series = g_ptr_array_index (plot->series, i);

      for (guint j = 0; j < series->points->len; j++)
        {
          const LogPoint *point = &g_array_index (series->points, LogPoint, j);

          include (x, point->x);
          include (y, point->y);
          include (y, point->low);
          include (y, point->high);
        }
    }
  widen (x);
  widen (y);
}

static double
across (const Range *range, double value)
{
  return LEFT + (log10 (value) - range->low) / (range->high - range->low) * (WIDTH - LEFT - RIGHT);
}

static double
down (const Range *range, double value)
{
  return HEIGHT - BOTTOM - (log10 (value) - range->low) / (range->high - range->low) * (HEIGHT - TOP - BOTTOM);
}

/* ------------------------------------------------------------------------------------------------------ text */

static void
add_number (GString *svg, const char *before, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (svg, "%s\"%s\"", before, g_ascii_formatd (text, sizeof text, "%.2f", number));
}

static void
add_text (GString *svg, double x, double y, const char *anchor, const char *more, const char *words)
{
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  add_number (svg, "<text x=", x);
  add_number (svg, " y=", y);
  g_string_append_printf (svg, " text-anchor=\"%s\" %s>%s</text>\n", anchor, more, escaped);
}

static void
add_line (GString *svg, double x1, double y1, double x2, double y2, const char *more)
{
  add_number (svg, "<line x1=", x1);
  add_number (svg, " y1=", y1);
  add_number (svg, " x2=", x2);
  add_number (svg, " y2=", y2);
  g_string_append_printf (svg, " %s/>\n", more);
}

/* 1, 2 and 5 of each decade where there are few of them, else the decades */
static void
add_ticks (GString *svg, const Range *range, gboolean vertical)
{
  static const double steps[] = { 1.0, 2.0, 5.0 };
  guint per_decade = range->high - range->low < 2.5 ? 3 : 1;

  for (int decade = (int) floor (range->low); decade <= (int) ceil (range->high); decade++)
    for (guint i = 0; i < per_decade; i++)
      {
        double value = steps[i] * pow (10.0, decade);
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        if (log10 (value) < range->low || log10 (value) > range->high)
          continue;
        g_ascii_formatd (text, sizeof text, "%.6g", value);
        if (vertical)
          {
            add_line (svg, LEFT, down (range, value), WIDTH - RIGHT, down (range, value), "class=\"grid\"");
            add_text (svg, LEFT - 6, down (range, value) + 4, "end", "class=\"tick\"", text);
          }
        else
          {
            add_line (svg, across (range, value), TOP, across (range, value), HEIGHT - BOTTOM, "class=\"grid\"");
            add_text (svg, across (range, value), HEIGHT - BOTTOM + 16, "middle", "class=\"tick\"", text);
          }
      }
}

static void
add_series (GString *svg, const Series *series, const Range *x, const Range *y, const char *colour)
{
  g_autofree char *stroke = g_strdup_printf ("stroke=\"%s\"", colour), *fill = g_strdup_printf ("fill=\"%s\"", colour);

  g_string_append_printf (svg, "<polyline fill=\"none\" %s stroke-width=\"1.5\" %s points=\"", stroke,
                          series->style == LOG_EXPECTED ? "stroke-dasharray=\"6 4\"" : "");
  for (guint i = 0; i < series->points->len; i++)
    {
      const LogPoint *point = &g_array_index (series->points, LogPoint, i);
      char text[2][G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (svg, "%s,%s ", g_ascii_formatd (text[0], sizeof text[0], "%.2f", across (x, point->x)),
                              g_ascii_formatd (text[1], sizeof text[1], "%.2f", down (y, point->y)));
    }
  g_string_append (svg, "\"/>\n");
  for (guint i = 0; i < series->points->len && series->style == LOG_MEASURED; i++)
    {
      const LogPoint *point = &g_array_index (series->points, LogPoint, i);

      if (has_logarithm (point->low) && has_logarithm (point->high))
        add_line (svg, across (x, point->x), down (y, point->low), across (x, point->x), down (y, point->high), stroke);
      add_number (svg, "<circle r=\"3.5\" cx=", across (x, point->x));
      add_number (svg, " cy=", down (y, point->y));
      g_string_append_printf (svg, " %s/>\n", fill);
    }
}

static void
add_plot (GString *svg, const LogPlot *plot)
{
  static const char *const colours[] = { "#1a5fb4", "#c64600", "#26a269", "#813d9c" };
  Range x, y;
  guint measured = 0;

  find_ranges (plot, &x, &y);
  add_text (svg, 0.5 * (LEFT + WIDTH - RIGHT), 20, "middle", "class=\"title\"", plot->title);
  add_ticks (svg, &x, FALSE);
  add_ticks (svg, &y, TRUE);
  g_string_append_printf (svg, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"frame\"/>\n", LEFT, TOP, WIDTH - LEFT - RIGHT,
                          HEIGHT - TOP - BOTTOM);
  add_text (svg, 0.5 * (LEFT + WIDTH - RIGHT), HEIGHT - 12, "middle", "", plot->x_label);
  g_string_append_printf (svg, "<g transform=\"translate(16 %d) rotate(-90)\">", (TOP + HEIGHT - BOTTOM) / 2);
  add_text (svg, 0, 0, "middle", "", plot->y_label);
  g_string_append (svg, "</g>\n");
  for (guint i = 0; i < plot->series->len; i++)
    {
      const Series *series = g_ptr_array_index (plot->series, i);
      const char *colour = series->style == LOG_EXPECTED ? "#77767b" : colours[measured++ % G_N_ELEMENTS (colours)];
      g_autofree char *key = g_strdup_printf ("stroke=\"%s\" stroke-width=\"1.5\" %s", colour,
                                              series->style == LOG_EXPECTED ? "stroke-dasharray=\"6 4\"" : "");
      double at = LEFT + i % 2 * 0.5 * (WIDTH - LEFT - RIGHT), under = TOP - 26 + 16 * (i / 2);

      add_series (svg, series, &x, &y, colour);
      add_line (svg, at, under - 4, at + 26, under - 4, key);
      add_text (svg, at + 32, under, "start", "", series->name);
    }
}

char *
log_plots_to_svg (GPtrArray *plots, guint columns)
{
  guint rows = (plots->len + columns - 1) / columns;
  GString *svg = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  g_string_append_printf (svg,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\" "
                          "font-family=\"sans-serif\" font-size=\"12\">\n",
                          columns * WIDTH, rows * HEIGHT, columns * WIDTH, rows * HEIGHT);
  g_string_append (svg, "<style>.grid{stroke:#deddda}.frame{fill:none;stroke:#5e5c64}.tick{font-size:11px;fill:#5e5c64}"
                        ".title{font-size:14px;font-weight:bold}</style>\n"
                        "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
  for (guint i = 0; i < plots->len; i++)
    {
      g_string_append_printf (svg, "<g transform=\"translate(%u %u)\">\n", i % columns * WIDTH, i / columns * HEIGHT);
      add_plot (svg, g_ptr_array_index (plots, i));
      g_string_append (svg, "</g>\n");
    }
  g_string_append (svg, "</svg>\n");
  return g_string_free (svg, FALSE);
}
