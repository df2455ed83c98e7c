/* test-network.c: the description of every network against a listing made by PyTorch, the graphs they build, and
 * the drawing of their first weights. */
#include "initialise.h"

#include "errors.h"

#include <math.h>
#include <string.h>

static const DfkdNetworkOptions fixture_options = { .channels = 3, .height = 8, .width = 8, .classes = 10, .nz = 20,
                                                    .ngf = 6 };

static DfkdNetwork *
new_network (const char *name)
{
  g_autoptr (GError) error = NULL;
  DfkdNetworkOptions options = fixture_options;
  DfkdNetwork *network;

  if (g_str_has_prefix (name, "lenet") || g_str_has_prefix (name, "generator_"))
    options.height = options.width = 32;
  network = dfkd_network_new (name, &options, &error);
  g_assert_no_error (error);
  return network;
}

/* each tensor of the state dict in a line: its name and shape */
static GPtrArray *
tensor_lines (const DfkdNetwork *network)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (network->tensors, DfkdNetworkTensor, i);
      GString *line = g_string_new (tensor->name);

      for (guint d = 0; d < tensor->shape.rank; d++)
        g_string_append_printf (line, " %zu", tensor->shape.dim[d]);
      g_ptr_array_add (lines, g_string_free (line, FALSE));
    }
  g_ptr_array_add (lines, NULL);
  return lines;
}

/* "network NAME NUMBERS SHA256", and for some the lines that the checksum is of */
static void
test_state_dicts (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "networks", "state-dicts.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL;)
    {
      g_auto (GStrv) words = g_strsplit (lines[i++], " ", -1);
      g_autoptr (DfkdNetwork) network = NULL;
      g_autoptr (GPtrArray) got = NULL;
      g_autofree char *joined = NULL, *checksum = NULL;

      g_assert_cmpuint (g_strv_length (words), ==, 4);
      g_assert_cmpstr (words[0], ==, "network");
      network = new_network (words[1]);
      got = tensor_lines (network);
      for (guint k = 0; lines[i] != NULL && !g_str_has_prefix (lines[i], "network "); k++)
        g_assert_cmpstr (g_ptr_array_index (got, k), ==, lines[i++]);
      joined = g_strjoinv ("\n", (char **) got->pdata);
      checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, joined, -1);
      g_test_message ("%s", words[1]);
      g_assert_cmpstr (checksum, ==, words[3]);
      g_assert_cmpuint (dfkd_network_parameter_count (network), ==, g_ascii_strtoull (words[2], NULL, 10));
      g_hash_table_add (seen, g_strdup (words[1]));
    }
  for (guint generators = 0; generators < 2; generators++)
    for (const char *const *name = dfkd_network_names (generators != 0); *name != NULL; name++)
      g_assert_true (g_hash_table_contains (seen, *name));
}

/* Every element of both blocks belongs to exactly one tensor. */
static void
test_places (void)
{
  for (const char *const *name = dfkd_network_names (FALSE); *name != NULL; name++)
    {
      g_autoptr (DfkdNetwork) network = new_network (*name);
      DfkdBlock *blocks[] = { network->parameters, network->state };

      for (guint b = 0; b < 2; b++)
        for (guint v = 0; v < dfkd_block_count (blocks[b]); v++)
          {
            gsize count = 0;
            guint rows = 0;

            for (guint i = 0; i < network->tensors->len; i++)
              {
                const DfkdNetworkTensor *t = &g_array_index (network->tensors, DfkdNetworkTensor, i);

                if (t->home != (DfkdHome) b || t->variable != v)
                  continue;
                g_assert_cmpuint (rows & (1u << t->row), ==, 0);
                rows |= 1u << t->row;
                count += dfkd_shape_count (&t->shape);
              }
            g_assert_cmpuint (count, ==, dfkd_shape_count (&dfkd_block_get (blocks[b], v)->shape));
          }
    }
}

static guint
count_ops (DfkdGraph *g, DfkdOp op)
{
  guint count = 0;

  for (guint i = 1; i <= dfkd_graph_length (g); i++)
    count += dfkd_graph_get (g, i)->op == op;
  return count;
}

static void
assert_shape (DfkdGraph *g, DfkdValue value, gsize rows, gsize columns)
{
  const DfkdShape *shape = dfkd_graph_shape (g, value);

  g_assert_cmpuint (shape->rank, ==, 2);
  g_assert_cmpuint (shape->dim[0], ==, rows);
  g_assert_cmpuint (shape->dim[1], ==, columns);
}

static void
test_graph (void)
{
  g_autoptr (DfkdNetwork) network = new_network ("wrn16_2");
  g_autoptr (DfkdBlock) fast = dfkd_block_new_like (network->parameters, "fast");
  g_autoptr (DfkdBlock) state = dfkd_block_new_like (network->state, "state");
  g_autoptr (GArray) taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
  g_autoptr (GError) error = NULL;
  guint layers = dfkd_block_count (network->state);

  for (guint with_taps = 0; with_taps < 2; with_taps++)
    for (guint train = 0; train < 2; train++)
      for (guint update = 0; update < 2; update++)
        {
          g_autoptr (DfkdGraph) g = dfkd_graph_new ("forward");
          DfkdValue x = dfkd_fill (g, dfkd_shape (5, 3, 8, 8), 0.0f);
          DfkdForward f;

          g_array_set_size (taps, 0);
          f = dfkd_network_forward (network, g, fast, state, x, train ? DFKD_MODE_TRAIN : DFKD_MODE_EVALUATE, update != 0,
                                    with_taps ? taps : NULL);
          g_assert_true (dfkd_graph_check (g, &error));
          assert_shape (g, f.logits, 5, 10);
          assert_shape (g, f.features, 5, 128);
          g_assert_cmpuint (count_ops (g, DFKD_OP_BN_APPLY), ==, layers);
          g_assert_cmpuint (count_ops (g, DFKD_OP_BN_STATISTICS), ==, train || with_taps ? layers : 0);
          g_assert_cmpuint (count_ops (g, DFKD_OP_RUNNING_UPDATE), ==, train && update ? layers : 0);
          g_assert_cmpuint (count_ops (g, DFKD_OP_LEAKY_RELU), ==, 0); /* all fused */
          g_assert_cmpuint (count_ops (g, DFKD_OP_ADD), ==, 0);
          g_assert_cmpuint (taps->len, ==, with_taps ? layers : 0);
          for (guint i = 0; i < taps->len; i++)
            {
              const DfkdBatchNormTap *tap = &g_array_index (taps, DfkdBatchNormTap, i);

              g_assert_cmpstr (tap->name, ==, dfkd_block_get (state, i)->name);
              g_assert_true (dfkd_graph_get (g, tap->running)->block == state);
              g_assert_true (dfkd_shape_equal (dfkd_graph_shape (g, tap->statistics), dfkd_graph_shape (g, tap->running)));
            }
        }
}

static void
test_wrong_input (void)
{
  g_autoptr (DfkdNetwork) network = new_network ("wrn10_1"), other = new_network ("wrn16_1");
  g_autoptr (GError) error = NULL;

  {
    g_autoptr (DfkdGraph) g = dfkd_graph_new ("wrong channels");
    DfkdValue x = dfkd_fill (g, dfkd_shape (5, 1, 8, 8), 0.0f);
    DfkdForward f = dfkd_network_forward (network, g, network->parameters, network->state, x, DFKD_MODE_EVALUATE, FALSE,
                                          NULL);

    g_assert_cmpuint (f.logits, ==, DFKD_NONE);
    g_assert_false (dfkd_graph_check (g, &error));
    g_assert_nonnull (strstr (error->message, "5×3×8×8"));
    g_clear_error (&error);
  }
  {
    g_autoptr (DfkdGraph) g = dfkd_graph_new ("wrong block");
    DfkdValue x = dfkd_fill (g, dfkd_shape (5, 3, 8, 8), 0.0f);

    dfkd_network_forward (network, g, other->parameters, other->state, x, DFKD_MODE_EVALUATE, FALSE, NULL);
    g_assert_false (dfkd_graph_check (g, &error));
  }
}

/* One image at the smallest size: a batch norm somewhere inside has nothing to learn from, and the rest goes on without. */
static void
test_small_batch (void)
{
  for (const char *const *name = dfkd_network_names (FALSE); *name != NULL; name++)
    {
      const gsize side = g_str_has_prefix (*name, "lenet") ? 32 : 8;
      const DfkdNetworkOptions options = { .channels = 3, .height = side, .width = side, .classes = 10 };
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdNetwork) network = dfkd_network_new (*name, &options, &error);
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("one image");
      DfkdForward f;

      g_assert_no_error (error);
      f = dfkd_network_forward (network, g, network->parameters, network->state,
                                dfkd_fill (g, dfkd_network_input_shape (network, 1), 0.0f), DFKD_MODE_TRAIN, TRUE, NULL);
      if (!dfkd_graph_check (g, &error))
        g_assert_nonnull (strstr (error->message, "larger batch"));
      else
        g_assert_cmpuint (f.logits, !=, DFKD_NONE);
    }
}

static void
test_bad_options (void)
{
  static const struct
  {
    const char *name;
    DfkdNetworkOptions options;
    const char *says;
  } cases[] = {
    { "resnet_9000", { 1, 32, 32, 10, 0, 0 }, "wrn40_2" },
    { "wrn16", { 1, 32, 32, 10, 0, 0 }, "6n + 4" },
    { "wrn15_1", { 1, 32, 32, 10, 0, 0 }, "wrn15_1" },
    { "wrn4_1", { 1, 32, 32, 10, 0, 0 }, "wrn4_1" },
    { "wrn16_0", { 1, 32, 32, 10, 0, 0 }, "wrn16_0" },
    { "wrn16_33", { 1, 32, 32, 10, 0, 0 }, "wrn16_33" },
    { "wrn16_01", { 1, 32, 32, 10, 0, 0 }, "wrn16_01" },
    { "wrn208_1", { 1, 32, 32, 10, 0, 0 }, "wrn208_1" },
    { "wrn16_1x", { 1, 32, 32, 10, 0, 0 }, "wrn16_1x" },
    { "wrn18446744073709551626_1", { 1, 32, 32, 10, 0, 0 }, "wrn18446744073709551626_1" },
    { "", { 1, 32, 32, 10, 0, 0 }, "lenet5_half" },
    { "wrn16_1", { 0, 32, 32, 10, 0, 0 }, "channels" },
    { "wrn16_1", { 1, 32, 32, 0, 0, 0 }, "classes" },
    { "wrn16_1", { 1, 3, 32, 10, 0, 0 }, "3×32" },
    { "wrn16_1", { 1, 32, G_MAXSIZE, 10, 0, 0 }, "width" },
    { "vgg11", { 1, 7, 8, 10, 0, 0 }, "7×8" },
    { "lenet5", { 1, 28, 28, 10, 0, 0 }, "pad" },
    { "generator", { 1, 30, 32, 0, 256, 64 }, "multiples of 4" },
    { "generator_deep", { 1, 40, 32, 0, 256, 64 }, "multiples of 16" },
    { "generator", { 1, 32, 32, 0, 0, 64 }, "nz" },
    { "generator", { 1, 32, 32, 0, 256, 0 }, "ngf" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (dfkd_network_new (cases[i].name, &cases[i].options, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

typedef struct {
  float *parameters, *state;
} Weights;

static Weights
initialised (const DfkdNetwork *network, guint64 seed)
{
  Weights w = { g_malloc (network->parameters->bytes), g_malloc (network->state->bytes) };

  dfkd_network_initialise (network, seed, w.parameters, w.state);
  return w;
}

static void
clear (Weights *w)
{
  g_free (w->parameters);
  g_free (w->state);
}

static const float *
find (const DfkdNetwork *network, const Weights *w, const char *name, gsize *count)
{
  for (guint i = 0; i < dfkd_block_count (network->parameters); i++)
    {
      const DfkdVariable *variable = dfkd_block_get (network->parameters, i);

      if (strcmp (variable->name, name) == 0)
        {
          *count = dfkd_shape_count (&variable->shape);
          return w->parameters + variable->offset / sizeof (float);
        }
    }
  g_assert_not_reached ();
}

/* mean 0 and the deviation wanted within four standard errors, and for a uniform draw within its bounds */
static void
assert_drawn (const float *values, gsize count, double deviation, double bound)
{
  double sum = 0.0, squares = 0.0, error = 4.0 / sqrt ((double) count);

  for (gsize i = 0; i < count; i++)
    {
      sum += values[i];
      squares += (double) values[i] * values[i];
      g_assert_cmpfloat (fabs (values[i]), <=, bound);
    }
  g_assert_cmpfloat (fabs (sum / (double) count), <, deviation * error);
  g_assert_cmpfloat (fabs (sqrt (squares / (double) count) / deviation - 1.0), <, error);
}

static void
test_initialise (void)
{
  g_autoptr (DfkdNetwork) network = new_network ("wrn16_2"), generator = new_network ("generator");
  Weights a = initialised (network, 7), b = initialised (network, 7), c = initialised (network, 8);
  Weights drawn = initialised (generator, 7);
  const float *values;
  gsize count;

  g_assert_cmpmem (a.parameters, network->parameters->bytes, b.parameters, network->parameters->bytes);
  g_assert_cmpint (memcmp (a.parameters, c.parameters, network->parameters->bytes), !=, 0);

  values = find (network, &a, "block3.layer.1.conv2.weight", &count); /* 128 · 3 · 3 outgoing */
  assert_drawn (values, count, sqrt (2.0 / (128 * 9)), 1.0);
  values = find (network, &a, "fc.weight", &count);
  assert_drawn (values, count, 1.0 / sqrt (128.0 * 3.0), 1.0 / sqrt (128.0));
  values = find (network, &a, "fc.bias", &count);
  for (gsize i = 0; i < count; i++)
    g_assert_cmpfloat (values[i], ==, 0.0f);
  values = find (network, &a, "block1.layer.0.bn2", &count);
  for (gsize i = 0; i < count; i++)
    g_assert_cmpfloat (values[i], ==, i < count / 2 ? 1.0f : 0.0f);
  for (gsize i = 0; i < 32; i++) /* the first batch norm: 16 channels */
    g_assert_cmpfloat (a.state[i], ==, i < 16 ? 0.0f : 1.0f);

  values = find (generator, &drawn, "conv_blocks.2.weight", &count);
  assert_drawn (values, count, 1.0 / sqrt (12.0 * 9.0 * 3.0), 1.0 / sqrt (12.0 * 9.0));
  clear (&a);
  clear (&b);
  clear (&c);
  clear (&drawn);
}

/* the rules of the other families */
static void
test_initialise_families (void)
{
  const double none = 0.0; /* all zero */
  const struct {
    const char *network, *variable;
    double deviation, bound;
  } cases[] = {
    { "resnet8x4", "layer2.0.conv1.weight", sqrt (2.0 / (128 * 9)), 1.0 },
    { "resnet8x4", "fc.weight", 1.0 / sqrt (256 * 3.0), 1.0 / sqrt (256) },
    { "resnet50", "layer1.0.conv3.weight", 1.0 / sqrt (64 * 3.0), 1.0 / sqrt (64) },
    { "resnet50", "linear.weight", 1.0 / sqrt (2048 * 3.0), 1.0 / sqrt (2048) },
    { "vgg8", "block1.0.weight", sqrt (2.0 / (128 * 9)), 1.0 },
    { "vgg8", "block1.0.bias", none, none },
    { "vgg8", "classifier.weight", 0.01, 0.1 },
    { "vgg8", "classifier.bias", none, none },
    { "mobilenetv2", "features.2.conv.1.0.weight", sqrt (2.0 / (96 * 9)), 1.0 },
    { "mobilenetv2", "classifier.1.weight", 0.01, 0.1 },
    { "mobilenetv2", "classifier.1.bias", none, none },
    { "shufflenetv2", "layer1.1.conv2.weight", 1.0 / sqrt (9 * 3.0), 1.0 / sqrt (9) },
    { "generator_dcgan", "main.4.weight", 1.0 / sqrt (12 * 16 * 3.0), 1.0 / sqrt (12 * 16) },
    { "generator_deep", "conv_blocks.4.weight", 1.0 / sqrt (12 * 9 * 3.0), 1.0 / sqrt (12 * 9) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DfkdNetwork) network = new_network (cases[i].network);
      Weights drawn = initialised (network, 7);
      gsize count;
      const float *values = find (network, &drawn, cases[i].variable, &count);

      g_test_message ("%s %s", cases[i].network, cases[i].variable);
      if (cases[i].bound == none)
        for (gsize k = 0; k < count; k++)
          g_assert_cmpfloat (values[k], ==, 0.0f);
      else
        assert_drawn (values, count, cases[i].deviation, cases[i].bound);
      clear (&drawn);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/state-dicts", test_state_dicts);
  g_test_add_func ("/network/places", test_places);
  g_test_add_func ("/network/graph", test_graph);
  g_test_add_func ("/network/wrong-input", test_wrong_input);
  g_test_add_func ("/network/small-batch", test_small_batch);
  g_test_add_func ("/network/bad-options", test_bad_options);
  g_test_add_func ("/network/initialise", test_initialise);
  g_test_add_func ("/network/initialise-families", test_initialise_families);
  return g_test_run ();
}
