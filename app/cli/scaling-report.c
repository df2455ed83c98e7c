/* scaling-report.c: what dfkd bench --scaling found: a table with a verdict, a JSON document, a CSV file and a plot.
 *
 * The time of an operation in one row over that in another is taken within each round; medians, least and most are of
 * these ratios. A sweep grows faster than its operations when some row's operations take longer than those of an earlier
 * row by more than GROWTH in every round. */
#include "bench-scaling.h"

#include "log-plot.h"

#include <math.h>
#include <string.h>

static const double GROWTH = 1.1;

typedef struct {
  double median, least, most;
  guint count; /* of rounds; 0: nothing is known */
} Spread;

typedef struct {
  const ScalingRow *from, *to; /* NULL: fewer than two rows were measured */
  Spread growth;               /* of the time of an operation */
  gboolean faster;
} Verdict;

static const struct {
  const char *name; /* in files, the same in every language */
  const char *title, *x;
} sweeps[SCALING_N_SWEEPS] = {
  { "batch", N_ ("Synthesis against batch"), N_ ("batch (images)") },
  { "k", N_ ("Synthesis against k"), N_ ("k (inner steps)") },
  { "side", N_ ("Synthesis against image side"), N_ ("image side (pixels)") },
  { "pool-in-memory", N_ ("Student step, pool in memory"), N_ ("pool (images)") },
  { "pool-on-disk", N_ ("Student step, pool on disk"), N_ ("pool (images)") },
};

/* ------------------------------------------------------------------------------------------------ arithmetic */

static Spread
spread_of (double *values, guint count)
{
  Spread spread = { (double) NAN, (double) NAN, (double) NAN, count };

  if (count > 0)
    {
      spread.median = dfkd_median (values, count);
      spread.least = values[0];
      spread.most = values[count - 1];
    }
  return spread;
}

static Spread
seconds_of (const Scaling *scaling, const ScalingRow *row)
{
  g_autofree double *values = g_new (double, scaling->rounds);
  guint count = 0;

  for (guint i = 0; i < scaling->rounds; i++)
    if (isfinite (row->seconds[i]))
      values[count++] = row->seconds[i];
  return spread_of (values, count);
}

/* of the time of an image in @row over that in @base, times @scale */
static Spread
relative (const Scaling *scaling, const ScalingRow *row, const ScalingRow *base, double scale)
{
  g_autofree double *values = g_new (double, scaling->rounds);
  guint count = 0;

  for (guint i = 0; i < scaling->rounds; i++)
    if (isfinite (row->seconds[i]) && isfinite (base->seconds[i]))
      values[count++] = row->seconds[i] / base->seconds[i] * scale;
  return spread_of (values, count);
}

/* the same of an operation */
static Spread
ratio_of (const Scaling *scaling, const ScalingRow *row, const ScalingRow *base)
{
  return relative (scaling, row, base, base->flop / row->flop);
}

static const ScalingRow *
row_at (const Scaling *scaling, guint i)
{
  return &g_array_index (scaling->rows, ScalingRow, i);
}

static gboolean
is_measured (const Scaling *scaling, const ScalingRow *row)
{
  return seconds_of (scaling, row).count > 0;
}

static const ScalingRow *
first_of (const Scaling *scaling, ScalingSweep sweep)
{
  for (guint i = 0; i < scaling->rows->len; i++)
    if (row_at (scaling, i)->sweep == sweep && is_measured (scaling, row_at (scaling, i)))
      return row_at (scaling, i);
  return NULL;
}

/* the largest growth between an earlier and a later row; of rows that were not timed in all rounds, as when it is interrupted, nothing is said */
static Verdict
judge (const Scaling *scaling, ScalingSweep sweep)
{
  Verdict verdict = { 0 };

  for (guint i = 0; i < scaling->rows->len; i++)
    for (guint j = i + 1; j < scaling->rows->len; j++)
      {
        const ScalingRow *from = row_at (scaling, i), *to = row_at (scaling, j);
        Spread growth;

        if (from->sweep != sweep || to->sweep != sweep || !is_measured (scaling, from) || !is_measured (scaling, to))
          continue;
        growth = ratio_of (scaling, to, from);
        if (growth.count < scaling->rounds || (verdict.from != NULL && growth.least <= verdict.growth.least))
          continue;
        verdict = (Verdict){ from, to, growth, growth.least > GROWTH };
      }
  return verdict;
}

/* ------------------------------------------------------------------------------------------------------ table */

static void
print_row (const Scaling *scaling, const ScalingRow *row, const ScalingRow *first)
{
  Spread seconds = seconds_of (scaling, row), ratio;

  if (seconds.count == 0)
    {
      g_print ("  %9.0f  %s: %s\n", scaling_x (row), _("left out"), row->left_out != NULL ? row->left_out : _("interrupted"));
      return;
    }
  ratio = ratio_of (scaling, row, first);
  g_print ("  %9.0f %10.4f (%.4f – %.4f) %12.4f %9.3f (%.3f – %.3f)\n", scaling_x (row), seconds.median * 1e3, seconds.least * 1e3,
           seconds.most * 1e3, row->flop * 1e-9, ratio.median, ratio.least, ratio.most);
}

static void
print_verdict (const Verdict *verdict)
{
  if (verdict->from == NULL)
    g_print (_("  too few rows to judge\n"));
  else if (verdict->faster)
    g_print (_("  GROWS FASTER than its operations: one takes %.2f times (%.2f – %.2f) as long at %.0f as at %.0f\n"), verdict->growth.median,
             verdict->growth.least, verdict->growth.most, scaling_x (verdict->to), scaling_x (verdict->from));
  else
    g_print (_("  no faster than its operations: at most, one takes %.2f times (%.2f – %.2f) as long at %.0f as at %.0f\n"),
             verdict->growth.median, verdict->growth.least, verdict->growth.most, scaling_x (verdict->to), scaling_x (verdict->from));
}

/* the largest pool that was measured in both forms */
static void
print_forms (const Scaling *scaling)
{
  const ScalingRow *memory = NULL, *disk = NULL;
  Spread both;

  for (guint i = 0; i < scaling->rows->len; i++)
    for (guint j = 0; j < scaling->rows->len; j++)
      {
        const ScalingRow *a = row_at (scaling, i), *b = row_at (scaling, j);

        if (a->sweep != SCALING_RESIDENT || b->sweep != SCALING_ON_DISK || a->pool != b->pool
            || relative (scaling, b, a, 1.0).count == 0)
          continue;
        memory = a;
        disk = b;
      }
  if (memory == NULL)
    return;
  both = relative (scaling, disk, memory, 1.0);
  g_print (_("with %zu images on disk a student step takes %.2f times (%.2f – %.2f) as long as with them in memory\n"), disk->pool, both.median,
           both.least, both.most);
}

static void
print_table (const Scaling *scaling)
{
  for (ScalingSweep sweep = 0; sweep < SCALING_N_SWEEPS; sweep++)
    {
      const ScalingRow *first = first_of (scaling, sweep);
      Verdict verdict = judge (scaling, sweep);
      gboolean headed = FALSE;

      for (guint i = 0; i < scaling->rows->len; i++)
        {
          const ScalingRow *row = row_at (scaling, i);

          if (row->sweep != sweep)
            continue;
          if (!headed)
            {
              g_print ("%s", _(sweeps[sweep].title));
              if (sweep != SCALING_BATCH)
                g_print (_(" · batch %zu"), row->batch);
              if (sweep != SCALING_K && row->k > 0)
                g_print (" · k %u", row->k);
              if (sweep != SCALING_SIDE)
                g_print (" · %zu×%zu", row->side, row->side);
              g_print (_("\n          x   ms an image             GFLOP an image   time an operation, first row = 1\n"));
              headed = TRUE;
            }
          print_row (scaling, row, first);
        }
      if (headed)
        print_verdict (&verdict);
    }
  print_forms (scaling);
  g_print (_("rounds in turns: %u; medians (least – most)\n"), scaling->rounds);
}

/* ------------------------------------------------------------------------------------------------------- JSON */

static void
add_spread (JsonBuilder *builder, const char *name, const Spread *spread)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "median", spread->median);
  dfkd_json_number (builder, "min", spread->least);
  dfkd_json_number (builder, "max", spread->most);
  json_builder_end_object (builder);
}

static void
print_json (const Scaling *scaling)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  dfkd_json_integer (builder, "rounds", scaling->rounds);
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < scaling->rows->len; i++)
    {
      const ScalingRow *row = row_at (scaling, i), *first = first_of (scaling, row->sweep);
      Spread seconds = seconds_of (scaling, row), ratio;

      json_builder_begin_object (builder);
      dfkd_json_text (builder, "sweep", sweeps[row->sweep].name);
      dfkd_json_number (builder, "x", scaling_x (row));
      dfkd_json_integer (builder, "batch", (gint64) row->batch);
      dfkd_json_integer (builder, "side", (gint64) row->side);
      if (seconds.count > 0)
        {
          ratio = ratio_of (scaling, row, first);
          add_spread (builder, "seconds_per_image", &seconds);
          dfkd_json_number (builder, "flop_per_image", row->flop);
          add_spread (builder, "time_per_operation", &ratio);
        }
      else
        dfkd_json_text (builder, "left_out", row->left_out != NULL ? row->left_out : _("interrupted"));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "verdicts");
  json_builder_begin_array (builder);
  for (ScalingSweep sweep = 0; sweep < SCALING_N_SWEEPS; sweep++)
    {
      Verdict verdict = judge (scaling, sweep);

      if (verdict.from == NULL)
        continue;
      json_builder_begin_object (builder);
      dfkd_json_text (builder, "sweep", sweeps[sweep].name);
      dfkd_json_number (builder, "from", scaling_x (verdict.from));
      dfkd_json_number (builder, "to", scaling_x (verdict.to));
      add_spread (builder, "growth", &verdict.growth);
      json_builder_set_member_name (builder, "faster");
      json_builder_add_boolean_value (builder, verdict.faster);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  dfkd_json_print (builder);
}

/* ------------------------------------------------------------------------------------------------------ files */

static void
add_numbers (GString *csv, const Spread *spread)
{
  const double values[] = { spread->median, spread->least, spread->most };
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_string_append_printf (csv, ",%s", spread->count > 0 ? g_ascii_formatd (text, sizeof text, "%.9g", values[i]) : "");
}

static char *
to_csv (const Scaling *scaling)
{
  GString *csv = g_string_new ("sweep,x,batch,k,side,pool,rounds,seconds_per_image_median,seconds_per_image_min,seconds_per_image_max,"
                               "flop_per_image,time_per_operation_median,time_per_operation_min,time_per_operation_max,left_out\n");
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < scaling->rows->len; i++)
    {
      const ScalingRow *row = row_at (scaling, i), *first = first_of (scaling, row->sweep);
      Spread seconds = seconds_of (scaling, row), ratio = { 0 };

      if (seconds.count > 0)
        ratio = ratio_of (scaling, row, first);
      g_string_append_printf (csv, "%s,%.0f,%zu,%u,%zu,%zu,%u", sweeps[row->sweep].name, scaling_x (row), row->batch, row->k, row->side,
                              row->pool, seconds.count);
      add_numbers (csv, &seconds);
      g_string_append_printf (csv, ",%s", row->flop > 0.0 ? g_ascii_formatd (text, sizeof text, "%.9g", row->flop) : "");
      add_numbers (csv, &ratio);
      dfkd_csv_append (csv, seconds.count > 0 ? "" : row->left_out != NULL ? row->left_out : _("interrupted"));
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}

/* the measured rows of @sweep over @base, and what they would be if they grew as their operations do */
static void
add_series (const Scaling *scaling, LogPlot *plot, ScalingSweep sweep, const ScalingRow *base, const char *name, gboolean expected)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (LogPoint));

  for (guint i = 0; i < scaling->rows->len && base != NULL; i++)
    {
      const ScalingRow *row = row_at (scaling, i);
      Spread time;
      LogPoint point;

      if (row->sweep != sweep || !is_measured (scaling, row))
        continue;
      time = relative (scaling, row, base, 1.0);
      point = (LogPoint){ scaling_x (row), time.median, time.least, time.most };
      if (expected)
        point = (LogPoint){ scaling_x (row), row->flop / base->flop, 0.0, 0.0 };
      g_array_append_val (points, point);
    }
  log_plot_add (plot, name, expected ? LOG_EXPECTED : LOG_MEASURED, (const LogPoint *) (gpointer) points->data, points->len);
}

static LogPlot *
plot_of (const Scaling *scaling, ScalingSweep sweep)
{
  gboolean pool = sweep == SCALING_RESIDENT;
  LogPlot *plot = log_plot_new (pool ? _("Student step against pool") : _(sweeps[sweep].title), _(sweeps[sweep].x),
                                _("time an image, first point = 1"));
  const ScalingRow *base = first_of (scaling, sweep);

  if (base == NULL && pool)
    base = first_of (scaling, SCALING_ON_DISK);
  add_series (scaling, plot, sweep, base, pool ? _("in memory (least – most)") : _("measured (least – most)"), FALSE);
  add_series (scaling, plot, sweep, base, _("as the operations grow"), TRUE);
  if (pool)
    add_series (scaling, plot, SCALING_ON_DISK, base, _("on disk"), FALSE);
  return plot;
}

static gboolean
write_text (const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) cause = NULL;

  if (g_file_set_contents (path, text, -1, &cause))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path, cause->message);
  return FALSE;
}

static gboolean
write_files (const Scaling *scaling, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) plots = g_ptr_array_new_with_free_func ((GDestroyNotify) log_plot_free);
  g_autofree char *csv = to_csv (scaling), *svg = NULL;

  for (ScalingSweep sweep = 0; sweep <= SCALING_RESIDENT; sweep++) /* whose plot is for both forms */
    if (first_of (scaling, sweep) != NULL || (sweep == SCALING_RESIDENT && first_of (scaling, SCALING_ON_DISK) != NULL))
      g_ptr_array_add (plots, plot_of (scaling, sweep));
  svg = log_plots_to_svg (plots, 2);
  return write_text (folder, "scaling.csv", csv, error) && write_text (folder, "scaling.svg", svg, error);
}

gboolean
scaling_report (const Scaling *scaling, const char *folder, GError **error)
{
  if (scaling->common->json)
    print_json (scaling);
  else
    print_table (scaling);
  return folder == NULL || write_files (scaling, folder, error);
}
