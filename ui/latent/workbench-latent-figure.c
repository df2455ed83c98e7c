/* workbench-latent-figure.c: a title, the map, and a legend. */
#include "workbench-latent-figure.h"

#include "dfkd.h"
#include "workbench-classes.h"
#include "workbench-drawing.h"

enum {
  WIDTH = 800, /* pixels */
  HEIGHT = 720,
  MARGIN = 12,
};

/* Pango markup: the marks of all classes with their names, or the colours' scale. Returns: (transfer full) */
static char *
legend_of (const WorkbenchLatentFigure *f)
{
  const guint classes = workbench_album_get_classes (f->colours->album);
  GString *text;

  if (f->colours->by != WORKBENCH_COLOUR_CLASS)
    {
      g_autofree char *scale = workbench_image_colours_legend (f->colours), *name = g_markup_escape_text (f->scale, -1);

      return g_strdup_printf ("%s:   %s", name, scale);
    }
  text = g_string_new (NULL);
  for (guint i = 0; i < classes; i++)
    {
      WorkbenchClassMark mark = workbench_class_mark ((int) i, classes, f->colours->dark);
      g_autofree char *name = workbench_class_name (f->document, (int) i);

      g_string_append (text, i > 0 ? "   " : "");
      workbench_class_mark_append (&mark, name, text);
    }
  return g_string_free (text, FALSE);
}

/* lines of @markup as wide as a figure, not drawn yet; @height: (out). Returns: (transfer full) */
static PangoLayout *
lay_out (const WorkbenchPlot *plot, const char *markup, double width, int *height)
{
  PangoLayout *layout = pango_layout_copy (plot->layout);

  pango_layout_set_width (layout, (int) (width - 2.0 * MARGIN) * PANGO_SCALE);
  pango_layout_set_markup (layout, markup, -1);
  pango_layout_get_pixel_size (layout, NULL, height);
  return layout;
}

static void
draw_text (const WorkbenchPlot *plot, PangoLayout *layout, double y)
{
  workbench_plot_set_colour (plot, &plot->foreground, 1.0);
  cairo_move_to (plot->cr, MARGIN, y);
  pango_cairo_show_layout (plot->cr, layout);
  g_object_unref (layout);
}

/* what lies on the map above it, what its marks mean below it */
static void
draw_figure (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  const WorkbenchLatentFigure *f = data;
  g_autofree char *legend = legend_of (f), *title = g_markup_escape_text (f->title, -1);
  int above, below;
  PangoLayout *head = lay_out (plot, title, width, &above), *foot = lay_out (plot, legend, width, &below);

  draw_text (plot, head, MARGIN);
  draw_text (plot, foot, height - MARGIN - below);
  cairo_save (plot->cr);
  cairo_translate (plot->cr, 0.0, MARGIN + above);
  workbench_map_draw_figure (f->map, plot->cr, width, height - 2.0 * MARGIN - above - below);
  cairo_restore (plot->cr);
}

/* a line a point: which image it is, with synthesis 0 for test images, and where it lies on the axes of the map */
static void
write_points (GString *text, gpointer data)
{
  const WorkbenchLatentFigure *f = data;
  const guint64 *ids = workbench_layout_get_ids (f->layout);
  const float *places = workbench_layout_get_places (f->layout);
  const guint d = workbench_layout_get_dimensions (f->layout);

  g_string_append_printf (text, "synthesis,image,class,x,y%s\n", d == 3 ? ",z" : "");
  for (gsize i = 0; i < workbench_layout_get_count (f->layout); i++)
    {
      const WorkbenchFacts *facts = workbench_album_get_facts (f->colours->album, ids[i]);
      g_autofree char *name = workbench_class_name (f->document, facts != NULL ? facts->label : -1);

      g_string_append_printf (text, "%u,%u", workbench_image_is_test (ids[i]) ? 0 : workbench_image_synthesis (ids[i]), workbench_image_index (ids[i]) + 1);
      dfkd_csv_append_text (text, name);
      for (guint j = 0; j < d; j++)
        dfkd_csv_append_number (text, (double) places[i * d + j]);
      g_string_append_c (text, '\n');
    }
}

gboolean
workbench_latent_figure_save (const WorkbenchLatentFigure *figure, const char *path, GError **error)
{
  return workbench_drawing_save (path, WIDTH, HEIGHT, draw_figure, write_points, (gpointer) figure, error);
}
