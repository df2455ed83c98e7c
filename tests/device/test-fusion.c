/* test-fusion.c: Vulkan kernels that do the next op too give the bits that the two give one after the other, by both sets of
 * kernels and in float16, with fewer steps. */
#include "build.h"
#include "device.h"

#include <string.h>

enum { VALUES = 1 << 14 };

typedef struct {
  DfkdShape x, w;
  guint stride;
  gboolean addend, bias, groups;
} Case;

static const Case cases[] = {
  { { DFKD_F32, 4, { 2, 20, 9, 7 } }, { DFKD_F32, 4, { 36, 20, 3, 3 } }, 1, TRUE },
  { { DFKD_F32, 4, { 2, 5, 11, 9 } }, { DFKD_F32, 4, { 7, 5, 3, 3 } }, 2 },
  { { DFKD_F32, 4, { 2, 8, 6, 5 } }, { DFKD_F32, 4, { 1, 8, 3, 3 } }, 1, TRUE },
  { { DFKD_F32, 4, { 2, 8, 6, 5 } }, { DFKD_F32, 4, { 12, 8, 3, 3 } }, 1, FALSE, TRUE },
  { { DFKD_F32, 4, { 2, 8, 6, 5 } }, { DFKD_F32, 4, { 12, 4, 3, 3 } }, 1, FALSE, FALSE, TRUE },
};

static DfkdDevice *
open_device (const char *kernels, gboolean fuse)
{
  g_autoptr (GError) error = NULL;
  DfkdDevice *device;

  g_setenv ("DFKD_VULKAN_KERNELS", kernels, TRUE);
  g_setenv ("DFKD_VULKAN_FUSE", fuse ? "1" : "0", TRUE);
  device = dfkd_device_open ("vulkan", 0, &error);
  g_unsetenv ("DFKD_VULKAN_KERNELS");
  g_unsetenv ("DFKD_VULKAN_FUSE");
  g_assert_no_error (error);
  return device;
}

/* Returns: how many values there are */
static gsize
compute (DfkdDevice *device, const Case *c, gboolean norm, float slope, float *values, guint *n_steps)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("fusion");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue counter = dfkd_graph_counter (g, "counter"), addend = DFKD_NONE, bias = DFKD_NONE, x, w, y, statistics, affine;
  gsize channels = c->w.dim[0], count;
  guint groups = c->groups ? 2 : 1;
  const DfkdShape *shape;
  const float *read;

  x = dfkd_random_uniform (g, counter, c->x, 0, -1.0f, 1.0f);
  w = dfkd_random_uniform (g, counter, c->w, 1, -1.0f, 1.0f);
  statistics = dfkd_random_uniform (g, counter, dfkd_shape (2, channels, 0, 0), 2, 0.1f, 2.0f);
  affine = dfkd_random_uniform (g, counter, dfkd_shape (2, channels, 0, 0), 3, -1.0f, 1.0f);
  if (c->bias)
    bias = dfkd_random_uniform (g, counter, dfkd_shape (channels, 0, 0, 0), 4, -1.0f, 1.0f);
  if (c->addend)
    addend = dfkd_random_uniform (g, counter, dfkd_shape (c->x.dim[0], channels, c->x.dim[2], c->x.dim[3]), 5, -1.0f, 1.0f);
  y = dfkd_convolution (g, x, w, bias, addend, c->stride, 1, 1, groups);
  dfkd_read (g, "y", norm ? dfkd_bn_apply (g, y, statistics, affine, 1e-3f, slope) : dfkd_leaky_relu (g, y, slope));
  program = dfkd_program_new (device, g, &error);
  g_assert_no_error (error);
  dfkd_program_set_counter (program, "counter", 1, 2, 3);
  g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
  read = dfkd_program_read (program, "y", &shape);
  count = dfkd_shape_count (shape);
  g_assert_cmpuint (count, <=, VALUES);
  memcpy (values, read, count * sizeof *values);
  *n_steps = dfkd_program_get_plan (program)->n_steps;
  return count;
}

static void
compare (const char *kernels, DfkdPrecision precision)
{
  g_autofree float *wanted = g_new (float, VALUES), *got = g_new (float, VALUES);
  g_autoptr (DfkdDevice) plain = open_device (kernels, FALSE), fusing = open_device (kernels, TRUE);
  static const float slopes[] = { 0.0f, 0.2f, 1.0f };
  guint n, fewer;

  if (!dfkd_device_set_precision (plain, precision, NULL) || !dfkd_device_set_precision (fusing, precision, NULL))
    {
      g_test_skip ("this device does not compute in float16");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < 2 * G_N_ELEMENTS (slopes); j++)
      {
        gboolean norm = j % 2 == 0, can = !cases[i].groups && (!norm || !cases[i].bias);
        gsize count = compute (plain, &cases[i], norm, slopes[j / 2], wanted, &n);

        g_assert_cmpuint (compute (fusing, &cases[i], norm, slopes[j / 2], got, &fewer), ==, count);
        g_assert_cmpuint (fewer, ==, n - (can ? 1 : 0));
        g_assert_cmpmem (got, count * sizeof *got, wanted, count * sizeof *wanted);
      }
}

static void
test_tile (void)
{
  compare ("tile", DFKD_PRECISION_FLOAT32);
}

static void
test_shared (void)
{
  compare ("shared", DFKD_PRECISION_FLOAT32);
}

static void
test_float16 (void)
{
  compare ("shared", DFKD_PRECISION_FLOAT16);
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
  g_test_add_func ("/fusion/tile", test_tile);
  g_test_add_func ("/fusion/shared", test_shared);
  g_test_add_func ("/fusion/float16", test_float16);
  return g_test_run ();
}
