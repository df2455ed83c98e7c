/* workbench-chart-crosshair.c: what all layers have at one place, drawn and told. The place is the pointer's, another chart's, or
 * where the keys have gone. */
#include "workbench-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

enum {
  TALL = 360, /* pixels: in a higher frame what is told stands by the place, as the top may be scrolled out of sight */
};

/* what is told of a place: lines of text, each with its colour; the first line is the place itself */
typedef struct {
  GPtrArray *lines;
  GArray *colours; /* of GdkRGBA */
  GArray *heights; /* of double, pixels: where the line's value lies; NaN: nowhere */
  GArray *points;  /* of WorkbenchHover, without text: values on the vertical line */
  double at, value; /* where that is, in pixels and on the axis */
} Reading;

static void
clear_reading (Reading *reading)
{
  g_ptr_array_unref (reading->lines);
  g_array_unref (reading->colours);
  g_array_unref (reading->heights);
  g_array_unref (reading->points);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, clear_reading)

static gboolean
find_place (WorkbenchChart *self, const WorkbenchPlot *plot, double *x, double *y)
{
  if (isfinite (self->pointer[0]))
    {
      *x = self->pointer[0];
      *y = self->pointer[1];
    }
  else
    {
      *y = isfinite (self->row) ? workbench_plot_y (plot, self->row) : (double) NAN;
      *x = isfinite (self->cursor) ? workbench_plot_x (plot, self->cursor) : isfinite (self->row) ? plot->left + 0.5 * plot->width : (double) NAN;
    }
  return *x >= plot->left - 0.5 && *x <= plot->left + plot->width + 0.5;
}

static void
name_place (WorkbenchChart *self, Reading *reading)
{
  if (self->x_labels != NULL)
    {
      guint category = (guint) MAX (0.0, round (reading->value));

      reading->lines->pdata[0] = g_strdup (category < g_strv_length (self->x_labels) ? self->x_labels[category] : "");
    }
  else
    reading->lines->pdata[0] = g_strdup_printf ("%s %.6g", self->x_name, reading->value);
}

/* the values of all layers at a pixel; no more than the first line, which is empty then, where there are none */
static Reading
read_place (WorkbenchChart *self, const WorkbenchPlot *plot, double x, double y)
{
  Reading reading = { g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, FALSE, sizeof (GdkRGBA)), g_array_new (FALSE, FALSE, sizeof (double)),
                      g_array_new (FALSE, FALSE, sizeof (WorkbenchHover)), x, workbench_plot_value_x (plot, x) };

  g_ptr_array_add (reading.lines, NULL);
  g_array_append_val (reading.colours, plot->foreground);
  g_array_append_val (reading.heights, y);
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = g_array_index (self->entries, WorkbenchChartEntry, i).layer;
      WorkbenchHover hover = { 0 };
      double height;

      if (!workbench_chart_layer_get_visible (layer) || WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover == NULL
          || !WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover (layer, plot, x, y, &hover))
        continue;
      g_ptr_array_add (reading.lines, hover.text);
      g_array_append_val (reading.colours, hover.colour);
      height = workbench_axis_shows (&plot->y, hover.y) ? workbench_plot_y (plot, hover.y) : (double) NAN;
      g_array_append_val (reading.heights, height);
      if (reading.points->len == 0 && hover.distance > 0.0) /* of what is told, not of the pointer within it */
        {
          reading.at = workbench_plot_x (plot, hover.x);
          reading.value = hover.x;
        }
      if (isfinite (hover.y) && hover.distance == 0.0)
        {
          double px = workbench_plot_x (plot, hover.x);

          if (reading.points->len == 0 || fabs (px - x) <= fabs (reading.at - x)) /* of several, where the pointer is */
            {
              reading.at = px;
              reading.value = hover.x;
            }
          hover.text = NULL; /* the line has it */
          g_array_append_val (reading.points, hover);
        }
    }
  if (reading.lines->len > 1)
    name_place (self, &reading);
  return reading;
}

/* a line of the reading and how far from the pointer its value lies */
typedef struct
{
  guint line;
  double distance;
} Ranked;

static int
compare_distances (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;

  return x->distance < y->distance ? -1 : x->distance > y->distance ? 1 : x->line < y->line ? -1 : x->line > y->line;
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const guint *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

guint *
workbench_chart_nearest_lines (const double *heights, guint count, double y, guint most)
{
  g_autofree Ranked *ranked = g_new (Ranked, count);
  guint *lines = g_new (guint, most);

  for (guint i = 0; i < count; i++)
    {
      double distance = fabs (heights[i] - y);

      ranked[i] = (Ranked){ i, isfinite (distance) ? distance : isfinite (y) ? INFINITY : 0.0 };
    }
  qsort (ranked, count, sizeof *ranked, compare_distances);
  for (guint i = 0; i < most; i++)
    lines[i] = ranked[i].line;
  qsort (lines, most, sizeof *lines, compare_lines);
  return lines;
}

/* Of more lines than @most those whose values are nearest to @y, and one that says how many more there are. */
static void
shorten (Reading *reading, double y, guint most)
{
  guint count = reading->lines->len - 1, kept = most > 2 ? most - 2 : 1; /* values */
  g_autofree guint *nearest = NULL;
  GPtrArray *lines = reading->lines;
  GArray *colours = reading->colours;

  if (lines->len <= MAX (most, 2))
    return;
  nearest = workbench_chart_nearest_lines (&g_array_index (reading->heights, double, 1), count, y, kept);
  reading->lines = g_ptr_array_new_with_free_func (g_free);
  reading->colours = g_array_new (FALSE, FALSE, sizeof (GdkRGBA));
  g_ptr_array_add (reading->lines, g_strdup (lines->pdata[0]));
  g_array_append_val (reading->colours, g_array_index (colours, GdkRGBA, 0));
  for (guint i = 0; i < kept; i++)
    {
      g_ptr_array_add (reading->lines, g_strdup (lines->pdata[nearest[i] + 1]));
      g_array_append_val (reading->colours, g_array_index (colours, GdkRGBA, nearest[i] + 1));
    }
  g_ptr_array_add (reading->lines, g_strdup_printf (_("and %u more"), count - kept));
  g_array_append_val (reading->colours, g_array_index (colours, GdkRGBA, 0));
  g_ptr_array_unref (lines);
  g_array_unref (colours);
}

void
workbench_chart_place_box (const WorkbenchPlot *plot, const WorkbenchChartBox *chart, double x, double y, WorkbenchChartBox *box)
{
  static const double GAP = 12.0, EDGE = 2.0; /* to the pointer, to the end of the chart */
  double right = plot->left + plot->width;

  box->top = plot->top + 6.0;
  if (isfinite (y) && plot->height > TALL)
    box->top = MAX (box->top, y + GAP + box->height < plot->top + plot->height ? y + GAP : y - GAP - box->height);
  if (x + GAP + box->width < right)
    box->left = x + GAP;
  else if (x - GAP - box->width >= EDGE)
    box->left = x - GAP - box->width;
  else
    {
      box->left = right - x > x - EDGE ? chart->width - EDGE - box->width : EDGE;
      if (isfinite (y)) /* over the line, but not over the point */
        box->top = y - GAP - box->height >= EDGE || y > chart->height - y ? y - GAP - box->height : y + GAP;
    }
  box->left = MAX (MIN (box->left, chart->width - EDGE - box->width), EDGE);
  box->top = MAX (MIN (box->top, chart->height - EDGE - box->height), EDGE);
}

static void
draw_box (const WorkbenchPlot *plot, const WorkbenchChartBox *chart, Reading *reading, double x, double y)
{
  WorkbenchChartBox box = { 0 };
  double widest = 0.0;
  guint values = reading->lines->len; /* where these end */
  int height;

  workbench_plot_measure (plot, "0", NULL, &height);
  shorten (reading, y, (guint) MAX (0.0, (chart->height - 4.0 - 6.0) / (height + 1.0)));
  if (reading->lines->len < values)
    values = reading->lines->len - 1;
  for (guint i = 0; i < reading->lines->len; i++)
    {
      int width;

      workbench_plot_measure (plot, g_ptr_array_index (reading->lines, i), &width, NULL);
      widest = MAX (widest, width);
    }
  box.width = MIN (widest + 24.0, chart->width - 4.0);
  box.height = reading->lines->len * (height + 1.0) + 6.0;
  for (guint i = 1; i < reading->heights->len && !isfinite (y); i++) /* of another chart's pointer the first point is the place */
    y = g_array_index (reading->heights, double, i);
  workbench_chart_place_box (plot, chart, x, y, &box);
  cairo_rectangle (plot->cr, box.left, box.top, box.width, box.height);
  workbench_plot_set_colour (plot, &plot->background, 0.9);
  cairo_fill_preserve (plot->cr);
  workbench_plot_set_colour (plot, &plot->foreground, 0.3);
  cairo_set_line_width (plot->cr, 1.0);
  cairo_stroke (plot->cr);
  if (widest + 24.0 > box.width) /* the value at the end of a line tells more than the middle of a run's name */
    {
      pango_layout_set_width (plot->layout, (int) ((box.width - 24.0) * PANGO_SCALE));
      pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_MIDDLE);
    }
  for (guint i = 0; i < reading->lines->len; i++)
    {
      double middle = box.top + 3.0 + (i + 0.5) * (height + 1.0);

      workbench_plot_set_colour (plot, &g_array_index (reading->colours, GdkRGBA, i), i == 0 || i >= values ? 0.0 : 1.0);
      cairo_rectangle (plot->cr, box.left + 6.0, middle - 3.0, 8.0, 6.0);
      cairo_fill (plot->cr);
      workbench_plot_set_colour (plot, &plot->foreground, 1.0);
      workbench_plot_text (plot, g_ptr_array_index (reading->lines, i), box.left + (i == 0 || i >= values ? 6.0 : 18.0), middle, 0.0);
    }
  pango_layout_set_width (plot->layout, -1);
  pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_NONE);
}

/* the row, or the cell, at which the keys are: there is no pointer over it */
static void
draw_row (WorkbenchChart *self, const WorkbenchPlot *plot, double at)
{
  double top, bottom, left = plot->left, right = plot->left + plot->width;

  if (self->y_labels == NULL || !isfinite (self->row) || isfinite (self->pointer[0]))
    return;
  top = workbench_plot_y (plot, self->row + 0.5);
  bottom = workbench_plot_y (plot, self->row - 0.5);
  if (isfinite (self->cursor))
    {
      left = workbench_plot_x (plot, workbench_plot_value_x (plot, at) - 0.5);
      right = workbench_plot_x (plot, workbench_plot_value_x (plot, at) + 0.5);
    }
  workbench_plot_set_colour (plot, &plot->foreground, 0.8);
  cairo_set_line_width (plot->cr, 1.5);
  cairo_rectangle (plot->cr, floor (left) + 0.5, floor (top) + 0.5, MAX (right - left, 3.0) - 1.0, MAX (bottom - top, 3.0) - 1.0);
  cairo_stroke (plot->cr);
}

static void
draw_at (WorkbenchChart *self, const WorkbenchPlot *plot, const WorkbenchChartBox *chart, double x, double y)
{
  g_auto (Reading) reading = read_place (self, plot, x, y);

  for (guint i = 0; i < reading.points->len; i++)
    {
      const WorkbenchHover *point = &g_array_index (reading.points, WorkbenchHover, i);

      if (!workbench_axis_shows (&plot->y, point->y))
        continue;
      workbench_plot_set_colour (plot, &point->colour, 1.0);
      cairo_new_path (plot->cr);
      cairo_arc (plot->cr, workbench_plot_x (plot, point->x), workbench_plot_y (plot, point->y), 3.0, 0.0, 2.0 * G_PI);
      cairo_fill (plot->cr);
    }
  if (reading.points->len > 0)
    {
      workbench_plot_set_colour (plot, &plot->foreground, 0.4);
      cairo_set_line_width (plot->cr, 1.0);
      cairo_move_to (plot->cr, floor (reading.at) + 0.5, plot->top);
      cairo_line_to (plot->cr, floor (reading.at) + 0.5, plot->top + plot->height);
      cairo_stroke (plot->cr);
    }
  if (reading.lines->len == 1)
    return;
  draw_row (self, plot, reading.at);
  cairo_save (plot->cr);
  cairo_reset_clip (plot->cr);
  draw_box (plot, chart, &reading, x, y);
  cairo_restore (plot->cr);
}

void
workbench_chart_draw_crosshair (WorkbenchChart *self, const WorkbenchPlot *plot, double width, double height)
{
  const WorkbenchChartBox chart = { 0.0, 0.0, width, height };
  double x, y;

  if (find_place (self, plot, &x, &y))
    draw_at (self, plot, &chart, x, y);
}

static char *
describe_at (WorkbenchChart *self, double x, double y)
{
  g_auto (Reading) reading = read_place (self, &self->plot, x, y);

  if (reading.lines->len == 1)
    return NULL;
  g_ptr_array_add (reading.lines, NULL);
  return g_strjoinv ("; ", (char **) reading.lines->pdata);
}

char *
workbench_chart_describe (WorkbenchChart *self)
{
  double x, y;

  return self->drawn && find_place (self, &self->plot, &x, &y) ? describe_at (self, x, y) : NULL;
}
