/* safetensors.h: named tensors in one file: 8 bytes of header length, a JSON header, then the data.
 *
 * Any file may be hostile: every length, offset and shape is checked before it is used, and no memory outside the
 * file is touched. Nothing here knows networks. Metadata convention of model files: see model-file.h. */
#pragma once

#include "tensor-entry.h"

G_BEGIN_DECLS

typedef struct _DfkdSafetensors DfkdSafetensors;

/** dfkd_safetensors_open: maps the file; errors are DFKD_ERROR_FILE or DFKD_ERROR_FORMAT and name it. */
DfkdSafetensors *dfkd_safetensors_open (const char *path, GError **error);
/** dfkd_safetensors_new_from_bytes: @name stands for the file in messages. */
DfkdSafetensors *dfkd_safetensors_new_from_bytes (GBytes *bytes, const char *name, GError **error);
void dfkd_safetensors_free (DfkdSafetensors *file);

gsize dfkd_safetensors_count (const DfkdSafetensors *file);
/** dfkd_safetensors_name: of tensor @index, in the order of the header. */
const char *dfkd_safetensors_name (const DfkdSafetensors *file, gsize index);
const DfkdTensorEntry *dfkd_safetensors_get (const DfkdSafetensors *file, gsize index);
/** dfkd_safetensors_lookup: (nullable) */
const DfkdTensorEntry *dfkd_safetensors_lookup (const DfkdSafetensors *file, const char *name);
/** dfkd_safetensors_metadata: (nullable): the text of a metadata key */
const char *dfkd_safetensors_metadata (const DfkdSafetensors *file, const char *key);
/** dfkd_safetensors_metadata_keys: (array zero-terminated=1) (transfer container): sorted */
const char **dfkd_safetensors_metadata_keys (const DfkdSafetensors *file);

/** dfkd_safetensors_sum_is_right: whether the metadata "sha256" is what dfkd_safetensors_writer_add_sum() gave with the same @texts */
gboolean dfkd_safetensors_sum_is_right (const DfkdSafetensors *file, const char *const *texts);

typedef struct _DfkdSafetensorsWriter DfkdSafetensorsWriter;

/* The same calls give the same bytes: tensors in the order added, metadata sorted. */
DfkdSafetensorsWriter *dfkd_safetensors_writer_new (void);
void dfkd_safetensors_writer_free (DfkdSafetensorsWriter *writer);
void dfkd_safetensors_writer_add_metadata (DfkdSafetensorsWriter *writer, const char *key, const char *value);
/** dfkd_safetensors_writer_add_tensor: copies @data; @dims may be NULL for rank 0. */
void dfkd_safetensors_writer_add_tensor (DfkdSafetensorsWriter *writer, const char *name, DfkdDtype dtype,
                                         const gsize *dims, guint rank, const void *data);
/** dfkd_safetensors_writer_take_tensor: likewise, but takes @data (transfer full), of g_malloc(), for those too large to have twice. */
void dfkd_safetensors_writer_take_tensor (DfkdSafetensorsWriter *writer, const char *name, DfkdDtype dtype,
                                          const gsize *dims, guint rank, void *data);
/**
 * dfkd_safetensors_writer_add_sum: metadata "sha256", of the tensors added so far and of metadata, so that damage is found
 * @texts: (array zero-terminated=1): keys of the metadata that are summed, in this order, those that there are
 */
void dfkd_safetensors_writer_add_sum (DfkdSafetensorsWriter *writer, const char *const *texts);
/** dfkd_safetensors_writer_write: atomically (atomic-file.h) */
gboolean dfkd_safetensors_writer_write (DfkdSafetensorsWriter *writer, const char *path, GError **error);
GBytes *dfkd_safetensors_writer_to_bytes (DfkdSafetensorsWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdSafetensors, dfkd_safetensors_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdSafetensorsWriter, dfkd_safetensors_writer_free)

G_END_DECLS
