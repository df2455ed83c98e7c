/* workbench-album.c: facts by synthesis, and a sorted list of images. */
#include "workbench-album.h"

#include "workbench-history-walk.h"
#include "workbench-test-images.h"

#include <math.h>

enum {
  SORT_AFTER = 150 /* ms, while batches come in */
};

struct _WorkbenchAlbum
{
  GObject parent_instance;

  WorkbenchDocument *document;
  WorkbenchHistory *history;
  WorkbenchHistoryWalk *walk; /* once the pool has been looked at */
  WorkbenchAlbumSource source;
  WorkbenchOrder order;
  gboolean descending, selected_only;
  int label;

  GHashTable *batches; /* synthesis → WorkbenchBatchFacts, of the pool */
  WorkbenchBatchFacts *present;      /* of the document's pictures; of the one synthesis where that is the source */
  guint present_synthesis;
  DfkdPictures *listed; /* its pictures, where one synthesis is the source: whoever saves them has them */
  guint wanted; /* synthesis, where one is the source */
  WorkbenchBatchFacts *past; /* of the pictures that the run has left behind, and that were asked for last */
  guint past_synthesis;
  WorkbenchTestImages *test; /* where these are the source */
  guint height, width, classes;
  guint sorting;  /* source, while sorting is due */
  GArray *sorted; /* of Sorted, as shown, or backwards */
  GArray *fresh;  /* of Sorted: of batches of the pool that have come since it was sorted last */
  GHashTable *gone; /* of synthesis: of batches that have gone since */
  GHashTable *positions;
};

G_DEFINE_FINAL_TYPE (WorkbenchAlbum, workbench_album, G_TYPE_OBJECT)

enum {
  CHANGED,
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* ------------------------------------------------------------------------------------------------------ facts */

static void
learn_shape (WorkbenchAlbum *self, const DfkdPictures *p)
{
  self->height = (guint) p->height;
  self->width = (guint) p->width;
  self->classes = MAX (self->classes, (guint) p->columns[DFKD_ROWS_TEACHER]);
}

static const WorkbenchBatchFacts *
find_batch (WorkbenchAlbum *self, guint synthesis)
{
  const WorkbenchBatchFacts *batch = g_hash_table_lookup (self->batches, GUINT_TO_POINTER (synthesis));

  if (self->present != NULL && synthesis == self->present_synthesis && (self->source != WORKBENCH_ALBUM_POOL || batch == NULL))
    return self->present;
  return batch;
}

/* while only the present batch is listed, somebody may still look at an image of an earlier one */
static const WorkbenchBatchFacts *
find_past (WorkbenchAlbum *self, WorkbenchImage image)
{
  guint synthesis = workbench_image_synthesis (image);
  DfkdPictures *pictures;

  if (self->past != NULL && self->past_synthesis == synthesis)
    return self->past;
  if (self->source == WORKBENCH_ALBUM_POOL || (pictures = workbench_album_get_pictures (self, image)) == NULL)
    return NULL;
  g_free (self->past);
  self->past = workbench_batch_facts_new (pictures);
  self->past_synthesis = synthesis;
  return self->past;
}

const WorkbenchFacts *
workbench_album_get_facts (WorkbenchAlbum *self, WorkbenchImage image)
{
  const WorkbenchBatchFacts *batch = workbench_image_is_test (image) ? workbench_test_images_find_facts (self->document)
                                                                     : find_batch (self, workbench_image_synthesis (image));

  if (batch == NULL)
    batch = find_past (self, image);
  return batch != NULL && workbench_image_index (image) < batch->count ? &batch->facts[workbench_image_index (image)] : NULL;
}

/* ------------------------------------------------------------------------------------------------------ the list */

typedef struct {
  WorkbenchImage image;
  float key;
} Sorted;

static int
compare (gconstpointer a, gconstpointer b, gpointer descending)
{
  const Sorted *x = a, *y = b;
  gboolean x_unknown = isnan (x->key), y_unknown = isnan (y->key);

  if (x_unknown != y_unknown) /* what is not known comes last, whatever the direction */
    return x_unknown ? 1 : -1;
  if (!x_unknown && x->key != y->key)
    return (x->key < y->key) != GPOINTER_TO_INT (descending) ? -1 : 1;
  return x->image < y->image ? -1 : x->image > y->image;
}

static float
key_of (const WorkbenchFacts *f, WorkbenchOrder order)
{
  switch (order)
    {
    case WORKBENCH_ORDER_CLASS:
      return (float) f->label;
    case WORKBENCH_ORDER_LOSS:
      return f->loss;
    case WORKBENCH_ORDER_CONFIDENCE:
      return f->confidence;
    case WORKBENCH_ORDER_DISAGREEMENT:
      return f->disagreement;
    case WORKBENCH_ORDER_DRAWN:
    case WORKBENCH_N_ORDERS:
      break;
    }
  return 0.0f;
}

static void
add_sorted (WorkbenchAlbum *self, GArray *sorted, guint synthesis, const WorkbenchBatchFacts *batch)
{
  WorkbenchSelection *selection = self->selected_only && self->document != NULL ? workbench_document_get_selection (self->document) : NULL;

  for (gsize i = 0; i < batch->count; i++)
    {
      Sorted one = { workbench_image (synthesis, (guint) i), key_of (&batch->facts[i], self->order) };

      if ((self->label == WORKBENCH_ALL_CLASSES || batch->facts[i].label == self->label)
          && (selection == NULL || workbench_selection_contains (selection, one.image)))
        g_array_append_val (sorted, one);
    }
}

static int
compare_syntheses (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

/* of the pool, in the order in which they were drawn */
static void
add_all_sorted (WorkbenchAlbum *self, GArray *sorted)
{
  g_autoptr (GArray) syntheses = g_array_new (FALSE, FALSE, sizeof (guint));
  GHashTableIter iter;
  gpointer synthesis;

  g_hash_table_iter_init (&iter, self->batches);
  while (g_hash_table_iter_next (&iter, &synthesis, NULL))
    g_array_append_val (syntheses, (guint){ GPOINTER_TO_UINT (synthesis) });
  g_array_sort (syntheses, compare_syntheses);
  for (guint i = 0; i < syntheses->len; i++)
    {
      guint drawn = g_array_index (syntheses, guint, i);

      add_sorted (self, sorted, drawn, g_hash_table_lookup (self->batches, GUINT_TO_POINTER (drawn)));
    }
}

static void
add_test (WorkbenchAlbum *self)
{
  const WorkbenchBatchFacts *test = workbench_test_images_find_facts (self->document);

  if (test != NULL)
    add_sorted (self, self->sorted, WORKBENCH_TEST_SYNTHESIS, test);
}

static void
tell_sorted (WorkbenchAlbum *self)
{
  g_clear_handle_id (&self->sorting, g_source_remove);
  g_array_set_size (self->fresh, 0);
  g_hash_table_remove_all (self->gone);
  g_clear_pointer (&self->positions, g_hash_table_unref);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
sort (WorkbenchAlbum *self)
{
  g_array_set_size (self->sorted, 0);
  if (self->source == WORKBENCH_ALBUM_POOL)
    add_all_sorted (self, self->sorted);
  else if (self->source == WORKBENCH_ALBUM_TEST)
    add_test (self);
  else if (self->present != NULL)
    add_sorted (self, self->sorted, self->present_synthesis, self->present);
  if (self->order != WORKBENCH_ORDER_DRAWN)
    g_array_sort_with_data (self->sorted, compare, GINT_TO_POINTER (self->descending));
  tell_sorted (self);
}

/* without the images of @gone */
static void
leave_out (GArray *sorted, GHashTable *gone)
{
  guint kept = 0;

  for (guint i = 0; i < sorted->len; i++)
    {
      const Sorted one = g_array_index (sorted, Sorted, i);

      if (!g_hash_table_contains (gone, GUINT_TO_POINTER (workbench_image_synthesis (one.image))))
        g_array_index (sorted, Sorted, kept++) = one;
    }
  g_array_set_size (sorted, kept);
}

/* @fresh, which is sorted too, into @sorted: from the end, where those that were drawn last belong */
static void
merge (GArray *sorted, const GArray *fresh, gpointer descending)
{
  guint i = sorted->len, j = fresh->len;

  g_array_set_size (sorted, i + j);
  while (j > 0)
    {
      const Sorted *one = &g_array_index (fresh, Sorted, j - 1);

      if (i > 0 && compare (&g_array_index (sorted, Sorted, i - 1), one, descending) > 0)
        {
          i--;
          g_array_index (sorted, Sorted, i + j) = g_array_index (sorted, Sorted, i);
        }
      else
        {
          j--;
          g_array_index (sorted, Sorted, i + j) = *one;
        }
    }
}

/* what has come and gone, alone: there are many more images in the pool */
static gboolean
on_sort_due (gpointer data)
{
  WorkbenchAlbum *self = data;
  gpointer descending = GINT_TO_POINTER (self->descending);

  self->sorting = 0;
  if (g_hash_table_size (self->gone) > 0)
    leave_out (self->sorted, self->gone);
  g_array_sort_with_data (self->fresh, compare, descending);
  merge (self->sorted, self->fresh, descending);
  tell_sorted (self);
  return G_SOURCE_REMOVE;
}

/* where in the sorted ones what is shown at @position stands; and the other way round */
static guint
place_of (WorkbenchAlbum *self, guint position)
{
  return self->order == WORKBENCH_ORDER_DRAWN && self->descending ? self->sorted->len - 1 - position : position;
}

int
workbench_album_find (WorkbenchAlbum *self, WorkbenchImage image)
{
  if (self->positions == NULL)
    {
      self->positions = g_hash_table_new (dfkd_id_hash, g_int64_equal);
      for (guint i = 0; i < self->sorted->len; i++)
        g_hash_table_insert (self->positions, &g_array_index (self->sorted, Sorted, i).image, GUINT_TO_POINTER (place_of (self, i) + 1));
    }
  return GPOINTER_TO_INT (g_hash_table_lookup (self->positions, &image)) - 1;
}

/* ------------------------------------------------------------------------------------------------ reading the pool */

static void
sort_soon (WorkbenchAlbum *self)
{
  if (self->sorting == 0 && self->source == WORKBENCH_ALBUM_POOL)
    self->sorting = g_timeout_add (SORT_AFTER, on_sort_due, self);
}

static void
on_batch (const DfkdPictures *pictures, gpointer data)
{
  WorkbenchAlbum *self = data;
  WorkbenchBatchFacts *batch = workbench_batch_facts_new (pictures);

  learn_shape (self, pictures);
  g_hash_table_insert (self->batches, GUINT_TO_POINTER (pictures->synthesis), batch);
  if (self->source == WORKBENCH_ALBUM_POOL)
    add_sorted (self, self->fresh, pictures->synthesis, batch);
  sort_soon (self);
}

static void
on_gone (guint synthesis, gpointer data)
{
  WorkbenchAlbum *self = data;

  g_hash_table_remove (self->batches, GUINT_TO_POINTER (synthesis));
  g_hash_table_add (self->gone, GUINT_TO_POINTER (synthesis));
  leave_out (self->fresh, self->gone);
  sort_soon (self);
}

static void
walk (WorkbenchAlbum *self)
{
  static const WorkbenchHistoryVisitor visitor = { on_batch, on_gone };

  if (self->walk == NULL && self->history != NULL && self->source == WORKBENCH_ALBUM_POOL)
    self->walk = workbench_history_walk_new (self->history, &visitor, self);
}

/* ------------------------------------------------------------------------------------------------------ one batch */

static gboolean
is_lost (WorkbenchAlbum *self, guint index)
{
  return workbench_history_is_lost (self->history, workbench_history_get_synthesis (self->history, index));
}

/* the last that is kept up to the one that is wanted, or the first, without those that turned out to be damaged; 0: there is none */
static guint
find_kept (WorkbenchAlbum *self)
{
  const guint length = self->history != NULL ? workbench_history_get_length (self->history) : 0;
  guint first = 0, end = length; /* what is before @first is not after the one that is wanted; what @end names is */

  while (first < end)
    {
      const guint middle = first + (end - first) / 2;

      if (workbench_history_get_synthesis (self->history, middle) <= self->wanted)
        first = middle + 1;
      else
        end = middle;
    }
  while (first > 0 && is_lost (self, first - 1))
    first--;
  if (first > 0)
    return workbench_history_get_synthesis (self->history, first - 1);
  while (first < length && is_lost (self, first))
    first++;
  return first < length ? workbench_history_get_synthesis (self->history, first) : 0;
}

/* whether the document's own pictures are listed: those that form */
static gboolean
lists_newest (WorkbenchAlbum *self)
{
  return self->source != WORKBENCH_ALBUM_SYNTHESIS
         || (workbench_document_get_pictures (self->document) != NULL && (self->wanted == WORKBENCH_NEWEST_SYNTHESIS || find_kept (self) == 0));
}

static void
set_present (WorkbenchAlbum *self, DfkdPictures *pictures)
{
  g_clear_pointer (&self->present, g_free);
  g_clear_pointer (&self->listed, dfkd_pictures_unref);
  if (pictures != NULL)
    {
      learn_shape (self, pictures);
      if (self->source == WORKBENCH_ALBUM_SYNTHESIS)
        self->listed = dfkd_pictures_ref (pictures);
      self->present = workbench_batch_facts_new (pictures);
      self->present_synthesis = pictures->synthesis;
    }
  if (self->source == WORKBENCH_ALBUM_BATCH || self->source == WORKBENCH_ALBUM_SYNTHESIS)
    sort (self);
}

/* what was listed stays while the next is read */
static void
list_present (WorkbenchAlbum *self)
{
  DfkdPictures *pictures;
  guint kept;

  if (self->document == NULL || lists_newest (self))
    {
      set_present (self, self->document != NULL ? workbench_document_get_pictures (self->document) : NULL);
      return;
    }
  kept = find_kept (self);
  pictures = kept > 0 ? workbench_history_get (self->history, kept) : NULL;
  if (pictures != NULL || kept == 0)
    set_present (self, pictures);
}

static void
on_loaded (WorkbenchHistory *history, guint synthesis, WorkbenchAlbum *self)
{
  if (workbench_history_is_lost (history, synthesis)) /* it adds nothing to the list, but is told of */
    sort_soon (self);
  if (self->source == WORKBENCH_ALBUM_SYNTHESIS && self->document != NULL && !lists_newest (self))
    {
      const guint kept = find_kept (self); /* another one, where this is lost */

      if (synthesis == kept || self->present == NULL || self->present_synthesis != kept)
        list_present (self);
    }
  g_signal_emit (self, signals[LOADED], 0);
}

static void
on_history (WorkbenchHistory *history, WorkbenchAlbum *self)
{
  if (self->source == WORKBENCH_ALBUM_SYNTHESIS)
    list_present (self);
}

static void
on_pictures (WorkbenchDocument *document, WorkbenchAlbum *self)
{
  if (lists_newest (self))
    set_present (self, workbench_document_get_pictures (document));
}

DfkdPictures *
workbench_album_get_pictures (WorkbenchAlbum *self, WorkbenchImage image)
{
  guint synthesis = workbench_image_synthesis (image);
  DfkdPictures *pictures = self->document != NULL ? workbench_document_get_pictures (self->document) : NULL;

  if (workbench_image_is_test (image))
    return workbench_test_images_find_pictures (self->document);
  if (self->listed != NULL && self->listed->synthesis == synthesis)
    return self->listed;
  if (pictures != NULL && pictures->synthesis == synthesis
      && (self->source == WORKBENCH_ALBUM_BATCH || self->history == NULL || workbench_history_find (self->history, synthesis) < 0))
    return pictures;
  return self->history != NULL ? workbench_history_get (self->history, synthesis) : NULL;
}

static void
on_selection (WorkbenchSelection *selection, WorkbenchAlbum *self)
{
  if (self->selected_only)
    sort (self);
}

static void
on_test (WorkbenchTestImages *test, WorkbenchAlbum *self)
{
  const DfkdPictures *pictures = workbench_test_images_get_pictures (test);

  if (pictures != NULL)
    learn_shape (self, pictures);
  sort (self);
}

static void
let_go_of_test (WorkbenchAlbum *self)
{
  if (self->test != NULL)
    g_signal_handlers_disconnect_by_data (self->test, self);
  g_clear_object (&self->test);
}

/* they are read only where somebody wants to see them */
static void
ask_for_test (WorkbenchAlbum *self)
{
  let_go_of_test (self);
  if (self->document == NULL || self->source != WORKBENCH_ALBUM_TEST)
    return;
  self->test = g_object_ref (workbench_test_images_of (self->document));
  g_signal_connect (self->test, "loaded", G_CALLBACK (on_test), self);
  if (workbench_test_images_get_pictures (self->test) != NULL)
    learn_shape (self, workbench_test_images_get_pictures (self->test));
}

static void
let_go_of_document (WorkbenchAlbum *self)
{
  let_go_of_test (self);
  if (self->document == NULL)
    return;
  g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
  g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
}

/* ------------------------------------------------------------------------------------------------------ settings */

void
workbench_album_set_document (WorkbenchAlbum *self, WorkbenchDocument *document)
{
  WorkbenchHistory *history = document != NULL ? workbench_document_get_history (document) : NULL;

  g_clear_pointer (&self->walk, workbench_history_walk_free);
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_data (self->history, self);
  let_go_of_document (self);
  g_set_object (&self->document, document);
  g_set_object (&self->history, history);
  g_hash_table_remove_all (self->batches);
  g_clear_pointer (&self->present, g_free);
  g_clear_pointer (&self->listed, dfkd_pictures_unref);
  g_clear_pointer (&self->past, g_free);
  self->height = self->width = self->classes = 0;
  if (document != NULL)
    {
      g_signal_connect (document, "pictures", G_CALLBACK (on_pictures), self);
      g_signal_connect (workbench_document_get_selection (document), "changed", G_CALLBACK (on_selection), self);
      list_present (self);
      ask_for_test (self);
    }
  if (self->history != NULL)
    {
      g_signal_connect (self->history, "loaded", G_CALLBACK (on_loaded), self);
      g_signal_connect (self->history, "changed", G_CALLBACK (on_history), self);
    }
  sort (self);
  walk (self);
}

void
workbench_album_set_source (WorkbenchAlbum *self, WorkbenchAlbumSource source)
{
  if (source == self->source)
    return;
  self->source = source;
  ask_for_test (self);
  g_clear_pointer (&self->present, g_free);
  g_clear_pointer (&self->listed, dfkd_pictures_unref);
  list_present (self);
  sort (self);
  walk (self);
}

WorkbenchAlbumSource
workbench_album_get_source (WorkbenchAlbum *self)
{
  return self->source;
}

void
workbench_album_set_synthesis (WorkbenchAlbum *self, guint synthesis)
{
  if (synthesis == self->wanted)
    return;
  self->wanted = synthesis;
  if (self->source == WORKBENCH_ALBUM_SYNTHESIS)
    list_present (self);
}

guint
workbench_album_get_synthesis (WorkbenchAlbum *self)
{
  if (self->source == WORKBENCH_ALBUM_TEST)
    return workbench_test_images_find_pictures (self->document) != NULL ? WORKBENCH_TEST_SYNTHESIS : 0;
  return self->source != WORKBENCH_ALBUM_POOL && self->present != NULL ? self->present_synthesis : 0;
}

void
workbench_album_set_order (WorkbenchAlbum *self, WorkbenchOrder order, gboolean descending)
{
  if (order == self->order && descending == self->descending)
    return;
  self->order = order;
  self->descending = descending;
  sort (self);
}

void
workbench_album_set_class (WorkbenchAlbum *self, int label)
{
  if (label == self->label)
    return;
  self->label = label;
  sort (self);
}

void
workbench_album_set_selected_only (WorkbenchAlbum *self, gboolean selected_only)
{
  if (selected_only == self->selected_only)
    return;
  self->selected_only = selected_only;
  sort (self);
}

gboolean
workbench_album_get_selected_only (WorkbenchAlbum *self)
{
  return self->selected_only;
}

guint
workbench_album_get_length (WorkbenchAlbum *self)
{
  return self->sorted->len;
}

WorkbenchImage
workbench_album_get_image (WorkbenchAlbum *self, guint position)
{
  g_return_val_if_fail (position < self->sorted->len, WORKBENCH_NO_IMAGE);
  return g_array_index (self->sorted, Sorted, place_of (self, position)).image;
}

gboolean
workbench_album_get_size (WorkbenchAlbum *self, guint *height, guint *width)
{
  *height = self->height;
  *width = self->width;
  return self->width > 0;
}

guint
workbench_album_get_classes (WorkbenchAlbum *self)
{
  return self->classes;
}

WorkbenchReading
workbench_album_get_reading (WorkbenchAlbum *self)
{
  const guint read = g_hash_table_size (self->batches);

  return self->history != NULL ? workbench_history_get_reading (self->history, read) : (WorkbenchReading){ read, 0, 0 };
}

static void
workbench_album_dispose (GObject *object)
{
  WorkbenchAlbum *self = WORKBENCH_ALBUM (object);

  g_clear_pointer (&self->walk, workbench_history_walk_free);
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_data (self->history, self);
  let_go_of_document (self);
  g_clear_object (&self->history);
  g_clear_handle_id (&self->sorting, g_source_remove);
  G_OBJECT_CLASS (workbench_album_parent_class)->dispose (object);
}

static void
workbench_album_finalize (GObject *object)
{
  WorkbenchAlbum *self = WORKBENCH_ALBUM (object);

  g_hash_table_unref (self->batches);
  g_clear_pointer (&self->positions, g_hash_table_unref);
  g_array_unref (self->sorted);
  g_array_unref (self->fresh);
  g_hash_table_unref (self->gone);
  g_free (self->present);
  g_clear_pointer (&self->listed, dfkd_pictures_unref);
  g_free (self->past);
  G_OBJECT_CLASS (workbench_album_parent_class)->finalize (object);
}

static void
workbench_album_class_init (WorkbenchAlbumClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_album_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_album_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_ALBUM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOADED] = g_signal_new ("loaded", WORKBENCH_TYPE_ALBUM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_album_init (WorkbenchAlbum *self)
{
  self->label = WORKBENCH_ALL_CLASSES;
  self->wanted = WORKBENCH_NEWEST_SYNTHESIS;
  self->batches = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->sorted = g_array_new (FALSE, FALSE, sizeof (Sorted));
  self->fresh = g_array_new (FALSE, FALSE, sizeof (Sorted));
  self->gone = g_hash_table_new (NULL, NULL);
}

WorkbenchAlbum *
workbench_album_new (void)
{
  return g_object_new (WORKBENCH_TYPE_ALBUM, NULL);
}
