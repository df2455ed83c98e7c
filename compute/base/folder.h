/* folder.h: what is done to whole folders. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_folder_remove: with all that is in it; links are removed, not followed. */
void dfkd_folder_remove (const char *path);

/**
 * dfkd_folder_copy:
 * @target: must not be there; its folder must
 *
 * A copy of all files and folders in @source, links as links; @target appears when all of it is there, or not at all.
 * Errors: DFKD_ERROR_FILE
 */
gboolean dfkd_folder_copy (const char *source, const char *target, GError **error);

G_END_DECLS
