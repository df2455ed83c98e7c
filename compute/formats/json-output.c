/* json-output.c: helpers around JsonBuilder and JsonGenerator. */
#include "json-output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void
dfkd_json_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
dfkd_json_integer (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
dfkd_json_text (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL; /* paths need not be */

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

void
dfkd_json_append (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *p = valid; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (out, "\\%c", *p);
    else if ((guchar) *p < 0x20 || *p == 0x7f)
      g_string_append_printf (out, "\\u%04x", (guint) *p);
    else
      g_string_append_c (out, *p);
  g_string_append_c (out, '"');
}

/* the shortest number that is read as the same, still one with a point: json-glib writes 0.3 as 0.29999999999999999 */
static void
append_shorter (GString *out, const char *number)
{
  const double value = g_ascii_strtod (number, NULL);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (strchr (number, '.') == NULL) /* a whole one */
    {
      g_string_append (out, number);
      return;
    }
  for (guint digits = 15; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%ug", digits);
      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  g_string_append (out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

/* @json with all its numbers written so. Returns: (transfer full) */
static char *
shorten (const char *json)
{
  GString *out = g_string_new (NULL);

  while (*json != '\0')
    {
      const char *end = json + 1;

      if (g_ascii_isdigit (*json) || *json == '-')
        {
          g_autofree char *number = g_strndup (json, strspn (json, "+-.0123456789eE"));

          append_shorter (out, number);
          json += strlen (number);
          continue;
        }
      if (*json == '"')
        {
          while (*end != '"' && *end != '\0')
            end += *end == '\\' && end[1] != '\0' ? 2 : 1;
          end += *end == '"';
        }
      g_string_append_len (out, json, end - json);
      json = end;
    }
  return g_string_free (out, FALSE);
}

char *
dfkd_json_finish (JsonBuilder *builder, gboolean pretty)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL, *shortened = NULL;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, pretty);
  text = json_generator_to_data (generator, NULL);
  shortened = shorten (text);
  return pretty ? g_strconcat (shortened, "\n", NULL) : g_steal_pointer (&shortened);
}

void
dfkd_json_print (JsonBuilder *builder)
{
  g_autofree char *text = dfkd_json_finish (builder, TRUE);

  fputs (text, stdout); /* g_print() would write the characters of the locale */
}
