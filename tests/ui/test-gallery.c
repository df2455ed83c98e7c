/* test-gallery.c: the images of a run as the gallery lists, draws, explains and saves them. */
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "errors.h"
#include "workbench-gallery-view.h"
#include "workbench-image-grid.h"
#include "workbench-image-panel.h"
#include "workbench-image-row.h"
#include "workbench-image-set.h"

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

  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (panel)));
  g_assert_cmpint (workbench_image_grid_at (grid, 4.0, 4.0), ==, -1);
  gtk_window_destroy (GTK_WINDOW (window));
  workbench_document_close (document);
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
          g_autofree char *path = dfkd_history_path (folder, synthesis);
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
  g_autofree char *pngs = g_build_filename (folder, "pngs", NULL), *path = dfkd_history_path (folder, 3), *one = NULL;
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
  history = dfkd_history_open (many, 0, &error);
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
  g_test_add_func ("/gallery/album", test_album);
  g_test_add_func ("/gallery/row", test_row);
  g_test_add_func ("/gallery/view", test_view);
  g_test_add_func ("/gallery/save", test_save);
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
