/* test-graph.c: the planner against brute force on random graphs, and the errors of building. */
#include "build.h"
#include "errors.h"
#include "plan.h"

#include <string.h>

static gboolean
overlap (const DfkdPlace *a, const DfkdPlace *b)
{
  return a->kind == DFKD_PLACE_SLAB && b->kind == DFKD_PLACE_SLAB && a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
}

static gsize
some_scratch (const DfkdStep *step, gpointer data)
{
  return (step->value * 131) % 3 == 0 ? 700 : 0;
}

/* the value whose storage @value has: itself if a step computes it, else what it is another name of */
static DfkdValue
storage_of (const DfkdGraph *g, const gboolean *computed, DfkdValue value)
{
  while (!computed[value] && dfkd_graph_get (g, value)->op != DFKD_OP_VARIABLE)
    value = dfkd_graph_get (g, value)->input[0];
  return value;
}

/* Plays the plan: every byte of the slab holds the value that was written there last, and a step must find under
 * each input the very value that the graph names. */
static void
play (const DfkdGraph *g, const DfkdPlan *plan)
{
  g_autofree DfkdValue *owner = g_new0 (DfkdValue, plan->slab_bytes + 1);
  g_autofree gboolean *computed = g_new0 (gboolean, dfkd_graph_length (g) + 1);

  for (guint i = 0; i < plan->n_steps; i++)
    computed[plan->steps[i].value] = TRUE;
  for (guint i = 0; i < plan->n_steps; i++)
    {
      const DfkdStep *step = &plan->steps[i];

      for (guint j = 0; j < step->n_inputs; j++)
        {
          const DfkdPlace *in = &step->input[j];
          DfkdValue want = storage_of (g, computed, dfkd_graph_get (g, step->value)->input[j]);

          if (in->kind != DFKD_PLACE_SLAB)
            {
              g_assert_cmpint (dfkd_graph_get (g, want)->op, ==, DFKD_OP_VARIABLE);
              continue;
            }
          g_assert_cmpuint (in->offset + in->bytes, <=, plan->slab_bytes);
          g_assert_cmpuint (in->offset % DFKD_ALIGNMENT, ==, 0);
          g_assert_cmpuint (in->bytes, ==, dfkd_shape_bytes (&step->input_shape[j]));
          for (gsize b = 0; b < in->bytes; b++)
            g_assert_cmpuint (owner[in->offset + b], ==, want);
        }
      g_assert_false (overlap (&step->workspace, &step->output));
      for (guint j = 0; j < step->n_inputs; j++)
        g_assert_false (overlap (&step->workspace, &step->input[j]));
      for (gsize b = 0; step->workspace.kind == DFKD_PLACE_SLAB && b < step->workspace.bytes; b++)
        owner[step->workspace.offset + b] = G_MAXUINT; /* scratch: worth nothing afterwards */
      for (gsize b = 0; step->output.kind == DFKD_PLACE_SLAB && b < step->output.bytes; b++)
        owner[step->output.offset + b] = step->value;
    }
}

/* random chains of values, some of them read at the end, and a gradient through all of it */
static void
test_random_graphs (void)
{
  for (guint seed = 0; seed < 300; seed++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("random");
      g_autoptr (DfkdBlock) block = dfkd_block_new ("block");
      g_autoptr (DfkdPlan) plan = NULL;
      g_autoptr (GError) error = NULL;
      DfkdValue values[64];
      guint n = 0;

      dfkd_block_add (block, "x", dfkd_shape (2, 3, 4, 5));
      values[n++] = dfkd_graph_variable (g, block, 0);
      while (n < 40)
        {
          DfkdValue a = values[g_rand_int_range (random, 0, (gint) n)], b = values[g_rand_int_range (random, 0, (gint) n)];
          gboolean same = dfkd_shape_equal (dfkd_graph_shape (g, a), dfkd_graph_shape (g, b));
          DfkdValue value;

          switch (g_rand_int_range (random, 0, 6))
            {
            case 0:
              value = dfkd_square (g, a);
              break;
            case 1:
              value = same ? dfkd_add (g, a, b) : dfkd_detach (g, a);
              break;
            case 2:
              value = same ? dfkd_multiply (g, a, b) : dfkd_relu (g, b);
              break;
            case 3:
              value = dfkd_graph_shape (g, a)->rank == 4 ? dfkd_upsample_nearest (g, a, dfkd_shape_count (dfkd_graph_shape (g, a)) < 4000 ? 2 : 1)
                                                         : dfkd_exponential (g, a);
              break;
            case 4:
              value = dfkd_graph_shape (g, a)->rank == 4 ? dfkd_flatten (g, a) : dfkd_sigmoid (g, a);
              break;
            default:
              value = dfkd_softmax (g, a);
            }
          values[n++] = value;
        }
      for (guint i = 0; i < 4; i++)
        dfkd_read (g, "value", values[g_rand_int_range (random, 1, (gint) n)]);
      {
        DfkdValue x = values[0], gradient;

        dfkd_graph_gradients (g, dfkd_mean (g, values[n - 1]), &x, 1, &gradient);
        dfkd_read (g, "gradient", gradient);
      }
      plan = dfkd_plan_new (g, some_scratch, NULL, &error);
      g_assert_no_error (error);
      play (g, plan);
    }
}

/* what nobody asked for is not computed */
static void
test_dead_code (void)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("dead");
  g_autoptr (DfkdPlan) plan = NULL;
  DfkdValue x = dfkd_fill (g, dfkd_shape (8, 0, 0, 0), 1.0f);

  dfkd_exponential (g, dfkd_square (g, x));
  dfkd_read (g, "x", dfkd_square (g, x));
  plan = dfkd_plan_new (g, NULL, NULL, NULL);
  g_assert_cmpuint (plan->n_steps, ==, 3); /* fill, square, read */
}

/* an assigned value is computed in the variable unless somebody looks at the variable in between */
static void
test_direct_store (void)
{
  g_autoptr (DfkdBlock) block = dfkd_block_new ("block");
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("direct"), h = dfkd_graph_new ("not direct");
  g_autoptr (DfkdPlan) direct = NULL, copied = NULL;
  DfkdValue v, value;

  dfkd_block_add (block, "v", dfkd_shape (8, 0, 0, 0));
  v = dfkd_graph_variable (g, block, 0);
  dfkd_assign (g, v, dfkd_square (g, dfkd_fill (g, dfkd_shape (8, 0, 0, 0), 3.0f)));
  direct = dfkd_plan_new (g, NULL, NULL, NULL);
  g_assert_cmpuint (direct->n_steps, ==, 2);
  g_assert_cmpint (direct->steps[1].output.kind, ==, DFKD_PLACE_BLOCK);

  v = dfkd_graph_variable (h, block, 0);
  value = dfkd_square (h, dfkd_fill (h, dfkd_shape (8, 0, 0, 0), 3.0f));
  dfkd_read (h, "before", v);
  dfkd_assign (h, v, value);
  copied = dfkd_plan_new (h, NULL, NULL, NULL);
  g_assert_cmpuint (copied->n_steps, ==, 4);
}

static void
test_errors (void)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("broken step");
  g_autoptr (GError) error = NULL;
  DfkdValue a = dfkd_fill (g, dfkd_shape (2, 3, 0, 0), 0.0f), b = dfkd_fill (g, dfkd_shape (5, 7, 0, 0), 0.0f);
  DfkdValue c = dfkd_matrix_product (g, a, b, DFKD_NONE, FALSE, FALSE);

  g_assert_cmpuint (c, ==, DFKD_NONE);
  g_assert_cmpuint (dfkd_relu (g, c), ==, DFKD_NONE); /* errors stick */
  g_assert_null (dfkd_plan_new (g, NULL, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "broken step"));
  g_assert_nonnull (strstr (error->message, "2×3"));
}

static void
test_second_derivative (void)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("second");
  g_autoptr (DfkdBlock) block = dfkd_block_new ("block");
  g_autoptr (GError) error = NULL;
  DfkdValue x, first, second;

  dfkd_block_add (block, "x", dfkd_shape (1, 0, 0, 0));
  x = dfkd_graph_variable (g, block, 0);
  dfkd_graph_gradients (g, dfkd_multiply (g, dfkd_square (g, x), x), &x, 1, &first);
  dfkd_graph_gradients (g, first, &x, 1, &second);
  g_assert_cmpuint (second, !=, DFKD_NONE); /* gradients are ops of the same table */
  g_assert_true (dfkd_graph_check (g, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graph/random-plans", test_random_graphs);
  g_test_add_func ("/graph/dead-code", test_dead_code);
  g_test_add_func ("/graph/direct-store", test_direct_store);
  g_test_add_func ("/graph/errors", test_errors);
  g_test_add_func ("/graph/second-derivative", test_second_derivative);
  return g_test_run ();
}
