/* contrast.c: the head, the memory bank and L_cr. */
#include "contrast.h"

#include <math.h>

enum {
  PURPOSE_NEGATIVES = DFKD_PURPOSE_OWN,
  PURPOSE_HEAD,
  PURPOSE_BANK = PURPOSE_HEAD + 4,
};

static const float OUT_OF_THE_WAY = 1e4f; /* below any other product of two directions */

enum {
  LOCAL,
  GLOBAL,
};

/* rows of @width numbers, local and global */
static DfkdBlock *
new_views_block (const char *name, gsize rows, gsize width)
{
  DfkdBlock *block = dfkd_block_new (name);

  dfkd_block_add (block, "local", dfkd_shape (rows, width, 0, 0));
  dfkd_block_add (block, "global", dfkd_shape (rows, width, 0, 0));
  return block;
}

static DfkdBlock *
new_head_block (gsize width, gsize out)
{
  DfkdBlock *block = dfkd_block_new ("head");

  dfkd_block_add (block, "0.weight", dfkd_shape (width, width, 0, 0));
  dfkd_block_add (block, "0.bias", dfkd_shape (width, 0, 0, 0));
  dfkd_block_add (block, "2.weight", dfkd_shape (out, width, 0, 0));
  dfkd_block_add (block, "2.bias", dfkd_shape (out, 0, 0, 0));
  return block;
}

/* the head as PyTorch draws a linear layer, U(±1/√fan_in), the bank from N(0, 1) */
static gboolean
draw (DfkdSynthesis *s, const DfkdContrast *c, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("contrast");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue counter = dfkd_graph_counter (g, "draw");
  float bound = 1.0f / sqrtf ((float) c->width);

  for (guint i = 0; i < dfkd_block_count (c->head.weights); i++)
    {
      DfkdValue variable = dfkd_graph_variable (g, c->head.weights, i);

      dfkd_assign (g, variable, dfkd_random_uniform (g, counter, *dfkd_graph_shape (g, variable), PURPOSE_HEAD + i, -bound, bound));
    }
  for (guint i = LOCAL; i <= GLOBAL; i++)
    {
      DfkdValue variable = dfkd_graph_variable (g, c->bank, i);

      dfkd_assign (g, variable, dfkd_random_normal (g, counter, *dfkd_graph_shape (g, variable), PURPOSE_BANK + i));
    }
  program = dfkd_program_new (s->device, g, error);
  if (program == NULL)
    return FALSE;
  dfkd_program_set_counter (program, "draw", (guint64) dfkd_synthesis_number (s, "seed"), 0, 0);
  return dfkd_program_run (program, error) && dfkd_program_wait (program, error);
}

gboolean
dfkd_contrast_init (DfkdContrast *c, DfkdSynthesis *s, GError **error)
{
  DfkdBlock *head;

  for (guint i = 0; i < dfkd_block_count (s->statistics); i++)
    c->width += dfkd_block_get (s->statistics, i)->shape.dim[1];
  c->remembered = MAX ((gsize) dfkd_synthesis_number (s, "bank"), s->options.batch);
  c->negatives = MIN ((gsize) dfkd_synthesis_number (s, "negatives"), c->remembered);
  head = dfkd_synthesis_add (s, new_head_block (c->width, (gsize) dfkd_synthesis_number (s, "head")), TRUE, error);
  if (head == NULL)
    return FALSE;
  g_ptr_array_add (s->lasting, head);
  return dfkd_learner_init (&c->head, s, head, "head", FALSE, error)
         && (c->bank = dfkd_synthesis_add (s, new_views_block ("bank", c->remembered, c->width), TRUE, error)) != NULL
         && (c->views = dfkd_synthesis_add (s, new_views_block ("views", s->options.batch, c->width), TRUE, error)) != NULL
         && (s->options.given_draws || draw (s, c, error));
}

DfkdValue
dfkd_contrast_view (DfkdGraph *g, const GArray *taps)
{
  DfkdValue all = DFKD_NONE;

  for (guint i = 0; i < taps->len; i++)
    {
      DfkdValue mean = dfkd_spatial_mean (g, g_array_index (taps, DfkdBatchNormTap, i).input);

      all = i == 0 ? mean : dfkd_concatenate (g, all, mean);
    }
  return all;
}

/* h(x)/‖h(x)‖₂ of every row */
static DfkdValue
project (const DfkdContrast *c, DfkdGraph *g, DfkdValue x)
{
  DfkdValue h = dfkd_relu (g, dfkd_matrix_product (g, x, dfkd_graph_variable (g, c->head.weights, 0), dfkd_graph_variable (g, c->head.weights, 1), FALSE, TRUE));

  h = dfkd_matrix_product (g, h, dfkd_graph_variable (g, c->head.weights, 2), dfkd_graph_variable (g, c->head.weights, 3), FALSE, TRUE);
  return dfkd_divide (g, h, dfkd_square_root (g, dfkd_row_sum (g, dfkd_square (g, h), 1.0f)));
}

/* mean cross entropy of rows @a against @own, each of which stands in the row of its partner, and @others; @lowered: (nullable): what is added to
 * their similarities */
static DfkdValue
contrast (DfkdGraph *g, DfkdValue a, DfkdValue own, DfkdValue others, DfkdValue lowered, DfkdValue counter)
{
  gsize count = dfkd_graph_shape (g, own)->dim[0], rest = dfkd_graph_shape (g, others)->dim[0];
  DfkdValue to_others = dfkd_matrix_product (g, a, others, DFKD_NONE, FALSE, TRUE);
  DfkdValue logits = dfkd_concatenate (g, dfkd_matrix_product (g, a, own, DFKD_NONE, FALSE, TRUE),
                                       lowered != DFKD_NONE ? dfkd_add (g, to_others, lowered) : to_others);
  DfkdValue log_p = dfkd_log_softmax (g, dfkd_divide (g, logits, dfkd_graph_dial (g, "cr_temperature")));
  DfkdValue target = dfkd_one_hot (g, dfkd_iota (g, counter, count), count + rest);

  return dfkd_sum (g, dfkd_multiply (g, log_p, target), -1.0f / (float) count);
}

DfkdValue
dfkd_contrast_loss (const DfkdContrast *c, const DfkdSynthesis *s, DfkdGraph *g, DfkdValue local, DfkdValue global)
{
  DfkdValue zero = dfkd_graph_counter (g, "zero"); /* never set */
  DfkdValue bank_local = dfkd_graph_variable (g, c->bank, LOCAL), bank_global = dfkd_graph_variable (g, c->bank, GLOBAL);
  DfkdValue p_local, p_global, q_local, q_global, of_batch, of_bank, some = DFKD_NONE, lowered = DFKD_NONE;

  if (local == DFKD_NONE || global == DFKD_NONE)
    return DFKD_NONE;
  if (!s->options.given_draws)
    {
      DfkdValue earlier = dfkd_graph_dial (g, "earlier");
      DfkdValue index = dfkd_random_distinct (g, dfkd_graph_counter (g, "draw"), dfkd_clamp (g, earlier, 1.0f, (float) c->remembered), c->negatives,
                                              PURPOSE_NEGATIVES);

      some = dfkd_clamp (g, earlier, 0.0f, 1.0f);
      lowered = dfkd_affine (g, some, OUT_OF_THE_WAY, -OUT_OF_THE_WAY);
      bank_local = dfkd_gather_rows (g, bank_local, index);
      bank_global = dfkd_gather_rows (g, bank_global, index);
    }
  p_local = project (c, g, local);
  q_local = project (c, g, bank_local);
  p_global = dfkd_detach (g, project (c, g, global));
  q_global = dfkd_detach (g, project (c, g, bank_global));
  of_batch = contrast (g, p_local, p_global, q_global, lowered, zero);
  of_bank = contrast (g, q_local, q_global, p_global, DFKD_NONE, zero);
  return dfkd_add (g, of_batch, some != DFKD_NONE ? dfkd_multiply (g, of_bank, some) : of_bank);
}

void
dfkd_contrast_remember (const DfkdContrast *c, DfkdGraph *g)
{
  DfkdValue counter = dfkd_graph_counter (g, "store");

  for (guint i = LOCAL; i <= GLOBAL; i++)
    dfkd_store_rows (g, dfkd_graph_variable (g, c->bank, i), dfkd_graph_variable (g, c->views, i), counter);
}
