/* workbench-benchmark.c: turns of one run with the window hidden, open, and drawing without pause.
 *
 * One run for all turns, so that memory, threads and priorities are the same in each, and turns of a few seconds beside each
 * other, so that what else the machine does meets all of them alike. */
#include "workbench-benchmark.h"

#include "workbench-run.h"
#include "workbench-runs.h"
#include "workbench-view-kinds.h"
#include "workbench-window.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum {
  TURN = 2 * G_USEC_PER_SEC, /* at least */
  SETTLING = G_USEC_PER_SEC / 2,
  FRAME_ROUNDS = 5, /* thousands of frames are enough; speed, a few numbers a turn, takes more rounds */
};

/* ------------------------------------------------------------------------------------- the trainer's pace */

/* filled on the trainer's thread: when each synthesis began */
typedef struct
{
  GMutex lock;
  GCond changed;
  GArray *begun; /* of gint64, µs */
  guint64 inner_steps, k;
} Meter;

static void
on_time (const DfkdStepTime *time, gpointer data)
{
  Meter *meter = data;
  gint64 now = g_get_monotonic_time ();

  if (time->stage != DFKD_STAGE_GENERATE)
    return;
  g_mutex_lock (&meter->lock);
  if (meter->inner_steps++ % meter->k == 0)
    {
      g_array_append_val (meter->begun, now);
      g_cond_broadcast (&meter->changed);
      g_main_context_wakeup (NULL);
    }
  g_mutex_unlock (&meter->lock);
}

static const DfkdTap meter_tap = { .time = on_time };

static guint
count_begun (Meter *meter)
{
  guint count;

  g_mutex_lock (&meter->lock);
  count = meter->begun->len;
  g_mutex_unlock (&meter->lock);
  return count;
}

/* -------------------------------------------------------------------------------- the window's share of the processors */

/* seconds that all threads have computed but the polite ones of the trainer and those that take what it leaves: the window's own and
 * its renderer's */
static double
window_seconds (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;
  double sum = 0.0;

  while (tasks != NULL && (task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/task/%s/schedstat", task), *text = NULL;
      int id = atoi (task);

      errno = 0;
      if (getpriority (PRIO_PROCESS, (id_t) id) > 0 || errno != 0 || sched_getscheduler (id) == SCHED_IDLE || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      sum += g_ascii_strtod (text, NULL) * 1e-9;
    }
  return sum;
}

/* ---------------------------------------------------------------------------------------------- one turn */

typedef struct
{
  GtkWidget *window;
  WorkbenchRun *run;
  Meter meter;
  gboolean counting;
  gint64 last;              /* when the frame before was begun; 0: there was none */
  double began;             /* this one, on own_time(); negative: none */
  GArray *intervals, *work; /* of double, ms: of the present turn's view */
  double share;             /* of all processors that the window took in the last turn */
} Benchmark;

static gboolean
has_failed (Benchmark *b)
{
  DfkdState state = workbench_run_get_status (b->run)->state;

  /* without a window the status is not looked at */
  return state == DFKD_STATE_FAILED || state == DFKD_STATE_FINISHED || !dfkd_session_is_running (workbench_run_get_session (b->run));
}

/* the trainer has made itself ready and stands still, so that nobody else sets a tap any more */
static void
wait_prepared (Benchmark *b)
{
  while (workbench_run_get_status (b->run)->state == DFKD_STATE_PREPARING)
    g_main_context_iteration (NULL, TRUE);
}

/* until @count syntheses have begun; the window draws meanwhile, if it is open */
static void
wait_open (Benchmark *b, guint count)
{
  while (count_begun (&b->meter) < count && !has_failed (b))
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_hidden (Benchmark *b, guint count)
{
  g_mutex_lock (&b->meter.lock);
  while (b->meter.begun->len < count && !has_failed (b))
    g_cond_wait_until (&b->meter.changed, &b->meter.lock, g_get_monotonic_time () + 5 * G_USEC_PER_SEC);
  g_mutex_unlock (&b->meter.lock);
}

static gint64
begun (Benchmark *b, guint synthesis)
{
  gint64 time;

  g_mutex_lock (&b->meter.lock);
  time = g_array_index (b->meter.begun, gint64, synthesis);
  g_mutex_unlock (&b->meter.lock);
  return time;
}

/* Returns: seconds of a synthesis, over as many whole ones as begin in the turn's time */
static double
time_synthesis (Benchmark *b, void (*wait) (Benchmark *b, guint count))
{
  guint first = count_begun (&b->meter), last = first;
  double used, passed;

  wait (b, first + 1); /* what is under way began before the turn */
  used = window_seconds ();
  b->counting = TRUE;
  b->last = 0;
  b->began = -1.0;
  do
    wait (b, ++last + 1);
  while (!has_failed (b) && begun (b, last) - begun (b, first) < TURN);
  b->counting = FALSE;
  if (has_failed (b))
    return (double) NAN;
  passed = (double) (begun (b, last) - begun (b, first)) * 1e-6;
  b->share = (window_seconds () - used) / (passed * g_get_num_processors ());
  return passed / (last - first);
}

/* the window has drawn itself, with all that a first frame brings with it */
static void
settle (Benchmark *b)
{
  gint64 end = g_get_monotonic_time () + SETTLING;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static double
turn_hidden (Benchmark *b)
{
  DfkdChannel *channel = dfkd_session_get_channel (workbench_run_get_session (b->run));
  double seconds;

  gtk_widget_set_visible (b->window, FALSE);
  settle (b);
  dfkd_channel_set_picture_interval (channel, -1.0);
  seconds = time_synthesis (b, wait_hidden);
  dfkd_channel_set_picture_interval (channel, 0.1);
  return seconds;
}

/* of this thread, ms: what others take meanwhile does not count */
static double
own_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec * 1e-6;
}

static void
on_before_paint (GdkFrameClock *clock, Benchmark *b)
{
  gint64 now = g_get_monotonic_time ();

  if (!b->counting)
    return;
  if (b->last != 0)
    {
      double interval = (double) (now - b->last) * 1e-3;

      g_array_append_val (b->intervals, interval);
    }
  b->last = now;
  b->began = own_time ();
}

static void
on_after_paint (GdkFrameClock *clock, Benchmark *b)
{
  double work = own_time () - b->began;

  if (b->counting && b->began >= 0.0)
    g_array_append_val (b->work, work);
}

/* what draws with OpenGL keeps its picture until it is asked for another */
static void
render_all (GtkWidget *widget)
{
  if (GTK_IS_GL_AREA (widget) && gtk_widget_get_mapped (widget))
    gtk_gl_area_queue_render (GTK_GL_AREA (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    render_all (child);
}

static gboolean
draw_all (GtkWidget *widget, GdkFrameClock *clock, gpointer view)
{
  gtk_widget_queue_draw (view);
  render_all (view);
  return G_SOURCE_CONTINUE;
}

/* @frames: draw at every tick of the display, and look how long it takes */
static double
turn_open (Benchmark *b, const char *view, gboolean frames)
{
  GtkWidget *shown;
  GdkFrameClock *clock;
  double seconds;
  guint tick;

  workbench_window_show_view (WORKBENCH_WINDOW (b->window), view);
  gtk_window_present (GTK_WINDOW (b->window));
  settle (b);
  if (!frames)
    return time_synthesis (b, wait_open);
  clock = gtk_widget_get_frame_clock (b->window);
  shown = GTK_WIDGET (workbench_window_get_view (WORKBENCH_WINDOW (b->window)));
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), b);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), b);
  tick = gtk_widget_add_tick_callback (b->window, draw_all, shown, NULL);
  seconds = time_synthesis (b, wait_open);
  gtk_widget_remove_tick_callback (b->window, tick);
  g_signal_handlers_disconnect_by_data (clock, b);
  return seconds;
}

/* ----------------------------------------------------------------------------------------------- results */

/* sorts @values */
static double
percentile (GArray *values, double part)
{
  g_array_sort (values, dfkd_compare_doubles);
  return values->len > 0 ? g_array_index (values, double, MIN ((guint) ceil (part * values->len), values->len) - 1) : (double) NAN;
}

static void
sum_up (WorkbenchDrawingCost *cost, GArray *intervals, GArray *work, GArray *speeds, GArray *shares)
{
  cost->share = percentile (shares, 0.5);
  cost->frames = work->len;
  cost->median = percentile (intervals, 0.5);
  cost->late = percentile (intervals, 0.99);
  cost->longest = percentile (intervals, 1.0);
  cost->work = percentile (work, 0.99);
  cost->turns = speeds->len;
  cost->speed = percentile (speeds, 0.5);
  cost->slower = percentile (speeds, 0.25);
  cost->faster = percentile (speeds, 0.75);
}

/* what is gathered of a view */
enum {
  SPEEDS,
  SHARES,
  INTERVALS,
  WORK,
  SAMPLES
};

/* Every turn with a view stands between two without a window, and is compared with both: what drifts slowly cancels. */
static void
measure (Benchmark *b, const char *only, guint rounds, GArray *costs)
{
  const guint views = workbench_n_view_kinds, count = views + 1; /* the last gathers all of them */
  g_autofree GArray **samples = g_new (GArray *, SAMPLES * count);
  double before;

  for (guint i = 0; i < SAMPLES * count; i++)
    samples[i] = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < views; i++) /* each is made when it is first shown */
    {
      workbench_window_show_view (WORKBENCH_WINDOW (b->window), workbench_view_kinds[i].name);
      settle (b);
    }
  wait_open (b, 2);
  before = turn_hidden (b);
  for (guint round = 0; round < rounds; round++)
    for (guint i = 0; i < views && !has_failed (b); i++)
      {
        const char *view = workbench_view_kinds[i].name;
        double open, after, speed;

        if (only != NULL && !g_str_equal (only, view))
          continue;
        open = turn_open (b, view, FALSE);
        g_array_append_val (samples[SAMPLES * i + SHARES], b->share);
        after = turn_hidden (b);
        speed = (before + after) / 2.0 / open;
        g_array_append_val (samples[SAMPLES * i + SPEEDS], speed);
        if (round < FRAME_ROUNDS)
          {
            b->intervals = samples[SAMPLES * i + INTERVALS];
            b->work = samples[SAMPLES * i + WORK];
            turn_open (b, view, TRUE);
            after = turn_hidden (b);
          }
        before = after;
      }
  for (guint i = 0; i < views; i++)
    for (guint what = SPEEDS; what <= SHARES; what++)
      g_array_append_vals (samples[SAMPLES * views + what], samples[SAMPLES * i + what]->data, samples[SAMPLES * i + what]->len);
  for (guint i = 0; i < count; i++)
    {
      WorkbenchDrawingCost cost = { .view = i < views ? workbench_view_kinds[i].name : NULL };

      sum_up (&cost, samples[SAMPLES * i + INTERVALS], samples[SAMPLES * i + WORK], samples[SAMPLES * i + SPEEDS],
              samples[SAMPLES * i + SHARES]);
      if (cost.turns > 0)
        g_array_append_val (costs, cost);
    }
  for (guint i = 0; i < SAMPLES * count; i++)
    g_array_unref (samples[i]);
}

GArray *
workbench_benchmark_run (AdwApplication *application, const DfkdRecipe *recipe, const DfkdSessionOptions *options, const char *view,
                         guint rounds, GError **error)
{
  g_autoptr (DfkdRecipe) own = dfkd_recipe_copy (recipe);
  g_autofree char *root = g_dir_make_tmp ("dfkd-benchmark-XXXXXX", error);
  g_autofree char *folder = root != NULL ? g_build_filename (root, "run", NULL) : NULL; /* where gallery and latent space find the pool */
  DfkdSessionOptions paused = { .device = options->device, .threads = options->threads, .folder = folder, .paused = TRUE };
  GArray *costs = NULL;
  gboolean failed = TRUE;
  Benchmark b = { .meter = { .k = (guint64) recipe->number[DFKD_PARAMETER_K] } };

  if (root == NULL)
    return NULL;
  costs = g_array_new (FALSE, FALSE, sizeof (WorkbenchDrawingCost));
  own->number[DFKD_PARAMETER_WARMUP] = 0.0;
  own->number[DFKD_PARAMETER_SYNTHESES] = dfkd_parameter (DFKD_PARAMETER_SYNTHESES)->maximum;
  own->number[DFKD_PARAMETER_EVALUATE_EVERY] = 0.0;
  own->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 0.0;
  g_free (own->text[DFKD_PARAMETER_DATA]);
  own->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  b.window = GTK_WIDGET (workbench_window_new (application, own, &paused));
  workbench_window_forget (WORKBENCH_WINDOW (b.window), FALSE);
  b.run = workbench_window_get_document (WORKBENCH_WINDOW (b.window)) != NULL
              ? workbench_document_get_run (workbench_window_get_document (WORKBENCH_WINDOW (b.window)))
              : NULL;
  if (b.run != NULL)
    {
      g_object_ref (b.run);
      g_mutex_init (&b.meter.lock);
      g_cond_init (&b.meter.changed);
      b.meter.begun = g_array_new (FALSE, FALSE, sizeof (gint64));
      gtk_widget_activate_action (b.window, "win.controls", NULL); /* the views alone: a tick draws what it is asked to */
      g_action_group_change_action_state (G_ACTION_GROUP (b.window), "side-by-side", g_variant_new_boolean (FALSE));
      gtk_window_present (GTK_WINDOW (b.window));
      wait_prepared (&b);
      dfkd_channel_set_tap (dfkd_session_get_channel (workbench_run_get_session (b.run)), &meter_tap, &b.meter); /* in the recorder's place */
      dfkd_session_run (workbench_run_get_session (b.run));
      measure (&b, view, rounds, costs);
      failed = has_failed (&b);
      workbench_run_close (b.run);
    }
  if (failed || costs->len == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, "the run of the benchmark failed or ended early, or there is no such view");
      g_clear_pointer (&costs, g_array_unref);
    }
  gtk_window_destroy (GTK_WINDOW (b.window));
  g_clear_object (&b.run);
  settle (&b);
  workbench_run_wait_for_endings (); /* the trainer's thread rings the meter until then */
  if (b.meter.begun != NULL)
    {
      g_array_unref (b.meter.begun);
      g_mutex_clear (&b.meter.lock);
      g_cond_clear (&b.meter.changed);
    }
  dfkd_folder_remove (root);
  return costs;
}

char *
workbench_benchmark_table (const GArray *costs)
{
  GString *text = g_string_new (
      "milliseconds from frame to frame while each is asked for and training goes on; work: processor time of\n"
      "its thread for a frame; share: of all processors that the window and its renderer take; speed: of training with the view open over\n"
      "training without a window, in turns beside each other, both true only where nothing else computes\n\n"
      "view         frames   median     99 %  longest  work 99 %    share    speed (of turns, the middle half of them)\n");

  for (guint i = 0; i < costs->len; i++)
    {
      const WorkbenchDrawingCost *c = &g_array_index (costs, WorkbenchDrawingCost, i);

      if (c->view != NULL)
        g_string_append_printf (text, "%-12s %6u %8.1f %8.1f %8.1f %10.1f", c->view, c->frames, c->median, c->late, c->longest, c->work);
      else
        g_string_append_printf (text, "%-12s %44s", "all", "");
      g_string_append_printf (text, "  %5.1f %%  %5.1f %%  (%u, %.1f … %.1f)\n", 100.0 * c->share, 100.0 * c->speed, c->turns, 100.0 * c->slower,
                              100.0 * c->faster);
    }
  return g_string_free (text, FALSE);
}
