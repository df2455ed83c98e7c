/* pictures.c: reference counts, and who frees what. */
#include "pictures.h"

#include <math.h>
#include <string.h>

DfkdFrame *
dfkd_frame_new (guint inner, gsize bytes)
{
  DfkdFrame *frame = g_new0 (DfkdFrame, 1);

  g_atomic_ref_count_init (&frame->references);
  frame->inner = inner;
  frame->pixels = g_malloc (bytes);
  return frame;
}

DfkdFrame *
dfkd_frame_ref (DfkdFrame *frame)
{
  g_atomic_ref_count_inc (&frame->references);
  return frame;
}

void
dfkd_frame_unref (DfkdFrame *frame)
{
  if (frame == NULL || !g_atomic_ref_count_dec (&frame->references))
    return;
  g_free (frame->pixels);
  g_free (frame->statistics);
  g_free (frame->compared);
  g_free (frame);
}

static void
clear_norm (gpointer norm)
{
  g_free (((DfkdNorm *) norm)->name);
}

DfkdNorms *
dfkd_norms_new (void)
{
  DfkdNorms *norms = g_new0 (DfkdNorms, 1);

  g_atomic_ref_count_init (&norms->references);
  norms->norms = g_array_new (FALSE, FALSE, sizeof (DfkdNorm));
  g_array_set_clear_func (norms->norms, clear_norm);
  return norms;
}

void
dfkd_norms_add (DfkdNorms *norms, const char *name, gsize channels, const float *running)
{
  DfkdNorm norm = { g_strdup (name), channels, norms->size };

  g_array_append_val (norms->norms, norm);
  norms->size += 2 * channels;
  norms->running = g_renew (float, norms->running, norms->size);
  memcpy (norms->running + norm.offset, running, 2 * channels * sizeof (float));
}

DfkdNorms *
dfkd_norms_ref (DfkdNorms *norms)
{
  g_atomic_ref_count_inc (&norms->references);
  return norms;
}

void
dfkd_norms_unref (DfkdNorms *norms)
{
  if (norms == NULL || !g_atomic_ref_count_dec (&norms->references))
    return;
  g_array_unref (norms->norms);
  g_free (norms->running);
  g_free (norms);
}

const char *
dfkd_rows_name (DfkdRows rows)
{
  static const char *const names[] = {
    [DFKD_ROWS_Z_START] = "z_start",
    [DFKD_ROWS_Z] = "z",
    [DFKD_ROWS_TEACHER] = "teacher",
    [DFKD_ROWS_STUDENT] = "student",
    [DFKD_ROWS_TEACHER_FEATURES] = "teacher_features",
    [DFKD_ROWS_GENERATOR_FEATURES] = "generator_features",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_N_ROWS);
  return names[rows];
}

gboolean
dfkd_rows_find (const char *name, DfkdRows *rows)
{
  for (guint i = 0; i < DFKD_N_ROWS; i++)
    if (g_str_equal (dfkd_rows_name (i), name))
      {
        *rows = i;
        return TRUE;
      }
  return FALSE;
}

DfkdPictures *
dfkd_pictures_new (gsize count, gsize channels, gsize height, gsize width)
{
  DfkdPictures *pictures = g_new0 (DfkdPictures, 1);

  g_atomic_ref_count_init (&pictures->references);
  pictures->count = count;
  pictures->channels = channels;
  pictures->height = height;
  pictures->width = width;
  pictures->labels = g_new0 (gint32, count);
  pictures->pixels = g_malloc0_n (count, channels * height * width);
  pictures->loss = (double) NAN;
  for (guint i = 0; i < DFKD_N_TERMS; i++)
    {
      pictures->losses[i] = (double) NAN;
      pictures->weights[i] = NAN;
    }
  return pictures;
}

float *
dfkd_pictures_add_rows (DfkdPictures *pictures, DfkdRows rows, gsize columns)
{
  g_return_val_if_fail (pictures->rows[rows] == NULL, NULL);
  pictures->columns[rows] = columns;
  pictures->rows[rows] = g_new0 (float, pictures->count * columns);
  return pictures->rows[rows];
}

gsize
dfkd_pictures_image_bytes (const DfkdPictures *pictures)
{
  return pictures->channels * pictures->height * pictures->width;
}

DfkdPictures *
dfkd_pictures_at_frame (const DfkdPictures *p, const DfkdFrame *frame)
{
  DfkdPictures *then = dfkd_pictures_new (p->count, p->channels, p->height, p->width);

  then->step = p->step - (p->inner - frame->inner);
  then->synthesis = p->synthesis;
  then->inner = frame->inner;
  then->k = p->k;
  then->method = p->method;
  memcpy (then->labels, p->labels, p->count * sizeof *p->labels);
  memcpy (then->pixels, frame->pixels, p->count * dfkd_pictures_image_bytes (p));
  if (p->norms == NULL || frame->statistics == NULL)
    return then;
  then->norms = dfkd_norms_ref (p->norms);
  then->statistics = g_memdup2 (frame->statistics, p->norms->size * sizeof (float));
  then->compared = g_memdup2 (frame->compared, p->norms->size * sizeof (float));
  return then;
}

DfkdPictures *
dfkd_pictures_ref (DfkdPictures *pictures)
{
  g_atomic_ref_count_inc (&pictures->references);
  return pictures;
}

void
dfkd_pictures_unref (DfkdPictures *pictures)
{
  if (pictures == NULL || !g_atomic_ref_count_dec (&pictures->references))
    return;
  for (guint i = 0; i < DFKD_N_ROWS; i++)
    g_free (pictures->rows[i]);
  g_free (pictures->labels);
  g_free (pictures->pixels);
  g_free (pictures->statistics);
  g_free (pictures->compared);
  dfkd_norms_unref (pictures->norms);
  g_clear_pointer (&pictures->frames, g_ptr_array_unref);
  g_free (pictures);
}
