/* left-overs.c: knows which files a run writes beside themselves, and by what name. */
#include "left-overs.h"

#include <glib/gstdio.h>
#include <string.h>

enum {
  RANDOM = 6, /* letters that dfkd_atomic_write() puts behind a name and a dot */
};

static const char *const own[] = { "recipe.json",  "summary.json", "classes.json", "student.safetensors", "student-chosen.safetensors",
                                   "teacher-statistics.safetensors", NULL };
static const char *const folders[] = { "snapshots", "branch-points", "pictures", "films" };

/* People write ".backup" behind a name; of six random letters and digits one in twenty-five has no capital, and such a file stays. */
static gboolean
is_random (const char *letters)
{
  gboolean capital = FALSE;

  if (strlen (letters) != RANDOM)
    return FALSE;
  for (guint i = 0; i < RANDOM; i++)
    {
      if (!g_ascii_isalnum (letters[i]))
        return FALSE;
      capital = capital || g_ascii_isupper (letters[i]);
    }
  return capital;
}

/* as snapshots, branch points, pictures and films are called: numbers, and where there are two, a hyphen between them */
static gboolean
is_numbered (const char *name)
{
  return g_ascii_isdigit (*name) && g_str_equal (name + strspn (name, "0123456789-"), ".safetensors");
}

static void
clean (const char *folder, gboolean numbered)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      const char *dot = strrchr (name, '.');
      g_autofree char *stem = dot != NULL ? g_strndup (name, (gsize) (dot - name)) : NULL, *path = NULL;
      GStatBuf status;

      if (stem == NULL || !is_random (dot + 1) || !(numbered ? is_numbered (stem) : g_strv_contains (own, stem)))
        continue;
      path = g_build_filename (folder, name, NULL);
      if (g_lstat (path, &status) == 0 && S_ISREG (status.st_mode))
        g_unlink (path); /* one that stays takes room, no more */
    }
}

void
dfkd_left_overs_remove (const char *run_folder)
{
  clean (run_folder, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (run_folder, folders[i], NULL);

      clean (folder, TRUE);
    }
}
