/* bench-roofline.c: steps beside the limits of their device, by stage and by kernel; and memory. */
#include "bench.h"

#include <string.h>

static void
report (const char *name, const DfkdCost *cost, double seconds, JsonBuilder *builder, gboolean json)
{
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", name);
  dfkd_json_number (builder, "seconds", seconds);
  dfkd_json_number (builder, "flop", cost->flop);
  dfkd_json_number (builder, "bytes", cost->bytes);
  dfkd_json_number (builder, "attainable_seconds", cost->least);
  json_builder_end_object (builder);
  if (!json)
    g_print ("    %9.2f ms %8.1f GFLOP/s %7.1f GB/s %5.0f %%  %s\n", seconds * 1e3, cost->flop / seconds * 1e-9,
             cost->bytes / seconds * 1e-9, 100.0 * cost->least / seconds, name);
}

/* a stage's time in ordinary runs, in which kernels may overlap */
static double
stage_seconds (const DfkdPlan *plan, const char *name, const double *stages)
{
  for (guint i = 0; plan->regions[i] != NULL; i++)
    if (g_str_equal (plan->regions[i], name))
      return stages[i];
  return 0.0;
}

gboolean
bench_roofline (DfkdProgram *program, const DfkdRates *rates, const double *stages, int repeats, guint listed, JsonBuilder *builder,
                gboolean json, GError **error)
{
  g_autoptr (DfkdRoofline) roofline = dfkd_program_roofline (program, rates, (guint) repeats, error);

  if (roofline == NULL)
    return FALSE;
  dfkd_json_number (builder, "device_flop_rate", rates->flop);
  dfkd_json_number (builder, "device_bandwidth", rates->bytes);
  json_builder_set_member_name (builder, "roofline");
  json_builder_begin_array (builder);
  for (guint i = 0; i < roofline->stages->len; i++)
    {
      const DfkdCost *cost = &g_array_index (roofline->stages, DfkdCost, i);
      double seconds = stage_seconds (dfkd_program_get_plan (program), cost->name, stages);

      if (seconds > 0.0)
        report (cost->name, cost, seconds, builder, json);
    }
  json_builder_end_array (builder);
  if (!json)
    g_print (_("  the most expensive kernels\n"));
  json_builder_set_member_name (builder, "kernels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MIN (roofline->kernels->len, listed); i++)
    {
      const DfkdCost *cost = &g_array_index (roofline->kernels, DfkdCost, i);
      g_autofree char *name = g_strdup_printf ("%u × %s", cost->count, cost->name);

      if (cost->seconds > 0.0)
        report (name, cost, cost->seconds, builder, json);
    }
  json_builder_end_array (builder);
  return TRUE;
}

/* getrusage() would tell the most of the parent too */
static gint64
peak_bytes (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (line = strstr (text, "VmHWM:")) == NULL)
    return 0;
  return g_ascii_strtoll (line + strlen ("VmHWM:"), NULL, 10) * 1024;
}

void
bench_memory (DfkdDevice *device, JsonBuilder *builder, gboolean json)
{
  gint64 peak = peak_bytes ();
  guint64 arenas = dfkd_device_counters (device)->arena_bytes;

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", "memory");
  dfkd_json_integer (builder, "arenas", (gint64) arenas);
  dfkd_json_integer (builder, "peak", peak);
  json_builder_end_object (builder);
  if (!json)
    g_print (_("memory     %.0f MiB for the temporaries of all programs, %.0f MiB the most that the process held\n"),
             (double) arenas / 1048576.0, (double) peak / 1048576.0);
}
