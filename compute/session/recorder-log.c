/* recorder-log.c: events.jsonl: a line for every scalar and event, and for the times of steps that follow each other. */
#include "recorder-private.h"

#include "json-output.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

enum {
  N_CLOCKS = 4,
};

/* as the log lists them: seconds to synthesise, distil, evaluate and show */
static double
clock_of (const DfkdClocks *clocks, guint index)
{
  const double values[N_CLOCKS] = { clocks->generate, clocks->distil, clocks->evaluate, clocks->show };

  return values[index];
}

static void
add_clocks (JsonBuilder *builder, const DfkdClocks *clocks)
{
  json_builder_set_member_name (builder, "clocks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < N_CLOCKS; i++)
    json_builder_add_double_value (builder, clock_of (clocks, i));
  json_builder_end_array (builder);
}

static void
add_counts (JsonBuilder *builder, const char *name, const guint32 *counts, gsize n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    json_builder_add_int_value (builder, counts[i]);
  json_builder_end_array (builder);
}

static char *
event_line (const DfkdEvent *event)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const DfkdAssessment *assessment = event->assessment;

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "event", dfkd_event_kind_name (event->kind));
  dfkd_json_integer (builder, "inner_step", event->inner_step);
  dfkd_json_integer (builder, "student_step", event->student_step);
  dfkd_json_integer (builder, "synthesis", event->synthesis);
  add_clocks (builder, &event->clocks);
  if (event->kind == DFKD_EVENT_PARAMETER)
    {
      dfkd_json_text (builder, "parameter", dfkd_parameter (event->parameter)->name);
      dfkd_json_number (builder, "old", event->old_value);
      dfkd_json_number (builder, "new", event->new_value);
    }
  else if (event->kind == DFKD_EVENT_EVALUATION)
    {
      dfkd_json_number (builder, "accuracy", event->new_value);
      dfkd_json_number (builder, "teacher", event->teacher_accuracy);
      dfkd_json_number (builder, "chosen", event->chosen_accuracy);
      dfkd_json_integer (builder, "chosen_synthesis", event->chosen_synthesis);
    }
  if (assessment != NULL)
    {
      dfkd_json_integer (builder, "images", assessment->count);
      add_counts (builder, "confusion", assessment->confusion, assessment->classes * assessment->classes);
      add_counts (builder, "agreement", assessment->agreement, assessment->classes * assessment->classes);
    }
  if (event->device != NULL)
    dfkd_json_text (builder, "device", event->device);
  if (event->message != NULL)
    dfkd_json_text (builder, "message", event->message);
  json_builder_end_object (builder);
  return dfkd_json_finish (builder, FALSE);
}

/* many: written by hand */
static void
write_scalar (const DfkdScalar *scalar, gpointer data)
{
  DfkdRecorder *recorder = data;
  char value[G_ASCII_DTOSTR_BUF_SIZE], clock[N_CLOCKS][G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < N_CLOCKS; i++)
    g_ascii_formatd (clock[i], sizeof clock[i], "%.6f", clock_of (&scalar->clocks, i));
  g_string_append_printf (recorder->lines, "{\"scalar\":\"%s\",\"step\":%" G_GUINT64_FORMAT ",\"clocks\":[%s,%s,%s,%s],\"value\":%s}\n",
                          dfkd_series_name (scalar->series), scalar->step, clock[0], clock[1], clock[2], clock[3],
                          isfinite (scalar->value) ? g_ascii_formatd (value, sizeof value, "%.9g", scalar->value) : "null");
}

static void
write_line (DfkdRecorder *recorder, const char *line)
{
  g_string_append (recorder->lines, line);
  g_string_append_c (recorder->lines, '\n');
}

static void
write_event (const DfkdEvent *event, gpointer data)
{
  g_autofree char *line = event_line (event);

  write_line (data, line);
}

static void
write_times (DfkdRecorder *recorder)
{
  for (guint i = 0; i < DFKD_N_STAGES; i++)
    {
      DfkdStepSum *sum = &recorder->sums[i];
      g_autoptr (JsonBuilder) builder = NULL;
      g_autofree char *line = NULL;

      if (sum->steps == 0)
        continue;
      builder = json_builder_new ();
      json_builder_begin_object (builder);
      dfkd_json_text (builder, "time", dfkd_stage_name (i));
      dfkd_json_integer (builder, "step", sum->first);
      dfkd_json_integer (builder, "steps", sum->steps);
      add_clocks (builder, &sum->clocks);
      dfkd_json_integer (builder, "by_device", sum->sum.by_device);
      json_builder_set_member_name (builder, "seconds");
      json_builder_begin_object (builder);
      for (guint j = 0; j < sum->sum.n_regions; j++)
        dfkd_json_number (builder, sum->sum.region[j], sum->sum.seconds[j]);
      json_builder_end_object (builder);
      json_builder_end_object (builder);
      line = dfkd_json_finish (builder, FALSE);
      write_line (recorder, line);
      sum->steps = 0;
    }
}

/* Steps of a kind that follow each other share a line; what is shown between them does not part them. */
static void
add_time (const DfkdStepTime *time, gpointer data)
{
  DfkdRecorder *recorder = data;
  DfkdStepSum *sum = &recorder->sums[time->stage];

  if (time->stage != DFKD_STAGE_SHOW && time->stage != recorder->stage)
    {
      write_times (recorder);
      recorder->stage = time->stage;
    }
  if (sum->steps == 0)
    *sum = (DfkdStepSum){ .first = time->step, .sum = { .n_regions = 0 } };
  sum->steps++;
  sum->clocks = time->clocks;
  sum->sum.by_device = time->timing.by_device;
  for (guint i = 0; i < time->timing.n_regions; i++)
    {
      DfkdTiming *all = &sum->sum;
      guint j = 0;

      while (j < all->n_regions && all->region[j] != time->timing.region[i])
        j++;
      if (j == DFKD_MAX_REGIONS)
        continue;
      if (j == all->n_regions)
        {
          all->region[all->n_regions++] = time->timing.region[i];
          all->seconds[j] = 0.0;
        }
      all->seconds[j] += time->timing.seconds[i];
    }
}

const DfkdTap dfkd_recorder_tap = { write_scalar, write_event, add_time };

gboolean
dfkd_recorder_flush (DfkdRecorder *recorder, GError **error)
{
  gsize done = 0;

  write_times (recorder);
  while (done < recorder->lines->len)
    {
      ssize_t n = write (recorder->log, recorder->lines->str + done, recorder->lines->len - done);

      if (n < 0 && errno != EINTR)
        {
          int code = errno;
          g_autofree char *path = g_build_filename (recorder->folder, "events.jsonl", NULL);

          if (ftruncate (recorder->log, (off_t) recorder->written) != 0) /* half a line stays; readers pass it over */
            recorder->written += done;
          return dfkd_recorder_cannot_write (path, code, error);
        }
      done += (gsize) MAX (n, 0);
    }
  recorder->written += done;
  recorder->flushed = g_get_monotonic_time ();
  g_string_truncate (recorder->lines, 0);
  return TRUE;
}

gboolean
dfkd_recorder_flush_old (DfkdRecorder *recorder, GError **error)
{
  return g_get_monotonic_time () - recorder->flushed < 2 * G_USEC_PER_SEC || dfkd_recorder_flush (recorder, error);
}

gboolean
dfkd_recorder_sync (DfkdRecorder *recorder, GError **error)
{
  g_autofree char *path = NULL;

  if (!dfkd_recorder_flush (recorder, error))
    return FALSE;
  if (fsync (recorder->log) == 0 || errno == EINVAL || errno == ENOTSUP) /* some file systems have no such thing */
    return TRUE;
  path = g_build_filename (recorder->folder, "events.jsonl", NULL);
  return dfkd_recorder_cannot_write (path, errno, error);
}

guint64
dfkd_recorder_position (DfkdRecorder *recorder)
{
  return recorder->written;
}
