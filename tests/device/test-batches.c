/* test-batches.c: several runs handed to the device together give what they give one by one, and each can be read. On
 * the device named by --device. */
#include "build.h"
#include "test-device.h"

#include <math.h>
#include <string.h>

enum {
  RUNS = 5,
  PIXELS = 2 * 4 * 9 * 7, /* of a result */
  STATE = 4 * 4 * 3 * 3,
};

static DfkdDevice *device;

typedef struct {
  DfkdBlock *block; /* weights that each run changes */
  DfkdProgram *program;
} Training;

static Training
training_new (guint lanes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("training");
  Training t = { .block = dfkd_block_new ("weights") };
  DfkdShape shape = dfkd_shape (4, 4, 3, 3);
  DfkdValue counter, w, x, y, loss, gradient;

  dfkd_block_add (t.block, "weights", shape);
  dfkd_block_add (t.block, "momentum", shape);
  g_assert_true (dfkd_device_allocate (device, t.block, &error));
  counter = dfkd_graph_counter (g, "counter");
  w = dfkd_graph_variable (g, t.block, 0);
  x = dfkd_random_normal (g, counter, dfkd_shape (2, 4, 9, 7), 1);
  y = dfkd_convolution (g, x, w, DFKD_NONE, x, 1, 1, 1, 1);
  loss = dfkd_multiply (g, dfkd_mean (g, dfkd_square (g, y)), dfkd_graph_dial (g, "weight"));
  dfkd_graph_gradients (g, loss, &w, 1, &gradient);
  dfkd_read (g, "loss", loss);
  dfkd_read (g, "result", y);
  dfkd_read (g, "weight", dfkd_graph_dial (g, "weight"));
  dfkd_sgd (g, w, dfkd_graph_variable (g, t.block, 1), gradient, dfkd_graph_dial (g, "lr"), dfkd_graph_dial (g, "momentum"),
            dfkd_graph_dial (g, "decay"));
  t.program = dfkd_program_new_lanes (device, g, lanes, &error);
  g_assert_no_error (error);
  dfkd_program_set (t.program, "lr", 0.1f);
  dfkd_program_set (t.program, "momentum", 0.9f);
  return t;
}

static void
training_free (Training *t)
{
  dfkd_program_free (t->program);
  dfkd_block_free (t->block);
}

static void
start (Training *t, guint number)
{
  g_autoptr (GError) error = NULL;

  dfkd_program_set (t->program, "weight", 1.0f + (float) number);
  dfkd_program_set_counter (t->program, "counter", 5, number, 0);
  g_assert_true (dfkd_program_run (t->program, &error));
  g_assert_no_error (error);
}

static void
finish (Training *t)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_program_wait (t->program, &error));
  g_assert_no_error (error);
}

static void
end_batch (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_device_end_batch (device, &error));
  g_assert_no_error (error);
}

static void
read_weights (Training *t, float *weights)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_device_read (device, t->block, 0, weights, STATE * sizeof (float), &error));
  g_assert_no_error (error);
}

static void
assert_run (Training *t, guint age, guint number, const float *loss, const float *result)
{
  const DfkdShape *shape;
  const float *got = dfkd_program_read_run (t->program, "result", age, &shape);

  g_assert_nonnull (got);
  g_assert_cmpuint (dfkd_shape_count (shape), ==, PIXELS);
  g_assert_cmpmem (got, PIXELS * sizeof (float), result + number * PIXELS, PIXELS * sizeof (float));
  g_assert_cmpmem (dfkd_program_read_run (t->program, "loss", age, NULL), sizeof (float), &loss[number], sizeof (float));
  g_assert_cmpfloat (*(const float *) dfkd_program_read_run (t->program, "weight", age, NULL), ==, 1.0f + (float) number);
}

/* RUNS runs, one by one */
static void
run_singly (float *loss, float *result, float *weights)
{
  Training t = training_new (DFKD_LANES);

  for (guint i = 0; i < RUNS; i++)
    {
      start (&t, i);
      finish (&t);
      loss[i] = *(const float *) dfkd_program_read (t.program, "loss", NULL);
      memcpy (result + i * PIXELS, dfkd_program_read (t.program, "result", NULL), PIXELS * sizeof (float));
    }
  read_weights (&t, weights);
  training_free (&t);
}

static void
test_same_bits (void)
{
  float loss[RUNS], result[RUNS * PIXELS], weights[STATE], again[STATE];
  Training t = training_new (RUNS);
  const DfkdDeviceCounters *counters = dfkd_device_counters (device);
  gboolean gpu = g_str_has_prefix (dfkd_device_describe (device)->id, "vulkan");
  DfkdDeviceCounters before;
  char **regions = dfkd_program_get_plan (t.program)->regions;
  g_autofree double *seconds = NULL;

  run_singly (loss, result, weights);
  g_assert_cmpfloat (loss[0], !=, loss[1]);
  before = *counters;
  dfkd_device_begin_batch (device);
  for (guint i = 0; i < RUNS; i++)
    start (&t, i);
  dfkd_program_set (t.program, "weight", -1.0f); /* too late for the runs collected */
  end_batch ();
  finish (&t);
  g_assert_cmpuint (counters->submissions - before.submissions, ==, gpu ? 1 : RUNS);
  g_assert_cmpuint (counters->recordings, ==, before.recordings);
  g_assert_cmpuint (counters->allocations, ==, before.allocations);
  for (guint i = 0; i < RUNS; i++)
    assert_run (&t, RUNS - 1 - i, i, loss, result);
  g_assert_cmpmem (dfkd_program_read (t.program, "loss", NULL), sizeof (float), &loss[RUNS - 1], sizeof (float));
  seconds = g_new0 (double, g_strv_length (regions));
  for (guint i = 0; i < RUNS; i++)
    {
      double sum = 0.0, last = 0.0;

      g_assert_true (dfkd_program_seconds_run (t.program, i, seconds));
      for (guint j = 0; regions[j] != NULL; j++)
        {
          sum += seconds[j];
          last += dfkd_program_seconds (t.program)[j];
        }
      g_assert_cmpfloat (sum, >, 0.0);
      if (i == 0)
        g_assert_cmpfloat (sum, ==, last);
    }
  read_weights (&t, again);
  g_assert_cmpmem (again, sizeof again, weights, sizeof weights);
  training_free (&t);
}

/* more runs in a batch than lanes: what is collected goes first, and only the last results stay */
static void
test_few_lanes (void)
{
  float loss[RUNS], result[RUNS * PIXELS], weights[STATE], again[STATE];
  Training t = training_new (2);

  run_singly (loss, result, weights);
  g_assert_null (dfkd_program_read_run (t.program, "loss", 0, NULL)); /* nothing ran */
  g_assert_false (dfkd_program_seconds_run (t.program, 0, (double[8]){ 0.0 }));
  dfkd_device_begin_batch (device);
  for (guint i = 0; i < RUNS; i++)
    start (&t, i);
  end_batch ();
  finish (&t);
  assert_run (&t, 0, RUNS - 1, loss, result);
  assert_run (&t, 1, RUNS - 2, loss, result);
  g_assert_null (dfkd_program_read_run (t.program, "loss", 2, NULL));
  g_assert_null (dfkd_program_read_run (t.program, "nothing", 0, NULL));
  read_weights (&t, again);
  g_assert_cmpmem (again, sizeof again, weights, sizeof weights);
  training_free (&t);
}

/* waiting for a run, reading and writing a block see the runs collected before them; so does the end of a program */
static void
test_in_between (void)
{
  g_autoptr (GError) error = NULL;
  float loss[RUNS], result[RUNS * PIXELS], weights[STATE], again[STATE], zeros[2 * STATE] = { 0 };
  Training t = training_new (4), other = training_new (3);

  run_singly (loss, result, weights);
  dfkd_device_begin_batch (device);
  start (&t, 0);
  start (&other, 0);
  start (&t, 1);
  finish (&t);
  assert_run (&t, 0, 1, loss, result);
  assert_run (&t, 1, 0, loss, result);
  for (guint i = 2; i < RUNS; i++)
    start (&t, i);
  read_weights (&t, again);
  g_assert_cmpmem (again, sizeof again, weights, sizeof weights);
  g_assert_true (dfkd_device_write (device, t.block, dfkd_block_get (t.block, 0)->offset, zeros, STATE * sizeof (float), &error));
  g_assert_true (dfkd_device_write (device, t.block, dfkd_block_get (t.block, 1)->offset, zeros, STATE * sizeof (float), &error));
  start (&t, 0); /* from the beginning again */
  start (&other, 1);
  training_free (&other);
  end_batch ();
  finish (&t);
  assert_run (&t, 0, 0, loss, result);
  training_free (&t);
}

int
main (int argc, char **argv)
{
  int code;

  device = begin_device_tests (&argc, &argv, NULL, NULL);
  g_test_add_func ("/batches/same-bits", test_same_bits);
  g_test_add_func ("/batches/few-lanes", test_few_lanes);
  g_test_add_func ("/batches/in-between", test_in_between);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
