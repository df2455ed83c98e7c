/* workbench-run-images.c: a heading over a grid, or over a sentence that says why there is none. */
#include "workbench-run-images.h"

#include "workbench-containers.h"
#include "workbench-glance.h"
#include "workbench-image-grid.h"
#include "workbench-image-text.h"
#include "workbench-readout.h"
#include "workbench-run-name.h"

#include <glib/gi18n.h>

struct _WorkbenchRunImages
{
  GtkBox parent_instance;

  GtkBox *heading;
  WorkbenchReadout *text;
  GtkStack *pages;
  WorkbenchImageGrid *grid;
  GtkLabel *empty;

  WorkbenchDocument *document;
  WorkbenchAlbum *album;
  guint zoom; /* as it was set */
  WorkbenchGlance news;
};

G_DEFINE_FINAL_TYPE (WorkbenchRunImages, workbench_run_images, GTK_TYPE_BOX)

enum {
  LONGEST_NAME = 28, /* letters */
};

enum {
  LOOKED_AT,
  ZOOMED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
describe (WorkbenchImage image, gpointer data)
{
  WorkbenchRunImages *self = data;

  return workbench_image_text_new (self->album, self->document, image);
}

static void
update (gpointer data)
{
  WorkbenchRunImages *self = data;
  g_autofree char *text = workbench_batch_text_new (self->album, self->document);

  workbench_readout_set_text (self->text, text);
  gtk_label_set_text (self->empty, workbench_batch_reason (self->album, self->document));
}

static void
order_update (WorkbenchRunImages *self)
{
  if (self->album != NULL)
    workbench_glance_order (&self->news, update, self);
}

static void
on_changed (WorkbenchAlbum *album, WorkbenchRunImages *self)
{
  gtk_stack_set_visible_child_name (self->pages, workbench_album_get_length (album) > 0 ? "images" : "empty");
  order_update (self); /* the batch that forms comes at each step */
}

static void
on_zoom (WorkbenchImageGrid *grid, GParamSpec *spec, WorkbenchRunImages *self)
{
  if (workbench_image_grid_get_zoom (grid) != self->zoom) /* somebody turned the wheel here */
    g_signal_emit (self, signals[ZOOMED], 0, workbench_image_grid_get_zoom (grid));
}

static void
on_focus (WorkbenchRunImages *self)
{
  g_signal_emit (self, signals[LOOKED_AT], 0);
}

WorkbenchDocument *
workbench_run_images_get_document (WorkbenchRunImages *self)
{
  return self->document;
}

WorkbenchAlbum *
workbench_run_images_get_album (WorkbenchRunImages *self)
{
  return self->album;
}

void
workbench_run_images_set_look (WorkbenchRunImages *self, guint zoom, gboolean frames)
{
  self->zoom = zoom;
  workbench_image_grid_set_zoom (self->grid, zoom);
  workbench_image_grid_set_frames (self->grid, frames);
}

static void
workbench_run_images_dispose (GObject *object)
{
  WorkbenchRunImages *self = WORKBENCH_RUN_IMAGES (object);

  workbench_glance_cancel (&self->news);
  if (self->album != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->album, self);
      workbench_album_set_document (self->album, NULL);
    }
  g_clear_object (&self->album);
  g_clear_object (&self->document);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_run_images_parent_class)->dispose (object);
}

static void
workbench_run_images_class_init (WorkbenchRunImagesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKBENCH_TYPE_IMAGE_GRID);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  G_OBJECT_CLASS (klass)->dispose = workbench_run_images_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-run-images.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchRunImages, name)
  BIND (heading);
  BIND (text);
  BIND (pages);
  BIND (grid);
  BIND (empty);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_zoom);
  signals[LOOKED_AT] = g_signal_new ("looked-at", WORKBENCH_TYPE_RUN_IMAGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ZOOMED] = g_signal_new ("zoomed", WORKBENCH_TYPE_RUN_IMAGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
workbench_run_images_init (WorkbenchRunImages *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
workbench_run_images_new (WorkbenchDocument *document, guint index)
{
  WorkbenchRunImages *self = g_object_new (WORKBENCH_TYPE_RUN_IMAGES, NULL);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  const char *title = workbench_document_get_name (document);
  g_autofree char *label = g_strdup_printf (_("Images of %s"), title);

  self->document = g_object_ref (document);
  self->album = workbench_album_new ();
  gtk_box_prepend (self->heading, workbench_run_name_new (index, title, LONGEST_NAME));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  workbench_image_grid_set_describe (self->grid, describe, self);
  workbench_image_grid_set_looks (self->grid, TRUE); /* another window may have chosen some of this run */
  g_signal_connect_object (document, "loaded", G_CALLBACK (order_update), self, G_CONNECT_SWAPPED); /* by then it is known what it is */
  g_signal_connect_object (document, "status", G_CALLBACK (order_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (on_focus), self);
  gtk_widget_add_controller (GTK_WIDGET (self->grid), focus);
  workbench_album_set_source (self->album, WORKBENCH_ALBUM_SYNTHESIS);
  g_signal_connect (self->album, "changed", G_CALLBACK (on_changed), self);
  workbench_image_grid_set_album (self->grid, self->album, workbench_document_get_selection (document));
  workbench_album_set_document (self->album, document);
  update (self);
  return GTK_WIDGET (self);
}
