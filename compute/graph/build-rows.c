/* build-rows.c: rows of matrices as vectors, and vectors as the rows of a matrix. */
#include "build.h"

DfkdValue
dfkd_reshape (DfkdGraph *g, DfkdValue x, DfkdShape shape)
{
  return dfkd_graph_node (g, DFKD_OP_RESHAPE, 1, &x, &(DfkdAttributes){ .fill = { .shape = shape } });
}

/* where @x is a stack, the vector that became its row @index */
static DfkdValue
row_of_stack (DfkdGraph *g, DfkdValue x, gsize index)
{
  DfkdShape shape = *dfkd_graph_shape (g, x);
  const DfkdNode *node = dfkd_graph_get (g, x);

  if (node->op != DFKD_OP_RESHAPE)
    return DFKD_NONE;
  node = dfkd_graph_get (g, node->input[0]);
  for (gsize row = shape.dim[0] - 1; row > 0; row--)
    {
      if (node->op != DFKD_OP_CONCATENATE || dfkd_shape_count (dfkd_graph_shape (g, node->input[1])) != shape.dim[1])
        return DFKD_NONE;
      node = dfkd_graph_get (g, node->input[row == index ? 1 : 0]);
      if (row == index)
        break;
    }
  return node->op == DFKD_OP_RESHAPE && dfkd_graph_shape (g, node->input[0])->rank == 1
                 && dfkd_shape_count (&node->shape) == shape.dim[1]
             ? node->input[0]
             : DFKD_NONE;
}

DfkdValue
dfkd_row (DfkdGraph *g, DfkdValue x, gsize index)
{
  DfkdShape shape;
  DfkdValue row;

  if (x == DFKD_NONE)
    return DFKD_NONE;
  shape = *dfkd_graph_shape (g, x);
  if (shape.rank != 2 || index >= shape.dim[0])
    return dfkd_graph_fail (g, "row %zu: expected a matrix of more rows", index);
  row = row_of_stack (g, x, index);
  if (row != DFKD_NONE)
    return row;
  x = dfkd_reshape (g, x, dfkd_shape (1, shape.dim[0] * shape.dim[1], 0, 0));
  x = dfkd_crop (g, x, index * shape.dim[1], 0, 0, dfkd_shape (1, shape.dim[1], 0, 0));
  return dfkd_reshape (g, x, dfkd_shape (shape.dim[1], 0, 0, 0));
}

DfkdValue
dfkd_stack (DfkdGraph *g, const DfkdValue *rows, gsize count)
{
  DfkdValue all = DFKD_NONE;
  gsize columns = 0;

  for (gsize i = 0; i < count; i++)
    {
      DfkdValue row;

      if (rows[i] == DFKD_NONE)
        return DFKD_NONE;
      columns = dfkd_shape_count (dfkd_graph_shape (g, rows[i]));
      row = dfkd_reshape (g, rows[i], dfkd_shape (1, columns, 0, 0));
      all = i == 0 ? row : dfkd_concatenate (g, all, row);
    }
  return dfkd_reshape (g, all, dfkd_shape (count, columns, 0, 0));
}
