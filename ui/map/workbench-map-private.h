/* workbench-map-private.h: the camera, what draws with OpenGL, and the hand on it. */
#pragma once

#include "workbench-map.h"

G_BEGIN_DECLS

/** WorkbenchCamera: parallel projection: widget = middle + scale · rotation · (place − centre), y upwards. */
typedef struct {
  double centre[3], rotation[9], scale; /* scale: pixels of the widget for one of the map */
} WorkbenchCamera;

void workbench_camera_set_upright (WorkbenchCamera *camera);
/** workbench_camera_put: where @place is on a widget of @width × @height */
void workbench_camera_put (const WorkbenchCamera *camera, const float *place, double width, double height, double *x, double *y);
/** workbench_camera_show_all: the middle of all points, and what lets them be seen */
void workbench_camera_show_all (WorkbenchCamera *camera, const WorkbenchMapPoint *points, gsize count, guint dimensions, double width, double height);
/** workbench_camera_zoom: what lies @right and @up of the middle, in pixels, stays there. */
void workbench_camera_zoom (WorkbenchCamera *camera, double factor, double right, double up);
/** workbench_camera_pan: moves the points, in pixels. */
void workbench_camera_pan (WorkbenchCamera *camera, double right, double up);
/** workbench_camera_orbit: turns the points about the axes of the screen: upright by @a, across by @b, radians. */
void workbench_camera_orbit (WorkbenchCamera *camera, double a, double b);

#define WORKBENCH_MAP_RING_RADIUS 10.0 /* pixels, around the current point */

typedef struct {
  const WorkbenchMapPoint *points;
  gsize n_points;
  const WorkbenchMapVertex *lines;
  gsize n_lines;
  const float *lasso; /* x, y in pixels of the widget */
  gsize n_lasso;
  gboolean has_current;
  double current[2]; /* pixels of the widget */
  guint width, height, scale_factor; /* of the widget */
  gboolean depth;
  GdkRGBA foreground;
} WorkbenchMapScene;

/** WorkbenchMapThumbnail: an image of the atlas in place of a point's disc. */
typedef struct {
  float place[3];
  float cell;
} WorkbenchMapThumbnail;

typedef struct _WorkbenchMapPainter WorkbenchMapPainter;

/* with the area's context current */
WorkbenchMapPainter *workbench_map_painter_new (GError **error);
void workbench_map_painter_free (WorkbenchMapPainter *painter);
/** workbench_map_painter_upload: @points or @lines are others than when it drew last. */
void workbench_map_painter_upload (WorkbenchMapPainter *painter, const WorkbenchMapScene *scene);
/** workbench_map_painter_set_atlas: @count images of @height × @width × 4, one below the other */
void workbench_map_painter_set_atlas (WorkbenchMapPainter *painter, const guint8 *pixels, guint count, guint height, guint width,
                                      const WorkbenchMapThumbnail *thumbnails);
void workbench_map_painter_draw (WorkbenchMapPainter *painter, const WorkbenchMapScene *scene, const WorkbenchCamera *camera, float thumbnail_size);
/** workbench_map_painter_read: what was drawn last, into @pixels (ARGB32, as large, 4 bytes a pixel without a gap). Returns: FALSE where OpenGL does not
 * give cairo's own format */
gboolean workbench_map_painter_read (cairo_surface_t *pixels);

struct _WorkbenchMap
{
  GtkGLArea parent_instance;

  WorkbenchMapPainter *painter;
  WorkbenchCamera camera;
  GArray *points, *lines; /* of WorkbenchMapPoint, of WorkbenchMapVertex */
  guint dimensions;
  gboolean uploaded, touched; /* touched: the camera is where somebody put it */
  gboolean lassoing;
  GArray *lasso;  /* of float, while it is drawn */
  double from[2]; /* of a drag: where the last motion was */
  int hovered, current;

  guint thumbnail_height, thumbnail_width;
  gboolean (*get_thumbnail) (guint index, guint8 *pixels, gpointer data);
  gpointer thumbnail_data;
  GArray *in_atlas; /* of guint: points whose images are in the atlas */
};

/* moves or turns the points, in pixels of the widget, y downwards */
void workbench_map_pan (WorkbenchMap *self, double dx, double dy);
void workbench_map_orbit (WorkbenchMap *self, double dx, double dy);
void workbench_map_add_controllers (WorkbenchMap *self);

G_END_DECLS
