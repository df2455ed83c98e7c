/* workbench-chart-gestures.c: the pointer: crosshair, legend, zoom, pan. */
#include "workbench-chart-private.h"

#include <math.h>
#include <string.h>

static const double WHEEL = 1.2; /* a notch of the wheel */
static const double LEAST_BOX = 6.0;

static void
redraw (WorkbenchChart *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* the part of the axis that is shown, narrowed or widened about @centre */
static void
scale (const WorkbenchAxis *axis, double factor, double centre, double *low, double *high)
{
  double at = workbench_axis_map (axis, centre);

  *low = workbench_axis_value (axis, at - at / factor);
  *high = workbench_axis_value (axis, at + (1.0 - at) / factor);
}

/* What is widened ends where the data do: once all of it is seen the axis is no longer zoomed, and follows the run again. */
static void
stop_at (const WorkbenchAxis *shown, const WorkbenchAxis *all, double *low, double *high)
{
  static const double ROUNDING = 1e-6; /* as many notches back as there were forth are back where they began, but for this */

  *low = MAX (*low, MIN (shown->minimum, all->minimum));
  *high = MIN (*high, MAX (shown->maximum, all->maximum));
  if (workbench_axis_map (all, *low) <= ROUNDING && workbench_axis_map (all, *high) >= 1.0 - ROUNDING)
    *low = *high = (double) NAN;
}

void
workbench_chart_zoom_about (WorkbenchChart *self, double factor, double x, double y, gboolean along_y)
{
  const WorkbenchAxis *axis = along_y ? &self->plot.y : &self->plot.x;
  WorkbenchAxis all[2];
  double low, high;

  if (!self->drawn)
    return;
  scale (axis, factor, along_y ? y : x, &low, &high);
  if (factor < 1.0 && workbench_chart_extent (self, &all[0], &all[1]))
    stop_at (axis, &all[along_y ? 1 : 0], &low, &high);
  if (along_y)
    workbench_chart_zoom (self, self->zoom[0], self->zoom[1], low, high);
  else
    workbench_chart_zoom (self, low, high, self->zoom[2], self->zoom[3]);
}

/* whether the wheel has something to scroll here: it belongs to the page then */
static gboolean
is_on_page (WorkbenchChart *self)
{
  for (GtkWidget *page = gtk_widget_get_parent (GTK_WIDGET (self)); page != NULL; page = gtk_widget_get_parent (page))
    if (GTK_IS_SCROLLED_WINDOW (page))
      {
        GtkAdjustment *scrolled = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));

        if (gtk_adjustment_get_upper (scrolled) - gtk_adjustment_get_lower (scrolled) > gtk_adjustment_get_page_size (scrolled) + 0.5)
          return TRUE;
      }
  return FALSE;
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, WorkbenchChart *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (!isfinite (self->pointer[0]) || !workbench_plot_contains (&self->plot, self->pointer[0], self->pointer[1]))
    return GDK_EVENT_PROPAGATE;
  if ((state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) == 0 && is_on_page (self))
    return GDK_EVENT_PROPAGATE;
  workbench_chart_zoom_about (self, pow (WHEEL, -(dy != 0.0 ? dy : dx)), workbench_plot_value_x (&self->plot, self->pointer[0]),
                              workbench_plot_value_y (&self->plot, self->pointer[1]), (state & GDK_SHIFT_MASK) != 0);
  return GDK_EVENT_STOP;
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, WorkbenchChart *self)
{
  gboolean inside = self->drawn && workbench_plot_contains (&self->plot, x, y);

  if (self->by_keys && x == self->moved[0] && y == self->moved[1])
    return; /* told again after a new layout: nobody has moved it */
  workbench_chart_leave_keys (self);
  self->moved[0] = x;
  self->moved[1] = y;
  self->pointer[0] = x;
  self->pointer[1] = y;
  workbench_chart_set_cursor (self, inside ? workbench_plot_value_x (&self->plot, x) : (double) NAN);
  redraw (self);
}

static void
on_leave (GtkEventControllerMotion *controller, WorkbenchChart *self)
{
  if (!isfinite (self->pointer[0]))
    return; /* the keys have the crosshair */
  self->pointer[0] = self->pointer[1] = (double) NAN;
  workbench_chart_set_cursor (self, (double) NAN);
  redraw (self);
}

void
workbench_chart_toggle (WorkbenchChart *self, guint index)
{
  WorkbenchChartLayer *layer = workbench_chart_get_layer (self, index);

  workbench_chart_layer_set_visible (layer, !workbench_chart_layer_get_visible (layer));
}

static void
on_pressed (GtkGestureClick *gesture, int presses, double x, double y, WorkbenchChart *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  for (guint i = 0; i < self->entries->len; i++)
    {
      const WorkbenchChartEntry *entry = &g_array_index (self->entries, WorkbenchChartEntry, i);

      if (x >= entry->left && x <= entry->right && y >= entry->top && y <= entry->bottom && entry->right > entry->left)
        {
          workbench_chart_toggle (self, i);
          return;
        }
    }
  if (presses == 2)
    workbench_chart_zoom (self, (double) NAN, (double) NAN, (double) NAN, (double) NAN);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, WorkbenchChart *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (!self->drawn || !workbench_plot_contains (&self->plot, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->panning = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_MIDDLE || (state & GDK_SHIFT_MASK) != 0;
  self->pan[0] = self->plot.x.minimum;
  self->pan[1] = self->plot.x.maximum;
  self->pan[2] = self->plot.y.minimum;
  self->pan[3] = self->plot.y.maximum;
}

/* what lies @part of the axis further */
static double
shifted (const WorkbenchAxis *axis, double low, double high, double part, gboolean upper)
{
  WorkbenchAxis from = { low, high, axis->logarithmic };

  return workbench_axis_value (&from, (upper ? 1.0 : 0.0) + part);
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, WorkbenchChart *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (self->panning)
    {
      double along_x = -dx / self->plot.width, along_y = dy / self->plot.height;

      workbench_chart_zoom (self, shifted (&self->plot.x, self->pan[0], self->pan[1], along_x, FALSE),
                            shifted (&self->plot.x, self->pan[0], self->pan[1], along_x, TRUE),
                            shifted (&self->plot.y, self->pan[2], self->pan[3], along_y, FALSE),
                            shifted (&self->plot.y, self->pan[2], self->pan[3], along_y, TRUE));
      return;
    }
  self->band[0] = x;
  self->band[1] = y;
  self->band[2] = CLAMP (x + dx, self->plot.left, self->plot.left + self->plot.width);
  self->band[3] = CLAMP (y + dy, self->plot.top, self->plot.top + self->plot.height);
  redraw (self);
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, WorkbenchChart *self)
{
  double band[4];

  memcpy (band, self->band, sizeof band);
  self->band[0] = (double) NAN;
  if (!self->panning && isfinite (band[0]) && fabs (band[2] - band[0]) > LEAST_BOX)
    {
      gboolean flat = fabs (band[3] - band[1]) < 2.0 * LEAST_BOX; /* a stroke along x leaves y as it is */

      workbench_chart_zoom (self, workbench_plot_value_x (&self->plot, MIN (band[0], band[2])), workbench_plot_value_x (&self->plot, MAX (band[0], band[2])),
                            flat ? self->zoom[2] : workbench_plot_value_y (&self->plot, MAX (band[1], band[3])),
                            flat ? self->zoom[3] : workbench_plot_value_y (&self->plot, MIN (band[1], band[3])));
    }
  self->panning = FALSE;
  redraw (self);
}

void
workbench_chart_add_gestures (WorkbenchChart *self)
{
  GtkGesture *click = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}
