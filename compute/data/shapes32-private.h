/* shapes32-private.h: what the files that draw shapes32 share: one picture's stream of random numbers, and its parts. */
#pragma once

#include "shapes32.h"

#include <cairo.h>

G_BEGIN_DECLS

/** DfkdDrawer: one picture: its canvas, and the draws that decide what stands on it, one after the other. */
typedef struct {
  cairo_t *cairo;
  guint64 seed;
  guint32 purpose, picture, drawn;
  guint32 words[4];
} DfkdDrawer;

typedef struct {
  double red, green, blue;
} DfkdColour;

/** dfkd_drawer_word: the next 32 random bits of the picture */
guint32 dfkd_drawer_word (DfkdDrawer *drawer);
/** dfkd_drawer_uniform: in (@low, @high] */
double dfkd_drawer_uniform (DfkdDrawer *drawer, double low, double high);
/** dfkd_drawer_integer: in [0, @range) */
guint dfkd_drawer_integer (DfkdDrawer *drawer, guint range);

/** dfkd_shape_outline: the path of a class around the origin, about one unit in every direction, turned upwards. Two
 * classes have a hole: fill it by the even-odd rule. */
void dfkd_shape_outline (cairo_t *cairo, guint shape);

/** dfkd_paint_background: all of the canvas. Returns: roughly its colour */
DfkdColour dfkd_paint_background (DfkdDrawer *drawer);
/** dfkd_paint_shape: a shape of class @shape in a colour and texture that stand out from @background by @contrast at least */
void dfkd_paint_shape (DfkdDrawer *drawer, guint shape, const DfkdColour *background, double contrast);
/** dfkd_paint_clutter: @count small things of no class: lines, dots, splinters */
void dfkd_paint_clutter (DfkdDrawer *drawer, guint count);
/** dfkd_paint_occluders: up to two bars or blots over a part of the shape */
void dfkd_paint_occluders (DfkdDrawer *drawer);

G_END_DECLS
