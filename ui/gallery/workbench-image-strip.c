/* workbench-image-strip.c: a flow box of pictures. */
#include "workbench-image-strip.h"

#include "workbench-containers.h"
#include "workbench-image-paintable.h"

enum {
  SIDE = 64, /* pixels that an image may take */
};

typedef struct {
  WorkbenchImagePaintable *paintable;
  GtkWidget *child, *picture, *caption;
} Cell;

struct _WorkbenchImageStrip
{
  GtkBox parent_instance;

  GtkFlowBox *box;
  GArray *cells; /* of Cell */
};

G_DEFINE_FINAL_TYPE (WorkbenchImageStrip, workbench_image_strip, GTK_TYPE_BOX)

static guint activated_signal;

static void
add_cell (WorkbenchImageStrip *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  Cell cell = { .paintable = workbench_image_paintable_new (SIDE), .caption = gtk_label_new (NULL), .child = gtk_flow_box_child_new () };

  cell.picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (cell.paintable));
  gtk_picture_set_can_shrink (GTK_PICTURE (cell.picture), FALSE);
  gtk_widget_set_halign (cell.picture, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (cell.picture, GTK_ALIGN_START);
  gtk_widget_add_css_class (cell.caption, "caption");
  gtk_widget_add_css_class (cell.caption, "dim-label");
  gtk_box_append (GTK_BOX (box), cell.picture);
  gtk_box_append (GTK_BOX (box), cell.caption);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (cell.child), box);
  gtk_flow_box_insert (self->box, cell.child, -1);
  g_array_append_val (self->cells, cell);
}

static void
clear_cell (gpointer data)
{
  Cell *cell = data;

  g_object_unref (cell->paintable);
}

void
workbench_image_strip_set_count (WorkbenchImageStrip *self, guint count)
{
  while (self->cells->len > count)
    {
      gtk_flow_box_remove (self->box, g_array_index (self->cells, Cell, self->cells->len - 1).child);
      g_array_set_size (self->cells, self->cells->len - 1);
    }
  while (self->cells->len < count)
    add_cell (self);
  gtk_widget_set_visible (GTK_WIDGET (self), count > 0);
}

guint
workbench_image_strip_get_count (WorkbenchImageStrip *self)
{
  return self->cells->len;
}

void
workbench_image_strip_set_image (WorkbenchImageStrip *self, guint at, const DfkdPictures *pictures, gsize index, const char *caption,
                                 const char *description)
{
  const Cell *cell = &g_array_index (self->cells, Cell, at);

  workbench_image_paintable_set_image (cell->paintable, pictures, index);
  gtk_label_set_text (GTK_LABEL (cell->caption), caption != NULL ? caption : "");
  gtk_widget_set_visible (cell->caption, caption != NULL);
  gtk_widget_set_tooltip_text (cell->child, description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell->child), GTK_ACCESSIBLE_PROPERTY_LABEL, description != NULL ? description : "", -1);
}

static void
on_activated (GtkFlowBox *box, GtkFlowBoxChild *child, WorkbenchImageStrip *self)
{
  g_signal_emit (self, activated_signal, 0, (guint) gtk_flow_box_child_get_index (child));
}

static void
workbench_image_strip_dispose (GObject *object)
{
  workbench_clear_box (GTK_BOX (object));
  G_OBJECT_CLASS (workbench_image_strip_parent_class)->dispose (object);
}

static void
workbench_image_strip_finalize (GObject *object)
{
  g_array_unref (WORKBENCH_IMAGE_STRIP (object)->cells);
  G_OBJECT_CLASS (workbench_image_strip_parent_class)->finalize (object);
}

static void
workbench_image_strip_class_init (WorkbenchImageStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_image_strip_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_image_strip_finalize;
  activated_signal = g_signal_new ("activated", WORKBENCH_TYPE_IMAGE_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "image-strip");
}

static void
workbench_image_strip_init (WorkbenchImageStrip *self)
{
  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (self->cells, clear_cell);
  self->box = g_object_new (GTK_TYPE_FLOW_BOX, "selection-mode", GTK_SELECTION_NONE, "homogeneous", TRUE, "halign", GTK_ALIGN_START, "valign", GTK_ALIGN_START,
                            "max-children-per-line", 100, NULL);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->box));
  g_signal_connect (self->box, "child-activated", G_CALLBACK (on_activated), self);
}
