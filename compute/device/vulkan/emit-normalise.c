/* emit-normalise.c: batch normalisation: statistics, application, gradients, distances of statistics.
 *
 * Statistics of many rows are made in interleaved parts of (count, mean, Σ(x − mean)²) and
 * combined by the formula of Chan, Golub and LeVeque (1979), always in the same order. */
#include "emit.h"
#include "functions.h"

gsize
dfkd_bn_statistics_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->input_shape[0]),
        channels = dfkd_shape_channels (&step->input_shape[0]);
  gsize bytes = 0, lanes = dfkd_lanes (channels);

  if (vulkan->shared)
    return dfkd_bn_statistics_group_workspace (vulkan, rows, channels);
  while ((rows = dfkd_partial_rows (rows, channels / lanes)) > 1)
    bytes += dfkd_aligned (3 * rows * channels * sizeof (float));
  return bytes;
}

void
dfkd_emit_bn_statistics (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->input_shape[0]),
        channels = dfkd_shape_channels (&step->input_shape[0]);
  gsize used = 0, lanes = dfkd_lanes (channels);
  DfkdPlace source = step->input[0];
  gboolean first = TRUE;

  if (r->vulkan->shared)
    {
      dfkd_emit_bn_statistics_group (r, step, rows, channels);
      return;
    }
  for (;;)
    {
      gsize parts = dfkd_partial_rows (rows, channels / lanes), bytes = 3 * parts * channels * sizeof (float);
      DfkdPlace target = parts == 1 ? step->output : dfkd_place_part (&step->workspace, used, bytes);

      dfkd_dispatch_begin_lanes (r, "bn-statistics", lanes == 4);
      dfkd_dispatch_read (r, &source);
      dfkd_dispatch_write (r, &target);
      dfkd_dispatch_uint (r, rows);
      dfkd_dispatch_uint (r, channels / lanes);
      dfkd_dispatch_uint (r, parts);
      dfkd_dispatch_uint (r, first ? 1 : 0);
      dfkd_dispatch_turns (r, rows / parts + 2);
      dfkd_dispatch_threads (r, parts * (channels / lanes));
      if (parts == 1)
        return;
      source = target;
      rows = parts;
      used += dfkd_aligned (bytes);
      first = FALSE;
    }
}

void
dfkd_emit_bn_apply (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize channels = dfkd_shape_channels (&step->shape), lanes = dfkd_lanes (channels);
  gsize count = dfkd_shape_count (&step->shape) / lanes;

  dfkd_dispatch_begin_lanes (r, "bn-apply", lanes == 4);
  for (guint i = 0; i < 3; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, channels / lanes);
  dfkd_dispatch_float (r, step->attributes.norm.epsilon);
  dfkd_dispatch_float (r, step->attributes.norm.slope);
  dfkd_dispatch_threads (r, count);
}

/* the parts of the two sums, then column sums over 2·C columns */
gsize
dfkd_bn_sums_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->input_shape[0]),
        channels = dfkd_shape_channels (&step->input_shape[0]);
  gsize parts = dfkd_partial_rows (rows, channels / dfkd_lanes (channels));

  if (vulkan->shared)
    return dfkd_bn_sums_group_workspace (vulkan, rows, channels);
  return parts == 1 ? 0
                    : dfkd_aligned (2 * parts * channels * sizeof (float))
                          + dfkd_column_sums_workspace (vulkan, parts, 2 * channels);
}

void
dfkd_emit_bn_sums (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->input_shape[0]),
        channels = dfkd_shape_channels (&step->input_shape[0]);
  gsize lanes = dfkd_lanes (channels);
  gsize parts = dfkd_partial_rows (rows, channels / dfkd_lanes (channels)),
        bytes = 2 * parts * channels * sizeof (float);
  DfkdPlace target, rest;

  if (r->vulkan->shared)
    {
      dfkd_emit_bn_sums_group (r, step, rows, channels);
      return;
    }
  target = parts == 1 ? step->output : dfkd_place_part (&step->workspace, 0, bytes);
  dfkd_dispatch_begin_lanes (r, "bn-sums", lanes == 4);
  dfkd_dispatch_turns (r, rows / parts + 2);
  for (guint i = 0; i < 4; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &target);
  dfkd_dispatch_uint (r, rows);
  dfkd_dispatch_uint (r, channels / lanes);
  dfkd_dispatch_uint (r, parts);
  dfkd_dispatch_float (r, step->attributes.norm.epsilon);
  dfkd_dispatch_float (r, step->attributes.norm.slope);
  dfkd_dispatch_threads (r, parts * (channels / lanes));
  if (parts == 1)
    return;
  rest = dfkd_place_part (&step->workspace, dfkd_aligned (bytes), step->workspace.bytes - dfkd_aligned (bytes));
  dfkd_emit_column_sums (r, &target, parts, 2 * channels, &step->output, &rest, 1.0f, FALSE, FALSE);
}

void
dfkd_emit_bn_statistics_gradient (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize channels = step->shape.dim[1];

  dfkd_dispatch_begin (r, "bn-statistics-gradient");
  for (guint i = 0; i < 3; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, channels);
  dfkd_dispatch_float (r, step->attributes.norm.epsilon);
  dfkd_dispatch_threads (r, channels);
}

void
dfkd_emit_channel_coefficients (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize channels = step->shape.dim[1];

  dfkd_dispatch_begin (r, "channel-coefficients");
  for (guint i = 0; i < 4; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, channels);
  dfkd_dispatch_float (r, step->attributes.norm.epsilon);
  dfkd_dispatch_float (r, step->attributes.norm.count);
  dfkd_dispatch_uint (r, (step->input[0].kind != DFKD_PLACE_NONE ? 1 : 0)
                             | (step->input[2].kind != DFKD_PLACE_NONE ? 2 : 0));
  dfkd_dispatch_threads (r, channels);
}

void
dfkd_emit_channel_mix (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize channels = dfkd_shape_channels (&step->shape), lanes = dfkd_lanes (channels);
  gsize count = dfkd_shape_count (&step->shape) / lanes;
  guint32 parts = 0;

  if (step->input[0].kind != DFKD_PLACE_NONE)
    parts |= MIX_DY;
  if (step->input[0].kind != DFKD_PLACE_NONE && step->input[1].kind != DFKD_PLACE_NONE
      && step->attributes.norm.slope != 1.0f)
    parts |= MIX_ACTIVATION;
  if (step->input[2].kind != DFKD_PLACE_NONE)
    parts |= MIX_X;
  if (step->input[4].kind != DFKD_PLACE_NONE)
    parts |= MIX_ADDEND;
  dfkd_dispatch_begin_lanes (r, "channel-mix", lanes == 4);
  dfkd_dispatch_constant (r, parts);
  for (guint i = 0; i < 5; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, channels / lanes);
  dfkd_dispatch_float (r, step->attributes.norm.slope);
  dfkd_dispatch_threads (r, count);
}

/* one work group: the two norms, and from them the distance or its gradient */
void
dfkd_emit_statistics_distance (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  guint gradient = step->op == DFKD_OP_STATISTICS_DISTANCE_GRADIENT ? 1 : 0;

  dfkd_dispatch_begin (r, "statistics-distance");
  dfkd_dispatch_constant (r, gradient);
  for (guint i = 0; i < 4; i++)
    dfkd_dispatch_read (r, &step->input[gradient + i]);
  dfkd_dispatch_read (r, gradient ? &step->input[0] : &(DfkdPlace){ 0 });
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, step->input_shape[gradient].dim[1]);
  dfkd_dispatch_threads (r, DFKD_VULKAN_GROUP_SIZE);
}
