/* tuning-file.c: text: a head, a line a problem with its tiling, a line each tiling of matrices that was found wrong or that a
 * process is trying, a checksum. Whatever is wrong with it, it is ignored and written anew. */
#include "tuning-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum
{
  PROBLEM_WORDS = sizeof (DfkdProblem) / sizeof (guint32),
  TILING_WORDS = sizeof (DfkdTiling) / sizeof (guint32),
};

static const char HEAD[] = "dfkd tilings 4\n";
static const char *const state_names[]
    = { [DFKD_TILING_TRYING] = "trying", [DFKD_TILING_REJECTED] = "rejected" };

static char *
tuning_path (DfkdVulkan *vulkan)
{
  g_autoptr (GString) name = g_string_new (vulkan->matrices.emulated ? "emulated-tilings-" : "tilings-");

  for (guint i = 0; i < VK_UUID_SIZE; i++)
    g_string_append_printf (name, "%02x", vulkan->uuid[i]);
  g_string_append_printf (name, "-%08x", vulkan->properties.driverVersion);
  return g_build_filename (g_get_user_cache_dir (), "dfkd", name->str, NULL);
}

/* the candidate of these sizes, NULL if there is none (any more) */
static const DfkdTiling *
find_candidate (DfkdVulkan *vulkan, guint32 kind, const DfkdTiling *wanted)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];
  guint n = dfkd_tilings (vulkan, kind, wanted->family, tilings);

  for (guint i = 0; i < n; i++)
    if (memcmp (tilings[i], wanted, sizeof *wanted) == 0)
      return tilings[i];
  return NULL;
}

static gboolean
read_words (char **fields, guint32 *words, guint n)
{
  if (g_strv_length (fields) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      guint64 value;

      if (!g_ascii_string_to_unsigned (fields[i], 10, 0, G_MAXUINT32, &value, NULL))
        return FALSE;
      words[i] = (guint32) value;
    }
  return TRUE;
}

static void
load_problem (DfkdVulkan *vulkan, char **fields)
{
  guint32 words[PROBLEM_WORDS + TILING_WORDS];
  const DfkdTiling *tiling;

  if (!read_words (fields, words, G_N_ELEMENTS (words)))
    return;
  tiling = find_candidate (vulkan, words[0], (const DfkdTiling *) (words + PROBLEM_WORDS));
  if (tiling != NULL)
    g_hash_table_insert (vulkan->tuning->best, g_memdup2 (words, sizeof (DfkdProblem)), (gpointer) tiling);
}

static gboolean
is_running (guint32 process)
{
  return process > 0 && process <= G_MAXINT32 && kill ((pid_t) process, 0) == 0;
}

/* Two words before the tiling: the product's kind, and the process that is trying it, or was. TRUE if that is news. */
static gboolean
load_state (DfkdVulkan *vulkan, DfkdTilingState state, char **fields)
{
  guint32 words[2 + TILING_WORDS];
  const DfkdTiling *tiling;

  if (!read_words (fields, words, G_N_ELEMENTS (words)))
    return FALSE;
  tiling = find_candidate (vulkan, words[0], (const DfkdTiling *) (words + 2));
  if (tiling == NULL || (state == DFKD_TILING_TRYING && is_running (words[1])))
    return FALSE;
  if (state == DFKD_TILING_TRYING)
    g_message (_ ("%s: the program ended while it tried tiles of %u × %u by cooperative matrices; they are not used any more"),
               vulkan->properties.deviceName, tiling->rows, tiling->columns);
  dfkd_tiling_set_state (vulkan, tiling, DFKD_TILING_REJECTED);
  return state == DFKD_TILING_TRYING;
}

static gboolean
load_line (DfkdVulkan *vulkan, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", -1);

  for (guint state = 0; state < G_N_ELEMENTS (state_names); state++)
    if (state_names[state] != NULL && g_strcmp0 (fields[0], state_names[state]) == 0)
      return load_state (vulkan, state, fields + 1);
  load_problem (vulkan, fields);
  return FALSE;
}

void
dfkd_tuning_file_load (DfkdVulkan *vulkan)
{
  g_autofree char *path = tuning_path (vulkan), *text = NULL, *sum = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean news = FALSE;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) || length < 64 || !g_str_has_prefix (text, HEAD))
    return;
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) text, length - 64);
  if (memcmp (sum, text + length - 64, 64) != 0)
    return;
  text[length - 64] = '\0';
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    news = load_line (vulkan, lines[i]) || news;
  if (news) /* is said once */
    dfkd_tuning_file_save (vulkan);
}

static void
append_words (GString *text, gconstpointer data, guint n, char last)
{
  const guint32 *words = data;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%u%c", words[i], i + 1 < n ? ' ' : last);
}

static void
append_states (DfkdVulkan *vulkan, GString *text)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];

  for (guint32 kind = 0; kind < DFKD_N_PRODUCTS; kind++)
    for (guint n = dfkd_tilings (vulkan, kind, DFKD_TILING_MATRICES, tilings), i = 0; i < n; i++)
      {
        const char *name = state_names[dfkd_tiling_state (vulkan, tilings[i])];

        if (name == NULL)
          continue;
        g_string_append_printf (text, "%s %u %u ", name, kind, (guint) getpid ());
        append_words (text, tilings[i], TILING_WORDS, '\n');
      }
}

void
dfkd_tuning_file_save (DfkdVulkan *vulkan)
{
  g_autofree char *path = tuning_path (vulkan), *folder = g_path_get_dirname (path), *sum = NULL;
  g_autoptr (GString) text = g_string_new (HEAD);
  GHashTableIter iter;
  gpointer problem, tiling;

  g_hash_table_iter_init (&iter, vulkan->tuning->best);
  while (g_hash_table_iter_next (&iter, &problem, &tiling))
    {
      append_words (text, problem, PROBLEM_WORDS, ' ');
      append_words (text, tiling, TILING_WORDS, '\n');
    }
  append_states (vulkan, text);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) text->str, text->len);
  g_string_append (text, sum);
  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

DfkdTilingState
dfkd_tiling_state (DfkdVulkan *vulkan, const DfkdTiling *tiling)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (vulkan->tuning->states, tiling));
}

static gboolean
is_same (gpointer problem, gpointer best, gpointer tiling)
{
  return best == tiling;
}

void
dfkd_tiling_set_state (DfkdVulkan *vulkan, const DfkdTiling *tiling, DfkdTilingState state)
{
  if (state == DFKD_TILING_REJECTED)
    g_hash_table_foreach_remove (vulkan->tuning->best, is_same, (gpointer) tiling);
  g_hash_table_insert (vulkan->tuning->states, (gpointer) tiling, GINT_TO_POINTER (state));
}
