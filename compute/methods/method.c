/* method.c: looking up methods and their settings. */
#include "method.h"

const DfkdMethod *
dfkd_method_find (const char *name)
{
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    if (g_str_equal (dfkd_method_table[i]->name, name))
      return dfkd_method_table[i];
  return NULL;
}

const DfkdMethodSetting *
dfkd_method_setting (const DfkdMethod *method, const char *parameter)
{
  for (const DfkdMethodSetting *s = method->settings; s->parameter != NULL; s++)
    if (g_str_equal (s->parameter, parameter))
      return s;
  return NULL;
}

gboolean
dfkd_method_uses (const DfkdMethod *method, const char *parameter)
{
  if (dfkd_method_setting (method, parameter) != NULL)
    return TRUE;
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    if (dfkd_method_setting (dfkd_method_table[i], parameter) != NULL)
      return FALSE;
  return TRUE;
}
