/* json-output.h: writing JSON: members that may be unknown, and a finished document as text. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void dfkd_json_number (JsonBuilder *builder, const char *name, double value); /* null when not finite */
void dfkd_json_integer (JsonBuilder *builder, const char *name, gint64 value);
void dfkd_json_text (JsonBuilder *builder, const char *name, const char *value);
/** dfkd_json_append: @text as a JSON string, in quotes, at the end of @out; what is not UTF-8 in it is replaced */
void dfkd_json_append (GString *out, const char *text);
/** dfkd_json_finish: the document as text, with a line feed at its end if @pretty. Returns: (transfer full) */
char *dfkd_json_finish (JsonBuilder *builder, gboolean pretty);
void dfkd_json_print (JsonBuilder *builder); /* to standard output, as UTF-8 in any locale; whether it arrived is for the caller to ask at the end */

G_END_DECLS
