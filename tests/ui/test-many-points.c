/* test-many-points.c: what 20,000 points cost, on the map alone and in the view of latents. */
#include "feature-runs.h"
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-latent-view.h"
#include "workbench-map-private.h"

#include <adwaita.h>
#include <time.h>

enum {
  MANY = 20000,
};

static const double MOST_FOR_MANY = 150.0; /* ms */

/* milliseconds of processor that all threads have used, those of a software driver among them: a busy machine changes them little */
static double
process_milliseconds (void)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time), ==, 0);
  return 1e3 * (double) time.tv_sec + 1e-6 * (double) time.tv_nsec;
}

static void
count_frames (GdkFrameClock *clock, guint *frames)
{
  (*frames)++;
}

/* what the processor does for a frame of so many points */
static void
test_many (void)
{
  enum { TURNS = 20 };
  GtkWidget *window = gtk_window_new (), *widget = g_object_new (WORKBENCH_TYPE_MAP, NULL);
  g_autofree WorkbenchMapPoint *points = g_new (WorkbenchMapPoint, MANY);
  double taken[TURNS], began, median;
  guint frames = 0;

  for (guint i = 0; i < MANY; i++)
    points[i] = (WorkbenchMapPoint){ .place = { (float) g_test_rand_double_range (-1, 1), (float) g_test_rand_double_range (-1, 1), 0.0f },
                                     .colour = { 255, 128, 0, 255 }, .size = 6.0f };
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (gtk_widget_get_height (widget) > 0);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (count_frames), &frames);
  for (guint i = 0; i < TURNS; i++)
    {
      guint before = frames;

      began = process_milliseconds ();
      points[i].place[0] = -points[i].place[0];
      workbench_map_set_points (WORKBENCH_MAP (widget), points, MANY, 2);
      TURN_UNTIL (frames > before);
      taken[i] = process_milliseconds () - began;
    }
  median = dfkd_median (taken, TURNS);
  g_test_message ("20,000 points: %.1f ms of processor a frame, all of them new each time", median);
  g_assert_cmpfloat (median, <, MOST_FOR_MANY);
  for (guint before = frames, i = 0; i < TURNS; i++) /* what is there already is not drawn again */
    {
      workbench_map_set_points (WORKBENCH_MAP (widget), points, MANY, 2);
      g_usleep (10000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (frames, ==, before);
    }
  began = process_milliseconds ();
  for (guint i = 0; i < TURNS; i++)
    workbench_map_pick (WORKBENCH_MAP (widget), 10.0 * i, 300.0);
  g_test_message ("finding one of them: %.2f ms", (process_milliseconds () - began) / TURNS);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* milliseconds of this thread: what others take meanwhile does not count */
typedef struct {
  double began, work;
  guint frames;
} FrameWork;

static void
begin_frame (GdkFrameClock *clock, FrameWork *work)
{
  work->began = 1e3 * thread_seconds ();
}

static void
end_frame (GdkFrameClock *clock, FrameWork *work)
{
  work->work = 1e3 * thread_seconds () - work->began;
  work->frames++;
}

/* the medians of what a frame takes after one and the other of @ask, in turns */
static void
time_frames (GtkWidget *view, void (*const ask[2]) (GtkWidget *view), double medians[2])
{
  enum { TURNS = 25 };
  GdkFrameClock *clock = gtk_widget_get_frame_clock (view);
  FrameWork work = { 0 };
  double taken[2][TURNS];

  turn_for (200); /* what was asked for before is done */
  g_signal_connect (clock, "before-paint", G_CALLBACK (begin_frame), &work);
  g_signal_connect (clock, "after-paint", G_CALLBACK (end_frame), &work);
  for (guint i = 0; i < 2 * TURNS; i++)
    {
      guint before = work.frames;

      ask[i % 2](view);
      TURN_UNTIL (work.frames > before);
      taken[i % 2][i / 2] = work.work;
    }
  g_signal_handlers_disconnect_by_data (clock, &work);
  for (guint i = 0; i < 2; i++)
    medians[i] = dfkd_median (taken[i], TURNS);
}

static void
ask_again (GtkWidget *view)
{
  gtk_gl_area_queue_render (GTK_GL_AREA (find_widget (view, WORKBENCH_TYPE_MAP)));
}

static void
ask_anew (GtkWidget *view)
{
  WorkbenchMap *map = WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));
  double x, y;

  g_assert_true (workbench_map_place (map, MANY - 1, &x, &y)); /* the last ones were made */
  workbench_map_set_points (map, NULL, 0, 2); /* or the same ones would not be drawn again */
  g_object_notify (G_OBJECT (find_nth (view, GTK_TYPE_DROP_DOWN, 3)), "selected");
}

/* 20,000 points that are all new in each frame, as while t-SNE moves them: what the view itself takes to make and upload them, that is, more than
 * OpenGL takes for the same points again, which is most of a frame with a software driver and next to nothing on a graphics card */
static void
test_many_in_view (void)
{
  g_autofree char *many = make_feature_run ("many", 20, MANY / 20, 0, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (many);
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_LATENT_VIEW, NULL), *window = gtk_window_new ();
  WorkbenchMap *map = WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));
  void (*const ask[2]) (GtkWidget *view) = { ask_again, ask_anew };
  double x, y, taken[2];

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 600);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  TURN_UNTIL (workbench_map_place (map, MANY - 1, &x, &y));
  time_frames (view, ask, taken);
  g_test_message ("20,000 points: processor time for a frame of the same ones %.1f ms, of new ones %.1f ms", taken[0], taken[1]);
  g_assert_cmpfloat (taken[1] - taken[0], <, 8.0);
  gtk_window_destroy (GTK_WINDOW (window));
  workbench_document_close (document);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  g_test_add_func ("/many-points/map", test_many);
  g_test_add_func ("/many-points/view", test_many_in_view);
  return run_tests_with_small_runs ();
}
