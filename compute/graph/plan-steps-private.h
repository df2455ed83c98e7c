/* plan-steps-private.h: how a plan is made of the steps that a graph needs: their order, and their places. */
#pragma once

#include "plan.h"

G_BEGIN_DECLS

/** DfkdPlanned: a step of which only variables and dials have a place yet, and results that go straight into variables. */
typedef struct {
  DfkdStep step;
  guint needs[DFKD_MAX_INPUTS]; /* 1 + which step computes the input; 0 where none does */
  gboolean is_effect;           /* others may see what it does to variables: stays where it is */
  gboolean is_stored;           /* its result goes straight into a variable */
  gboolean is_absorbed;         /* done by the kernel of the step before, and about to be taken out */
  gboolean is_done;             /* an assignment that its operand's step already did: runs no more */
} DfkdPlanned;

/**
 * dfkd_plan_fuse:
 * @steps: (element-type DfkdPlanned): in the order of the graph
 *
 * Where the one use of a step's result is a step that the device can do in the same kernel, the two become one, in the place
 * of the first: so all else that the second needs has to be there by then.
 */
void dfkd_plan_fuse (const DfkdPlanner *planner, GArray *steps);

/**
 * dfkd_plan_order:
 * @steps: (element-type DfkdPlanned): in the order of the graph; sets by_image of those in chains
 * @order: (element-type guint): gets the steps that run, as indices into @steps
 * @chains: (element-type DfkdChain): gets the chains, first and count in terms of @order
 *
 * Steps keep the order of the graph, but for two things. While a chain is open, a step that needs nothing of it moves
 * before it; one that cannot join but needs it, or whose result goes straight into a variable, moves behind it. Effects
 * close a chain, so nothing moves across them.
 */
void dfkd_plan_order (const DfkdPlanner *planner, GArray *steps, GArray *order, GArray *chains);

/**
 * dfkd_plan_recompute:
 *
 * Lets chains compute a batch norm again rather than read what an earlier chain left of it, where its own input lies in
 * memory anyway: the result then never leaves the cache. Appends to @steps, and puts them into @order and @chains.
 */
void dfkd_plan_recompute (GArray *steps, GArray *order, GArray *chains);

/** dfkd_plan_place: fills in the steps of @plan, whose chains stand; FALSE beyond the address space. */
gboolean dfkd_plan_place (DfkdPlan *plan, const DfkdPlanner *planner, GArray *steps, const GArray *order);

G_END_DECLS
