/* profile.c: the time of every step: the plan prepared once more with a region for each step, and run. */
#include "vulkan-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

gboolean
dfkd_vulkan_profile (DfkdProgram *program, double *seconds, GError **error)
{
  DfkdVulkan *vulkan = program->device->backend;
  guint n = program->plan->n_steps;
  g_autofree DfkdStep *steps = g_memdup2 (program->plan->steps, n * sizeof *steps);
  g_autofree char **regions = g_new0 (char *, n + 1);
  DfkdPlan plan = *program->plan;
  DfkdProgram timed = {
    .device = program->device, .plan = &plan, .precision = program->precision, .n_lanes = 1, .dials = program->dials, .seconds = seconds
  };
  gboolean good;

  if (vulkan->timestamp_bits == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _ ("%s cannot time single kernels"),
                   vulkan->properties.deviceName);
      return FALSE;
    }
  if (n == 0)
    return dfkd_vulkan_run (program, error) && dfkd_vulkan_wait (program, error);
  for (guint i = 0; i < n; i++)
    {
      steps[i].region = i;
      regions[i] = (char *) "";
    }
  plan.steps = steps;
  plan.regions = regions;
  if (!dfkd_vulkan_prepare (program->device, &timed, error))
    return FALSE;
  good = dfkd_vulkan_run (&timed, error) && dfkd_vulkan_wait (&timed, error);
  dfkd_vulkan_release (&timed);
  return good;
}
