/* supervised.h: plain training with labels (METHOD.md section 3, rows Teacher and Student): SGD with momentum and
 * weight decay on the cross entropy, the rate rising linearly over a tenth of the steps and falling by a cosine. */
#pragma once

#include "dataset.h"
#include "device.h"
#include "model-file.h"

G_BEGIN_DECLS

typedef struct {
  gsize batch;
  guint epochs;
  double lr, momentum, weight_decay;
  guint64 seed;
  gboolean augment; /* padded crop and flip */
} DfkdSupervisedOptions;

typedef struct _DfkdSupervised DfkdSupervised;

/**
 * dfkd_supervised_new:
 * @model: whose network is trained from fresh weights; borrowed
 * @data: training set of at least one batch; borrowed until the call returns
 */
DfkdSupervised *dfkd_supervised_new (DfkdDevice *device, const DfkdModel *model, const DfkdDataset *data,
                                     const DfkdSupervisedOptions *options, GError **error);
void dfkd_supervised_free (DfkdSupervised *supervised);

/** dfkd_supervised_step: one step. @loss: (out). DFKD_ERROR_NUMBER when it is not finite. */
gboolean dfkd_supervised_step (DfkdSupervised *supervised, double *loss, GError **error);
guint64 dfkd_supervised_steps_done (const DfkdSupervised *supervised);
guint64 dfkd_supervised_steps (const DfkdSupervised *supervised);     /* in all */
guint64 dfkd_supervised_epoch_steps (const DfkdSupervised *supervised);

double dfkd_supervised_loss (const DfkdSupervised *supervised); /* the mean of the newest steps, older ones ever less; 0 before the first */

/**
 * dfkd_supervised_keep: all from which dfkd_supervised_resume() goes on bit for bit, as a file with a checksum
 * @about: text for who resumes it: what is trained on what
 */
gboolean dfkd_supervised_keep (DfkdSupervised *supervised, const char *about, const char *path, GError **error);
/** dfkd_supervised_read_about: DFKD_ERROR_FORMAT when the file is damaged or another. Returns: (transfer full) */
char *dfkd_supervised_read_about (const char *path, GError **error);
/**
 * dfkd_supervised_resume:
 * @supervised: made with the options, the data and the network of the one that was kept; whoever calls finds out by its @about.
 *   DFKD_ERROR_SHAPE when it is another network
 */
gboolean dfkd_supervised_resume (DfkdSupervised *supervised, const char *path, GError **error);

DfkdBlock *dfkd_supervised_parameters (DfkdSupervised *supervised);
DfkdBlock *dfkd_supervised_state (DfkdSupervised *supervised);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdSupervised, dfkd_supervised_free)

G_END_DECLS
