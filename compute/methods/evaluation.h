/* evaluation.h: the accuracy of a network on a data set, counted batch by batch on the device. */
#pragma once

#include "dataset.h"
#include "device.h"
#include "network.h"

G_BEGIN_DECLS

typedef struct _DfkdEvaluation DfkdEvaluation;

/**
 * dfkd_evaluation_new:
 * @data: borrowed; must outlive the evaluation
 * @mean, @std: (array): what the network expects, one a channel
 *
 * Puts the images onto the device once and builds one program. A batch has 250 images or fewer.
 */
DfkdEvaluation *dfkd_evaluation_new (DfkdDevice *device, const DfkdNetwork *network, DfkdBlock *parameters, DfkdBlock *state,
                                     const DfkdDataset *data, const float *mean, const float *std, GError **error);
void dfkd_evaluation_free (DfkdEvaluation *evaluation);

/** dfkd_evaluation_set_watch: @goes_on is asked between two batches; where it says no, the run fails with DFKD_ERROR_CANCELLED */
void dfkd_evaluation_set_watch (DfkdEvaluation *evaluation, gboolean (*goes_on) (gpointer data), gpointer data);
/** dfkd_evaluation_run: @accuracy: (out): percent of images whose arg-max is their label; as it was after an error */
gboolean dfkd_evaluation_run (DfkdEvaluation *evaluation, double *accuracy, GError **error);

/** dfkd_evaluation_is_done: whether there are predictions */
gboolean dfkd_evaluation_is_done (const DfkdEvaluation *evaluation);
/** dfkd_evaluation_predictions: (array): the arg-max of every image in the last run */
const gint32 *dfkd_evaluation_predictions (DfkdEvaluation *evaluation);
DfkdProgram *dfkd_evaluation_program (DfkdEvaluation *evaluation);
gsize dfkd_evaluation_batch (DfkdEvaluation *evaluation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdEvaluation, dfkd_evaluation_free)

G_END_DECLS
