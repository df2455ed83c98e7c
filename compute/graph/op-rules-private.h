/* op-rules-private.h: the two rules of every op that the graph calls: its shape and its gradient. */
#pragma once

#include "graph.h"

G_BEGIN_DECLS

/** dfkd_op_infer_shape: sets node->shape from its inputs; FALSE after dfkd_graph_fail(). */
gboolean dfkd_op_infer_shape (DfkdGraph *graph, DfkdNode *node);

/**
 * DfkdGradientRule:
 * @node: a copy of the node (the graph's own array may move)
 * @value: its value, for rules that use the result
 * @dy: ∂loss/∂value
 * @wanted: which inputs need a gradient
 * @dx: (out): for each wanted input ∂loss/∂input, or DFKD_NONE for zero
 */
typedef void (*DfkdGradientRule) (DfkdGraph *graph, const DfkdNode *node, DfkdValue value, DfkdValue dy,
                                  const gboolean *wanted, DfkdValue *dx);

/** dfkd_op_gradient: NULL when the op is constant almost everywhere or has no rule, see the table. */
DfkdGradientRule dfkd_op_gradient (DfkdOp op);
/** dfkd_op_is_constant: TRUE when a missing rule means a zero gradient rather than an unsupported one. */
gboolean dfkd_op_is_constant (DfkdOp op);

/** dfkd_broadcast_of: how b lies on a: 's'ame, 1 'scalar', 'c'hannel, 'r'ow; 0 when it does not fit. */
char dfkd_broadcast_of (const DfkdShape *a, const DfkdShape *b);

/** dfkd_convolution_output: floor ((in + 2·padding − dilation·(kernel−1) − 1) / stride) + 1, 0 if none. */
gsize dfkd_window_output (gsize in, gsize kernel, guint stride, guint padding, guint dilation);

G_END_DECLS
