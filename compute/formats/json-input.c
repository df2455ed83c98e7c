/* json-input.c: a bound for json-glib's recursion. */
#include "json-input.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  MOST_OPENED = 4096, /* however they nest; also those within texts, since only a parser knows where texts are */
};

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
  return json_parser_steal_root (parser);
}
