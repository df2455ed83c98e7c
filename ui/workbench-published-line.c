/* workbench-published-line.c: a search that the line outlives, or cancels. */
#include "workbench-published-line.h"

#include <glib/gi18n.h>
#include <math.h>

static void
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
}

static void
on_found (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (WorkbenchReferenceLayer) line = data;
  g_autofree char *text = NULL;
  WorkbenchCifar cifar;
  const WorkbenchPublished *row = workbench_published_for_recipe_finish (result, &cifar, NULL);

  if (row == NULL)
    return;
  text = g_strdup_printf (_("%s on %s, best on test: %.2f %% (%s)"), row->method, cifar == WORKBENCH_CIFAR_10 ? "CIFAR-10" : "CIFAR-100", row->accuracy[cifar],
                          WORKBENCH_PUBLISHED_SOURCE);
  workbench_reference_layer_set_text (line, text);
  workbench_reference_layer_set_value (line, row->accuracy[cifar]);
}

WorkbenchReferenceLayer *
workbench_published_line_new (void)
{
  return workbench_reference_layer_new ((double) NAN, "");
}

void
workbench_published_line_look (WorkbenchReferenceLayer *line, const DfkdRecipe *recipe)
{
  GCancellable *cancellable = recipe != NULL ? g_cancellable_new () : NULL;

  g_object_set_data_full (G_OBJECT (line), "search", cancellable, cancellable != NULL ? cancel : NULL); /* the one before is cancelled */
  workbench_reference_layer_set_value (line, (double) NAN);
  if (recipe != NULL)
    workbench_published_for_recipe_async (recipe, cancellable, on_found, g_object_ref (line));
}
