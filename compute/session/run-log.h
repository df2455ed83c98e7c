/* run-log.h: reading events.jsonl back: what a channel told, in its order. */
#pragma once

#include "channel.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * dfkd_run_log_read:
 * @path: an events.jsonl, also one that a run is still writing
 * @most: bytes of it that are read; G_MAXUINT64: all
 * @tap: gets everything, on this thread. The times of steps that share a line come as one step of their mean.
 * @cancellable: (nullable)
 *
 * A line that cannot be understood (the last one of a run that was cut off, one of a later version) is passed over. @skipped: (out)
 * (nullable): how many were. Errors: DFKD_ERROR_FILE, G_IO_ERROR_CANCELLED.
 */
gboolean dfkd_run_log_read (const char *path, guint64 most, const DfkdTap *tap, gpointer data, GCancellable *cancellable, guint *skipped, GError **error);

/** DfkdRunLogPlace: how far a log has been read; all 0: not at all. */
typedef struct {
  guint64 at;      /* bytes, of whole lines */
  guchar last[64]; /* those before @at, as far as there are so many: by them a log that was cut and written on is known */
} DfkdRunLogPlace;

/**
 * dfkd_run_log_read_on:
 * @place: (inout): behind what is read
 *
 * Likewise what has come behind @place since, of which a last line that is not whole is left for the next time. When what was before @place is
 * no longer there (the run has gone back to a snapshot) nothing is told, and @place is all 0. After an error it is as before.
 */
gboolean dfkd_run_log_read_on (const char *path, DfkdRunLogPlace *place, const DfkdTap *tap, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
