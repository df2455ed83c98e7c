/* workbench-neighbours.c: a search on a thread, a label and a strip of images. */
#include "workbench-neighbours.h"

#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-image-strip.h"
#include "workbench-test-images.h"

enum {
  NEIGHBOURS = 8, /* images */
};

struct _WorkbenchNeighbours
{
  GtkBox parent_instance;

  GtkLabel *line;
  WorkbenchImageStrip *strip;
  char *title, *nothing;

  WorkbenchDocument *document;
  GArray *found; /* of WorkbenchImage */
  GCancellable *cancellable; /* of the search */
};

G_DEFINE_FINAL_TYPE (WorkbenchNeighbours, workbench_neighbours, GTK_TYPE_BOX)

enum {
  TITLE = 1,
  NOTHING,
};

/* ---------------------------------------------------------------------------------------------------- the search */

typedef struct {
  float *rows, *point;
  WorkbenchImage *images;
  gsize n, n_features;
  gssize own;
} Search;

static void
free_search (gpointer data)
{
  Search *search = data;

  g_free (search->rows);
  g_free (search->point);
  g_free (search->images);
  g_free (search);
}

static void
search (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Search *s = data;
  guint32 indices[NEIGHBOURS];
  guint count = dfkd_neighbours_of (s->rows, s->n, s->n_features, s->point, s->own >= 0 ? (guint32) s->own : DFKD_NO_NEIGHBOUR, NEIGHBOURS, indices, NULL);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));

  for (guint i = 0; i < count; i++)
    g_array_append_val (found, s->images[indices[i]]);
  g_task_return_pointer (task, found, (GDestroyNotify) g_array_unref);
}

static void
set_line (WorkbenchNeighbours *self, const char *text)
{
  gtk_label_set_text (self->line, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->line), text != NULL && *text != '\0');
}

static void
on_found (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchNeighbours *self = WORKBENCH_NEIGHBOURS (object);
  GArray *found = g_task_propagate_pointer (G_TASK (result), NULL); /* NULL: it was cancelled */

  if (found == NULL)
    return;
  g_array_unref (self->found);
  self->found = found;
  set_line (self, found->len > 0 ? self->title : self->nothing);
  workbench_neighbours_draw (self);
}

static void
cancel (WorkbenchNeighbours *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
workbench_neighbours_forget (WorkbenchNeighbours *self)
{
  cancel (self);
  g_array_set_size (self->found, 0);
}

void
workbench_neighbours_look (WorkbenchNeighbours *self, const WorkbenchImage *images, const float *rows, gsize n, gsize n_features, const float *point,
                           gssize own)
{
  Search *s = g_new (Search, 1);
  g_autoptr (GTask) task = NULL;

  cancel (self);
  self->cancellable = g_cancellable_new ();
  *s = (Search){ g_memdup2 (rows, n * n_features * sizeof (float)), g_memdup2 (point, n_features * sizeof (float)), g_memdup2 (images, n * sizeof *images), n,
                 n_features, own };
  task = g_task_new (self, self->cancellable, on_found, NULL);
  g_task_set_task_data (task, s, free_search);
  g_task_run_in_thread (task, search);
}

void
workbench_neighbours_say (WorkbenchNeighbours *self, const char *why)
{
  workbench_neighbours_forget (self);
  workbench_image_strip_set_count (self->strip, 0);
  set_line (self, why);
}

const GArray *
workbench_neighbours_get (WorkbenchNeighbours *self)
{
  return self->found;
}

/* ----------------------------------------------------------------------------------------------- what is shown */

static DfkdPictures *
pictures_of (WorkbenchNeighbours *self, WorkbenchImage image)
{
  if (workbench_image_is_test (image))
    return workbench_test_images_find_pictures (self->document);
  return workbench_history_get (workbench_document_get_history (self->document), workbench_image_synthesis (image));
}

void
workbench_neighbours_draw (WorkbenchNeighbours *self)
{
  if (self->found->len > 0)
    workbench_image_strip_set_count (self->strip, self->found->len);
  for (guint i = 0; i < self->found->len; i++)
    {
      WorkbenchImage image = g_array_index (self->found, WorkbenchImage, i);
      DfkdPictures *p = pictures_of (self, image);
      gsize index = workbench_image_index (image);
      g_autofree char *description = NULL;

      if (p == NULL || index >= p->count) /* on its way */
        continue;
      description = workbench_image_name (self->document, image, p->labels[index]);
      workbench_image_strip_set_image (self->strip, i, p, index, NULL, description);
    }
}

static void
on_chosen (WorkbenchImageStrip *strip, guint index, WorkbenchNeighbours *self)
{
  if (self->document != NULL && index < self->found->len)
    workbench_selection_set_current (workbench_document_get_selection (self->document), g_array_index (self->found, WorkbenchImage, index));
}

void
workbench_neighbours_set_document (WorkbenchNeighbours *self, WorkbenchDocument *document)
{
  workbench_neighbours_say (self, NULL);
  g_set_object (&self->document, document);
}

/* ------------------------------------------------------------------------------------------------- construction */

static void
workbench_neighbours_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  WorkbenchNeighbours *self = WORKBENCH_NEIGHBOURS (object);
  char **text = id == TITLE ? &self->title : &self->nothing;

  g_free (*text);
  *text = g_value_dup_string (value);
}

static void
workbench_neighbours_dispose (GObject *object)
{
  WorkbenchNeighbours *self = WORKBENCH_NEIGHBOURS (object);

  cancel (self);
  g_clear_object (&self->document);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_neighbours_parent_class)->dispose (object);
}

static void
workbench_neighbours_finalize (GObject *object)
{
  WorkbenchNeighbours *self = WORKBENCH_NEIGHBOURS (object);

  g_array_unref (self->found);
  g_free (self->title);
  g_free (self->nothing);
  G_OBJECT_CLASS (workbench_neighbours_parent_class)->finalize (object);
}

static void
workbench_neighbours_class_init (WorkbenchNeighboursClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = workbench_neighbours_set_property;
  object_class->dispose = workbench_neighbours_dispose;
  object_class->finalize = workbench_neighbours_finalize;
  g_object_class_install_property (object_class, TITLE, g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, NOTHING, g_param_spec_string ("nothing", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  g_type_ensure (WORKBENCH_TYPE_IMAGE_STRIP);
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), "/org/dfkd/Workbench/ui/workbench-neighbours.ui");
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), WorkbenchNeighbours, line);
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), WorkbenchNeighbours, strip);
  gtk_widget_class_bind_template_callback (GTK_WIDGET_CLASS (klass), on_chosen);
}

static void
workbench_neighbours_init (WorkbenchNeighbours *self)
{
  self->found = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));
  gtk_widget_init_template (GTK_WIDGET (self));
}
