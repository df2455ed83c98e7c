/* workbench-drawing.c: surfaces to draw on. */
#include "workbench-drawing.h"

#include "dfkd.h"
#include "workbench-png.h"

#include <cairo-svg.h>
#include <glib/gi18n.h>

const char *const workbench_drawing_endings[] = { ".svg", ".png", ".csv", NULL };

enum {
  SCALE = 2,               /* pixels of a PNG for one of the screen */
  MOST_PIXELS = 4096 * 2160, /* of a chart that is drawn as a whole, seen or not: 35 MB */
};

/* ------------------------------------------------------------------------------------------------ on a widget */

/* a little smaller than the widget's own text */
static PangoLayout *
create_layout (GtkWidget *widget)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, NULL);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (pango_layout_get_context (layout)));

  pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * 0.9); /* a widget's is absolute */
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  return layout;
}

int
workbench_drawing_text_height (GtkWidget *widget)
{
  g_autoptr (PangoLayout) layout = create_layout (widget);
  int height;

  pango_layout_set_text (layout, "0", -1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

void
workbench_drawing_prepare (WorkbenchPlot *plot, GtkWidget *widget)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  *plot = (WorkbenchPlot){ .layout = create_layout (widget) };
  gtk_style_context_get_color (style, &plot->foreground);
  if (!gtk_style_context_lookup_color (style, "view_bg_color", &plot->background))
    plot->background = (GdkRGBA){ 1.0f, 1.0f, 1.0f, 1.0f };
}

cairo_surface_t *
workbench_drawing_create_pixels (int width, int height, int scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);

  cairo_surface_set_device_scale (surface, scale, scale);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    g_clear_pointer (&surface, cairo_surface_destroy);
  return surface;
}

/* A texture of them would take longer where cairo draws the window: GTK 4.8 makes floating-point numbers of its pixels and bytes of these. */
void
workbench_drawing_append (GtkSnapshot *snapshot, double width, double height, cairo_surface_t *pixels)
{
  cairo_t *node = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  cairo_set_source_surface (node, pixels, 0.0, 0.0);
  cairo_paint (node);
  cairo_destroy (node);
  cairo_surface_destroy (pixels);
}

/* What a node of cairo's is told is noted down and drawn from the notes, piece by piece of the window: twice the work. So it is told no
 * more than to paint pixels, as long as these are not many more than are seen. */
void
workbench_drawing_snapshot (WorkbenchPlot *plot, GtkWidget *widget, GtkSnapshot *snapshot, WorkbenchDraw draw, gpointer data)
{
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), scale = gtk_widget_get_scale_factor (widget);
  const gboolean fits_a_screen = (gint64) width * height * scale * scale <= MOST_PIXELS;
  cairo_surface_t *pixels = fits_a_screen ? workbench_drawing_create_pixels (width, height, scale) : NULL;

  plot->cr = pixels != NULL ? cairo_create (pixels)
                            : gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw (plot, width, height, data);
  g_clear_pointer (&plot->cr, cairo_destroy);
  g_clear_object (&plot->layout);
  if (pixels != NULL)
    workbench_drawing_append (snapshot, width, height, pixels);
}

/* ------------------------------------------------------------------------------------------------- as a file */

static gboolean
fail (const char *path, const char *why, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path, why);
  return FALSE;
}

/* black on white: files are printed */
static void
draw_on (cairo_surface_t *surface, double width, double height, WorkbenchDraw draw, gpointer data)
{
  WorkbenchPlot plot = { .cr = cairo_create (surface), .foreground = { 0.0f, 0.0f, 0.0f, 1.0f }, .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
  PangoFontDescription *font = pango_font_description_from_string ("Sans 9");

  plot.layout = pango_cairo_create_layout (plot.cr);
  pango_layout_set_font_description (plot.layout, font);
  pango_font_description_free (font);
  cairo_set_source_rgb (plot.cr, 1.0, 1.0, 1.0);
  cairo_paint (plot.cr);
  draw (&plot, width, height, data);
  g_object_unref (plot.layout);
  cairo_destroy (plot.cr);
}

static gboolean
save_svg (const char *path, double width, double height, WorkbenchDraw draw, gpointer data, GError **error)
{
  GByteArray *array = g_byte_array_new ();
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (workbench_png_append, array, width, height);
  g_autoptr (GBytes) bytes = NULL;
  cairo_status_t status;

  draw_on (surface, width, height, draw, data);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  bytes = g_byte_array_free_to_bytes (array);
  return status == CAIRO_STATUS_SUCCESS ? dfkd_atomic_write (path, &bytes, 1, error) : fail (path, cairo_status_to_string (status), error);
}

static gboolean
save_png (const char *path, double width, double height, WorkbenchDraw draw, gpointer data, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (SCALE * width), (int) (SCALE * height));
  gboolean done;

  cairo_surface_set_device_scale (surface, SCALE, SCALE);
  draw_on (surface, width, height, draw, data);
  done = workbench_png_write (surface, path, error);
  cairo_surface_destroy (surface);
  return done;
}

gboolean
workbench_drawing_save (const char *path, double width, double height, WorkbenchDraw draw, WorkbenchWriteValues write, gpointer data, GError **error)
{
  if (g_str_has_suffix (path, ".svg"))
    return save_svg (path, width, height, draw, data, error);
  if (g_str_has_suffix (path, ".png"))
    return save_png (path, width, height, draw, data, error);
  if (g_str_has_suffix (path, ".csv"))
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) problem = NULL;

      write (text, data);
      return g_file_set_contents (path, text->str, (gssize) text->len, &problem) || fail (path, problem->message, error);
    }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: a chart can be saved as .svg, .png or .csv; end the name with one of these"), path);
  return FALSE;
}
