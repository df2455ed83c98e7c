/* bench-scaling.c: dfkd bench --scaling: time per image of a synthesis against batch, k and image side, and of a student
 * step against the size of the pool, beside the operations of each.
 *
 * All rows of a sweep are ready at the same time and are timed in turns, so that whatever slows the machine for a while
 * slows all of them: what is told are medians of ratios within a round. */
#include "bench-scaling.h"

#include <errno.h>
#include <math.h>

enum {
  SIDE_BATCH = 16, /* images of a synthesis in the sweep of sides: those are large */
};

static const gsize batches[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024 };
static const gsize ks[] = { 1, 2, 5, 10, 20, 50 };
static const gsize sides[] = { 16, 32, 64, 128, 224 };
static const gsize pools[] = { 100, 1000, 10000, 100000, 1000000 };

/* with --quick so many of each */
enum {
  QUICK_BATCHES = 5,
  QUICK_KS = 3,
  QUICK_SIDES = 2,
  QUICK_POOLS = 3,
};

static void
add_row (Scaling *scaling, ScalingSweep sweep, gsize x, gsize side)
{
  ScalingRow row = { .sweep = sweep,
                     .batch = (gsize) scaling->recipe->number[DFKD_PARAMETER_BATCH],
                     .k = (guint) scaling->recipe->number[DFKD_PARAMETER_K],
                     .side = side };

  switch (sweep)
    {
    case SCALING_BATCH:
      row.batch = x;
      break;
    case SCALING_K:
      row.k = (guint) x;
      break;
    case SCALING_SIDE:
      row.side = x;
      row.batch = MIN (row.batch, SIDE_BATCH);
      break;
    case SCALING_RESIDENT:
    case SCALING_ON_DISK:
      row.pool = x;
      row.k = 0;
      break;
    case SCALING_N_SWEEPS:
      break;
    }
  row.seconds = g_new (double, scaling->rounds);
  for (guint round = 0; round < scaling->rounds; round++)
    row.seconds[round] = (double) NAN;
  g_array_append_val (scaling->rows, row);
}

/* FALSE: there is no such sweep */
static gboolean
add_rows (Scaling *scaling, const char *only, gboolean quick, gsize side)
{
  const struct {
    ScalingSweep sweep;
    const char *name;
    const gsize *values;
    guint all, few;
  } sweeps[SCALING_N_SWEEPS] = {
    { SCALING_BATCH, "batch", batches, G_N_ELEMENTS (batches), QUICK_BATCHES },
    { SCALING_K, "k", ks, G_N_ELEMENTS (ks), QUICK_KS },
    { SCALING_SIDE, "side", sides, G_N_ELEMENTS (sides), QUICK_SIDES },
    { SCALING_RESIDENT, "pool", pools, G_N_ELEMENTS (pools), QUICK_POOLS },
    { SCALING_ON_DISK, "pool", pools, G_N_ELEMENTS (pools), QUICK_POOLS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sweeps); i++)
    for (guint j = 0; j < (quick ? sweeps[i].few : sweeps[i].all) && (only == NULL || g_str_equal (only, sweeps[i].name)); j++)
      add_row (scaling, sweeps[i].sweep, sweeps[i].values[j], side);
  return scaling->rows->len > 0;
}

static void
clear_row (gpointer data)
{
  ScalingRow *row = data;

  scaling_release (row);
  g_free (row->seconds);
  g_free (row->left_out);
}

/* -------------------------------------------------------------------------------------------------- the rounds */

/* how much work a run of a row is, to tell how far it all is before it was measured: a student step is about 0.4 of an
 * inner step */
static double
weight_of (const ScalingRow *row)
{
  return (double) (row->batch * row->side * row->side) * (row->k > 0 ? row->k : 0.4);
}

typedef struct {
  gint64 started;
  double all, done;
} Progress;

static void
show_progress (Progress *progress, const ScalingRow *row, guint round, guint rounds)
{
  static const char *const names[SCALING_N_SWEEPS] = { N_ ("batch"), N_ ("k"), N_ ("image side"), N_ ("pool in memory"), N_ ("pool on disk") };
  double fraction = progress->done / progress->all, seconds = (double) (g_get_monotonic_time () - progress->started) * 1e-6;
  g_autofree char *text = g_strdup_printf (_("%s %.0f, round %u of %u"), _(names[row->sweep]), scaling_x (row), round, rounds);

  dfkd_progress_show (fraction, fraction > 0.02 ? seconds * (1.0 / fraction - 1.0) : -1.0, text);
}

/* both forms of the pool are timed in turns with each other */
static gboolean
together (const ScalingRow *a, const ScalingRow *b)
{
  return a->sweep == b->sweep || (a->pool > 0 && b->pool > 0);
}

/* Times rows @first … @end − 1 in turns; the first round, which warms up, does not count. FALSE: interrupted. */
static gboolean
time_rows (Scaling *scaling, guint first, guint end, Progress *progress)
{
  for (guint round = 0; round <= scaling->rounds; round++)
    for (guint i = first; i < end; i++)
      {
        ScalingRow *row = &g_array_index (scaling->rows, ScalingRow, i);
        g_autoptr (GError) error = NULL;
        double seconds;

        if (dfkd_interrupts_seen ())
          return FALSE;
        show_progress (progress, row, round, scaling->rounds);
        progress->done += weight_of (row);
        if (row->subject == NULL)
          continue;
        if (!scaling_time (row, &seconds, &error))
          {
            row->left_out = g_strdup (error->message);
            scaling_release (row);
          }
        else if (round > 0)
          row->seconds[round - 1] = seconds;
      }
  return TRUE;
}

static gboolean
run (Scaling *scaling)
{
  Progress progress = { .started = g_get_monotonic_time () };
  gboolean going = TRUE;

  for (guint i = 0; i < scaling->rows->len; i++)
    progress.all += weight_of (&g_array_index (scaling->rows, ScalingRow, i)) * (scaling->rounds + 1);
  for (guint first = 0, end; first < scaling->rows->len && going; first = end)
    {
      const ScalingRow *head = &g_array_index (scaling->rows, ScalingRow, first);

      for (end = first; end < scaling->rows->len && together (head, &g_array_index (scaling->rows, ScalingRow, end)) && going; end++)
        {
          ScalingRow *row = &g_array_index (scaling->rows, ScalingRow, end);

          show_progress (&progress, row, 0, scaling->rounds);
          scaling_prepare (scaling, row, end > first && row[-1].sweep == row->sweep ? &row[-1] : NULL);
          going = !dfkd_interrupts_seen ();
        }
      going = going && time_rows (scaling, first, end, &progress);
      for (guint i = first; i < end; i++)
        scaling_release (&g_array_index (scaling->rows, ScalingRow, i));
    }
  dfkd_progress_end ();
  return going;
}

/* before the minutes that it takes, so that they are not for nothing */
static gboolean
make_folder (const char *folder, GError **error)
{
  g_autofree char *file = g_build_filename (folder, "scaling.csv", NULL);
  g_autoptr (GError) problem = NULL;

  if (g_mkdir_with_parents (folder, 0755) != 0)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--output: the folder %s cannot be made: %s"), folder, g_strerror (errno));
  else if (!dfkd_atomic_check (file, &problem))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, "--output: %s", problem->message);
  else
    return TRUE;
  return FALSE;
}

int
bench_scaling (const DfkdCommonOptions *common, const DfkdRecipe *recipe, const BenchTeacher *teacher, const BenchScalingOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) model = bench_new_teacher (recipe, teacher, &error);
  Scaling scaling = { .common = common, .recipe = recipe, .teacher = teacher, .rounds = (guint) options->rounds };
  gboolean going, good;

  if (model == NULL)
    return dfkd_command_fail (error);
  scaling.rows = g_array_new (FALSE, TRUE, sizeof (ScalingRow));
  g_array_set_clear_func (scaling.rows, clear_row);
  if (!add_rows (&scaling, options->sweep, options->quick, model->network->options.height))
    {
      g_printerr (_("dfkd bench: --sweep %s: expected batch, k, side or pool\n"), options->sweep);
      g_array_unref (scaling.rows);
      return DFKD_EXIT_USAGE;
    }
  if (options->folder != NULL && !make_folder (options->folder, &error))
    {
      g_array_unref (scaling.rows);
      return dfkd_command_fail (error);
    }
  dfkd_interrupts_catch ();
  going = run (&scaling);
  good = scaling_report (&scaling, options->folder, &error);
  g_array_unref (scaling.rows);
  if (!good)
    return dfkd_command_fail (error);
  return going ? DFKD_EXIT_DONE : DFKD_EXIT_INTERRUPTED;
}
