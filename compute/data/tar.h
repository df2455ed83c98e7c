/* tar.h: the files in a tar archive, plain or gzipped, without unpacking any to disk. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** DfkdTarWanted: whether the regular file @name (its last part, without folders) is to be kept */
typedef gboolean (*DfkdTarWanted) (const char *name, gpointer data);

/** dfkd_tar_recognise: whether @bytes, inflated if need be, begins with a tar header */
gboolean dfkd_tar_recognise (GBytes *bytes);

/**
 * dfkd_tar_read:
 * @bytes: the archive: ustar, GNU or pax; links and devices in it are passed over
 * @name: of the archive, for messages
 * @most: bytes of the largest file that is kept
 *
 * Reads all of the archive, also behind the last file that is wanted, so that one that is cut short is never taken for whole.
 *
 * Errors: DFKD_ERROR_FORMAT for a damaged header, an end before the end, a file that is too large or there twice, any member whose path
 * begins with / or has a part “..”,
 * DFKD_ERROR_MEMORY. Returns: (transfer full) (element-type filename GBytes): by last part of the name
 */
GHashTable *dfkd_tar_read (GBytes *bytes, const char *name, DfkdTarWanted wanted, gpointer data, gsize most, GError **error);

G_END_DECLS
