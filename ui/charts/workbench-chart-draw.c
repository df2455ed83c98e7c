/* workbench-chart-draw.c: frame, ticks, names, legend, layers. */
#include "workbench-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const double RIGHT = 12.0; /* of the frame, in pixels */
static const char USUAL_NUMBER[] = "0.00001";
static const double LONGEST_NAME = 0.4; /* of the chart's width */

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

/* all of x. FALSE: there is nothing */
static gboolean
fit_x (WorkbenchChart *self, WorkbenchAxis *axis)
{
  double low, high;

  if (!find_x_range (self, &low, &high))
    return FALSE;
  *axis = (WorkbenchAxis){ low, high > low ? high : low + 1.0, FALSE };
  return TRUE;
}

/* all that lies over the piece @x. FALSE: nothing does */
static gboolean
fit_y (WorkbenchChart *self, const WorkbenchAxis *x, WorkbenchAxis *axis)
{
  double low, high;

  if (!find_y_range (self, x->minimum, x->maximum, self->logarithmic, &low, &high)
      && (!self->logarithmic || !find_y_range (self, x->minimum, x->maximum, FALSE, &low, &high)))
    return FALSE;
  *axis = self->y_labels != NULL ? (WorkbenchAxis){ low, high, FALSE } : workbench_axis_fit (low, high, self->logarithmic);
  if (!self->logarithmic && low >= 0.0 && self->y_labels == NULL)
    axis->minimum = MAX (axis->minimum, 0.0); /* no room below nothing */
  return TRUE;
}

gboolean
workbench_chart_extent (WorkbenchChart *self, WorkbenchAxis *x, WorkbenchAxis *y)
{
  return fit_x (self, x) && fit_y (self, &self->plot.x, y);
}

static gboolean
find_ranges (WorkbenchChart *self, WorkbenchPlot *plot)
{
  if (!fit_x (self, &plot->x))
    return FALSE;
  if (isfinite (self->zoom[0]))
    plot->x = (WorkbenchAxis){ self->zoom[0], self->zoom[1], FALSE };
  if (!fit_y (self, &plot->x, &plot->y))
    return isfinite (self->zoom[0]); /* an empty piece of a chart that has data */
  if (isfinite (self->zoom[2]))
    plot->y = (WorkbenchAxis){ self->zoom[2], self->zoom[3], self->logarithmic && self->zoom[2] > 0.0 };
  return TRUE;
}

/* --------------------------------------------------------------------------------------------------- axes */

guint
workbench_chart_label_step (const WorkbenchAxis *axis, guint count, double room, double size)
{
  double first = MAX (0.0, ceil (axis->minimum)), end = MIN (floor (axis->maximum) + 1.0, count);

  return end > first ? (guint) MAX (1.0, ceil ((end - first) * size / MAX (room, 1.0))) : 1;
}

/* how many numbers are wanted along @room, where one has @size and the air that reads well about it; three are more of a scale than two, if
 * they just fit */
static guint
wanted_ticks (double room, double size, double with_air)
{
  return (guint) MAX (room >= 3.0 * size ? 3.0 : 2.0, room / with_air);
}

/* where labels stand: at each category, or at as many as have room of @size; without categories at about @wanted round values */
static GArray *
find_ticks (const WorkbenchAxis *axis, char **labels, double room, double size, guint wanted)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (double));
  guint count;

  if (labels == NULL)
    {
      g_array_set_size (ticks, WORKBENCH_MAX_TICKS);
      g_array_set_size (ticks, workbench_axis_ticks (axis, wanted, (double *) (gpointer) ticks->data));
      return ticks;
    }
  count = g_strv_length (labels);
  for (double at = MAX (0.0, ceil (axis->minimum)); at < count && at <= axis->maximum; at += workbench_chart_label_step (axis, count, room, size))
    g_array_append_val (ticks, at);
  return ticks;
}

static char *
tick_label (char **labels, const GArray *ticks, guint index)
{
  const double *values = (const double *) (gconstpointer) ticks->data;

  return labels != NULL ? g_strdup (labels[(guint) values[index]]) : workbench_axis_label (values, ticks->len, index);
}

/* what one name takes at most of a chart that is @width wide: whoever names classes must not push the frame out of it */
static double
name_room (double width)
{
  return floor (LONGEST_NAME * width);
}

static double
name_room_of (const WorkbenchPlot *plot)
{
  return name_room (plot->left + plot->width + RIGHT);
}

static int
widest_label (const WorkbenchPlot *plot, char **labels, double most)
{
  int widest = 0;

  for (guint i = 0; labels[i] != NULL; i++)
    widest = MAX (widest, workbench_plot_measure_name (plot, labels[i], most));
  return widest;
}

/* along x, of the widest category with a little air; 0: there are none */
static double
x_name_size (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  return self->x_labels != NULL ? widest_label (plot, self->x_labels, name_room_of (plot)) + 10.0 : 0.0;
}

/* What categories along x take below the frame over the line that they take anyway, if they stand upright because beside each other they
 * have no room, and so twice as many of them or more are named; 0: they lie. */
static double
find_names_height (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  double size = x_name_size (self, plot);
  guint count = self->x_labels != NULL ? g_strv_length (self->x_labels) : 0;
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  if (count == 0
      || workbench_chart_label_step (&plot->x, count, plot->width, size) < 2 * workbench_chart_label_step (&plot->x, count, plot->width, text_height + 1.0))
    return 0.0;
  return MAX (size - 4.0 - text_height, 0.0);
}

static GArray *
find_y_ticks (WorkbenchChart *self, const WorkbenchPlot *plot, double text_height)
{
  return find_ticks (&plot->y, self->y_labels, plot->height, text_height + 1.0, wanted_ticks (plot->height, text_height + 4.0, 36.0));
}

/* by how much numbers along y are wider than those that left_room() reckons with: such are near each other */
static double
find_excess (WorkbenchChart *self, const WorkbenchPlot *plot, double text_height)
{
  g_autoptr (GArray) ticks = self->y_labels == NULL ? find_y_ticks (self, plot, text_height) : NULL;
  int usual, widest = 0;

  workbench_plot_measure (plot, USUAL_NUMBER, &usual, NULL);
  for (guint i = 0; ticks != NULL && i < ticks->len; i++)
    {
      g_autofree char *label = tick_label (NULL, ticks, i);
      int label_width;

      workbench_plot_measure (plot, label, &label_width, NULL);
      widest = MAX (widest, label_width);
    }
  return MAX (widest - usual, 0);
}

static void
draw_y_ticks (WorkbenchChart *self, const WorkbenchPlot *plot, double text_height)
{
  g_autoptr (GArray) ticks = find_y_ticks (self, plot, text_height);
  double taken = INFINITY;

  for (guint i = 0; i < ticks->len; i++)
    {
      double value = g_array_index (ticks, double, i), y = floor (workbench_plot_y (plot, value)) + 0.5;
      g_autofree char *label = tick_label (self->y_labels, ticks, i);

      if (self->y_labels == NULL)
        {
          workbench_plot_set_colour (plot, &plot->foreground, 0.12);
          cairo_move_to (plot->cr, plot->left, y);
          cairo_line_to (plot->cr, plot->left + plot->width, y);
          cairo_stroke (plot->cr);
        }
      if (self->y_labels == NULL && y > taken - text_height)
        continue;
      taken = y;
      workbench_plot_set_colour (plot, &plot->foreground, 0.75);
      workbench_plot_name (plot, label, name_room_of (plot), plot->left - 6.0, y, 1.0);
    }
}

static void
draw_x_ticks (WorkbenchChart *self, const WorkbenchPlot *plot, double text_height)
{
  double bottom = plot->top + plot->height, taken = 0.0, size = self->names_height > 0.0 ? text_height + 1.0 : x_name_size (self, plot);
  g_autoptr (GArray) ticks = find_ticks (&plot->x, self->x_labels, plot->width, size, wanted_ticks (plot->width, 50.0, 90.0));

  if (self->counts && self->x_labels == NULL)
    g_array_set_size (ticks, workbench_axis_keep_whole ((double *) (gpointer) ticks->data, ticks->len));
  for (guint i = 0; i < ticks->len; i++)
    {
      g_autofree char *label = tick_label (self->x_labels, ticks, i);
      double x = workbench_plot_x (plot, g_array_index (ticks, double, i));
      int label_width;

      workbench_plot_set_colour (plot, &plot->foreground, 0.35);
      cairo_move_to (plot->cr, floor (x) + 0.5, bottom);
      cairo_line_to (plot->cr, floor (x) + 0.5, bottom + 3.0);
      cairo_stroke (plot->cr);
      workbench_plot_set_colour (plot, &plot->foreground, 0.75);
      if (self->names_height > 0.0)
        {
          cairo_save (plot->cr);
          cairo_translate (plot->cr, floor (x) + 0.5, bottom + 5.0);
          cairo_rotate (plot->cr, -G_PI / 2.0);
          workbench_plot_name (plot, label, name_room_of (plot), 0.0, 0.0, 1.0);
          cairo_restore (plot->cr);
          continue;
        }
      label_width = workbench_plot_measure_name (plot, label, name_room_of (plot));
      x = MIN (x, plot->left + plot->width + 10.0 - 0.5 * label_width); /* a long name would be cut off at the end */
      if (x - 0.5 * label_width < taken)
        continue;
      taken = x + 0.5 * label_width + 4.0;
      workbench_plot_name (plot, label, name_room_of (plot), x, bottom + 3.0 + text_height / 2.0, 0.5);
    }
}

static void
draw_axes (WorkbenchChart *self, const WorkbenchPlot *plot)
{
  double bottom = plot->top + plot->height;
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  cairo_set_line_width (plot->cr, 1.0);
  draw_y_ticks (self, plot, text_height);
  draw_x_ticks (self, plot, text_height);
  workbench_plot_set_colour (plot, &plot->foreground, 0.75);
  workbench_plot_text (plot, self->x_name, plot->left + plot->width / 2.0, bottom + 4.0 + 1.5 * text_height + self->names_height, 0.5);
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

#define TEXT_AFTER_KEY (WORKBENCH_KEY_WIDTH + 5.0) /* pixels */
#define LEAST_TEXT 100.0 /* likewise: the symbol that a name begins with stays whole, also in a chart that has no size yet */

/* whether the layer has values, but none that the axis has a place for */
static gboolean
is_off_axis (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchChartLayerClass *klass = WORKBENCH_CHART_LAYER_GET_CLASS (layer);
  double low, high;

  return plot->y.logarithmic && klass->get_y_range != NULL && !klass->get_y_range (layer, plot->x.minimum, plot->x.maximum, TRUE, &low, &high)
         && klass->get_y_range (layer, plot->x.minimum, plot->x.maximum, FALSE, &low, &high);
}

char *
workbench_chart_legend_text (WorkbenchChart *self, const WorkbenchPlot *plot, guint index)
{
  WorkbenchChartLayer *layer = entry (self, index)->layer;
  const char *title = workbench_chart_layer_get_title (layer);

  if (!workbench_chart_layer_get_listed (layer))
    return NULL;
  return workbench_chart_layer_get_visible (layer) && is_off_axis (layer, plot) ? g_strdup_printf (_("%s (no positive value)"), title) : g_strdup (title);
}

static void
draw_key (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, double alpha)
{
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);

  if (WORKBENCH_CHART_LAYER_GET_CLASS (layer)->draw_key != NULL)
    {
      WORKBENCH_CHART_LAYER_GET_CLASS (layer)->draw_key (layer, plot, x, y, alpha);
      return;
    }
  workbench_plot_set_colour (plot, &colour, alpha);
  cairo_rectangle (plot->cr, x + 2.0, y - 4.0, WORKBENCH_KEY_WIDTH - 4.0, 8.0);
  cairo_fill (plot->cr);
}

/* lays the legend out in lines of @width; draws it if asked. Returns: its height */
static double
legend (WorkbenchChart *self, const WorkbenchPlot *plot, double left, double width, gboolean drawing)
{
  const double most = MAX (width - TEXT_AFTER_KEY, LEAST_TEXT); /* a line for itself: of a longer name the middle is left out */
  double x = left, y = 2.0;
  guint entries = 0;
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  for (guint i = 0; i < self->entries->len; i++)
    entries += workbench_chart_layer_get_listed (entry (self, i)->layer);
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartEntry *e = entry (self, i);
      g_autofree char *title = workbench_chart_legend_text (self, plot, i);
      double alpha = workbench_chart_layer_get_visible (e->layer) ? 1.0 : 0.3;
      int text_width;

      e->left = e->right = 0.0;
      if (title == NULL || entries < 2)
        continue;
      text_width = workbench_plot_measure_name (plot, title, most);
      if (x > left && x + TEXT_AFTER_KEY + text_width > left + width)
        {
          x = left;
          y += text_height + 2.0;
        }
      e->left = x;
      e->right = x + TEXT_AFTER_KEY + 3.0 + text_width;
      e->top = y;
      e->bottom = y + text_height;
      if (drawing)
        {
          draw_key (e->layer, plot, x, y + text_height / 2.0, alpha);
          workbench_plot_set_colour (plot, &plot->foreground, alpha);
          workbench_plot_name (plot, title, most, x + TEXT_AFTER_KEY, y + text_height / 2.0, 0.0);
        }
      x = e->right + 12.0;
    }
  return entries < 2 ? 6.0 : y + text_height + 5.0;
}

/* room for the widest number, or name, at the left of a chart that is @width wide */
static double
left_room (WorkbenchChart *self, const WorkbenchPlot *plot, double width)
{
  int widest, height;

  workbench_plot_measure (plot, USUAL_NUMBER, &widest, &height);
  if (self->y_labels != NULL && self->y_labels[0] != NULL)
    widest = widest_label (plot, self->y_labels, name_room (width));
  return widest + height + 12.0;
}

/* what stands beside the frame: the line of names and that of numbers below, a little air */
static double
room_below (double text_height)
{
  return 2.0 * text_height + 8.0;
}

int
workbench_chart_height_for_width (WorkbenchChart *self, WorkbenchPlot *plot, double width, double frame)
{
  double left = left_room (self, plot, width);
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  return (int) ceil (legend (self, plot, left, width - left - RIGHT, FALSE) + frame + room_below (text_height) + self->names_height);
}

/* --------------------------------------------------------------------------------------------------- all */

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

/* what is left for the frame at the right of @left */
static void
place_frame (WorkbenchChart *self, WorkbenchPlot *plot, double left, double width, double height, gboolean found)
{
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  plot->left = left;
  plot->width = width - left - RIGHT;
  plot->top = legend (self, plot, plot->left, plot->width, FALSE);
  self->names_height = found ? find_names_height (self, plot) : 0.0;
  plot->height = height - plot->top - room_below (text_height) - self->names_height;
}

void
workbench_chart_draw (WorkbenchChart *self, WorkbenchPlot *plot, double width, double height, gboolean interactive)
{
  gboolean found = find_ranges (self, plot);
  double excess;
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  place_frame (self, plot, left_room (self, plot, width), width, height, found);
  excess = found ? find_excess (self, plot, text_height) : 0.0;
  if (excess > 0.0)
    place_frame (self, plot, plot->left + excess, width, height, found);
  self->drawn = FALSE;
  if (plot->width < 20.0 || plot->height < 20.0)
    return;
  legend (self, plot, plot->left, plot->width, TRUE);
  if (!found)
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
      workbench_chart_draw_crosshair (self, plot, width, height);
      draw_band (self, plot);
    }
  cairo_restore (plot->cr);
}
