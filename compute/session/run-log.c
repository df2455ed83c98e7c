/* run-log.c: lines to scalars, events and times. */
#include "run-log.h"

#include "errors.h"
#include "json-input.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  N_CLOCKS = 4,
  MOST_CLASSES = 1024,
};

static void
set_clocks (DfkdClocks *clocks, const double *values)
{
  *clocks = (DfkdClocks){ values[0], values[1], values[2], values[3], values[0] + values[1] + values[2] + values[3] };
}

/* ------------------------------------------------------------------------------------------- scalars, by hand */

static const char *
after (const char *at, const char *text)
{
  gsize length = strlen (text);

  return at != NULL && strncmp (at, text, length) == 0 ? at + length : NULL;
}

static const char *
number (const char *at, double *value)
{
  char *end;

  if (at == NULL)
    return NULL;
  *value = g_ascii_strtod (at, &end);
  return end != at ? end : NULL;
}

/* as recorder-log.c writes them; FALSE: not one of these */
static gboolean
parse_scalar (const char *line, DfkdScalar *scalar)
{
  const char *at = after (line, "{\"scalar\":\""), *quote = at != NULL ? strchr (at, '"') : NULL;
  char name[32];
  char *end;
  double clocks[N_CLOCKS];

  if (quote == NULL || quote - at >= (gssize) sizeof name)
    return FALSE;
  memcpy (name, at, (gsize) (quote - at));
  name[quote - at] = '\0';
  at = after (quote, "\",\"step\":");
  if (at == NULL || !dfkd_series_find (name, &scalar->series))
    return FALSE;
  scalar->step = g_ascii_strtoull (at, &end, 10);
  at = after (end, ",\"clocks\":[");
  for (guint i = 0; i < N_CLOCKS; i++)
    at = after (number (at, &clocks[i]), i + 1 < N_CLOCKS ? "," : "],\"value\":");
  if (at == NULL)
    return FALSE;
  scalar->value = (double) NAN;
  if (after (at, "null") == NULL)
    at = number (at, &scalar->value);
  set_clocks (&scalar->clocks, clocks);
  return at != NULL;
}

/* -------------------------------------------------------------------------------------------- all other lines */

static double
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : (double) NAN;
}

static guint64
get_integer (JsonObject *object, const char *name)
{
  double value = get_number (object, name);

  return value > 0.0 && value < 9e15 ? (guint64) value : 0;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static double
get_element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0.0;
}

static void
get_clocks (JsonObject *object, DfkdClocks *clocks)
{
  JsonArray *array = get_array (object, "clocks");
  double values[N_CLOCKS] = { 0.0 };

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), (guint) N_CLOCKS); i++)
    values[i] = get_element (array, i);
  set_clocks (clocks, values);
}

static DfkdAssessment *
get_assessment (JsonObject *object, guint synthesis)
{
  JsonArray *confusion = get_array (object, "confusion"), *agreement = get_array (object, "agreement");
  guint length = confusion != NULL ? json_array_get_length (confusion) : 0, classes = (guint) lround (sqrt (length));
  DfkdAssessment *assessment;

  if (length == 0 || classes > MOST_CLASSES || classes * classes != length || agreement == NULL || json_array_get_length (agreement) != length)
    return NULL;
  assessment = dfkd_assessment_new (classes);
  assessment->synthesis = synthesis;
  assessment->count = get_integer (object, "images");
  for (guint i = 0; i < length; i++)
    {
      assessment->confusion[i] = (guint32) CLAMP (get_element (confusion, i), 0.0, 4e9);
      assessment->agreement[i] = (guint32) CLAMP (get_element (agreement, i), 0.0, 4e9);
    }
  return assessment;
}

static gboolean
parse_event (JsonObject *object, DfkdEvent *event)
{
  const char *name = get_text (object, "event"), *parameter = get_text (object, "parameter");
  guint kind = 0;

  while (name != NULL && kind < DFKD_N_EVENT_KINDS && !g_str_equal (name, dfkd_event_kind_name (kind)))
    kind++;
  if (name == NULL || kind == DFKD_N_EVENT_KINDS)
    return FALSE;
  event->kind = kind;
  event->inner_step = get_integer (object, "inner_step");
  event->student_step = get_integer (object, "student_step");
  event->synthesis = (guint) get_integer (object, "synthesis");
  get_clocks (object, &event->clocks);
  event->device = g_strdup (get_text (object, "device"));
  event->message = g_strdup (get_text (object, "message"));
  if (kind == DFKD_EVENT_PARAMETER)
    {
      event->old_value = get_number (object, "old");
      event->new_value = get_number (object, "new");
      return parameter != NULL && dfkd_parameter_find (parameter, &event->parameter);
    }
  if (kind == DFKD_EVENT_EVALUATION)
    {
      event->new_value = get_number (object, "accuracy");
      event->teacher_accuracy = get_number (object, "teacher");
      event->chosen_accuracy = get_number (object, "chosen");
      event->chosen_synthesis = (guint) get_integer (object, "chosen_synthesis");
      event->assessment = get_assessment (object, event->synthesis);
    }
  return TRUE;
}

static gboolean
parse_time (JsonObject *object, DfkdStepTime *time)
{
  const char *name = get_text (object, "time");
  JsonNode *node = json_object_get_member (object, "seconds");
  guint64 steps = get_integer (object, "steps");
  guint stage = 0;

  while (name != NULL && stage < DFKD_N_STAGES && !g_str_equal (name, dfkd_stage_name (stage)))
    stage++;
  if (name == NULL || stage == DFKD_N_STAGES || steps == 0 || node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  *time = (DfkdStepTime){ .stage = stage, .step = get_integer (object, "step") };
  get_clocks (object, &time->clocks);
  time->timing.by_device = get_integer (object, "by_device") != 0;
  {
    g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

    for (GList *each = names; each != NULL && time->timing.n_regions < DFKD_MAX_REGIONS; each = each->next)
      {
        time->timing.region[time->timing.n_regions] = g_intern_string (each->data);
        time->timing.seconds[time->timing.n_regions++] = get_number (json_node_get_object (node), each->data) / (double) steps;
      }
  }
  return TRUE;
}

/* FALSE: not understood */
static gboolean
pass_on (const char *line, gsize length, const DfkdTap *tap, gpointer data)
{
  DfkdScalar scalar;
  DfkdStepTime time;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;

  if (parse_scalar (line, &scalar))
    {
      if (tap->scalar != NULL)
        tap->scalar (&scalar, data);
      return TRUE;
    }
  root = dfkd_json_parse (line, (gssize) length, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;
  object = json_node_get_object (root);
  if (json_object_has_member (object, "event"))
    {
      DfkdEvent *event = g_new0 (DfkdEvent, 1);
      gboolean good = parse_event (object, event);

      if (good && tap->event != NULL)
        tap->event (event, data);
      dfkd_event_free (event);
      return good;
    }
  if (!parse_time (object, &time))
    return FALSE;
  if (tap->time != NULL)
    tap->time (&time, data);
  return TRUE;
}

/* the same as far as there are so many bytes: those of @line behind those that @place has */
static void
move_on (DfkdRunLogPlace *place, const char *line, gsize length)
{
  const gsize room = sizeof place->last, old = (gsize) MIN (place->at, room), new = MIN (length, room), kept = MIN (old, room - new);

  memmove (place->last, place->last + old - kept, kept);
  memcpy (place->last + kept, line + length - new, new);
  place->at += length;
}

/* Reads behind @place: (inout); @unknown: (inout): lines that were not understood. @whole: a last line without its end is not read */
static void
read_lines (FILE *file, guint64 most, gboolean whole, DfkdRunLogPlace *place, const DfkdTap *tap, gpointer data, GCancellable *cancellable, guint *unknown)
{
  char *line = NULL; /* of getline() */
  size_t room = 0;
  ssize_t length;

  while (!g_cancellable_is_cancelled (cancellable) && place->at < most && (length = getline (&line, &room, file)) > 0)
    {
      gboolean ends = line[length - 1] == '\n';

      if (!ends && whole)
        break;
      move_on (place, line, (gsize) length);
      if (!ends || !pass_on (line, (gsize) length, tap, data))
        (*unknown)++;
    }
  free (line);
}

static FILE *
open_log (const char *path, GError **error)
{
  FILE *file = g_fopen (path, "re");

  if (file == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s"), path, g_strerror (errno));
  return file;
}

gboolean
dfkd_run_log_read (const char *path, guint64 most, const DfkdTap *tap, gpointer data, GCancellable *cancellable, guint *skipped, GError **error)
{
  FILE *file = open_log (path, error);
  DfkdRunLogPlace place = { 0 };
  guint unknown = 0;

  if (file == NULL)
    return FALSE;
  read_lines (file, most, FALSE, &place, tap, data, cancellable, &unknown);
  fclose (file);
  if (skipped != NULL)
    *skipped = unknown;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* the last bytes before @at. Returns: how many; −1 where there are not so many */
static gssize
read_last (FILE *file, guint64 at, guchar last[64])
{
  const gsize length = (gsize) MIN (at, 64);

  return fseeko (file, (off_t) (at - length), SEEK_SET) == 0 && fread (last, 1, length, file) == length ? (gssize) length : -1;
}

/* The last bytes are those that were read: when the log is cut and written on meanwhile, it is seen the next time. */
gboolean
dfkd_run_log_read_on (const char *path, DfkdRunLogPlace *place, const DfkdTap *tap, gpointer data, GCancellable *cancellable, GError **error)
{
  FILE *file = open_log (path, error);
  DfkdRunLogPlace next = *place;
  guchar last[sizeof next.last];
  gssize length;
  guint unknown = 0;

  if (file == NULL)
    return FALSE;
  length = read_last (file, place->at, last);
  if (length >= 0 && memcmp (last, place->last, (gsize) length) == 0)
    read_lines (file, G_MAXUINT64, TRUE, &next, tap, data, cancellable, &unknown);
  else
    next = (DfkdRunLogPlace){ 0 };
  fclose (file);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  *place = next;
  return TRUE;
}
