/* tuning.c: each candidate runs a step of the plan alone, on memory of its own, a few times or, on a slow GPU, once; the least
 * time wins. One that ends the program or has the device lost is not tried again. A tiling of matrices has to give the right results
 * first, the winner among others what the plainest of them gives (verification.h). */
#include "tuning.h"

#include "emit.h"
#include "errors.h"
#include "tuning-file.h"
#include "verification.h"

#include <glib/gi18n-lib.h>

#include <string.h>

enum
{
  HOPELESS = 4, /* times the best guess, or the best so far: not tried, since on a slow GPU it could run for seconds */
  RUNS = 4,     /* the first also warms up */
  PROBLEM_WORDS = sizeof (DfkdProblem) / sizeof (guint32),
};

/* seconds of runs that tell enough: beside them warming up matters little */
static const double ENOUGH = 0.2;

static guint
hash_problem (gconstpointer data)
{
  const guint32 *words = data;
  guint hash = 5381;

  for (guint i = 0; i < PROBLEM_WORDS; i++)
    hash = hash * 33 + words[i];
  return hash;
}

static gboolean
equal_problem (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (DfkdProblem)) == 0;
}

void
dfkd_tuning_open (DfkdVulkan *vulkan)
{
  const char *wanted = g_getenv ("DFKD_VULKAN_TUNE");
  gboolean tune = wanted != NULL ? g_str_equal (wanted, "1") : !vulkan->software;

  if (!tune || !vulkan->shared || vulkan->forced_tiling >= 0 || vulkan->timestamp_bits == 0)
    return;
  vulkan->tuning = g_new0 (DfkdTuning, 1);
  vulkan->tuning->best = g_hash_table_new_full (hash_problem, equal_problem, g_free, NULL);
  vulkan->tuning->states = g_hash_table_new (NULL, NULL);
  vulkan->tuning->mark = g_random_int ();
  vulkan->tuning->lock = -1;
  dfkd_tuning_file_load (vulkan);
}

void
dfkd_tuning_close (DfkdVulkan *vulkan)
{
  if (vulkan->tuning == NULL)
    return;
  g_hash_table_unref (vulkan->tuning->best);
  g_hash_table_unref (vulkan->tuning->states);
  g_clear_pointer (&vulkan->tuning, g_free);
}

const DfkdTiling *
dfkd_tuning_find (DfkdVulkan *vulkan, const DfkdProblem *problem)
{
  return vulkan->tuning != NULL ? g_hash_table_lookup (vulkan->tuning->best, problem) : NULL;
}

gboolean
dfkd_tuning_is_rejected (DfkdVulkan *vulkan, const DfkdTiling *tiling)
{
  return vulkan->tuning != NULL && dfkd_tiling_state (vulkan, tiling) == DFKD_TILING_REJECTED;
}

/* Has the tilings and pipelines of @step asked for, and records nothing. */
static void
emit_for_nothing (DfkdVulkan *vulkan, const DfkdStep *step, DfkdPrecision precision)
{
  DfkdVulkanRecorder recorder;

  dfkd_vulkan_recorder_init (&recorder, vulkan, NULL, precision);
  dfkd_vulkan_emit (&recorder, step);
  dfkd_vulkan_recorder_clear (&recorder);
}

/* What @step asks of the tilings; FALSE if it asks nothing. */
static gboolean
problem_of (DfkdVulkan *vulkan, const DfkdStep *step, DfkdPrecision precision, DfkdProblem *problem)
{
  vulkan->asked = problem;
  problem->kind = DFKD_N_PRODUCTS;
  emit_for_nothing (vulkan, step, precision);
  vulkan->asked = NULL;
  return problem->kind != DFKD_N_PRODUCTS;
}

/* as plans do it: not across two pieces */
static void
move_to_slab (DfkdPlace *place, gsize piece, gsize *used)
{
  if (place->kind == DFKD_PLACE_NONE)
    return;
  if (place->bytes > 0 && *used / piece != (*used + place->bytes - 1) / piece)
    *used = (*used / piece + 1) * piece;
  *place = (DfkdPlace){ .kind = DFKD_PLACE_SLAB, .offset = *used, .bytes = place->bytes };
  *used += dfkd_aligned (place->bytes);
}

/* Least seconds of @step alone, a prediction where they are hopeless beside @least; infinite where it cannot run, and then with @error if
 * that was found out on the device. */
static double
measure (DfkdDevice *device, const DfkdStep *step, DfkdPrecision precision, double least, GError **error)
{
  char *regions[] = { (char *) "", NULL }, *dials[] = { NULL };
  const gsize piece = ((const DfkdVulkan *) device->backend)->piece;
  DfkdStep alone = *step;
  DfkdPlan plan
      = { .name = (char *) "tuning", .steps = &alone, .n_steps = 1, .dials = dials, .regions = regions };
  double seconds = G_MAXDOUBLE, spent = 0.0, now, predicted;
  DfkdProgram program = { .device = device, .plan = &plan, .precision = precision, .n_lanes = 1, .seconds = &now };

  alone.region = 0;
  for (guint i = 0; i < step->n_inputs; i++)
    move_to_slab (&alone.input[i], piece, &plan.slab_bytes);
  move_to_slab (&alone.output, piece, &plan.slab_bytes);
  move_to_slab (&alone.workspace, piece, &plan.slab_bytes);
  if (!dfkd_vulkan_prepare (device, &program, NULL))
    return seconds;
  if (!dfkd_vulkan_probe (&program, &predicted, error))
    spent = ENOUGH;
  else if (predicted > HOPELESS * least)
    {
      seconds = predicted;
      spent = ENOUGH;
    }
  for (guint i = 0; i < RUNS && spent < ENOUGH; i++)
    {
      if (!dfkd_vulkan_run (&program, error) || !dfkd_vulkan_wait (&program, error))
        break;
      if (now > 0.0) /* else it was not timed */
        seconds = MIN (seconds, now);
      spent += now;
    }
  dfkd_vulkan_release (&program);
  return seconds;
}

/* Until it is known to run, and one of matrices to be right, a tiling is on disk as one that is being tried: should it hang the
 * machine, or have the driver end the program, that happens once. */
static void
note_trying (DfkdVulkan *vulkan, const DfkdTiling *tiling)
{
  if (dfkd_tiling_state (vulkan, tiling) == DFKD_TILING_RIGHT)
    return;
  dfkd_tiling_set_state (vulkan, tiling, DFKD_TILING_TRYING);
  dfkd_tuning_file_save (vulkan);
}

static void
reject (DfkdVulkan *vulkan, const DfkdTiling *tiling, const GError *why)
{
  dfkd_tiling_set_state (vulkan, tiling, DFKD_TILING_REJECTED);
  if (dfkd_tuning_is_rejected (vulkan, tiling))
    g_message (tiling->family == DFKD_TILING_MATRICES ? _ ("%s: tiles of %u × %u by cooperative matrices are not used any more: %s")
                                                      : _ ("%s: tiles of %u × %u are not used any more: %s"),
               vulkan->properties.deviceName, tiling->rows, tiling->columns, why->message);
}

static gboolean
is_right (DfkdVulkan *vulkan, DfkdVerification *verification, const DfkdTiling *tiling)
{
  gboolean known = dfkd_tiling_state (vulkan, tiling) == DFKD_TILING_RIGHT, right, out_of_memory;
  g_autoptr (GError) error = NULL;

  note_trying (vulkan, tiling);
  right = dfkd_verification_check (verification, tiling, &error);
  out_of_memory = g_error_matches (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
  if (!right && !out_of_memory)
    reject (vulkan, tiling, error);
  else if (!known)
    dfkd_tiling_set_state (vulkan, tiling, right ? DFKD_TILING_RIGHT : DFKD_TILING_UNTRIED);
  return right;
}

/* One that cannot be made is found out again when it is to run. */
static void
make_together (DfkdDevice *device, const DfkdStep *step, DfkdPrecision precision, guint n, const DfkdTiling *const *tilings)
{
  DfkdVulkan *vulkan = device->backend;
  DfkdTilingState before[DFKD_MAX_TILINGS];

  for (guint i = 0; i < n; i++)
    {
      before[i] = dfkd_tiling_state (vulkan, tilings[i]);
      dfkd_tiling_set_state (vulkan, tilings[i], DFKD_TILING_TRYING);
    }
  if (n > 0)
    dfkd_tuning_file_save (vulkan);
  dfkd_vulkan_forget_pipelines (vulkan);
  for (guint i = 0; i < n; i++)
    {
      vulkan->trial = tilings[i];
      emit_for_nothing (vulkan, step, precision);
    }
  vulkan->trial = NULL;
  dfkd_vulkan_make_pipelines (vulkan, NULL);
  for (guint i = 0; i < n; i++)
    dfkd_tiling_set_state (vulkan, tilings[i], before[i]);
}

/* Makes the pipelines of all @tilings at once: one after another that takes longer than the runs. But those of which one has ended the
 * program, each by itself, so that it is found out which. */
static void
make_pipelines (DfkdDevice *device, const DfkdStep *step, DfkdPrecision precision, guint n, const DfkdTiling *const *tilings)
{
  DfkdVulkan *vulkan = device->backend;
  const DfkdTiling *together[DFKD_MAX_TILINGS];
  guint m = 0;

  for (guint i = 0; i < n; i++)
    if (dfkd_tiling_state (vulkan, tilings[i]) == DFKD_TILING_SUSPECT)
      make_together (device, step, precision, 1, &tilings[i]);
    else
      together[m++] = tilings[i];
  make_together (device, step, precision, m, together);
}

/* leaves those of @tilings out that are not worth a run. Returns: how many are left */
static guint
leave_out_hopeless (const DfkdProblem *problem, guint n, const DfkdTiling **tilings)
{
  double guessed = G_MAXDOUBLE;
  guint left = 0;

  for (guint i = 0; i < n; i++)
    guessed = MIN (guessed, dfkd_tiling_guess (problem, tilings[i]));
  for (guint i = 0; i < n; i++)
    if (dfkd_tiling_guess (problem, tilings[i]) <= HOPELESS * guessed)
      tilings[left++] = tilings[i];
  return left;
}

/* Least seconds of @step by @tiling, not to be known well beside @least; infinite where it cannot run or has the device lost. */
static double
try_one (DfkdDevice *device, const DfkdStep *step, const DfkdProblem *problem, const DfkdTiling *tiling, double least)
{
  DfkdVulkan *vulkan = device->backend;
  g_autoptr (GError) error = NULL;
  double seconds;

  note_trying (vulkan, tiling);
  vulkan->trial = tiling;
  seconds = measure (device, step, problem->precision, least, &error);
  vulkan->trial = NULL;
  if (!vulkan->lost)
    {
      dfkd_tiling_set_state (vulkan, tiling, DFKD_TILING_RIGHT);
      return seconds;
    }
  if (error != NULL)
    reject (vulkan, tiling, error);
  return G_MAXDOUBLE;
}

/* Those of matrices that were not rejected: where one of them is right, only they are compared by time. So the order of
 * additions, and with it every bit, depends on what the device can do, never on how long something took. Not even a pipeline is made of
 * what was not written down as tried. Returns: NULL if none can run */
static const DfkdTiling *
try_matrices (DfkdDevice *device, const DfkdStep *step, const DfkdProblem *problem)
{
  DfkdVulkan *vulkan = device->backend;
  const DfkdTiling *tilings[DFKD_MAX_TILINGS], *best = NULL;
  g_autoptr (DfkdVerification) verification = NULL;
  double least = G_MAXDOUBLE, seconds;
  guint n;

  if (problem->precision != DFKD_PRECISION_FLOAT16)
    return NULL;
  n = dfkd_tilings_left (vulkan, problem->kind, DFKD_TILING_MATRICES, tilings);
  if (n == 0)
    return NULL;
  verification
      = dfkd_verification_new (device, step, problem->precision, dfkd_tiling_guess_best (vulkan, problem), NULL);
  if (verification == NULL)
    return NULL;
  n = leave_out_hopeless (problem, n, tilings);
  for (guint i = 0; i < n && !vulkan->lost; i++)
    if (is_right (vulkan, verification, tilings[i])
        && (seconds = try_one (device, step, problem, tilings[i], least)) < least)
      {
        least = seconds;
        best = tilings[i];
      }
  return !vulkan->lost ? best : NULL;
}

/* the plain tiling with the least to it, which others are compared with */
static const DfkdTiling *
find_plainest (DfkdVulkan *vulkan, DfkdProductKind kind)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS], *plainest = NULL;
  guint n = dfkd_tilings_left (vulkan, kind, DFKD_TILING_PLAIN, tilings);

  for (guint i = 0; i < n; i++)
    if (plainest == NULL || tilings[i]->rows + tilings[i]->columns < plainest->rows + plainest->columns)
      plainest = tilings[i];
  return plainest;
}

/* Whether @tiling computes what the plainest computes, as far as there is room to find out; @verification is made when it is needed. */
static gboolean
is_confirmed (DfkdDevice *device, const DfkdStep *step, const DfkdProblem *problem, const DfkdTiling *tiling,
              DfkdVerification **verification)
{
  DfkdVulkan *vulkan = device->backend;
  const DfkdTiling *plainest = find_plainest (vulkan, problem->kind);
  g_autoptr (GError) error = NULL;

  if (tiling == plainest)
    return TRUE;
  if (*verification == NULL)
    {
      note_trying (vulkan, plainest);
      *verification = dfkd_verification_new (device, step, problem->precision, plainest, &error);
      if (vulkan->lost)
        reject (vulkan, plainest, error);
      else
        dfkd_tiling_set_state (vulkan, plainest, DFKD_TILING_RIGHT);
    }
  if (*verification == NULL)
    return !vulkan->lost;
  return is_right (vulkan, *verification, tiling) || (!vulkan->lost && !dfkd_tuning_is_rejected (vulkan, tiling));
}

/* The fastest of @tilings that computes what the plainest of all does; NULL if none can run. */
static const DfkdTiling *
try_each (DfkdDevice *device, const DfkdStep *step, const DfkdProblem *problem, guint n, const DfkdTiling **tilings)
{
  DfkdVulkan *vulkan = device->backend;
  g_autoptr (DfkdVerification) verification = NULL;
  double seconds[DFKD_MAX_TILINGS], least = G_MAXDOUBLE;

  n = leave_out_hopeless (problem, n, tilings);
  make_pipelines (device, step, problem->precision, n, tilings);
  for (guint i = 0; i < n && !vulkan->lost; i++)
    {
      seconds[i] = try_one (device, step, problem, tilings[i], least);
      least = MIN (least, seconds[i]);
    }
  while (!vulkan->lost)
    {
      guint best = 0;

      for (guint i = 1; i < n; i++)
        if (seconds[i] < seconds[best])
          best = i;
      if (n == 0 || seconds[best] == G_MAXDOUBLE)
        return NULL;
      if (is_confirmed (device, step, problem, tilings[best], &verification))
        return tilings[best];
      seconds[best] = G_MAXDOUBLE;
    }
  return NULL;
}

static void
try_all (DfkdDevice *device, const DfkdStep *step, const DfkdProblem *problem)
{
  DfkdVulkan *vulkan = device->backend;
  const DfkdTiling *tilings[DFKD_MAX_TILINGS], *best = try_matrices (device, step, problem);
  guint n = best == NULL ? dfkd_tilings_left (vulkan, problem->kind, problem->family, tilings) : 0;

  if (best == NULL && n == 0)
    n = dfkd_tilings_left (vulkan, problem->kind, DFKD_TILING_PLAIN, tilings);
  if (best == NULL && !vulkan->lost)
    best = try_each (device, step, problem, n, tilings);
  if (best != NULL)
    g_hash_table_insert (vulkan->tuning->best, g_memdup2 (problem, sizeof *problem), (gpointer) best);
}

/* (transfer full) (element-type DfkdStep): those of @plan whose shapes were never tried, one for each problem */
static GPtrArray *
find_untried (DfkdVulkan *vulkan, const DfkdPlan *plan, DfkdPrecision precision)
{
  GPtrArray *untried = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (hash_problem, equal_problem, g_free, NULL);

  for (guint i = 0; i < plan->n_steps; i++)
    {
      DfkdProblem problem;

      if (problem_of (vulkan, &plan->steps[i], precision, &problem) && dfkd_tuning_find (vulkan, &problem) == NULL
          && g_hash_table_add (seen, g_memdup2 (&problem, sizeof problem)))
        g_ptr_array_add (untried, (gpointer) &plan->steps[i]);
    }
  return untried;
}

/* Returns: whether to go on */
static gboolean
tell (DfkdDevice *device, guint done, guint all)
{
  return device->watch == NULL || device->watch (done, all, device->watch_data);
}

void
dfkd_tuning_prepare (DfkdDevice *device, const DfkdPlan *plan, DfkdPrecision precision)
{
  DfkdVulkan *vulkan = device->backend;
  g_autoptr (GPtrArray) untried = NULL;

  if (vulkan->tuning == NULL || vulkan->trial != NULL)
    return;
  untried = find_untried (vulkan, plan, precision);
  if (untried->len == 0)
    return;
  dfkd_tuning_file_begin (vulkan);
  for (guint i = 0; i < untried->len && !vulkan->lost && tell (device, i, untried->len); i++)
    {
      DfkdProblem problem;

      problem_of (vulkan, untried->pdata[i], precision, &problem);
      try_all (device, untried->pdata[i], &problem);
      dfkd_tuning_file_save (vulkan);
    }
  tell (device, untried->len, untried->len);
  dfkd_tuning_file_end (vulkan);
}
