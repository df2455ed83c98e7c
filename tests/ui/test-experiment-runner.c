/* test-experiment-runner.c: an experiment that its window runs: to the end, stopped and gone on with, failing, and closed while it runs. */
#include "pretended-runs.h"
#include "small-window.h"
#include "workbench-experiment-window-private.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>
#include <string.h>

static char *root;

#define TABLE(seeds, more) \
  "{\"name\":\"Steps\",\"seeds\":" seeds ",\"parameters\":{\"data\":\"none\",\"batch\":8,\"student_batch\":8,\"warmup\":1,\"kd_steps\":2," more "}," \
  "\"runs\":[{\"name\":\"a\",\"parameters\":{\"k\":1}},{\"name\":\"b\",\"parameters\":{\"k\":2}}]}"

typedef struct {
  AdwApplication *application;
  GtkWidget *parent;
  WorkbenchExperimentWindow *window;
  char *file, *folder;
} Fixture;

static void
open_window (Fixture *f, const char *name, const char *json)
{
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *id = g_strconcat ("org.dfkd.Workbench.Runner.", name, NULL), *file = g_strconcat (name, ".json", NULL);

  f->file = g_build_filename (root, file, NULL);
  f->folder = g_build_filename (root, "experiments", name, NULL);
  g_assert_true (g_file_set_contents (f->file, json, -1, NULL));
  f->application = adw_application_new (id, G_APPLICATION_NON_UNIQUE);
  f->parent = small_window (f->application, recipe, NULL, TRUE);
  g_application_set_default (G_APPLICATION (f->application));
  g_assert_true (workbench_window_open (WORKBENCH_WINDOW (f->parent), f->file));
  f->window = find_experiment_window ();
  TURN_UNTIL (f->window->shown != NULL);
}

static void
close_all (Fixture *f)
{
  if (f->window != NULL)
    close_watched (GTK_WIDGET (f->window), f->window);
  if (f->parent != NULL)
    end_window (f->parent);
  workbench_run_wait_for_endings ();
  g_object_unref (f->application);
  g_free (f->file);
  g_free (f->folder);
}

static void
press (Fixture *f)
{
  g_signal_emit_by_name (f->window->begin, "clicked");
}

static char *
run_of (Fixture *f, const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static void
test_to_the_end (void)
{
  Fixture f = { 0 };
  g_autofree char *results = NULL;

  open_window (&f, "whole", TABLE ("[0, 1]", "\"syntheses\":2"));
  results = run_of (&f, "results.md");
  g_assert_cmpstr (gtk_button_get_icon_name (f.window->begin), ==, "media-playback-start-symbolic");
  g_assert_nonnull (find_text (GTK_WIDGET (f.window), "None of its runs has begun"));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (f.window->progress)));
  press (&f);
  g_assert_cmpstr (gtk_button_get_icon_name (f.window->begin), ==, "media-playback-stop-symbolic");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (f.window->progress)));
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (f.window->folder))); /* they would come to be in two */
  TURN_UNTIL (strstr (gtk_progress_bar_get_text (f.window->progress), "of 4 runs finished") != NULL);
  TURN_UNTIL (!workbench_experiment_runner_is_running (f.window->runner));
  TURN_UNTIL (find_text (GTK_WIDGET (f.window), "Steps: 4 runs are done") != NULL);
  g_assert_cmpuint (workbench_experiment_runner_get_standing (f.window->runner).finished, ==, 4);
  g_assert_cmpuint (f.window->awake, ==, 0);
  g_assert_cmpstr (gtk_button_get_icon_name (f.window->begin), ==, "media-playback-start-symbolic");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (f.window->progress)));
  TURN_UNTIL (find_text (GTK_WIDGET (f.window), "4 of 4 runs finished") != NULL);
  g_assert_true (g_file_test (results, G_FILE_TEST_EXISTS));
  close_all (&f);
}

static gboolean
has_made (const char *run, guint synthesis)
{
  g_autofree char *path = dfkd_history_path (run, DFKD_HISTORY_PICTURES, synthesis);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_stopped (void)
{
  Fixture f = { 0 };
  g_autofree char *first = NULL;
  guint left = 0;
  g_autoptr (DfkdRunSummary) before = NULL, after = NULL;

  open_window (&f, "stopped", TABLE ("[0]", "\"syntheses\":5000"));
  first = run_of (&f, "a-seed0");
  press (&f);
  TURN_UNTIL (has_made (first, 3));
  press (&f);
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (f.window->begin)));
  g_assert_nonnull (strstr (gtk_progress_bar_get_text (f.window->progress), "stopping"));
  TURN_UNTIL (!workbench_experiment_runner_is_running (f.window->runner));
  TURN_UNTIL (find_text (GTK_WIDGET (f.window), "Stopped: Start goes on") != NULL);
  g_assert_true (dfkd_run_can_resume (first));
  before = dfkd_run_summary_load (first, NULL);
  g_assert_nonnull (before);

  /* it goes on from there, and closing asks, whichever window is closed */
  press (&f);
  TURN_UNTIL (workbench_experiment_runner_get_standing (f.window->runner).runs == 2);
  TURN_UNTIL (has_made (first, before->syntheses + 2));
  gtk_window_close (GTK_WINDOW (f.window));
  TURN_UNTIL (find_dialog () != NULL);
  answer_dialog ("cancel");
  turn_for (300);
  g_assert_true (workbench_experiment_runner_is_running (f.window->runner));
  gtk_window_close (GTK_WINDOW (f.parent));
  TURN_UNTIL (find_dialog () != NULL);
  watch_end (f.parent, &left);
  answer_dialog ("stop");
  TURN_UNTIL (find_experiment_window () == NULL && left == 0); /* it goes too, as that was what was asked for */
  f.window = NULL;
  f.parent = NULL;
  TURN_UNTIL (!dfkd_run_is_written (first));
  after = dfkd_run_summary_load (first, NULL);
  g_assert_cmpuint (after->syntheses, >, before->syntheses);
  close_all (&f);
}

static void
set_device (Fixture *f, const char *id)
{
  g_free (f->window->device);
  f->window->device = g_strdup (id);
}

static void
test_failed (void)
{
  Fixture f = { 0 };

  open_window (&f, "failed", TABLE ("[0]", "\"syntheses\":2,\"teacher\":\"nowhere.safetensors\""));
  press (&f);
  TURN_UNTIL (!workbench_experiment_runner_is_running (f.window->runner));
  TURN_UNTIL (find_text (GTK_WIDGET (f.window), "2 runs failed, and Start tries them again") != NULL);
  g_assert_nonnull (find_text (GTK_WIDGET (f.window), "nowhere.safetensors"));
  g_assert_cmpuint (workbench_experiment_runner_get_standing (f.window->runner).failed, ==, 2);

  /* neither is there such a device, which is said once, nor is the file what it was */
  set_device (&f, "vulkan:99");
  press (&f);
  TURN_UNTIL (!workbench_experiment_runner_is_running (f.window->runner));
  TURN_UNTIL (find_text (GTK_WIDGET (f.window), "vulkan:99") != NULL);
  g_assert_cmpuint (workbench_experiment_runner_get_standing (f.window->runner).failed, ==, 0);
  set_device (&f, "cpu");
  g_assert_true (g_file_set_contents (f.file, "{", 1, NULL));
  press (&f);
  TURN_UNTIL (!workbench_experiment_runner_is_running (f.window->runner));
  TURN_UNTIL (find_text (GTK_WIDGET (f.window), "failed.json") != NULL);
  close_all (&f);
}

int
main (int argc, char **argv)
{
  int code;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  root = g_dir_make_tmp ("dfkd-runner-XXXXXX", NULL);
  g_chdir (root);
  g_test_add_func ("/experiment-runner/to-the-end", test_to_the_end);
  g_test_add_func ("/experiment-runner/stopped", test_stopped);
  g_test_add_func ("/experiment-runner/failed", test_failed);
  code = g_test_run ();
  g_chdir ("/");
  remove_folder (root);
  g_free (root);
  return code;
}
