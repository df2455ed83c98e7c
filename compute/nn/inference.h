/* inference.h: images through a network in evaluation mode, a batch at a time: its logits, and what its classifier reads. */
#pragma once

#include "model-file.h"

G_BEGIN_DECLS

typedef struct _DfkdInference DfkdInference;

/**
 * dfkd_inference_new:
 * @device: must outlive it
 * @model: a classifier, whose blocks get storage on @device and its weights; must outlive it
 * @batch: images that go through together
 *
 * Errors: those of the device.
 */
DfkdInference *dfkd_inference_new (DfkdDevice *device, DfkdModel *model, gsize batch, GError **error);
void dfkd_inference_free (DfkdInference *inference);
/** dfkd_inference_features: numbers that the classifier reads of an image */
gsize dfkd_inference_features (const DfkdInference *inference);

/**
 * dfkd_inference_run:
 * @images: [count, C, H, W] as the network expects them
 * @count: at least a batch
 * @logits: (out): [count, classes]
 * @features: (out): [count, features]
 * @stop: (nullable): a flag that another thread may raise (g_atomic_int_set())
 *
 * Errors: the device's; DFKD_ERROR_CANCELLED when @stop was raised.
 */
gboolean dfkd_inference_run (DfkdInference *inference, const float *images, gsize count, float *logits, float *features, const gint *stop,
                             GError **error);

/** dfkd_inference_normalise: [count, C, H, W] images in [0,1] become what the network expects: (x − mean) / std by channel. */
void dfkd_inference_normalise (const DfkdInference *inference, float *images, gsize count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdInference, dfkd_inference_free)

G_END_DECLS
