/* workbench-points.h: the numbers beside each image of the pool, as points of a space: latents, or features of a network.
 *
 * They are gathered from a run's history, a batch at a time, the oldest first, and stay in memory: the history may drop its
 * pictures. Beyond a number of points the batches gathered longest ago are dropped.
 *
 * Signal: "changed" when points came or went. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_POINTS (workbench_points_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchPoints, workbench_points, WORKBENCH, POINTS, GObject)

/** workbench_points_new: @rows: which numbers; @most: points at most */
WorkbenchPoints *workbench_points_new (WorkbenchDocument *document, DfkdRows rows, gsize most);

/** workbench_points_set_test: @pictures: (nullable): test images, whose points stand behind those of the pool and do not count among @most; NULL: none. Returns: FALSE
 * when these have no such numbers, or not as many an image as the pool's. When that turns out only later, as the pool comes, they go */
gboolean workbench_points_set_test (WorkbenchPoints *self, const DfkdPictures *pictures);

/** workbench_points_get_count: those of test images among them */
gsize workbench_points_get_count (WorkbenchPoints *self);
/** workbench_points_get_test_count: of test images alone: the last ones */
gsize workbench_points_get_test_count (WorkbenchPoints *self);
/** workbench_points_get_features: numbers a point; 0 while that is not known */
gsize workbench_points_get_features (WorkbenchPoints *self);
/** workbench_points_get_ids: [count] of WorkbenchImage, ascending (transfer none), until "changed" */
const guint64 *workbench_points_get_ids (WorkbenchPoints *self);
/** workbench_points_get_rows: [count, features] (transfer none), until "changed" */
const float *workbench_points_get_rows (WorkbenchPoints *self);
/** workbench_points_find: index of @image, or −1 */
gssize workbench_points_find (WorkbenchPoints *self, WorkbenchImage image);
/** workbench_points_get_reading: of the syntheses whose points are gathered */
WorkbenchReading workbench_points_get_reading (WorkbenchPoints *self);

G_END_DECLS
