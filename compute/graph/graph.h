/* graph.h: a static step graph: nodes in the order they will run, each one op on earlier values.
 *
 * A graph describes; it owns no storage and knows no device. Sketch of a step:
 *
 *   DfkdGraph *g = dfkd_graph_new ("student step");
 *   DfkdValue x = dfkd_graph_variable (g, images, 0), w = dfkd_graph_variable (g, weights, 0);
 *   DfkdValue loss = dfkd_mean (g, dfkd_square (g, dfkd_matrix_product (g, x, w, DFKD_NONE, FALSE, FALSE)));
 *   dfkd_graph_gradients (g, loss, &w, 1, &dw);
 *   dfkd_sgd (g, w, moments, dw, rate, momentum, decay);
 *   dfkd_read (g, "loss", loss);
 *   g_autoptr (DfkdPlan) plan = dfkd_plan_new (g, &error);
 *
 * Errors stick: a shape that does not fit makes the builder return DFKD_NONE, every later builder that is
 * given DFKD_NONE for a required input does too, and dfkd_plan_new() reports the first one. */
#pragma once

#include "block.h"
#include "ops.h"

G_BEGIN_DECLS

/** DfkdValue: the result of a node; DFKD_NONE is no value. */
typedef guint DfkdValue;

enum {
  DFKD_NONE = 0,
  DFKD_MAX_INPUTS = 6,
};

typedef struct _DfkdGraph DfkdGraph;

typedef struct {
  DfkdOp op;
  guint n_inputs;
  DfkdValue input[DFKD_MAX_INPUTS]; /* DFKD_NONE where an optional input is absent */
  DfkdShape shape;                  /* of the result; rank 0 for ops that only write variables */
  DfkdAttributes attributes;
  guint region;
  DfkdBlock *block; /* VARIABLE: where it lives */
  gsize offset;     /* VARIABLE: bytes into the block. DIAL: index */
} DfkdNode;

DfkdGraph *dfkd_graph_new (const char *name);
void dfkd_graph_free (DfkdGraph *graph);
const char *dfkd_graph_get_name (const DfkdGraph *graph);

/** dfkd_graph_node: appends a node after checking its inputs by the op's shape rule. */
DfkdValue dfkd_graph_node (DfkdGraph *graph, DfkdOp op, guint n_inputs, const DfkdValue *inputs,
                           const DfkdAttributes *attributes);

/** dfkd_graph_variable: variable @index of @block, which must live as long as plans made of the graph. */
DfkdValue dfkd_graph_variable (DfkdGraph *graph, DfkdBlock *block, guint index);

/** dfkd_graph_block: the whole of a block of float32 variables as one vector, gaps included. */
DfkdValue dfkd_graph_block (DfkdGraph *graph, DfkdBlock *block);

/** dfkd_graph_dial: a float [1] that the host sets between runs, by name; asking again gives the same value. */
DfkdValue dfkd_graph_dial (DfkdGraph *graph, const char *name);

/** dfkd_graph_substitute: from here on dfkd_graph_dial() gives @value [1] for @name: what the graph computes, not the host. */
void dfkd_graph_substitute (DfkdGraph *graph, const char *name, DfkdValue value);

/** dfkd_graph_counter: int32 [4] set by the host: the low and high word of the seed, the step, an offset. */
DfkdValue dfkd_graph_counter (DfkdGraph *graph, const char *name);

/** dfkd_graph_begin_region: nodes from here on are timed under @name ("teacher", "backward", …). */
void dfkd_graph_begin_region (DfkdGraph *graph, const char *name);

/**
 * dfkd_graph_gradients:
 * @loss: a value of one element
 * @wrt: (array length=n): values to differentiate by
 * @gradients: (out caller-allocates) (array length=n): ∂loss/∂wrt, of the shape of each; zeros where
 *   @loss does not depend on it
 *
 * Appends the nodes of reverse-mode differentiation in the region "backward".
 */
void dfkd_graph_gradients (DfkdGraph *graph, DfkdValue loss, const DfkdValue *wrt, guint n, DfkdValue *gradients);

/**
 * dfkd_graph_products:
 * @values: (array length=n_values): what is differentiated
 * @seeds: (array length=n_values): of the shape of each
 * @wrt: (array length=n): values to differentiate by
 * @products: (out caller-allocates) (array length=n): Σ seedᵀ·∂value/∂wrt, of the shape of each; seeds count as constants
 *
 * dfkd_graph_gradients() is this with one value and the seed 1. With the gradients of a loss as values it multiplies
 * the seeds by the loss's Hessian: every op that gradients are made of can itself be differentiated, except that windows
 * of a max-pool may not overlap. Where an op has a kink (absolute value, ReLU, clamp, the choice of a maximum), the
 * second derivative is that of the piece at hand.
 */
void dfkd_graph_products (DfkdGraph *graph, const DfkdValue *values, const DfkdValue *seeds, guint n_values,
                          const DfkdValue *wrt, guint n, DfkdValue *products);

guint dfkd_graph_length (const DfkdGraph *graph); /* values are 1 … length */
const DfkdNode *dfkd_graph_get (const DfkdGraph *graph, DfkdValue value);
const DfkdShape *dfkd_graph_shape (const DfkdGraph *graph, DfkdValue value);
guint dfkd_graph_dial_count (const DfkdGraph *graph);
const char *dfkd_graph_dial_name (const DfkdGraph *graph, guint index);
guint dfkd_graph_region_count (const DfkdGraph *graph);
const char *dfkd_graph_region_name (const DfkdGraph *graph, guint region);
guint dfkd_graph_read_count (const DfkdGraph *graph);
const char *dfkd_graph_read_name (const DfkdGraph *graph, guint index);

/** dfkd_graph_fail: records the first error; for shape and gradient rules and for layers that check input. */
DfkdValue dfkd_graph_fail (DfkdGraph *graph, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** dfkd_graph_check: FALSE and a copy of the sticky error if something went wrong. */
gboolean dfkd_graph_check (const DfkdGraph *graph, GError **error);


/* for the op builders in ops.c and for READ */
guint dfkd_graph_add_read (DfkdGraph *graph, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdGraph, dfkd_graph_free)

G_END_DECLS
