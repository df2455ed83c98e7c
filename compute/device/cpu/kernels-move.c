/* kernels-move.c: cutting, joining, relayout, and the tables of images and integers. */
#include "kernels-private.h"

#include <math.h>
#include <string.h>

typedef struct {
  const DfkdCall *call;
} Move;

/* rank 2 as images of one pixel */
static DfkdImageShape
image_of (const DfkdShape *shape)
{
  return shape->rank == 4 ? dfkd_image_shape (shape) : (DfkdImageShape){ shape->dim[0], shape->dim[1], 1, 1 };
}

static void
window_task (gpointer data, gsize n)
{
  const DfkdCall *call = ((Move *) data)->call;
  const gsize *origin = call->step->attributes.window.origin;
  DfkdImageShape x = image_of (&call->step->input_shape[0]), y = image_of (&call->step->shape);
  gboolean cut = call->step->op == DFKD_OP_CROP;
  const DfkdImageShape *small = cut ? &y : &x, *large = cut ? &x : &y;
  const float *source = call->in[0];
  float *target = call->out;

  if (!cut)
    memset (target + n * y.h * y.w * y.c, 0, y.h * y.w * y.c * sizeof (float));
  for (gsize row = 0; row < small->h; row++)
    for (gsize column = 0; column < small->w; column++)
      {
        gsize in_small = ((n * small->h + row) * small->w + column) * small->c;
        gsize in_large = ((n * large->h + row + origin[1]) * large->w + column + origin[2]) * large->c + origin[0];

        memcpy (target + (cut ? in_small : in_large), source + (cut ? in_large : in_small), small->c * sizeof (float));
      }
}

DFKD_KERNEL (window) /* CROP and PAD */
{
  dfkd_thread_pool_run (call->pool, call->step->shape.dim[0], window_task, &(Move){ call });
}

static void
concatenate_task (gpointer data, gsize chunk)
{
  const DfkdCall *call = ((Move *) data)->call;
  gsize a = dfkd_shape_channels (&call->step->input_shape[0]), b = dfkd_shape_channels (&call->step->input_shape[1]);
  gsize rows = dfkd_shape_rows (&call->step->shape), start = chunk * DFKD_CHUNK / 16, end = MIN (start + DFKD_CHUNK / 16, rows);
  float *y = call->out;

  for (gsize row = start; row < end; row++)
    {
      memcpy (y + row * (a + b), (const float *) call->in[0] + row * a, a * sizeof (float));
      memcpy (y + row * (a + b) + a, (const float *) call->in[1] + row * b, b * sizeof (float));
    }
}

DFKD_KERNEL (concatenate)
{
  gsize rows = dfkd_shape_rows (&call->step->shape);

  dfkd_thread_pool_run (call->pool, (rows + DFKD_CHUNK / 16 - 1) / (DFKD_CHUNK / 16), concatenate_task, &(Move){ call });
}

static void
channel_shuffle_task (gpointer data, gsize chunk)
{
  const DfkdCall *call = ((Move *) data)->call;
  gsize channels = dfkd_shape_channels (&call->step->shape), groups = call->step->attributes.shuffle.groups;
  gsize each = channels / groups;
  gsize rows = dfkd_shape_rows (&call->step->shape), start = chunk * DFKD_CHUNK / 16, end = MIN (start + DFKD_CHUNK / 16, rows);

  for (gsize row = start; row < end; row++)
    {
      const float *x = (const float *) call->in[0] + row * channels;
      float *y = (float *) call->out + row * channels;

      for (gsize j = 0; j < groups; j++)
        for (gsize k = 0; k < each; k++)
          y[k * groups + j] = x[j * each + k];
    }
}

DFKD_KERNEL (channel_shuffle)
{
  gsize rows = dfkd_shape_rows (&call->step->shape);

  dfkd_thread_pool_run (call->pool, (rows + DFKD_CHUNK / 16 - 1) / (DFKD_CHUNK / 16), channel_shuffle_task, &(Move){ call });
}

static void
flatten_task (gpointer data, gsize n)
{
  const DfkdCall *call = ((Move *) data)->call;
  gboolean flatten = call->step->op == DFKD_OP_FLATTEN;
  const DfkdShape *image = flatten ? &call->step->input_shape[0] : &call->step->shape;
  DfkdShape one = *image;
  gsize count;

  one.dim[0] = 1;
  count = dfkd_shape_count (&one);
  if (flatten)
    dfkd_tensor_from_storage (&one, (const float *) call->in[0] + n * count, (float *) call->out + n * count);
  else
    dfkd_tensor_to_storage (&one, (const float *) call->in[0] + n * count, (float *) call->out + n * count);
}

DFKD_KERNEL (flatten) /* FLATTEN and UNFLATTEN */
{
  dfkd_thread_pool_run (call->pool, call->step->shape.dim[0], flatten_task, &(Move){ call });
}

/* an index outside the table, which only a defect elsewhere could make, reads its nearest entry */
static gsize
entry_of (gint32 index, gsize entries)
{
  return index < 0 ? 0 : MIN ((gsize) index, entries - 1);
}

DFKD_LEVELS static void
gather_images_task (gpointer data, gsize n)
{
  const DfkdCall *call = ((Move *) data)->call;
  gsize size = dfkd_shape_count (&call->step->shape) / call->step->shape.dim[0];
  const guint8 *pool = call->in[0];
  const gint32 *index = call->in[1];
  float *y = (float *) call->out + n * size;

  pool += entry_of (index[n], call->step->input_shape[0].dim[0]) * size;
  for (gsize i = 0; i < size; i++)
    y[i] = (float) pool[i] / 255.0f;
}

DFKD_KERNEL (gather_images)
{
  dfkd_thread_pool_run (call->pool, call->step->shape.dim[0], gather_images_task, &(Move){ call });
}

DFKD_KERNEL (gather_integers)
{
  const gint32 *table = call->in[0], *index = call->in[1];
  gint32 *y = call->out;

  for (gsize i = 0, count = dfkd_shape_count (&call->step->shape); i < count; i++)
    y[i] = table[entry_of (index[i], dfkd_shape_count (&call->step->input_shape[0]))];
}

static void
store_images_task (gpointer data, gsize n)
{
  const DfkdCall *call = ((Move *) data)->call;
  const DfkdShape *shape = &call->step->input_shape[1];
  gsize size = dfkd_shape_count (shape) / shape->dim[0];
  const gint32 *counter = call->in[2];
  gsize at = ((gsize) (guint32) counter[3] + n) % call->step->input_shape[0].dim[0];
  guint8 *pool = (guint8 *) call->in[0] + at * size;
  const float *x = (const float *) call->in[1] + n * size;

  for (gsize i = 0; i < size; i++)
    pool[i] = (guint8) lrintf (CLAMP (x[i], 0.0f, 1.0f) * 255.0f);
}

DFKD_KERNEL (store_images)
{
  dfkd_thread_pool_run (call->pool, call->step->input_shape[1].dim[0], store_images_task, &(Move){ call });
}

DFKD_KERNEL (gather_rows)
{
  const float *table = call->in[0];
  const gint32 *index = call->in[1];
  const DfkdShape *shape = &call->step->shape;
  float *y = call->out;

  for (gsize n = 0; n < shape->dim[0]; n++)
    memcpy (y + n * shape->dim[1], table + entry_of (index[n], call->step->input_shape[0].dim[0]) * shape->dim[1],
            shape->dim[1] * sizeof (float));
}

DFKD_KERNEL (store_rows)
{
  const DfkdShape *table = &call->step->input_shape[0], *rows = &call->step->input_shape[1];
  const float *x = call->in[1];
  const gint32 *counter = call->in[2];

  for (gsize n = 0; n < rows->dim[0]; n++)
    memcpy ((float *) call->in[0] + ((gsize) (guint32) counter[3] + n) % table->dim[0] * table->dim[1], x + n * table->dim[1],
            table->dim[1] * sizeof (float));
}
