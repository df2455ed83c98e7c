/* measure.c: run-bundle's program: what is there, whether it computes rightly, and how fast beside PyTorch. */
#include "measure.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

enum {
  SMALL = 4, /* a batch that a processor takes in seconds */
};

static const char SUMMARY[]
    = "Checks dfkd on this machine's Vulkan device, then times FastDFKD's inner step and student step beside PyTorch:\n"
      "  b  wrn40_2 → wrn16_1      c  resnet34 → resnet18\n"
      "Without a python3 that has PyTorch with CUDA, dfkd is timed alone.  --libraries system, common or bundled, before all\n"
      "other options, chooses the libraries that programs start with, which are otherwise found by trying.";

/* Tiny everything: what is seen is that each part runs. */
static void
make_tiny (Settings *settings)
{
  settings->batch = 2;
  settings->ngf = 4;
  settings->size = 8;
  settings->rounds = settings->repeats = settings->at_once = 2;
}

static gboolean
parse (int *argc, char ***argv, Settings *settings, GError **error)
{
  const GOptionEntry entries[] = {
    { "bundle", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &settings->bundle, "the unpacked bundle", "FOLDER" },
    { "device", 0, 0, G_OPTION_ARG_STRING, &settings->device, "dfkd's device, as vulkan:0; else the first real GPU, else any", "ID" },
    { "workloads", 0, 0, G_OPTION_ARG_STRING, &settings->workloads, "which ones (bc)", "LETTERS" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &settings->batch, "images in a batch (256)", "N" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &settings->rounds, "turns of each side (5)", "N" },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &settings->repeats, "timings in a round (10)", "N" },
    { "at-once", 0, 0, G_OPTION_ARG_INT, &settings->at_once, "steps between two waits for the device, 1 to 16 (5, the k of Fast-5)", "N" },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &settings->precision, "dfkd's precision (float32)", "NAME" },
    { "python", 0, 0, G_OPTION_ARG_FILENAME, &settings->python, "the Python that has PyTorch (python3)", "PROGRAM" },
    { "peer-device", 0, 0, G_OPTION_ARG_STRING, &settings->peer_device, "where PyTorch runs: cuda or cpu (cuda)", "NAME" },
    { "alone", 0, 0, G_OPTION_ARG_NONE, &settings->alone, "leave PyTorch out", NULL },
    { "smoke", 0, 0, G_OPTION_ARG_NONE, &settings->smoke, "tiny sizes, to see that every part runs; PyTorch on the CPU", NULL },
    { "results", 0, 0, G_OPTION_ARG_FILENAME, &settings->results, "where to write (results/DATE-TIME)", "FOLDER" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, SUMMARY);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: it is not an option", (*argv)[1]);
  else if (settings->batch < 1 || settings->rounds < 1 || settings->repeats < 1 || settings->at_once < 1 || settings->at_once > 16)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--batch, --rounds and --repeats are at least 1, --at-once is a number from 1 to 16");
  else if (settings->peer_device != NULL && !g_str_equal (settings->peer_device, "cuda") && !g_str_equal (settings->peer_device, "cpu"))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--peer-device %s: expected cuda or cpu", settings->peer_device);
  else if (settings->workloads != NULL && (*settings->workloads == '\0' || strspn (settings->workloads, "bc") != strlen (settings->workloads)))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--workloads %s: expected b, c or bc", settings->workloads);
  else if (settings->bundle == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "this program is started by run-bundle");
  else
    return TRUE;
  return FALSE;
}

static void
set_default (char **text, const char *value)
{
  if (*text == NULL)
    *text = g_strdup (value);
}

static gboolean
make_results (Report *report, GError **error)
{
  if (report->settings.results == NULL)
    {
      g_autofree char *when = g_date_time_format (report->started, "%Y%m%d-%H%M%S");

      report->settings.results = g_build_filename ("results", when, NULL);
    }
  if (g_mkdir_with_parents (report->settings.results, 0777) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s; --results names another folder", report->settings.results,
               g_strerror (errno));
  return FALSE;
}

static void
clear (Report *report)
{
  Settings *s = &report->settings;
  Machine *m = &report->machine;
  char *texts[] = { s->bundle,  s->results,  s->python,     s->device, s->peer_device, s->precision, s->workloads,    m->version,
                    m->processor, m->c_library, m->id,      m->name,   m->kind,        m->driver,    m->python,       m->torch,
                    m->cuda,    m->cudnn,    m->peer_name, m->capability, m->no_peer };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_clear_pointer (&report->started, g_date_time_unref);
  g_clear_pointer (&report->checks, g_ptr_array_unref);
  g_clear_pointer (&report->comparisons, g_ptr_array_unref);
}

static gboolean
measure (Report *report, GError **error)
{
  const Machine *machine = &report->machine;
  gboolean right, timed;

  g_print ("Devices\n");
  if (!find_devices (&report->settings, &report->machine, error) || !make_results (report, error))
    return FALSE;
  find_peer (&report->settings, &report->machine);
  g_print ("dfkd %s runs on %s (%s).\n", machine->version, machine->name, machine->id);
  if (machine->torch != NULL)
    g_print ("PyTorch %s runs on %s.\n", machine->torch, machine->peer_name);
  else
    g_print ("dfkd is timed alone, without PyTorch: %s.\n", machine->no_peer);
  if (g_str_equal (machine->kind, "software driver") && report->settings.batch > SMALL)
    g_print ("Mind that a software driver takes hours for these sizes; --smoke or --batch %d do not.\n", SMALL);
  g_print ("\nChecks\n");
  right = run_checks (report);
  if (!right)
    g_print ("This device computes something wrong: the times below are no result.\n");
  timed = compare_sides (report);
  if (!write_report (report, error))
    return FALSE;
  if (!right || !timed)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", right ? "dfkd could not be timed" : "checks failed");
  return right && timed;
}

int
main (int argc, char **argv)
{
  Report report = { .settings = { .batch = 256, .ngf = 64, .size = 32, .rounds = 5, .repeats = 10, .at_once = 5 } };
  Settings *settings = &report.settings;
  g_autoptr (GError) error = NULL;
  gboolean good, usage = FALSE;

  setlocale (LC_ALL, "");
  setvbuf (stdout, NULL, _IOLBF, 0);
  signal (SIGPIPE, SIG_IGN); /* a peer that died is an error of its own */
  g_set_prgname ("run-bundle");
  for (int i = 1; i < argc; i++) /* before the others, which override what it sets */
    if (g_str_equal (argv[i], "--smoke"))
      make_tiny (settings);
  good = parse (&argc, &argv, settings, &error);
  usage = !good;
  if (good)
    {
      set_default (&settings->workloads, "bc");
      set_default (&settings->precision, "float32");
      set_default (&settings->python, "python3");
      set_default (&settings->peer_device, settings->smoke ? "cpu" : "cuda");
      report.started = g_date_time_new_now_local ();
      good = measure (&report, &error);
    }
  if (!good)
    g_printerr ("run-bundle: %s\n", error->message);
  clear (&report);
  return good ? 0 : usage ? 2 : 1;
}
