/* emit-shared.c: convolutions, their gradients and matrix products on real GPUs: products of tiles in shared
 * memory.
 *
 * The gradient to the weights is summed in parts over pixels; how many there are follows from shape and
 * tiling. */
#include "emit.h"
#include "tilings.h"

enum
{
  WEIGHT_GROUPS = 512, /* work groups that keep a large GPU busy */
  WEIGHT_STEPS = 8,    /* a part of fewer steps of a tiling's depth is not worth its sum */
};

/* What gradients are multiplied with before they are rounded to float16: of a mean over a batch they are small, and below
 * 2⁻¹⁴ a float16 loses bits. A power of two, so that nothing else changes. */
static const float GRADIENT_SCALE = 1024.0f;

static gsize
divide (gsize count, gsize by)
{
  return (count + by - 1) / by;
}

void
dfkd_dispatch_begin_tiling (DfkdVulkanRecorder *r, const char *shader, const DfkdTiling *tiling)
{
  dfkd_dispatch_begin (r, shader);
  dfkd_dispatch_constant (r, dfkd_tiling_threads (r->vulkan, tiling));
  dfkd_dispatch_constant (r, tiling->rows);
  dfkd_dispatch_constant (r, tiling->columns);
  dfkd_dispatch_constant (r, tiling->depth);
  dfkd_dispatch_constant (r, tiling->part_rows);
  dfkd_dispatch_constant (r, tiling->part_columns);
  dfkd_dispatch_constant (r, tiling->rolled);
}

static guint
common_divisor (guint a, guint b)
{
  return b == 0 ? a : common_divisor (b, a % b);
}

/* what matrices.glsl needs besides */
static void
push_matrices (DfkdVulkanRecorder *r, const DfkdProblem *problem, const DfkdTiling *tiling)
{
  const DfkdMatrices *m = &r->vulkan->matrices;
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];

  if (tiling->family != DFKD_TILING_MATRICES)
    return;
  dfkd_dispatch_subgroups (r, m->subgroup);
  dfkd_dispatch_constant (r, m->subgroup);
  dfkd_dispatch_constant (r, m->rows);
  dfkd_dispatch_constant (r, m->columns);
  dfkd_dispatch_constant (r, m->depth);
  if (m->spoiled >= 0 && (guint) m->spoiled < dfkd_tilings (r->vulkan, problem->kind, DFKD_TILING_MATRICES, tilings))
    dfkd_dispatch_constant (r, tilings[m->spoiled] == tiling ? 1 : 0);
}

static const char *
suffix (const DfkdVulkanRecorder *r, const DfkdTiling *tiling)
{
  if (tiling->family == DFKD_TILING_MATRICES)
    return r->vulkan->matrices.emulated ? "-matrices-emulated" : "-matrices";
  return r->precision == DFKD_PRECISION_FLOAT16 ? "-float16" : "";
}

static DfkdProblem
tile_problem (const DfkdVulkanRecorder *r, const DfkdTile *t, gboolean fours)
{
  return (DfkdProblem){
    .kind = DFKD_PRODUCT_CONVOLUTION,
    .precision = r->precision,
    .family = dfkd_winograd_suits (r, t) ? DFKD_TILING_WINOGRAD : DFKD_TILING_PLAIN,
    .rows = (guint32) (t->batch * divide (t->out[0], t->up[0]) * divide (t->out[1], t->up[1])),
    .columns = (guint32) t->out_channels,
    .depth = (guint32) (divide (t->kernel[0], t->up[0]) * divide (t->kernel[1], t->up[1]) * t->in_channels),
    .phases = t->up[0] * t->up[1],
    .geometry = { fours, (guint32) t->batch, (guint32) t->in_channels, (guint32) t->in[0], (guint32) t->in[1],
                  (guint32) t->out[0], (guint32) t->out[1], (guint32) t->kernel[0], (guint32) t->kernel[1],
                  t->step[0], t->step[1], t->up[0], t->up[1], t->dilation[0], t->dilation[1],
                  (guint32) t->origin[0], (guint32) t->origin[1] },
  };
}

void
dfkd_emit_shared (DfkdVulkanRecorder *r, const DfkdTile *t, const DfkdPlace *x, const DfkdPlace *w,
                  const DfkdEpilogue *epilogue, const DfkdPlace *y)
{
  gboolean fours = t->in_channels % 4 == 0;
  DfkdProblem problem = tile_problem (r, t, fours);
  const DfkdTiling *tiling = dfkd_tiling (r->vulkan, &problem);
  gsize row_tiles = divide (problem.rows, tiling->rows),
        column_tiles = divide (problem.columns, tiling->columns);
  g_autofree char *shader = g_strconcat ("convolution-shared", fours ? "-in4" : "", suffix (r, tiling), NULL);
  float x_scale = t->gradients & 1 ? GRADIENT_SCALE : 1.0f, w_scale = t->gradients & 2 ? GRADIENT_SCALE : 1.0f;

  if (tiling->family == DFKD_TILING_WINOGRAD)
    {
      dfkd_emit_winograd (r, t, tiling, x, w, epilogue, y);
      return;
    }
  dfkd_dispatch_begin_tiling (r, shader, tiling);
  dfkd_dispatch_epilogue_constant (r, epilogue);
  push_matrices (r, &problem, tiling);
  dfkd_dispatch_read (r, x);
  dfkd_dispatch_read (r, w);
  dfkd_dispatch_epilogue_operands (r, epilogue, y);
  dfkd_dispatch_uint (r, row_tiles);
  dfkd_dispatch_uint (r, column_tiles);
  dfkd_dispatch_uint (r, t->batch);
  dfkd_dispatch_uint (r, t->in_channels / (fours ? 4 : 1));
  dfkd_dispatch_uint (r, t->in[0]);
  dfkd_dispatch_uint (r, t->in[1]);
  dfkd_dispatch_uint (r, t->out_channels);
  dfkd_dispatch_uint (r, t->out[0]);
  dfkd_dispatch_uint (r, t->out[1]);
  dfkd_dispatch_uint (r, t->kernel[0]);
  dfkd_dispatch_uint (r, t->kernel[1]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->step[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->up[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_int (r, t->origin[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->dilation[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->up[i] / common_divisor (t->up[i], t->dilation[i]));
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->dilation[i] / common_divisor (t->up[i], t->dilation[i]));
  dfkd_dispatch_float (r, x_scale);
  dfkd_dispatch_float (r, w_scale);
  dfkd_dispatch_float (r, 1.0f / (x_scale * w_scale));
  dfkd_dispatch_epilogue_push (r, epilogue);
  dfkd_dispatch_groups (r, row_tiles * column_tiles * problem.phases);
}

static DfkdProblem
weights_problem (const DfkdStep *step, DfkdPrecision precision)
{
  const DfkdShape *x = &step->input_shape[0], *dy = &step->input_shape[1], *w = &step->shape;
  const DfkdConvolutionAttributes *a = &step->attributes.convolution;

  return (DfkdProblem){
    .kind = DFKD_PRODUCT_WEIGHTS,
    .precision = precision,
    .rows = (guint32) w->dim[0],
    .columns = (guint32) (w->dim[1] * w->dim[2] * w->dim[3]),
    .depth = (guint32) (dy->dim[0] * dy->dim[2] * dy->dim[3]),
    .phases = 1,
    .geometry = { (guint32) x->dim[0], (guint32) x->dim[1], (guint32) x->dim[2], (guint32) x->dim[3],
                  (guint32) dy->dim[2], (guint32) dy->dim[3], (guint32) w->dim[2], (guint32) w->dim[3],
                  a->stride[0], a->stride[1], a->padding[0], a->padding[1], a->dilation[0], a->dilation[1] },
  };
}

typedef struct
{
  gsize parts, pixels; /* of a part: a multiple of every tiling's depth */
} Split;

static Split
split (const DfkdProblem *problem)
{
  gsize tiles = divide (problem->rows, 64) * divide (problem->columns, 64); /* as if of a middling tiling */
  gsize parts
      = MIN (divide (WEIGHT_GROUPS, tiles), divide (problem->depth, WEIGHT_STEPS * DFKD_TILING_DEPTH));
  gsize pixels = divide (divide (problem->depth, parts), DFKD_TILING_DEPTH) * DFKD_TILING_DEPTH;

  return (Split){ divide (problem->depth, pixels), pixels };
}

gsize
dfkd_weights_shared_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  DfkdProblem problem = weights_problem (step, DFKD_PRECISION_FLOAT32);
  Split s = split (&problem);
  gsize count = dfkd_shape_count (&step->shape);

  return s.parts == 1 ? 0
                      : dfkd_aligned (s.parts * count * sizeof (float))
                            + dfkd_column_sums_workspace (vulkan, s.parts, count);
}

static void
push_weights (DfkdVulkanRecorder *r, const DfkdStep *step, const DfkdProblem *problem, const Split *s)
{
  const DfkdShape *x = &step->input_shape[0], *dy = &step->input_shape[1], *w = &step->shape;
  const DfkdConvolutionAttributes *a = &step->attributes.convolution;

  dfkd_dispatch_uint (r, problem->depth);
  for (guint i = 1; i < 4; i++)
    dfkd_dispatch_uint (r, x->dim[i]);
  for (guint i = 1; i < 4; i++)
    dfkd_dispatch_uint (r, dy->dim[i]);
  for (guint i = 2; i < 4; i++)
    dfkd_dispatch_uint (r, w->dim[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, a->stride[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, a->padding[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, a->dilation[i]);
  dfkd_dispatch_uint (r, 1); /* groups */
  dfkd_dispatch_uint (r, s->pixels);
  dfkd_dispatch_uint (r, s->parts);
  dfkd_dispatch_float (r, GRADIENT_SCALE);
  dfkd_dispatch_float (r, 1.0f / GRADIENT_SCALE);
}

void
dfkd_emit_weights_shared (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  DfkdProblem problem = weights_problem (step, r->precision);
  const DfkdTiling *tiling = dfkd_tiling (r->vulkan, &problem);
  Split s = split (&problem);
  gsize count = dfkd_shape_count (&step->shape), bytes = s.parts * count * sizeof (float);
  DfkdPlace partial = s.parts > 1 ? dfkd_place_part (&step->workspace, 0, bytes) : step->output, rest;
  g_autofree char *shader
      = g_strconcat ("convolution-to-weights-shared", step->shape.dim[1] % 4 == 0 ? "-in4" : "",
                     step->shape.dim[0] % 4 == 0 ? "-out4" : "", suffix (r, tiling), NULL);

  dfkd_dispatch_begin_tiling (r, shader, tiling);
  dfkd_dispatch_constant (r, 0); /* no epilogue */
  push_matrices (r, &problem, tiling);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_write (r, &partial);
  push_weights (r, step, &problem, &s);
  dfkd_dispatch_groups (r, divide (problem.rows, tiling->rows) * divide (problem.columns, tiling->columns)
                               * s.parts);
  if (s.parts == 1)
    return;
  rest = dfkd_place_part (&step->workspace, dfkd_aligned (bytes), step->workspace.bytes - dfkd_aligned (bytes));
  dfkd_emit_column_sums (r, &partial, s.parts, count, &step->output, &rest, 1.0f, FALSE, FALSE);
}
