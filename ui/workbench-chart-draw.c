/* workbench-chart-draw.c: frame, ticks, names, legend, layers, crosshair. */
#include "workbench-chart-private.h"

#include <math.h>
#include <string.h>

static WorkbenchChartEntry *
entry (WorkbenchChart *self, guint index)
{
  return &g_array_index (self->entries, WorkbenchChartEntry, index);
}

/* ------------------------------------------------------------------------------------------------- ranges */

static gboolean
find_x_range (WorkbenchChart *self, double *minimum, double *maximum)
{
  *minimum = INFINITY;
  *maximum = -INFINITY;
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = entry (self, i)->layer;
      double low, high;

      if (!workbench_chart_layer_get_visible (layer) || WORKBENCH_CHART_LAYER_GET_CLASS (layer)->get_x_range == NULL
          || !WORKBENCH_CHART_LAYER_GET_CLASS (layer)->get_x_range (layer, &low, &high))
        continue;
      *minimum = MIN (*minimum, low);
      *maximum = MAX (*maximum, high);
    }
  if (isfinite (self->zoom[0]) && *minimum <= *maximum)
    {
      *minimum = self->zoom[0];
      *maximum = self->zoom[1];
    }
  return *minimum <= *maximum;
}

static gboolean
find_y_range (WorkbenchChart *self, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  *minimum = INFINITY;
  *maximum = -INFINITY;
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = entry (self, i)->layer;
      double low, high;

      if (!workbench_chart_layer_get_visible (layer) || WORKBENCH_CHART_LAYER_GET_CLASS (layer)->get_y_range == NULL
          || !WORKBENCH_CHART_LAYER_GET_CLASS (layer)->get_y_range (layer, x0, x1, positive, &low, &high))
        continue;
      *minimum = MIN (*minimum, low);
      *maximum = MAX (*maximum, high);
    }
  if (isfinite (self->limits[0]) && (!positive || self->limits[0] > 0.0))
    *minimum = MIN (*minimum, self->limits[0]);
  if (isfinite (self->limits[1]))
    *maximum = MAX (*maximum, self->limits[1]);
  return *minimum <= *maximum;
}

static gboolean
find_ranges (WorkbenchChart *self, WorkbenchPlot *plot)
{
  double x0, x1, y0, y1;

  if (!find_x_range (self, &x0, &x1))
    return FALSE;
  plot->x = (WorkbenchAxis){ x0, x1 > x0 ? x1 : x0 + 1.0, FALSE };
  if (!find_y_range (self, plot->x.minimum, plot->x.maximum, self->logarithmic, &y0, &y1))
    {
      if (!self->logarithmic || !find_y_range (self, plot->x.minimum, plot->x.maximum, FALSE, &y0, &y1))
        return isfinite (self->zoom[0]); /* an empty piece of a chart that has data */
    }
  if (isfinite (self->zoom[2]))
    plot->y = (WorkbenchAxis){ self->zoom[2], self->zoom[3], self->logarithmic && self->zoom[2] > 0.0 };
  else if (self->y_labels != NULL)
    plot->y = (WorkbenchAxis){ y0, y1, FALSE };
  else
    plot->y = workbench_axis_fit (y0, y1, self->logarithmic);
  if (!self->logarithmic && !isfinite (self->zoom[2]) && y0 >= 0.0 && self->y_labels == NULL)
    plot->y.minimum = MAX (plot->y.minimum, 0.0); /* no room below nothing */
  return TRUE;
}

/* --------------------------------------------------------------------------------------------------- axes */

static guint
category_ticks (const WorkbenchAxis *axis, char **labels, double room, double size, double ticks[WORKBENCH_MAX_TICKS])
{
  guint count = 0, first = (guint) MAX (0.0, ceil (axis->minimum)), last = MIN ((guint) MAX (0.0, floor (axis->maximum)) + 1, g_strv_length (labels));
  guint step = (guint) MAX (1.0, ceil ((last - first) * size / MAX (room, 1.0)));

  step = MAX (step, (last - first + WORKBENCH_MAX_TICKS - 1) / WORKBENCH_MAX_TICKS);
  for (guint i = first; i < last && count < WORKBENCH_MAX_TICKS; i += step)
    ticks[count++] = i;
  return count;
}

static char *
tick_label (char **labels, double value)
{
  return labels != NULL ? g_strdup (labels[(guint) value]) : workbench_axis_label (value);
}

static int
widest_label (const WorkbenchPlot *plot, char **labels)
{
  int widest = 0;

  for (guint i = 0; labels[i] != NULL; i++)
    {
      int width;

      workbench_plot_measure (plot, labels[i], &width, NULL);
      widest = MAX (widest, width);
    }
  return widest;
}

static void
draw_axes (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  double ticks[WORKBENCH_MAX_TICKS], bottom = plot->top + plot->height, taken = 0.0;
  int text_height;
  guint count;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  cairo_set_line_width (plot->cr, 1.0);
  count = self->y_labels != NULL ? category_ticks (&plot->y, self->y_labels, plot->height, text_height + 1.0, ticks)
                                 : workbench_axis_ticks (&plot->y, (guint) MAX (2.0, plot->height / 36.0), ticks);
  for (guint i = 0; i < count; i++)
    {
      double y = floor (workbench_plot_y (plot, ticks[i])) + 0.5;
      g_autofree char *label = tick_label (self->y_labels, ticks[i]);

      if (self->y_labels == NULL)
        {
          workbench_plot_set_colour (plot, &plot->foreground, 0.12);
          cairo_move_to (plot->cr, plot->left, y);
          cairo_line_to (plot->cr, plot->left + plot->width, y);
          cairo_stroke (plot->cr);
        }
      workbench_plot_set_colour (plot, &plot->foreground, 0.75);
      workbench_plot_text (plot, label, plot->left - 6.0, y, 1.0);
    }
  count = self->x_labels != NULL ? category_ticks (&plot->x, self->x_labels, plot->width, widest_label (plot, self->x_labels) + 10.0, ticks)
                                 : workbench_axis_ticks (&plot->x, (guint) MAX (2.0, plot->width / 90.0), ticks);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *label = tick_label (self->x_labels, ticks[i]);
      double x = workbench_plot_x (plot, ticks[i]);
      int label_width;

      workbench_plot_set_colour (plot, &plot->foreground, 0.35);
      cairo_move_to (plot->cr, floor (x) + 0.5, bottom);
      cairo_line_to (plot->cr, floor (x) + 0.5, bottom + 3.0);
      cairo_stroke (plot->cr);
      workbench_plot_set_colour (plot, &plot->foreground, 0.75);
      workbench_plot_measure (plot, label, &label_width, NULL);
      x = MIN (x, plot->left + plot->width + 10.0 - 0.5 * label_width); /* a long name would be cut off at the end */
      if (x - 0.5 * label_width < taken)
        continue;
      taken = x + 0.5 * label_width + 4.0;
      workbench_plot_text (plot, label, x, bottom + 3.0 + text_height / 2.0, 0.5);
    }
  workbench_plot_set_colour (plot, &plot->foreground, 0.75);
  workbench_plot_text (plot, self->x_name, plot->left + plot->width / 2.0, bottom + 4.0 + 1.5 * text_height, 0.5);
  cairo_save (plot->cr);
  cairo_translate (plot->cr, text_height / 2.0 + 1.0, plot->top + plot->height / 2.0);
  cairo_rotate (plot->cr, -G_PI / 2.0);
  workbench_plot_text (plot, self->y_name, 0.0, 0.0, 0.5);
  cairo_restore (plot->cr);
  workbench_plot_set_colour (plot, &plot->foreground, 0.35);
  cairo_rectangle (plot->cr, floor (plot->left) + 0.5, floor (plot->top) + 0.5, floor (plot->width), floor (plot->height));
  cairo_stroke (plot->cr);
}

/* ------------------------------------------------------------------------------------------------- legend */

/* lays the legend out in lines of @width; draws it if asked. Returns: its height */
static double
legend (WorkbenchChart *self, const WorkbenchPlot *plot, double left, double width, gboolean drawing)
{
  double x = left, y = 2.0;
  guint entries = 0;
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  for (guint i = 0; i < self->entries->len; i++)
    entries += workbench_chart_layer_get_title (entry (self, i)->layer) != NULL;
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartEntry *e = entry (self, i);
      const char *title = workbench_chart_layer_get_title (e->layer);
      GdkRGBA colour = workbench_chart_layer_get_colour (e->layer);
      double alpha = workbench_chart_layer_get_visible (e->layer) ? 1.0 : 0.3;
      int text_width;

      e->left = e->right = 0.0;
      if (title == NULL || entries < 2)
        continue;
      workbench_plot_measure (plot, title, &text_width, NULL);
      if (x > left && x + 17.0 + text_width > left + width)
        {
          x = left;
          y += text_height + 2.0;
        }
      e->left = x;
      e->right = x + 20.0 + text_width;
      e->top = y;
      e->bottom = y + text_height;
      if (drawing)
        {
          workbench_plot_set_colour (plot, &colour, alpha);
          cairo_rectangle (plot->cr, x, y + text_height / 2.0 - 4.0, 12.0, 8.0);
          cairo_fill (plot->cr);
          workbench_plot_set_colour (plot, &plot->foreground, alpha);
          workbench_plot_text (plot, title, x + 17.0, y + text_height / 2.0, 0.0);
        }
      x = e->right + 12.0;
    }
  return entries < 2 ? 6.0 : y + text_height + 5.0;
}

/* ---------------------------------------------------------------------------------------------- crosshair */

static void
draw_box (const WorkbenchPlot *plot, GPtrArray *lines, const GArray *colours, double x)
{
  double widest = 0.0, left, top = plot->top + 6.0;
  int height;

  for (guint i = 0; i < lines->len; i++)
    {
      int width;

      workbench_plot_measure (plot, g_ptr_array_index (lines, i), &width, &height);
      widest = MAX (widest, width);
    }
  left = x + 12.0 + widest + 24.0 < plot->left + plot->width ? x + 12.0 : x - 12.0 - widest - 24.0;
  left = MAX (MIN (left, plot->left + plot->width + 10.0 - widest - 24.0), 2.0); /* over the names at the sides, where it has to */
  cairo_rectangle (plot->cr, left, top, widest + 24.0, lines->len * (height + 1.0) + 6.0);
  workbench_plot_set_colour (plot, &plot->background, 0.9);
  cairo_fill_preserve (plot->cr);
  workbench_plot_set_colour (plot, &plot->foreground, 0.3);
  cairo_set_line_width (plot->cr, 1.0);
  cairo_stroke (plot->cr);
  for (guint i = 0; i < lines->len; i++)
    {
      double y = top + 3.0 + (i + 0.5) * (height + 1.0);

      workbench_plot_set_colour (plot, &g_array_index (colours, GdkRGBA, i), i == 0 ? 0.0 : 1.0);
      cairo_rectangle (plot->cr, left + 6.0, y - 3.0, 8.0, 6.0);
      cairo_fill (plot->cr);
      workbench_plot_set_colour (plot, &plot->foreground, 1.0);
      workbench_plot_text (plot, g_ptr_array_index (lines, i), left + (i == 0 ? 6.0 : 18.0), y, 0.0);
    }
}

/* the values of all layers where the pointer is, or where another chart's pointer is */
static void
draw_crosshair (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  gboolean here = isfinite (self->pointer[0]);
  double x = here ? self->pointer[0] : workbench_plot_x (plot, self->cursor), y = here ? self->pointer[1] : (double) NAN, at = x;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) colours = g_array_new (FALSE, FALSE, sizeof (GdkRGBA));
  gboolean column = FALSE;

  if (!(x >= plot->left && x <= plot->left + plot->width))
    return;
  g_ptr_array_add (lines, NULL);
  g_array_append_val (colours, plot->foreground);
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = entry (self, i)->layer;
      WorkbenchHover hover = { 0 };

      if (!workbench_chart_layer_get_visible (layer) || WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover == NULL
          || !WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover (layer, plot, x, y, &hover))
        continue;
      g_ptr_array_add (lines, hover.text);
      g_array_append_val (colours, hover.colour);
      if (!column && hover.distance > 0.0)
        at = workbench_plot_x (plot, hover.x); /* of what is told, not of the pointer within it */
      if (isfinite (hover.y) && hover.distance == 0.0)
        {
          double px = workbench_plot_x (plot, hover.x), py = workbench_plot_y (plot, hover.y);

          at = column && fabs (at - x) < fabs (px - x) ? at : px; /* of several, where the pointer is */
          column = TRUE;
          workbench_plot_set_colour (plot, &hover.colour, 1.0);
          cairo_new_path (plot->cr);
          cairo_arc (plot->cr, px, py, 3.0, 0.0, 2.0 * G_PI);
          cairo_fill (plot->cr);
        }
    }
  if (column)
    {
      workbench_plot_set_colour (plot, &plot->foreground, 0.4);
      cairo_set_line_width (plot->cr, 1.0);
      cairo_move_to (plot->cr, floor (at) + 0.5, plot->top);
      cairo_line_to (plot->cr, floor (at) + 0.5, plot->top + plot->height);
      cairo_stroke (plot->cr);
    }
  if (lines->len == 1)
    return;
  if (self->x_labels != NULL)
    {
      guint category = (guint) MAX (0.0, round (workbench_plot_value_x (plot, at)));

      lines->pdata[0] = g_strdup (category < g_strv_length (self->x_labels) ? self->x_labels[category] : "");
    }
  else
    lines->pdata[0] = g_strdup_printf ("%s %.6g", self->x_name, workbench_plot_value_x (plot, at));
  cairo_save (plot->cr);
  cairo_reset_clip (plot->cr);
  draw_box (plot, lines, colours, x);
  cairo_restore (plot->cr);
}

static void
draw_band (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  const double *b = self->band;

  if (!isfinite (b[0]))
    return;
  cairo_rectangle (plot->cr, MIN (b[0], b[2]), MIN (b[1], b[3]), fabs (b[2] - b[0]), fabs (b[3] - b[1]));
  workbench_plot_set_colour (plot, &plot->foreground, 0.12);
  cairo_fill_preserve (plot->cr);
  workbench_plot_set_colour (plot, &plot->foreground, 0.6);
  cairo_set_line_width (plot->cr, 1.0);
  cairo_stroke (plot->cr);
}

/* room for the widest number, or name, at the left */
static double
left_room (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  int widest, height;

  workbench_plot_measure (plot, "0.00001", &widest, &height);
  if (self->y_labels != NULL && self->y_labels[0] != NULL)
    widest = widest_label (plot, self->y_labels);
  return widest + height + 12.0;
}

void
workbench_chart_draw (WorkbenchChart *self, WorkbenchPlot *plot, double width, double height, gboolean interactive)
{
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  plot->left = left_room (self, plot);
  plot->width = width - plot->left - 12.0;
  plot->top = legend (self, plot, plot->left, plot->width, FALSE);
  plot->height = height - plot->top - 2.0 * text_height - 8.0;
  self->drawn = FALSE;
  if (plot->width < 20.0 || plot->height < 20.0)
    return;
  legend (self, plot, plot->left, plot->width, TRUE);
  if (!find_ranges (self, plot))
    {
      workbench_plot_set_colour (plot, &plot->foreground, 0.6);
      if (self->empty_text != NULL)
        {
          pango_layout_set_width (plot->layout, (int) ((width - 24.0) * PANGO_SCALE));
          pango_layout_set_alignment (plot->layout, PANGO_ALIGN_CENTER);
          workbench_plot_text (plot, self->empty_text, 12.0, height / 2.0, 0.0);
          pango_layout_set_width (plot->layout, -1);
        }
      return;
    }
  self->drawn = TRUE;
  draw_axes (self, plot);
  workbench_plot_clip (plot);
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = entry (self, i)->layer;

      if (workbench_chart_layer_get_visible (layer))
        WORKBENCH_CHART_LAYER_GET_CLASS (layer)->draw (layer, plot);
    }
  if (interactive)
    {
      draw_crosshair (self, plot);
      draw_band (self, plot);
    }
  cairo_restore (plot->cr);
}
