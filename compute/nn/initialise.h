/* initialise.h: the weights of a fresh network, a pure function of a seed. It knows no device. */
#pragma once

#include "network.h"

G_BEGIN_DECLS

/**
 * dfkd_network_initialise:
 * @parameters: (out caller-allocates): network->parameters->bytes, in storage order; gaps become zero
 * @state: (out caller-allocates): network->state->bytes: running mean 0, running variance 1
 *
 * Draws as the authors' PyTorch code does: convolutions of wide and of small residual networks, VGG and MobileNetV2 He normal
 * by fan-out (He et al. 2015), the last layer of the latter two N(0, 0.01²), everything else U(±1/√fan_in), batch norm one and
 * zero. Each variable has its own stream of Philox, by its name.
 */
void dfkd_network_initialise (const DfkdNetwork *network, guint64 seed, float *parameters, float *state);

/**
 * dfkd_network_draw:
 * @parameters: a block like the network's own
 * @purpose: of the first draw; each variable takes one
 *
 * Appends to @graph the drawing of weights by the same rules as dfkd_network_initialise(), other draws at every step of @counter.
 */
void dfkd_network_draw (const DfkdNetwork *network, DfkdGraph *graph, DfkdBlock *parameters, DfkdValue counter, guint32 purpose);

/** dfkd_weights_of_norm: @shape: [2,C]. Returns: ones in the row of weights, zeros in that of biases */
DfkdValue dfkd_weights_of_norm (DfkdGraph *graph, DfkdShape shape);

/** dfkd_network_renew: likewise in place, where @flag [1] is not 0. */
void dfkd_network_renew (const DfkdNetwork *network, DfkdGraph *graph, DfkdBlock *parameters, DfkdValue counter, guint32 purpose,
                         DfkdValue flag);

G_END_DECLS
