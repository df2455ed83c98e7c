/* history.c: which pictures stay. */
#include "history.h"

#include "errors.h"
#include "numbered-files.h"
#include "pictures-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  guint synthesis;
  guint64 bytes;
} Entry;

struct _DfkdHistory
{
  char *run_folder;
  DfkdHistoryKind kind;
  GArray *entries; /* of Entry, ascending */
  guint64 bytes;   /* of them all */
  guint stride;    /* syntheses 1, 1 + stride, 1 + 2·stride … are kept */
};

static char *
get_folder (const char *run_folder, DfkdHistoryKind kind)
{
  return g_build_filename (run_folder, kind == DFKD_HISTORY_FILMS ? "films" : "pictures", NULL);
}

char *
dfkd_history_path (const char *run_folder, DfkdHistoryKind kind, guint synthesis)
{
  g_autofree char *folder = get_folder (run_folder, kind);

  return dfkd_numbered_file (folder, synthesis);
}

char *
dfkd_history_norms_path (const char *run_folder)
{
  return g_build_filename (run_folder, "teacher-statistics.safetensors", NULL);
}

GArray *
dfkd_history_list (const char *run_folder, DfkdHistoryKind kind)
{
  g_autofree char *folder = get_folder (run_folder, kind);

  return dfkd_numbered_files (folder);
}

static void
forget (DfkdHistory *history, guint index)
{
  Entry *entry = &g_array_index (history->entries, Entry, index);
  g_autofree char *path = dfkd_history_path (history->run_folder, history->kind, entry->synthesis);

  g_unlink (path); /* one that stays is found when the run goes on */
  history->bytes -= entry->bytes;
  g_array_remove_index (history->entries, index);
}

/* twice as far apart, until they fit */
static void
thin (DfkdHistory *history, guint64 limit)
{
  while (history->bytes > limit && history->entries->len > 1)
    {
      history->stride *= 2;
      for (guint i = history->entries->len; i-- > 0;)
        if ((g_array_index (history->entries, Entry, i).synthesis - 1) % history->stride != 0)
          forget (history, i);
    }
}

static void
remember (DfkdHistory *history, guint synthesis)
{
  g_autofree char *path = dfkd_history_path (history->run_folder, history->kind, synthesis);
  GStatBuf status;
  const Entry *last = history->entries->len > 0 ? &g_array_index (history->entries, Entry, history->entries->len - 1) : NULL;
  Entry entry = { synthesis, 0 };

  if (last != NULL && last->synthesis == synthesis) /* it is written once more, as something after it failed */
    {
      history->bytes -= last->bytes;
      g_array_set_size (history->entries, history->entries->len - 1);
    }
  if (g_stat (path, &status) == 0)
    entry.bytes = (guint64) status.st_size;
  g_array_append_val (history->entries, entry);
  history->bytes += entry.bytes;
}

DfkdHistory *
dfkd_history_open (const char *run_folder, DfkdHistoryKind kind, guint synthesis, GError **error)
{
  g_autoptr (DfkdHistory) history = g_new0 (DfkdHistory, 1);
  g_autoptr (GArray) list = dfkd_history_list (run_folder, kind);
  g_autofree char *folder = get_folder (run_folder, kind);
  guint apart = 0;

  history->run_folder = g_strdup (run_folder);
  history->kind = kind;
  history->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the folder %s cannot be made: %s"), folder, g_strerror (errno));
      return NULL;
    }
  for (guint i = 0; i < list->len; i++)
    {
      guint number = g_array_index (list, guint, i);

      remember (history, number);
      if (number > synthesis)
        forget (history, history->entries->len - 1);
      else
        apart |= number - 1;
    }
  /* The largest power of two that divides them all; one alone, the first of a branch, tells of none. */
  history->stride = apart == 0 || history->entries->len < 2 ? 1 : apart & -apart;
  return g_steal_pointer (&history);
}

void
dfkd_history_free (DfkdHistory *history)
{
  if (history == NULL)
    return;
  g_array_unref (history->entries);
  g_free (history->run_folder);
  g_free (history);
}

guint64
dfkd_history_get_bytes (const DfkdHistory *history)
{
  return history->bytes;
}

gboolean
dfkd_history_add (DfkdHistory *history, const DfkdPictures *pictures, guint64 limit, GError **error)
{
  g_autofree char *path = NULL;

  if (limit == 0 || (pictures->synthesis - 1) % history->stride != 0)
    return TRUE;
  path = dfkd_history_path (history->run_folder, history->kind, pictures->synthesis);
  if (!dfkd_pictures_save (pictures, path, error))
    return FALSE;
  remember (history, pictures->synthesis);
  thin (history, limit);
  return TRUE;
}
