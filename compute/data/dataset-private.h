/* dataset-private.h: making data sets; for the readers of this folder only. */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

/**
 * dfkd_dataset_new:
 * @name: of the file or folder, for messages
 *
 * Room for @count images and labels, all zero. DFKD_ERROR_MEMORY when they exceed the address space or memory.
 */
DfkdDataset *dfkd_dataset_new (gsize count, gsize channels, gsize height, gsize width, const char *name, GError **error);

/**
 * dfkd_dataset_pad:
 * @small: (transfer full)
 * @options: (nullable)
 *
 * Images in the middle of a border of zeros, where @options want one. DFKD_ERROR_SHAPE when they are larger.
 */
DfkdDataset *dfkd_dataset_pad (DfkdDataset *small, const DfkdDatasetOptions *options, const char *name, GError **error);

/** DFKD_DATASET_MOST_CLASSES: of a source that does not say how many it has */
#define DFKD_DATASET_MOST_CLASSES 10000

/** dfkd_dataset_load_cifar_folder: @found: (out): FALSE, and no error, when @folder holds no version of CIFAR, nor a folder that
 * does */
DfkdDataset *dfkd_dataset_load_cifar_folder (const char *folder, gboolean test, gboolean coarse, gboolean *found, GError **error);
/** dfkd_dataset_load_cifar_archive: @bytes: a tar archive; @path: its name, for messages */
DfkdDataset *dfkd_dataset_load_cifar_archive (GBytes *bytes, const char *path, gboolean test, gboolean coarse, GError **error);
/** dfkd_dataset_is_cifar_file: whether @bytes have the size of images of a binary version */
gboolean dfkd_dataset_is_cifar_file (GBytes *bytes);
DfkdDataset *dfkd_dataset_load_cifar_file (GBytes *bytes, const char *path, gboolean coarse, GError **error);

/** dfkd_dataset_load_npz: numpy's arrays x_train, y_train, x_test, y_test, or images and labels, or x and y, and kin, in capitals or
 * not: N×H×W, N×H×W×C or N×C×H×W; labels are whole numbers, also as floats */
DfkdDataset *dfkd_dataset_load_npz (GBytes *bytes, const char *path, gboolean test, const DfkdDatasetOptions *options, GError **error);

/** dfkd_dataset_load_folder: images in one sub-folder a class; @found: (out): FALSE, and no error, when @folder has no sub-folder
 */
DfkdDataset *dfkd_dataset_load_folder (const char *folder, gboolean test, const DfkdDatasetOptions *options, gboolean *found,
                                       GError **error);

G_END_DECLS
