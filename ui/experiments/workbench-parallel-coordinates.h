/* workbench-parallel-coordinates.h: a vertical axis for each thing that varies in an experiment and for what came of it, and a line across
 * them for each recipe, coloured by its accuracy.
 *
 * Drag along an axis: only recipes within that range; the lines of others fade. A click on the axis: all again. A click on a line selects
 * it, two open it. Keys: Left and Right go from axis to axis, Up and Down from line to line along it; Shift+Up and Shift+Down move the
 * upper end of its range, Shift+Right and Shift+Left the lower one; Escape clears the range, once more all of them; Enter opens.
 *
 * Signals: "selected" (int) and "hovered" (int), a row or −1; "activated" (int), a row. */
#pragma once

#include "workbench-brushes.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PARALLEL_COORDINATES (workbench_parallel_coordinates_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchParallelCoordinates, workbench_parallel_coordinates, WORKBENCH, PARALLEL_COORDINATES, GtkWidget)

/** workbench_parallel_coordinates_set_table: (nullable): ranges and selection stay where it is of the same things as the one before */
void workbench_parallel_coordinates_set_table (WorkbenchParallelCoordinates *self, WorkbenchExperimentTable *table);
/** workbench_parallel_coordinates_get_brushes: the ranges, which anybody may change. (transfer none) */
WorkbenchBrushes *workbench_parallel_coordinates_get_brushes (WorkbenchParallelCoordinates *self);

/** workbench_parallel_coordinates_set_selected: a row, or −1; emits "selected" where it is another */
void workbench_parallel_coordinates_set_selected (WorkbenchParallelCoordinates *self, int row);
int workbench_parallel_coordinates_get_selected (WorkbenchParallelCoordinates *self);

/** workbench_parallel_coordinates_save: as workbench_drawing_save() does it: the picture, or all values of the table */
gboolean workbench_parallel_coordinates_save (WorkbenchParallelCoordinates *self, const char *path, GError **error);

G_END_DECLS
