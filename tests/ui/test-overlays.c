/* test-overlays.c: curves of several runs in the same charts, in what their recipes differ, and what the paper reports. */
#include "small-runs.h"
#include "widgets.h"

#include "workbench-chart.h"
#include "workbench-curves-view.h"
#include "workbench-differences.h"
#include "workbench-published.h"

#include <adwaita.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *first_folder, *second_folder;

static void
hear (WorkbenchOverlays *overlays, const char *message, char **heard)
{
  g_free (*heard);
  *heard = g_strdup (message);
}

/* what the view saves of its first chart */
static char *
saved_losses (GtkWidget *view)
{
  g_autofree char *path = g_build_filename (first_folder, "curves.csv", NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static guint
count_text (const char *text, const char *what)
{
  guint count = 0;

  for (const char *at = text; (at = strstr (at, what)) != NULL; at += strlen (what))
    count++;
  return count;
}

static GtkWidget *
find_explained (GtkWidget *widget, const char *tooltip)
{
  GtkWidget *found = NULL;

  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_explained (child, tooltip);
  return found;
}

/* a visible label with @text in it */
static GtkWidget *
find_shown (GtkWidget *widget, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_shown (child, text);
  return found;
}

static void
test_curves (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL), *close;
  WorkbenchOverlays *overlays = workbench_curves_view_get_overlays (WORKBENCH_CURVES_VIEW (view));
  g_autofree char *heard = NULL, *before = NULL, *both = NULL, *after = NULL;
  gpointer weak = view;

  g_object_add_weak_pointer (G_OBJECT (view), &weak);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  g_signal_connect (overlays, "problem", G_CALLBACK (hear), &heard);
  before = saved_losses (view);
  g_assert_cmpuint (count_text (before, "\"L\","), ==, 9); /* three syntheses of three steps */

  g_assert_true (drop_file (view, second_folder));
  while (workbench_document_is_loading (g_ptr_array_index (workbench_overlays_get (overlays), 0)))
    g_main_context_iteration (NULL, TRUE);
  both = saved_losses (view);
  g_assert_cmpuint (count_text (both, "\"L\","), ==, 9);
  g_assert_cmpuint (count_text (both, "\"L, second\","), ==, 9);
  g_assert_cmpuint (count_text (both, "\"L_bn, second\","), ==, 9);
  g_assert_null (heard);

  /* what can be compared is told apart before it is chosen */
  gtk_menu_button_popup (GTK_MENU_BUTTON (find_explained (GTK_WIDGET (overlays), "Draw the curves of another run beside these; a run folder can be dropped here too")));
  while (find_shown (GTK_WIDGET (overlays), "not measured · 3 syntheses") == NULL)
    g_main_context_iteration (NULL, TRUE);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (find_explained (GTK_WIDGET (overlays), "Draw the curves of another run beside these; a run folder can be dropped here too")));

  /* in what it differs stands below its name, and what is turned now counts */
  g_assert_nonnull (find_shown (GTK_WIDGET (overlays), "Seed 1 → 2"));
  g_assert_null (find_shown (GTK_WIDGET (overlays), "k 2 → 3"));
  g_assert_true (workbench_dials_set (workbench_document_get_dials (document), DFKD_PARAMETER_K, 2, NULL));
  g_assert_nonnull (find_shown (GTK_WIDGET (overlays), "k 2 → 3"));
  workbench_dials_undo (workbench_document_get_dials (document));
  g_assert_null (find_shown (GTK_WIDGET (overlays), "k 2 → 3"));

  /* once only, and run folders alone */
  g_assert_false (drop_file (view, second_folder));
  g_assert_nonnull (heard);
  g_assert_false (workbench_overlays_open (overlays, "/nowhere"));
  g_assert_nonnull (strstr (heard, "/nowhere"));
  g_assert_cmpuint (workbench_overlays_get (overlays)->len, ==, 1);

  close = find_explained (view, "Remove second");
  g_assert_nonnull (close);
  gtk_test_accessible_assert_property (close, GTK_ACCESSIBLE_PROPERTY_LABEL, "Remove second");
  g_signal_emit_by_name (close, "clicked");
  after = saved_losses (view);
  g_assert_cmpstr (after, ==, before);
  workbench_overlays_open (overlays, second_folder); /* the window goes while it is being read */
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (weak);
}

static void
test_differences (void)
{
  g_autoptr (DfkdRecipe) here = tiny_recipe (), there = tiny_recipe ();
  g_autoptr (GPtrArray) none = workbench_differences (here, there), some = NULL;
  g_autofree char *all = NULL, *one = NULL, *odd = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  there->number[DFKD_PARAMETER_K] = 7;
  dfkd_recipe_set (there, DFKD_PARAMETER_STUDENT, "resnet18", NULL);
  some = workbench_differences (here, there);
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (some, 0), "there")); /* the student comes first in the table of parameters */
  g_assert_nonnull (strstr (g_ptr_array_index (some, 0), "resnet18 there"));
  g_assert_cmpstr (g_ptr_array_index (some, 1), ==, "k: 3 here, 7 there");

  g_assert_null (workbench_differences_markup (here, here, 4));
  all = workbench_differences_markup (here, there, 4);
  g_assert_nonnull (strstr (all, "→ <b>resnet18</b> · k 3 → <b>7</b>"));
  g_assert_true (pango_parse_markup (all, -1, 0, NULL, NULL, NULL, NULL));
  one = workbench_differences_markup (here, there, 1);
  g_assert_true (g_str_has_suffix (one, "<b>resnet18</b> and 1 more"));
  dfkd_recipe_set (there, DFKD_PARAMETER_TEACHER, "/a & b/<c>.safetensors", NULL);
  odd = workbench_differences_markup (here, there, 9);
  g_assert_nonnull (strstr (odd, "– → <b>&lt;c&gt;.safetensors</b>"));
  g_assert_true (pango_parse_markup (odd, -1, 0, NULL, NULL, NULL, NULL));
}

/* the paper's table as METHOD.md prints it: accuracy on CIFAR-10 (hours) / accuracy on CIFAR-100 */
static const char printed[]
    = "| DeepInv-2k | 93.26 (42.1 h) / 61.32 | 90.36 (20.2) / 54.13 | 83.04 (16.9) / 53.77 | 86.85 (21.9) / 61.33 | 89.72 (18.2) / 61.34 "
      "|\n"
      "| CMI-500 | 94.84 (19.0) / 77.04 | 91.13 (11.6) / 70.56 | 90.01 (13.3) / 57.91 | 92.78 (14.1) / 68.88 | 92.52 (13.6) / 68.75 |\n"
      "| DAFL | 92.22 (2.73) / 74.47 | 81.10 (0.73) / 54.16 | 65.71 (1.73) / 20.88 | 81.33 (1.53) / 42.83 | 81.55 (1.60) / 43.70 |\n"
      "| ZSKT | 93.32 (1.67) / 67.74 | 89.46 (0.33) / 54.31 | 83.74 (0.87) / 36.66 | 86.07 (0.87) / 53.60 | 89.66 (0.87) / 54.59 |\n"
      "| DFQ | 94.61 (8.79) / 77.01 | 90.84 (1.50) / 66.21 | 86.14 (0.75) / 51.27 | 91.69 (0.75) / 54.43 | 92.01 (0.75) / 64.79 |\n"
      "| Fast-2 | 92.62 (0.06) / 69.76 | 84.67 (0.03) / 62.83 | 88.36 (0.03) / 41.77 | 89.56 (0.03) / 53.15 | 89.68 (0.03) / 57.08 |\n"
      "| Fast-5 | 93.63 (0.14) / 72.82 | 89.94 (0.08) / 65.28 | 88.90 (0.08) / 52.90 | 92.04 (0.09) / 61.80 | 91.96 (0.08) / 63.83 |\n"
      "| Fast-10 | 94.05 (0.28) / 74.34 | 90.53 (0.15) / 67.44 | 89.29 (0.15) / 54.02 | 92.51 (0.17) / 63.91 | 92.45 (0.17) / 65.12 |\n";

static void
test_published (void)
{
  static const char *const pairs[][2] = {
    { "resnet34", "resnet18" }, { "vgg11", "resnet18" }, { "wrn40_2", "wrn16_1" }, { "wrn40_2", "wrn40_1" }, { "wrn40_2", "wrn16_2" }
  };
  g_auto (GStrv) lines = g_strsplit (printed, "\n", -1);
  guint count, checked = 0;
  const WorkbenchPublished *rows = workbench_published_list (&count);

  for (guint i = 0; lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], "|", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, 2 + 1 + G_N_ELEMENTS (pairs));
      for (guint j = 0; j < G_N_ELEMENTS (pairs); j++, checked++)
        {
          const WorkbenchPublished *row = NULL;
          char *at = cells[2 + j];
          double values[3];

          for (guint v = 0; v < 3; v++)
            {
              at += strcspn (at, "0123456789");
              values[v] = g_ascii_strtod (at, &at);
            }
          g_strstrip (cells[1]);
          for (guint r = 0; r < count; r++)
            if (g_str_equal (rows[r].method, cells[1]) && g_str_equal (rows[r].teacher, pairs[j][0])
                && g_str_equal (rows[r].student, pairs[j][1]))
              row = &rows[r];
          g_assert_nonnull (row);
          g_assert_cmpfloat (row->accuracy[WORKBENCH_CIFAR_10], ==, values[0]);
          g_assert_cmpfloat (row->hours, ==, values[1]);
          g_assert_cmpfloat (row->accuracy[WORKBENCH_CIFAR_100], ==, values[2]);
          g_assert_cmpuint (row->k, ==, g_str_has_prefix (row->method, "Fast-") ? (guint) atoi (row->method + 5) : 0);
        }
    }
  g_assert_cmpuint (checked, ==, count);
}

static void
on_found (GObject *object, GAsyncResult *result, gpointer done)
{
  WorkbenchCifar cifar;

  g_assert_null (workbench_published_for_recipe_finish (result, &cifar, NULL));
  *(gboolean *) done = TRUE;
}

static void
test_match (void)
{
  DfkdNetworkOptions cifar_100 = { .channels = 3, .height = 32, .width = 32, .classes = 100 },
                     grey = { .channels = 1, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  gboolean done = FALSE;
  WorkbenchCifar cifar;
  const WorkbenchPublished *row = workbench_published_find ("wrn40_2", "wrn16_1", 5, &cifar_100, &cifar);

  g_assert_nonnull (row);
  g_assert_cmpint (cifar, ==, WORKBENCH_CIFAR_100);
  g_assert_cmpfloat (row->accuracy[cifar], ==, 52.90);
  g_assert_null (workbench_published_find ("wrn40_2", "wrn16_1", 3, &cifar_100, &cifar));
  g_assert_null (workbench_published_find ("wrn40_2", "wrn10_1", 5, &cifar_100, &cifar));
  g_assert_null (workbench_published_find ("wrn40_2", "wrn16_1", 0, &cifar_100, &cifar));
  g_assert_null (workbench_published_find ("wrn40_2", "wrn16_1", 5, &grey, &cifar));
  workbench_published_for_recipe_async (recipe, NULL, on_found, &done); /* the demo is in no paper */
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  first_folder = new_folder ("first");
  second_folder = new_folder ("second");
  g_free (run_through ("first", 1));
  g_free (run_through ("second", 2));
  g_test_add_func ("/overlays/curves", test_curves);
  g_test_add_func ("/overlays/differences", test_differences);
  g_test_add_func ("/overlays/published", test_published);
  g_test_add_func ("/overlays/match", test_match);
  result = g_test_run ();
  end_small_runs ();
  g_free (first_folder);
  g_free (second_folder);
  return result;
}
