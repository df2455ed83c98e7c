/* test-latent.c: the map of latents and features: layout, camera, drawing, choosing. */
#include "small-runs.h"

#include "recorder.h"
#include "support.h"
#include "widgets.h"
#include "workbench-latent-view.h"
#include "workbench-layout.h"
#include "workbench-map.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>
#include <time.h>

static char *folder; /* of a finished run of 3 × 8 images */

static void
test_layout (void)
{
  static const WorkbenchProjection projections[] = { WORKBENCH_PROJECTION_PCA, WORKBENCH_PROJECTION_T_SNE };
  g_autoptr (WorkbenchDocument) document = open_document (folder);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (WorkbenchPoints) points = workbench_points_new (document, DFKD_ROWS_Z, 1000);
      WorkbenchLayout *layout = workbench_layout_new (points, projections[i / 2], 2 + i % 2);
      gpointer weak = layout;
      gsize d = workbench_layout_get_dimensions (layout), features;

      g_assert_cmpuint (d, ==, 2 + i % 2);
      TURN_UNTIL (workbench_layout_get_count (layout) == 24);
      features = workbench_points_get_features (points);
      TURN_UNTIL (!isnan (workbench_layout_get_kept (layout)));
      g_assert_cmpfloat (workbench_layout_get_kept (layout), >=, 0.0);
      g_assert_cmpfloat (workbench_layout_get_kept (layout), <=, 1.0);
      g_assert_null (workbench_layout_get_problem (layout));
      for (guint p = 0; p < 24; p++)
        {
          gssize at = workbench_points_find (points, workbench_layout_get_ids (layout)[p]);
          const float *place = workbench_layout_get_places (layout) + p * d;
          float again[3];

          g_assert_cmpint (at, >=, 0);
          for (gsize j = 0; j < d; j++)
            g_assert_true (isfinite (place[j]));
          if (i / 2 == 1)
            {
              g_assert_false (workbench_layout_project (layout, workbench_points_get_rows (points), again));
              continue;
            }
          g_assert_true (workbench_layout_project (layout, workbench_points_get_rows (points) + (gsize) at * features, again));
          for (gsize j = 0; j < d; j++) /* turned over the former layout or not, a point's own row has its place */
            g_assert_cmpfloat_with_epsilon (again[j], place[j], 1e-4);
        }
      if (i / 2 == 0)
        g_assert_cmpfloat (workbench_layout_get_explained (layout), >, 0.0);
      g_object_add_weak_pointer (G_OBJECT (layout), &weak);
      workbench_layout_stop (layout);
      g_object_unref (layout);
      TURN_UNTIL (weak == NULL || !g_main_context_pending (NULL));
      g_assert_null (weak);
    }
  workbench_document_close (document);
}

/* a thinned or bounded history drops the oldest points */
static void
test_points (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  g_autoptr (WorkbenchPoints) points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, 16);
  guint total;

  TURN_UNTIL (workbench_points_get_reading (points, &total) == 3);
  g_assert_cmpuint (workbench_points_get_count (points), ==, 16);
  g_assert_cmpint (workbench_points_find (points, workbench_image (1, 0)), ==, -1);
  g_assert_cmpint (workbench_points_find (points, workbench_image (2, 0)), ==, 0);
  g_assert_cmpint (workbench_points_find (points, workbench_image (3, 7)), ==, 15);
  for (guint i = 0; i < 16; i++)
    {
      const DfkdPictures *p = workbench_history_get (workbench_document_get_history (document), 2 + i / 8);
      gsize n = workbench_points_get_features (points);

      g_assert_cmpmem (workbench_points_get_rows (points) + i * n, n * sizeof (float), p->rows[DFKD_ROWS_TEACHER_FEATURES] + i % 8 * n, n * sizeof (float));
    }
  workbench_document_close (document);
}

static void
count_frames (GdkFrameClock *clock, guint *frames)
{
  (*frames)++;
}

static WorkbenchMapPoint
point (float x, float y, guint8 red, guint8 green)
{
  return (WorkbenchMapPoint){ { x, y, 0.0f }, { red, green, 0, 255 }, 15.0f };
}

static void
test_map (void)
{
  GtkWidget *window = gtk_window_new (), *widget = g_object_new (WORKBENCH_TYPE_MAP, NULL);
  WorkbenchMap *map = WORKBENCH_MAP (widget);
  const WorkbenchMapPoint points[] = { point (-1.0f, -2.0f, 255, 0), point (3.0f, 2.0f, 0, 255), point (0.0f, 0.0f, 255, 255) };
  g_autoptr (GArray) inside = NULL;
  double x, y, left, top, corners[8];
  guint frames = 0;

  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (gtk_widget_get_height (widget) > 0);
  g_assert_null (gtk_gl_area_get_error (GTK_GL_AREA (map)));
  workbench_map_set_points (map, points, 3, 2);
  for (guint i = 0; i < 3; i++) /* all are in sight, and are found where they are */
    {
      g_assert_true (workbench_map_place (map, i, &x, &y));
      g_assert_cmpfloat (x, >, 0.0);
      g_assert_cmpfloat (x, <, gtk_widget_get_width (widget));
      g_assert_cmpfloat (y, >, 0.0);
      g_assert_cmpfloat (y, <, gtk_widget_get_height (widget));
      g_assert_cmpint (workbench_map_pick (map, x + 3.0, y - 3.0), ==, (int) i);
    }
  g_assert_cmpint (workbench_map_pick (map, 1.0, 1.0), ==, -1);
  workbench_map_place (map, 0, &left, &y);
  workbench_map_place (map, 1, &x, &top);
  g_assert_cmpfloat (left, <, x);
  g_assert_cmpfloat (top, <, y); /* upwards */

  workbench_map_place (map, 2, &x, &y);
  workbench_map_zoom (map, 3.0, x, y);
  workbench_map_place (map, 2, &left, &top);
  g_assert_cmpfloat_with_epsilon (left, x, 1e-6); /* what lies under the pointer stays */
  g_assert_cmpfloat_with_epsilon (top, y, 1e-6);
  memcpy (corners, (const double[]){ x - 20, y - 20, x + 20, y - 20, x + 20, y + 20, x - 20, y + 20 }, sizeof corners);
  inside = workbench_map_inside (map, corners, 4);
  g_assert_cmpuint (inside->len, ==, 1);
  g_assert_cmpuint (g_array_index (inside, guint, 0), ==, 2);
  workbench_map_reset (map);

  /* what is drawn has the points' colours at their places */
  {
    g_autoptr (GdkPaintable) paintable = NULL;
    g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
    g_autoptr (GskRenderNode) node = NULL;
    g_autoptr (GdkTexture) texture = NULL;
    g_autofree guint8 *pixels = NULL;
    gsize stride;

    g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (count_frames), &frames);
    gtk_gl_area_queue_render (GTK_GL_AREA (map));
    TURN_UNTIL (frames >= 1);
    paintable = gtk_widget_paintable_new (widget);
    gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
    node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
    g_assert_nonnull (node);
    texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                           &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget)));
    stride = 4 * (gsize) gdk_texture_get_width (texture);
    pixels = g_malloc (stride * (gsize) gdk_texture_get_height (texture));
    gdk_texture_download (texture, pixels, stride);
    for (guint i = 0; i < 3; i++)
      {
        const guint8 *pixel;

        workbench_map_place (map, i, &x, &y);
        pixel = pixels + (gsize) y * stride + 4 * (gsize) x; /* B, G, R, A */
        g_assert_cmpuint (pixel[2], ==, points[i].colour[0]);
        g_assert_cmpuint (pixel[1], ==, points[i].colour[1]);
        g_assert_cmpuint (pixel[0], ==, 0);
      }
  }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_view (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_LATENT_VIEW, NULL), *window = gtk_window_new ();
  WorkbenchMap *map = WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (guint)), chosen = NULL;
  double x, y;

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 600);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  g_array_append_val (some, (guint){ 4 });
  g_array_append_val (some, (guint){ 20 });
  g_signal_emit_by_name (map, "lassoed", some);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 2);
  chosen = workbench_selection_get_images (selection);
  g_assert_cmpuint (g_array_index (chosen, WorkbenchImage, 0), ==, workbench_image (1, 4));
  g_assert_cmpuint (g_array_index (chosen, WorkbenchImage, 1), ==, workbench_image (3, 4));
  g_signal_emit_by_name (map, "clicked", 9, 0u);
  g_assert_cmpuint (workbench_selection_get_current (selection), ==, workbench_image (2, 1));
  g_signal_emit_by_name (map, "clicked", -1, 0u);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  g_assert_false (workbench_map_place (map, 0, &x, &y));
  gtk_window_destroy (GTK_WINDOW (window));
  workbench_document_close (document);
}

enum {
  MANY = 20000,
};

/* what the processor does for a frame of so many points */
static void
test_many (void)
{
  GtkWidget *window = gtk_window_new (), *widget = g_object_new (WORKBENCH_TYPE_MAP, NULL);
  g_autofree WorkbenchMapPoint *points = g_new (WorkbenchMapPoint, MANY);
  guint frames = 0;
  gint64 began;

  for (guint i = 0; i < MANY; i++)
    points[i] = point ((float) g_test_rand_double_range (-1, 1), (float) g_test_rand_double_range (-1, 1), 255, 128);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (gtk_widget_get_height (widget) > 0);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (count_frames), &frames);
  began = g_get_monotonic_time ();
  for (guint i = 0; i < 20; i++)
    {
      guint before = frames;

      points[i].place[0] = -points[i].place[0];
      workbench_map_set_points (WORKBENCH_MAP (widget), points, MANY, 2);
      TURN_UNTIL (frames > before);
    }
  g_test_message ("20,000 points: %.1f ms a frame, all of them new each time", (double) (g_get_monotonic_time () - began) * 1e-3 / 20.0);
  g_assert_cmpfloat ((double) (g_get_monotonic_time () - began) * 1e-6 / 20.0, <, 0.5);
  for (guint before = frames, i = 0; i < 20; i++) /* what is there already is not drawn again */
    {
      workbench_map_set_points (WORKBENCH_MAP (widget), points, MANY, 2);
      g_usleep (10000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (frames, ==, before);
    }
  began = g_get_monotonic_time ();
  for (guint i = 0; i < 20; i++)
    workbench_map_pick (WORKBENCH_MAP (widget), 10.0 * i, 300.0);
  g_test_message ("finding one of them: %.2f ms", (double) (g_get_monotonic_time () - began) * 1e-3 / 20.0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* (transfer full): a run folder of as many images, of which only the features matter */
static char *
make_many (guint batches, gsize batch)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdRecorder) recorder = NULL;
  g_autoptr (GError) error = NULL;
  char *path = new_folder ("many");

  recorder = dfkd_recorder_new (path, recipe, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < batches; i++)
    {
      g_autoptr (DfkdPictures) p = dfkd_pictures_new (batch, 1, 4, 4);
      float *features = dfkd_pictures_add_rows (p, DFKD_ROWS_TEACHER_FEATURES, 12);

      p->synthesis = i + 1;
      for (gsize j = 0; j < batch * 12; j++)
        features[j] = (float) g_test_rand_double_range (-1, 1);
      g_assert_true (dfkd_recorder_add_pictures (recorder, p, G_MAXUINT64, &error));
    }
  return path;
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
  g_autofree char *many = make_many (20, MANY / 20);
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
  g_autofree char *student = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  folder = new_folder ("latent");
  student = run_through ("latent", 3);
  g_test_add_func ("/latent/points", test_points);
  g_test_add_func ("/latent/layout", test_layout);
  g_test_add_func ("/latent/map", test_map);
  g_test_add_func ("/latent/view", test_view);
  g_test_add_func ("/latent/many", test_many);
  g_test_add_func ("/latent/many-in-view", test_many_in_view);
  result = g_test_run ();
  end_small_runs ();
  g_free (folder);
  return result;
}
