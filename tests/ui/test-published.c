/* test-published.c: what the paper reports: its table, which of its figures is a run's own, and the lines of those that are asked for. */
#include "small-runs.h"
#include "support.h"
#include "widgets.h"

#include "workbench-chart.h"
#include "workbench-curves-view.h"
#include "workbench-published-choice.h"
#include "workbench-reference-layer.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *run_folder;

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
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
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
          g_assert_cmpint (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, row->recipe_method, NULL), ==, TRUE);
          g_assert_cmpuint (row->k, ==, g_str_has_prefix (row->method, "Fast-") ? (guint) atoi (row->method + 5) : 0);
        }
    }
  g_assert_cmpuint (checked, ==, count);
}

static void
on_found (GObject *object, GAsyncResult *result, gpointer done)
{
  g_assert_null (workbench_published_for_recipe_finish (result, NULL));
  *(gboolean *) done = TRUE;
}

/* the recipe of the paper for wrn40_2 → wrn16_1 at k = 5 */
static DfkdRecipe *
paper_recipe (void)
{
  for (guint i = 0; i < dfkd_built_in_count (); i++)
    if (g_str_equal (dfkd_built_in_label (i), "Fast-5") && g_str_equal (dfkd_built_in_pair (i), "WRN-40-2 → WRN-16-1"))
      return dfkd_built_in_recipe (i);
  g_assert_not_reached ();
}

/* by pair and method, by k where the paper varies it, and by what is known of the data */
static void
test_match (void)
{
  static const struct {
    const char *method;
    double k;
    const char *own; /* NULL: the paper has no such method, or not with this k */
  } cases[] = { { "fast", 5, "Fast-5" },     { "fast", 10, "Fast-10" }, { "fast", 3, NULL }, { "deepinv", 5, "DeepInv-2k" }, { "cmi", 2, "CMI-500" },
                { "dafl", 5, "DAFL" },       { "zskt", 1, "ZSKT" },     { "dfq", 10, "DFQ" }, { "nayer", 5, NULL },          { "dfad", 2, NULL } };
  static const struct {
    const char *data, *teacher, *name;
    gboolean is_said;
  } places[] = { { "none", "teacher.pth", "mine", FALSE },
                 { "/data/cifar-100-binary", "teacher.pth", "mine", TRUE },
                 { "/data/cifar-10-batches-bin", "teacher.pth", "mine", FALSE },
                 { "none", "checkpoints/CIFAR100-wrn40_2.pth", "mine", TRUE },
                 { "none", "teacher.pth", "CIFAR-100, k = 5", TRUE } };
  DfkdNetworkOptions cifar_100 = { .channels = 3, .height = 32, .width = 32, .classes = 100 },
                     grey = { .channels = 1, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdRecipe) recipe = paper_recipe (), demo = dfkd_recipe_new ();
  g_autofree char *folder = g_dir_make_tmp ("dfkd-data-XXXXXX", NULL), *file = g_build_filename (folder, "test.bin", NULL);
  gboolean done = FALSE;
  WorkbenchPublishedFigures figures;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, cases[i].method, NULL));
      recipe->number[DFKD_PARAMETER_K] = cases[i].k;
      g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
      g_assert_cmpint (figures.cifar, ==, WORKBENCH_CIFAR_100);
      g_assert_cmpuint (figures.count, ==, WORKBENCH_MOST_PUBLISHED); /* of all methods, to choose from */
      g_assert_cmpstr (figures.own != NULL ? figures.own->method : NULL, ==, cases[i].own);
    }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, places[i].data, NULL)
                     && dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, places[i].teacher, NULL));
      g_free (recipe->name);
      recipe->name = g_strdup (places[i].name);
      g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
      g_assert_true (figures.is_said == places[i].is_said);
    }
  g_free (recipe->name);
  recipe->name = g_strdup ("mine");
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, "teacher.pth", NULL) && dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, folder, NULL));
  g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
  g_assert_false (figures.is_said);
  g_assert_true (g_file_set_contents (file, "", 0, NULL)); /* CIFAR-100's test images, under whatever name */
  g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
  g_assert_true (figures.is_said);

  g_assert_false (workbench_published_find (recipe, "wrn16_2", &cifar_100, &figures));
  g_assert_false (workbench_published_find (recipe, "wrn40_2", &grey, &figures));
  cifar_100.classes = 10;
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "shapes32", NULL)); /* of that size, and another data set */
  g_assert_false (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
  workbench_published_for_recipe_async (demo, NULL, on_found, &done); /* the demo is in no paper */
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_remove (file);
  g_rmdir (folder);
}

/* an untrained wrn40_2 for ten classes of 3×32×32 */
static char *
new_teacher (void)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("wrn40_2", &options, NULL);
  g_autoptr (DfkdModel) model = dfkd_model_new (network, NULL, NULL);
  char *path = g_build_filename (run_folder, "wrn40_2.safetensors", NULL);

  g_assert_true (dfkd_model_save (model, path, NULL));
  return path;
}

/* what is drawn as a published figure in any chart below @widget: "88.90 TEXT\n…" in order, "" for none */
static void
list_published (GtkWidget *widget, GString *text)
{
  for (guint i = 0; WORKBENCH_IS_CHART (widget) && i < workbench_chart_get_n_layers (WORKBENCH_CHART (widget)); i++)
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (WORKBENCH_CHART (widget), i);

      if (WORKBENCH_IS_REFERENCE_LAYER (layer) && isfinite (workbench_reference_layer_get_value (WORKBENCH_REFERENCE_LAYER (layer))))
        g_string_append_printf (text, "%.2f %s\n", workbench_reference_layer_get_value (WORKBENCH_REFERENCE_LAYER (layer)),
                                workbench_reference_layer_get_text (WORKBENCH_REFERENCE_LAYER (layer)));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    list_published (child, text);
}

static void
assert_published (GtkWidget *view, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  list_published (view, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static WorkbenchDocument *
open_with (const DfkdRecipe *recipe)
{
  g_autofree char *path = g_build_filename (run_folder, "recipe.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_recipe_save (recipe, path, &error));
  return open_document (run_folder);
}

static void
wait_for_choice (GtkWidget *choice)
{
  while (!gtk_widget_get_visible (choice))
    g_main_context_iteration (NULL, TRUE);
}

/* in the curves view: the own method's figure is drawn, others are when they are ticked, and a run of another pair has none */
static void
test_published_lines (void)
{
  g_autofree char *path = g_build_filename (run_folder, "recipe.json", NULL), *before = NULL, *teacher = new_teacher ();
  g_autoptr (DfkdRecipe) recipe = paper_recipe ();
  g_autoptr (WorkbenchDocument) first = NULL, second = NULL, third = NULL;
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL), *choice, *dafl;

  g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  choice = find_widget (view, WORKBENCH_TYPE_PUBLISHED_CHOICE);
  g_assert_false (gtk_widget_get_visible (choice));
  assert_published (view, "");
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, teacher, NULL));
  first = open_with (recipe);
  workbench_view_set_document (WORKBENCH_VIEW (view), first);
  wait_for_choice (choice);
  assert_published (view, "88.90 Fast-5, if this is CIFAR-10, best on test: 88.90 % (Fang et al., AAAI 2022)\n");
  g_assert_nonnull (find_labelled (choice, GTK_TYPE_LABEL, "if this is CIFAR-10, which neither"));

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, "cmi", NULL));
  g_free (recipe->name);
  recipe->name = g_strdup ("CMI on CIFAR-10");
  second = open_with (recipe);
  workbench_view_set_document (WORKBENCH_VIEW (view), second);
  wait_for_choice (choice);
  assert_published (view, "90.01 CMI-500 on CIFAR-10, best on test: 90.01 % (Fang et al., AAAI 2022)\n");
  dafl = gtk_widget_get_ancestor (find_labelled (choice, GTK_TYPE_LABEL, "DAFL · 65.71 %"), GTK_TYPE_CHECK_BUTTON);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (dafl), TRUE);
  assert_published (view, "90.01 CMI-500 on CIFAR-10, best on test: 90.01 % (Fang et al., AAAI 2022)\n65.71 DAFL on CIFAR-10: 65.71 %\n");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (dafl), FALSE);
  assert_published (view, "90.01 CMI-500 on CIFAR-10, best on test: 90.01 % (Fang et al., AAAI 2022)\n");

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_STUDENT, "wrn10_1", NULL));
  third = open_with (recipe);
  workbench_view_set_document (WORKBENCH_VIEW (view), third);
  for (guint i = 0; i < 100; i++) /* long enough for the search to end */
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
  g_assert_false (gtk_widget_get_visible (choice));
  assert_published (view, "");
  workbench_view_set_document (WORKBENCH_VIEW (view), second); /* the window goes while it searches */
  close_watched (window, view);
  g_assert_true (g_file_set_contents (path, before, -1, NULL));
}

static void
add_tests (void)
{
  adw_init ();
  g_test_add_func ("/published/table", test_published);
  g_test_add_func ("/published/match", test_match);
  g_test_add_func ("/published/lines", test_published_lines);
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "run", &run_folder, add_tests);
}
