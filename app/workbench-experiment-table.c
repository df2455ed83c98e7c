/* workbench-experiment-table.c: reading rows out of an experiment's results, and telling what is in them. */
#include "workbench-experiment-table.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct {
  char *name, *note;
  char **folders;
  double *values, *deviations;
  char **texts;
} Row;

struct _WorkbenchExperimentTable
{
  GObject parent_instance;

  char *name, *description, *state;
  GArray *columns; /* of WorkbenchExperimentColumn */
  GPtrArray *rows; /* of Row */
};

G_DEFINE_FINAL_TYPE (WorkbenchExperimentTable, workbench_experiment_table, G_TYPE_OBJECT)

static void
free_row (gpointer data)
{
  Row *row = data;

  g_free (row->name);
  g_free (row->note);
  g_strfreev (row->folders);
  g_strfreev (row->texts);
  g_free (row->values);
  g_free (row->deviations);
  g_free (row);
}

static WorkbenchExperimentColumn *
column_of (WorkbenchExperimentTable *self, guint column)
{
  return &g_array_index (self->columns, WorkbenchExperimentColumn, column);
}

static Row *
row_of (WorkbenchExperimentTable *self, guint row)
{
  return self->rows->pdata[row];
}

/* ---------------------------------------------------------------------------------------------------- rows */

static void
find_ranges (WorkbenchExperimentTable *self)
{
  for (guint c = 0; c < self->columns->len; c++)
    {
      WorkbenchExperimentColumn *column = column_of (self, c);

      column->minimum = column->maximum = (double) NAN;
      for (guint r = 0; r < self->rows->len; r++)
        {
          column->minimum = fmin (column->minimum, row_of (self, r)->values[c]); /* what is not known does not count */
          column->maximum = fmax (column->maximum, row_of (self, r)->values[c]);
        }
    }
}

/* the cells of a recipe, counted by how far they have come */
typedef struct {
  guint all, running, count[DFKD_CELL_FAILED + 1];
  GString *note;
  GPtrArray *finished, *begun; /* paths */
} Cells;

static void
count_cell (const DfkdExperimentResults *results, guint cell, Cells *cells)
{
  const DfkdCellResult *result = &results->cells[cell];
  char *path = dfkd_cell_path (results->experiment, results->folder, cell);
  gboolean running = (result->state == DFKD_CELL_BEGUN || result->state == DFKD_CELL_FAILED) && dfkd_run_is_written (path);

  cells->all++;
  cells->running += running;
  cells->count[result->state] += !running;
  if (result->state == DFKD_CELL_FAILED && !running && result->message != NULL)
    g_string_append_printf (cells->note, "%s%s: %s", cells->note->len > 0 ? "\n" : "", dfkd_experiment_cell (results->experiment, cell)->folder,
                            result->message);
  if (result->state == DFKD_CELL_FINISHED)
    g_ptr_array_add (cells->finished, path);
  else if (dfkd_run_is_folder (path))
    g_ptr_array_add (cells->begun, path);
  else
    g_free (path);
}

/* "2 of 3, 1 running" */
static char *
runs_text (const Cells *cells)
{
  const struct {
    guint count;
    const char *format;
  } parts[] = { { cells->running, _("%u running") },
                { cells->count[DFKD_CELL_WAITING], _("%u waiting") },
                { cells->count[DFKD_CELL_BEGUN], _("%u begun") },
                { cells->count[DFKD_CELL_DROPPED], _("%u dropped") },
                { cells->count[DFKD_CELL_FAILED], _("%u failed") } };
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _("%u of %u"), cells->count[DFKD_CELL_FINISHED], cells->all);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].count > 0)
      {
        g_string_append (text, ", ");
        g_string_append_printf (text, parts[i].format, parts[i].count);
      }
  return g_string_free (text, FALSE);
}

static void
fill_parameter (const WorkbenchExperimentColumn *column, const DfkdRecipe *recipe, double *value, char **text)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (column->categories == NULL)
    {
      *value = recipe->number[column->id];
      *text = g_strdup (g_ascii_formatd (number, sizeof number, column->whole ? "%.0f" : "%.4g", *value));
      return;
    }
  *text = workbench_category (recipe, column->id);
  for (guint i = 0; column->categories[i] != NULL; i++)
    if (g_str_equal (column->categories[i], *text))
      *value = i;
}

static Row *
new_row (WorkbenchExperimentTable *self, const DfkdExperimentResults *results, guint recipe, Cells *cells)
{
  Row *row = g_new0 (Row, 1);

  row->name = g_strdup (dfkd_experiment_recipe (results->experiment, recipe)->name);
  row->values = g_new0 (double, self->columns->len);
  row->deviations = g_new0 (double, self->columns->len);
  row->texts = g_new0 (char *, self->columns->len + 1);
  row->note = cells->note->len > 0 ? g_strdup (cells->note->str) : NULL;
  g_ptr_array_extend_and_steal (cells->finished, g_steal_pointer (&cells->begun));
  g_ptr_array_add (cells->finished, NULL);
  row->folders = (char **) g_ptr_array_free (g_steal_pointer (&cells->finished), FALSE);
  for (guint c = 0; c < self->columns->len; c++)
    {
      const WorkbenchExperimentColumn *column = column_of (self, c);

      row->deviations[c] = (double) NAN;
      if (column->kind == WORKBENCH_COLUMN_PARAMETER)
        fill_parameter (column, dfkd_experiment_recipe (results->experiment, recipe)->recipe, &row->values[c], &row->texts[c]);
      else if (column->kind == WORKBENCH_COLUMN_RUNS)
        {
          row->values[c] = cells->count[DFKD_CELL_FINISHED];
          row->texts[c] = runs_text (cells);
        }
      else
        {
          const DfkdMean mean = dfkd_experiment_mean (results, recipe, column->id);

          row->values[c] = mean.mean;
          row->deviations[c] = mean.deviation;
          row->texts[c] = dfkd_mean_text (&mean, dfkd_measures[column->id].digits);
        }
    }
  return row;
}

WorkbenchExperimentTable *
workbench_experiment_table_new (const DfkdExperimentResults *results)
{
  WorkbenchExperimentTable *self = g_object_new (WORKBENCH_TYPE_EXPERIMENT_TABLE, NULL);
  const DfkdExperiment *e = results->experiment;
  g_autofree Cells *cells = g_new0 (Cells, e->recipes->len);

  self->name = g_strdup (e->name);
  self->description = g_strdup (e->description);
  self->state = dfkd_experiment_state_text (results);
  self->columns = workbench_experiment_columns (e);
  for (guint i = 0; i < e->recipes->len; i++)
    cells[i] = (Cells){ .note = g_string_new (NULL), .finished = g_ptr_array_new (), .begun = g_ptr_array_new () };
  for (guint i = 0; i < e->cells->len; i++)
    count_cell (results, i, &cells[dfkd_experiment_cell (e, i)->recipe]);
  for (guint i = 0; i < e->recipes->len; i++)
    {
      g_ptr_array_add (self->rows, new_row (self, results, i, &cells[i]));
      g_string_free (cells[i].note, TRUE);
    }
  find_ranges (self);
  return self;
}

static void
workbench_experiment_table_finalize (GObject *object)
{
  WorkbenchExperimentTable *self = WORKBENCH_EXPERIMENT_TABLE (object);

  g_free (self->name);
  g_free (self->description);
  g_free (self->state);
  g_clear_pointer (&self->columns, g_array_unref);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (workbench_experiment_table_parent_class)->finalize (object);
}

static void
workbench_experiment_table_class_init (WorkbenchExperimentTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_experiment_table_finalize;
}

static void
workbench_experiment_table_init (WorkbenchExperimentTable *self)
{
  self->rows = g_ptr_array_new_with_free_func (free_row);
}

/* ------------------------------------------------------------------------------------------------- reading */

const char *
workbench_experiment_table_get_name (WorkbenchExperimentTable *self)
{
  return self->name;
}

const char *
workbench_experiment_table_get_description (WorkbenchExperimentTable *self)
{
  return self->description;
}

const char *
workbench_experiment_table_get_state (WorkbenchExperimentTable *self)
{
  return self->state;
}

guint
workbench_experiment_table_get_n_columns (WorkbenchExperimentTable *self)
{
  return self->columns->len;
}

const WorkbenchExperimentColumn *
workbench_experiment_table_get_column (WorkbenchExperimentTable *self, guint column)
{
  g_return_val_if_fail (column < self->columns->len, NULL);
  return column_of (self, column);
}

guint
workbench_experiment_table_find (WorkbenchExperimentTable *self, DfkdMeasure measure)
{
  for (guint c = 0; c < self->columns->len; c++)
    if (column_of (self, c)->kind == WORKBENCH_COLUMN_MEASURE && column_of (self, c)->id == measure)
      return c;
  return G_MAXUINT;
}

guint
workbench_experiment_table_get_n_rows (WorkbenchExperimentTable *self)
{
  return self->rows->len;
}

const char *
workbench_experiment_table_get_row_name (WorkbenchExperimentTable *self, guint row)
{
  return row_of (self, row)->name;
}

const char *
workbench_experiment_table_get_note (WorkbenchExperimentTable *self, guint row)
{
  return row_of (self, row)->note;
}

const char *const *
workbench_experiment_table_get_folders (WorkbenchExperimentTable *self, guint row)
{
  return (const char *const *) row_of (self, row)->folders;
}

double
workbench_experiment_table_get_value (WorkbenchExperimentTable *self, guint row, guint column)
{
  return row_of (self, row)->values[column];
}

const char *
workbench_experiment_table_get_text (WorkbenchExperimentTable *self, guint row, guint column)
{
  return row_of (self, row)->texts[column];
}

gboolean
workbench_experiment_table_is_best (WorkbenchExperimentTable *self, guint row, guint column)
{
  const WorkbenchExperimentColumn *c = column_of (self, column);

  /* where all are alike none is best, and neither is a single one */
  return c->better != 0 && c->minimum < c->maximum && row_of (self, row)->values[column] == (c->better > 0 ? c->maximum : c->minimum);
}

int
workbench_experiment_table_compare (WorkbenchExperimentTable *self, guint row, guint other, guint column)
{
  const double worst = column_of (self, column)->better > 0 ? -INFINITY : INFINITY;
  double a = row_of (self, row)->values[column], b = row_of (self, other)->values[column];

  a = isnan (a) ? worst : a;
  b = isnan (b) ? worst : b;
  return (a > b) - (a < b);
}

gboolean
workbench_experiment_table_same_shape (WorkbenchExperimentTable *self, WorkbenchExperimentTable *other)
{
  gboolean same = self->columns->len == other->columns->len && self->rows->len == other->rows->len;

  for (guint c = 0; same && c < self->columns->len; c++)
    same = column_of (self, c)->kind == column_of (other, c)->kind && column_of (self, c)->id == column_of (other, c)->id
           && (column_of (self, c)->categories == NULL) == (column_of (other, c)->categories == NULL)
           && (column_of (self, c)->categories == NULL
               || g_strv_equal ((const char *const *) column_of (self, c)->categories, (const char *const *) column_of (other, c)->categories));
  for (guint r = 0; same && r < self->rows->len; r++)
    same = g_str_equal (row_of (self, r)->name, row_of (other, r)->name);
  return same;
}

gboolean
workbench_experiment_table_equal (WorkbenchExperimentTable *self, WorkbenchExperimentTable *other)
{
  gboolean same = workbench_experiment_table_same_shape (self, other) && g_str_equal (self->name, other->name)
                  && g_str_equal (self->description, other->description) && g_str_equal (self->state, other->state);

  for (guint r = 0; same && r < self->rows->len; r++)
    {
      const Row *a = row_of (self, r), *b = row_of (other, r);

      same = g_strcmp0 (a->note, b->note) == 0 && g_strv_equal ((const char *const *) a->folders, (const char *const *) b->folders)
             && g_strv_equal ((const char *const *) a->texts, (const char *const *) b->texts);
    }
  return same;
}

void
workbench_experiment_table_write_csv (WorkbenchExperimentTable *self, GString *out)
{
  dfkd_csv_append (out, "recipe");
  for (guint c = 0; c < self->columns->len; c++)
    {
      const WorkbenchExperimentColumn *column = column_of (self, c);
      const char *name = column->kind == WORKBENCH_COLUMN_PARAMETER ? dfkd_parameter (column->id)->name
                         : column->kind == WORKBENCH_COLUMN_MEASURE ? dfkd_measures[column->id].name
                                                                    : "finished";
      g_autofree char *deviation = g_strconcat (name, "_deviation", NULL);

      dfkd_csv_append (out, name);
      if (column->kind == WORKBENCH_COLUMN_MEASURE)
        dfkd_csv_append (out, deviation);
    }
  g_string_append_c (out, '\n');
  for (guint r = 0; r < self->rows->len; r++)
    {
      const Row *row = row_of (self, r);

      dfkd_csv_append (out, row->name);
      for (guint c = 0; c < self->columns->len; c++)
        {
          const WorkbenchExperimentColumn *column = column_of (self, c);

          if (column->categories != NULL)
            dfkd_csv_append (out, column->categories[(guint) row->values[c]]);
          else
            dfkd_csv_append_number (out, row->values[c]);
          if (column->kind == WORKBENCH_COLUMN_MEASURE)
            dfkd_csv_append_number (out, row->deviations[c]);
        }
      g_string_append_c (out, '\n');
    }
}
