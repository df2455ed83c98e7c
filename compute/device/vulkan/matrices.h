/* matrices.h: cooperative matrices: whether a device multiplies tiles of float16 by itself and adds up in float32, of which
 * size, and with what subgroups. Knows no kernels. */
#pragma once

#include "vulkan-private.h"

G_BEGIN_DECLS

/** DfkdMatrixShape: one that a device lists: (rows × depth)·(depth × columns). */
typedef struct
{
  guint32 rows, columns, depth;
} DfkdMatrixShape;

/** dfkd_matrices_choose:
 * @listed: (array length=n): what a device offers
 *
 * Returns: whether any of it fits: factors of float16, sums of float32, of a subgroup, of a size that divides the tilings;
 *   @shape is then the one with the most work an instruction, and of those the squarest
 */
gboolean dfkd_matrices_choose (const VkCooperativeMatrixPropertiesNV *listed, guint32 n, DfkdMatrixShape *shape);

/**
 * dfkd_matrices_ask:
 * @extensions: of the device
 *
 * Sets vulkan->matrices as the device has them, and all zero where it has none that fit, or where no size of subgroups can
 * be asked for. To be called before the device is made.
 *
 * For tests alone DFKD_VULKAN_MATRICES=emulated has the same kernels multiply by ordinary arithmetic on any device whose
 * subgroups have a size that can be asked for, in matrices of 16 × 8 with a depth of 16, and =emulated:N makes tiling number N
 * of each kind compute something wrong.
 */
void dfkd_matrices_ask (DfkdVulkan *vulkan, const VkExtensionProperties *extensions, guint32 n);

G_END_DECLS
