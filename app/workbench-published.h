/* workbench-published.h: what the paper reports for CIFAR-10 and CIFAR-100 (Fang et al., AAAI 2022, arXiv 2112.06253): the accuracy of
 * the student in percent, its best over all epochs on the test set, and hours of synthesis alone on the authors' GPU. */
#pragma once

#include "dfkd.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_CIFAR_10,
  WORKBENCH_CIFAR_100,
  WORKBENCH_N_CIFARS
} WorkbenchCifar;

/** WorkbenchPublished: one row of the table for one pair of networks. */
typedef struct {
  const char *method;                  /* "Fast-5" */
  guint k;                             /* of FastDFKD; 0: another method */
  const char *teacher, *student;       /* as networks are named here */
  double accuracy[WORKBENCH_N_CIFARS]; /* NaN: not reported */
  double hours;                        /* on CIFAR-10; NaN: not reported */
} WorkbenchPublished;

extern const char WORKBENCH_PUBLISHED_SOURCE[]; /* for people: whose figures they are */

/** workbench_published_list: all rows. @count: (out) */
const WorkbenchPublished *workbench_published_list (guint *count);

/**
 * workbench_published_find:
 * @classes: 10 and 100 of 3×32×32 images stand for the two data sets: a model file does not name its own
 *
 * What FastDFKD reached with this pair and @k, or NULL.
 */
const WorkbenchPublished *workbench_published_find (const char *teacher, const char *student, guint k, const DfkdNetworkOptions *options, WorkbenchCifar *cifar);

/** workbench_published_for_recipe_async: the same for a recipe, whose teacher's file is looked into in a thread. */
void workbench_published_for_recipe_async (const DfkdRecipe *recipe, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** workbench_published_for_recipe_finish: NULL: nothing was published for it, or it was cancelled (then @error is set) */
const WorkbenchPublished *workbench_published_for_recipe_finish (GAsyncResult *result, WorkbenchCifar *cifar, GError **error);

G_END_DECLS
