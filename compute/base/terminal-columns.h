/* terminal-columns.h: how wide text is on a terminal, where Han characters take two columns and accents none. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint dfkd_terminal_columns (const char *text);
/** dfkd_terminal_cut: takes away what stands behind the first @columns of @text */
void dfkd_terminal_cut (GString *text, guint columns);

G_END_DECLS
