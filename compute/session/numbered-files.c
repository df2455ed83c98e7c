/* numbered-files.c: names to numbers and back. */
#include "numbered-files.h"

static const char SUFFIX[] = ".safetensors";

char *
dfkd_numbered_file (const char *folder, guint number)
{
  return g_strdup_printf ("%s/%06u%s", folder, number, SUFFIX);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

GArray *
dfkd_numbered_files (const char *folder)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      char *end;
      guint64 number = g_ascii_strtoull (name, &end, 10);
      guint synthesis = (guint) number;

      if (number > 0 && number <= G_MAXUINT && g_str_equal (end, SUFFIX))
        g_array_append_val (list, synthesis);
    }
  g_array_sort (list, compare_numbers);
  return list;
}
