/* tuning-file.c: text: a head, a line a problem with its tiling, a line each tiling that was found wrong, that a process is trying or
 * that may have ended one, a checksum. Whatever is wrong with it, it is ignored and written anew. While a process tries tilings it holds
 * a lock on another file, of which the kernel lets go when it ends, however it does and wherever it runs. */
#include "tuning-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum
{
  PROBLEM_WORDS = sizeof (DfkdProblem) / sizeof (guint32),
  TILING_WORDS = sizeof (DfkdTiling) / sizeof (guint32),
};

static const char HEAD[] = "dfkd tilings 5\n";
static const char *const state_names[]
    = { [DFKD_TILING_TRYING] = "trying", [DFKD_TILING_SUSPECT] = "suspect", [DFKD_TILING_REJECTED] = "rejected" };

/* a line but the first and the last */
typedef struct
{
  DfkdTilingState state; /* DFKD_TILING_UNTRIED: of a problem */
  DfkdProblem problem;
  guint32 kind, mark; /* of a tiling, and of the process that is trying it, or was */
  const DfkdTiling *tiling;
} Line;

static char *
tuning_path (DfkdVulkan *vulkan, const char *prefix)
{
  g_autoptr (GString) name = g_string_new (prefix);

  g_string_append (name, vulkan->matrices.emulated ? "emulated-tilings-" : "tilings-");
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

/* FALSE where there is no such tiling (any more) */
static gboolean
read_line (DfkdVulkan *vulkan, const char *text, Line *line)
{
  g_auto (GStrv) fields = g_strsplit (text, " ", -1);
  guint32 words[PROBLEM_WORDS + TILING_WORDS];

  line->state = DFKD_TILING_UNTRIED;
  for (guint state = 0; state < G_N_ELEMENTS (state_names); state++)
    if (state_names[state] != NULL && g_strcmp0 (fields[0], state_names[state]) == 0)
      line->state = state;
  if (line->state == DFKD_TILING_UNTRIED)
    {
      if (!read_words (fields, words, PROBLEM_WORDS + TILING_WORDS))
        return FALSE;
      memcpy (&line->problem, words, sizeof line->problem);
      line->tiling = find_candidate (vulkan, line->problem.kind, (const DfkdTiling *) (words + PROBLEM_WORDS));
      return line->tiling != NULL;
    }
  if (!read_words (fields + 1, words, 2 + TILING_WORDS))
    return FALSE;
  line->kind = words[0];
  line->mark = words[1];
  line->tiling = find_candidate (vulkan, line->kind, (const DfkdTiling *) (words + 2));
  return line->tiling != NULL;
}

/* (element-type Line): none where there is no file, or none that can be read */
static GArray *
read_lines (DfkdVulkan *vulkan)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Line));
  g_autofree char *path = tuning_path (vulkan, ""), *text = NULL, *sum = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) || length < 64 || !g_str_has_prefix (text, HEAD))
    return all;
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) text, length - 64);
  if (memcmp (sum, text + length - 64, 64) != 0)
    return all;
  text[length - 64] = '\0';
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      Line line;

      if (read_line (vulkan, lines[i], &line))
        g_array_append_val (all, line);
    }
  return all;
}

/* Returns: −1 where files cannot be locked */
static int
open_lock (DfkdVulkan *vulkan)
{
  g_autofree char *path = tuning_path (vulkan, "lock-"), *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0700);
  return g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static void
close_lock (int lock)
{
  if (lock >= 0)
    close (lock);
}

void
dfkd_tuning_file_begin (DfkdVulkan *vulkan)
{
  vulkan->tuning->lock = open_lock (vulkan);
  if (vulkan->tuning->lock >= 0)
    flock (vulkan->tuning->lock, LOCK_SH);
}

void
dfkd_tuning_file_end (DfkdVulkan *vulkan)
{
  close_lock (vulkan->tuning->lock);
  vulkan->tuning->lock = -1;
}

/* how many tilings the process that left @line was trying: their pipelines are made together */
static guint
count_beside (const GArray *lines, const Line *line)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++)
    n += g_array_index (lines, Line, i).state == DFKD_TILING_TRYING && g_array_index (lines, Line, i).mark == line->mark;
  return n;
}

/* TRUE if that is news. */
static gboolean
load_line (DfkdVulkan *vulkan, const GArray *lines, const Line *line, gboolean being_tried)
{
  if (line->state == DFKD_TILING_UNTRIED)
    {
      g_hash_table_insert (vulkan->tuning->best, g_memdup2 (&line->problem, sizeof line->problem), (gpointer) line->tiling);
      return FALSE;
    }
  if (line->state == DFKD_TILING_TRYING && being_tried)
    return FALSE;
  if (line->state == DFKD_TILING_SUSPECT || (line->state == DFKD_TILING_TRYING && count_beside (lines, line) > 1))
    {
      if (dfkd_tiling_state (vulkan, line->tiling) != DFKD_TILING_REJECTED)
        dfkd_tiling_set_state (vulkan, line->tiling, DFKD_TILING_SUSPECT);
      return line->state == DFKD_TILING_TRYING;
    }
  if (line->state == DFKD_TILING_TRYING)
    g_message (line->tiling->family == DFKD_TILING_MATRICES
                   ? _ ("%s: the program ended while it tried tiles of %u × %u by cooperative matrices; they are not used any more")
                   : _ ("%s: the program ended while it tried tiles of %u × %u; they are not used any more"),
               vulkan->properties.deviceName, line->tiling->rows, line->tiling->columns);
  dfkd_tiling_set_state (vulkan, line->tiling, DFKD_TILING_REJECTED);
  return line->state == DFKD_TILING_TRYING;
}

void
dfkd_tuning_file_load (DfkdVulkan *vulkan)
{
  int lock = open_lock (vulkan);
  gboolean being_tried = lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK, news = FALSE;
  g_autoptr (GArray) lines = read_lines (vulkan);

  for (guint i = 0; i < lines->len; i++)
    news = load_line (vulkan, lines, &g_array_index (lines, Line, i), being_tried) || news;
  if (news) /* is said once */
    dfkd_tuning_file_save (vulkan);
  close_lock (lock);
}

static void
append_words (GString *text, gconstpointer data, guint n, char last)
{
  const guint32 *words = data;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%u%c", words[i], i + 1 < n ? ' ' : last);
}

static void
append_problem (GString *text, const DfkdProblem *problem, const DfkdTiling *tiling)
{
  append_words (text, problem, PROBLEM_WORDS, ' ');
  append_words (text, tiling, TILING_WORDS, '\n');
}

static void
append_state (GString *text, DfkdTilingState state, guint32 kind, guint32 mark, const DfkdTiling *tiling)
{
  if (state_names[state] == NULL)
    return;
  g_string_append_printf (text, "%s %u %u ", state_names[state], kind, mark);
  append_words (text, tiling, TILING_WORDS, '\n');
}

static void
append_states (DfkdVulkan *vulkan, GString *text)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];

  for (guint32 kind = 0; kind < DFKD_N_PRODUCTS; kind++)
    for (guint32 family = 0; family < DFKD_N_FAMILIES; family++)
      for (guint n = dfkd_tilings (vulkan, kind, family, tilings), i = 0; i < n; i++)
        append_state (text, dfkd_tiling_state (vulkan, tilings[i]), kind, vulkan->tuning->mark, tilings[i]);
}

/* What stands in the file and is another process's: it stays there. States come behind, since they may undo a problem. */
static void
append_others (DfkdVulkan *vulkan, GString *problems, GString *states)
{
  g_autoptr (GArray) lines = read_lines (vulkan);

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);
      DfkdTilingState state = dfkd_tiling_state (vulkan, line->tiling);

      if (state == DFKD_TILING_REJECTED)
        continue;
      if (line->state == DFKD_TILING_REJECTED
          || (line->state == DFKD_TILING_TRYING && line->mark != vulkan->tuning->mark && state != DFKD_TILING_SUSPECT))
        append_state (states, line->state, line->kind, line->mark, line->tiling);
      else if (line->state == DFKD_TILING_UNTRIED && !g_hash_table_contains (vulkan->tuning->best, &line->problem))
        append_problem (problems, &line->problem, line->tiling);
    }
}

void
dfkd_tuning_file_save (DfkdVulkan *vulkan)
{
  g_autofree char *path = tuning_path (vulkan, ""), *folder = g_path_get_dirname (path), *sum = NULL;
  g_autoptr (GString) text = g_string_new (HEAD), states = g_string_new (NULL);
  GHashTableIter iter;
  gpointer problem, tiling;

  g_hash_table_iter_init (&iter, vulkan->tuning->best);
  while (g_hash_table_iter_next (&iter, &problem, &tiling))
    append_problem (text, problem, tiling);
  append_states (vulkan, states);
  append_others (vulkan, text, states);
  g_string_append (text, states->str);
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

static gboolean
is_last_plain (DfkdVulkan *vulkan, const DfkdTiling *tiling)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];

  for (guint32 kind = 0; kind < DFKD_N_PRODUCTS; kind++)
    if (dfkd_tilings_left (vulkan, kind, DFKD_TILING_PLAIN, tilings) == 1 && tilings[0] == tiling)
      return TRUE;
  return FALSE;
}

void
dfkd_tiling_set_state (DfkdVulkan *vulkan, const DfkdTiling *tiling, DfkdTilingState state)
{
  if (state == DFKD_TILING_REJECTED && is_last_plain (vulkan, tiling))
    state = DFKD_TILING_UNTRIED;
  if (state == DFKD_TILING_REJECTED)
    g_hash_table_foreach_remove (vulkan->tuning->best, is_same, (gpointer) tiling);
  g_hash_table_insert (vulkan->tuning->states, (gpointer) tiling, GINT_TO_POINTER (state));
}
