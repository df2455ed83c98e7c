/* workbench-classes.c: the built-in teacher knows the classes of Fashion-MNIST; model files do not name theirs. */
#include "workbench-classes.h"

#include <glib/gi18n.h>

static const char *const fashion[] = {
  N_ ("T-shirt"), N_ ("trouser"), N_ ("pullover"), N_ ("dress"), N_ ("coat"), N_ ("sandal"), N_ ("shirt"), N_ ("sneaker"), N_ ("bag"), N_ ("ankle boot"),
};

char *
workbench_class_name (const DfkdRecipe *recipe, int index)
{
  if (index < 0)
    return g_strdup (_("no class"));
  if (*recipe->text[DFKD_PARAMETER_TEACHER] == '\0' && index < (int) G_N_ELEMENTS (fashion))
    return g_strdup (_(fashion[index]));
  return g_strdup_printf (_("class %d"), index);
}
