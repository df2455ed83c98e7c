/* workbench-readout.h: text that follows a run: a label that lays nothing out anew as long as what it says takes the same room.
 *
 * GtkLabel asks for a new layout at each text, of the whole window. Here that is so only where another width or number of lines is needed;
 * digits are all as wide as each other. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_READOUT (workbench_readout_get_type ())
/** WorkbenchReadout: properties: "label", what it says at first; "wrap": in lines, as many as it takes; "ellipsize": in one that is cut off at its
 * end, with a tooltip that has all of it; neither: in one that is never cut off; "width-chars": letters that it has room for, whatever it says */
G_DECLARE_FINAL_TYPE (WorkbenchReadout, workbench_readout, WORKBENCH, READOUT, GtkWidget)

/** workbench_readout_set_text, workbench_readout_set_markup: as Pango has it. Returns: whether it said something else before */
gboolean workbench_readout_set_text (WorkbenchReadout *self, const char *text);
gboolean workbench_readout_set_markup (WorkbenchReadout *self, const char *markup);
/** workbench_readout_get_text: without markup. Returns: (transfer none) */
const char *workbench_readout_get_text (WorkbenchReadout *self);

G_END_DECLS
