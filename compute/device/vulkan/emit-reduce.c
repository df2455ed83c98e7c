/* emit-reduce.c: sums over rows or over channels, and what is computed row by row.
 *
 * A sum over many rows is split into interleaved parts: part j of R adds rows j, j + R, j + 2R … Then the
 * parts are summed the same way. How many parts there are follows from the shape, so the order of additions
 * is the same on every run. Real GPUs have kernels of their own for most of it (emit-group.c). */
#include "emit.h"

#include <math.h>

enum
{
  PARTS_THREADS = 16384, /* about as many invocations as a large GPU wants */
  ROWS_ALONE = 64,       /* fewer rows are not worth a second pass */
};

gsize
dfkd_lanes (gsize columns)
{
  return columns % 4 == 0 ? 4 : 1;
}

gsize
dfkd_partial_rows (gsize rows, gsize columns)
{
  gsize parts;

  if (rows <= ROWS_ALONE)
    return 1;
  parts = MIN (PARTS_THREADS / columns, (gsize) sqrt ((double) rows) * 4);
  return CLAMP (parts, 16, (rows + 3) / 4);
}

gsize
dfkd_column_sums_workspace (DfkdVulkan *vulkan, gsize rows, gsize columns)
{
  gsize lanes = dfkd_lanes (columns), bytes = 0;

  if (vulkan->shared)
    return dfkd_column_sums_group_workspace (vulkan, rows, columns);
  while ((rows = dfkd_partial_rows (rows, columns / lanes)) > 1)
    bytes += dfkd_aligned (rows * columns * sizeof (float));
  return bytes;
}

void
dfkd_emit_column_sums (DfkdVulkanRecorder *r, const DfkdPlace *in, gsize rows, gsize columns, const DfkdPlace *out,
                       const DfkdPlace *workspace, float scale, gboolean square, gboolean root)
{
  DfkdPlace source = *in;
  gsize lanes = dfkd_lanes (columns), used = 0;
  gboolean first = TRUE;

  if (r->vulkan->shared)
    {
      dfkd_emit_column_sums_group (r, in, rows, columns, out, workspace, scale, square, root);
      return;
    }
  for (;;)
    {
      gsize parts = dfkd_partial_rows (rows, columns / lanes), bytes = parts * columns * sizeof (float);
      gboolean last = parts == 1;
      DfkdPlace target = last ? *out : dfkd_place_part (workspace, used, bytes);

      dfkd_dispatch_begin_lanes (r, "column-sums", lanes == 4);
      dfkd_dispatch_read (r, &source);
      dfkd_dispatch_write (r, &target);
      dfkd_dispatch_uint (r, rows);
      dfkd_dispatch_uint (r, columns / lanes);
      dfkd_dispatch_uint (r, parts);
      dfkd_dispatch_float (r, last ? scale : 1.0f);
      dfkd_dispatch_uint (r, (first && square ? 1 : 0) | (last && root ? 2 : 0));
      dfkd_dispatch_turns (r, rows / parts + 2);
      dfkd_dispatch_threads (r, parts * (columns / lanes));
      if (last)
        return;
      source = target;
      rows = parts;
      used += dfkd_aligned (bytes);
      first = FALSE;
    }
}

/* SUM and NORM see one column */
static gsize
columns_of (const DfkdStep *step)
{
  return step->op == DFKD_OP_CHANNEL_SUM ? dfkd_shape_channels (&step->input_shape[0]) : 1;
}

gsize
dfkd_sum_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  gsize columns = columns_of (step);

  return dfkd_column_sums_workspace (vulkan, dfkd_shape_count (&step->input_shape[0]) / columns, columns);
}

void
dfkd_emit_sum (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize columns = columns_of (step);
  gboolean norm = step->op == DFKD_OP_NORM;

  dfkd_emit_column_sums (r, &step->input[0], dfkd_shape_count (&step->input_shape[0]) / columns, columns,
                         &step->output, &step->workspace, norm ? 1.0f : step->attributes.reduce.scale, norm,
                         norm);
}

/* one invocation a row, with @turns, or several on real GPUs */
static void
begin_rows (DfkdVulkanRecorder *r, const char *shader, const char *group_shader, gsize channels, gsize turns)
{
  if (r->vulkan->shared)
    {
      dfkd_begin_rows_group (r, group_shader, channels);
      return;
    }
  dfkd_dispatch_begin (r, shader);
  dfkd_dispatch_turns (r, turns);
}

static void
end_rows (DfkdVulkanRecorder *r, gsize rows, gsize channels)
{
  if (r->vulkan->shared)
    dfkd_end_rows_group (r, rows, channels);
  else
    dfkd_dispatch_threads (r, rows);
}

void
dfkd_emit_row_sum (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->input_shape[0]),
        channels = dfkd_shape_channels (&step->input_shape[0]);

  begin_rows (r, "row-sum", "row-sum-group", channels, channels + 1);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, rows);
  dfkd_dispatch_uint (r, channels);
  dfkd_dispatch_float (r, step->attributes.reduce.scale);
  end_rows (r, rows, channels);
}

void
dfkd_emit_softmax (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->shape), channels = dfkd_shape_channels (&step->shape);

  begin_rows (r, "softmax", "softmax-group", channels, 3 * (channels + 1));
  dfkd_dispatch_constant (r, step->op == DFKD_OP_LOG_SOFTMAX ? 1 : 0);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, rows);
  dfkd_dispatch_uint (r, channels);
  end_rows (r, rows, channels);
}

void
dfkd_emit_arg_max (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->input_shape[0]);

  dfkd_dispatch_begin (r, "arg-max");
  dfkd_dispatch_turns (r, dfkd_shape_channels (&step->input_shape[0]) + 1);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, rows);
  dfkd_dispatch_uint (r, dfkd_shape_channels (&step->input_shape[0]));
  dfkd_dispatch_threads (r, rows);
}

void
dfkd_emit_one_hot (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "one-hot");
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, step->attributes.rows.classes);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_top_hit (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize rows = dfkd_shape_rows (&step->input_shape[0]);

  dfkd_dispatch_begin (r, "top-hit");
  dfkd_dispatch_turns (r, dfkd_shape_channels (&step->input_shape[0]) + 1);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, rows);
  dfkd_dispatch_uint (r, dfkd_shape_channels (&step->input_shape[0]));
  dfkd_dispatch_uint (r, step->attributes.rows.k);
  dfkd_dispatch_threads (r, rows);
}
