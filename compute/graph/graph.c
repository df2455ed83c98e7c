/* graph.c: building a step graph. */
#include "graph-private.h"

#include "errors.h"
#include "op-rules-private.h"

DfkdGraph *
dfkd_graph_new (const char *name)
{
  DfkdGraph *graph = g_new0 (DfkdGraph, 1);
  DfkdNode none = { 0 };

  graph->name = g_strdup (name);
  graph->nodes = g_array_new (FALSE, TRUE, sizeof (DfkdNode));
  g_array_append_val (graph->nodes, none);
  graph->dials = g_ptr_array_new_with_free_func (g_free);
  graph->substitutes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  graph->regions = g_ptr_array_new_with_free_func (g_free);
  graph->reads = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (graph->regions, g_strdup (""));
  return graph;
}

void
dfkd_graph_free (DfkdGraph *graph)
{
  if (graph == NULL)
    return;
  g_free (graph->name);
  g_array_unref (graph->nodes);
  g_ptr_array_unref (graph->dials);
  g_hash_table_unref (graph->substitutes);
  g_ptr_array_unref (graph->regions);
  g_ptr_array_unref (graph->reads);
  g_clear_error (&graph->error);
  g_free (graph);
}

const char *
dfkd_graph_get_name (const DfkdGraph *graph)
{
  return graph->name;
}

DfkdValue
dfkd_graph_fail (DfkdGraph *graph, const char *format, ...)
{
  if (graph->error == NULL)
    {
      g_autofree char *text = NULL;
      va_list arguments;

      va_start (arguments, format);
      text = g_strdup_vprintf (format, arguments);
      va_end (arguments);
      graph->error = g_error_new (DFKD_ERROR, DFKD_ERROR_SHAPE, "%s: %s", graph->name, text);
    }
  return DFKD_NONE;
}

gboolean
dfkd_graph_check (const DfkdGraph *graph, GError **error)
{
  if (graph->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (graph->error);
  return FALSE;
}

static DfkdValue
append (DfkdGraph *graph, DfkdNode *node)
{
  node->region = graph->region;
  g_array_append_val (graph->nodes, *node);
  return graph->nodes->len - 1;
}

DfkdValue
dfkd_graph_node (DfkdGraph *graph, DfkdOp op, guint n_inputs, const DfkdValue *inputs, const DfkdAttributes *attributes)
{
  const DfkdOpRecord *record = dfkd_op (op);
  DfkdNode node = { .op = op, .n_inputs = n_inputs };

  if (graph->error != NULL)
    return DFKD_NONE;
  if (n_inputs < record->fewest || n_inputs > record->most)
    return dfkd_graph_fail (graph, "%s takes %u to %u inputs, not %u", record->name, record->fewest, record->most,
                            n_inputs);
  for (guint i = 0; i < n_inputs; i++)
    {
      g_return_val_if_fail (inputs[i] < graph->nodes->len, DFKD_NONE);
      if (inputs[i] != DFKD_NONE && dfkd_graph_get (graph, inputs[i])->shape.rank == 0)
        return dfkd_graph_fail (graph, "%s: input %u has no result", record->name, i + 1);
      if (i < record->writes && dfkd_graph_get (graph, inputs[i])->op != DFKD_OP_VARIABLE)
        return dfkd_graph_fail (graph, "%s: input %u must be a variable", record->name, i + 1);
      node.input[i] = inputs[i];
    }
  if (attributes != NULL)
    node.attributes = *attributes;
  if (!dfkd_op_infer_shape (graph, &node))
    return DFKD_NONE;
  if (node.shape.rank > 0 && !dfkd_shape_check (&node.shape))
    return dfkd_graph_fail (graph, "%s: the result has no elements or too many", record->name);
  return append (graph, &node);
}

static DfkdValue
find_source (DfkdGraph *graph, const DfkdNode *wanted)
{
  for (guint i = 1; i < graph->nodes->len; i++)
    {
      const DfkdNode *node = dfkd_graph_get (graph, i);

      if (node->op == wanted->op && node->block == wanted->block && node->offset == wanted->offset
          && dfkd_shape_equal (&node->shape, &wanted->shape))
        return i;
    }
  return append (graph, &(DfkdNode){ .op = wanted->op, .block = wanted->block, .offset = wanted->offset,
                                     .shape = wanted->shape });
}

DfkdValue
dfkd_graph_variable (DfkdGraph *graph, DfkdBlock *block, guint index)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);

  return find_source (graph, &(DfkdNode){ .op = DFKD_OP_VARIABLE, .block = block, .offset = variable->offset,
                                          .shape = variable->shape });
}

DfkdValue
dfkd_graph_block (DfkdGraph *graph, DfkdBlock *block)
{
  return find_source (graph, &(DfkdNode){ .op = DFKD_OP_VARIABLE, .block = block,
                                          .shape = dfkd_shape (block->bytes / sizeof (float), 0, 0, 0) });
}

static DfkdValue
dial (DfkdGraph *graph, const char *name, DfkdShape shape)
{
  guint index;

  if (!g_ptr_array_find_with_equal_func (graph->dials, name, g_str_equal, &index))
    {
      index = graph->dials->len;
      g_ptr_array_add (graph->dials, g_strdup (name));
    }
  return find_source (graph, &(DfkdNode){ .op = DFKD_OP_DIAL, .offset = index, .shape = shape });
}

DfkdValue
dfkd_graph_dial (DfkdGraph *graph, const char *name)
{
  gpointer substitute;

  if (g_hash_table_lookup_extended (graph->substitutes, name, NULL, &substitute))
    return GPOINTER_TO_UINT (substitute);
  return dial (graph, name, dfkd_shape (1, 0, 0, 0));
}

void
dfkd_graph_substitute (DfkdGraph *graph, const char *name, DfkdValue value)
{
  g_hash_table_insert (graph->substitutes, g_strdup (name), GUINT_TO_POINTER (value));
}

DfkdValue
dfkd_graph_counter (DfkdGraph *graph, const char *name)
{
  return dial (graph, name, dfkd_shape_of_type (DFKD_I32, 4, 0, 0, 0));
}

void
dfkd_graph_begin_region (DfkdGraph *graph, const char *name)
{
  if (!g_ptr_array_find_with_equal_func (graph->regions, name, g_str_equal, &graph->region))
    {
      graph->region = graph->regions->len;
      g_ptr_array_add (graph->regions, g_strdup (name));
    }
}

guint
dfkd_graph_add_read (DfkdGraph *graph, const char *name)
{
  g_ptr_array_add (graph->reads, g_strdup (name));
  return graph->reads->len - 1;
}

guint
dfkd_graph_length (const DfkdGraph *graph)
{
  return graph->nodes->len - 1;
}

const DfkdNode *
dfkd_graph_get (const DfkdGraph *graph, DfkdValue value)
{
  return &g_array_index (graph->nodes, DfkdNode, value);
}

const DfkdShape *
dfkd_graph_shape (const DfkdGraph *graph, DfkdValue value)
{
  return &dfkd_graph_get (graph, value)->shape;
}

guint
dfkd_graph_dial_count (const DfkdGraph *graph)
{
  return graph->dials->len;
}

const char *
dfkd_graph_dial_name (const DfkdGraph *graph, guint index)
{
  return g_ptr_array_index (graph->dials, index);
}

guint
dfkd_graph_region_count (const DfkdGraph *graph)
{
  return graph->regions->len;
}

const char *
dfkd_graph_region_name (const DfkdGraph *graph, guint region)
{
  return g_ptr_array_index (graph->regions, region);
}

guint
dfkd_graph_read_count (const DfkdGraph *graph)
{
  return graph->reads->len;
}

const char *
dfkd_graph_read_name (const DfkdGraph *graph, guint index)
{
  return g_ptr_array_index (graph->reads, index);
}
