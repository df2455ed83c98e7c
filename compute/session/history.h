/* history.h: the pictures of a run on disk: one file for each synthesis, all of them or, when they would take too much
 * room, every second, fourth, eighth … from the first on, so that what is kept always spans the whole run.
 *
 * Films, what images were after each inner step, lie in files of their own: they take much more room and are not always wanted. */
#pragma once

#include "pictures.h"

G_BEGIN_DECLS

typedef struct _DfkdHistory DfkdHistory;

typedef enum {
  DFKD_HISTORY_PICTURES, /* pictures/NNNNNN.safetensors: the batch that a synthesis ended with */
  DFKD_HISTORY_FILMS     /* films/NNNNNN.safetensors: its frames, of syntheses that somebody looked at */
} DfkdHistoryKind;

/** dfkd_history_open: of the run in @run_folder; what is there after @synthesis (from a run that went on and was cut short) goes. */
DfkdHistory *dfkd_history_open (const char *run_folder, DfkdHistoryKind kind, guint synthesis, GError **error);
void dfkd_history_free (DfkdHistory *history);

/** dfkd_history_get_bytes: that all files take now */
guint64 dfkd_history_get_bytes (const DfkdHistory *history);
/** dfkd_history_add: @pictures: a kept batch; @limit: bytes that all files may take; 0 keeps nothing. */
gboolean dfkd_history_add (DfkdHistory *history, const DfkdPictures *pictures, guint64 limit, GError **error);

/* for readers of any run folder */
/** dfkd_history_list: (element-type guint): the syntheses whose pictures are kept, ascending. Returns: (transfer full) */
GArray *dfkd_history_list (const char *run_folder, DfkdHistoryKind kind);
/** dfkd_history_path: Returns: (transfer full): where the pictures of @synthesis are, or would be */
char *dfkd_history_path (const char *run_folder, DfkdHistoryKind kind, guint synthesis);
/** dfkd_history_norms_path: what the teacher stored, for the statistics of the pictures. Returns: (transfer full) */
char *dfkd_history_norms_path (const char *run_folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdHistory, dfkd_history_free)

G_END_DECLS
