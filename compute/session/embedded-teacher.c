/* embedded-teacher.c: the teacher as a resource of the program. */
#include "embedded-teacher.h"

#include "errors.h"
#include "teacher-resources.h"

#include <glib/gi18n-lib.h>

static const char RESOURCE[] = "/org/dfkd/Workbench/teacher.safetensors";

DfkdModel *
dfkd_teacher_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (*path != '\0')
    return dfkd_model_load (path, NULL, error);
  bytes = g_resource_lookup_data (dfkd_teacher_get_resource (), RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  return bytes != NULL ? dfkd_model_load_bytes (bytes, _("the built-in teacher"), NULL, error) : NULL;
}
