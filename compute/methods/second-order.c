/* second-order.c: steps of Adam taken back. */
#include "second-order.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

static const float TINY = 1e-30f; /* beside a root that may be 0, where what it divides is 0 too */

/* what adapts */
enum { THETA, Z, N_PARTS };

/* what Adam keeps of each */
enum { VALUE, M, V, N_STATES };

struct _DfkdSecondOrder
{
  DfkdSynthesis *synthesis;
  DfkdSecondOrderOptions options;
  guint n_dials;
  DfkdBlock *tables;      /* [steps, numbers] of each state of each part, then [steps, dials]: those of L, the rates, 1 − βᵗ */
  DfkdBlock *corrections; /* 1 − β1ᵗ and 1 − β2ᵗ of the steps so far */
  DfkdBlock *theta, *z;   /* of the step at hand */
  DfkdBlock *gradient, *seed;      /* ∂L/∂θ' there, and λ_g: like theta */
  DfkdBlock *adjoints[N_STATES];   /* λ of θ' (the caller's), of its m and v: like theta */
  DfkdBlock *z_adjoints;           /* λ of z, m and v */
};

static DfkdBlock *
new_tables (const DfkdSecondOrder *second)
{
  DfkdBlock *block = dfkd_block_new ("steps");
  const DfkdShape *z = &dfkd_block_get (second->synthesis->latents, DFKD_LATENTS_Z)->shape;
  gsize numbers[N_PARTS] = { second->options.theta->weights->bytes / sizeof (float), dfkd_shape_count (z) };

  for (guint part = 0; part < N_PARTS; part++)
    for (guint state = 0; state < N_STATES; state++)
      dfkd_block_add (block, "state", dfkd_shape (second->options.steps, numbers[part], 0, 0));
  dfkd_block_add (block, "dials", dfkd_shape (second->options.steps, second->n_dials + 4, 0, 0));
  return block;
}

static DfkdBlock *
new_vectors (const char *name, guint count, const DfkdShape *shape)
{
  DfkdBlock *block = dfkd_block_new (name);

  for (guint i = 0; i < count; i++)
    dfkd_block_add (block, name, *shape);
  return block;
}

DfkdSecondOrder *
dfkd_second_order_new (DfkdSynthesis *s, const DfkdSecondOrderOptions *options, GError **error)
{
  g_autoptr (DfkdSecondOrder) second = g_new0 (DfkdSecondOrder, 1);
  const DfkdShape *z = &dfkd_block_get (s->latents, DFKD_LATENTS_Z)->shape, one = dfkd_shape (1, 0, 0, 0);

  second->synthesis = s;
  second->options = *options;
  while (options->dials[second->n_dials] != NULL)
    second->n_dials++;
  second->adjoints[VALUE] = options->adjoint;
  if ((second->tables = dfkd_synthesis_add (s, new_tables (second), TRUE, error)) == NULL
      || (second->corrections = dfkd_synthesis_add (s, new_vectors ("corrections", 2, &one), TRUE, error)) == NULL
      || (second->theta = dfkd_synthesis_add (s, dfkd_block_new_like (options->theta->weights, "theta_again"), FALSE, error)) == NULL
      || (second->gradient = dfkd_synthesis_add (s, dfkd_block_new_like (options->theta->weights, "gradient_again"), FALSE, error)) == NULL
      || (second->seed = dfkd_synthesis_add (s, dfkd_block_new_like (options->theta->weights, "seed"), FALSE, error)) == NULL
      || (second->adjoints[M] = dfkd_synthesis_add (s, dfkd_block_new_like (options->theta->weights, "adjoint_m"), FALSE, error)) == NULL
      || (second->adjoints[V] = dfkd_synthesis_add (s, dfkd_block_new_like (options->theta->weights, "adjoint_v"), FALSE, error)) == NULL
      || (second->z = dfkd_synthesis_add (s, new_vectors ("z_again", 1, z), FALSE, error)) == NULL
      || (second->z_adjoints = dfkd_synthesis_add (s, new_vectors ("z_adjoint", N_STATES, z), FALSE, error)) == NULL)
    return NULL;
  return g_steal_pointer (&second);
}

void
dfkd_second_order_free (DfkdSecondOrder *second)
{
  g_free (second);
}

void
dfkd_second_order_begin (DfkdSecondOrder *second, DfkdGraph *g)
{
  dfkd_fill_variable (g, dfkd_graph_block (g, second->corrections), 0.0f);
}

/* --------------------------------------------------------------------------------------------------- recording */

static DfkdValue
table (const DfkdSecondOrder *second, DfkdGraph *g, guint index)
{
  return dfkd_graph_variable (g, second->tables, index);
}

static DfkdValue
dial_table (const DfkdSecondOrder *second, DfkdGraph *g)
{
  return table (second, g, N_PARTS * N_STATES);
}

static DfkdValue
as_row (DfkdGraph *g, DfkdValue x)
{
  return dfkd_reshape (g, x, dfkd_shape (1, dfkd_shape_count (dfkd_graph_shape (g, x)), 0, 0));
}

/* θ', z and their moments as they stand */
static DfkdValue
state (const DfkdSecondOrder *second, DfkdGraph *g, guint part, guint which)
{
  static const DfkdLatentsVariable latents[N_STATES] = { DFKD_LATENTS_Z, DFKD_LATENTS_Z_M, DFKD_LATENTS_Z_V };
  DfkdBlock *const blocks[N_STATES] = { second->options.theta->weights, second->options.theta->m, second->options.theta->v };

  return part == THETA ? dfkd_graph_block (g, blocks[which])
                       : dfkd_graph_variable (g, second->synthesis->latents, latents[which]);
}

/* 1 − βᵗ of the next step: β·(1 − βᵗ⁻¹) + (1 − β) */
static DfkdValue
correct (const DfkdSecondOrder *second, DfkdGraph *g, guint index, float beta)
{
  DfkdValue variable = dfkd_graph_variable (g, second->corrections, index), value = dfkd_affine (g, variable, beta, 1.0f - beta);

  dfkd_assign (g, variable, value);
  return value;
}

void
dfkd_second_order_record (DfkdSecondOrder *second, DfkdGraph *g)
{
  const DfkdSecondOrderOptions *o = &second->options;
  const DfkdValue others[] = { dfkd_graph_dial (g, o->theta_rate), dfkd_graph_dial (g, o->z_rate),
                               correct (second, g, 0, o->beta1), correct (second, g, 1, o->beta2) };
  DfkdValue slot = dfkd_graph_counter (g, "slot"), dials = DFKD_NONE;

  dfkd_graph_begin_region (g, "optimiser");
  for (guint part = 0; part < N_PARTS; part++)
    for (guint which = 0; which < N_STATES; which++)
      dfkd_store_rows (g, table (second, g, part * N_STATES + which), as_row (g, state (second, g, part, which)), slot);
  for (guint i = 0; i < second->n_dials + G_N_ELEMENTS (others); i++)
    {
      DfkdValue dial = as_row (g, i < second->n_dials ? dfkd_graph_dial (g, o->dials[i]) : others[i - second->n_dials]);

      dials = i == 0 ? dial : dfkd_concatenate (g, dials, dial);
    }
  dfkd_store_rows (g, dial_table (second, g), dials, slot);
}

/* --------------------------------------------------------------------------------------------------- going back */

/* λ of a state of a part */
static DfkdValue
adjoint (const DfkdSecondOrder *second, DfkdGraph *g, guint part, guint which)
{
  return part == THETA ? dfkd_graph_block (g, second->adjoints[which]) : dfkd_graph_variable (g, second->z_adjoints, which);
}

void
dfkd_second_order_seed (DfkdSecondOrder *second, DfkdGraph *g)
{
  dfkd_graph_begin_region (g, "optimiser");
  dfkd_assign (g, adjoint (second, g, Z, VALUE), dfkd_graph_variable (g, second->synthesis->latents, DFKD_LATENTS_Z_GRADIENT));
  for (guint part = 0; part < N_PARTS; part++)
    for (guint which = M; which < N_STATES; which++)
      dfkd_fill_variable (g, adjoint (second, g, part, which), 0.0f);
}

/* of the step at hand: numbers [1] */
typedef struct {
  DfkdValue rate[N_PARTS], correction1, correction2;
} Step;

/* number @index of the row of dials */
static DfkdValue
recorded (DfkdGraph *g, DfkdValue dials, guint index)
{
  return dfkd_reshape (g, dfkd_crop (g, dials, index, 0, 0, dfkd_shape (1, 1, 0, 0)), dfkd_shape (1, 0, 0, 0));
}

/* takes the dials of the step, and the states that L depends on, out of the tables */
static Step
recall (DfkdSecondOrder *second, DfkdGraph *g, DfkdValue index)
{
  DfkdValue dials = dfkd_gather_rows (g, dial_table (second, g), index);
  guint n = second->n_dials;
  Step step = { { recorded (g, dials, n), recorded (g, dials, n + 1) }, recorded (g, dials, n + 2), recorded (g, dials, n + 3) };

  for (guint i = 0; i < n; i++)
    dfkd_graph_substitute (g, second->options.dials[i], recorded (g, dials, i));
  dfkd_assign (g, dfkd_graph_block (g, second->theta), dfkd_gather_rows (g, table (second, g, VALUE), index));
  dfkd_assign (g, dfkd_graph_variable (g, second->z, 0), dfkd_gather_rows (g, table (second, g, Z * N_STATES + VALUE), index));
  return step;
}

/* Adam made x − η·m̂/d with m̂ = m'/(1−β1ᵗ), v̂ = v'/(1−β2ᵗ), d = √v̂ + ε, m' = β1·m + (1−β1)·g, v' = β2·v + (1−β2)·g².
 * λ of m and v become those of what they were made from.
 *
 * ∂(m̂/d)/∂g = (c1·v̂ − c2·g·m̂ + c1·ε·√v̂) / (d²·√v̂) with c1 = (1−β1)/(1−β1ᵗ), c2 = (1−β2)/(1−β2ᵗ). Its terms in g² cancel; in
 * the first step they are all there is but for ε, so that they must not be left to rounding.
 * Returns: λ of g */
static DfkdValue
pull_through_adam (DfkdSecondOrder *second, DfkdGraph *g, guint part, const Step *step, DfkdValue gradient, DfkdValue index)
{
  const float beta1 = second->options.beta1, beta2 = second->options.beta2, epsilon = second->options.epsilon;
  DfkdShape shape = *dfkd_graph_shape (g, gradient);
  DfkdValue m = dfkd_reshape (g, dfkd_gather_rows (g, table (second, g, part * N_STATES + M), index), shape);
  DfkdValue v = dfkd_reshape (g, dfkd_gather_rows (g, table (second, g, part * N_STATES + V), index), shape);
  DfkdValue of_x = adjoint (second, g, part, VALUE), of_m = adjoint (second, g, part, M), of_v = adjoint (second, g, part, V);
  /* m̂ = b1·m + c1·g, v̂ = b2·v + c2·g² */
  DfkdValue share1 = dfkd_reciprocal (g, step->correction1), share2 = dfkd_reciprocal (g, step->correction2);
  DfkdValue b1 = dfkd_affine (g, share1, beta1, 0.0f), c1 = dfkd_affine (g, share1, 1.0f - beta1, 0.0f);
  DfkdValue b2 = dfkd_affine (g, share2, beta2, 0.0f), c2 = dfkd_affine (g, share2, 1.0f - beta2, 0.0f);
  DfkdValue mean = dfkd_add (g, dfkd_multiply (g, m, b1), dfkd_multiply (g, gradient, c1));
  DfkdValue root = dfkd_square_root (g, dfkd_add (g, dfkd_multiply (g, v, b2), dfkd_multiply (g, dfkd_square (g, gradient), c2)));
  DfkdValue d = dfkd_affine (g, root, 1.0f, epsilon), safe_root = dfkd_affine (g, root, 1.0f, TINY);
  DfkdValue scaled = dfkd_divide (g, dfkd_multiply (g, of_x, step->rate[part]), d); /* η·λ/d */
  /* c1·v̂ − c2·g·m̂ = c1·b2·v − c2·b1·g·m */
  DfkdValue rest = dfkd_subtract (g, dfkd_multiply (g, v, dfkd_multiply (g, c1, b2)),
                                  dfkd_multiply (g, dfkd_multiply (g, gradient, m), dfkd_multiply (g, c2, b1)));
  DfkdValue weight = dfkd_divide (g, dfkd_add (g, dfkd_divide (g, rest, safe_root), dfkd_affine (g, c1, epsilon, 0.0f)), d);
  DfkdValue through_x = dfkd_multiply (g, scaled, weight), through_m = dfkd_affine (g, of_m, 1.0f - beta1, 0.0f);
  DfkdValue through_v = dfkd_affine (g, dfkd_multiply (g, gradient, of_v), 2.0f * (1.0f - beta2), 0.0f);
  DfkdValue result = dfkd_subtract (g, dfkd_add (g, through_m, through_v), through_x);
  DfkdValue past_m = dfkd_subtract (g, dfkd_affine (g, of_m, beta1, 0.0f), dfkd_multiply (g, scaled, b1));
  DfkdValue slope = dfkd_divide (g, dfkd_divide (g, dfkd_multiply (g, mean, dfkd_affine (g, b2, 0.5f, 0.0f)), d), safe_root);
  DfkdValue past_v = dfkd_add (g, dfkd_affine (g, of_v, beta2, 0.0f), dfkd_multiply (g, scaled, slope));

  dfkd_assign (g, of_m, past_m);
  dfkd_assign (g, of_v, past_v);
  return result;
}

static void
build_back (DfkdSecondOrder *second, DfkdGraph *g, DfkdLossBuilder build)
{
  guint count = dfkd_block_count (second->theta);
  g_autofree DfkdValue *wrt = g_new0 (DfkdValue, count + 1), *gradients = g_new0 (DfkdValue, count + 1);
  g_autofree DfkdValue *seeds = g_new0 (DfkdValue, count + 1), *products = g_new0 (DfkdValue, count + 1);
  DfkdValue index, loss;
  Step step;

  dfkd_graph_begin_region (g, "optimiser");
  index = dfkd_iota (g, dfkd_graph_counter (g, "slot"), 1);
  step = recall (second, g, index);
  for (guint i = 0; i < count; i++)
    wrt[i] = dfkd_graph_variable (g, second->theta, i);
  wrt[count] = dfkd_graph_variable (g, second->z, 0);
  loss = build (second->synthesis, g, second->theta, wrt[count]);
  dfkd_read (g, "loss", loss);
  dfkd_graph_gradients (g, loss, wrt, count + 1, gradients);

  dfkd_graph_begin_region (g, "optimiser");
  for (guint i = 0; i < count; i++)
    {
      dfkd_assign (g, dfkd_graph_variable (g, second->gradient, i), gradients[i]);
      seeds[i] = dfkd_graph_variable (g, second->seed, i);
    }
  dfkd_assign (g, dfkd_graph_block (g, second->seed),
               pull_through_adam (second, g, THETA, &step, dfkd_graph_block (g, second->gradient), index));
  seeds[count] = pull_through_adam (second, g, Z, &step, gradients[count], index);
  dfkd_graph_products (g, gradients, seeds, count + 1, wrt, count + 1, products);

  dfkd_graph_begin_region (g, "optimiser");
  for (guint i = 0; i <= count; i++)
    {
      DfkdValue of_x = i < count ? dfkd_graph_variable (g, second->adjoints[VALUE], i) : adjoint (second, g, Z, VALUE);

      dfkd_assign (g, of_x, dfkd_add (g, of_x, products[i]));
    }
}

/* Always float32: what reaches gradients here has no size that a short factor is sure to hold. */
static DfkdProgram *
new_exact_program (DfkdSynthesis *s, DfkdGraph *g, GError **error)
{
  DfkdPrecision precision = (DfkdPrecision) dfkd_synthesis_number (s, "precision");
  DfkdProgram *program;

  if (!dfkd_device_set_precision (s->device, DFKD_PRECISION_FLOAT32, error))
    return NULL;
  program = dfkd_program_new (s->device, g, error);
  if (program != NULL && !dfkd_device_set_precision (s->device, precision, error))
    g_clear_pointer (&program, dfkd_program_free);
  return program;
}

DfkdProgram *
dfkd_second_order_back (DfkdSecondOrder *second, DfkdLossBuilder build, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("step back");
  g_autoptr (GError) reason = NULL;

  build_back (second, g, build);
  if (dfkd_graph_check (g, &reason))
    return new_exact_program (second->synthesis, g, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("meta_gradient: maml differentiates the gradient again, which these networks do not allow (%s); choose another "
                 "meta_gradient, or other networks"),
               reason->message);
  return NULL;
}
