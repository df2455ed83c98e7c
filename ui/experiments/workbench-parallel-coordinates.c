/* workbench-parallel-coordinates.c: the widget around axes, lines and ranges. */
#include "workbench-parallel-private.h"

#include "workbench-drawing.h"

#include <glib/gi18n.h>
#include <math.h>

G_DEFINE_FINAL_TYPE (WorkbenchParallelCoordinates, workbench_parallel_coordinates, GTK_TYPE_WIDGET)

enum {
  SELECTED,
  HOVERED,
  ACTIVATED,
  N_SIGNALS
};

enum {
  LEAST_SPACING = 110, /* pixels from axis to axis */
  LEAST_HEIGHT = 190,
  SAVED_WIDTH = 1000,
  SAVED_HEIGHT = 500,
};

static guint signals[N_SIGNALS];

/* ------------------------------------------------------------------------------------------------ on the screen */

static gboolean
is_drawn (WorkbenchParallelCoordinates *self, double width, double height, const GdkRGBA *colour)
{
  return self->base != NULL && self->base_size[0] == width && self->base_size[1] == height && gdk_rgba_equal (&self->base_colour, colour);
}

static void
workbench_parallel_coordinates_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkbenchParallelCoordinates *self = WORKBENCH_PARALLEL_COORDINATES (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  WorkbenchPlot plot;

  workbench_drawing_prepare (&plot, widget);
  if (!is_drawn (self, width, height, &plot.foreground))
    {
      GtkSnapshot *base = gtk_snapshot_new ();

      g_clear_pointer (&self->base, gsk_render_node_unref);
      self->base_size[0] = width;
      self->base_size[1] = height;
      self->base_colour = plot.foreground;
      workbench_drawing_snapshot (&plot, widget, base, workbench_parallel_draw_base, self);
      self->base = gtk_snapshot_free_to_node (base);
      workbench_drawing_prepare (&plot, widget);
    }
  if (self->base != NULL)
    gtk_snapshot_append_node (snapshot, self->base);
  workbench_drawing_snapshot (&plot, widget, snapshot, workbench_parallel_draw_highlight, self);
}

static void
workbench_parallel_coordinates_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                                        int *minimum_baseline, int *natural_baseline)
{
  WorkbenchParallelCoordinates *self = WORKBENCH_PARALLEL_COORDINATES (widget);
  int axes = (int) MAX (self->axes->len, 2);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_SPACING * axes : LEAST_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * LEAST_SPACING * axes : 2 * LEAST_HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

/* "Inner steps, k (steps)" */
static char *
full_title (const WorkbenchExperimentColumn *column)
{
  return *column->detail != '\0' ? g_strdup_printf ("%s, %s", column->title, column->detail) : g_strdup (column->title);
}

/* the title of an axis may be cut off, and says nothing of what turning it does */
static gboolean
workbench_parallel_coordinates_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WorkbenchParallelCoordinates *self = WORKBENCH_PARALLEL_COORDINATES (widget);

  for (guint i = 0; i < self->axes->len && !keyboard && y < self->top; i++)
    {
      const WorkbenchParallelAxis *axis = workbench_parallel_axis (self, i);
      const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (self->table, axis->column);
      g_autofree char *heading = NULL, *text = NULL;

      if (fabs (x - axis->x) > 0.5 * LEAST_SPACING)
        continue;
      heading = full_title (column);
      text = column->kind == WORKBENCH_COLUMN_PARAMETER ? g_strdup_printf ("%s\n%s", heading, _(dfkd_parameter (column->id)->effect))
                                                        : g_strdup (heading);
      gtk_tooltip_set_text (tooltip, text);
      return TRUE;
    }
  return FALSE;
}

void
workbench_parallel_changed (WorkbenchParallelCoordinates *self)
{
  g_clear_pointer (&self->base, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* what is looked at of a column */
static char *
range_text (WorkbenchParallelCoordinates *self, guint index)
{
  const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (self->table, index);
  g_autofree char *heading = full_title (column);
  g_autoptr (GString) names = g_string_new (NULL);
  double low, high;

  if (!workbench_brushes_get (self->brushes, index, &low, &high))
    return g_strdup_printf (_("%s: all values"), heading);
  if (column->categories == NULL)
    return g_strdup_printf (_("%s: from %.4g to %.4g"), heading, low, high);
  for (guint i = 0; column->categories[i] != NULL; i++)
    if (i >= low && i <= high)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", column->categories[i]);
  return g_strdup_printf ("%s: %s", heading, names->str);
}

void
workbench_parallel_describe (WorkbenchParallelCoordinates *self)
{
  g_autofree char *text = self->focus < self->axes->len ? range_text (self, workbench_parallel_axis (self, self->focus)->column) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text != NULL ? text : "", -1);
}

static void
on_brushes (WorkbenchParallelCoordinates *self)
{
  workbench_parallel_changed (self);
  workbench_parallel_describe (self);
}

/* ------------------------------------------------------------------------------------------------- construction */

static void
workbench_parallel_coordinates_dispose (GObject *object)
{
  WorkbenchParallelCoordinates *self = WORKBENCH_PARALLEL_COORDINATES (object);

  g_clear_pointer (&self->base, gsk_render_node_unref);
  g_clear_object (&self->table);
  G_OBJECT_CLASS (workbench_parallel_coordinates_parent_class)->dispose (object);
}

static void
workbench_parallel_coordinates_finalize (GObject *object)
{
  WorkbenchParallelCoordinates *self = WORKBENCH_PARALLEL_COORDINATES (object);

  g_signal_handlers_disconnect_by_data (self->brushes, self);
  g_object_unref (self->brushes);
  g_array_unref (self->axes);
  G_OBJECT_CLASS (workbench_parallel_coordinates_parent_class)->finalize (object);
}

static void
workbench_parallel_coordinates_class_init (WorkbenchParallelCoordinatesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[N_SIGNALS] = { "selected", "hovered", "activated" };

  G_OBJECT_CLASS (klass)->dispose = workbench_parallel_coordinates_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_parallel_coordinates_finalize;
  widget_class->snapshot = workbench_parallel_coordinates_snapshot;
  widget_class->measure = workbench_parallel_coordinates_measure;
  widget_class->query_tooltip = workbench_parallel_coordinates_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], WORKBENCH_TYPE_PARALLEL_COORDINATES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
workbench_parallel_coordinates_init (WorkbenchParallelCoordinates *self)
{
  self->axes = g_array_new (FALSE, FALSE, sizeof (WorkbenchParallelAxis));
  self->brushes = workbench_brushes_new ();
  self->selected = self->hovered = self->dragged = -1;
  g_signal_connect_swapped (self->brushes, "changed", G_CALLBACK (on_brushes), self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Parallel coordinates of the recipes"), -1);
  workbench_parallel_add_hand (self);
}

/* ------------------------------------------------------------------------------------------------------ outside */

static void
add_axis (WorkbenchParallelCoordinates *self, guint index)
{
  const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (self->table, index);
  WorkbenchParallelAxis axis = { .column = index };

  if (!column->is_axis || isnan (column->minimum))
    return;
  if (column->categories != NULL)
    axis.axis = (WorkbenchAxis){ -0.5, g_strv_length (column->categories) - 0.5, FALSE };
  else
    axis.axis = workbench_axis_fit (column->minimum, column->maximum, column->logarithmic);
  g_array_append_val (self->axes, axis);
}

/* the axis of a column, or −1 */
static int
find_axis_of (WorkbenchParallelCoordinates *self, int column)
{
  for (guint i = 0; i < self->axes->len; i++)
    if ((int) workbench_parallel_axis (self, i)->column == column)
      return (int) i;
  return -1;
}

/* the column of an axis, or −1 */
static int
column_of_axis (WorkbenchParallelCoordinates *self, int axis)
{
  return axis >= 0 && axis < (int) self->axes->len ? (int) workbench_parallel_axis (self, (guint) axis)->column : -1;
}

void
workbench_parallel_coordinates_set_table (WorkbenchParallelCoordinates *self, WorkbenchExperimentTable *table)
{
  gboolean same = table != NULL && self->table != NULL && workbench_experiment_table_same_shape (self->table, table);
  const int focused = column_of_axis (self, (int) self->focus), dragged = column_of_axis (self, self->dragged);

  if (!g_set_object (&self->table, table))
    return;
  g_array_set_size (self->axes, 0);
  for (guint i = 0; table != NULL && i < workbench_experiment_table_get_n_columns (table); i++)
    add_axis (self, i);
  self->focus = same ? (guint) MAX (find_axis_of (self, focused), 0) : 0;
  self->dragged = same ? find_axis_of (self, dragged) : -1; /* results come in while the pointer is on its way */
  if (!same)
    {
      workbench_brushes_clear_all (self->brushes);
      workbench_parallel_coordinates_set_selected (self, -1);
      workbench_parallel_set_hovered (self, -1);
    }
  workbench_parallel_describe (self);
  workbench_parallel_changed (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

WorkbenchBrushes *
workbench_parallel_coordinates_get_brushes (WorkbenchParallelCoordinates *self)
{
  return self->brushes;
}

void
workbench_parallel_coordinates_set_selected (WorkbenchParallelCoordinates *self, int row)
{
  if (row == self->selected)
    return;
  self->selected = row;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SELECTED], 0, row);
}

int
workbench_parallel_coordinates_get_selected (WorkbenchParallelCoordinates *self)
{
  return self->selected;
}

void
workbench_parallel_set_hovered (WorkbenchParallelCoordinates *self, int row)
{
  if (row == self->hovered)
    return;
  self->hovered = row;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[HOVERED], 0, row);
}

void
workbench_parallel_activate (WorkbenchParallelCoordinates *self, int row)
{
  if (row >= 0)
    g_signal_emit (self, signals[ACTIVATED], 0, row);
}

static void
draw_all (WorkbenchPlot *plot, double width, double height, gpointer self)
{
  workbench_parallel_draw_base (plot, width, height, self);
  workbench_parallel_draw_highlight (plot, width, height, self);
}

static void
write_values (GString *text, gpointer self)
{
  if (WORKBENCH_PARALLEL_COORDINATES (self)->table != NULL)
    workbench_experiment_table_write_csv (WORKBENCH_PARALLEL_COORDINATES (self)->table, text);
}

gboolean
workbench_parallel_coordinates_save (WorkbenchParallelCoordinates *self, const char *path, GError **error)
{
  gboolean done = workbench_drawing_save (path, MAX (SAVED_WIDTH, LEAST_SPACING * self->axes->len), SAVED_HEIGHT, draw_all, write_values, self, error);

  workbench_parallel_changed (self); /* it is laid out for the file */
  return done;
}
