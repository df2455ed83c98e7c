/* op-gradients-private.h: what gradient rules are written with. */
#pragma once

#include "build.h"
#include "op-rules-private.h"

G_BEGIN_DECLS

#define RULE(name)                                                                                                   \
  void name (DfkdGraph *g, const DfkdNode *node, DfkdValue value, DfkdValue dy, const gboolean *wanted, DfkdValue *dx)

#define NODE(op, attributes, ...)                                                                                    \
  dfkd_graph_node (g, DFKD_OP_##op, G_N_ELEMENTS (((DfkdValue[]){ __VA_ARGS__ })), (DfkdValue[]){ __VA_ARGS__ },     \
                   attributes)

static inline DfkdShape
shape_of (DfkdGraph *g, DfkdValue value)
{
  return *dfkd_graph_shape (g, value);
}

/* of the ops that only gradients are made of */
RULE (dfkd_rule_sigmoid_gradient);
RULE (dfkd_rule_tanh_gradient);
RULE (dfkd_rule_bn_sums);
RULE (dfkd_rule_bn_statistics_gradient);
RULE (dfkd_rule_channel_coefficients);
RULE (dfkd_rule_channel_mix);
RULE (dfkd_rule_statistics_distance_gradient);
RULE (dfkd_rule_max_pool_gradient);

G_END_DECLS
