/* workbench-test-images.c: a job that reads, and what it has read. */
#include "workbench-test-images.h"

#include "workbench-job.h"

#include <glib/gi18n.h>

/* what the job is given, and gives */
typedef struct {
  DfkdRecipe *recipe;
  DfkdPictures *pictures;
  GError *error;
} Reading;

struct _WorkbenchTestImages
{
  GObject parent_instance;

  WorkbenchJob *job; /* until it is done */
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
free_reading (gpointer data)
{
  Reading *reading = data;

  dfkd_recipe_free (reading->recipe);
  dfkd_pictures_unref (reading->pictures);
  g_clear_error (&reading->error);
  g_free (reading);
}

static void
read_images (gpointer data, const gint *stop)
{
  Reading *reading = data;

  reading->pictures = dfkd_test_images_load (reading->recipe, DFKD_TEST_IMAGES, stop, &reading->error);
  if (reading->pictures != NULL)
    reading->pictures->synthesis = WORKBENCH_TEST_SYNTHESIS;
}

static void
on_read (gpointer owner, gpointer data)
{
  WorkbenchTestImages *self = owner;
  Reading *reading = data;

  self->job = NULL;
  self->pictures = g_steal_pointer (&reading->pictures);
  if (self->pictures != NULL)
    self->facts = workbench_batch_facts_new (self->pictures);
  else
    self->problem = g_strdup (reading->error->message);
  g_signal_emit (self, signals[LOADED], 0);
}

DfkdPictures *
workbench_test_images_get_pictures (WorkbenchTestImages *self)
{
  return self->pictures;
}

const char *
workbench_test_images_get_reason (WorkbenchTestImages *self)
{
  return self->job != NULL ? _("Test images are being read") : self->problem;
}

const char *
workbench_test_images_no_match (void)
{
  return _("The teacher has changed since this run: its features are others");
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
  Reading *reading;

  if (self != NULL)
    return self;
  self = g_object_new (WORKBENCH_TYPE_TEST_IMAGES, NULL);
  reading = g_new0 (Reading, 1);
  reading->recipe = dfkd_recipe_copy (workbench_document_get_recipe (document));
  self->job = workbench_job_start (read_images, on_read, self, reading, free_reading);
  g_object_set_data_full (G_OBJECT (document), KEY, self, g_object_unref);
  return self;
}

static void
workbench_test_images_finalize (GObject *object)
{
  WorkbenchTestImages *self = WORKBENCH_TEST_IMAGES (object);

  g_clear_pointer (&self->job, workbench_job_stop);
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
}
