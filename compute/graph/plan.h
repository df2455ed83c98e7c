/* plan.h: a graph made ready to run: only what its effects need, in order, every tensor with its place.
 *
 * Temporaries share one slab of memory by liveness; elementwise results take the place of an operand that
 * dies; a value whose one use is to be assigned to a variable is computed right there. A device turns a plan
 * into a program (device.h).
 *
 * On a device that asks for it, steps that treat every image by itself are gathered into *chains*: the device takes a
 * slice of the batch through all steps of a chain before the next slice, so that what one step writes is still in the
 * cache when the next one reads it; what nobody else reads then never leaves the cache and needs room for a slice only.
 *
 * Elementwise work that is worth fusing is fused in the ops themselves: batch norm with its activation, the two
 * passes behind it (channel-mix), a convolution with bias and addend. A device that asks for it gets steps whose kernel does
 * the next one too, where that is the one use of its result. What is left in chains works on logits and
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
  DFKD_PLACE_SLICE, /* offset into the memory for a slice, of which each worker has its own */
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
  DfkdPlace workspace; /* scratch: in the slab, or of a slice; NONE when the device asked for none */
  DfkdPlace shared;    /* scratch in the slab that all slices of a chain see; NONE when the device asked for none */
  DfkdAttributes attributes;
  DfkdOp fused; /* what the kernel does to its result besides; its own other inputs are behind all that op can have; 0: nothing */
  DfkdAttributes fused_attributes;
  guint region;
  guint by_image;  /* in a chain, as dfkd_step_by_image() tells; else 0 */
  DfkdValue value; /* the node in the graph, for messages */
} DfkdStep;

/** DfkdChain: steps that are done slice by slice. Sums over images among them are whole after the last step. */
typedef struct {
  guint first, count;  /* steps */
  gsize images, slice; /* of the batch; of a slice: the last may be smaller */
  gsize bytes;         /* of the memory for a slice */
} DfkdChain;

typedef struct {
  char *name;
  gsize offset; /* bytes into the read-back area */
  DfkdShape shape;
} DfkdReadSlot;

typedef struct {
  char *name;
  DfkdStep *steps;
  guint n_steps;
  DfkdChain *chains; /* by their first step */
  guint n_chains;
  gsize slab_bytes, dial_bytes, read_bytes;
  char **dials; /* names, NULL-terminated; dial i is at i · DFKD_ALIGNMENT */
  DfkdReadSlot *reads;
  guint n_reads;
  char **regions; /* names, NULL-terminated; region 0 is "" */
} DfkdPlan;

/** DfkdPlanner: what a plan depends on besides its graph. All but @data are optional. */
typedef struct {
  /* bytes of scratch that the kernel of @step wants (places are not set yet); @alone: for one thread */
  gsize (*workspace) (const DfkdStep *step, gboolean alone, gpointer data);
  /* bytes of scratch that stay while @step is done slice by slice of @chain, or at once where that is NULL */
  gsize (*shared) (const DfkdStep *step, const DfkdChain *chain, gpointer data);
  /* whether the kernel of @step can do a slice of its images well; NULL: there are no chains */
  gboolean (*slices) (const DfkdStep *step, gpointer data);
  /* whether the kernel of @step can do @next to its result before it is stored; NULL: none can */
  gboolean (*fuses) (const DfkdStep *step, const DfkdStep *next, gpointer data);
  /* bytes, a multiple of DFKD_ALIGNMENT, of the pieces that the slab is made of: no tensor lies across two; NULL: it is one */
  gsize (*piece) (gpointer data);
  gsize slice_bytes; /* that the operands of one step may take in a slice, as far as whole images allow */
  gsize least_bytes; /* that the steps of a chain read and write in all; with less there is none */
  gpointer data;
} DfkdPlanner;

/**
 * dfkd_plan_new:
 * @planner: (nullable): what the device wants, asked for each step
 *
 * Returns: (transfer full): the plan, or NULL with DFKD_ERROR_SHAPE (the graph's first error) or
 *   DFKD_ERROR_MEMORY (sizes beyond the address space, or a tensor larger than a piece). It refers to the blocks of the graph, not to the
 *   graph.
 */
DfkdPlan *dfkd_plan_new (const DfkdGraph *graph, const DfkdPlanner *planner, GError **error);
void dfkd_plan_free (DfkdPlan *plan);

/** dfkd_plan_print: the plan as text, with places. */
char *dfkd_plan_print (const DfkdPlan *plan);

/** dfkd_step_name: (transfer full): "convolution", or "convolution + bn-apply" where a kernel does both. */
char *dfkd_step_name (const DfkdStep *step);

/** dfkd_step_cost: floating-point operations and bytes moved of a step, by its definition. */
void dfkd_step_cost (const DfkdStep *step, double *flop, double *bytes);
void dfkd_plan_cost (const DfkdPlan *plan, double *flop, double *bytes);

/** dfkd_step_writes: number of inputs of @step that it writes in place. */
guint dfkd_step_writes (const DfkdStep *step);

enum {
  DFKD_BY_IMAGE_RESULT = 1 << DFKD_MAX_INPUTS,
};

/**
 * dfkd_step_by_image:
 * @images: (out): how many there are
 *
 * Returns: which operands of @step go image by image: bit i for input i, DFKD_BY_IMAGE_RESULT for the result; image n of the
 *   result then depends on image n of these inputs and on the whole of the others. Without that bit the result is a sum
 *   over images. 0 if the step has to see the batch as a whole.
 */
guint dfkd_step_by_image (const DfkdStep *step, gsize *images);

/** dfkd_chain_slices: how many slices there are. */
gsize dfkd_chain_slices (const DfkdChain *chain);

/** dfkd_step_slice: @images in the shapes of what goes by image (by step->by_image). */
void dfkd_step_slice (DfkdStep *step, gsize images);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPlan, dfkd_plan_free)

G_END_DECLS
