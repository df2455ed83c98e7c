/* tensor-file.c: one face for the formats that tensors come in. */
#include "tensor-file.h"

#include "errors.h"
#include "map-file.h"
#include "safetensors.h"
#include "torch-checkpoint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _DfkdTensorFile
{
  DfkdSafetensors *safetensors;    /* one of these two */
  DfkdTorchCheckpoint *checkpoint;
  GHashTable *by_name;             /* of a checkpoint's entries */
  char *notice;
};

static void
index_entries (DfkdTensorFile *file)
{
  const GPtrArray *entries = dfkd_torch_checkpoint_entries (file->checkpoint);

  file->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < entries->len; i++)
    {
      DfkdTensorEntry *entry = entries->pdata[i];

      g_hash_table_insert (file->by_name, entry->name, entry);
    }
}

static void
note_others (DfkdTensorFile *file, const char *name)
{
  const char *const *others = dfkd_torch_checkpoint_others (file->checkpoint);
  g_autofree char *list = g_strjoinv (", ", (char **) others);

  if (others[0] != NULL)
    file->notice = g_strdup_printf (_("%s holds several networks: “%s” was read, not %s"), name,
                                    dfkd_torch_checkpoint_part (file->checkpoint), list);
}

/* what pickle.dump() begins with since Python 2.3, and since 3.8 with a frame; as the length of a header of safetensors it would be over 4 GiB, or
 * more than there is */
static gboolean
is_bare_pickle (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint64 length;

  if (size < 8 || data[0] != 0x80 || data[1] < 2 || data[1] > 5)
    return FALSE;
  memcpy (&length, data, sizeof length);
  length = GUINT64_FROM_LE (length);
  return length >> 32 != 0 || (data[2] == 0x95 && length > size);
}

static DfkdTensorFile *
new_file (GBytes *bytes, const char *name, const char *part, gboolean single, GError **error)
{
  g_autoptr (DfkdTensorFile) file = g_new0 (DfkdTensorFile, 1);

  if (dfkd_torch_checkpoint_is (bytes))
    {
      file->checkpoint = single ? dfkd_torch_checkpoint_new_single (bytes, name, error) : dfkd_torch_checkpoint_new (bytes, name, part, error);
      if (file->checkpoint == NULL)
        return NULL;
      index_entries (file);
      if (part == NULL)
        note_others (file, name);
      return g_steal_pointer (&file);
    }
  if (is_bare_pickle (bytes))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   single ? _("%s is a pickle, but none of torch.save: load it in Python and save its numbers by numpy.save (FILE, numbers)")
                          : _("%s is a pickle, but none of torch.save: save the weights by torch.save (model.state_dict (), FILE), or as safetensors"), name);
      return NULL;
    }
  file->safetensors = dfkd_safetensors_new_from_bytes (bytes, name, error);
  if (file->safetensors == NULL)
    return NULL;
  if (part != NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s is a safetensors file, which has no parts; leave “%s” out"),
                   name, part);
      return NULL;
    }
  return g_steal_pointer (&file);
}

DfkdTensorFile *
dfkd_tensor_file_new_from_bytes (GBytes *bytes, const char *name, const char *part, GError **error)
{
  return new_file (bytes, name, part, FALSE, error);
}

DfkdTensorFile *
dfkd_tensor_file_new_single (GBytes *bytes, const char *name, GError **error)
{
  return new_file (bytes, name, NULL, TRUE, error);
}

DfkdTensorFile *
dfkd_tensor_file_open (const char *path, const char *part, GError **error)
{
  g_autoptr (GBytes) bytes = dfkd_map_file (path, error);

  return bytes != NULL ? dfkd_tensor_file_new_from_bytes (bytes, path, part, error) : NULL;
}

void
dfkd_tensor_file_free (DfkdTensorFile *file)
{
  if (file == NULL)
    return;
  g_clear_pointer (&file->by_name, g_hash_table_unref);
  dfkd_safetensors_free (file->safetensors);
  dfkd_torch_checkpoint_free (file->checkpoint);
  g_free (file->notice);
  g_free (file);
}

gsize
dfkd_tensor_file_count (const DfkdTensorFile *file)
{
  return file->checkpoint != NULL ? dfkd_torch_checkpoint_entries (file->checkpoint)->len
                                  : dfkd_safetensors_count (file->safetensors);
}

const DfkdTensorEntry *
dfkd_tensor_file_get (const DfkdTensorFile *file, gsize index)
{
  g_return_val_if_fail (index < dfkd_tensor_file_count (file), NULL);
  return file->checkpoint != NULL ? dfkd_torch_checkpoint_entries (file->checkpoint)->pdata[index]
                                  : dfkd_safetensors_get (file->safetensors, index);
}

const DfkdTensorEntry *
dfkd_tensor_file_lookup (const DfkdTensorFile *file, const char *name)
{
  return file->checkpoint != NULL ? g_hash_table_lookup (file->by_name, name) : dfkd_safetensors_lookup (file->safetensors, name);
}

const char *
dfkd_tensor_file_metadata (const DfkdTensorFile *file, const char *key)
{
  return file->checkpoint != NULL ? NULL : dfkd_safetensors_metadata (file->safetensors, key);
}

const char *
dfkd_tensor_file_notice (const DfkdTensorFile *file)
{
  return file->notice;
}
