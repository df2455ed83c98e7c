/* workbench-mark-layer.c: lines with their texts, in rows so that neighbours stay readable. */
#include "workbench-mark-layer.h"

#include <math.h>
#include <string.h>

typedef struct {
  double x[WORKBENCH_N_CLOCKS];
  char *text;
} Mark;

struct _WorkbenchMarkLayer
{
  WorkbenchChartLayer parent_instance;

  GArray *marks; /* of Mark */
  WorkbenchClock clock;
};

G_DEFINE_FINAL_TYPE (WorkbenchMarkLayer, workbench_mark_layer, WORKBENCH_TYPE_CHART_LAYER)

enum {
  ROWS = 4, /* of texts */
};

typedef struct {
  double left, right;
  guint row;
} Place;

/* the first row in which nothing stands there yet; ROWS: none */
static guint
find_row (const GArray *places, double left, double right)
{
  for (guint row = 0; row < ROWS; row++)
    {
      gboolean taken = FALSE;

      for (guint i = 0; i < places->len && !taken; i++)
        {
          const Place *place = &g_array_index (places, Place, i);

          taken = place->row == row && left < place->right && place->left < right;
        }
      if (!taken)
        return row;
    }
  return ROWS;
}

/* right of its line, or left of it where the plot ends; where there is no room the pointer finds it */
static void
draw_text (const WorkbenchPlot *plot, const char *text, double x, GArray *places)
{
  const double gap = 4.0;
  int width, height;
  gboolean fits;
  Place place;
  double y;

  workbench_plot_measure (plot, text, &width, &height);
  fits = x + gap + width < plot->left + plot->width;
  place.left = fits ? x + gap : x - gap - width;
  place.right = place.left + width + gap;
  place.row = find_row (places, place.left, place.right);
  if (place.row == ROWS)
    return;
  g_array_append_val (places, place);
  y = plot->top + 0.7 * height + place.row * height;
  workbench_plot_plate (plot, width, height, fits ? x + gap : x - gap, y, fits ? 0.0 : 1.0);
  workbench_plot_text (plot, text, fits ? x + gap : x - gap, y, fits ? 0.0 : 1.0);
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchMarkLayer *self = WORKBENCH_MARK_LAYER (layer);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));

  cairo_set_line_width (plot->cr, 1.0);
  workbench_plot_set_colour (plot, &plot->foreground, 0.55);
  for (guint i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);
      const double x = floor (workbench_plot_x (plot, mark->x[self->clock])) + 0.5;

      if (x < plot->left || x > plot->left + plot->width)
        continue;
      cairo_move_to (plot->cr, x, plot->top);
      cairo_line_to (plot->cr, x, plot->top + plot->height);
      cairo_stroke (plot->cr);
      draw_text (plot, mark->text, x, places);
    }
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchMarkLayer *self = WORKBENCH_MARK_LAYER (layer);
  const double near = 5.0;

  for (guint i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);

      if (fabs (workbench_plot_x (plot, mark->x[self->clock]) - x) > near)
        continue;
      *hover = (WorkbenchHover){ mark->x[self->clock], (double) NAN, 0.0, plot->foreground, g_strdup (mark->text) };
      return TRUE;
    }
  return FALSE;
}

static void
clear_mark (gpointer data)
{
  g_free (((Mark *) data)->text);
}

static void
workbench_mark_layer_finalize (GObject *object)
{
  g_array_unref (WORKBENCH_MARK_LAYER (object)->marks);
  G_OBJECT_CLASS (workbench_mark_layer_parent_class)->finalize (object);
}

static void
workbench_mark_layer_class_init (WorkbenchMarkLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_mark_layer_finalize;
  layer_class->draw = draw;
  layer_class->hover = hover;
}

static void
workbench_mark_layer_init (WorkbenchMarkLayer *self)
{
  self->marks = g_array_new (FALSE, TRUE, sizeof (Mark));
  g_array_set_clear_func (self->marks, clear_mark);
}

WorkbenchMarkLayer *
workbench_mark_layer_new (void)
{
  return g_object_new (WORKBENCH_TYPE_MARK_LAYER, NULL);
}

void
workbench_mark_layer_add (WorkbenchMarkLayer *self, const double x[WORKBENCH_N_CLOCKS], const char *text)
{
  Mark mark = { .text = g_strdup (text) };

  memcpy (mark.x, x, sizeof mark.x);
  g_array_append_val (self->marks, mark);
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

void
workbench_mark_layer_set_clock (WorkbenchMarkLayer *self, WorkbenchClock clock)
{
  self->clock = clock;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

void
workbench_mark_layer_clear (WorkbenchMarkLayer *self)
{
  g_array_set_size (self->marks, 0);
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
