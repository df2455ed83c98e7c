/* dataset-private.h: making data sets; for the readers of this folder only. */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

/**
 * dfkd_dataset_new:
 * @name: of the file or folder, for messages
 *
 * Room for @count images and labels, all zero. DFKD_ERROR_MEMORY when they exceed the address space or memory.
 */
DfkdDataset *dfkd_dataset_new (gsize count, gsize channels, gsize height, gsize width, const char *name, GError **error);

/**
 * dfkd_dataset_pad:
 * @small: (transfer full)
 * @pad_to: pixels square; 0 changes nothing
 *
 * Images in the middle of a border of zeros. DFKD_ERROR_SHAPE when they are larger.
 */
DfkdDataset *dfkd_dataset_pad (DfkdDataset *small, gsize pad_to, const char *name, GError **error);

G_END_DECLS
