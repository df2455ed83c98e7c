/* pretended-runs.c: a run folder without a run. */
#include "pretended-runs.h"

#include <glib/gstdio.h>

DfkdExperiment *
read_experiment (const char *json, const char *folder)
{
  g_autoptr (GError) error = NULL;
  DfkdExperiment *experiment = dfkd_experiment_from_json (json, -1, "table.json", folder, &error);

  g_assert_no_error (error);
  return experiment;
}

void
pretend_run (const DfkdExperiment *experiment, const char *folder, guint cell, const char *accuracy, double generate)
{
  g_autofree char *run = dfkd_cell_path (experiment, folder, cell), *recipe_path = g_build_filename (run, "recipe.json", NULL);
  g_autofree char *log = g_build_filename (run, "events.jsonl", NULL), *summary = g_build_filename (run, "summary.json", NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"accuracy\":{\"final\":%s,\"best\":90,\"chosen\":70,\"teacher\":92.85},\"seconds\":{\"generate\":%.6g,"
      "\"distil\":2,\"evaluate\":3,\"show\":0,\"total\":6.5},\"finished\":true,\"syntheses\":60,\"images\":480}",
      accuracy, generate);
  g_autoptr (DfkdRecipe) recipe = dfkd_experiment_cell_recipe (experiment, cell);

  g_assert_cmpint (g_mkdir (run, 0755), ==, 0);
  g_assert_true (dfkd_recipe_save (recipe, recipe_path, NULL));
  g_assert_true (g_file_set_contents (log, "", -1, NULL));
  g_assert_true (g_file_set_contents (summary, text, -1, NULL));
}
