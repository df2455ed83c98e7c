/* shapes32-outlines.c: the paths of the ten classes. */
#include "shapes32-private.h"

#include <math.h>

static const double FULL = 2.0 * G_PI;

static void
polygon (cairo_t *cairo, const double (*points)[2], guint count)
{
  for (guint i = 0; i < count; i++)
    cairo_line_to (cairo, points[i][0], points[i][1]);
  cairo_close_path (cairo);
}

static void
circle (cairo_t *cairo, double radius)
{
  cairo_new_sub_path (cairo);
  cairo_arc (cairo, 0.0, 0.0, radius, 0.0, FULL);
  cairo_close_path (cairo);
}

static void
disc (cairo_t *cairo)
{
  circle (cairo, 0.95);
}

static void
ring (cairo_t *cairo)
{
  circle (cairo, 1.0);
  circle (cairo, 0.52);
}

static void
triangle (cairo_t *cairo)
{
  static const double points[][2] = { { 0.0, -1.1 }, { 1.0, 0.7 }, { -1.0, 0.7 } };

  polygon (cairo, points, G_N_ELEMENTS (points));
}

static void
square (cairo_t *cairo)
{
  cairo_rectangle (cairo, -0.85, -0.85, 1.7, 1.7);
}

/* @tips outer corners at radius 1.1, as many inner ones at @inner */
static void
star (cairo_t *cairo)
{
  const guint tips = 5;
  const double outer = 1.15, inner = 0.48;

  for (guint i = 0; i < 2 * tips; i++)
    {
      double angle = FULL * i / (2 * tips) - G_PI_2, radius = i % 2 == 0 ? outer : inner;

      cairo_line_to (cairo, radius * cos (angle), radius * sin (angle));
    }
  cairo_close_path (cairo);
}

static void
cross (cairo_t *cairo)
{
  const double a = 0.33, b = 1.05;
  const double points[][2] = { { -a, -b }, { a, -b }, { a, -a }, { b, -a }, { b, a },   { a, a },
                               { a, b },   { -a, b }, { -a, a }, { -b, a }, { -b, -a }, { -a, -a } };

  polygon (cairo, points, G_N_ELEMENTS (points));
}

/* of the circle of radius 1, what lies outside one of radius 0.8 to the right of its middle */
static void
crescent (cairo_t *cairo)
{
  const double radius = 0.8, away = 0.5;
  double x = (1.0 + away * away - radius * radius) / (2.0 * away), y = sqrt (1.0 - x * x);
  double outer = atan2 (y, x), inner = atan2 (y, x - away);

  cairo_arc (cairo, 0.2, 0.0, 1.0, outer, FULL - outer);
  cairo_arc_negative (cairo, 0.2 + away, 0.0, radius, FULL - inner, inner);
  cairo_close_path (cairo);
}

static void
heart (cairo_t *cairo)
{
  cairo_move_to (cairo, 0.0, 1.05);
  cairo_curve_to (cairo, -0.5, 0.55, -1.15, 0.2, -1.1, -0.4);
  cairo_curve_to (cairo, -1.05, -1.0, -0.25, -1.15, 0.0, -0.4);
  cairo_curve_to (cairo, 0.25, -1.15, 1.05, -1.0, 1.1, -0.4);
  cairo_curve_to (cairo, 1.15, 0.2, 0.5, 0.55, 0.0, 1.05);
  cairo_close_path (cairo);
}

static void
arrow (cairo_t *cairo)
{
  static const double points[][2]
      = { { 0.0, -1.15 }, { 0.85, -0.15 }, { 0.3, -0.15 }, { 0.3, 1.1 }, { -0.3, 1.1 }, { -0.3, -0.15 }, { -0.85, -0.15 } };

  polygon (cairo, points, G_N_ELEMENTS (points));
}

/* a band along r = 0.1 + 0.14 φ, out on one side and back on the other */
static void
spiral (cairo_t *cairo)
{
  const double turns = 1.9, half = 0.15, inner = 0.12, outer = 0.95;
  const guint pieces = 40;

  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i <= pieces; i++)
      {
        double part = (double) (side == 0 ? i : pieces - i) / pieces;
        double angle = FULL * turns * part, radius = inner + (outer - inner) * part + (side == 0 ? half : -half);

        cairo_line_to (cairo, radius * cos (angle), radius * sin (angle));
      }
  cairo_close_path (cairo);
}

void
dfkd_shape_outline (cairo_t *cairo, guint shape)
{
  static void (*const outlines[]) (cairo_t *) = { disc, ring, triangle, square, star, cross, crescent, heart, arrow, spiral };

  G_STATIC_ASSERT (G_N_ELEMENTS (outlines) == DFKD_SHAPES32_CLASSES);
  cairo_new_path (cairo);
  outlines[shape % DFKD_SHAPES32_CLASSES](cairo);
}
