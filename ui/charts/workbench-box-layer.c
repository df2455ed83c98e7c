/* workbench-box-layer.c: boxes and whiskers. */
#include "workbench-box-layer.h"

#include "dfkd.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WorkbenchBoxLayer
{
  WorkbenchChartLayer parent_instance;

  GArray *boxes; /* of WorkbenchBox */
  char *unit;
};

G_DEFINE_FINAL_TYPE (WorkbenchBoxLayer, workbench_box_layer, WORKBENCH_TYPE_CHART_LAYER)

static gboolean
get_x_range (WorkbenchChartLayer *layer, double *minimum, double *maximum)
{
  WorkbenchBoxLayer *self = WORKBENCH_BOX_LAYER (layer);

  *minimum = *maximum = 0.0; /* lengths are compared from nothing on */
  for (guint i = 0; i < self->boxes->len; i++)
    *maximum = MAX (*maximum, 1.05 * g_array_index (self->boxes, WorkbenchBox, i).high);
  return self->boxes->len > 0;
}

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  *minimum = -0.5;
  *maximum = WORKBENCH_BOX_LAYER (layer)->boxes->len - 0.5;
  return WORKBENCH_BOX_LAYER (layer)->boxes->len > 0;
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchBoxLayer *self = WORKBENCH_BOX_LAYER (layer);
  double half = MIN (0.32 * fabs (workbench_plot_y (plot, 0.0) - workbench_plot_y (plot, 1.0)), 9.0);

  for (guint i = 0; i < self->boxes->len; i++)
    {
      const WorkbenchBox *box = &g_array_index (self->boxes, WorkbenchBox, i);
      double y = floor (workbench_plot_y (plot, i)) + 0.5, left = workbench_plot_x (plot, box->lower),
             right = workbench_plot_x (plot, box->upper);
      double ends[2] = { workbench_plot_x (plot, box->low), workbench_plot_x (plot, box->high) },
             median = workbench_plot_x (plot, box->median);

      workbench_plot_set_colour (plot, &plot->foreground, 0.7);
      cairo_set_line_width (plot->cr, 1.0);
      cairo_move_to (plot->cr, ends[0], y);
      cairo_line_to (plot->cr, ends[1], y);
      for (guint j = 0; j < 2; j++)
        {
          cairo_move_to (plot->cr, ends[j], y - 0.6 * half);
          cairo_line_to (plot->cr, ends[j], y + 0.6 * half);
        }
      cairo_stroke (plot->cr);
      workbench_plot_set_colour (plot, &box->colour, 1.0);
      cairo_rectangle (plot->cr, left - 1.0, y - half, MAX (right - left, 0.0) + 2.0, 2.0 * half);
      cairo_fill (plot->cr);
      workbench_plot_set_colour (plot, &plot->foreground, 1.0);
      cairo_set_line_width (plot->cr, 2.0);
      cairo_move_to (plot->cr, median, y - half - 1.0);
      cairo_line_to (plot->cr, median, y + half + 1.0);
      cairo_stroke (plot->cr);
    }
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchBoxLayer *self = WORKBENCH_BOX_LAYER (layer);
  double at = isfinite (y) ? round (workbench_plot_value_y (plot, y)) : -1.0;
  const WorkbenchBox *box;

  if (!(at >= 0.0 && at < self->boxes->len))
    return FALSE;
  box = &g_array_index (self->boxes, WorkbenchBox, (guint) at);
  *hover = (WorkbenchHover){ box->median, at, 1.0, box->colour,
                             g_strdup_printf (_("%s: median %.4g %s, 5 %% %.4g, 95 %% %.4g"), box->name, box->median, self->unit, box->low,
                                              box->high) };
  return TRUE;
}

static gboolean
find_row (WorkbenchChartLayer *layer, double from, gboolean forward, double *y)
{
  return workbench_find_category (WORKBENCH_BOX_LAYER (layer)->boxes->len, from, forward, y);
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  static const char *const names[] = { "5%", "25%", "50%", "75%", "95%" };
  WorkbenchBoxLayer *self = WORKBENCH_BOX_LAYER (layer);

  for (guint i = 0; i < self->boxes->len; i++)
    {
      const WorkbenchBox *box = &g_array_index (self->boxes, WorkbenchBox, i);
      const double values[] = { box->low, box->lower, box->median, box->upper, box->high };
      char value[G_ASCII_DTOSTR_BUF_SIZE];

      for (guint j = 0; j < G_N_ELEMENTS (values); j++)
        {
          g_autofree char *series = g_strconcat (box->name, " ", names[j], NULL);

          dfkd_csv_append_text (text, series);
          g_string_append_printf (text, ",%s", g_ascii_formatd (value, sizeof value, "%.9g", values[j]));
          dfkd_csv_append_text (text, box->name);
          g_string_append_c (text, '\n');
        }
    }
}

static void
clear_box (gpointer data)
{
  g_free (((WorkbenchBox *) data)->name);
}

static void
workbench_box_layer_finalize (GObject *object)
{
  g_array_unref (WORKBENCH_BOX_LAYER (object)->boxes);
  g_free (WORKBENCH_BOX_LAYER (object)->unit);
  G_OBJECT_CLASS (workbench_box_layer_parent_class)->finalize (object);
}

static void
workbench_box_layer_class_init (WorkbenchBoxLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_box_layer_finalize;
  layer_class->get_x_range = get_x_range;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->hover = hover;
  layer_class->find_row = find_row;
  layer_class->write_csv = write_csv;
}

static void
workbench_box_layer_init (WorkbenchBoxLayer *self)
{
  self->boxes = g_array_new (FALSE, FALSE, sizeof (WorkbenchBox));
  g_array_set_clear_func (self->boxes, clear_box);
}

WorkbenchBoxLayer *
workbench_box_layer_new (const char *unit)
{
  WorkbenchBoxLayer *self = g_object_new (WORKBENCH_TYPE_BOX_LAYER, NULL);

  self->unit = g_strdup (unit);
  return self;
}

void
workbench_box_layer_set (WorkbenchBoxLayer *self, const WorkbenchBox *boxes, guint count)
{
  g_array_set_size (self->boxes, 0);
  for (guint i = 0; i < count; i++)
    {
      WorkbenchBox box = boxes[i];

      box.name = g_strdup (box.name);
      g_array_append_val (self->boxes, box);
    }
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
