/* workbench-test-images.c: a thread that reads, and what it has read. */
#include "workbench-test-images.h"

#include "workbench-polite-thread.h"

/* shared by the object and its thread: the last one frees it */
typedef struct {
  gatomicrefcount references;
  gint stop; /* atomically */
  DfkdRecipe *recipe;
  DfkdPictures *pictures; /* from here on: the thread's until it has posted them */
  GError *error;
  GWeakRef object;
} Reading;

struct _WorkbenchTestImages
{
  GObject parent_instance;

  Reading *reading;
  DfkdPictures *pictures;
  WorkbenchBatchFacts *facts;
  char *problem;
};

G_DEFINE_FINAL_TYPE (WorkbenchTestImages, workbench_test_images, G_TYPE_OBJECT)

enum {
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char KEY[] = "workbench-test-images"; /* of a document's data */

static void
reading_unref (gpointer data)
{
  Reading *reading = data;

  if (!g_atomic_ref_count_dec (&reading->references))
    return;
  dfkd_recipe_free (reading->recipe);
  dfkd_pictures_unref (reading->pictures);
  g_clear_error (&reading->error);
  g_weak_ref_clear (&reading->object);
  g_free (reading);
}

static gboolean
fetch (gpointer data)
{
  Reading *reading = data;
  g_autoptr (WorkbenchTestImages) self = g_weak_ref_get (&reading->object);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  self->pictures = g_steal_pointer (&reading->pictures);
  if (self->pictures != NULL)
    self->facts = workbench_batch_facts_new (self->pictures);
  else
    self->problem = g_strdup (reading->error->message);
  g_signal_emit (self, signals[LOADED], 0);
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer data)
{
  Reading *reading = data;

  workbench_thread_be_polite ();
  reading->pictures = dfkd_test_images_load (reading->recipe, WORKBENCH_MOST_TEST_IMAGES, &reading->stop, &reading->error);
  if (reading->pictures != NULL)
    reading->pictures->synthesis = WORKBENCH_TEST_SYNTHESIS;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, fetch, reading, reading_unref);
  return NULL;
}

DfkdPictures *
workbench_test_images_get_pictures (WorkbenchTestImages *self)
{
  return self->pictures;
}

const char *
workbench_test_images_get_problem (WorkbenchTestImages *self)
{
  return self->problem;
}

static WorkbenchTestImages *
find (WorkbenchDocument *document)
{
  return document != NULL ? g_object_get_data (G_OBJECT (document), KEY) : NULL;
}

DfkdPictures *
workbench_test_images_find_pictures (WorkbenchDocument *document)
{
  WorkbenchTestImages *self = find (document);

  return self != NULL ? self->pictures : NULL;
}

const WorkbenchBatchFacts *
workbench_test_images_find_facts (WorkbenchDocument *document)
{
  WorkbenchTestImages *self = find (document);

  return self != NULL ? self->facts : NULL;
}

WorkbenchTestImages *
workbench_test_images_of (WorkbenchDocument *document)
{
  WorkbenchTestImages *self = find (document);

  if (self != NULL)
    return self;
  self = g_object_new (WORKBENCH_TYPE_TEST_IMAGES, NULL);
  self->reading->recipe = dfkd_recipe_copy (workbench_document_get_recipe (document));
  g_atomic_ref_count_inc (&self->reading->references);
  g_thread_unref (g_thread_new ("workbench-test-images", work, self->reading));
  g_object_set_data_full (G_OBJECT (document), KEY, self, g_object_unref);
  return self;
}

static void
workbench_test_images_finalize (GObject *object)
{
  WorkbenchTestImages *self = WORKBENCH_TEST_IMAGES (object);

  g_atomic_int_set (&self->reading->stop, 1);
  reading_unref (self->reading);
  dfkd_pictures_unref (self->pictures);
  g_free (self->facts);
  g_free (self->problem);
  G_OBJECT_CLASS (workbench_test_images_parent_class)->finalize (object);
}

static void
workbench_test_images_class_init (WorkbenchTestImagesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_test_images_finalize;
  signals[LOADED] = g_signal_new ("loaded", WORKBENCH_TYPE_TEST_IMAGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_test_images_init (WorkbenchTestImages *self)
{
  self->reading = g_new0 (Reading, 1);
  g_atomic_ref_count_init (&self->reading->references);
  g_weak_ref_init (&self->reading->object, self);
}
