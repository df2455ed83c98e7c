/* kernels-optimiser.c: Adam and SGD over whole blocks, as torch.optim writes them; running statistics. */
#include "kernels-private.h"

#include <math.h>

typedef struct {
  const DfkdCall *call;
  gsize count;
  float step_size, root_correction;
} Update;

DFKD_LEVELS static void
adam_task (gpointer data, gsize chunk)
{
  const Update *u = data;
  float *p = (float *) u->call->in[0], *m = (float *) u->call->in[1], *v = (float *) u->call->in[2];
  const float *g = u->call->in[3];
  float beta1 = u->call->step->attributes.adam.beta1, beta2 = u->call->step->attributes.adam.beta2;
  float epsilon = u->call->step->attributes.adam.epsilon, step_size = u->step_size, correction = u->root_correction;

  for (gsize i = chunk * DFKD_CHUNK, end = MIN (i + DFKD_CHUNK, u->count); i < end; i++)
    {
      m[i] = beta1 * m[i] + (1.0f - beta1) * g[i];
      v[i] = beta2 * v[i] + (1.0f - beta2) * g[i] * g[i];
      p[i] -= step_size * m[i] / (sqrtf (v[i]) * correction + epsilon);
    }
}

/* p ← p − lr/(1−β1ᵗ) · m / (√v/√(1−β2ᵗ) + ε) (Kingma and Ba 2015) */
DFKD_KERNEL (adam)
{
  double t = (double) *(const float *) call->in[5];
  Update u = { call, dfkd_shape_count (&call->step->input_shape[0]), 0.0f, 0.0f };

  u.step_size = (float) ((double) *(const float *) call->in[4] / (1.0 - pow ((double) call->step->attributes.adam.beta1, t)));
  u.root_correction = (float) (1.0 / sqrt (1.0 - pow ((double) call->step->attributes.adam.beta2, t)));
  dfkd_thread_pool_run (call->pool, dfkd_chunks (u.count), adam_task, &u);
}

DFKD_LEVELS static void
sgd_task (gpointer data, gsize chunk)
{
  const Update *u = data;
  float *p = (float *) u->call->in[0], *buffer = (float *) u->call->in[1];
  const float *g = u->call->in[2];
  float rate = *(const float *) u->call->in[3], momentum = *(const float *) u->call->in[4];
  float decay = *(const float *) u->call->in[5];

  for (gsize i = chunk * DFKD_CHUNK, end = MIN (i + DFKD_CHUNK, u->count); i < end; i++)
    {
      buffer[i] = momentum * buffer[i] + (g[i] + decay * p[i]);
      p[i] -= rate * buffer[i];
    }
}

DFKD_KERNEL (sgd)
{
  Update u = { .call = call, .count = dfkd_shape_count (&call->step->input_shape[0]) };

  dfkd_thread_pool_run (call->pool, dfkd_chunks (u.count), sgd_task, &u);
}

DFKD_KERNEL (running_update)
{
  float *running = (float *) call->in[0];
  const float *batch = call->in[1];
  float momentum = call->step->attributes.running.momentum, unbias = call->step->attributes.running.unbias;
  gsize channels = call->step->input_shape[0].dim[1];

  for (gsize c = 0; c < channels; c++)
    {
      running[c] = (1.0f - momentum) * running[c] + momentum * batch[c];
      running[channels + c] = (1.0f - momentum) * running[channels + c] + momentum * unbias * batch[channels + c];
    }
}
