/* run-origin.h: from which run, and after how many syntheses there, a branch goes on: branch.json in its folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *folder;    /* of the run that was branched from, as it was called then, absolute; NULL: it is no branch */
  guint synthesis; /* after which it was left */
} DfkdRunOrigin;

void dfkd_run_origin_clear (DfkdRunOrigin *origin);
/** dfkd_run_origin_save: Errors: DFKD_ERROR_FILE */
gboolean dfkd_run_origin_save (const char *run_folder, const DfkdRunOrigin *origin, GError **error);
/** dfkd_run_origin_load: FALSE, and all zero, where a run is no branch, does not say, or the file cannot be understood. */
gboolean dfkd_run_origin_load (DfkdRunOrigin *origin, const char *run_folder);
/** dfkd_run_origin_describe: "branch of NAME after 10 syntheses", for people; @origin has a folder. Returns: (transfer full) */
char *dfkd_run_origin_describe (const DfkdRunOrigin *origin);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdRunOrigin, dfkd_run_origin_clear)

G_END_DECLS
