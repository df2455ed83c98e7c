/* workbench-experiment-columns.c: columns out of the parameter table and the measures; nothing here knows a parameter. */
#include "workbench-experiment-columns.h"

#include <glib/gi18n.h>
#include <math.h>

static void
clear_column (gpointer data)
{
  WorkbenchExperimentColumn *column = data;

  g_free (column->heading);
  g_free (column->title);
  g_free (column->detail);
  g_strfreev (column->categories);
}

char *
workbench_category (const DfkdRecipe *recipe, DfkdParameterId id)
{
  const DfkdParameter *p = dfkd_parameter (id);
  g_autofree char *text = dfkd_recipe_get (recipe, id);

  return *text == '\0' && p->empty != NULL ? g_strdup (_(p->empty)) : g_steal_pointer (&text);
}

/* what the recipes have, each once; choices in the order of the parameter table, texts as they come */
static char **
categories_of (const DfkdExperiment *e, DfkdParameterId id)
{
  const DfkdParameter *p = dfkd_parameter (id);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (p->type != DFKD_PARAMETER_CHOICE && p->type != DFKD_PARAMETER_TEXT)
    return NULL;
  for (guint i = 0; i < e->recipes->len; i++)
    {
      char *value = workbench_category (dfkd_experiment_recipe (e, i)->recipe, id);

      if (p->type == DFKD_PARAMETER_TEXT && !g_hash_table_contains (seen, value))
        g_strv_builder_add (builder, value);
      g_hash_table_add (seen, value);
    }
  for (guint i = 0; p->type == DFKD_PARAMETER_CHOICE && p->choices[i] != NULL; i++)
    if (g_hash_table_contains (seen, p->choices[i]))
      g_strv_builder_add (builder, p->choices[i]);
  return g_strv_builder_end (builder);
}

/* "k (steps)", "(steps)", "k" or "" */
static char *
symbol_and_unit (const DfkdParameter *p)
{
  g_autofree char *unit = *p->unit != '\0' ? g_strdup_printf ("(%s)", _(p->unit)) : g_strdup ("");

  return g_strconcat (p->symbol, *p->symbol != '\0' && *unit != '\0' ? " " : "", unit, NULL);
}

static void
add_parameter (GArray *columns, const DfkdExperiment *e, DfkdParameterId id)
{
  const DfkdParameter *p = dfkd_parameter (id);
  WorkbenchExperimentColumn column = { .kind = WORKBENCH_COLUMN_PARAMETER, .id = id, .logarithmic = p->logarithmic,
                                       .whole = p->type == DFKD_PARAMETER_INTEGER, .is_axis = TRUE };

  column.title = g_strdup (_(p->label));
  column.detail = symbol_and_unit (p);
  column.heading = *p->symbol != '\0' ? g_strdup (column.detail) : g_strconcat (column.title, *column.detail != '\0' ? " " : "", column.detail, NULL);
  column.categories = categories_of (e, id);
  column.minimum = column.maximum = (double) NAN;
  g_array_append_val (columns, column);
}

static void
add_runs (GArray *columns)
{
  WorkbenchExperimentColumn column = { .kind = WORKBENCH_COLUMN_RUNS, .whole = TRUE };

  column.heading = g_strdup (_("Runs"));
  column.title = g_strdup (column.heading);
  column.detail = g_strdup ("");
  column.minimum = column.maximum = (double) NAN;
  g_array_append_val (columns, column);
}

static void
add_measure (GArray *columns, DfkdMeasure measure)
{
  const gboolean time = measure == DFKD_MEASURE_GENERATE || measure == DFKD_MEASURE_TOTAL;
  WorkbenchExperimentColumn column = { .kind = WORKBENCH_COLUMN_MEASURE, .id = measure, .better = time ? -1 : 1,
                                       .is_axis = measure == DFKD_MEASURE_FINAL || measure == DFKD_MEASURE_GENERATE };

  column.heading = g_strdup (_(dfkd_measures[measure].label));
  column.title = g_strdup (time ? _("Time") : _("Accuracy"));
  column.detail = g_strdup (column.heading);
  column.minimum = column.maximum = (double) NAN;
  g_array_append_val (columns, column);
}

GArray *
workbench_experiment_columns (const DfkdExperiment *experiment)
{
  static const DfkdMeasure measures[] = { DFKD_MEASURE_FINAL, DFKD_MEASURE_BEST, DFKD_MEASURE_CHOSEN, DFKD_MEASURE_AGREEMENT, DFKD_MEASURE_GENERATE, DFKD_MEASURE_TOTAL };
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (WorkbenchExperimentColumn));

  g_array_set_clear_func (columns, clear_column);
  for (guint i = 0; i < experiment->varied->len; i++)
    add_parameter (columns, experiment, g_array_index (experiment->varied, DfkdParameterId, i));
  add_runs (columns);
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    add_measure (columns, measures[i]);
  return columns;
}
