/* fast.c: FastDFKD's programs. */
#include "fast.h"

#include "augmentation.h"
#include "losses.h"

static const float BETA1 = 0.5f, BETA2 = 0.999f, EPSILON = 1e-8f;
static const float REPTILE_SCALE = 67.0f; /* the authors' factor on θ − θ'_k */
static const float NO_LOSS = 3e38f;

/* purposes of the draws of a plan; crops take two */
enum {
  PURPOSE_Z = 1,
  PURPOSE_LABELS,
  PURPOSE_CROPS,
};

typedef struct {
  DfkdFast *fast;
  const DfkdFastOptions *options;
  const DfkdPlaced *teacher, *student, *generator;
} Builder;

static DfkdValue
batch_variable (DfkdGraph *g, DfkdFast *fast, DfkdFastVariable index)
{
  return dfkd_graph_variable (g, fast->batch, index);
}

static void
assign_constant (DfkdGraph *g, DfkdValue variable, float value)
{
  dfkd_assign (g, variable, dfkd_fill (g, *dfkd_graph_shape (g, variable), value));
}

static DfkdBlock *
new_batch_block (const DfkdFastOptions *o)
{
  DfkdBlock *block = dfkd_block_new ("batch");
  DfkdShape latents = dfkd_shape (o->batch, o->nz, 0, 0);
  DfkdShape images = dfkd_shape (o->batch, o->channels, o->height, o->width);

  dfkd_block_add (block, "z", latents);
  dfkd_block_add (block, "z_m", latents);
  dfkd_block_add (block, "z_v", latents);
  dfkd_block_add (block, "labels", dfkd_shape_of_type (DFKD_I32, o->batch, 0, 0, 0));
  dfkd_block_add (block, "offset", dfkd_shape_of_type (DFKD_I32, o->batch, 2, 0, 0));
  dfkd_block_add (block, "flip", dfkd_shape_of_type (DFKD_I32, o->batch, 0, 0, 0));
  dfkd_block_add (block, "images", images);
  dfkd_block_add (block, "best", images);
  dfkd_block_add (block, "best_loss", dfkd_shape (1, 0, 0, 0));
  dfkd_block_add (block, "z_gradient", latents);
  dfkd_block_add (block, "z_start", latents);
  return block;
}

/* rows of as many numbers as the networks of @b give */
static DfkdBlock *
new_seen_block (Builder *b, GError **error)
{
  const DfkdFastOptions *o = b->options;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("networks");
  DfkdValue z = dfkd_fill (g, dfkd_shape (o->batch, o->nz, 0, 0), 0.0f);
  DfkdForward generator = dfkd_network_forward (b->generator->network, g, b->generator->parameters, b->generator->state, z,
                                                DFKD_MODE_TRAIN, FALSE, NULL);
  DfkdForward teacher = dfkd_network_forward (b->teacher->network, g, b->teacher->parameters, b->teacher->state, generator.logits,
                                              DFKD_MODE_EVALUATE, FALSE, NULL);
  DfkdBlock *block;

  if (!dfkd_graph_check (g, error))
    return NULL;
  block = dfkd_block_new ("seen");
  dfkd_block_add (block, "z", *dfkd_graph_shape (g, z));
  dfkd_block_add (block, "teacher", *dfkd_graph_shape (g, teacher.logits));
  dfkd_block_add (block, "student", *dfkd_graph_shape (g, teacher.logits));
  dfkd_block_add (block, "teacher_features", *dfkd_graph_shape (g, teacher.features));
  dfkd_block_add (block, "generator_features", *dfkd_graph_shape (g, generator.features));
  return block;
}

static DfkdProgram *
build_begin (Builder *b, DfkdDevice *device, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("begin of a synthesis");
  const DfkdFastOptions *o = b->options;
  DfkdFast *fast = b->fast;

  dfkd_graph_begin_region (g, "generator");
  if (!o->given_draws)
    {
      DfkdValue counter = dfkd_graph_counter (g, "draw");

      dfkd_assign (g, batch_variable (g, fast, DFKD_FAST_Z),
                   dfkd_random_normal (g, counter, dfkd_shape (o->batch, o->nz, 0, 0), PURPOSE_Z));
      dfkd_assign (g, batch_variable (g, fast, DFKD_FAST_LABELS),
                   dfkd_random_integers (g, counter, DFKD_NONE, dfkd_shape (o->batch, 0, 0, 0), PURPOSE_LABELS,
                                         (guint32) o->classes));
    }
  dfkd_assign (g, batch_variable (g, fast, DFKD_FAST_Z_START), batch_variable (g, fast, DFKD_FAST_Z));
  if (fast->fast != b->generator->parameters)
    dfkd_assign (g, dfkd_graph_block (g, fast->fast), dfkd_graph_block (g, b->generator->parameters));
  assign_constant (g, dfkd_graph_block (g, fast->fast_m), 0.0f);
  assign_constant (g, dfkd_graph_block (g, fast->fast_v), 0.0f);
  assign_constant (g, dfkd_graph_block (g, fast->accumulated), 0.0f);
  assign_constant (g, batch_variable (g, fast, DFKD_FAST_Z_M), 0.0f);
  assign_constant (g, batch_variable (g, fast, DFKD_FAST_Z_V), 0.0f);
  assign_constant (g, batch_variable (g, fast, DFKD_FAST_BEST_LOSS), NO_LOSS);
  return dfkd_program_new (device, g, error);
}

/* L = bn·L_bn + oh·L_oh + adv·L_adv at images = G(z; θ'), with everything it touches on the way */
typedef struct {
  DfkdValue images, loss, bn, oh, adv, agreement;
  DfkdValue seen[DFKD_N_SEEN];
} Inversion;

static Inversion
build_inversion (Builder *b, DfkdGraph *g)
{
  const DfkdFastOptions *o = b->options;
  DfkdFast *fast = b->fast;
  g_autoptr (GArray) taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
  DfkdValue momentum = dfkd_graph_dial (g, "bn_momentum"), x, agreement;
  DfkdForward generator, teacher, student;
  DfkdDraws draws;
  Inversion inversion = { 0 };

  dfkd_graph_begin_region (g, "generator");
  inversion.seen[DFKD_SEEN_Z] = batch_variable (g, fast, DFKD_FAST_Z);
  generator = dfkd_network_forward (b->generator->network, g, fast->fast, b->generator->state, inversion.seen[DFKD_SEEN_Z],
                                    DFKD_MODE_TRAIN, FALSE, NULL);
  inversion.images = generator.logits;
  inversion.seen[DFKD_SEEN_GENERATOR_FEATURES] = generator.features;

  dfkd_graph_begin_region (g, "augmentation");
  if (o->given_draws)
    draws = (DfkdDraws){ batch_variable (g, fast, DFKD_FAST_OFFSET), batch_variable (g, fast, DFKD_FAST_FLIP) };
  else
    draws = dfkd_draw_crops (g, dfkd_graph_counter (g, "draw"), o->batch, PURPOSE_CROPS);
  x = dfkd_normalise (g, dfkd_crop_flip (g, inversion.images, &draws), fast->constants);

  dfkd_graph_begin_region (g, "teacher");
  teacher = dfkd_network_forward (b->teacher->network, g, b->teacher->parameters, b->teacher->state, x,
                                  DFKD_MODE_EVALUATE, FALSE, taps);
  dfkd_graph_begin_region (g, "student");
  student = dfkd_network_forward (b->student->network, g, b->student->parameters, b->student->state, x,
                                  DFKD_MODE_EVALUATE, FALSE, NULL);
  inversion.seen[DFKD_SEEN_TEACHER] = teacher.logits;
  inversion.seen[DFKD_SEEN_TEACHER_FEATURES] = teacher.features;
  inversion.seen[DFKD_SEEN_STUDENT] = student.logits;

  dfkd_graph_begin_region (g, "losses");
  for (guint i = 0; i < taps->len; i++)
    {
      const DfkdBatchNormTap *tap = &g_array_index (taps, DfkdBatchNormTap, i);
      DfkdValue distance = dfkd_statistics_distance (g, tap->statistics, tap->running,
                                                     dfkd_graph_variable (g, fast->average, i), momentum);

      inversion.bn = i == 0 ? distance : dfkd_add (g, inversion.bn, distance);
      dfkd_assign (g, dfkd_graph_variable (g, fast->statistics, i), tap->statistics);
    }
  if (taps->len == 0) /* a teacher without batch norm has nothing to match */
    inversion.bn = dfkd_fill (g, dfkd_shape (1, 0, 0, 0), 0.0f);
  inversion.oh = dfkd_cross_entropy (g, teacher.logits, dfkd_one_hot (g, batch_variable (g, fast, DFKD_FAST_LABELS), o->classes));
  agreement = dfkd_agreement_rows (g, student.logits, teacher.logits);
  inversion.adv = dfkd_adversarial_decision (g, student.logits, teacher.logits, agreement);
  inversion.agreement = dfkd_mean (g, agreement);
  inversion.loss = dfkd_add (g, dfkd_multiply (g, inversion.bn, dfkd_graph_dial (g, "bn")),
                             dfkd_multiply (g, inversion.oh, dfkd_graph_dial (g, "oh")));
  inversion.loss = dfkd_add (g, inversion.loss, dfkd_multiply (g, inversion.adv, dfkd_graph_dial (g, "adv")));
  return inversion;
}

static DfkdProgram *
build_inner (Builder *b, DfkdDevice *device, gboolean last, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new (last ? "last gradient" : "inner step");
  DfkdFast *fast = b->fast;
  Inversion inversion = build_inversion (b, g);
  guint count = dfkd_block_count (fast->fast);
  g_autofree DfkdValue *wrt = g_new0 (DfkdValue, count + 1), *gradients = g_new0 (DfkdValue, count + 1);
  DfkdBlock *target = last ? fast->accumulated : fast->gradient;

  if (!last)
    {
      DfkdValue best_loss = batch_variable (g, fast, DFKD_FAST_BEST_LOSS);
      DfkdValue better = dfkd_less (g, inversion.loss, best_loss);

      dfkd_assign_if (g, batch_variable (g, fast, DFKD_FAST_BEST), inversion.images, better);
      dfkd_assign_if (g, best_loss, inversion.loss, better);
      dfkd_assign (g, batch_variable (g, fast, DFKD_FAST_IMAGES), inversion.images);
      for (guint i = 0; i < DFKD_N_SEEN; i++)
        dfkd_assign (g, dfkd_graph_variable (g, fast->seen, i), inversion.seen[i]);
      dfkd_assign_if (g, dfkd_graph_block (g, fast->kept), dfkd_graph_block (g, fast->seen), better);
    }
  for (guint i = 0; i < count; i++)
    wrt[i] = dfkd_graph_variable (g, fast->fast, i);
  wrt[count] = batch_variable (g, fast, DFKD_FAST_Z);
  dfkd_graph_gradients (g, inversion.loss, wrt, last ? count : count + 1, gradients);

  dfkd_graph_begin_region (g, "optimiser");
  for (guint i = 0; i < count; i++)
    dfkd_assign (g, dfkd_graph_variable (g, target, i), gradients[i]);
  if (!last)
    {
      DfkdValue gradient = dfkd_graph_block (g, fast->gradient), accumulated = dfkd_graph_block (g, fast->accumulated);
      DfkdValue t = dfkd_graph_dial (g, "t");

      if (b->options->meta == DFKD_META_FOMAML)
        dfkd_assign (g, accumulated, dfkd_add (g, accumulated, gradient));
      dfkd_assign (g, batch_variable (g, fast, DFKD_FAST_Z_GRADIENT), gradients[count]);
      dfkd_adam (g, dfkd_graph_block (g, fast->fast), dfkd_graph_block (g, fast->fast_m), dfkd_graph_block (g, fast->fast_v),
                 gradient, dfkd_graph_dial (g, "lr_g"), t, BETA1, BETA2, EPSILON);
      dfkd_adam (g, wrt[count], batch_variable (g, fast, DFKD_FAST_Z_M), batch_variable (g, fast, DFKD_FAST_Z_V),
                 batch_variable (g, fast, DFKD_FAST_Z_GRADIENT), dfkd_graph_dial (g, "lr_z"), t, BETA1, BETA2, EPSILON);
    }
  dfkd_read (g, "loss", inversion.loss);
  dfkd_read (g, "loss_bn", inversion.bn);
  dfkd_read (g, "loss_oh", inversion.oh);
  dfkd_read (g, "loss_adv", inversion.adv);
  dfkd_read (g, "agreement", inversion.agreement);
  return dfkd_program_new_lanes (device, g, DFKD_MAX_LANES, error);
}

static DfkdProgram *
build_outer (Builder *b, DfkdDevice *device, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("outer step");
  DfkdFast *fast = b->fast;

  dfkd_graph_begin_region (g, "outer step");
  if (b->options->reuse == DFKD_REUSE_COMMON)
    {
      DfkdValue theta = dfkd_graph_block (g, b->generator->parameters);
      DfkdValue gradient = dfkd_graph_block (g, fast->accumulated);

      if (b->options->meta == DFKD_META_REPTILE)
        gradient = dfkd_affine (g, dfkd_subtract (g, theta, dfkd_graph_block (g, fast->fast)), REPTILE_SCALE, 0.0f);
      dfkd_adam (g, theta, dfkd_graph_block (g, fast->meta_m), dfkd_graph_block (g, fast->meta_v), gradient,
                 dfkd_graph_dial (g, "rate"), dfkd_graph_dial (g, "t"), BETA1, BETA2, EPSILON);
    }
  if (dfkd_block_count (fast->average) > 0)
    dfkd_blend (g, dfkd_graph_block (g, fast->average), dfkd_graph_block (g, fast->statistics),
                dfkd_graph_dial (g, "bn_momentum"));
  dfkd_read (g, "labels", batch_variable (g, fast, DFKD_FAST_LABELS));
  return dfkd_program_new (device, g, error);
}

/* one [2,C] for each batch norm of the teacher, laid out by asking the network where it would look */
static DfkdBlock *
new_statistics_block (const DfkdPlaced *teacher, const DfkdFastOptions *o, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("teacher");
  g_autoptr (GArray) taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
  DfkdValue x = dfkd_fill (g, dfkd_shape (o->batch, o->channels, o->height, o->width), 0.0f);
  DfkdBlock *block;

  dfkd_network_forward (teacher->network, g, teacher->parameters, teacher->state, x, DFKD_MODE_EVALUATE, FALSE, taps);
  if (!dfkd_graph_check (g, error))
    return NULL;
  block = dfkd_block_new ("statistics");
  for (guint i = 0; i < taps->len; i++)
    dfkd_block_add (block, g_array_index (taps, DfkdBatchNormTap, i).name,
                    *dfkd_graph_shape (g, g_array_index (taps, DfkdBatchNormTap, i).statistics));
  return block;
}

DfkdFast *
dfkd_fast_new (DfkdDevice *device, const DfkdFastOptions *options, const DfkdPlaced *teacher, const DfkdPlaced *student,
               const DfkdPlaced *generator, GError **error)
{
  g_autoptr (DfkdFast) fast = g_new0 (DfkdFast, 1);
  Builder b = { fast, options, teacher, student, generator };
  DfkdBlock *theta = generator->parameters;

  fast->batch = new_batch_block (options);
  fast->fast = options->reuse == DFKD_REUSE_SEQUENTIAL ? theta : dfkd_block_new_like (theta, "fast");
  fast->fast_m = dfkd_block_new_like (theta, "fast_m");
  fast->fast_v = dfkd_block_new_like (theta, "fast_v");
  fast->gradient = dfkd_block_new_like (theta, "gradient");
  fast->accumulated = dfkd_block_new_like (theta, "accumulated");
  fast->meta_m = dfkd_block_new_like (theta, "meta_m");
  fast->meta_v = dfkd_block_new_like (theta, "meta_v");
  fast->statistics = new_statistics_block (teacher, options, error);
  if (fast->statistics == NULL || (fast->seen = new_seen_block (&b, error)) == NULL)
    return NULL;
  fast->kept = dfkd_block_new_like (fast->seen, "kept");
  fast->average = dfkd_block_new_like (fast->statistics, "average");
  fast->constants = dfkd_normalisation_new (device, options->mean, options->std, options->channels, error);
  if (fast->constants == NULL)
    return NULL;

  {
    DfkdBlock *blocks[] = { fast->batch,       fast->fast,   fast->fast_m, fast->fast_v,     fast->gradient,
                            fast->accumulated, fast->meta_m, fast->meta_v, fast->statistics, fast->average,
                            fast->seen,        fast->kept };

    for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
      if (blocks[i] != theta && blocks[i]->bytes > 0 && !dfkd_device_allocate (device, blocks[i], error))
        return NULL;
  }
  if ((fast->begin = build_begin (&b, device, error)) == NULL
      || (fast->inner = build_inner (&b, device, FALSE, error)) == NULL
      || (options->reuse == DFKD_REUSE_COMMON && options->meta == DFKD_META_FOMAML_LAST
          && (fast->last = build_inner (&b, device, TRUE, error)) == NULL)
      || (fast->outer = build_outer (&b, device, error)) == NULL)
    return NULL;
  if (fast->fast == theta) /* borrowed: the caller frees it */
    fast->fast = NULL;
  return g_steal_pointer (&fast);
}

void
dfkd_fast_free (DfkdFast *fast)
{
  if (fast == NULL)
    return;
  dfkd_program_free (fast->begin);
  dfkd_program_free (fast->inner);
  dfkd_program_free (fast->last);
  dfkd_program_free (fast->outer);
  dfkd_block_free (fast->batch);
  dfkd_block_free (fast->seen);
  dfkd_block_free (fast->kept);
  dfkd_block_free (fast->constants);
  dfkd_block_free (fast->fast);
  dfkd_block_free (fast->fast_m);
  dfkd_block_free (fast->fast_v);
  dfkd_block_free (fast->gradient);
  dfkd_block_free (fast->accumulated);
  dfkd_block_free (fast->meta_m);
  dfkd_block_free (fast->meta_v);
  dfkd_block_free (fast->statistics);
  dfkd_block_free (fast->average);
  g_free (fast);
}
