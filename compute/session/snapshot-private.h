/* snapshot-private.h: what snapshots and branch points have in common: a trainer's state in a file with a checksum. */
#pragma once

#include "safetensors.h"
#include "trainer.h"

G_BEGIN_DECLS

/** dfkd_state_add_blocks: every block of @trainer that changes */
gboolean dfkd_state_add_blocks (DfkdSafetensorsWriter *writer, DfkdTrainer *trainer, GError **error);
/** dfkd_state_write: the recipe and the counters besides, and the checksum of all */
gboolean dfkd_state_write (DfkdSafetensorsWriter *writer, DfkdTrainer *trainer, const char *path, GError **error);

/** dfkd_state_open: DFKD_ERROR_FORMAT when the checksum is wrong */
DfkdSafetensors *dfkd_state_open (const char *path, GError **error);
/** dfkd_state_open_newest: the newest snapshot of @folder that is whole */
DfkdSafetensors *dfkd_state_open_newest (const char *folder, GError **error);
/** dfkd_state_take: the blocks, and @counters (out); @path is for messages. DFKD_ERROR_FILE where @trainer has another teacher */
gboolean dfkd_state_take (DfkdTrainer *trainer, const DfkdSafetensors *file, const char *path, DfkdTrainerCounters *counters, GError **error);
/** dfkd_state_images: (nullable): the images of a resident pool in a snapshot, @bytes (out) of them */
const guint8 *dfkd_state_images (const DfkdSafetensors *file, gsize *bytes);

G_END_DECLS
