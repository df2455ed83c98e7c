/* stream.h: reading files of data sets, plain or gzipped, so that memory never grows faster than what is really there. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** dfkd_stream_is_packed: whether @bytes begins like a gzip file */
gboolean dfkd_stream_is_packed (GBytes *bytes);

/** dfkd_stream_open: @bytes as they are, or inflated if they are a gzip file. Returns: (transfer full) */
GInputStream *dfkd_stream_open (GBytes *bytes);

/** dfkd_stream_read_some: @got: (out): up to @bytes, fewer only at the end. DFKD_ERROR_FORMAT when it does not unpack. */
gboolean dfkd_stream_read_some (GInputStream *stream, const char *name, void *data, gsize bytes, gsize *got, GError **error);

/** dfkd_stream_read: exactly @bytes into @data; or DFKD_ERROR_FORMAT naming @name and how many there were. */
gboolean dfkd_stream_read (GInputStream *stream, const char *name, void *data, gsize bytes, GError **error);

/**
 * dfkd_stream_read_new:
 * @bytes: what a header promises, which may be a lie
 * @data: (out) (transfer full): also after an error holds what must be freed with g_free()
 *
 * Likewise into memory that grows by pieces. Errors: DFKD_ERROR_FORMAT, DFKD_ERROR_MEMORY.
 */
gboolean dfkd_stream_read_new (GInputStream *stream, const char *name, gsize bytes, guint8 **data, GError **error);

/** dfkd_stream_at_end: @at_end: (out): whether nothing is left. This read is also what compares a gzip file's checksum. */
gboolean dfkd_stream_at_end (GInputStream *stream, const char *name, gboolean *at_end, GError **error);

G_END_DECLS
