/* safetensors-sum.c: what is in a file, and that it is still what was written. */
#include "safetensors-sum-private.h"
#include "safetensors.h"

#include <string.h>

void
dfkd_sum_add (GChecksum *sum, const char *name, gconstpointer data, gsize bytes)
{
  g_checksum_update (sum, (const guchar *) name, (gssize) strlen (name) + 1);
  g_checksum_update (sum, data, (gssize) bytes);
}

void
dfkd_sum_add_text (GChecksum *sum, const char *name, const char *text)
{
  if (text != NULL)
    dfkd_sum_add (sum, name, text, strlen (text));
}

gboolean
dfkd_safetensors_sum_is_right (const DfkdSafetensors *file, const char *const *texts)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < dfkd_safetensors_count (file); i++)
    {
      const DfkdTensorEntry *entry = dfkd_safetensors_get (file, i);

      dfkd_sum_add (sum, entry->name, entry->data, entry->bytes);
    }
  for (; *texts != NULL; texts++)
    dfkd_sum_add_text (sum, *texts, dfkd_safetensors_metadata (file, *texts));
  return g_strcmp0 (dfkd_safetensors_metadata (file, DFKD_SUM_KEY), g_checksum_get_string (sum)) == 0;
}
