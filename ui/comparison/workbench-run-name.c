/* workbench-run-name.c: a drawing and a label. */
#include "workbench-run-name.h"

#include "workbench-overlays.h"
#include "workbench-plot.h"

enum {
  KEY_WIDTH = 22, /* pixels: a dash is seen whole */
  KEY_HEIGHT = 8,
};

static void
draw_key (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  GdkRGBA colour = workbench_overlays_colour (index);

  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 3.0);
  workbench_plot_dash (cr, index + 1);
  cairo_move_to (cr, 0.0, 0.5 * height);
  cairo_line_to (cr, width, 0.5 * height);
  cairo_stroke (cr);
}

GtkWidget *
workbench_run_name_new (guint index, const char *name, int longest)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *key = gtk_drawing_area_new (), *label = gtk_label_new (name);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (key), KEY_WIDTH);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (key), KEY_HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (key), draw_key, GUINT_TO_POINTER (index), NULL);
  gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), longest);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (longest, (int) g_utf8_strlen (name, -1)));
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_box_append (GTK_BOX (box), key);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}
