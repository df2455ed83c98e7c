/* test-corners.c: where functions have corners. On the device named by --device. */
#include "losses.h"
#include "programs.h"

#include <math.h>

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
  g_test_add_func ("/corners/all", test_corners);
  g_test_add_func ("/corners/absent-class", test_absent_class);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
