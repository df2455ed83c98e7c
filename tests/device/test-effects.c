/* test-effects.c: ops that write variables or draw, and what running a program must never do: build, allocate,
 * copy behind the scenes. On the device named by --device. */
#include "build.h"
#include "errors.h"
#include "losses.h"
#include "test-device.h"
#include "random.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static DfkdDevice *device;

/* a block with one float variable for each list of values */
static DfkdBlock *
block_of (const DfkdShape *shapes, const void *const *values, guint count)
{
  DfkdBlock *block = dfkd_block_new ("test");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    dfkd_block_add (block, "variable", shapes[i]);
  g_assert_true (dfkd_device_allocate (device, block, &error));
  for (guint i = 0; i < count; i++)
    if (values[i] != NULL)
      g_assert_true (dfkd_device_write (device, block, dfkd_block_get (block, i)->offset, values[i], dfkd_shape_bytes (&shapes[i]), &error));
  return block;
}

static void
run (DfkdProgram *program)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
  g_assert_no_error (error);
}

static DfkdProgram *
build (DfkdGraph *g)
{
  g_autoptr (GError) error = NULL;
  DfkdProgram *program = dfkd_program_new (device, g, &error);

  g_assert_no_error (error);
  return program;
}

static void
read_back (DfkdBlock *block, guint index, void *data)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_device_read (device, block, variable->offset, data, dfkd_shape_bytes (&variable->shape), &error));
}

static void
assert_near (double got, double want, double tolerance)
{
  g_assert_true (isfinite (got));
  g_assert_cmpfloat_with_epsilon (got, want, tolerance * (1.0 + fabs (want)));
}

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

/* a small network's training step with live dials */
static DfkdProgram *
training_step (DfkdBlock **block)
{
  enum { BATCH = 33 }; /* several tasks for every kernel that sums */
  DfkdShape shapes[] = { dfkd_shape (BATCH, 3, 8, 8), dfkd_shape (16, 3, 3, 3), dfkd_shape (2, 16, 0, 0), dfkd_shape (16, 3, 3, 3),
                         dfkd_shape (10, 16, 0, 0) };
  float x[BATCH * 3 * 64], w[16 * 27], affine[32], classifier[160];
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("training step");
  DfkdValue y, logits, loss, weights, gradient;

  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = sinf ((float) i);
  for (guint i = 0; i < G_N_ELEMENTS (w); i++)
    w[i] = 0.2f * cosf ((float) i * 1.7f);
  for (guint i = 0; i < 32; i++)
    affine[i] = i < 16 ? 1.0f : 0.1f;
  for (guint i = 0; i < G_N_ELEMENTS (classifier); i++)
    classifier[i] = cosf ((float) i);
  *block = block_of (shapes, (const void *const[]){ x, w, affine, NULL, classifier }, 5);
  weights = dfkd_graph_variable (g, *block, 1);
  y = dfkd_convolution (g, dfkd_graph_variable (g, *block, 0), weights, DFKD_NONE, DFKD_NONE, 1, 1, 1, 1);
  y = dfkd_bn_apply (g, y, dfkd_bn_statistics (g, y), dfkd_graph_variable (g, *block, 2), 1e-5f, 0.0f);
  logits = dfkd_matrix_product (g, dfkd_spatial_mean (g, dfkd_relu (g, y)), dfkd_graph_variable (g, *block, 4), DFKD_NONE, FALSE, TRUE);
  loss = dfkd_add (g, dfkd_mean (g, dfkd_square (g, dfkd_affine (g, y, 1.0f, -0.3f))), dfkd_mean (g, dfkd_square (g, dfkd_softmax (g, logits))));
  loss = dfkd_multiply (g, loss, dfkd_graph_dial (g, "weight"));
  dfkd_graph_gradients (g, loss, &weights, 1, &gradient);
  dfkd_sgd (g, weights, dfkd_graph_variable (g, *block, 3), gradient, dfkd_graph_dial (g, "lr"), dfkd_graph_dial (g, "momentum"),
            dfkd_graph_dial (g, "decay"));
  dfkd_read (g, "loss", loss);
  return build (g);
}

static void
test_dials_build_nothing (void)
{
  g_autoptr (DfkdBlock) block = NULL;
  g_autoptr (DfkdProgram) program = training_step (&block);
  DfkdDeviceCounters before;
  const DfkdDeviceCounters *after = dfkd_device_counters (device);
  float last = -1.0f;
  guint changed = 0;

  for (guint i = 0; i < 2; i++) /* once for each lane */
    run (program);
  before = *after;
  for (guint i = 0; i < 50; i++)
    {
      float loss;

      dfkd_program_set (program, "weight", 1.0f + (float) i);
      dfkd_program_set (program, "lr", 1e-4f * (float) (i % 5));
      dfkd_program_set (program, "momentum", 0.5f + 0.005f * (float) i);
      run (program);
      loss = *(const float *) dfkd_program_read (program, "loss", NULL);
      g_assert_true (isfinite (loss));
      changed += loss != last;
      last = loss;
    }
  g_assert_cmpuint (changed, ==, 50); /* the dial is felt */
  g_assert_cmpuint (after->programs, ==, before.programs);
  g_assert_cmpuint (after->recordings, ==, before.recordings);
  g_assert_cmpuint (after->pipelines, ==, before.pipelines);
  g_assert_cmpuint (after->allocations, ==, before.allocations);
  g_assert_cmpuint (after->transfers, ==, before.transfers);
  g_assert_cmpuint (after->submissions, ==, before.submissions + 50); /* one submit a step */
}

/* a profiled run is a run, with a time for every step */
static void
test_profile (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdBlock) block = NULL, twin = NULL;
  g_autoptr (DfkdProgram) program = training_step (&block), plain = training_step (&twin);
  guint n = dfkd_program_get_plan (program)->n_steps;
  guint64 submissions = dfkd_device_counters (device)->submissions;
  g_autofree double *seconds = g_new (double, n);
  g_autofree guint8 *got = g_malloc (block->bytes), *want = g_malloc (block->bytes);
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    seconds[i] = -1.0;
  for (guint i = 0; i < 2; i++)
    {
      DfkdProgram *each = i == 0 ? program : plain;

      dfkd_program_set (each, "weight", 2.0f);
      dfkd_program_set (each, "lr", 0.1f);
    }
  g_assert_true (dfkd_program_profile (program, seconds, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_device_counters (device)->submissions, ==, submissions + 1);
  run (plain);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpfloat (seconds[i], >=, 0.0);
      sum += seconds[i];
    }
  g_assert_cmpfloat (sum, >, 0.0);
  g_assert_true (dfkd_device_read (device, block, 0, got, block->bytes, &error));
  g_assert_true (dfkd_device_read (device, twin, 0, want, block->bytes, &error));
  g_assert_cmpmem (got, block->bytes, want, block->bytes);
}

/* Every allocation of this program is counted here, where no sanitizer does so itself. */
#if !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__) && defined (__GLIBC__)
static atomic_uint allocations;

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

void *
malloc (size_t size)
{
  atomic_fetch_add (&allocations, 1);
  return __libc_malloc (size);
}

void *
calloc (size_t count, size_t size)
{
  atomic_fetch_add (&allocations, 1);
  return __libc_calloc (count, size);
}

void *
realloc (void *memory, size_t size)
{
  atomic_fetch_add (&allocations, 1);
  return __libc_realloc (memory, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  atomic_fetch_add (&allocations, 1);
  return __libc_memalign (alignment, size);
}

static void
test_runs_allocate_nothing (void)
{
  g_autoptr (DfkdBlock) block = NULL;
  g_autoptr (DfkdProgram) program = NULL;
  guint before = allocations;

  if (!g_str_equal (dfkd_device_describe (device)->id, "cpu"))
    {
      g_test_skip ("a driver may allocate for itself; the device counts its own allocations");
      return;
    }
  program = training_step (&block);
  g_assert_cmpuint (allocations, >, before); /* the counter counts */
  for (guint i = 0; i < 4; i++)
    run (program);
  before = allocations;
  for (guint i = 0; i < 200; i++)
    run (program);
  g_assert_cmpuint (allocations, ==, before);
}
#else
static void
test_runs_allocate_nothing (void)
{
  g_test_skip ("allocations cannot be counted here");
}
#endif

/* the same bits again, and on the CPU with any number of threads */
static void
test_same_bits (void)
{
  static const guint threads[] = { 1, 2, 3 };
  float want[16 * 27], got[16 * 27];
  gboolean cpu = g_str_equal (dfkd_device_describe (device)->id, "cpu");
  DfkdDevice *kept = device;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (GError) error = NULL;
      DfkdBlock *block = NULL;
      DfkdProgram *program;

      if (cpu)
        device = dfkd_device_open ("cpu", threads[i], &error);
      program = training_step (&block);
      dfkd_program_set (program, "weight", 1.0f);
      dfkd_program_set (program, "lr", 0.1f);
      for (guint j = 0; j < 3; j++)
        run (program);
      read_back (block, 1, got);
      if (i == 0)
        memcpy (want, got, sizeof want);
      g_assert_cmpmem (got, sizeof got, want, sizeof want);
      dfkd_program_free (program);
      dfkd_block_free (block);
      if (cpu)
        dfkd_device_free (device);
      device = kept;
    }
}

/* The same graph with its temporaries in each other's places, and with every one of them kept to the end. */
static void
test_reuse (void)
{
  enum { LENGTH = 48, COUNT = 2 * 3 * 4 * 5 };
  float x[COUNT];
  DfkdShape shapes[] = { dfkd_shape (2, 3, 4, 5) };
  g_autoptr (DfkdBlock) block = NULL;

  for (guint i = 0; i < COUNT; i++)
    x[i] = sinf ((float) i);
  block = block_of (shapes, (const void *const[]){ x }, 1);
  for (guint32 seed = 0; seed < 20; seed++)
    {
      float want[LENGTH][COUNT];

      for (guint kept = 2; kept-- > 0;)
        {
          g_autoptr (GRand) random = g_rand_new_with_seed (seed);
          g_autoptr (DfkdGraph) g = dfkd_graph_new (kept ? "kept" : "reused");
          g_autoptr (DfkdProgram) program = NULL;
          DfkdValue values[LENGTH];
          guint reads = 0;

          values[0] = dfkd_graph_variable (g, block, 0);
          for (guint i = 1; i < LENGTH; i++)
            {
              DfkdValue a = values[g_rand_int_range (random, (gint) MAX (i, 6) - 6, (gint) i)];
              DfkdValue b = values[g_rand_int_range (random, (gint) MAX (i, 6) - 6, (gint) i)];

              switch (g_rand_int_range (random, 0, 6))
                {
                case 0:
                  values[i] = dfkd_affine (g, a, 0.9f, 0.1f);
                  break;
                case 1:
                  values[i] = dfkd_tanh (g, dfkd_add (g, a, b));
                  break;
                case 2:
                  values[i] = dfkd_multiply (g, a, dfkd_channel_sum (g, b, 0.05f));
                  break;
                case 3:
                  values[i] = dfkd_softmax (g, a);
                  break;
                case 4:
                  values[i] = dfkd_subtract (g, dfkd_detach (g, a), b);
                  break;
                default:
                  values[i] = dfkd_multiply (g, dfkd_sigmoid (g, a), b);
                }
            }
          for (guint i = 0; i < LENGTH; i++)
            if (kept || i % 12 == 11)
              {
                char name[16];

                g_snprintf (name, sizeof name, "%u", i);
                dfkd_read (g, name, values[i]);
              }
          program = build (g);
          run (program);
          for (guint i = 0; i < LENGTH; i++)
            {
              char name[16];
              const float *got;

              g_snprintf (name, sizeof name, "%u", i);
              if ((got = dfkd_program_read (program, name, NULL)) == NULL)
                continue;
              if (kept)
                memcpy (want[i], got, sizeof want[i]);
              g_assert_cmpmem (got, sizeof want[i], want[i], sizeof want[i]);
              reads++;
            }
          g_assert_cmpuint (reads, ==, kept ? LENGTH : 4);
        }
    }
}

/* where functions have corners: equals, edges, a distance of nothing, and what is no number */
static void
test_corners (void)
{
  float rows[2 * 4] = { 1, 3, 3, 2, -1, -1, -1, -1 }, image[16] = { 5, 5, 0, 1, 5, 5, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
  float statistics[6] = { 1, 2, 3, 4, 5, 6 }, average[6] = { 0 }, numbers[4] = { -1.0f, 0.0f, NAN, 2.0f };
  float broken[16] = { 0, 1, 2, NAN, -1, 0, 3, 1, 0, 0, 4, 5, 0, 6, 0, 0 };
  DfkdShape s = dfkd_shape (2, 3, 0, 0);
  DfkdShape shapes[] = { dfkd_shape (2, 4, 0, 0), dfkd_shape (1, 1, 4, 4), s, s, s, dfkd_shape (4, 0, 0, 0), dfkd_shape (1, 1, 4, 4) };
  g_autoptr (DfkdBlock) block = block_of (shapes, (const void *const[]){ rows, image, statistics, statistics, average, numbers, broken }, 7);
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("corners");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue x = dfkd_graph_variable (g, block, 1), batch = dfkd_graph_variable (g, block, 2), gradient, y;
  const gint32 *best;
  const float *values;

  dfkd_read (g, "best", dfkd_arg_max (g, dfkd_graph_variable (g, block, 0)));
  dfkd_graph_gradients (g, dfkd_sum (g, dfkd_max_pool (g, x, 2, 2, 0), 1.0f), &x, 1, &gradient);
  dfkd_read (g, "pooled", gradient);
  dfkd_graph_gradients (g, dfkd_statistics_distance (g, batch, dfkd_graph_variable (g, block, 3), dfkd_graph_variable (g, block, 4), dfkd_graph_dial (g, "m")),
                        &batch, 1, &gradient);
  dfkd_read (g, "distance", gradient);
  dfkd_read (g, "relu", dfkd_relu (g, dfkd_graph_variable (g, block, 5)));
  dfkd_read (g, "sum", dfkd_sum (g, dfkd_graph_variable (g, block, 5), 1.0f));
  x = dfkd_graph_variable (g, block, 6);
  dfkd_read (g, "statistics", dfkd_bn_statistics (g, x));
  y = dfkd_max_pool (g, x, 2, 2, 0);
  dfkd_read (g, "broken", y);
  dfkd_graph_gradients (g, dfkd_sum (g, y, 1.0f), &x, 1, &gradient);
  dfkd_read (g, "winners", gradient);
  program = build (g);
  run (program);

  best = dfkd_program_read (program, "best", NULL);
  g_assert_cmpint (best[0], ==, 1); /* the first of equals */
  g_assert_cmpint (best[1], ==, 0);
  values = dfkd_program_read (program, "pooled", NULL);
  for (guint i = 0; i < 16; i++) /* the first maximum of each window */
    g_assert_cmpfloat (values[i], ==, i == 0 || i == 6 || i == 8 || i == 10 ? 1.0f : 0.0f);
  values = dfkd_program_read (program, "distance", NULL);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat (values[i], ==, 0.0f);
  values = dfkd_program_read (program, "relu", NULL);
  g_assert_cmpfloat (values[0], ==, 0.0f);
  g_assert_cmpfloat (values[3], ==, 2.0f);
  g_assert_true (isnan (values[2])); /* or a broken run would look healthy */
  g_assert_true (isnan (*(const float *) dfkd_program_read (program, "sum", NULL)));
  values = dfkd_program_read (program, "statistics", NULL);
  g_assert_true (isnan (values[0]) && isnan (values[1]));
  values = dfkd_program_read (program, "broken", NULL);
  g_assert_true (values[0] == 1.0f && isnan (values[1]) && values[2] == 6.0f && values[3] == 5.0f);
  values = dfkd_program_read (program, "winners", NULL);
  for (guint i = 0; i < 16; i++) /* what is no number is the largest, as in PyTorch */
    g_assert_cmpfloat (values[i], ==, i == 1 || i == 3 || i == 11 || i == 13 ? 1.0f : 0.0f);
}

/* Σ x² of @count numbers, all of them 3, through temporaries of that size */
static DfkdGraph *
sum_of_squares (gsize count)
{
  DfkdGraph *g = dfkd_graph_new ("a sum");

  dfkd_read (g, "sum", dfkd_sum (g, dfkd_square (g, dfkd_fill (g, dfkd_shape (count, 0, 0, 0), 3.0f)), 1.0f));
  return g;
}

/* programs share memory: one that it does not suffice for takes none of it from the others */
static void
test_too_large (void)
{
  const gsize count = (gsize) 12 << 20; /* temporaries of 48 MiB, which a freed piece of memory gives back to the system */
  g_autoptr (DfkdGraph) fitting = sum_of_squares (count), too_large = sum_of_squares ((gsize) 1 << 40);
  g_autoptr (DfkdProgram) program = build (fitting), none = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      run (program);
      assert_near ((double) *(const float *) dfkd_program_read (program, "sum", NULL), 9.0 * (double) count, 1e-6);
      none = dfkd_program_new (device, too_large, &error);
      g_assert_null (none);
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
      g_clear_error (&error);
    }
}

/* a class that no image of a batch has at all makes no NaN of the balance, nor of its gradient */
static void
test_absent_class (void)
{
  const float logits[2 * 3] = { 300, 300, 0, 300, 300, 0 };
  DfkdShape shape = dfkd_shape (2, 3, 0, 0);
  g_autoptr (DfkdBlock) block = block_of (&shape, (const void *const[]){ logits }, 1);
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("absent class");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue x = dfkd_graph_variable (g, block, 0), balance = dfkd_class_balance (g, x), gradient;
  const float *values;

  dfkd_graph_gradients (g, balance, &x, 1, &gradient);
  dfkd_read (g, "balance", balance);
  dfkd_read (g, "gradient", gradient);
  program = build (g);
  run (program);
  g_assert_cmpfloat_with_epsilon (*(const float *) dfkd_program_read (program, "balance", NULL), -logf (2.0f), 1e-5f);
  values = dfkd_program_read (program, "gradient", NULL);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (values[i], 0.0f, 1e-6f); /* the others are balanced */
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
  g_test_add_func ("/effects/dials-build-nothing", test_dials_build_nothing);
  g_test_add_func ("/effects/profile", test_profile);
  g_test_add_func ("/effects/runs-allocate-nothing", test_runs_allocate_nothing);
  g_test_add_func ("/effects/same-bits", test_same_bits);
  g_test_add_func ("/effects/reuse", test_reuse);
  g_test_add_func ("/effects/corners", test_corners);
  g_test_add_func ("/effects/too-large", test_too_large);
  g_test_add_func ("/effects/absent-class", test_absent_class);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
