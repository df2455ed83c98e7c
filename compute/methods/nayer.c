/* nayer.c: NAYER (Tran et al., CVPR 2024): latents are embeddings of the labels, made different by a *noisy layer* that is drawn
 * anew for every batch; generator and noisy layer learn for k steps. The generator lives for some batches; then it is drawn anew
 * as well, and the norm of the embeddings begins anew with it.
 *
 * A batch goes through the classes in order, again and again, and its last images, too few for all classes, are of classes that
 * are drawn; each pass has a noisy layer of its own. The paper embeds the
 * classes' names with a language model; "label_embeddings" names a file of such vectors. Without one each class has a fixed random
 * vector, which tells classes apart but not that a cat is like a dog. */
#include "initialise.h"
#include "learner.h"
#include "losses.h"
#include "synthesis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const float NORM_EPSILON = 1e-5f; /* PyTorch's, of batch norm */

enum {
  RANDOM_EMBEDDING = 512, /* numbers of a class' vector that is drawn: as many as the paper's have */
  PURPOSE_EMBEDDING = DFKD_PURPOSE_OWN,
  PURPOSE_GENERATOR = DFKD_PURPOSE_OWN + 1,
  PURPOSE_NOISE = 4096, /* behind any generator's */
};

/* variables of the block "noise" */
enum {
  NOISE_NORM, /* [2, E]: a batch norm of the embeddings */
  NOISE_FIRST, /* for each pass: weight [nz, E], bias [nz] */
};

/* variables of the block "classes": constants but for the drawing at the start */
enum {
  CLASSES_VECTORS, /* [classes, E] */
  CLASSES_ORDER,   /* I32 [N, 1] */
  CLASSES_FIRST,   /* for each pass: [N, 1], 1 for its images */
};

typedef struct {
  guint passes;
  gsize size; /* E, of an embedding */
  DfkdBlock *classes, *noise;
  DfkdLearner learners[2]; /* of the generator and of the noise */
} Nayer;

static DfkdBlock *
new_noise_block (const DfkdSynthesisOptions *o, const Nayer *n)
{
  DfkdBlock *block = dfkd_block_new ("noise");

  dfkd_block_add (block, "norm", dfkd_shape (2, n->size, 0, 0));
  for (guint i = 0; i < n->passes; i++)
    {
      g_autofree char *weight = g_strdup_printf ("%u.weight", i), *bias = g_strdup_printf ("%u.bias", i);

      dfkd_block_add (block, weight, dfkd_shape (o->nz, n->size, 0, 0));
      dfkd_block_add (block, bias, dfkd_shape (o->nz, 0, 0, 0));
    }
  return block;
}

static DfkdBlock *
new_classes_block (const DfkdSynthesisOptions *o, const Nayer *n)
{
  DfkdBlock *block = dfkd_block_new ("classes");

  dfkd_block_add (block, "vectors", dfkd_shape (o->classes, n->size, 0, 0));
  dfkd_block_add (block, "order", dfkd_shape_of_type (DFKD_I32, o->batch, 1, 0, 0));
  for (guint i = 0; i < n->passes; i++)
    {
      g_autofree char *name = g_strdup_printf ("pass %u", i);

      dfkd_block_add (block, name, dfkd_shape (o->batch, 1, 0, 0));
    }
  return block;
}

/* the classes' vectors where no file has them */
static gboolean
draw_vectors (DfkdSynthesis *s, const Nayer *n, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("classes");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue vectors = dfkd_graph_variable (g, n->classes, CLASSES_VECTORS);

  dfkd_assign (g, vectors, dfkd_random_normal (g, dfkd_graph_counter (g, "draw"), *dfkd_graph_shape (g, vectors), PURPOSE_EMBEDDING));
  if ((program = dfkd_program_new (s->device, g, error)) == NULL)
    return FALSE;
  dfkd_program_set_counter (program, "draw", (guint64) dfkd_synthesis_number (s, "seed"), 0, 0);
  return dfkd_program_run (program, error) && dfkd_program_wait (program, error);
}

/* which image is of which class and pass; the classes' vectors */
static gboolean
write_classes (DfkdSynthesis *s, const Nayer *n, GError **error)
{
  const DfkdSynthesisOptions *o = &s->options;
  g_autofree gint32 *order = g_new (gint32, o->batch);
  g_autofree float *pass = g_new (float, o->batch);

  for (gsize i = 0; i < o->batch; i++)
    order[i] = (gint32) (i % o->classes);
  if (!dfkd_device_write (s->device, n->classes, dfkd_block_get (n->classes, CLASSES_ORDER)->offset, order, o->batch * sizeof *order, error))
    return FALSE;
  for (guint p = 0; p < n->passes; p++)
    {
      for (gsize i = 0; i < o->batch; i++)
        pass[i] = i / o->classes == p ? 1.0f : 0.0f;
      if (!dfkd_device_write (s->device, n->classes, dfkd_block_get (n->classes, CLASSES_FIRST + p)->offset, pass, o->batch * sizeof *pass, error))
        return FALSE;
    }
  if (o->embeddings == NULL)
    return draw_vectors (s, n, error);
  return dfkd_device_write (s->device, n->classes, dfkd_block_get (n->classes, CLASSES_VECTORS)->offset, o->embeddings,
                            o->classes * n->size * sizeof *o->embeddings, error);
}

/* the embeddings as a fresh batch norm has them; its weight and bias are learnt for as long as a generator lives */
static gboolean
write_norm (DfkdSynthesis *s, const Nayer *n, GError **error)
{
  g_autofree float *norm = g_new0 (float, 2 * n->size);

  for (gsize i = 0; i < n->size; i++)
    norm[i] = 1.0f;
  return dfkd_device_write (s->device, n->noise, dfkd_block_get (n->noise, NOISE_NORM)->offset, norm, 2 * n->size * sizeof *norm, error);
}

/* I32 [N, 1]: the classes in order, and those of an unfinished last pass drawn */
static DfkdValue
draw_labels (DfkdSynthesis *s, DfkdGraph *g, DfkdValue counter)
{
  const DfkdSynthesisOptions *o = &s->options;
  const Nayer *n = s->own;
  DfkdValue order = dfkd_graph_variable (g, n->classes, CLASSES_ORDER), drawn, rest, fixed;

  if (o->given_draws || o->batch % o->classes == 0)
    return order;
  drawn = dfkd_random_integers (g, counter, DFKD_NONE, *dfkd_graph_shape (g, order), DFKD_PURPOSE_LABELS, (guint32) o->classes);
  rest = dfkd_graph_variable (g, n->classes, CLASSES_FIRST + n->passes - 1);
  fixed = dfkd_subtract (g, dfkd_fill (g, *dfkd_graph_shape (g, rest), 1.0f), rest);
  return dfkd_arg_max (g, dfkd_add (g, dfkd_multiply (g, dfkd_one_hot (g, order, o->classes), fixed),
                                    dfkd_multiply (g, dfkd_one_hot (g, drawn, o->classes), rest)));
}

static DfkdProgram *
build_begin (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("begin of a synthesis");
  const DfkdPlaced *generator = &s->options.generator;
  const Nayer *n = s->own;
  DfkdValue counter = dfkd_graph_counter (g, "draw"), renew = dfkd_graph_dial (g, "renew");
  DfkdValue norm = dfkd_graph_variable (g, n->noise, NOISE_NORM);

  dfkd_graph_begin_region (g, "generator");
  dfkd_begin_batch (s, g);
  dfkd_assign (g, dfkd_graph_variable (g, s->batch, DFKD_BATCH_LABELS), draw_labels (s, g, counter));
  dfkd_network_renew (generator->network, g, generator->parameters, counter, PURPOSE_GENERATOR, renew);
  dfkd_assign_if (g, norm, dfkd_weights_of_norm (g, *dfkd_graph_shape (g, norm)), renew);
  for (guint p = 0; p < n->passes; p++)
    {
      DfkdValue weight = dfkd_graph_variable (g, n->noise, NOISE_FIRST + 2 * p);

      dfkd_assign (g, weight, dfkd_random_normal (g, counter, *dfkd_graph_shape (g, weight), PURPOSE_NOISE + p));
      dfkd_fill_variable (g, dfkd_graph_variable (g, n->noise, NOISE_FIRST + 2 * p + 1), 0.0f);
    }
  for (guint i = 0; i < G_N_ELEMENTS (n->learners); i++)
    dfkd_learner_restart (&n->learners[i], g);
  return dfkd_program_new (s->device, g, error);
}

/* [N, nz]: every pass through its own layer */
static DfkdValue
build_latents (DfkdSynthesis *s, DfkdGraph *g)
{
  const Nayer *n = s->own;
  DfkdValue x = dfkd_gather_rows (g, dfkd_graph_variable (g, n->classes, CLASSES_VECTORS), dfkd_graph_variable (g, s->batch, DFKD_BATCH_LABELS));
  DfkdValue z = DFKD_NONE;

  x = dfkd_bn_apply (g, x, dfkd_bn_statistics (g, x), dfkd_graph_variable (g, n->noise, NOISE_NORM), NORM_EPSILON, 1.0f);
  for (guint p = 0; p < n->passes; p++)
    {
      DfkdValue one = dfkd_matrix_product (g, x, dfkd_graph_variable (g, n->noise, NOISE_FIRST + 2 * p),
                                           dfkd_graph_variable (g, n->noise, NOISE_FIRST + 2 * p + 1), FALSE, TRUE);

      one = dfkd_multiply (g, one, dfkd_graph_variable (g, n->classes, CLASSES_FIRST + p));
      z = p == 0 ? one : dfkd_add (g, z, one);
    }
  return z;
}

static DfkdProgram *
build_inner (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("inner step");
  g_auto (DfkdInversion) inversion = { 0 };
  const Nayer *n = s->own;
  DfkdValue z, t = dfkd_graph_dial (g, "t");

  dfkd_graph_begin_region (g, "generator");
  z = build_latents (s, g);
  dfkd_inversion_generate (&inversion, s, g, s->options.generator.parameters, z);
  dfkd_inversion_look (&inversion, dfkd_augment (s, g, inversion.images, DFKD_PURPOSE_CROPS));
  dfkd_inversion_add (&inversion, "bn", dfkd_inversion_bn (&inversion));
  dfkd_inversion_add (&inversion, "oh", dfkd_inversion_one_hot (&inversion));
  dfkd_inversion_add (&inversion, "adv", dfkd_inversion_adversarial (&inversion));
  dfkd_inversion_keep (&inversion);
  dfkd_differentiate (s, g, inversion.loss, n->learners, G_N_ELEMENTS (n->learners), FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (n->learners); i++)
    dfkd_learner_step (&n->learners[i], g, "lr_g", t, DFKD_ADAM_BETA1);
  dfkd_assign_if (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_START), z,
                  dfkd_less (g, t, dfkd_fill (g, dfkd_shape (1, 0, 0, 0), 1.5f)));
  dfkd_inversion_finish (&inversion);
  return dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error);
}

static gboolean
add_blocks (DfkdSynthesis *s, Nayer *n, GError **error)
{
  const DfkdSynthesisOptions *o = &s->options;

  n->passes = (guint) ((o->batch + o->classes - 1) / o->classes);
  n->size = o->embeddings != NULL ? o->embedding_size : RANDOM_EMBEDDING;
  n->classes = dfkd_synthesis_add (s, new_classes_block (o, n), FALSE, error);
  n->noise = dfkd_synthesis_add (s, new_noise_block (o, n), TRUE, error);
  if (n->classes == NULL || n->noise == NULL)
    return FALSE;
  return dfkd_learner_init (&n->learners[0], s, o->generator.parameters, "generator", FALSE, error)
         && dfkd_learner_init (&n->learners[1], s, n->noise, "noise", FALSE, error) && write_classes (s, n, error) && write_norm (s, n, error);
}

static gboolean
build (DfkdSynthesis *s, GError **error)
{
  Nayer *n = g_new0 (Nayer, 1);

  s->own = n;
  return add_blocks (s, n, error) && (s->begin = build_begin (s, error)) != NULL && (s->inner = build_inner (s, error)) != NULL;
}

/* weights, rate and life of the authors' CIFAR-10 runs, where the schedule is 200 syntheses to warm up, 600 more with 200 student
 * steps each, in batches of 400; here a short one, as the default recipe's */
static const DfkdMethodSetting settings[] = {
  { "bn", 10 },  { "oh", 0.5 },    { "adv", 1.33 },     { "bn_momentum", 0 }, { "lr_g", 4e-3 },        { "life", 20 },         { "nz", 256 },
  { "ngf", 32 }, { "generator", 0 }, { "label_embeddings", 0 }, { "k", 30 },      { "warmup", 3 },     { "syntheses", 25 },  { "kd_steps", 100 },     { "evaluate_every", 2 }, { "snapshot_every", 5 },
  { NULL },
};

const DfkdMethod dfkd_method_nayer = {
  .name = "nayer",
  .label = "NAYER",
  .effect = N_ ("Latents are vectors of the classes, made different by a noisy layer that is drawn anew for every batch."),
  .source = "Tran et al., CVPR 2024",
  .draws = "y = 0, 1, 2 …, W ~ N(0, 1)",
  .images = "x = G(W·BN(e_y); θ)",
  .step = "θ, W ← Adam(∂L/∂(θ, W))",
  .outer = "",
  .has_generator = TRUE,
  .shifts = TRUE,
  .needs_batch_norm = TRUE,
  .settings = settings,
  .build = build,
};
