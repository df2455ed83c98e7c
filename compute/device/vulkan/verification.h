/* verification.h: whether a tiling computes what one that is known to be right computes, on this device.
 *
 * A step runs alone on random operands, with memory of its own, first by the tiling that is right, then by others; their
 * results are compared on the device. */
#pragma once

#include "tilings.h"

G_BEGIN_DECLS

typedef struct _DfkdVerification DfkdVerification;

/** dfkd_verification_new: runs @step by the tiling @right. NULL with DFKD_ERROR_MEMORY where there is no room for it,
 * and with another error where that cannot be run or gives nothing. */
DfkdVerification *dfkd_verification_new (DfkdDevice *device, const DfkdStep *step, DfkdPrecision precision, const DfkdTiling *right,
                                         GError **error);
void dfkd_verification_free (DfkdVerification *verification);

/**
 * dfkd_verification_check:
 *
 * Returns: TRUE if @tiling gives the same, as far as sums of float32 in another order can: all of it within 2⁻¹¹, in root mean
 *   square, and no single result off by more than 2⁻⁸ of a typical one. Else FALSE, with DFKD_ERROR_MEMORY when it could not
 *   be tried, and any other error when it is wrong, cannot be run or is not valid.
 */
gboolean dfkd_verification_check (DfkdVerification *verification, const DfkdTiling *tiling, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdVerification, dfkd_verification_free)

G_END_DECLS
