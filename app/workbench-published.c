/* workbench-published.c: the paper's table, row by row. */
#include "workbench-published.h"

#include <string.h>

const char WORKBENCH_PUBLISHED_SOURCE[] = "Fang et al., AAAI 2022";

static const WorkbenchPublished rows[] = {
  { "DeepInv-2k", "deepinv", 0, "resnet34", "resnet18", { 93.26, 61.32 }, 42.1 },
  { "DeepInv-2k", "deepinv", 0, "vgg11", "resnet18", { 90.36, 54.13 }, 20.2 },
  { "DeepInv-2k", "deepinv", 0, "wrn40_2", "wrn16_1", { 83.04, 53.77 }, 16.9 },
  { "DeepInv-2k", "deepinv", 0, "wrn40_2", "wrn40_1", { 86.85, 61.33 }, 21.9 },
  { "DeepInv-2k", "deepinv", 0, "wrn40_2", "wrn16_2", { 89.72, 61.34 }, 18.2 },
  { "CMI-500", "cmi", 0, "resnet34", "resnet18", { 94.84, 77.04 }, 19.0 },
  { "CMI-500", "cmi", 0, "vgg11", "resnet18", { 91.13, 70.56 }, 11.6 },
  { "CMI-500", "cmi", 0, "wrn40_2", "wrn16_1", { 90.01, 57.91 }, 13.3 },
  { "CMI-500", "cmi", 0, "wrn40_2", "wrn40_1", { 92.78, 68.88 }, 14.1 },
  { "CMI-500", "cmi", 0, "wrn40_2", "wrn16_2", { 92.52, 68.75 }, 13.6 },
  { "DAFL", "dafl", 0, "resnet34", "resnet18", { 92.22, 74.47 }, 2.73 },
  { "DAFL", "dafl", 0, "vgg11", "resnet18", { 81.10, 54.16 }, 0.73 },
  { "DAFL", "dafl", 0, "wrn40_2", "wrn16_1", { 65.71, 20.88 }, 1.73 },
  { "DAFL", "dafl", 0, "wrn40_2", "wrn40_1", { 81.33, 42.83 }, 1.53 },
  { "DAFL", "dafl", 0, "wrn40_2", "wrn16_2", { 81.55, 43.70 }, 1.60 },
  { "ZSKT", "zskt", 0, "resnet34", "resnet18", { 93.32, 67.74 }, 1.67 },
  { "ZSKT", "zskt", 0, "vgg11", "resnet18", { 89.46, 54.31 }, 0.33 },
  { "ZSKT", "zskt", 0, "wrn40_2", "wrn16_1", { 83.74, 36.66 }, 0.87 },
  { "ZSKT", "zskt", 0, "wrn40_2", "wrn40_1", { 86.07, 53.60 }, 0.87 },
  { "ZSKT", "zskt", 0, "wrn40_2", "wrn16_2", { 89.66, 54.59 }, 0.87 },
  { "DFQ", "dfq", 0, "resnet34", "resnet18", { 94.61, 77.01 }, 8.79 },
  { "DFQ", "dfq", 0, "vgg11", "resnet18", { 90.84, 66.21 }, 1.50 },
  { "DFQ", "dfq", 0, "wrn40_2", "wrn16_1", { 86.14, 51.27 }, 0.75 },
  { "DFQ", "dfq", 0, "wrn40_2", "wrn40_1", { 91.69, 54.43 }, 0.75 },
  { "DFQ", "dfq", 0, "wrn40_2", "wrn16_2", { 92.01, 64.79 }, 0.75 },
  { "Fast-2", "fast", 2, "resnet34", "resnet18", { 92.62, 69.76 }, 0.06 },
  { "Fast-2", "fast", 2, "vgg11", "resnet18", { 84.67, 62.83 }, 0.03 },
  { "Fast-2", "fast", 2, "wrn40_2", "wrn16_1", { 88.36, 41.77 }, 0.03 },
  { "Fast-2", "fast", 2, "wrn40_2", "wrn40_1", { 89.56, 53.15 }, 0.03 },
  { "Fast-2", "fast", 2, "wrn40_2", "wrn16_2", { 89.68, 57.08 }, 0.03 },
  { "Fast-5", "fast", 5, "resnet34", "resnet18", { 93.63, 72.82 }, 0.14 },
  { "Fast-5", "fast", 5, "vgg11", "resnet18", { 89.94, 65.28 }, 0.08 },
  { "Fast-5", "fast", 5, "wrn40_2", "wrn16_1", { 88.90, 52.90 }, 0.08 },
  { "Fast-5", "fast", 5, "wrn40_2", "wrn40_1", { 92.04, 61.80 }, 0.09 },
  { "Fast-5", "fast", 5, "wrn40_2", "wrn16_2", { 91.96, 63.83 }, 0.08 },
  { "Fast-10", "fast", 10, "resnet34", "resnet18", { 94.05, 74.34 }, 0.28 },
  { "Fast-10", "fast", 10, "vgg11", "resnet18", { 90.53, 67.44 }, 0.15 },
  { "Fast-10", "fast", 10, "wrn40_2", "wrn16_1", { 89.29, 54.02 }, 0.15 },
  { "Fast-10", "fast", 10, "wrn40_2", "wrn40_1", { 92.51, 63.91 }, 0.17 },
  { "Fast-10", "fast", 10, "wrn40_2", "wrn16_2", { 92.45, 65.12 }, 0.17 },
};

const WorkbenchPublished *
workbench_published_list (guint *count)
{
  *count = G_N_ELEMENTS (rows);
  return rows;
}

/* "CIFAR-10", "cifar10", "cifar_10_python": with the number of classes behind it, and no other number */
static gboolean
says_cifar (const char *text, gsize classes)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  for (const char *at = strstr (lower, "cifar"); at != NULL; at = strstr (at, "cifar"))
    {
      char *end;

      at += strlen ("cifar");
      if (g_ascii_strtoull (at + (*at == '-' || *at == '_' || *at == ' '), &end, 10) == classes)
        return TRUE;
    }
  return FALSE;
}

gboolean
workbench_published_find (const DfkdRecipe *recipe, const char *teacher, const DfkdNetworkOptions *options, WorkbenchPublishedFigures *figures)
{
  const char *data = recipe->text[DFKD_PARAMETER_DATA], *student = recipe->text[DFKD_PARAMETER_STUDENT];
  const char *method = dfkd_recipe_get_method (recipe)->name;
  gsize classes;

  *figures = (WorkbenchPublishedFigures){ 0 };
  if (options->channels != 3 || options->height != 32 || options->width != 32 || (options->classes != 10 && options->classes != 100)
      || g_str_has_prefix (data, "shapes32"))
    return FALSE;
  figures->cifar = options->classes == 10 ? WORKBENCH_CIFAR_10 : WORKBENCH_CIFAR_100;
  figures->is_said = says_cifar (data, options->classes) || says_cifar (recipe->text[DFKD_PARAMETER_TEACHER], options->classes)
                     || says_cifar (recipe->name, options->classes) || (*data != '\0' && dfkd_dataset_is_cifar (data, &classes) && classes == options->classes);
  for (guint i = 0; i < G_N_ELEMENTS (rows) && figures->count < WORKBENCH_MOST_PUBLISHED; i++)
    {
      if (!g_str_equal (rows[i].teacher, teacher) || !g_str_equal (rows[i].student, student))
        continue;
      if (g_str_equal (rows[i].recipe_method, method) && (rows[i].k == 0 || rows[i].k == (guint) recipe->number[DFKD_PARAMETER_K]))
        figures->own = &rows[i];
      figures->rows[figures->count++] = &rows[i];
    }
  return figures->count > 0;
}

static void
find_for_recipe (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const DfkdRecipe *recipe = data;
  g_autofree WorkbenchPublishedFigures *figures = g_new0 (WorkbenchPublishedFigures, 1);
  g_autoptr (DfkdModel) teacher = NULL;

  if (!dfkd_teacher_is_embedded (recipe->text[DFKD_PARAMETER_TEACHER])) /* they are in no paper */
    teacher = dfkd_teacher_load (recipe->text[DFKD_PARAMETER_TEACHER], NULL);
  if (teacher != NULL && workbench_published_find (recipe, teacher->network->name, &teacher->network->options, figures))
    g_task_return_pointer (task, g_steal_pointer (&figures), g_free);
  else
    g_task_return_pointer (task, NULL, NULL);
}

void
workbench_published_for_recipe_async (const DfkdRecipe *recipe, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, dfkd_recipe_copy (recipe), (GDestroyNotify) dfkd_recipe_free);
  g_task_run_in_thread (task, find_for_recipe);
}

WorkbenchPublishedFigures *
workbench_published_for_recipe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
