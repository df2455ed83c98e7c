/* op-gradients-again.c: the gradient rules of ops that only gradients are made of, for second derivatives.
 *
 * Passes over activations use the fused ops again. What happens to one number a channel is written out in primitives
 * and differentiated as such. */
#include "op-gradients-private.h"

static const float TINY = 1e-30f; /* beside a sum of squares: no difference unless that is 0 */

RULE (dfkd_rule_sigmoid_gradient)
{
  DfkdValue y = node->input[1];

  if (wanted[0])
    dx[0] = NODE (SIGMOID_GRADIENT, NULL, dy, y);
  if (wanted[1])
    dx[1] = dfkd_multiply (g, dfkd_multiply (g, dy, node->input[0]), dfkd_affine (g, y, -2.0f, 1.0f));
}

RULE (dfkd_rule_tanh_gradient)
{
  DfkdValue y = node->input[1];

  if (wanted[0])
    dx[0] = NODE (TANH_GRADIENT, NULL, dy, y);
  if (wanted[1])
    dx[1] = dfkd_multiply (g, dfkd_multiply (g, dy, node->input[0]), dfkd_affine (g, y, -2.0f, 0.0f));
}

/* ---------------------------------------------------------------------------------- one number a channel */

/* row @index of an input by a name of its own: partial derivatives must not see how the inputs depend on one another */
static DfkdValue
own_row (DfkdGraph *g, DfkdValue input, gsize index)
{
  DfkdValue row = dfkd_row (g, input, index);

  return row != DFKD_NONE ? dfkd_reshape (g, row, shape_of (g, row)) : DFKD_NONE;
}

static DfkdValue
zeros (DfkdGraph *g, DfkdValue like)
{
  return like != DFKD_NONE ? dfkd_fill (g, shape_of (g, like), 0.0f) : DFKD_NONE;
}

static DfkdValue
pair (DfkdGraph *g, DfkdValue first, DfkdValue second)
{
  return dfkd_stack (g, (DfkdValue[]){ first, second }, 2);
}

/* √(σ² + ε) */
static DfkdValue
deviation (DfkdGraph *g, DfkdValue variance, float epsilon)
{
  return dfkd_square_root (g, dfkd_affine (g, variance, 1.0f, epsilon));
}

/* dμ = −γ/σ·Σdy', dσ² = −γ/(2σ²)·Σdy'·x̂ */
RULE (dfkd_rule_bn_statistics_gradient)
{
  enum { WEIGHTED, PLAIN, VARIANCE, GAMMA, N };
  DfkdValue in[N] = { own_row (g, node->input[0], 0), own_row (g, node->input[0], 1), own_row (g, node->input[1], 1),
                      own_row (g, node->input[2], 0) };
  DfkdValue sigma = deviation (g, in[VARIANCE], node->attributes.norm.epsilon), scale = dfkd_divide (g, in[GAMMA], sigma), d[N];
  DfkdValue rows[] = { dfkd_negate (g, dfkd_multiply (g, scale, in[PLAIN])),
                       dfkd_affine (g, dfkd_divide (g, dfkd_multiply (g, scale, in[WEIGHTED]), sigma), -0.5f, 0.0f) };
  DfkdValue seeds[] = { dfkd_row (g, dy, 0), dfkd_row (g, dy, 1) };

  dfkd_graph_products (g, rows, seeds, 2, in, N, d);
  if (wanted[0])
    dx[0] = pair (g, d[WEIGHTED], d[PLAIN]);
  if (wanted[1])
    dx[1] = pair (g, zeros (g, d[VARIANCE]), d[VARIANCE]);
  if (wanted[2])
    dx[2] = pair (g, d[GAMMA], zeros (g, d[GAMMA]));
}

/* s = γ/σ */
static void
differentiate_scale (DfkdGraph *g, const DfkdNode *node, DfkdValue seed, const gboolean *wanted, DfkdValue *dx)
{
  enum { VARIANCE, GAMMA, N };
  DfkdValue in[N] = { own_row (g, node->input[0], 1), own_row (g, node->input[1], 0) }, d[N];
  DfkdValue scale = dfkd_divide (g, in[GAMMA], deviation (g, in[VARIANCE], node->attributes.norm.epsilon));

  dfkd_graph_products (g, &scale, &seed, 1, in, N, d);
  if (wanted[0])
    dx[0] = pair (g, zeros (g, d[VARIANCE]), d[VARIANCE]);
  if (wanted[1])
    dx[1] = pair (g, d[GAMMA], zeros (g, d[GAMMA]));
}

/* a = 2·dσ²/M, b = dμ/M − a·μ */
static void
differentiate_slope (DfkdGraph *g, const DfkdNode *node, const DfkdValue *seeds, const gboolean *wanted, DfkdValue *dx)
{
  enum { DMEAN, DVARIANCE, MEAN, N };
  const float share = 1.0f / node->attributes.norm.count;
  DfkdValue in[N] = { own_row (g, node->input[2], 0), own_row (g, node->input[2], 1), own_row (g, node->input[3], 0) }, d[N];
  DfkdValue slope = dfkd_affine (g, in[DVARIANCE], 2.0f * share, 0.0f);
  DfkdValue rows[] = { slope, dfkd_subtract (g, dfkd_affine (g, in[DMEAN], share, 0.0f), dfkd_multiply (g, slope, in[MEAN])) };

  dfkd_graph_products (g, rows, seeds, 2, in, N, d);
  if (wanted[2])
    dx[2] = pair (g, d[DMEAN], d[DVARIANCE]);
  if (wanted[3])
    dx[3] = pair (g, d[MEAN], zeros (g, d[MEAN]));
}

RULE (dfkd_rule_channel_coefficients)
{
  if (wanted[0] || wanted[1])
    differentiate_scale (g, node, dfkd_row (g, dy, 0), wanted, dx);
  if (wanted[2] || wanted[3])
    differentiate_slope (g, node, (DfkdValue[]){ dfkd_row (g, dy, 1), dfkd_row (g, dy, 2) }, wanted, dx);
}

/* of either row: −dloss·(1−m)·d/‖d‖ with d = running − (1−m)·batch − m·average */
RULE (dfkd_rule_statistics_distance_gradient)
{
  enum { DLOSS, MEAN, VARIANCE, N };
  DfkdValue dloss = node->input[0], momentum = node->input[4], weight = dfkd_affine (g, momentum, -1.0f, 1.0f);
  DfkdValue in[N] = { dfkd_reshape (g, dloss, shape_of (g, dloss)), own_row (g, node->input[1], 0),
                      own_row (g, node->input[1], 1) };
  DfkdValue scale = dfkd_negate (g, dfkd_multiply (g, in[DLOSS], weight)), rows[2], seeds[2], d[N];

  for (guint i = 0; i < 2; i++)
    {
      DfkdValue known = dfkd_subtract (g, dfkd_row (g, node->input[2], i),
                                       dfkd_multiply (g, dfkd_row (g, node->input[3], i), momentum));
      DfkdValue difference = dfkd_subtract (g, known, dfkd_multiply (g, in[MEAN + i], weight));
      DfkdValue norm = dfkd_square_root (g, dfkd_affine (g, dfkd_sum (g, dfkd_square (g, difference), 1.0f), 1.0f, TINY));

      rows[i] = dfkd_multiply (g, difference, dfkd_divide (g, scale, norm));
      seeds[i] = dfkd_row (g, dy, i);
    }
  dfkd_graph_products (g, rows, seeds, 2, in, N, d);
  if (wanted[0])
    dx[0] = d[DLOSS];
  if (wanted[1])
    dx[1] = pair (g, d[MEAN], d[VARIANCE]);
}

/* ---------------------------------------------------------------------------------------- over activations */

/* [Σ act'(y)·a·b, Σ act'(y)·a] by channel: sums of a batch norm of mean 0 and variance 1 */
static DfkdValue
weighted_sums (DfkdGraph *g, DfkdValue a, DfkdValue y, DfkdValue b, float slope)
{
  DfkdShape shape = shape_of (g, a);
  DfkdValue none = dfkd_fill (g, dfkd_shape (2, dfkd_shape_channels (&shape), 0, 0), 0.0f);

  return NODE (BN_SUMS, (&(DfkdAttributes){ .norm = { .slope = slope, .epsilon = 1.0f } }), a, y, b, none);
}

/* s·act'(y)·dy + a·x + b + addend */
RULE (dfkd_rule_channel_mix)
{
  DfkdValue past = node->input[0], y = node->input[1], x = node->input[2], coefficients = node->input[3];

  DfkdValue scale = dfkd_row (g, coefficients, 0), none = zeros (g, scale);

  if (wanted[0])
    dx[0] = NODE (CHANNEL_MIX, &node->attributes, dy, y, DFKD_NONE, dfkd_stack (g, (DfkdValue[]){ scale, none, none }, 3),
                  DFKD_NONE);
  if (wanted[2])
    {
      DfkdValue slope = dfkd_row (g, coefficients, 1);

      dx[2] = NODE (CHANNEL_MIX, &node->attributes, DFKD_NONE, DFKD_NONE, dy,
                    dfkd_stack (g, (DfkdValue[]){ none, slope, none }, 3), DFKD_NONE);
    }
  if (wanted[3])
    {
      DfkdValue rows[3] = { none, none, none };

      if (past != DFKD_NONE)
        rows[0] = dfkd_row (g, weighted_sums (g, past, y, dy, node->attributes.norm.slope), 0);
      if (x != DFKD_NONE)
        {
          DfkdValue sums = weighted_sums (g, dy, dy, x, 1.0f);

          rows[1] = dfkd_row (g, sums, 0);
          rows[2] = dfkd_row (g, sums, 1);
        }
      dx[3] = dfkd_stack (g, rows, 3);
    }
  dx[4] = dy;
}

/* [Σ act'(y)·dy·x̂, Σ act'(y)·dy] with x̂ = (x−μ)/σ; p and q reach the two sums */
RULE (dfkd_rule_bn_sums)
{
  const DfkdAttributes *attributes = &node->attributes;
  DfkdValue past = node->input[0], y = node->input[1], x = node->input[2], statistics = node->input[3];
  DfkdValue p = dfkd_row (g, dy, 0), q = dfkd_row (g, dy, 1), none = zeros (g, p);
  DfkdValue sigma = deviation (g, dfkd_row (g, statistics, 1), attributes->norm.epsilon), scale = dfkd_divide (g, p, sigma);

  if (wanted[0])
    {
      DfkdValue shift = dfkd_subtract (g, q, dfkd_multiply (g, scale, dfkd_row (g, statistics, 0)));

      dx[0] = NODE (CHANNEL_MIX, attributes, DFKD_NONE, DFKD_NONE, x, dfkd_stack (g, (DfkdValue[]){ none, scale, shift }, 3),
                    DFKD_NONE);
      if (attributes->norm.slope != 1.0f)
        dx[0] = NODE (LEAKY_RELU_GRADIENT, attributes, dx[0], y);
    }
  if (wanted[2])
    dx[2] = NODE (CHANNEL_MIX, attributes, past, y, DFKD_NONE, dfkd_stack (g, (DfkdValue[]){ scale, none, none }, 3),
                  DFKD_NONE);
  if (wanted[3]) /* ∂x̂/∂μ = −1/σ, ∂x̂/∂σ² = −x̂/(2σ²) */
    dx[3] = pair (g, dfkd_negate (g, dfkd_multiply (g, scale, dfkd_row (g, value, 1))),
                  dfkd_affine (g, dfkd_divide (g, dfkd_multiply (g, scale, dfkd_row (g, value, 0)), sigma), -0.5f, 0.0f));
}

/* Each window passes on what reaches its maximum: by a mask of maxima where windows do not overlap. */
RULE (dfkd_rule_max_pool_gradient)
{
  const DfkdAttributes *attributes = &node->attributes;
  const float area = (float) attributes->pool.kernel * (float) attributes->pool.kernel;
  DfkdValue mask;

  if (attributes->pool.stride < attributes->pool.kernel)
    {
      dfkd_graph_fail (g, "a max-pool whose windows overlap has no second derivative here");
      return;
    }
  if (!wanted[0])
    return;
  mask = NODE (MAX_POOL_GRADIENT, attributes, dfkd_fill (g, shape_of (g, node->input[0]), 1.0f), node->input[1], node->input[2]);
  dx[0] = dfkd_affine (g, NODE (AVERAGE_POOL, attributes, dfkd_multiply (g, dy, mask)), area, 0.0f);
}
