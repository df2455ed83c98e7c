/* workbench-layout.h: places of points on a map of two or three dimensions, computed by a thread of its own while a run goes on.
 *
 * Each new layout is laid over the former one (dfkd_alignment_fit()), so that what moves on the map has moved: principal components
 * are turned back, t-SNE goes on from where it is. The thread yields to the trainer. A paused layout costs nothing and goes on from
 * where it was, with the points that came meanwhile.
 *
 * Signals: "changed" when places are others; "judged" when it is known how well the map keeps neighbours. */
#pragma once

#include "workbench-points.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_LAYOUT (workbench_layout_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchLayout, workbench_layout, WORKBENCH, LAYOUT, GObject)

typedef enum {
  WORKBENCH_PROJECTION_PCA,
  WORKBENCH_PROJECTION_T_SNE,
} WorkbenchProjection;

enum {
  WORKBENCH_KEPT_NEIGHBOURS = 10, /* of which the share that the map keeps is told */
};

/** WorkbenchLayoutProgress: of t-SNE, since points last came or went */
typedef struct {
  guint iteration, total; /* @total 0: there is nothing to tell */
  double ready;           /* the part of the points whose neighbours are known, 0 … 1; below 1 no iteration is done */
} WorkbenchLayoutProgress;

/** workbench_layout_new: of @points, which is referenced; @dimensions: 2 or 3 */
WorkbenchLayout *workbench_layout_new (WorkbenchPoints *points, WorkbenchProjection projection, guint dimensions);
/** workbench_layout_stop: the thread ends soon; before the last reference goes. */
void workbench_layout_stop (WorkbenchLayout *self);
/** workbench_layout_set_paused: nothing is computed until it goes on; what is laid out so far stays, and is judged. */
void workbench_layout_set_paused (WorkbenchLayout *self, gboolean paused);
gboolean workbench_layout_get_paused (WorkbenchLayout *self);
/** workbench_layout_get_progress: as of the last "changed" */
WorkbenchLayoutProgress workbench_layout_get_progress (WorkbenchLayout *self);

guint workbench_layout_get_dimensions (WorkbenchLayout *self);
gsize workbench_layout_get_count (WorkbenchLayout *self);
/** workbench_layout_get_ids: [count] (transfer none), until "changed" */
const guint64 *workbench_layout_get_ids (WorkbenchLayout *self);
/** workbench_layout_get_places: [count, dimensions] (transfer none), until "changed"; no NaN */
const float *workbench_layout_get_places (WorkbenchLayout *self);
/** workbench_layout_get_kept: mean share of the nearest neighbours that are nearest on the map too; NaN while unknown */
double workbench_layout_get_kept (WorkbenchLayout *self);
/** workbench_layout_get_explained: share of the variance that the axes explain; NaN but for principal components */
double workbench_layout_get_explained (WorkbenchLayout *self);
/** workbench_layout_get_problem: (nullable): why there is no layout */
const char *workbench_layout_get_problem (WorkbenchLayout *self);
/** workbench_layout_project: the place of another point, [features]; FALSE when the projection has none for it (t-SNE) */
gboolean workbench_layout_project (WorkbenchLayout *self, const float *row, float *place);

G_END_DECLS
