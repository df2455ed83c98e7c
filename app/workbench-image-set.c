/* workbench-image-set.c: reads batches as they are needed, and writes PNG and safetensors. */
#include "workbench-image-set.h"

#include "workbench-png.h"
#include "workbench-test-images.h"

#include <cairo.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum {
  SHEET_ZOOM = 2,
  SHEET_GAP = 2,
  MOST_MEMORY = 256 << 20,
};

struct _WorkbenchImageSet
{
  char *folder; /* (nullable) */
  DfkdNorms *norms;
  gboolean looked_for_norms;
  GArray *images;      /* of WorkbenchImage */
  GHashTable *batches; /* synthesis → DfkdPictures */
  GQueue read;         /* of the syntheses whose batches were read, the newest last */
  gsize memory, held;  /* bytes of these: at most, now */
  gsize channels, height, width; /* of the first image; 0: it has not been read */
  gint done;           /* atomic */
};

WorkbenchImageSet *
workbench_image_set_new (WorkbenchDocument *document, const WorkbenchImage *images, gsize count)
{
  WorkbenchImageSet *set = g_new0 (WorkbenchImageSet, 1);
  DfkdPictures *const known[] = { workbench_document_get_pictures (document), workbench_test_images_find_pictures (document) };

  set->folder = g_strdup (workbench_document_get_folder (document));
  set->images = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));
  g_array_append_vals (set->images, images, (guint) count);
  set->memory = MOST_MEMORY;
  set->batches = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) dfkd_pictures_unref);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i] != NULL)
      g_hash_table_insert (set->batches, GUINT_TO_POINTER (known[i]->synthesis), dfkd_pictures_ref (known[i]));
  return set;
}

void
workbench_image_set_free (WorkbenchImageSet *set)
{
  if (set == NULL)
    return;
  g_free (set->folder);
  dfkd_norms_unref (set->norms);
  g_array_unref (set->images);
  g_hash_table_unref (set->batches);
  g_queue_clear (&set->read);
  g_free (set);
}

void
workbench_image_set_set_memory (WorkbenchImageSet *set, gsize bytes)
{
  set->memory = bytes;
}

guint
workbench_image_set_get_held (const WorkbenchImageSet *set)
{
  return set->read.length;
}

guint
workbench_image_set_get_count (const WorkbenchImageSet *set)
{
  return set->images->len;
}

guint
workbench_image_set_get_done (const WorkbenchImageSet *set)
{
  return (guint) g_atomic_int_get (&set->done);
}

static gsize
size_of (const DfkdPictures *p)
{
  gsize size = p->count * dfkd_pictures_image_bytes (p);

  for (guint i = 0; i < DFKD_N_ROWS; i++)
    size += p->rows[i] != NULL ? p->count * p->columns[i] * sizeof (float) : 0;
  return size;
}

/* makes room for a batch that was read: the one that was read first has been used most likely */
static void
hold (WorkbenchImageSet *set, guint synthesis, DfkdPictures *pictures)
{
  set->held += size_of (pictures);
  while (set->held > set->memory && set->read.length > 0)
    {
      gpointer oldest = g_queue_pop_head (&set->read);

      set->held -= size_of (g_hash_table_lookup (set->batches, oldest));
      g_hash_table_remove (set->batches, oldest);
    }
  g_queue_push_tail (&set->read, GUINT_TO_POINTER (synthesis));
  g_hash_table_insert (set->batches, GUINT_TO_POINTER (synthesis), pictures);
}

/* (transfer none) (nullable) a batch, until the next is asked for; NULL without an error: there is no folder to read it from */
static const DfkdPictures *
get_batch (WorkbenchImageSet *set, guint synthesis, GError **error)
{
  DfkdPictures *pictures = g_hash_table_lookup (set->batches, GUINT_TO_POINTER (synthesis));
  g_autofree char *path = NULL, *norms = NULL;

  if (pictures != NULL || set->folder == NULL)
    return pictures;
  path = dfkd_history_path (set->folder, DFKD_HISTORY_PICTURES, synthesis);
  norms = dfkd_history_norms_path (set->folder);
  if (!set->looked_for_norms)
    set->norms = dfkd_norms_load (norms, NULL);
  set->looked_for_norms = TRUE;
  pictures = dfkd_pictures_load (path, set->norms, error);
  if (pictures != NULL)
    hold (set, synthesis, pictures);
  return pictures;
}

/* (transfer none) the batch of image @i, until the next is asked for */
static const DfkdPictures *
get (WorkbenchImageSet *set, guint i, gsize *index, GError **error)
{
  WorkbenchImage image = g_array_index (set->images, WorkbenchImage, i);
  g_autoptr (GError) problem = NULL;
  const DfkdPictures *pictures = get_batch (set, workbench_image_synthesis (image), &problem);

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  *index = workbench_image_index (image);
  if (pictures != NULL && set->channels == 0)
    {
      set->channels = pictures->channels;
      set->height = pictures->height;
      set->width = pictures->width;
    }
  if (pictures == NULL || *index >= pictures->count || set->channels != pictures->channels || set->height != pictures->height || set->width != pictures->width)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("image %u of synthesis %u is not there any more; save it while it is shown, or from a run with a folder"),
                   workbench_image_index (image) + 1, workbench_image_synthesis (image));
      return NULL;
    }
  return pictures;
}

/* ------------------------------------------------------------------------------------------------------ PNG */

static void
paint (cairo_surface_t *surface, gsize left, gsize top, const DfkdPictures *p, gsize index, gsize zoom)
{
  guint8 *data = cairo_image_surface_get_data (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  const guint8 *source = p->pixels + index * dfkd_pictures_image_bytes (p);

  for (gsize y = 0; y < p->height * zoom; y++)
    for (gsize x = 0; x < p->width * zoom; x++)
      {
        const guint8 *pixel = source + (y / zoom * p->width + x / zoom) * p->channels;
        guint32 r = pixel[0], g = pixel[p->channels >= 3 ? 1 : 0], b = pixel[p->channels >= 3 ? 2 : 0], rgb = r << 16 | g << 8 | b;

        memcpy (data + (top + y) * stride + 4 * (left + x), &rgb, sizeof rgb);
      }
}

/* one of many, in a folder that was empty: it may take little time */
static gboolean
write_png (cairo_surface_t *surface, const char *path, GError **error)
{
  cairo_status_t status;

  cairo_surface_mark_dirty (surface);
  status = cairo_surface_write_to_png (surface, path);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path,
                   status == CAIRO_STATUS_WRITE_ERROR ? g_strerror (errno) : cairo_status_to_string (status));
      return FALSE;
    }
  return TRUE;
}

static gboolean
save_sheet (WorkbenchImageSet *set, const char *path, GCancellable *cancellable, GError **error)
{
  guint count = set->images->len, columns = MAX ((guint) ceil (sqrt (count)), 1u), rows = (count + columns - 1) / columns;
  const DfkdPictures *p;
  cairo_surface_t *surface = NULL;
  gsize index, width = 0, height = 0;
  gboolean fine = TRUE;

  for (guint i = 0; i < count && fine; i++)
    {
      p = get (set, i, &index, error);
      fine = p != NULL && !g_cancellable_set_error_if_cancelled (cancellable, error);
      if (!fine)
        break;
      if (surface == NULL)
        {
          width = p->width * SHEET_ZOOM + SHEET_GAP;
          height = p->height * SHEET_ZOOM + SHEET_GAP;
          surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (columns * width - SHEET_GAP), (int) (rows * height - SHEET_GAP));
          if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
            {
              g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: %u images are too many for one picture; save them as a folder"), path, count);
              fine = FALSE;
              break;
            }
          cairo_surface_flush (surface);
        }
      paint (surface, i % columns * width, i / columns * height, p, index, SHEET_ZOOM);
      g_atomic_int_set (&set->done, (gint) i + 1);
    }
  if (fine)
    cairo_surface_mark_dirty (surface);
  fine = fine && workbench_png_write (surface, path, error);
  if (surface != NULL)
    cairo_surface_destroy (surface);
  return fine;
}

static gboolean
make_folder (const char *path, GError **error)
{
  g_autoptr (GDir) directory = NULL;

  if (g_mkdir (path, 0755) == 0)
    return TRUE;
  directory = errno == EEXIST ? g_dir_open (path, 0, NULL) : NULL;
  if (directory == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path, g_strerror (errno));
      return FALSE;
    }
  if (g_dir_read_name (directory) != NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s holds files already; choose an empty folder or a new name"), path);
      return FALSE;
    }
  return TRUE;
}

/* (transfer full) */
static char *
file_name_of (WorkbenchImage image, gint32 label)
{
  if (workbench_image_is_test (image))
    return g_strdup_printf ("test-image-%04u-class-%d.png", workbench_image_index (image) + 1, label);
  return g_strdup_printf ("synthesis-%05u-image-%04u-class-%d.png", workbench_image_synthesis (image), workbench_image_index (image) + 1, label);
}

static gboolean
save_folder (WorkbenchImageSet *set, const char *path, GCancellable *cancellable, GError **error)
{
  if (!make_folder (path, error))
    return FALSE;
  for (guint i = 0; i < set->images->len; i++)
    {
      WorkbenchImage image = g_array_index (set->images, WorkbenchImage, i);
      gsize index;
      const DfkdPictures *p = get (set, i, &index, error);
      g_autofree char *name = NULL, *file = NULL;
      cairo_surface_t *surface;
      gboolean fine;

      if (p == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      name = file_name_of (image, p->labels[index]);
      file = g_build_filename (path, name, NULL);
      surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) p->width, (int) p->height);
      cairo_surface_flush (surface);
      paint (surface, 0, 0, p, index, 1);
      fine = write_png (surface, file, error);
      cairo_surface_destroy (surface);
      if (!fine)
        return FALSE;
      g_atomic_int_set (&set->done, (gint) i + 1);
    }
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------------ safetensors */

static gboolean
has_logits (const DfkdPictures *p, DfkdRows rows, gsize columns)
{
  return p->rows[rows] != NULL && p->columns[rows] == columns;
}

/* @to: [classes]: NaN of a test image that the network was not asked about. Returns: FALSE when they are not kept */
static gboolean
take_logits (const DfkdPictures *p, gsize index, DfkdRows rows, gsize classes, float *to)
{
  if (has_logits (p, rows, classes))
    memcpy (to, p->rows[rows] + index * classes, classes * sizeof (float));
  else if (p->synthesis == WORKBENCH_TEST_SYNTHESIS)
    for (gsize c = 0; c < classes; c++)
      to[c] = NAN;
  else
    return FALSE;
  return TRUE;
}

static gboolean
save_safetensors (WorkbenchImageSet *set, const char *path, GCancellable *cancellable, GError **error)
{
  static const struct { DfkdRows rows; const char *name; } logits[] = { { DFKD_ROWS_TEACHER, "teacher" }, { DFKD_ROWS_STUDENT, "student" } };
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  gsize count = set->images->len, index, classes, plane;
  const DfkdPictures *p = get (set, 0, &index, error);
  g_autofree guint8 *pixels = NULL;
  g_autofree gint32 *numbers = NULL;
  g_autofree float *teacher = NULL, *student = NULL;
  float **const values[] = { &teacher, &student };
  gboolean known[2] = { FALSE };
  gsize dims[4];

  if (p == NULL)
    return FALSE;
  plane = p->height * p->width;
  memcpy (dims, (const gsize[]){ count, p->channels, p->height, p->width }, sizeof dims);
  pixels = g_malloc (count * p->channels * plane);
  numbers = g_new (gint32, 3 * count);
  classes = p->columns[DFKD_ROWS_TEACHER];
  for (guint l = 0; l < 2; l++)
    *values[l] = g_new (float, count * classes);
  for (guint i = 0; i < count; i++)
    {
      WorkbenchImage image = g_array_index (set->images, WorkbenchImage, i);

      p = get (set, i, &index, error);
      if (p == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (gsize c = 0; c < dims[1]; c++)
        for (gsize j = 0; j < plane; j++)
          pixels[(i * dims[1] + c) * plane + j] = p->pixels[(index * plane + j) * p->channels + c];
      numbers[i] = p->labels[index];
      numbers[count + i] = workbench_image_is_test (image) ? 0 : (gint32) workbench_image_synthesis (image);
      numbers[2 * count + i] = (gint32) workbench_image_index (image);
      for (guint l = 0; l < 2; l++)
        {
          known[l] |= has_logits (p, logits[l].rows, classes);
          if (*values[l] != NULL && !take_logits (p, index, logits[l].rows, classes, *values[l] + i * classes))
            g_clear_pointer (values[l], g_free); /* of some only: of none */
        }
      g_atomic_int_set (&set->done, (gint) i + 1);
    }
  dfkd_safetensors_writer_add_tensor (writer, "images", DFKD_DTYPE_U8, dims, 4, pixels);
  dfkd_safetensors_writer_add_tensor (writer, "labels", DFKD_DTYPE_I32, &count, 1, numbers);
  dfkd_safetensors_writer_add_tensor (writer, "synthesis", DFKD_DTYPE_I32, &count, 1, numbers + count);
  dfkd_safetensors_writer_add_tensor (writer, "index", DFKD_DTYPE_I32, &count, 1, numbers + 2 * count);
  for (guint l = 0; l < 2; l++)
    if (*values[l] != NULL && known[l])
      dfkd_safetensors_writer_add_tensor (writer, logits[l].name, DFKD_DTYPE_F32, (const gsize[]){ count, classes }, 2, *values[l]);
  return dfkd_safetensors_writer_write (writer, path, error);
}

/* another program would take a file of another ending for what it is not */
static gboolean
check_ending (WorkbenchImageFormat format, const char *path, GError **error)
{
  if (format == WORKBENCH_IMAGES_FOLDER || g_str_has_suffix (path, format == WORKBENCH_IMAGES_SHEET ? ".png" : ".safetensors"))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               format == WORKBENCH_IMAGES_SHEET ? _("%s: images can be saved as .png or .safetensors; end the name with one of these")
                                                : _("%s: images with what is known of them can be saved as .safetensors; end the name with it"),
               path);
  return FALSE;
}

gboolean
workbench_image_set_save (WorkbenchImageSet *set, WorkbenchImageFormat format, const char *path, GCancellable *cancellable, GError **error)
{
  if (set->images->len == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: there is no image to save yet"), path);
      return FALSE;
    }
  if (!check_ending (format, path, error))
    return FALSE;
  switch (format)
    {
    case WORKBENCH_IMAGES_SHEET:
      return save_sheet (set, path, cancellable, error);
    case WORKBENCH_IMAGES_FOLDER:
      return save_folder (set, path, cancellable, error);
    case WORKBENCH_IMAGES_SAFETENSORS:
      return save_safetensors (set, path, cancellable, error);
    }
  g_return_val_if_reached (FALSE);
}
