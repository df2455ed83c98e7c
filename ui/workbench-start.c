/* workbench-start.c: options travel to the one process of the application as a dictionary, files by their whole paths. */
#include "workbench-start.h"

#include <glib/gi18n.h>
#include <string.h>

static const GOptionEntry entries[] = {
  { "device", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Where to compute: auto, cpu, vulkan or vulkan:N"), "ID" },
  { "threads", 0, 0, G_OPTION_ARG_INT, NULL, N_ ("Threads on the CPU; 0 for all"), "N" },
  { "recipe", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Recipe to start with: a file, or the name of a built-in one"), "RECIPE" },
  { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, N_ ("Set a parameter of the recipe; may be given again"), "NAME=VALUE" },
  { "run-folder", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Folder to make for this run"), "DIR" },
  { "paused", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Do not start running at once"), NULL },
  { "compare", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, N_ ("Show the run of a folder beside; may be given again"), "DIR" },
  { "experiment", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Open an experiment, or the folder of its runs; the first run waits"), "FILE" },
  { "screenshots", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL, N_ ("Write pictures of all views to a folder, or of --view alone"), "DIR" },
  { "benchmark-ui", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, N_ ("Measure what the window costs"), NULL },
  { "view", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("View to show alone: gallery, curves, timing …"), "NAME" },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
  { NULL },
};

void
workbench_start_add_options (GApplication *application)
{
  g_application_add_main_option_entries (application, entries);
  g_application_set_option_context_parameter_string (application, _("[FILE…]"));
}

/* --------------------------------------------------------------------------------------------------------- paths */

/* @always: also what is not there yet; else @name may be something else's name */
static char *
absolute (const char *name, gboolean always)
{
  return always || g_file_test (name, G_FILE_TEST_EXISTS) ? g_canonicalize_filename (name, NULL) : g_strdup (name);
}

static void
make_one_absolute (GVariantDict *options, const char *option, gboolean always)
{
  const char *name;
  g_autofree char *path = NULL;

  if (!g_variant_dict_lookup (options, option, "^&ay", &name))
    return;
  path = absolute (name, always);
  g_variant_dict_insert (options, option, "^ay", path);
}

static void
make_compared_absolute (GVariantDict *options)
{
  g_auto (GStrv) names = NULL;

  if (!g_variant_dict_lookup (options, "compare", "^aay", &names))
    return;
  for (guint i = 0; names[i] != NULL; i++)
    {
      char *path = absolute (names[i], TRUE);

      g_free (names[i]);
      names[i] = path;
    }
  g_variant_dict_insert_value (options, "compare", g_variant_new_bytestring_array ((const char *const *) names, -1));
}

/* teacher=FILE, data=FOLDER: no other value is likely to be the name of a file that exists */
static void
make_settings_absolute (GVariantDict *options)
{
  g_auto (GStrv) settings = NULL;

  if (!g_variant_dict_lookup (options, "set", "^as", &settings))
    return;
  for (guint i = 0; settings[i] != NULL; i++)
    {
      const char *value = strchr (settings[i], '=');
      g_autofree char *path = value != NULL ? absolute (value + 1, FALSE) : NULL;
      char *setting;

      if (value == NULL || value[1] == '\0')
        continue;
      setting = g_strdup_printf ("%.*s=%s", (int) (value - settings[i]), settings[i], path);
      g_free (settings[i]);
      settings[i] = setting;
    }
  g_variant_dict_insert_value (options, "set", g_variant_new_strv ((const char *const *) settings, -1));
}

void
workbench_start_make_absolute (GVariantDict *options)
{
  make_one_absolute (options, "recipe", FALSE);
  make_one_absolute (options, "run-folder", TRUE);
  make_one_absolute (options, "experiment", TRUE);
  make_one_absolute (options, "screenshots", TRUE);
  make_compared_absolute (options);
  make_settings_absolute (options);
}

/* ------------------------------------------------------------------------------------------------------- reading */

WorkbenchStartOptions *
workbench_start_read (GVariantDict *options)
{
  WorkbenchStartOptions *self = g_new0 (WorkbenchStartOptions, 1);

  g_variant_dict_lookup (options, "device", "s", &self->device);
  g_variant_dict_lookup (options, "threads", "i", &self->threads);
  g_variant_dict_lookup (options, "recipe", "^ay", &self->recipe);
  g_variant_dict_lookup (options, "set", "^as", &self->settings);
  g_variant_dict_lookup (options, "run-folder", "^ay", &self->folder);
  g_variant_dict_lookup (options, "paused", "b", &self->paused);
  g_variant_dict_lookup (options, "compare", "^aay", &self->compared);
  g_variant_dict_lookup (options, "experiment", "^ay", &self->experiment);
  g_variant_dict_lookup (options, "screenshots", "^ay", &self->screenshots);
  g_variant_dict_lookup (options, "benchmark-ui", "b", &self->benchmark);
  g_variant_dict_lookup (options, "view", "s", &self->view);
  return self;
}

void
workbench_start_free (WorkbenchStartOptions *self)
{
  if (self == NULL)
    return;
  g_free (self->device);
  g_free (self->recipe);
  g_free (self->folder);
  g_free (self->view);
  g_free (self->screenshots);
  g_free (self->experiment);
  g_strfreev (self->settings);
  g_strfreev (self->compared);
  g_free (self);
}
