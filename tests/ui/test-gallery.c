/* test-gallery.c: the images of a run as the gallery lists, draws and explains them. */
#include "feature-runs.h"
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-classes.h"
#include "workbench-gallery-view.h"
#include "workbench-image-grid.h"
#include "workbench-image-panel.h"
#include "workbench-image-row.h"
#include "workbench-image-strip.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *folder; /* of a finished run of 3 × 8 images */

static gint32
largest (const float *row, gsize n)
{
  gsize best = 0;

  for (gsize i = 1; i < n; i++)
    best = row[i] > row[best] ? i : best;
  return (gint32) best;
}

/* (transfer none) the batch, once it is there */
static DfkdPictures *
batch_of (WorkbenchAlbum *album, WorkbenchImage image)
{
  TURN_UNTIL (workbench_album_get_pictures (album, image) != NULL);
  return workbench_album_get_pictures (album, image);
}

static void
test_album (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  guint counted = 0;

  workbench_album_set_document (album, document);
  g_assert_cmpuint (workbench_album_get_length (album), ==, 0); /* it has no batch */
  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  TURN_UNTIL (workbench_album_get_length (album) == 24);
  g_assert_cmpuint (workbench_album_get_reading (album).read, ==, 3);
  g_assert_cmpuint (workbench_album_get_reading (album).total, ==, 3);
  for (guint i = 0; i < 24; i++) /* as drawn, and what is said of each is so */
    {
      WorkbenchImage image = workbench_album_get_image (album, i);
      const WorkbenchFacts *f = workbench_album_get_facts (album, image);
      const DfkdPictures *p = batch_of (album, image);
      gsize n = p->columns[DFKD_ROWS_TEACHER], at = i % 8;

      g_assert_cmpuint (image, ==, workbench_image (i / 8 + 1, i % 8));
      g_assert_cmpint (workbench_album_find (album, image), ==, (int) i);
      g_assert_cmpint (f->label, ==, p->labels[at]);
      g_assert_cmpint (f->teacher, ==, largest (p->rows[DFKD_ROWS_TEACHER] + at * n, n));
      g_assert_cmpint (f->student, ==, largest (p->rows[DFKD_ROWS_STUDENT] + at * n, n));
      g_assert_cmpint (f->agree, ==, f->teacher == f->student);
    }
  g_assert_cmpint (workbench_album_find (album, workbench_image (4, 0)), ==, -1);

  workbench_album_set_order (album, WORKBENCH_ORDER_CONFIDENCE, TRUE);
  for (guint i = 1; i < 24; i++)
    g_assert_cmpfloat (workbench_album_get_facts (album, workbench_album_get_image (album, i))->confidence, <=,
                       workbench_album_get_facts (album, workbench_album_get_image (album, i - 1))->confidence);
  workbench_album_set_order (album, WORKBENCH_ORDER_CLASS, FALSE);
  for (guint i = 1; i < 24; i++)
    {
      WorkbenchImage a = workbench_album_get_image (album, i - 1), b = workbench_album_get_image (album, i);
      int before = workbench_album_get_facts (album, a)->label, after = workbench_album_get_facts (album, b)->label;

      g_assert_true (before < after || (before == after && a < b));
    }
  workbench_album_set_order (album, WORKBENCH_ORDER_DRAWN, TRUE);
  g_assert_cmpuint (workbench_album_get_image (album, 0), ==, workbench_image (3, 7));
  g_assert_cmpuint (workbench_album_get_classes (album), ==, 10);
  for (int label = 0; label < 10; label++)
    {
      workbench_album_set_class (album, label);
      counted += workbench_album_get_length (album);
      for (guint i = 0; i < workbench_album_get_length (album); i++)
        g_assert_cmpint (workbench_album_get_facts (album, workbench_album_get_image (album, i))->label, ==, label);
    }
  g_assert_cmpuint (counted, ==, 24);
  workbench_document_close (document);
}

static gboolean
lists (WorkbenchAlbum *album, guint synthesis)
{
  return workbench_album_find (album, workbench_image (synthesis, 0)) >= 0;
}

/* batches that come and go take their places in the list as if it had been sorted anew */
static void
test_growing_album (void)
{
  enum { BATCHES = 12, BATCH = 8, CLASSES = 5 };
  static const struct {
    WorkbenchOrder order;
    gboolean descending;
  } all[] = { { WORKBENCH_ORDER_DRAWN, FALSE }, { WORKBENCH_ORDER_DRAWN, TRUE }, { WORKBENCH_ORDER_CLASS, FALSE }, { WORKBENCH_ORDER_CLASS, TRUE } };
  g_autofree char *path = make_feature_run ("growing", BATCHES, BATCH, CLASSES, fill_noise);

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (WorkbenchDocument) document = NULL;
      g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
      WorkbenchImage grown[(BATCHES - 1) * BATCH];

      set_kept (path, 3, FALSE);
      set_kept (path, 7, FALSE);
      set_kept (path, BATCHES, FALSE);
      document = open_document (path);
      workbench_album_set_document (album, document);
      workbench_album_set_order (album, all[i].order, all[i].descending);
      workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
      TURN_UNTIL (workbench_album_get_length (album) == (BATCHES - 3) * BATCH);
      set_kept (path, 2, FALSE);
      set_kept (path, 7, TRUE);
      workbench_history_refresh (workbench_document_get_history (document));
      TURN_UNTIL (lists (album, 7) && !lists (album, 2));
      g_assert_cmpuint (workbench_album_get_length (album), ==, (BATCHES - 3) * BATCH);
      set_kept (path, 3, TRUE);
      set_kept (path, BATCHES, TRUE);
      workbench_history_refresh (workbench_document_get_history (document));
      TURN_UNTIL (workbench_album_get_length (album) == G_N_ELEMENTS (grown));
      for (guint j = 0; j < G_N_ELEMENTS (grown); j++)
        {
          grown[j] = workbench_album_get_image (album, j);
          g_assert_cmpint (workbench_album_find (album, grown[j]), ==, (int) j);
        }
      workbench_album_set_class (album, 1);
      workbench_album_set_class (album, WORKBENCH_ALL_CLASSES);
      g_assert_cmpuint (workbench_album_get_length (album), ==, G_N_ELEMENTS (grown));
      for (guint j = 0; j < G_N_ELEMENTS (grown); j++)
        g_assert_cmpuint (workbench_album_get_image (album, j), ==, grown[j]);
      g_assert_cmpuint (workbench_image_synthesis (grown[all[i].descending && all[i].order == WORKBENCH_ORDER_DRAWN ? 0 : G_N_ELEMENTS (grown) - 1]), ==, BATCHES);
      set_kept (path, 2, TRUE);
      workbench_document_close (document);
    }
}

static void
test_row (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  g_autoptr (WorkbenchSelection) selection = workbench_selection_new ();
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint8 *pixels = NULL;
  const WorkbenchImageRow row = { .first = 2, .count = 3, .columns = 4, .zoom = 3, .scale = 1, .frames = TRUE };
  const DfkdPictures *p;
  gboolean complete;
  guint height, width, wide, selected = 0;
  gsize stride;

  workbench_album_set_document (album, document);
  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  TURN_UNTIL (workbench_album_get_length (album) == 24);
  p = batch_of (album, workbench_image (1, 0));
  workbench_selection_toggle (selection, workbench_image (1, 3));
  g_assert_true (workbench_album_get_size (album, &height, &width));
  texture = workbench_image_row_new (album, selection, &row, &complete);
  g_assert_true (complete);
  wide = width * 3 + WORKBENCH_IMAGE_EDGE;
  g_assert_cmpint (gdk_texture_get_width (texture), ==, (int) (4 * wide));
  stride = 4 * (gsize) gdk_texture_get_width (texture);
  pixels = g_malloc (stride * (gsize) gdk_texture_get_height (texture));
  gdk_texture_download (texture, pixels, stride);
  for (guint i = 0; i < 3; i++) /* every pixel nine times, nothing blurred */
    for (guint y = 0; y < 3 * height; y++)
      for (guint x = 0; x < 3 * width; x++)
        {
          const guint8 *got = pixels + (y + 2 * WORKBENCH_IMAGE_FRAME) * stride + 4 * (i * wide + 2 * WORKBENCH_IMAGE_FRAME + x);

          g_assert_cmpuint (got[0], ==, p->pixels[((2 + i) * p->height + y / 3) * p->width * p->channels + x / 3 * p->channels]);
        }
  for (guint i = 0; i < 4; i++) /* the outermost pixel: framed where selected, else clear */
    selected |= pixels[4 * i * wide + 3] == 255 ? 1u << i : 0;
  g_assert_cmpuint (selected, ==, 1u << 1);
  workbench_document_close (document);
}

/* a button says "3×" */
static gboolean
shows_text (GtkWidget *widget, guint zoom)
{
  g_autofree char *text = g_strdup_printf ("%u×", zoom);
  gboolean found = GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found; child = gtk_widget_get_next_sibling (child))
    found = shows_text (child, zoom);
  return found;
}

/* the frames of synthesis 2, as a run that somebody watched leaves them */
static void
leave_film (void)
{
  g_autofree char *path = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPictures) p = dfkd_pictures_load (path, NULL, &error);
  g_autoptr (DfkdHistory) films = dfkd_history_open (folder, DFKD_HISTORY_FILMS, 3, &error);
  gsize bytes = p->count * dfkd_pictures_image_bytes (p);

  g_assert_no_error (error);
  p->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_frame_unref);
  for (guint i = 0; i < 3; i++)
    {
      g_ptr_array_add (p->frames, dfkd_frame_new (i + 1, bytes));
      memset (((DfkdFrame *) g_ptr_array_index (p->frames, i))->pixels, 50 + (int) i, bytes);
    }
  g_assert_true (dfkd_history_add (films, p, G_MAXUINT64, &error));
}

/* @at of @strip: the brightness of its first pixel, or -1 while it shows nothing */
static int
brightness (WorkbenchImageStrip *strip, guint at)
{
  GtkWidget *picture = find_nth (GTK_WIDGET (strip), GTK_TYPE_PICTURE, at);
  GdkPaintable *paintable = gtk_picture_get_paintable (GTK_PICTURE (picture));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autofree guint8 *pixels = NULL;
  GdkTexture *texture;

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable), gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  if (node == NULL)
    return -1;
  texture = gsk_texture_node_get_texture (node);
  pixels = g_malloc ((gsize) (4 * gdk_texture_get_width (texture) * gdk_texture_get_height (texture)));
  gdk_texture_download (texture, pixels, (gsize) (4 * gdk_texture_get_width (texture)));
  return pixels[0];
}

/* label, both networks' classes, the film of the image where one is kept, and its neighbours */
static void
check_panel (WorkbenchDocument *document, WorkbenchImagePanel *panel)
{
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  WorkbenchImage image = workbench_selection_get_current (selection);
  DfkdPictures *p = workbench_history_get (workbench_document_get_history (document), workbench_image_synthesis (image));
  WorkbenchImageStrip *film = WORKBENCH_IMAGE_STRIP (find_nth (GTK_WIDGET (panel), WORKBENCH_TYPE_IMAGE_STRIP, 0));
  WorkbenchImageStrip *neighbours = WORKBENCH_IMAGE_STRIP (find_nth (GTK_WIDGET (panel), WORKBENCH_TYPE_IMAGE_STRIP, 1));
  const DfkdRows networks[] = { DFKD_ROWS_TEACHER, DFKD_ROWS_STUDENT };
  g_autofree char *drawn = workbench_class_name (document, p->labels[workbench_image_index (image)]);
  WorkbenchImage nearest;

  g_assert_nonnull (find_text (GTK_WIDGET (panel), drawn));
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      gsize n = p->columns[networks[i]];
      const float *row = p->rows[networks[i]] + workbench_image_index (image) * n;
      gint32 best = largest (row, n);
      g_autofree char *name = workbench_class_name (document, best), *share = NULL;
      double sum = 0.0;

      for (gsize c = 0; c < n; c++)
        sum += exp ((double) row[c] - (double) row[best]);
      share = g_strdup_printf ("%.0f %%", 100.0 / sum);
      g_assert_nonnull (find_text (GTK_WIDGET (panel), name));
      g_assert_nonnull (find_text (GTK_WIDGET (panel), share));
      g_assert_false (gtk_level_bar_get_offset_value (GTK_LEVEL_BAR (find_nth (GTK_WIDGET (panel), GTK_TYPE_LEVEL_BAR, 3 * i)), GTK_LEVEL_BAR_OFFSET_HIGH, NULL));
      g_assert_cmpfloat_with_epsilon (gtk_level_bar_get_value (GTK_LEVEL_BAR (find_nth (GTK_WIDGET (panel), GTK_TYPE_LEVEL_BAR, 3 * i))), 1.0 / sum, 1e-5);
    }
  TURN_UNTIL (workbench_image_strip_get_count (film) == 3);
  g_assert_nonnull (find_text (GTK_WIDGET (panel), "From the meta-learned start to inner step 3 of 3"));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *step = g_strdup_printf ("%u", i + 1);

      g_assert_nonnull (find_text (GTK_WIDGET (film), step));
      g_assert_cmpint (brightness (film, i), ==, 50 + (int) i);
    }
  TURN_UNTIL (workbench_image_strip_get_count (neighbours) == 8);
  nearest = g_array_index (workbench_image_panel_get_neighbours (panel), WorkbenchImage, 2);
  g_signal_emit_by_name (neighbours, "activated", 2u); /* one goes from neighbour to neighbour */
  g_assert_cmpuint (workbench_selection_get_current (selection), ==, nearest);

  workbench_selection_set_current (selection, workbench_image (1, 2)); /* nobody watched it */
  TURN_UNTIL (workbench_image_strip_get_count (film) == 0);
  g_assert_nonnull (find_text (GTK_WIDGET (panel), "was not looked at"));
  TURN_UNTIL (g_array_index (workbench_image_panel_get_neighbours (panel), WorkbenchImage, 0) != workbench_image (1, 2));
}

static void
test_view (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, NULL), *window = gtk_window_new ();
  WorkbenchImageGrid *grid = WORKBENCH_IMAGE_GRID (find_widget (view, WORKBENCH_TYPE_IMAGE_GRID));
  WorkbenchImagePanel *panel = WORKBENCH_IMAGE_PANEL (find_widget (view, WORKBENCH_TYPE_IMAGE_PANEL));
  const WorkbenchImage image = workbench_image (2, 5);
  WorkbenchHistory *history = workbench_document_get_history (document);
  const float *mine;
  double least = INFINITY;
  WorkbenchImage nearest = WORKBENCH_NO_IMAGE;
  gsize features;

  gtk_window_set_default_size (GTK_WINDOW (window), 900, 600);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  TURN_UNTIL (workbench_image_grid_at (grid, 4.0, 4.0) == 0); /* a finished run shows its pool */
  TURN_UNTIL (workbench_image_grid_get_shown_zoom (grid) > 1); /* it is laid out */
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (shows_text (view, workbench_image_grid_get_shown_zoom (grid)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (panel)));
  workbench_image_grid_set_zoom (grid, 1);
  g_assert_cmpuint (workbench_image_grid_get_shown_zoom (grid), ==, 1);

  workbench_selection_set_current (selection, image);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (panel)));
  TURN_UNTIL (workbench_image_panel_get_neighbours (panel)->len == 8);
  for (guint synthesis = 1; synthesis <= 3; synthesis++)
    TURN_UNTIL (workbench_history_get (history, synthesis) != NULL);
  features = workbench_history_get (history, 2)->columns[DFKD_ROWS_TEACHER_FEATURES];
  mine = workbench_history_get (history, 2)->rows[DFKD_ROWS_TEACHER_FEATURES] + 5 * features;
  for (guint synthesis = 1; synthesis <= 3; synthesis++)
    for (guint i = 0; i < 8; i++)
      {
        const float *other = workbench_history_get (history, synthesis)->rows[DFKD_ROWS_TEACHER_FEATURES] + i * features;
        double distance = 0.0;

        for (gsize j = 0; j < features; j++)
          distance += ((double) mine[j] - (double) other[j]) * ((double) mine[j] - (double) other[j]);
        if (other != mine && distance < least)
          {
            least = distance;
            nearest = workbench_image (synthesis, i);
          }
      }
  g_assert_cmpuint (g_array_index (workbench_image_panel_get_neighbours (panel), WorkbenchImage, 0), ==, nearest);
  check_panel (document, panel);

  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (panel)));
  g_assert_cmpint (workbench_image_grid_at (grid, 4.0, 4.0), ==, -1);
  gtk_window_destroy (GTK_WINDOW (window));
  workbench_document_close (document);
}

/* A run that is over shows its pool; the next one its batch, unless the pool was chosen. */
static void
test_source (void)
{
  g_autoptr (WorkbenchDocument) over = open_document (folder), on = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSessionOptions options = { .paused = TRUE };
  GtkWidget *view = g_object_ref_sink (g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, NULL));
  GtkDropDown *source = GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 0));

  on = workbench_document_new (recipe, &options, &error);
  g_assert_no_error (error);
  workbench_view_set_document (WORKBENCH_VIEW (view), on);
  g_assert_cmpuint (gtk_drop_down_get_selected (source), ==, 0);
  workbench_view_set_document (WORKBENCH_VIEW (view), over);
  g_assert_cmpuint (gtk_drop_down_get_selected (source), ==, 1);
  workbench_view_set_document (WORKBENCH_VIEW (view), on);
  g_assert_cmpuint (gtk_drop_down_get_selected (source), ==, 0);
  gtk_drop_down_set_selected (source, 1);
  workbench_view_set_document (WORKBENCH_VIEW (view), over);
  workbench_view_set_document (WORKBENCH_VIEW (view), on);
  g_assert_cmpuint (gtk_drop_down_get_selected (source), ==, 1);
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  g_object_unref (view);
  workbench_document_close (over);
  workbench_document_close (on);
}

/* the button that says which class is chosen does not widen the view with the length of its name */
static void
test_long_name (void)
{
  g_autofree char *file = g_build_filename (folder, "classes.json", NULL), *letters = g_strnfill (90, 'm'), *before = NULL;
  g_autofree char *json = g_strdup_printf ("[\"a\",\"%s\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]", letters);
  g_autoptr (WorkbenchDocument) document = NULL;
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, NULL), *window = gtk_window_new ();
  GtkDropDown *choice = GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, 2));
  int narrow, wide;

  g_assert_true (g_file_get_contents (file, &before, NULL, NULL));
  g_assert_true (g_file_set_contents (file, json, -1, NULL));
  document = open_document (folder);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  TURN_UNTIL (g_list_model_get_n_items (gtk_drop_down_get_model (choice)) == 11);
  gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &narrow, NULL, NULL, NULL);
  gtk_drop_down_set_selected (choice, 2);
  TURN_UNTIL (find_text (GTK_WIDGET (choice), letters) != NULL);
  gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &wide, NULL, NULL, NULL);
  g_assert_cmpint (wide, <, narrow + 60);
  gtk_window_destroy (GTK_WINDOW (window));
  workbench_document_close (document);
  g_assert_true (g_file_set_contents (file, before, -1, NULL));
}

/* a batch whose file is cut off is not read for ever, and where none can be read the empty view says so */
static void
test_cut_off (void)
{
  g_autoptr (WorkbenchDocument) document = NULL;
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, NULL), *window = gtk_window_new ();
  char *before[3];
  gsize length[3];

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = pass == 0 ? 2 : 0; i < 3; i++)
        {
          g_autofree char *file = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, i + 1);

          if (pass == 0 || i < 2)
            g_assert_true (g_file_get_contents (file, &before[i], &length[i], NULL));
          g_assert_true (g_file_set_contents (file, before[i], 1000, NULL));
        }
      document = open_document (folder);
      if (pass == 0)
        {
          gtk_window_set_child (GTK_WINDOW (window), view);
          gtk_window_present (GTK_WINDOW (window));
        }
      workbench_view_set_document (WORKBENCH_VIEW (view), document);
      if (pass == 0)
        TURN_UNTIL (find_text (view, "the pictures of 1 synthesis cannot be read") != NULL && find_text (view, "16 images") != NULL);
      else
        TURN_UNTIL (find_text (view, "The pictures of this run cannot be read") != NULL);
      g_assert_null (find_text (view, "syntheses read"));
      workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
      workbench_document_close (document);
      g_clear_object (&document);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *file = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, i + 1);

      g_assert_true (g_file_set_contents (file, before[i], (gssize) length[i], NULL));
      g_free (before[i]);
    }
}

static void
add_tests (void)
{
  adw_init ();
  leave_film ();
  g_test_add_func ("/gallery/album", test_album);
  g_test_add_func ("/gallery/growing-album", test_growing_album);
  g_test_add_func ("/gallery/row", test_row);
  g_test_add_func ("/gallery/view", test_view);
  g_test_add_func ("/gallery/source", test_source);
  g_test_add_func ("/gallery/long-name", test_long_name);
  g_test_add_func ("/gallery/cut-off", test_cut_off);
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "gallery", &folder, add_tests);
}
