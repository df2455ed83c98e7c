/* json-input.c: a bound for json-glib's recursion, and texts that can be shown and written again. */
#include "json-input.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  MOST_OPENED = 4096, /* however they nest; also those within texts, since only a parser knows where texts are */
};

/* the parser takes half a surrogate pair (\ud800) and hands out bytes that no UTF-8 has */
static gboolean
texts_are_utf8 (JsonNode *node)
{
  gboolean valid = TRUE;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (valid && json_object_iter_next (&iter, &name, &member))
        valid = g_utf8_validate (name, -1, NULL) && texts_are_utf8 (member);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; valid && i < json_array_get_length (array); i++)
        valid = texts_are_utf8 (json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    valid = g_utf8_validate (json_node_get_string (node), -1, NULL);
  return valid;
}

JsonNode *
dfkd_json_parse (const char *text, gssize length, GError **error)
{
  const gsize bytes = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) cause = NULL;
  guint opened = 0;

  for (gsize i = 0; i < bytes; i++)
    opened += text[i] == '[' || text[i] == '{';
  if (opened > MOST_OPENED)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("it holds more than %u lists and objects"), MOST_OPENED);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) bytes, &cause))
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_FORMAT, cause->message);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL)
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("it is empty"));
      return NULL;
    }
  if (!texts_are_utf8 (json_parser_get_root (parser)))
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("a text in it is no UTF-8: a \\u escape stands for half a character"));
      return NULL;
    }
  return json_parser_steal_root (parser);
}
