/* workbench-chart.c: the widget around layers and axes. */
#include "workbench-chart-private.h"

#include "workbench-drawing.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (WorkbenchChart, workbench_chart, GTK_TYPE_WIDGET)

enum {
  ZOOMED,
  CURSOR,
  N_SIGNALS
};

enum {
  LEAST_FRAME = 76, /* pixels, for two numbers at the left and a curve that can be read */
  HIGHEST = 8192, /* pixels that a chart asks for: more is no surface to draw on. Of more rows than fit the pointer tells the names */
};

static guint signals[N_SIGNALS];

static void
draw (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  workbench_chart_draw (data, plot, width, height, TRUE);
}

static gboolean
ask_again (gpointer data)
{
  ((WorkbenchChart *) data)->resize = 0;
  gtk_widget_queue_resize (data);
  return G_SOURCE_REMOVE;
}

/* A title may have become longer, or told that its curve has no place on the axis, or names have no room beside each other: only drawing
 * finds out. A widget that is being drawn must not ask for a new layout itself. */
static void
follow_texts (WorkbenchChart *self)
{
  double beside = self->plot.top + self->names_height;

  if (beside == self->beside)
    return;
  if (self->resize == 0)
    self->resize = g_idle_add (ask_again, self);
  self->beside = beside;
}

static void
workbench_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkbenchChart *self = WORKBENCH_CHART (widget);

  workbench_drawing_prepare (&self->plot, widget);
  self->plot.texts = self->texts;
  workbench_drawing_snapshot (&self->plot, widget, snapshot, draw, self);
  self->plot.texts = NULL;
  follow_texts (self);
}

/* the letters may be others */
static void
workbench_chart_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  g_hash_table_remove_all (WORKBENCH_CHART (widget)->texts);
  GTK_WIDGET_CLASS (workbench_chart_parent_class)->css_changed (widget, change);
}

static GtkSizeRequestMode
workbench_chart_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Of a narrow chart the legend takes many lines, which must not be taken from the frame. */
static int
height_for_width (WorkbenchChart *self, int width)
{
  WorkbenchPlot plot;
  int height;

  workbench_drawing_prepare (&plot, GTK_WIDGET (self));
  plot.texts = self->texts;
  plot.x = self->plot.x;
  plot.y = self->plot.y;
  height = workbench_chart_height_for_width (self, &plot, width, LEAST_FRAME);
  g_object_unref (plot.layout);
  return height;
}

static void
workbench_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  WorkbenchChart *self = WORKBENCH_CHART (widget);

  *minimum = 160;
  *natural = 480;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      int rows = workbench_chart_rows_height (self, workbench_drawing_text_height (widget));
      int needed = MAX (rows > 0 ? rows + (int) self->names_height : 0, height_for_width (self, for_size >= 0 ? for_size : *natural));

      *minimum = MAX (110, needed);
      *natural = MAX (200, needed);
    }
  *minimum_baseline = *natural_baseline = -1;
}

static void
clear_entry (gpointer data)
{
  g_object_unref (((WorkbenchChartEntry *) data)->layer);
}

static void
workbench_chart_dispose (GObject *object)
{
  WorkbenchChart *self = WORKBENCH_CHART (object);

  g_clear_handle_id (&self->resize, g_source_remove);
  for (guint i = 0; i < self->entries->len; i++)
    g_signal_handlers_disconnect_by_data (g_array_index (self->entries, WorkbenchChartEntry, i).layer, self);
  g_array_set_size (self->entries, 0);
  G_OBJECT_CLASS (workbench_chart_parent_class)->dispose (object);
}

static void
workbench_chart_finalize (GObject *object)
{
  WorkbenchChart *self = WORKBENCH_CHART (object);

  g_array_unref (self->entries);
  g_hash_table_unref (self->texts);
  g_free (self->x_name);
  g_free (self->y_name);
  g_free (self->empty_text);
  g_strfreev (self->x_labels);
  g_strfreev (self->y_labels);
  G_OBJECT_CLASS (workbench_chart_parent_class)->finalize (object);
}

static void
workbench_chart_class_init (WorkbenchChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_chart_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_chart_finalize;
  widget_class->snapshot = workbench_chart_snapshot;
  widget_class->get_request_mode = workbench_chart_get_request_mode;
  widget_class->measure = workbench_chart_measure;
  widget_class->css_changed = workbench_chart_css_changed;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[ZOOMED] = g_signal_new ("zoomed", WORKBENCH_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CURSOR] = g_signal_new ("cursor", WORKBENCH_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
workbench_chart_init (WorkbenchChart *self)
{
  self->entries = g_array_new (FALSE, TRUE, sizeof (WorkbenchChartEntry));
  g_array_set_clear_func (self->entries, clear_entry);
  self->texts = workbench_plot_texts_new ();
  self->x_name = g_strdup ("");
  self->y_name = g_strdup ("");
  self->limits[0] = self->limits[1] = self->cursor = self->row = self->moved[0] = self->pointer[0] = self->pointer[1] = self->band[0] = self->beside = (double) NAN;
  for (guint i = 0; i < G_N_ELEMENTS (self->zoom); i++)
    self->zoom[i] = (double) NAN;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  workbench_chart_add_gestures (self);
  workbench_chart_add_keys (self);
}

static void
replace (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

void
workbench_chart_set_axes (WorkbenchChart *self, const char *x_name, const char *y_name)
{
  replace (&self->x_name, x_name);
  replace (&self->y_name, y_name);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_set_counts (WorkbenchChart *self, gboolean counts)
{
  self->counts = counts;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
replace_labels (WorkbenchChart *self, char ***labels, const char *const *values)
{
  g_strfreev (*labels);
  *labels = g_strdupv ((char **) values);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_set_x_labels (WorkbenchChart *self, const char *const *labels)
{
  replace_labels (self, &self->x_labels, labels);
}

void
workbench_chart_set_y_labels (WorkbenchChart *self, const char *const *labels)
{
  guint before = self->y_labels != NULL ? g_strv_length (self->y_labels) : 0;

  replace_labels (self, &self->y_labels, labels);
  if (before != (labels != NULL ? g_strv_length ((char **) labels) : 0))
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

int
workbench_chart_rows_height (WorkbenchChart *self, int text_height)
{
  gint64 rows = self->y_labels != NULL ? g_strv_length (self->y_labels) : 0;

  /* a line each; beside them two lines of names below and up to three of the legend above */
  return rows == 0 ? 0 : (int) MIN (rows * (text_height + 1) + 5 * text_height + 20, HIGHEST);
}

void
workbench_chart_set_logarithmic (WorkbenchChart *self, gboolean logarithmic)
{
  self->logarithmic = logarithmic;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_set_y_limits (WorkbenchChart *self, double minimum, double maximum)
{
  self->limits[0] = minimum;
  self->limits[1] = maximum;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_set_empty_text (WorkbenchChart *self, const char *text)
{
  if (g_strcmp0 (self->empty_text, text) == 0)
    return;
  replace (&self->empty_text, text);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_chart_add (WorkbenchChart *self, WorkbenchChartLayer *layer)
{
  WorkbenchChartEntry entry = { .layer = layer };

  g_array_append_val (self->entries, entry);
  g_signal_connect_swapped (layer, "changed", G_CALLBACK (gtk_widget_queue_draw), self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
workbench_chart_remove (WorkbenchChart *self, WorkbenchChartLayer *layer)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_array_index (self->entries, WorkbenchChartEntry, i).layer == layer)
      {
        g_signal_handlers_disconnect_by_data (layer, self);
        g_array_remove_index (self->entries, i);
        gtk_widget_queue_resize (GTK_WIDGET (self));
        return;
      }
}

guint
workbench_chart_get_n_layers (WorkbenchChart *self)
{
  return self->entries->len;
}

WorkbenchChartLayer *
workbench_chart_get_layer (WorkbenchChart *self, guint index)
{
  g_return_val_if_fail (index < self->entries->len, NULL);
  return g_array_index (self->entries, WorkbenchChartEntry, index).layer;
}

static gboolean
is_same (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

void
workbench_chart_zoom (WorkbenchChart *self, double x0, double x1, double y0, double y1)
{
  const double zoom[4] = { x0, x1, y0, y1 };
  gboolean changed = FALSE;

  /* a piece that is no wider than rounding shows nothing */
  if ((isfinite (x0) && !(x1 - x0 > 1e-12 * MAX (fabs (x0), fabs (x1)))) || (isfinite (y0) && !(y1 - y0 > 1e-12 * MAX (fabs (y0), fabs (y1)))))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (zoom); i++)
    {
      changed |= !is_same (self->zoom[i], zoom[i]);
      self->zoom[i] = zoom[i];
    }
  if (!changed)
    return;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[ZOOMED], 0);
}

void
workbench_chart_get_zoom (WorkbenchChart *self, double *x0, double *x1, double *y0, double *y1)
{
  *x0 = self->zoom[0];
  *x1 = self->zoom[1];
  *y0 = self->zoom[2];
  *y1 = self->zoom[3];
}

void
workbench_chart_set_cursor (WorkbenchChart *self, double x)
{
  if (is_same (self->cursor, x))
    return;
  self->cursor = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CURSOR], 0, x);
}

static void
on_other_zoomed (WorkbenchChart *other, WorkbenchChart *self)
{
  workbench_chart_zoom (self, other->zoom[0], other->zoom[1], self->zoom[2], self->zoom[3]);
}

static void
on_other_cursor (WorkbenchChart *other, double x, WorkbenchChart *self)
{
  workbench_chart_set_cursor (self, x);
}

void
workbench_chart_link (WorkbenchChart *a, WorkbenchChart *b)
{
  g_signal_connect_object (a, "zoomed", G_CALLBACK (on_other_zoomed), b, 0);
  g_signal_connect_object (b, "zoomed", G_CALLBACK (on_other_zoomed), a, 0);
  g_signal_connect_object (a, "cursor", G_CALLBACK (on_other_cursor), b, 0);
  g_signal_connect_object (b, "cursor", G_CALLBACK (on_other_cursor), a, 0);
}

void
workbench_chart_unlink (WorkbenchChart *a, WorkbenchChart *b)
{
  g_signal_handlers_disconnect_by_data (a, b);
  g_signal_handlers_disconnect_by_data (b, a);
}
