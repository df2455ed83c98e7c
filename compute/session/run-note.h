/* run-note.h: what people wrote of a run: note.txt in its folder, one line of UTF-8. The engine never reads it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_NOTE_LONGEST = 500, /* letters */
};

/** dfkd_run_note_load: Returns: (transfer full) (nullable): NULL: there is none, or none that is text. Of several lines the first; no more than
 * DFKD_NOTE_LONGEST letters, and none that is not printed */
char *dfkd_run_note_load (const char *run_folder);
/** dfkd_run_note_save: @text: NULL or empty: no note. Errors: DFKD_ERROR_FILE */
gboolean dfkd_run_note_save (const char *run_folder, const char *text, GError **error);

G_END_DECLS
