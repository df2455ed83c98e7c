/* workbench-map.h: points in two or three dimensions, drawn by OpenGL as instances of one square, with lines and thumbnails.
 *
 * Dragging moves the map (turns it in three dimensions), the wheel enlarges, Shift and dragging draws a lasso, as dragging alone does
 * while "lassoing" is set. With few points in sight their images are drawn in place of discs. One point may be the current one, which
 * has a ring around it: arrow keys go from it to the nearest one in that direction on the screen.
 *
 * Signals: "hovered" and "clicked" (int index, −1 for none; clicked with GdkModifierType), "lassoed" (GArray of guint: indices); by
 * keys: "moved" (int index) to another current point, "toggled" (int index) and "cleared". */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_MAP (workbench_map_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchMap, workbench_map, WORKBENCH, MAP, GtkGLArea)

typedef enum {
  WORKBENCH_MAP_DISC,
  WORKBENCH_MAP_SQUARE,
  WORKBENCH_MAP_DIAMOND,
  WORKBENCH_MAP_TRIANGLE,
  WORKBENCH_MAP_TRIANGLE_DOWN,
  WORKBENCH_MAP_RING,
  WORKBENCH_MAP_PLUS,
  WORKBENCH_MAP_SALTIRE,
  WORKBENCH_N_MAP_SHAPES
} WorkbenchMapShape;

enum {
  WORKBENCH_MAP_FAINT = 100, /* of 255: points that are less opaque are passed by by keys, and shown as no images */
};

/** WorkbenchMapPoint: one instance, as the GPU reads it. Points that are not opaque lie below all that are. */
typedef struct {
  float place[3];
  guint8 colour[4]; /* R, G, B, A */
  float size;       /* across, pixels */
  float shape;      /* WorkbenchMapShape */
} WorkbenchMapPoint;

typedef struct {
  float place[3];
  guint8 colour[4];
} WorkbenchMapVertex;

/** workbench_map_set_points: copied; @dimensions: 2 or 3. The camera shows all of them until somebody moves it. */
void workbench_map_set_points (WorkbenchMap *self, const WorkbenchMapPoint *points, gsize count, guint dimensions);
/** workbench_map_set_lines: pairs of vertices; copied */
void workbench_map_set_lines (WorkbenchMap *self, const WorkbenchMapVertex *vertices, gsize count);
/** workbench_map_set_thumbnails: @get gives pixels [height × width × 4] of point @index into @pixels, or FALSE while it has none */
void workbench_map_set_thumbnails (WorkbenchMap *self, guint height, guint width, gboolean (*get) (guint index, guint8 *pixels, gpointer data),
                                   gpointer data);
/** workbench_map_refresh_thumbnails: there are others than before. */
void workbench_map_refresh_thumbnails (WorkbenchMap *self);
/** workbench_map_reset: shows all points. */
void workbench_map_reset (WorkbenchMap *self);
/** property "lassoing": whether dragging with the first button draws a lasso */
void workbench_map_set_lassoing (WorkbenchMap *self, gboolean lassoing);
/** workbench_map_set_current: @index: or −1 */
void workbench_map_set_current (WorkbenchMap *self, int index);
int workbench_map_get_current (WorkbenchMap *self);
/** workbench_map_find_towards: the point nearest to the current one within 45° of a direction of the screen (y downwards); without a
 * current one the point nearest to the middle. Returns: −1 when there is none */
int workbench_map_find_towards (WorkbenchMap *self, double dx, double dy);
/** workbench_map_place: where point @index is on the widget; FALSE when there is none */
gboolean workbench_map_place (WorkbenchMap *self, guint index, double *x, double *y);
/** workbench_map_pick: the point at a place of the widget, or −1 */
int workbench_map_pick (WorkbenchMap *self, double x, double y);
/** workbench_map_inside: (transfer full) (element-type guint): the points inside a polygon of @n corners, x and y in turn */
GArray *workbench_map_inside (WorkbenchMap *self, const double *corners, guint n);
/** workbench_map_draw_figure: what is in sight, points as their shapes, without images and without the hand's marks, to @cr within @width × @height */
void workbench_map_draw_figure (WorkbenchMap *self, cairo_t *cr, double width, double height);
/** workbench_map_zoom: enlarges by @factor about a place of the widget */
void workbench_map_zoom (WorkbenchMap *self, double factor, double x, double y);

G_END_DECLS
