/* run-table.h: in what several runs differ and what came of each, a row for a run: to read beside each other, or to paste elsewhere. */
#pragma once

#include "channel.h"
#include "recipe.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  const DfkdRecipe *recipe, *now; /* that it began with; (nullable): as its dials stand, where they were turned */
  const DfkdStatus *status;
  const char *state; /* (nullable): for people, translated; there is a column for it if the first row has one, and then one for the time left */
} DfkdRunRow;

typedef struct {
  guint n_rows, n_columns;
  char **headings; /* [n_columns]: a run, the parameters in which they differ, but for what comes with their methods, results; translated */
  char **cells;    /* [n_rows, n_columns] */
} DfkdRunTable;

/** dfkd_run_table_new: of @n rows, each as far as it has come. What is not known is "–". Returns: (transfer full) */
DfkdRunTable *dfkd_run_table_new (const DfkdRunRow *rows, guint n);
void dfkd_run_table_free (DfkdRunTable *table);
const char *dfkd_run_table_get (const DfkdRunTable *table, guint row, guint column);
/** dfkd_run_table_to_text: lines of fields with tabs between them, as spreadsheets take them. Returns: (transfer full) */
char *dfkd_run_table_to_text (const DfkdRunTable *table);
/** dfkd_run_table_to_lines: the same for a terminal, every column as wide as it needs. Returns: (transfer full) */
char *dfkd_run_table_to_lines (const DfkdRunTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdRunTable, dfkd_run_table_free)

G_END_DECLS
