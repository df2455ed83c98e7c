/* dataset-folder.c: images in one sub-folder a class, read with gdk-pixbuf, which knows no window and no widget. */
#include "dataset-private.h"

#include "errors.h"
#include "map-file.h"
#include "picture-end.h"
#include "printable-text.h"
#include "thread-pool.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  LARGEST_SIDE = 16384,
  MOST_READERS = 8, /* images that are decoded at once: each may take a GiB */
};

/* the test images of most data sets first, where one has them and some for validation */
static const char *const training_names[] = { "train", "training", "trainset", "train_set", "training_set", NULL };
static const char *const test_names[] = { "test", "testing", "tests", "testset", "test_set", "testing_set", "eval", "evaluation", "val", "valid",
                                          "validation", "valset", "val_set", "validation_set", NULL };
static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".webp", NULL };
static const char *const other_endings[] = { ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".pnm", ".jp2", ".avif", ".heic", ".jxl", NULL };

/* one image that is to be read */
typedef struct {
  char *path;
  gint32 label;
} Item;

static void
item_clear (gpointer data)
{
  g_free (((Item *) data)->path);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* a file, or a link to what is gone: whoever reads it says so, where leaving it out would change the data without a word */
static gboolean
is_kind (const char *path, GFileTest kind)
{
  return g_file_test (path, kind)
         || (kind == G_FILE_TEST_IS_REGULAR && g_file_test (path, G_FILE_TEST_IS_SYMLINK) && !g_file_test (path, G_FILE_TEST_EXISTS));
}

/* sorted by bytes, as other programs number them; hidden ones left out. Returns: (nullable) (transfer full) */
static GPtrArray *
list (const char *folder, GFileTest kind, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GDir) entries = g_dir_open (folder, 0, &cause);
  GPtrArray *names;
  const char *name;

  if (entries == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s; check its name and your permissions"), folder,
                   cause->message);
      return NULL;
    }
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (name[0] != '.' && is_kind (path, kind))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, by_name);
  return names;
}

/* (nullable) (transfer full): the folder in @root that has one of @names, in whatever case, and holds folders: “train” may also be a
 * class */
static char *
find_part (const char *root, const char *const *names)
{
  g_autoptr (GPtrArray) folders = list (root, G_FILE_TEST_IS_DIR, NULL);

  for (guint i = 0; folders != NULL && names[i] != NULL; i++)
    for (guint j = 0; j < folders->len; j++)
      {
        g_autofree char *path = g_build_filename (root, g_ptr_array_index (folders, j), NULL);
        g_autoptr (GPtrArray) inside = g_ascii_strcasecmp (g_ptr_array_index (folders, j), names[i]) == 0 ? list (path, G_FILE_TEST_IS_DIR, NULL) : NULL;

        if (inside != NULL && inside->len > 0)
          return g_steal_pointer (&path);
      }
  return NULL;
}

static gboolean
ends_in (const char *name, const char *const *list)
{
  g_autofree char *small = g_ascii_strdown (name, -1);

  for (guint i = 0; list[i] != NULL; i++)
    if (g_str_has_suffix (small, list[i]))
      return TRUE;
  return FALSE;
}

/* The images among @files of @folder. Those that cannot be read are told of, where leaving them out would change the data without a
 * word; what is no image may lie beside them. */
static gboolean
add_items (const char *folder, const GPtrArray *files, gint32 label, GArray *items, GError **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      const char *name = g_ptr_array_index (files, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (ends_in (name, other_endings))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is of a kind that is not read; expected PNG, JPEG or WebP: convert it, or move it away"),
                       path);
          return FALSE;
        }
      if (ends_in (name, endings))
        {
          Item item = { g_steal_pointer (&path), label };

          g_array_append_val (items, item);
        }
    }
  return TRUE;
}

/* Images in folders inside a class: other programs count them to it, here they would be left out without a word. */
static gboolean
check_inside (const char *class, GError **error)
{
  g_autoptr (GPtrArray) folders = list (class, G_FILE_TEST_IS_DIR, error);

  for (guint i = 0; folders != NULL && i < folders->len; i++)
    {
      g_autofree char *path = g_build_filename (class, g_ptr_array_index (folders, i), NULL);
      g_autoptr (GPtrArray) files = list (path, G_FILE_TEST_IS_REGULAR, error);

      for (guint j = 0; files != NULL && j < files->len; j++)
        if (ends_in (g_ptr_array_index (files, j), endings) || ends_in (g_ptr_array_index (files, j), other_endings))
          {
            g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                         _("%s holds images in a folder inside a class, which are not read; put them into %s itself, or move them away"), path, class);
            return FALSE;
          }
      if (files == NULL)
        return FALSE;
    }
  return folders != NULL;
}

/* all images of @folder, whose sub-folders must be among @classes */
static gboolean
list_items (const char *folder, const GPtrArray *classes, GArray *items, GError **error)
{
  g_autoptr (GPtrArray) folders = list (folder, G_FILE_TEST_IS_DIR, error);
  g_autofree char *empty = NULL;

  for (guint i = 0; folders != NULL && i < folders->len; i++)
    {
      const char *name = g_ptr_array_index (folders, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GPtrArray) files = list (path, G_FILE_TEST_IS_REGULAR, error);
      guint label = 0, before = items->len;

      if (files == NULL)
        return FALSE;
      while (label < classes->len && !g_str_equal (g_ptr_array_index (classes, label), name))
        label++;
      if (label == classes->len)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                       _("%s is no class of the training images; remove it, or give them a folder of that name"), path);
          return FALSE;
        }
      if (!add_items (path, files, (gint32) label, items, error))
        return FALSE;
      if (items->len > before && !check_inside (path, error))
        return FALSE;
      if (items->len == before && empty == NULL)
        empty = g_steal_pointer (&path);
    }
  if (empty == NULL || items->len == 0) /* without any image at all another message says so */
    return folders != NULL;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s holds no image; each sub-folder is a class and has its images in it: put them there, or move it away"),
               empty);
  return FALSE;
}

/* Scaling would weigh colours by their opacity, which images that are not scaled lose. Returns: (nullable) (transfer full) */
static GdkPixbuf *
drop_opacity (GdkPixbuf *image)
{
  const int width = gdk_pixbuf_get_width (image), height = gdk_pixbuf_get_height (image);
  GdkPixbuf *opaque = gdk_pixbuf_get_has_alpha (image) ? gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height) : g_object_ref (image);

  for (int y = 0; opaque != NULL && opaque != image && y < height; y++)
    {
      const guint8 *from = gdk_pixbuf_read_pixels (image) + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (image);
      guint8 *to = gdk_pixbuf_get_pixels (opaque) + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (opaque);

      for (int x = 0; x < width; x++, from += 4, to += 3)
        memcpy (to, from, 3);
    }
  return opaque;
}

/* gdk-pixbuf makes the missing part of a JPEG or WebP file grey, and says nothing. What cannot be opened it tells of. */
static gboolean
check_end (const char *path, GError **error)
{
  g_autoptr (GBytes) file = dfkd_map_file (path, NULL);

  if (file == NULL || dfkd_picture_is_whole (file))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s ends before its image does; fetch or copy it again, or remove it"), path);
  return FALSE;
}

/* in the size that is wanted. Returns: (transfer full) */
static GdkPixbuf *
read_image (const char *path, gsize height, gsize width, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GdkPixbuf) image = NULL, opaque = NULL, scaled = NULL;
  int x, y;

  if (gdk_pixbuf_get_file_info (path, &x, &y) != NULL && (x > LARGEST_SIDE || y > LARGEST_SIDE))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("%s has %d×%d pixels, more than the %d that an image may have on a side"), path, x, y, LARGEST_SIDE);
      return NULL;
    }
  image = gdk_pixbuf_new_from_file (path, &cause);
  if (image == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is no image that can be read: %s; remove it, or save it as PNG"),
                   path, cause->message);
      return NULL;
    }
  if (!check_end (path, error))
    return NULL;
  if (height == 0 || (gdk_pixbuf_get_height (image) == (int) height && gdk_pixbuf_get_width (image) == (int) width))
    return g_steal_pointer (&image);
  opaque = drop_opacity (image);
  scaled = opaque != NULL ? gdk_pixbuf_scale_simple (opaque, (int) width, (int) height, GDK_INTERP_BILINEAR) : NULL;
  if (scaled == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("%s: there is too little memory for %zu bytes of images; close other programs"), path,
                 (gsize) gdk_pixbuf_get_width (image) * (gsize) gdk_pixbuf_get_height (image) * 3 + height * width * 3);
  return g_steal_pointer (&scaled);
}

/* channels first, without opacity */
static void
copy_image (GdkPixbuf *image, guint8 *to, gsize height, gsize width)
{
  const guint8 *pixels = gdk_pixbuf_read_pixels (image);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (image), step = (gsize) gdk_pixbuf_get_n_channels (image);

  for (gsize c = 0; c < 3; c++)
    for (gsize y = 0; y < height; y++)
      for (gsize x = 0; x < width; x++)
        *to++ = pixels[y * stride + x * step + c];
}

/* red, green and blue alike everywhere: one channel says as much */
static void
drop_colour (DfkdDataset *dataset)
{
  const gsize area = dataset->height * dataset->width;

  for (gsize i = 0; i < dataset->count; i++)
    for (gsize c = 1; c < 3; c++)
      if (memcmp (dataset->images + 3 * i * area, dataset->images + (3 * i + c) * area, area) != 0)
        return;
  for (gsize i = 1; i < dataset->count; i++)
    memmove (dataset->images + i * area, dataset->images + 3 * i * area, area);
  dataset->channels = 1;
}

/* images that are read at the same time, each into its own place */
typedef struct {
  const GArray *items;
  const DfkdDatasetOptions *options;
  DfkdDataset *dataset; /* of the size of the first image */

  GMutex lock;  /* of what follows */
  gsize failed; /* index of the first image that cannot be read; G_MAXSIZE: none */
  GError *error;
} Reading;

static void
fail (Reading *reading, gsize index, GError *error)
{
  g_mutex_lock (&reading->lock);
  if (index < reading->failed)
    {
      reading->failed = index;
      g_clear_error (&reading->error);
      reading->error = g_steal_pointer (&error);
    }
  g_mutex_unlock (&reading->lock);
  g_clear_error (&error);
}

/* behind one that cannot be read nothing is wanted any more; what is before it is, as it may be the first */
static gboolean
is_wanted (Reading *reading, gsize index)
{
  gboolean wanted;

  g_mutex_lock (&reading->lock);
  wanted = index < reading->failed;
  g_mutex_unlock (&reading->lock);
  return wanted;
}

static void
put_image (Reading *reading, gsize index, GdkPixbuf *image)
{
  const Item *item = &g_array_index (reading->items, Item, index);
  const gsize height = (gsize) gdk_pixbuf_get_height (image), width = (gsize) gdk_pixbuf_get_width (image);
  DfkdDataset *dataset = reading->dataset;

  if (height != dataset->height || width != dataset->width)
    {
      fail (reading, index,
            g_error_new (DFKD_ERROR, DFKD_ERROR_SHAPE,
                         _("%s has %zu×%zu pixels, the images before it %zu×%zu (width × height); resize them all with --size HEIGHTxWIDTH"),
                         item->path, width, height, dataset->width, dataset->height));
      return;
    }
  copy_image (image, dataset->images + index * 3 * height * width, height, width);
  dataset->labels[index] = item->label;
}

static void
read_item (gpointer data, gsize index)
{
  Reading *reading = data;
  g_autoptr (GdkPixbuf) image = NULL;
  GError *error = NULL;

  if (!is_wanted (reading, index))
    return;
  image = read_image (g_array_index (reading->items, Item, index).path, reading->options->height, reading->options->width, &error);
  if (image != NULL)
    put_image (reading, index, image);
  else
    fail (reading, index, error);
}

/* The first image says how large all are. Whichever is read first, the error is that of the first that cannot be. */
static DfkdDataset *
read_items (const GArray *items, const char *folder, const DfkdDatasetOptions *options, GError **error)
{
  g_autoptr (GdkPixbuf) first = NULL;
  g_autoptr (DfkdThreadPool) pool = NULL;
  g_autoptr (DfkdDataset) dataset = NULL;
  Reading reading = { .items = items, .options = options, .failed = G_MAXSIZE };

  if (items->len == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s: no sub-folder holds an image (PNG, JPEG or WebP); each is a class and has its images in it, not in folders of their own"), folder);
      return NULL;
    }
  first = read_image (g_array_index (items, Item, 0).path, options->height, options->width, error);
  if (first == NULL)
    return NULL;
  dataset = dfkd_dataset_new (items->len, 3, (gsize) gdk_pixbuf_get_height (first), (gsize) gdk_pixbuf_get_width (first), folder, error);
  if (dataset == NULL)
    return NULL;
  reading.dataset = dataset;
  g_mutex_init (&reading.lock);
  pool = dfkd_thread_pool_new (MIN (g_get_num_processors (), MOST_READERS));
  dfkd_thread_pool_run (pool, items->len, read_item, &reading);
  g_mutex_clear (&reading.lock);
  if (reading.error != NULL)
    {
      g_propagate_error (error, reading.error);
      return NULL;
    }
  if (options->channels != 3)
    drop_colour (dataset);
  return g_steal_pointer (&dataset);
}

/* A file's name may hold what no model's file and no terminal takes: a tab, a new line. Returns: (transfer full) */
static char *
class_name (const char *folder)
{
  g_autofree char *name = g_filename_display_name (folder);

  return dfkd_printable_text (name);
}

DfkdDataset *
dfkd_dataset_load_folder (const char *folder, gboolean test, const DfkdDatasetOptions *options, gboolean *found, GError **error)
{
  g_autofree char *training = find_part (folder, training_names), *testing = find_part (folder, test_names);
  gboolean divided = training != NULL && testing != NULL;
  g_autoptr (GPtrArray) classes = list (training != NULL  ? training
                                        : testing != NULL ? testing
                                                          : folder,
                                        G_FILE_TEST_IS_DIR, error);
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (Item));
  const char *part = divided && !test ? training : testing != NULL ? testing : training != NULL ? training : folder;
  DfkdDataset *dataset;

  *found = classes == NULL || classes->len > 0;
  if (classes == NULL || classes->len == 0)
    return NULL;
  if (test && training != NULL && testing == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                   _("%s has training images in %s and no test images, expected in a folder beside it (test, testing, val …) with one sub-folder a "
                     "class; name the folder of test images itself with --data"),
                   folder, training);
      return NULL;
    }
  if (classes->len > DFKD_DATASET_MOST_CLASSES)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s has %u sub-folders, more than the %d classes that there may be"),
                   part, classes->len, DFKD_DATASET_MOST_CLASSES);
      return NULL;
    }
  g_array_set_clear_func (items, item_clear);
  if (!list_items (part, classes, items, error))
    return NULL;
  dataset = read_items (items, part, options, error);
  if (dataset == NULL)
    return NULL;
  dataset->classes = classes->len;
  dataset->classes_known = TRUE;
  dataset->undivided = !divided;
  dataset->class_names = g_new0 (char *, classes->len + 1);
  for (guint i = 0; i < classes->len; i++)
    dataset->class_names[i] = class_name (g_ptr_array_index (classes, i));
  return dataset;
}
