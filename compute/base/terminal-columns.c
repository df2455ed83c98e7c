/* terminal-columns.c: by what Unicode says of a character. */
#include "terminal-columns.h"

static guint
columns_of (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

guint
dfkd_terminal_columns (const char *text)
{
  guint columns = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    columns += columns_of (g_utf8_get_char (text));
  return columns;
}

void
dfkd_terminal_cut (GString *text, guint columns)
{
  guint taken = 0;

  for (const char *at = text->str; *at != '\0'; at = g_utf8_next_char (at))
    {
      taken += columns_of (g_utf8_get_char (at));
      if (taken > columns)
        {
          g_string_truncate (text, (gsize) (at - text->str));
          return;
        }
    }
}
