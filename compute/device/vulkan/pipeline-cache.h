/* pipeline-cache.h: the driver's cache of pipelines on disk, a file for each device and version of a driver. */
#pragma once

#include "vulkan-private.h"

G_BEGIN_DECLS

/** dfkd_pipeline_cache_load: what was kept of this device by this version of its driver; @bytes: (out): its size. Returns: (transfer full)
 * (nullable): NULL where there is nothing, or nothing whole */
char *dfkd_pipeline_cache_load (DfkdVulkan *vulkan, gsize *bytes);

/** dfkd_pipeline_cache_save: keeps what has come since it was loaded or saved; a folder that cannot be written is no error. */
void dfkd_pipeline_cache_save (DfkdVulkan *vulkan);

G_END_DECLS
