/* emit-tile.c: the tile kernel behind convolutions, their gradients to the data, and matrix products.
 *
 * Which variant: by whether channels come in fours, and texel buffers where the device reads them faster. */
#include "emit.h"

enum
{
  TILE_PIXELS = 8,
  TILE_CHANNELS = 16,
};

void
dfkd_dispatch_epilogue_constant (DfkdVulkanRecorder *r, const DfkdEpilogue *e)
{
  dfkd_dispatch_constant (r, (e->bias != NULL ? 1 : 0) | (e->addend != NULL ? 2 : 0) | (e->statistics != NULL ? 4 : 0)
                                 | (e->activates ? 8 : 0));
}

void
dfkd_dispatch_epilogue_operands (DfkdVulkanRecorder *r, const DfkdEpilogue *e, const DfkdPlace *y)
{
  const DfkdPlace none = { 0 }, *channels = e->statistics != NULL ? e->statistics : e->bias;

  dfkd_dispatch_read (r, channels != NULL ? channels : &none);
  dfkd_dispatch_read (r, e->addend != NULL ? e->addend : &none);
  dfkd_dispatch_read (r, e->affine != NULL ? e->affine : &none);
  dfkd_dispatch_write (r, y);
}

void
dfkd_dispatch_epilogue_push (DfkdVulkanRecorder *r, const DfkdEpilogue *e)
{
  dfkd_dispatch_float (r, e->epsilon);
  dfkd_dispatch_float (r, e->slope);
}

void
dfkd_emit_tile (DfkdVulkanRecorder *r, const DfkdTile *t, const DfkdPlace *x, const DfkdPlace *w,
                const DfkdEpilogue *epilogue, const DfkdPlace *y)
{
  gboolean fours = t->in_channels % 4 == 0, single = t->out_channels % 4 != 0;
  gboolean texels = dfkd_vulkan_recorder_has_texels (r, x->bytes, fours ? 4 : 1)
                    && dfkd_vulkan_recorder_has_texels (r, w->bytes, fours ? 4 : 1);
  gsize span = TILE_PIXELS * t->up[1], columns = (t->out[1] + span - 1) / span * t->up[1];
  gsize blocks = single ? t->out_channels : (t->out_channels + TILE_CHANNELS - 1) / TILE_CHANNELS;
  gsize count = t->batch * t->out[0] * columns * blocks;
  g_autofree char *shader = g_strconcat ("convolution-tile", fours ? "-in4" : "", single ? "-out1" : "",
                                         texels ? "-texels" : "", NULL);

  if (r->vulkan->shared)
    {
      dfkd_emit_shared (r, t, x, w, epilogue, y);
      return;
    }
  dfkd_dispatch_begin (r, shader);
  dfkd_dispatch_epilogue_constant (r, epilogue);
  if (texels)
    {
      dfkd_dispatch_read_texels (r, x, fours);
      dfkd_dispatch_read_texels (r, w, fours);
    }
  else
    {
      dfkd_dispatch_read (r, x);
      dfkd_dispatch_read (r, w);
    }
  dfkd_dispatch_epilogue_operands (r, epilogue, y);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, columns);
  dfkd_dispatch_uint (r, blocks);
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
  dfkd_dispatch_epilogue_push (r, epilogue);
  dfkd_dispatch_threads (r, count);
}
