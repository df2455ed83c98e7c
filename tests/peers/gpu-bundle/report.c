/* report.c: what was found, as a table for the terminal, for a web page and for programs. Every one of them names the device, and
 * whether the goals can be judged on it. */
#include "measure.h"

#include "json-output.h"

#include <math.h>
#include <string.h>

enum {
  COLUMNS = 6,
};

static const char *const heads[COLUMNS] = { "step", "side", "ms, median", "least – most", "ratio", "goal" };

gboolean
is_judged (const Report *report, const char **why)
{
  const Settings *s = &report->settings;
  const Machine *m = &report->machine;
  const char *reason = NULL;

  if (strstr (m->kind, "GPU") == NULL)
    reason = "dfkd did not run on a GPU";
  else if (m->torch == NULL || !g_str_equal (s->peer_device, "cuda"))
    reason = "PyTorch did not run on a GPU";
  else if (s->smoke || s->batch != 256 || s->ngf != 64 || s->size != 32)
    reason = "the goals are for batch 256, ngf 64 and 3×32×32";
  *why = reason;
  return reason == NULL;
}

/* whether both sides name the same device; two different ones cannot be told from two of a kind */
static gboolean
is_same_device (const Machine *m)
{
  return m->torch == NULL || strstr (m->kind, "GPU") == NULL || g_str_equal (m->name, m->peer_name);
}

/* a side's time over dfkd's; NaN where one is missing */
static double
ratio (const Comparison *comparison, Side side, Kind kind)
{
  return figure_median (&comparison->figure[side][kind]) / figure_median (&comparison->figure[SIDE_DFKD][kind]);
}

/* of the two compiled sides the faster one is what dfkd is held against */
static Side
best_compiled (const Comparison *comparison)
{
  double compiled = figure_median (&comparison->figure[SIDE_COMPILED][KIND_INNER]);
  double graphs = figure_median (&comparison->figure[SIDE_GRAPHS][KIND_INNER]);

  return graphs < compiled || (isnan (compiled) && !isnan (graphs)) ? SIDE_GRAPHS : SIDE_COMPILED;
}

/* the goal of a row, 0 if it has none */
static double
goal_of (const Comparison *comparison, Side side, Kind kind)
{
  if (kind != KIND_INNER || side < SIDE_EAGER)
    return 0.0;
  if (side == SIDE_EAGER)
    return comparison->workload->eager_goal;
  return side == best_compiled (comparison) ? comparison->workload->compiled_goal : 0.0;
}

/* four digits of a time in milliseconds, without exponents */
static char *
milliseconds (double seconds)
{
  double ms = seconds * 1e3;

  return g_strdup_printf ("%.*f", ms >= 1000.0 ? 0 : ms >= 100.0 ? 1 : ms >= 10.0 ? 2 : 3, ms);
}

/* the columns of one row, or NULL for a side that was not there */
static GStrv
row (const Report *report, const Comparison *comparison, Side side, Kind kind)
{
  const Figure *figure = &comparison->figure[side][kind];
  double median = figure_median (figure), times = ratio (comparison, side, kind), goal = goal_of (comparison, side, kind);
  g_autofree char *least = milliseconds (figure->least), *most = milliseconds (figure->most);
  const char *why;
  GStrv cells;

  if (!report->machine.has_side[side])
    return NULL;
  cells = g_new0 (char *, COLUMNS + 1);
  cells[0] = g_strdup (kind_name (kind));
  cells[1] = g_strdup (side_name (side));
  cells[2] = isnan (median) ? g_strdup ("–") : milliseconds (median);
  cells[3] = isnan (median) ? g_strdup ("failed, see below") : g_strdup_printf ("%s – %s", least, most);
  cells[4] = isnan (times) || side == SIDE_DFKD ? g_strdup ("") : g_strdup_printf ("%.2f", times);
  if (goal <= 0.0)
    cells[5] = g_strdup ("");
  else if (isnan (times) || !is_judged (report, &why))
    cells[5] = g_strdup_printf ("≥ %.1f", goal);
  else
    cells[5] = g_strdup_printf ("≥ %.1f: %s", goal, times >= goal ? "met" : "missed");
  return cells;
}

/* ------------------------------------------------------------------------------- what text and page share */

/* name and value of each line that stands above the figures */
static GPtrArray *
facts (const Report *report)
{
  const Settings *s = &report->settings;
  const Machine *m = &report->machine;
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *when = g_date_time_format (report->started, "%Y-%m-%d %H:%M");
  const char *why;

#define FACT(name, ...) (g_ptr_array_add (lines, g_strdup (name)), g_ptr_array_add (lines, g_strdup_printf (__VA_ARGS__)))
  FACT ("measured", "%s%s", when, s->smoke ? ", SMOKE TEST: tiny sizes, figures mean nothing" : "");
  FACT ("dfkd", "%s on %s · %s · %s (%s)", m->version, m->name, m->kind, m->driver, m->id);
  if (m->torch == NULL)
    FACT ("PyTorch", "none: %s", m->no_peer);
  else if (g_str_equal (s->peer_device, "cuda"))
    FACT ("PyTorch", "%s, CUDA %s, cuDNN %s on %s, compute capability %s; TF32, channels-last", m->torch, m->cuda, m->cudnn, m->peer_name,
          m->capability);
  else
    FACT ("PyTorch", "%s on the %s; channels-last", m->torch, m->peer_name);
  FACT ("machine", "%s; %s%s%s", m->processor, m->c_library, m->python != NULL ? "; Python " : "", m->python != NULL ? m->python : "");
  FACT ("work", "batch %d of 3×%d×%d, ngf %d, nz 256; dfkd in %s", s->batch, s->size, s->size, s->ngf, s->precision);
  FACT ("timing", "%d steps handed over at once; medians of %d rounds in turns, each the median of %d repeats", s->at_once, s->rounds,
        s->repeats);
  FACT ("ratio", "a side's time over dfkd's, so that above 1 dfkd is faster%s",
        m->torch != NULL ? "; the goal of compiled code is held against its fastest row" : "");
  if (!is_judged (report, &why))
    FACT ("goals", "not judged: %s", why);
  else if (!is_same_device (m))
    FACT ("goals", "CAUTION: the two sides name different devices");
#undef FACT
  return lines;
}

static guint
failed_checks (const Report *report, guint *passed, guint *skipped)
{
  guint failed = 0;

  *passed = *skipped = 0;
  for (guint i = 0; i < report->checks->len; i++)
    {
      const Check *check = g_ptr_array_index (report->checks, i);

      failed += check->failed;
      *passed += check->passed;
      *skipped += check->skipped;
    }
  return failed;
}

/* one sentence on the checks, then a line for each that failed */
static char *
checks_text (const Report *report, const char *bullet)
{
  GString *text = g_string_new (NULL);
  guint passed, skipped, failed = failed_checks (report, &passed, &skipped);

  g_string_append_printf (text, "%s on this device: %u results of kernels, draws, batches and reference cases are right, %u wrong",
                          failed > 0 ? "CHECKS FAILED" : "Checked", passed, failed);
  if (skipped > 0)
    g_string_append_printf (text, ", %u skipped", skipped);
  g_string_append (text, ".\n");
  for (guint i = 0; i < report->checks->len; i++)
    {
      const Check *check = g_ptr_array_index (report->checks, i);

      if (check->failed > 0)
        g_string_append_printf (text, "%s%s: %u failed: %s\n", bullet, check->name, check->failed, check->detail);
    }
  return g_string_free (text, FALSE);
}

static gboolean
has_failures (const Comparison *comparison)
{
  for (guint side = 0; side < N_SIDES; side++)
    if (comparison->failure[side] != NULL)
      return TRUE;
  return FALSE;
}

static void
append_failures (GString *text, const Comparison *comparison, const char *bullet)
{
  for (guint side = 0; side < N_SIDES; side++)
    if (comparison->failure[side] != NULL)
      g_string_append_printf (text, "%s%s failed: %s\n", bullet, side_name (side), comparison->failure[side]);
}

static void
append_padded (GString *text, const char *cell, glong width)
{
  g_string_append (text, cell);
  for (glong used = g_utf8_strlen (cell, -1); used < width; used++)
    g_string_append_c (text, ' ');
}

static void
append_text_row (GString *text, const char *const *cells)
{
  static const glong widths[COLUMNS] = { 9, 31, 12, 20, 7, 0 };

  g_string_append (text, "  ");
  for (guint i = 0; i < COLUMNS; i++)
    append_padded (text, cells[i], widths[i]);
  while (text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static void
append_page_row (GString *text, const char *const *cells)
{
  for (guint i = 0; i < COLUMNS; i++)
    g_string_append_printf (text, "| %s ", cells[i]);
  g_string_append (text, "|\n");
}

static char *
to_text (const Report *report, gboolean page)
{
  g_autoptr (GPtrArray) lines = facts (report);
  g_autofree char *checks = checks_text (report, page ? "- " : "  ");
  GString *text = g_string_new (page ? "# dfkd beside PyTorch\n\n" : "dfkd beside PyTorch\n\n");

  for (guint i = 0; i < lines->len; i += 2)
    if (page)
      g_string_append_printf (text, "- **%s**: %s\n", (char *) lines->pdata[i], (char *) lines->pdata[i + 1]);
    else
      {
        g_string_append (text, "  ");
        append_padded (text, lines->pdata[i], 10);
        g_string_append_printf (text, "%s\n", (char *) lines->pdata[i + 1]);
      }
  g_string_append_printf (text, "\n%s", checks);
  for (guint i = 0; i < report->comparisons->len; i++)
    {
      const Comparison *comparison = g_ptr_array_index (report->comparisons, i);
      const Workload *w = comparison->workload;

      g_string_append_printf (text, "\n%s(%s) %s → %s\n%s", page ? "## " : "", w->name, w->teacher, w->student, page ? "\n" : "");
      (page ? append_page_row : append_text_row) (text, heads);
      if (page)
        g_string_append (text, "|---|---|---|---|---|---|\n");
      for (guint kind = 0; kind < N_KINDS; kind++)
        for (guint side = 0; side < N_SIDES; side++)
          {
            g_auto (GStrv) cells = row (report, comparison, side, kind);

            if (cells != NULL)
              (page ? append_page_row : append_text_row) (text, (const char *const *) cells);
          }
      if (page && has_failures (comparison))
        g_string_append_c (text, '\n');
      append_failures (text, comparison, page ? "- " : "  ");
    }
  return g_string_free (text, FALSE);
}

/* ---------------------------------------------------------------------------------------------------- JSON */

static void
add_figure (JsonBuilder *builder, const Comparison *comparison, Side side, Kind kind)
{
  const Figure *figure = &comparison->figure[side][kind];

  json_builder_set_member_name (builder, kind_name (kind));
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "median", figure_median (figure));
  dfkd_json_number (builder, "min", figure->medians != NULL ? figure->least : (double) NAN);
  dfkd_json_number (builder, "max", figure->medians != NULL ? figure->most : (double) NAN);
  if (side != SIDE_DFKD)
    dfkd_json_number (builder, "ratio", ratio (comparison, side, kind));
  if (goal_of (comparison, side, kind) > 0.0)
    dfkd_json_number (builder, "goal", goal_of (comparison, side, kind));
  json_builder_set_member_name (builder, "rounds");
  json_builder_begin_array (builder);
  for (guint i = 0; figure->medians != NULL && i < figure->medians->len; i++)
    json_builder_add_double_value (builder, g_array_index (figure->medians, double, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_comparison (JsonBuilder *builder, const Report *report, const Comparison *comparison)
{
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", comparison->workload->name);
  dfkd_json_text (builder, "teacher", comparison->workload->teacher);
  dfkd_json_text (builder, "student", comparison->workload->student);
  json_builder_set_member_name (builder, "seconds");
  json_builder_begin_object (builder);
  for (guint side = 0; side < N_SIDES; side++)
    {
      if (!report->machine.has_side[side])
        continue;
      json_builder_set_member_name (builder, side_key (side));
      json_builder_begin_object (builder);
      for (guint kind = 0; kind < N_KINDS; kind++)
        add_figure (builder, comparison, side, kind);
      if (comparison->failure[side] != NULL)
        dfkd_json_text (builder, "failure", comparison->failure[side]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_machine (JsonBuilder *builder, const Report *report)
{
  const Settings *s = &report->settings;
  const Machine *m = &report->machine;
  const struct {
    const char *name, *value;
  } texts[] = { { "dfkd", m->version },           { "processor", m->processor }, { "c_library", m->c_library },
                { "device_id", m->id },           { "device", m->name },         { "device_kind", m->kind },
                { "driver", m->driver },          { "precision", s->precision }, { "python", m->python },
                { "pytorch", m->torch },          { "cuda", m->cuda },           { "cudnn", m->cudnn },
                { "pytorch_device", m->peer_name }, { "compute_capability", m->capability }, { "no_pytorch", m->no_peer } };
  const struct {
    const char *name;
    int value;
  } numbers[] = { { "batch", s->batch },   { "ngf", s->ngf },         { "size", s->size },
                  { "rounds", s->rounds }, { "repeats", s->repeats }, { "at_once", s->at_once } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].value != NULL && *texts[i].value != '\0')
      dfkd_json_text (builder, texts[i].name, texts[i].value);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    dfkd_json_integer (builder, numbers[i].name, numbers[i].value);
}

static char *
to_json (const Report *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *when = g_date_time_format_iso8601 (report->started);
  const char *why;

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "started", when);
  json_builder_set_member_name (builder, "smoke");
  json_builder_add_boolean_value (builder, report->settings.smoke);
  add_machine (builder, report);
  json_builder_set_member_name (builder, "judged");
  json_builder_add_boolean_value (builder, is_judged (report, &why));
  if (why != NULL)
    dfkd_json_text (builder, "not_judged", why);
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->checks->len; i++)
    {
      const Check *check = g_ptr_array_index (report->checks, i);

      json_builder_begin_object (builder);
      dfkd_json_text (builder, "name", check->name);
      dfkd_json_integer (builder, "passed", check->passed);
      dfkd_json_integer (builder, "failed", check->failed);
      dfkd_json_integer (builder, "skipped", check->skipped);
      if (check->detail != NULL)
        dfkd_json_text (builder, "detail", check->detail);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "workloads");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->comparisons->len; i++)
    add_comparison (builder, report, g_ptr_array_index (report->comparisons, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return dfkd_json_finish (builder, TRUE);
}

gboolean
write_report (const Report *report, GError **error)
{
  g_autofree char *text = to_text (report, FALSE), *page = to_text (report, TRUE), *json = to_json (report);
  const char *const contents[] = { text, page, json }, *const names[] = { "table.txt", "table.md", "table.json" };

  g_print ("\n%s\n", text);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (report->settings.results, names[i], NULL);

      if (!g_file_set_contents (path, contents[i], -1, error))
        return FALSE;
    }
  g_print ("Written to %s: table.txt, table.md, table.json and the logs of each part.\n", report->settings.results);
  return TRUE;
}
