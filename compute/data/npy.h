/* npy.h: numpy's file of one array (NumPy enhancement proposal 1), versions 1 to 3. */
#pragma once

#include "tensor-entry.h"

G_BEGIN_DECLS

/** dfkd_npy_is: whether @file begins as such files do */
gboolean dfkd_npy_is (GBytes *file);

/**
 * dfkd_npy_read:
 * @file: must outlive @entry, whose data points into it
 * @name: of the file, for messages; the entry has no name
 * @entry: (out): numbers in C's order, little-endian
 *
 * Errors: DFKD_ERROR_FORMAT for another type, order or byte order, and for data that has not the size its shape says.
 */
gboolean dfkd_npy_read (GBytes *file, const char *name, DfkdTensorEntry *entry, GError **error);

G_END_DECLS
