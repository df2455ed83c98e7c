/* workbench-option-words.c: finds options by the names of parameters. */
#include "workbench-option-words.h"

#include "dfkd.h"

#include <glib/gi18n.h>
#include <string.h>

/* where one can set what an option sets. Returns: (transfer full) (nullable) */
static char *
place_of (const char *option, gsize length)
{
  g_autofree char *name = g_strndup (option, length);

  g_strdelimit (name, "-", '_');
  if (g_str_equal (name, "device"))
    return g_strdup_printf (_("the preference “%s”"), _("Device"));
  if (g_str_equal (name, "resume"))
    return g_strdup (_("the list of runs (Ctrl+L)"));
  if (g_str_equal (name, "network")) /* the window has no place for it */
    return g_strdup (_("the option --network of “dfkd convert”"));
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    if (g_str_equal (dfkd_parameter (id)->name, name))
      return g_strdup_printf (_("the field “%s”"), _(dfkd_parameter (id)->label));
  return NULL;
}

/* of a value behind an option; a word of the sentence is none, if it does not end with the colon that what is wrong with it follows */
static gsize
value_length (const char *text)
{
  static const char *const values[] = { " none", " cpu", " float32", " 0" };
  const gsize word = *text == ' ' ? 1 + strcspn (text + 1, " ") : 0;

  if (word > 2 && text[word - 1] == ':')
    return word - 1;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_has_prefix (text, values[i]) && !g_ascii_isalnum (text[strlen (values[i])]))
      return strlen (values[i]);
  return 0;
}

/* the part of a file's name is none */
static gboolean
begins_option (const char *message, const char *at)
{
  return g_str_has_prefix (at, "--") && g_ascii_islower (at[2])
         && (at == message || !(g_ascii_isalnum (at[-1]) || strchr ("/.-_", at[-1]) != NULL));
}

char *
workbench_option_words (const char *message)
{
  GString *text = g_string_new (NULL);

  for (const char *at = message; *at != '\0';)
    {
      const gsize length = begins_option (message, at) ? strspn (at + 2, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;
      g_autofree char *place = length > 0 ? place_of (at + 2, length) : NULL;
      const gsize value = place != NULL ? value_length (at + 2 + length) : 0;
      g_autofree char *given = value > 0 ? g_strndup (at + 2 + length + 1, value - 1) : NULL;

      if (place == NULL)
        g_string_append_c (text, *at++);
      else if (given == NULL)
        g_string_append (text, place);
      else
        g_string_append_printf (text, _("“%s” in %s"), given, place);
      if (place != NULL)
        at += 2 + length + value;
    }
  return g_string_free (text, FALSE);
}
