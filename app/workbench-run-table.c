/* workbench-run-table.c: what runs began with and were turned to, and what came of it until now. */
#include "workbench-run-table.h"

DfkdRunTable *
workbench_run_table_new (WorkbenchDocument *own, const GPtrArray *others)
{
  g_autofree DfkdRunRow *rows = g_new0 (DfkdRunRow, others->len + 1);

  for (guint i = 0; i <= others->len; i++)
    {
      WorkbenchDocument *document = i == 0 ? own : g_ptr_array_index (others, i - 1);

      const gboolean twice = i > 0 && g_str_equal (workbench_document_get_name (document), workbench_document_get_name (own));

      if (twice)
        rows[0].name = workbench_document_get_title (own);
      rows[i] = (DfkdRunRow){ .name = twice ? workbench_document_get_title (document) : workbench_document_get_name (document),
                              .recipe = workbench_document_get_recipe (document),
                              .now = workbench_document_get_present (document),
                              .status = workbench_document_get_status (document) };
    }
  return dfkd_run_table_new (rows, others->len + 1);
}
