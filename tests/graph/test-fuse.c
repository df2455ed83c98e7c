/* test-fuse.c: which steps become one where a device asks for it, and that the plan says so and costs what it does. */
#include "build.h"
#include "plan.h"

#include <string.h>

typedef struct {
  DfkdBlock *block; /* image, weights, statistics, affine, weights of a second convolution */
  DfkdGraph *graph;
  DfkdValue image, weights, statistics, affine, more;
} Fixture;

static gboolean
fuses (const DfkdStep *step, const DfkdStep *next, gpointer data)
{
  return (step->op == DFKD_OP_CONVOLUTION || step->op == DFKD_OP_BN_APPLY)
         && (next->op == DFKD_OP_BN_APPLY || next->op == DFKD_OP_LEAKY_RELU);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->block = dfkd_block_new ("block");
  dfkd_block_add (f->block, "image", dfkd_shape (2, 4, 5, 6));
  dfkd_block_add (f->block, "weights", dfkd_shape (8, 4, 3, 3));
  dfkd_block_add (f->block, "statistics", dfkd_shape (2, 8, 0, 0));
  dfkd_block_add (f->block, "affine", dfkd_shape (2, 8, 0, 0));
  dfkd_block_add (f->block, "more", dfkd_shape (8, 8, 3, 3));
  f->graph = dfkd_graph_new ("fuse");
  f->image = dfkd_graph_variable (f->graph, f->block, 0);
  f->weights = dfkd_graph_variable (f->graph, f->block, 1);
  f->statistics = dfkd_graph_variable (f->graph, f->block, 2);
  f->affine = dfkd_graph_variable (f->graph, f->block, 3);
  f->more = dfkd_graph_variable (f->graph, f->block, 4);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  dfkd_graph_free (f->graph);
  dfkd_block_free (f->block);
}

static DfkdPlan *
plan_of (Fixture *f, gboolean fused)
{
  const DfkdPlanner planner = { .fuses = fused ? fuses : NULL };
  g_autoptr (GError) error = NULL;
  DfkdPlan *plan = dfkd_plan_new (f->graph, &planner, &error);

  g_assert_no_error (error);
  return plan;
}

static DfkdValue
convolve (Fixture *f, DfkdValue x, DfkdValue weights, DfkdValue addend)
{
  return dfkd_convolution (f->graph, x, weights, DFKD_NONE, addend, 1, 1, 1, 1);
}

static DfkdValue
normalise (Fixture *f, DfkdValue x, DfkdValue statistics)
{
  return dfkd_bn_apply (f->graph, x, statistics, f->affine, 1e-5f, 0.1f);
}

/* how many steps fewer there are */
static guint
saved (Fixture *f)
{
  g_autoptr (DfkdPlan) plain = plan_of (f, FALSE), fused = plan_of (f, TRUE);
  guint n = 0;

  for (guint i = 0; i < fused->n_steps; i++)
    n += fused->steps[i].fused != 0 ? 1 : 0;
  g_assert_cmpuint (plain->n_steps - fused->n_steps, ==, n);
  return n;
}

/* two in a row, the second with an addend: operands where the kernel looks for them, the text, the cost */
static void
test_fused (Fixture *f, gconstpointer data)
{
  DfkdValue y = normalise (f, convolve (f, f->image, f->weights, DFKD_NONE), f->statistics);
  g_autoptr (DfkdPlan) plain = NULL, fused = NULL;
  g_autofree char *text = NULL, *plain_text = NULL;
  double flop, bytes, plain_flop, plain_bytes;
  const DfkdStep *second;

  y = normalise (f, convolve (f, y, f->more, y), f->statistics);
  dfkd_read (f->graph, "y", y);
  g_assert_cmpuint (saved (f), ==, 2);
  plain = plan_of (f, FALSE);
  fused = plan_of (f, TRUE);
  second = &fused->steps[1];
  g_assert_cmpuint (second->n_inputs, ==, 6);
  g_assert_true (second->fused == DFKD_OP_BN_APPLY && second->fused_attributes.norm.slope == 0.1f);
  g_assert_true (second->input[0].kind == DFKD_PLACE_SLAB && second->input[2].kind == DFKD_PLACE_NONE);
  g_assert_cmpuint (second->input[3].offset, ==, second->input[0].offset);
  g_assert_cmpuint (second->input[4].offset, ==, dfkd_block_get (f->block, 2)->offset);
  g_assert_cmpuint (second->input[5].offset, ==, dfkd_block_get (f->block, 3)->offset);
  g_assert_cmpuint (second->output.offset, !=, second->input[0].offset);
  g_assert_true (fused->steps[2].input[0].offset == second->output.offset);

  text = dfkd_plan_print (fused);
  plain_text = dfkd_plan_print (plain);
  g_assert_nonnull (strstr (text, "convolution + bn-apply"));
  g_assert_null (strstr (plain_text, "+ bn-apply"));
  dfkd_plan_cost (fused, &flop, &bytes);
  dfkd_plan_cost (plain, &plain_flop, &plain_bytes);
  g_assert_cmpfloat (flop, ==, plain_flop);
  g_assert_cmpfloat (bytes, ==, plain_bytes - 2 * 2 * 2.0 * 8 * 5 * 6 * sizeof (float)); /* written and read, twice */
}

/* an activation has no operand but the result; what is between them is absent; and one op a kernel is enough */
static void
test_activation (Fixture *f, gconstpointer data)
{
  DfkdValue y = dfkd_relu (f->graph, convolve (f, f->image, f->weights, DFKD_NONE));
  g_autoptr (DfkdPlan) plan = NULL;

  dfkd_read (f->graph, "y", dfkd_relu (f->graph, normalise (f, convolve (f, y, f->more, DFKD_NONE), f->statistics)));
  g_assert_cmpuint (saved (f), ==, 2);
  plan = plan_of (f, TRUE);
  g_assert_true (plan->steps[0].fused == DFKD_OP_LEAKY_RELU && plan->steps[0].n_inputs == 4);
  g_assert_true (plan->steps[0].input[3].kind == DFKD_PLACE_NONE);
  g_assert_true (plan->steps[1].fused == DFKD_OP_BN_APPLY && plan->steps[2].op == DFKD_OP_LEAKY_RELU);
}

/* a result that something else looks at too has to be stored */
static void
test_used_twice (Fixture *f, gconstpointer data)
{
  DfkdValue y = convolve (f, f->image, f->weights, DFKD_NONE);

  dfkd_read (f->graph, "normalised", normalise (f, y, f->statistics));
  dfkd_read (f->graph, "y", y);
  g_assert_cmpuint (saved (f), ==, 0);
}

/* training: the statistics are those of the result */
static void
test_own_statistics (Fixture *f, gconstpointer data)
{
  DfkdValue y = convolve (f, f->image, f->weights, DFKD_NONE);

  dfkd_read (f->graph, "normalised", normalise (f, y, dfkd_bn_statistics (f->graph, y)));
  g_assert_cmpuint (saved (f), ==, 0);
}

/* statistics that are made between the two are not there yet when the first runs; those made before are */
static void
test_order (Fixture *f, gconstpointer data)
{
  DfkdValue doubled, y;

  if (data != NULL)
    doubled = dfkd_affine (f->graph, f->statistics, 2.0f, 0.0f);
  y = convolve (f, f->image, f->weights, DFKD_NONE);
  if (data == NULL)
    doubled = dfkd_affine (f->graph, f->statistics, 2.0f, 0.0f);
  dfkd_read (f->graph, "normalised", normalise (f, y, doubled));
  g_assert_cmpuint (saved (f), ==, data != NULL ? 1 : 0);
}

/* nor may a variable change between them that the second reads */
static void
test_changed_between (Fixture *f, gconstpointer data)
{
  DfkdValue y = convolve (f, f->image, f->weights, DFKD_NONE);

  dfkd_assign (f->graph, data != NULL ? f->more : f->statistics,
               data != NULL ? dfkd_affine (f->graph, f->more, 2.0f, 0.0f) : dfkd_fill (f->graph, dfkd_shape (2, 8, 0, 0), 2.0f));
  dfkd_read (f->graph, "normalised", normalise (f, y, f->statistics));
  g_assert_cmpuint (saved (f), ==, data != NULL ? 1 : 0);
}

/* two pairs, not one behind the other: each reader finds its own result */
static void
test_interleaved (Fixture *f, gconstpointer data)
{
  DfkdValue a = convolve (f, f->image, f->weights, DFKD_NONE); /* used twice */
  DfkdValue b = convolve (f, f->image, f->weights, a), c = convolve (f, a, f->more, DFKD_NONE);
  g_autoptr (DfkdPlan) plan = NULL;

  b = normalise (f, b, f->statistics);
  c = normalise (f, c, f->statistics);
  dfkd_read (f->graph, "b", b);
  dfkd_read (f->graph, "c", c);
  g_assert_cmpuint (saved (f), ==, 2);
  plan = plan_of (f, TRUE);
  g_assert_cmpuint (plan->n_steps, ==, 5);
  for (guint i = 1; i < 3; i++)
    {
      g_assert_true (plan->steps[i].fused == DFKD_OP_BN_APPLY);
      g_assert_true (plan->steps[i + 2].op == DFKD_OP_READ);
      g_assert_true (plan->steps[i + 2].input[0].kind == DFKD_PLACE_SLAB);
      g_assert_cmpuint (plan->steps[i + 2].input[0].offset, ==, plan->steps[i].output.offset);
    }
  g_assert_cmpuint (plan->steps[1].output.offset, !=, plan->steps[2].output.offset);
}

/* what goes straight into a variable is written when it is its turn */
static void
test_stored (Fixture *f, gconstpointer data)
{
  DfkdBlock *result = dfkd_block_new ("result");
  DfkdValue y = normalise (f, convolve (f, f->image, f->weights, DFKD_NONE), f->statistics);

  dfkd_block_add (result, "y", dfkd_shape (2, 8, 5, 6));
  dfkd_assign (f->graph, dfkd_graph_variable (f->graph, result, 0), y);
  g_assert_cmpuint (saved (f), ==, 0);
  dfkd_block_free (result);
}

/* time is measured by region */
static void
test_regions (Fixture *f, gconstpointer data)
{
  DfkdValue y = convolve (f, f->image, f->weights, DFKD_NONE);

  dfkd_graph_begin_region (f->graph, "another");
  dfkd_read (f->graph, "normalised", normalise (f, y, f->statistics));
  g_assert_cmpuint (saved (f), ==, 0);
}

int
main (int argc, char **argv)
{
  const gpointer yes = GINT_TO_POINTER (1);

  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, test) g_test_add ("/fuse/" path, Fixture, data, set_up, test, tear_down)
  ADD ("fused", NULL, test_fused);
  ADD ("activation", NULL, test_activation);
  ADD ("used-twice", NULL, test_used_twice);
  ADD ("own-statistics", NULL, test_own_statistics);
  ADD ("statistics-made-between", NULL, test_order);
  ADD ("statistics-made-before", yes, test_order);
  ADD ("statistics-changed-between", NULL, test_changed_between);
  ADD ("others-changed-between", yes, test_changed_between);
  ADD ("interleaved", NULL, test_interleaved);
  ADD ("stored", NULL, test_stored);
  ADD ("regions", NULL, test_regions);
  return g_test_run ();
}
