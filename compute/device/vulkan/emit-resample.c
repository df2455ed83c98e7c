/* emit-resample.c: pooling, resizing, cutting and augmentation: one invocation an element of the result,
 * gradients too (each gathers what it contributed to). */
#include "emit.h"

static void
push_image (DfkdVulkanRecorder *r, const DfkdShape *shape, gsize lanes)
{
  dfkd_dispatch_uint (r, shape->dim[1] / lanes);
  dfkd_dispatch_uint (r, shape->dim[2]);
  dfkd_dispatch_uint (r, shape->dim[3]);
}

static void
bind_all (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  for (guint i = 0; i < step->n_inputs; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &step->output);
}

/* of two loops, one in the other */
static gsize
square_turns (gsize side)
{
  return side * (side + 2) + 1;
}

static void
emit_pool (DfkdVulkanRecorder *r, const DfkdStep *step, const char *shader, gboolean gradient, gboolean can_lanes)
{
  const DfkdShape *x = gradient ? &step->shape : &step->input_shape[0];
  const DfkdShape *y = gradient ? &step->input_shape[0] : &step->shape;
  gsize lanes = can_lanes ? dfkd_lanes (x->dim[1]) : 1, count = dfkd_shape_count (&step->shape) / lanes;

  dfkd_dispatch_begin_lanes (r, shader, lanes == 4);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, x, lanes);
  dfkd_dispatch_uint (r, y->dim[2]);
  dfkd_dispatch_uint (r, y->dim[3]);
  dfkd_dispatch_uint (r, step->attributes.pool.kernel);
  dfkd_dispatch_uint (r, step->attributes.pool.stride);
  dfkd_dispatch_uint (r, step->attributes.pool.padding);
  dfkd_dispatch_turns (r, square_turns (step->attributes.pool.kernel));
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_max_pool (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_MAX_POOL_GRADIENT;

  emit_pool (r, step, gradient ? "max-pool-gradient" : "max-pool", gradient, !gradient);
}

void
dfkd_emit_average_pool (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_AVERAGE_POOL_GRADIENT;

  emit_pool (r, step, gradient ? "average-pool-gradient" : "average-pool", gradient, TRUE);
}

/* the last six: constant 0 computes the op, constant 1 its gradient, where both are in one shader */
void
dfkd_emit_spatial_mean (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_SPATIAL_MEAN_GRADIENT;
  const DfkdShape *x = gradient ? &step->shape : &step->input_shape[0];
  gsize lanes = dfkd_lanes (x->dim[1]), count = dfkd_shape_count (&step->shape) / lanes;

  dfkd_dispatch_begin_lanes (r, "spatial-mean", lanes == 4);
  dfkd_dispatch_turns (r, gradient ? 0 : x->dim[2] * x->dim[3] + 1);
  dfkd_dispatch_constant (r, gradient ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, x->dim[1] / lanes);
  dfkd_dispatch_uint (r, x->dim[2] * x->dim[3]);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_upsample (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize lanes = dfkd_lanes (step->shape.dim[1]), count = dfkd_shape_count (&step->shape) / lanes;

  dfkd_dispatch_begin_lanes (r, "upsample-nearest", lanes == 4);
  dfkd_dispatch_turns (r, square_turns (step->attributes.resize.factor));
  dfkd_dispatch_constant (r, step->op == DFKD_OP_UPSAMPLE_NEAREST_GRADIENT ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &step->shape, lanes);
  dfkd_dispatch_uint (r, step->attributes.resize.factor);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_resize (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gboolean gradient = step->op == DFKD_OP_RESIZE_BILINEAR_GRADIENT;
  const DfkdShape *x = gradient ? &step->shape : &step->input_shape[0];
  const DfkdShape *y = gradient ? &step->input_shape[0] : &step->shape;
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "resize-bilinear");
  dfkd_dispatch_constant (r, gradient ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, x, 1);
  dfkd_dispatch_uint (r, y->dim[2]);
  dfkd_dispatch_uint (r, y->dim[3]);
  if (gradient) /* a pixel looks at what lies within one and a half of its own to each side */
    dfkd_dispatch_turns (r, (MIN (3 * y->dim[2] / x->dim[2] + 3, y->dim[2]) + 1) * (MIN (3 * y->dim[3] / x->dim[3] + 3, y->dim[3]) + 2));
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
dfkd_emit_window (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  DfkdShape x = as_image (&step->input_shape[0]), y = as_image (&step->shape);
  const gsize *origin = step->attributes.window.origin;
  gsize lanes = MIN (MIN (dfkd_lanes (x.dim[1]), dfkd_lanes (y.dim[1])), dfkd_lanes (origin[0]));
  gsize count = dfkd_shape_count (&step->shape) / lanes;

  dfkd_dispatch_begin_lanes (r, "window", lanes == 4);
  dfkd_dispatch_constant (r, step->op == DFKD_OP_PAD ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &x, lanes);
  push_image (r, &y, lanes);
  dfkd_dispatch_uint (r, origin[0] / lanes);
  dfkd_dispatch_uint (r, y.rank == 4 ? origin[1] : 0);
  dfkd_dispatch_uint (r, y.rank == 4 ? origin[2] : 0);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_concatenate (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize first = dfkd_shape_channels (&step->input_shape[0]),
        second = dfkd_shape_channels (&step->input_shape[1]);
  gsize lanes = MIN (dfkd_lanes (first), dfkd_lanes (second)),
        count = dfkd_shape_count (&step->shape) / lanes;

  dfkd_dispatch_begin_lanes (r, "concatenate", lanes == 4);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, first / lanes);
  dfkd_dispatch_uint (r, second / lanes);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_channel_shuffle (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "channel-shuffle");
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, dfkd_shape_channels (&step->shape));
  dfkd_dispatch_uint (r, step->attributes.shuffle.groups);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_flatten (DfkdVulkanRecorder *r, const DfkdStep *step)
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
dfkd_emit_shift_flip (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize lanes = dfkd_lanes (step->shape.dim[1]), count = dfkd_shape_count (&step->shape) / lanes;

  dfkd_dispatch_begin_lanes (r, "shift-flip", lanes == 4);
  dfkd_dispatch_constant (r, step->op == DFKD_OP_SHIFT_FLIP_GRADIENT ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &step->shape, lanes);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[1]) > 2 ? 1 : 0);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[2]) > 1 ? 1 : 0);
  dfkd_dispatch_uint (r, step->attributes.shift.wrap ? 1 : 0);
  dfkd_dispatch_int (r, step->attributes.shift.origin[0]);
  dfkd_dispatch_int (r, step->attributes.shift.origin[1]);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_resized_crop (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "resized-crop");
  dfkd_dispatch_constant (r, step->op == DFKD_OP_RESIZED_CROP_GRADIENT ? 1 : 0);
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  push_image (r, &step->shape, 1);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[2]) > 1 ? 1 : 0);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_gather_images (DfkdVulkanRecorder *r, const DfkdStep *step)
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
dfkd_emit_gather_integers (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "gather-integers");
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, dfkd_shape_count (&step->input_shape[0]));
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_gather_rows (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "gather-rows");
  bind_all (r, step);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, step->shape.dim[1]);
  dfkd_dispatch_uint (r, step->input_shape[0].dim[0]);
  dfkd_dispatch_threads (r, count);
}
