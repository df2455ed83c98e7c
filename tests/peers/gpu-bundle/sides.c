/* sides.c: dfkd bench and PyTorch's steps in turns: a round is one of each, so that a slow moment of the machine meets both.
 *
 * dfkd is a program a round; PyTorch stays, since what it compiled shall not be compiled again. */
#include "measure.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static const Workload workloads[] = {
  { "b", "wrn40_2", "wrn16_1", 3.0, 1.5 },
  { "c", "resnet34", "resnet18", 1.0, 1.0 },
};

static void
fail (Comparison *comparison, Side side, const char *why)
{
  if (comparison->failure[side] == NULL)
    {
      comparison->failure[side] = g_strdup (why);
      g_print ("  %s: FAILED: %s\n", side_name (side), why);
    }
}

static void
add_number (GPtrArray *command, const char *option, int value)
{
  g_ptr_array_add (command, g_strdup (option));
  g_ptr_array_add (command, g_strdup_printf ("%d", value));
}

static void
add_text (GPtrArray *command, const char *option, const char *value)
{
  g_ptr_array_add (command, g_strdup (option));
  g_ptr_array_add (command, g_strdup (value));
}

/* ------------------------------------------------------------------------------------------------- dfkd */

/* Times of both kinds from the output of dfkd bench; @figure: NULL for a run that only warms up. */
static gboolean
read_bench (const char *output, Figure *figure)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *steps;
  guint found = 0;

  if (!json_parser_load_from_data (parser, output, -1, NULL) || !JSON_NODE_HOLDS_ARRAY (json_parser_get_root (parser)))
    return FALSE;
  steps = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (steps); i++)
    for (guint kind = 0; kind < N_KINDS; kind++)
      {
        JsonObject *step = json_array_get_object_element (steps, i), *seconds;

        if (!g_str_equal (json_object_get_string_member (step, "name"), kind_name (kind)))
          continue;
        seconds = json_object_get_object_member (step, "seconds");
        found++;
        if (figure != NULL)
          figure_add_round (&figure[kind], json_object_get_double_member (seconds, "median"), json_object_get_double_member (seconds, "min"),
                            json_object_get_double_member (seconds, "max"));
      }
  return found == N_KINDS;
}

static void
run_dfkd (const Report *report, Comparison *comparison, Side side, int repeats, Figure *figure)
{
  const Settings *settings = &report->settings;
  g_autoptr (GPtrArray) command = start_program (settings, "dfkd");
  g_autofree char *output = NULL, *errors = NULL, *said = NULL;
  g_autofree char *input = g_strdup_printf ("3x%dx%d", settings->size, settings->size);
  g_autoptr (GError) error = NULL;
  int code;

  g_ptr_array_add (command, g_strdup ("bench"));
  g_ptr_array_add (command, g_strdup ("--json"));
  add_text (command, "--device", report->machine.id);
  add_text (command, "--random-teacher", comparison->workload->teacher);
  add_text (command, "--input", input);
  add_text (command, "--student", comparison->workload->student);
  add_text (command, "--precision", settings->precision);
  add_number (command, "--ngf", settings->ngf);
  add_number (command, "--batch", settings->batch);
  add_number (command, "--at-once", settings->at_once);
  add_number (command, "--repeats", repeats);
  if (side == SIDE_PLAIN)
    g_setenv ("DFKD_VULKAN_WINOGRAD", "0", TRUE);
  code = run_program (command, &output, &errors, &error);
  g_unsetenv ("DFKD_VULKAN_WINOGRAD");
  if (code == 0 && read_bench (output, figure))
    return;
  said = error != NULL ? g_strdup (error->message) : code == 0 ? g_strdup ("its output is not understood") : last_line (errors, code);
  fail (comparison, side, said);
}

/* ---------------------------------------------------------------------------------------------- PyTorch */

typedef struct {
  GSubprocess *process;
  GOutputStream *commands;
  GDataInputStream *answers;
} Peer;

static void
peer_close (Peer *peer)
{
  if (peer->process != NULL)
    {
      g_output_stream_close (peer->commands, NULL, NULL); /* it ends with its input */
      g_subprocess_wait (peer->process, NULL, NULL);
    }
  g_clear_object (&peer->answers);
  g_clear_object (&peer->process);
}

static gboolean
peer_open (const Report *report, const Workload *workload, Peer *peer, GError **error)
{
  const Settings *settings = &report->settings;
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *log = g_strdup_printf ("peer-%s.log", workload->name), *path = g_build_filename (settings->results, log, NULL);

  g_subprocess_launcher_set_stderr_file_path (launcher, path);
  g_ptr_array_add (command, g_strdup (settings->python));
  g_ptr_array_add (command, g_build_filename (settings->bundle, "peer", "gpu_peer.py", NULL));
  add_text (command, "--device", settings->peer_device);
  add_text (command, "--workload", workload->name);
  add_number (command, "--batch", settings->batch);
  add_number (command, "--ngf", settings->ngf);
  add_number (command, "--size", settings->size);
  g_ptr_array_add (command, NULL);
  peer->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) command->pdata, error);
  if (peer->process == NULL)
    return FALSE;
  peer->commands = g_subprocess_get_stdin_pipe (peer->process);
  peer->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (peer->process));
  return TRUE;
}

/* Returns: (transfer full): the seconds that answer a command, one or several; NULL with @error */
static GArray *
peer_ask (Peer *peer, const char *command, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *line = NULL;
  JsonObject *answer;
  JsonNode *seconds;
  GArray *result;
  guint count;

  if (!g_output_stream_printf (peer->commands, NULL, NULL, error, "%s\n", command)
      || !g_output_stream_flush (peer->commands, NULL, error))
    return NULL;
  line = g_data_input_stream_read_line (peer->answers, NULL, NULL, error);
  if (line == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "it ended; the log beside the table may say why");
      return NULL;
    }
  if (!json_parser_load_from_data (parser, line, -1, error))
    return NULL;
  answer = json_node_get_object (json_parser_get_root (parser));
  if (!json_object_has_member (answer, "seconds"))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           json_object_get_string_member_with_default (answer, "error", "it gave no figure"));
      return NULL;
    }
  seconds = json_object_get_member (answer, "seconds");
  count = JSON_NODE_HOLDS_ARRAY (seconds) ? json_array_get_length (json_node_get_array (seconds)) : 1;
  result = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < count; i++)
    {
      double value = JSON_NODE_HOLDS_ARRAY (seconds) ? json_array_get_double_element (json_node_get_array (seconds), i)
                                                     : json_node_get_double (seconds);

      g_array_append_val (result, value);
    }
  return result;
}

static void
prepare_peer (const Report *report, Peer *peer, Comparison *comparison)
{
  for (guint side = SIDE_EAGER; side < N_SIDES; side++)
    {
      g_autofree char *command = g_strdup_printf ("prepare %s", side_key (side));
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) seconds = NULL;

      if (!report->machine.has_side[side])
        continue;
      g_print ("  %s: warming up …", side_name (side));
      seconds = peer_ask (peer, command, &error);
      if (seconds != NULL)
        g_print (" %.1f s\n", g_array_index (seconds, double, 0));
      else
        {
          g_print ("\n");
          fail (comparison, side, error->message);
        }
    }
}

static void
run_peer (const Report *report, Peer *peer, Comparison *comparison, Side side)
{
  for (guint kind = 0; kind < N_KINDS && comparison->failure[side] == NULL; kind++)
    {
      const Settings *settings = &report->settings;
      g_autofree char *command
          = g_strdup_printf ("time %s %s %d %d", side_key (side), kind_name (kind), settings->at_once, settings->repeats);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) seconds = peer_ask (peer, command, &error);

      if (seconds == NULL)
        fail (comparison, side, error->message);
      else
        figure_add (&comparison->figure[side][kind], (const double *) (gpointer) seconds->data, seconds->len);
    }
}

/* --------------------------------------------------------------------------------------------- in turns */

static void
print_round (const Comparison *comparison, int number, int rounds)
{
  g_print ("  round %d of %d:", number, rounds);
  for (guint side = 0; side < N_SIDES; side++)
    {
      const GArray *inner = comparison->figure[side][KIND_INNER].medians, *student = comparison->figure[side][KIND_STUDENT].medians;

      if (inner != NULL && student != NULL && comparison->failure[side] == NULL)
        g_print ("%s %s %.4g and %.4g ms", side > 0 ? "," : "", side_key (side), g_array_index (inner, double, inner->len - 1) * 1e3,
                 g_array_index (student, double, student->len - 1) * 1e3);
    }
  g_print ("\n");
}

static void
compare_workload (Report *report, const Workload *workload)
{
  const Settings *settings = &report->settings;
  Comparison *comparison = g_new0 (Comparison, 1);
  g_autoptr (GError) error = NULL;
  Peer peer = { 0 };

  comparison->workload = workload;
  g_ptr_array_add (report->comparisons, comparison);
  g_print ("\n(%s) %s → %s, ms an inner step and a student step\n", workload->name, workload->teacher, workload->student);
  g_print ("  dfkd: warming up …\n"); /* kernels compiled and the best tilings found, which later rounds read from files */
  for (guint side = SIDE_DFKD; side < SIDE_EAGER; side++)
    if (report->machine.has_side[side])
      run_dfkd (report, comparison, side, 1, NULL);
  if (report->machine.torch != NULL)
    {
      if (peer_open (report, workload, &peer, &error))
        prepare_peer (report, &peer, comparison);
      else
        for (guint side = SIDE_EAGER; side < N_SIDES; side++)
          fail (comparison, side, error->message);
    }
  for (int round = 0; round < settings->rounds; round++)
    {
      for (guint side = SIDE_DFKD; side < SIDE_EAGER; side++)
        if (report->machine.has_side[side] && comparison->failure[side] == NULL)
          run_dfkd (report, comparison, side, settings->repeats, comparison->figure[side]);
      for (guint side = SIDE_EAGER; side < N_SIDES && report->machine.torch != NULL; side++)
        if (report->machine.has_side[side] && comparison->failure[side] == NULL)
          run_peer (report, &peer, comparison, side);
      print_round (comparison, round + 1, settings->rounds);
    }
  peer_close (&peer);
}

static void
comparison_free (gpointer data)
{
  Comparison *comparison = data;

  for (guint side = 0; side < N_SIDES; side++)
    {
      for (guint kind = 0; kind < N_KINDS; kind++)
        g_clear_pointer (&comparison->figure[side][kind].medians, g_array_unref);
      g_free (comparison->failure[side]);
    }
  g_free (comparison);
}

gboolean
compare_sides (Report *report)
{
  gboolean good = TRUE;

  report->comparisons = g_ptr_array_new_with_free_func (comparison_free);
  for (guint i = 0; i < G_N_ELEMENTS (workloads); i++)
    if (strstr (report->settings.workloads, workloads[i].name) != NULL)
      {
        compare_workload (report, &workloads[i]);
        good &= ((Comparison *) g_ptr_array_index (report->comparisons, report->comparisons->len - 1))->failure[SIDE_DFKD] == NULL;
      }
  return good;
}
