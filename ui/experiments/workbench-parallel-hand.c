/* workbench-parallel-hand.c: pointer and keys: ranges along axes, lines that are pointed at and selected. */
#include "workbench-parallel-private.h"

#include <math.h>

static const double GRIP = 16.0;    /* pixels beside an axis that still are the axis */
static const double CLICK = 4.0;    /* pixels of a movement that is none */
static const double NOTCH = 0.05;   /* of an axis, at a press of a key */

/* the axis at @x, or −1 */
static int
find_axis (WorkbenchParallelCoordinates *self, double x, double y)
{
  int found = -1;
  double nearest = GRIP;

  for (guint i = 0; i < self->axes->len && y >= self->top - GRIP; i++)
    {
      const double away = fabs (workbench_parallel_axis (self, i)->x - x);

      if (away < nearest)
        {
          nearest = away;
          found = (int) i;
        }
    }
  return found;
}

static double
value_at (WorkbenchParallelCoordinates *self, const WorkbenchParallelAxis *axis, double y)
{
  return workbench_axis_value (&axis->axis, CLAMP (1.0 - (y - self->top) / self->height, 0.0, 1.0));
}

/* ----------------------------------------------------------------------------------------------------- pointer */

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, WorkbenchParallelCoordinates *self)
{
  if (self->dragged < 0)
    workbench_parallel_set_hovered (self, workbench_parallel_find_row (self, x, y));
}

static void
on_leave (GtkEventControllerMotion *motion, WorkbenchParallelCoordinates *self)
{
  workbench_parallel_set_hovered (self, -1);
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, WorkbenchParallelCoordinates *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->brushed = FALSE;
  self->dragged = find_axis (self, x, y);
  if (self->dragged < 0)
    return;
  self->focus = (guint) self->dragged;
  self->from = value_at (self, workbench_parallel_axis (self, self->focus), y);
  workbench_parallel_describe (self);
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, WorkbenchParallelCoordinates *self)
{
  const WorkbenchParallelAxis *axis;
  double x, y;

  if (self->dragged < 0 || (!self->brushed && fabs (dy) < CLICK))
    return;
  if (!self->brushed)
    workbench_parallel_set_hovered (self, -1);
  self->brushed = TRUE;
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_gesture_drag_get_start_point (drag, &x, &y);
  axis = workbench_parallel_axis (self, (guint) self->dragged);
  workbench_brushes_set (self->brushes, axis->column, self->from, value_at (self, axis, y + dy));
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, WorkbenchParallelCoordinates *self)
{
  const int dragged = self->dragged;
  double x, y, low, high;

  self->dragged = -1;
  if (self->brushed || hypot (dx, dy) >= CLICK || !gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;
  if (dragged >= 0 && workbench_brushes_get (self->brushes, workbench_parallel_axis (self, (guint) dragged)->column, &low, &high))
    workbench_brushes_clear (self->brushes, workbench_parallel_axis (self, (guint) dragged)->column);
  else
    workbench_parallel_coordinates_set_selected (self, workbench_parallel_find_row (self, x, y));
}

static void
on_pressed (GtkGestureClick *click, int presses, double x, double y, WorkbenchParallelCoordinates *self)
{
  if (presses == 2)
    workbench_parallel_activate (self, workbench_parallel_find_row (self, x, y));
}

/* -------------------------------------------------------------------------------------------------------- keys */

/* the next one up or down along the axis that has the focus, of those within all ranges */
static void
select_along (WorkbenchParallelCoordinates *self, int direction)
{
  const guint rows = workbench_experiment_table_get_n_rows (self->table), column = workbench_parallel_axis (self, self->focus)->column;
  int best = -1;

  for (guint row = 0; row < rows; row++)
    {
      /* of equal values the later row is the higher one */
      const int selected = self->selected;
      int beyond, nearer;

      if (!workbench_brushes_contain (self->brushes, self->table, row) || (int) row == selected)
        continue;
      beyond = selected < 0 ? direction : workbench_experiment_table_compare (self->table, row, (guint) selected, column);
      beyond = beyond != 0 ? beyond : (int) row > selected ? 1 : -1;
      if (beyond * direction < 0)
        continue;
      nearer = best < 0 ? -direction : workbench_experiment_table_compare (self->table, row, (guint) best, column);
      nearer = nearer != 0 ? nearer : (int) row > best ? 1 : -1;
      if (nearer * direction < 0)
        best = (int) row;
    }
  if (best >= 0)
    workbench_parallel_coordinates_set_selected (self, best);
}

/* by a notch of the axis, or a category */
static void
move_end (WorkbenchParallelCoordinates *self, gboolean upper, int direction)
{
  const WorkbenchParallelAxis *axis = workbench_parallel_axis (self, self->focus);
  const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (self->table, axis->column);
  const double step = column->categories != NULL ? 1.0 / g_strv_length (column->categories) : NOTCH;
  double low = axis->axis.minimum, high = axis->axis.maximum, ends[2];

  workbench_brushes_get (self->brushes, axis->column, &low, &high);
  ends[0] = workbench_axis_map (&axis->axis, low);
  ends[1] = workbench_axis_map (&axis->axis, high);
  ends[upper] = CLAMP (ends[upper] + direction * step, 0.0, 1.0);
  if (ends[1] - ends[0] < 0.5 * step) /* it would be empty */
    return;
  if (ends[0] < 1e-9 && ends[1] > 1.0 - 1e-9)
    workbench_brushes_clear (self->brushes, axis->column);
  else
    workbench_brushes_set (self->brushes, axis->column, workbench_axis_value (&axis->axis, ends[0]), workbench_axis_value (&axis->axis, ends[1]));
}

/* the range of the axis; where it has none, all. Returns: whether there was anything to clear */
static gboolean
clear (WorkbenchParallelCoordinates *self)
{
  const guint column = workbench_parallel_axis (self, self->focus)->column;
  double low, high;

  if (!workbench_brushes_any (self->brushes))
    return FALSE;
  if (workbench_brushes_get (self->brushes, column, &low, &high))
    workbench_brushes_clear (self->brushes, column);
  else
    workbench_brushes_clear_all (self->brushes);
  return TRUE;
}

/* brings the axis that keys are for into view, with half of the way to its neighbours */
static void
show_focus (WorkbenchParallelCoordinates *self)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);
  const double room = 0.5 * gtk_widget_get_width (GTK_WIDGET (self)) / MAX (self->axes->len, 1);

  if (scrolled != NULL && self->focus < self->axes->len)
    {
      const double x = workbench_parallel_axis (self, self->focus)->x;

      gtk_adjustment_clamp_page (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled)), x - room, x + room);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
move_focus (WorkbenchParallelCoordinates *self, int direction)
{
  self->focus = (guint) CLAMP ((int) self->focus + direction, 0, (int) self->axes->len - 1);
  show_focus (self);
  workbench_parallel_describe (self);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, WorkbenchParallelCoordinates *self)
{
  const gboolean shift = (state & GDK_SHIFT_MASK) != 0;

  if (self->axes->len == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      if (shift)
        move_end (self, FALSE, key == GDK_KEY_Right ? 1 : -1);
      else
        move_focus (self, key == GDK_KEY_Right ? 1 : -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      if (shift)
        move_end (self, TRUE, key == GDK_KEY_Up ? 1 : -1);
      else
        select_along (self, key == GDK_KEY_Up ? 1 : -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      return clear (self) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      workbench_parallel_activate (self, self->selected);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

void
workbench_parallel_add_hand (WorkbenchParallelCoordinates *self)
{
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new (), *keys = gtk_event_controller_key_new (), *focus = gtk_event_controller_focus_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (show_focus), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (gtk_widget_queue_draw), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}
