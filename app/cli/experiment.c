/* experiment.c: dfkd experiment: a table of runs from a file, one after another or some at a time, with progress and time left for all. */
#include "command.h"

#include <math.h>

enum {
  MOST_JOBS = 256,
  MOST_PARTS = 10000,
  NOT_GIVEN = G_MAXINT,
};

typedef struct {
  char *folder, *part;
  char **take_from;
  gboolean list;
  int jobs; /* NOT_GIVEN: one on each device */
} Options;

static void
options_clear (Options *o)
{
  g_free (o->folder);
  g_free (o->part);
  g_strfreev (o->take_from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

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
      if (active->status.syntheses > 0) /* it has begun */
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
      const DfkdMean runs = dfkd_experiment_mean (results, i, DFKD_MEASURE_IMAGES), agreement = dfkd_experiment_mean (results, i, DFKD_MEASURE_AGREEMENT);

      json_builder_begin_object (builder);
      dfkd_json_text (builder, "name", dfkd_experiment_recipe (experiment, i)->name);
      dfkd_json_integer (builder, "runs", runs.n);
      dfkd_json_number (builder, "accuracy", mean.mean);
      dfkd_json_number (builder, "deviation", mean.deviation);
      dfkd_json_number (builder, "agreement", agreement.mean);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  dfkd_json_print (builder);
}

/* in front of what is wrong with an option */
static void
name_command (void)
{
  g_printerr ("%s: ", g_get_prgname ());
}

/* "2/8": @part and @parts; both 0 where there is none */
static gboolean
parse_part (const char *text, guint *part, guint *parts)
{
  g_auto (GStrv) numbers = text != NULL ? g_strsplit (text, "/", 3) : NULL;
  guint64 value[2];

  *part = *parts = 0;
  if (text == NULL)
    return TRUE;
  if (g_strv_length (numbers) != 2 || !g_ascii_string_to_unsigned (numbers[1], 10, 1, MOST_PARTS, &value[1], NULL)
      || !g_ascii_string_to_unsigned (numbers[0], 10, 1, value[1], &value[0], NULL))
    {
      name_command ();
      g_printerr (_("--part: expected which of how many, like 2/8, with at most %d of them, not %s\n"), MOST_PARTS, text);
      return FALSE;
    }
  *part = (guint) value[0];
  *parts = (guint) value[1];
  return TRUE;
}

/* FALSE after a message */
static gboolean
check_options (const Options *o, const char *const *devices)
{
  if (o->jobs != NOT_GIVEN && (o->jobs < 1 || o->jobs > MOST_JOBS))
    {
      name_command ();
      g_printerr (_("--jobs: expected a number from 1 to %d, not %d\n"), MOST_JOBS, o->jobs);
      return FALSE;
    }
  for (guint i = 0; devices != NULL && devices[i] != NULL; i++)
    if (*devices[i] == '\0')
      {
        name_command ();
        g_printerr (_("--device: expected names with a comma between two, like vulkan:0,vulkan:1\n"));
        return FALSE;
      }
  for (guint i = 0; o->take_from != NULL && o->take_from[i] != NULL; i++)
    if (!g_file_test (o->take_from[i], G_FILE_TEST_IS_DIR))
      {
        name_command ();
        g_printerr (_("--take-from: expected a folder with runs, and %s is none\n"), o->take_from[i]);
        return FALSE;
      }
  return TRUE;
}

/* One that is not there would fail each run that it gets, and get most of them, as it is free again at once. */
static gboolean
check_devices (const char *const *devices, GError **error)
{
  for (guint i = 0; devices != NULL && devices[i] != NULL; i++)
    {
      g_autoptr (DfkdDevice) device = dfkd_device_open (devices[i], 1, error);

      if (device == NULL)
        return FALSE;
    }
  return TRUE;
}

static int
run (const char *file, const DfkdExperimentOptions *given, const char *folder, gboolean json, const DfkdExperiment *experiment)
{
  guint failed = 0;
  DfkdExperimentOptions options = *given;
  g_autoptr (GError) error = NULL;
  gboolean done;

  options.watch = on_watch;
  options.took = on_took;
  options.ended = on_ended;
  options.data = &failed;
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
  print_results (experiment, folder, json);
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
  g_auto (Options) o = { .jobs = NOT_GIVEN };
  g_auto (GStrv) devices = NULL;
  DfkdExperimentOptions options = { 0 };
  g_autoptr (DfkdExperiment) experiment = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "folder", 'o', 0, G_OPTION_ARG_FILENAME, &o.folder,
      _("folder for the runs and the results; without it experiments/ and the file's name"), "DIR" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &o.jobs,
      _("runs at a time, one on each device unless given; each has its share of the threads unless --threads gives it more"), "N" },
    { "part", 0, 0, G_OPTION_ARG_STRING, &o.part,
      _("do the I-th of N parts of the runs: as many processes, also on several machines with one folder, share an experiment"), "I/N" },
    { "take-from", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.take_from,
      _("copy a run from this folder of another experiment where it finished one of the same recipe and seed; may be given several times"), "DIR" },
    { "list", 0, 0, G_OPTION_ARG_NONE, &o.list, _("list the runs and do nothing: folder, recipe, seed"), NULL },
    { NULL },
  };

  if (!dfkd_command_parse (
          &argc, &argv, "experiment", "FILE",
          _("Runs a table of recipes and seeds, one after another or --jobs at a time, and keeps results.csv, results.md and results.html.\n"
             "The same command goes on after any interruption: finished runs are passed over, an unfinished one resumes.\n"
             "--device may name several with a comma between two: runs are shared out among them.\n"
             "FILE is JSON: {\"name\", \"base\", \"parameters\", \"runs\", \"seeds\", \"sweep\"}; the README explains it."),
          entries, &common, NULL, 1))
    return DFKD_EXIT_USAGE;
  devices = common.device != NULL ? g_strsplit (common.device, ",", -1) : NULL;
  if (!check_options (&o, (const char *const *) devices) || !parse_part (o.part, &options.part, &options.parts))
    return DFKD_EXIT_USAGE;
  experiment = dfkd_experiment_load (argv[1], &error);
  if (experiment == NULL)
    return dfkd_command_fail (error);
  if (o.list)
    {
      list_cells (experiment, common.json);
      return DFKD_EXIT_DONE;
    }
  if (!check_devices ((const char *const *) devices, &error))
    return dfkd_command_fail (error);
  if (o.folder == NULL)
    o.folder = dfkd_experiment_default_folder (argv[1]);
  options.devices = (const char *const *) devices;
  options.threads = (guint) common.threads;
  options.jobs = o.jobs != NOT_GIVEN ? (guint) o.jobs : 0;
  options.take_from = (const char *const *) o.take_from;
  return run (argv[1], &options, o.folder, common.json, experiment);
}
