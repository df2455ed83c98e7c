/* workbench-step-slider.h: chooses an inner step of a batch among the frames of its film, or the batch as it is, at the slider's end. Another
 * batch is looked at at the same step, if it has got there. It shows itself only where there is a choice.
 *
 * Signal: "changed" when another step is chosen. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_STEP_SLIDER (workbench_step_slider_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchStepSlider, workbench_step_slider, WORKBENCH, STEP_SLIDER, GtkBox)

/** workbench_step_slider_set_pictures: @pictures: (nullable): the batch; @film: (nullable): the same one with its frames. Emits nothing. */
void workbench_step_slider_set_pictures (WorkbenchStepSlider *self, DfkdPictures *pictures, DfkdPictures *film);
/** workbench_step_slider_get_pictures: (nullable) (transfer none): the batch at the step that is chosen */
DfkdPictures *workbench_step_slider_get_pictures (WorkbenchStepSlider *self);

G_END_DECLS
