/* data-fit.h: whether images with labels are of the kind that a classifier takes, and handing them to a device. */
#pragma once

#include "dataset.h"
#include "network.h"

G_BEGIN_DECLS

/**
 * dfkd_data_fit:
 * @model: the network's file or what else it is called, for messages
 * @advice: what to do when they do not fit, the end of the message, translated
 *
 * The images must have the network's size and the data its number of classes; where that number is only read off the labels that
 * occur, there may be fewer. A generator fits no data. Errors: DFKD_ERROR_SHAPE, which names data and model with their sizes, and
 * DFKD_ERROR_ARGUMENT for a generator.
 */
gboolean dfkd_data_fit (const DfkdDataset *data, const DfkdNetwork *network, const char *model, const char *advice, GError **error);

/**
 * dfkd_data_fit_each_other:
 *
 * Likewise whether a network that learns of @training can be measured with @test; and where both name their classes, that the names
 * are the same.
 */
gboolean dfkd_data_fit_each_other (const DfkdDataset *training, const DfkdDataset *test, GError **error);

/**
 * dfkd_data_arrange:
 * @names: (array zero-terminated=1) (nullable): the classes of a network, in its order
 *
 * Renumbers the classes of @data into the order of @names, where both are the same names but for capitals, spaces and signs: those of a
 * folder of images come in the order of the alphabet, whatever the network's is. Data that names no classes, or others, stays as it is.
 */
void dfkd_data_arrange (DfkdDataset *data, const char *const *names);

/**
 * dfkd_data_to_storage:
 *
 * Returns: (transfer full) (nullable): the images of @data, which are channels first, in the order of storage, channels last, for
 *   dfkd_device_write() and dfkd_pool_append(); NULL and DFKD_ERROR_MEMORY when there is too little memory
 */
guint8 *dfkd_data_to_storage (const DfkdDataset *data, GError **error);

G_END_DECLS
