/* test-runs-beside.c: batches of several runs in the gallery, after as many syntheses of each. */
#include "feature-runs.h"
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-gallery-view.h"
#include "workbench-image-grid.h"
#include "workbench-image-panel.h"
#include "workbench-image-row.h"
#include "workbench-run-images.h"
#include "workbench-runs-beside.h"

#include <adwaita.h>
#include <string.h>

enum {
  BATCH = 10, /* images */
  CLASSES = 5,
  SHORT = 3, /* syntheses of the view's own run */
  LONG = 6,  /* of one beside it */
};

static char *short_run, *long_run;

static void
wait_for_synthesis (WorkbenchAlbum *album, guint synthesis)
{
  TURN_UNTIL (workbench_album_get_synthesis (album) == synthesis);
  for (guint i = 0; i < workbench_album_get_length (album); i++)
    g_assert_cmpuint (workbench_image_synthesis (workbench_album_get_image (album, i)), ==, synthesis);
}

/* one batch: the last that is kept up to what is asked for */
static void
test_album (void)
{
  static const struct {
    guint wanted, listed;
  } cases[] = { { WORKBENCH_NEWEST_SYNTHESIS, LONG }, { 2, 2 }, { 3, 2 }, { 4, 2 }, { 5, 5 }, { LONG + 7, LONG }, { 1, 2 }, { 0, 2 } };
  g_autoptr (WorkbenchDocument) document = NULL;
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  WorkbenchImage image;

  for (guint i = 0; i < 3; i++)
    set_kept (long_run, (guint[]){ 1, 3, 4 }[i], FALSE);
  document = open_document (long_run);
  workbench_album_set_document (album, document);
  workbench_album_set_source (album, WORKBENCH_ALBUM_SYNTHESIS);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      workbench_album_set_synthesis (album, cases[i].wanted);
      wait_for_synthesis (album, cases[i].listed);
      g_assert_cmpuint (workbench_album_get_length (album), ==, BATCH);
    }
  for (guint i = 0; i < 3; i++)
    set_kept (long_run, (guint[]){ 1, 3, 4 }[i], TRUE);
  workbench_history_refresh (workbench_document_get_history (document));
  wait_for_synthesis (album, 1); /* which is there again */
  workbench_album_set_synthesis (album, 4);
  wait_for_synthesis (album, 4);

  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  g_assert_cmpuint (workbench_album_get_synthesis (album), ==, 0);
  TURN_UNTIL (workbench_album_get_length (album) == LONG * BATCH);
  workbench_album_set_source (album, WORKBENCH_ALBUM_SYNTHESIS);
  wait_for_synthesis (album, 4);

  /* what is listed can be had, however much has been read since */
  image = workbench_album_get_image (album, 3);
  workbench_history_forget (workbench_document_get_history (document));
  g_assert_nonnull (workbench_album_get_pictures (album, image));
  workbench_album_set_document (album, NULL);
  g_assert_cmpuint (workbench_album_get_length (album), ==, 0);
  workbench_document_close (document);
}

/* the one before stands for a batch that cannot be read, and the one behind where there is none before */
static void
test_damaged (void)
{
  static const guint damaged[] = { 1, 4, 5, LONG };
  g_autoptr (WorkbenchDocument) document = NULL;
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  char *before[G_N_ELEMENTS (damaged)];
  gsize length[G_N_ELEMENTS (damaged)];

  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = dfkd_history_path (long_run, DFKD_HISTORY_PICTURES, damaged[i]);

      g_assert_true (g_file_get_contents (path, &before[i], &length[i], NULL));
      g_assert_true (g_file_set_contents (path, before[i], 300, NULL));
    }
  document = open_document (long_run);
  workbench_album_set_document (album, document);
  workbench_album_set_source (album, WORKBENCH_ALBUM_SYNTHESIS);
  wait_for_synthesis (album, 3);
  workbench_album_set_synthesis (album, 1);
  wait_for_synthesis (album, 2);
  workbench_album_set_document (album, NULL);
  workbench_document_close (document);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = dfkd_history_path (long_run, DFKD_HISTORY_PICTURES, damaged[i]);

      g_assert_true (g_file_set_contents (path, before[i], (gssize) length[i], NULL));
      g_free (before[i]);
    }
}

/* a run that is going on: the batch that forms is its newest, and earlier ones are those on disk */
static void
test_forming (void)
{
  g_autofree char *path = new_folder ("forming");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (WorkbenchDocument) document = NULL;
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  g_autoptr (GError) error = NULL;
  DfkdSessionOptions options = { .folder = path, .paused = TRUE };
  DfkdSession *session;

  document = workbench_document_new (recipe, &options, &error);
  g_assert_no_error (error);
  session = workbench_run_get_session (workbench_document_get_run (document));
  workbench_album_set_document (album, document);
  workbench_album_set_source (album, WORKBENCH_ALBUM_SYNTHESIS);
  g_assert_cmpuint (workbench_album_get_synthesis (album), ==, 0);
  for (guint i = 0; i < 4; i++) /* the warm-up of three steps, and one more of the second synthesis */
    do_step (session, DFKD_STEP_INNER);
  wait_for_synthesis (album, 2);
  g_assert_cmpuint (workbench_document_get_pictures (document)->synthesis, ==, 2);
  TURN_UNTIL (workbench_history_find (workbench_document_get_history (document), 1) >= 0);
  workbench_album_set_synthesis (album, 2); /* is not done: the last that is, is the first one */
  wait_for_synthesis (album, 1);
  workbench_album_set_synthesis (album, WORKBENCH_NEWEST_SYNTHESIS);
  wait_for_synthesis (album, 2);
  workbench_document_close (document);
}

static WorkbenchAlbum *
album_of (GtkWidget *view, guint run)
{
  return workbench_run_images_get_album (WORKBENCH_RUN_IMAGES (find_nth (view, WORKBENCH_TYPE_RUN_IMAGES, run)));
}

/* @runs below each other, of @images each in one row */
static void
save_and_measure (GtkWidget *view, int runs, int images)
{
  const int cell = 4 + WORKBENCH_IMAGE_EDGE, caption = 22, gap = 10, margin = 8;
  g_autofree char *path = g_build_filename (short_run, "beside.png", NULL), *other = g_build_filename (short_run, "beside.gif", NULL);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (workbench_view_save_in_background (WORKBENCH_VIEW (view), path)); /* it is quick */
  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), path, &error));
  g_assert_no_error (error);
  texture = gdk_texture_new_from_filename (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), >=, 2 * (images * cell + 2 * margin)); /* a PNG has twice the pixels */
  g_assert_cmpint (gdk_texture_get_width (texture), >=, 2 * 7 * (int) strlen ("short: synthesis 3 - 2 images - teacher 20 % sure")); /* nor is a name cut off */
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 2 * (2 * margin - gap + runs * (caption + cell + gap)));
  g_assert_false (workbench_view_save (WORKBENCH_VIEW (view), other, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
}

static void
name_classes (const char *run, const char *json)
{
  g_autofree char *path = g_build_filename (run, "classes.json", NULL);

  g_assert_true (g_file_set_contents (path, json, -1, NULL));
}

static void
test_view (void)
{
  g_autofree char *bare_run = make_feature_run ("bare", 0, BATCH, CLASSES, fill_noise);
  g_autoptr (WorkbenchDocument) document = NULL;
  g_autoptr (WorkbenchComparison) comparison = workbench_comparison_new ();
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, NULL), *window = gtk_window_new (), *panel, *scale, *source;
  WorkbenchDocument *other;
  WorkbenchImageGrid *own;

  name_classes (short_run, "[\"ant\",\"bee\",\"cat\",\"dog\",\"elk\"]");
  name_classes (long_run, "[\"elk\",\"dog\",\"cat\",\"bee\",\"ant\"]");
  document = open_document (short_run);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 700);
  workbench_view_set_comparison (WORKBENCH_VIEW (view), comparison);
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (workbench_comparison_open (comparison, long_run));
  g_assert_false (workbench_view_compares (WORKBENCH_VIEW (view))); /* only where somebody wants to see them */
  g_assert_null (find_nth (view, WORKBENCH_TYPE_RUN_IMAGES, 0));

  source = find_nth (view, GTK_TYPE_DROP_DOWN, 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (source), 2);
  g_assert_true (workbench_view_compares (WORKBENCH_VIEW (view)));
  g_assert_true (workbench_comparison_open (comparison, bare_run));
  TURN_UNTIL (find_text (view, "This run has kept no pictures") != NULL);
  wait_for_synthesis (album_of (view, 0), LONG);
  TURN_UNTIL (find_text (view, "short: synthesis 3 · 10 images") != NULL && find_text (view, "synthesis 6 · 10 images") != NULL);
  g_assert_nonnull (find_text (view, "teacher 20 % sure")); /* five classes, of which none is likelier */

  /* after as many syntheses of each, as far as they go */
  scale = find_widget (find_widget (view, WORKBENCH_TYPE_RUNS_BESIDE), GTK_TYPE_SCALE);
  g_assert_true (gtk_widget_get_mapped (scale));
  gtk_range_set_value (GTK_RANGE (scale), 2);
  wait_for_synthesis (album_of (view, 0), 2);
  TURN_UNTIL (find_text (view, "short: synthesis 2") != NULL);
  gtk_range_set_value (GTK_RANGE (scale), 5);
  wait_for_synthesis (album_of (view, 0), 5);
  TURN_UNTIL (find_text (view, "short: synthesis 3") != NULL);

  /* the class and the order are everybody's */
  TURN_UNTIL (g_list_model_get_n_items (gtk_drop_down_get_model (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2)))) == CLASSES + 1);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2)), 3);
  for (guint i = 0; i < BATCH / CLASSES; i++)
    g_assert_cmpuint (workbench_image_index (workbench_album_get_image (album_of (view, 0), i)), ==, 2 + i * CLASSES);
  g_assert_cmpuint (workbench_album_get_length (album_of (view, 0)), ==, BATCH / CLASSES);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2)), 1); /* ants, whatever their number */
  for (guint i = 0; i < BATCH / CLASSES; i++)
    g_assert_cmpuint (workbench_image_index (workbench_album_get_image (album_of (view, 0), i)), ==, 4 + i * CLASSES);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2)), 3);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_nth (view, GTK_TYPE_TOGGLE_BUTTON, 2)), TRUE); /* behind those inside of two drop-downs */
  g_assert_cmpuint (workbench_image_index (workbench_album_get_image (album_of (view, 0), 0)), ==, 2 + CLASSES);
  TURN_UNTIL (find_text (view, "2 images") != NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2)), 0);

  /* an image beside is explained, and one of the own run again */
  own = WORKBENCH_IMAGE_GRID (find_nth (view, WORKBENCH_TYPE_IMAGE_GRID, 0));
  panel = find_widget (view, WORKBENCH_TYPE_IMAGE_PANEL);
  gtk_widget_grab_focus (find_nth (view, WORKBENCH_TYPE_IMAGE_GRID, 1));
  press_key (find_nth (view, WORKBENCH_TYPE_IMAGE_GRID, 1), GDK_KEY_Home, 0);
  TURN_UNTIL (gtk_widget_get_visible (panel) && find_text (panel, "synthesis 5, image 10") != NULL); /* the greatest are first */
  g_assert_nonnull (find_text (panel, "long\n"));
  other = g_ptr_array_index (workbench_comparison_get (comparison), 0);
  g_assert_cmpuint (workbench_selection_get_count (workbench_document_get_selection (other)), ==, 0); /* it is only looked at */
  gtk_widget_grab_focus (GTK_WIDGET (own));
  g_assert_false (gtk_widget_get_visible (panel)); /* none of its images was looked at */
  press_key (GTK_WIDGET (own), GDK_KEY_Home, 0);
  TURN_UNTIL (gtk_widget_get_visible (panel) && find_text (panel, "synthesis 3, image 10") != NULL);
  g_assert_nonnull (find_text (panel, "short\n"));
  gtk_widget_grab_focus (find_nth (view, WORKBENCH_TYPE_IMAGE_GRID, 1));
  TURN_UNTIL (find_text (panel, "synthesis 5, image 10") != NULL);

  /* one picture of all that are seen, with frames or not; of a run without images nothing */
  save_and_measure (view, 2, 2 * CLASSES);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2)), 3);
  save_and_measure (view, 2, BATCH / CLASSES);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2)), 0);

  /* one that is removed is explained no more */
  workbench_comparison_remove (comparison, 0);
  TURN_UNTIL (find_text (panel, "synthesis 3, image 10") != NULL);
  g_assert_null (find_nth (view, WORKBENCH_TYPE_RUN_IMAGES, 1));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (source), 1);
  g_assert_false (workbench_view_compares (WORKBENCH_VIEW (view)));
  g_assert_false (gtk_widget_get_mapped (scale));
  TURN_UNTIL (find_text (view, "30 images of 3 syntheses") != NULL);

  /* without others there is no way back from an earlier synthesis, and none is needed */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (source), 2);
  gtk_range_set_value (GTK_RANGE (scale), 2);
  TURN_UNTIL (find_text (view, "short: synthesis 2") != NULL);
  workbench_comparison_remove (comparison, 0);
  TURN_UNTIL (find_text (view, "short: synthesis 3") != NULL);
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  close_watched (window, view);
  workbench_document_close (document);
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  short_run = make_feature_run ("short", SHORT, BATCH, CLASSES, fill_noise);
  long_run = make_feature_run ("long", LONG, BATCH, CLASSES, fill_noise);
  g_test_add_func ("/runs-beside/album", test_album);
  g_test_add_func ("/runs-beside/damaged", test_damaged);
  g_test_add_func ("/runs-beside/forming", test_forming);
  g_test_add_func ("/runs-beside/view", test_view);
  result = run_tests_with_small_runs ();
  g_free (short_run);
  g_free (long_run);
  return result;
}
