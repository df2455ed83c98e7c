/* test-gallery.c: the images of a run as the gallery lists, draws, explains and saves them. */
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "errors.h"
#include "workbench-classes.h"
#include "workbench-gallery-view.h"
#include "workbench-image-grid.h"
#include "workbench-image-panel.h"
#include "workbench-image-row.h"
#include "workbench-image-saving.h"
#include "workbench-image-strip.h"

#include <adwaita.h>
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
  guint counted = 0, total;

  workbench_album_set_document (album, document);
  g_assert_cmpuint (workbench_album_get_length (album), ==, 0); /* it has no batch */
  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  TURN_UNTIL (workbench_album_get_length (album) == 24);
  g_assert_cmpuint (workbench_album_get_reading (album, &total), ==, 3);
  g_assert_cmpuint (total, ==, 3);
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

/* finished, in a folder of its name. Returns: (transfer full): the folder */
static char *
run_method (const DfkdMethod *method)
{
  char *path = new_folder (method->name);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (method->name);
  g_autofree char *student = NULL;

  if (method->learns_from == DFKD_IMAGES_ORIGINALS)
    {
      g_autofree char *originals = new_folder ("originals");

      write_noise_data (originals, 40);
      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, originals, NULL));
    }
  student = finish (start (recipe, path, FALSE, FALSE), path);
  return path;
}

static void
assert_has (const char *text, const char *wanted, gboolean has)
{
  if ((strstr (text, wanted) != NULL) != has)
    g_error ("“%s” %s “%s”", text, has ? "lacks" : "has", wanted);
}

/* what is said of an image's part in the losses names the terms of the method and no others; and only what it says of L_adv is said of it */
static void
test_terms (gconstpointer data)
{
  const DfkdMethod *method = data;
  g_autofree char *path = run_method (method);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, NULL), *window = gtk_window_new (), *label;
  WorkbenchImagePanel *panel = WORKBENCH_IMAGE_PANEL (find_widget (view, WORKBENCH_TYPE_IMAGE_PANEL));
  gboolean has_adv = dfkd_method_has_term (method, DFKD_TERM_ADV), decides = has_adv && method->adversarial == DFKD_ADVERSARIAL_DECISION;
  const char *text;
  GtkWidget *frames;
  guint i = 0;

  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 600);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  workbench_selection_set_current (workbench_document_get_selection (document), workbench_image (3, 5));
  TURN_UNTIL (find_text (GTK_WIDGET (panel), "Jensen-Shannon") != NULL);
  label = find_text (GTK_WIDGET (panel), "Jensen-Shannon");
  text = gtk_label_get_text (GTK_LABEL (label));
  for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
    {
      g_autofree char *symbol = g_strconcat ("L", dfkd_term_name (term), NULL);

      assert_has (text, symbol, dfkd_method_has_term (method, term));
    }
  assert_has (text, "Lbn compares", dfkd_method_has_term (method, DFKD_TERM_BN));
  assert_has (text, "Lbalance compares", dfkd_method_has_term (method, DFKD_TERM_BALANCE));
  assert_has (text, "Ll2 measures", dfkd_method_has_term (method, DFKD_TERM_L2));
  assert_has (text, "in Lcr: not known", dfkd_method_has_term (method, DFKD_TERM_CR));
  assert_has (text, "in Ltv: not known", dfkd_method_has_term (method, DFKD_TERM_TV));
  assert_has (text, "in Loh: not known", FALSE);
  assert_has (text, "in Ladv: not known", FALSE);
  assert_has (text, "in Lact: -", dfkd_method_has_term (method, DFKD_TERM_ACT));
  assert_has (text, "in L: ", method->loss != NULL);
  if (decides)
    g_assert_true ((strstr (text, "so it counts") != NULL) != (strstr (text, "so it does not count") != NULL));
  else
    assert_has (text, "agree,", FALSE);
  workbench_selection_set_current (workbench_document_get_selection (document), workbench_image (1, 5));
  TURN_UNTIL (find_text (GTK_WIDGET (panel), "synthesis 1,") != NULL);
  assert_has (gtk_label_get_text (GTK_LABEL (label)), "(its weight is 0)", has_adv); /* the first is the warm-up */
  assert_has (gtk_label_get_text (GTK_LABEL (label)), "agree,", FALSE);
  do
    frames = find_nth (view, GTK_TYPE_TOGGLE_BUTTON, i++);
  while (!g_str_has_prefix (gtk_widget_get_tooltip_text (frames) != NULL ? gtk_widget_get_tooltip_text (frames) : "", "Frame the images"));
  assert_has (gtk_widget_get_tooltip_text (frames), "L_adv counts", decides);

  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  workbench_document_close (document);
}

static gboolean
are_all (WorkbenchAlbum *album, gboolean (*good) (const WorkbenchFacts *f))
{
  for (guint i = 0; i < workbench_album_get_length (album); i++)
    if (!good (workbench_album_get_facts (album, workbench_album_get_image (album, i))))
      return FALSE;
  return TRUE;
}

static gboolean
knows_loss (const WorkbenchFacts *f)
{
  return isfinite (f->loss) && f->loss != 0.0f;
}

static gboolean
knows_only_shares (const WorkbenchFacts *f)
{
  return isnan (f->loss) && isfinite (f->shares[DFKD_TERM_OH]) && isfinite (f->shares[DFKD_TERM_ADV]) && isnan (f->shares[DFKD_TERM_BN]);
}

/* the pool of a run is sorted by loss; one of before batches told their method has shares, by that of the recipe, and no loss that is made up */
static void
test_loss (void)
{
  for (guint old = 0; old < 2; old++)
    {
      g_autoptr (WorkbenchDocument) document = NULL;
      g_autoptr (WorkbenchAlbum) album = workbench_album_new ();

      for (guint synthesis = 1; synthesis <= 3 && old == 1; synthesis++)
        {
          g_autofree char *path = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, synthesis);
          g_autoptr (DfkdPictures) p = dfkd_pictures_load (path, NULL, NULL);

          p->method = NULL;
          g_assert_true (dfkd_pictures_save (p, path, NULL));
        }
      document = open_document (folder);
      workbench_album_set_document (album, document);
      workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
      workbench_album_set_order (album, WORKBENCH_ORDER_LOSS, TRUE);
      TURN_UNTIL (workbench_album_get_length (album) == 24);
      g_assert_true (are_all (album, old == 1 ? knows_only_shares : knows_loss));
      for (guint i = 1; i < 24 && old == 0; i++)
        g_assert_cmpfloat (workbench_album_get_facts (album, workbench_album_get_image (album, i))->loss, <=,
                           workbench_album_get_facts (album, workbench_album_get_image (album, i - 1))->loss);
      workbench_document_close (document);
    }
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
  g_assert_false (workbench_image_set_save (none, WORKBENCH_IMAGES_SHEET, sheet, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (workbench_image_set_save (lost, WORKBENCH_IMAGES_SHEET, sheet, NULL, &error));
  g_assert_nonnull (error);
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

int
main (int argc, char **argv)
{
  g_autofree char *student = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  folder = new_folder ("gallery");
  student = run_through ("gallery", 3);
  leave_film ();
  g_test_add_func ("/gallery/album", test_album);
  g_test_add_func ("/gallery/row", test_row);
  g_test_add_func ("/gallery/view", test_view);
  g_test_add_func ("/gallery/source", test_source);
  g_test_add_func ("/gallery/save", test_save);
  g_test_add_func ("/gallery/save-in-background", test_save_in_background);
  g_test_add_func ("/gallery/many", test_many);
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/gallery/terms/", dfkd_method_table[i]->name, NULL);

      g_test_add_data_func (path, dfkd_method_table[i], test_terms);
    }
  g_test_add_func ("/gallery/loss", test_loss); /* changes the folder */
  result = g_test_run ();
  end_small_runs ();
  g_free (folder);
  return result;
}
