/* emit-convolution.c: convolutions and their two gradients.
 *
 * Without groups a tile kernel computes 8 pixels × 16 channels an invocation; the gradient to the data is the
 * same kernel over transposed weights. The gradient to the weights is computed in tiles of 8 × 8 channels and
 * summed in parts over image rows. Real GPUs have kernels of their own for both (emit-shared.c). Grouped
 * convolutions have general kernels, one invocation an element. */
#include "emit.h"

typedef struct
{
  gsize batch, in_channels, in_height, in_width, out_channels, out_height, out_width, kernel_height,
      kernel_width;
  const DfkdConvolutionAttributes *a;
} Geometry;

/* @x and @y: shapes of the convolution's input and output, whichever of them the step computes */
static Geometry
geometry (const DfkdStep *step, const DfkdShape *x, const DfkdShape *w, const DfkdShape *y)
{
  return (Geometry){ x->dim[0], x->dim[1], x->dim[2], x->dim[3], y->dim[1],
                     y->dim[2], y->dim[3], w->dim[2], w->dim[3], &step->attributes.convolution };
}

static void
push_geometry (DfkdVulkanRecorder *r, const Geometry *g)
{
  dfkd_dispatch_uint (r, g->in_channels);
  dfkd_dispatch_uint (r, g->in_height);
  dfkd_dispatch_uint (r, g->in_width);
  dfkd_dispatch_uint (r, g->out_channels);
  dfkd_dispatch_uint (r, g->out_height);
  dfkd_dispatch_uint (r, g->out_width);
  dfkd_dispatch_uint (r, g->kernel_height);
  dfkd_dispatch_uint (r, g->kernel_width);
  dfkd_dispatch_uint (r, g->a->stride[0]);
  dfkd_dispatch_uint (r, g->a->stride[1]);
  dfkd_dispatch_uint (r, g->a->padding[0]);
  dfkd_dispatch_uint (r, g->a->padding[1]);
  dfkd_dispatch_uint (r, g->a->dilation[0]);
  dfkd_dispatch_uint (r, g->a->dilation[1]);
  dfkd_dispatch_uint (r, g->a->groups);
}

/* the place of an optional operand, NULL if absent */
static const DfkdPlace *
optional (const DfkdStep *step, guint input)
{
  return input < step->n_inputs && step->input[input].kind != DFKD_PLACE_NONE ? &step->input[input] : NULL;
}

static void
read_optional (DfkdVulkanRecorder *r, const DfkdPlace *place)
{
  dfkd_dispatch_read (r, place != NULL ? place : &(DfkdPlace){ 0 });
}

gboolean
dfkd_convolution_fuses (const DfkdStep *step, const DfkdStep *next)
{
  gboolean biased = step->input_shape[2].rank > 0; /* places are not known yet */

  return step->op == DFKD_OP_CONVOLUTION && step->attributes.convolution.groups == 1
         && (next->op == DFKD_OP_LEAKY_RELU || (next->op == DFKD_OP_BN_APPLY && !biased));
}

/* inputs of the step: 2: bias, 3: addend, and of a batch norm that it does besides 4: statistics, 5: affine */
static DfkdEpilogue
epilogue_of (const DfkdStep *step)
{
  return (DfkdEpilogue){ .bias = optional (step, 2),
                         .addend = optional (step, 3),
                         .statistics = optional (step, 4),
                         .affine = optional (step, 5),
                         .activates = step->fused == DFKD_OP_LEAKY_RELU,
                         .epsilon = step->fused_attributes.norm.epsilon,
                         .slope = step->fused_attributes.norm.slope };
}

void
dfkd_emit_convolution (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  Geometry g = geometry (step, &step->input_shape[0], &step->input_shape[1], &step->shape);
  const DfkdPlace *bias = optional (step, 2), *addend = optional (step, 3);
  DfkdEpilogue epilogue = epilogue_of (step);
  gsize count = dfkd_shape_count (&step->shape);

  if (g.a->groups == 1)
    {
      DfkdTile tile = { .batch = g.batch,
                        .in_channels = g.in_channels,
                        .in = { g.in_height, g.in_width },
                        .out_channels = g.out_channels,
                        .out = { g.out_height, g.out_width },
                        .kernel = { g.kernel_height, g.kernel_width },
                        .step = { g.a->stride[0], g.a->stride[1] },
                        .up = { 1, 1 },
                        .dilation = { g.a->dilation[0], g.a->dilation[1] },
                        .origin = { -(gint) g.a->padding[0], -(gint) g.a->padding[1] } };

      dfkd_emit_tile (r, &tile, &step->input[0], &step->input[1], &epilogue, &step->output);
      return;
    }
  dfkd_dispatch_begin (r, "convolution");
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  read_optional (r, bias);
  read_optional (r, addend);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  push_geometry (r, &g);
  dfkd_dispatch_uint (r, (bias != NULL ? 1 : 0) | (addend != NULL ? 2 : 0));
  dfkd_dispatch_threads (r, count);
}

gsize
dfkd_convolution_to_data_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  return step->attributes.convolution.groups == 1 ? dfkd_shape_bytes (&step->input_shape[1]) : 0;
}

/* dx[p] = Σ_k w[k]ᵀ·dy[(p + padding − k·dilation) / stride] where that is whole: with the kernel turned
 * round, a convolution of dy spread out by the stride, of origin padding − dilation·(kernel − 1) */
static void
emit_to_data_tile (DfkdVulkanRecorder *r, const DfkdStep *step, const Geometry *g)
{
  gsize weights = dfkd_shape_count (&step->input_shape[1]);
  DfkdTile tile
      = { .batch = g->batch,
          .in_channels = g->out_channels,
          .in = { g->out_height, g->out_width },
          .out_channels = g->in_channels,
          .out = { g->in_height, g->in_width },
          .kernel = { g->kernel_height, g->kernel_width },
          .step = { 1, 1 },
          .up = { g->a->stride[0], g->a->stride[1] },
          .dilation = { g->a->dilation[0], g->a->dilation[1] },
          .gradients = 1,
          .origin = { (gint) g->a->padding[0] - (gint) (g->a->dilation[0] * (g->kernel_height - 1)),
                      (gint) g->a->padding[1] - (gint) (g->a->dilation[1] * (g->kernel_width - 1)) } };

  dfkd_dispatch_begin (r, "convolution-transpose");
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_write (r, &step->workspace);
  dfkd_dispatch_uint (r, weights);
  dfkd_dispatch_uint (r, g->out_channels);
  dfkd_dispatch_uint (r, g->kernel_height * g->kernel_width);
  dfkd_dispatch_uint (r, g->in_channels);
  dfkd_dispatch_threads (r, weights);
  dfkd_emit_tile (r, &tile, &step->input[0], &step->workspace,
                  &(DfkdEpilogue){ .addend = optional (step, 2) }, &step->output);
}

void
dfkd_emit_convolution_to_data (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  Geometry g = geometry (step, &step->shape, &step->input_shape[1], &step->input_shape[0]);
  gsize count = dfkd_shape_count (&step->shape);

  if (g.a->groups == 1)
    {
      emit_to_data_tile (r, step, &g);
      return;
    }
  dfkd_dispatch_begin (r, "convolution-to-data");
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  read_optional (r, optional (step, 2));
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  push_geometry (r, &g);
  dfkd_dispatch_uint (r, optional (step, 2) != NULL ? 1 : 0);
  dfkd_dispatch_threads (r, count);
}

/* In how many parts the image rows of a batch are summed, for so many invocations a part. On a software driver each is as long
 * as it computes rightly: a row takes one turn of a loop and those of its pixels, and the end of a loop is one more. */
static gsize
weight_parts (DfkdVulkan *vulkan, gsize image_rows, gsize out_width, gsize invocations)
{
  gsize wanted = vulkan->software ? 1024 : 65536, parts = CLAMP (wanted / invocations, 1, MIN (image_rows, 256));
  gsize most = vulkan->software ? MAX ((DFKD_SOFTWARE_TURNS - 1) / (out_width + 2), 1) : image_rows;

  return MAX (parts, (image_rows + most - 1) / most);
}

/* tiles of 8 × 8 channels, or one channel wide where they do not come in fours */
static gsize
weight_invocations (const DfkdStep *step)
{
  gsize outs = step->shape.dim[0], ins = step->shape.dim[1], taps = step->shape.dim[2] * step->shape.dim[3];

  if (step->attributes.convolution.groups != 1)
    return dfkd_shape_count (&step->shape);
  return (outs % 4 == 0 ? (outs + 7) / 8 : outs) * taps * (ins % 4 == 0 ? (ins + 7) / 8 : ins);
}

gsize
dfkd_convolution_to_weights_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  const DfkdShape *dy = &step->input_shape[1];
  gsize count = dfkd_shape_count (&step->shape), parts;

  if (vulkan->shared && step->attributes.convolution.groups == 1)
    return dfkd_weights_shared_workspace (vulkan, step);
  parts = weight_parts (vulkan, dy->dim[0] * dy->dim[2], dy->dim[3], weight_invocations (step));

  return parts == 1
             ? 0
             : dfkd_aligned (parts * count * sizeof (float)) + dfkd_column_sums_workspace (vulkan, parts, count);
}

static void
begin_weights (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gboolean in_fours = step->shape.dim[1] % 4 == 0, out_fours = step->shape.dim[0] % 4 == 0;
  gboolean tiled = step->attributes.convolution.groups == 1;
  gboolean texels = tiled && dfkd_vulkan_recorder_has_texels (r, step->input[0].bytes, in_fours ? 4 : 1)
                    && dfkd_vulkan_recorder_has_texels (r, step->input[1].bytes, out_fours ? 4 : 1);
  g_autofree char *tile = g_strconcat ("convolution-to-weights-tile", in_fours ? "-in4" : "",
                                       out_fours ? "-out4" : "", texels ? "-texels" : "", NULL);

  dfkd_dispatch_begin (r, tiled ? tile : "convolution-to-weights");
  if (texels)
    {
      dfkd_dispatch_read_texels (r, &step->input[0], in_fours);
      dfkd_dispatch_read_texels (r, &step->input[1], out_fours);
    }
  else
    {
      dfkd_dispatch_read (r, &step->input[0]);
      dfkd_dispatch_read (r, &step->input[1]);
    }
}

void
dfkd_emit_convolution_to_weights (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  Geometry g = geometry (step, &step->input_shape[0], &step->shape, &step->input_shape[1]);
  gsize count = dfkd_shape_count (&step->shape), image_rows = g.batch * g.out_height;
  gsize invocations = weight_invocations (step), parts = weight_parts (r->vulkan, image_rows, g.out_width, invocations);
  DfkdPlace partial = step->output, rest = { 0 };

  if (r->vulkan->shared && g.a->groups == 1)
    {
      dfkd_emit_weights_shared (r, step);
      return;
    }
  if (parts > 1)
    {
      gsize bytes = parts * count * sizeof (float);

      partial = dfkd_place_part (&step->workspace, 0, bytes);
      rest = dfkd_place_part (&step->workspace, dfkd_aligned (bytes), step->workspace.bytes - dfkd_aligned (bytes));
    }
  begin_weights (r, step);
  dfkd_dispatch_write (r, &partial);
  dfkd_dispatch_uint (r, parts * invocations);
  push_geometry (r, &g);
  dfkd_dispatch_uint (r, parts);
  dfkd_dispatch_uint (r, image_rows);
  dfkd_dispatch_threads (r, parts * invocations);
  if (parts > 1)
    dfkd_emit_column_sums (r, &partial, parts, count, &step->output, &rest, 1.0f, FALSE, FALSE);
}
