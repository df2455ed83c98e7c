/* shapes32-paint.c: backgrounds, textures, clutter and what covers a shape. None of it knows a class. */
#include "shapes32-private.h"

#include <math.h>

static const double SIDE = DFKD_SHAPES32_SIDE, FULL = 2.0 * G_PI;

static DfkdColour
any_colour (DfkdDrawer *d)
{
  double red = dfkd_drawer_uniform (d, 0.0, 1.0), green = dfkd_drawer_uniform (d, 0.0, 1.0);

  return (DfkdColour){ red, green, dfkd_drawer_uniform (d, 0.0, 1.0) };
}

/* root mean square over the channels; 1 between black and white */
static double
distance (const DfkdColour *a, const DfkdColour *b)
{
  double red = a->red - b->red, green = a->green - b->green, blue = a->blue - b->blue;

  return sqrt ((red * red + green * green + blue * blue) / 3.0);
}

static DfkdColour
mixed (const DfkdColour *a, const DfkdColour *b, double share)
{
  return (DfkdColour){ a->red + share * (b->red - a->red), a->green + share * (b->green - a->green),
                       a->blue + share * (b->blue - a->blue) };
}

/* at least @contrast away from @other: drawn a few times, else black or white, whichever is farther */
static DfkdColour
colour_away_from (DfkdDrawer *d, const DfkdColour *other, double contrast)
{
  const DfkdColour black = { 0.0, 0.0, 0.0 }, white = { 1.0, 1.0, 1.0 };
  const guint tries = 12;

  for (guint i = 0; i < tries; i++)
    {
      DfkdColour colour = any_colour (d);

      if (distance (&colour, other) >= contrast)
        return colour;
    }
  return distance (&black, other) > distance (&white, other) ? black : white;
}

static void
set_colour (cairo_t *cairo, const DfkdColour *colour, double alpha)
{
  cairo_set_source_rgba (cairo, colour->red, colour->green, colour->blue, alpha);
}

static void
paint_gradient (DfkdDrawer *d, const DfkdColour *from, const DfkdColour *to, gboolean radial)
{
  double angle = dfkd_drawer_uniform (d, 0.0, FULL), x = cos (angle) * SIDE / 2.0, y = sin (angle) * SIDE / 2.0,
         middle = SIDE / 2.0;
  cairo_pattern_t *pattern
      = radial ? cairo_pattern_create_radial (middle + x / 2.0, middle + y / 2.0, 0.0, middle, middle, 0.8 * SIDE)
               : cairo_pattern_create_linear (middle - x, middle - y, middle + x, middle + y);

  cairo_pattern_add_color_stop_rgb (pattern, 0.0, from->red, from->green, from->blue);
  cairo_pattern_add_color_stop_rgb (pattern, 1.0, to->red, to->green, to->blue);
  cairo_set_source (d->cairo, pattern);
  cairo_paint (d->cairo);
  cairo_pattern_destroy (pattern);
}

/* stripes, or with @checks two layers of them, over the clip, in @colour */
static void
paint_stripes (DfkdDrawer *d, const DfkdColour *colour, double alpha, gboolean checks)
{
  double period = dfkd_drawer_uniform (d, 3.0, 8.0), width = period * dfkd_drawer_uniform (d, 0.3, 0.6);
  double phase = dfkd_drawer_uniform (d, 0.0, period);

  cairo_save (d->cairo);
  cairo_translate (d->cairo, SIDE / 2.0, SIDE / 2.0);
  cairo_rotate (d->cairo, dfkd_drawer_uniform (d, 0.0, FULL));
  set_colour (d->cairo, colour, alpha);
  for (guint layer = 0; layer < (checks ? 2u : 1u); layer++)
    {
      for (double at = phase - SIDE; at < SIDE; at += period)
        cairo_rectangle (d->cairo, at, -SIDE, width, 2.0 * SIDE);
      cairo_fill (d->cairo);
      cairo_rotate (d->cairo, G_PI_2);
    }
  cairo_restore (d->cairo);
}

static void
paint_dots (DfkdDrawer *d, const DfkdColour *colour, double alpha, guint count, double smallest, double largest)
{
  set_colour (d->cairo, colour, alpha);
  for (guint i = 0; i < count; i++)
    {
      double x = dfkd_drawer_uniform (d, 0.0, SIDE), y = dfkd_drawer_uniform (d, 0.0, SIDE);

      cairo_new_sub_path (d->cairo);
      cairo_arc (d->cairo, x, y, dfkd_drawer_uniform (d, smallest, largest), 0.0, FULL);
    }
  cairo_fill (d->cairo);
}

/* fills the clip with @first, and with a texture between it and @second */
static void
paint_texture (DfkdDrawer *d, const DfkdColour *first, const DfkdColour *second)
{
  set_colour (d->cairo, first, 1.0);
  cairo_paint (d->cairo);
  switch (dfkd_drawer_integer (d, 6))
    {
    case 0:
      break;
    case 1:
      paint_gradient (d, first, second, FALSE);
      break;
    case 2:
      paint_gradient (d, first, second, TRUE);
      break;
    case 3:
      paint_stripes (d, second, 0.7, FALSE);
      break;
    case 4:
      paint_stripes (d, second, 0.5, TRUE);
      break;
    default:
      paint_dots (d, second, 0.6, 24, 0.7, 2.2);
    }
}

DfkdColour
dfkd_paint_background (DfkdDrawer *d)
{
  DfkdColour first = any_colour (d), other = any_colour (d);
  DfkdColour second = mixed (&first, &other, 0.6);

  paint_texture (d, &first, &second);
  return mixed (&first, &second, 0.5);
}

void
dfkd_paint_shape (DfkdDrawer *d, guint shape, const DfkdColour *background, double contrast)
{
  DfkdColour first = colour_away_from (d, background, contrast), other = colour_away_from (d, background, contrast);
  DfkdColour second = mixed (&first, &other, 0.5);
  double radius = dfkd_drawer_uniform (d, 6.5, 12.0), room = SIDE / 2.0 - 0.85 * radius;
  double x = SIDE / 2.0 + dfkd_drawer_uniform (d, -room, room), y = SIDE / 2.0 + dfkd_drawer_uniform (d, -room, room);
  double stretch = dfkd_drawer_uniform (d, -0.15, 0.15), turn = dfkd_drawer_uniform (d, 0.0, FULL);

  cairo_save (d->cairo);
  cairo_translate (d->cairo, x, y);
  cairo_rotate (d->cairo, turn);
  cairo_scale (d->cairo, radius * (1.0 + stretch), radius * (1.0 - stretch));
  dfkd_shape_outline (d->cairo, shape);
  cairo_identity_matrix (d->cairo);
  cairo_set_fill_rule (d->cairo, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_clip (d->cairo);
  paint_texture (d, &first, &second);
  cairo_restore (d->cairo);
}

void
dfkd_paint_clutter (DfkdDrawer *d, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      DfkdColour colour = any_colour (d);
      double x = dfkd_drawer_uniform (d, 0.0, SIDE), y = dfkd_drawer_uniform (d, 0.0, SIDE),
             size = dfkd_drawer_uniform (d, 1.0, 3.5);

      set_colour (d->cairo, &colour, dfkd_drawer_uniform (d, 0.4, 1.0));
      cairo_new_path (d->cairo);
      cairo_move_to (d->cairo, x, y);
      if (dfkd_drawer_integer (d, 2) == 0)
        {
          double angle = dfkd_drawer_uniform (d, 0.0, FULL), length = 4.0 * size;

          cairo_rel_line_to (d->cairo, length * cos (angle), length * sin (angle));
          cairo_set_line_width (d->cairo, dfkd_drawer_uniform (d, 0.7, 1.6));
          cairo_stroke (d->cairo);
          continue;
        }
      for (guint corner = 0; corner < 3; corner++)
        {
          double dx = dfkd_drawer_uniform (d, -size, size);

          cairo_line_to (d->cairo, x + dx, y + dfkd_drawer_uniform (d, -size, size));
        }
      cairo_fill (d->cairo);
    }
}

void
dfkd_paint_occluders (DfkdDrawer *d)
{
  guint count = dfkd_drawer_integer (d, 4);

  for (guint i = 0; i < count; i++)
    {
      DfkdColour colour = any_colour (d);
      double x = dfkd_drawer_uniform (d, 0.2, 0.8) * SIDE, y = dfkd_drawer_uniform (d, 0.2, 0.8) * SIDE;

      cairo_save (d->cairo);
      cairo_translate (d->cairo, x, y);
      cairo_rotate (d->cairo, dfkd_drawer_uniform (d, 0.0, FULL));
      set_colour (d->cairo, &colour, 1.0);
      if (dfkd_drawer_integer (d, 2) == 0)
        {
          double width = dfkd_drawer_uniform (d, 1.5, 3.5);

          cairo_rectangle (d->cairo, -2.0 * SIDE, -width / 2.0, 4.0 * SIDE, width);
        }
      else
        {
          cairo_scale (d->cairo, dfkd_drawer_uniform (d, 2.0, 4.5), dfkd_drawer_uniform (d, 2.0, 4.5));
          cairo_arc (d->cairo, 0.0, 0.0, 1.0, 0.0, FULL);
        }
      cairo_restore (d->cairo);
      cairo_fill (d->cairo);
    }
}
