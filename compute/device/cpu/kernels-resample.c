/* kernels-resample.c: pooling, resizing, cutting and per-image augmentation. Every adjoint gathers: a pixel of
 * the result collects what it contributed to, in a fixed order. One task is one image. */
#include "kernels-private.h"

#include <math.h>
#include <string.h>

typedef struct {
  const DfkdCall *call;
  DfkdImageShape x, y; /* of the first input and the result */
} Images;

static void
over_images (const DfkdCall *call, DfkdTask task)
{
  Images images = { call, dfkd_image_shape (&call->step->input_shape[0]), dfkd_image_shape (&call->step->shape) };

  dfkd_thread_pool_run (call->pool, images.y.n, task, &images);
}

static const float *
pixel_in (const Images *images, gsize n, gsize row, gsize column)
{
  return (const float *) images->call->in[0] + ((n * images->x.h + row) * images->x.w + column) * images->x.c;
}

static float *
pixel_out (const Images *images, gsize n, gsize row, gsize column)
{
  return (float *) images->call->out + ((n * images->y.h + row) * images->y.w + column) * images->y.c;
}

/* ------------------------------------------------------------------------------------------------ pooling */

/* first and one-past-last input position of window @o, clipped to the image */
static void
window_of (gsize o, guint kernel, guint stride, guint padding, gsize size, gsize *first, gsize *end)
{
  gssize start = (gssize) (o * stride) - (gssize) padding;

  *first = (gsize) MAX (start, 0);
  *end = (gsize) MIN (start + (gssize) kernel, (gssize) size);
}

/* first and one-past-last window that position @i lies in */
static void
windows_over (gsize i, guint kernel, guint stride, guint padding, gsize windows, gsize *first, gsize *end)
{
  gsize at = i + padding;

  *first = at + 1 > kernel ? (at + 1 - kernel + stride - 1) / stride : 0;
  *end = MIN (at / stride + 1, windows);
}

static void
pool_task (gpointer data, gsize n)
{
  const Images *images = data;
  guint kernel = images->call->step->attributes.pool.kernel, stride = images->call->step->attributes.pool.stride;
  guint padding = images->call->step->attributes.pool.padding;
  gboolean maximum = images->call->step->op == DFKD_OP_MAX_POOL;
  float share = 1.0f / (float) (kernel * kernel);

  for (gsize row = 0; row < images->y.h; row++)
    for (gsize column = 0; column < images->y.w; column++)
      {
        float *y = pixel_out (images, n, row, column);
        gsize top, bottom, left, right;

        window_of (row, kernel, stride, padding, images->x.h, &top, &bottom);
        window_of (column, kernel, stride, padding, images->x.w, &left, &right);
        for (gsize c = 0; c < images->y.c; c++)
          {
            float value = maximum ? -INFINITY : 0.0f;

            for (gsize i = top; i < bottom; i++)
              for (gsize j = left; j < right; j++)
                {
                  float x = pixel_in (images, n, i, j)[c];

                  value = maximum ? (x > value || isnan (x) ? x : value) : value + x;
                }
            y[c] = maximum ? value : value * share;
          }
      }
}

DFKD_KERNEL (max_pool)
{
  over_images (call, pool_task);
}

DFKD_KERNEL (average_pool)
{
  over_images (call, pool_task);
}

/* whether (i, j) is the first maximum of the window that starts at top, left, or no number, which is larger than all */
static gboolean
is_first_maximum (const float *x, const DfkdImageShape *shape, gsize n, gsize c, gsize i, gsize j, gsize top, gsize bottom,
                  gsize left, gsize right)
{
#define AT(row, column) x[((n * shape->h + (row)) * shape->w + (column)) * shape->c + c]
  float value = AT (i, j);

  for (gsize row = top; row < bottom && !isnan (value); row++)
    for (gsize column = left; column < right; column++)
      if (!(AT (row, column) <= value) || (AT (row, column) == value && (row < i || (row == i && column < j))))
        return FALSE;
#undef AT
  return TRUE;
}

static void
max_pool_gradient_task (gpointer data, gsize n)
{
  const Images *images = data; /* x: dy; y: dx */
  guint kernel = images->call->step->attributes.pool.kernel, stride = images->call->step->attributes.pool.stride;
  guint padding = images->call->step->attributes.pool.padding;
  const float *x = images->call->in[1];

  for (gsize i = 0; i < images->y.h; i++)
    for (gsize j = 0; j < images->y.w; j++)
      {
        float *dx = pixel_out (images, n, i, j);
        gsize row, row_end, column_start, column_end;

        windows_over (i, kernel, stride, padding, images->x.h, &row, &row_end);
        windows_over (j, kernel, stride, padding, images->x.w, &column_start, &column_end);
        for (gsize c = 0; c < images->y.c; c++)
          dx[c] = 0.0f;
        for (; row < row_end; row++)
          for (gsize column = column_start; column < column_end; column++)
            {
              const float *dy = pixel_in (images, n, row, column);
              gsize top, bottom, left, right;

              window_of (row, kernel, stride, padding, images->y.h, &top, &bottom);
              window_of (column, kernel, stride, padding, images->y.w, &left, &right);
              for (gsize c = 0; c < images->y.c; c++)
                if (is_first_maximum (x, &images->y, n, c, i, j, top, bottom, left, right))
                  dx[c] += dy[c];
            }
      }
}

DFKD_KERNEL (max_pool_gradient)
{
  over_images (call, max_pool_gradient_task);
}

static void
average_pool_gradient_task (gpointer data, gsize n)
{
  const Images *images = data;
  guint kernel = images->call->step->attributes.pool.kernel, stride = images->call->step->attributes.pool.stride;
  guint padding = images->call->step->attributes.pool.padding;
  float share = 1.0f / (float) (kernel * kernel);

  for (gsize i = 0; i < images->y.h; i++)
    for (gsize j = 0; j < images->y.w; j++)
      {
        float *dx = pixel_out (images, n, i, j);
        gsize row, row_end, column_start, column_end;

        windows_over (i, kernel, stride, padding, images->x.h, &row, &row_end);
        windows_over (j, kernel, stride, padding, images->x.w, &column_start, &column_end);
        for (gsize c = 0; c < images->y.c; c++)
          dx[c] = 0.0f;
        for (; row < row_end; row++)
          for (gsize column = column_start; column < column_end; column++)
            for (gsize c = 0; c < images->y.c; c++)
              dx[c] += pixel_in (images, n, row, column)[c] * share;
      }
}

DFKD_KERNEL (average_pool_gradient)
{
  over_images (call, average_pool_gradient_task);
}

DFKD_LEVELS static void
spatial_mean_task (gpointer data, gsize n)
{
  const Images *images = data;
  gsize area = images->x.h * images->x.w, channels = images->x.c, c = 0;
  const float *x = pixel_in (images, n, 0, 0);
  float *y = (float *) images->call->out + n * channels;

  for (; c + DFKD_HELD <= channels; c += DFKD_HELD)
    {
      DfkdEightDoubles sum[2] = { { 0 } };

      for (gsize p = 0; p < area; p++)
        DFKD_FOR_HELD sum[v] += __builtin_convertvector (DFKD_EIGHT (x + p * channels + c, v), DfkdEightDoubles);
      DFKD_FOR_HELD DFKD_EIGHT (y + c, v) = __builtin_convertvector (sum[v] / (double) area, DfkdEight);
    }
  for (; c < channels; c++)
    {
      double sum = 0.0;

      for (gsize p = 0; p < area; p++)
        sum += (double) x[p * channels + c];
      y[c] = (float) (sum / (double) area);
    }
}

DFKD_KERNEL (spatial_mean)
{
  over_images (call, spatial_mean_task);
}

DFKD_LEVELS static void
spatial_mean_gradient_task (gpointer data, gsize n)
{
  const Images *images = data;
  gsize area = images->y.h * images->y.w, channels = images->y.c;
  const float *dy = (const float *) images->call->in[0] + n * channels;
  float *dx = pixel_out (images, n, 0, 0), share = 1.0f / (float) area;

  for (gsize p = 0; p < area; p++)
    for (gsize c = 0; c < channels; c++)
      dx[p * channels + c] = dy[c] * share;
}

DFKD_KERNEL (spatial_mean_gradient)
{
  over_images (call, spatial_mean_gradient_task);
}

/* ----------------------------------------------------------------------------------------------- resizing */

static void
upsample_nearest_task (gpointer data, gsize n)
{
  const Images *images = data;
  guint factor = images->call->step->attributes.resize.factor;

  for (gsize row = 0; row < images->y.h; row++)
    for (gsize column = 0; column < images->y.w; column++)
      memcpy (pixel_out (images, n, row, column), pixel_in (images, n, row / factor, column / factor),
              images->y.c * sizeof (float));
}

DFKD_KERNEL (upsample_nearest)
{
  over_images (call, upsample_nearest_task);
}

DFKD_LEVELS static void
upsample_nearest_gradient_task (gpointer data, gsize n)
{
  const Images *images = data;
  guint factor = images->call->step->attributes.resize.factor;

  for (gsize row = 0; row < images->y.h; row++)
    for (gsize column = 0; column < images->y.w; column++)
      {
        float *dx = pixel_out (images, n, row, column);

        for (gsize c = 0; c < images->y.c; c++)
          dx[c] = 0.0f;
        for (gsize i = 0; i < factor; i++)
          for (gsize j = 0; j < factor; j++)
            {
              const float *dy = pixel_in (images, n, row * factor + i, column * factor + j);

              for (gsize c = 0; c < images->y.c; c++)
                dx[c] += dy[c];
            }
      }
}

DFKD_KERNEL (upsample_nearest_gradient)
{
  over_images (call, upsample_nearest_gradient_task);
}

/* Where sample @o of @outputs lies among @inputs positions that start at @origin and span @extent: two
 * neighbours, clamped to the span, and the weight of the second. */
typedef struct {
  gsize first, second;
  float weight;
} Sample;

static Sample
sample_at (gsize o, gsize outputs, float origin, float extent, gsize inputs)
{
  float low = MAX (origin, 0.0f), high = MIN (origin + extent, (float) inputs) - 1.0f;
  float at = origin + ((float) o + 0.5f) * (extent / (float) outputs) - 0.5f;
  float clamped = at < low ? low : at > high ? high : at, base = floorf (clamped);
  gsize first = (gsize) base;

  return (Sample){ first, MIN (first + 1, (gsize) high), clamped - base };
}

/* the part of the source that image @n is made of, and whether it is mirrored */
typedef struct {
  float row, column, height, width;
  gboolean flip;
} Box;

static Box
box_of (const Images *images, const DfkdImageShape *source, gsize n)
{
  const DfkdStep *step = images->call->step;
  const float *box = images->call->in[1];
  const gint32 *flip = images->call->in[2];

  if (step->op != DFKD_OP_RESIZED_CROP && step->op != DFKD_OP_RESIZED_CROP_GRADIENT)
    return (Box){ 0.0f, 0.0f, (float) source->h, (float) source->w, FALSE };
  return (Box){ box[4 * n], box[4 * n + 1], box[4 * n + 2], box[4 * n + 3],
                flip[dfkd_shape_count (&step->input_shape[2]) == 1 ? 0 : n] != 0 };
}

static void
resize_task (gpointer data, gsize n)
{
  const Images *images = data;
  Box box = box_of (images, &images->x, n);

  for (gsize row = 0; row < images->y.h; row++)
    for (gsize column = 0; column < images->y.w; column++)
      {
        Sample v = sample_at (row, images->y.h, box.row, box.height, images->x.h);
        Sample h = sample_at (box.flip ? images->y.w - 1 - column : column, images->y.w, box.column, box.width, images->x.w);
        const float *a = pixel_in (images, n, v.first, h.first), *b = pixel_in (images, n, v.first, h.second);
        const float *c = pixel_in (images, n, v.second, h.first), *d = pixel_in (images, n, v.second, h.second);
        float *y = pixel_out (images, n, row, column);

        for (gsize k = 0; k < images->y.c; k++)
          y[k] = (1.0f - v.weight) * ((1.0f - h.weight) * a[k] + h.weight * b[k])
                 + v.weight * ((1.0f - h.weight) * c[k] + h.weight * d[k]);
      }
}

DFKD_KERNEL (resize_bilinear)
{
  over_images (call, resize_task);
}

DFKD_KERNEL (resized_crop)
{
  over_images (call, resize_task);
}

static void
resize_gradient_task (gpointer data, gsize n)
{
  const Images *images = data; /* x: dy; y: dx */
  Box box = box_of (images, &images->y, n);

  memset (pixel_out (images, n, 0, 0), 0, images->y.h * images->y.w * images->y.c * sizeof (float));
  /* one task owns the image, so adding up in the order of the outputs is a fixed order */
  for (gsize row = 0; row < images->x.h; row++)
    for (gsize column = 0; column < images->x.w; column++)
      {
        Sample v = sample_at (row, images->x.h, box.row, box.height, images->y.h);
        Sample h = sample_at (box.flip ? images->x.w - 1 - column : column, images->x.w, box.column, box.width, images->y.w);
        const float *dy = pixel_in (images, n, row, column);
        float *a = pixel_out (images, n, v.first, h.first), *b = pixel_out (images, n, v.first, h.second);
        float *c = pixel_out (images, n, v.second, h.first), *d = pixel_out (images, n, v.second, h.second);

        for (gsize k = 0; k < images->y.c; k++)
          {
            a[k] += (1.0f - v.weight) * (1.0f - h.weight) * dy[k];
            b[k] += (1.0f - v.weight) * h.weight * dy[k];
            c[k] += v.weight * (1.0f - h.weight) * dy[k];
            d[k] += v.weight * h.weight * dy[k];
          }
      }
}

DFKD_KERNEL (resize_bilinear_gradient)
{
  over_images (call, resize_gradient_task);
}

/* ------------------------------------------------------------------------------------------ shift and flip */

/* the source position of output @at along one axis, or −1 outside */
static gssize
shifted (gsize at, gint offset, gsize size, gboolean flip, gboolean wrap)
{
  gssize position = (gssize) (flip ? size - 1 - at : at) + offset;

  if (wrap)
    return ((position % (gssize) size) + (gssize) size) % (gssize) size;
  return position < 0 || position >= (gssize) size ? -1 : position;
}

static void
shift_flip_task (gpointer data, gsize n)
{
  const Images *images = data;
  const DfkdStep *step = images->call->step;
  const gint32 *offset = (const gint32 *) images->call->in[1], *flip = images->call->in[2];
  gboolean adjoint = step->op == DFKD_OP_SHIFT_FLIP_GRADIENT, wrap = step->attributes.shift.wrap, mirror;
  gsize bytes = images->y.c * sizeof (float);
  gint dy, dx;

  if (dfkd_shape_count (&step->input_shape[1]) > 2)
    offset += 2 * n;
  mirror = flip[dfkd_shape_count (&step->input_shape[2]) > 1 ? n : 0] != 0;
  dy = offset[0] + step->attributes.shift.origin[0];
  dx = offset[1] + step->attributes.shift.origin[1];
  /* every source pixel goes to at most one place, so that the adjoint is the inverse gather */
  for (gsize row = 0; row < images->y.h; row++)
    for (gsize column = 0; column < images->y.w; column++)
      {
        gssize i, j;

        if (adjoint)
          {
            i = shifted (row, -dy, images->y.h, FALSE, wrap);
            j = shifted (column, -dx, images->y.w, FALSE, wrap);
            if (j >= 0 && mirror)
              j = (gssize) images->y.w - 1 - j;
          }
        else
          {
            i = shifted (row, dy, images->y.h, FALSE, wrap);
            j = shifted (column, dx, images->y.w, mirror, wrap);
          }
        if (i < 0 || j < 0)
          memset (pixel_out (images, n, row, column), 0, bytes);
        else
          memcpy (pixel_out (images, n, row, column), pixel_in (images, n, (gsize) i, (gsize) j), bytes);
      }
}

DFKD_KERNEL (shift_flip)
{
  over_images (call, shift_flip_task);
}
