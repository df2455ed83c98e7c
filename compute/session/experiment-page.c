/* experiment-page.c: results.html: one file with everything in it, that a browser shows without a network. */
#include "experiment-results-private.h"

#include "history.h"
#include "pictures-file.h"
#include "pictures-sheet.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
  COLUMNS = 10, /* of a sheet of images */
  ROWS = 4,
  BAR_HEIGHT = 22,
  BAR_LEFT = 260, /* or more where names are longer */
  BAR_WIDTH = 460,
  LETTER = 8, /* of a name, rather too wide than cut off: which letters a browser has is not known */
};

static const char style[]
    = "<style>:root{color-scheme:light dark}body{font:15px/1.5 sans-serif;max-width:75em;margin:2em auto;padding:0 1em}"
      "table{border-collapse:collapse}th,td{padding:.3em .7em;text-align:right;border-bottom:1px solid #8886}"
      "th:first-child,td:first-child{text-align:left}th{cursor:pointer}td{font-variant-numeric:tabular-nums}"
      "figure{display:inline-block;margin:0 1em 1em 0}img{image-rendering:pixelated;display:block}.failed{color:#c33}</style>\n";

/* a click on a heading sorts by its column, a second one the other way round */
static const char script[]
    = "<script>document.querySelectorAll('th').forEach((head,column)=>head.onclick=()=>{const "
      "body=document.querySelector('tbody'),"
      "up=head.dataset.up=head.dataset.up?'':'1',key=row=>row.cells[column].dataset.value;"
      "[...body.rows].sort((a,b)=>{const x=key(a),y=key(b),d=x===''||y===''?(x==='')-(y===''):isNaN(x-y)?x.localeCompare(y):x-y;"
      "return up?d:-d}).forEach(row=>body.append(row))})</script>\n";

static void
append_text (GString *out, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, escaped);
}

static void
append_element (GString *out, const char *name, const char *text)
{
  g_string_append_printf (out, "<%s>", name);
  append_text (out, text);
  g_string_append_printf (out, "</%s>\n", name);
}

/* ---------------------------------------------------------------------------------------------------- table */

/* @value: what it is sorted by; NaN: it stands last or first */
static void
append_number (GString *out, const char *text, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "<td data-value=\"%s\">", isfinite (value) ? g_ascii_dtostr (number, sizeof number, value) : "");
  append_text (out, text);
  g_string_append (out, "</td>");
}

static void
append_row (GString *out, const DfkdExperimentResults *results, guint recipe)
{
  const char *name = dfkd_experiment_recipe (results->experiment, recipe)->name;
  const DfkdMean runs = dfkd_experiment_mean (results, recipe, DFKD_MEASURE_IMAGES);
  g_autofree char *n = g_strdup_printf ("%u", runs.n);

  g_string_append (out, "<tr><td data-value=\"");
  append_text (out, name);
  g_string_append (out, "\">");
  append_text (out, name);
  g_string_append (out, "</td>");
  append_number (out, n, runs.n);
  for (guint m = 0; m < DFKD_N_MEASURES; m++)
    {
      const DfkdMean mean = dfkd_experiment_mean (results, recipe, m);
      g_autofree char *text = dfkd_mean_text (&mean, dfkd_measures[m].digits);

      append_number (out, text, mean.mean);
    }
  g_string_append (out, "</tr>\n");
}

static void
append_table (GString *out, const DfkdExperimentResults *results)
{
  g_string_append (out, "<table><thead><tr><th>");
  append_text (out, _("Recipe"));
  g_string_append (out, "</th><th>n</th>");
  for (guint m = 0; m < DFKD_N_MEASURES; m++)
    {
      g_string_append (out, "<th>");
      append_text (out, _(dfkd_measures[m].label));
      g_string_append (out, "</th>");
    }
  g_string_append (out, "</tr></thead>\n<tbody>\n");
  for (guint i = 0; i < results->experiment->recipes->len; i++)
    append_row (out, results, i);
  g_string_append (out, "</tbody></table>\n");
}

/* ----------------------------------------------------------------------------------------------------- bars */

/* coordinates always with a point */
static void
append_format (GString *out, const char *format, const double *values, guint n)
{
  for (guint next = 0; *format != '\0'; format++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      if (*format == '#' && next < n)
        g_string_append (out, g_ascii_formatd (number, sizeof number, "%.1f", values[next++]));
      else
        g_string_append_c (out, *format);
    }
}

#define APPEND(out, format, ...)                                                                                                 \
  append_format (out, format, (const double[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const double[]){ __VA_ARGS__ })))

static double
bar_x (double left, double percent)
{
  return left + CLAMP (percent, 0.0, 100.0) / 100.0 * BAR_WIDTH;
}

/* where bars begin: behind the longest name */
static double
find_left (const DfkdExperiment *experiment)
{
  guint longest = 0;

  for (guint i = 0; i < experiment->recipes->len; i++)
    {
      guint letters = 0;

      for (const char *at = dfkd_experiment_recipe (experiment, i)->name; *at != '\0'; at = g_utf8_next_char (at))
        letters += g_unichar_iswide (g_utf8_get_char (at)) ? 2 : 1;
      longest = MAX (longest, letters);
    }
  return MAX (BAR_LEFT, longest * LETTER + 16);
}

/* the mean as a bar, a line for its deviation, a dot for each seed */
static void
append_bar (GString *out, const DfkdExperimentResults *results, guint recipe, double left, double top)
{
  const DfkdMean mean = dfkd_experiment_mean (results, recipe, DFKD_MEASURE_FINAL);
  const double middle = top + BAR_HEIGHT / 2.0;

  APPEND (out, "<text x=\"#\" y=\"#\" text-anchor=\"end\" fill=\"currentColor\">", left - 8.0, middle + 5.0);
  append_text (out, dfkd_experiment_recipe (results->experiment, recipe)->name);
  g_string_append (out, "</text>\n");
  if (mean.n == 0)
    return;
  APPEND (out, "<rect x=\"#\" y=\"#\" width=\"#\" height=\"#\" fill=\"#", left, top + 3.0, bar_x (left, mean.mean) - left,
          BAR_HEIGHT - 6.0);
  g_string_append (out, "3584e4\" opacity=\".6\"/>\n");
  if (mean.n > 1)
    APPEND (out, "<line x1=\"#\" y1=\"#\" x2=\"#\" y2=\"#\" stroke=\"currentColor\" stroke-width=\"2\"/>\n",
            bar_x (left, mean.mean - mean.deviation), middle, bar_x (left, mean.mean + mean.deviation), middle);
  for (guint i = 0; i < results->experiment->cells->len; i++)
    {
      const double value = dfkd_cell_measure (&results->cells[i], DFKD_MEASURE_FINAL);

      if (dfkd_experiment_cell (results->experiment, i)->recipe == recipe && results->cells[i].state == DFKD_CELL_FINISHED
          && isfinite (value))
        APPEND (out, "<circle cx=\"#\" cy=\"#\" r=\"3\" fill=\"currentColor\"/>\n", bar_x (left, value), middle);
    }
}

static void
append_bars (GString *out, const DfkdExperimentResults *results)
{
  const guint n = results->experiment->recipes->len;
  const double left = find_left (results->experiment);
  gboolean known = FALSE;

  for (guint i = 0; i < n; i++)
    known = known || dfkd_experiment_mean (results, i, DFKD_MEASURE_FINAL).n > 0;
  if (!known)
    return;
  append_element (out, "h2", _("Final accuracy on the test set, %"));
  APPEND (out, "<svg width=\"#\" height=\"#\" role=\"img\" font-size=\"13\">\n", left + BAR_WIDTH + 20.0,
          n * BAR_HEIGHT + 24.0);
  for (guint percent = 0; percent <= 100; percent += 20)
    {
      APPEND (out, "<line x1=\"#\" y1=\"0\" x2=\"#\" y2=\"#\" stroke=\"currentColor\" opacity=\".2\"/>", bar_x (left, percent),
              bar_x (left, percent), n * BAR_HEIGHT + 2.0);
      APPEND (out, "<text x=\"#\" y=\"#\" text-anchor=\"middle\" fill=\"currentColor\">", bar_x (left, percent), n * BAR_HEIGHT + 18.0);
      g_string_append_printf (out, "%u</text>\n", percent);
    }
  for (guint i = 0; i < n; i++)
    append_bar (out, results, i, left, (double) i * BAR_HEIGHT);
  g_string_append (out, "</svg>\n");
}

/* -------------------------------------------------------------------------------------------------- pictures */

/* Returns: (transfer full): base64 */
static char *
encode_sheet (const DfkdPictures *pictures)
{
  gsize width, height, length;
  g_autoptr (GBytes) png = dfkd_pictures_sheet (pictures, COLUMNS, ROWS, &width, &height);
  const guint8 *data = g_bytes_get_data (png, &length);

  return g_base64_encode (data, length);
}

/* of the last batch that the first finished run of a recipe kept; NULL: there is none */
static char *
find_sheet (const DfkdExperimentResults *results, guint recipe)
{
  for (guint i = 0; i < results->experiment->cells->len; i++)
    if (dfkd_experiment_cell (results->experiment, i)->recipe == recipe && results->cells[i].state == DFKD_CELL_FINISHED)
      {
        g_autofree char *run = dfkd_cell_path (results->experiment, results->folder, i), *path = NULL;
        g_autoptr (GArray) kept = dfkd_history_list (run, DFKD_HISTORY_PICTURES);
        g_autoptr (DfkdPictures) pictures = NULL;

        if (kept->len == 0)
          continue;
        path = dfkd_history_path (run, DFKD_HISTORY_PICTURES, g_array_index (kept, guint, kept->len - 1));
        pictures = dfkd_pictures_load (path, NULL, NULL);
        if (pictures != NULL && pictures->count > 0 && (pictures->channels == 1 || pictures->channels == 3))
          return encode_sheet (pictures);
      }
  return NULL;
}

static void
append_sheets (GString *out, DfkdExperimentResults *results)
{
  gboolean first = TRUE;

  for (guint i = 0; i < results->experiment->recipes->len; i++)
    {
      if (results->sheets->pdata[i] == NULL)
        results->sheets->pdata[i] = find_sheet (results, i);
      if (results->sheets->pdata[i] == NULL)
        continue;
      if (first)
        append_element (out, "h2", _("The last images of each recipe"));
      first = FALSE;
      g_string_append_printf (out, "<figure><img src=\"data:image/png;base64,%s\" alt=\"\"><figcaption>",
                              (char *) results->sheets->pdata[i]);
      append_text (out, dfkd_experiment_recipe (results->experiment, i)->name);
      g_string_append (out, "</figcaption></figure>\n");
    }
}

/* ------------------------------------------------------------------------------------------------- the page */

static void
append_failures (GString *out, const DfkdExperimentResults *results)
{
  gboolean first = TRUE;

  for (guint i = 0; i < results->experiment->cells->len; i++)
    if (results->cells[i].state == DFKD_CELL_FAILED)
      {
        g_autofree char *text
            = g_strdup_printf ("%s: %s", dfkd_experiment_cell (results->experiment, i)->folder, results->cells[i].message);

        g_string_append (out, first ? "<ul class=\"failed\">\n" : "");
        append_element (out, "li", text);
        first = FALSE;
      }
  g_string_append (out, first ? "" : "</ul>\n");
}

/* what the table has no numbers of: successive halving let them go */
static void
append_dropped (GString *out, const DfkdExperimentResults *results)
{
  gboolean first = TRUE;

  for (guint i = 0; i < results->experiment->recipes->len; i++)
    {
      g_autofree char *text = dfkd_experiment_dropped_text (results, i);

      if (text == NULL)
        continue;
      g_string_append (out, first ? "<ul>\n" : "");
      append_element (out, "li", text);
      first = FALSE;
    }
  g_string_append (out, first ? "" : "</ul>\n");
}

char *
dfkd_experiment_page (DfkdExperimentResults *results)
{
  const DfkdExperiment *e = results->experiment;
  g_autofree char *state = dfkd_experiment_state_text (results);
  GString *out = g_string_new ("<!DOCTYPE html>\n");

  /* Translators: the language of your translation as HTML names it, as "de" or "zh-CN": browsers read a page aloud by it */
  g_string_append_printf (out, "<html lang=\"%s\"><head><meta charset=\"utf-8\">\n", C_ ("language of a page", "en"));
  append_element (out, "title", e->name);
  g_string_append (out, style);
  g_string_append (out, "</head><body>\n");
  append_element (out, "h1", e->name);
  if (*e->description != '\0')
    append_element (out, "p", e->description);
  append_element (out, "p", state);
  append_table (out, results);
  append_element (out, "p", _("Mean ± sample deviation over seeds; n is how many runs it is over."));
  append_failures (out, results);
  append_dropped (out, results);
  append_bars (out, results);
  append_sheets (out, results);
  g_string_append (out, script);
  g_string_append (out, "</body></html>\n");
  return g_string_free (out, FALSE);
}
