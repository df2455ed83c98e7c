/* folder.h: what is done to whole folders. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_folder_remove: with all that is in it; links are removed, not followed. */
void dfkd_folder_remove (const char *path);

G_END_DECLS
