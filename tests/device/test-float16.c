/* test-float16.c: what rounding factors to float16 does at the edges of its range, by the kernels for real GPUs: nothing finite
 * becomes infinite, ties go to even, and small gradients keep their bits. How far sums are off is tested in test-ops.c. */
#include "build.h"
#include "device.h"
#include "errors.h"

#include <math.h>

enum { FACTORS = 12, OUTS = 20 };

static DfkdDevice *
open_kernels (const char *kernels)
{
  g_autoptr (GError) error = NULL;
  DfkdDevice *device;

  g_setenv ("DFKD_VULKAN_KERNELS", kernels, TRUE);
  device = dfkd_device_open ("vulkan", 0, &error);
  g_unsetenv ("DFKD_VULKAN_KERNELS");
  g_assert_no_error (error);
  return device;
}

/* a device of float16, NULL (and the test skipped) where this one cannot */
static DfkdDevice *
open_float16 (void)
{
  DfkdDevice *device = open_kernels ("shared");

  if (dfkd_device_set_precision (device, DFKD_PRECISION_FLOAT16, NULL))
    return device;
  g_test_skip ("this device does not compute in float16");
  dfkd_device_free (device);
  return NULL;
}

static DfkdBlock *
new_block (DfkdDevice *device, DfkdShape shape, const float *values)
{
  g_autoptr (GError) error = NULL;
  DfkdBlock *block = dfkd_block_new ("block");

  dfkd_block_add (block, "variable", shape);
  dfkd_device_allocate (device, block, &error);
  g_assert_no_error (error);
  dfkd_device_write (device, block, 0, values, dfkd_shape_count (&shape) * sizeof *values, &error);
  g_assert_no_error (error);
  return block;
}

static DfkdProgram *
run_graph (DfkdDevice *device, DfkdGraph *graph)
{
  g_autoptr (GError) error = NULL;
  DfkdProgram *program = dfkd_program_new (device, graph, &error);

  g_assert_no_error (error);
  dfkd_program_run (program, &error);
  g_assert_no_error (error);
  dfkd_program_wait (program, &error);
  g_assert_no_error (error);
  return program;
}

static void
assert_same (float got, float wanted)
{
  if (isnan (wanted))
    g_assert_true (isnan (got));
  else
    g_assert_cmpfloat (got, ==, wanted);
}

static void
fill (float *values, gsize count, float value)
{
  for (gsize i = 0; i < count; i++)
    values[i] = value;
}

/* who has no float16 says so */
static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) tile = open_kernels ("tile"), cpu = dfkd_device_open ("cpu", 1, NULL);
  DfkdDevice *devices[] = { tile, cpu };

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_assert_false (dfkd_device_has_precision (devices[i], DFKD_PRECISION_FLOAT16));
      g_assert_false (dfkd_device_set_precision (devices[i], DFKD_PRECISION_FLOAT16, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE);
      g_clear_error (&error);
    }
}

static const float factors[FACTORS] = { 65504.0f, 65519.0f,   1e6f,      -3e38f,       INFINITY,       -INFINITY,
                                        NAN,      1.0f / 3.0f, 1.0f + 0x1p-11f, 1.0f + 0x3p-11f, -1.0f - 0x1.01p-11f, 0x1p-14f };
static const float rounded[FACTORS] = { 65504.0f, 65504.0f,   65504.0f,  -65504.0f,    INFINITY,       -INFINITY,
                                        NAN,      0x1.554p-2f, 1.0f,           1.0f + 0x1p-9f,  -1.0f - 0x1p-10f,    0x1p-14f };

/* a convolution of one weight of 1 gives what its factors were rounded to: pixels, then weights */
static void
test_convolution (void)
{
  const DfkdShape many = dfkd_shape (1, 1, 1, FACTORS), one = dfkd_shape (1, 1, 1, 1), outs = dfkd_shape (FACTORS, 1, 1, 1);
  const float unit = 1.0f;
  g_autoptr (DfkdDevice) device = open_float16 ();
  g_autoptr (DfkdBlock) x = NULL, w = NULL;

  if (device == NULL)
    return;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("convolution");
      g_autoptr (DfkdProgram) program = NULL;
      const float *y;

      g_clear_pointer (&x, dfkd_block_free);
      g_clear_pointer (&w, dfkd_block_free);
      x = new_block (device, i == 0 ? many : one, i == 0 ? factors : &unit);
      w = new_block (device, i == 0 ? one : outs, i == 0 ? &unit : factors);
      dfkd_read (g, "y", dfkd_convolution (g, dfkd_graph_variable (g, x, 0), dfkd_graph_variable (g, w, 0), DFKD_NONE, DFKD_NONE, 1, 0, 1, 1));
      program = run_graph (device, g);
      y = dfkd_program_read (program, "y", NULL);
      for (guint j = 0; j < FACTORS; j++)
        assert_same (y[j], rounded[j]);
    }
}

/* gradients by the smallest and the largest dy: below 2⁻²⁴ a float16 is nothing */
static void
test_gradients (void)
{
  const DfkdShape shape = dfkd_shape (1, 1, 1, 1);
  static const struct {
    float dy, wanted;
  } cases[] = { { 0x1.5p-30f, 0x1.5p-30f }, { -0x1.ffcp-24f, -0x1.ffcp-24f }, { 63.0f, 63.0f }, { 100.0f, 65504.0f / 1024.0f },
                { -INFINITY, -INFINITY },   { NAN, NAN } };
  const float unit = 1.0f;
  g_autoptr (DfkdDevice) device = open_float16 ();
  g_autoptr (DfkdBlock) x = NULL, w = NULL;

  if (device == NULL)
    return;
  x = new_block (device, shape, &unit);
  w = new_block (device, shape, &unit);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DfkdBlock) dy = new_block (device, shape, &cases[i].dy);
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("gradients");
      g_autoptr (DfkdProgram) program = NULL;
      DfkdValue in[2] = { dfkd_graph_variable (g, x, 0), dfkd_graph_variable (g, w, 0) }, gradients[2];
      DfkdValue y = dfkd_convolution (g, in[0], in[1], DFKD_NONE, DFKD_NONE, 1, 0, 1, 1);

      dfkd_graph_gradients (g, dfkd_sum (g, dfkd_multiply (g, y, dfkd_graph_variable (g, dy, 0)), 1.0f), in, 2, gradients);
      dfkd_read (g, "to data", gradients[0]);
      dfkd_read (g, "to weights", gradients[1]);
      program = run_graph (device, g);
      assert_same (*(const float *) dfkd_program_read (program, "to data", NULL), cases[i].wanted);
      assert_same (*(const float *) dfkd_program_read (program, "to weights", NULL), cases[i].wanted);
    }
}

/* the same of a matrix product x·wᵀ, whose gradients are dy·w and dyᵀ·x */
static void
test_product (void)
{
  const float small = 0x1.5p-30f;
  g_autofree float *x_values = g_new (float, OUTS *OUTS), *w_values = g_new (float, OUTS *OUTS), *dy_values = g_new (float, OUTS *OUTS);
  g_autoptr (DfkdDevice) device = open_float16 ();
  g_autoptr (DfkdBlock) x = NULL, w = NULL, dy = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("product");
  g_autoptr (DfkdProgram) program = NULL;
  const DfkdShape square = dfkd_shape (OUTS, OUTS, 0, 0);
  DfkdValue in[2], gradients[2], y;
  const float *got;

  if (device == NULL)
    return;
  fill (x_values, OUTS * OUTS, 2.0f);
  fill (w_values, OUTS * OUTS, 1e6f);
  fill (dy_values, OUTS * OUTS, small);
  x = new_block (device, square, x_values);
  w = new_block (device, square, w_values);
  dy = new_block (device, square, dy_values);
  in[0] = dfkd_graph_variable (g, x, 0);
  in[1] = dfkd_graph_variable (g, w, 0);
  y = dfkd_matrix_product (g, in[0], in[1], DFKD_NONE, FALSE, TRUE);
  dfkd_graph_gradients (g, dfkd_sum (g, dfkd_multiply (g, y, dfkd_graph_variable (g, dy, 0)), 1.0f), in, 2, gradients);
  dfkd_read (g, "y", y);
  dfkd_read (g, "to data", gradients[0]);
  dfkd_read (g, "to weights", gradients[1]);
  program = run_graph (device, g);
  got = dfkd_program_read (program, "y", NULL);
  g_assert_cmpfloat (got[OUTS + 1], ==, OUTS * 2.0f * 65504.0f);
  got = dfkd_program_read (program, "to data", NULL);
  g_assert_cmpfloat (got[OUTS + 1], ==, OUTS * small * 65504.0f);
  got = dfkd_program_read (program, "to weights", NULL);
  g_assert_cmpfloat (got[OUTS + 1], ==, OUTS * small * 2.0f);
}

/* a program keeps the precision it was made in, also where it is prepared again to be timed */
static void
test_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = open_float16 ();
  g_autoptr (DfkdBlock) x = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("kept");
  g_autoptr (DfkdProgram) program = NULL;
  g_autofree double *seconds = NULL;
  DfkdValue value;
  guint64 pipelines;

  if (device == NULL)
    return;
  x = new_block (device, dfkd_shape (1, 1, 1, FACTORS), factors);
  value = dfkd_graph_variable (g, x, 0);
  dfkd_read (g, "y", dfkd_convolution (g, value, dfkd_fill (g, dfkd_shape (1, 1, 1, 1), 1.0f), DFKD_NONE, DFKD_NONE, 1, 0, 1, 1));
  program = run_graph (device, g);
  pipelines = dfkd_device_counters (device)->pipelines;
  g_assert_true (dfkd_device_set_precision (device, DFKD_PRECISION_FLOAT32, &error));
  seconds = g_new (double, dfkd_program_get_plan (program)->n_steps);
  g_assert_true (dfkd_program_profile (program, seconds, &error));
  g_assert_cmpuint (dfkd_device_counters (device)->pipelines, ==, pipelines);
}

int
main (int argc, char **argv)
{
  g_autoptr (DfkdDevice) device = NULL;

  g_test_init (&argc, &argv, NULL);
  device = dfkd_device_open ("vulkan", 0, NULL);
  if (device == NULL)
    return 77; /* no driver: nothing to test */
  g_clear_pointer (&device, dfkd_device_free);
  g_test_add_func ("/float16/refused", test_refused);
  g_test_add_func ("/float16/convolution", test_convolution);
  g_test_add_func ("/float16/gradients", test_gradients);
  g_test_add_func ("/float16/product", test_product);
  g_test_add_func ("/float16/kept", test_kept);
  return g_test_run ();
}
