/* csv.c: fields and quotes. Knows nothing of what a table is about. */
#include "csv.h"

#include <math.h>
#include <string.h>

static void
begin_field (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, ',');
}

void
dfkd_csv_append_text (GString *out, const char *text)
{
  begin_field (out);
  g_string_append_c (out, '"');
  for (const char *quote; (quote = strchr (text, '"')) != NULL; text = quote + 1)
    {
      g_string_append_len (out, text, quote - text);
      g_string_append (out, "\"\"");
    }
  g_string_append (out, text);
  g_string_append_c (out, '"');
}

void
dfkd_csv_append (GString *out, const char *text)
{
  if (strpbrk (text, ",\"\r\n") != NULL)
    {
      dfkd_csv_append_text (out, text);
      return;
    }
  begin_field (out);
  g_string_append (out, text);
}

void
dfkd_csv_append_number (GString *out, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  dfkd_csv_append (out, isfinite (value) ? g_ascii_formatd (number, sizeof number, "%.10g", value) : "");
}

/* Returns: (transfer full): the field that begins at *@at, which afterwards is at the comma or the end of the line behind it */
static char *
read_field (const char **at)
{
  GString *field = g_string_new (NULL);
  gboolean quoted = **at == '"';
  const char *p = quoted ? *at + 1 : *at;

  while (*p != '\0' && (quoted || (*p != ',' && *p != '\n' && *p != '\r')))
    {
      if (quoted && *p == '"' && p[1] == '"')
        p++;
      else if (quoted && *p == '"')
        {
          quoted = FALSE;
          p++;
          continue;
        }
      g_string_append_c (field, *p++);
    }
  *at = p;
  return g_string_free (field, FALSE);
}

GPtrArray *
dfkd_csv_read (const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  while (*text != '\0')
    {
      GPtrArray *fields;

      if (*text == '\n' || *text == '\r')
        {
          text++;
          continue;
        }
      fields = g_ptr_array_new ();
      g_ptr_array_add (fields, read_field (&text));
      while (*text == ',')
        {
          text++;
          g_ptr_array_add (fields, read_field (&text));
        }
      g_ptr_array_add (fields, NULL);
      g_ptr_array_add (lines, g_ptr_array_free (fields, FALSE));
    }
  return lines;
}
