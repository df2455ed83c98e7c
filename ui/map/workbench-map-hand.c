/* workbench-map-hand.c: pointer and keys: the camera, a lasso, and going from point to point. */
#include "workbench-map-private.h"

#include <math.h>

static const double STRIDE = 40.0; /* pixels, at a press of a key */
static const double EDGE = 14.0;   /* pixels from the edge of the widget that the current point keeps */

static void
changed (WorkbenchMap *self)
{
  gtk_gl_area_queue_render (GTK_GL_AREA (self));
}

static void
hover (WorkbenchMap *self, int index)
{
  if (index == self->hovered)
    return;
  self->hovered = index;
  g_signal_emit_by_name (self, "hovered", index);
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, WorkbenchMap *self)
{
  if (self->lasso == NULL)
    hover (self, workbench_map_pick (self, x, y));
}

static void
on_leave (GtkEventControllerMotion *motion, WorkbenchMap *self)
{
  hover (self, -1);
}

static void
on_released (GtkGestureClick *click, int presses, double x, double y, WorkbenchMap *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  g_signal_emit_by_name (self, "clicked", workbench_map_pick (self, x, y), (guint) gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click)));
}

static void
add_corner (WorkbenchMap *self, double x, double y)
{
  const float corner[2] = { (float) x, (float) y };

  g_array_append_vals (self->lasso, corner, 2);
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, WorkbenchMap *self)
{
  const gboolean shift = (gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag)) & GDK_SHIFT_MASK) != 0;

  self->from[0] = self->from[1] = 0.0;
  if (shift || (self->lassoing && gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (drag)) == GDK_BUTTON_PRIMARY))
    {
      self->lasso = g_array_new (FALSE, FALSE, sizeof (float));
      add_corner (self, x, y);
    }
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, WorkbenchMap *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (drag, &x, &y);
  if (self->lasso != NULL)
    add_corner (self, x + dx, y + dy);
  else if (self->dimensions == 3 && gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (drag)) == GDK_BUTTON_PRIMARY)
    workbench_map_orbit (self, dx - self->from[0], dy - self->from[1]);
  else
    workbench_map_pan (self, dx - self->from[0], dy - self->from[1]);
  self->from[0] = dx;
  self->from[1] = dy;
  if (dx * dx + dy * dy > 16.0) /* then it is no click */
    gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  changed (self);
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, WorkbenchMap *self)
{
  g_autoptr (GArray) lasso = g_steal_pointer (&self->lasso);
  g_autoptr (GArray) found = NULL;
  g_autofree double *corners = NULL;

  if (lasso == NULL)
    return;
  corners = g_new (double, lasso->len);
  for (guint i = 0; i < lasso->len; i++)
    corners[i] = (double) g_array_index (lasso, float, i);
  found = workbench_map_inside (self, corners, lasso->len / 2);
  if (lasso->len / 2 >= 3)
    g_signal_emit_by_name (self, "lassoed", found);
  changed (self);
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, WorkbenchMap *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (scroll));
  graphene_point_t point;
  double x, y;

  if (event == NULL || !gdk_event_get_position (event, &x, &y)
      || !gtk_widget_compute_point (GTK_WIDGET (gtk_widget_get_native (GTK_WIDGET (self))), GTK_WIDGET (self), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    point = GRAPHENE_POINT_INIT (0.5f * (float) gtk_widget_get_width (GTK_WIDGET (self)), 0.5f * (float) gtk_widget_get_height (GTK_WIDGET (self)));
  workbench_map_zoom (self, pow (1.2, -dy), (double) point.x, (double) point.y);
  return TRUE;
}

/* the camera follows */
static void
go_towards (WorkbenchMap *self, double dx, double dy)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  const int found = workbench_map_find_towards (self, dx, dy);
  double x, y;

  if (found < 0)
    return;
  workbench_map_set_current (self, found);
  workbench_map_place (self, (guint) found, &x, &y);
  if (x < EDGE || y < EDGE || x > width - EDGE || y > height - EDGE)
    workbench_map_pan (self, CLAMP (x, EDGE, MAX (width - EDGE, EDGE)) - x, CLAMP (y, EDGE, MAX (height - EDGE, EDGE)) - y);
  g_signal_emit_by_name (self, "moved", found);
}

/* from point to point; with Ctrl the map turns, or moves in two dimensions, and with Shift it moves */
static gboolean
arrow (WorkbenchMap *self, double dx, double dy, GdkModifierType state)
{
  if ((state & GDK_CONTROL_MASK) != 0 && self->dimensions == 3)
    workbench_map_orbit (self, -STRIDE * dx, -STRIDE * dy);
  else if ((state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0)
    workbench_map_pan (self, -STRIDE * dx, -STRIDE * dy);
  else
    go_towards (self, dx, dy);
  return TRUE;
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, WorkbenchMap *self)
{
  double x = 0.5 * gtk_widget_get_width (GTK_WIDGET (self)), y = 0.5 * gtk_widget_get_height (GTK_WIDGET (self));

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return arrow (self, -1.0, 0.0, state);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return arrow (self, 1.0, 0.0, state);
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return arrow (self, 0.0, -1.0, state);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return arrow (self, 0.0, 1.0, state);
    case GDK_KEY_space:
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      if (self->current < 0 || (state & GDK_CONTROL_MASK) != 0) /* the window may have a use for it */
        return FALSE;
      g_signal_emit_by_name (self, "toggled", self->current);
      return TRUE;
    case GDK_KEY_Escape:
      g_signal_emit_by_name (self, "cleared");
      return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      workbench_map_zoom (self, 1.25, x, y);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      workbench_map_zoom (self, 0.8, x, y);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_Home:
      workbench_map_reset (self);
      return TRUE;
    default:
      return FALSE;
    }
}

void
workbench_map_add_controllers (WorkbenchMap *self)
{
  GtkGesture *click = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new (), *keys = gtk_event_controller_key_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
