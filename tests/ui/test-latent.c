/* test-latent.c: latents and features as points: their layout, and the view of them. test-map.c is about the map as such. */
#include "small-runs.h"

#include "recorder.h"
#include "support.h"
#include "widgets.h"
#include "workbench-class-legend.h"
#include "workbench-image-colours.h"
#include "workbench-latent-view.h"
#include "workbench-layout.h"
#include "workbench-map-private.h"
#include "workbench-plot.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>
#include <time.h>

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

enum {
  FEATURES = 12,
};

static void
fill_noise (float *row, gsize count)
{
  for (gsize i = 0; i < count; i++)
    row[i] = (float) g_test_rand_double_range (-1, 1);
}

/* on a plane, not along any axis */
static void
fill_plane (float *row, gsize count)
{
  const double u = g_test_rand_double_range (-1, 1), v = g_test_rand_double_range (-1, 1);

  for (gsize i = 0; i < count; i++)
    row[i] = (float) (u * sin (1.0 + (double) i) + v * cos (2.0 * (double) i));
}

/* (transfer full): a run folder of as many images, of which only the teacher's features and the labels matter: class after class */
static char *
make_run (const char *name, guint batches, gsize batch, gsize classes, void (*fill) (float *row, gsize count))
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdRecorder) recorder = NULL;
  g_autoptr (GError) error = NULL;
  char *path = new_folder (name);

  recorder = dfkd_recorder_new (path, recipe, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < batches; i++)
    {
      g_autoptr (DfkdPictures) p = dfkd_pictures_new (batch, 1, 4, 4);
      float *features = dfkd_pictures_add_rows (p, DFKD_ROWS_TEACHER_FEATURES, FEATURES);

      p->synthesis = i + 1;
      if (classes > 0)
        dfkd_pictures_add_rows (p, DFKD_ROWS_TEACHER, classes);
      for (gsize j = 0; j < batch; j++)
        {
          fill (features + j * FEATURES, FEATURES);
          p->labels[j] = classes > 0 ? (gint32) (j % classes) : 0;
        }
      g_assert_true (dfkd_recorder_add_pictures (recorder, p, G_MAXUINT64, &error));
    }
  return path;
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
      g_autofree char *path = make_run (cases[i].name, 2, 200, 0, cases[i].fill);
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
  g_autofree char *path = make_run ("pause", 3, COUNT / 3, 0, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  g_autoptr (WorkbenchPoints) points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, COUNT);
  g_autoptr (WorkbenchLayout) layout = NULL;
  g_autofree float *before = NULL;
  guint iteration, total, read;

  TURN_UNTIL ((read = workbench_points_get_reading (points, &total)) == 3);
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
count_frames (GdkFrameClock *clock, guint *frames)
{
  (*frames)++;
}

/* the view, in a window, of a document */
static GtkWidget *
show_view (WorkbenchDocument *document)
{
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_LATENT_VIEW, NULL), *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 600);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (gtk_widget_get_mapped (view));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  return view;
}

static WorkbenchMap *
map_of (GtkWidget *view)
{
  return WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));
}

/* choice @selected of the drop-down number @index: space, projection, dimensions, colour */
static void
choose (GtkWidget *view, guint index, guint selected)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, index)), selected);
}

static void
end_view (GtkWidget *view)
{
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  close_watched (GTK_WIDGET (gtk_widget_get_root (view)), view);
}

static const WorkbenchMapPoint *
point_of (WorkbenchMap *map, guint index)
{
  return &g_array_index (map->points, WorkbenchMapPoint, index);
}

static void
test_view (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = show_view (document);
  WorkbenchMap *map = map_of (view);
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (guint)), chosen = NULL;
  double x, y;

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
  end_view (view);
  workbench_document_close (document);
}

static gboolean
is_coloured (const WorkbenchMapPoint *point, GdkRGBA colour)
{
  return point->colour[0] == lrintf (255.0f * colour.red) && point->colour[1] == lrintf (255.0f * colour.green)
         && point->colour[2] == lrintf (255.0f * colour.blue);
}

/* each way of colouring says what it should; in three dimensions points leave the plane */
static void
test_colours (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  GtkWidget *view = show_view (document);
  WorkbenchMap *map = map_of (view);
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  double x, y, deep = 0.0;

  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  workbench_album_set_document (album, document);
  TURN_UNTIL (workbench_album_get_length (album) == 24);
  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  for (guint by = WORKBENCH_COLOUR_CLASS; by <= WORKBENCH_COLOUR_SYNTHESIS; by++)
    {
      float low = INFINITY, high = -INFINITY;

      choose (view, 3, by);
      turn_for (300);
      g_assert_cmpint (gtk_widget_get_mapped (find_widget (view, WORKBENCH_TYPE_CLASS_LEGEND)), ==, by == WORKBENCH_COLOUR_CLASS);
      for (guint i = 0; i < 24; i++)
        {
          const WorkbenchFacts *f = workbench_album_get_facts (album, workbench_image (i / 8 + 1, i % 8));

          low = MIN (low, f->loss);
          high = MAX (high, f->loss);
        }
      for (guint i = 0; i < 24; i++)
        {
          const WorkbenchFacts *f = workbench_album_get_facts (album, workbench_image (i / 8 + 1, i % 8));
          const WorkbenchMapPoint *point = point_of (map, i);

          if (by == WORKBENCH_COLOUR_CLASS)
            g_assert_true (is_coloured (point, workbench_class_mark (f->label, 10).colour));
          else if (by == WORKBENCH_COLOUR_AGREEMENT)
            g_assert_true (is_coloured (point, workbench_palette (f->agree ? 0 : 1)));
          else if (by == WORKBENCH_COLOUR_SYNTHESIS)
            g_assert_true (is_coloured (point, workbench_colour_map ((i / 8) / 2.0)));
          else if (f->loss == low || f->loss == high) /* beyond the range that is shown, as ends always are */
            g_assert_true (is_coloured (point, workbench_colour_map (f->loss == low ? 0.0 : 1.0)));
        }
    }
  choose (view, 2, 1);
  TURN_UNTIL (map->dimensions == 3 && map->points->len == 24);
  for (guint i = 0; i < 24; i++)
    deep = MAX (deep, (double) fabsf (point_of (map, i)->place[2]));
  g_assert_cmpfloat (deep, >, 0.0);
  end_view (view);
  workbench_document_close (document);
}

/* of selected images, from the latent that was drawn to their points; not where they cannot be, nor where they are not wanted */
static void
test_paths (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  const WorkbenchImage images[] = { workbench_image (1, 4), workbench_image (3, 4) };
  GtkWidget *view = show_view (document), *button = find_labelled (view, GTK_TYPE_TOGGLE_BUTTON, "z₀→z_k");
  WorkbenchMap *map = map_of (view);
  double x, y;

  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  g_assert_false (gtk_widget_get_sensitive (button)); /* of teacher features */
  workbench_selection_set (selection, images, 2);
  turn_for (300);
  g_assert_cmpuint (map->lines->len, ==, 0);
  choose (view, 0, 0);
  TURN_UNTIL (map->lines->len == 4);
  g_assert_true (gtk_widget_get_sensitive (button));
  for (guint i = 0; i < 2; i++)
    {
      const WorkbenchMapVertex *from = &g_array_index (map->lines, WorkbenchMapVertex, 2 * i), *to = from + 1;
      const WorkbenchMapPoint *point = point_of (map, i == 0 ? 4 : 20);

      for (guint d = 0; d < 2; d++)
        g_assert_cmpfloat_with_epsilon (to->place[d], point->place[d], 1e-3);
      g_assert_cmpfloat (hypotf (from->place[0] - to->place[0], from->place[1] - to->place[1]), >, 0.0f); /* the latent was adapted */
      g_assert_cmpfloat (point->size, >, point_of (map, 5)->size);
    }
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  TURN_UNTIL (map->lines->len == 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  TURN_UNTIL (map->lines->len == 4);
  choose (view, 1, 1);
  TURN_UNTIL (map->lines->len == 0);
  g_assert_false (gtk_widget_get_sensitive (button)); /* of t-SNE */
  end_view (view);
  workbench_document_close (document);
}

/* with keys alone: to a point, into the selection, out of it; the map says so */
static void
test_by_keys (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = show_view (document);
  WorkbenchMap *map = map_of (view);
  g_autofree char *text = NULL, *label = NULL;
  WorkbenchImage current;
  double x, y;

  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  press_key (GTK_WIDGET (map), GDK_KEY_Right, 0);
  press_key (GTK_WIDGET (map), GDK_KEY_Left, 0);
  current = workbench_selection_get_current (selection);
  g_assert_cmpuint (current, ==, workbench_image ((guint) workbench_map_get_current (map) / 8 + 1, (guint) workbench_map_get_current (map) % 8));
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  turn_for (300);
  text = g_strdup_printf ("synthesis %u, image %u, drawn for: ", workbench_image_synthesis (current), workbench_image_index (current) + 1);
  g_assert_nonnull (find_text (view, text));
  g_assert_null (find_text (view, "; selected"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, gtk_label_get_text (GTK_LABEL (find_text (view, text))));
  press_key (GTK_WIDGET (map), GDK_KEY_space, 0);
  g_assert_true (workbench_selection_contains (selection, current));
  TURN_UNTIL (find_text (view, "; selected") != NULL);
  label = g_strdup (gtk_label_get_text (GTK_LABEL (find_text (view, text))));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, label);
  press_key (GTK_WIDGET (map), GDK_KEY_space, 0);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  press_key (GTK_WIDGET (map), GDK_KEY_space, 0);
  press_key (GTK_WIDGET (map), GDK_KEY_Escape, 0);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  g_signal_emit_by_name (map, "hovered", 9); /* its tooltip says which one it is */
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (GTK_WIDGET (map)), "synthesis 2, image 2, drawn for: "));
  g_signal_emit_by_name (map, "hovered", -1);
  g_assert_null (gtk_widget_get_tooltip_text (GTK_WIDGET (map)));
  end_view (view);
  workbench_document_close (document);
}

/* images themselves, in the colour of their points, where there is room for them */
static void
test_images (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  GtkWidget *view = show_view (document);
  WorkbenchMap *map = map_of (view);
  const DfkdPictures *p;
  g_autofree guint8 *pixels = NULL;
  const guint8 *frame;
  double x, y;
  gsize stride;

  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  workbench_map_zoom (map, 400.0, x, y); /* the only one in sight */
  TURN_UNTIL (workbench_history_get (workbench_document_get_history (document), 3) != NULL);
  p = workbench_history_get (workbench_document_get_history (document), 3);
  turn_for (300);
  pixels = draw_widget (GTK_WIDGET (map), &stride);
  workbench_map_place (map, 23, &x, &y);
  frame = pixels + (gsize) y * stride + 4 * (gsize) (x - 19.5); /* 40 pixels across */
  for (guint c = 0; c < 3; c++)
    g_assert_cmpint (frame[2 - c], ==, point_of (map, 23)->colour[c]);
  for (int i = -12; i <= 12; i += 6)
    {
      const double scale = (double) (p->width + 4) / 40.0; /* frames of two pixels */
      const gsize column = (gsize) ((floor (x + i) + 0.5 - x + 20.0) * scale) - 2, row = (gsize) ((floor (y + i) + 0.5 - y + 20.0) * scale) - 2;

      g_assert_cmpint (pixels[(gsize) (y + i) * stride + 4 * (gsize) (x + i) + 2], ==, p->pixels[((7 * p->height + row) * p->width + column) * p->channels]);
    }
  end_view (view);
  workbench_document_close (document);
}

/* no two look alike, as far as marks go */
static void
test_marks (void)
{
  static const struct {
    guint classes, different;
  } cases[] = { { 10, 10 }, { 14, 14 }, { 100, 100 }, { 112, 112 }, { 200, 200 }, { 224, 224 }, { 1000, 224 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint label = 0; label < cases[i].classes; label++)
        {
          const WorkbenchClassMark mark = workbench_class_mark ((int) label, cases[i].classes);

          g_hash_table_add (seen, g_strdup_printf ("%.3f %.3f %.3f %d", (double) mark.colour.red, (double) mark.colour.green, (double) mark.colour.blue, mark.shape));
          if (label < WORKBENCH_PLAIN_CLASSES)
            g_assert_cmpint (mark.shape, ==, WORKBENCH_MAP_DISC);
          if (label < 7)
            {
              const GdkRGBA hue = workbench_palette (label);

              g_assert_true (gdk_rgba_equal (&mark.colour, &hue));
            }
        }
      g_assert_cmpuint (g_hash_table_size (seen), ==, cases[i].different);
    }
}

/* a legend of a hundred classes names each; the one that is pointed at or chosen stands out on the map */
static void
test_legend (void)
{
  g_autofree char *path = make_run ("legend", 2, 200, 100, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (document), *legend = find_widget (view, WORKBENCH_TYPE_CLASS_LEGEND);
  GtkFlowBox *classes = GTK_FLOW_BOX (find_widget (legend, GTK_TYPE_FLOW_BOX));
  WorkbenchMap *map = map_of (view);
  double x, y;
  static const int highlighted[] = { -1, 42, 7, 42, -1 };

  TURN_UNTIL (workbench_map_place (map, 399, &x, &y) && gtk_flow_box_get_child_at_index (classes, 99) != NULL);
  g_assert_null (gtk_flow_box_get_child_at_index (classes, 100));
  g_assert_nonnull (find_text (legend, "class 99"));
  turn_for (200);
  g_assert_cmpint (gtk_widget_get_height (legend), <, 100); /* the rest is scrolled */
  for (guint i = 0; i < G_N_ELEMENTS (highlighted); i++)
    {
      if (i == 1 || i == 4) /* chosen, and let go of */
        g_signal_emit_by_name (classes, "child-activated", gtk_flow_box_get_child_at_index (classes, 42));
      else
        workbench_class_legend_point_at (WORKBENCH_CLASS_LEGEND (legend), i == 2 ? 7 : -1);
      turn_for (200);
      g_assert_cmpint (workbench_class_legend_get_highlighted (WORKBENCH_CLASS_LEGEND (legend)), ==, highlighted[i]);
      for (guint p = 0; p < 400; p++)
        {
          g_assert_cmpint (point_of (map, p)->colour[3] == 255, ==, highlighted[i] < 0 || (int) (p % 200 % 100) == highlighted[i]);
          g_assert_cmpfloat (point_of (map, p)->shape, ==, (float) workbench_class_mark ((int) (p % 200 % 100), 100).shape);
        }
    }
  end_view (view);
  workbench_document_close (document);
}

/* without a generator there are no latents: it says so, and what there is can be seen */
static void
test_without_generator (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("deepinv");
  g_autofree char *path = new_folder ("deepinv"), *student = finish (start (recipe, path, FALSE, FALSE), path);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (document), *spaces = find_nth (view, GTK_TYPE_DROP_DOWN, 0);
  static const struct {
    const char *name;
    gboolean sensitive;
  } choices[] = { { "latents z", FALSE }, { "generator features", FALSE }, { "teacher features", TRUE } };
  double x, y;

  TURN_UNTIL (workbench_map_place (map_of (view), 7, &x, &y));
  g_signal_emit_by_name (spaces, "activate");
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      GtkWidget *list = find_widget (spaces, GTK_TYPE_LIST_VIEW), *label;

      TURN_UNTIL (find_labelled (list, GTK_TYPE_LABEL, choices[i].name) != NULL);
      label = find_labelled (list, GTK_TYPE_LABEL, choices[i].name);
      g_assert_cmpint (gtk_widget_is_sensitive (label), ==, choices[i].sensitive);
      g_assert_cmpint (gtk_widget_get_tooltip_text (gtk_widget_get_parent (label)) == NULL, ==, choices[i].sensitive);
    }
  for (guint i = 0; i < 2; i++) /* as when another run was shown before */
    {
      choose (view, 0, i);
      TURN_UNTIL (find_text (view, "no generator, so there are none: choose teacher features") != NULL);
      g_assert_false (workbench_map_place (map_of (view), 0, &x, &y));
    }
  choose (view, 0, 2);
  TURN_UNTIL (workbench_map_place (map_of (view), 7, &x, &y));
  end_view (view);
  workbench_document_close (document);
}

/* numbers of a method that should have them, kept by somebody who left them out */
static void
test_without_numbers (void)
{
  g_autofree char *path = make_run ("without", 1, 20, 0, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (document);
  double x, y;

  TURN_UNTIL (workbench_map_place (map_of (view), 19, &x, &y));
  choose (view, 0, 0);
  TURN_UNTIL (find_text (view, "were kept without these numbers") != NULL);
  end_view (view);
  workbench_document_close (document);
}

/* "iteration 120 of 750" */
static guint
iteration_of (GtkWidget *view)
{
  GtkWidget *label = find_text (view, "iteration");
  const char *number = label != NULL ? strpbrk (gtk_label_get_text (GTK_LABEL (label)), "0123456789") : NULL;

  return number != NULL ? (guint) g_ascii_strtoull (number, NULL, 10) : 0;
}

/* t-SNE says how far it is, can be stopped, and waits for whoever goes to another view and comes back */
static void
test_progress (void)
{
  enum { COUNT = 1500 };
  g_autofree char *path = make_run ("progress", 3, COUNT / 3, 10, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (document), *stop = NULL;
  WorkbenchMap *map = map_of (view);
  g_autofree WorkbenchMapPoint *before = NULL;
  double x, y;
  guint iteration;

  TURN_UNTIL (workbench_map_place (map, COUNT - 1, &x, &y));
  g_assert_cmpuint (iteration_of (view), ==, 0); /* of PCA there is nothing to tell */
  choose (view, 1, 1);
  TURN_UNTIL (iteration_of (view) > 30);
  stop = gtk_widget_get_next_sibling (find_text (view, "iteration"));
  g_signal_emit_by_name (stop, "clicked");
  TURN_UNTIL (find_text (view, "stopped at iteration") != NULL);
  turn_for (300);
  iteration = iteration_of (view);
  turn_for (400);
  g_assert_cmpuint (iteration_of (view), ==, iteration);
  g_signal_emit_by_name (stop, "clicked");
  TURN_UNTIL (iteration_of (view) > iteration && find_text (view, "stopped") == NULL);

  gtk_widget_set_visible (view, FALSE);
  turn_for (300);
  iteration = iteration_of (view);
  g_assert_true (workbench_map_place (map, COUNT - 1, &x, &y));
  before = g_memdup2 (map->points->data, COUNT * sizeof *before);
  turn_for (400);
  gtk_widget_set_visible (view, TRUE);
  TURN_UNTIL (iteration_of (view) > 0);
  g_assert_cmpuint (map->points->len, ==, COUNT);
  g_assert_cmpuint (iteration_of (view), >=, iteration);
  g_assert_cmpuint (iteration_of (view), <, 750);
  TURN_UNTIL (find_text (view, "750 iterations done") != NULL);
  g_assert_false (gtk_widget_get_visible (stop));
  end_view (view);
  workbench_document_close (document);
}

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
  g_autofree char *many = make_run ("many", 20, MANY / 20, 0, fill_noise);
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

static void
add_tests (void)
{
  adw_init ();
  g_test_add_func ("/latent/points", test_points);
  g_test_add_func ("/latent/layout", test_layout);
  g_test_add_func ("/latent/kept", test_kept);
  g_test_add_func ("/latent/pause", test_pause);
  g_test_add_func ("/latent/view", test_view);
  g_test_add_func ("/latent/colours", test_colours);
  g_test_add_func ("/latent/paths", test_paths);
  g_test_add_func ("/latent/by-keys", test_by_keys);
  g_test_add_func ("/latent/images", test_images);
  g_test_add_func ("/latent/marks", test_marks);
  g_test_add_func ("/latent/legend", test_legend);
  g_test_add_func ("/latent/without-generator", test_without_generator);
  g_test_add_func ("/latent/without-numbers", test_without_numbers);
  g_test_add_func ("/latent/progress", test_progress);
  g_test_add_func ("/latent/many", test_many);
  g_test_add_func ("/latent/many-in-view", test_many_in_view);
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "latent", &folder, add_tests);
}
