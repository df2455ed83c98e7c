/* cifar.h: CIFAR-10 and CIFAR-100 (Krizhevsky 2009) as they are published, in files of records and in Python's pickles.
 *
 * It knows what is in the files, not where they are. Images have 3×32×32 bytes, channels first: red, green, blue. */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

typedef enum {
  DFKD_CIFAR_10_BINARY,  /* 1 byte of label, 3072 of pixels */
  DFKD_CIFAR_100_BINARY, /* 1 byte of superclass, 1 of class, 3072 of pixels */
  DFKD_CIFAR_10_PICKLE,  /* a dict: “data” N×3072, “labels” */
  DFKD_CIFAR_100_PICKLE, /* likewise, “fine_labels” and “coarse_labels” */
  DFKD_N_CIFAR,
} DfkdCifar;

/** DfkdCifarLayout: which files a version has, and how many classes. */
typedef struct {
  const char *folder;                        /* as its archive calls it */
  const char *const *training, *const *test; /* (array zero-terminated=1) */
  const char *names, *coarse_names;          /* files that name the classes */
  gsize classes, superclasses;               /* superclasses: 0 where there are none */
} DfkdCifarLayout;

const DfkdCifarLayout *dfkd_cifar_layout (DfkdCifar version);

/**
 * dfkd_cifar_read:
 * @files: (array length=count): one after the other
 * @names: (array length=count): for messages
 * @coarse: superclasses instead of classes, where there are any
 *
 * Errors: DFKD_ERROR_FORMAT for a file that holds no whole number of images, or a label that there is not, DFKD_ERROR_MEMORY.
 */
DfkdDataset *dfkd_cifar_read (DfkdCifar version, GBytes *const *files, const char *const *names, guint count, gboolean coarse,
                              GError **error);

/**
 * dfkd_cifar_read_names:
 * @file: what @names or @coarse_names of the layout holds
 * @classes: how many names are expected
 *
 * Returns: (transfer full): the names in the order of the labels. DFKD_ERROR_FORMAT.
 */
char **dfkd_cifar_read_names (DfkdCifar version, GBytes *file, const char *name, gboolean coarse, gsize classes, GError **error);

G_END_DECLS
