/* plan.h: a graph made ready to run: only what its effects need, in order, every tensor with its place.
 *
 * Temporaries share one slab of memory by liveness; elementwise results take the place of an operand that
 * dies; a value whose one use is to be assigned to a variable is computed right there. A device turns a plan
 * into a program (device.h).
 *
 * Elementwise work that is worth fusing is fused in the ops themselves: batch norm with its activation, the two
 * passes behind it (channel-mix), a convolution with bias and addend. What is left in chains works on logits and
 * single-channel images: 0.6 of the 236 ms of an inner step (stages losses and augmentation of dfkd bench). */
#pragma once

#include "graph.h"

G_BEGIN_DECLS

typedef enum {
  DFKD_PLACE_NONE,  /* an absent optional input, or no result */
  DFKD_PLACE_SLAB,  /* offset into the plan's slab */
  DFKD_PLACE_BLOCK, /* offset into block */
  DFKD_PLACE_DIAL,  /* offset into the parameter block: dial index · DFKD_ALIGNMENT */
  DFKD_PLACE_READ,  /* offset into the read-back area */
} DfkdPlaceKind;

typedef struct {
  DfkdPlaceKind kind;
  DfkdBlock *block;
  gsize offset, bytes; /* offset is a multiple of DFKD_ALIGNMENT */
} DfkdPlace;

/** DfkdStep: one op of a plan, with everything a kernel needs to know. */
typedef struct {
  DfkdOp op;
  guint n_inputs;
  DfkdPlace input[DFKD_MAX_INPUTS];
  DfkdShape input_shape[DFKD_MAX_INPUTS]; /* rank 0 where absent */
  DfkdPlace output;                       /* NONE for ops that write variables: those are the first inputs */
  DfkdShape shape;
  DfkdPlace workspace; /* in the slab; NONE when the device asked for none */
  DfkdAttributes attributes;
  guint region;
  DfkdValue value; /* the node in the graph, for messages */
} DfkdStep;

typedef struct {
  char *name;
  gsize offset; /* bytes into the read-back area */
  DfkdShape shape;
} DfkdReadSlot;

typedef struct {
  char *name;
  DfkdStep *steps;
  guint n_steps;
  gsize slab_bytes, dial_bytes, read_bytes;
  char **dials; /* names, NULL-terminated; dial i is at i · DFKD_ALIGNMENT */
  DfkdReadSlot *reads;
  guint n_reads;
  char **regions; /* names, NULL-terminated; region 0 is "" */
} DfkdPlan;

/** DfkdWorkspace: how many bytes of scratch a device's kernel wants for @step (places are not set yet). */
typedef gsize (*DfkdWorkspace) (const DfkdStep *step, gpointer data);

/**
 * dfkd_plan_new:
 * @workspace: (nullable): asked once for each step
 *
 * Returns: (transfer full): the plan, or NULL with DFKD_ERROR_SHAPE (the graph's first error) or
 *   DFKD_ERROR_MEMORY (sizes beyond the address space). It refers to the blocks of the graph, not to the
 *   graph.
 */
DfkdPlan *dfkd_plan_new (const DfkdGraph *graph, DfkdWorkspace workspace, gpointer data, GError **error);
void dfkd_plan_free (DfkdPlan *plan);

/** dfkd_plan_print: the plan as text, with places. */
char *dfkd_plan_print (const DfkdPlan *plan);

/** dfkd_step_cost: floating-point operations and bytes moved of a step, by its definition. */
void dfkd_step_cost (const DfkdStep *step, double *flop, double *bytes);
void dfkd_plan_cost (const DfkdPlan *plan, double *flop, double *bytes);

/** dfkd_step_writes: number of inputs of @step that it writes in place. */
guint dfkd_step_writes (const DfkdStep *step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPlan, dfkd_plan_free)

G_END_DECLS
