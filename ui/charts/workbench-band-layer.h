/* workbench-band-layer.h: one stage of the steps as a band over the bands below it: for each column of pixels the mean of its steps. */
#pragma once

#include "workbench-chart-layer.h"
#include "workbench-step-times.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_BAND_LAYER (workbench_band_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchBandLayer, workbench_band_layer, WORKBENCH, BAND_LAYER, WorkbenchChartLayer)

/** workbench_band_layer_new: @below: (nullable): what it stands on; one that is hidden is left out of the stack, which closes */
WorkbenchBandLayer *workbench_band_layer_new (WorkbenchStepTimes *times, WorkbenchBand band, WorkbenchBandLayer *below);
/** workbench_band_colour: of a stage wherever it is drawn; of what is no stage a light grey, which is no colour of the palette */
GdkRGBA workbench_band_colour (WorkbenchBand band);
void workbench_band_layer_set_clock (WorkbenchBandLayer *self, WorkbenchClock clock);

G_END_DECLS
