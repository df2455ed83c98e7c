/* workbench-run-table.c: what is asked for now, and what came of it until now. */
#include "workbench-run-table.h"

DfkdRunTable *
workbench_run_table_new (WorkbenchDocument *own, const GPtrArray *others)
{
  g_autofree DfkdRunRow *rows = g_new0 (DfkdRunRow, others->len + 1);
  g_autoptr (DfkdRecipe) turned = workbench_dials_copy_recipe (workbench_document_get_dials (own));

  for (guint i = 0; i <= others->len; i++)
    {
      WorkbenchDocument *document = i == 0 ? own : g_ptr_array_index (others, i - 1);

      rows[i] = (DfkdRunRow){ .name = workbench_document_get_title (document),
                              .recipe = i == 0 ? turned : workbench_document_get_recipe (document),
                              .status = workbench_document_get_status (document) };
    }
  return dfkd_run_table_new (rows, others->len + 1);
}
