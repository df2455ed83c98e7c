/* experiment.c: dfkd experiment: a table of runs from a file, one after another or some at a time, with progress and time left for all. */
#include "command.h"

#include <math.h>

enum {
  MOST_JOBS = 256,
};

static gboolean
on_watch (const DfkdExperimentProgress *progress, gpointer unused)
{
  const DfkdExperiment *experiment = progress->experiment;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < progress->n_active; i++)
    {
      const DfkdExperimentActive *active = &progress->active[i];
      const DfkdExperimentCell *cell = dfkd_experiment_cell (experiment, active->cell);

      g_string_append (text, i > 0 ? "; " : "");
      g_string_append_printf (text, _("run %u of %u"), active->cell + 1, experiment->cells->len);
      g_string_append_printf (text, ", %s, ", dfkd_experiment_recipe (experiment, cell->recipe)->name);
      g_string_append_printf (text, _("seed %u"), cell->seed);
      g_string_append_printf (text, ", %u/%u", active->status.synthesis, active->status.syntheses);
      if (isfinite (active->status.accuracy))
        g_string_append_printf (text, _(", accuracy %.2f %%"), active->status.accuracy);
    }
  dfkd_progress_show (progress->fraction, progress->seconds_left, text->str);
  return !dfkd_interrupts_seen ();
}

static void
on_ended (const DfkdExperiment *experiment, guint cell, const DfkdCellResult *result, gpointer failed)
{
  const char *folder = dfkd_experiment_cell (experiment, cell)->folder;

  dfkd_progress_end ();
  if (result->state == DFKD_CELL_FAILED)
    {
      *(guint *) failed += 1;
      g_printerr (_("%s failed: %s\n"), folder, result->message);
    }
  else if (isfinite (dfkd_cell_measure (result, DFKD_MEASURE_FINAL)))
    g_printerr (g_dngettext (GETTEXT_PACKAGE, "%s: %u synthesis, student %.2f %%\n", "%s: %u syntheses, student %.2f %%\n",
                             result->summary->syntheses),
                folder, result->summary->syntheses, dfkd_cell_measure (result, DFKD_MEASURE_FINAL));
  else if (result->summary != NULL)
    g_printerr (g_dngettext (GETTEXT_PACKAGE, "%s: %u synthesis\n", "%s: %u syntheses\n", result->summary->syntheses), folder,
                result->summary->syntheses);
}

static void
on_took (const DfkdExperiment *experiment, guint cell, const char *from, gpointer unused)
{
  dfkd_progress_end ();
  g_printerr (_("%s is a copy of the finished run in %s\n"), dfkd_experiment_cell (experiment, cell)->folder, from);
}

static void
list_cells (const DfkdExperiment *experiment, gboolean json)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < experiment->cells->len; i++)
    {
      const DfkdExperimentCell *cell = dfkd_experiment_cell (experiment, i);
      const char *recipe = dfkd_experiment_recipe (experiment, cell->recipe)->name;

      if (!json)
        g_print ("%s\t%s\t%u\n", cell->folder, recipe, cell->seed);
      json_builder_begin_object (builder);
      dfkd_json_text (builder, "folder", cell->folder);
      dfkd_json_text (builder, "recipe", recipe);
      dfkd_json_integer (builder, "seed", cell->seed);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (json)
    dfkd_json_print (builder);
}

/* what the results say, on the terminal: the Markdown table, or one JSON document */
static void
print_results (const DfkdExperiment *experiment, const char *folder, gboolean json)
{
  g_autofree char *path = g_build_filename (folder, "results.md", NULL), *table = NULL;
  g_autoptr (DfkdExperimentResults) results = NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!json)
    {
      if (g_file_get_contents (path, &table, NULL, NULL))
        g_print ("%s\n", table);
      g_print (_("results.csv, results.md and results.html are in %s\n"), folder);
      return;
    }
  results = dfkd_experiment_results_new (experiment, folder);
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", experiment->name);
  dfkd_json_text (builder, "folder", folder);
  json_builder_set_member_name (builder, "recipes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < experiment->recipes->len; i++)
    {
      const DfkdMean mean = dfkd_experiment_mean (results, i, DFKD_MEASURE_FINAL);
      const DfkdMean runs = dfkd_experiment_mean (results, i, DFKD_MEASURE_IMAGES);

      json_builder_begin_object (builder);
      dfkd_json_text (builder, "name", dfkd_experiment_recipe (experiment, i)->name);
      dfkd_json_integer (builder, "runs", runs.n);
      dfkd_json_number (builder, "accuracy", mean.mean);
      dfkd_json_number (builder, "deviation", mean.deviation);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  dfkd_json_print (builder);
}

static int
run (const char *file, const char *folder, int jobs, char **take_from, const DfkdCommonOptions *common, const DfkdExperiment *experiment)
{
  guint failed = 0;
  const DfkdExperimentOptions options = { .device = common->device,
                                          .threads = (guint) common->threads,
                                          .jobs = (guint) jobs,
                                          .take_from = (const char *const *) take_from,
                                          .watch = on_watch,
                                          .took = on_took,
                                          .ended = on_ended,
                                          .data = &failed };
  g_autoptr (GError) error = NULL;
  gboolean done;

  dfkd_interrupts_catch ();
  done = dfkd_experiment_run (experiment, file, folder, &options, &error);
  dfkd_progress_end ();
  if (g_error_matches (error, DFKD_ERROR, DFKD_ERROR_CANCELLED))
    {
      g_printerr (_("Stopped; the same command goes on where it stands. Results so far are in %s\n"), folder);
      return DFKD_EXIT_INTERRUPTED;
    }
  if (!done)
    return dfkd_command_fail (error);
  print_results (experiment, folder, common->json);
  if (failed > 0)
    g_printerr (g_dngettext (GETTEXT_PACKAGE, "%u run failed; the same command tries it again\n",
                             "%u runs failed; the same command tries them again\n", failed),
                failed);
  return failed > 0 ? DFKD_EXIT_FAILED : DFKD_EXIT_DONE;
}

int
dfkd_command_experiment (int argc, char **argv)
{
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autofree char *folder = NULL;
  g_auto (GStrv) take_from = NULL;
  gboolean list = FALSE;
  int jobs = 1;
  g_autoptr (DfkdExperiment) experiment = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "folder", 'o', 0, G_OPTION_ARG_FILENAME, &folder,
      _("folder for the runs and the results; without it experiments/ and the file's name"), "DIR" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, _("runs at a time; each has its share of the threads unless --threads gives it more"), "N" },
    { "take-from", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &take_from,
      _("copy a run from this folder of another experiment where it finished one of the same recipe and seed; may be given several times"), "DIR" },
    { "list", 0, 0, G_OPTION_ARG_NONE, &list, _("list the runs and do nothing: folder, recipe, seed"), NULL },
    { NULL },
  };

  if (!dfkd_command_parse (
          &argc, &argv, "experiment", "FILE",
          _("Runs a table of recipes and seeds, one after another or --jobs at a time, and keeps results.csv, results.md and results.html.\n"
             "The same command goes on after any interruption: finished runs are passed over, an unfinished one resumes.\n"
             "FILE is JSON: {\"name\", \"base\", \"parameters\", \"runs\", \"seeds\", \"sweep\"}; the README explains it."),
          entries, &common, NULL, 1))
    return DFKD_EXIT_USAGE;
  if (jobs < 1 || jobs > MOST_JOBS)
    {
      g_printerr (_("--jobs: expected a number from 1 to %d, not %d\n"), MOST_JOBS, jobs);
      return DFKD_EXIT_USAGE;
    }
  for (guint i = 0; take_from != NULL && take_from[i] != NULL; i++)
    if (!g_file_test (take_from[i], G_FILE_TEST_IS_DIR))
      {
        g_printerr (_("--take-from: expected a folder with runs, and %s is none\n"), take_from[i]);
        return DFKD_EXIT_USAGE;
      }
  experiment = dfkd_experiment_load (argv[1], &error);
  if (experiment == NULL)
    return dfkd_command_fail (error);
  if (list)
    {
      list_cells (experiment, common.json);
      return DFKD_EXIT_DONE;
    }
  if (folder == NULL)
    folder = dfkd_experiment_default_folder (argv[1]);
  return run (argv[1], folder, jobs, take_from, &common, experiment);
}
