/* emit-winograd.c: convolutions of 3 × 3 taps on real GPUs by Winograd's F(2×2, 3×3) (convolution-winograd.comp), forward and to
 * the data: 16 multiplications where the plain kernels do 36. */
#include "emit.h"
#include "tilings.h"

enum
{
  TAPS = 3,
  EDGE = 2,      /* of the tiles, in pixels */
  CHANNELS = 32, /* With fewer in or out a transform serves too few products, and memory is the limit anyway. */
};

gboolean
dfkd_winograd_suits (const DfkdVulkanRecorder *r, const DfkdTile *t)
{
  if (r->vulkan->winograd == DFKD_WINOGRAD_NEVER || r->precision != DFKD_PRECISION_FLOAT32
      || (r->vulkan->winograd == DFKD_WINOGRAD_BY_SHAPE && MIN (t->in_channels, t->out_channels) < CHANNELS))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (t->kernel[i] != TAPS || t->step[i] != 1 || t->up[i] != 1 || t->dilation[i] != 1)
      return FALSE;
  return TRUE;
}

void
dfkd_emit_winograd (DfkdVulkanRecorder *r, const DfkdTile *t, const DfkdTiling *tiling, const DfkdPlace *x, const DfkdPlace *w,
                    const DfkdEpilogue *epilogue, const DfkdPlace *y)
{
  gsize tiles_down = (t->out[0] + EDGE - 1) / EDGE, tiles_across = (t->out[1] + EDGE - 1) / EDGE;
  gsize tiles = t->batch * tiles_down * tiles_across;
  gsize row_tiles = (tiles + tiling->rows - 1) / tiling->rows;
  gsize column_tiles = (t->out_channels + tiling->columns - 1) / tiling->columns;

  dfkd_dispatch_begin_tiling (r, "convolution-winograd", tiling);
  dfkd_dispatch_epilogue_constant (r, epilogue);
  dfkd_dispatch_read (r, x);
  dfkd_dispatch_read (r, w);
  dfkd_dispatch_epilogue_operands (r, epilogue, y);
  dfkd_dispatch_uint (r, column_tiles);
  dfkd_dispatch_uint (r, tiles);
  dfkd_dispatch_uint (r, tiles_down);
  dfkd_dispatch_uint (r, tiles_across);
  dfkd_dispatch_uint (r, t->in_channels);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->in[i]);
  dfkd_dispatch_uint (r, t->out_channels);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_uint (r, t->out[i]);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_int (r, t->origin[i]);
  dfkd_dispatch_epilogue_push (r, epilogue);
  dfkd_dispatch_groups (r, row_tiles * column_tiles);
}
