/* roofline.c: measuring a device, and a program kernel by kernel. */
#include "roofline.h"

#include "build.h"
#include "median.h"

#include <stdlib.h>
#include <string.h>

enum {
  TRIES = 5,
  COLUMNS = 4096, /* of what is copied */
  FEWEST_IMAGES = 16,
};

/* seconds of a run that tell enough */
static const double MOMENT = 0.2;

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

/* One op that fills @target from @source, of [rows, columns] each. */
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

/* of the convolution that is measured: no algorithm shortens it: 5×5, many channels */
static const gsize channels = 128, image_side = 16, kernel = 5;

static double
convolution_flop (gsize images)
{
  return 2.0 * (double) (images * image_side * image_side * channels * channels * kernel * kernel);
}

/* Products of a processor are in float32 whatever the precision. */
static gboolean
measure_convolution (DfkdDevice *device, gsize images, double *rate, GError **error)
{
  g_autoptr (DfkdBlock) block = dfkd_block_new ("bench");
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("bench");
  DfkdShape shape = dfkd_shape (images, channels, image_side, image_side);
  guint source = dfkd_block_add (block, "source", shape), target = dfkd_block_add (block, "target", shape);
  guint weights = dfkd_block_add (block, "weights", dfkd_shape (channels, channels, kernel, kernel));
  DfkdValue y;
  double seconds;

  if (!dfkd_device_allocate (device, block, error))
    return FALSE;
  y = dfkd_convolution (graph, dfkd_graph_variable (graph, block, source), dfkd_graph_variable (graph, block, weights), DFKD_NONE, DFKD_NONE, 1,
                        kernel / 2, 1, 1);
  dfkd_assign (graph, dfkd_graph_variable (graph, block, target), y);
  if (!fastest (device, graph, &seconds, error))
    return FALSE;
  *rate = convolution_flop (images) / seconds;
  return TRUE;
}

/* Halves @side, of a product, until it takes no more than a moment, but no more than twice: of a small one it is known how long it takes. */
static gboolean
choose_side (DfkdDevice *device, gsize *side, GError **error)
{
  gsize least = *side / 4;
  double seconds;

  if (!measure (device, least, least, TRUE, &seconds, error))
    return FALSE;
  for (seconds *= 4 * 4 * 4; *side > least && seconds > MOMENT; seconds /= 2 * 2 * 2)
    *side /= 2;
  return TRUE;
}

static gboolean
measure_rates (DfkdDevice *device, DfkdRates *rates, GError **error)
{
  const DfkdDeviceDescription *description = dfkd_device_describe (device);
  gboolean software = strstr (description->kind, "software") != NULL, gpu = strstr (description->kind, "GPU") != NULL;
  /* large enough to fill the device and pass its caches, small enough for a moment: of which on a GPU little is known */
  gsize side = software ? 512 : gpu ? 4096 : 1536, rows = software ? 4096 : gpu ? 16384 : 8192, images = software ? 4 : gpu ? 1024 : 64;
  double copy, product, rate = 0.0;

  if (description->largest > 0)
    rows = MIN (rows, description->largest / (COLUMNS * sizeof (float)));
  if (!measure (device, rows, COLUMNS, FALSE, &copy, error) || (gpu && !choose_side (device, &side, error))
      || !measure (device, side, side, TRUE, &product, error))
    return FALSE;
  if (gpu)
    images = (gsize) CLAMP (MOMENT * 2.0 * (double) (side * side * side) / product / convolution_flop (1), FEWEST_IMAGES, (double) images);
  if (dfkd_device_get_precision (device) != DFKD_PRECISION_FLOAT32
      && !measure_convolution (device, images, &rate, error))
    return FALSE;
  rates->bytes = 2.0 * (double) (rows * COLUMNS * sizeof (float)) / copy;
  rates->flop = MAX (2.0 * (double) (side * side * side) / product, rate);
  return TRUE;
}

gboolean
dfkd_device_measure (DfkdDevice *device, DfkdPrecision precision, DfkdRates *rates, GError **error)
{
  DfkdPrecision before = dfkd_device_get_precision (device);
  gboolean good = dfkd_device_set_precision (device, precision, error) && measure_rates (device, rates, error);

  dfkd_device_set_precision (device, before, NULL);
  return good;
}

/* ------------------------------------------------------------------------------------------------- a program */

static int
slowest_first (gconstpointer a, gconstpointer b)
{
  double x = ((const DfkdCost *) a)->seconds, y = ((const DfkdCost *) b)->seconds;

  return x < y ? 1 : x > y ? -1 : 0;
}

static gboolean
is_same_work (const DfkdStep *a, const DfkdStep *b)
{
  return a->op == b->op && a->fused == b->fused && a->region == b->region && a->n_inputs == b->n_inputs
         && memcmp (&a->attributes, &b->attributes, sizeof a->attributes) == 0
         && memcmp (&a->shape, &b->shape, sizeof a->shape) == 0
         && memcmp (a->input_shape, b->input_shape, sizeof a->input_shape) == 0;
}

static char *
kernel_name (const DfkdStep *step, const DfkdPlan *plan)
{
  g_autofree char *result = dfkd_shape_text (&step->shape), *name = dfkd_step_name (step);
  GString *text = g_string_new (name);

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

static void
add (DfkdCost *sum, const DfkdStep *step, double seconds, const DfkdRates *rates)
{
  double flop, bytes;

  dfkd_step_cost (step, &flop, &bytes);
  sum->seconds += seconds;
  sum->flop += flop;
  sum->bytes += bytes;
  sum->least += MAX (flop / rates->flop, bytes / rates->bytes);
}

static void
clear_cost (gpointer data)
{
  g_free (((DfkdCost *) data)->name);
}

static GArray *
new_costs (void)
{
  GArray *costs = g_array_new (FALSE, TRUE, sizeof (DfkdCost));

  g_array_set_clear_func (costs, clear_cost);
  return costs;
}

/* equal kernels as one row; @seconds by step */
static void
list_kernels (DfkdRoofline *roofline, const DfkdPlan *plan, const double *seconds)
{
  g_autoptr (GPtrArray) first = g_ptr_array_new (); /* by row: a step of its kind */

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const DfkdStep *step = &plan->steps[i];
      DfkdCost *cost;
      guint row = 0;

      while (row < first->len && !is_same_work (g_ptr_array_index (first, row), step))
        row++;
      if (row == first->len)
        {
          DfkdCost fresh = { .name = kernel_name (step, plan) };

          g_ptr_array_add (first, (gpointer) step);
          g_array_append_val (roofline->kernels, fresh);
        }
      cost = &g_array_index (roofline->kernels, DfkdCost, row);
      cost->count++;
      add (cost, step, seconds[i], &roofline->rates);
    }
  g_array_sort (roofline->kernels, slowest_first);
}

static void
list_stages (DfkdRoofline *roofline, const DfkdPlan *plan, const double *seconds)
{
  for (guint stage = 0; plan->regions[stage] != NULL; stage++)
    {
      DfkdCost cost = { 0 };

      for (guint i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].region == stage)
          add (&cost, &plan->steps[i], seconds[i], &roofline->rates);
      if (cost.seconds <= 0.0)
        continue;
      cost.name = g_strdup (plan->regions[stage]);
      g_array_append_val (roofline->stages, cost);
    }
}

DfkdRoofline *
dfkd_program_roofline (DfkdProgram *program, const DfkdRates *rates, guint repeats, GError **error)
{
  const DfkdPlan *plan = dfkd_program_get_plan (program);
  g_autofree double *all = g_new0 (double, (gsize) plan->n_steps * repeats), *one = g_new0 (double, plan->n_steps);
  DfkdRoofline *roofline;

  for (guint i = 0; i < repeats; i++)
    {
      if (!dfkd_program_profile (program, one, error))
        return NULL;
      for (guint j = 0; j < plan->n_steps; j++)
        all[(gsize) j * repeats + i] = one[j];
    }
  for (guint j = 0; j < plan->n_steps; j++)
    one[j] = dfkd_median (all + (gsize) j * repeats, repeats);
  roofline = g_new0 (DfkdRoofline, 1);
  *roofline = (DfkdRoofline){ g_strdup (plan->name), *rates, new_costs (), new_costs () };
  list_stages (roofline, plan, one);
  list_kernels (roofline, plan, one);
  return roofline;
}

void
dfkd_roofline_free (DfkdRoofline *roofline)
{
  if (roofline == NULL)
    return;
  g_free (roofline->name);
  g_array_unref (roofline->stages);
  g_array_unref (roofline->kernels);
  g_free (roofline);
}
