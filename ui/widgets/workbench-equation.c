/* workbench-equation.c: letter by letter. */
#include "workbench-equation.h"

static gboolean
is_letter (gunichar c)
{
  return (g_unichar_isalpha (c) && c != 0x3a3) || g_unichar_ismark (c); /* Σ is a sum */
}

static const char *
skip (const char *from, gboolean (*belongs) (gunichar c))
{
  while (*from != '\0' && belongs (g_utf8_get_char (from)))
    from = g_utf8_next_char (from);
  return from;
}

/* a hat or a bar does not make a letter a word */
static gboolean
is_single (const char *from, const char *end)
{
  guint letters = 0;

  for (; from < end; from = g_utf8_next_char (from))
    letters += !g_unichar_ismark (g_utf8_get_char (from));
  return letters == 1;
}

char *
workbench_equation_markup (const char *plain)
{
  GString *text = g_string_new (NULL);

  for (const char *at = plain, *end; *at != '\0'; at = end)
    {
      g_autofree char *part = NULL;

      end = skip (at, is_letter);
      if (end > at)
        {
          part = g_markup_escape_text (at, end - at);
          g_string_append_printf (text, is_single (at, end) ? "<i>%s</i>" : "%s", part);
        }
      else if (*at == '_')
        {
          end = skip (at + 1, g_unichar_isalnum);
          part = g_markup_escape_text (at + 1, end - at - 1);
          g_string_append_printf (text, "<sub>%s</sub>", part);
        }
      else
        {
          end = g_utf8_next_char (at);
          part = g_markup_escape_text (at, end - at);
          g_string_append (text, part);
        }
    }
  return g_string_free (text, FALSE);
}
