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
  const char *method;                  /* as the paper calls it, "Fast-5" */
  const char *recipe_method;           /* as a recipe does, "fast" */
  guint k;                             /* of FastDFKD; 0: another method */
  const char *teacher, *student;       /* as networks are named here */
  double accuracy[WORKBENCH_N_CIFARS]; /* NaN: not reported */
  double hours;                        /* on CIFAR-10; NaN: not reported */
} WorkbenchPublished;

extern const char WORKBENCH_PUBLISHED_SOURCE[]; /* for people: whose figures they are */

/** workbench_published_list: all rows. @count: (out) */
const WorkbenchPublished *workbench_published_list (guint *count);

enum {
  WORKBENCH_MOST_PUBLISHED = 8, /* methods with one pair of networks */
};

/** WorkbenchPublishedFigures: what the paper reports for a recipe's pair of networks. */
typedef struct {
  WorkbenchCifar cifar;
  gboolean is_said;              /* the recipe or its data say that they are of that data set; else only the images' size and classes fit */
  const WorkbenchPublished *own; /* of the recipe's method, and its k where the paper varies k; (nullable) */
  const WorkbenchPublished *rows[WORKBENCH_MOST_PUBLISHED];
  guint count;
} WorkbenchPublishedFigures;

/**
 * workbench_published_find:
 * @teacher: the network of the recipe's teacher
 * @options: its images: 10 and 100 classes of 3×32×32 may be the two data sets, unless test data are known to be others
 *
 * Returns: whether anything was published for the pair; fills in @figures
 */
gboolean workbench_published_find (const DfkdRecipe *recipe, const char *teacher, const DfkdNetworkOptions *options, WorkbenchPublishedFigures *figures);

/** workbench_published_for_recipe_async: the same, and looks into the teacher's file in a thread. */
void workbench_published_for_recipe_async (const DfkdRecipe *recipe, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** workbench_published_for_recipe_finish: Returns: (transfer full): g_free(); NULL: nothing was published for it, or it was cancelled
 * (then @error is set) */
WorkbenchPublishedFigures *workbench_published_for_recipe_finish (GAsyncResult *result, GError **error);

G_END_DECLS
