/* workbench-batch-slider.h: chooses a batch of a run: one of those on disk, or the newest, which it follows while it stands at its
 * end. It shows itself only where there is a choice.
 *
 * Signal: "changed" when another batch is chosen, or the chosen one is there now. */
#pragma once

#include "workbench-document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_BATCH_SLIDER (workbench_batch_slider_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchBatchSlider, workbench_batch_slider, WORKBENCH, BATCH_SLIDER, GtkBox)

/** workbench_batch_slider_set_document: (nullable) */
void workbench_batch_slider_set_document (WorkbenchBatchSlider *self, WorkbenchDocument *document);
/** workbench_batch_slider_get_pictures: (nullable) (transfer none): valid until the main loop goes on. @why: (out): for people, why there
 * is none */
DfkdPictures *workbench_batch_slider_get_pictures (WorkbenchBatchSlider *self, const char **why);

G_END_DECLS
