/* workbench-history.h: the pictures that a run has on disk: which syntheses there are, and their batches once they have been read.
 *
 * A thread reads; batches stay in memory until they would take more than a bound, the one used longest ago goes first.
 *
 * Signals: "changed" when there are other syntheses; "loaded" (guint synthesis) when a batch that was asked for is there. */
#pragma once

#include "dfkd.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_HISTORY (workbench_history_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchHistory, workbench_history, WORKBENCH, HISTORY, GObject)

/** workbench_history_new: lists what is there already. */
WorkbenchHistory *workbench_history_new (const char *run_folder, DfkdHistoryKind kind);
/** workbench_history_refresh: looks what is there now. */
void workbench_history_refresh (WorkbenchHistory *self);
/** workbench_history_forget: what has been read is not so any more: it is read again where it is wanted. */
void workbench_history_forget (WorkbenchHistory *self);

guint workbench_history_get_length (WorkbenchHistory *self);
/** workbench_history_get_synthesis: the @index-th that is kept, ascending */
guint workbench_history_get_synthesis (WorkbenchHistory *self, guint index);
/** workbench_history_find: index of @synthesis, or -1 */
int workbench_history_find (WorkbenchHistory *self, guint synthesis);

/** workbench_history_get: the batch if it is in memory; else NULL, and it is read: "loaded" tells when it is there. One that cannot be
 * read is asked for no more. (transfer none), valid until the next call */
DfkdPictures *workbench_history_get (WorkbenchHistory *self, guint synthesis);
/** workbench_history_is_lost: TRUE when reading @synthesis has failed */
gboolean workbench_history_is_lost (WorkbenchHistory *self, guint synthesis);

/** WorkbenchReading: how far somebody is who looks at all syntheses of a history */
typedef struct {
  guint read, lost, total; /* have been looked at; cannot be read; are listed */
} WorkbenchReading;

/** workbench_history_get_reading: of one who has looked at @read */
WorkbenchReading workbench_history_get_reading (WorkbenchHistory *self, guint read);
/** workbench_reading_append: to @text, behind how many images there are: what is still to be read, and what is lost */
void workbench_reading_append (const WorkbenchReading *reading, GString *text);

/** workbench_history_stop: what is asked for and not being read yet is forgotten. */
void workbench_history_stop (WorkbenchHistory *self);
/** workbench_history_set_bound: bytes of batches in memory; default 256 MiB */
void workbench_history_set_bound (WorkbenchHistory *self, guint64 bytes);

G_END_DECLS
