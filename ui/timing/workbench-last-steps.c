/* workbench-last-steps.c: stacked rows. */
#include "workbench-last-steps.h"

#include "workbench-band-layer.h"

#include <glib/gi18n.h>
#include <math.h>

/* rows of charts count from below, people read from above */
static DfkdStage
kind_of_row (guint row)
{
  return (DfkdStage) (DFKD_N_STAGES - 1 - row);
}

static char *
whole_text (guint row, double value, gpointer data)
{
  return g_strdup_printf ("%s %.4g", workbench_step_title (kind_of_row (row)), value);
}

void
workbench_last_steps_init (WorkbenchLastSteps *self, WorkbenchChart *chart)
{
  const char *names[DFKD_N_STAGES + 1] = { NULL };

  self->whole = workbench_row_layer_new (NULL, (GdkRGBA){ 0.5f, 0.5f, 0.5f, 1.0f }, _("%.1f ms"), whole_text, NULL);
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (self->whole));
  for (guint i = 0; i < WORKBENCH_N_BANDS; i++)
    {
      self->stages[i] = workbench_row_layer_new (NULL, workbench_band_colour (i), NULL, NULL, NULL);
      workbench_chart_add (chart, WORKBENCH_CHART_LAYER (self->stages[i]));
    }
  for (guint row = 0; row < DFKD_N_STAGES; row++)
    names[row] = workbench_step_title (kind_of_row (row));
  workbench_chart_set_y_labels (chart, names);
  workbench_chart_set_axes (chart, _("a step (ms)"), "");
  workbench_chart_set_empty_text (chart, _("The last step of each kind will be drawn here once it is done"));
}

void
workbench_last_steps_show (WorkbenchLastSteps *self, const DfkdStatus *status)
{
  double base[DFKD_N_STAGES] = { 0.0 }, times[WORKBENCH_N_BANDS][DFKD_N_STAGES] = { { 0.0 } }, longest = 0.0;

  for (guint row = 0; row < DFKD_N_STAGES; row++)
    {
      const DfkdTiming *timing = &status->timing[kind_of_row (row)];

      for (guint i = 0; i < timing->n_regions; i++)
        if (isfinite (timing->seconds[i]))
          times[workbench_band_find (timing->region[i])][row] += timing->seconds[i] * 1e3;
    }
  for (guint band = 0; band < WORKBENCH_N_BANDS; band++)
    {
      double values[DFKD_N_STAGES];
      gboolean any = FALSE;

      for (guint row = 0; row < DFKD_N_STAGES; row++)
        {
          values[row] = times[band][row] > 0.0 ? times[band][row] : (double) NAN; /* not to be told of */
          any |= times[band][row] > 0.0;
        }
      workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (self->stages[band]), any ? workbench_band_title (band) : NULL, workbench_band_colour (band));
      workbench_row_layer_set (self->stages[band], DFKD_N_STAGES, base, values, (double) NAN);
      for (guint row = 0; row < DFKD_N_STAGES; row++)
        base[row] += times[band][row];
    }
  for (guint row = 0; row < DFKD_N_STAGES; row++)
    {
      longest = MAX (longest, base[row]);
      base[row] = base[row] > 0.0 ? base[row] : (double) NAN;
    }
  workbench_row_layer_set (self->whole, DFKD_N_STAGES, NULL, base, 1.25 * longest); /* room for its number, which stages would cover */
}
