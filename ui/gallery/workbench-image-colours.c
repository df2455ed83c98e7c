/* workbench-image-colours.c: palette for what is counted, colour map for what is measured. */
#include "workbench-image-colours.h"

#include "workbench-plot.h"

#include <glib/gi18n.h>
#include <math.h>

static const double DARKEST = 0.25; /* of the colour map, on a dark ground */

/* @share: from 0 to 1 */
static GdkRGBA
map_colour (const WorkbenchImageColours *colours, double share)
{
  return workbench_colour_map (colours->dark ? DARKEST + (1.0 - DARKEST) * share : share);
}

static float
value_of (const WorkbenchImageColours *colours, WorkbenchImage image)
{
  const WorkbenchFacts *f;

  if (colours->by == WORKBENCH_COLOUR_SYNTHESIS)
    return workbench_image_is_test (image) ? NAN : (float) workbench_image_synthesis (image);
  f = workbench_album_get_facts (colours->album, image);
  return f != NULL ? f->loss : NAN;
}

WorkbenchImageColours
workbench_image_colours (WorkbenchAlbum *album, WorkbenchColourBy by, const WorkbenchImage *ids, gsize count, gboolean dark)
{
  WorkbenchImageColours colours = { album, by, 0.0f, 1.0f, dark };
  g_autofree float *values = g_new (float, MAX (count, 1));

  if (by == WORKBENCH_COLOUR_CLASS || by == WORKBENCH_COLOUR_AGREEMENT)
    return colours;
  for (gsize i = 0; i < count; i++)
    values[i] = value_of (&colours, ids[i]);
  if (dfkd_robust_range (values, count, by == WORKBENCH_COLOUR_LOSS ? 0.02 : 0.0, &colours.low, &colours.high))
    colours.high = MAX (colours.high, colours.low + 1e-12f);
  return colours;
}

WorkbenchClassMark
workbench_image_colours_mark (const WorkbenchImageColours *colours, WorkbenchImage image, int *label)
{
  const WorkbenchFacts *f = workbench_album_get_facts (colours->album, image);
  WorkbenchClassMark mark = workbench_class_mark (-1, 0, colours->dark);
  float value;

  *label = f != NULL ? f->label : -1;
  if (colours->by == WORKBENCH_COLOUR_CLASS)
    return workbench_class_mark (*label, workbench_album_get_classes (colours->album), colours->dark);
  if (colours->by == WORKBENCH_COLOUR_AGREEMENT)
    {
      if (f != NULL && f->student >= 0)
        mark.colour = workbench_palette (f->agree ? 0 : 1);
      return mark;
    }
  value = value_of (colours, image);
  if (!isnan (value))
    mark.colour = map_colour (colours, (double) CLAMP ((value - colours->low) / (colours->high - colours->low), 0.0f, 1.0f));
  return mark;
}

static void
append_swatch (GString *text, GdkRGBA colour, const char *name)
{
  workbench_class_mark_append (&(WorkbenchClassMark){ colour, WORKBENCH_MAP_DISC }, name, text);
  g_string_append (text, "   ");
}

char *
workbench_image_colours_legend (const WorkbenchImageColours *colours)
{
  GString *text = g_string_new (NULL);

  if (colours->by == WORKBENCH_COLOUR_AGREEMENT)
    {
      append_swatch (text, workbench_palette (0), _("teacher and student agree"));
      append_swatch (text, workbench_palette (1), _("they disagree"));
    }
  else if (colours->by != WORKBENCH_COLOUR_CLASS)
    for (guint i = 0; i < 5; i++)
      {
        g_autofree char *value = g_strdup_printf (colours->by == WORKBENCH_COLOUR_SYNTHESIS ? "%.0f" : "%.3g",
                                                  (double) (colours->low + (colours->high - colours->low) * (float) i / 4.0f));

        append_swatch (text, map_colour (colours, i / 4.0), value);
      }
  return g_string_free (text, FALSE);
}
