/* run-note.h: what people wrote of a run: note.txt in its folder, UTF-8, of which the first line is shown. The engine never reads it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_NOTE_LONGEST = 500, /* letters */
};

/** dfkd_run_note_load: Returns: (transfer full) (nullable): NULL: there is none, or none that is text. Of several lines the first; no more than
 * DFKD_NOTE_LONGEST letters, and none that is not printed */
char *dfkd_run_note_load (const char *run_folder);
/** dfkd_run_note_save: in place of the first line; further ones, which an editor wrote, stay. @text: NULL or empty: none. Nothing is written where
 * that is what dfkd_run_note_load() says. Errors: DFKD_ERROR_FILE; DFKD_ERROR_FORMAT where the file is no text that could be kept */
gboolean dfkd_run_note_save (const char *run_folder, const char *text, GError **error);

G_END_DECLS
