/* hand.c: one xdotool a movement; the main loop turns meanwhile. */
#include "hand.h"

#include "support.h"

#include <gdk/x11/gdkx.h>

gboolean
has_hand (void)
{
  g_autofree char *path = g_find_program_in_path ("xdotool");

  if (path != NULL && GDK_IS_X11_DISPLAY (gdk_display_get_default ()))
    return TRUE;
  g_test_skip ("xdotool is not installed, or this is no X display");
  return FALSE;
}

static void
on_done (GObject *process, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (process), result, &error);
  g_assert_no_error (error);
  *(gboolean *) done = TRUE;
}

/* takes @arguments, words between spaces */
static void
do_ (char *arguments)
{
  g_autofree char *command = g_strconcat ("xdotool ", arguments, NULL);
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_NONE, &error);
  gboolean done = FALSE;

  g_free (arguments);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (process, NULL, on_done, &done);
  TURN_UNTIL (done);
}

static gulong
window_of (GtkWidget *widget)
{
  return gdk_x11_surface_get_xid (gtk_native_get_surface (gtk_widget_get_native (widget)));
}

/* as xdotool is told it */
static char *
place_of (GtkWidget *widget, double x, double y)
{
  GtkNative *native = gtk_widget_get_native (widget);
  double left, top, x_of_window, y_of_window;

  gtk_native_get_surface_transform (native, &left, &top);
  g_assert_true (gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), x, y, &x_of_window, &y_of_window));
  return g_strdup_printf ("mousemove --window %lu %d %d", window_of (widget), (int) (x_of_window + left), (int) (y_of_window + top));
}

/* a widget that is mapped has no place before the frame that lays it out */
static gboolean
has_place (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0 && gtk_widget_get_height (widget) > 0;
}

void
hand_move (GtkWidget *widget, double x, double y)
{
  TURN_UNTIL (has_place (widget));
  do_ (place_of (widget, x, y));
  turn_for (50);
}

void
hand_drag (GtkWidget *widget, guint button, double x0, double y0, double x1, double y1)
{
  enum { STEPS = 4 };

  hand_move (widget, x0, y0);
  do_ (g_strdup_printf ("mousedown %u", button));
  for (guint i = 1; i <= STEPS; i++)
    hand_move (widget, x0 + (x1 - x0) * i / STEPS, y0 + (y1 - y0) * i / STEPS);
  do_ (g_strdup_printf ("mouseup %u", button));
  turn_for (50);
}

void
hand_draw (GtkWidget *widget, const double *places, guint n, guint button, const char *held)
{
  hand_move (widget, places[0], places[1]);
  if (held != NULL)
    do_ (g_strdup_printf ("windowfocus --sync %lu keydown %s", window_of (widget), held));
  do_ (g_strdup_printf ("mousedown %u", button));
  for (guint i = 1; i < n; i++)
    hand_move (widget, places[2 * i], places[2 * i + 1]);
  do_ (g_strdup_printf ("mouseup %u", button));
  if (held != NULL)
    do_ (g_strdup_printf ("keyup %s", held));
  turn_for (50);
}

void
hand_click_twice (void)
{
  do_ (g_strdup ("click --repeat 2 --delay 50 1"));
}

void
hand_press (GtkWidget *widget, const char *key)
{
  do_ (g_strdup_printf ("windowfocus --sync %lu key %s", window_of (widget), key));
}
