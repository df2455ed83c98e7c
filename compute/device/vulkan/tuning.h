/* tuning.h: which tiling is the fastest for a problem, found by trying, and remembered on disk.
 *
 * It happens while a program is prepared, never while one runs. Whichever tiling wins, results are the same
 * bit for bit: the order of additions does not depend on it, but on whether the device has cooperative matrices that
 * compute what they should. */
#pragma once

#include "tilings.h"

G_BEGIN_DECLS

/** dfkd_tuning_open: decides whether this device is tuned: real GPUs are, unless the environment says
 * DFKD_VULKAN_TUNE=0; a software driver only with DFKD_VULKAN_TUNE=1. Both are for tests. Reads what was
 * found before; a file that is damaged or of another version is ignored. */
void dfkd_tuning_open (DfkdVulkan *vulkan);
void dfkd_tuning_close (DfkdVulkan *vulkan);

/** dfkd_tuning_find: the fastest tiling for @problem, NULL if it was not tried. */
const DfkdTiling *dfkd_tuning_find (DfkdVulkan *vulkan, const DfkdProblem *problem);

/** dfkd_tuning_is_rejected: whether @tiling must not be used: it was wrong, or it took the program or the device down. */
gboolean dfkd_tuning_is_rejected (DfkdVulkan *vulkan, const DfkdTiling *tiling);

/** dfkd_tuning_prepare: tries the tilings for every problem of @plan, in this precision, that was not tried before. Failures are
 * none: the tiling is then a guess. */
void dfkd_tuning_prepare (DfkdDevice *device, const DfkdPlan *plan, DfkdPrecision precision);

G_END_DECLS
