/* snapshot-private.h: what snapshots and branch points have in common: a trainer's state in a file with a checksum. */
#pragma once

#include "safetensors.h"
#include "trainer.h"

G_BEGIN_DECLS

typedef struct {
  DfkdSafetensorsWriter *writer;
  GChecksum *sum;
} DfkdStateWriter;

DfkdStateWriter *dfkd_state_writer_new (void);
void dfkd_state_writer_free (DfkdStateWriter *state);
/** dfkd_state_writer_add_blocks: every block of @trainer that changes */
gboolean dfkd_state_writer_add_blocks (DfkdStateWriter *state, DfkdTrainer *trainer, GError **error);
/** dfkd_state_writer_write: the recipe and the counters besides, and the checksum of all */
gboolean dfkd_state_writer_write (DfkdStateWriter *state, DfkdTrainer *trainer, const char *path, GError **error);

/** dfkd_state_open: DFKD_ERROR_FORMAT when the checksum is wrong */
DfkdSafetensors *dfkd_state_open (const char *path, GError **error);
/** dfkd_state_open_newest: the newest snapshot of @folder that is whole */
DfkdSafetensors *dfkd_state_open_newest (const char *folder, GError **error);
/** dfkd_state_take: the blocks, and @counters (out); @path is for messages */
gboolean dfkd_state_take (DfkdTrainer *trainer, const DfkdSafetensors *file, const char *path, DfkdTrainerCounters *counters, GError **error);
/** dfkd_state_images: (nullable): the images of a resident pool in a snapshot, @bytes (out) of them */
const guint8 *dfkd_state_images (const DfkdSafetensors *file, gsize *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdStateWriter, dfkd_state_writer_free)

G_END_DECLS
