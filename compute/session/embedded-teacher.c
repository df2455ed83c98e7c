/* embedded-teacher.c: the teacher as a resource of the program, or from a file. */
#include "embedded-teacher.h"

#include "errors.h"
#include "teacher-resources.h"

#include <glib/gi18n-lib.h>

static const char RESOURCE[] = "/org/dfkd/Workbench/teacher.safetensors";

static DfkdModel *
load (const char *path, const DfkdModelHints *hints, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (*path != '\0')
    return dfkd_model_load_hinted (path, hints, error);
  bytes = g_resource_lookup_data (dfkd_teacher_get_resource (), RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  return bytes != NULL ? dfkd_model_load_bytes (bytes, _("the built-in teacher"), hints, error) : NULL;
}

DfkdModel *
dfkd_teacher_load (const char *path, GError **error)
{
  return load (path, NULL, error);
}

DfkdModel *
dfkd_teacher_load_for_recipe (const DfkdRecipe *recipe, GError **error)
{
  const DfkdModelHints hints = { .mean = recipe->text[DFKD_PARAMETER_TEACHER_MEAN], .std = recipe->text[DFKD_PARAMETER_TEACHER_STD] };

  return load (recipe->text[DFKD_PARAMETER_TEACHER], &hints, error);
}
