/* replay-private.h: one reference case while it is replayed: its file, what runs, what came out. */
#pragma once

#include "replay.h"
#include "safetensors.h"
#include "synthesis.h"

G_BEGIN_DECLS

/* tolerances of the reference's README */
#define DFKD_REPLAY_LOSSES 1e-4
#define DFKD_REPLAY_GRADIENTS 1e-4
#define DFKD_REPLAY_LOGITS 1e-3
#define DFKD_REPLAY_IMAGES 1e-3
#define DFKD_REPLAY_UPDATES 1e-2
#define DFKD_REPLAY_LAST_GRADIENT_UPDATES 2e-1

typedef struct {
  DfkdDevice *device;
  DfkdSafetensors *file, *over; /* @over (nullable): its tensors and settings go before those of @file */
  const char *path;
  GPtrArray *deviations;
  DfkdPlaced teacher, student, generator; /* networks are owned, and the blocks are theirs */
  DfkdSynthesis *synthesis;
  DfkdSynthesisOptions options;
  float *mean, *std;         /* what @options points to */
  const char *meta_gradient; /* (nullable): instead of the case's; so is k, unless it is 0 */
  guint k, nudge;
  double update_tolerance;
} DfkdReplay;

/* replay.c */

/** dfkd_replay_prepare: networks with the case's weights, and the synthesis. @replay holds device, file and path; whatever comes
 * of it, dfkd_replay_clear() it. */
gboolean dfkd_replay_prepare (DfkdReplay *replay, GError **error);
void dfkd_replay_clear (DfkdReplay *replay);

/* replay-case.c: reading the case */

/** dfkd_replay_lookup: (nullable): a tensor by name. */
const DfkdTensorEntry *dfkd_replay_lookup (DfkdReplay *replay, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
/** dfkd_replay_read: elements first … first + count of @entry. Returns: (transfer full): NULL when it is shorter */
float *dfkd_replay_read (DfkdReplay *replay, const DfkdTensorEntry *entry, gsize first, gsize count, GError **error);
/** dfkd_replay_setting: a number of the case's settings; 0 when it has none of that name. */
double dfkd_replay_setting (DfkdReplay *replay, const char *name);
/** dfkd_replay_channels: a number for each of the case's channels, or one for all of them. Returns: (transfer full) (array length=channels) */
float *dfkd_replay_channels (DfkdReplay *replay, const char *name, gboolean positive, gsize channels, GError **error);
/** dfkd_replay_text: text of the settings, "" likewise. Returns: (transfer full) */
char *dfkd_replay_text (DfkdReplay *replay, const char *name);
/** dfkd_replay_write: variable @index of @block ← the @round-th part of @entry (nullable: FALSE) */
gboolean dfkd_replay_write (DfkdReplay *replay, DfkdBlock *block, guint index, const DfkdTensorEntry *entry, gsize round, GError **error);
/** dfkd_replay_write_nudged: likewise, each number moved by at most one unit in its last place when this is not the first try */
gboolean dfkd_replay_write_nudged (DfkdReplay *replay, DfkdBlock *block, guint index, const DfkdTensorEntry *entry, guint round,
                                   GError **error);
gboolean dfkd_replay_load_network (DfkdReplay *replay, const DfkdPlaced *placed, const char *prefix, GError **error);

/* replay-case.c: comparing; @name: of the tensor, without out/ */

gboolean dfkd_replay_compare (DfkdReplay *replay, const float *got, gsize count, const char *name, double tolerance, GError **error);
gboolean dfkd_replay_compare_variable (DfkdReplay *replay, DfkdBlock *block, guint index, const char *name, double tolerance,
                                       GError **error);
/** dfkd_replay_compare_update: likewise, by its update from @before: a tensor's whole name, as "in/norm", or NULL */
gboolean dfkd_replay_compare_update (DfkdReplay *replay, DfkdBlock *block, guint index, const char *name, const char *before,
                                     double tolerance, GError **error);
/** dfkd_replay_compare_network: every tensor of a network in @parameters (and @state), under out/@prefix; @before is where the
 * updates start from, as "in/generator", or NULL to compare the values themselves. */
gboolean dfkd_replay_compare_network (DfkdReplay *replay, const DfkdPlaced *placed, DfkdBlock *parameters, DfkdBlock *state,
                                      const char *prefix, const char *before, double tolerance, GError **error);

/* replay-methods.c */

/** dfkd_replay_method: everything that a case of the synthesis' method holds, run and compared. */
gboolean dfkd_replay_method (DfkdReplay *replay, GError **error);

/** dfkd_replay_set_dials: those of step @step of synthesis @round, counted from 0. */
void dfkd_replay_set_dials (DfkdReplay *replay, DfkdProgram *program, guint round, guint step);
/** dfkd_replay_write_crops: what that step draws. */
gboolean dfkd_replay_write_crops (DfkdReplay *replay, guint round, guint step, GError **error);

typedef gboolean (*DfkdReplayCompare) (DfkdReplay *replay, guint round, GError **error);
/** dfkd_replay_inner_steps: the k of synthesis @round with its crops, whose losses are compared. @first: compares after the first */
gboolean dfkd_replay_inner_steps (DfkdReplay *replay, guint round, DfkdReplayCompare first, GError **error);

G_END_DECLS
