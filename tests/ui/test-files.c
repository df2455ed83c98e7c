/* test-files.c: recipes, models and experiments are opened by path, by name and by drop, broken ones leave the run alone, recipes are saved, and
 * another run is asked for only where something would be lost. Runs are opened in test-runs-shown.c. */
#include "small-runs.h"
#include "small-window.h"
#include "workbench-application.h"
#include "workbench-curves-view.h"
#include "workbench-option-words.h"
#include "workbench-save-dialog.h"
#include "workbench-settings.h"
#include "workbench-window-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static char *home;

static char *
in_home (const char *name)
{
  return g_build_filename (home, name, NULL);
}

static char *
write_file (const char *name, const char *text, gssize length)
{
  char *path = in_home (name);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  return path;
}

static gboolean
says (gpointer data)
{
  gpointer *what = data;

  return find_text (what[0], what[1]) != NULL;
}

/* every broken file is named with what is wrong, while the run goes on as if nothing had been */
static void
test_broken (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Broken", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *nowhere = in_home ("nowhere"), *folder = in_home ("no-run");
  char *files[] = { write_file ("cut.json", "{\"name\": \"x\", \"para", -1), write_file ("range.json", "{\"parameters\": {\"k\": 1e9}}", -1),
                                     write_file ("unknown.json", "{\"parameters\": {\"kk\": 1}}", -1), write_file ("cut.safetensors", "\x40\0\0\0\0\0\0\0{\"a", 11),
                                     write_file ("picture.png", "PNG", 3) };
  const char *const paths[] = { files[0], files[1], files[2], files[3], files[4], nowhere, folder };
  WorkbenchWindow *window;
  WorkbenchRun *run;
  guint64 steps;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 2000; /* it is going on all the while */
  g_mkdir (folder, 0755);
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, FALSE));
  turn_until (is_running, window);
  run = workbench_window_get_run (window);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *name = g_path_get_basename (paths[i]);
      gpointer what[] = { window, name };

      gtk_info_bar_set_revealed (window->problem, FALSE);
      g_assert_false (workbench_window_open (window, paths[i]));
      turn_until (says, what);
      g_assert_true (gtk_info_bar_get_revealed (window->problem));
      g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), name));
      g_assert_true (workbench_window_get_run (window) == run);
      g_assert_cmpint (workbench_run_get_status (run)->state, ==, DFKD_STATE_RUNNING);
    }
  g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "the field “Test data”")); /* where a folder may have been meant for */
  steps = workbench_series_get_length (workbench_document_get_series (window->document, DFKD_SERIES_LOSS));
  TURN_UNTIL (workbench_series_get_length (workbench_document_get_series (window->document, DFKD_SERIES_LOSS)) > steps); /* it goes on */
  {
    g_auto (GStrv) recent = workbench_settings_get_recent ();

    g_assert_cmpuint (g_strv_length (recent), ==, 0); /* what could not be opened is not offered again */
  }
  end_window (GTK_WIDGET (window));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    g_free (files[i]);
}

/* a long name without a space makes the window no wider than the screen, with the button that closes what is said of it outside */
static void
test_long_name (void)
{
  enum { LETTERS = 240 };
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.LongName", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *name = g_strnfill (LETTERS, 'x'), *path = in_home (name);
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  int before, after;

  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1, &before, NULL, NULL, NULL);
  g_assert_false (workbench_window_open (window, path));
  TURN_UNTIL (find_text (GTK_WIDGET (window), name) != NULL);
  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1, &after, NULL, NULL, NULL);
  g_assert_cmpint (after, <=, before);
  end_window (GTK_WIDGET (window));
}

/* saved with a dial turned, dropped onto another window, it is the same recipe; a model becomes its teacher */
static void
test_recipe_and_model (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Recipe", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *path = in_home ("mine.json"), *model_path = in_home ("teacher.safetensors"), *other_path = in_home ("other.safetensors");
  g_autofree char *bare = in_home ("bare"), *undo = NULL;
  g_autoptr (DfkdModel) model = dfkd_teacher_load ("", NULL);
  g_autoptr (GError) error = NULL;
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  WorkbenchDials *dials = workbench_document_get_dials (window->document);

  workbench_dials_set (dials, DFKD_PARAMETER_BN, 3.5, NULL);
  g_assert_true (workbench_window_save_recipe (window, path, &error));
  g_assert_no_error (error);
  g_assert_false (workbench_dials_differ (dials)); /* it is what values are reset to now */
  end_window (GTK_WIDGET (window));

  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  g_assert_true (drop_file (GTK_WIDGET (find_row (GTK_WIDGET (window), DFKD_PARAMETER_K)), path)); /* which is a part of the window like any other */
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->name, ==, "mine");
  g_assert_cmpfloat (workbench_document_get_recipe (window->document)->number[DFKD_PARAMETER_BN], ==, 3.5);
  g_assert_nonnull (find_text (GTK_WIDGET (window), "mine"));

  g_assert_true (dfkd_model_save (model, model_path, &error));
  g_assert_true (dfkd_model_save (model, other_path, &error));
  g_assert_true (drop_file (GTK_WIDGET (window), model_path));
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->text[DFKD_PARAMETER_TEACHER], ==, model_path);
  g_assert_cmpfloat (workbench_document_get_recipe (window->document)->number[DFKD_PARAMETER_BN], ==, 3.5);

  /* like any turn it is taken back, and those before it too */
  workbench_dials_set (workbench_document_get_dials (window->document), DFKD_PARAMETER_BN, 4.5, NULL);
  g_assert_true (drop_file (GTK_WIDGET (window), other_path));
  dials = workbench_document_get_dials (window->document);
  g_assert_cmpstr (workbench_dials_get_text (dials, DFKD_PARAMETER_TEACHER), ==, other_path);
  g_assert_cmpfloat (workbench_dials_get_recipe (dials)->number[DFKD_PARAMETER_BN], ==, 3.5); /* which is still what it is reset to */
  undo = workbench_dials_describe_undo (dials);
  g_assert_nonnull (strstr (undo, "teacher.safetensors → other.safetensors"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpstr (workbench_dials_get_text (dials, DFKD_PARAMETER_TEACHER), ==, model_path);
  g_assert_true (workbench_dials_waits (dials, DFKD_PARAMETER_TEACHER));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpfloat (workbench_dials_get (dials, DFKD_PARAMETER_BN), ==, 3.5);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpstr (workbench_dials_get_text (dials, DFKD_PARAMETER_TEACHER), ==, "");

  /* a dialog saves under whatever name is typed */
  g_assert_true (workbench_window_save_recipe (window, bare, &error));
  g_assert_true (drop_file (GTK_WIDGET (window), bare));
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->name, ==, "bare");

  /* a recipe that still waits for its teacher, as the one that was chosen could not be read, is not the next one's when another has begun */
  window->awaiting = dfkd_built_in_recipe (dfkd_built_in_count () - 1);
  g_assert_true (drop_file (GTK_WIDGET (window), path));
  g_assert_true (drop_file (GTK_WIDGET (window), model_path));
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->name, ==, "mine");
  {
    g_auto (GStrv) recent = workbench_settings_get_recent ();

    g_assert_cmpstr (recent[0], ==, model_path);
    g_assert_cmpstr (recent[1], ==, path);
    g_assert_cmpint (g_menu_model_get_n_items (G_MENU_MODEL (window->recent_menu)), ==, 4);
  }

  /* what has no path is not passed over in silence */
  gtk_info_bar_set_revealed (window->problem, FALSE);
  g_assert_false (drop_file (GTK_WIDGET (window), "sftp://server.invalid/theirs.json"));
  g_assert_true (gtk_info_bar_get_revealed (window->problem));
  g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "theirs.json"));
  end_window (GTK_WIDGET (window));
}

/* what the engine says of the terminal's options is said of the window's fields */
static void
test_option_words (void)
{
  static const struct {
    const char *message, *words;
  } cases[] = { { "name fitting data with --data, or --data none to go without",
                  "name fitting data with the field “Test data”, or “none” in the field “Test data” to go without" },
                { "use a smaller batch or --device cpu", "use a smaller batch or “cpu” in the preference “Device”" },
                { "go without this term by --bn 0", "go without this term by “0” in the field “BN statistics”" },
                { "name it with --network to see", "name it with the option --network of “dfkd convert” to see" },
                { "name another with --run-folder", "name another with --run-folder" },
                { "or go on in it with --resume", "or go on in it with the list of runs (Ctrl+L)" },
                { "--device vulkan:9: there are only 1", "“vulkan:9” in the preference “Device”: there are only 1" },
                { "--data: it is empty", "the field “Test data”: it is empty" },
                { "/home/a--data/--data/x is not there; 100 -- 200", "/home/a--data/--data/x is not there; 100 -- 200" },
                { "", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = workbench_option_words (cases[i].message);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

/* a teacher of one's own starts although the test data at hand are not of its kind, and the window says so */
static void
test_unfit_data (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Unfit", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *path = in_home ("of-grey-images.safetensors"), *nowhere = in_home ("nowhere.json");
  g_autoptr (DfkdModel) model = dfkd_teacher_load ("", NULL);
  g_autoptr (GError) error = NULL;
  WorkbenchWindow *window;
  WorkbenchDials *dials;

  g_assert_true (dfkd_model_save (model, path, &error));
  dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, "shapes32", NULL);
  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "shapes32", NULL);
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  g_assert_true (drop_file (GTK_WIDGET (window), path));
  dials = workbench_document_get_dials (window->document);
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->text[DFKD_PARAMETER_TEACHER], ==, path);
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->text[DFKD_PARAMETER_DATA], ==, "none");
  TURN_UNTIL (find_text (GTK_WIDGET (window), "shapes32 does not fit this teacher") != NULL);
  g_assert_null (find_text (GTK_WIDGET (window), "takes effect when the run is restarted"));
  g_assert_false (gtk_revealer_get_reveal_child (window->waiting));
  TURN_UNTIL (workbench_document_get_status (window->document)->state == DFKD_STATE_PAUSED);
  g_assert_false (gtk_info_bar_get_revealed (window->problem));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL); /* both go back together */
  g_assert_cmpstr (workbench_dials_get_text (dials, DFKD_PARAMETER_TEACHER), ==, "shapes32");
  g_assert_cmpstr (workbench_dials_get_text (dials, DFKD_PARAMETER_DATA), ==, "shapes32");

  /* data that do fit stay */
  g_clear_pointer (&model, dfkd_model_free);
  model = dfkd_teacher_load ("shapes32", NULL);
  g_assert_true (dfkd_model_save (model, path, &error));
  g_assert_true (drop_file (GTK_WIDGET (window), path));
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->text[DFKD_PARAMETER_DATA], ==, "shapes32");

  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "/nowhere", NULL);
  g_assert_true (dfkd_recipe_save (recipe, nowhere, &error));
  g_assert_true (drop_file (GTK_WIDGET (window), nowhere));
  g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "the field “Test data”"));
  end_window (GTK_WIDGET (window));

  /* those that nobody named have no name, but are told of */
  dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, "", NULL);
  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "", NULL);
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  g_assert_true (drop_file (GTK_WIDGET (window), path));
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->text[DFKD_PARAMETER_DATA], ==, "none");
  TURN_UNTIL (find_text (GTK_WIDGET (window), "The test data of the built-in teacher do not fit this one") != NULL);
  end_window (GTK_WIDGET (window));

  /* where a run could not begin, nothing is said to come */
  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "shapes32", NULL);
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  TURN_UNTIL (workbench_document_get_status (window->document)->state == DFKD_STATE_FAILED);
  TURN_UNTIL (find_text (GTK_WIDGET (window), "The run has failed") != NULL);
  g_assert_null (find_text (GTK_WIDGET (window), "This run is paused"));
  end_window (GTK_WIDGET (window));
}

/* one that is kept in no folder is still there at the end of its run */
static void
test_student_without_folder (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.NoFolder", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *late = in_home ("no-folder.safetensors");
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) model = NULL;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.run", NULL);
  turn_until (is_finished, window);
  g_assert_true (workbench_window_save_student (window, late, &error));
  g_assert_no_error (error);
  model = dfkd_model_load (late, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (model->network->name, ==, recipe->text[DFKD_PARAMETER_STUDENT]);
  end_window (GTK_WIDGET (window));
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* what reads files of that ending could not read it */
static void
refuse_ending (WorkbenchWindow *window, const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (workbench_window_save_student (window, path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, ".safetensors"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* the student can be taken home while its run goes on, and when it is over */
static void
test_student (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Student", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = in_home ("for-student"), *early = in_home ("early.safetensors"), *late = in_home ("late.safetensors"), *onnx = in_home ("late.onnx");
  g_autofree char *pth = in_home ("student.pth"), *kept = g_build_filename (folder, "student.safetensors", NULL), *first = NULL, *second = NULL;
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, folder, TRUE));
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) model = NULL;
  gsize lengths[2];

  g_assert_true (workbench_window_save_student (window, early, &error));
  TURN_UNTIL (find_text (GTK_WIDGET (window), "early.safetensors") != NULL);
  model = dfkd_model_load (early, NULL, &error);
  g_assert_no_error (error);
  refuse_ending (window, pth);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.run", NULL);
  turn_until (is_finished, window);
  turn_until (is_there, kept);
  refuse_ending (window, pth);
  g_assert_true (workbench_window_save_student (window, late, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (kept, &first, &lengths[0], NULL));
  g_assert_true (g_file_get_contents (late, &second, &lengths[1], NULL));
  g_assert_cmpmem (first, lengths[0], second, lengths[1]);
  g_assert_true (workbench_window_save_student (window, onnx, &error));
  g_assert_true (g_file_test (onnx, G_FILE_TEST_EXISTS));
  g_assert_null (dfkd_model_load (onnx, NULL, NULL));
  g_assert_false (workbench_window_save_student (window, "/nowhere/student.safetensors", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "/nowhere"));
  end_window (GTK_WIDGET (window));
}

static void
test_asks (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Asks", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = in_home ("kept");
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, FALSE));
  WorkbenchRun *run;

  /* without a folder: the student is nowhere else */
  turn_until (is_finished, window);
  run = workbench_window_get_run (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  g_assert_nonnull (find_dialog ());
  answer_dialog ("cancel");
  turn_for (50);
  g_assert_null (find_dialog ());
  g_assert_true (workbench_window_get_run (window) == run);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  answer_dialog ("start");
  g_assert_false (workbench_window_get_run (window) == run);
  turn_for (50);
  end_window (GTK_WIDGET (window));

  /* with one nothing is lost, and nothing is asked */
  window = WORKBENCH_WINDOW (small_window (application, recipe, folder, FALSE));
  turn_until (is_finished, window);
  run = workbench_window_get_run (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  g_assert_null (find_dialog ());
  g_assert_false (workbench_window_get_run (window) == run);
  end_window (GTK_WIDGET (window));
}

/* Who pressed Space as it ended sees a new run, which goes on at once, and has the last one beside it with one click. */
static void
test_last_run (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Last", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = in_home ("last");
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, folder, TRUE));
  GtkWidget *beside;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.run", NULL));
  turn_until (is_finished, window);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.run", NULL));
  g_assert_false (workbench_comparison_contains (window->comparison, folder));
  TURN_UNTIL ((beside = find_labelled (GTK_WIDGET (window), GTK_TYPE_BUTTON, "_Show Beside")) != NULL);
  g_signal_emit_by_name (beside, "clicked");
  TURN_UNTIL (workbench_comparison_contains (window->comparison, folder));
  turn_until (is_finished, window); /* though the window was opened to wait */
  end_window (GTK_WIDGET (window));
}

static WorkbenchWindow *
open_by_name (WorkbenchApplication *application, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_application_open (G_APPLICATION (application), &file, 1, "");
  return WORKBENCH_WINDOW (gtk_application_get_windows (GTK_APPLICATION (application))->data);
}

typedef struct {
  WorkbenchApplication *application;
  char *name;
} Named;

static gboolean
note_recipe_and_leave (gpointer data)
{
  Named *named = data;
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (named->application));
  WorkbenchDocument *document = windows != NULL ? WORKBENCH_WINDOW (windows->data)->document : NULL;
  const DfkdRecipe *recipe = document != NULL ? workbench_document_get_recipe (document) : NULL;

  if (recipe == NULL)
    return G_SOURCE_CONTINUE;
  named->name = g_strdup_printf ("%s, k = %g", recipe->name, recipe->number[DFKD_PARAMETER_K]);
  g_application_quit (G_APPLICATION (named->application));
  return G_SOURCE_REMOVE;
}

/* --recipe takes a built-in recipe by its name */
static void
test_recipe_by_name (void)
{
  g_autoptr (WorkbenchApplication) application = own_application ();
  char *arguments[] = { (char *) "dfkd-workbench", (char *) "--recipe", (char *) "Fast-10 WRN-40-2 -> WRN-16-1", (char *) "--paused", NULL };
  Named named = { .application = application };

  g_settings_set_boolean (workbench_settings (), "keep-runs", FALSE);
  g_timeout_add (200, note_recipe_and_leave, &named);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), G_N_ELEMENTS (arguments) - 1, arguments), ==, 0);
  workbench_run_wait_for_endings ();
  g_assert_cmpstr (named.name, ==, "Fast-10 WRN-40-2 → WRN-16-1, k = 10");
  g_free (named.name);
  g_settings_reset (workbench_settings (), "keep-runs");
}

/* restarts the demo as soon as it is there */
static gboolean
restart_and_leave (gpointer data)
{
  Named *named = data;
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (named->application));
  WorkbenchWindow *window = NULL;

  for (GList *link = windows; link != NULL; link = link->next)
    window = WORKBENCH_IS_WINDOW (link->data) ? link->data : window;
  if (window == NULL)
    return G_SOURCE_CONTINUE;
  g_assert_false (dfkd_session_is_running (workbench_run_get_session (workbench_window_get_run (window))));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  named->name = g_strdup (dfkd_session_is_running (workbench_run_get_session (workbench_window_get_run (window))) ? "runs" : "waits");
  g_application_quit (G_APPLICATION (named->application));
  return G_SOURCE_REMOVE;
}

/* beside an experiment none but the first run waits */
static void
test_experiment_by_option (void)
{
  g_autoptr (WorkbenchApplication) application = own_application ();
  g_autofree char *path = write_file ("rates.json", "{\"name\": \"Rates\", \"seeds\": [0], \"runs\": [{\"name\": \"a\", \"parameters\": {\"k\": 2}}]}", -1);
  char *arguments[] = { (char *) "dfkd-workbench", (char *) "--experiment", path, NULL };
  Named named = { .application = application };

  g_settings_set_boolean (workbench_settings (), "keep-runs", FALSE);
  g_timeout_add (200, restart_and_leave, &named);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), G_N_ELEMENTS (arguments) - 1, arguments), ==, 0);
  workbench_run_wait_for_endings ();
  g_assert_cmpstr (named.name, ==, "runs");
  g_free (named.name);
  g_settings_reset (workbench_settings (), "keep-runs");
}

static gboolean
has_stepped (gpointer window)
{
  return workbench_run_get_status (workbench_window_get_run (window))->progress > 0.0;
}

/* the demo in whose window @nowhere could not be opened leaves nothing while it waits, and is kept as any other run once it is set going */
static void
check_kept (WorkbenchApplication *application, const char *nowhere)
{
  static const char *const ways[] = { "win.run", "win.step" };
  g_autofree char *runs = in_home ("runs");

  g_settings_set_string (workbench_settings (), "runs-folder", runs);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      WorkbenchWindow *window = open_by_name (application, nowhere);
      g_autofree char *parent = NULL;

      workbench_dials_set (workbench_document_get_dials (window->document), DFKD_PARAMETER_BN, 3.5, NULL);
      g_assert_null (workbench_document_get_folder (window->document));
      gtk_widget_activate_action (GTK_WIDGET (window), ways[i], i == 0 ? NULL : "s", "inner");
      turn_until (has_stepped, window);
      g_assert_nonnull (workbench_document_get_folder (window->document));
      parent = g_path_get_dirname (workbench_document_get_folder (window->document));
      g_assert_cmpstr (parent, ==, runs);
      g_assert_cmpfloat (workbench_dials_get (workbench_document_get_dials (window->document), DFKD_PARAMETER_BN), ==, 3.5);
      end_window (GTK_WIDGET (window));
    }
  g_settings_reset (workbench_settings (), "runs-folder");
}

/* files on the command line: the demo does not start, what is named does; of what cannot be opened the window says so */
static void
test_named (void)
{
  g_autoptr (WorkbenchApplication) application = own_application ();
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = new_folder ("named"), *student = run_through ("named", 7), *path = in_home ("named.json"), *nowhere = in_home ("nowhere.txt");
  g_autoptr (GError) error = NULL;
  WorkbenchWindow *window;

  g_settings_set_boolean (workbench_settings (), "keep-runs", FALSE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  window = open_by_name (application, folder);
  turn_until (has_loaded, window);
  g_assert_cmpuint (g_list_length (gtk_application_get_windows (GTK_APPLICATION (application))), ==, 1);
  g_assert_null (workbench_window_get_run (window));
  g_assert_cmpstr (workbench_document_get_folder (window->document), ==, folder);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "named – DFKD Workbench");
  end_window (GTK_WIDGET (window));

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 2000;
  g_assert_true (dfkd_recipe_save (recipe, path, &error));
  window = open_by_name (application, path);
  turn_until (is_running, window);
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->name, ==, recipe->name);
  g_assert_cmpfloat (workbench_document_get_recipe (window->document)->number[DFKD_PARAMETER_SYNTHESES], ==, 2000);
  end_window (GTK_WIDGET (window));

  window = open_by_name (application, nowhere);
  g_assert_true (gtk_info_bar_get_revealed (window->problem));
  g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "nowhere.txt"));
  g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), g_strerror (ENOENT)));
  g_assert_false (dfkd_session_is_running (workbench_run_get_session (workbench_window_get_run (window))));
  end_window (GTK_WIDGET (window));
  g_settings_reset (workbench_settings (), "keep-runs");
  check_kept (application, nowhere);
}

/* nothing else is shown by its window while it is open, and no format is chosen in it but by the name */
static void
test_save_dialog (void)
{
  static const char *const endings[] = { ".svg", ".png", ".csv", NULL };
  GtkWidget *window = gtk_window_new ();
  g_autoptr (GtkFileChooserNative) dialog = workbench_save_dialog_new (GTK_WINDOW (window), "run-curves", endings);
  g_autoptr (GListModel) filters = gtk_file_chooser_get_filters (GTK_FILE_CHOOSER (dialog));
  g_autoptr (GtkFileFilter) filter = g_list_model_get_item (filters, 0);
  g_autofree char *name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (dialog));

  g_assert_true (gtk_native_dialog_get_modal (GTK_NATIVE_DIALOG (dialog)));
  g_assert_cmpstr (name, ==, "run-curves.svg");
  g_assert_cmpuint (g_list_model_get_n_items (filters), ==, 1);
  g_assert_cmpstr (gtk_file_filter_get_name (filter), ==, ".svg, .png, .csv");
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_built_in (void)
{
  g_assert_cmpuint (dfkd_built_in_count (), ==, 2 + 3 * 5);
  for (guint i = 0; i < dfkd_built_in_count (); i++)
    {
      g_autoptr (DfkdRecipe) recipe = dfkd_built_in_recipe (i);
      g_autoptr (GError) error = NULL;

      g_assert_true (dfkd_recipe_check (recipe, &error));
      g_assert_no_error (error);
      if (g_str_equal (dfkd_built_in_pair (i), "WRN-40-2 → WRN-16-2") && g_str_equal (dfkd_built_in_label (i), "Fast-2"))
        {
          g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_K], ==, 2.0);
          g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_LR_G], ==, 5e-3);
          g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_OH], ==, 0.4);
          g_assert_cmpstr (recipe->text[DFKD_PARAMETER_STUDENT], ==, "wrn16_2");
          return;
        }
    }
  g_assert_not_reached ();
}

int
main (int argc, char **argv)
{
  int code;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  home = g_dir_make_tmp ("dfkd-files-XXXXXX", NULL);
  g_test_add_func ("/files/built-in", test_built_in);
  g_test_add_func ("/files/save-dialog", test_save_dialog);
  g_test_add_func ("/files/broken", test_broken);
  g_test_add_func ("/files/long-name", test_long_name);
  g_test_add_func ("/files/recipe-and-model", test_recipe_and_model);
  g_test_add_func ("/files/option-words", test_option_words);
  g_test_add_func ("/files/unfit-data", test_unfit_data);
  g_test_add_func ("/files/student", test_student);
  g_test_add_func ("/files/student-without-folder", test_student_without_folder);
  g_test_add_func ("/files/asks", test_asks);
  g_test_add_func ("/files/last-run", test_last_run);
  g_test_add_func ("/files/recipe-by-name", test_recipe_by_name);
  g_test_add_func ("/files/experiment-by-option", test_experiment_by_option);
  g_test_add_func ("/files/named", test_named);
  code = g_test_run ();
  end_small_runs ();
  remove_folder (home);
  g_free (home);
  return code;
}
