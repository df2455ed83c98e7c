/* workbench-image-colours.c: palette for what is counted, colour map for what is measured. */
#include "workbench-image-colours.h"

#include "workbench-classes.h"
#include "workbench-plot.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  MOST_NAMED = 12, /* classes in the legend */
};

/* beyond the palette the same hues come again, darker */
static GdkRGBA
class_colour (int label)
{
  GdkRGBA c = workbench_palette ((guint) MAX (label, 0) % 7);
  float dim = label >= 7 ? 0.55f : 1.0f;

  return label < 0 ? (GdkRGBA){ 0.5f, 0.5f, 0.5f, 1.0f } : (GdkRGBA){ c.red * dim, c.green * dim, c.blue * dim, 1.0f };
}

static float
value_of (const WorkbenchImageColours *colours, WorkbenchImage image)
{
  const WorkbenchFacts *f;

  if (colours->by == WORKBENCH_COLOUR_SYNTHESIS)
    return (float) workbench_image_synthesis (image);
  f = workbench_album_get_facts (colours->album, image);
  return f != NULL ? f->loss : NAN;
}

WorkbenchImageColours
workbench_image_colours (WorkbenchAlbum *album, WorkbenchColourBy by, const WorkbenchImage *ids, gsize count)
{
  WorkbenchImageColours colours = { album, by, 0.0f, 1.0f };
  g_autofree float *values = g_new (float, MAX (count, 1));

  if (by == WORKBENCH_COLOUR_CLASS || by == WORKBENCH_COLOUR_AGREEMENT)
    return colours;
  for (gsize i = 0; i < count; i++)
    values[i] = value_of (&colours, ids[i]);
  if (dfkd_robust_range (values, count, by == WORKBENCH_COLOUR_LOSS ? 0.02 : 0.0, &colours.low, &colours.high))
    colours.high = MAX (colours.high, colours.low + 1e-12f);
  return colours;
}

GdkRGBA
workbench_image_colours_of (const WorkbenchImageColours *colours, WorkbenchImage image)
{
  const WorkbenchFacts *f = workbench_album_get_facts (colours->album, image);
  float value;

  if (colours->by == WORKBENCH_COLOUR_CLASS)
    return class_colour (f != NULL ? f->label : -1);
  if (colours->by == WORKBENCH_COLOUR_AGREEMENT)
    return f == NULL || f->student < 0 ? class_colour (-1) : workbench_palette (f->agree ? 0 : 1);
  value = value_of (colours, image);
  return isnan (value) ? class_colour (-1)
                       : workbench_colour_map ((double) CLAMP ((value - colours->low) / (colours->high - colours->low), 0.0f, 1.0f));
}

static void
append_swatch (GString *text, GdkRGBA c, const char *name)
{
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  g_string_append_printf (text, "<span color=\"#%02x%02x%02x\">⬤</span>\u00a0%s   ", (guint) lrintf (255.0f * c.red), (guint) lrintf (255.0f * c.green),
                          (guint) lrintf (255.0f * c.blue), escaped);
}

static void
append_classes (GString *text, const WorkbenchImageColours *colours, WorkbenchDocument *document)
{
  guint classes = workbench_album_get_classes (colours->album);

  for (guint i = 0; i < MIN (classes, (guint) MOST_NAMED); i++)
    {
      g_autofree char *name = workbench_class_name (document, (int) i);

      append_swatch (text, class_colour ((int) i), name);
    }
  if (classes > MOST_NAMED)
    g_string_append_printf (text, _("… %u classes in all"), classes);
}

char *
workbench_image_colours_legend (const WorkbenchImageColours *colours, WorkbenchDocument *document)
{
  GString *text = g_string_new (NULL);

  if (colours->by == WORKBENCH_COLOUR_CLASS)
    append_classes (text, colours, document);
  else if (colours->by == WORKBENCH_COLOUR_AGREEMENT)
    {
      append_swatch (text, workbench_palette (0), _("teacher and student agree"));
      append_swatch (text, workbench_palette (1), _("they disagree"));
    }
  else
    for (guint i = 0; i < 5; i++)
      {
        g_autofree char *value = g_strdup_printf (colours->by == WORKBENCH_COLOUR_SYNTHESIS ? "%.0f" : "%.3g",
                                                  (double) (colours->low + (colours->high - colours->low) * (float) i / 4.0f));

        append_swatch (text, workbench_colour_map (i / 4.0), value);
      }
  return g_string_free (text, FALSE);
}
