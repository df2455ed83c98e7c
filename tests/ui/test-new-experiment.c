/* test-new-experiment.c: an experiment made in the window: what is asked, refused, written and opened. */
#include "small-window.h"
#include "workbench-experiment-dialog.h"
#include "workbench-experiment-draft.h"
#include "workbench-experiment-window-private.h"
#include "workbench-settings.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>
#include <string.h>

static char *root;

static void
test_draft (void)
{
  static const struct {
    WorkbenchVaried varied[2];
    guint n;
    const char *name, *seeds;
    guint runs;
    const char *says; /* where it is refused */
  } cases[] = {
    { { { DFKD_PARAMETER_K, "2, 5,10" } }, 1, "steps", "0, 1, 2", 9, NULL },
    { { { DFKD_PARAMETER_K, "2 5" }, { DFKD_PARAMETER_LR_G, "1e-3; 3e-3, 0.01" } }, 2, "two", "7", 6, NULL },
    { { { DFKD_PARAMETER_REUSE, "common, sequential, none" } }, 1, "reuse", "0", 3, NULL },
    { { { DFKD_PARAMETER_STUDENT, "wrn10_1, resnet8" } }, 1, "students", "0", 2, NULL },
    { { { DFKD_PARAMETER_K, "" } }, 1, "none", "0", 0, "expected values" },
    { { { DFKD_PARAMETER_K, "2, many" } }, 1, "words", "0", 0, "many" },
    { { { DFKD_PARAMETER_K, "2, 0" } }, 1, "range", "0", 0, "k" },
    { { { DFKD_PARAMETER_LR_G, "1e-3, 0.001" } }, 1, "twice", "0", 0, "0.001 is there twice" },
    { { { DFKD_PARAMETER_K, "2" } }, 1, "seeds", "0, one", 0, "one" },
    { { { DFKD_PARAMETER_K, "2" } }, 1, "no seed", " ", 0, "at least one" },
    { { { DFKD_PARAMETER_K, "2" } }, 1, "", "0", 0, "Name" },
    { { { DFKD_PARAMETER_K, "2" } }, 1, "  ", "0", 0, "Name" },
    { { { DFKD_PARAMETER_WARMUP, "1, 500" } }, 1, "warm", "0", 0, "warmup" },
  };
  g_autoptr (DfkdRecipe) base = small_recipe ();

  base->number[DFKD_PARAMETER_SEED] = 5; /* says nothing about those of the experiment */
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint runs = 0;
      g_autofree char *json = workbench_experiment_draft (base, cases[i].name, cases[i].varied, cases[i].n, cases[i].seeds, &runs, &error);

      g_assert_cmpint (json != NULL, ==, cases[i].says == NULL);
      if (json == NULL)
        {
          g_assert_nonnull (strstr (error->message, cases[i].says));
          continue;
        }
      g_assert_cmpuint (runs, ==, cases[i].runs);
      {
        g_autoptr (DfkdExperiment) experiment = dfkd_experiment_from_json (json, -1, "it", root, &error);
        g_autoptr (DfkdRecipe) last = NULL;

        g_assert_no_error (error);
        last = dfkd_experiment_cell_recipe (experiment, runs - 1);
        g_assert_cmpuint (experiment->varied->len, ==, cases[i].n);
        for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++) /* all else is as it was */
          if (id != DFKD_PARAMETER_SEED && id != cases[i].varied[0].id && (cases[i].n == 1 || id != cases[i].varied[1].id))
            {
              g_autofree char *mine = dfkd_recipe_get (base, id), *theirs = dfkd_recipe_get (last, id);

              g_assert_cmpstr (mine, ==, theirs);
            }
      }
    }
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (id == DFKD_PARAMETER_SEED || id == DFKD_PARAMETER_METHOD || id == DFKD_PARAMETER_TEACHER || id == DFKD_PARAMETER_DATA)
      g_assert_false (workbench_experiment_can_vary (id));
}

/* each has a folder of its own, whatever it is called */
static void
test_folders (void)
{
  static const char *const names[] = { "steps", "steps", "a/b: \"c\"", "..", ".hidden",
                                        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
                                        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十" };
  g_autofree char *experiments = g_build_filename (root, "experiments", NULL);
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *folder = workbench_experiment_draft_save ("{}\n", names[i], &error), *parent = NULL, *file = NULL;

      g_assert_no_error (error);
      parent = g_path_get_dirname (folder);
      file = g_build_filename (folder, DFKD_EXPERIMENT_COPY, NULL);
      g_assert_cmpstr (parent, ==, experiments);
      g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
      g_assert_true (g_hash_table_add (folders, g_steal_pointer (&folder)));
    }
}

static void
test_dialog (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.NewExperiment", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *parent = small_window (application, recipe, NULL, TRUE), *dialog, *values;
  WorkbenchDials *dials = workbench_document_get_dials (workbench_window_get_document (WORKBENCH_WINDOW (parent)));
  WorkbenchExperimentWindow *window;
  g_autofree char *file = NULL, *json = NULL;
  guint column = 0;

  TURN_UNTIL (workbench_document_get_status (workbench_window_get_document (WORKBENCH_WINDOW (parent)))->state == DFKD_STATE_PAUSED);
  g_assert_true (workbench_dials_set (dials, DFKD_PARAMETER_ADV, 0.25, NULL)); /* as the dials stand now */
  gtk_widget_activate_action (parent, "win.new-experiment", NULL);
  dialog = GTK_WIDGET (find_dialog ());
  g_assert_true (WORKBENCH_IS_EXPERIMENT_DIALOG (dialog));
  g_assert_nonnull (find_text (dialog, "9 runs"));
  values = gtk_widget_get_next_sibling (find_nth (dialog, GTK_TYPE_DROP_DOWN, 0));
  gtk_editable_set_text (GTK_EDITABLE (values), "2, 2000000");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "create"));
  g_assert_nonnull (find_text (dialog, "2000000"));
  gtk_editable_set_text (GTK_EDITABLE (values), "1, 2");
  g_assert_nonnull (find_text (dialog, "6 runs"));
  g_signal_emit_by_name (find_labelled (dialog, GTK_TYPE_BUTTON, "_Vary Another"), "clicked");
  values = gtk_widget_get_next_sibling (find_nth (dialog, GTK_TYPE_DROP_DOWN, 1));
  gtk_editable_set_text (GTK_EDITABLE (values), "1e-3, 3e-3, 1e-2");
  g_assert_nonnull (find_text (dialog, "18 runs\nInner steps: 1 · 2\n"));
  g_assert_nonnull (find_text (dialog, ": 1e-3 · 3e-3 · 1e-2"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (dialog, GTK_TYPE_DROP_DOWN, 1)), gtk_drop_down_get_selected (GTK_DROP_DOWN (find_nth (dialog, GTK_TYPE_DROP_DOWN, 0))));
  g_assert_nonnull (find_text (dialog, "is varied twice"));
  g_signal_emit_by_name (gtk_widget_get_next_sibling (values), "clicked"); /* not varied after all */
  g_assert_nonnull (find_text (dialog, "6 runs"));
  g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "create"));
  answer_dialog ("create");
  window = find_experiment_window ();
  g_assert_nonnull (window);
  TURN_UNTIL (window->shown != NULL);
  g_assert_cmpuint (workbench_experiment_table_get_n_rows (window->shown), ==, 2);
  for (guint i = 0; i < workbench_experiment_table_get_n_columns (window->shown); i++)
    if (g_str_has_prefix (workbench_experiment_table_get_column (window->shown, i)->title, "k"))
      column = i;
  g_assert_cmpfloat (workbench_experiment_table_get_value (window->shown, 1, column), ==, 2.0);
  file = workbench_experiment_get_file (window->experiment);
  g_assert_true (g_file_get_contents (file, &json, NULL, NULL));
  g_assert_nonnull (strstr (json, "\"adv\" : 0.25"));
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (window->begin)));
  close_watched (GTK_WIDGET (window), window);
  end_window (parent);
}

int
main (int argc, char **argv)
{
  g_autofree char *runs = NULL;
  int code;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  root = g_dir_make_tmp ("dfkd-new-XXXXXX", NULL);
  runs = g_build_filename (root, "runs", NULL);
  g_settings_set_string (workbench_settings (), "runs-folder", runs);
  g_test_add_func ("/new-experiment/draft", test_draft);
  g_test_add_func ("/new-experiment/folders", test_folders);
  g_test_add_func ("/new-experiment/dialog", test_dialog);
  code = g_test_run ();
  remove_folder (root);
  g_free (root);
  return code;
}
