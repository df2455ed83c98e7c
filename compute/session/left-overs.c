/* left-overs.c: knows which files a run writes beside themselves, and by what name. */
#include "left-overs.h"

#include "atomic-file.h"

#include <string.h>

static const char *const own[] = { "recipe.json",  "summary.json", "classes.json", "note.txt", "branch.json", "student.safetensors", "student-chosen.safetensors",
                                   "teacher-statistics.safetensors", NULL };
static const char *const folders[] = { "snapshots", "branch-points", "pictures", "films" };

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
      g_autofree char *stem = dfkd_atomic_stem (name);

      if (stem != NULL && (numbered ? is_numbered (stem) : g_strv_contains (own, stem)))
        dfkd_atomic_remove (folder, name);
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
