/* csv.h: tables as text with commas, as RFC 4180 has them: written, and read again whoever may have written them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_csv_append: the next field of the last line of @out, in quotes where it has to be; the caller ends lines with a line feed, and
 * has something in the first field of each. */
void dfkd_csv_append (GString *out, const char *text);
/** dfkd_csv_append_text: likewise, always in quotes, so that it may be empty and yet the first of its line */
void dfkd_csv_append_text (GString *out, const char *text);
/** dfkd_csv_append_number: likewise, always with a point; nothing where @value is not finite */
void dfkd_csv_append_number (GString *out, double value);

/**
 * dfkd_csv_read:
 * @text: anything
 *
 * Whatever is no table gives lines of some fields; nothing is an error. Empty lines are left out.
 *
 * Returns: (transfer full) (element-type GStrv): the lines, each the array of its fields
 */
GPtrArray *dfkd_csv_read (const char *text);

G_END_DECLS
