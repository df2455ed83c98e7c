/* pool-file.h: images of one size, one behind the other, in a file that only ever grows.
 *
 * In a run folder it is pool.u8, else a temporary file that is gone with the program. In memory are an open file and a
 * running checksum, nothing that grows with the images; what was read last is in the system's cache of files. It knows
 * no device. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdPoolFile DfkdPoolFile;

/**
 * dfkd_pool_file_new: an empty pool
 * @folder: (nullable): NULL: a temporary file, in TMPDIR or else /var/tmp
 * @image_bytes: of one image
 *
 * A pool.u8 that stands there is written over from its beginning and cut to length by dfkd_pool_file_sync(), so that
 * images which a snapshot still needs stay as they are when the same are written again.
 */
DfkdPoolFile *dfkd_pool_file_new (const char *folder, gsize image_bytes, GError **error);

/**
 * dfkd_pool_file_open: goes on in the pool.u8 of @folder behind its first @count images
 * @sha256: of these, as dfkd_pool_file_sync() told
 *
 * Reads all of them, but where the program has read them before and the file has not changed since; what is behind them is cut off. A short or damaged file is DFKD_ERROR_FORMAT naming it, and is
 * left as it is.
 */
DfkdPoolFile *dfkd_pool_file_open (const char *folder, gsize image_bytes, guint64 count, const char *sha256, GError **error);
/** dfkd_pool_file_check: whether dfkd_pool_file_open() would succeed; with the same errors. */
gboolean dfkd_pool_file_check (const char *folder, gsize image_bytes, guint64 count, const char *sha256, GError **error);
void dfkd_pool_file_free (DfkdPoolFile *file);
guint64 dfkd_pool_file_count (const DfkdPoolFile *file);

/** dfkd_pool_file_append: adds @count images. After an error (DFKD_ERROR_FILE: a full disk …) the file is as before. */
gboolean dfkd_pool_file_append (DfkdPoolFile *file, const guint8 *images, gsize count, GError **error);

/** dfkd_pool_file_gather: copies the images @index[0 … n−1] to @images; as fast in a large file as in a small one. */
gboolean dfkd_pool_file_gather (DfkdPoolFile *file, const guint32 *index, gsize n, guint8 *images, GError **error);

/** dfkd_pool_file_read: copies @count images from @first on. */
gboolean dfkd_pool_file_read (DfkdPoolFile *file, guint64 first, gsize count, guint8 *images, GError **error);

/** dfkd_pool_file_sync: makes everything appended outlast a crash. Returns: (transfer full): the SHA-256 of all images in
 * hexadecimal, or NULL */
char *dfkd_pool_file_sync (DfkdPoolFile *file, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPoolFile, dfkd_pool_file_free)

G_END_DECLS
