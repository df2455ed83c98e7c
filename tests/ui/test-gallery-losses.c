/* test-gallery-losses.c: what the gallery says of an image's part in the losses, for every method. */
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-gallery-view.h"
#include "workbench-image-panel.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

static char *folder; /* of a finished run of 3 × 8 images */

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
  assert_has (text, "-0\n", FALSE);
  assert_has (text, "-0 times", FALSE);
  g_assert_true ((find_text (GTK_WIDGET (panel), "The teacher sees, shifted at random") != NULL) == method->shifts);
  if (dfkd_method_has_term (method, DFKD_TERM_OH))
    assert_has (text, "times the mean of the batch", TRUE);
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

/* who looks at an image goes on to know of it when the run has gone on to the next batch, whose images are listed alone */
static void
test_left_behind (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  g_autoptr (WorkbenchAlbum) album = workbench_album_new (), pool = workbench_album_new ();
  const WorkbenchImage images[] = { workbench_image (3, 5), workbench_image (2, 1), workbench_image (3, 0) };

  workbench_album_set_document (album, document);
  workbench_album_set_document (pool, document);
  workbench_album_set_source (pool, WORKBENCH_ALBUM_POOL);
  g_assert_true (workbench_album_get_source (album) == WORKBENCH_ALBUM_BATCH);
  for (guint i = 0; i < G_N_ELEMENTS (images); i++)
    {
      const WorkbenchFacts *facts, *expected;

      TURN_UNTIL (workbench_album_get_facts (album, images[i]) != NULL && workbench_album_get_facts (pool, images[i]) != NULL);
      facts = workbench_album_get_facts (album, images[i]);
      expected = workbench_album_get_facts (pool, images[i]);
      g_assert_true (isfinite (expected->shares[DFKD_TERM_ADV]));
      g_assert_cmpmem (facts, sizeof *facts, expected, sizeof *expected);
    }
  g_assert_null (workbench_album_get_facts (album, workbench_image (9, 0)));
  workbench_album_set_document (album, NULL);
  workbench_album_set_document (pool, NULL);
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
add_tests (void)
{
  adw_init ();
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/gallery-losses/terms/", dfkd_method_table[i]->name, NULL);

      g_test_add_data_func (path, dfkd_method_table[i], test_terms);
    }
  g_test_add_func ("/gallery-losses/left-behind", test_left_behind);
  g_test_add_func ("/gallery-losses/order", test_loss); /* changes the folder */
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "gallery-losses", &folder, add_tests);
}
