/* run-table.c: columns for what differs, then for results. */
#include "run-table.h"

#include "terminal-columns.h"
#include "time-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* whether it has what its method brings along */
static gboolean
is_usual (const DfkdRecipe *recipe, DfkdParameterId id)
{
  g_autoptr (DfkdRecipe) usual = dfkd_recipe_new ();

  usual->number[DFKD_PARAMETER_METHOD] = recipe->number[DFKD_PARAMETER_METHOD];
  dfkd_recipe_take_method (usual);
  return dfkd_recipe_same (recipe, usual, id);
}

static gboolean
is_turned (const DfkdRunRow *row, DfkdParameterId id)
{
  return row->now != NULL && !dfkd_recipe_same (row->recipe, row->now, id);
}

/* "5 → 2" where it was turned */
static char *
value_text (const DfkdRunRow *row, DfkdParameterId id)
{
  g_autofree char *begun = dfkd_recipe_get_short (row->recipe, id), *now = is_turned (row, id) ? dfkd_recipe_get_short (row->now, id) : NULL;

  return now != NULL ? g_strconcat (begun, " → ", now, NULL) : g_steal_pointer (&begun);
}

/* What comes with their methods is said by those, and how many syntheses by how many of them are done. */
static gboolean
is_shown (const DfkdRunRow *rows, guint n, DfkdParameterId id)
{
  gboolean differ = FALSE, usual = id != DFKD_PARAMETER_METHOD;

  for (guint i = 0; i < n; i++)
    {
      differ = differ || is_turned (&rows[i], id) || !dfkd_recipe_same (rows[i].recipe, rows[0].recipe, id);
      usual = usual && !is_turned (&rows[i], id) && is_usual (rows[i].recipe, id);
    }
  return differ && !usual && id != DFKD_PARAMETER_SYNTHESES;
}

static char *
number (const char *format, double value)
{
  return isfinite (value) ? g_strdup_printf (format, value) : g_strdup ("–");
}

static void
add_results (GPtrArray *cells, const DfkdStatus *s)
{
  g_ptr_array_add (cells, g_strdup_printf ("%u/%u", s->synthesis, s->syntheses));
  g_ptr_array_add (cells, number ("%.2f", s->accuracy));
  g_ptr_array_add (cells, number ("%.2f", s->best_accuracy));
  g_ptr_array_add (cells, number ("%.2f", s->chosen_accuracy));
  g_ptr_array_add (cells, number ("%.1f", s->clocks.generate));
  g_ptr_array_add (cells, number ("%.1f", s->clocks.distil));
  g_ptr_array_add (cells, number ("%.1f", s->clocks.total));
}

static char **
take (GPtrArray *texts)
{
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

DfkdRunTable *
dfkd_run_table_new (const DfkdRunRow *rows, guint n)
{
  static const char *const results[]
      = { N_ ("Syntheses"), N_ ("Last (%)"), N_ ("Best on test (%)"), N_ ("Chosen without data (%)"), N_ ("Synthesise (s)"), N_ ("Distil (s)"), N_ ("Total (s)") };
  DfkdRunTable *table = g_new0 (DfkdRunTable, 1);
  GPtrArray *headings = g_ptr_array_new (), *cells = g_ptr_array_new ();
  const gboolean states = n > 0 && rows[0].state != NULL;
  gboolean shown[DFKD_N_PARAMETERS];

  g_ptr_array_add (headings, g_strdup (_("Run")));
  if (states)
    g_ptr_array_add (headings, g_strdup (_("State")));
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    if ((shown[id] = is_shown (rows, n, id)))
      g_ptr_array_add (headings, g_strdup (*dfkd_parameter (id)->symbol != '\0' ? dfkd_parameter (id)->symbol : _(dfkd_parameter (id)->label)));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_ptr_array_add (headings, g_strdup (_(results[i])));
  if (states)
    g_ptr_array_add (headings, g_strdup (_("Left")));
  for (guint row = 0; row < n; row++)
    {
      g_ptr_array_add (cells, g_strdup (rows[row].name));
      if (states)
        g_ptr_array_add (cells, g_strdup (rows[row].state));
      for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
        if (shown[id])
          g_ptr_array_add (cells, value_text (&rows[row], id));
      add_results (cells, rows[row].status);
      if (states)
        g_ptr_array_add (cells, dfkd_time_text (rows[row].status->seconds_left));
    }
  table->n_rows = n;
  table->n_columns = headings->len;
  table->headings = take (headings);
  table->cells = take (cells);
  return table;
}

void
dfkd_run_table_free (DfkdRunTable *table)
{
  g_strfreev (table->headings);
  g_strfreev (table->cells);
  g_free (table);
}

const char *
dfkd_run_table_get (const DfkdRunTable *table, guint row, guint column)
{
  g_return_val_if_fail (row < table->n_rows && column < table->n_columns, NULL);
  return table->cells[row * table->n_columns + column];
}

char *
dfkd_run_table_to_text (const DfkdRunTable *table)
{
  g_autofree char *headings = g_strjoinv ("\t", table->headings);
  GString *text = g_string_new (headings);

  for (guint row = 0; row < table->n_rows; row++)
    for (guint column = 0; column < table->n_columns; column++)
      g_string_append_printf (text, "%s%s", column == 0 ? "\n" : "\t", dfkd_run_table_get (table, row, column));
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

static void
pad (GString *text, guint width)
{
  while (width-- > 0)
    g_string_append_c (text, ' ');
}

char *
dfkd_run_table_to_lines (const DfkdRunTable *table)
{
  GString *text = g_string_new (NULL);
  g_autofree guint *widths = g_new0 (guint, table->n_columns);

  for (guint column = 0; column < table->n_columns; column++)
    {
      widths[column] = dfkd_terminal_columns (table->headings[column]);
      for (guint row = 0; row < table->n_rows; row++)
        widths[column] = MAX (widths[column], dfkd_terminal_columns (dfkd_run_table_get (table, row, column)));
    }
  for (guint line = 0; line <= table->n_rows; line++)
    {
      for (guint column = 0; column < table->n_columns; column++)
        {
          const char *cell = line == 0 ? table->headings[column] : dfkd_run_table_get (table, line - 1, column);

          if (column > 0) /* what follows the name stands at the right, as numbers do */
            pad (text, 2 + widths[column] - dfkd_terminal_columns (cell));
          g_string_append (text, cell);
          if (column == 0)
            pad (text, widths[column] - dfkd_terminal_columns (cell));
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
