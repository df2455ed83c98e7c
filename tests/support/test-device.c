#include "test-device.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  SKIPPED = 77,
};

DfkdDevice *
begin_device_tests (int *argc, char ***argv, const GOptionEntry *more, char **id)
{
  g_autofree char *device_id = NULL;
  const GOptionEntry options[] = { { "device", 0, 0, G_OPTION_ARG_STRING, &device_id, "device to test", "ID" }, { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  DfkdDevice *device;

  setlocale (LC_ALL, "");
  g_test_init (argc, argv, NULL);
  g_option_context_add_main_entries (context, options, NULL);
  if (more != NULL)
    g_option_context_add_main_entries (context, more, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_error ("%s", error->message);
  if (device_id == NULL)
    device_id = g_strdup ("cpu");
  device = dfkd_device_open (device_id, 0, &error);
  if (device == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      exit (SKIPPED);
    }
  if (id != NULL)
    *id = g_steal_pointer (&device_id);
  return device;
}
