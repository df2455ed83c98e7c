/* test-find-runs.c: searching and sorting the list of runs, and notes on them. */
#include "pretended-runs.h"
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-run-order.h"
#include "workbench-run-row.h"
#include "workbench-runs-window.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

static char *home; /* of three runs: "alpha", "beta 9" and "beta 10", and one whose recipe cannot be read */

static const char table[] = "{\"name\":\"Finding\",\"base\":\"demo\",\"seeds\":[3],\"runs\":["
                            "{\"name\":\"alpha\",\"parameters\":{\"k\":2,\"lr_g\":0.001}},"
                            "{\"name\":\"beta 9\",\"parameters\":{\"method\":\"cmi\",\"k\":10}},"
                            "{\"name\":\"beta 10\",\"parameters\":{\"student\":\"resnet8\",\"k\":10}}]}";

static void
set_total (const char *folder, const char *seconds)
{
  g_autofree char *path = g_build_filename (folder, "summary.json", NULL), *text = NULL, *total = g_strdup_printf ("\"total\":%s", seconds);
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, "\"total\":6.5", total, 0), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

static void
make_runs (void)
{
  static const char *const accuracies[] = { "81.5", "null", "99" }, *const totals[] = { "7", "700", "70" };
  g_autoptr (DfkdExperiment) experiment = read_experiment (table, home);
  g_autofree char *broken = g_build_filename (home, "broken", NULL), *recipe = g_build_filename (broken, "recipe.json", NULL);
  g_autofree char *log = g_build_filename (broken, "events.jsonl", NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *folder = dfkd_cell_path (experiment, home, i);

      pretend_run (experiment, home, i, accuracies[i], 1.5);
      set_total (folder, totals[i]);
    }
  g_mkdir (broken, 0755);
  g_assert_true (g_file_set_contents (recipe, "{", 1, NULL));
  g_assert_true (g_file_set_contents (log, "", 0, NULL));
}

/* "alpha, beta 9", as they are listed */
static char *
titles (GListModel *model)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (WorkbenchRunEntry) entry = g_list_model_get_item (model, i);
      g_auto (GStrv) parts = g_strsplit (workbench_run_entry_get_title (entry), "-seed", 2);

      g_ptr_array_add (all, g_strdup (parts[0]));
    }
  g_ptr_array_add (all, NULL);
  return g_strjoinv (", ", (char **) all->pdata);
}

static gboolean
are_listed (GtkListView *list, const char *expected)
{
  g_autofree char *text = titles (G_LIST_MODEL (gtk_list_view_get_model (list)));

  return g_str_equal (text, expected);
}

static GtkWidget *
find_toggle (GtkWidget *widget, const char *icon)
{
  GtkWidget *toggle;

  for (guint i = 0; (toggle = find_nth (widget, GTK_TYPE_TOGGLE_BUTTON, i)) != NULL; i++)
    if (g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (toggle)), icon) == 0)
      return toggle;
  g_assert_not_reached ();
}

static gboolean
holds (const char *path, const char *contents)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && g_str_equal (text, contents);
}

static WorkbenchRunRow *
row_of (GtkWidget *window, const char *title)
{
  GtkWidget *row;

  for (guint i = 0; (row = find_nth (window, WORKBENCH_TYPE_RUN_ROW, i)) != NULL; i++)
    {
      WorkbenchRunEntry *entry = workbench_run_row_get_entry (WORKBENCH_RUN_ROW (row));

      if (entry != NULL && g_str_has_prefix (workbench_run_entry_get_title (entry), title))
        return WORKBENCH_RUN_ROW (row);
    }
  g_assert_not_reached ();
}

/* written in the list, shown there, found by it, and kept in the folder */
static void
test_note (void)
{
  GtkWidget *parent = gtk_window_new (), *window = GTK_WIDGET (workbench_runs_window_new (GTK_WINDOW (parent), home));
  GtkListView *list = GTK_LIST_VIEW (find_nth (window, GTK_TYPE_LIST_VIEW, 1));
  GtkEditable *search = GTK_EDITABLE (find_nth (window, GTK_TYPE_SEARCH_ENTRY, 1));
  WorkbenchRunRow *row;
  g_autofree char *file = NULL, *text = NULL;
  GtkWidget *entry;

  gtk_window_present (GTK_WINDOW (parent));
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list))) == 4);
  turn_for (100);
  row = row_of (window, "beta-9");
  file = g_build_filename (workbench_run_entry_get_folder (workbench_run_row_get_entry (row)), "note.txt", NULL);
  gtk_menu_button_popup (GTK_MENU_BUTTON (find_widget (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON)));
  entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);
  TURN_UNTIL (gtk_widget_get_mapped (entry));
  gtk_editable_set_text (GTK_EDITABLE (entry), "  the bank is too Small ");
  g_signal_emit_by_name (entry, "activate");
  TURN_UNTIL (!gtk_widget_get_mapped (entry));
  g_assert_nonnull (find_text (GTK_WIDGET (row), "the bank is too Small"));
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "the bank is too Small\n");
  gtk_editable_set_text (search, "small bank");
  TURN_UNTIL (are_listed (list, "beta-9"));

  /* what there is can be changed, and taken away */
  row = row_of (window, "beta-9");
  gtk_menu_button_popup (GTK_MENU_BUTTON (find_widget (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON)));
  entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);
  TURN_UNTIL (gtk_widget_get_mapped (entry));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "the bank is too Small");
  gtk_editable_set_text (GTK_EDITABLE (entry), " ");
  g_signal_emit_by_name (entry, "activate");
  TURN_UNTIL (find_text (GTK_WIDGET (row), "the bank") == NULL);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));

  /* of several lines, as an editor writes them, the first is shown, and no other is lost; closing keeps what was written, Escape does not */
  gtk_editable_set_text (search, "");
  TURN_UNTIL (are_listed (list, "alpha, beta-9, beta-10, broken") || g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list))) == 4);
  g_assert_true (g_file_set_contents (file, "first\nsecond\n", -1, NULL));
  row = row_of (window, "beta-9");
  g_assert_true (workbench_run_entry_set_note (workbench_run_row_get_entry (row), "first", NULL));
  g_assert_true (holds (file, "first\nsecond\n"));
  gtk_menu_button_popup (GTK_MENU_BUTTON (find_widget (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON)));
  entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);
  TURN_UNTIL (gtk_widget_get_mapped (entry));
  gtk_editable_set_text (GTK_EDITABLE (entry), "another");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (find_widget (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON)));
  TURN_UNTIL (find_text (GTK_WIDGET (row), "another") != NULL);
  g_assert_true (holds (file, "another\nsecond\n"));
  gtk_menu_button_popup (GTK_MENU_BUTTON (find_widget (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON)));
  TURN_UNTIL (gtk_widget_get_mapped (entry));
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing");
  press_key (entry, GDK_KEY_Escape, 0);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (find_widget (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON)));
  turn_for (200);
  g_assert_true (holds (file, "another\nsecond\n"));

  /* one that cannot be kept stays to be written, and the file as it is */
  g_assert_true (g_file_set_contents (file, "\xff\xfe", 2, NULL));
  gtk_menu_button_popup (GTK_MENU_BUTTON (find_widget (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON)));
  TURN_UNTIL (gtk_widget_get_mapped (entry));
  gtk_editable_set_text (GTK_EDITABLE (entry), "much work");
  g_signal_emit_by_name (entry, "activate");
  TURN_UNTIL (find_text (window, "is not UTF-8 text") != NULL);
  TURN_UNTIL (gtk_widget_get_mapped (entry));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "much work");
  g_assert_true (holds (file, "\xff\xfe"));
  g_unlink (file);
  g_signal_emit_by_name (entry, "activate");
  TURN_UNTIL (find_text (GTK_WIDGET (row), "much work") != NULL);
  g_unlink (file);
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (parent));
}

static void
test_window (void)
{
  static const struct {
    const char *text, *found; /* by name */
  } searches[] = { { "", "alpha, beta-9, beta-10, broken" },
                   { "BETA", "beta-9, beta-10" },
                   { "  beta  CMI ", "beta-9" },
                   { "resnet8", "beta-10" },
                   { "k=10", "beta-9, beta-10" },
                   { "k=10 method=fast", "beta-10" },
                   { "lr-g=1e-3", "alpha, beta-9" }, /* the method's own */
                   { "η_g=0.001", "alpha, beta-9" }, /* as the window has it */
                   { "cmi k=1", "" },
                   { "k=many", "" },
                   { "nothing=2", "" },
                   { "=", "" } };
  static const struct {
    WorkbenchRunOrder order;
    const char *listed;
  } orders[] = { { WORKBENCH_RUNS_ACCURACY, "beta-10, alpha, beta-9, broken" },
                 { WORKBENCH_RUNS_TIME, "beta-9, beta-10, alpha, broken" },
                 { WORKBENCH_RUNS_NAME, "alpha, beta-9, beta-10, broken" } };
  GtkWidget *parent = gtk_window_new (), *window = GTK_WIDGET (workbench_runs_window_new (GTK_WINDOW (parent), home));
  GtkListView *list = GTK_LIST_VIEW (find_nth (window, GTK_TYPE_LIST_VIEW, 1)); /* the first one is in the choice of orders */
  GtkDropDown *order = GTK_DROP_DOWN (find_widget (window, GTK_TYPE_DROP_DOWN));
  GtkEditable *search = GTK_EDITABLE (find_nth (window, GTK_TYPE_SEARCH_ENTRY, 1));

  gtk_window_present (GTK_WINDOW (parent));
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list))) == 4);
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      gtk_drop_down_set_selected (order, orders[i].order);
      TURN_UNTIL (are_listed (list, orders[i].listed));
    }
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (search)));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_toggle (window, "system-search-symbolic")), TRUE);
  TURN_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (search)));
  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      gtk_editable_set_text (search, searches[i].text);
      TURN_UNTIL (are_listed (list, searches[i].found));
      g_assert_true ((*searches[i].found == '\0') == (find_text (window, "No Run Matches") != NULL && gtk_widget_get_mapped (find_text (window, "No Run Matches"))));
    }

  /* Enter opens what is found by all that was typed, and Escape ends the search first */
  gtk_editable_set_text (search, "k=2");
  TURN_UNTIL (are_listed (list, "alpha"));
  gtk_editable_set_text (search, "k=10");
  g_signal_emit_by_name (search, "activate"); /* two are found */
  g_assert_true (are_listed (list, "beta-9, beta-10"));
  g_assert_true (gtk_widget_get_visible (window));

  /* what is chosen is what is seen there, not what has its place among all */
  gtk_editable_set_text (search, "resnet8");
  TURN_UNTIL (are_listed (list, "beta-10"));
  gtk_selection_model_select_item (gtk_list_view_get_model (list), 0, TRUE);
  g_assert_true (gtk_widget_is_sensitive (find_labelled (window, GTK_TYPE_BUTTON, "Compare")));
  gtk_editable_set_text (search, "");
  TURN_UNTIL (are_listed (list, "alpha, beta-9, beta-10, broken"));
  g_assert_true (gtk_selection_model_is_selected (gtk_list_view_get_model (list), 2));
  gtk_drop_down_set_selected (order, WORKBENCH_RUNS_ACCURACY);
  g_assert_true (gtk_selection_model_is_selected (gtk_list_view_get_model (list), 0));
  gtk_editable_set_text (search, "k=2"); /* is still to be told of */
  close_watched (window, window);
  turn_for (300);
  gtk_window_destroy (GTK_WINDOW (parent));
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  home = new_folder ("home");
  g_mkdir (home, 0755);
  make_runs ();
  g_test_add_func ("/find-runs/window", test_window);
  g_test_add_func ("/find-runs/note", test_note);
  result = run_tests_with_small_runs ();
  g_free (home);
  return result;
}
