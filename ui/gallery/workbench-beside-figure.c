/* workbench-beside-figure.c: rows as the grids of the gallery have them, on white. */
#include "workbench-beside-figure.h"

#include "workbench-drawing.h"
#include "workbench-image-row.h"
#include "workbench-image-text.h"

#include <glib/gi18n.h>

enum {
  COLUMNS = 32, /* images side by side, at most */
  CAPTION = 22, /* pixels: the name of a run */
  GAP = 10,     /* between runs */
  MARGIN = 8,
  LETTER = 8,   /* at most, of a caption; twice that of a wide one */
  MOST = 16000, /* pixels a side: files have twice as many, and cairo half as many again */
};

typedef struct {
  char *caption;
  WorkbenchAlbum *album;
} Run;

struct _WorkbenchBesideFigure
{
  GArray *runs; /* of Run */
  gboolean frames;
};

static void
clear_run (gpointer data)
{
  Run *run = data;

  g_free (run->caption);
  g_object_unref (run->album);
}

WorkbenchBesideFigure *
workbench_beside_figure_new (gboolean frames)
{
  WorkbenchBesideFigure *figure = g_new (WorkbenchBesideFigure, 1);

  figure->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_array_set_clear_func (figure->runs, clear_run);
  figure->frames = frames;
  return figure;
}

void
workbench_beside_figure_free (WorkbenchBesideFigure *figure)
{
  g_array_unref (figure->runs);
  g_free (figure);
}

void
workbench_beside_figure_add (WorkbenchBesideFigure *figure, WorkbenchDocument *document, WorkbenchAlbum *album)
{
  g_autofree char *batch = workbench_batch_text_new (album, document);
  Run run = { g_strdup_printf (_("%s: %s"), workbench_document_get_name (document), batch), g_object_ref (album) };

  if (workbench_album_get_length (album) > 0)
    g_array_append_val (figure->runs, run);
  else
    clear_run (&run);
}

/* the same for each run */
static guint
count_columns (const WorkbenchBesideFigure *figure)
{
  guint longest = 1;

  for (guint i = 0; i < figure->runs->len; i++)
    longest = MAX (longest, workbench_album_get_length (g_array_index (figure->runs, Run, i).album));
  return MIN (longest, COLUMNS);
}

/* of an image and what is around it */
static void
measure_cell (WorkbenchAlbum *album, guint *height, guint *width)
{
  workbench_album_get_size (album, height, width);
  *height += WORKBENCH_IMAGE_EDGE;
  *width += WORKBENCH_IMAGE_EDGE;
}

static void
draw_texture (cairo_t *cr, GdkTexture *texture, double x, double y)
{
  const int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);

  gdk_texture_download (texture, cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_set_source_surface (cr, surface, x, y);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
}

/* Returns: where the next begins */
static double
draw_run (const WorkbenchBesideFigure *figure, const Run *run, WorkbenchPlot *plot, double y)
{
  const guint columns = count_columns (figure), length = workbench_album_get_length (run->album);
  guint high, wide;

  measure_cell (run->album, &high, &wide);
  cairo_set_source_rgb (plot->cr, 0.0, 0.0, 0.0);
  cairo_move_to (plot->cr, MARGIN, y);
  pango_layout_set_text (plot->layout, run->caption, -1);
  pango_cairo_show_layout (plot->cr, plot->layout);
  y += CAPTION;
  for (guint first = 0; first < length; first += columns, y += high)
    {
      const WorkbenchImageRow row = { .first = first, .count = MIN (columns, length - first), .columns = columns, .zoom = 1, .scale = 1, .frames = figure->frames };
      gboolean complete;
      g_autoptr (GdkTexture) texture = workbench_image_row_new (run->album, NULL, &row, &complete);

      draw_texture (plot->cr, texture, MARGIN, y);
    }
  return y + GAP;
}

static void
draw (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  const WorkbenchBesideFigure *figure = data;
  double y = MARGIN;

  for (guint i = 0; i < figure->runs->len; i++)
    y = draw_run (figure, &g_array_index (figure->runs, Run, i), plot, y);
}

/* more than it takes, as letters are not known before there is a page */
static guint
measure_caption (const char *caption)
{
  guint width = 0;

  for (const char *c = caption; *c != '\0'; c = g_utf8_next_char (c))
    width += g_unichar_iswide (g_utf8_get_char (c)) ? 2 * LETTER : LETTER;
  return width;
}

gboolean
workbench_beside_figure_save (WorkbenchBesideFigure *figure, const char *path, GError **error)
{
  const guint columns = count_columns (figure);
  guint width = 0, height = 2 * MARGIN - GAP;

  if (!g_str_has_suffix (path, ".png"))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: runs beside each other can be saved as .png; end the name with it"), path);
      return FALSE;
    }
  for (guint i = 0; i < figure->runs->len; i++)
    {
      WorkbenchAlbum *album = g_array_index (figure->runs, Run, i).album;
      guint high, wide;

      measure_cell (album, &high, &wide);
      width = MAX (width, MAX (columns * wide, measure_caption (g_array_index (figure->runs, Run, i).caption)) + 2 * MARGIN);
      height += CAPTION + (workbench_album_get_length (album) + columns - 1) / columns * high + GAP;
    }
  if (width == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: there is no image to save yet"), path);
      return FALSE;
    }
  if (width > MOST || height > MOST || (gsize) width * height > (gsize) MOST * MOST / 8)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: these are too many images for one picture; choose a class, or compare fewer runs"), path);
      return FALSE;
    }
  return workbench_drawing_save (path, width, height, draw, NULL, figure, error);
}
