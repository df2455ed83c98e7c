/* printable-text.h: text from elsewhere, as names of files are, for a terminal or a label. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_printable_text: @text, UTF-8, with a blank for each letter that is not printed but moves a cursor or ends a line. Returns: (transfer full) */
char *dfkd_printable_text (const char *text);

G_END_DECLS
