/* workbench-chart-save.c: a chart as a file. */
#include "workbench-chart-private.h"

#include "dfkd.h"

#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <string.h>

const char *const workbench_chart_endings[] = { ".svg", ".png", ".csv", NULL };

enum {
  WIDTH = 900,
  HEIGHT = 500,
  SCALE = 2, /* pixels of a PNG for one of the screen */
};

static gboolean
fail (const char *path, const char *why, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path, why);
  return FALSE;
}

/* black on white, whatever the theme: files are printed */
static void
draw (WorkbenchChart *self, cairo_surface_t *surface)
{
  WorkbenchPlot plot = { .cr = cairo_create (surface), .foreground = { 0.0f, 0.0f, 0.0f, 1.0f }, .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
  PangoFontDescription *font = pango_font_description_from_string ("Sans 9");

  plot.layout = pango_cairo_create_layout (plot.cr);
  pango_layout_set_font_description (plot.layout, font);
  pango_font_description_free (font);
  cairo_set_source_rgb (plot.cr, 1.0, 1.0, 1.0);
  cairo_paint (plot.cr);
  workbench_chart_draw (self, &plot, WIDTH, HEIGHT, FALSE);
  g_object_unref (plot.layout);
  cairo_destroy (plot.cr);
}

static gboolean
save_svg (WorkbenchChart *self, const char *path, GError **error)
{
  cairo_surface_t *surface = cairo_svg_surface_create (path, WIDTH, HEIGHT);
  cairo_status_t status;

  draw (self, surface);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status == CAIRO_STATUS_SUCCESS || fail (path, cairo_status_to_string (status), error);
}

static gboolean
save_png (WorkbenchChart *self, const char *path, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SCALE * WIDTH, SCALE * HEIGHT);
  cairo_status_t status;

  cairo_surface_set_device_scale (surface, SCALE, SCALE);
  draw (self, surface);
  status = cairo_surface_write_to_png (surface, path);
  cairo_surface_destroy (surface);
  return status == CAIRO_STATUS_SUCCESS || fail (path, cairo_status_to_string (status), error);
}

static gboolean
save_values (WorkbenchChart *self, const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) problem = NULL;

  g_string_append_printf (text, "series,\"%s\",\"%s\"\n", self->x_name, self->y_name);
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = g_array_index (self->entries, WorkbenchChartEntry, i).layer;

      if (WORKBENCH_CHART_LAYER_GET_CLASS (layer)->write_csv != NULL)
        WORKBENCH_CHART_LAYER_GET_CLASS (layer)->write_csv (layer, text);
    }
  return g_file_set_contents (path, text->str, (gssize) text->len, &problem) || fail (path, problem->message, error);
}

gboolean
workbench_chart_save (WorkbenchChart *self, const char *path, GError **error)
{
  if (g_str_has_suffix (path, ".svg"))
    return save_svg (self, path, error);
  if (g_str_has_suffix (path, ".png"))
    return save_png (self, path, error);
  if (g_str_has_suffix (path, ".csv"))
    return save_values (self, path, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: a chart can be saved as .svg, .png or .csv; end the name with one of these"), path);
  return FALSE;
}

char *
workbench_path_beside (const char *path, const char *suffix)
{
  const char *ending = strrchr (path, '.');
  g_autofree char *stem = ending != NULL ? g_strndup (path, (gsize) (ending - path)) : g_strdup (path);

  return g_strconcat (stem, suffix, ending, NULL);
}

gboolean
workbench_chart_save_beside (WorkbenchChart *self, const char *path, const char *suffix, GError **error)
{
  g_autofree char *beside = workbench_path_beside (path, suffix);

  return workbench_chart_save (self, beside, error);
}
