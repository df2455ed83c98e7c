/* workbench-timing-chart.c: stacked bars, one a kind of step. */
#include "workbench-timing-chart.h"

#include "workbench-plot.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _WorkbenchTimingChart
{
  GtkWidget parent_instance;

  DfkdTiming timing[DFKD_N_STAGES];
};

G_DEFINE_FINAL_TYPE (WorkbenchTimingChart, workbench_timing_chart, GTK_TYPE_WIDGET)

/* the stages that any step may have, in the order of their colours */
static const char *const stages[] = { N_ ("generator"), N_ ("augmentation"), N_ ("teacher"),    N_ ("student"),
                                      N_ ("losses"),    N_ ("backward"),     N_ ("optimiser"),  N_ ("outer step"),
                                      N_ ("evaluation"), N_ ("transfer") };
static const char *const steps[] = { N_ ("inner step"), N_ ("outer step"), N_ ("student step"), N_ ("evaluation batch"), N_ ("showing") };

G_STATIC_ASSERT (G_N_ELEMENTS (steps) == DFKD_N_STAGES);

static GdkRGBA
stage_colour (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (g_str_equal (stages[i], name))
      return workbench_palette (i);
  return workbench_palette (G_N_ELEMENTS (stages));
}

static double
total (const DfkdTiming *timing)
{
  double sum = 0.0;

  for (guint i = 0; i < timing->n_regions; i++)
    sum += timing->seconds[i];
  return sum;
}

static int
draw_text (cairo_t *cr, PangoLayout *layout, const char *text, double x, double y, double align)
{
  int width, height;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, floor (x - align * width), floor (y - height / 2.0));
  pango_cairo_show_layout (cr, layout);
  return width;
}

static void
draw_legend (cairo_t *cr, PangoLayout *layout, const GdkRGBA *foreground, double left, double width)
{
  double x = left, y = 10.0;

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      GdkRGBA colour = workbench_palette (i);
      int text;

      pango_layout_set_text (layout, _(stages[i]), -1);
      pango_layout_get_pixel_size (layout, &text, NULL);
      if (x + 17.0 + text > left + width)
        {
          x = left;
          y += 17.0;
        }
      cairo_set_source_rgb (cr, (double) colour.red, (double) colour.green, (double) colour.blue);
      cairo_rectangle (cr, x, y - 4.0, 12.0, 8.0);
      cairo_fill (cr);
      gdk_cairo_set_source_rgba (cr, foreground);
      draw_text (cr, layout, _(stages[i]), x + 17.0, y, 0.0);
      x += 31.0 + text;
    }
}

static void
draw_bar (cairo_t *cr, PangoLayout *layout, const GdkRGBA *foreground, const DfkdTiming *timing, const char *name, double y,
          double left, double width, double longest)
{
  double x = left, sum = total (timing);
  g_autofree char *label = sum > 0.0 ? g_strdup_printf (_("%.1f ms"), sum * 1e3) : g_strdup ("–");

  gdk_cairo_set_source_rgba (cr, foreground);
  draw_text (cr, layout, name, left - 8.0, y, 1.0);
  for (guint i = 0; i < timing->n_regions; i++)
    {
      GdkRGBA colour = stage_colour (timing->region[i]);
      double part = timing->seconds[i] / longest * width;

      cairo_set_source_rgb (cr, (double) colour.red, (double) colour.green, (double) colour.blue);
      cairo_rectangle (cr, x, y - 7.0, part, 14.0);
      cairo_fill (cr);
      x += part;
    }
  gdk_cairo_set_source_rgba (cr, foreground);
  draw_text (cr, layout, label, x + 6.0, y, 0.0);
}

static void
workbench_timing_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkbenchTimingChart *self = WORKBENCH_TIMING_CHART (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), longest = 1e-9;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, NULL);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (pango_layout_get_context (layout)));
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  GdkRGBA foreground;
  double left = 0.0;

  pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * 0.9); /* a widget's is absolute */
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &foreground);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      int text;

      pango_layout_set_text (layout, _(steps[i]), -1);
      pango_layout_get_pixel_size (layout, &text, NULL);
      left = MAX (left, text + 14.0);
      longest = MAX (longest, total (&self->timing[i]));
    }
  draw_legend (cr, layout, &foreground, left, width - left - 8.0);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    draw_bar (cr, layout, &foreground, &self->timing[i], _(steps[i]), height - (G_N_ELEMENTS (steps) - i) * 21.0 + 8.0, left,
              width - left - 92.0, longest);
  cairo_destroy (cr);
}

static void
workbench_timing_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                                int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 300 : 150;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : 150;
  *minimum_baseline = *natural_baseline = -1;
}

static void
workbench_timing_chart_class_init (WorkbenchTimingChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = workbench_timing_chart_snapshot;
  widget_class->measure = workbench_timing_chart_measure;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
workbench_timing_chart_init (WorkbenchTimingChart *self)
{
}

void
workbench_timing_chart_set_status (WorkbenchTimingChart *self, const DfkdStatus *status)
{
  memcpy (self->timing, status->timing, sizeof self->timing);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
