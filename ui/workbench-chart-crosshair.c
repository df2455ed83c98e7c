/* workbench-chart-crosshair.c: what all layers have at one place, drawn and told. The place is the pointer's, another chart's, or
 * where the keys have gone. */
#include "workbench-chart-private.h"

#include <math.h>

enum {
  TALL = 360, /* pixels: in a higher frame what is told stands by the place, as the top may be scrolled out of sight */
};

/* what is told of a place: lines of text, each with its colour; the first line is the place itself */
typedef struct {
  GPtrArray *lines;
  GArray *colours; /* of GdkRGBA */
  GArray *points;  /* of WorkbenchHover, without text: values on the vertical line */
  double at, value; /* where that is, in pixels and on the axis */
} Reading;

static void
clear_reading (Reading *reading)
{
  g_ptr_array_unref (reading->lines);
  g_array_unref (reading->colours);
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
  Reading reading = { g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, FALSE, sizeof (GdkRGBA)),
                      g_array_new (FALSE, FALSE, sizeof (WorkbenchHover)), x, workbench_plot_value_x (plot, x) };

  g_ptr_array_add (reading.lines, NULL);
  g_array_append_val (reading.colours, plot->foreground);
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = g_array_index (self->entries, WorkbenchChartEntry, i).layer;
      WorkbenchHover hover = { 0 };

      if (!workbench_chart_layer_get_visible (layer) || WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover == NULL
          || !WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover (layer, plot, x, y, &hover))
        continue;
      g_ptr_array_add (reading.lines, hover.text);
      g_array_append_val (reading.colours, hover.colour);
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

static void
draw_box (const WorkbenchPlot *plot, const Reading *reading, double x, double y)
{
  double widest = 0.0, left, top = plot->top + 6.0, box_height;
  int height;

  for (guint i = 0; i < reading->lines->len; i++)
    {
      int width;

      workbench_plot_measure (plot, g_ptr_array_index (reading->lines, i), &width, &height);
      widest = MAX (widest, width);
    }
  box_height = reading->lines->len * (height + 1.0) + 6.0;
  if (isfinite (y) && plot->height > TALL)
    top = MAX (top, y + 14.0 + box_height < plot->top + plot->height ? y + 14.0 : y - 14.0 - box_height);
  left = x + 12.0 + widest + 24.0 < plot->left + plot->width ? x + 12.0 : x - 12.0 - widest - 24.0;
  left = MAX (MIN (left, plot->left + plot->width + 10.0 - widest - 24.0), 2.0); /* over the names at the sides, where it has to */
  cairo_rectangle (plot->cr, left, top, widest + 24.0, box_height);
  workbench_plot_set_colour (plot, &plot->background, 0.9);
  cairo_fill_preserve (plot->cr);
  workbench_plot_set_colour (plot, &plot->foreground, 0.3);
  cairo_set_line_width (plot->cr, 1.0);
  cairo_stroke (plot->cr);
  for (guint i = 0; i < reading->lines->len; i++)
    {
      double middle = top + 3.0 + (i + 0.5) * (height + 1.0);

      workbench_plot_set_colour (plot, &g_array_index (reading->colours, GdkRGBA, i), i == 0 ? 0.0 : 1.0);
      cairo_rectangle (plot->cr, left + 6.0, middle - 3.0, 8.0, 6.0);
      cairo_fill (plot->cr);
      workbench_plot_set_colour (plot, &plot->foreground, 1.0);
      workbench_plot_text (plot, g_ptr_array_index (reading->lines, i), left + (i == 0 ? 6.0 : 18.0), middle, 0.0);
    }
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
draw_at (WorkbenchChart *self, const WorkbenchPlot *plot, double x, double y)
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
  draw_box (plot, &reading, x, y);
  cairo_restore (plot->cr);
}

void
workbench_chart_draw_crosshair (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  double x, y;

  if (find_place (self, plot, &x, &y))
    draw_at (self, plot, x, y);
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
