/* test-chains.c: the CPU does the same steps with and without chains of slices, whatever the number of threads. */
#include "build.h"
#include "device-private.h"

#include <math.h>
#include <string.h>

enum {
  BATCH = 37, /* slices of whole numbers of images leave one over */
  SIDE = 16,
  CLASSES = 10,
  MAX_VARIABLES = 16,
};

static const float EPSILON = 1e-5f;

/* a convolution with its weights, and a batch norm behind it by the batch's own statistics, or by others */
typedef struct {
  DfkdGraph *g;
  DfkdBlock *block;
  guint next;
  DfkdValue wrt[MAX_VARIABLES];
} Net;

static DfkdValue
parameter (Net *net, DfkdShape shape)
{
  guint index = dfkd_block_add (net->block, "parameter", shape);

  g_assert_cmpuint (net->next, <, MAX_VARIABLES);
  return net->wrt[net->next++] = dfkd_graph_variable (net->g, net->block, index);
}

static DfkdValue
layer (Net *net, DfkdValue x, gsize out, guint kernel, guint stride, DfkdValue addend)
{
  DfkdValue weight = parameter (net, dfkd_shape (out, dfkd_graph_shape (net->g, x)->dim[1], kernel, kernel));

  return dfkd_convolution (net->g, x, weight, DFKD_NONE, addend, stride, kernel / 2, 1, 1);
}

static DfkdValue
norm (Net *net, DfkdValue x, DfkdValue statistics)
{
  DfkdValue affine = parameter (net, dfkd_shape (2, dfkd_graph_shape (net->g, x)->dim[1], 0, 0));

  /* slope 1: a ReLU's kink would make an ulp a percent */
  return dfkd_bn_apply (net->g, x, statistics != DFKD_NONE ? statistics : dfkd_bn_statistics (net->g, x), affine, EPSILON, 1.0f);
}

static DfkdGraph *
build (DfkdBlock *block, guint *n_variables)
{
  Net net = { dfkd_graph_new ("chains"), block, 0, { 0 } };
  DfkdGraph *g = net.g;
  DfkdValue x = parameter (&net, dfkd_shape (BATCH, 3, SIDE, SIDE)), running = parameter (&net, dfkd_shape (2, 16, 0, 0));
  DfkdValue a, b, statistics, distance, loss, affine, gradients[MAX_VARIABLES];

  a = layer (&net, x, 16, 3, 1, DFKD_NONE);
  statistics = dfkd_bn_statistics (g, a);
  distance = dfkd_statistics_distance (g, statistics, running, running, dfkd_fill (g, dfkd_shape (1, 0, 0, 0), 0.0f));
  b = dfkd_tanh (g, norm (&net, a, running)); /* as an evaluated teacher does it */
  b = layer (&net, b, 16, 3, 1, a);
  b = norm (&net, b, DFKD_NONE); /* as a student learns */
  affine = net.wrt[net.next - 1];
  a = layer (&net, b, 32, 1, 2, DFKD_NONE);
  b = layer (&net, b, 32, 3, 2, a);
  b = dfkd_upsample_nearest (g, norm (&net, b, DFKD_NONE), 2);
  b = layer (&net, b, 3, 3, 1, DFKD_NONE);
  b = dfkd_sigmoid (g, b);
  b = dfkd_concatenate (g, b, dfkd_affine (g, x, 0.5f, 0.25f));
  b = dfkd_average_pool (g, b, 2, 2, 0);
  b = dfkd_flatten (g, b);
  b = dfkd_matrix_product (g, b, parameter (&net, dfkd_shape (CLASSES, 6 * SIDE * SIDE / 4, 0, 0)), DFKD_NONE, FALSE, TRUE);
  loss = dfkd_mean (g, dfkd_square (g, dfkd_log_softmax (g, b)));
  loss = dfkd_add (g, loss, distance);
  dfkd_read (g, "loss", loss);
  dfkd_assign (g, affine, dfkd_affine (g, affine, 1.0f, 0.25f)); /* the norm's result is what it was before */
  dfkd_graph_gradients (g, loss, net.wrt, net.next, gradients);
  for (guint i = 0; i < net.next; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "%u", i);
      dfkd_read (g, name, gradients[i]);
    }
  *n_variables = net.next;
  return g;
}

/* all gradients one behind the other, and how many chains there were; with @plain, none are wanted */
static GArray *
compute (gboolean plain, guint threads, DfkdPrecision precision, guint *n_chains)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdBlock) block = dfkd_block_new ("net");
  guint n = 0;
  g_autoptr (DfkdGraph) graph = build (block, &n);
  g_autoptr (DfkdProgram) program = NULL;
  g_autofree float *values = g_malloc (block->bytes);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  GArray *all = g_array_new (FALSE, FALSE, sizeof (float));
  DfkdDevice *device = dfkd_device_open ("cpu", threads, &error);
  DfkdDeviceClass class;

  g_assert_no_error (error);
  class = *device->klass;
  if (plain)
    class.planner.slices = NULL;
  device->klass = &class;
  g_assert_true (dfkd_device_set_precision (device, precision, &error) && dfkd_device_allocate (device, block, &error));
  for (gsize i = 0; i < block->bytes / sizeof (float); i++)
    values[i] = (float) g_rand_double_range (random, 0.1, 0.6) * (g_rand_boolean (random) ? 1.0f : -1.0f);
  for (gsize c = 0; c < 16; c++) /* a variance is positive */
    values[dfkd_block_get (block, 1)->offset / sizeof (float) + 16 + c] = 0.5f;
  g_assert_true (dfkd_device_write (device, block, 0, values, block->bytes, &error));
  program = dfkd_program_new (device, graph, &error);
  g_assert_no_error (error);
  *n_chains = dfkd_program_get_plan (program)->n_chains;
  for (guint run = 0; run < 3; run++)
    g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
  for (guint i = 0; i < n; i++)
    {
      const DfkdShape *shape;
      char name[16];
      gconstpointer gradient;

      g_snprintf (name, sizeof name, "%u", i);
      gradient = dfkd_program_read (program, name, &shape);
      g_array_append_vals (all, gradient, (guint) dfkd_shape_count (shape));
    }
  g_clear_pointer (&program, dfkd_program_free);
  dfkd_block_free (g_steal_pointer (&block));
  dfkd_device_free (device);
  return all;
}

static void
test_chains (gconstpointer data)
{
  DfkdPrecision precision = (DfkdPrecision) GPOINTER_TO_UINT (data);
  guint n_chains, none;
  g_autoptr (GArray) plain = NULL, chained = NULL;
  double difference = 0.0, size = 0.0;

  {
    DfkdDevice *device = dfkd_device_open ("cpu", 1, NULL);
    gboolean has = dfkd_device_has_precision (device, precision);

    dfkd_device_free (device);
    if (!has)
      {
        g_test_skip ("this processor has no such numbers");
        return;
      }
  }
  plain = compute (TRUE, 2, precision, &none);
  chained = compute (FALSE, 2, precision, &n_chains);
  g_assert_cmpuint (none, ==, 0);
  g_assert_cmpuint (n_chains, >, 3);
  g_assert_cmpuint (plain->len, ==, chained->len);
  for (guint i = 0; i < plain->len; i++)
    {
      double a = (double) g_array_index (plain, float, i), b = (double) g_array_index (chained, float, i);

      g_assert_true (isfinite (a) && isfinite (b));
      difference += (a - b) * (a - b);
      size += a * a;
    }
  g_test_message ("they differ by %g", sqrt (difference / size));
  /* sums over other parts of the batch differ by an ulp; now and then that rounds a factor of 8 bits the other way */
  g_assert_cmpfloat (sqrt (difference / size), <, precision == DFKD_PRECISION_FLOAT32 ? 1e-5 : 1e-3);

  for (guint threads = 1; threads < 6; threads += 2)
    {
      g_autoptr (GArray) again = compute (FALSE, threads, precision, &n_chains);

      g_assert_cmpmem (again->data, again->len * sizeof (float), chained->data, chained->len * sizeof (float));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < DFKD_N_PRECISIONS; i++)
    {
      g_autofree char *path = g_strconcat ("/chains/", dfkd_precision_name ((DfkdPrecision) i), NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_chains);
    }
  return g_test_run ();
}
