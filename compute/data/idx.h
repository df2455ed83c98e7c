/* idx.h: the IDX format of MNIST and its kin, plain or gzipped: unsigned bytes in one to four dimensions. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_IDX_MAX_RANK = 4,
};

typedef struct {
  guint rank;
  gsize dims[DFKD_IDX_MAX_RANK];
  gsize bytes;
  guint8 *data;
} DfkdIdx;

/**
 * dfkd_idx_read:
 *
 * Never holds more than the header promises; a file that is shorter, longer or of another type is
 * DFKD_ERROR_FORMAT, one that cannot be read DFKD_ERROR_FILE; both name it.
 */
DfkdIdx *dfkd_idx_read (const char *path, GError **error);
/** dfkd_idx_read_bytes: likewise from memory; @name stands for the file in messages. */
DfkdIdx *dfkd_idx_read_bytes (GBytes *bytes, const char *name, GError **error);
void dfkd_idx_free (DfkdIdx *idx);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdIdx, dfkd_idx_free)

G_END_DECLS
