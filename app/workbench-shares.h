/* workbench-shares.h: what each image of a batch adds to the loss, by the terms and criteria of the method that made it. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

/** workbench_shares_new: what each image adds to a term, unweighted: together they are the term. Only of terms that are means over
 * images, and whose numbers a batch carries: L_oh, L_adv and L_act. @shares of an image are NaN where a number of it is not finite.
 * Returns: (transfer full) (nullable): [count] */
double *workbench_shares_new (const DfkdPictures *pictures, DfkdTerm term);

/** workbench_own_losses_new: each image's own part of the loss: the weighted sum of its shares; of a method without terms, its share in the
 * cross entropy that it has for a loss. Returns: (transfer full): [count]; NaN when unknown */
double *workbench_own_losses_new (const DfkdPictures *pictures);

G_END_DECLS
