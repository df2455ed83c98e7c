/* gendfd.c: generative data-free distillation (METHOD.md section 3; Luo et al. 2020, arXiv 2012.05578): several generators, taken in
 * turn, are matched to the moments of the teacher's batch norms (held against a running average, so that a batch need not cover
 * everything alone) and to the labels that they are told; the student learns from the images of all.
 *
 * A generator is told the label by the first numbers of its latents, which are one-hot. */
#include "initialise.h"
#include "learner.h"
#include "losses.h"
#include "synthesis.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

enum {
  PURPOSE_GENERATORS = DFKD_PURPOSE_OWN, /* a thousand for each */
  MOST_PARTS = 3,
};

/* variables of the block "turn" */
enum {
  TURN_WHICH, /* [1]: whose turn it is */
  TURN_STEPS, /* [1]: inner steps that one has done */
};

typedef struct {
  guint count;
  DfkdBlock *turn;
  DfkdLearner generator;       /* the one whose turn it is */
  DfkdBlock *now[MOST_PARTS];  /* of it: weights and Adam's moments */
  DfkdBlock **all[MOST_PARTS]; /* of each; the arrays are kept behind this structure */
  DfkdBlock **steps;           /* [1] */
} Generators;

/* 1 for generator @j when it is its turn */
static DfkdValue
its_turn (const Generators *own, DfkdGraph *g, guint j)
{
  return dfkd_equal (g, dfkd_graph_variable (g, own->turn, TURN_WHICH), dfkd_fill (g, dfkd_shape (1, 0, 0, 0), (float) j));
}

static DfkdProgram *
build_begin (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("begin of a synthesis");
  const DfkdSynthesisOptions *o = &s->options;
  const Generators *own = s->own;
  DfkdValue z = dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z), labels = dfkd_graph_variable (g, s->batch, DFKD_BATCH_LABELS), told;

  dfkd_graph_begin_region (g, "generator");
  dfkd_begin_batch (s, g);
  told = dfkd_concatenate (g, dfkd_one_hot (g, labels, o->classes),
                           dfkd_crop (g, z, o->classes, 0, 0, dfkd_shape (o->batch, o->nz - o->classes, 0, 0)));
  dfkd_assign (g, z, told);
  dfkd_assign (g, dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z_START), told);
  for (guint j = 0; j < own->count; j++)
    {
      DfkdValue flag = its_turn (own, g, j);

      for (guint i = 0; i < MOST_PARTS; i++)
        dfkd_assign_if (g, dfkd_graph_block (g, own->now[i]), dfkd_graph_block (g, own->all[i][j]), flag);
      dfkd_assign_if (g, dfkd_graph_variable (g, own->turn, TURN_STEPS), dfkd_graph_variable (g, own->steps[j], 0), flag);
    }
  return dfkd_program_new (s->device, g, error);
}

static DfkdProgram *
build_inner (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("generator step");
  g_auto (DfkdInversion) inversion = { 0 };
  const Generators *own = s->own;
  DfkdValue steps = dfkd_graph_variable (g, own->turn, TURN_STEPS);

  dfkd_inversion_generate (&inversion, s, g, own->now[0], dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z));
  dfkd_inversion_look (&inversion, dfkd_augment (s, g, inversion.images, DFKD_PURPOSE_CROPS));
  dfkd_inversion_add (&inversion, "bn", dfkd_inversion_bn (&inversion));
  dfkd_inversion_add (&inversion, "oh", dfkd_inversion_one_hot (&inversion));
  dfkd_inversion_keep (&inversion);
  dfkd_differentiate (s, g, inversion.loss, &own->generator, 1, FALSE);
  dfkd_assign (g, steps, dfkd_affine (g, steps, 1.0f, 1.0f));
  dfkd_learner_step (&own->generator, g, "lr_g", steps, DFKD_ADAM_BETA1);
  dfkd_inversion_finish (&inversion);
  return dfkd_program_new_lanes (s->device, g, DFKD_MAX_LANES, error);
}

static DfkdProgram *
build_outer (DfkdSynthesis *s, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("outer step");
  const Generators *own = s->own;
  DfkdValue which = dfkd_graph_variable (g, own->turn, TURN_WHICH), next;

  dfkd_graph_begin_region (g, "outer step");
  for (guint j = 0; j < own->count; j++)
    {
      DfkdValue flag = its_turn (own, g, j);

      for (guint i = 0; i < MOST_PARTS; i++)
        dfkd_assign_if (g, dfkd_graph_block (g, own->all[i][j]), dfkd_graph_block (g, own->now[i]), flag);
      dfkd_assign_if (g, dfkd_graph_variable (g, own->steps[j], 0), dfkd_graph_variable (g, own->turn, TURN_STEPS), flag);
    }
  next = dfkd_affine (g, which, 1.0f, 1.0f);
  dfkd_assign (g, which, dfkd_multiply (g, next, dfkd_less (g, next, dfkd_fill (g, dfkd_shape (1, 0, 0, 0), (float) own->count))));
  dfkd_remember_statistics (s, g);
  return dfkd_program_new (s->device, g, error);
}

/* all generators differ from the start */
static gboolean
draw (DfkdSynthesis *s, const Generators *own, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("generators");
  g_autoptr (DfkdProgram) program = NULL;

  for (guint j = 0; j < own->count; j++)
    dfkd_network_draw (s->options.generator.network, g, own->all[0][j], dfkd_graph_counter (g, "draw"), PURPOSE_GENERATORS + 1000 * j);
  if ((program = dfkd_program_new (s->device, g, error)) == NULL)
    return FALSE;
  dfkd_program_set_counter (program, "draw", (guint64) dfkd_synthesis_number (s, "seed"), 0, 0);
  return dfkd_program_run (program, error) && dfkd_program_wait (program, error);
}

static DfkdBlock *
new_number_block (const char *name, guint count)
{
  static const char *const names[] = { "which", "steps" };
  DfkdBlock *block = dfkd_block_new (name);

  for (guint i = 0; i < count; i++)
    dfkd_block_add (block, names[i], dfkd_shape (1, 0, 0, 0));
  return block;
}

static gboolean
add_blocks (DfkdSynthesis *s, Generators *own, GError **error)
{
  static const char *const parts[MOST_PARTS] = { "weights", "m", "v" };
  DfkdBlock *theta = s->options.generator.parameters;

  own->turn = dfkd_synthesis_add (s, new_number_block ("turn", 2), TRUE, error);
  if (own->turn == NULL || !dfkd_learner_init (&own->generator, s, theta, "generator", FALSE, error))
    return FALSE;
  own->now[0] = theta;
  own->now[1] = own->generator.m;
  own->now[2] = own->generator.v;
  for (guint i = 0; i < MOST_PARTS; i++)
    for (guint j = 0; j < own->count; j++)
      {
        g_autofree char *name = g_strdup_printf ("%s of generator %u", parts[i], j);

        if ((own->all[i][j] = dfkd_synthesis_add (s, dfkd_block_new_like (theta, name), TRUE, error)) == NULL)
          return FALSE;
      }
  for (guint j = 0; j < own->count; j++)
    {
      g_autofree char *name = g_strdup_printf ("steps of generator %u", j);

      if ((own->steps[j] = dfkd_synthesis_add (s, new_number_block (name, 1), TRUE, error)) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
build (DfkdSynthesis *s, GError **error)
{
  guint count = (guint) dfkd_synthesis_number (s, "generators");
  Generators *own = g_malloc0 (sizeof *own + (MOST_PARTS + 1) * count * sizeof (DfkdBlock *));
  DfkdBlock **rest = (DfkdBlock **) (own + 1);

  s->own = own;
  own->count = count;
  for (guint i = 0; i < MOST_PARTS; i++)
    own->all[i] = rest + i * count;
  own->steps = rest + MOST_PARTS * count;
  if (s->options.nz <= s->options.classes)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("nz: %zu is too little for the method gendfd, whose latents begin with the label; with %zu classes take more than that"),
                   s->options.nz, s->options.classes);
      return FALSE;
    }
  return add_blocks (s, own, error) && draw (s, own, error) && (s->begin = build_begin (s, error)) != NULL
         && (s->inner = build_inner (s, error)) != NULL && (s->outer = build_outer (s, error)) != NULL;
}

static const DfkdMethodSetting settings[] = {
  { "bn", 1 },   { "oh", 1 }, { "bn_momentum", 0.9 }, { "generators", 5 }, { "lr_g", 1e-3 },        { "nz", 256 },         { "ngf", 32 }, { "generator", 0 },
  { "k", 20 }, { "warmup", 10 }, { "syntheses", 60 },    { "kd_steps", 44 },  { "evaluate_every", 5 },   { "snapshot_every", 10 }, { NULL },
};

const DfkdMethod dfkd_method_gendfd = {
  .name = "gendfd",
  .label = "Generative DFD",
  .effect = N_ ("Several generators in turn, each matched to the moments inside the teacher and told the labels."),
  .source = "Luo et al. 2020",
  .draws = "z ~ N(0, 1), y ~ U, θ ← θ_j",
  .images = "x = G(y, z; θ)",
  .step = "θ ← θ − η_g·Adam(∂L/∂θ)",
  .outer = "θ_j ← θ, j ← j + 1",
  .has_generator = TRUE,
  .shifts = TRUE,
  .needs_batch_norm = TRUE,
  .settings = settings,
  .build = build,
};
