/* workbench-chart.c: drawing curves with Cairo. */
#include "workbench-chart.h"

#include "workbench-axis.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct {
  WorkbenchSeries *series;
  gboolean hidden;
  double left, right, top, bottom; /* of its entry in the legend */
} Curve;

typedef struct {
  double x;
  char *name;
} Mark;

struct _WorkbenchChart
{
  GtkWidget parent_instance;

  GArray *curves; /* of Curve */
  GArray *marks;  /* of Mark */
  char *x_name, *y_name, *reference_name, *empty_text;
  double reference;
  gboolean logarithmic;
};

G_DEFINE_FINAL_TYPE (WorkbenchChart, workbench_chart, GTK_TYPE_WIDGET)

GdkRGBA
workbench_palette (guint index)
{
  /* told apart by most colour-blind eyes too (Okabe and Ito 2008), a little darkened for a light ground */
  static const char *const colours[] = { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#8c6bb1", "#666666", "#a6761d" };
  GdkRGBA colour;

  gdk_rgba_parse (&colour, colours[index % G_N_ELEMENTS (colours)]);
  return colour;
}

typedef struct {
  cairo_t *cr;
  PangoLayout *layout;
  GdkRGBA foreground;
  double left, top, width, height; /* of the plot */
  WorkbenchAxis x, y;
} Plot;

static double
plot_x (const Plot *plot, double value)
{
  return plot->left + workbench_axis_map (&plot->x, value) * plot->width;
}

static double
plot_y (const Plot *plot, double value)
{
  return plot->top + (1.0 - CLAMP (workbench_axis_map (&plot->y, value), 0.0, 1.0)) * plot->height;
}

static void
set_colour (cairo_t *cr, GdkRGBA colour, double alpha)
{
  cairo_set_source_rgba (cr, (double) colour.red, (double) colour.green, (double) colour.blue, alpha);
}

/* @align: 0 at the left of (x, y), 0.5 centred, 1 at its right; y is the middle */
static void
draw_text (const Plot *plot, const char *text, double x, double y, double align)
{
  int width, height;

  pango_layout_set_text (plot->layout, text, -1);
  pango_layout_get_pixel_size (plot->layout, &width, &height);
  cairo_move_to (plot->cr, floor (x - align * width), floor (y - height / 2.0));
  pango_cairo_show_layout (plot->cr, plot->layout);
}

static int
text_width (const Plot *plot, const char *text)
{
  int width;

  pango_layout_set_text (plot->layout, text, -1);
  pango_layout_get_pixel_size (plot->layout, &width, NULL);
  return width;
}

static gboolean
find_ranges (WorkbenchChart *self, Plot *plot)
{
  double x_minimum = INFINITY, x_maximum = -INFINITY, y_minimum = INFINITY, y_maximum = -INFINITY;

  for (guint i = 0; i < self->curves->len; i++)
    {
      const Curve *curve = &g_array_index (self->curves, Curve, i);
      guint length = workbench_series_get_length (curve->series);
      double x, y, low, high;

      if (curve->hidden || length == 0)
        continue;
      workbench_series_get (curve->series, 0, &x, &y);
      x_minimum = MIN (x_minimum, x);
      workbench_series_get (curve->series, length - 1, &x, &y);
      x_maximum = MAX (x_maximum, x);
      workbench_series_range (curve->series, 0, length, &low, &high);
      y_minimum = MIN (y_minimum, low);
      y_maximum = MAX (y_maximum, high);
    }
  if (!(x_minimum <= x_maximum))
    return FALSE;
  if (isfinite (self->reference))
    {
      y_minimum = MIN (y_minimum, self->reference);
      y_maximum = MAX (y_maximum, self->reference);
    }
  plot->x = (WorkbenchAxis){ x_minimum, x_maximum > x_minimum ? x_maximum : x_minimum + 1.0, FALSE };
  plot->y = workbench_axis_fit (y_minimum, y_maximum, self->logarithmic);
  return TRUE;
}

static void
draw_axes (WorkbenchChart *self, const Plot *plot)
{
  double ticks[WORKBENCH_MAX_TICKS];
  guint count = workbench_axis_ticks (&plot->y, (guint) MAX (2.0, plot->height / 36.0), ticks);

  cairo_set_line_width (plot->cr, 1.0);
  for (guint i = 0; i < count; i++)
    {
      double y = floor (plot_y (plot, ticks[i])) + 0.5;
      g_autofree char *label = workbench_axis_label (ticks[i]);

      set_colour (plot->cr, plot->foreground, 0.12);
      cairo_move_to (plot->cr, plot->left, y);
      cairo_line_to (plot->cr, plot->left + plot->width, y);
      cairo_stroke (plot->cr);
      set_colour (plot->cr, plot->foreground, 0.7);
      draw_text (plot, label, plot->left - 6.0, y, 1.0);
    }
  count = workbench_axis_ticks (&plot->x, (guint) MAX (2.0, plot->width / 90.0), ticks);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *label = workbench_axis_label (ticks[i]);

      set_colour (plot->cr, plot->foreground, 0.7);
      draw_text (plot, label, plot_x (plot, ticks[i]), plot->top + plot->height + 10.0, 0.5);
    }
  set_colour (plot->cr, plot->foreground, 0.7);
  draw_text (plot, self->x_name, plot->left + plot->width / 2.0, plot->top + plot->height + 27.0, 0.5);
  cairo_save (plot->cr);
  cairo_translate (plot->cr, 10.0, plot->top + plot->height / 2.0);
  cairo_rotate (plot->cr, -G_PI / 2.0);
  draw_text (plot, self->y_name, 0.0, 0.0, 0.5);
  cairo_restore (plot->cr);
  set_colour (plot->cr, plot->foreground, 0.35);
  cairo_rectangle (plot->cr, floor (plot->left) + 0.5, floor (plot->top) + 0.5, floor (plot->width), floor (plot->height));
  cairo_stroke (plot->cr);
}

/* one upright stroke from minimum to maximum for each column of pixels that holds several points */
static void
draw_curve (const Plot *plot, WorkbenchSeries *series)
{
  guint length = workbench_series_get_length (series);
  guint columns = (guint) MAX (1.0, plot->width);

  if (length <= 2 * columns)
    {
      for (guint i = 0; i < length; i++)
        {
          double x, y;

          workbench_series_get (series, i, &x, &y);
          cairo_line_to (plot->cr, plot_x (plot, x), plot_y (plot, y));
        }
      if (length == 1)
        {
          double x, y;

          workbench_series_get (series, 0, &x, &y);
          cairo_arc (plot->cr, plot_x (plot, x), plot_y (plot, y), 2.0, 0.0, 2.0 * G_PI);
        }
      cairo_stroke (plot->cr);
      return;
    }
  for (guint column = 0; column < columns; column++)
    {
      double step = (plot->x.maximum - plot->x.minimum) / columns, low, high;
      guint first = workbench_series_find (series, plot->x.minimum + column * step);
      guint end = column + 1 == columns ? length : workbench_series_find (series, plot->x.minimum + (column + 1) * step);

      if (!workbench_series_range (series, first, end, &low, &high))
        continue;
      cairo_line_to (plot->cr, plot->left + column + 0.5, plot_y (plot, high));
      cairo_line_to (plot->cr, plot->left + column + 0.5, plot_y (plot, low));
    }
  cairo_stroke (plot->cr);
}

static void
draw_legend (WorkbenchChart *self, const Plot *plot)
{
  double x = plot->left;

  if (self->curves->len < 2)
    return;
  for (guint i = 0; i < self->curves->len; i++)
    {
      Curve *curve = &g_array_index (self->curves, Curve, i);
      const char *title = workbench_series_get_title (curve->series);
      double alpha = curve->hidden ? 0.3 : 1.0;

      curve->left = x;
      curve->right = x + 20.0 + text_width (plot, title);
      curve->top = 0.0;
      curve->bottom = plot->top;
      set_colour (plot->cr, workbench_palette (i), alpha);
      cairo_rectangle (plot->cr, x, plot->top / 2.0 - 4.0, 12.0, 8.0);
      cairo_fill (plot->cr);
      set_colour (plot->cr, plot->foreground, alpha);
      draw_text (plot, title, x + 17.0, plot->top / 2.0, 0.0);
      x = curve->right + 14.0;
    }
}

static void
draw_marks (WorkbenchChart *self, const Plot *plot)
{
  static const double dashes[] = { 5.0, 4.0 };

  set_colour (plot->cr, plot->foreground, 0.5);
  for (guint i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);
      double x = floor (plot_x (plot, CLAMP (mark->x, plot->x.minimum, plot->x.maximum))) + 0.5;
      gboolean fits = x + 4.0 + text_width (plot, mark->name) < plot->left + plot->width;

      cairo_move_to (plot->cr, x, plot->top);
      cairo_line_to (plot->cr, x, plot->top + plot->height);
      cairo_stroke (plot->cr);
      draw_text (plot, mark->name, fits ? x + 4.0 : x - 4.0, plot->top + 9.0 + (i % 3) * 14.0, fits ? 0.0 : 1.0);
    }
  if (!isfinite (self->reference))
    return;
  cairo_set_dash (plot->cr, dashes, 2, 0.0);
  cairo_move_to (plot->cr, plot->left, floor (plot_y (plot, self->reference)) + 0.5);
  cairo_line_to (plot->cr, plot->left + plot->width, floor (plot_y (plot, self->reference)) + 0.5);
  cairo_stroke (plot->cr);
  cairo_set_dash (plot->cr, NULL, 0, 0.0);
  draw_text (plot, self->reference_name, plot->left + plot->width - 6.0, plot_y (plot, self->reference) + 10.0, 1.0);
}

static void
workbench_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkbenchChart *self = WORKBENCH_CHART (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, NULL);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (pango_layout_get_context (layout)));
  Plot plot = { .layout = layout, .left = 62.0, .top = self->curves->len > 1 ? 24.0 : 10.0 };

  plot.width = width - plot.left - 12.0;
  plot.height = height - plot.top - 38.0;
  pango_font_description_set_size (font, pango_font_description_get_size (font) * 85 / 100);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &plot.foreground);
  plot.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (plot.width > 20.0 && plot.height > 20.0)
    {
      if (!find_ranges (self, &plot))
        {
          draw_legend (self, &plot);
          set_colour (plot.cr, plot.foreground, 0.55);
          draw_text (&plot, self->empty_text != NULL ? self->empty_text : "", width / 2.0, height / 2.0, 0.5);
        }
      else
        {
          draw_axes (self, &plot);
          draw_legend (self, &plot);
          cairo_save (plot.cr);
          cairo_rectangle (plot.cr, plot.left, plot.top, plot.width, plot.height);
          cairo_clip (plot.cr);
          cairo_set_line_width (plot.cr, 1.5);
          cairo_set_line_join (plot.cr, CAIRO_LINE_JOIN_ROUND);
          for (guint i = 0; i < self->curves->len; i++)
            {
              const Curve *curve = &g_array_index (self->curves, Curve, i);

              set_colour (plot.cr, workbench_palette (i), 1.0);
              if (!curve->hidden)
                draw_curve (&plot, curve->series);
            }
          cairo_set_line_width (plot.cr, 1.0);
          draw_marks (self, &plot);
          cairo_restore (plot.cr);
        }
    }
  cairo_destroy (plot.cr);
}

static void
workbench_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 130;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : 200;
  *minimum_baseline = *natural_baseline = -1;
}

static void
on_pressed (GtkGestureClick *gesture, int presses, double x, double y, gpointer data)
{
  WorkbenchChart *self = data;

  for (guint i = 0; i < self->curves->len; i++)
    {
      Curve *curve = &g_array_index (self->curves, Curve, i);

      if (x >= curve->left && x <= curve->right && y >= curve->top && y <= curve->bottom)
        {
          curve->hidden = !curve->hidden;
          gtk_widget_queue_draw (GTK_WIDGET (self));
        }
    }
}

static void
clear_mark (gpointer data)
{
  Mark *mark = data;

  g_free (mark->name);
}

static void
workbench_chart_finalize (GObject *object)
{
  WorkbenchChart *self = WORKBENCH_CHART (object);

  for (guint i = 0; i < self->curves->len; i++)
    g_object_unref (g_array_index (self->curves, Curve, i).series);
  g_array_unref (self->curves);
  g_array_unref (self->marks);
  g_free (self->x_name);
  g_free (self->y_name);
  g_free (self->reference_name);
  g_free (self->empty_text);
  G_OBJECT_CLASS (workbench_chart_parent_class)->finalize (object);
}

static void
workbench_chart_class_init (WorkbenchChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_chart_finalize;
  widget_class->snapshot = workbench_chart_snapshot;
  widget_class->measure = workbench_chart_measure;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
workbench_chart_init (WorkbenchChart *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->curves = g_array_new (FALSE, TRUE, sizeof (Curve));
  self->marks = g_array_new (FALSE, TRUE, sizeof (Mark));
  g_array_set_clear_func (self->marks, clear_mark);
  self->x_name = g_strdup ("");
  self->y_name = g_strdup ("");
  self->reference = NAN;
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
workbench_chart_set_axes (WorkbenchChart *self, const char *x_name, const char *y_name)
{
  g_free (self->x_name);
  g_free (self->y_name);
  self->x_name = g_strdup (x_name);
  self->y_name = g_strdup (y_name);
}

void
workbench_chart_add (WorkbenchChart *self, WorkbenchSeries *series)
{
  Curve curve = { .series = g_object_ref (series) };

  g_array_append_val (self->curves, curve);
}

void
workbench_chart_set_logarithmic (WorkbenchChart *self, gboolean logarithmic)
{
  self->logarithmic = logarithmic;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_set_reference (WorkbenchChart *self, double value, const char *name)
{
  if (value == self->reference || (isnan (value) && isnan (self->reference)))
    return;
  self->reference = value;
  g_free (self->reference_name);
  self->reference_name = g_strdup (name);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_add_mark (WorkbenchChart *self, double x, const char *name)
{
  Mark mark = { x, g_strdup (name) };

  g_array_append_val (self->marks, mark);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_set_empty_text (WorkbenchChart *self, const char *text)
{
  g_free (self->empty_text);
  self->empty_text = g_strdup (text);
}

void
workbench_chart_clear (WorkbenchChart *self)
{
  for (guint i = 0; i < self->curves->len; i++)
    workbench_series_clear (g_array_index (self->curves, Curve, i).series);
  g_array_set_size (self->marks, 0);
  self->reference = NAN;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
