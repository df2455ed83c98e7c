/* numbered-files.h: a folder of files that are named by a synthesis: 000012.safetensors. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_numbered_file: Returns: (transfer full): the path of the one of @number, there or not */
char *dfkd_numbered_file (const char *folder, guint number);
/** dfkd_numbered_files: (element-type guint): the numbers that are there, ascending. Returns: (transfer full) */
GArray *dfkd_numbered_files (const char *folder);

G_END_DECLS
