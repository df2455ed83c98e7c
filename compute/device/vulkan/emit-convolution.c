/* emit-convolution.c: convolutions and their two gradients.
 *
 * Every shape has a general kernel, one invocation an element. Where channels come in fours and there are no
 * groups, a tile kernel computes 8 pixels × 16 channels an invocation; the gradient to the data is the same
 * kernel over transposed weights. The gradient to the weights is summed in parts over image rows. */
#include "emit.h"

#include <string.h>

enum
{
  TILE_PIXELS = 8,
  TILE_CHANNELS = 16,
};

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
push_geometry (DfkdRecorder *r, const Geometry *g)
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

static gboolean
has (const DfkdStep *step, guint input)
{
  return input < step->n_inputs && step->input[input].kind != DFKD_PLACE_NONE;
}

/* y[n, p·s − o + k·d, …] in general: with @up the input is first spread out by it (a gradient to the data) */
typedef struct
{
  gsize in_channels, in_height, in_width, out_channels, out_height, out_width, kernel_height, kernel_width;
  guint step[2], up[2], dilation[2];
  gint origin[2];
} Tile;

static void
emit_tile (DfkdRecorder *r, const DfkdStep *step, const Tile *t, const DfkdPlace *x, const DfkdPlace *w,
           gint bias, gint addend)
{
  gsize columns = (t->out_width + TILE_PIXELS * t->up[1] - 1) / (TILE_PIXELS * t->up[1]) * t->up[1];
  gsize blocks = (t->out_channels + TILE_CHANNELS - 1) / TILE_CHANNELS;
  gboolean biased = bias >= 0 && has (step, (guint)bias), added = addend >= 0 && has (step, (guint)addend);

  dfkd_dispatch_begin (r, "convolution-tile");
  dfkd_dispatch_constant (r, (biased ? 1 : 0) | (added ? 2 : 0));
  dfkd_dispatch_read (r, x);
  dfkd_dispatch_read (r, w);
  dfkd_dispatch_read (r, biased ? &step->input[bias] : &(DfkdPlace){ 0 });
  dfkd_dispatch_read (r, added ? &step->input[addend] : &(DfkdPlace){ 0 });
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, step->shape.dim[0] * t->out_height * columns * blocks);
  dfkd_dispatch_uint (r, columns);
  dfkd_dispatch_uint (r, blocks);
  dfkd_dispatch_uint (r, t->in_channels / 4);
  dfkd_dispatch_uint (r, t->in_height);
  dfkd_dispatch_uint (r, t->in_width);
  dfkd_dispatch_uint (r, t->out_channels);
  dfkd_dispatch_uint (r, t->out_height);
  dfkd_dispatch_uint (r, t->out_width);
  dfkd_dispatch_uint (r, t->kernel_height);
  dfkd_dispatch_uint (r, t->kernel_width);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->step[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->up[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_int (r, t->origin[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->dilation[i]);
  dfkd_dispatch_threads (r, step->shape.dim[0] * t->out_height * columns * blocks);
}

static gboolean
tile_fits (gsize in_channels, gsize out_channels, guint groups)
{
  return groups == 1 && in_channels % 4 == 0 && out_channels % 4 == 0;
}

void
dfkd_emit_convolution (DfkdRecorder *r, const DfkdStep *step)
{
  Geometry g = geometry (step, &step->input_shape[0], &step->input_shape[1], &step->shape);
  gsize count = dfkd_shape_count (&step->shape);
  const DfkdPlace none = { 0 };

  if (tile_fits (g.in_channels, g.out_channels, g.a->groups))
    {
      Tile t = { g.in_channels,
                 g.in_height,
                 g.in_width,
                 g.out_channels,
                 g.out_height,
                 g.out_width,
                 g.kernel_height,
                 g.kernel_width,
                 { g.a->stride[0], g.a->stride[1] },
                 { 1, 1 },
                 { g.a->dilation[0], g.a->dilation[1] },
                 { -(gint)g.a->padding[0], -(gint)g.a->padding[1] } };

      emit_tile (r, step, &t, &step->input[0], &step->input[1], 2, 3);
      return;
    }
  dfkd_dispatch_begin (r, "convolution");
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, has (step, 2) ? &step->input[2] : &none);
  dfkd_dispatch_read (r, has (step, 3) ? &step->input[3] : &none);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  push_geometry (r, &g);
  dfkd_dispatch_uint (r, (has (step, 2) ? 1 : 0) | (has (step, 3) ? 2 : 0));
  dfkd_dispatch_threads (r, count);
}

gsize
dfkd_convolution_to_data_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  return tile_fits (step->input_shape[0].dim[1], step->shape.dim[1], step->attributes.convolution.groups)
             ? dfkd_shape_bytes (&step->input_shape[1])
             : 0;
}

/* dx[p] = Σ_k w[k]ᵀ·dy[(p + padding − k·dilation) / stride] where that is whole: with the kernel turned
 * round, a convolution of dy spread out by the stride, of origin padding − dilation·(kernel − 1) */
static void
emit_to_data_tile (DfkdRecorder *r, const DfkdStep *step, const Geometry *g)
{
  gsize weights = dfkd_shape_count (&step->input_shape[1]);
  Tile t = { g->out_channels,
             g->out_height,
             g->out_width,
             g->in_channels,
             g->in_height,
             g->in_width,
             g->kernel_height,
             g->kernel_width,
             { 1, 1 },
             { g->a->stride[0], g->a->stride[1] },
             { g->a->dilation[0], g->a->dilation[1] },
             { (gint)g->a->padding[0] - (gint)(g->a->dilation[0] * (g->kernel_height - 1)),
               (gint)g->a->padding[1] - (gint)(g->a->dilation[1] * (g->kernel_width - 1)) } };

  dfkd_dispatch_begin (r, "convolution-transpose");
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_write (r, &step->workspace);
  dfkd_dispatch_uint (r, weights);
  dfkd_dispatch_uint (r, g->out_channels);
  dfkd_dispatch_uint (r, g->kernel_height * g->kernel_width);
  dfkd_dispatch_uint (r, g->in_channels);
  dfkd_dispatch_threads (r, weights);
  emit_tile (r, step, &t, &step->input[0], &step->workspace, -1, 2);
}

void
dfkd_emit_convolution_to_data (DfkdRecorder *r, const DfkdStep *step)
{
  Geometry g = geometry (step, &step->shape, &step->input_shape[1], &step->input_shape[0]);
  gsize count = dfkd_shape_count (&step->shape);
  const DfkdPlace none = { 0 };

  if (tile_fits (g.out_channels, g.in_channels, g.a->groups))
    {
      emit_to_data_tile (r, step, &g);
      return;
    }
  dfkd_dispatch_begin (r, "convolution-to-data");
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, has (step, 2) ? &step->input[2] : &none);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  push_geometry (r, &g);
  dfkd_dispatch_uint (r, has (step, 2) ? 1 : 0);
  dfkd_dispatch_threads (r, count);
}

/* in how many parts the image rows of a batch are summed, for so many invocations a part */
static gsize
weight_parts (DfkdVulkan *vulkan, gsize image_rows, gsize invocations)
{
  gsize wanted = vulkan->software ? 512 : 65536;

  return CLAMP (wanted / invocations, 1, MIN (image_rows, 256));
}

static gsize
weight_invocations (const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  return tile_fits (step->input_shape[0].dim[1], step->input_shape[1].dim[1],
                    step->attributes.convolution.groups)
             ? count / 16
             : count;
}

gsize
dfkd_convolution_to_weights_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  const DfkdShape *dy = &step->input_shape[1];
  gsize count = dfkd_shape_count (&step->shape);
  gsize parts = weight_parts (vulkan, dy->dim[0] * dy->dim[2], weight_invocations (step));
  gsize bytes = (parts * count * sizeof (float) + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;

  return parts == 1 ? 0 : bytes + dfkd_column_sums_workspace (vulkan, parts, count);
}

void
dfkd_emit_convolution_to_weights (DfkdRecorder *r, const DfkdStep *step)
{
  Geometry g = geometry (step, &step->input_shape[0], &step->shape, &step->input_shape[1]);
  gboolean tiled = tile_fits (g.in_channels, g.out_channels, g.a->groups);
  gsize count = dfkd_shape_count (&step->shape), image_rows = g.batch * g.out_height;
  gsize invocations = weight_invocations (step), parts = weight_parts (r->vulkan, image_rows, invocations);
  DfkdPlace partial = step->output, rest = { 0 };

  if (parts > 1)
    {
      gsize bytes = parts * count * sizeof (float);
      gsize used = (bytes + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;

      partial = dfkd_place_part (&step->workspace, 0, bytes);
      rest = dfkd_place_part (&step->workspace, used, step->workspace.bytes - used);
    }
  dfkd_dispatch_begin (r, tiled ? "convolution-to-weights-tile" : "convolution-to-weights");
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_write (r, &partial);
  dfkd_dispatch_uint (r, parts * invocations);
  push_geometry (r, &g);
  dfkd_dispatch_uint (r, parts);
  dfkd_dispatch_uint (r, image_rows);
  dfkd_dispatch_threads (r, parts * invocations);
  if (parts > 1)
    dfkd_emit_column_sums (r, &partial, parts, count, &step->output, &rest, 1.0f, FALSE, FALSE);
}
