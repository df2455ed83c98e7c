/* pipeline-cache.c: what the driver made of shaders, kept on disk for the next start.
 *
 * The file is a convenience: whatever is wrong with it, it is ignored and written anew. */
#include "pipeline-cache.h"

#include <glib/gstdio.h>

#include <string.h>

static char *
cache_path (DfkdVulkan *vulkan)
{
  g_autoptr (GString) name = g_string_new ("pipelines-");

  for (guint i = 0; i < VK_UUID_SIZE; i++)
    g_string_append_printf (name, "%02x", vulkan->properties.pipelineCacheUUID[i]);
  for (guint i = 0; i < VK_UUID_SIZE; i++)
    g_string_append_printf (name, "%02x", vulkan->uuid[i]);
  return g_build_filename (g_get_user_cache_dir (), "dfkd", name->str, NULL);
}

/* Drivers must check the header, but some trust it: so check it here too (Vulkan 1.2, 10.6). */
static gboolean
cache_fits (DfkdVulkan *vulkan, const char *data, gsize bytes)
{
  guint32 header[4];

  if (bytes < sizeof header + VK_UUID_SIZE)
    return FALSE;
  memcpy (header, data, sizeof header);
  return header[0] >= sizeof header + VK_UUID_SIZE && header[1] == VK_PIPELINE_CACHE_HEADER_VERSION_ONE
         && header[2] == vulkan->properties.vendorID && header[3] == vulkan->properties.deviceID
         && memcmp (data + sizeof header, vulkan->properties.pipelineCacheUUID, VK_UUID_SIZE) == 0;
}

/* A checksum stands after the driver's data: a file cut short must not reach the driver. */
char *
dfkd_pipeline_cache_load (DfkdVulkan *vulkan, gsize *bytes)
{
  g_autofree char *path = cache_path (vulkan), *data = NULL, *sum = NULL;
  gsize length;

  *bytes = 0;
  if (!g_file_get_contents (path, &data, &length, NULL) || length < 64)
    return NULL;
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) data, length - 64);
  if (memcmp (sum, data + length - 64, 64) != 0 || !cache_fits (vulkan, data, length - 64))
    return NULL;
  *bytes = length - 64;
  return g_steal_pointer (&data);
}

void
dfkd_pipeline_cache_save (DfkdVulkan *vulkan)
{
  g_autofree char *path = cache_path (vulkan), *folder = g_path_get_dirname (path), *sum = NULL;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  size_t bytes = 0;

  if (vkGetPipelineCacheData (vulkan->device, vulkan->cache, &bytes, NULL) != VK_SUCCESS
      || bytes == vulkan->cache_bytes)
    return;
  g_byte_array_set_size (file, (guint) bytes);
  if (vkGetPipelineCacheData (vulkan->device, vulkan->cache, &bytes, file->data) != VK_SUCCESS)
    return;
  g_byte_array_set_size (file, (guint) bytes);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, file->data, file->len);
  g_byte_array_append (file, (const guint8 *) sum, 64);
  g_mkdir_with_parents (folder, 0700);
  /* failing to save is no error: the next start is slower, nothing else */
  if (g_file_set_contents_full (path, (const char *) file->data, (gssize) file->len,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
    vulkan->cache_bytes = bytes;
}
