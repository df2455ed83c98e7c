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

G_END_DECLS
