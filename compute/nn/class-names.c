/* class-names.c: lists of names, and each for people. */
#include "class-names.h"

#include "json-input.h"
#include "json-output.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What CIFAR-10 calls its classes: gettext has to know them beforehand, as those that are named in compute/data. */
G_GNUC_UNUSED static const char *const cifar[] = {
  N_("airplane"), N_("automobile"), N_("bird"), N_("cat"), N_("deer"), N_("dog"), N_("frog"), N_("horse"), N_("ship"), N_("truck"),
};

enum {
  MOST_CLASSES = 10000,
};

char **
dfkd_class_names_parse (const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, ",", MOST_CLASSES + 1);
  const guint count = g_strv_length (names);

  for (guint i = 0; i < count; i++)
    if (*g_strstrip (names[i]) == '\0')
      return NULL;
  return count > 0 && count <= MOST_CLASSES ? g_steal_pointer (&names) : NULL;
}

/* names end up on terminals */
static gboolean
is_printable (const char *name)
{
  for (; *name != '\0'; name = g_utf8_next_char (name))
    if (g_unichar_iscntrl (g_utf8_get_char (name)))
      return FALSE;
  return TRUE;
}

char **
dfkd_class_names_from_json (const char *text)
{
  g_autoptr (JsonNode) root = dfkd_json_parse (text, -1, NULL);
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  const guint count = array != NULL ? json_array_get_length (array) : 0;
  g_auto (GStrv) names = g_new0 (char *, count + 1);

  if (count == 0 || count > MOST_CLASSES)
    return NULL;
  for (guint i = 0; i < count; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (name == NULL || *name == '\0' || !is_printable (name))
        return NULL;
      names[i] = g_strdup (name);
    }
  return g_steal_pointer (&names);
}

char *
dfkd_class_names_to_json (const char *const *names)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; names[i] != NULL; i++)
    json_builder_add_string_value (builder, names[i]);
  json_builder_end_array (builder);
  return dfkd_json_finish (builder, FALSE);
}

char *
dfkd_class_name (const char *const *names, int index)
{
  if (index < 0)
    return g_strdup (_("no class"));
  if (names != NULL && (guint) index < g_strv_length ((char **) names))
    return g_strdup (_(names[index]));
  return g_strdup_printf (_("class %d"), index);
}
