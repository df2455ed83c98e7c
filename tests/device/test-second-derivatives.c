/* test-second-derivatives.c: every differentiable case of op-cases.h differentiated twice on the device named by --device:
 * Hessian·λ of L = Σ weights·y³ against mixed differences of the float64 twin. The cube makes the gradient that reaches the
 * op depend on its inputs, so that the rules of gradients are differentiated by everything they read. */
#include "op-data.h"
#include "test-device.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double TOLERANCE = 5e-4, STEP = 2e-3;

static DfkdDevice *device;

/* L at inputs + @scale·λ */
static double
loss (const Data *data, double *const *direction, double scale, double *out)
{
  const OpCase *c = data->c;
  double *in[MAX_CASE_INPUTS], sum = 0.0;

  for (guint i = 0; i < c->n_inputs; i++)
    {
      gsize count = dfkd_shape_count (&c->input[i]);

      in[i] = g_memdup2 (data->in[i], count * sizeof (double));
      for (gsize j = 0; j < count && direction[i] != NULL; j++)
        in[i][j] += scale * direction[i][j];
    }
  c->reference (c, in, out);
  for (gsize i = 0; i < data->count; i++)
    sum += data->weights[i] * pow (out[i], 3.0);
  for (guint i = 0; i < c->n_inputs; i++)
    g_free (in[i]);
  return sum;
}

/* samples of Σ λ·∂²L/∂input∂… against the device's */
static void
check_product (Data *data, guint input, double *const *direction, const float *got)
{
  gsize count = dfkd_shape_count (&data->c->input[input]), step = MAX (1, count / (SAMPLES / 2));
  g_autofree double *out = g_new (double, MAX_ELEMENTS);
  double want[SAMPLES + 2], difference;
  float picked[SAMPLES + 2];
  guint n = 0;

  for (gsize i = 0; i < count && n < SAMPLES; i += step)
    {
      double value = data->in[input][i], slope[2];

      for (guint side = 0; side < 2; side++)
        {
          data->in[input][i] = value + (side == 0 ? -STEP : STEP);
          slope[side] = (loss (data, direction, STEP, out) - loss (data, direction, -STEP, out)) / (2.0 * STEP);
        }
      data->in[input][i] = value;
      want[n] = (slope[1] - slope[0]) / (2.0 * STEP);
      picked[n++] = got[i];
    }
  difference = deviation (data->c->name, picked, want, n);
  if (!(difference <= TOLERANCE))
    {
      g_test_message ("%s: Hessian·λ of input %u deviates by %g", data->c->name, input + 1, difference);
      g_test_fail ();
    }
}

static void
read_name (char *name, gsize size, guint index)
{
  g_snprintf (name, size, "product %u", index);
}

static DfkdProgram *
build (const Data *data, DfkdBlock *inputs, DfkdBlock *directions, DfkdBlock *weights, GError **error)
{
  const OpCase *c = data->c;
  g_autoptr (DfkdGraph) g = dfkd_graph_new (c->name);
  DfkdValue in[MAX_CASE_INPUTS], wrt[MAX_CASE_INPUTS], seeds[MAX_CASE_INPUTS], gradients[MAX_CASE_INPUTS], y, cube;
  DfkdValue products[MAX_CASE_INPUTS];
  guint n = 0;

  for (guint i = 0; i < c->n_inputs; i++)
    {
      in[i] = dfkd_graph_variable (g, inputs, i);
      if (!wants_gradient (c, i))
        continue;
      seeds[n] = dfkd_graph_variable (g, directions, i);
      wrt[n++] = in[i];
    }
  y = c->build (g, c, in);
  cube = dfkd_multiply (g, dfkd_square (g, y), y);
  dfkd_graph_gradients (g, dfkd_sum (g, dfkd_multiply (g, cube, dfkd_graph_variable (g, weights, 0)), 1.0f), wrt, n, gradients);
  dfkd_graph_products (g, gradients, seeds, n, wrt, n, products);
  for (guint i = 0; i < n; i++)
    {
      char name[16];

      read_name (name, sizeof name, i);
      dfkd_read (g, name, products[i]);
    }
  return dfkd_program_new (device, g, error);
}

/* the shape of what the case builds */
static DfkdShape
shape_of_result (const OpCase *c, DfkdBlock *inputs)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new (c->name);
  DfkdValue in[MAX_CASE_INPUTS];

  for (guint i = 0; i < c->n_inputs; i++)
    in[i] = dfkd_graph_variable (g, inputs, i);
  return *dfkd_graph_shape (g, c->build (g, c, in));
}

static void
test_case (gconstpointer pointer)
{
  const OpCase *c = pointer;
  Data data = make_data (c);
  g_autoptr (GRand) random = g_rand_new_with_seed (g_str_hash (c->name) + 1);
  g_autoptr (DfkdBlock) inputs = dfkd_block_new ("inputs"), directions = dfkd_block_new ("directions");
  g_autoptr (DfkdBlock) weights = dfkd_block_new ("weights");
  g_autoptr (DfkdProgram) program = NULL;
  g_autoptr (GError) error = NULL;
  double *direction[MAX_CASE_INPUTS] = { NULL };

  for (guint i = 0; i < c->n_inputs; i++)
    {
      dfkd_block_add (inputs, "input", c->input[i]);
      dfkd_block_add (directions, "direction", c->input[i]);
    }
  dfkd_block_add (weights, "weights", shape_of_result (c, inputs));
  data.count = dfkd_shape_count (&dfkd_block_get (weights, 0)->shape);
  g_assert_true (dfkd_device_allocate (device, inputs, &error) && dfkd_device_allocate (device, directions, &error)
                 && dfkd_device_allocate (device, weights, &error));
  for (guint i = 0; i < c->n_inputs; i++)
    {
      gsize count = dfkd_shape_count (&c->input[i]);

      write_input (device, inputs, i, data.in[i]);
      if (!wants_gradient (c, i))
        continue;
      direction[i] = g_new (double, count);
      for (gsize j = 0; j < count; j++)
        direction[i][j] = (double) (float) g_rand_double_range (random, -1.0, 1.0);
      write_input (device, directions, i, direction[i]);
    }
  write_input (device, weights, 0, data.weights);

  program = build (&data, inputs, directions, weights, &error);
  g_assert_no_error (error);
  g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
  for (guint i = 0, n = 0; i < c->n_inputs; i++)
    if (direction[i] != NULL)
      {
        char name[16];
        g_autofree float *got = NULL;

        read_name (name, sizeof name, n++);
        got = to_planar (&c->input[i], dfkd_program_read (program, name, NULL));
        check_product (&data, i, direction, got);
      }
  for (guint i = 0; i < c->n_inputs; i++)
    g_free (direction[i]);
  clear_data (&data);
}

/* which kind of max-pool cannot be differentiated twice, and that its name is said */
static void
test_overlapping_windows (void)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("overlapping windows");
  g_autoptr (DfkdBlock) block = dfkd_block_new ("block");
  g_autoptr (GError) error = NULL;
  DfkdValue x, gradient, product;

  dfkd_block_add (block, "x", dfkd_shape (2, 3, 8, 8));
  x = dfkd_graph_variable (g, block, 0);
  dfkd_graph_gradients (g, dfkd_sum (g, dfkd_square (g, dfkd_max_pool (g, x, 3, 2, 1)), 1.0f), &x, 1, &gradient);
  g_assert_true (dfkd_graph_check (g, &error));
  dfkd_graph_products (g, &gradient, &x, 1, &x, 1, &product);
  g_assert_false (dfkd_graph_check (g, &error));
  g_assert_nonnull (strstr (error->message, "max-pool"));
}

static void
add_cases (const OpCase *cases, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *path = g_strconcat ("/second/", cases[i].name, NULL);

      if (cases[i].differentiable && !g_str_equal (cases[i].name, "pool/max-overlapping"))
        g_test_add_data_func (path, &cases[i], test_case);
    }
}

int
main (int argc, char **argv)
{
  int code;

  device = begin_device_tests (&argc, &argv, NULL, NULL);
  add_cases (element_cases, n_element_cases);
  add_cases (network_cases, n_network_cases);
  add_cases (picture_cases, n_picture_cases);
  add_cases (loss_cases, n_loss_cases);
  g_test_add_func ("/second/overlapping-windows", test_overlapping_windows);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
