/* recognise.h: which network of the table has the tensors of a file, and of which sizes.
 *
 * Nothing is known of any network here: a network of the table is described with sizes that are guessed, then with one of them
 * changed, and the dimension that changes with it is read from the file. A network fits when its tensors and the file's are the
 * same in names and shapes; num_batches_tracked may be missing. Wide residual networks have endlessly many sizes: their depth and
 * width are read from the file where none of the table fits.
 *
 * What tensors cannot tell follows rules. Image size: 32×32 where the network can have it, else the first that fits of 28, 64,
 * 96, 128, 160, 224, 256, 299 and then of the multiples of 4 up to 512. Several networks that fit (they differ only in what has
 * no weights): the first in the table's order. */
#pragma once

#include "network.h"
#include "tensor-file.h"

G_BEGIN_DECLS

/**
 * dfkd_recognise_sizes:
 * @prefix: what every tensor's name begins with, beside the network's own
 * @network: a name of the table
 * @options: what is not 0 is known; the rest is filled as far as the tensors or the rules tell; where the network does not fit, what
 * they do not tell is guessed, so that it can be described
 *
 * Returns: whether the network fits with these sizes
 */
gboolean dfkd_recognise_sizes (const DfkdTensorFile *file, const char *prefix, const char *network, DfkdNetworkOptions *options);

/**
 * dfkd_recognise:
 * @options: likewise; filled for the first network that fits
 *
 * Returns: (transfer container) (array zero-terminated=1): the names of all that fit, classifiers first
 */
const char **dfkd_recognise (const DfkdTensorFile *file, const char *prefix, DfkdNetworkOptions *options);

/** dfkd_recognise_prefix: "module." and the like, when every name begins with it: what nn.DataParallel, torch.compile and modules
 * that hold the network under a name put before its own names. Returns: (transfer full) */
char *dfkd_recognise_prefix (const DfkdTensorFile *file);
/** dfkd_recognise_shared_prefix: @prefix and what stands up to the next dot in every name. Returns: (transfer full) (nullable): NULL
 * when the names go on with different words */
char *dfkd_recognise_shared_prefix (const DfkdTensorFile *file, const char *prefix);

G_END_DECLS
