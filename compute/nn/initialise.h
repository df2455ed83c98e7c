/* initialise.h: the weights of a fresh network, a pure function of a seed. It knows no device. */
#pragma once

#include "network.h"

G_BEGIN_DECLS

/**
 * dfkd_network_initialise:
 * @parameters: (out caller-allocates): network->parameters->bytes, in storage order; gaps become zero
 * @state: (out caller-allocates): network->state->bytes: running mean 0, running variance 1
 *
 * Draws as the authors' PyTorch code does: wide residual networks He normal by fan-out (He et al. 2015),
 * everything else U(±1/√fan_in), batch norm one and zero. Each variable has its own stream of Philox, by its name.
 */
void dfkd_network_initialise (const DfkdNetwork *network, guint64 seed, float *parameters, float *state);

/**
 * dfkd_network_draw:
 * @parameters: a block like the network's own
 * @fresh: another, with the values of a fresh network: what is not drawn is taken from it
 * @purpose: of the first draw; each variable takes one
 *
 * Appends to @graph the drawing of weights by the same rules as dfkd_network_initialise(), other draws at every step of @counter.
 */
void dfkd_network_draw (const DfkdNetwork *network, DfkdGraph *graph, DfkdBlock *parameters, DfkdBlock *fresh, DfkdValue counter,
                        guint32 purpose);

G_END_DECLS
