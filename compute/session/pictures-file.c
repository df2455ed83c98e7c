/* pictures-file.c: batches and what a teacher stored, as safetensors. Whatever a file says is checked first. */
#include "pictures-file.h"

#include "errors.h"
#include "float-text.h"
#include "safetensors.h"
#include "tensor.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
  MOST_IMAGES = 1 << 20, /* of a batch that is believed */
};

static void
add_number (DfkdSafetensorsWriter *writer, const char *key, guint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  dfkd_safetensors_writer_add_metadata (writer, key, text);
}

/* all frames one behind the other: images U8 [F·N,C,H,W] */
static void
add_frames (DfkdSafetensorsWriter *writer, const DfkdPictures *p)
{
  gsize count = p->frames->len, bytes = p->count * dfkd_pictures_image_bytes (p), size = p->norms != NULL ? p->norms->size : 0;
  DfkdShape shape = dfkd_shape_of_type (DFKD_U8, count * p->count, p->channels, p->height, p->width);
  g_autofree guint8 *pixels = g_malloc (count * bytes), *planar = g_malloc (dfkd_shape_bytes (&shape));
  g_autofree gint32 *inner = g_new (gint32, count);
  g_autofree float *statistics = g_new (float, 2 * count * size);
  gboolean known = size > 0;

  for (gsize i = 0; i < count; i++)
    {
      const DfkdFrame *frame = g_ptr_array_index (p->frames, i);

      memcpy (pixels + i * bytes, frame->pixels, bytes);
      inner[i] = (gint32) frame->inner;
      known = known && frame->statistics != NULL && frame->compared != NULL;
      if (known)
        {
          memcpy (statistics + 2 * i * size, frame->statistics, size * sizeof (float));
          memcpy (statistics + (2 * i + 1) * size, frame->compared, size * sizeof (float));
        }
    }
  dfkd_tensor_from_storage (&shape, pixels, planar);
  dfkd_safetensors_writer_add_tensor (writer, "frames", DFKD_DTYPE_U8, shape.dim, 4, planar);
  dfkd_safetensors_writer_add_tensor (writer, "frame_steps", DFKD_DTYPE_I32, &count, 1, inner);
  if (known)
    dfkd_safetensors_writer_add_tensor (writer, "frame_statistics", DFKD_DTYPE_F32, (const gsize[]){ count, 2, size }, 3, statistics);
}

/* by its name, and the weights of its terms */
static void
add_method (DfkdSafetensorsWriter *writer, const DfkdPictures *p)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (p->method != NULL)
    dfkd_safetensors_writer_add_metadata (writer, "method", p->method->name);
  for (DfkdTerm i = 0; i < DFKD_N_TERMS; i++)
    if (dfkd_method_has_term (p->method, i) && isfinite (p->weights[i]))
      dfkd_safetensors_writer_add_metadata (writer, dfkd_term_name (i), dfkd_float_text (number, p->weights[i]));
}

/* files of earlier versions do not say it */
static void
read_method (const DfkdSafetensors *file, DfkdPictures *p)
{
  const char *method = dfkd_safetensors_metadata (file, "method");

  p->method = method != NULL ? dfkd_method_find (method) : NULL;
  for (DfkdTerm i = 0; i < DFKD_N_TERMS && p->method != NULL; i++)
    {
      const char *text = dfkd_safetensors_metadata (file, dfkd_term_name (i));
      float weight = text != NULL ? (float) g_ascii_strtod (text, NULL) : NAN;

      if (!dfkd_method_has_term (p->method, i))
        p->weights[i] = 0.0f;
      else if (isfinite (weight))
        p->weights[i] = weight;
    }
}

gboolean
dfkd_pictures_save (const DfkdPictures *p, const char *path, GError **error)
{
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  DfkdShape shape = dfkd_shape_of_type (DFKD_U8, p->count, p->channels, p->height, p->width);
  g_autofree guint8 *planar = g_malloc (dfkd_shape_bytes (&shape));

  dfkd_tensor_from_storage (&shape, p->pixels, planar);
  dfkd_safetensors_writer_add_tensor (writer, "images", DFKD_DTYPE_U8, shape.dim, 4, planar);
  dfkd_safetensors_writer_add_tensor (writer, "labels", DFKD_DTYPE_I32, &p->count, 1, p->labels);
  for (guint i = 0; i < DFKD_N_ROWS; i++)
    if (p->rows[i] != NULL)
      dfkd_safetensors_writer_add_tensor (writer, dfkd_rows_name (i), DFKD_DTYPE_F32, (const gsize[]){ p->count, p->columns[i] }, 2, p->rows[i]);
  if (p->statistics != NULL)
    dfkd_safetensors_writer_add_tensor (writer, "statistics", DFKD_DTYPE_F32, &p->norms->size, 1, p->statistics);
  if (p->frames != NULL)
    add_frames (writer, p);
  add_number (writer, "step", p->step);
  add_number (writer, "synthesis", p->synthesis);
  add_number (writer, "inner", p->inner);
  add_number (writer, "k", p->k);
  add_method (writer, p);
  return dfkd_safetensors_writer_write (writer, path, error);
}

static gboolean
refuse (const char *path, const char *what, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not a batch of pictures of a run: %s is missing or of another shape"), path, what);
  return FALSE;
}

static guint64
read_number (const DfkdSafetensors *file, const char *key)
{
  const char *text = dfkd_safetensors_metadata (file, key);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
}

static gboolean
read_rows (const DfkdSafetensors *file, DfkdPictures *p, const char *path, GError **error)
{
  for (guint i = 0; i < DFKD_N_ROWS; i++)
    {
      const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, dfkd_rows_name (i));

      if (entry == NULL)
        continue;
      if (entry->rank != 2 || entry->dims[0] != p->count)
        return refuse (path, dfkd_rows_name (i), error);
      if (!dfkd_tensor_entry_read_float (entry, dfkd_pictures_add_rows (p, i, entry->dims[1]), dfkd_tensor_entry_count (entry), error))
        return FALSE;
    }
  return TRUE;
}

/* @norms: NULL when statistics shall be left out */
static gboolean
read_frames (const DfkdSafetensors *file, DfkdPictures *p, const DfkdNorms *norms, const char *path, GError **error)
{
  const DfkdTensorEntry *frames = dfkd_safetensors_lookup (file, "frames"), *steps = dfkd_safetensors_lookup (file, "frame_steps");
  const DfkdTensorEntry *statistics = dfkd_safetensors_lookup (file, "frame_statistics");
  gsize count, bytes = p->count * dfkd_pictures_image_bytes (p), size = norms != NULL ? norms->size : 0;
  g_autofree guint8 *pixels = NULL;
  g_autofree gint32 *inner = NULL;
  g_autofree float *values = NULL;
  DfkdShape shape;

  if (frames == NULL)
    return TRUE;
  count = frames->rank == 4 ? frames->dims[0] / p->count : 0;
  if (frames->dtype != DFKD_DTYPE_U8 || count == 0 || frames->dims[0] != count * p->count || frames->dims[1] != p->channels || frames->dims[2] != p->height
      || frames->dims[3] != p->width)
    return refuse (path, "frames", error);
  if (steps == NULL || steps->rank != 1 || steps->dims[0] != count)
    return refuse (path, "frame_steps", error);
  shape = dfkd_shape_of_type (DFKD_U8, count * p->count, p->channels, p->height, p->width);
  pixels = g_malloc (count * bytes);
  inner = g_new (gint32, count);
  dfkd_tensor_to_storage (&shape, frames->data, pixels);
  if (!dfkd_tensor_entry_read_int32 (steps, inner, count, error))
    return FALSE;
  if (statistics != NULL && size > 0 && statistics->rank == 3 && statistics->dims[0] == count && statistics->dims[1] == 2 && statistics->dims[2] == size)
    {
      values = g_new (float, 2 * count * size);
      if (!dfkd_tensor_entry_read_float (statistics, values, 2 * count * size, error))
        return FALSE;
    }
  p->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_frame_unref);
  for (gsize i = 0; i < count; i++)
    {
      DfkdFrame *frame = dfkd_frame_new ((guint) MAX (inner[i], 1), bytes);

      memcpy (frame->pixels, pixels + i * bytes, bytes);
      frame->statistics = values != NULL ? g_memdup2 (values + 2 * i * size, size * sizeof (float)) : NULL;
      frame->compared = values != NULL ? g_memdup2 (values + (2 * i + 1) * size, size * sizeof (float)) : NULL;
      g_ptr_array_add (p->frames, frame);
    }
  return TRUE;
}

DfkdPictures *
dfkd_pictures_load (const char *path, DfkdNorms *norms, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);
  g_autoptr (DfkdPictures) p = NULL;
  const DfkdTensorEntry *images, *labels, *statistics;
  DfkdShape shape;

  if (file == NULL)
    return NULL;
  images = dfkd_safetensors_lookup (file, "images");
  labels = dfkd_safetensors_lookup (file, "labels");
  statistics = dfkd_safetensors_lookup (file, "statistics");
  if (images == NULL || images->dtype != DFKD_DTYPE_U8 || images->rank != 4 || images->bytes == 0 || images->dims[0] > MOST_IMAGES)
    {
      refuse (path, "images", error);
      return NULL;
    }
  if (labels == NULL || labels->rank != 1 || labels->dims[0] != images->dims[0])
    {
      refuse (path, "labels", error);
      return NULL;
    }
  p = dfkd_pictures_new (images->dims[0], images->dims[1], images->dims[2], images->dims[3]);
  shape = dfkd_shape_of_type (DFKD_U8, p->count, p->channels, p->height, p->width);
  dfkd_tensor_to_storage (&shape, images->data, p->pixels);
  if (!dfkd_tensor_entry_read_int32 (labels, p->labels, p->count, error) || !read_rows (file, p, path, error)
      || !read_frames (file, p, norms, path, error))
    return NULL;
  if (statistics != NULL && norms != NULL && dfkd_tensor_entry_count (statistics) == norms->size)
    {
      p->norms = dfkd_norms_ref (norms);
      p->statistics = g_new (float, norms->size);
      if (!dfkd_tensor_entry_read_float (statistics, p->statistics, norms->size, error))
        return NULL;
    }
  p->step = read_number (file, "step");
  p->synthesis = (guint) read_number (file, "synthesis");
  p->inner = (guint) read_number (file, "inner");
  p->k = (guint) read_number (file, "k");
  read_method (file, p);
  return g_steal_pointer (&p);
}

gboolean
dfkd_norms_save (const DfkdNorms *norms, const char *path, GError **error)
{
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();

  for (guint i = 0; i < norms->norms->len; i++)
    {
      const DfkdNorm *norm = &g_array_index (norms->norms, DfkdNorm, i);

      dfkd_safetensors_writer_add_tensor (writer, norm->name, DFKD_DTYPE_F32, (const gsize[]){ 2, norm->channels }, 2, norms->running + norm->offset);
    }
  return dfkd_safetensors_writer_write (writer, path, error);
}

DfkdNorms *
dfkd_norms_load (const char *path, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);
  g_autoptr (DfkdNorms) norms = dfkd_norms_new ();

  if (file == NULL)
    return NULL;
  for (gsize i = 0; i < dfkd_safetensors_count (file); i++)
    {
      const DfkdTensorEntry *entry = dfkd_safetensors_get (file, i);
      g_autofree float *values = NULL;

      if (entry->rank != 2 || entry->dims[0] != 2)
        {
          refuse (path, entry->name, error);
          return NULL;
        }
      values = g_new (float, dfkd_tensor_entry_count (entry));
      if (!dfkd_tensor_entry_read_float (entry, values, dfkd_tensor_entry_count (entry), error))
        return NULL;
      dfkd_norms_add (norms, entry->name, entry->dims[1], values);
    }
  return g_steal_pointer (&norms);
}
