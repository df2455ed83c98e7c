/* experiment-recall.c: how an experiment stands, for somebody who looks at it from outside while another program may run it. */
#include "experiment-results.h"

#include "csv.h"

/* the place of @name among the fields of @line, or -1 */
static int
find_field (char *const *line, const char *name)
{
  for (int i = 0; line[i] != NULL; i++)
    if (g_str_equal (line[i], name))
      return i;
  return -1;
}

static void
take_line (DfkdCellResult *result, const char *state, const char *message)
{
  if (result->state == DFKD_CELL_FINISHED || result->state == DFKD_CELL_FAILED)
    return;
  if (g_str_equal (state, dfkd_cell_state_name (DFKD_CELL_FAILED)))
    {
      result->state = DFKD_CELL_FAILED;
      result->message = g_utf8_make_valid (message, -1);
    }
  else if (g_str_equal (state, dfkd_cell_state_name (DFKD_CELL_DROPPED)) && result->state == DFKD_CELL_BEGUN)
    result->state = DFKD_CELL_DROPPED;
}

static gboolean
is_among (const gboolean *which, guint cell)
{
  return which == NULL || which[cell];
}

static void
recall (DfkdExperimentResults *results, const gboolean *which)
{
  g_autofree char *path = g_build_filename (results->folder, "results.csv", NULL), *text = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GHashTable) cells = g_hash_table_new (g_str_hash, g_str_equal);
  int state, folder, message;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = dfkd_csv_read (text);
  if (lines->len == 0)
    return;
  state = find_field (lines->pdata[0], "state");
  folder = find_field (lines->pdata[0], "folder");
  message = find_field (lines->pdata[0], "message");
  if (state < 0 || folder < 0 || message < 0)
    return;
  for (guint i = 0; i < results->experiment->cells->len; i++)
    if (is_among (which, i))
      g_hash_table_insert (cells, dfkd_experiment_cell (results->experiment, i)->folder, &results->cells[i]);
  for (guint i = 1; i < lines->len; i++)
    {
      char *const *line = lines->pdata[i];
      const int n = (int) g_strv_length ((char **) line);
      DfkdCellResult *result = folder < n ? g_hash_table_lookup (cells, line[folder]) : NULL;

      if (result != NULL && state < n && message < n)
        take_line (result, line[state], line[message]);
    }
}

void
dfkd_experiment_results_refresh (DfkdExperimentResults *results, const gboolean *which)
{
  for (guint i = 0; i < results->experiment->cells->len; i++)
    {
      DfkdCellResult *result = &results->cells[i];
      g_autofree char *path = dfkd_cell_path (results->experiment, results->folder, i);

      if (!is_among (which, i) || (result->state == DFKD_CELL_FINISHED && dfkd_run_is_folder (path)))
        continue;
      dfkd_cell_result_clear (result);
      result->state = DFKD_CELL_WAITING;
      dfkd_cell_look (results->experiment, results->folder, i, result);
    }
  recall (results, which);
}
