/* workbench-parallel-draw.c: lays out the axes and draws lines across them; finds the line at a place. */
#include "workbench-parallel-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum {
  MOST_CASED = 150, /* lines; of more there is no room between them for an edge */
};

static const double NEAR = 6.0; /* pixels from a line that still mean it */
static const double FADED = 0.16;
static const double BRUSH_WIDTH = 9.0; /* to each side */

static const WorkbenchExperimentColumn *
column_of (WorkbenchParallelCoordinates *self, guint index)
{
  return workbench_experiment_table_get_column (self->table, workbench_parallel_axis (self, index)->column);
}

double
workbench_parallel_y (WorkbenchParallelCoordinates *self, const WorkbenchParallelAxis *axis, double value)
{
  return self->top + (1.0 - workbench_axis_map (&axis->axis, value)) * self->height;
}

/* NaN where it is not known */
static double
y_of (WorkbenchParallelCoordinates *self, guint index, guint row)
{
  const WorkbenchParallelAxis *axis = workbench_parallel_axis (self, index);
  const double value = workbench_experiment_table_get_value (self->table, row, axis->column);

  return isnan (value) ? value : workbench_parallel_y (self, axis, value);
}

/* ------------------------------------------------------------------------------------------------------ letters */

/* @text, shortened in its middle where it is wider than @room: beginnings and ends tell names apart */
static void
draw_short (const WorkbenchPlot *plot, const char *text, double x, double y, double align, double room)
{
  pango_layout_set_width (plot->layout, (int) (MAX (room, 8.0) * PANGO_SCALE));
  pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_MIDDLE);
  workbench_plot_text (plot, text, x, y, align);
  pango_layout_set_width (plot->layout, -1);
  pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_NONE);
}

static int
width_of (const WorkbenchPlot *plot, const char *text)
{
  int width;

  workbench_plot_measure (plot, text, &width, NULL);
  return width;
}

/* over lines that pass */
static void
clear_behind (const WorkbenchPlot *plot, double x, double y, double width, double height, double alpha)
{
  workbench_plot_set_colour (plot, &plot->background, alpha);
  cairo_rectangle (plot->cr, x, y, width, height);
  cairo_fill (plot->cr);
}

/* -------------------------------------------------------------------------------------------------------- axes */

/* where there are ticks; at most WORKBENCH_MAX_TICKS */
static guint
find_ticks (WorkbenchParallelCoordinates *self, guint index, int text_height, double ticks[WORKBENCH_MAX_TICKS])
{
  const WorkbenchExperimentColumn *column = column_of (self, index);
  guint all, kept = 0;

  if (column->categories != NULL)
    {
      const guint n = g_strv_length (column->categories);
      const double room = MIN (self->height / (text_height + 1.0), WORKBENCH_MAX_TICKS);
      const guint step = (guint) MAX (1.0, ceil (n / MAX (room, 1.0)));

      for (guint i = 0; i < n && kept < WORKBENCH_MAX_TICKS; i += step)
        ticks[kept++] = i;
      return kept;
    }
  all = workbench_axis_ticks (&workbench_parallel_axis (self, index)->axis, (guint) MAX (2.0, self->height / 40.0), ticks);
  for (guint i = 0; i < all; i++)
    if (!column->whole || ticks[i] == floor (ticks[i]))
      ticks[kept++] = ticks[i];
  return kept;
}

static gboolean
all_begin_so (char **texts, gsize length)
{
  for (guint i = 1; texts[i] != NULL; i++)
    if (strncmp (texts[i], texts[0], length) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
all_end_so (char **texts, const char *ending)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (!g_str_has_suffix (texts[i], ending))
      return FALSE;
  return TRUE;
}

char *
workbench_parallel_category (char **categories, guint index)
{
  gsize folder = strrchr (categories[0], '/') != NULL ? (gsize) (strrchr (categories[0], '/') - categories[0]) + 1 : 0;
  const char *ending = strrchr (categories[0] + folder, '.');

  if (!all_begin_so (categories, folder))
    folder = 0;
  if (ending == NULL || !g_ascii_isalpha (ending[1]) || !all_end_so (categories, ending))
    ending = "";
  return g_strndup (categories[index] + folder, strlen (categories[index]) - folder - strlen (ending));
}

static char *
tick_text (const WorkbenchExperimentColumn *column, const double *ticks, guint count, guint index)
{
  return column->categories != NULL ? workbench_parallel_category (column->categories, (guint) ticks[index]) : workbench_axis_label (ticks, count, index);
}

static double
widest_tick (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, guint index, int text_height)
{
  double ticks[WORKBENCH_MAX_TICKS], widest = 0.0;
  guint count = find_ticks (self, index, text_height, ticks);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *text = tick_text (column_of (self, index), ticks, count, i);

      widest = MAX (widest, width_of (plot, text));
    }
  return widest;
}

static double
title_width (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, guint index)
{
  return MAX (width_of (plot, column_of (self, index)->title), width_of (plot, column_of (self, index)->detail));
}

/* room for names at the left and for values at the right */
static void
lay_out (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, double width, double height)
{
  const guint n = self->axes->len;
  int text_height;
  double left, right, spacing, value = 0.0;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  self->top = 3.0 * text_height + 22.0;
  self->height = MAX (height - self->top - 0.5 * text_height - 6.0, 1.0);
  if (n == 0)
    return;
  for (guint row = 0; row < MIN (workbench_experiment_table_get_n_rows (self->table), 100); row++)
    value = MAX (value, width_of (plot, workbench_experiment_table_get_text (self->table, row, workbench_parallel_axis (self, n - 1)->column)));
  left = MAX (widest_tick (self, plot, 0, text_height) + 14.0, 0.5 * title_width (self, plot, 0) + 6.0);
  right = MAX (value + 20.0, 0.5 * title_width (self, plot, n - 1) + 6.0);
  left = CLAMP (left, 44.0, MAX (width / (n + 1.0), 44.0));
  right = CLAMP (right, 44.0, MAX (width / (n + 1.0), 44.0));
  spacing = n > 1 ? (width - left - right) / (n - 1) : 0.0;
  for (guint i = 0; i < n; i++)
    workbench_parallel_axis (self, i)->x = n > 1 ? floor (left + i * spacing) + 0.5 : floor (0.5 * width) + 0.5;
}

/* from the axis before, or the edge */
static double
room_of (WorkbenchParallelCoordinates *self, guint index)
{
  return workbench_parallel_axis (self, index)->x - (index > 0 ? workbench_parallel_axis (self, index - 1)->x : 0.0);
}

static void
draw_brush (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, const WorkbenchParallelAxis *axis)
{
  double low, high, top, bottom;

  if (!workbench_brushes_get (self->brushes, axis->column, &low, &high))
    return;
  top = CLAMP (workbench_parallel_y (self, axis, high), self->top, self->top + self->height);
  bottom = CLAMP (workbench_parallel_y (self, axis, low), self->top, self->top + self->height);
  cairo_rectangle (plot->cr, axis->x - BRUSH_WIDTH, floor (top) - 0.5, 2.0 * BRUSH_WIDTH, MAX (floor (bottom - top), 1.0) + 1.0);
  workbench_plot_set_colour (plot, &plot->foreground, 0.18);
  cairo_fill_preserve (plot->cr);
  workbench_plot_set_colour (plot, &plot->foreground, 0.8);
  cairo_set_line_width (plot->cr, 1.0);
  cairo_stroke (plot->cr);
}

static void
draw_ticks (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, guint index, int text_height)
{
  const WorkbenchParallelAxis *axis = workbench_parallel_axis (self, index);
  const WorkbenchExperimentColumn *column = column_of (self, index);
  const double room = room_of (self, index);
  double ticks[WORKBENCH_MAX_TICKS];
  guint count = find_ticks (self, index, text_height, ticks);

  cairo_set_line_width (plot->cr, 1.0);
  for (guint i = 0; i < count; i++)
    {
      const double y = floor (workbench_parallel_y (self, axis, ticks[i])) + 0.5;
      g_autofree char *text = tick_text (column, ticks, count, i);
      const double width = MIN (width_of (plot, text), room - 12.0);

      workbench_plot_set_colour (plot, &plot->foreground, 0.7);
      cairo_move_to (plot->cr, axis->x - 4.0, y);
      cairo_line_to (plot->cr, axis->x, y);
      cairo_stroke (plot->cr);
      clear_behind (plot, axis->x - 8.0 - width, y - 0.5 * text_height, width + 2.0, text_height, 0.85);
      workbench_plot_set_colour (plot, &plot->foreground, 0.9);
      draw_short (plot, text, axis->x - 7.0, y, 1.0, room - 12.0);
    }
}

static void
draw_axis (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, guint index, int text_height)
{
  const WorkbenchParallelAxis *axis = workbench_parallel_axis (self, index);
  const WorkbenchExperimentColumn *column = column_of (self, index);
  const double title_top = text_height + 10.0;
  const double title_room = self->axes->len > 1 ? fabs (workbench_parallel_axis (self, 1)->x - workbench_parallel_axis (self, 0)->x) - 8.0 : 300.0;

  workbench_plot_set_colour (plot, &plot->foreground, 0.7);
  cairo_set_line_width (plot->cr, 1.0);
  cairo_move_to (plot->cr, axis->x, self->top);
  cairo_line_to (plot->cr, axis->x, self->top + self->height);
  cairo_stroke (plot->cr);
  draw_ticks (self, plot, index, text_height);
  workbench_plot_set_colour (plot, &plot->foreground, 0.9);
  /* alone in the lower line where there is but one */
  draw_short (plot, *column->detail != '\0' ? column->title : "", axis->x, title_top + 0.5 * text_height, 0.5, title_room);
  draw_short (plot, *column->detail != '\0' ? column->detail : column->title, axis->x, title_top + 1.5 * text_height, 0.5, title_room);
  draw_brush (self, plot, axis);
}

/* ------------------------------------------------------------------------------------------------------- lines */

/* by accuracy; grey where it is not known, see set_dash() */
static GdkRGBA
colour_of (WorkbenchParallelCoordinates *self, guint row)
{
  const guint index = workbench_experiment_table_find (self->table, DFKD_MEASURE_FINAL);
  const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (self->table, index);
  const double value = workbench_experiment_table_get_value (self->table, row, index);

  return workbench_colour_map (column->maximum > column->minimum ? (value - column->minimum) / (column->maximum - column->minimum) : value * 0.0 + 1.0);
}

static void
trace (WorkbenchParallelCoordinates *self, cairo_t *cr, guint row)
{
  gboolean open = FALSE;

  cairo_new_path (cr);
  for (guint i = 0; i < self->axes->len; i++)
    {
      const double x = workbench_parallel_axis (self, i)->x, y = y_of (self, i, row);

      if (!isnan (y) && open)
        cairo_line_to (cr, x, y);
      else if (!isnan (y))
        cairo_move_to (cr, x, y);
      open = !isnan (y);
    }
}

static void
draw_dots (WorkbenchParallelCoordinates *self, cairo_t *cr, guint row, double radius)
{
  for (guint i = 0; i < self->axes->len; i++)
    {
      const double y = y_of (self, i, row);

      if (isnan (y))
        continue;
      cairo_arc (cr, workbench_parallel_axis (self, i)->x, y, radius, 0.0, 2.0 * G_PI);
      cairo_fill (cr);
    }
}

/* dashed where accuracy is not known: the middle of the map is grey too */
static void
set_dash (WorkbenchParallelCoordinates *self, cairo_t *cr, guint row)
{
  static const double dash[] = { 5.0, 4.0 };
  const gboolean known = !isnan (workbench_experiment_table_get_value (self->table, row, workbench_experiment_table_find (self->table, DFKD_MEASURE_FINAL)));

  cairo_set_dash (cr, dash, known ? 0 : G_N_ELEMENTS (dash), 0.0);
}

/* @edge: a line around it that is seen on every ground: the ends of the map are nearly white and nearly black */
static void
draw_line (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, guint row, double width, double alpha, gboolean edge)
{
  const GdkRGBA colour = colour_of (self, row);

  trace (self, plot->cr, row);
  set_dash (self, plot->cr, row);
  if (edge)
    {
      cairo_set_line_width (plot->cr, width + 1.5);
      workbench_plot_set_colour (plot, &plot->foreground, 0.45 * alpha);
      cairo_stroke_preserve (plot->cr);
    }
  cairo_set_line_width (plot->cr, width);
  workbench_plot_set_colour (plot, &colour, alpha);
  cairo_stroke (plot->cr);
  cairo_set_dash (plot->cr, NULL, 0, 0.0);
  if (edge)
    draw_dots (self, plot->cr, row, 0.5 * width + 1.5);
}

static int
compare_accuracy (gconstpointer a, gconstpointer b, gpointer data)
{
  WorkbenchExperimentTable *table = data;

  return workbench_experiment_table_compare (table, *(const guint *) a, *(const guint *) b, workbench_experiment_table_find (table, DFKD_MEASURE_FINAL));
}

/* the best ones above, where people look for them */
static void
draw_lines (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot)
{
  const guint rows = workbench_experiment_table_get_n_rows (self->table), count = workbench_brushes_count (self->brushes, self->table);
  g_autoptr (GArray) within = g_array_sized_new (FALSE, FALSE, sizeof (guint), count);

  cairo_set_line_join (plot->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (plot->cr, 1.5);
  for (guint row = 0; row < rows; row++)
    if (workbench_brushes_contain (self->brushes, self->table, row))
      g_array_append_val (within, row);
    else
      {
        trace (self, plot->cr, row);
        workbench_plot_set_colour (plot, &plot->foreground, FADED); /* of half of the colours nothing would be left */
        cairo_stroke (plot->cr);
      }
  g_array_sort_with_data (within, compare_accuracy, self->table);
  for (guint i = 0; i < within->len; i++)
    draw_line (self, plot, g_array_index (within, guint, i), count <= MOST_CASED ? 1.75 : 1.25, count <= MOST_CASED ? 0.95 : 0.7, count <= MOST_CASED);
}

/* what the colours mean */
static void
draw_legend (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, double width, int text_height)
{
  enum { LENGTH = 90, STEPS = 30 };
  const guint index = workbench_experiment_table_find (self->table, DFKD_MEASURE_FINAL);
  const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (self->table, index);
  const double y = 4.0 + 0.5 * text_height;
  g_autofree char *low = NULL, *high = NULL, *name = NULL;
  double x;

  if (!(column->maximum > column->minimum))
    return;
  low = dfkd_measure_text (column->minimum, 2);
  high = dfkd_measure_text (column->maximum, 2);
  name = g_strdup_printf ("%s, %s", column->title, column->detail);
  workbench_plot_set_colour (plot, &plot->foreground, 0.9);
  x = width - 10.0;
  workbench_plot_text (plot, high, x, y, 1.0);
  x -= width_of (plot, high) + 6.0 + LENGTH;
  workbench_plot_text (plot, low, x - 6.0, y, 1.0);
  workbench_plot_text (plot, name, x - 6.0 - width_of (plot, low) - 12.0, y, 1.0);
  for (guint i = 0; i < STEPS; i++)
    {
      const GdkRGBA colour = workbench_colour_map ((i + 0.5) / STEPS);

      workbench_plot_set_colour (plot, &colour, 1.0);
      cairo_rectangle (plot->cr, x + i * (double) LENGTH / STEPS, y - 4.0, (double) LENGTH / STEPS, 8.0);
      cairo_fill (plot->cr);
    }
}

void
workbench_parallel_draw_base (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  WorkbenchParallelCoordinates *self = data;
  int text_height;

  if (self->table == NULL)
    return;
  workbench_plot_measure (plot, "0", NULL, &text_height);
  lay_out (self, plot, width, height);
  if (self->axes->len == 0)
    {
      workbench_plot_set_colour (plot, &plot->foreground, 0.6);
      draw_short (plot, _("Nothing varies, and no run has come to its end yet"), 0.5 * width, 0.5 * height, 0.5, width - 24.0);
      return;
    }
  draw_lines (self, plot);
  for (guint i = 0; i < self->axes->len; i++)
    draw_axis (self, plot, i, text_height);
  draw_legend (self, plot, width, text_height);
}

/* --------------------------------------------------------------------------------------------------- highlight */

static void
draw_values (WorkbenchParallelCoordinates *self, const WorkbenchPlot *plot, guint row, int text_height)
{
  for (guint i = 0; i < self->axes->len; i++)
    {
      const WorkbenchParallelAxis *axis = workbench_parallel_axis (self, i);
      const char *text = workbench_experiment_table_get_text (self->table, row, axis->column);
      const double y = y_of (self, i, row), room = i + 1 < self->axes->len ? room_of (self, i + 1) - 16.0 : 200.0;
      const double width = MIN (width_of (plot, text), room);

      if (isnan (y))
        continue;
      clear_behind (plot, axis->x + 8.0, y - 0.5 * text_height - 1.0, width + 6.0, text_height + 2.0, 0.9);
      workbench_plot_set_colour (plot, &plot->foreground, 1.0);
      draw_short (plot, text, axis->x + 11.0, y, 0.0, room);
    }
}

void
workbench_parallel_draw_highlight (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  WorkbenchParallelCoordinates *self = data;
  const int row = self->hovered >= 0 ? self->hovered : self->selected;
  int text_height;

  if (self->table == NULL || self->axes->len == 0)
    return;
  workbench_plot_measure (plot, "0", NULL, &text_height);
  if (self->selected >= 0 && self->selected != row)
    draw_line (self, plot, (guint) self->selected, 3.0, 1.0, TRUE);
  if (row >= 0)
    {
      draw_line (self, plot, (guint) row, 3.0, 1.0, TRUE);
      for (guint i = 0; i < self->axes->len; i++) /* they were below it */
        draw_ticks (self, plot, i, text_height);
      draw_values (self, plot, (guint) row, text_height);
      workbench_plot_set_colour (plot, &plot->foreground, 1.0);
      draw_short (plot, workbench_experiment_table_get_row_name (self->table, (guint) row), 10.0, 4.0 + 0.5 * text_height, 0.0,
                  MAX (width - 420.0, 0.3 * width));
    }
  if (gtk_widget_has_visible_focus (GTK_WIDGET (self)))
    {
      const WorkbenchParallelAxis *axis = workbench_parallel_axis (self, self->focus);

      workbench_plot_set_colour (plot, &plot->foreground, 0.6);
      cairo_set_line_width (plot->cr, 2.0);
      cairo_rectangle (plot->cr, axis->x - BRUSH_WIDTH - 3.5, self->top - 3.0, 2.0 * BRUSH_WIDTH + 7.0, self->height + 6.0);
      cairo_stroke (plot->cr);
    }
}

/* ------------------------------------------------------------------------------------------------- where is what */

/* of a place from the straight piece between two axes */
static double
distance (double x0, double y0, double x1, double y1, double x, double y)
{
  const double dx = x1 - x0, dy = y1 - y0, at = CLAMP (((x - x0) * dx + (y - y0) * dy) / MAX (dx * dx + dy * dy, 1e-9), 0.0, 1.0);

  return hypot (x - x0 - at * dx, y - y0 - at * dy);
}

int
workbench_parallel_find_row (WorkbenchParallelCoordinates *self, double x, double y)
{
  double nearest = NEAR;
  int found = -1;

  for (guint row = 0; self->table != NULL && row < workbench_experiment_table_get_n_rows (self->table); row++)
    {
      if (!workbench_brushes_contain (self->brushes, self->table, row))
        continue;
      for (guint i = 0; i < self->axes->len; i++)
        {
          const guint next = MIN (i + 1, self->axes->len - 1);
          const double x0 = workbench_parallel_axis (self, i)->x, x1 = workbench_parallel_axis (self, next)->x, y0 = y_of (self, i, row);
          double y1 = y_of (self, next, row), away;

          if (x < x0 - NEAR || x > x1 + NEAR || isnan (y0))
            continue;
          away = isnan (y1) ? hypot (x - x0, y - y0) : distance (x0, y0, x1, y1, x, y);
          if (away < nearest)
            {
              nearest = away;
              found = (int) row;
            }
        }
    }
  return found;
}
