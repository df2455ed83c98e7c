/* workbench-class-mark.c: hue, lightness and shape from a class's number. */
#include "workbench-class-mark.h"

#include "workbench-plot.h"

#include <math.h>

enum {
  HUES = 7, /* of the palette, that colour-blind eyes tell apart */
  MOST_TONES = 4,
};

/* the palette as it is, darker, paler, greyer, much paler */
static const struct {
  float keep, grey, part; /* colour · keep + grey · part */
} tones[] = { { 1.0f, 0.0f, 0.0f }, { 0.55f, 0.0f, 0.0f }, { 0.5f, 1.0f, 0.5f }, { 0.45f, 0.5f, 0.55f }, { 0.35f, 1.0f, 0.65f } };

WorkbenchClassMark
workbench_class_mark (int label, guint classes, gboolean dark)
{
  static const guint order[2][MOST_TONES] = { { 0, 1, 2, 3 }, { 0, 4, 3, 1 } }; /* on light ground and on dark */
  const guint fewest = 2, needed = (classes + HUES * WORKBENCH_N_MAP_SHAPES - 1) / (HUES * WORKBENCH_N_MAP_SHAPES);
  const guint n_tones = CLAMP (needed, fewest, (guint) MOST_TONES), index = (guint) MAX (label, 0), tone = order[dark ? 1 : 0][index / HUES % n_tones];
  const GdkRGBA c = workbench_palette (index % HUES);
  const float keep = tones[tone].keep, add = tones[tone].grey * tones[tone].part;

  if (label < 0)
    return (WorkbenchClassMark){ { 0.5f, 0.5f, 0.5f, 1.0f }, WORKBENCH_MAP_DISC };
  return (WorkbenchClassMark){ { c.red * keep + add, c.green * keep + add, c.blue * keep + add, 1.0f },
                               (WorkbenchMapShape) (index / (HUES * n_tones) % WORKBENCH_N_MAP_SHAPES) };
}

void
workbench_class_mark_append (const WorkbenchClassMark *mark, const char *name, GString *text)
{
  static const char *const glyphs[WORKBENCH_N_MAP_SHAPES] = { "⬤", "■", "◆", "▲", "▼", "○", "✚", "✖" };
  const GdkRGBA *c = &mark->colour;
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  g_string_append_printf (text, "<span color=\"#%02x%02x%02x\" alpha=\"100%%\">%s</span>\u00a0%s", (guint) lrintf (255.0f * c->red), (guint) lrintf (255.0f * c->green),
                          (guint) lrintf (255.0f * c->blue), glyphs[mark->shape], escaped);
}
