/* workbench-chart-save.c: a chart as a file. */
#include "workbench-chart-private.h"

#include "workbench-drawing.h"

#include <string.h>

enum {
  WIDTH = 900,
  HEIGHT = 500,
  LINE = 17, /* of text in a file, at most */
};

static void
draw (WorkbenchPlot *plot, double width, double height, gpointer data)
{
  workbench_chart_draw (data, plot, width, height, FALSE);
}

static void
write_values (GString *text, gpointer data)
{
  WorkbenchChart *self = data;

  g_string_append_printf (text, "series,\"%s\",\"%s\"\n", self->x_name, self->y_name);
  for (guint i = 0; i < self->entries->len; i++)
    {
      WorkbenchChartLayer *layer = g_array_index (self->entries, WorkbenchChartEntry, i).layer;

      if (WORKBENCH_CHART_LAYER_GET_CLASS (layer)->write_csv != NULL)
        WORKBENCH_CHART_LAYER_GET_CLASS (layer)->write_csv (layer, text);
    }
}

gboolean
workbench_chart_save (WorkbenchChart *self, const char *path, GError **error)
{
  return workbench_drawing_save (path, WIDTH, MAX (HEIGHT, workbench_chart_rows_height (self, LINE)), draw, write_values, self, error);
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
