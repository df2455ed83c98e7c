/* emit-resample.c: pooling, resizing, cutting and augmentation: one invocation an element of the result,
 * gradients too (each gathers what it contributed to). */
#include "emit.h"

static void
push_image (DfkdRecorder *r, const DfkdShape *shape)
{
  dfkd_dispatch_uint (r, shape->dim[1]);
  dfkd_dispatch_uint (r, shape->dim[2]);
  dfkd_dispatch_uint (r, shape->dim[3]);
}

static void
bind_all (DfkdRecorder *r, const DfkdStep *step)
{
  for (guint i = 0; i < step->n_inputs; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &step->output);
}

static void
push_pool (DfkdRecorder *r, const DfkdStep *step, const DfkdShape *x, const DfkdShape *y)
{
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->shape));
  push_image (r, x);
  dfkd_dispatch_uint (r, y->dim[2]);
  dfkd_dispatch_uint (r, y->dim[3]);
  dfkd_dispatch_uint (r, step->attributes.pool.kernel);
  dfkd_dispatch_uint (r, step->attributes.pool.stride);
  dfkd_dispatch_uint (r, step->attributes.pool.padding);
  dfkd_dispatch_threads (r, dfkd_shape_count (&step->shape));
}

void
dfkd_emit_max_pool (DfkdRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_MAX_POOL_GRADIENT;

  dfkd_dispatch_begin (r, gradient ? "max-pool-gradient" : "max-pool");
  bind_all (r, step);
  push_pool (r, step, gradient ? &step->shape : &step->input_shape[0],
             gradient ? &step->input_shape[0] : &step->shape);
}

void
dfkd_emit_average_pool (DfkdRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_AVERAGE_POOL_GRADIENT;

  dfkd_dispatch_begin (r, gradient ? "average-pool-gradient" : "average-pool");
  bind_all (r, step);
  push_pool (r, step, gradient ? &step->shape : &step->input_shape[0],
             gradient ? &step->input_shape[0] : &step->shape);
}

/* the last six: constant 0 computes the op, constant 1 its gradient, where both are in one shader */
void
dfkd_emit_spatial_mean (DfkdRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_SPATIAL_MEAN_GRADIENT;
  const DfkdShape *x = gradient ? &step->shape : &step->input_shape[0];
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "spatial-mean");
  dfkd_dispatch_constant (r, gradient ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, x->dim[1]);
  dfkd_dispatch_uint (r, x->dim[2] * x->dim[3]);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_upsample (DfkdRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "upsample-nearest");
  dfkd_dispatch_constant (r, step->op == DFKD_OP_UPSAMPLE_NEAREST_GRADIENT ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &step->shape);
  dfkd_dispatch_uint (r, step->attributes.resize.factor);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_resize (DfkdRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_RESIZE_BILINEAR_GRADIENT;
  const DfkdShape *x = gradient ? &step->shape : &step->input_shape[0];
  const DfkdShape *y = gradient ? &step->input_shape[0] : &step->shape;
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "resize-bilinear");
  dfkd_dispatch_constant (r, gradient ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, x);
  dfkd_dispatch_uint (r, y->dim[2]);
  dfkd_dispatch_uint (r, y->dim[3]);
  dfkd_dispatch_threads (r, count);
}

/* rank 2 is an image of one pixel */
static DfkdShape
as_image (const DfkdShape *shape)
{
  DfkdShape image = *shape;

  if (image.rank < 4)
    image.dim[2] = image.dim[3] = 1;
  return image;
}

void
dfkd_emit_window (DfkdRecorder *r, const DfkdStep *step)
{
  DfkdShape x = as_image (&step->input_shape[0]), y = as_image (&step->shape);
  const gsize *origin = step->attributes.window.origin;
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "window");
  dfkd_dispatch_constant (r, step->op == DFKD_OP_PAD ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &x);
  push_image (r, &y);
  dfkd_dispatch_uint (r, origin[0]);
  dfkd_dispatch_uint (r, y.rank == 4 ? origin[1] : 0);
  dfkd_dispatch_uint (r, y.rank == 4 ? origin[2] : 0);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_concatenate (DfkdRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "concatenate");
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, dfkd_shape_channels (&step->input_shape[0]));
  dfkd_dispatch_uint (r, dfkd_shape_channels (&step->input_shape[1]));
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_flatten (DfkdRecorder *r, const DfkdStep *step)
{
  gboolean inverse = step->op == DFKD_OP_UNFLATTEN;
  const DfkdShape *image = inverse ? &step->shape : &step->input_shape[0];
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "flatten");
  dfkd_dispatch_constant (r, inverse ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, image->dim[1]);
  dfkd_dispatch_uint (r, image->dim[2] * image->dim[3]);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_shift_flip (DfkdRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "shift-flip");
  dfkd_dispatch_constant (r, step->op == DFKD_OP_SHIFT_FLIP_GRADIENT ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &step->shape);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[1]) > 2 ? 1 : 0);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[2]) > 1 ? 1 : 0);
  dfkd_dispatch_uint (r, step->attributes.shift.wrap ? 1 : 0);
  dfkd_dispatch_int (r, step->attributes.shift.origin[0]);
  dfkd_dispatch_int (r, step->attributes.shift.origin[1]);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_resized_crop (DfkdRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "resized-crop");
  dfkd_dispatch_constant (r, step->op == DFKD_OP_RESIZED_CROP_GRADIENT ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &step->shape);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[2]) > 1 ? 1 : 0);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_gather_images (DfkdRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "gather-images");
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, count / step->shape.dim[0]);
  dfkd_dispatch_uint (r, step->input_shape[0].dim[0]);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_gather_integers (DfkdRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "gather-integers");
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[0]));
  dfkd_dispatch_threads (r, count);
}
