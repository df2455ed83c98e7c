/* workbench-latent-hand.c: the hand on the map selects, looks at and takes back. */
#include "workbench-latent-view-private.h"

/* the image of a point, or WORKBENCH_NO_IMAGE */
static WorkbenchImage
image_of (WorkbenchLatentView *self, int index)
{
  gboolean is_one = index >= 0 && self->document != NULL && self->layout != NULL && (gsize) index < workbench_layout_get_count (self->layout);

  return is_one ? workbench_layout_get_ids (self->layout)[index] : WORKBENCH_NO_IMAGE;
}

static void
on_hovered (WorkbenchMap *map, int index, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);
  g_autofree char *text = image != WORKBENCH_NO_IMAGE ? workbench_latent_view_describe (self, image) : NULL;

  gtk_widget_set_tooltip_text (GTK_WIDGET (map), text);
}

static void
on_moved (WorkbenchMap *map, int index, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);

  if (image != WORKBENCH_NO_IMAGE)
    workbench_selection_set_current (workbench_document_get_selection (self->document), image);
}

static void
on_toggled (WorkbenchMap *map, int index, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);

  if (image != WORKBENCH_NO_IMAGE)
    workbench_selection_toggle (workbench_document_get_selection (self->document), image);
}

static void
on_cleared (WorkbenchMap *map, WorkbenchLatentView *self)
{
  if (self->document != NULL)
    workbench_selection_clear (workbench_document_get_selection (self->document));
}

static void
on_clicked (WorkbenchMap *map, int index, guint state, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);
  WorkbenchSelection *selection;

  if (self->document == NULL || self->layout == NULL)
    return;
  selection = workbench_document_get_selection (self->document);
  if (image == WORKBENCH_NO_IMAGE)
    {
      workbench_selection_clear (selection);
      return;
    }
  if ((state & GDK_CONTROL_MASK) != 0)
    workbench_selection_toggle (selection, image);
  else
    workbench_selection_set (selection, &image, 1);
  workbench_selection_set_current (selection, image);
}

static void
on_lassoed (WorkbenchMap *map, GArray *indices, WorkbenchLatentView *self)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));

  if (self->document == NULL || self->layout == NULL)
    return;
  for (guint i = 0; i < indices->len; i++)
    if (g_array_index (indices, guint, i) < workbench_layout_get_count (self->layout))
      g_array_append_val (images, workbench_layout_get_ids (self->layout)[g_array_index (indices, guint, i)]);
  workbench_selection_set (workbench_document_get_selection (self->document), (const WorkbenchImage *) images->data, images->len);
}

void
workbench_latent_view_bind_hand (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_hovered);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_lassoed);
  gtk_widget_class_bind_template_callback (widget_class, on_moved);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_cleared);
}
