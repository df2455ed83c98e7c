/* workbench-map-private.h: the camera, and what draws with OpenGL. */
#pragma once

#include "workbench-map.h"

G_BEGIN_DECLS

/** WorkbenchCamera: parallel projection: widget = middle + scale · rotation · (place − centre), y upwards. */
typedef struct {
  double centre[3], rotation[9], scale; /* scale: pixels of the widget for one of the map */
} WorkbenchCamera;

typedef struct {
  const WorkbenchMapPoint *points;
  gsize n_points;
  const WorkbenchMapVertex *lines;
  gsize n_lines;
  const float *lasso; /* x, y in pixels of the widget */
  gsize n_lasso;
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

G_END_DECLS
