/* workbench-published.c: the paper's table, row by row. */
#include "workbench-published.h"

const char WORKBENCH_PUBLISHED_SOURCE[] = "Fang et al., AAAI 2022";

static const WorkbenchPublished rows[] = {
  { "DeepInv-2k", 0, "resnet34", "resnet18", { 93.26, 61.32 }, 42.1 },
  { "DeepInv-2k", 0, "vgg11", "resnet18", { 90.36, 54.13 }, 20.2 },
  { "DeepInv-2k", 0, "wrn40_2", "wrn16_1", { 83.04, 53.77 }, 16.9 },
  { "DeepInv-2k", 0, "wrn40_2", "wrn40_1", { 86.85, 61.33 }, 21.9 },
  { "DeepInv-2k", 0, "wrn40_2", "wrn16_2", { 89.72, 61.34 }, 18.2 },
  { "CMI-500", 0, "resnet34", "resnet18", { 94.84, 77.04 }, 19.0 },
  { "CMI-500", 0, "vgg11", "resnet18", { 91.13, 70.56 }, 11.6 },
  { "CMI-500", 0, "wrn40_2", "wrn16_1", { 90.01, 57.91 }, 13.3 },
  { "CMI-500", 0, "wrn40_2", "wrn40_1", { 92.78, 68.88 }, 14.1 },
  { "CMI-500", 0, "wrn40_2", "wrn16_2", { 92.52, 68.75 }, 13.6 },
  { "DAFL", 0, "resnet34", "resnet18", { 92.22, 74.47 }, 2.73 },
  { "DAFL", 0, "vgg11", "resnet18", { 81.10, 54.16 }, 0.73 },
  { "DAFL", 0, "wrn40_2", "wrn16_1", { 65.71, 20.88 }, 1.73 },
  { "DAFL", 0, "wrn40_2", "wrn40_1", { 81.33, 42.83 }, 1.53 },
  { "DAFL", 0, "wrn40_2", "wrn16_2", { 81.55, 43.70 }, 1.60 },
  { "ZSKT", 0, "resnet34", "resnet18", { 93.32, 67.74 }, 1.67 },
  { "ZSKT", 0, "vgg11", "resnet18", { 89.46, 54.31 }, 0.33 },
  { "ZSKT", 0, "wrn40_2", "wrn16_1", { 83.74, 36.66 }, 0.87 },
  { "ZSKT", 0, "wrn40_2", "wrn40_1", { 86.07, 53.60 }, 0.87 },
  { "ZSKT", 0, "wrn40_2", "wrn16_2", { 89.66, 54.59 }, 0.87 },
  { "DFQ", 0, "resnet34", "resnet18", { 94.61, 77.01 }, 8.79 },
  { "DFQ", 0, "vgg11", "resnet18", { 90.84, 66.21 }, 1.50 },
  { "DFQ", 0, "wrn40_2", "wrn16_1", { 86.14, 51.27 }, 0.75 },
  { "DFQ", 0, "wrn40_2", "wrn40_1", { 91.69, 54.43 }, 0.75 },
  { "DFQ", 0, "wrn40_2", "wrn16_2", { 92.01, 64.79 }, 0.75 },
  { "Fast-2", 2, "resnet34", "resnet18", { 92.62, 69.76 }, 0.06 },
  { "Fast-2", 2, "vgg11", "resnet18", { 84.67, 62.83 }, 0.03 },
  { "Fast-2", 2, "wrn40_2", "wrn16_1", { 88.36, 41.77 }, 0.03 },
  { "Fast-2", 2, "wrn40_2", "wrn40_1", { 89.56, 53.15 }, 0.03 },
  { "Fast-2", 2, "wrn40_2", "wrn16_2", { 89.68, 57.08 }, 0.03 },
  { "Fast-5", 5, "resnet34", "resnet18", { 93.63, 72.82 }, 0.14 },
  { "Fast-5", 5, "vgg11", "resnet18", { 89.94, 65.28 }, 0.08 },
  { "Fast-5", 5, "wrn40_2", "wrn16_1", { 88.90, 52.90 }, 0.08 },
  { "Fast-5", 5, "wrn40_2", "wrn40_1", { 92.04, 61.80 }, 0.09 },
  { "Fast-5", 5, "wrn40_2", "wrn16_2", { 91.96, 63.83 }, 0.08 },
  { "Fast-10", 10, "resnet34", "resnet18", { 94.05, 74.34 }, 0.28 },
  { "Fast-10", 10, "vgg11", "resnet18", { 90.53, 67.44 }, 0.15 },
  { "Fast-10", 10, "wrn40_2", "wrn16_1", { 89.29, 54.02 }, 0.15 },
  { "Fast-10", 10, "wrn40_2", "wrn40_1", { 92.51, 63.91 }, 0.17 },
  { "Fast-10", 10, "wrn40_2", "wrn16_2", { 92.45, 65.12 }, 0.17 },
};

const WorkbenchPublished *
workbench_published_list (guint *count)
{
  *count = G_N_ELEMENTS (rows);
  return rows;
}

const WorkbenchPublished *
workbench_published_find (const char *teacher, const char *student, guint k, const DfkdNetworkOptions *options, WorkbenchCifar *cifar)
{
  if (options->channels != 3 || options->height != 32 || options->width != 32 || (options->classes != 10 && options->classes != 100))
    return NULL;
  *cifar = options->classes == 10 ? WORKBENCH_CIFAR_10 : WORKBENCH_CIFAR_100;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].k == k && k > 0 && g_strcmp0 (rows[i].teacher, teacher) == 0 && g_strcmp0 (rows[i].student, student) == 0)
      return &rows[i];
  return NULL;
}

typedef struct {
  DfkdRecipe *recipe;
  WorkbenchCifar cifar;
} Search;

static void
free_search (gpointer data)
{
  Search *search = data;

  dfkd_recipe_free (search->recipe);
  g_free (search);
}

static void
find_for_recipe (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Search *search = data;
  const DfkdRecipe *recipe = search->recipe;
  g_autoptr (DfkdModel) teacher = NULL;
  const WorkbenchPublished *found = NULL;

  if (!dfkd_teacher_is_embedded (recipe->text[DFKD_PARAMETER_TEACHER])) /* they are in no paper */
    teacher = dfkd_teacher_load (recipe->text[DFKD_PARAMETER_TEACHER], NULL);
  if (teacher != NULL)
    found = workbench_published_find (teacher->network->name, recipe->text[DFKD_PARAMETER_STUDENT], (guint) recipe->number[DFKD_PARAMETER_K],
                                      &teacher->network->options, &search->cifar);
  g_task_return_pointer (task, (gpointer) found, NULL);
}

void
workbench_published_for_recipe_async (const DfkdRecipe *recipe, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Search *search = g_new0 (Search, 1);

  search->recipe = dfkd_recipe_copy (recipe);
  g_task_set_task_data (task, search, free_search);
  g_task_run_in_thread (task, find_for_recipe);
}

const WorkbenchPublished *
workbench_published_for_recipe_finish (GAsyncResult *result, WorkbenchCifar *cifar, GError **error)
{
  *cifar = ((Search *) g_task_get_task_data (G_TASK (result)))->cifar;
  return g_task_propagate_pointer (G_TASK (result), error);
}
