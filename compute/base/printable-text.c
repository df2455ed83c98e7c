/* printable-text.c: letter by letter. */
#include "printable-text.h"

char *
dfkd_printable_text (const char *text)
{
  GString *printable = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    g_string_append_unichar (printable, g_unichar_iscntrl (g_utf8_get_char (c)) ? ' ' : g_utf8_get_char (c));
  return g_string_free (printable, FALSE);
}
