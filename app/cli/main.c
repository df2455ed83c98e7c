/* main.c: dfkd, the engine in a terminal: one file a command. */
#include "command.h"
#include "manual.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
  const char *name;
  DfkdCommand run;
  const char *summary;
} commands[] = {
  { "devices", dfkd_command_devices, N_ ("list what can compute") },
  { "train", dfkd_command_train, N_ ("train a network on labelled images") },
  { "distill", dfkd_command_distill, N_ ("distil a teacher into a student without data") },
  { "experiment", dfkd_command_experiment, N_ ("run a table of recipes and seeds") },
  { "runs", dfkd_command_runs, N_ ("list runs, how far they are and what they came to") },
  { "scalars", dfkd_command_scalars, N_ ("write the curves of runs as a table") },
  { "coverage", dfkd_command_coverage, N_ ("tell how far a run's images are like test images") },
  { "evaluate", dfkd_command_evaluate, N_ ("measure the accuracy of a model") },
  { "forward", dfkd_command_forward, N_ ("run images through a model") },
  { "convert", dfkd_command_convert, N_ ("write a model or PyTorch checkpoint as safetensors or ONNX") },
  { "replay", dfkd_command_replay, N_ ("compare a reference case with what this machine computes") },
  { "bench", dfkd_command_bench, N_ ("time each kind of step") },
};

static void
print_help (void)
{
  g_print (_("Usage: dfkd COMMAND [OPTION…]\n\nData-free knowledge distillation in a terminal.\n\nCommands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-10s %s\n", commands[i].name, _(commands[i].summary));
  g_print (_("\n“dfkd COMMAND --help” explains a command; “dfkd --version” prints the version.\n"));
}

/* the page is in English, whatever the terminal speaks */
static int
print_manual (void)
{
  DfkdManualCommand all[G_N_ELEMENTS (commands)];

  setlocale (LC_ALL, "C");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    all[i] = (DfkdManualCommand){ commands[i].name, commands[i].summary, commands[i].run };
  dfkd_manual_print (all, G_N_ELEMENTS (all));
  return DFKD_EXIT_DONE;
}

/* A full disk and a reader that has gone are errors like others, which are told, and before which a run saves what it has. */
static void
ignore_signals (void)
{
  signal (SIGXFSZ, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
}

static int
run (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "help") && g_str_equal (argv[2], "--man"))
    return print_manual ();
  if (argc == 3 && g_str_equal (argv[1], "help"))
    return run (argc, (char *[]){ argv[0], argv[2], "--help", NULL });
  if (argc < 2 || g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help"))
    {
      print_help ();
      return argc < 2 ? DFKD_EXIT_USAGE : DFKD_EXIT_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("dfkd %s\n", DFKD_VERSION);
      return DFKD_EXIT_DONE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      return commands[i].run (argc - 1, argv + 1);
  g_printerr (_("dfkd: there is no command “%s”; “dfkd --help” lists them\n"), argv[1]);
  return DFKD_EXIT_USAGE;
}

/* whoever reads from a pipe may leave when there is enough, as head does */
static gboolean
has_reader (void)
{
  struct pollfd output = { STDOUT_FILENO, POLLOUT, 0 };

  return poll (&output, 1, 0) <= 0 || (output.revents & POLLERR) == 0;
}

/* What was printed may be the result of hours: when it did not arrive, nobody is to go on as if it had. */
static int
close_output (int code)
{
  static gboolean closed;
  gboolean lost = fflush (stdout) != 0;

  lost = ferror (stdout) || lost;
  if (!lost || closed)
    return code;
  closed = TRUE;
  if (has_reader ())
    g_printerr (_("%s: the output could not be written and is incomplete; free some space, or send it elsewhere\n"), g_get_prgname ());
  return code == DFKD_EXIT_DONE ? DFKD_EXIT_FAILED : code;
}

/* GLib ends the program itself behind the help of a command */
static void
close_help (void)
{
  if (close_output (DFKD_EXIT_DONE) != DFKD_EXIT_DONE)
    _exit (DFKD_EXIT_FAILED);
}

int
main (int argc, char **argv)
{
  const char *domain_folder = g_getenv ("TEXTDOMAINDIR");

  if (!dfkd_streams_fill ())
    return DFKD_EXIT_FAILED;
  ignore_signals ();
  atexit (close_help);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, domain_folder != NULL ? domain_folder : LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("dfkd");
  return close_output (run (argc, argv));
}
