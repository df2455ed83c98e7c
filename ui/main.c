/* main.c: dfkd-workbench: options, translations, the application. */
#include "workbench-application.h"
#include "workbench-run.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

int
main (int argc, char **argv)
{
  const char *domain_folder = g_getenv ("TEXTDOMAINDIR");
  WorkbenchApplication *application;
  char *problem;
  int code;

  if (!dfkd_streams_fill ())
    return EXIT_FAILURE;
  signal (SIGXFSZ, SIG_IGN); /* a full disk is an error like others, which is told, and before which a run saves what it has */
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, domain_folder != NULL ? domain_folder : LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  application = workbench_application_new ();
  code = g_application_run (G_APPLICATION (application), argc, argv);
  g_object_unref (application);
  workbench_run_wait_for_endings (); /* a run that was going on still saves its snapshot */
  while ((problem = workbench_run_take_problem ()) != NULL)
    {
      g_printerr ("dfkd-workbench: %s\n", problem);
      g_free (problem);
    }
  return code;
}
