/* workbench-overlays.h: the runs that are drawn beside the present one: chosen from the folder of runs, from any folder or by dropping
 * one, shown as labels that tell in what their recipes differ from
 * the dials as they stand, and removed again. Emits "changed" when there are others, and
 * "problem" (message) when one cannot be read. */
#pragma once

#include "workbench-document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_OVERLAYS (workbench_overlays_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchOverlays, workbench_overlays, WORKBENCH, OVERLAYS, GtkBox)

enum {
  WORKBENCH_MAX_OVERLAYS = 6, /* more cannot be told apart */
};

/** workbench_overlays_set_document: (nullable): the present run, to compare with */
void workbench_overlays_set_document (WorkbenchOverlays *self, WorkbenchDocument *document);
/** workbench_overlays_open: a run folder; FALSE, and "problem", when it is none, is drawn already, or there are too many. */
gboolean workbench_overlays_open (WorkbenchOverlays *self, const char *folder);
/** workbench_overlays_join: likewise a run that goes on elsewhere in the program; its curves grow here as they do there. */
gboolean workbench_overlays_join (WorkbenchOverlays *self, WorkbenchDocument *document);
/** workbench_overlays_contain: whether the run in @folder is one of them */
gboolean workbench_overlays_contain (WorkbenchOverlays *self, const char *folder);
void workbench_overlays_add (WorkbenchOverlays *self, WorkbenchDocument *document);
void workbench_overlays_remove (WorkbenchOverlays *self, guint index);
/** workbench_overlays_get: (element-type WorkbenchDocument) (transfer none) */
const GPtrArray *workbench_overlays_get (WorkbenchOverlays *self);
/** workbench_overlays_colour: of the run at @index; its dash is @index + 1 */
GdkRGBA workbench_overlays_colour (guint index);

G_END_DECLS
