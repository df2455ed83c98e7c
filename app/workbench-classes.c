/* workbench-classes.c: names of classes, as data sets and embedded teachers say them, for people. */
#include "workbench-classes.h"

#include <glib/gi18n.h>

char *
workbench_class_name (WorkbenchDocument *document, int index)
{
  return dfkd_class_name (workbench_document_get_class_names (document), index);
}

char *
workbench_image_name (WorkbenchDocument *document, WorkbenchImage image, int label)
{
  const guint number = workbench_image_index (image) + 1;
  g_autofree char *name = workbench_class_name (document, label);

  if (workbench_image_is_test (image))
    return g_strdup_printf (_("test image %u: %s"), number, name);
  return g_strdup_printf (_("synthesis %u, image %u, drawn for: %s"), workbench_image_synthesis (image), number, name);
}
