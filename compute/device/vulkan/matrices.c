/* matrices.c: what a device says about VK_NV_cooperative_matrix and the sizes of subgroups.
 *
 * VK_KHR_cooperative_matrix is asked for nowhere: the headers and the GLSL compiler of Debian 12 do not know it. To use it, the
 * shape is looked up here in the KHR list, and matrices.glsl gets its operations by the KHR names. */
#include "matrices.h"

#include <string.h>

enum
{
  SUBGROUP_LEAST = 4,
};

/* Subgroups of a size that pipelines may ask for: with another one, or with some that are not full, a kernel that counts on
 * it would compute nonsense. */
static guint32
ask_subgroups (DfkdVulkan *vulkan, const VkExtensionProperties *extensions, guint32 n)
{
  VkPhysicalDeviceSubgroupSizeControlProperties sizes
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES };
  VkPhysicalDeviceSubgroupProperties subgroups
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES, .pNext = &sizes };
  VkPhysicalDeviceProperties2 properties
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &subgroups };
  VkPhysicalDeviceSubgroupSizeControlFeatures control
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES };
  VkPhysicalDeviceVulkan12Features features
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES, .pNext = &control };
  VkPhysicalDeviceFeatures2 all = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &features };

  if (!dfkd_vulkan_has_extension (extensions, n, VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME))
    return 0;
  vkGetPhysicalDeviceFeatures2 (vulkan->physical, &all);
  vkGetPhysicalDeviceProperties2 (vulkan->physical, &properties);
  if (!control.subgroupSizeControl || !control.computeFullSubgroups || !features.vulkanMemoryModel
      || (subgroups.supportedStages & VK_SHADER_STAGE_COMPUTE_BIT) == 0
      || (subgroups.supportedOperations & VK_SUBGROUP_FEATURE_BASIC_BIT) == 0
      || (sizes.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT) == 0
      || subgroups.subgroupSize < sizes.minSubgroupSize || subgroups.subgroupSize > sizes.maxSubgroupSize
      || subgroups.subgroupSize < SUBGROUP_LEAST)
    return 0;
  vulkan->matrices.most_subgroups = sizes.maxComputeWorkgroupSubgroups;
  return subgroups.subgroupSize;
}

/* that divides the tilings; loads are aligned to 16 bytes then */
static gboolean
is_size (guint32 size)
{
  return size == 8 || size == 16 || size == 32;
}

static gboolean
fits (const VkCooperativeMatrixPropertiesNV *one)
{
  return one->AType == VK_COMPONENT_TYPE_FLOAT16_NV && one->BType == VK_COMPONENT_TYPE_FLOAT16_NV
         && one->CType == VK_COMPONENT_TYPE_FLOAT32_NV && one->DType == VK_COMPONENT_TYPE_FLOAT32_NV
         && one->scope == VK_SCOPE_SUBGROUP_NV && is_size (one->MSize) && is_size (one->NSize) && is_size (one->KSize);
}

static gboolean
better (const DfkdMatrixShape *a, const DfkdMatrixShape *b)
{
  guint32 work_a = a->rows * a->columns * a->depth, work_b = b->rows * b->columns * b->depth;

  if (work_a != work_b)
    return work_a > work_b;
  return MAX (a->rows, a->columns) < MAX (b->rows, b->columns);
}

gboolean
dfkd_matrices_choose (const VkCooperativeMatrixPropertiesNV *listed, guint32 n, DfkdMatrixShape *shape)
{
  gboolean found = FALSE;

  for (guint32 i = 0; i < n; i++)
    {
      DfkdMatrixShape one = { listed[i].MSize, listed[i].NSize, listed[i].KSize };

      if (fits (&listed[i]) && (!found || better (&one, shape)))
        {
          *shape = one;
          found = TRUE;
        }
    }
  return found;
}

static gboolean
ask_shape (DfkdVulkan *vulkan, const VkExtensionProperties *extensions, guint32 n, DfkdMatrixShape *shape)
{
  VkPhysicalDeviceCooperativeMatrixPropertiesNV stages
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_PROPERTIES_NV };
  VkPhysicalDeviceProperties2 properties
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &stages };
  VkPhysicalDeviceCooperativeMatrixFeaturesNV features
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV };
  VkPhysicalDeviceFeatures2 all = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &features };
  PFN_vkGetPhysicalDeviceCooperativeMatrixPropertiesNV list;
  g_autofree VkCooperativeMatrixPropertiesNV *shapes = NULL;
  guint32 count = 0;

  if (!dfkd_vulkan_has_extension (extensions, n, VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME))
    return FALSE;
  vkGetPhysicalDeviceProperties2 (vulkan->physical, &properties);
  vkGetPhysicalDeviceFeatures2 (vulkan->physical, &all);
  list = (PFN_vkGetPhysicalDeviceCooperativeMatrixPropertiesNV) vkGetInstanceProcAddr (
      vulkan->instance.instance, "vkGetPhysicalDeviceCooperativeMatrixPropertiesNV");
  if (!features.cooperativeMatrix || (stages.cooperativeMatrixSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT) == 0
      || list == NULL || list (vulkan->physical, &count, NULL) != VK_SUCCESS)
    return FALSE;
  shapes = g_new0 (VkCooperativeMatrixPropertiesNV, count);
  for (guint32 i = 0; i < count; i++)
    shapes[i].sType = VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_NV;
  return list (vulkan->physical, &count, shapes) == VK_SUCCESS && dfkd_matrices_choose (shapes, count, shape);
}

void
dfkd_matrices_ask (DfkdVulkan *vulkan, const VkExtensionProperties *extensions, guint32 n)
{
  static const DfkdMatrixShape emulated = { 16, 8, 16 };
  const char *wanted = g_getenv ("DFKD_VULKAN_MATRICES");
  DfkdMatrices *matrices = &vulkan->matrices;
  DfkdMatrixShape shape = { 0 };
  guint64 number;

  memset (matrices, 0, sizeof *matrices);
  matrices->spoiled = -1;
  if (!vulkan->float16)
    return;
  matrices->emulated = wanted != NULL && g_str_has_prefix (wanted, "emulated");
  if (matrices->emulated)
    shape = emulated;
  else if (!ask_shape (vulkan, extensions, n, &shape))
    return;
  if (matrices->emulated && g_str_has_prefix (wanted, "emulated:")
      && g_ascii_string_to_unsigned (wanted + strlen ("emulated:"), 10, 0, G_MAXINT, &number, NULL))
    matrices->spoiled = (gint) number;
  matrices->subgroup = ask_subgroups (vulkan, extensions, n);
  if (matrices->subgroup == 0 || shape.rows * shape.columns % matrices->subgroup != 0)
    return;
  matrices->rows = shape.rows;
  matrices->columns = shape.columns;
  matrices->depth = shape.depth;
}
