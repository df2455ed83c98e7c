/* run-note.c: a small file of text. */
#include "run-note.h"

#include "atomic-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

enum {
  MOST_BYTES = 6 * DFKD_NOTE_LONGEST, /* more than so many letters take */
};

static char *
path_of (const char *run_folder)
{
  return g_build_filename (run_folder, "note.txt", NULL);
}

/* one line, without what moves a terminal's cursor. Returns: (transfer full) (nullable): NULL: nothing is left */
static char *
tidy (const char *text)
{
  GString *line = g_string_new (NULL);
  guint letters = 0;

  for (const char *c = text; *c != '\0' && *c != '\n' && *c != '\r' && letters < DFKD_NOTE_LONGEST; c = g_utf8_next_char (c), letters++)
    g_string_append_unichar (line, g_unichar_iscntrl (g_utf8_get_char (c)) ? ' ' : g_utf8_get_char (c));
  g_strstrip (line->str);
  return g_string_free (line, *line->str == '\0');
}

char *
dfkd_run_note_load (const char *run_folder)
{
  g_autofree char *path = path_of (run_folder);
  FILE *file = g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_fopen (path, "rbe") : NULL;
  char text[MOST_BYTES + 1];
  const char *end;
  gsize length;

  if (file == NULL)
    return NULL;
  length = fread (text, 1, MOST_BYTES, file);
  fclose (file);
  text[length] = '\0';
  if (!g_utf8_validate (text, (gssize) length, &end) && (length < MOST_BYTES || end == text))
    return NULL;
  text[end - text] = '\0'; /* the last letter may be cut in two */
  return tidy (text);
}

gboolean
dfkd_run_note_save (const char *run_folder, const char *text, GError **error)
{
  g_autofree char *path = path_of (run_folder), *line = text != NULL ? tidy (text) : NULL, *whole = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (line == NULL)
    return g_unlink (path) == 0 || errno == ENOENT || dfkd_write_error (path, errno, error);
  whole = g_strconcat (line, "\n", NULL);
  bytes = g_bytes_new (whole, strlen (whole));
  return dfkd_atomic_write (path, &bytes, 1, error);
}
