/* workbench-run-table.c: columns for what differs, then for results. */
#include "workbench-run-table.h"

#include "workbench-differences.h"

#include <glib/gi18n.h>
#include <math.h>

/* with what is asked for now, and what came of it until now */
typedef struct {
  WorkbenchDocument *document;
  DfkdRecipe *recipe; /* owned */
} Run;

static void
clear_run (gpointer data)
{
  dfkd_recipe_free (((Run *) data)->recipe);
}

static gboolean
differs (const GArray *runs, DfkdParameterId id)
{
  g_autofree char *first = dfkd_recipe_get (g_array_index (runs, Run, 0).recipe, id);

  for (guint i = 1; i < runs->len; i++)
    {
      g_autofree char *value = dfkd_recipe_get (g_array_index (runs, Run, i).recipe, id);

      if (!g_str_equal (value, first))
        return TRUE;
    }
  return FALSE;
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

static GArray *
list_runs (WorkbenchDocument *own, const GPtrArray *others)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (Run));
  Run run = { own, workbench_dials_copy_recipe (workbench_document_get_dials (own)) };

  g_array_set_clear_func (runs, clear_run);
  g_array_append_val (runs, run);
  for (guint i = 0; i < others->len; i++)
    {
      run.document = g_ptr_array_index (others, i);
      run.recipe = dfkd_recipe_copy (workbench_document_get_recipe (run.document));
      g_array_append_val (runs, run);
    }
  return runs;
}

WorkbenchRunTable *
workbench_run_table_new (WorkbenchDocument *own, const GPtrArray *others)
{
  static const char *const results[]
      = { N_ ("Syntheses"), N_ ("Last (%)"), N_ ("Best on test (%)"), N_ ("Chosen without data (%)"), N_ ("Synthesise (s)"), N_ ("Distil (s)"), N_ ("Total (s)") };
  g_autoptr (GArray) runs = list_runs (own, others);
  WorkbenchRunTable *table = g_new0 (WorkbenchRunTable, 1);
  GPtrArray *headings = g_ptr_array_new (), *cells = g_ptr_array_new ();
  gboolean shown[DFKD_N_PARAMETERS];

  g_ptr_array_add (headings, g_strdup (_("Run")));
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    if ((shown[id] = differs (runs, id)))
      g_ptr_array_add (headings, g_strdup (*dfkd_parameter (id)->symbol != '\0' ? dfkd_parameter (id)->symbol : _(dfkd_parameter (id)->label)));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_ptr_array_add (headings, g_strdup (_(results[i])));
  for (guint row = 0; row < runs->len; row++)
    {
      const Run *run = &g_array_index (runs, Run, row);

      g_ptr_array_add (cells, g_strdup (workbench_document_get_title (run->document)));
      for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
        if (shown[id])
          g_ptr_array_add (cells, workbench_short_value (run->recipe, id));
      add_results (cells, workbench_document_get_status (run->document));
    }
  table->n_rows = runs->len;
  table->n_columns = headings->len;
  table->headings = take (headings);
  table->cells = take (cells);
  return table;
}

void
workbench_run_table_free (WorkbenchRunTable *table)
{
  g_strfreev (table->headings);
  g_strfreev (table->cells);
  g_free (table);
}

const char *
workbench_run_table_get (const WorkbenchRunTable *table, guint row, guint column)
{
  g_return_val_if_fail (row < table->n_rows && column < table->n_columns, NULL);
  return table->cells[row * table->n_columns + column];
}

char *
workbench_run_table_to_text (const WorkbenchRunTable *table)
{
  g_autofree char *headings = g_strjoinv ("\t", table->headings);
  GString *text = g_string_new (headings);

  for (guint row = 0; row < table->n_rows; row++)
    for (guint column = 0; column < table->n_columns; column++)
      g_string_append_printf (text, "%s%s", column == 0 ? "\n" : "\t", workbench_run_table_get (table, row, column));
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}
