/* test-benchmark.c: every view keeps up with the display and leaves the processors to training; and a trainer that is stuck keeps
 * no one waiting at the window. */
#include "workbench-benchmark.h"
#include "workbench-renderer.h"
#include "workbench-run.h"
#include "workbench-view-kinds.h"
#include "workbench-window.h"

#include <stdlib.h>

/* the goals: milliseconds from frame to frame, and the processors' share that is not training: 5 % beside the default recipe, whose
 * steps take ten times as long as those here, so that the window is told a tenth as much (dfkd-workbench --benchmark-ui) */
/* The recipe is light: its steps, and so all that is to be shown, come ten times as often as the default one's, of which the window
 * takes 1 to 3 %. It is in a run folder, of which the views read what they show: with it up to 8 % were measured. */
static const double LATE = 33.0, SHARE = 0.12;

static AdwApplication *application; /* one a process */

static DfkdRecipe *
light_recipe (void)
{
  DfkdRecipe *recipe = dfkd_recipe_new ();

  recipe->number[DFKD_PARAMETER_BATCH] = 16;
  recipe->number[DFKD_PARAMETER_K] = 2;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = 2;
  recipe->number[DFKD_PARAMETER_WARMUP] = 0;
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  return recipe;
}

static const DfkdSessionOptions options = { .device = "cpu", .polite = TRUE };

/* frames wait for a processor where others compute too; how long each takes once it has one does not change by that */
static gboolean
is_within_goals (const WorkbenchDrawingCost *cost)
{
  double load[1] = { 0.0 };

  getloadavg (load, 1);
  return cost->work <= LATE && cost->late <= LATE * MAX (1.0, load[0] / g_get_num_processors ()) && cost->share <= SHARE;
}

/* Processors that others use as well are slower for seconds, by half and more: what is beyond a goal then has to be so again, and again. */
static void
check (const WorkbenchDrawingCost *cost, const DfkdRecipe *recipe)
{
  enum
  {
    TRIES = 2 /* more */
  };
  WorkbenchDrawingCost last = *cost;

  for (guint i = 0; i < TRIES && !is_within_goals (&last); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) again = workbench_benchmark_run (application, recipe, &options, cost->view, 1, &error);

      g_assert_no_error (error);
      g_test_message ("%s: frames %.1f ms, work %.1f ms, share %.1f %%; once more", last.view, last.late, last.work, 100.0 * last.share);
      last = g_array_index (again, WorkbenchDrawingCost, 0);
    }
  g_assert_cmpuint (last.frames, >, 20);
  g_assert_cmpfloat (last.work, <=, LATE);
  g_assert_cmpfloat (last.share, <=, SHARE);
  g_assert_true (is_within_goals (&last));
}

static void
test_views (void)
{
  g_autoptr (DfkdRecipe) recipe = light_recipe ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) costs = workbench_benchmark_run (application, recipe, &options, NULL, 1, &error);
  g_autofree char *table = NULL;

  g_assert_no_error (error);
  table = workbench_benchmark_table (costs);
  g_test_message ("%s", table);
  g_assert_cmpuint (costs->len, ==, workbench_n_view_kinds + 1);
  g_assert_cmpuint (g_array_index (costs, WorkbenchDrawingCost, workbench_n_view_kinds).turns, ==, workbench_n_view_kinds);
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    {
      const WorkbenchDrawingCost *cost = &g_array_index (costs, WorkbenchDrawingCost, i);

      g_assert_cmpuint (cost->frames, >, 20);
      if (!g_str_equal (cost->view, "latent")) /* points by the ten thousand: a goal for graphics cards */
        check (cost, recipe);
    }
}

/* ------------------------------------------------------------------------------------------ a stuck trainer */

enum {
  STALL = 5 * G_USEC_PER_SEC,
  ANSWER = 100000, /* µs: what people take for at once */
  MOST_ANSWERS = 4096,
};

static GMutex lock;
static gboolean stall, stalling;
static gint64 stall_end;

/* on the trainer's thread, in the middle of a step, as a driver that hangs */
static void
hang (const DfkdScalar *scalar, gpointer data)
{
  g_mutex_lock (&lock);
  if (stall)
    {
      stall = FALSE;
      stalling = TRUE;
      stall_end = g_get_monotonic_time () + STALL;
      g_mutex_unlock (&lock);
      g_usleep (STALL);
      g_mutex_lock (&lock);
      stalling = FALSE;
    }
  g_mutex_unlock (&lock);
}

static const DfkdTap hanging_tap = { .scalar = hang };

static gboolean
is_stalling (void)
{
  gboolean now;

  g_mutex_lock (&lock);
  now = stalling;
  g_mutex_unlock (&lock);
  return now;
}

static gboolean
mark_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer drawn)
{
  *(gboolean *) drawn = TRUE;
  return G_SOURCE_REMOVE;
}

/* does something at the window, and waits until the frame after it. Returns: µs */
static gint64
answer_time (GtkWidget *window, guint what)
{
  gint64 before = g_get_monotonic_time ();
  gboolean drawn = FALSE;

  switch (what % 5)
    {
    case 0:
      gtk_widget_activate_action (window, "win.run", NULL); /* pause, or run */
      break;
    case 1:
      workbench_window_show_view (WORKBENCH_WINDOW (window), workbench_view_kinds[what / 5 % workbench_n_view_kinds].name);
      break;
    case 2:
      g_assert_true (dfkd_session_set (workbench_run_get_session (workbench_document_get_run (workbench_window_get_document (WORKBENCH_WINDOW (window)))),
                                       DFKD_PARAMETER_BN, 1.0 + what, NULL));
      break;
    case 3:
      gtk_widget_activate_action (window, "win.step", "s", "inner");
      break;
    default:
      gtk_widget_activate_action (window, "win.side-by-side", NULL);
      break;
    }
  gtk_widget_queue_draw (window);
  gtk_widget_add_tick_callback (window, mark_frame, &drawn, NULL);
  while (!drawn)
    g_main_context_iteration (NULL, TRUE);
  return g_get_monotonic_time () - before;
}

static void
test_stall (void)
{
  g_autoptr (DfkdRecipe) recipe = light_recipe ();
  GtkWidget *window = GTK_WIDGET (workbench_window_new (application, recipe, &(DfkdSessionOptions){ .device = "cpu", .paused = TRUE }));
  DfkdSession *session = workbench_run_get_session (workbench_document_get_run (workbench_window_get_document (WORKBENCH_WINDOW (window))));
  gint64 longest = 0, before, left;
  g_autofree double *times = g_new (double, MOST_ANSWERS);
  double usual;
  guint answers = 0;
  double load[1] = { 0.0 };

  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < workbench_n_view_kinds; i++) /* each is made when it is first shown */
    {
      workbench_window_show_view (WORKBENCH_WINDOW (window), workbench_view_kinds[i].name);
      answer_time (window, 2);
    }
  stall = TRUE;
  dfkd_channel_set_tap (dfkd_session_get_channel (session), &hanging_tap, NULL); /* it is paused */
  dfkd_session_run (session);
  while (!is_stalling ())
    g_main_context_iteration (NULL, TRUE);
  while (g_get_monotonic_time () < stall_end - 2 * G_USEC_PER_SEC && answers < MOST_ANSWERS)
    {
      gint64 time = answer_time (window, answers);

      times[answers++] = (double) time;
      longest = MAX (longest, time);
    }
  g_assert_cmpuint (answers, >, 0);
  usual = dfkd_median (times, answers);
  before = g_get_monotonic_time ();
  gtk_window_destroy (GTK_WINDOW (window)); /* closing does not wait either */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  longest = MAX (longest, g_get_monotonic_time () - before);
  g_assert_true (is_stalling ()); /* it was stuck all the while */
  left = stall_end - g_get_monotonic_time ();
  getloadavg (load, 1);
  g_test_message ("%u answers while the trainer was stuck, after %.1f ms (median), the longest after %.1f ms; %.1f s before it went on", answers,
                  usual * 1e-3, (double) longest * 1e-3, (double) left * 1e-6);
  g_assert_cmpfloat (usual, <, ANSWER * MAX (1.0, load[0] / g_get_num_processors ()));
  g_assert_cmpint (longest, <, STALL / 2); /* a machine may be busy for a moment; nobody waited for the trainer */
  workbench_run_wait_for_endings ();
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  application = adw_application_new ("org.dfkd.Workbench.Benchmark", G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  workbench_renderer_choose (gdk_display_get_default ());
  g_test_add_func ("/benchmark/views", test_views);
  g_test_add_func ("/benchmark/stall", test_stall);
  result = g_test_run ();
  g_object_unref (application);
  return result;
}
