/* verification.c: two plans: one keeps what the step computes by the tiling that is right, the other compares with that. */
#include "verification.h"

#include "build.h"
#include "errors.h"
#include "validation.h"

#include <glib/gi18n-lib.h>

#include <math.h>
#include <string.h>

/* Both multiply factors rounded alike, so that only sums differ. The whole may do so as much as one factor of 11 bits; a single
 * result a bit more, since sums can cancel: by no more than 2⁻⁸ of the root mean square, while one wrong term of hundreds
 * makes more of it. */
static const double TOLERANCE = 0x1p-11, SINGLE_TOLERANCE = 0x1p-8;

struct _DfkdVerification
{
  DfkdDevice *device;
  const DfkdStep *step;
  DfkdPrecision precision;
  DfkdBlock *kept; /* what the right tiling gives */
};

/* @step on random operands, without what its kernel does besides: that is the same for every tiling */
static DfkdValue
build_step (DfkdGraph *g, const DfkdStep *step)
{
  DfkdValue counter = dfkd_graph_counter (g, "counter"), inputs[DFKD_MAX_INPUTS] = { DFKD_NONE };
  guint n = MIN (step->n_inputs, dfkd_op (step->op)->most);

  for (guint i = 0; i < n; i++)
    if (step->input[i].kind != DFKD_PLACE_NONE)
      inputs[i] = dfkd_random_uniform (g, counter, step->input_shape[i], i, -1.0f, 1.0f);
  return dfkd_graph_node (g, step->op, n, inputs, &step->attributes);
}

/* Runs @graph once with every product by @tiling; reads float results by @names. What an earlier run left in the same memory must not
 * pass for what this one did not compute. */
static gboolean
run (const DfkdVerification *v, const DfkdGraph *graph, const DfkdTiling *tiling, guint n, const char *const *names, float *results,
     GError **error)
{
  DfkdVulkan *vulkan = v->device->backend;
  DfkdPlanner planner = v->device->klass->planner;
  DfkdProgram program = { .device = v->device, .precision = v->precision, .n_lanes = 1 };
  g_autoptr (DfkdPlan) plan = NULL;
  g_autofree guint8 *dials = NULL;
  g_autofree double *seconds = NULL;
  gboolean good;

  planner.data = v->device;
  program.plan = plan = dfkd_plan_new (graph, &planner, error);
  if (plan == NULL)
    return FALSE;
  program.dials = dials = g_malloc0 (MAX (plan->dial_bytes, 1));
  program.seconds = seconds = g_new0 (double, g_strv_length (plan->regions));
  vulkan->trial = tiling;
  vulkan->wipes = TRUE;
  good = dfkd_vulkan_prepare (v->device, &program, error);
  vulkan->trial = NULL;
  vulkan->wipes = FALSE;
  if (!good)
    return FALSE;
  good = dfkd_vulkan_run (&program, error) && dfkd_vulkan_wait (&program, error);
  for (guint i = 0; i < plan->n_reads && good; i++)
    for (guint j = 0; j < n; j++)
      if (g_str_equal (plan->reads[i].name, names[j]))
        memcpy (&results[j], (const guint8 *) program.results + plan->reads[i].offset, sizeof results[j]);
  dfkd_vulkan_release (&program);
  return good;
}

DfkdVerification *
dfkd_verification_new (DfkdDevice *device, const DfkdStep *step, DfkdPrecision precision, const DfkdTiling *right, GError **error)
{
  g_autoptr (DfkdVerification) v = g_new0 (DfkdVerification, 1);
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("verification");
  const char *const size = "size";
  float norm = 0.0f;
  DfkdValue y;

  v->device = device;
  v->step = step;
  v->precision = precision;
  v->kept = dfkd_block_new ("verification");
  dfkd_block_add (v->kept, "result", step->shape);
  if (!dfkd_vulkan_allocate (device, v->kept, error))
    return NULL;
  y = build_step (g, step);
  dfkd_assign (g, dfkd_graph_variable (g, v->kept, 0), y);
  dfkd_read (g, size, dfkd_norm (g, y));
  if (!run (v, g, right, 1, &size, &norm, error))
    return NULL;
  if (isfinite (norm) && norm > 0.0f)
    return g_steal_pointer (&v);
  g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _ ("what should be right is nothing, or no number"));
  return NULL;
}

void
dfkd_verification_free (DfkdVerification *v)
{
  if (v == NULL)
    return;
  dfkd_block_free (v->kept);
  g_free (v);
}

gboolean
dfkd_verification_check (DfkdVerification *v, const DfkdTiling *tiling, GError **error)
{
  static const char *const names[] = { "right", "difference", "fourth powers" };
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("verification");
  DfkdValue right = dfkd_graph_variable (g, v->kept, 0), difference = dfkd_subtract (g, build_step (g, v->step), right);
  double count = (double) dfkd_shape_count (&v->step->shape), size, whole, single;
  guint messages = dfkd_vulkan_validation_messages ();
  float norms[G_N_ELEMENTS (names)] = { 0.0f };

  dfkd_read (g, names[0], dfkd_norm (g, right));
  dfkd_read (g, names[1], dfkd_norm (g, difference));
  dfkd_read (g, names[2], dfkd_norm (g, dfkd_square (g, difference))); /* the square of the norm of order 4: no less than the most */
  if (!run (v, g, tiling, G_N_ELEMENTS (names), names, norms, error))
    return FALSE;
  size = norms[0];
  whole = norms[1] / size;
  single = sqrt (norms[2]) / (size / sqrt (count));
  if (messages != dfkd_vulkan_validation_messages ())
    g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _ ("the validation layer objects"));
  else if (!(size > 0.0 && whole <= TOLERANCE && single <= SINGLE_TOLERANCE)) /* nor what is not a number */
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _ ("it differs by %g, a single result by up to %g"), whole, single);
  else
    return TRUE;
  return FALSE;
}
