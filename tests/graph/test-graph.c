/* test-graph.c: the planner against brute force on random graphs, and the errors of building. */
#include "build.h"
#include "errors.h"
#include "plan.h"

#include <string.h>

static gsize
some_scratch (const DfkdStep *step, gboolean alone, gpointer data)
{
  return (step->value * 131) % 3 == 0 ? 700 : 0;
}

static gsize
some_shared (const DfkdStep *step, const DfkdChain *chain, gpointer data)
{
  return (step->value * 17) % 4 == 0 ? 300 * (chain != NULL ? dfkd_chain_slices (chain) : 1) : 0;
}

static gboolean
most_steps (const DfkdStep *step, gpointer data)
{
  return (step->value * 7) % 9 != 0;
}

static gsize
piece_of (gpointer data)
{
  return GPOINTER_TO_SIZE (data);
}

/* the value whose storage @value has: itself if a step computes it, else what it is another name of */
static DfkdValue
storage_of (const DfkdGraph *g, const gboolean *computed, DfkdValue value)
{
  while (!computed[value] && dfkd_graph_get (g, value)->op != DFKD_OP_VARIABLE)
    value = dfkd_graph_get (g, value)->input[0];
  return value;
}

/* Plays the plan: every byte of the slab, and of the memory for a slice, holds the value that was written there last, and a
 * step must find under each input the very value that the graph names. */
typedef struct {
  const DfkdGraph *graph;
  const DfkdPlan *plan;
  gboolean *computed;
  DfkdValue *slab, *slice; /* by byte */
  const DfkdChain *chain;  /* being played, and which slice */
  gsize number;
} Play;

/* what a chain's step wrote into memory that all slices share */
static DfkdValue
mark_of (const DfkdStep *step)
{
  return G_MAXUINT - step->value;
}

/* the bytes of @place that a step sees: all, or those of the slice at hand */
static DfkdValue *
bytes_of (const Play *play, const DfkdPlace *place, gboolean by_image, gsize *count)
{
  gsize image, images;

  *count = place->bytes;
  if (place->kind == DFKD_PLACE_SLICE)
    return play->slice + place->offset;
  if (play->chain == NULL || !by_image)
    return play->slab + place->offset;
  image = place->bytes / play->chain->images;
  images = MIN (play->chain->slice, play->chain->images - play->number * play->chain->slice);
  *count = images * image;
  return play->slab + place->offset + play->number * play->chain->slice * image;
}

static void
expect (const Play *play, const DfkdPlace *place, gboolean by_image, DfkdValue want)
{
  gsize count;
  const DfkdValue *owner = bytes_of (play, place, by_image, &count);

  g_assert_cmpuint (place->offset % DFKD_ALIGNMENT, ==, 0);
  if (place->kind == DFKD_PLACE_SLAB)
    g_assert_cmpuint (place->offset + place->bytes, <=, play->plan->slab_bytes);
  if (place->kind == DFKD_PLACE_SLICE)
    g_assert_true (play->chain != NULL && place->offset + place->bytes <= play->chain->bytes);
  for (gsize b = 0; b < count; b++)
    g_assert_cmpuint (owner[b], ==, want);
}

static void
fill (const Play *play, const DfkdPlace *place, gboolean by_image, DfkdValue value)
{
  gsize count;
  DfkdValue *owner;

  if (place->kind != DFKD_PLACE_SLAB && place->kind != DFKD_PLACE_SLICE)
    return;
  owner = bytes_of (play, place, by_image, &count);
  for (gsize b = 0; b < count; b++)
    owner[b] = value;
}

static void
play_step (const Play *play, const DfkdStep *step)
{
  gboolean whole_result = play->chain != NULL && (step->by_image & DFKD_BY_IMAGE_RESULT) == 0;

  if (play->chain == NULL)
    fill (play, &step->shared, FALSE, mark_of (step));
  for (guint j = 0; j < step->n_inputs; j++)
    {
      const DfkdPlace *in = &step->input[j];
      DfkdValue want = storage_of (play->graph, play->computed, dfkd_graph_get (play->graph, step->value)->input[j]);

      if (in->kind == DFKD_PLACE_SLAB || in->kind == DFKD_PLACE_SLICE)
        expect (play, in, step->by_image >> j & 1, want);
      else
        g_assert_cmpint (dfkd_graph_get (play->graph, want)->op, ==, DFKD_OP_VARIABLE);
    }
  fill (play, &step->workspace, FALSE, G_MAXUINT); /* scratch: worth nothing afterwards */
  for (guint j = 0; j < step->n_inputs; j++) /* and nothing that the step still needs */
    if (step->input[j].kind == DFKD_PLACE_SLAB || step->input[j].kind == DFKD_PLACE_SLICE)
      expect (play, &step->input[j], step->by_image >> j & 1,
              storage_of (play->graph, play->computed, dfkd_graph_get (play->graph, step->value)->input[j]));
  if (step->shared.kind != DFKD_PLACE_NONE)
    expect (play, &step->shared, FALSE, mark_of (step));
  if (!whole_result)
    {
      fill (play, &step->output, TRUE, step->value);
      fill (play, &step->workspace, FALSE, G_MAXUINT);
      if (step->output.kind == DFKD_PLACE_SLAB || step->output.kind == DFKD_PLACE_SLICE)
        expect (play, &step->output, TRUE, step->value);
    }
}

static void
play_chain (Play *play, const DfkdChain *chain)
{
  const DfkdStep *steps = play->plan->steps + chain->first;

  play->chain = chain;
  for (guint i = 0; i < chain->count; i++)
    fill (play, &steps[i].shared, FALSE, mark_of (&steps[i]));
  for (play->number = 0; play->number < dfkd_chain_slices (chain); play->number++)
    {
      memset (play->slice, 0, chain->bytes * sizeof *play->slice);
      for (guint i = 0; i < chain->count; i++)
        play_step (play, &steps[i]);
    }
  play->chain = NULL;
  for (guint i = 0; i < chain->count; i++) /* sums are finished */
    if ((steps[i].by_image & DFKD_BY_IMAGE_RESULT) == 0)
      {
        if (steps[i].shared.kind != DFKD_PLACE_NONE)
          expect (play, &steps[i].shared, FALSE, mark_of (&steps[i]));
        fill (play, &steps[i].output, FALSE, steps[i].value);
      }
}

static void
play (const DfkdGraph *g, const DfkdPlan *plan)
{
  gsize slice_bytes = 1;
  g_autofree gboolean *computed = g_new0 (gboolean, dfkd_graph_length (g) + 1);
  g_autofree DfkdValue *slab = g_new0 (DfkdValue, plan->slab_bytes + 1), *slice = NULL;
  Play play = { .graph = g, .plan = plan, .computed = computed, .slab = slab };

  for (guint i = 0; i < plan->n_steps; i++)
    computed[plan->steps[i].value] = TRUE;
  for (guint i = 0; i < plan->n_chains; i++)
    slice_bytes = MAX (slice_bytes, plan->chains[i].bytes);
  play.slice = slice = g_new0 (DfkdValue, slice_bytes);
  for (guint i = 0, next = 0; i < plan->n_steps;)
    if (next < plan->n_chains && plan->chains[next].first == i)
      {
        play_chain (&play, &plan->chains[next]);
        i += plan->chains[next++].count;
      }
    else
      play_step (&play, &plan->steps[i++]);
}

/* all that @step has in the slab, of what is given here */
static guint
slab_places (const DfkdStep *step, const DfkdPlace *places[3])
{
  guint n = 0;

  if (step->output.kind == DFKD_PLACE_SLAB)
    places[n++] = &step->output;
  if (step->workspace.kind == DFKD_PLACE_SLAB)
    places[n++] = &step->workspace;
  if (step->shared.kind == DFKD_PLACE_SLAB)
    places[n++] = &step->shared;
  return n;
}

/* The same in pieces as small as the largest tensor: none lies across two, and all the rest holds; in smaller ones there is no plan.
 * Returns: whether there was more than one piece */
static gboolean
play_in_pieces (const DfkdGraph *g, const DfkdPlan *whole, DfkdPlanner planner)
{
  const DfkdPlace *places[3];
  g_autoptr (DfkdPlan) plan = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  gsize largest = 0, piece;

  for (guint i = 0; i < whole->n_steps; i++)
    for (guint j = 0, n = slab_places (&whole->steps[i], places); j < n; j++)
      largest = MAX (largest, places[j]->bytes);
  piece = (largest + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
  planner.piece = piece_of;
  planner.data = GSIZE_TO_POINTER (piece);
  plan = dfkd_plan_new (g, &planner, &error);
  g_assert_no_error (error);
  play (g, plan);
  for (guint i = 0; i < plan->n_steps; i++)
    for (guint j = 0, n = slab_places (&plan->steps[i], places); j < n; j++)
      g_assert_cmpuint (places[j]->offset / piece, ==, (places[j]->offset + MAX (places[j]->bytes, 1) - 1) / piece);
  if (piece > DFKD_ALIGNMENT)
    {
      planner.data = GSIZE_TO_POINTER (piece - DFKD_ALIGNMENT);
      none = dfkd_plan_new (g, &planner, &error);
      g_assert_null (none);
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
    }
  return plan->slab_bytes > piece;
}

/* random chains of values, some of them read at the end, and a gradient through all of it */
static void
test_random_graphs (gconstpointer data)
{
  gsize images = GPOINTER_TO_SIZE (data);
  guint n_chains = 0, n_in_slice = 0, n_sums = 0, n_again = 0, n_in_pieces = 0;
  const DfkdPlanner planner = { .workspace = some_scratch, .shared = some_shared, .slices = images > 2 ? most_steps : NULL,
                                .slice_bytes = 3000, .least_bytes = 1 };

  for (guint seed = 0; seed < 300; seed++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("random");
      g_autoptr (DfkdBlock) block = dfkd_block_new ("block");
      g_autoptr (DfkdPlan) plan = NULL;
      g_autoptr (GError) error = NULL;
      DfkdValue values[64], affine;
      guint n = 0;

      dfkd_block_add (block, "x", dfkd_shape (images, 3, 2, 2));
      dfkd_block_add (block, "affine", dfkd_shape (2, 3, 0, 0));
      values[n++] = dfkd_graph_variable (g, block, 0);
      affine = dfkd_graph_variable (g, block, 1);
      while (n < 40)
        {
          DfkdValue a = values[g_rand_int_range (random, 0, (gint) n)], b = values[g_rand_int_range (random, 0, (gint) n)];
          gboolean same = dfkd_shape_equal (dfkd_graph_shape (g, a), dfkd_graph_shape (g, b));
          DfkdValue value;

          switch (g_rand_int_range (random, 0, 8))
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
              value = dfkd_graph_shape (g, a)->rank == 4 ? dfkd_upsample_nearest (g, a, dfkd_shape_count (dfkd_graph_shape (g, a)) < 40 * images ? 2 : 1)
                                                         : dfkd_exponential (g, a);
              break;
            case 4:
              value = dfkd_graph_shape (g, a)->rank == 4 ? dfkd_flatten (g, a) : dfkd_sigmoid (g, a);
              break;
            case 5: /* statistics of a batch: a sum over images */
              value = dfkd_graph_shape (g, a)->dim[1] == 3 ? dfkd_bn_apply (g, a, dfkd_bn_statistics (g, a), affine, 1e-5f, 0.0f) : dfkd_square (g, a);
              break;
            case 6: /* every image against all of another value */
              value = dfkd_graph_shape (g, a)->rank == 2 && same && dfkd_graph_shape (g, a)->dim[1] == images
                          ? dfkd_matrix_product (g, a, b, DFKD_NONE, FALSE, FALSE)
                      : dfkd_graph_shape (g, a)->rank == 2 && same ? dfkd_matrix_product (g, a, b, DFKD_NONE, FALSE, TRUE)
                                                                   : dfkd_tanh (g, a);
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
      plan = dfkd_plan_new (g, &planner, &error);
      g_assert_no_error (error);
      play (g, plan);
      n_in_pieces += play_in_pieces (g, plan, planner);
      n_chains += plan->n_chains;
      for (guint i = 0; i < plan->n_steps; i++)
        {
          n_in_slice += plan->steps[i].output.kind == DFKD_PLACE_SLICE;
          n_sums += plan->steps[i].by_image > 0 && plan->steps[i].by_image < DFKD_BY_IMAGE_RESULT;
          for (guint j = 0; j < i; j++)
            n_again += plan->steps[i].value == plan->steps[j].value;
        }
    }
  g_assert_cmpuint (n_in_pieces, >, 200);
  if (images > 2) /* there was something to see */
    {
      g_assert_cmpuint (n_chains, >, 300);
      g_assert_cmpuint (n_in_slice, >, 300);
      g_assert_cmpuint (n_sums, >, 100);
      g_assert_cmpuint (n_again, >, 100);
    }
  else
    g_assert_cmpuint (n_chains, ==, 0);
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
  plan = dfkd_plan_new (g, NULL, NULL);
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
  direct = dfkd_plan_new (g, NULL, NULL);
  g_assert_cmpuint (direct->n_steps, ==, 2);
  g_assert_cmpint (direct->steps[1].output.kind, ==, DFKD_PLACE_BLOCK);

  v = dfkd_graph_variable (h, block, 0);
  value = dfkd_square (h, dfkd_fill (h, dfkd_shape (8, 0, 0, 0), 3.0f));
  dfkd_read (h, "before", v);
  dfkd_assign (h, v, value);
  copied = dfkd_plan_new (h, NULL, NULL);
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
  g_assert_null (dfkd_plan_new (g, NULL, &error));
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

/* rows of what was stacked are what they were, without a step; other rows are cut out */
static void
test_rows (void)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("rows");
  g_autoptr (DfkdBlock) block = dfkd_block_new ("block");
  g_autoptr (DfkdPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  DfkdValue rows[3], stack, cut;

  dfkd_block_add (block, "pair", dfkd_shape (2, 5, 0, 0));
  for (guint i = 0; i < 3; i++)
    rows[i] = dfkd_fill (g, dfkd_shape (5, 0, 0, 0), (float) i);
  stack = dfkd_stack (g, rows, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (dfkd_row (g, stack, i), ==, rows[i]);
  cut = dfkd_row (g, dfkd_graph_variable (g, block, 0), 1);
  g_assert_cmpuint (dfkd_graph_shape (g, cut)->rank, ==, 1);
  g_assert_cmpuint (dfkd_graph_shape (g, cut)->dim[0], ==, 5);
  dfkd_read (g, "cut", cut);
  plan = dfkd_plan_new (g, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->n_steps, ==, 2); /* crop, read: shapes cost nothing */

  g_assert_cmpuint (dfkd_row (g, stack, 3), ==, DFKD_NONE);
  g_assert_false (dfkd_graph_check (g, &error));
}

/* images are stored channels-last, so another shape would be another order */
static void
test_reshape_of_images (void)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("reshape");
  g_autoptr (GError) error = NULL;

  dfkd_reshape (g, dfkd_fill (g, dfkd_shape (2, 3, 4, 4), 0.0f), dfkd_shape (2, 48, 0, 0));
  g_assert_false (dfkd_graph_check (g, &error));
  g_assert_nonnull (strstr (error->message, "flatten"));
}

/* operations and bytes of a step by its definition */
static void
test_cost (void)
{
  static const struct {
    DfkdOp op;
    gsize result[2], in[2][2];
    gboolean transposed;
    double flop;
    guint numbers;
  } cases[] = {
    { DFKD_OP_MATRIX_PRODUCT, { 3, 5 }, { { 3, 7 }, { 7, 5 } }, FALSE, 2.0 * 3 * 5 * 7, 15 + 21 + 35 },
    { DFKD_OP_MATRIX_PRODUCT, { 3, 5 }, { { 7, 3 }, { 7, 5 } }, TRUE, 2.0 * 3 * 5 * 7, 15 + 21 + 35 },
    { DFKD_OP_ADD, { 3, 5 }, { { 3, 5 }, { 3, 5 } }, FALSE, 15.0, 3 * 15 },
    { DFKD_OP_ASSIGN, { 0 }, { { 3, 5 }, { 3, 5 } }, FALSE, 15.0, 3 * 15 }, /* what it writes in place is read and written */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DfkdStep step = { .op = cases[i].op, .n_inputs = 2 };
      double flop, bytes;

      if (cases[i].result[0] > 0)
        step.shape = dfkd_shape (cases[i].result[0], cases[i].result[1], 0, 0);
      for (guint j = 0; j < 2; j++)
        step.input_shape[j] = dfkd_shape (cases[i].in[j][0], cases[i].in[j][1], 0, 0);
      if (cases[i].op == DFKD_OP_MATRIX_PRODUCT)
        step.attributes.product.transpose_a = cases[i].transposed;
      dfkd_step_cost (&step, &flop, &bytes);
      g_assert_cmpfloat (flop, ==, cases[i].flop);
      g_assert_cmpfloat (bytes, ==, 4.0 * cases[i].numbers);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/graph/random-plans", GSIZE_TO_POINTER (2), test_random_graphs);
  g_test_add_data_func ("/graph/random-plans-with-chains", GSIZE_TO_POINTER (37), test_random_graphs);
  g_test_add_func ("/graph/dead-code", test_dead_code);
  g_test_add_func ("/graph/direct-store", test_direct_store);
  g_test_add_func ("/graph/cost", test_cost);
  g_test_add_func ("/graph/errors", test_errors);
  g_test_add_func ("/graph/second-derivative", test_second_derivative);
  g_test_add_func ("/graph/rows", test_rows);
  g_test_add_func ("/graph/reshape-of-images", test_reshape_of_images);
  return g_test_run ();
}
