/* test-layout.c: latents and features as points, and their layout. test-latent.c is about the view of it. */
#include "feature-runs.h"
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-layout.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

static char *folder; /* of a finished run of 3 × 8 images */

/* what the layout says of itself, computed again: neighbours of the very space that was laid out */
static void
assert_kept (WorkbenchLayout *layout, WorkbenchPoints *points)
{
  const gsize n = workbench_layout_get_count (layout), features = workbench_points_get_features (points);
  g_autofree float *rows = g_new (float, n * features);
  g_autoptr (DfkdPreservation) preservation = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++)
    memcpy (rows + i * features, workbench_points_get_rows (points) + (gsize) workbench_points_find (points, workbench_layout_get_ids (layout)[i]) * features,
            features * sizeof (float));
  preservation = dfkd_preservation_new (rows, features, workbench_layout_get_places (layout), workbench_layout_get_dimensions (layout), n,
                                        WORKBENCH_KEPT_NEIGHBOURS, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (workbench_layout_get_kept (layout), preservation->mean_kept, 1e-9);
}

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
      assert_kept (layout, points);
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

/* a thinned or bounded history drops the oldest points: at once, or once there are enough of them */
static void
test_points (void)
{
  static const gsize most[] = { 16, 23 }; /* both are two batches */
  g_autoptr (WorkbenchDocument) document = open_document (folder);

  for (guint c = 0; c < G_N_ELEMENTS (most); c++)
    {
      g_autoptr (WorkbenchPoints) points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, most[c]);

      TURN_UNTIL (workbench_points_get_reading (points).read == 3);
      g_assert_cmpuint (workbench_points_get_count (points), ==, 16);
      g_assert_cmpint (workbench_points_find (points, workbench_image (1, 0)), ==, -1);
      g_assert_cmpint (workbench_points_find (points, workbench_image (2, 0)), ==, 0);
      g_assert_cmpint (workbench_points_find (points, workbench_image (3, 7)), ==, 15);
      for (guint i = 0; i < 16; i++)
        {
          const DfkdPictures *p = workbench_history_get (workbench_document_get_history (document), 2 + i / 8);
          gsize n = workbench_points_get_features (points);

          g_assert_cmpuint (workbench_points_get_ids (points)[i], ==, workbench_image (2 + i / 8, i % 8));
          g_assert_cmpmem (workbench_points_get_rows (points) + i * n, n * sizeof (float), p->rows[DFKD_ROWS_TEACHER_FEATURES] + i % 8 * n, n * sizeof (float));
        }
    }
  workbench_document_close (document);
}

/* on a plane, not along any axis */
static void
fill_plane (float *row, gsize count)
{
  const double u = g_test_rand_double_range (-1, 1), v = g_test_rand_double_range (-1, 1);

  for (gsize i = 0; i < count; i++)
    row[i] = (float) (u * sin (1.0 + (double) i) + v * cos (2.0 * (double) i));
}

/* how much of neighbourhoods is kept depends on what is laid out */
static void
test_kept (void)
{
  static const struct {
    const char *name;
    void (*fill) (float *row, gsize count);
    WorkbenchProjection projection;
    double least, most;
  } cases[] = { { "plane", fill_plane, WORKBENCH_PROJECTION_PCA, 0.99, 1.0 },
                { "plane-t-sne", fill_plane, WORKBENCH_PROJECTION_T_SNE, 0.6, 1.0 },
                { "noise", fill_noise, WORKBENCH_PROJECTION_PCA, 0.03, 0.4 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = make_feature_run (cases[i].name, 2, 200, 0, cases[i].fill);
      g_autoptr (WorkbenchDocument) document = open_document (path);
      g_autoptr (WorkbenchPoints) points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, 1000);
      g_autoptr (WorkbenchLayout) layout = workbench_layout_new (points, cases[i].projection, 2);

      TURN_UNTIL (workbench_layout_get_count (layout) == 400 && !isnan (workbench_layout_get_kept (layout)));
      turn_for (100);
      g_test_message ("%s: %.3f of the neighbours are kept", cases[i].name, workbench_layout_get_kept (layout));
      g_assert_cmpfloat (workbench_layout_get_kept (layout), >=, cases[i].least);
      g_assert_cmpfloat (workbench_layout_get_kept (layout), <=, cases[i].most);
      assert_kept (layout, points);
      if (cases[i].fill == fill_plane && cases[i].projection == WORKBENCH_PROJECTION_PCA)
        g_assert_cmpfloat (workbench_layout_get_explained (layout), >, 0.9999);
      workbench_layout_stop (layout);
      workbench_document_close (document);
    }
}

/* mean distance of the same points, beside that of the points from the origin */
static double
moved (WorkbenchLayout *layout, const float *before, gsize n)
{
  double away = 0.0, wide = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      const float *now = workbench_layout_get_places (layout) + 2 * i;

      away += hypot ((double) (now[0] - before[2 * i]), (double) (now[1] - before[2 * i + 1]));
      wide += hypot ((double) now[0], (double) now[1]);
    }
  return away / wide;
}

/* iterations of t-SNE are counted and can be held: nothing moves then, and it goes on from there */
static void
test_pause (void)
{
  enum { COUNT = 1200 };
  g_autofree char *path = make_feature_run ("pause", 3, COUNT / 3, 0, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  g_autoptr (WorkbenchPoints) points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, COUNT);
  g_autoptr (WorkbenchLayout) layout = NULL;
  g_autofree float *before = NULL;
  guint iteration, total;

  TURN_UNTIL (workbench_points_get_reading (points).read == 3);
  layout = workbench_layout_new (points, WORKBENCH_PROJECTION_T_SNE, 2);
  g_assert_cmpuint (workbench_layout_get_progress (layout).total, ==, 0);
  TURN_UNTIL (workbench_layout_get_progress (layout).iteration >= 600); /* past its first, rough part */
  g_assert_cmpfloat (workbench_layout_get_progress (layout).ready, ==, 1.0);
  total = workbench_layout_get_progress (layout).total;
  g_assert_cmpuint (workbench_layout_get_progress (layout).iteration, <, total);
  workbench_layout_set_paused (layout, TRUE);
  g_assert_true (workbench_layout_get_paused (layout));
  TURN_UNTIL (!isnan (workbench_layout_get_kept (layout))); /* as it stands */
  iteration = workbench_layout_get_progress (layout).iteration;
  assert_kept (layout, points);
  before = g_memdup2 (workbench_layout_get_places (layout), 2 * COUNT * sizeof (float));
  turn_for (400);
  g_assert_cmpuint (workbench_layout_get_progress (layout).iteration, ==, iteration);
  g_assert_cmpmem (workbench_layout_get_places (layout), 2 * COUNT * sizeof (float), before, 2 * COUNT * sizeof (float));

  workbench_layout_set_paused (layout, FALSE);
  TURN_UNTIL (workbench_layout_get_progress (layout).iteration > iteration);
  g_assert_cmpfloat (moved (layout, before, COUNT), <, 0.5);
  TURN_UNTIL (workbench_layout_get_progress (layout).iteration == total); /* and no further */
  turn_for (200);
  g_assert_cmpuint (workbench_layout_get_progress (layout).iteration, ==, total);
  workbench_layout_stop (layout);
  workbench_document_close (document);
}

static void
add_tests (void)
{
  g_test_add_func ("/layout/points", test_points);
  g_test_add_func ("/layout/layout", test_layout);
  g_test_add_func ("/layout/kept", test_kept);
  g_test_add_func ("/layout/pause", test_pause);
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "layout", &folder, add_tests);
}
