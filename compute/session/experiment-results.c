/* experiment-results.c: means over seeds, and results.csv and results.md. */
#include "experiment-results-private.h"

#include "atomic-file.h"
#include "csv.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

const DfkdMeasureRecord dfkd_measures[DFKD_N_MEASURES] = {
  [DFKD_MEASURE_FINAL] = { "accuracy_final", N_ ("Final (%)"), 2 },
  [DFKD_MEASURE_BEST] = { "accuracy_best", N_ ("Best on test (%)"), 2 },
  [DFKD_MEASURE_CHOSEN] = { "accuracy_chosen", N_ ("Chosen without data (%)"), 2 },
  [DFKD_MEASURE_TEACHER] = { "accuracy_teacher", N_ ("Teacher (%)"), 2 },
  [DFKD_MEASURE_AGREEMENT] = { "agreement", N_ ("Agreement on new images (%)"), 2 },
  [DFKD_MEASURE_GENERATE] = { "seconds_generate", N_ ("Synthesise (s)"), 1 },
  [DFKD_MEASURE_DISTIL] = { "seconds_distil", N_ ("Distil (s)"), 1 },
  [DFKD_MEASURE_EVALUATE] = { "seconds_evaluate", N_ ("Evaluate (s)"), 1 },
  [DFKD_MEASURE_SHOW] = { "seconds_show", N_ ("Show (s)"), 1 },
  [DFKD_MEASURE_TOTAL] = { "seconds_total", N_ ("Total (s)"), 1 },
  [DFKD_MEASURE_IMAGES] = { "images", N_ ("Images"), 0 },
};

DfkdExperimentResults *
dfkd_experiment_results_new (const DfkdExperiment *experiment, const char *folder)
{
  DfkdExperimentResults *results = g_new0 (DfkdExperimentResults, 1);

  results->experiment = experiment;
  results->folder = g_strdup (folder);
  results->cells = g_new0 (DfkdCellResult, experiment->cells->len);
  results->sheets = g_ptr_array_new_full (experiment->recipes->len, g_free);
  g_ptr_array_set_size (results->sheets, (gint) experiment->recipes->len);
  for (guint i = 0; i < experiment->cells->len; i++)
    dfkd_cell_look (experiment, folder, i, &results->cells[i]);
  return results;
}

void
dfkd_experiment_results_free (DfkdExperimentResults *results)
{
  if (results == NULL)
    return;
  for (guint i = 0; i < results->experiment->cells->len; i++)
    dfkd_cell_result_clear (&results->cells[i]);
  g_free (results->cells);
  g_ptr_array_unref (results->sheets);
  g_free (results->folder);
  g_free (results);
}

double
dfkd_cell_measure (const DfkdCellResult *cell, DfkdMeasure measure)
{
  const DfkdRunSummary *s = cell->summary;

  if (s == NULL)
    return (double) NAN;
  switch (measure)
    {
    case DFKD_MEASURE_FINAL:
      return s->accuracy;
    case DFKD_MEASURE_BEST:
      return s->best_accuracy;
    case DFKD_MEASURE_CHOSEN:
      return s->chosen_accuracy;
    case DFKD_MEASURE_TEACHER:
      return s->teacher_accuracy;
    case DFKD_MEASURE_AGREEMENT:
      return cell->agreement;
    case DFKD_MEASURE_GENERATE:
      return s->clocks.generate;
    case DFKD_MEASURE_DISTIL:
      return s->clocks.distil;
    case DFKD_MEASURE_EVALUATE:
      return s->clocks.evaluate;
    case DFKD_MEASURE_SHOW:
      return s->clocks.show;
    case DFKD_MEASURE_TOTAL:
      return s->clocks.total;
    case DFKD_MEASURE_IMAGES:
      return (double) s->images;
    case DFKD_N_MEASURES:
      break;
    }
  return (double) NAN;
}

/* of the cells in @state; two passes, so that values that are nearly alike do not cancel out */
static DfkdMean
find_mean (const DfkdExperimentResults *results, guint recipe, DfkdMeasure measure, DfkdCellState state)
{
  DfkdMean mean = { 0.0, 0.0, 0 };

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < results->experiment->cells->len; i++)
        {
          const DfkdCellResult *cell = &results->cells[i];
          const double value = cell->state == state ? dfkd_cell_measure (cell, measure) : (double) NAN;

          if (dfkd_experiment_cell (results->experiment, i)->recipe != recipe || !isfinite (value))
            continue;
          if (pass == 0)
            {
              mean.mean += value;
              mean.n++;
            }
          else
            mean.deviation += (value - mean.mean) * (value - mean.mean);
        }
      if (pass == 0)
        mean.mean = mean.n > 0 ? mean.mean / mean.n : (double) NAN;
    }
  mean.deviation = mean.n > 1 ? sqrt (mean.deviation / (mean.n - 1)) : (double) NAN;
  return mean;
}

DfkdMean
dfkd_experiment_mean (const DfkdExperimentResults *results, guint recipe, DfkdMeasure measure)
{
  return find_mean (results, recipe, measure, DFKD_CELL_FINISHED);
}

char *
dfkd_measure_text (double value, guint digits)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];

  if (!isfinite (value))
    return g_strdup ("–");
  g_snprintf (format, sizeof format, "%%.%uf", digits);
  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}

char *
dfkd_mean_text (const DfkdMean *mean, guint digits)
{
  g_autofree char *value = dfkd_measure_text (mean->mean, digits), *deviation = dfkd_measure_text (mean->deviation, digits);

  return mean->n > 1 ? g_strdup_printf ("%s ± %s", value, deviation) : g_steal_pointer (&value);
}

char *
dfkd_experiment_state_text (const DfkdExperimentResults *results)
{
  guint count[DFKD_CELL_FAILED + 1] = { 0 };

  for (guint i = 0; i < results->experiment->cells->len; i++)
    count[results->cells[i].state]++;
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u of %u run finished, %u dropped, %u failed",
                                       "%u of %u runs finished, %u dropped, %u failed", results->experiment->cells->len),
                          count[DFKD_CELL_FINISHED], results->experiment->cells->len, count[DFKD_CELL_DROPPED], count[DFKD_CELL_FAILED]);
}

char *
dfkd_experiment_dropped_text (const DfkdExperimentResults *results, guint recipe)
{
  const DfkdMean mean = find_mean (results, recipe, DFKD_MEASURE_FINAL, DFKD_CELL_DROPPED);
  g_autofree char *accuracy = dfkd_mean_text (&mean, dfkd_measures[DFKD_MEASURE_FINAL].digits);
  const char *name = dfkd_experiment_recipe (results->experiment, recipe)->name;
  guint syntheses = 0;

  for (guint i = 0; i < results->experiment->cells->len; i++)
    if (dfkd_experiment_cell (results->experiment, i)->recipe == recipe && results->cells[i].state == DFKD_CELL_DROPPED
        && results->cells[i].summary != NULL)
      syntheses = MAX (syntheses, results->cells[i].summary->syntheses);
  if (syntheses == 0)
    return NULL;
  return mean.n == 0
             ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s: dropped after %u synthesis", "%s: dropped after %u syntheses", syntheses),
                                name, syntheses)
             : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s: dropped after %u synthesis, student %s %%",
                                             "%s: dropped after %u syntheses, student %s %%", syntheses),
                                name, syntheses, accuracy);
}

/* ----------------------------------------------------------------------------------------------------- CSV */

static char *
make_csv (const DfkdExperimentResults *results)
{
  const DfkdExperiment *e = results->experiment;
  GString *out = g_string_new (NULL);

  dfkd_csv_append (out, "recipe");
  for (guint i = 0; i < e->varied->len; i++)
    dfkd_csv_append (out, dfkd_parameter (g_array_index (e->varied, DfkdParameterId, i))->name);
  dfkd_csv_append (out, "seed");
  dfkd_csv_append (out, "state");
  dfkd_csv_append (out, "syntheses");
  for (guint m = 0; m < DFKD_N_MEASURES; m++)
    dfkd_csv_append (out, dfkd_measures[m].name);
  dfkd_csv_append (out, "folder");
  dfkd_csv_append (out, "message");
  g_string_append_c (out, '\n');
  for (guint i = 0; i < e->cells->len; i++)
    {
      const DfkdExperimentCell *cell = dfkd_experiment_cell (e, i);
      const DfkdExperimentRecipe *recipe = dfkd_experiment_recipe (e, cell->recipe);
      const DfkdCellResult *result = &results->cells[i];

      dfkd_csv_append (out, recipe->name);
      for (guint j = 0; j < e->varied->len; j++)
        {
          g_autofree char *value = dfkd_recipe_get (recipe->recipe, g_array_index (e->varied, DfkdParameterId, j));

          dfkd_csv_append (out, value);
        }
      dfkd_csv_append_number (out, cell->seed);
      dfkd_csv_append (out, dfkd_cell_state_name (result->state));
      dfkd_csv_append_number (out, result->summary != NULL ? result->summary->syntheses : 0);
      for (guint m = 0; m < DFKD_N_MEASURES; m++)
        dfkd_csv_append_number (out, dfkd_cell_measure (result, m));
      dfkd_csv_append (out, cell->folder);
      dfkd_csv_append (out, result->message != NULL ? result->message : "");
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

/* ------------------------------------------------------------------------------------------------ Markdown */

/* a cell of a table: bars would end it, and so would a new line; what makes it bold, code or HTML is escaped, too */
static void
append_cell (GString *out, const char *text)
{
  g_string_append (out, "| ");
  for (; *text != '\0'; text++)
    if (strchr ("|\\*`<", *text) != NULL)
      g_string_append_printf (out, "\\%c", *text);
    else
      g_string_append_c (out, *text == '\n' || *text == '\r' ? ' ' : *text);
  g_string_append_c (out, ' ');
}

static char *
make_markdown (const DfkdExperimentResults *results)
{
  const DfkdExperiment *e = results->experiment;
  g_autofree char *state = dfkd_experiment_state_text (results);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "# %s\n\n%s%s%s.\n%s\n\n", e->name, e->description, *e->description != '\0' ? "\n\n" : "", state,
                          _("Mean ± sample deviation over seeds; n is how many runs it is over."));
  append_cell (out, _("Recipe"));
  append_cell (out, "n");
  for (guint m = 0; m < DFKD_N_MEASURES; m++)
    append_cell (out, _(dfkd_measures[m].label));
  g_string_append (out, "|\n|---|--:");
  for (guint m = 0; m < DFKD_N_MEASURES; m++)
    g_string_append (out, "|--:");
  g_string_append (out, "|\n");
  for (guint i = 0; i < e->recipes->len; i++)
    {
      const DfkdMean runs = dfkd_experiment_mean (results, i, DFKD_MEASURE_IMAGES);
      g_autofree char *n = g_strdup_printf ("%u", runs.n);

      append_cell (out, dfkd_experiment_recipe (e, i)->name);
      append_cell (out, n);
      for (guint m = 0; m < DFKD_N_MEASURES; m++)
        {
          const DfkdMean mean = dfkd_experiment_mean (results, i, m);
          g_autofree char *text = dfkd_mean_text (&mean, dfkd_measures[m].digits);

          append_cell (out, text);
        }
      g_string_append (out, "|\n");
    }
  for (guint i = 0, first = 1; i < e->cells->len; i++)
    if (results->cells[i].state == DFKD_CELL_FAILED)
      {
        g_string_append_printf (out, "%s- %s: %s\n", first ? "\n" : "", dfkd_experiment_cell (e, i)->folder,
                                results->cells[i].message);
        first = 0;
      }
  for (guint i = 0, first = 1; i < e->recipes->len; i++)
    {
      g_autofree char *dropped = dfkd_experiment_dropped_text (results, i);

      if (dropped == NULL)
        continue;
      g_string_append_printf (out, "%s- %s\n", first ? "\n" : "", dropped);
      first = 0;
    }
  return g_string_free (out, FALSE);
}

/* --------------------------------------------------------------------------------------------------- files */

/* takes @text */
static gboolean
write_text (const DfkdExperimentResults *results, const char *name, char *text, GError **error)
{
  g_autofree char *path = g_build_filename (results->folder, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  dfkd_atomic_clean (path); /* one process at a time is here */
  return dfkd_atomic_write (path, &bytes, 1, error);
}

gboolean
dfkd_experiment_results_write (DfkdExperimentResults *results, GError **error)
{
  return write_text (results, "results.csv", make_csv (results), error)
         && write_text (results, "results.md", make_markdown (results), error)
         && write_text (results, "results.html", dfkd_experiment_page (results), error);
}
