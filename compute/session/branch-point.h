/* branch-point.h: states of a run along its way, from which another run can go on: with the same dials bit for bit as the first
 * one did, with other dials as it might have done.
 *
 * A branch point is a snapshot without the pool's images: these are the first ones of the pool that the run has now, in its newest
 * snapshot or in pool.u8. It stands between two syntheses. */
#pragma once

#include "trainer.h"

G_BEGIN_DECLS

/**
 * dfkd_branch_point_save:
 * @every: syntheses between two
 * @most: how many are kept; when there would be more, every second one goes, evenly over the run; 0: none
 *
 * The file becomes branch-points/NNNNNN.safetensors in @folder, NNNNNN being the syntheses that are done.
 */
gboolean dfkd_branch_point_save (DfkdTrainer *trainer, const char *folder, guint every, guint most, GError **error);

/** dfkd_branch_points_list: (element-type guint): the syntheses after which there is one, ascending. Returns: (transfer full) */
GArray *dfkd_branch_points_list (const char *folder);
/** dfkd_branch_points_cut: those after @synthesis go, when a run goes on from there. */
void dfkd_branch_points_cut (const char *folder, guint synthesis);

/** dfkd_branch_point_read_recipe: as it stood then. DFKD_ERROR_FILE when there is no point after @synthesis; the message says where
 * there are. */
DfkdRecipe *dfkd_branch_point_read_recipe (const char *folder, guint synthesis, GError **error);

/** dfkd_branch_point_keeps: whether a run that branches must have the value of @recipe, which it is branched from: memory and programs were
 * built for it. The number of syntheses, the seed, the test data and where the pool lies it may choose anew, besides all that can change while
 * a run goes on. */
gboolean dfkd_branch_point_keeps (const DfkdRecipe *recipe, DfkdParameterId id);

/**
 * dfkd_branch_point_load: @trainer goes on from there
 * @folder: of the run that is branched from, which stays as it is
 * @own: (nullable): the new run's folder, for a pool on disk
 *
 * A run chooses, without data, among the students that it has itself: the one of the branch point, if it comes late enough in this run, and later ones.
 *
 * Errors: as dfkd_snapshot_load(); DFKD_ERROR_SHAPE when the trainer's recipe builds other networks
 */
gboolean dfkd_branch_point_load (DfkdTrainer *trainer, const char *folder, guint synthesis, const char *own, GError **error);

G_END_DECLS
