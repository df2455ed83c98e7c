/* plan-order-private.h: in which order the steps of a plan run, and which of them form chains (plan.h). */
#pragma once

#include "plan.h"

G_BEGIN_DECLS

/** DfkdPending: a step of which only variables and dials have a place yet. */
typedef struct {
  DfkdStep step;
  guint needs[DFKD_MAX_INPUTS]; /* 1 + which pending step computes the input; 0 where none does */
  gboolean is_effect;           /* others may see what it does to variables: stays where it is */
  gboolean is_stored;           /* its result goes straight into a variable */
  gboolean is_done;             /* an assignment that its operand's step already did: runs no more */
} DfkdPending;

/**
 * dfkd_plan_order:
 * @pending: (array length=n): in the order of the graph; sets by_image of those in chains
 * @order: (element-type guint): gets the steps that run, as indices into @pending
 * @chains: (element-type DfkdChain): gets the chains, first and count in terms of @order
 *
 * Steps keep the order of the graph, but for two things. While a chain is open, a step that needs nothing of it moves
 * before it; one that cannot join but needs it, or whose result goes straight into a variable, moves behind it. Effects
 * close a chain, so nothing moves across them.
 */
void dfkd_plan_order (const DfkdPlanner *planner, DfkdPending *pending, guint n, GArray *order, GArray *chains);

G_END_DECLS
