/* tuning.c: each candidate runs a step of the plan alone, on memory of its own, a few times; the least time
 * wins.
 *
 * The file is text: a head, a line a problem, a checksum. Whatever is wrong with it, it is ignored and
 * written anew. */
#include "tuning.h"

#include "emit.h"

#include <glib/gstdio.h>

#include <string.h>

enum
{
  HOPELESS = 4, /* times the best guess: not tried, since on a slow GPU it could run for seconds */
  RUNS = 4,     /* the first also warms up */
  PROBLEM_WORDS = sizeof (DfkdProblem) / sizeof (guint32),
  TILING_WORDS = sizeof (DfkdTiling) / sizeof (guint32),
};

static const char HEAD[] = "dfkd tilings 2\n";

struct _DfkdTuning
{
  GHashTable *best; /* DfkdProblem → const DfkdTiling */
};

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

static char *
tuning_path (DfkdVulkan *vulkan)
{
  g_autoptr (GString) name = g_string_new ("tilings-");

  for (guint i = 0; i < VK_UUID_SIZE; i++)
    g_string_append_printf (name, "%02x", vulkan->uuid[i]);
  g_string_append_printf (name, "-%08x", vulkan->properties.driverVersion);
  return g_build_filename (g_get_user_cache_dir (), "dfkd", name->str, NULL);
}

/* the candidate of these sizes, NULL if there is none (any more) */
static const DfkdTiling *
find_candidate (DfkdVulkan *vulkan, guint32 kind, const DfkdTiling *wanted)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];
  guint n = kind < DFKD_N_PRODUCTS ? dfkd_tilings (vulkan, kind, tilings) : 0;

  for (guint i = 0; i < n; i++)
    if (memcmp (tilings[i], wanted, sizeof *wanted) == 0)
      return tilings[i];
  return NULL;
}

static void
load_line (DfkdVulkan *vulkan, const char *line)
{
  guint32 words[PROBLEM_WORDS + TILING_WORDS];
  g_auto (GStrv) fields = g_strsplit (line, " ", -1);
  const DfkdTiling *tiling;

  if (g_strv_length (fields) != G_N_ELEMENTS (words))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      guint64 value;

      if (!g_ascii_string_to_unsigned (fields[i], 10, 0, G_MAXUINT32, &value, NULL))
        return;
      words[i] = (guint32) value;
    }
  tiling = find_candidate (vulkan, words[0], (const DfkdTiling *) (words + PROBLEM_WORDS));
  if (tiling != NULL)
    g_hash_table_insert (vulkan->tuning->best, g_memdup2 (words, sizeof (DfkdProblem)), (gpointer) tiling);
}

static void
load (DfkdVulkan *vulkan)
{
  g_autofree char *path = tuning_path (vulkan), *text = NULL, *sum = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) || length < 64 || !g_str_has_prefix (text, HEAD))
    return;
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) text, length - 64);
  if (memcmp (sum, text + length - 64, 64) != 0)
    return;
  text[length - 64] = '\0';
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    load_line (vulkan, lines[i]);
}

/* failing to save is no error: the next start is slower, nothing else */
static void
save (DfkdVulkan *vulkan)
{
  g_autofree char *path = tuning_path (vulkan), *folder = g_path_get_dirname (path), *sum = NULL;
  g_autoptr (GString) text = g_string_new (HEAD);
  GHashTableIter iter;
  gpointer problem, tiling;

  g_hash_table_iter_init (&iter, vulkan->tuning->best);
  while (g_hash_table_iter_next (&iter, &problem, &tiling))
    {
      for (guint i = 0; i < PROBLEM_WORDS; i++)
        g_string_append_printf (text, "%u ", ((const guint32 *) problem)[i]);
      for (guint i = 0; i < TILING_WORDS; i++)
        g_string_append_printf (text, "%u%c", ((const guint32 *) tiling)[i],
                                i + 1 < TILING_WORDS ? ' ' : '\n');
    }
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) text->str, text->len);
  g_string_append (text, sum);
  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
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
  load (vulkan);
}

void
dfkd_tuning_close (DfkdVulkan *vulkan)
{
  if (vulkan->tuning == NULL)
    return;
  g_hash_table_unref (vulkan->tuning->best);
  g_clear_pointer (&vulkan->tuning, g_free);
}

const DfkdTiling *
dfkd_tuning_find (DfkdVulkan *vulkan, const DfkdProblem *problem)
{
  return vulkan->tuning != NULL ? g_hash_table_lookup (vulkan->tuning->best, problem) : NULL;
}

/* What @step asks of the tilings, by emitting it for nothing; FALSE if it asks nothing. */
static gboolean
problem_of (DfkdVulkan *vulkan, const DfkdStep *step, DfkdPrecision precision, DfkdProblem *problem)
{
  DfkdRecorder recorder;

  vulkan->asked = problem;
  problem->kind = DFKD_N_PRODUCTS;
  dfkd_recorder_init (&recorder, vulkan, vulkan->nothing.buffer, precision);
  dfkd_vulkan_emit (&recorder, step);
  dfkd_recorder_clear (&recorder);
  vulkan->asked = NULL;
  return problem->kind != DFKD_N_PRODUCTS;
}

static void
move_to_slab (DfkdPlace *place, gsize *used)
{
  if (place->kind == DFKD_PLACE_NONE)
    return;
  *place = (DfkdPlace){ .kind = DFKD_PLACE_SLAB, .offset = *used, .bytes = place->bytes };
  *used += (place->bytes + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
}

/* Least seconds of @step alone; infinite where it cannot run. */
static double
measure (DfkdDevice *device, const DfkdStep *step, DfkdPrecision precision)
{
  char *regions[] = { (char *) "", NULL }, *dials[] = { NULL };
  DfkdStep alone = *step;
  DfkdPlan plan
      = { .name = (char *) "tuning", .steps = &alone, .n_steps = 1, .dials = dials, .regions = regions };
  double seconds = G_MAXDOUBLE, now;
  DfkdProgram program = { .device = device, .plan = &plan, .precision = precision, .n_lanes = 1, .seconds = &now };

  alone.region = 0;
  for (guint i = 0; i < step->n_inputs; i++)
    move_to_slab (&alone.input[i], &plan.slab_bytes);
  move_to_slab (&alone.output, &plan.slab_bytes);
  move_to_slab (&alone.workspace, &plan.slab_bytes);
  if (!dfkd_vulkan_prepare (device, &program, NULL))
    return seconds;
  for (guint i = 0; i < RUNS; i++)
    {
      if (!dfkd_vulkan_run (&program, NULL) || !dfkd_vulkan_wait (&program, NULL))
        break;
      seconds = MIN (seconds, now);
    }
  dfkd_vulkan_release (&program);
  return seconds;
}

static void
try_all (DfkdDevice *device, const DfkdStep *step, const DfkdProblem *problem)
{
  DfkdVulkan *vulkan = device->backend;
  const DfkdTiling *tilings[DFKD_MAX_TILINGS], *best = NULL;
  guint n = dfkd_tilings (vulkan, problem->kind, tilings);
  double least = G_MAXDOUBLE, guessed = G_MAXDOUBLE;

  for (guint i = 0; i < n; i++)
    guessed = MIN (guessed, dfkd_tiling_guess (problem, tilings[i]));
  for (guint i = 0; i < n; i++)
    {
      double seconds;

      if (dfkd_tiling_guess (problem, tilings[i]) > HOPELESS * guessed)
        continue;
      vulkan->trial = tilings[i];
      seconds = measure (device, step, problem->precision);
      if (seconds < least)
        {
          least = seconds;
          best = tilings[i];
        }
    }
  vulkan->trial = NULL;
  if (best != NULL)
    g_hash_table_insert (vulkan->tuning->best, g_memdup2 (problem, sizeof *problem), (gpointer) best);
}

void
dfkd_tuning_prepare (DfkdDevice *device, const DfkdPlan *plan, DfkdPrecision precision)
{
  DfkdVulkan *vulkan = device->backend;
  gboolean tried = FALSE;

  if (vulkan->tuning == NULL || vulkan->trial != NULL)
    return;
  for (guint i = 0; i < plan->n_steps; i++)
    {
      DfkdProblem problem;

      if (problem_of (vulkan, &plan->steps[i], precision, &problem) && dfkd_tuning_find (vulkan, &problem) == NULL)
        {
          try_all (device, &plan->steps[i], &problem);
          tried = TRUE;
        }
    }
  if (tried)
    save (vulkan);
}
