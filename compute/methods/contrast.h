/* contrast.h: CMI's instance contrast (METHOD.md section 1, L_cr; Fang et al., IJCAI 2021): local against global views of the
 * same image among those of a batch and of a memory bank, through a trained head. */
#pragma once

#include "learner.h"

G_BEGIN_DECLS

typedef struct {
  gsize width; /* numbers of a view: the spatial means of all batch norms' inputs */
  gsize remembered, negatives;
  DfkdLearner head; /* linear → ReLU → linear, as PyTorch's Sequential names them */
  DfkdBlock *bank;                    /* F32 [remembered, width]: local, global */
  DfkdBlock *views;                   /* F32 [N, width]: local, global, of the best images */
} DfkdContrast;

/** dfkd_contrast_init: blocks, owned by @synthesis; head and bank are drawn unless its draws are given. Sizes are the settings
 * "bank", "negatives" and "head". */
gboolean dfkd_contrast_init (DfkdContrast *contrast, DfkdSynthesis *synthesis, GError **error);

/** dfkd_contrast_view: [N, width] of a pass through the teacher. @taps: of DfkdBatchNormTap */
DfkdValue dfkd_contrast_view (DfkdGraph *g, const GArray *taps);

/**
 * dfkd_contrast_loss: [1]: mean cross entropy over the batch + that over the negatives, with the dial "cr_temperature";
 * the global side is held.
 *
 * Unless draws are given, negatives are of the images before this batch, as many as the dial "earlier" says, of which the bank has the newest: none
 * twice, as in the authors' code, while there are as many; before there is one, the batch is contrasted with itself alone. */
DfkdValue dfkd_contrast_loss (const DfkdContrast *contrast, const DfkdSynthesis *synthesis, DfkdGraph *g, DfkdValue local, DfkdValue global);

/** dfkd_contrast_remember: the views of the best images into the bank, at the counter "store". */
void dfkd_contrast_remember (const DfkdContrast *contrast, DfkdGraph *g);

G_END_DECLS
