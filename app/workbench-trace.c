/* workbench-trace.c: events written by hand: there are many. */
#include "workbench-trace.h"

#include "dfkd.h"

#include <glib/gi18n.h>
#include <math.h>

static void
add_event (GString *text, const char *name, const char *category, guint track, double start, double duration, guint64 step)
{
  char ts[G_ASCII_DTOSTR_BUF_SIZE], dur[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, ",\n{\"name\":");
  dfkd_json_append (text, name); /* a region's comes from a file */
  g_string_append_printf (
      text, ",\"cat\":\"%s\",\"ph\":\"X\",\"pid\":1,\"tid\":%u,\"ts\":%s,\"dur\":%s,\"args\":{\"step\":%" G_GUINT64_FORMAT "}}", category,
      track, g_ascii_formatd (ts, sizeof ts, "%.3f", start), g_ascii_formatd (dur, sizeof dur, "%.3f", duration), step);
}

/* what names a track, or all of them */
static void
add_name (GString *text, const char *what, guint track, const char *name)
{
  g_string_append_printf (text, "%s\n{\"name\":\"%s\",\"ph\":\"M\",\"pid\":1,\"tid\":%u,\"args\":{\"name\":", track > 0 ? "," : "", what, track);
  dfkd_json_append (text, name);
  g_string_append (text, "}}");
}

static double
microseconds (const DfkdTiming *timing, guint region)
{
  double value = timing->seconds[region] * 1e6;

  return isfinite (value) && value > 0.0 ? value : 0.0;
}

gboolean
workbench_trace_save (const GArray *times, const char *title, const char *path, GError **error)
{
  static const char *const kinds[]
      = { "inner step", "begin of a synthesis", "outer step", "student step", "evaluation", "show" }; /* not translated: as stages are */
  g_autoptr (GString) text = g_string_new ("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
  g_autoptr (GError) problem = NULL;
  double free_from[DFKD_N_STAGES] = { 0.0 };

  G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == DFKD_N_STAGES);
  add_name (text, "process_name", 0, title);
  for (guint i = 0; i < DFKD_N_STAGES; i++)
    add_name (text, "thread_name", i + 1, kinds[i]);
  for (guint i = 0; i < times->len; i++)
    {
      const DfkdStepTime *time = &g_array_index (times, DfkdStepTime, i);
      double whole = 0.0, start;

      for (guint j = 0; j < time->timing.n_regions; j++)
        whole += microseconds (&time->timing, j);
      start = MAX (time->clocks.total * 1e6 - whole, free_from[time->stage]); /* clocks say when it was done */
      free_from[time->stage] = start + whole;
      add_event (text, kinds[time->stage], "step", time->stage + 1, start, whole, time->step);
      for (guint j = 0; j < time->timing.n_regions; j++)
        {
          add_event (text, time->timing.region[j], "stage", time->stage + 1, start, microseconds (&time->timing, j), time->step);
          start += microseconds (&time->timing, j);
        }
    }
  g_string_append (text, "\n]}\n");
  if (g_file_set_contents (path, text->str, (gssize) text->len, &problem))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path, problem->message);
  return FALSE;
}
