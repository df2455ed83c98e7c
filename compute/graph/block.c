/* block.c: layout of the variables of a block. */
#include "block.h"

static void
clear_variable (gpointer data)
{
  DfkdVariable *variable = data;

  g_free (variable->name);
}

DfkdBlock *
dfkd_block_new (const char *name)
{
  DfkdBlock *block = g_new0 (DfkdBlock, 1);

  block->name = g_strdup (name);
  block->variables = g_array_new (FALSE, FALSE, sizeof (DfkdVariable));
  g_array_set_clear_func (block->variables, clear_variable);
  return block;
}

void
dfkd_block_free (DfkdBlock *block)
{
  if (block == NULL)
    return;
  if (block->storage != NULL && block->free_storage != NULL)
    block->free_storage (block->storage);
  g_array_unref (block->variables);
  g_free (block->name);
  g_free (block);
}

DfkdBlock *
dfkd_block_new_like (const DfkdBlock *block, const char *name)
{
  DfkdBlock *copy = dfkd_block_new (name);

  for (guint i = 0; i < dfkd_block_count (block); i++)
    {
      const DfkdVariable *variable = dfkd_block_get (block, i);

      dfkd_block_add (copy, variable->name, variable->shape);
    }
  return copy;
}

guint
dfkd_block_add (DfkdBlock *block, const char *name, DfkdShape shape)
{
  DfkdVariable variable = { .name = g_strdup (name), .shape = shape, .offset = block->bytes };

  g_return_val_if_fail (block->storage == NULL, 0);
  block->bytes += dfkd_aligned (dfkd_shape_bytes (&shape));
  g_array_append_val (block->variables, variable);
  return block->variables->len - 1;
}

guint
dfkd_block_count (const DfkdBlock *block)
{
  return block->variables->len;
}

const DfkdVariable *
dfkd_block_get (const DfkdBlock *block, guint index)
{
  g_return_val_if_fail (index < block->variables->len, NULL);
  return &g_array_index (block->variables, DfkdVariable, index);
}
