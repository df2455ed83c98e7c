/* workbench-classes.c: names of classes, as data sets and embedded teachers say them, for people. */
#include "workbench-classes.h"

#include <glib/gi18n.h>

/* What CIFAR-10 calls its classes: gettext has to know them beforehand, as those that are named in compute/data. */
G_GNUC_UNUSED static const char *const cifar[] = {
  N_("airplane"), N_("automobile"), N_("bird"), N_("cat"), N_("deer"), N_("dog"), N_("frog"), N_("horse"), N_("ship"), N_("truck"),
};

char *
workbench_class_name (WorkbenchDocument *document, int index)
{
  const char *const *names = workbench_document_get_class_names (document);

  if (index < 0)
    return g_strdup (_("no class"));
  for (int i = 0; names != NULL && names[i] != NULL; i++)
    if (i == index)
      return g_strdup (_(names[i]));
  return g_strdup_printf (_("class %d"), index);
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
