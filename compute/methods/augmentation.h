/* augmentation.h: what is done to images before a network sees them: random crop and flip, normalisation. */
#pragma once

#include "build.h"
#include "device.h"

G_BEGIN_DECLS

enum {
  DFKD_CROP_PADDING = 4,
};

/** DfkdDraws: one crop offset and flip per image. */
typedef struct {
  DfkdValue offset; /* I32 [N, 2], each in [0, 2·padding] */
  DfkdValue flip;   /* I32 [N], 0 or 1 */
} DfkdDraws;

/** dfkd_draw_crops: draws of @purpose and @purpose + 1 at the step of @counter. */
DfkdDraws dfkd_draw_crops (DfkdGraph *g, DfkdValue counter, gsize batch, guint32 purpose);

/** dfkd_crop_flip: zero-pads by 4, crops at the offset to the old size, mirrors where flip is 1. */
DfkdValue dfkd_crop_flip (DfkdGraph *g, DfkdValue images, const DfkdDraws *draws);

/** dfkd_normalisation_new: a block with mean [C] and 1/std [C] on @device. */
DfkdBlock *dfkd_normalisation_new (DfkdDevice *device, const float *mean, const float *std, gsize channels,
                                   GError **error);
/** dfkd_normalise: (x − mean)/std by channel. */
DfkdValue dfkd_normalise (DfkdGraph *g, DfkdValue x, DfkdBlock *normalisation);

G_END_DECLS
