/* dataset.h: labelled images in memory, as bytes, channels last. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DFKD_FASHION_MNIST_FOLDER "/usr/share/datasets/fashion-mnist"

typedef struct {
  guint8 *images; /* count × height × width × channels */
  gint32 *labels; /* count, each in [0, classes) */
  gsize count, channels, height, width, classes;
} DfkdDataset;

/**
 * dfkd_dataset_load_idx:
 * @folder: holds train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k, plain or .gz
 * @test: the 10,000 test images instead of the training images
 * @pad_to: pad every image with zeros around it to this many pixels square; 0 leaves them
 *
 * Errors name the file that is missing or wrong and, for the default folder, the package that holds it.
 */
DfkdDataset *dfkd_dataset_load_idx (const char *folder, gboolean test, gsize pad_to, GError **error);
void dfkd_dataset_free (DfkdDataset *dataset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdDataset, dfkd_dataset_free)

G_END_DECLS
