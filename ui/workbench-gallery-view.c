/* workbench-gallery-view.c: the newest batch as one picture. */
#include "workbench-gallery-view.h"

#include "workbench-batch-paintable.h"

#include <glib/gi18n.h>

struct _WorkbenchGalleryView
{
  GtkBox parent_instance;

  GtkLabel *title;
  GtkPicture *batch;

  WorkbenchBatchPaintable *paintable;
  WorkbenchDocument *document;
};

static void workbench_gallery_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchGalleryView, workbench_gallery_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_gallery_view_view_init))

static void
on_pictures (WorkbenchDocument *document, WorkbenchGalleryView *self)
{
  DfkdPictures *pictures = workbench_document_get_pictures (document);
  g_autofree char *text = NULL;

  if (pictures == NULL)
    {
      gtk_label_set_text (self->title, _("The first batch is under way"));
      return;
    }
  text = g_strdup_printf (_("Batch being synthesised: synthesis %u, inner step %u"), pictures->synthesis, pictures->inner);
  gtk_label_set_text (self->title, text);
  workbench_batch_paintable_set_pictures (self->paintable, pictures);
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (view);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document == NULL)
    return;
  g_signal_connect (document, "pictures", G_CALLBACK (on_pictures), self);
  on_pictures (document, self);
}

static void
workbench_gallery_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
}

static void
workbench_gallery_view_dispose (GObject *object)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);
  g_clear_object (&self->paintable);
  G_OBJECT_CLASS (workbench_gallery_view_parent_class)->dispose (object);
}

static void
workbench_gallery_view_class_init (WorkbenchGalleryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_gallery_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-gallery-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchGalleryView, title);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchGalleryView, batch);
}

static void
workbench_gallery_view_init (WorkbenchGalleryView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->paintable = workbench_batch_paintable_new ();
  gtk_picture_set_paintable (self->batch, GDK_PAINTABLE (self->paintable));
}
