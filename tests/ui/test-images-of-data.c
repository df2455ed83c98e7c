/* test-images-of-data.c: test images beside synthetic ones: listed in the gallery, explained, found as neighbours, among the points of the latent
 * space, and how like them the pool is. compute/session's own test is about what the teacher makes of them. */
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-album.h"
#include "workbench-gallery-view.h"
#include "workbench-image-panel.h"
#include "workbench-image-set.h"
#include "workbench-image-strip.h"
#include "workbench-latent-view.h"
#include "workbench-precision-recall.h"
#include "workbench-map-private.h"
#include "workbench-test-images.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

enum {
  TEST = 40,
  POOL = 24,
};

static char *folder, *without; /* of finished runs of 3 × 8 images: with test images, and without any */

/* of a run that has them */
static WorkbenchDocument *
open_with_test (void)
{
  WorkbenchDocument *document = open_document (folder);
  WorkbenchTestImages *test = workbench_test_images_of (document);

  TURN_UNTIL (workbench_test_images_get_pictures (test) != NULL);
  return document;
}

/* they are read for the first who asks, once, and go with the document */
static void
test_reading (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchTestImages *test;
  const DfkdPictures *p;
  guint left = 0;

  g_assert_null (workbench_test_images_find_pictures (document));
  g_assert_null (workbench_test_images_find_facts (document));
  test = workbench_test_images_of (document);
  g_assert_true (workbench_test_images_of (document) == test);
  g_assert_null (workbench_test_images_find_pictures (document));
  g_assert_nonnull (strstr (workbench_test_images_get_reason (test), "being read"));
  TURN_UNTIL (workbench_test_images_get_pictures (test) != NULL);
  g_assert_null (workbench_test_images_get_reason (test));
  p = workbench_test_images_find_pictures (document);
  g_assert_true (p == workbench_test_images_get_pictures (test));
  g_assert_cmpuint (p->count, ==, TEST);
  g_assert_cmpuint (p->synthesis, ==, WORKBENCH_TEST_SYNTHESIS);
  g_assert_cmpuint (workbench_test_images_find_facts (document)->count, ==, TEST);
  watch_end (test, &left);
  workbench_document_close (document);
  g_clear_object (&document);
  TURN_UNTIL (left == 0);

  document = open_document (without);
  test = workbench_test_images_of (document);
  TURN_UNTIL (workbench_test_images_get_pictures (test) == NULL && strstr (workbench_test_images_get_reason (test), "no test images") != NULL);
  g_assert_null (workbench_test_images_find_pictures (document));
  workbench_document_close (document);
  g_clear_object (&document);

  document = open_document (folder); /* somebody who does not wait */
  watch_end (workbench_test_images_of (document), &left);
  workbench_document_close (document);
  g_clear_object (&document);
  TURN_UNTIL (left == 0);
}

static void
test_album (void)
{
  g_autoptr (WorkbenchDocument) document = open_with_test ();
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  const WorkbenchImage last = workbench_image (WORKBENCH_TEST_SYNTHESIS, TEST - 1);
  guint height, width;

  workbench_album_set_document (album, document);
  workbench_album_set_source (album, WORKBENCH_ALBUM_TEST);
  g_assert_cmpuint (workbench_album_get_length (album), ==, TEST);
  g_assert_cmpuint (workbench_album_get_image (album, TEST - 1), ==, last);
  g_assert_cmpuint (workbench_album_get_classes (album), ==, 10);
  g_assert_true (workbench_album_get_size (album, &height, &width));
  g_assert_cmpuint (height, ==, 32); /* with the border that the teacher was trained with */
  g_assert_cmpint (workbench_album_get_facts (album, last)->label, ==, (TEST - 1) % 10);
  g_assert_false (isnan (workbench_album_get_facts (album, last)->confidence));
  g_assert_cmpint (workbench_album_get_facts (album, last)->student, ==, -1);
  g_assert_true (workbench_album_get_pictures (album, last) == workbench_test_images_find_pictures (document));
  workbench_album_set_class (album, 4);
  g_assert_cmpuint (workbench_album_get_length (album), ==, TEST / 10);
  g_assert_cmpuint (workbench_album_get_image (album, 1), ==, workbench_image (WORKBENCH_TEST_SYNTHESIS, 14));
  workbench_album_set_class (album, WORKBENCH_ALL_CLASSES);
  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  TURN_UNTIL (workbench_album_get_length (album) == POOL);
  workbench_document_close (document);
}

static void
test_gallery (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = show_view (WORKBENCH_TYPE_GALLERY_VIEW, document), *panel = find_widget (view, WORKBENCH_TYPE_IMAGE_PANEL);
  GtkDropDown *source = GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 0)), *class_choice = GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2));

  g_assert_null (workbench_test_images_find_pictures (document)); /* nobody has asked for them */
  gtk_drop_down_set_selected (source, 3);
  TURN_UNTIL (find_text (view, "40 test images") != NULL);
  workbench_selection_set_current (selection, workbench_image (WORKBENCH_TEST_SYNTHESIS, 6));
  TURN_UNTIL (find_text (panel, "Test image: shirt") != NULL);
  g_assert_nonnull (find_text (panel, "image 7 of 40"));
  g_assert_nonnull (find_text (panel, "The teacher sees"));
  g_assert_null (find_text (panel, "shifted"));
  g_assert_null (find_text (panel, "The student sees"));
  g_assert_null (find_text (panel, "How this image formed"));
  TURN_UNTIL (workbench_image_panel_get_neighbours (WORKBENCH_IMAGE_PANEL (panel))->len == 8); /* in the pool */

  TURN_UNTIL (g_list_model_get_n_items (gtk_drop_down_get_model (class_choice)) == 11);
  gtk_drop_down_set_selected (class_choice, 3);
  TURN_UNTIL (find_text (view, "4 test images") != NULL);
  gtk_drop_down_set_selected (class_choice, 0);
  workbench_selection_set_current (selection, workbench_image (2, 3));
  TURN_UNTIL (find_text (panel, "synthesis 2, image 4") != NULL);
  g_assert_nonnull (find_text (panel, "The student sees"));
  gtk_drop_down_set_selected (source, 1);
  TURN_UNTIL (find_text (view, "24 images") != NULL);
  end_view (view);
  workbench_document_close (document);
}

/* what is said where nothing is listed is of what was chosen last */
static void
test_leaving (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (without);
  GtkWidget *view = show_view (WORKBENCH_TYPE_GALLERY_VIEW, document);
  GtkDropDown *source = GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 0));

  gtk_drop_down_set_selected (source, 3);
  TURN_UNTIL (find_text (view, "this run has no test images") != NULL);
  gtk_drop_down_set_selected (source, 0);
  TURN_UNTIL (find_text (view, "This run is over: choose the pool") != NULL);
  g_assert_null (find_text (view, "this run has no test images"));
  end_view (view);
  workbench_document_close (document);
}

static void
test_gallery_without (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (without);
  GtkWidget *view = show_view (WORKBENCH_TYPE_GALLERY_VIEW, document);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 0)), 3);
  TURN_UNTIL (find_text (view, "this run has no test images") != NULL);
  end_view (view);
  workbench_document_close (document);
}

/* the test images that @rows are nearest to, by brute force */
static void
assert_nearest (const GArray *found, const DfkdPictures *test, const float *row, gssize own)
{
  const gsize d = test->columns[DFKD_ROWS_TEACHER_FEATURES];
  double last = 0.0;

  g_assert_cmpuint (found->len, ==, 8);
  for (guint i = 0; i < found->len; i++)
    {
      const WorkbenchImage image = g_array_index (found, WorkbenchImage, i);
      double distance = 0.0;
      guint nearer = 0;

      g_assert_true (workbench_image_is_test (image));
      g_assert_cmpint ((gssize) workbench_image_index (image), !=, own);
      for (gsize j = 0; j < test->count; j++)
        {
          const float *other = test->rows[DFKD_ROWS_TEACHER_FEATURES] + j * d;
          double square = 0.0;

          for (gsize f = 0; f < d; f++)
            square += ((double) row[f] - other[f]) * ((double) row[f] - other[f]);
          if (j == workbench_image_index (image))
            distance = square;
          nearer += (gssize) j != own && square < last;
        }
      g_assert_cmpfloat (distance, >=, last);
      g_assert_cmpuint (nearer, <=, i); /* than the one before: only those that were found */
      last = distance;
    }
}

static void
test_neighbours (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = show_view (WORKBENCH_TYPE_GALLERY_VIEW, document);
  WorkbenchImagePanel *panel = WORKBENCH_IMAGE_PANEL (find_widget (view, WORKBENCH_TYPE_IMAGE_PANEL));
  GtkWidget *expander = find_widget (GTK_WIDGET (panel), GTK_TYPE_EXPANDER);
  WorkbenchHistory *history = workbench_document_get_history (document);
  WorkbenchImageStrip *strip;
  DfkdPictures *p;

  workbench_selection_set_current (selection, workbench_image (2, 3));
  TURN_UNTIL (find_text (GTK_WIDGET (panel), "synthesis 2, image 4") != NULL);
  turn_for (200);
  g_assert_null (workbench_test_images_find_pictures (document)); /* it is closed */
  gtk_expander_set_expanded (GTK_EXPANDER (expander), TRUE);
  TURN_UNTIL (workbench_image_panel_get_test_neighbours (panel)->len > 0);
  TURN_UNTIL (workbench_history_get (history, 2) != NULL);
  p = workbench_history_get (history, 2);
  assert_nearest (workbench_image_panel_get_test_neighbours (panel), workbench_test_images_find_pictures (document),
                  p->rows[DFKD_ROWS_TEACHER_FEATURES] + 3 * p->columns[DFKD_ROWS_TEACHER_FEATURES], -1);
  strip = WORKBENCH_IMAGE_STRIP (find_widget (expander, WORKBENCH_TYPE_IMAGE_STRIP));
  g_assert_cmpuint (workbench_image_strip_get_count (strip), ==, 8);

  /* one of them is looked at, and is not its own neighbour */
  {
    const WorkbenchImage chosen = g_array_index (workbench_image_panel_get_test_neighbours (panel), WorkbenchImage, 2);
    const DfkdPictures *test = workbench_test_images_find_pictures (document);
    const WorkbenchImage before = g_array_index (workbench_image_panel_get_test_neighbours (panel), WorkbenchImage, 0);

    g_signal_emit_by_name (strip, "activated", 2u);
    g_assert_cmpuint (workbench_selection_get_current (selection), ==, chosen);
    TURN_UNTIL (g_array_index (workbench_image_panel_get_test_neighbours (panel), WorkbenchImage, 0) != before
                || g_array_index (workbench_image_panel_get_test_neighbours (panel), WorkbenchImage, 2) != chosen);
    assert_nearest (workbench_image_panel_get_test_neighbours (panel), test,
                    test->rows[DFKD_ROWS_TEACHER_FEATURES] + workbench_image_index (chosen) * test->columns[DFKD_ROWS_TEACHER_FEATURES],
                    (gssize) workbench_image_index (chosen));
  }
  end_view (view);
  workbench_document_close (document);
}

/* an image whose batch has to be read first has its own neighbours, once it is there */
static void
test_late_neighbours (void)
{
  g_autoptr (WorkbenchDocument) document = open_with_test ();
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  WorkbenchHistory *history = workbench_document_get_history (document);
  GtkWidget *view = show_view (WORKBENCH_TYPE_GALLERY_VIEW, document);
  WorkbenchImagePanel *panel = WORKBENCH_IMAGE_PANEL (find_widget (view, WORKBENCH_TYPE_IMAGE_PANEL));
  DfkdPictures *p;

  gtk_expander_set_expanded (GTK_EXPANDER (find_widget (GTK_WIDGET (panel), GTK_TYPE_EXPANDER)), TRUE);
  workbench_selection_set_current (selection, workbench_image (2, 3));
  TURN_UNTIL (workbench_image_panel_get_test_neighbours (panel)->len == 8);
  workbench_history_set_bound (history, 1); /* no more than one batch */
  TURN_UNTIL (workbench_history_get (history, 2) != NULL);
  workbench_selection_set_current (selection, workbench_image (1, 5));
  TURN_UNTIL (find_text (GTK_WIDGET (panel), "synthesis 1, image 6") != NULL);
  TURN_UNTIL (workbench_image_panel_get_test_neighbours (panel)->len == 8);
  TURN_UNTIL (workbench_history_get (history, 1) != NULL);
  p = workbench_history_get (history, 1);
  assert_nearest (workbench_image_panel_get_test_neighbours (panel), workbench_test_images_find_pictures (document),
                  p->rows[DFKD_ROWS_TEACHER_FEATURES] + 5 * p->columns[DFKD_ROWS_TEACHER_FEATURES], -1);
  gtk_expander_set_expanded (GTK_EXPANDER (find_widget (GTK_WIDGET (panel), GTK_TYPE_EXPANDER)), FALSE);
  g_assert_cmpuint (workbench_image_panel_get_test_neighbours (panel)->len, ==, 0);
  end_view (view);
  workbench_document_close (document);
}

static void
test_latent (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document), *button = find_labelled (view, GTK_TYPE_TOGGLE_BUTTON, "test images");
  WorkbenchMap *map = WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));
  g_autofree char *path = g_build_filename (folder, "points.csv", NULL), *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  guint rings = 0;

  TURN_UNTIL (map->points->len == POOL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  TURN_UNTIL (map->points->len == POOL + TEST);
  TURN_UNTIL (find_text (view, "24 points") != NULL && find_text (view, "40 test images") != NULL && find_text (view, "coverage") != NULL);
  for (guint i = 0; i < map->points->len; i++)
    {
      const WorkbenchMapPoint *point = &g_array_index (map->points, WorkbenchMapPoint, i);
      const gboolean is_ring = point->shape == (float) WORKBENCH_MAP_RING;

      g_assert_cmpint (is_ring, ==, i >= POOL);
      g_assert_cmpint (point->colour[3] < 255, ==, is_ring); /* below those of the pool */
      rings += is_ring;
    }
  g_assert_cmpuint (rings, ==, TEST);
  g_signal_emit_by_name (map, "clicked", POOL + 7, 0u);
  g_assert_cmpuint (workbench_selection_get_current (selection), ==, workbench_image (WORKBENCH_TEST_SYNTHESIS, 7));
  TURN_UNTIL (find_text (view, "test image 8: sneaker") != NULL);
  workbench_selection_clear (selection);

  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + POOL + TEST + 1);
  g_assert_true (g_str_has_prefix (lines[1], "1,1,"));
  g_assert_true (g_str_has_prefix (lines[1 + POOL + 7], "0,8,\"sneaker\","));

  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 0)), 0); /* latents, which they have not */
  TURN_UNTIL (map->points->len == POOL && !gtk_widget_get_sensitive (button));
  g_assert_null (find_text (view, "○"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 0)), 2);
  TURN_UNTIL (map->points->len == POOL + TEST && gtk_widget_get_sensitive (button));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 1)), 1); /* t-SNE */
  TURN_UNTIL (find_text (view, "iteration") != NULL && map->points->len == POOL + TEST && find_text (view, "24 points") != NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  TURN_UNTIL (map->points->len == POOL && find_text (view, "coverage") == NULL);
  end_view (view);
  workbench_document_close (document);
}

/* before there is a pool: rings alone, which keys reach, and which go again */
static void
test_rings_alone (void)
{
  g_autofree char *path = new_folder ("without pictures"), *student = NULL;
  g_autoptr (DfkdRecipe) recipe = dfkd_run_recipe_load (folder, NULL);
  g_autoptr (WorkbenchDocument) document = NULL;
  GtkWidget *view, *button;
  WorkbenchMap *map;

  recipe->number[DFKD_PARAMETER_HISTORY] = 0.0;
  student = finish (start (recipe, path, FALSE, FALSE), path);
  document = open_document (path);
  view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  map = WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));
  button = find_labelled (view, GTK_TYPE_TOGGLE_BUTTON, "test images");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  TURN_UNTIL (map->points->len == TEST && find_text (view, "○ 40 test images") != NULL);
  g_assert_true (g_str_has_prefix (get_text (find_text (view, "○ 40 test images")), "○"));
  TURN_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (map)));
  g_assert_cmpint (workbench_map_find_towards (map, 1.0, 0.0), >=, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  TURN_UNTIL (map->points->len == 0);
  turn_for (500);
  g_assert_cmpuint (map->points->len, ==, 0);
  end_view (view);
  workbench_document_close (document);
}

/* of a teacher that reads other features now: whichever comes first, the pool stays */
static void
test_other_features (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  g_autoptr (WorkbenchPoints) points = NULL;
  g_autoptr (DfkdPictures) others = dfkd_pictures_new (5, 1, 32, 32);
  WorkbenchHistory *history = workbench_document_get_history (document);

  dfkd_pictures_add_rows (others, DFKD_ROWS_TEACHER_FEATURES, 7);
  others->synthesis = WORKBENCH_TEST_SYNTHESIS;
  points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, POOL);
  g_assert_null (workbench_history_get (history, 1)); /* it is still to be read */
  g_assert_true (workbench_points_set_test (points, others));
  TURN_UNTIL (workbench_points_get_count (points) == POOL);
  g_assert_cmpuint (workbench_points_get_test_count (points), ==, 0);
  g_assert_cmpuint (workbench_points_get_features (points), ==, 64);
  g_assert_false (workbench_points_set_test (points, others));
  g_assert_cmpuint (workbench_points_get_count (points), ==, POOL);
  workbench_document_close (document);
}

static void
test_latent_without (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (without);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  WorkbenchMap *map = WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));

  TURN_UNTIL (map->points->len == POOL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_labelled (view, GTK_TYPE_TOGGLE_BUTTON, "test images")), TRUE);
  TURN_UNTIL (find_text (view, "this run has no test images") != NULL);
  g_assert_cmpuint (map->points->len, ==, POOL);
  end_view (view);
  workbench_document_close (document);
}

/* what is told is that of the points, and is told anew when the pool has grown */
static void
test_measures (void)
{
  g_autoptr (WorkbenchDocument) document = open_with_test ();
  g_autoptr (WorkbenchPoints) points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, POOL); /* test images do not count */
  g_autoptr (WorkbenchPrecisionRecall) measures = workbench_precision_recall_new (points);
  g_autoptr (GError) error = NULL;
  DfkdPrecisionRecall wanted;
  gsize d;

  TURN_UNTIL (workbench_points_get_count (points) == POOL);
  turn_for (300);
  g_assert_null (workbench_precision_recall_get (measures)); /* there is nothing to compare with */
  g_assert_true (workbench_points_set_test (points, workbench_test_images_find_pictures (document)));
  g_assert_cmpuint (workbench_points_get_count (points), ==, POOL + TEST);
  g_assert_cmpuint (workbench_points_get_test_count (points), ==, TEST);
  TURN_UNTIL (workbench_precision_recall_get (measures) != NULL);
  d = workbench_points_get_features (points);
  g_assert_true (dfkd_precision_recall (workbench_points_get_rows (points) + POOL * d, TEST, workbench_points_get_rows (points), POOL, d,
                                        DFKD_PRECISION_RECALL_NEIGHBOURS, NULL, NULL, &wanted, &error));
  g_assert_cmpmem (workbench_precision_recall_get (measures), sizeof wanted, &wanted, sizeof wanted);
  g_assert_true (workbench_points_set_test (points, NULL));
  g_assert_cmpuint (workbench_points_get_count (points), ==, POOL);
  TURN_UNTIL (workbench_precision_recall_get (measures) == NULL);
  workbench_document_close (document);
}

static void
test_saving (void)
{
  g_autoptr (WorkbenchDocument) document = open_with_test ();
  const WorkbenchImage images[] = { workbench_image (3, 1), workbench_image (WORKBENCH_TEST_SYNTHESIS, 9) };
  g_autoptr (WorkbenchImageSet) set = workbench_image_set_new (document, images, G_N_ELEMENTS (images));
  g_autofree char *path = g_build_filename (folder, "some.safetensors", NULL), *pngs = g_build_filename (folder, "some", NULL);
  g_autofree char *png = g_build_filename (pngs, "test-image-0010-class-9.png", NULL);
  g_autoptr (DfkdSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  float numbers[2], logits[20];

  g_assert_true (workbench_image_set_save (set, WORKBENCH_IMAGES_SAFETENSORS, path, NULL, &error));
  g_assert_no_error (error);
  file = dfkd_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (dfkd_tensor_entry_read_float (dfkd_safetensors_lookup (file, "synthesis"), numbers, 2, &error));
  g_assert_cmpfloat (numbers[0], ==, 3.0);
  g_assert_cmpfloat (numbers[1], ==, 0.0);
  g_assert_true (dfkd_tensor_entry_read_float (dfkd_safetensors_lookup (file, "index"), numbers, 2, &error));
  g_assert_cmpfloat (numbers[1], ==, 9.0);
  g_assert_true (workbench_image_set_save (set, WORKBENCH_IMAGES_FOLDER, pngs, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (png, G_FILE_TEST_IS_REGULAR));
  g_assert_true (dfkd_tensor_entry_read_float (dfkd_safetensors_lookup (file, "student"), logits, 20, &error)); /* of that which it was asked about */
  for (guint i = 0; i < 20; i++)
    g_assert_cmpint (isnan (logits[i]) != 0, ==, i >= 10);
  workbench_document_close (document);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL, *student = NULL, *other = NULL;
  g_autoptr (DfkdRecipe) recipe = NULL;
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  data = new_folder ("data");
  write_noise_data (data, TEST);
  recipe = tiny_recipe ();
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, data, NULL));
  folder = new_folder ("measured");
  without = new_folder ("unmeasured");
  student = finish (start (recipe, folder, FALSE, FALSE), folder);
  other = run_through ("unmeasured", 3);
  g_test_add_func ("/images-of-data/reading", test_reading);
  g_test_add_func ("/images-of-data/album", test_album);
  g_test_add_func ("/images-of-data/gallery", test_gallery);
  g_test_add_func ("/images-of-data/gallery-without", test_gallery_without);
  g_test_add_func ("/images-of-data/leaving", test_leaving);
  g_test_add_func ("/images-of-data/neighbours", test_neighbours);
  g_test_add_func ("/images-of-data/late-neighbours", test_late_neighbours);
  g_test_add_func ("/images-of-data/latent", test_latent);
  g_test_add_func ("/images-of-data/latent-without", test_latent_without);
  g_test_add_func ("/images-of-data/rings-alone", test_rings_alone);
  g_test_add_func ("/images-of-data/other-features", test_other_features);
  g_test_add_func ("/images-of-data/measures", test_measures);
  g_test_add_func ("/images-of-data/saving", test_saving);
  result = run_tests_with_small_runs ();
  g_free (folder);
  g_free (without);
  return result;
}
