/* test-effects.c: ops that write variables or draw. On the device named by --device. */
#include "programs.h"
#include "random.h"

#include <math.h>
#include <string.h>

/* three steps of torch.optim.Adam and torch.optim.SGD written out in float64 */
static void
test_optimisers (void)
{
  enum { N = 333, STEPS = 3 };
  float p[N], g0[N], q[N], got[N];
  double adam[N], m[N] = { 0 }, v[N] = { 0 }, sgd[N], buffer[N] = { 0 };
  DfkdShape shape = dfkd_shape (N, 0, 0, 0), shapes[] = { shape, shape, shape, shape, shape, shape };
  g_autoptr (DfkdBlock) block = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("optimisers");
  g_autoptr (DfkdProgram) program = NULL;

  for (guint i = 0; i < N; i++)
    {
      adam[i] = (double) (p[i] = sinf ((float) i));
      sgd[i] = (double) (q[i] = cosf ((float) i));
      g0[i] = 0.01f * (float) ((i * 7) % 13) - 0.06f;
    }
  block = block_of (shapes, (const void *const[]){ p, NULL, NULL, g0, q, NULL }, 6);
  dfkd_adam (g, dfkd_graph_variable (g, block, 0), dfkd_graph_variable (g, block, 1), dfkd_graph_variable (g, block, 2),
             dfkd_graph_variable (g, block, 3), dfkd_graph_dial (g, "lr"), dfkd_graph_dial (g, "t"), 0.5f, 0.999f, 1e-8f);
  dfkd_sgd (g, dfkd_graph_variable (g, block, 4), dfkd_graph_variable (g, block, 5), dfkd_graph_variable (g, block, 3), dfkd_graph_dial (g, "lr"),
            dfkd_graph_dial (g, "momentum"), dfkd_graph_dial (g, "decay"));
  program = build (g);
  dfkd_program_set (program, "lr", 0.01f);
  dfkd_program_set (program, "momentum", 0.9f);
  dfkd_program_set (program, "decay", 1e-2f);
  for (guint t = 1; t <= STEPS; t++)
    {
      dfkd_program_set (program, "t", (float) t);
      run (program);
      for (guint i = 0; i < N; i++)
        {
          double gradient = (double) g0[i];

          m[i] = 0.5 * m[i] + 0.5 * gradient;
          v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
          adam[i] -= 0.01 / (1.0 - pow (0.5, t)) * m[i] / (sqrt (v[i]) / sqrt (1.0 - pow (0.999, t)) + 1e-8);
          buffer[i] = 0.9 * buffer[i] + gradient + 1e-2 * sgd[i];
          sgd[i] -= 0.01 * buffer[i];
        }
    }
  read_back (block, 0, got);
  for (guint i = 0; i < N; i++)
    assert_near ((double) got[i], adam[i], 2e-6);
  read_back (block, 4, got);
  for (guint i = 0; i < N; i++)
    assert_near ((double) got[i], sgd[i], 2e-6);
}

static void
test_assignments (void)
{
  float a[5] = { 1, 2, 3, 4, 5 }, b[5] = { 10, 20, 30, 40, 50 }, got[5], running[6] = { 1, 1, 1, 2, 2, 2 }, batch[6] = { 3, 4, 5, 6, 7, 8 }, got6[6];
  DfkdShape v = dfkd_shape (5, 0, 0, 0), s = dfkd_shape (2, 3, 0, 0), shapes[] = { v, v, v, v, s, s };
  g_autoptr (DfkdBlock) block = block_of (shapes, (const void *const[]){ a, b, a, a, running, batch }, 6);
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("assignments");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue value = dfkd_graph_variable (g, block, 1);

  dfkd_assign_if (g, dfkd_graph_variable (g, block, 0), value, dfkd_graph_dial (g, "flag"));
  dfkd_blend (g, dfkd_graph_variable (g, block, 2), value, dfkd_graph_dial (g, "m"));
  dfkd_assign (g, dfkd_graph_variable (g, block, 3), dfkd_add (g, dfkd_graph_variable (g, block, 3), value));
  dfkd_running_update (g, dfkd_graph_variable (g, block, 4), dfkd_graph_variable (g, block, 5), 0.1f, 1.25f);
  program = build (g);
  dfkd_program_set (program, "flag", 0.0f);
  dfkd_program_set (program, "m", 0.75f);
  run (program);
  read_back (block, 0, got);
  g_assert_cmpmem (got, sizeof got, a, sizeof a);
  dfkd_program_set (program, "flag", 1.0f);
  run (program);
  read_back (block, 0, got);
  g_assert_cmpmem (got, sizeof got, b, sizeof b);
  read_back (block, 2, got);
  for (guint i = 0; i < 5; i++)
    assert_near ((double) got[i], 0.75 * (0.75 * (double) a[i] + 0.25 * (double) b[i]) + 0.25 * (double) b[i], 1e-6);
  read_back (block, 3, got);
  for (guint i = 0; i < 5; i++)
    assert_near ((double) got[i], (double) a[i] + 2.0 * (double) b[i], 1e-6);
  read_back (block, 4, got6);
  for (guint i = 0; i < 6; i++)
    {
      double step = i < 3 ? (double) batch[i] : 1.25 * (double) batch[i];

      assert_near ((double) got6[i], 0.9 * (0.9 * (double) running[i] + 0.1 * step) + 0.1 * step, 1e-6);
    }
}

/* images into the pool as bytes, wrapping round, and out again; three channels of an odd size */
static void
test_pool (void)
{
  enum { P = 5, N = 3, SIZE = 3 * 5 * 3 };
  float images[N * SIZE], got[2 * SIZE];
  guint8 pool[P * SIZE];
  gint32 index[2] = { 1, 4 }, labels[4] = { 7, 5, 3, 1 }, picked[2];
  DfkdShape shapes[] = { dfkd_shape_of_type (DFKD_U8, P, 3, 5, 3), dfkd_shape (N, 3, 5, 3), dfkd_shape_of_type (DFKD_I32, 2, 0, 0, 0),
                         dfkd_shape_of_type (DFKD_I32, 4, 0, 0, 0) };
  g_autoptr (DfkdBlock) block = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("store"), h = dfkd_graph_new ("gather");
  g_autoptr (DfkdProgram) store = NULL, gather = NULL;

  for (guint i = 0; i < N * SIZE; i++)
    images[i] = -0.1f + 1.2f * (float) ((i * 29) % 97) / 96.0f;
  block = block_of (shapes, (const void *const[]){ NULL, images, index, labels }, 4);
  dfkd_store_images (g, dfkd_graph_variable (g, block, 0), dfkd_graph_variable (g, block, 1), dfkd_graph_counter (g, "store"));
  store = build (g);
  dfkd_program_set_counter (store, "store", 0, 0, 3); /* into 3, 4 and 0 */
  run (store);
  read_back (block, 0, pool);
  for (guint n = 0; n < N; n++)
    for (guint i = 0; i < SIZE; i++)
      g_assert_cmpuint (pool[(3 + n) % P * SIZE + i], ==, (guint) lrintf (CLAMP (images[n * SIZE + i], 0.0f, 1.0f) * 255.0f));
  for (guint i = 0; i < 2 * SIZE; i++)
    g_assert_cmpuint (pool[SIZE + i], ==, 0);

  dfkd_read (h, "images", dfkd_gather_images (h, dfkd_graph_variable (h, block, 0), dfkd_graph_variable (h, block, 2)));
  dfkd_read (h, "labels", dfkd_gather_integers (h, dfkd_graph_variable (h, block, 3),
                                                dfkd_iota (h, dfkd_graph_counter (h, "first"), 2)));
  gather = build (h);
  dfkd_program_set_counter (gather, "first", 0, 0, 2);
  run (gather);
  memcpy (got, dfkd_program_read (gather, "images", NULL), sizeof got);
  memcpy (picked, dfkd_program_read (gather, "labels", NULL), sizeof picked);
  g_assert_cmpint (picked[0], ==, 3);
  g_assert_cmpint (picked[1], ==, 1);
  for (guint i = 0; i < SIZE; i++)
    {
      g_assert_cmpfloat (got[i], ==, 0.0f);
      assert_near ((double) got[SIZE + i], pool[4 * SIZE + i] / 255.0, 1e-7);
    }
}

/* rows into a table, wrapping round, and out again */
static void
test_rows (void)
{
  enum { P = 5, N = 3, WIDTH = 7 };
  float rows[N * WIDTH], table[P * WIDTH];
  gint32 index[3] = { 4, 1, 0 };
  DfkdShape shapes[] = { dfkd_shape (P, WIDTH, 0, 0), dfkd_shape (N, WIDTH, 0, 0), dfkd_shape_of_type (DFKD_I32, 3, 0, 0, 0) };
  g_autoptr (DfkdBlock) block = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("store"), h = dfkd_graph_new ("gather");
  g_autoptr (DfkdProgram) store = NULL, gather = NULL;
  const float *got;

  for (guint i = 0; i < N * WIDTH; i++)
    rows[i] = 1.0f + (float) i;
  block = block_of (shapes, (const void *const[]){ NULL, rows, index }, 3);
  dfkd_store_rows (g, dfkd_graph_variable (g, block, 0), dfkd_graph_variable (g, block, 1), dfkd_graph_counter (g, "store"));
  store = build (g);
  dfkd_program_set_counter (store, "store", 0, 0, 3 + 2 * P); /* into 3, 4 and 0 */
  run (store);
  read_back (block, 0, table);
  for (guint n = 0; n < N; n++)
    for (guint i = 0; i < WIDTH; i++)
      g_assert_cmpfloat (table[(3 + n) % P * WIDTH + i], ==, rows[n * WIDTH + i]);
  for (guint i = 0; i < 2 * WIDTH; i++)
    g_assert_cmpfloat (table[WIDTH + i], ==, 0.0f);

  dfkd_read (h, "rows", dfkd_gather_rows (h, dfkd_graph_variable (h, block, 0), dfkd_graph_variable (h, block, 2)));
  gather = build (h);
  run (gather);
  got = dfkd_program_read (gather, "rows", NULL);
  for (guint n = 0; n < 3; n++)
    for (guint i = 0; i < WIDTH; i++)
      g_assert_cmpfloat (got[n * WIDTH + i], ==, table[(guint) index[n] * WIDTH + i]);
}

/* the draws of the device are those of random.h, element by element */
static void
test_draws (void)
{
  enum { N = 4099 };
  const guint64 seed = 0x123456789abcdefull;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("draws");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue counter = dfkd_graph_counter (g, "draw");
  const float *normal, *uniform;
  const gint32 *integers, *ranged, *distinct, *few;
  double mean = 0.0, square = 0.0;

  dfkd_read (g, "normal", dfkd_random_normal (g, counter, dfkd_shape (N, 0, 0, 0), 3));
  dfkd_read (g, "uniform", dfkd_random_uniform (g, counter, dfkd_shape (N, 0, 0, 0), 4, -2.0f, 5.0f));
  dfkd_read (g, "integers", dfkd_random_integers (g, counter, DFKD_NONE, dfkd_shape (N, 0, 0, 0), 5, 10));
  dfkd_read (g, "ranged", dfkd_random_integers (g, counter, dfkd_graph_dial (g, "range"), dfkd_shape (N, 0, 0, 0), 6, 0));
  dfkd_read (g, "distinct", dfkd_random_distinct (g, counter, dfkd_graph_dial (g, "range"), N, 7));
  dfkd_read (g, "few", dfkd_random_distinct (g, counter, dfkd_graph_dial (g, "small"), N, 8));
  program = build (g);
  dfkd_program_set (program, "range", 7681.0f);
  dfkd_program_set (program, "small", 100.0f);
  dfkd_program_set_counter (program, "draw", seed, 42, 0);
  run (program);
  normal = dfkd_program_read (program, "normal", NULL);
  uniform = dfkd_program_read (program, "uniform", NULL);
  integers = dfkd_program_read (program, "integers", NULL);
  ranged = dfkd_program_read (program, "ranged", NULL);
  distinct = dfkd_program_read (program, "distinct", NULL);
  few = dfkd_program_read (program, "few", NULL);
  for (guint32 i = 0; i < N; i++)
    {
      guint32 words[4];
      float pair[2];

      dfkd_philox (seed, 3, 42, i / 4, words);
      dfkd_philox_normal (words[i % 4 & 2], words[(i % 4 & 2) + 1], pair);
      assert_near ((double) normal[i], (double) pair[i & 1], 2e-5);
      mean += (double) normal[i] / N;
      square += (double) normal[i] * (double) normal[i] / N;
      dfkd_philox (seed, 4, 42, i / 4, words);
      assert_near ((double) uniform[i], -2.0 + 7.0 * (double) dfkd_philox_uniform (words[i % 4]), 1e-6);
      dfkd_philox (seed, 5, 42, i / 4, words);
      g_assert_cmpint (integers[i], ==, (gint32) dfkd_philox_integer (words[i % 4], 10));
      dfkd_philox (seed, 6, 42, i / 4, words);
      g_assert_cmpint (ranged[i], ==, (gint32) dfkd_philox_integer (words[i % 4], 7681));
      dfkd_philox (seed, 7, 42, i / 4, words);
      g_assert_cmpint (distinct[i], ==, (gint32) dfkd_philox_distinct (words[i % 4], i, N, 7681));
      g_assert_cmpint (few[i], ==, (gint32) (i * 100 / N)); /* each about as often */
    }
  g_assert_cmpfloat_with_epsilon (mean, 0.0, 0.06);
  g_assert_cmpfloat_with_epsilon (square, 1.0, 0.08);
}

int
main (int argc, char **argv)
{
  int code;

  device = begin_device_tests (&argc, &argv, NULL, NULL);
  g_test_add_func ("/effects/optimisers", test_optimisers);
  g_test_add_func ("/effects/assignments", test_assignments);
  g_test_add_func ("/effects/pool", test_pool);
  g_test_add_func ("/effects/rows", test_rows);
  g_test_add_func ("/effects/draws", test_draws);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
