/* workbench-chart-keys.c: the keyboard: a crosshair that goes from point to point and from row to row and is told to who cannot see
 * it, zoom, pan, and the legend. */
#include "workbench-chart-private.h"

#include <math.h>

static const double PRESS = 1.2; /* what + and − zoom by */
static const double MARGIN = 0.1; /* of the axis: how far inside of a piece the crosshair comes that has left it */

/* -------------------------------------------------------------------------------------------- what is told */

static void
tell (WorkbenchChart *self)
{
  g_autofree char *text = workbench_chart_describe (self);

  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

void
workbench_chart_leave_keys (WorkbenchChart *self)
{
  if (!self->by_keys)
    return;
  self->by_keys = FALSE;
  self->row = (double) NAN;
  workbench_chart_set_cursor (self, (double) NAN);
  gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ----------------------------------------------------------------------------------------------- crosshair */

/* of all layers, the nearest place to stand along x. *row: that of the layer's point, NaN where it tells of a column */
static gboolean
find_column (WorkbenchChart *self, double from, gboolean forward, double *x, double *row)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (self, i);
      WorkbenchChartLayerClass *klass = WORKBENCH_CHART_LAYER_GET_CLASS (layer);
      double at, y = (double) NAN;

      if (!workbench_chart_layer_get_visible (layer) || klass->find_column == NULL || !klass->find_column (layer, from, forward, &at, &y)
          || (found && (forward ? at >= *x : at <= *x)))
        continue;
      *x = at;
      *row = y;
      found = TRUE;
    }
  return found;
}

static gboolean
find_row (WorkbenchChart *self, double from, gboolean forward, double *y)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (self, i);
      WorkbenchChartLayerClass *klass = WORKBENCH_CHART_LAYER_GET_CLASS (layer);

      if (workbench_chart_layer_get_visible (layer) && klass->find_row != NULL && klass->find_row (layer, from, forward, y))
        return TRUE;
    }
  return FALSE;
}

/* by how much a piece of an axis moves so that @value lies in it */
static double
way_to (const WorkbenchAxis *axis, double value)
{
  double margin = MARGIN * (axis->maximum - axis->minimum);

  return value < axis->minimum ? value - margin - axis->minimum : value > axis->maximum ? value + margin - axis->maximum : 0.0;
}

/* a zoomed piece goes along with the crosshair, and so does the page on which the chart is higher than the window */
static void
reveal (WorkbenchChart *self)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_VIEWPORT);
  WorkbenchAxis *x = &self->plot.x, *y = &self->plot.y;
  double along_x = isfinite (self->cursor) && isfinite (self->zoom[0]) ? way_to (x, self->cursor) : 0.0, top, bottom;
  double along_y = isfinite (self->row) && isfinite (self->zoom[2]) && !y->logarithmic ? way_to (y, self->row) : 0.0;

  x->minimum += along_x; /* told before it is drawn */
  x->maximum += along_x;
  y->minimum += along_y;
  y->maximum += along_y;
  if (along_x != 0.0 || along_y != 0.0)
    workbench_chart_zoom (self, isfinite (self->zoom[0]) ? x->minimum : (double) NAN, isfinite (self->zoom[0]) ? x->maximum : (double) NAN,
                          isfinite (self->zoom[2]) ? y->minimum : (double) NAN, isfinite (self->zoom[2]) ? y->maximum : (double) NAN);
  if (page == NULL || !isfinite (self->row) || self->y_labels == NULL)
    return;
  if (gtk_widget_translate_coordinates (GTK_WIDGET (self), gtk_viewport_get_child (GTK_VIEWPORT (page)), 0.0, workbench_plot_y (&self->plot, self->row + 1.0), NULL, &top)
      && gtk_widget_translate_coordinates (GTK_WIDGET (self), gtk_viewport_get_child (GTK_VIEWPORT (page)), 0.0, workbench_plot_y (&self->plot, self->row - 1.0), NULL, &bottom))
    gtk_adjustment_clamp_page (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (page)), top, bottom);
}

/* the row to begin from: that of the keys, or the pointer's; NaN: none */
static double
present_row (WorkbenchChart *self)
{
  if (self->by_keys)
    return self->row;
  return self->y_labels != NULL && isfinite (self->pointer[1]) ? round (workbench_plot_value_y (&self->plot, self->pointer[1])) : (double) NAN;
}

static gboolean
go_to (WorkbenchChart *self, double x, double row)
{
  self->pointer[0] = self->pointer[1] = (double) NAN; /* until it moves */
  self->by_keys = TRUE;
  self->row = row;
  workbench_chart_set_cursor (self, x);
  reveal (self);
  tell (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

/* along x to the next point, or to the next pixel that has one; FALSE: this chart has none along x */
static gboolean
step_column (WorkbenchChart *self, gboolean forward)
{
  const WorkbenchAxis *axis = &self->plot.x;
  double pixel = (axis->maximum - axis->minimum) / self->plot.width, x, row = (double) NAN, before = present_row (self);

  if (!isfinite (self->cursor))
    {
      if (!find_column (self, forward ? axis->minimum : axis->maximum, forward, &x, &row))
        return FALSE;
    }
  else if (!find_column (self, self->cursor + (forward ? pixel : -pixel), forward, &x, &row)
           && !find_column (self, nextafter (self->cursor, forward ? INFINITY : -INFINITY), forward, &x, &row))
    return find_column (self, self->cursor, !forward, &x, &row); /* it stands at the end */
  if (!isfinite (row))
    row = before;
  if (!isfinite (row) && !find_row (self, self->plot.y.maximum, FALSE, &row)) /* a matrix is entered at its uppermost row */
    row = (double) NAN;
  return go_to (self, x, row);
}

static gboolean
step_row (WorkbenchChart *self, gboolean up)
{
  const WorkbenchAxis *axis = &self->plot.y;
  double before = present_row (self), from = isfinite (before) ? before + (up ? 1.0 : -1.0) : up ? axis->minimum : axis->maximum;
  double x = (double) NAN, row, ignored;

  if (!find_row (self, from, up, &row))
    return find_row (self, from, !up, &row); /* it stands at the end */
  /* of a matrix the column where it stands already, or the first */
  if (!(isfinite (self->cursor) && find_column (self, self->cursor - 0.5, TRUE, &x, &ignored))
      && !find_column (self, self->plot.x.minimum, TRUE, &x, &ignored))
    x = (double) NAN;
  return go_to (self, x, row);
}

/* to the first point of what is shown, or the last */
static gboolean
go_to_end (WorkbenchChart *self, gboolean last)
{
  double x, row = (double) NAN;

  if (find_column (self, last ? self->plot.x.maximum : self->plot.x.minimum, !last, &x, &row))
    return go_to (self, x, isfinite (row) ? row : self->row);
  return find_row (self, last ? self->plot.y.minimum : self->plot.y.maximum, last, &row) && go_to (self, (double) NAN, row);
}

/* ----------------------------------------------------------------------------------------------- zoom, pan */

static void
pan_by (WorkbenchChart *self, double along_x, double along_y)
{
  const WorkbenchAxis *x = &self->plot.x, *y = &self->plot.y;

  if (along_x != 0.0)
    workbench_chart_zoom (self, workbench_axis_value (x, along_x), workbench_axis_value (x, 1.0 + along_x), self->zoom[2], self->zoom[3]);
  else
    workbench_chart_zoom (self, self->zoom[0], self->zoom[1], workbench_axis_value (y, along_y), workbench_axis_value (y, 1.0 + along_y));
}

static void
on_arrow (WorkbenchChart *self, guint key, gboolean pan)
{
  gboolean along_x = key == GDK_KEY_Left || key == GDK_KEY_Right, forward = key == GDK_KEY_Right || key == GDK_KEY_Up;

  if (!pan && (along_x ? step_column (self, forward) : step_row (self, forward)))
    return;
  pan_by (self, along_x ? (forward ? 0.1 : -0.1) : 0.0, along_x ? 0.0 : (forward ? 0.1 : -0.1));
}

/* an entry of the legend by its number */
static void
toggle_number (WorkbenchChart *self, guint number)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const WorkbenchChartEntry *entry = &g_array_index (self->entries, WorkbenchChartEntry, i);

      if (entry->right > entry->left && number-- == 0)
        workbench_chart_toggle (self, i);
    }
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, WorkbenchChart *self)
{
  if (!self->drawn || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      on_arrow (self, key, (state & GDK_SHIFT_MASK) != 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
    case GDK_KEY_End:
      return go_to_end (self, key == GDK_KEY_End) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
    case GDK_KEY_equal:
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      workbench_chart_zoom_about (self, key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract ? 1.0 / PRESS : PRESS,
                                  self->by_keys && isfinite (self->cursor) ? self->cursor : workbench_axis_value (&self->plot.x, 0.5), 0.0, FALSE);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
    case GDK_KEY_Escape:
      workbench_chart_zoom (self, (double) NAN, (double) NAN, (double) NAN, (double) NAN);
      return GDK_EVENT_STOP;
    default:
      break;
    }
  if (key < GDK_KEY_1 || key > GDK_KEY_9)
    return GDK_EVENT_PROPAGATE;
  toggle_number (self, key - GDK_KEY_1);
  return GDK_EVENT_STOP;
}

static void
on_focus_lost (GtkEventControllerFocus *controller, WorkbenchChart *self)
{
  workbench_chart_leave_keys (self);
}

void
workbench_chart_add_keys (WorkbenchChart *self)
{
  GtkEventController *key = gtk_event_controller_key_new (), *focus = gtk_event_controller_focus_new ();

  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_focus_lost), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}
