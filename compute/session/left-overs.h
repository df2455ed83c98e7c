/* left-overs.h: what a killed run leaves of files that it was writing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_left_overs_remove:
 * @run_folder: which the caller has locked (dfkd_run_lock())
 *
 * Deletes the files beside which dfkd_atomic_write() was writing in @run_folder and its folders when the program was killed. All
 * else stays, also what people put there.
 */
void dfkd_left_overs_remove (const char *run_folder);

G_END_DECLS
