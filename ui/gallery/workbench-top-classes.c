/* workbench-top-classes.c: a heading, and a row for each class. */
#include "workbench-top-classes.h"

#include "workbench-classes.h"
#include "workbench-long-name.h"

enum {
  TOP = 3,           /* classes */
  NAME_LETTERS = 10, /* of a class beside its bar */
};

typedef struct {
  GtkWidget *name, *bar, *share;
} Row;

struct _WorkbenchTopClasses
{
  GtkGrid parent_instance;

  GtkWidget *heading;
  Row rows[TOP];
};

G_DEFINE_FINAL_TYPE (WorkbenchTopClasses, workbench_top_classes, GTK_TYPE_GRID)

void
workbench_top_classes_set_heading (WorkbenchTopClasses *self, const char *heading, const char *about)
{
  gtk_label_set_text (GTK_LABEL (self->heading), heading);
  gtk_widget_set_tooltip_text (self->heading, about);
}

void
workbench_top_classes_set_logits (WorkbenchTopClasses *self, WorkbenchDocument *document, const float *logits, guint classes)
{
  g_autoptr (DfkdBatchNumbers) numbers = logits != NULL ? dfkd_batch_numbers_new (logits, NULL, NULL, 1, classes, NULL) : NULL;
  gint32 top[TOP];
  float probability[TOP];
  const guint count = numbers != NULL ? dfkd_batch_numbers_top (numbers->teacher, classes, TOP, top, probability) : 0;

  gtk_widget_set_visible (GTK_WIDGET (self), logits != NULL);
  for (guint i = 0; i < TOP; i++)
    {
      g_autofree char *name = i < count ? workbench_class_name (document, top[i]) : NULL;
      g_autofree char *share = i < count ? g_strdup_printf ("%.0f %%", 100.0 * (double) probability[i]) : NULL;
      const Row *row = &self->rows[i];

      gtk_label_set_text (GTK_LABEL (row->name), name != NULL ? name : "–");
      gtk_label_set_text (GTK_LABEL (row->share), share != NULL ? share : "");
      gtk_level_bar_set_value (GTK_LEVEL_BAR (row->bar), i < count ? (double) probability[i] : 0.0);
    }
}

static void
workbench_top_classes_class_init (WorkbenchTopClassesClass *klass)
{
}

static void
add_row (WorkbenchTopClasses *self, guint i)
{
  static const char *const offsets[] = { GTK_LEVEL_BAR_OFFSET_LOW, GTK_LEVEL_BAR_OFFSET_HIGH, GTK_LEVEL_BAR_OFFSET_FULL };
  Row *row = &self->rows[i];

  row->name = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "width-chars", NAME_LETTERS, NULL);
  workbench_long_name_fit (GTK_LABEL (row->name), NAME_LETTERS);
  row->bar = g_object_new (GTK_TYPE_LEVEL_BAR, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  for (guint j = 0; j < G_N_ELEMENTS (offsets); j++) /* one colour: a share is not better for being large */
    gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (row->bar), offsets[j]);
  row->share = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, "width-chars", 5, NULL);
  gtk_widget_add_css_class (row->name, "caption");
  gtk_widget_add_css_class (row->share, "caption");
  gtk_widget_add_css_class (row->share, "numeric");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row->bar), GTK_ACCESSIBLE_RELATION_LABELLED_BY, row->name, NULL, -1);
  gtk_grid_attach (GTK_GRID (self), row->name, 0, 1 + (int) i, 1, 1);
  gtk_grid_attach (GTK_GRID (self), row->bar, 1, 1 + (int) i, 1, 1);
  gtk_grid_attach (GTK_GRID (self), row->share, 2, 1 + (int) i, 1, 1);
}

static void
workbench_top_classes_init (WorkbenchTopClasses *self)
{
  gtk_grid_set_column_spacing (GTK_GRID (self), 6);
  gtk_grid_set_row_spacing (GTK_GRID (self), 2);
  self->heading = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_widget_add_css_class (self->heading, "caption-heading");
  gtk_grid_attach (GTK_GRID (self), self->heading, 0, 0, 3, 1);
  for (guint i = 0; i < TOP; i++)
    add_row (self, i);
}
