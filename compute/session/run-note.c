/* run-note.c: a small file of text. */
#include "run-note.h"

#include "atomic-file.h"
#include "errors.h"
#include "map-file.h"
#include "printable-text.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
  g_autofree char *first = g_strndup (text, strcspn (text, "\r\n"));
  g_autofree char *printable = dfkd_printable_text (first);
  g_autofree char *line = g_strstrip (g_utf8_substring (printable, 0, MIN (g_utf8_strlen (printable, -1), DFKD_NOTE_LONGEST)));

  return *line != '\0' ? g_steal_pointer (&line) : NULL;
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

/* the lines behind the first one, with what ends that. Returns: (transfer full) (nullable): NULL: it is no text, or cannot be read */
static char *
read_rest (const char *path, GError **error)
{
  g_autoptr (GBytes) file = NULL;
  gsize length;
  const char *text, *end;

  if (g_access (path, F_OK) != 0 && errno == ENOENT)
    return g_strdup ("");
  file = dfkd_map_file (path, error);
  if (file == NULL)
    return NULL;
  text = g_bytes_get_data (file, &length);
  if (length == 0)
    return g_strdup ("");
  if (!g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not UTF-8 text and stays as it is; change it with an editor"), path);
      return NULL;
    }
  end = memchr (text, '\n', length);
  return end != NULL ? g_strndup (end, length - (gsize) (end - text)) : g_strdup ("");
}

gboolean
dfkd_run_note_save (const char *run_folder, const char *text, GError **error)
{
  g_autofree char *path = path_of (run_folder), *line = text != NULL ? tidy (text) : NULL, *before = dfkd_run_note_load (run_folder);
  g_autofree char *rest = NULL, *whole = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (g_strcmp0 (line, before) == 0)
    return TRUE;
  rest = read_rest (path, error);
  if (rest == NULL)
    return FALSE;
  if (line == NULL && rest[strspn (rest, " \t\r\n")] == '\0')
    return g_unlink (path) == 0 || errno == ENOENT || dfkd_write_error (path, errno, error);
  whole = g_strconcat (line != NULL ? line : "", *rest != '\0' ? rest : "\n", NULL);
  bytes = g_bytes_new (whole, strlen (whole));
  return dfkd_atomic_write (path, &bytes, 1, error);
}
