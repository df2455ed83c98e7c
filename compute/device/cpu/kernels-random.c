/* kernels-random.c: draws. Element i is word i % 4 of Philox block i / 4 (random.h). */
#include "kernels-private.h"

#include "random.h"

typedef struct {
  const DfkdCall *call;
  gsize count;
  guint64 seed;
  guint32 step, range;
} Draw;

static void
random_task (gpointer data, gsize chunk)
{
  const Draw *draw = data;
  const DfkdAttributes *a = &draw->call->step->attributes;
  float *y = draw->call->out;
  gint32 *integers = draw->call->out;

  for (gsize start = chunk * DFKD_CHUNK, end = MIN (start + DFKD_CHUNK, draw->count), i = start; i < end; i += 4)
    {
      guint32 words[4];
      float normals[4];
      gsize n = MIN ((gsize) 4, end - i);

      dfkd_philox (draw->seed, a->random.purpose, draw->step, (guint32) (i / 4), words);
      switch (draw->call->step->op)
        {
        case DFKD_OP_RANDOM_NORMAL:
          dfkd_philox_normal (words[0], words[1], normals);
          dfkd_philox_normal (words[2], words[3], normals + 2);
          for (gsize j = 0; j < n; j++)
            y[i + j] = normals[j];
          break;
        case DFKD_OP_RANDOM_UNIFORM:
          for (gsize j = 0; j < n; j++)
            y[i + j] = a->random.low + (a->random.high - a->random.low) * dfkd_philox_uniform (words[j]);
          break;
        default:
          for (gsize j = 0; j < n; j++)
            integers[i + j] = (gint32) (a->random.distinct ? dfkd_philox_distinct (words[j], (guint32) (i + j), (guint32) draw->count, draw->range)
                                                           : dfkd_philox_integer (words[j], draw->range));
        }
    }
}

DFKD_KERNEL (random)
{
  const guint32 *counter = call->in[0];
  const float *range = call->step->n_inputs > 1 ? call->in[1] : NULL;
  Draw draw = { call, dfkd_shape_count (&call->step->shape), counter[0] | (guint64) counter[1] << 32, counter[2],
                range != NULL ? (guint32) *range : call->step->attributes.random.range };

  dfkd_thread_pool_run (call->pool, dfkd_chunks (draw.count), random_task, &draw);
}

DFKD_KERNEL (iota)
{
  const gint32 *counter = call->in[0];
  gint32 *y = call->out;

  for (gsize i = 0, count = dfkd_shape_count (&call->step->shape); i < count; i++)
    y[i] = counter[3] + (gint32) i;
}
