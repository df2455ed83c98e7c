/* workbench-image-grid-hand.c: choosing images by pointer and keys. */
#include "workbench-image-grid-private.h"

static void
select_range (WorkbenchImageGrid *self, guint a, guint b)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));

  for (guint i = MIN (a, b); i <= MAX (a, b) && i < workbench_image_grid_length (self); i++)
    {
      WorkbenchImage image = workbench_album_get_image (self->album, i);

      g_array_append_val (images, image);
    }
  self->choosing = TRUE;
  workbench_selection_set (self->selection, (const WorkbenchImage *) images->data, images->len);
  self->choosing = FALSE;
}

/* a click leaves the selection as it is: all others would go out of sight, or it is somebody else's */
static gboolean
only_looks (WorkbenchImageGrid *self)
{
  return self->looks || workbench_album_get_selected_only (self->album);
}

static void
choose (WorkbenchImageGrid *self, guint position, GdkModifierType state)
{
  WorkbenchImage image = workbench_album_get_image (self->album, position);

  if ((state & GDK_SHIFT_MASK) != 0)
    select_range (self, self->anchor, position);
  else
    {
      self->anchor = position;
      self->choosing = TRUE;
      if ((state & GDK_CONTROL_MASK) != 0)
        workbench_selection_toggle (self->selection, image);
      else if (!only_looks (self))
        workbench_selection_set (self->selection, &image, 1);
      self->choosing = FALSE;
    }
  workbench_selection_set_current (self->selection, image);
}

static void
on_pressed (GtkGestureClick *click, int presses, double x, double y, WorkbenchImageGrid *self)
{
  int position = workbench_image_grid_at (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->selection == NULL)
    return;
  if (position >= 0)
    choose (self, (guint) position, gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click)));
  else if (!only_looks (self))
    workbench_selection_clear (self->selection);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, WorkbenchImageGrid *self)
{
  WorkbenchImage current = self->selection != NULL ? workbench_selection_get_current (self->selection) : WORKBENCH_NO_IMAGE;
  int found = self->album != NULL && current != WORKBENCH_NO_IMAGE ? workbench_album_find (self->album, current) : -1;
  int page = MAX (gtk_widget_get_height (GTK_WIDGET (self)) / (int) MAX (workbench_image_grid_cell (self, FALSE), 1u), 1) * (int) self->columns, move = 0;

  if (self->selection == NULL || workbench_image_grid_length (self) == 0)
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Left:
      move = -1;
      break;
    case GDK_KEY_Right:
      move = 1;
      break;
    case GDK_KEY_Up:
      move = -(int) self->columns;
      break;
    case GDK_KEY_Down:
      move = (int) self->columns;
      break;
    case GDK_KEY_Page_Up:
      move = -page;
      break;
    case GDK_KEY_Page_Down:
      move = page;
      break;
    case GDK_KEY_Home:
      move = -(int) workbench_image_grid_length (self);
      break;
    case GDK_KEY_End:
      move = (int) workbench_image_grid_length (self);
      break;
    case GDK_KEY_a:
      if ((state & GDK_CONTROL_MASK) == 0)
        return FALSE;
      select_range (self, 0, workbench_image_grid_length (self) - 1);
      return TRUE;
    case GDK_KEY_Escape:
      workbench_selection_clear (self->selection);
      return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      workbench_image_grid_set_zoom (self, self->shown_zoom + 1);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      workbench_image_grid_set_zoom (self, MAX (self->shown_zoom, 2u) - 1);
      return TRUE;
    default:
      return FALSE;
    }
  choose (self, found < 0 ? 0 : (guint) CLAMP (found + move, 0, (int) workbench_image_grid_length (self) - 1), state & GDK_SHIFT_MASK);
  return TRUE;
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, WorkbenchImageGrid *self)
{
  if ((gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll)) & GDK_CONTROL_MASK) == 0)
    return FALSE; /* the window around it scrolls */
  workbench_image_grid_set_zoom (self, dy < 0.0 ? self->shown_zoom + 1 : MAX (self->shown_zoom, 2u) - 1);
  return TRUE;
}

void
workbench_image_grid_add_controllers (WorkbenchImageGrid *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new (), *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}
