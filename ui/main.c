/* main.c: dfkd-workbench: options, translations, the application. */
#include "workbench-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  const char *domain_folder = g_getenv ("TEXTDOMAINDIR");
  g_autoptr (WorkbenchApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, domain_folder != NULL ? domain_folder : LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  application = workbench_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
