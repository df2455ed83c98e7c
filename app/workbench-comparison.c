/* workbench-comparison.c: a list of documents, of which those that were opened for it are closed again. */
#include "workbench-comparison.h"

#include <glib/gi18n.h>

struct _WorkbenchComparison
{
  GObject parent_instance;

  GPtrArray *documents;
};

G_DEFINE_FINAL_TYPE (WorkbenchComparison, workbench_comparison, G_TYPE_OBJECT)

enum {
  CHANGED,
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
refuse (WorkbenchComparison *self, const char *message)
{
  g_signal_emit (self, signals[PROBLEM], 0, message);
  return FALSE;
}

static gboolean
has_room (WorkbenchComparison *self, const char *folder)
{
  if (workbench_comparison_contains (self, folder))
    return refuse (self, _("This run is drawn already"));
  if (self->documents->len >= WORKBENCH_MOST_COMPARED)
    return refuse (self, _("Six runs are drawn beside the present one; remove one first"));
  return TRUE;
}

/* two of one note are told apart by their folders */
static void
part_names (WorkbenchComparison *self, WorkbenchDocument *document)
{
  gboolean same = FALSE;

  for (guint i = 0; i < self->documents->len; i++)
    if (g_str_equal (workbench_document_get_name (g_ptr_array_index (self->documents, i)), workbench_document_get_name (document)))
      {
        workbench_document_go_by_title (g_ptr_array_index (self->documents, i));
        same = TRUE;
      }
  if (same)
    workbench_document_go_by_title (document);
}

static void
add (WorkbenchComparison *self, WorkbenchDocument *document)
{
  part_names (self, document);
  g_ptr_array_add (self->documents, g_object_ref (document));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_loaded (WorkbenchDocument *document, WorkbenchComparison *self)
{
  const char *problem = workbench_document_get_problem (document);
  guint index;

  if (problem == NULL || !g_ptr_array_find (self->documents, document, &index))
    return;
  refuse (self, problem);
  workbench_comparison_remove (self, index);
}

static WorkbenchDocument *
open_document (WorkbenchComparison *self, const char *folder, GError **error)
{
  WorkbenchDocument *document = workbench_document_open (folder, error);

  if (document != NULL)
    g_signal_connect_object (document, "loaded", G_CALLBACK (on_loaded), self, 0);
  return document;
}

gboolean
workbench_comparison_open (WorkbenchComparison *self, const char *folder)
{
  g_autoptr (WorkbenchDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  if (!has_room (self, folder))
    return FALSE;
  document = open_document (self, folder, &error);
  if (document == NULL)
    return refuse (self, error->message);
  add (self, document);
  return TRUE;
}

/* one that goes on elsewhere is still read there */
static void
leave (WorkbenchComparison *self, WorkbenchDocument *document)
{
  WorkbenchRun *run = workbench_document_get_run (document);

  g_signal_handlers_disconnect_by_data (document, self);
  if (run != NULL)
    g_signal_handlers_disconnect_by_data (run, self);
  else
    workbench_document_close (document);
}

/* What its window no longer tells comes from its folder, should somebody go on with it. */
static void
on_left (WorkbenchRun *run, WorkbenchComparison *self)
{
  for (guint i = 0; i < self->documents->len; i++)
    {
      WorkbenchDocument *document = g_ptr_array_index (self->documents, i), *opened;

      if (workbench_document_get_run (document) != run)
        continue;
      opened = open_document (self, workbench_document_get_folder (document), NULL);
      if (opened == NULL)
        return;
      leave (self, document);
      self->documents->pdata[i] = opened;
      g_object_unref (document);
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
}

gboolean
workbench_comparison_join (WorkbenchComparison *self, WorkbenchDocument *document)
{
  if (!has_room (self, workbench_document_get_folder (document)))
    return FALSE;
  g_signal_connect_object (workbench_document_get_run (document), "left", G_CALLBACK (on_left), self, 0);
  add (self, document);
  return TRUE;
}

gboolean
workbench_comparison_contains (WorkbenchComparison *self, const char *folder)
{
  for (guint i = 0; i < self->documents->len; i++)
    if (g_strcmp0 (workbench_document_get_folder (g_ptr_array_index (self->documents, i)), folder) == 0)
      return TRUE;
  return FALSE;
}

void
workbench_comparison_remove (WorkbenchComparison *self, guint index)
{
  g_return_if_fail (index < self->documents->len);
  leave (self, g_ptr_array_index (self->documents, index));
  g_ptr_array_remove_index (self->documents, index);
  g_signal_emit (self, signals[CHANGED], 0);
}

const GPtrArray *
workbench_comparison_get (WorkbenchComparison *self)
{
  return self->documents;
}

/* --------------------------------------------------------------------------------------------- construction */

static void
workbench_comparison_dispose (GObject *object)
{
  WorkbenchComparison *self = WORKBENCH_COMPARISON (object);

  for (guint i = 0; i < self->documents->len; i++)
    leave (self, g_ptr_array_index (self->documents, i));
  g_ptr_array_set_size (self->documents, 0);
  G_OBJECT_CLASS (workbench_comparison_parent_class)->dispose (object);
}

static void
workbench_comparison_finalize (GObject *object)
{
  g_ptr_array_unref (WORKBENCH_COMPARISON (object)->documents);
  G_OBJECT_CLASS (workbench_comparison_parent_class)->finalize (object);
}

static void
workbench_comparison_class_init (WorkbenchComparisonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_comparison_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_comparison_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_COMPARISON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROBLEM]
      = g_signal_new ("problem", WORKBENCH_TYPE_COMPARISON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
workbench_comparison_init (WorkbenchComparison *self)
{
  self->documents = g_ptr_array_new_with_free_func (g_object_unref);
}

WorkbenchComparison *
workbench_comparison_new (void)
{
  return g_object_new (WORKBENCH_TYPE_COMPARISON, NULL);
}
