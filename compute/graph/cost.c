/* cost.c: floating-point operations and bytes of a step by its definition, whatever a kernel really does. */
#include "plan.h"

static double
bytes_of (const DfkdShape *shape)
{
  return shape->rank > 0 ? (double) dfkd_shape_bytes (shape) : 0.0;
}

/* multiply-adds of a convolution count two; y is the larger side's counterpart of the weights */
static double
convolution_flop (const DfkdShape *y, const DfkdShape *weight)
{
  return 2.0 * (double) dfkd_shape_count (y) * (double) (weight->dim[1] * weight->dim[2] * weight->dim[3]);
}

void
dfkd_step_cost (const DfkdStep *step, double *flop, double *bytes)
{
  double count = step->shape.rank > 0 ? (double) dfkd_shape_count (&step->shape) : 0.0;
  const DfkdShape *in = step->input_shape;

  *bytes = bytes_of (&step->shape);
  for (guint i = 0; i < step->n_inputs; i++)
    *bytes += bytes_of (&in[i]) * (i < dfkd_step_writes (step) ? 2.0 : 1.0);
  switch (step->op)
    {
    case DFKD_OP_CONVOLUTION:
      *flop = convolution_flop (&step->shape, &in[1]);
      break;
    case DFKD_OP_CONVOLUTION_TO_DATA:
      *flop = convolution_flop (&in[0], &in[1]);
      break;
    case DFKD_OP_CONVOLUTION_TO_WEIGHTS:
      *flop = convolution_flop (&in[1], &step->shape);
      break;
    case DFKD_OP_MATRIX_PRODUCT:
      *flop = 2.0 * count * (double) in[0].dim[step->attributes.product.transpose_a ? 0 : 1];
      break;
    case DFKD_OP_ADAM:
      *flop = 12.0 * (double) dfkd_shape_count (&in[0]);
      break;
    case DFKD_OP_SGD:
      *flop = 6.0 * (double) dfkd_shape_count (&in[0]);
      break;
    case DFKD_OP_GATHER_IMAGES:
    case DFKD_OP_GATHER_INTEGERS:
    case DFKD_OP_GATHER_ROWS: /* only what is picked moves */
      *flop = 0.0;
      *bytes = 2.0 * bytes_of (&step->shape);
      break;
    case DFKD_OP_STORE_ROWS:
      *flop = 0.0;
      *bytes = 2.0 * bytes_of (&in[1]);
      break;
    case DFKD_OP_STORE_IMAGES:
      *flop = (double) dfkd_shape_count (&in[1]);
      *bytes = 2.0 * bytes_of (&in[1]);
      break;
    default: /* a few operations an element of the largest operand */
      *flop = count;
      for (guint i = 0; i < step->n_inputs; i++)
        if (in[i].rank > 0)
          *flop = MAX (*flop, (double) dfkd_shape_count (&in[i]));
      break;
    }
  if (step->fused != 0)
    *flop += count;
}

void
dfkd_plan_cost (const DfkdPlan *plan, double *flop, double *bytes)
{
  *flop = *bytes = 0.0;
  for (guint i = 0; i < plan->n_steps; i++)
    {
      double f, b;

      dfkd_step_cost (&plan->steps[i], &f, &b);
      *flop += f;
      *bytes += b;
    }
}
