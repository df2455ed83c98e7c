/* workbench-plot.c: pixels from values, and colours. */
#include "workbench-plot.h"

#include <math.h>
#include <string.h>

double
workbench_plot_x (const WorkbenchPlot *plot, double value)
{
  return plot->left + workbench_axis_map (&plot->x, value) * plot->width;
}

double
workbench_plot_y (const WorkbenchPlot *plot, double value)
{
  return plot->top + (1.0 - workbench_axis_map (&plot->y, value)) * plot->height;
}

double
workbench_plot_value_x (const WorkbenchPlot *plot, double pixel)
{
  return workbench_axis_value (&plot->x, (pixel - plot->left) / plot->width);
}

double
workbench_plot_value_y (const WorkbenchPlot *plot, double pixel)
{
  return workbench_axis_value (&plot->y, 1.0 - (pixel - plot->top) / plot->height);
}

gboolean
workbench_plot_contains (const WorkbenchPlot *plot, double x, double y)
{
  return x >= plot->left && x <= plot->left + plot->width && y >= plot->top && y <= plot->top + plot->height;
}

void
workbench_plot_set_colour (const WorkbenchPlot *plot, const GdkRGBA *colour, double alpha)
{
  cairo_set_source_rgba (plot->cr, (double) colour->red, (double) colour->green, (double) colour->blue, alpha);
}

void
workbench_plot_dash (cairo_t *cr, guint dash)
{
  /* as many as there are runs beside another */
  static const double dashes[][4] = { { 6.0, 3.0, 6.0, 3.0 }, { 2.0, 2.0, 2.0, 2.0 }, { 9.0, 3.0, 2.0, 3.0 },
                                      { 12.0, 4.0, 12.0, 4.0 }, { 2.0, 5.0, 2.0, 5.0 }, { 4.0, 2.0, 1.0, 2.0 } };

  if (dash > 0)
    cairo_set_dash (cr, dashes[(dash - 1) % G_N_ELEMENTS (dashes)], 4, 0.0);
  else
    cairo_set_dash (cr, NULL, 0, 0.0);
}

GHashTable *
workbench_plot_texts_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/* whether a word may go on at @at, or before it: run folders are called "a-L_2" and "x_1/b" */
static gboolean
is_in_word (const char *at)
{
  return g_unichar_isalnum (g_utf8_get_char (at)) || (*at != '\0' && strchr ("_-./", *at) != NULL);
}

/* bytes of the symbol that begins at @at: "L_bn", one letter and what stands below it; 0: there is none */
static gsize
symbol_length (const char *at)
{
  const char *index = *at != '\0' ? g_utf8_next_char (at) : at, *end = index + 1;

  if (!g_unichar_isalpha (g_utf8_get_char (at)) || *index != '_')
    return 0;
  while (g_unichar_isalnum (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  return end == index + 1 || is_in_word (end) ? 0 : (gsize) (end - at);
}

/* @text with the indices of its symbols below the line, upright as all of a chart. Returns: (transfer full) (nullable): NULL: it has none */
static char *
symbol_markup (const char *text)
{
  g_autoptr (GString) markup = NULL;
  const char *taken = text, *before = NULL;

  if (strchr (text, '_') == NULL)
    return NULL;
  for (const char *at = text; *at != '\0'; before = at, at = g_utf8_next_char (at))
    {
      gsize length = before == NULL || !is_in_word (before) ? symbol_length (at) : 0;
      const char *index = g_utf8_next_char (at);
      g_autofree char *plain = NULL, *symbol = NULL;

      if (length == 0)
        continue;
      plain = g_markup_escape_text (taken, at - taken);
      symbol = g_strndup (at, length);
      if (markup == NULL)
        markup = g_string_new (NULL);
      g_string_append_printf (markup, "%s%.*s<sub>%s</sub>", plain, (int) (index - at), symbol, symbol + (index - at) + 1);
      taken = at + length;
      at = g_utf8_prev_char (taken);
    }
  if (markup == NULL)
    return NULL;
  {
    g_autofree char *rest = g_markup_escape_text (taken, -1);

    g_string_append (markup, rest);
  }
  return g_string_free (g_steal_pointer (&markup), FALSE);
}

static void
set_text (PangoLayout *layout, const char *text)
{
  g_autofree char *markup = symbol_markup (text);

  pango_layout_set_attributes (layout, NULL); /* of a symbol that it was */
  if (markup != NULL)
    pango_layout_set_markup (layout, markup, -1);
  else
    pango_layout_set_text (layout, text, -1);
}

/* what is known of it by; of a name that loses its middle, by its room too. Returns: (transfer full) (nullable): NULL: it is laid out each time */
static char *
text_key (PangoLayout *layout, const char *text)
{
  const int width = pango_layout_get_width (layout);

  if (width == -1)
    return g_strdup (text);
  return pango_layout_get_ellipsize (layout) == PANGO_ELLIPSIZE_MIDDLE ? g_strdup_printf ("%d\n%s", width, text) : NULL;
}

/* Returns: (transfer none) */
static PangoLayout *
lay_out (const WorkbenchPlot *plot, const char *text)
{
  enum
  {
    MOST = 1024 /* numbers of axes change as long as a run goes on */
  };
  PangoLayout *layout = plot->layout;
  g_autofree char *key = plot->texts != NULL ? text_key (layout, text) : NULL;

  if (key != NULL)
    {
      layout = g_hash_table_lookup (plot->texts, key);
      if (layout != NULL)
        return layout;
      if (g_hash_table_size (plot->texts) == MOST)
        g_hash_table_remove_all (plot->texts);
      layout = pango_layout_copy (plot->layout);
      g_hash_table_insert (plot->texts, g_steal_pointer (&key), layout);
    }
  set_text (layout, text);
  return layout;
}

void
workbench_plot_measure (const WorkbenchPlot *plot, const char *text, int *width, int *height)
{
  pango_layout_get_pixel_size (lay_out (plot, text), width, height);
}

void
workbench_plot_text (const WorkbenchPlot *plot, const char *text, double x, double y, double align)
{
  PangoLayout *layout = lay_out (plot, text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (plot->cr, floor (x - align * width), floor (y - height / 2.0));
  pango_cairo_show_layout (plot->cr, layout);
  cairo_new_path (plot->cr); /* no line goes on from here */
}

void
workbench_plot_plate (const WorkbenchPlot *plot, int width, int height, double x, double y, double align)
{
  cairo_save (plot->cr);
  workbench_plot_set_colour (plot, &plot->background, 0.85);
  cairo_rectangle (plot->cr, floor (x - align * width) - 1.0, floor (y - height / 2.0), width + 2.0, height);
  cairo_fill (plot->cr);
  cairo_restore (plot->cr);
}

static void
set_room (const WorkbenchPlot *plot, double most)
{
  pango_layout_set_width (plot->layout, most >= 0.0 ? (int) (most * PANGO_SCALE) : -1);
  pango_layout_set_ellipsize (plot->layout, most >= 0.0 ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_NONE);
}

int
workbench_plot_measure_name (const WorkbenchPlot *plot, const char *name, double most)
{
  int width;

  workbench_plot_measure (plot, name, &width, NULL);
  if (width <= most)
    return width;
  set_room (plot, most);
  workbench_plot_measure (plot, name, &width, NULL);
  set_room (plot, -1.0);
  return width;
}

void
workbench_plot_name (const WorkbenchPlot *plot, const char *name, double most, double x, double y, double align)
{
  PangoRectangle letters;
  int width;

  workbench_plot_measure (plot, name, &width, NULL);
  if (width <= most)
    {
      workbench_plot_text (plot, name, x, y, align);
      return;
    }
  set_room (plot, most);
  pango_layout_get_pixel_extents (lay_out (plot, name), NULL, &letters);
  workbench_plot_text (plot, name, x - letters.x, y, align); /* those that are read from the right stand at the right of their room */
  set_room (plot, -1.0);
}

void
workbench_plot_clip (const WorkbenchPlot *plot)
{
  cairo_save (plot->cr);
  cairo_rectangle (plot->cr, plot->left, plot->top, plot->width, plot->height);
  cairo_clip (plot->cr);
}

GdkRGBA
workbench_palette (guint index)
{
  static const guint32 colours[WORKBENCH_PALETTE_SIZE] = { 0x0a7dc0, 0xd55e00, 0x009e73, 0xcc79a7, 0xb8860b, 0x56b4e9, 0x9467bd, 0x777777, 0x66a61e, 0xe7298a };
  const guint32 colour = colours[index % WORKBENCH_PALETTE_SIZE]; /* of every point of a map: not to be parsed each time */

  return (GdkRGBA){ (float) (colour >> 16) / 255.0f, (float) (colour >> 8 & 0xff) / 255.0f, (float) (colour & 0xff) / 255.0f, 1.0f };
}

/* @value along evenly spaced stops */
static GdkRGBA
interpolate (const float (*stops)[3], guint count, double value)
{
  double at = CLAMP (value, 0.0, 1.0) * (count - 1);
  guint i = MIN ((guint) at, count - 2);
  float part = (float) (at - i);

  return (GdkRGBA){ stops[i][0] + part * (stops[i + 1][0] - stops[i][0]), stops[i][1] + part * (stops[i + 1][1] - stops[i][1]),
                    stops[i][2] + part * (stops[i + 1][2] - stops[i][2]), 1.0f };
}

GdkRGBA
workbench_colour_map (double value)
{
  static const float stops[][3] = { { 0.000f, 0.135f, 0.304f }, { 0.121f, 0.223f, 0.424f }, { 0.259f, 0.313f, 0.424f },
                                    { 0.369f, 0.402f, 0.432f }, { 0.485f, 0.482f, 0.471f }, { 0.586f, 0.573f, 0.467f },
                                    { 0.721f, 0.675f, 0.440f }, { 0.862f, 0.786f, 0.372f }, { 0.995f, 0.909f, 0.217f } };

  return isfinite (value) ? interpolate (stops, G_N_ELEMENTS (stops), value) : (GdkRGBA){ 0.5f, 0.5f, 0.5f, 1.0f };
}

GdkRGBA
workbench_diverging_map (double value)
{
  static const float stops[][3] = { { 0.000f, 0.267f, 0.533f }, { 0.337f, 0.706f, 0.914f }, { 0.969f, 0.969f, 0.969f },
                                    { 0.992f, 0.682f, 0.380f }, { 0.702f, 0.345f, 0.024f } };

  return isfinite (value) ? interpolate (stops, G_N_ELEMENTS (stops), 0.5 + 0.5 * value) : (GdkRGBA){ 0.5f, 0.5f, 0.5f, 1.0f };
}
