/* json-input.h: reading JSON that anybody may have written. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * dfkd_json_parse:
 * @length: in bytes; −1 when a zero ends @text
 *
 * The parser calls itself for each list and object inside another, so that a file of brackets alone would take the stack away:
 * text with more than a few thousand of them is refused. Errors: DFKD_ERROR_FORMAT, which says what is wrong but not with which
 * file. Returns: (transfer full)
 */
JsonNode *dfkd_json_parse (const char *text, gssize length, GError **error);

G_END_DECLS
