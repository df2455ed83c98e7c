/* map-file.h: a file's bytes without reading them all into memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_map_file: (transfer full): errors are DFKD_ERROR_FILE and name the file; a folder or device is no file. */
GBytes *dfkd_map_file (const char *path, GError **error);

G_END_DECLS
