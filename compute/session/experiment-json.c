/* experiment-json.c: members of objects, checked, with messages that name the place. */
#include "experiment-private.h"

#include "errors.h"
#include "printable-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

gboolean
dfkd_experiment_wrong (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (DFKD_ERROR, DFKD_ERROR_FORMAT, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* A member of another name is a slip of the pen that would silently change what is run. */
gboolean
dfkd_experiment_check_members (JsonObject *object, const char *where, const char *const *allowed, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *at = names; at != NULL; at = at->next)
    if (!g_strv_contains (allowed, at->data))
      {
        g_autofree char *all = g_strjoinv (", ", (char **) allowed);

        return dfkd_experiment_wrong (error, _("%s: “%s” is not known here; expected %s"), where, (char *) at->data, all);
      }
  return TRUE;
}

gboolean
dfkd_experiment_read_text (JsonObject *object, const char *where, const char *name, char **text, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return dfkd_experiment_wrong (error, _("%s: “%s” must be text in quotes"), where, name);
  if (*json_node_get_string (node) == '\0')
    return TRUE;
  g_free (*text);
  *text = dfkd_printable_text (json_node_get_string (node));
  return TRUE;
}

gboolean
dfkd_experiment_as_whole (JsonNode *node, gint64 least, gint64 most, gint64 *value)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return *value >= least && *value <= most;
}

gboolean
dfkd_experiment_read_whole (JsonObject *object, const char *where, const char *name, gint64 least, gint64 most, gint64 *value,
                            GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  return node == NULL || dfkd_experiment_as_whole (node, least, most, value)
         || dfkd_experiment_wrong (error, _("%s: “%s” must be a whole number from %" PRId64 " to %" PRId64),
                                   where, name, least, most);
}

gboolean
dfkd_experiment_read_object (JsonObject *object, const char *where, const char *name, JsonObject **member, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  *member = NULL;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return dfkd_experiment_wrong (error, _("%s: “%s” must be an object {…}"), where, name);
  *member = json_node_get_object (node);
  return TRUE;
}
