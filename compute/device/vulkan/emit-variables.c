/* emit-variables.c: what outlives a step: assignments, optimisers, running statistics, the image pool, reads.
 */
#include "emit.h"

void
dfkd_emit_assign (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  dfkd_record_copy (r, &step->input[1], &step->input[0]);
}

void
dfkd_emit_read (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  dfkd_record_copy (r, &step->input[0], &step->output);
}

/* any type: copies words, and of the last one only the bytes that belong to the tensor */
void
dfkd_emit_assign_if (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize bytes = dfkd_shape_bytes (&step->input_shape[0]);

  dfkd_dispatch_begin (r, "assign-if");
  dfkd_dispatch_update (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, &step->input[2]);
  dfkd_dispatch_uint (r, (bytes + 3) / 4);
  dfkd_dispatch_uint (r, bytes % 4);
  dfkd_dispatch_threads (r, (bytes + 3) / 4);
}

void
dfkd_emit_blend (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->input_shape[0]);
  gboolean fours = count % 4 == 0;

  count /= fours ? 4 : 1;
  dfkd_dispatch_begin_lanes (r, "blend", fours);
  dfkd_dispatch_update (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, &step->input[2]);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_adam (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->input_shape[0]);
  gboolean fours = count % 4 == 0;

  count /= fours ? 4 : 1;
  dfkd_dispatch_begin_lanes (r, "adam", fours);
  for (guint i = 0; i < 3; i++)
    dfkd_dispatch_update (r, &step->input[i]);
  for (guint i = 3; i < 6; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_float (r, step->attributes.adam.beta1);
  dfkd_dispatch_float (r, step->attributes.adam.beta2);
  dfkd_dispatch_float (r, step->attributes.adam.epsilon);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_sgd (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->input_shape[0]);
  gboolean fours = count % 4 == 0;

  count /= fours ? 4 : 1;
  dfkd_dispatch_begin_lanes (r, "sgd", fours);
  for (guint i = 0; i < 2; i++)
    dfkd_dispatch_update (r, &step->input[i]);
  for (guint i = 2; i < 6; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_running_update (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->input_shape[0]);

  dfkd_dispatch_begin (r, "running-update");
  dfkd_dispatch_update (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_float (r, step->attributes.running.momentum);
  dfkd_dispatch_float (r, step->attributes.running.unbias);
  dfkd_dispatch_threads (r, count);
}

/* One invocation a word of the pool: the images are a range of bytes that may wrap from the pool's end to its
 * beginning and need not start or end at a word. */
void
dfkd_emit_store_images (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize pool = dfkd_shape_bytes (&step->input_shape[0]), images = dfkd_shape_count (&step->input_shape[1]);
  gsize words = images / 4 + 2;

  dfkd_dispatch_begin (r, "store-images");
  dfkd_dispatch_update (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, &step->input[2]);
  dfkd_dispatch_uint (r, pool);
  dfkd_dispatch_uint (r, images);
  dfkd_dispatch_uint (r, step->input_shape[0].dim[0]);
  dfkd_dispatch_uint (r, words);
  dfkd_dispatch_threads (r, 2 * words);
}

void
dfkd_emit_store_rows (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->input_shape[1]);

  dfkd_dispatch_begin (r, "store-rows");
  dfkd_dispatch_update (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, &step->input[2]);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, step->input_shape[0].dim[1]);
  dfkd_dispatch_uint (r, step->input_shape[0].dim[0]);
  dfkd_dispatch_threads (r, count);
}
