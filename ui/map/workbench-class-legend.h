/* workbench-class-legend.h: the mark and name of every class. One that is pointed at or chosen is highlighted; choosing it again, or Escape,
 * lets go of it.
 *
 * Signal: "highlighted" (int class, −1 for none) when another class is. */
#pragma once

#include "workbench-document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_CLASS_LEGEND (workbench_class_legend_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchClassLegend, workbench_class_legend, WORKBENCH, CLASS_LEGEND, GtkBox)

/** workbench_class_legend_set_classes: @document: (nullable): whose run names them */
void workbench_class_legend_set_classes (WorkbenchClassLegend *self, WorkbenchDocument *document, guint count);
/** workbench_class_legend_get_highlighted: a class, or −1 */
int workbench_class_legend_get_highlighted (WorkbenchClassLegend *self);
/** workbench_class_legend_point_at: as a pointer above class @index does; −1: above none */
void workbench_class_legend_point_at (WorkbenchClassLegend *self, int index);

G_END_DECLS
