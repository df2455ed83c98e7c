/* workbench-top-classes.h: the classes that a network finds likeliest, with bars of their probabilities. */
#pragma once

#include "workbench-document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_TOP_CLASSES (workbench_top_classes_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchTopClasses, workbench_top_classes, WORKBENCH, TOP_CLASSES, GtkGrid)

/** workbench_top_classes_set_heading: whose answer it is; @about: more of that, as a tooltip */
void workbench_top_classes_set_heading (WorkbenchTopClasses *self, const char *heading, const char *about);
/** workbench_top_classes_set_logits: @document: names the classes; @logits: [classes] (nullable): NULL hides all */
void workbench_top_classes_set_logits (WorkbenchTopClasses *self, WorkbenchDocument *document, const float *logits, guint classes);

G_END_DECLS
