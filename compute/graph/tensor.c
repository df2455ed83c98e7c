/* tensor.c: shapes and the conversion between N,C,H,W files and channels-last storage. */
#include "tensor.h"

#include "errors.h"

#include <string.h>

gsize
dfkd_type_bytes (DfkdType type)
{
  static const gsize bytes[] = { [DFKD_F32] = 4, [DFKD_I32] = 4, [DFKD_U8] = 1 };

  return bytes[type];
}

DfkdShape
dfkd_shape_of_type (DfkdType type, gsize d0, gsize d1, gsize d2, gsize d3)
{
  DfkdShape shape = { .type = type, .rank = 1, .dim = { d0, d1, d2, d3 } };

  while (shape.rank < DFKD_MAX_RANK && shape.dim[shape.rank] != 0)
    shape.rank++;
  return shape;
}

DfkdShape
dfkd_shape (gsize d0, gsize d1, gsize d2, gsize d3)
{
  return dfkd_shape_of_type (DFKD_F32, d0, d1, d2, d3);
}

gboolean
dfkd_shape_check (const DfkdShape *shape)
{
  gsize count = dfkd_type_bytes (shape->type);

  if (shape->rank == 0 || shape->rank > DFKD_MAX_RANK)
    return FALSE;
  for (guint i = 0; i < shape->rank; i++)
    if (shape->dim[i] == 0 || !dfkd_size_multiply (count, shape->dim[i], &count))
      return FALSE;
  return TRUE;
}

gsize
dfkd_shape_count (const DfkdShape *shape)
{
  gsize count = 1;

  for (guint i = 0; i < shape->rank; i++)
    count *= shape->dim[i];
  return count;
}

gsize
dfkd_shape_bytes (const DfkdShape *shape)
{
  return dfkd_shape_count (shape) * dfkd_type_bytes (shape->type);
}

gboolean
dfkd_shape_equal (const DfkdShape *a, const DfkdShape *b)
{
  return a->type == b->type && a->rank == b->rank && memcmp (a->dim, b->dim, a->rank * sizeof a->dim[0]) == 0;
}

gsize
dfkd_shape_channels (const DfkdShape *shape)
{
  return shape->rank == 1 ? shape->dim[0] : shape->rank == 3 ? shape->dim[2] : shape->dim[1];
}

gsize
dfkd_shape_rows (const DfkdShape *shape)
{
  return dfkd_shape_count (shape) / dfkd_shape_channels (shape);
}

char *
dfkd_shape_text (const DfkdShape *shape)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < shape->rank; i++)
    g_string_append_printf (text, "%s%zu", i > 0 ? "×" : "", shape->dim[i]);
  return g_string_free (text, FALSE);
}

static void
convert (const DfkdShape *shape, const guint8 *source, guint8 *target, gboolean to_storage)
{
  gsize element = dfkd_type_bytes (shape->type);
  gsize channels = shape->rank == 4 ? shape->dim[1] : 1;
  gsize area = shape->rank == 4 ? shape->dim[2] * shape->dim[3] : 1;

  if (shape->rank != 4 || channels == 1 || area == 1)
    {
      memcpy (target, source, dfkd_shape_bytes (shape));
      return;
    }
  for (gsize n = 0; n < shape->dim[0]; n++)
    for (gsize c = 0; c < channels; c++)
      for (gsize p = 0; p < area; p++)
        {
          gsize planar = ((n * channels + c) * area + p) * element;
          gsize last = ((n * area + p) * channels + c) * element;

          memcpy (target + (to_storage ? last : planar), source + (to_storage ? planar : last), element);
        }
}

void
dfkd_tensor_to_storage (const DfkdShape *shape, const void *source, void *storage)
{
  convert (shape, source, storage, TRUE);
}

void
dfkd_tensor_from_storage (const DfkdShape *shape, const void *storage, void *target)
{
  convert (shape, storage, target, FALSE);
}
