/* bench-roofline.c: steps beside the limits of their device: bandwidth and matrix rate, by stage and by kernel. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

enum {
  TRIES = 5,
  LISTED = 10,
};

/* seconds of the fastest of several runs of a graph that reads nothing back */
static gboolean
fastest (DfkdDevice *device, const DfkdGraph *graph, double *seconds, GError **error)
{
  g_autoptr (DfkdProgram) program = dfkd_program_new (device, graph, error);

  if (program == NULL)
    return FALSE;
  *seconds = G_MAXDOUBLE;
  for (int i = 0; i < TRIES; i++)
    {
      gint64 started = g_get_monotonic_time ();

      if (!dfkd_program_run (program, error) || !dfkd_program_wait (program, error))
        return FALSE;
      *seconds = MIN (*seconds, (double) (g_get_monotonic_time () - started) * 1e-6);
    }
  return TRUE;
}

/* One op that fills @target from @source and @other, of [rows, columns] each. */
static gboolean
measure (DfkdDevice *device, gsize rows, gsize columns, gboolean product, double *seconds, GError **error)
{
  g_autoptr (DfkdBlock) block = dfkd_block_new ("bench");
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("bench");
  DfkdShape shape = dfkd_shape (rows, columns, 0, 0);
  guint source = dfkd_block_add (block, "source", shape), target = dfkd_block_add (block, "target", shape);
  DfkdValue x, y;

  if (!dfkd_device_allocate (device, block, error))
    return FALSE;
  x = dfkd_graph_variable (graph, block, source);
  y = product ? dfkd_matrix_product (graph, x, x, DFKD_NONE, FALSE, FALSE) : dfkd_affine (graph, x, 2.0f, 1.0f);
  dfkd_assign (graph, dfkd_graph_variable (graph, block, target), y);
  return fastest (device, graph, seconds, error);
}

gboolean
bench_measure_device (DfkdDevice *device, BenchRates *rates, GError **error)
{
  gboolean slow = strstr (dfkd_device_describe (device)->kind, "software") != NULL;
  gsize side = slow ? 512 : 2048, rows = slow ? 4096 : 16384;
  double copy, product;

  if (!measure (device, rows, 4096, FALSE, &copy, error) || !measure (device, side, side, TRUE, &product, error))
    return FALSE;
  rates->bytes = 2.0 * (double) (rows * 4096 * sizeof (float)) / copy;
  rates->flop = 2.0 * (double) (side * side * side) / product;
  return TRUE;
}

typedef struct {
  const DfkdStep *step;
  guint count;
  double seconds, flop, bytes;
} Kernel;

static int
slowest_first (gconstpointer a, gconstpointer b)
{
  double x = ((const Kernel *) a)->seconds, y = ((const Kernel *) b)->seconds;

  return x < y ? 1 : x > y ? -1 : 0;
}

static gboolean
is_same_work (const DfkdStep *a, const DfkdStep *b)
{
  return a->op == b->op && a->region == b->region && a->n_inputs == b->n_inputs
         && memcmp (&a->attributes, &b->attributes, sizeof a->attributes) == 0
         && memcmp (&a->shape, &b->shape, sizeof a->shape) == 0
         && memcmp (a->input_shape, b->input_shape, sizeof a->input_shape) == 0;
}

/* all kernels of the plan, equal ones together, the slowest first; medians of several runs */
static GArray *
profile (DfkdProgram *program, int repeats, GError **error)
{
  const DfkdPlan *plan = dfkd_program_get_plan (program);
  g_autofree double *seconds = g_new0 (double, (gsize) plan->n_steps * (guint) repeats);
  g_autofree double *one = g_new0 (double, plan->n_steps);
  GArray *kernels = g_array_new (FALSE, FALSE, sizeof (Kernel));

  for (int i = 0; i < repeats; i++)
    {
      if (!dfkd_program_profile (program, one, error))
        {
          g_array_unref (kernels);
          return NULL;
        }
      for (guint j = 0; j < plan->n_steps; j++)
        seconds[j * (guint) repeats + (guint) i] = one[j];
    }
  for (guint j = 0; j < plan->n_steps; j++)
    {
      Kernel kernel = { .step = &plan->steps[j], .count = 1 };
      guint at = 0;

      kernel.seconds = bench_median (seconds + j * (guint) repeats, (guint) repeats);
      dfkd_step_cost (kernel.step, &kernel.flop, &kernel.bytes);
      while (at < kernels->len && !is_same_work (g_array_index (kernels, Kernel, at).step, kernel.step))
        at++;
      if (at == kernels->len)
        g_array_append_val (kernels, kernel);
      else
        {
          Kernel *sum = &g_array_index (kernels, Kernel, at);

          sum->count++;
          sum->seconds += kernel.seconds;
          sum->flop += kernel.flop;
          sum->bytes += kernel.bytes;
        }
    }
  g_array_sort (kernels, slowest_first);
  return kernels;
}

static double
attainable (const BenchRates *rates, double flop, double bytes)
{
  return MAX (flop / rates->flop, bytes / rates->bytes);
}

static void
report (const BenchRates *rates, const char *name, double seconds, double flop, double bytes, double least, JsonBuilder *builder,
        gboolean json)
{
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", name);
  dfkd_json_number (builder, "seconds", seconds);
  dfkd_json_number (builder, "flop", flop);
  dfkd_json_number (builder, "bytes", bytes);
  dfkd_json_number (builder, "attainable_seconds", least);
  json_builder_end_object (builder);
  if (!json)
    g_print ("    %9.2f ms %8.1f GFLOP/s %7.1f GB/s %5.0f %%  %s\n", seconds * 1e3, flop / seconds * 1e-9, bytes / seconds * 1e-9,
             100.0 * least / seconds, name);
}

static void
report_stages (const DfkdPlan *plan, const BenchRates *rates, const double *stages, JsonBuilder *builder, gboolean json)
{
  json_builder_set_member_name (builder, "roofline");
  json_builder_begin_array (builder);
  for (guint stage = 0; plan->regions[stage] != NULL; stage++)
    {
      double flop = 0.0, bytes = 0.0, least = 0.0;

      for (guint i = 0; i < plan->n_steps; i++)
        {
          double f, b;

          if (plan->steps[i].region != stage)
            continue;
          dfkd_step_cost (&plan->steps[i], &f, &b);
          flop += f;
          bytes += b;
          least += attainable (rates, f, b);
        }
      if (stages[stage] > 0.0)
        report (rates, plan->regions[stage], stages[stage], flop, bytes, least, builder, json);
    }
  json_builder_end_array (builder);
}

/* "3 × convolution 128×16×32×32 · 16×16×3×3 → 128×16×32×32, teacher" */
static char *
kernel_text (const Kernel *kernel, const DfkdPlan *plan)
{
  const DfkdStep *step = kernel->step;
  g_autofree char *result = dfkd_shape_text (&step->shape);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u × %s", kernel->count, dfkd_op (step->op)->name);
  for (guint i = 0; i < MIN (step->n_inputs, 2); i++)
    if (step->input_shape[i].rank > 0)
      {
        g_autofree char *shape = dfkd_shape_text (&step->input_shape[i]);

        g_string_append_printf (text, "%s%s", i == 0 ? " " : " · ", shape);
      }
  if (step->shape.rank > 0)
    g_string_append_printf (text, " → %s", result);
  g_string_append_printf (text, ", %s", plan->regions[step->region]);
  return g_string_free (text, FALSE);
}

gboolean
bench_roofline (DfkdProgram *program, const BenchRates *rates, const double *stages, int repeats, JsonBuilder *builder,
                gboolean json, GError **error)
{
  const DfkdPlan *plan = dfkd_program_get_plan (program);
  g_autoptr (GArray) kernels = profile (program, repeats, error);

  if (kernels == NULL)
    return FALSE;
  dfkd_json_number (builder, "device_flop_rate", rates->flop);
  dfkd_json_number (builder, "device_bandwidth", rates->bytes);
  report_stages (plan, rates, stages, builder, json);
  if (!json)
    g_print (_("  the most expensive kernels\n"));
  json_builder_set_member_name (builder, "kernels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MIN (kernels->len, LISTED); i++)
    {
      const Kernel *kernel = &g_array_index (kernels, Kernel, i);
      g_autofree char *name = kernel_text (kernel, plan);

      if (kernel->seconds > 0.0)
        report (rates, name, kernel->seconds, kernel->flop, kernel->bytes, attainable (rates, kernel->flop, kernel->bytes), builder,
                json);
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
bench_memory (DfkdTrainer *trainer, const char *const *kinds, guint n_kinds, JsonBuilder *builder, gboolean json)
{
  gint64 peak = peak_bytes ();
  gsize arenas = 0;

  for (guint i = 0; i < n_kinds; i++)
    {
      DfkdProgram *program = dfkd_trainer_program (trainer, kinds[i]);

      if (program != NULL)
        arenas += dfkd_program_get_plan (program)->slab_bytes;
    }
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", "memory");
  dfkd_json_integer (builder, "arenas", (gint64) arenas);
  dfkd_json_integer (builder, "peak", peak);
  json_builder_end_object (builder);
  if (!json)
    g_print (_("memory     %.0f MiB in the arenas of these programs, %.0f MiB the most that the process held\n"),
             (double) arenas / 1048576.0, (double) peak / 1048576.0);
}
