/* atomic-file.h: replaces a file so that a crash or a full disk leaves either the old content or the new. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_write_error: sets DFKD_ERROR_FILE: @path cannot be written because of the errno @number, and what can be done.
 * Returns: FALSE */
gboolean dfkd_write_error (const char *path, int number, GError **error);

/** dfkd_sync_folder: makes a file's name in the folder of @path last; some file systems cannot, which is no error. */
void dfkd_sync_folder (const char *path);

/**
 * dfkd_atomic_write:
 * @parts: (array length=n): written one after the other
 *
 * Writes beside @path, fsync, rename, fsync of the folder. After an error the earlier file is as it was and
 * nothing is left beside it. Where @path is a link, all this is done to the file that it leads to, and the link stays. A file that was
 * there keeps its mode.
 * Errors: DFKD_ERROR_FILE, naming the file and what can be done; also for a device or a pipe.
 */
gboolean dfkd_atomic_write (const char *path, GBytes *const *parts, gsize n, GError **error);

/** dfkd_atomic_check: whether dfkd_atomic_write() could begin, for those who will write after long work; @path stays as it is.
 * Errors: likewise */
gboolean dfkd_atomic_check (const char *path, GError **error);

/** dfkd_atomic_stem: the name of the file beside which dfkd_atomic_write() would write one called @name (a name without folders).
 * Returns: (transfer full) (nullable): NULL where it never calls one so */
char *dfkd_atomic_stem (const char *name);

/** dfkd_atomic_remove: deletes @name in @folder, which dfkd_atomic_stem() knows, unless it is no regular file; one that cannot be deleted
 * takes room, no more. */
void dfkd_atomic_remove (const char *folder, const char *name);

/** dfkd_atomic_clean: deletes what a killed program was writing beside @path. Nobody may be writing it meanwhile. */
void dfkd_atomic_clean (const char *path);

G_END_DECLS
