/* initialise.c: drawing the weights of a fresh network. */
#include "initialise.h"

#include "layers-private.h"
#include "random.h"

#include <string.h>

/* FNV-1a: a name's stream must stay the same for ever, which g_str_hash() does not promise */
static guint32
hash_name (const char *name)
{
  guint32 hash = 2166136261u;

  for (; *name != '\0'; name++)
    hash = (hash ^ (guint8) *name) * 16777619u;
  return hash;
}

static void
draw_block_of_four (const DfkdDraw *draw, guint64 seed, guint32 purpose, guint32 block, float out[4])
{
  guint32 word[4];

  dfkd_philox (seed, purpose, 0, block, word);
  if (draw->rule == DFKD_DRAW_NORMAL)
    {
      dfkd_philox_normal (word[0], word[1], out);
      dfkd_philox_normal (word[2], word[3], out + 2);
    }
  else
    for (guint i = 0; i < 4; i++)
      out[i] = 2.0f * dfkd_philox_uniform (word[i]) - 1.0f;
  for (guint i = 0; i < 4; i++)
    out[i] *= draw->scale;
}

static void
draw_variable (const DfkdVariable *variable, const DfkdDraw *draw, guint64 seed, float *out)
{
  const gsize count = dfkd_shape_count (&variable->shape);
  const guint32 purpose = hash_name (variable->name);

  switch (draw->rule)
    {
    case DFKD_DRAW_ZERO: /* the block is zeroed already */
      break;
    case DFKD_DRAW_BATCHNORM:
      for (gsize i = 0; i < count / 2; i++)
        out[i] = 1.0f;
      break;
    case DFKD_DRAW_NORMAL:
    case DFKD_DRAW_UNIFORM:
      for (gsize i = 0; i < count; i += 4)
        {
          float four[4];

          draw_block_of_four (draw, seed, purpose, (guint32) (i / 4), four);
          memcpy (out + i, four, MIN ((gsize) 4, count - i) * sizeof four[0]);
        }
      break;
    default:
      g_assert_not_reached ();
    }
}

void
dfkd_network_initialise (const DfkdNetwork *network, guint64 seed, float *parameters, float *state)
{
  memset (parameters, 0, network->parameters->bytes);
  if (network->state->bytes > 0)
    memset (state, 0, network->state->bytes);
  for (guint i = 0; i < dfkd_block_count (network->parameters); i++)
    {
      const DfkdVariable *variable = dfkd_block_get (network->parameters, i);

      draw_variable (variable, &g_array_index (network->draws, DfkdDraw, i), seed,
                     parameters + variable->offset / sizeof (float));
    }
  for (guint i = 0; i < dfkd_block_count (network->state); i++)
    {
      const DfkdVariable *variable = dfkd_block_get (network->state, i);
      const gsize channels = variable->shape.dim[1];
      float *variance = state + variable->offset / sizeof (float) + channels;

      for (gsize c = 0; c < channels; c++)
        variance[c] = 1.0f;
    }
}

/* of a batch norm: a row of ones above one of zeros */
DfkdValue
dfkd_weights_of_norm (DfkdGraph *g, DfkdShape shape)
{
  DfkdValue index = dfkd_iota (g, dfkd_graph_counter (g, "zero"), 2); /* a counter that is never set */
  DfkdValue row = dfkd_one_hot (g, index, 2); /* the unit matrix */

  row = dfkd_crop (g, row, 0, 0, 0, dfkd_shape (2, 1, 0, 0));
  return dfkd_expand (g, row, shape);
}

static void
draw_in_graph (const DfkdNetwork *network, DfkdGraph *g, DfkdBlock *parameters, DfkdValue counter, guint32 purpose, DfkdValue flag)
{
  for (guint i = 0; i < dfkd_block_count (parameters); i++)
    {
      const DfkdDraw *draw = &g_array_index (network->draws, DfkdDraw, i);
      DfkdValue variable = dfkd_graph_variable (g, parameters, i), value = DFKD_NONE;
      DfkdShape shape = *dfkd_graph_shape (g, variable);

      switch (draw->rule)
        {
        case DFKD_DRAW_NORMAL:
          value = dfkd_affine (g, dfkd_random_normal (g, counter, shape, purpose + i), draw->scale, 0.0f);
          break;
        case DFKD_DRAW_UNIFORM:
          value = dfkd_random_uniform (g, counter, shape, purpose + i, -draw->scale, draw->scale);
          break;
        case DFKD_DRAW_BATCHNORM:
          value = dfkd_weights_of_norm (g, shape);
          break;
        case DFKD_DRAW_ZERO:
        default:
          value = dfkd_fill (g, shape, 0.0f);
          break;
        }
      if (flag == DFKD_NONE)
        dfkd_assign (g, variable, value);
      else
        dfkd_assign_if (g, variable, value, flag);
    }
}

void
dfkd_network_draw (const DfkdNetwork *network, DfkdGraph *graph, DfkdBlock *parameters, DfkdValue counter, guint32 purpose)
{
  draw_in_graph (network, graph, parameters, counter, purpose, DFKD_NONE);
}

void
dfkd_network_renew (const DfkdNetwork *network, DfkdGraph *graph, DfkdBlock *parameters, DfkdValue counter, guint32 purpose, DfkdValue flag)
{
  draw_in_graph (network, graph, parameters, counter, purpose, flag);
}
