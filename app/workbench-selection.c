/* workbench-selection.c: a set of images. */
#include "workbench-selection.h"

#include "dfkd.h"

struct _WorkbenchSelection
{
  GObject parent_instance;

  GHashTable *images; /* of WorkbenchImage, as its own key */
  GArray *ascending;  /* (nullable): the same, once somebody has asked */
  WorkbenchImage current;
};

G_DEFINE_FINAL_TYPE (WorkbenchSelection, workbench_selection, G_TYPE_OBJECT)

enum {
  CHANGED,
  CURRENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
workbench_selection_finalize (GObject *object)
{
  g_hash_table_unref (WORKBENCH_SELECTION (object)->images);
  g_clear_pointer (&WORKBENCH_SELECTION (object)->ascending, g_array_unref);
  G_OBJECT_CLASS (workbench_selection_parent_class)->finalize (object);
}

static void
workbench_selection_class_init (WorkbenchSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_selection_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CURRENT] = g_signal_new ("current", WORKBENCH_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_selection_init (WorkbenchSelection *self)
{
  self->images = g_hash_table_new_full (dfkd_id_hash, g_int64_equal, g_free, NULL);
}

WorkbenchSelection *
workbench_selection_new (void)
{
  return g_object_new (WORKBENCH_TYPE_SELECTION, NULL);
}

static void
tell_change (WorkbenchSelection *self)
{
  g_clear_pointer (&self->ascending, g_array_unref);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
insert (WorkbenchSelection *self, const WorkbenchImage *images, gsize count)
{
  gboolean news = FALSE;

  for (gsize i = 0; i < count; i++)
    if (!g_hash_table_contains (self->images, &images[i]))
      news |= g_hash_table_add (self->images, g_memdup2 (&images[i], sizeof images[i]));
  return news;
}

static gboolean
is_other (gpointer key, gpointer value, gpointer kept)
{
  return !g_hash_table_contains (kept, key);
}

void
workbench_selection_set (WorkbenchSelection *self, const WorkbenchImage *images, gsize count)
{
  g_autoptr (GHashTable) kept = g_hash_table_new (dfkd_id_hash, g_int64_equal);
  gboolean news = insert (self, images, count);

  for (gsize i = 0; i < count; i++)
    g_hash_table_add (kept, (gpointer) &images[i]);
  news |= g_hash_table_foreach_remove (self->images, is_other, kept) > 0;
  if (news)
    tell_change (self);
}

void
workbench_selection_add (WorkbenchSelection *self, const WorkbenchImage *images, gsize count)
{
  if (insert (self, images, count))
    tell_change (self);
}

void
workbench_selection_toggle (WorkbenchSelection *self, WorkbenchImage image)
{
  if (!g_hash_table_remove (self->images, &image))
    insert (self, &image, 1);
  tell_change (self);
}

void
workbench_selection_clear (WorkbenchSelection *self)
{
  workbench_selection_set (self, NULL, 0);
}

gboolean
workbench_selection_contains (WorkbenchSelection *self, WorkbenchImage image)
{
  return g_hash_table_contains (self->images, &image);
}

guint
workbench_selection_get_count (WorkbenchSelection *self)
{
  return g_hash_table_size (self->images);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  WorkbenchImage x = *(const WorkbenchImage *) a, y = *(const WorkbenchImage *) b;

  return x < y ? -1 : x > y;
}

GArray *
workbench_selection_get_images (WorkbenchSelection *self)
{
  GHashTableIter iter;
  gpointer image;

  if (self->ascending != NULL)
    return g_array_ref (self->ascending);
  self->ascending = g_array_sized_new (FALSE, FALSE, sizeof (WorkbenchImage), g_hash_table_size (self->images));
  g_hash_table_iter_init (&iter, self->images);
  while (g_hash_table_iter_next (&iter, &image, NULL))
    g_array_append_vals (self->ascending, image, 1);
  g_array_sort (self->ascending, compare);
  return g_array_ref (self->ascending);
}

void
workbench_selection_set_current (WorkbenchSelection *self, WorkbenchImage image)
{
  if (self->current == image)
    return;
  self->current = image;
  g_signal_emit (self, signals[CURRENT], 0);
}

WorkbenchImage
workbench_selection_get_current (WorkbenchSelection *self)
{
  return self->current;
}
