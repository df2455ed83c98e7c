/* json-output.h: small helpers around JsonBuilder: numbers that may be unknown, printing to standard output. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void dfkd_json_number (JsonBuilder *builder, const char *name, double value); /* null when not finite */
void dfkd_json_integer (JsonBuilder *builder, const char *name, gint64 value);
void dfkd_json_text (JsonBuilder *builder, const char *name, const char *value);
void dfkd_json_print (JsonBuilder *builder);

G_END_DECLS
