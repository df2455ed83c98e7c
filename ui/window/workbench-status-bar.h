/* workbench-status-bar.h: where a run stands, in two lines: place and progress, the accuracies, the four clocks. Each says in its tooltip
 * what it is. */
#pragma once

#include "workbench-document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_STATUS_BAR (workbench_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchStatusBar, workbench_status_bar, WORKBENCH, STATUS_BAR, GtkBox)

/** workbench_status_bar_set_document: @document: (nullable) */
void workbench_status_bar_set_document (WorkbenchStatusBar *self, WorkbenchDocument *document);

G_END_DECLS
