/* workbench-normalisations.h: mean and standard deviation by channel that networks of well-known data sets are usually trained
 * with. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *name;       /* of the data set; untranslated, pass through _() */
  guint channels;         /* 0: any number */
  guint classes;          /* 0: any number */
  const char *mean, *std; /* as in a recipe: numbers with commas between them */
} WorkbenchNormalisation;

/** workbench_normalisations: the last one leaves images as they are. @count: (out) */
const WorkbenchNormalisation *workbench_normalisations (guint *count);

/** workbench_normalisation_guess: the index of the first for a network of these sizes */
guint workbench_normalisation_guess (gsize channels, gsize classes);

G_END_DECLS
