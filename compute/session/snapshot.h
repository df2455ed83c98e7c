/* snapshot.h: the complete state of a trainer in one file, so that a run goes on bit for bit. */
#pragma once

#include "trainer.h"

G_BEGIN_DECLS

/**
 * dfkd_snapshot_save:
 * @folder: the run folder; the file becomes snapshots/INNER-STUDENT.safetensors in it, of the steps done so far, in ten digits each
 *
 * Holds every block that changes, the images of the pool, the counters and the recipe as it stands, with a SHA-256 of them
 * all, and a SHA-256 of the teacher; besides, the student that was chosen by then. Of a pool on disk it holds the checksum alone:
 * the images that belong to it are the first of the file, which is on the disk for certain before the snapshot has its name. It and the
 * one before are kept; later ones, which a run that goes on passes over when they are damaged, are removed. @events is the length of events.jsonl at this moment, in bytes.
 *
 * Returns: (transfer full): the path, or NULL
 */
char *dfkd_snapshot_save (DfkdTrainer *trainer, const char *folder, guint64 events, GError **error);

/**
 * dfkd_snapshot_load:
 *
 * Takes the newest snapshot whose checksum is right and whose pool file has all its images, else the one before. The trainer must have
 * been made with the same recipe (dfkd_snapshot_read_recipe()). Without any such snapshot it is DFKD_ERROR_FORMAT naming the newest or
 * the pool file; with another teacher than the run was begun with, DFKD_ERROR_FILE. What is behind the images of the snapshot is cut off, and
 * student-chosen.safetensors is again as it was then. @events: (out): as it was given to dfkd_snapshot_save()
 */
gboolean dfkd_snapshot_load (DfkdTrainer *trainer, const char *folder, guint64 *events, GError **error);

/** dfkd_snapshot_read_recipe: the recipe of the snapshot that dfkd_snapshot_load() would take. @events: (out) (nullable): as there */
DfkdRecipe *dfkd_snapshot_read_recipe (const char *folder, guint64 *events, GError **error);

G_END_DECLS
