/* dataset.h: labelled images in memory, as bytes, channels first. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DFKD_FASHION_MNIST_FOLDER "/usr/share/datasets/fashion-mnist"

typedef struct {
  guint8 *images; /* count × channels × height × width */
  gint32 *labels; /* count, each in [0, classes) */
  gsize count, channels, height, width, classes;
  char **class_names; /* (nullable) (array zero-terminated=1): one a class, as the data set says it */
  gboolean classes_known; /* the source says how many classes there are; else they are counted by the largest label that occurs */
  char *source; /* (nullable): what dfkd_dataset_open() was given, for messages */
  gboolean undivided; /* the source has no test images apart: both parts are all of it */
} DfkdDataset;

/** DfkdDatasetOptions: all zero takes images as they are. */
typedef struct {
  gsize height, width; /* images of a folder are resized to this, bilinearly, those of IDX and npz files get a border of zeros up to it;
                        * 0: as they are, and those of a folder must all have one size */
  gboolean pad_digits; /* of IDX and npz files only images of MNIST's 28×28 pixels get a border: up to height and width, or 32×32 without them */
  gsize channels;      /* 3 keeps red, green and blue of a folder whose images are all grey; 0: they become one channel */
  gboolean coarse;     /* CIFAR-100: the 20 superclasses instead of the 100 classes */
} DfkdDatasetOptions;

/**
 * dfkd_dataset_open:
 * @source: what to read, recognised by what it holds:
 *   "" for Fashion-MNIST where Debian's package puts it; "shapes32" or "shapes32:SEED" (shapes32.h);
 *   a folder of IDX files; CIFAR-10 or CIFAR-100 in its binary version: the folder, the archive as downloaded, one of its files;
 *   the same in its version for Python; an .npz archive of numpy;
 *   a folder of PNG, JPEG or WebP images with one sub-folder a class, or with such folders in its sub-folders “train” and “test”,
 *   or what else these are called, in whatever case
 * @test: its test images instead of its training images
 * @options: (nullable)
 *
 * Errors: DFKD_ERROR_FILE, DFKD_ERROR_FORMAT, DFKD_ERROR_SHAPE and DFKD_ERROR_MEMORY, each naming the file, what was expected and
 * what to do; DFKD_ERROR_ARGUMENT for a wrong seed.
 */
DfkdDataset *dfkd_dataset_open (const char *source, gboolean test, const DfkdDatasetOptions *options, GError **error);

/**
 * dfkd_dataset_load_idx:
 * @folder: holds train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k, plain or .gz
 * @test: the 10,000 test images instead of the training images
 * @options: (nullable)
 *
 * Errors name the file that is missing or wrong and, for the default folder, the package that holds it.
 */
DfkdDataset *dfkd_dataset_load_idx (const char *folder, gboolean test, const DfkdDatasetOptions *options, GError **error);
void dfkd_dataset_free (DfkdDataset *dataset);

/** dfkd_dataset_is_cifar: whether @folder holds CIFAR-10 or CIFAR-100 as dfkd_dataset_open() would take it, by the files that are there;
 * @classes: (out): 10 or 100 */
gboolean dfkd_dataset_is_cifar (const char *folder, gsize *classes);

/** dfkd_dataset_moments: @mean, @std: (out) (array): of each channel's pixels in [0,1], rounded to four digits behind the point, as
 * such figures are passed on; a standard deviation is at least 0.0001 */
void dfkd_dataset_moments (const DfkdDataset *dataset, float *mean, float *std);

/** dfkd_fashion_mnist_names: (array zero-terminated=1) (transfer none): "T-shirt" … in the order of their labels */
const char *const *dfkd_fashion_mnist_names (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdDataset, dfkd_dataset_free)

G_END_DECLS
