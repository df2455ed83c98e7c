/* tensor-entry.h: one named tensor of a file, whatever format the file has, and its numbers as the engine wants them.
 *
 * It knows element types and byte order (little), no file and no network. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  DFKD_DTYPE_F64,
  DFKD_DTYPE_F32,
  DFKD_DTYPE_F16,
  DFKD_DTYPE_BF16,
  DFKD_DTYPE_I64,
  DFKD_DTYPE_I32,
  DFKD_DTYPE_I16,
  DFKD_DTYPE_I8,
  DFKD_DTYPE_U64,
  DFKD_DTYPE_U32,
  DFKD_DTYPE_U16,
  DFKD_DTYPE_U8,
  DFKD_DTYPE_BOOL,
  DFKD_N_DTYPES,
} DfkdDtype;

enum {
  DFKD_TENSOR_MAX_RANK = 8,
};

/** DfkdTensorEntry: one tensor of a file, its elements one after the other, the last dimension fastest; @data points into
 * what was read and need not be aligned. */
typedef struct {
  char *name; /* (nullable) */
  DfkdDtype dtype;
  guint rank; /* 0 for a scalar */
  gsize dims[DFKD_TENSOR_MAX_RANK];
  const guint8 *data;
  gsize bytes;
} DfkdTensorEntry;

/** dfkd_tensor_entry_free: the entry and its name; not @data, which belongs to the file */
void dfkd_tensor_entry_free (DfkdTensorEntry *entry);

gsize dfkd_dtype_bytes (DfkdDtype dtype);
const char *dfkd_dtype_name (DfkdDtype dtype);
/** dfkd_tensor_entry_count: elements */
gsize dfkd_tensor_entry_count (const DfkdTensorEntry *entry);
/** dfkd_tensor_entry_shape_text: "64×3×3", "" of a scalar. Returns: (transfer full) */
char *dfkd_tensor_entry_shape_text (const DfkdTensorEntry *entry);
/** dfkd_tensor_entry_read_float: converts from any type; @count must be the entry's. */
gboolean dfkd_tensor_entry_read_float (const DfkdTensorEntry *entry, float *out, gsize count, GError **error);
/** dfkd_tensor_entry_read_int32: from integer types; DFKD_ERROR_NUMBER when a value does not fit. */
gboolean dfkd_tensor_entry_read_int32 (const DfkdTensorEntry *entry, gint32 *out, gsize count, GError **error);

G_END_DECLS
