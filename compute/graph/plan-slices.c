/* plan-slices.c: which steps treat every image of a batch by itself, and what they are for a slice of the images. */
#include "op-rules-private.h"
#include "plan.h"

enum {
  FIRST = 1 << 0,
  SECOND = 1 << 1,
  THIRD = 1 << 2,
};

/* x is by image; so is a second operand but one of a single number or of a number a channel */
static guint
broadcast (const DfkdStep *step)
{
  char how = dfkd_broadcast_of (&step->input_shape[0], &step->input_shape[1]);

  return how == 's' || how == 'r' ? FIRST | SECOND : FIRST;
}

/* offset, box or flip: one for each image, or one for all */
static guint
draws (const DfkdStep *step)
{
  gsize images = step->input_shape[0].dim[0];

  return FIRST | (step->input_shape[1].dim[0] == images ? SECOND : 0) | (step->input_shape[2].dim[0] == images ? THIRD : 0);
}

static guint
inputs_by_image (const DfkdStep *step)
{
  switch (step->op)
    {
    case DFKD_OP_AFFINE:
    case DFKD_OP_ABSOLUTE:
    case DFKD_OP_SIGN:
    case DFKD_OP_SQUARE:
    case DFKD_OP_SQUARE_ROOT:
    case DFKD_OP_RECIPROCAL:
    case DFKD_OP_EXPONENTIAL:
    case DFKD_OP_LOGARITHM:
    case DFKD_OP_LEAKY_RELU:
    case DFKD_OP_SIGMOID:
    case DFKD_OP_TANH:
    case DFKD_OP_CLAMP:
    case DFKD_OP_ROW_SUM:
    case DFKD_OP_SOFTMAX:
    case DFKD_OP_LOG_SOFTMAX:
    case DFKD_OP_ARG_MAX:
    case DFKD_OP_ONE_HOT:
    case DFKD_OP_BN_STATISTICS:
    case DFKD_OP_BN_APPLY:
    case DFKD_OP_MAX_POOL:
    case DFKD_OP_AVERAGE_POOL:
    case DFKD_OP_AVERAGE_POOL_GRADIENT:
    case DFKD_OP_SPATIAL_MEAN:
    case DFKD_OP_SPATIAL_MEAN_GRADIENT:
    case DFKD_OP_UPSAMPLE_NEAREST:
    case DFKD_OP_UPSAMPLE_NEAREST_GRADIENT:
    case DFKD_OP_RESIZE_BILINEAR:
    case DFKD_OP_RESIZE_BILINEAR_GRADIENT:
    case DFKD_OP_CROP:
    case DFKD_OP_PAD:
    case DFKD_OP_CHANNEL_SHUFFLE:
    case DFKD_OP_FLATTEN:
    case DFKD_OP_UNFLATTEN:
      return FIRST;
    case DFKD_OP_ADD:
    case DFKD_OP_SUBTRACT:
    case DFKD_OP_MULTIPLY:
    case DFKD_OP_DIVIDE:
    case DFKD_OP_LESS:
    case DFKD_OP_EQUAL:
      return broadcast (step);
    case DFKD_OP_LEAKY_RELU_GRADIENT:
    case DFKD_OP_SIGMOID_GRADIENT:
    case DFKD_OP_TANH_GRADIENT:
    case DFKD_OP_CLAMP_GRADIENT:
    case DFKD_OP_CONVOLUTION_TO_WEIGHTS:
    case DFKD_OP_CONCATENATE:
    case DFKD_OP_TOP_HIT:
      return FIRST | SECOND;
    case DFKD_OP_MATRIX_PRODUCT:
      return step->attributes.product.transpose_a ? 0 : FIRST;
    case DFKD_OP_CONVOLUTION:
      return FIRST | 1 << 3;
    case DFKD_OP_CONVOLUTION_TO_DATA:
      return FIRST | THIRD;
    case DFKD_OP_BN_SUMS:
    case DFKD_OP_MAX_POOL_GRADIENT:
      return FIRST | SECOND | THIRD;
    case DFKD_OP_CHANNEL_MIX:
      return FIRST | SECOND | THIRD | 1 << 4;
    case DFKD_OP_SHIFT_FLIP:
    case DFKD_OP_SHIFT_FLIP_GRADIENT:
    case DFKD_OP_RESIZED_CROP:
    case DFKD_OP_RESIZED_CROP_GRADIENT:
      return draws (step);
    case DFKD_OP_GATHER_IMAGES:
    case DFKD_OP_GATHER_INTEGERS:
    case DFKD_OP_GATHER_ROWS:
      return SECOND;
    default:
      return 0;
    }
}

guint
dfkd_step_by_image (const DfkdStep *step, gsize *images)
{
  gboolean is_sum = step->op == DFKD_OP_BN_STATISTICS || step->op == DFKD_OP_BN_SUMS || step->op == DFKD_OP_CONVOLUTION_TO_WEIGHTS;
  guint inputs = inputs_by_image (step), present = 0;

  *images = is_sum ? 0 : step->shape.dim[0];
  for (guint i = 0; i < step->n_inputs; i++)
    {
      const DfkdShape *shape = &step->input_shape[i];

      if ((inputs >> i & 1) == 0 || shape->rank == 0)
        continue;
      if (*images == 0)
        *images = shape->dim[0];
      /* what one number a channel is made of, say, has rank 1: its first dimension counts no images */
      if (shape->dim[0] != *images || (shape->rank != 2 && shape->rank != 4 && shape->type == DFKD_F32))
        return 0;
      present |= 1u << i;
    }
  return present == 0 ? 0 : present | (is_sum ? 0 : DFKD_BY_IMAGE_RESULT);
}

static void
set_images (DfkdShape *shape, gboolean by_image, gsize images)
{
  if (by_image && shape->rank > 0)
    shape->dim[0] = images;
}

void
dfkd_step_slice (DfkdStep *step, gsize images)
{
  for (guint i = 0; i < step->n_inputs; i++)
    set_images (&step->input_shape[i], step->by_image >> i & 1, images);
  set_images (&step->shape, (step->by_image & DFKD_BY_IMAGE_RESULT) != 0, images);
}

gsize
dfkd_chain_slices (const DfkdChain *chain)
{
  return (chain->images + chain->slice - 1) / chain->slice;
}
