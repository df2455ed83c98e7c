/* test-ops.c: every case of op-cases.h on the device named by --device, with factors of --precision: the result against the
 * float64 twin, the gradient against central differences of the twin, and nothing written where it should not be. */
#include "op-data.h"
#include "test-device.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  GUARD = 64, /* floats before and behind the result */
};

/* By precision. A factor of 8 bits is off by 2e-3 (root mean square 1e-3); the transforms of Winograd's convolutions add up
 * several with both signs, which makes 1.2e-2 of it; a gradient is judged by a few elements, so more roughly. A factor of 11
 * bits is off by 2e-4 in root mean square, half a last place being 2⁻¹¹ = 4.9e-4 at most: two of them by 2.8e-4. */
static const struct {
  double forward, gradient;
} tolerances[DFKD_N_PRECISIONS] = { { 2e-5, 2e-4 }, { 2e-2, 4e-2 }, { 5e-4, 1e-3 } };
static const float SENTINEL = -7.25f;

static char *precision_name;
static DfkdPrecision precision;
static DfkdDevice *device;
static double most_convolution; /* deviation of a convolution */
static gboolean op_ran[DFKD_N_OPS];
static guint cases_ran;

static double
weighted (const Data *data, double *out)
{
  double sum = 0.0;

  data->c->reference (data->c, data->in, out);
  for (gsize i = 0; i < data->count; i++)
    sum += data->weights[i] * out[i];
  return sum;
}

/* samples of ∂(Σ weights·y)/∂input by central differences of the twin, against the device's gradient */
static void
check_gradient (Data *data, guint input, const float *got)
{
  gsize count = dfkd_shape_count (&data->c->input[input]), step = MAX (1, count / SAMPLES);
  g_autofree double *out = g_new (double, MAX_ELEMENTS);
  double want[2 * SAMPLES + 2], difference;
  float picked[2 * SAMPLES + 2];
  guint n = 0;

  for (gsize i = 0; i < count && n < 2 * SAMPLES; i += step)
    {
      const double h = 1e-5;
      double value = data->in[input][i], above, below;

      data->in[input][i] = value + h;
      above = weighted (data, out);
      data->in[input][i] = value - h;
      below = weighted (data, out);
      data->in[input][i] = value;
      want[n] = (above - below) / (2.0 * h);
      picked[n++] = got[i];
    }
  difference = deviation (data->c->name, picked, want, n);
  if (!(difference <= tolerances[precision].gradient))
    {
      g_test_message ("%s: the gradient of input %u deviates by %g", data->c->name, input + 1, difference);
      g_test_fail ();
    }
}

static void
test_case (gconstpointer pointer)
{
  const OpCase *c = pointer;
  Data data = make_data (c);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdBlock) inputs = dfkd_block_new ("inputs"), result = dfkd_block_new ("result"), weights = dfkd_block_new ("weights");
  g_autoptr (DfkdGraph) g = dfkd_graph_new (c->name);
  g_autoptr (DfkdProgram) program = NULL;
  g_autofree double *want = g_new (double, MAX_ELEMENTS);
  g_autofree float *guards = NULL;
  DfkdValue in[MAX_CASE_INPUTS], y, gradients[MAX_CASE_INPUTS], wrt[MAX_CASE_INPUTS];
  DfkdShape shape;
  gsize floats;
  double difference;
  guint n_wrt = 0;

  for (guint i = 0; i < c->n_inputs; i++)
    dfkd_block_add (inputs, "input", c->input[i]);
  g_assert_true (dfkd_device_allocate (device, inputs, &error));
  for (guint i = 0; i < c->n_inputs; i++)
    {
      write_input (device, inputs, i, data.in[i]);
      in[i] = dfkd_graph_variable (g, inputs, i);
      if (wants_gradient (c, i))
        wrt[n_wrt++] = in[i];
    }
  y = c->build (g, c, in);
  dfkd_graph_check (g, &error);
  g_assert_no_error (error);
  shape = *dfkd_graph_shape (g, y);
  data.count = dfkd_shape_count (&shape);
  g_assert_cmpuint (data.count, <=, MAX_ELEMENTS);

  /* the result goes into a block between two guards */
  dfkd_block_add (result, "before", dfkd_shape (GUARD, 0, 0, 0));
  dfkd_block_add (result, "result", shape);
  dfkd_block_add (result, "behind", dfkd_shape (GUARD, 0, 0, 0));
  dfkd_block_add (weights, "weights", shape);
  g_assert_true (dfkd_device_allocate (device, result, &error) && dfkd_device_allocate (device, weights, &error));
  floats = result->bytes / sizeof (float);
  guards = g_new (float, floats);
  for (gsize i = 0; i < floats; i++)
    guards[i] = SENTINEL;
  g_assert_true (dfkd_device_write (device, result, 0, guards, result->bytes, &error));
  write_input (device, weights, 0, data.weights);

  dfkd_assign (g, dfkd_graph_variable (g, result, 1), y);
  if (n_wrt > 0)
    {
      DfkdValue loss = dfkd_sum (g, dfkd_multiply (g, y, dfkd_graph_variable (g, weights, 0)), 1.0f);

      dfkd_graph_gradients (g, loss, wrt, n_wrt, gradients);
      for (guint i = 0; i < n_wrt; i++)
        {
          char name[16];

          g_snprintf (name, sizeof name, "gradient %u", i);
          dfkd_read (g, name, gradients[i]);
        }
    }
  program = dfkd_program_new (device, g, &error);
  g_assert_no_error (error);
  for (guint run = 0; run < 3; run++) /* both lanes, and the first again */
    g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
  for (guint i = 0; i < dfkd_program_get_plan (program)->n_steps; i++)
    {
      const DfkdStep *step = &dfkd_program_get_plan (program)->steps[i];

      op_ran[step->op] = op_ran[step->fused] = TRUE;
    }
  cases_ran++;

  c->reference (c, data.in, want);
  g_assert_true (dfkd_device_read (device, result, 0, guards, result->bytes, &error));
  {
    gsize offset = dfkd_block_get (result, 1)->offset / sizeof (float);
    g_autofree float *got = to_planar (&shape, guards + offset);

    difference = deviation (c->name, got, want, data.count);
    if (g_str_has_prefix (c->name, "convolution"))
      most_convolution = MAX (most_convolution, difference);
    if (!(difference <= tolerances[precision].forward))
      {
        g_test_message ("%s deviates by %g", c->name, difference);
        g_test_fail ();
      }
    for (gsize i = 0; i < floats; i++)
      if (i < offset || i >= offset + data.count)
        g_assert_cmpfloat (guards[i], ==, SENTINEL);
  }
  for (guint i = 0, k = 0; i < c->n_inputs; i++)
    if (wants_gradient (c, i))
      {
        char name[16];
        g_autofree float *got = NULL;

        g_snprintf (name, sizeof name, "gradient %u", k++);
        got = to_planar (&c->input[i], dfkd_program_read (program, name, NULL));
        check_gradient (&data, i, got);
      }
  clear_data (&data);
}

static const struct {
  const OpCase *cases;
  const guint *count;
} tables[] = { { element_cases, &n_element_cases }, { network_cases, &n_network_cases }, { picture_cases, &n_picture_cases }, { loss_cases, &n_loss_cases } };

static guint
count_cases (void)
{
  guint count = 0;

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    count += *tables[t].count;
  return count;
}

/* a new op without a case is an error */
static void
test_every_op (void)
{
  /* inputs and aliases, which no kernel computes; then what test-effects.c tests */
  static const DfkdOp elsewhere[]
    = { DFKD_OP_VARIABLE, DFKD_OP_DIAL, DFKD_OP_DETACH, DFKD_OP_RESHAPE, DFKD_OP_IOTA, DFKD_OP_RANDOM_NORMAL, DFKD_OP_RANDOM_UNIFORM,
        DFKD_OP_RANDOM_INTEGER, DFKD_OP_ASSIGN_IF, DFKD_OP_BLEND, DFKD_OP_ADAM, DFKD_OP_SGD, DFKD_OP_RUNNING_UPDATE,
        DFKD_OP_STORE_IMAGES, DFKD_OP_STORE_ROWS, DFKD_OP_GATHER_IMAGES, DFKD_OP_GATHER_INTEGERS, DFKD_OP_GATHER_ROWS };

  if (cases_ran < count_cases ())
    {
      g_test_skip ("not every case was run");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    op_ran[elsewhere[i]] = TRUE;
  for (guint op = 0; op < DFKD_N_OPS; op++)
    if (!op_ran[op])
      {
        g_test_message ("no case runs the op %s", dfkd_op (op)->name);
        g_test_fail ();
      }
}

/* what is asked for must be what is done */
static void
test_precision (void)
{
  static const struct {
    double least, most;
  } expected[DFKD_N_PRECISIONS] = { { 0.0, 1e-5 }, { 1e-3, 2e-2 }, { 1.5e-4, 5e-4 } };

  if (cases_ran < count_cases ())
    {
      g_test_skip ("not every case was run");
      return;
    }
  g_test_message ("a convolution deviates by %g at most", most_convolution);
  g_assert_cmpfloat (most_convolution, >=, expected[precision].least);
  g_assert_cmpfloat (most_convolution, <, expected[precision].most);
}

int
main (int argc, char **argv)
{
  const GOptionEntry more[] = { { "precision", 0, 0, G_OPTION_ARG_STRING, &precision_name, "of factors", "NAME" }, { NULL } };
  g_autoptr (GError) error = NULL;
  int code;

  device = begin_device_tests (&argc, &argv, more, NULL);
  while (precision_name != NULL && !g_str_equal (precision_name, dfkd_precision_name (precision)))
    if (++precision == DFKD_N_PRECISIONS)
      g_error ("there is no precision %s", precision_name);
  if (!dfkd_device_set_precision (device, precision, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 77;
    }
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (guint i = 0; i < *tables[t].count; i++)
      {
        g_autofree char *path = g_strconcat ("/ops/", tables[t].cases[i].name, NULL);

        g_test_add_data_func (path, &tables[t].cases[i], test_case);
      }
  g_test_add_func ("/ops/table/every-op", test_every_op);
  g_test_add_func ("/ops/table/precision", test_precision);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
