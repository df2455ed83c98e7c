/* time-text.h: a time as people read it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_time_text: "2:31" or "1:02:31"; "–" where it is negative or not finite: not known. Returns: (transfer full) */
char *dfkd_time_text (double seconds);

G_END_DECLS
