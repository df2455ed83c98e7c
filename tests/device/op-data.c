/* op-data.c: what cases are run on, and how far results are off. */
#include "op-data.h"

#include <math.h>

static double
draw (GRand *random, double low, double high)
{
  return (double) (float) g_rand_double_range (random, low, high);
}

Data
make_data (const OpCase *c)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (g_str_hash (c->name));
  Data data = { .c = c, .weights = g_new (double, MAX_ELEMENTS) };

  for (guint i = 0; i < c->n_inputs; i++)
    {
      gsize count = dfkd_shape_count (&c->input[i]);

      data.in[i] = g_new (double, count);
      for (gsize j = 0; j < count; j++)
        data.in[i][j] = c->input[i].type == DFKD_I32 ? (double) g_rand_int_range (random, 0, (gint) c->range) : draw (random, c->low, c->high);
    }
  if (g_str_has_prefix (c->name, "resized-crop"))
    for (gsize n = 0; n < c->input[1].dim[0]; n++)
      for (guint axis = 0; axis < 2; axis++)
        {
          double size = (double) c->input[0].dim[2 + axis], *box = data.in[1] + 4 * n;

          box[axis] = (double) (float) (box[axis] * 0.4 * size);
          box[2 + axis] = (double) (float) ((0.4 + 0.2 * box[2 + axis]) * size);
        }
  for (gsize i = 0; i < MAX_ELEMENTS; i++)
    data.weights[i] = draw (random, -1.0, 1.0);
  return data;
}

void
clear_data (Data *data)
{
  for (guint i = 0; i < data->c->n_inputs; i++)
    g_free (data->in[i]);
  g_free (data->weights);
}

gboolean
wants_gradient (const OpCase *c, guint input)
{
  gboolean first_only = g_str_has_prefix (c->name, "resized-crop") || g_str_equal (c->name, "batch-norm/distance");

  return c->differentiable && c->input[input].type == DFKD_F32 && (input == 0 || !first_only);
}

void
write_input (DfkdDevice *device, DfkdBlock *block, guint index, const double *values)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  gsize count = dfkd_shape_count (&variable->shape);
  g_autofree float *planar = g_new (float, count), *storage = g_new (float, count);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < count; i++)
    if (variable->shape.type == DFKD_I32)
      ((gint32 *) planar)[i] = (gint32) values[i];
    else
      planar[i] = (float) values[i];
  dfkd_tensor_to_storage (&variable->shape, planar, storage);
  dfkd_device_write (device, block, variable->offset, storage, count * sizeof (float), &error);
  g_assert_no_error (error);
}

double
deviation (const char *what, const float *got, const double *want, gsize count)
{
  double difference = 0.0, size = 0.0;

  for (gsize i = 0; i < count; i++)
    {
      if (!isfinite (got[i]))
        {
          g_test_message ("%s: element %zu is not finite", what, i);
          return INFINITY;
        }
      difference += pow ((double) got[i] - want[i], 2.0);
      size += want[i] * want[i];
    }
  return size > 0.0 ? sqrt (difference / size) : sqrt (difference);
}

float *
to_planar (const DfkdShape *shape, gconstpointer storage)
{
  float *planar = g_new (float, dfkd_shape_count (shape));

  dfkd_tensor_from_storage (shape, storage, planar);
  return planar;
}
