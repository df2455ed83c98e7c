/* test-startup.c: how long it takes from the start of the program until its window can be seen, and until the first picture
 * of a run can: the default recipe, several starts, with the caches of a first start (fonts, shaders, pipelines) and
 * with those of a later one.
 *
 * Each start is a process of its own: this program again, which runs the application and looks at its frames. In turns with
 * it an empty window is started: that is what the toolkit takes on this machine at this moment. The goals are seconds
 * where that is quick, and multiples of it where the machine is slow or busy. With --vulkan the run is on a Vulkan device,
 * which is told and not held to a goal: a software driver takes seconds for its first step. */
#include "workbench-application.h"
#include "support.h"
#include "widgets.h"
#include "workbench-image-grid.h"
#include "workbench-run.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------- one start */

typedef struct {
  gint64 started; /* on the monotonic clock, before the process began */
  double window, picture; /* seconds until they were drawn; 0: not yet */
  WorkbenchImageGrid *grid; /* NULL in an empty window */
} Start;

static const char EMPTY[] = "none"; /* in place of a device: an empty window */

static double
since (const Start *start)
{
  return (double) (g_get_monotonic_time () - start->started) * 1e-6;
}

static void
on_after_paint (GdkFrameClock *clock, Start *start)
{
  gboolean has_picture = start->grid == NULL || workbench_image_grid_at (start->grid, 4.0, 4.0) >= 0; /* an empty window shows all that it ever will */

  if (start->window == 0.0)
    start->window = since (start);
  if (!has_picture || start->picture != 0.0)
    return;
  start->picture = since (start);
  g_print ("%.4f %.4f\n", start->window, start->picture);
  g_application_quit (g_application_get_default ());
}

static void
on_map (GtkWidget *window, Start *start)
{
  start->grid = (WorkbenchImageGrid *) find_widget (window, WORKBENCH_TYPE_IMAGE_GRID);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_after_paint), start);
}

static void
on_window_added (GtkApplication *application, GtkWindow *window, Start *start)
{
  g_signal_connect (window, "map", G_CALLBACK (on_map), start);
}

static void
on_activate_empty (GtkApplication *application)
{
  gtk_window_present (g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", application, "default-width", 1360, "default-height", 860, NULL));
}

static int
run_once (const char *device, const char *started)
{
  Start start = { .started = g_ascii_strtoll (started, NULL, 10) };
  char *arguments[] = { g_strdup ("dfkd-workbench"), g_strdup ("--device"), g_strdup (device), NULL };
  gboolean empty = g_str_equal (device, EMPTY);
  GApplication *application = empty ? G_APPLICATION (adw_application_new ("org.dfkd.Workbench.Empty", G_APPLICATION_NON_UNIQUE))
                                    : G_APPLICATION (workbench_application_new ());
  int code;

  if (empty)
    g_signal_connect (application, "activate", G_CALLBACK (on_activate_empty), NULL);

  g_signal_connect (application, "window-added", G_CALLBACK (on_window_added), &start);
  code = g_application_run (application, empty ? 1 : 3, arguments);
  g_object_unref (application);
  workbench_run_wait_for_endings ();
  return code;
}

/* ----------------------------------------------------------------------------------------------- many starts */

static const char *self;

static void
start_once (const char *device, const char *cache, double *window, double *picture)
{
  g_autofree char *started = NULL, *out = NULL;
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "XDG_CACHE_HOME", cache, TRUE), words = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  environment = g_environ_setenv (environment, "XDG_DATA_HOME", cache, TRUE); /* where the run is kept */
  environment = g_environ_setenv (environment, "DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* or a bus is started first */
  started = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());
  {
    char *arguments[] = { (char *) self, (char *) "--once", (char *) device, started, NULL };

    g_spawn_sync (NULL, arguments, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, &error);
  }
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  words = g_strsplit (out, " ", 2);
  g_assert_cmpuint (g_strv_length (words), ==, 2);
  *window = g_ascii_strtod (words[0], NULL);
  *picture = g_ascii_strtod (words[1], NULL);
}

/* what medians with warm caches have to stay under */
static const double WINDOW = 1.0, WINDOW_TIMES = 3.0, PICTURE = 3.0, PICTURE_TIMES = 9.0;

typedef struct {
  const char *device;
  guint starts;
  gboolean asserted;
} Goal;

enum {
  COLD,
  WARM,
  TOOLKIT, /* an empty window with warm caches */
  N_KINDS
};

static void
test_device (gconstpointer data)
{
  const Goal *goal = data;
  g_autofree char *cache = g_dir_make_tmp ("dfkd-startup-XXXXXX", NULL);
  static const char *const names[N_KINDS] = { "cold caches", "warm caches", "an empty window" };
  double window[N_KINDS][16], picture[N_KINDS][16], w[N_KINDS], p[N_KINDS];

  for (guint i = 0; i < goal->starts; i++)
    for (guint kind = COLD; kind < N_KINDS; kind++)
      {
        g_autofree char *mine = g_strdup_printf ("%s/%u", cache, i);

        start_once (kind == TOOLKIT ? EMPTY : goal->device, mine, &window[kind][i], &picture[kind][i]);
      }
  for (guint kind = COLD; kind < N_KINDS; kind++)
    {
      w[kind] = dfkd_median (window[kind], goal->starts);
      p[kind] = dfkd_median (picture[kind], goal->starts);
      g_test_message ("%s, %s: window after %.2f s (%.2f to %.2f), first picture after %.2f s (%.2f to %.2f)", goal->device, names[kind], w[kind],
                      window[kind][0], window[kind][goal->starts - 1], p[kind], picture[kind][0], picture[kind][goal->starts - 1]);
    }
  if (goal->asserted)
    {
      g_assert_cmpfloat (w[WARM], <, MAX (WINDOW, WINDOW_TIMES * w[TOOLKIT]));
      g_assert_cmpfloat (p[WARM], <, MAX (PICTURE, PICTURE_TIMES * w[TOOLKIT]));
    }
  remove_folder (cache);
}

int
main (int argc, char **argv)
{
  static const Goal cpu = { "cpu", 5, TRUE }, vulkan = { "vulkan", 1, FALSE };
  const Goal *goal;
  g_autofree char *path = NULL;

  if (argc == 4 && strcmp (argv[1], "--once") == 0)
    return run_once (argv[2], argv[3]);
  self = argv[0];
  g_test_init (&argc, &argv, NULL);
  goal = argc == 2 && strcmp (argv[1], "--vulkan") == 0 ? &vulkan : &cpu;
  path = g_strconcat ("/startup/", goal->device, NULL);
  g_test_add_data_func (path, goal, test_device);
  return g_test_run ();
}
