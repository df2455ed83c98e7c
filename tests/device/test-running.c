/* test-running.c: what running a program must never do: build, allocate, copy behind the scenes, change a bit, take another's memory. On the
 * device named by --device. */
#include "errors.h"
#include "programs.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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

int
main (int argc, char **argv)
{
  int code;

  device = begin_device_tests (&argc, &argv, NULL, NULL);
  g_test_add_func ("/running/dials-build-nothing", test_dials_build_nothing);
  g_test_add_func ("/running/profile", test_profile);
  g_test_add_func ("/running/allocates-nothing", test_runs_allocate_nothing);
  g_test_add_func ("/running/same-bits", test_same_bits);
  g_test_add_func ("/running/reuse", test_reuse);
  g_test_add_func ("/running/too-large", test_too_large);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
