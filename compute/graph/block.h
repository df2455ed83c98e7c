/* block.h: a block of variables: tensors that outlive a step, laid end to end in one piece of memory.
 *
 * All parameters of a network form one block, so that an optimiser, a copy or a sum over them is one
 * operation. A block is described first and given storage by a device later. Gaps between variables
 * (each starts at a multiple of DFKD_ALIGNMENT bytes) hold zeros and stay zero. */
#pragma once

#include "tensor.h"

G_BEGIN_DECLS

enum {
  DFKD_ALIGNMENT = 256, /* the largest minStorageBufferOffsetAlignment that Vulkan allows */
};

/** dfkd_aligned: @bytes, up to the next multiple of DFKD_ALIGNMENT */
static inline gsize
dfkd_aligned (gsize bytes)
{
  return (bytes + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
}

typedef struct {
  char *name;
  DfkdShape shape;
  gsize offset; /* bytes from the start of the block */
} DfkdVariable;

typedef struct _DfkdBlock DfkdBlock;

struct _DfkdBlock
{
  char *name;
  GArray *variables; /* of DfkdVariable */
  gsize bytes;

  gpointer storage; /* owned by the device that allocated it */
  void (*free_storage) (gpointer storage);
};

DfkdBlock *dfkd_block_new (const char *name);
void dfkd_block_free (DfkdBlock *block);

/** dfkd_block_new_like: a block of the same variables, without storage: moments, gradients, fast weights. */
DfkdBlock *dfkd_block_new_like (const DfkdBlock *block, const char *name);

/** dfkd_block_add: adds a variable before storage is allocated. Returns: its index */
guint dfkd_block_add (DfkdBlock *block, const char *name, DfkdShape shape);
guint dfkd_block_count (const DfkdBlock *block);
const DfkdVariable *dfkd_block_get (const DfkdBlock *block, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdBlock, dfkd_block_free)

G_END_DECLS
