/* workbench-history.c: a list, a cache, and a thread that reads. */
#include "workbench-history.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

enum {
  MOST_AT_ONCE = 4, /* batches being read */
};

typedef struct {
  DfkdPictures *pictures; /* NULL while it is being read, or lost */
  guint64 bytes, used;    /* when, by the count of uses */
  gboolean lost, old; /* it is read from what was there before */
} Entry;

struct _WorkbenchHistory
{
  GObject parent_instance;

  char *folder;
  DfkdHistoryKind kind;
  GArray *list;        /* of guint */
  GHashTable *entries; /* synthesis → Entry */
  GQueue wanted;       /* of GUINT_TO_POINTER (synthesis): the last asked for first */
  guint reading;
  guint64 bytes, bound, uses;
  DfkdNorms *norms;
  const DfkdMethod *method; /* (nullable): of the run */
  gboolean looked_around;   /* for the two of them */
};

G_DEFINE_FINAL_TYPE (WorkbenchHistory, workbench_history, G_TYPE_OBJECT)

enum {
  CHANGED,
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  dfkd_pictures_unref (entry->pictures);
  g_free (entry);
}

static void
workbench_history_finalize (GObject *object)
{
  WorkbenchHistory *self = WORKBENCH_HISTORY (object);

  g_free (self->folder);
  g_array_unref (self->list);
  g_hash_table_unref (self->entries);
  g_queue_clear (&self->wanted);
  dfkd_norms_unref (self->norms);
  G_OBJECT_CLASS (workbench_history_parent_class)->finalize (object);
}

static void
workbench_history_class_init (WorkbenchHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_history_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOADED] = g_signal_new ("loaded", WORKBENCH_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
workbench_history_init (WorkbenchHistory *self)
{
  self->list = g_array_new (FALSE, FALSE, sizeof (guint));
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, free_entry);
  g_queue_init (&self->wanted);
  self->bound = 256 << 20;
}

WorkbenchHistory *
workbench_history_new (const char *run_folder, DfkdHistoryKind kind)
{
  WorkbenchHistory *self = g_object_new (WORKBENCH_TYPE_HISTORY, NULL);

  self->folder = g_strdup (run_folder);
  self->kind = kind;
  workbench_history_refresh (self);
  return self;
}

void
workbench_history_refresh (WorkbenchHistory *self)
{
  GArray *list = dfkd_history_list (self->folder, self->kind);
  gboolean same = list->len == self->list->len;

  for (guint i = 0; i < list->len && same; i++)
    same = g_array_index (list, guint, i) == g_array_index (self->list, guint, i);
  g_array_unref (self->list);
  self->list = list;
  if (!same)
    g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
forget_entry (gpointer key, gpointer value, gpointer data)
{
  Entry *entry = value;

  entry->old = TRUE;
  return entry->pictures != NULL || entry->lost; /* the others are being read, or will be */
}

void
workbench_history_forget (WorkbenchHistory *self)
{
  g_hash_table_foreach_remove (self->entries, forget_entry, NULL);
  self->bytes = 0;
}

guint
workbench_history_get_length (WorkbenchHistory *self)
{
  return self->list->len;
}

guint
workbench_history_get_synthesis (WorkbenchHistory *self, guint index)
{
  g_return_val_if_fail (index < self->list->len, 0);
  return g_array_index (self->list, guint, index);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

int
workbench_history_find (WorkbenchHistory *self, guint synthesis)
{
  guint index;

  return g_array_binary_search (self->list, &synthesis, compare, &index) ? (int) index : -1;
}

/* ----------------------------------------------------------------------------------------------------- reading */

typedef struct {
  char *path;
  guint synthesis;
  DfkdNorms *norms;
  const DfkdMethod *method;
} Request;

static void
free_request (gpointer data)
{
  Request *request = data;

  g_free (request->path);
  dfkd_norms_unref (request->norms);
  g_free (request);
}

static void
read_batch (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  GError *error = NULL;
  DfkdPictures *pictures = dfkd_pictures_load (request->path, request->norms, &error);

  if (pictures != NULL && pictures->method == NULL) /* of an earlier version */
    pictures->method = request->method;
  if (pictures == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pictures, (GDestroyNotify) dfkd_pictures_unref);
}

static guint64
bytes_of (const DfkdPictures *pictures)
{
  guint64 bytes = pictures->count * (dfkd_pictures_image_bytes (pictures) + sizeof (gint32));

  if (pictures->frames != NULL)
    bytes += pictures->frames->len * (pictures->count * dfkd_pictures_image_bytes (pictures) + (pictures->norms != NULL ? 2 * pictures->norms->size * sizeof (float) : 0));
  for (guint i = 0; i < DFKD_N_ROWS; i++)
    bytes += pictures->count * pictures->columns[i] * sizeof (float);
  return bytes;
}

/* the ones used longest ago go */
static void
make_room (WorkbenchHistory *self)
{
  while (self->bytes > self->bound)
    {
      GHashTableIter iter;
      gpointer key, value, oldest = NULL;
      guint64 used = G_MAXUINT64;

      g_hash_table_iter_init (&iter, self->entries);
      while (g_hash_table_iter_next (&iter, &key, &value))
        {
          Entry *entry = value;

          if (entry->pictures != NULL && entry->used < used)
            {
              used = entry->used;
              oldest = key;
            }
        }
      if (used == self->uses) /* the one that came just now */
        return;
      self->bytes -= ((Entry *) g_hash_table_lookup (self->entries, oldest))->bytes;
      g_hash_table_remove (self->entries, oldest);
    }
}

static void read_next (WorkbenchHistory *self);

static void
on_read (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchHistory *self = WORKBENCH_HISTORY (object);
  guint synthesis = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  DfkdPictures *pictures = g_task_propagate_pointer (G_TASK (result), &error);
  Entry *entry = g_hash_table_lookup (self->entries, data);

  self->reading--;
  if (entry->old) /* who still wants it asks again */
    {
      dfkd_pictures_unref (pictures);
      g_hash_table_remove (self->entries, data);
    }
  else if (pictures == NULL)
    {
      g_debug ("%s", error->message); /* thinned away meanwhile, or damaged: is_lost() tells */
      entry->lost = TRUE;
    }
  else
    {
      entry->pictures = pictures;
      entry->bytes = bytes_of (pictures);
      entry->used = ++self->uses;
      self->bytes += entry->bytes;
      make_room (self);
    }
  read_next (self);
  g_signal_emit (self, signals[LOADED], 0, synthesis);
}

/* what no batch says itself */
static void
look_around (WorkbenchHistory *self)
{
  g_autofree char *path = dfkd_history_norms_path (self->folder);
  g_autoptr (DfkdRecipe) recipe = dfkd_run_recipe_load (self->folder, NULL);

  self->norms = dfkd_norms_load (path, NULL); /* a run without batch norm has none */
  self->method = recipe != NULL ? dfkd_recipe_get_method (recipe) : NULL;
  self->looked_around = TRUE;
}

static void
read_next (WorkbenchHistory *self)
{
  while (self->reading < MOST_AT_ONCE && !g_queue_is_empty (&self->wanted))
    {
      gpointer synthesis = g_queue_pop_head (&self->wanted);
      g_autoptr (GTask) task = g_task_new (self, NULL, on_read, synthesis);
      Request *request = g_new0 (Request, 1);

      if (!self->looked_around)
        look_around (self);
      request->synthesis = GPOINTER_TO_UINT (synthesis);
      request->path = dfkd_history_path (self->folder, self->kind, request->synthesis);
      request->method = self->method;
      request->norms = self->norms != NULL ? dfkd_norms_ref (self->norms) : NULL;
      g_task_set_task_data (task, request, free_request);
      self->reading++;
      g_task_run_in_thread (task, read_batch);
    }
}

DfkdPictures *
workbench_history_get (WorkbenchHistory *self, guint synthesis)
{
  Entry *entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (synthesis));

  if (entry != NULL)
    {
      entry->used = ++self->uses;
      return entry->pictures;
    }
  if (workbench_history_find (self, synthesis) < 0)
    return NULL;
  g_hash_table_insert (self->entries, GUINT_TO_POINTER (synthesis), g_new0 (Entry, 1));
  g_queue_push_head (&self->wanted, GUINT_TO_POINTER (synthesis));
  read_next (self);
  return NULL;
}

gboolean
workbench_history_is_lost (WorkbenchHistory *self, guint synthesis)
{
  Entry *entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (synthesis));

  return entry != NULL && entry->lost;
}

WorkbenchReading
workbench_history_get_reading (WorkbenchHistory *self, guint read)
{
  WorkbenchReading reading = { read, 0, self->list->len };

  for (guint i = 0; i < self->list->len; i++)
    reading.lost += workbench_history_is_lost (self, g_array_index (self->list, guint, i));
  return reading;
}

void
workbench_reading_append (const WorkbenchReading *reading, GString *text)
{
  if (reading->read + reading->lost < reading->total)
    g_string_append_printf (text, ngettext (", %u of %u synthesis read", ", %u of %u syntheses read", reading->total), reading->read, reading->total);
  if (reading->lost > 0)
    g_string_append_printf (text, ngettext (" · the pictures of %u synthesis cannot be read", " · the pictures of %u syntheses cannot be read", reading->lost),
                            reading->lost);
}

void
workbench_history_stop (WorkbenchHistory *self)
{
  while (!g_queue_is_empty (&self->wanted))
    g_hash_table_remove (self->entries, g_queue_pop_head (&self->wanted));
}

void
workbench_history_set_bound (WorkbenchHistory *self, guint64 bytes)
{
  self->bound = bytes;
  make_room (self);
}
