/* pickle-text.c: numbers and strings as protocol 0 spells them, one a line. */
#include "pickle-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  MOST_DIGITS = 64, /* of a number in a line; the longest double has 17 and an exponent */
};

/* what stands after a backslash in Python 2's repr of str; returns how many characters were read, 0 for none that is known */
static gsize
read_escape (const char *at, gsize left, char *out)
{
  static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
  const char *known = left > 0 && *at != '\0' ? strchr (from, *at) : NULL;
  gint high, low;

  if (known != NULL)
    {
      *out = to[known - from];
      return 1;
    }
  if (left < 3 || *at != 'x')
    return 0;
  high = g_ascii_xdigit_value (at[1]);
  low = g_ascii_xdigit_value (at[2]);
  if (high < 0 || low < 0)
    return 0;
  *out = (char) (high * 16 + low);
  return 3;
}

/* 'a str of Python 2, with \x escapes' */
DfkdPickleValue *
dfkd_pickle_read_quoted (DfkdPickleReader *reader, const char *line, gsize length)
{
  g_autoptr (GString) out = NULL;
  guint8 *copy;

  if (length < 2 || (line[0] != '\'' && line[0] != '"') || line[length - 1] != line[0])
    {
      dfkd_pickle_damage (reader, _("a string in it has no quotes"));
      return NULL;
    }
  out = g_string_sized_new (length);
  for (gsize i = 1; i < length - 1; i++)
    {
      char c = line[i];

      if (c == '\\')
        {
          gsize used = read_escape (line + i + 1, length - 2 - i, &c);

          if (used == 0)
            {
              dfkd_pickle_damage (reader, _("a string in it holds a bad escape"));
              return NULL;
            }
          i += used;
        }
      g_string_append_c (out, c);
    }
  copy = dfkd_pickle_allocate (reader, out->len);
  if (copy == NULL)
    return NULL;
  memcpy (copy, out->str, out->len);
  return dfkd_pickle_make_text (reader, DFKD_PICKLE_BYTES, copy, out->len);
}

/* text in Latin-1 with \uXXXX and \UXXXXXXXX; any other backslash stands for itself */
DfkdPickleValue *
dfkd_pickle_read_escaped (DfkdPickleReader *reader, const char *line, gsize length)
{
  g_autoptr (GString) out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      const gsize digits = line[i] == '\\' && i + 1 < length ? (line[i + 1] == 'u' ? 4 : line[i + 1] == 'U' ? 8 : 0) : 0;
      gunichar c = 0;

      if (digits == 0)
        {
          g_string_append_unichar (out, (guchar) line[i]);
          continue;
        }
      for (gsize d = 0; d < digits; d++)
        {
          const gint digit = i + 2 + d < length ? g_ascii_xdigit_value (line[i + 2 + d]) : -1;

          if (digit < 0)
            {
              dfkd_pickle_damage (reader, _("a string in it holds a bad escape"));
              return NULL;
            }
          c = c * 16 + (gunichar) digit;
        }
      if (!g_unichar_validate (c))
        {
          dfkd_pickle_damage (reader, _("a string in it holds a bad escape"));
          return NULL;
        }
      g_string_append_unichar (out, c);
      i += digits + 1;
    }
  return dfkd_pickle_make_text (reader, DFKD_PICKLE_TEXT, (const guint8 *) out->str, out->len);
}

static gboolean
copy_number (DfkdPickleReader *reader, const char *line, gsize length, char *number)
{
  if (length == 0 || length > MOST_DIGITS || memchr (line, '\0', length) != NULL)
    return dfkd_pickle_damage (reader, _("a number in it has %zu digits, expected 1 to %u"), length, MOST_DIGITS);
  memcpy (number, line, length);
  number[length] = '\0';
  return TRUE;
}

/* "12", "12L"; "00" and "01" are truths */
DfkdPickleValue *
dfkd_pickle_read_decimal (DfkdPickleReader *reader, const char *line, gsize length)
{
  char number[MOST_DIGITS + 1];
  DfkdPickleValue *value;
  gint64 integer;

  if (length == 2 && line[0] == '0' && (line[1] == '0' || line[1] == '1'))
    return reader->truths[line[1] - '0'];
  if (!copy_number (reader, line, length, number))
    return NULL;
  if (length > 1 && number[length - 1] == 'L')
    number[length - 1] = '\0';
  if (!g_ascii_string_to_signed (number, 10, G_MININT64, G_MAXINT64, &integer, NULL))
    {
      dfkd_pickle_damage (reader, _("“%s” in it is no whole number of 64 bits"), number);
      return NULL;
    }
  value = dfkd_pickle_make (reader, DFKD_PICKLE_INTEGER);
  if (value != NULL)
    value->integer = integer;
  return value;
}

DfkdPickleValue *
dfkd_pickle_read_float (DfkdPickleReader *reader, const char *line, gsize length)
{
  char number[MOST_DIGITS + 1], *end;
  DfkdPickleValue *value;

  if (!copy_number (reader, line, length, number))
    return NULL;
  value = dfkd_pickle_make (reader, DFKD_PICKLE_FLOAT);
  if (value == NULL)
    return NULL;
  value->number = g_ascii_strtod (number, &end);
  if (end == number || *end != '\0')
    {
      dfkd_pickle_damage (reader, _("“%s” in it is no number"), number);
      return NULL;
    }
  return value;
}
