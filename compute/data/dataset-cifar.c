/* dataset-cifar.c: where CIFAR's files are: in a folder, in the archive as downloaded, or one alone. */
#include "dataset-private.h"

#include "cifar.h"
#include "errors.h"
#include "map-file.h"
#include "tar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const gsize LARGEST_FILE = (gsize) 512 << 20; /* CIFAR-100's training images are 155 MB */

/* a folder, or what was kept of an archive */
typedef struct {
  const char *path;
  GHashTable *files; /* (nullable): name → GBytes */
} Place;

static gboolean
has (const Place *place, const char *file)
{
  g_autofree char *path = NULL;

  if (place->files != NULL)
    return g_hash_table_contains (place->files, file);
  path = g_build_filename (place->path, file, NULL);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* @name: (out): for messages */
static GBytes *
get (const Place *place, const char *file, char **name, GError **error)
{
  *name = g_build_filename (place->path, file, NULL);
  if (place->files == NULL)
    return dfkd_map_file (*name, error);
  if (g_hash_table_contains (place->files, file))
    return g_bytes_ref (g_hash_table_lookup (place->files, file));
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s: %s is not in it; fetch the archive again"), place->path, file);
  return NULL;
}

static gboolean
find_version (const Place *place, DfkdCifar *version)
{
  for (guint i = 0; i < DFKD_N_CIFAR; i++)
    {
      const DfkdCifarLayout *layout = dfkd_cifar_layout ((DfkdCifar) i);

      if (has (place, layout->test[0]) || has (place, layout->training[0]))
        {
          *version = (DfkdCifar) i;
          return TRUE;
        }
    }
  return FALSE;
}

static DfkdDataset *
load (const Place *place, DfkdCifar version, gboolean test, gboolean coarse, GError **error)
{
  const DfkdCifarLayout *layout = dfkd_cifar_layout (version);
  const char *const *wanted = test ? layout->test : layout->training, *naming = coarse ? layout->coarse_names : layout->names;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (DfkdDataset) dataset = NULL;

  for (guint i = 0; wanted[i] != NULL; i++)
    {
      char *name;
      GBytes *file = get (place, wanted[i], &name, error);

      g_ptr_array_add (names, name);
      if (file == NULL)
        return NULL;
      g_ptr_array_add (files, file);
    }
  dataset
      = dfkd_cifar_read (version, (GBytes *const *) files->pdata, (const char *const *) names->pdata, files->len, coarse, error);
  if (dataset != NULL && has (place, naming))
    {
      g_autofree char *name = NULL;
      g_autoptr (GBytes) file = get (place, naming, &name, error);

      dataset->class_names = file != NULL ? dfkd_cifar_read_names (version, file, name, coarse, dataset->classes, error) : NULL;
      if (dataset->class_names == NULL)
        return NULL;
    }
  return g_steal_pointer (&dataset);
}

/* in the folder itself, or in one in it that is called as the archive calls it. @path: (out) (transfer full) */
static gboolean
find_folder (const char *folder, char **path, DfkdCifar *version)
{
  if (find_version (&(Place){ folder, NULL }, version))
    {
      *path = g_strdup (folder);
      return TRUE;
    }
  for (guint i = 0; i < DFKD_N_CIFAR; i++)
    {
      g_autofree char *inside = g_build_filename (folder, dfkd_cifar_layout ((DfkdCifar) i)->folder, NULL);

      if (find_version (&(Place){ inside, NULL }, version))
        {
          *path = g_steal_pointer (&inside);
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
dfkd_dataset_is_cifar (const char *folder, gsize *classes)
{
  g_autofree char *path = NULL;
  DfkdCifar version;

  if (!find_folder (folder, &path, &version))
    return FALSE;
  *classes = dfkd_cifar_layout (version)->classes;
  return TRUE;
}

DfkdDataset *
dfkd_dataset_load_cifar_folder (const char *folder, gboolean test, gboolean coarse, gboolean *found, GError **error)
{
  g_autofree char *path = NULL;
  DfkdCifar version;

  *found = find_folder (folder, &path, &version);
  return *found ? load (&(Place){ path, NULL }, version, test, coarse, error) : NULL;
}

typedef struct {
  gboolean test;
} Part;

static gboolean
is_wanted (const char *name, gpointer data)
{
  const Part *part = data;

  for (guint i = 0; i < DFKD_N_CIFAR; i++)
    {
      const DfkdCifarLayout *layout = dfkd_cifar_layout ((DfkdCifar) i);

      if (g_strv_contains (part->test ? layout->test : layout->training, name) || g_str_equal (name, layout->names)
          || g_str_equal (name, layout->coarse_names))
        return TRUE;
    }
  return FALSE;
}

DfkdDataset *
dfkd_dataset_load_cifar_archive (GBytes *bytes, const char *path, gboolean test, gboolean coarse, GError **error)
{
  g_autoptr (GHashTable) files = dfkd_tar_read (bytes, path, is_wanted, &(Part){ test }, LARGEST_FILE, error);
  DfkdCifar version;

  if (files == NULL)
    return NULL;
  if (find_version (&(Place){ path, files }, &version))
    return load (&(Place){ path, files }, version, test, coarse, error);
  g_set_error (
      error, DFKD_ERROR, DFKD_ERROR_FORMAT,
      _("%s: this archive holds neither CIFAR-10 nor CIFAR-100; name one as downloaded, or unpack it and name the folder"),
      path);
  return NULL;
}

/* its size tells, and where that fits both, that CIFAR-10 has no label above nine */
static DfkdCifar
version_of (GBytes *bytes)
{
  const gsize record = 1 + 3 * 32 * 32;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size % record == 0 && size % (record + 1) != 0)
    return DFKD_CIFAR_10_BINARY;
  for (gsize i = 0; i < size && size % record == 0; i += record)
    if (data[i] > 9)
      return DFKD_CIFAR_100_BINARY;
  return size % record == 0 ? DFKD_CIFAR_10_BINARY : DFKD_CIFAR_100_BINARY;
}

gboolean
dfkd_dataset_is_cifar_file (GBytes *bytes)
{
  const gsize record = 1 + 3 * 32 * 32, size = g_bytes_get_size (bytes);

  return size > 0 && (size % record == 0 || size % (record + 1) == 0);
}

DfkdDataset *
dfkd_dataset_load_cifar_file (GBytes *bytes, const char *path, gboolean coarse, GError **error)
{
  DfkdDataset *dataset = dfkd_cifar_read (version_of (bytes), &bytes, &path, 1, coarse, error);

  if (dataset != NULL)
    dataset->undivided = TRUE;
  return dataset;
}
