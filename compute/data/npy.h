/* npy.h: numpy's file of one array (NumPy enhancement proposal 1), versions 1 to 3. */
#pragma once

#include "tensor-entry.h"

G_BEGIN_DECLS

/** dfkd_npy_is: whether @file begins as such files do */
gboolean dfkd_npy_is (GBytes *file);

/**
 * dfkd_npy_read:
 * @file: (inout): must outlive @entry, whose data points into it; where the numbers are in Fortran's order or big-endian, a copy in C's
 * order and little-endian takes its place
 * @name: of the file, for messages; the entry has no name
 * @entry: (out): numbers in C's order, little-endian
 *
 * Errors: DFKD_ERROR_FORMAT for another type, and for data that has not the size its shape says; DFKD_ERROR_MEMORY when a copy does not
 * fit.
 */
gboolean dfkd_npy_read (GBytes **file, const char *name, DfkdTensorEntry *entry, GError **error);

G_END_DECLS
