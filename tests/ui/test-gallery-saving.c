/* test-gallery-saving.c: images of the gallery as files, read back, and ten thousand of them. */
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "errors.h"
#include "workbench-gallery-view.h"
#include "workbench-image-grid.h"
#include "workbench-image-saving.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static char *folder; /* of a finished run of 3 × 8 images */

/* two columns, each pixel four times, the images in their order */
static void
check_sheet (const char *path, WorkbenchDocument *document, const WorkbenchImage *images, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_filename (path, &error);
  gsize stride;
  g_autofree guint8 *pixels = NULL;

  g_assert_no_error (error);
  stride = 4 * (gsize) gdk_texture_get_width (texture);
  pixels = g_malloc (stride * (gsize) gdk_texture_get_height (texture));
  gdk_texture_download (texture, pixels, stride);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *file = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, workbench_image_synthesis (images[i]));
      g_autoptr (DfkdPictures) p = dfkd_pictures_load (file, NULL, &error);
      const guint8 *wanted = p->pixels + workbench_image_index (images[i]) * dfkd_pictures_image_bytes (p);
      gsize left = i % 2 * (2 * p->width + 2), top = i / 2 * (2 * p->height + 2);

      g_assert_cmpint (gdk_texture_get_width (texture), ==, (int) (4 * p->width + 2));
      for (gsize y = 0; y < 2 * p->height; y++)
        for (gsize x = 0; x < 2 * p->width; x++)
          g_assert_cmpuint (pixels[(top + y) * stride + 4 * (left + x)], ==, wanted[(y / 2 * p->width + x / 2) * p->channels]);
    }
}

typedef struct {
  GtkWidget *window;
  char *said;
} Listener;

static void
on_say (GSimpleAction *action, GVariant *parameter, Listener *listener)
{
  g_free (listener->said);
  listener->said = g_variant_dup_string (parameter, NULL);
}

/* a window that hears what is said to it */
static void
listen (Listener *listener)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) say = g_simple_action_new ("say", G_VARIANT_TYPE_STRING);

  g_signal_connect (say, "activate", G_CALLBACK (on_say), listener);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (say));
  listener->window = gtk_window_new ();
  listener->said = NULL;
  gtk_widget_insert_action_group (listener->window, "win", G_ACTION_GROUP (group));
}

/* The selection is written in a thread, and it is told when that is done, or why it cannot be. */
static void
test_save_in_background (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  const WorkbenchImage images[] = { workbench_image (1, 6), workbench_image (3, 0), workbench_image (3, 1) };
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, NULL);
  WorkbenchImageSaving *saving = WORKBENCH_IMAGE_SAVING (find_widget (view, WORKBENCH_TYPE_IMAGE_SAVING));
  g_autofree char *sheet = g_build_filename (folder, "background.png", NULL);
  Listener listener;

  listen (&listener);
  gtk_window_set_child (GTK_WINDOW (listener.window), view);
  g_assert_false (workbench_view_save_in_background (WORKBENCH_VIEW (view), sheet)); /* there is no document */
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  workbench_selection_set (workbench_document_get_selection (document), images, G_N_ELEMENTS (images));
  g_assert_true (workbench_view_save_in_background (WORKBENCH_VIEW (view), sheet));
  g_assert_true (workbench_image_saving_is_busy (saving));
  TURN_UNTIL (!workbench_image_saving_is_busy (saving));
  g_assert_nonnull (strstr (listener.said, "3 images saved to "));
  g_assert_nonnull (strstr (listener.said, sheet));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (saving)));
  check_sheet (sheet, document, images, 3);
  g_assert_true (workbench_view_save_in_background (WORKBENCH_VIEW (view), "/nowhere/sheet.png"));
  TURN_UNTIL (!workbench_image_saving_is_busy (saving));
  g_assert_nonnull (strstr (listener.said, "/nowhere/sheet.png cannot be written"));
  gtk_window_destroy (GTK_WINDOW (listener.window));
  g_free (listener.said);
  workbench_document_close (document);
}

/* many images: how far it is can be seen, a second saving has to wait, and it can be stopped */
static void
stop_saving (WorkbenchDocument *document, WorkbenchAlbum *album)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));
  g_autofree char *path = g_build_filename (folder, "stopped", NULL);
  WorkbenchImageSaving *saving = g_object_new (WORKBENCH_TYPE_IMAGE_SAVING, NULL);
  WorkbenchImageSet *set;
  g_autoptr (GDir) files = NULL;
  guint left = 0, said, count;
  Listener listener;

  for (guint i = 0; i < workbench_album_get_length (album); i++)
    {
      WorkbenchImage image = workbench_album_get_image (album, i);

      g_array_append_val (images, image);
    }
  listen (&listener);
  gtk_window_set_child (GTK_WINDOW (listener.window), GTK_WIDGET (saving));
  set = workbench_image_set_new (document, (const WorkbenchImage *) images->data, images->len);
  workbench_image_saving_start (saving, set, WORKBENCH_IMAGES_FOLDER, path);
  workbench_image_saving_start (saving, workbench_image_set_new (document, (const WorkbenchImage *) images->data, 1), WORKBENCH_IMAGES_SHEET, "/nowhere/x.png");
  g_assert_nonnull (strstr (listener.said, "are being saved"));
  TURN_UNTIL (gtk_widget_get_visible (GTK_WIDGET (saving)));
  workbench_image_saving_stop (saving);
  TURN_UNTIL (!workbench_image_saving_is_busy (saving));
  g_assert_cmpint (sscanf (strstr (listener.said, "has "), "has %u of %u images", &said, &count), ==, 2);
  g_assert_cmpuint (count, ==, 10000);
  files = g_dir_open (path, 0, NULL);
  while (g_dir_read_name (files) != NULL)
    left++;
  g_assert_cmpuint (left, ==, said);
  g_assert_cmpuint (left, >, 0);
  g_assert_cmpuint (left, <, 10000);
  gtk_window_destroy (GTK_WINDOW (listener.window));
  g_free (listener.said);
}

static void
assert_same_files (const char *one, const char *other)
{
  g_autofree char *ours = NULL, *theirs = NULL;
  gsize length, other_length;

  g_assert_true (g_file_get_contents (one, &ours, &length, NULL) && g_file_get_contents (other, &theirs, &other_length, NULL));
  g_assert_cmpmem (ours, length, theirs, other_length);
}

/* what reads files of that ending could not read it */
static void
refuse_ending (WorkbenchImageSet *set, WorkbenchImageFormat format, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (workbench_image_set_save (set, format, path, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, ".safetensors"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_save (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  const WorkbenchImage images[] = { workbench_image (3, 1), workbench_image (1, 6), workbench_image (3, 0) };
  g_autoptr (WorkbenchImageSet) set = workbench_image_set_new (document, images, 3), none = workbench_image_set_new (document, images, 0);
  const WorkbenchImage gone[] = { workbench_image (9, 1) };
  g_autoptr (WorkbenchImageSet) lost = workbench_image_set_new (document, gone, 1);
  g_autofree char *tensors = g_build_filename (folder, "some.safetensors", NULL), *sheet = g_build_filename (folder, "sheet.png", NULL);
  g_autofree char *pngs = g_build_filename (folder, "pngs", NULL), *path = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 3), *one = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = NULL;
  g_autoptr (DfkdPictures) p = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint8 *pixels = NULL;
  const DfkdTensorEntry *entry;
  gint32 labels[3];
  gsize stride;

  p = dfkd_pictures_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (workbench_image_set_save (set, WORKBENCH_IMAGES_SAFETENSORS, tensors, NULL, &error));
  g_assert_no_error (error);
  file = dfkd_safetensors_open (tensors, &error);
  g_assert_no_error (error);
  entry = dfkd_safetensors_lookup (file, "images");
  g_assert_cmpuint (entry->rank, ==, 4);
  g_assert_cmpuint (entry->dims[0], ==, 3);
  for (gsize j = 0; j < p->height * p->width; j++)
    g_assert_cmpuint (entry->data[j], ==, p->pixels[(p->height * p->width + j) * p->channels]); /* its image 1 */
  g_assert_true (dfkd_tensor_entry_read_int32 (dfkd_safetensors_lookup (file, "labels"), labels, 3, &error));
  g_assert_cmpint (labels[0], ==, p->labels[1]);
  g_assert_cmpint (labels[2], ==, p->labels[0]);
  g_assert_cmpuint (dfkd_safetensors_lookup (file, "teacher")->dims[1], ==, 10);

  g_assert_true (workbench_image_set_save (set, WORKBENCH_IMAGES_FOLDER, pngs, NULL, &error));
  g_assert_no_error (error);
  one = g_strdup_printf ("%s/synthesis-00003-image-0002-class-%d.png", pngs, p->labels[1]);
  texture = gdk_texture_new_from_filename (one, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, (int) p->width);
  stride = 4 * p->width;
  pixels = g_malloc (stride * p->height);
  gdk_texture_download (texture, pixels, stride);
  for (gsize j = 0; j < p->height * p->width; j++)
    g_assert_cmpuint (pixels[4 * j], ==, p->pixels[(p->height * p->width + j) * p->channels]);
  g_assert_false (workbench_image_set_save (set, WORKBENCH_IMAGES_FOLDER, pngs, NULL, &error)); /* it is not empty any more */
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "pngs"));
  g_clear_error (&error);

  g_assert_true (workbench_image_set_save (set, WORKBENCH_IMAGES_SHEET, sheet, NULL, &error));
  g_assert_no_error (error);
  check_sheet (sheet, document, images, 3);
  g_assert_false (workbench_image_set_save (set, WORKBENCH_IMAGES_SHEET, "/nowhere/sheet.png", NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  refuse_ending (set, WORKBENCH_IMAGES_SHEET, "sheet");
  refuse_ending (set, WORKBENCH_IMAGES_SHEET, "sheet.jpg");
  refuse_ending (set, WORKBENCH_IMAGES_SAFETENSORS, "set.png");
  g_assert_false (workbench_image_set_save (none, WORKBENCH_IMAGES_SHEET, sheet, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (workbench_image_set_save (lost, WORKBENCH_IMAGES_SHEET, sheet, NULL, &error));
  g_assert_nonnull (error);
  workbench_document_close (document);
}

/* with room for no more than one batch it goes back and forth between two, to the same end */
static void
test_memory (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  const WorkbenchImage images[] = { workbench_image (1, 6), workbench_image (2, 0), workbench_image (1, 3) };
  g_autoptr (GError) error = NULL;
  char *paths[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (WorkbenchImageSet) set = workbench_image_set_new (document, images, 3);

      paths[i] = g_strdup_printf ("%s/memory-%u.safetensors", folder, i);
      if (i == 1)
        workbench_image_set_set_memory (set, 1);
      g_assert_true (workbench_image_set_save (set, WORKBENCH_IMAGES_SAFETENSORS, paths[i], NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (workbench_image_set_get_held (set), ==, 2 - i);
    }
  assert_same_files (paths[0], paths[1]);
  g_free (paths[0]);
  g_free (paths[1]);
  workbench_document_close (document);
}

/* ten thousand images: a frame's work is that of the rows that can be seen */
static void
test_many (void)
{
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  g_autofree char *many = new_folder ("many");
  g_autoptr (DfkdHistory) history = NULL;
  g_autoptr (DfkdPictures) p = dfkd_pictures_new (200, 3, 32, 32);
  g_autoptr (GError) error = NULL;
  g_autofree char *recipe = g_build_filename (folder, "recipe.json", NULL), *copy = g_build_filename (many, "recipe.json", NULL);
  g_autofree char *log = g_build_filename (many, "events.jsonl", NULL), *contents = NULL;
  g_autoptr (WorkbenchDocument) document = NULL;
  float *logits = dfkd_pictures_add_rows (p, DFKD_ROWS_TEACHER, 10);
  GtkWidget *grid, *window = gtk_window_new ();
  double began;
  double seconds;

  g_assert_cmpint (g_mkdir_with_parents (many, 0700), ==, 0);
  g_assert_true (g_file_get_contents (recipe, &contents, NULL, NULL) && g_file_set_contents (copy, contents, -1, NULL));
  g_assert_true (g_file_set_contents (log, "", 0, NULL));
  history = dfkd_history_open (many, DFKD_HISTORY_PICTURES, 0, &error);
  g_assert_no_error (error);
  for (p->synthesis = 1; p->synthesis <= 50; p->synthesis++)
    {
      for (guint i = 0; i < 2000; i++)
        logits[i] = (float) g_test_rand_double_range (-4.0, 4.0);
      for (guint i = 0; i < 200; i++)
        p->labels[i] = (gint32) (i % 10);
      g_assert_true (dfkd_history_add (history, p, G_MAXUINT64, &error));
    }
  document = workbench_document_open (many, &error);
  g_assert_no_error (error);
  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  workbench_album_set_document (album, document);
  TURN_UNTIL (workbench_album_get_length (album) == 10000);

  grid = g_object_ref_sink (g_object_new (WORKBENCH_TYPE_IMAGE_GRID, NULL));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 800);
  {
    GtkWidget *scrolled = gtk_scrolled_window_new ();
    GtkAdjustment *adjustment;
    double most = 0.0, sorting;

    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), grid);
    gtk_window_set_child (GTK_WINDOW (window), scrolled);
    workbench_image_grid_set_album (WORKBENCH_IMAGE_GRID (grid), album, workbench_document_get_selection (document));
    workbench_image_grid_set_zoom (WORKBENCH_IMAGE_GRID (grid), 1);
    gtk_window_present (GTK_WINDOW (window));
    TURN_UNTIL (gtk_widget_get_height (grid) > 100);
    adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
    TURN_UNTIL (gtk_adjustment_get_upper (adjustment) > 2000.0);
    for (guint i = 0; i < 20; i++) /* through the whole list, a page at a time */
      {
        g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
        g_autoptr (GskRenderNode) node = NULL;

        gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / 20.0);
        began = thread_seconds ();
        GTK_WIDGET_GET_CLASS (grid)->snapshot (grid, snapshot);
        seconds = thread_seconds () - began;
        node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
        g_assert_nonnull (node);
        most = MAX (most, seconds);
      }
    began = thread_seconds ();
    workbench_album_set_order (album, WORKBENCH_ORDER_CONFIDENCE, TRUE);
    sorting = thread_seconds () - began;
    g_test_message ("10,000 images: a new page takes %.1f ms at most, sorting %.1f ms", 1e3 * most, 1e3 * sorting);
    g_assert_cmpfloat (most, <, 0.1);
    g_assert_cmpfloat (sorting, <, 0.2);
  }
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (grid);
  stop_saving (document, album);
  workbench_document_close (document);
}

/* a disk that is full leaves what was saved before under that name */
static void
test_full_disk (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  const WorkbenchImage images[] = { workbench_image (1, 6), workbench_image (3, 0) };
  g_autoptr (WorkbenchImageSet) set = workbench_image_set_new (document, images, G_N_ELEMENTS (images));
  g_autofree char *sheet = g_build_filename (folder, "kept.png", NULL), *content = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before, small;

  g_assert_true (g_file_set_contents (sheet, "before", -1, NULL));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = (struct rlimit){ 100, before.rlim_max };
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (workbench_image_set_save (set, WORKBENCH_IMAGES_SHEET, sheet, NULL, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, SIG_DFL);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_true (g_file_get_contents (sheet, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "before");
  g_unlink (sheet);
  workbench_document_close (document);
}

static void
add_tests (void)
{
  adw_init ();
  g_test_add_func ("/gallery-saving/formats", test_save);
  g_test_add_func ("/gallery-saving/in-background", test_save_in_background);
  g_test_add_func ("/gallery-saving/memory", test_memory);
  g_test_add_func ("/gallery-saving/full-disk", test_full_disk);
  g_test_add_func ("/gallery-saving/many", test_many);
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "gallery-saving", &folder, add_tests);
}
