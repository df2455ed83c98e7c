/* atomic-file.h: replaces a file so that a crash or a full disk leaves either the old content or the new. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_atomic_write:
 * @parts: (array length=n): written one after the other
 *
 * Writes beside @path, fsync, rename, fsync of the folder. After an error the earlier file is as it was and
 * nothing is left beside it. Errors: DFKD_ERROR_FILE, naming the file and what can be done.
 */
gboolean dfkd_atomic_write (const char *path, GBytes *const *parts, gsize n, GError **error);

G_END_DECLS
