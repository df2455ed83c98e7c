/* experiment-cell.c: everything about a cell is in its run folder, so that an experiment goes on after any interruption. */
#include "experiment-cell.h"

#include "atomic-file.h"
#include "errors.h"
#include "folder.h"
#include "run-log.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>

const char *
dfkd_cell_state_name (DfkdCellState state)
{
  static const char *const names[] = { "waiting", "begun", "dropped", "finished", "failed" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_CELL_FAILED + 1);

  return names[state];
}

void
dfkd_cell_result_clear (DfkdCellResult *result)
{
  g_clear_pointer (&result->summary, dfkd_run_summary_free);
  g_clear_pointer (&result->message, g_free);
}

char *
dfkd_cell_path (const DfkdExperiment *experiment, const char *folder, guint cell)
{
  return g_build_filename (folder, dfkd_experiment_cell (experiment, cell)->folder, NULL);
}

static gboolean
check_same (const char *path, const DfkdRecipe *recipe, GError **error)
{
  g_autoptr (DfkdRecipe) found = dfkd_run_recipe_load (path, error), located = dfkd_recipe_copy (recipe);

  if (found == NULL)
    return FALSE;
  dfkd_recipe_locate (found);
  dfkd_recipe_locate (located);
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (!dfkd_recipe_same (found, located, id))
      {
        g_autofree char *there = dfkd_recipe_get (found, id), *wanted = dfkd_recipe_get (located, id);

        g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                     _("%s holds a run with %s %s, not %s: the experiment was changed; rename this recipe, or take another --folder"),
                     path, dfkd_parameter (id)->name, there, wanted);
        return FALSE;
      }
  return TRUE;
}

gboolean
dfkd_cell_check (const DfkdExperiment *experiment, const char *folder, guint cell, GError **error)
{
  g_autofree char *path = dfkd_cell_path (experiment, folder, cell);
  g_autoptr (DfkdRecipe) recipe = dfkd_experiment_cell_recipe (experiment, cell);

  return !dfkd_run_is_folder (path) || check_same (path, recipe, error);
}

void
dfkd_cell_look (const DfkdExperiment *experiment, const char *folder, guint cell, DfkdCellResult *result)
{
  g_autofree char *path = dfkd_cell_path (experiment, folder, cell);
  g_autoptr (GError) problem = NULL;

  g_clear_pointer (&result->summary, dfkd_run_summary_free);
  if (!dfkd_cell_check (experiment, folder, cell, &problem))
    {
      g_free (result->message);
      result->message = g_strdup (problem->message);
      result->state = DFKD_CELL_FAILED;
      return;
    }
  result->summary = dfkd_run_summary_load (path, NULL);
  result->agreement = result->summary != NULL ? dfkd_cell_agreement (experiment, folder, cell, result->summary->syntheses) : (double) NAN;
  if (result->summary != NULL && result->summary->finished)
    {
      g_clear_pointer (&result->message, g_free);
      result->state = DFKD_CELL_FINISHED;
    }
  else if (result->state != DFKD_CELL_FAILED && result->state != DFKD_CELL_DROPPED)
    result->state = dfkd_run_is_folder (path) ? DFKD_CELL_BEGUN : DFKD_CELL_WAITING;
}

/* ------------------------------------------------------------------------------------------ before it runs */

gboolean
dfkd_cell_prepare (const char *path, const DfkdRecipe *recipe, gboolean *resume, GError **error)
{
  g_autofree char *saved = g_build_filename (path, "recipe.json", NULL);
  int claim;

  *resume = FALSE;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (dfkd_run_is_left_over (path))
    {
      dfkd_folder_remove (path);
      return TRUE;
    }
  if (!g_file_test (saved, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                   _("%s is in the way: it is not the folder of a run; move it, or take another --folder"), path);
      return FALSE;
    }
  if (!check_same (path, recipe, error))
    return FALSE;
  *resume = dfkd_run_can_go_on (path);
  if (*resume)
    return TRUE;
  claim = dfkd_run_lock (path, error);
  if (claim < 0)
    return FALSE;
  dfkd_folder_remove (path);
  g_close (claim, NULL);
  return TRUE;
}

static gboolean
is_finished_run_of (const char *path, const DfkdRecipe *recipe)
{
  return dfkd_run_is_folder (path) && dfkd_run_has_finished (path) && check_same (path, recipe, NULL);
}

char *
dfkd_cell_take (const char *path, const DfkdRecipe *recipe, const char *const *folders, GError **error)
{
  if (folders == NULL || g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autoptr (GDir) directory = g_dir_open (folders[i], 0, NULL);
      const char *name;

      while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
        {
          g_autofree char *run = g_build_filename (folders[i], name, NULL);

          if (is_finished_run_of (run, recipe))
            return dfkd_folder_copy (run, path, error) ? g_steal_pointer (&run) : NULL;
        }
    }
  return NULL;
}

/* -------------------------------------------------------------------------------------------------- scores */

enum {
  WINDOW = 10, /* syntheses, where an experiment says nothing of it */
};

typedef struct {
  guint syntheses;
  guint64 first, end; /* inner steps whose agreement counts */
  double accuracy, agreement;
  guint64 agreements;
} Score;

static void
add_scalar (const DfkdScalar *scalar, gpointer data)
{
  Score *score = data;

  if (scalar->series == DFKD_SERIES_AGREEMENT && scalar->step >= score->first && scalar->step < score->end)
    {
      score->agreement += scalar->value;
      score->agreements++;
    }
}

static void
add_event (const DfkdEvent *event, gpointer data)
{
  Score *score = data;

  if (event->kind == DFKD_EVENT_EVALUATION && event->synthesis == score->syntheses)
    score->accuracy = event->new_value;
}

/* FALSE: there is no log to read */
static gboolean
read_score (const DfkdExperiment *experiment, const char *folder, guint cell, guint syntheses, Score *score)
{
  static const DfkdTap tap = { add_scalar, add_event, NULL };
  const DfkdRecipe *recipe = dfkd_experiment_recipe (experiment, dfkd_experiment_cell (experiment, cell)->recipe)->recipe;
  const guint k = (guint) recipe->number[DFKD_PARAMETER_K], window = experiment->window > 0 ? experiment->window : WINDOW;
  g_autofree char *path = dfkd_cell_path (experiment, folder, cell), *log = g_build_filename (path, "events.jsonl", NULL);

  *score = (Score){ .syntheses = syntheses, .accuracy = (double) NAN, .end = (guint64) syntheses * k };
  score->first = score->end - (guint64) MIN (window, syntheses) * k;
  return dfkd_run_log_read (log, G_MAXUINT64, &tap, score, NULL, NULL, NULL);
}

/* all of them: fewer are those of a run that has not come so far */
static double
mean_agreement (const Score *score)
{
  return score->agreements == score->end - score->first && score->agreements > 0 ? score->agreement / (double) score->agreements : (double) NAN;
}

double
dfkd_cell_agreement (const DfkdExperiment *experiment, const char *folder, guint cell, guint syntheses)
{
  Score score;

  return read_score (experiment, folder, cell, syntheses, &score) ? mean_agreement (&score) : (double) NAN;
}

double
dfkd_cell_score (const DfkdExperiment *experiment, const char *folder, guint cell, guint syntheses)
{
  Score score;

  if (!read_score (experiment, folder, cell, syntheses, &score))
    return (double) NAN;
  return experiment->choose_by == DFKD_CHOOSE_BY_ACCURACY ? score.accuracy : mean_agreement (&score);
}
