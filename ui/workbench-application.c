/* workbench-application.c: one process, one window a start. */
#include "workbench-application.h"

#include "workbench-benchmark.h"
#include "workbench-preferences.h"
#include "workbench-renderer.h"
#include "workbench-screenshots.h"
#include "workbench-settings.h"
#include "workbench-window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

enum {
  BENCHMARK_ROUNDS = 15,
};

struct _WorkbenchApplication
{
  AdwApplication parent_instance;

  char *device, *recipe, *folder, *view, *screenshots, *experiment;
  int threads;
  gboolean paused, benchmark;
  char **settings; /* NAME=VALUE */
  char **compared; /* run folders */
};

G_DEFINE_FINAL_TYPE (WorkbenchApplication, workbench_application, ADW_TYPE_APPLICATION)

static DfkdRecipe *
read_recipe (WorkbenchApplication *self, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = self->recipe != NULL ? dfkd_built_in_or_file (self->recipe, error) : dfkd_recipe_new ();

  if (recipe == NULL)
    return NULL;
  for (guint i = 0; self->settings != NULL && self->settings[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (self->settings[i], "=", 2);
      DfkdParameterId id;

      if (parts[0] == NULL || parts[1] == NULL || !dfkd_parameter_find (parts[0], &id))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--set %s: expected the name of a parameter, = and a value"), self->settings[i]);
          return NULL;
        }
      if (!dfkd_recipe_set (recipe, id, parts[1], error))
        return NULL;
    }
  return dfkd_recipe_check (recipe, error) ? g_steal_pointer (&recipe) : NULL;
}

/* the whole of the program with --benchmark-ui */
static void
run_benchmark (WorkbenchApplication *self, const DfkdRecipe *recipe, const DfkdSessionOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) costs
      = workbench_benchmark_run (ADW_APPLICATION (self), recipe, options, self->view, BENCHMARK_ROUNDS, &error);
  g_autofree char *table = costs != NULL ? workbench_benchmark_table (costs) : NULL;

  if (table != NULL)
    g_print ("%s", table);
  else
    g_printerr ("dfkd-workbench: %s\n", error->message);
}

static void
show_alone (WorkbenchWindow *window, const char *view)
{
  if (workbench_window_show_view (window, view))
    {
      g_action_group_change_action_state (G_ACTION_GROUP (window), "side-by-side", g_variant_new_boolean (FALSE));
      return;
    }
  g_printerr (_("dfkd-workbench: there is no view %s; there are:"), view);
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    g_printerr (" %s", workbench_view_kinds[i].name);
  g_printerr ("\n");
}

/* @looks: what is wanted is shown in it afterwards: its own run waits, and leaves nothing. Returns: (nullable): NULL after a benchmark */
static WorkbenchWindow *
open_window (WorkbenchApplication *self, gboolean looks)
{
  g_autofree char *folder = NULL;
  DfkdSessionOptions options = { .device = self->device, .threads = (guint) MAX (self->threads, 0), .folder = self->folder,
                                 .paused = self->paused || looks };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdRecipe) recipe = read_recipe (self, &error);
  WorkbenchWindow *window;

  if (recipe == NULL)
    {
      g_printerr ("dfkd-workbench: %s\n", error->message);
      recipe = dfkd_recipe_new ();
    }
  if (self->benchmark)
    {
      run_benchmark (self, recipe, &options);
      return NULL;
    }
  if (self->folder == NULL && !looks)
    options.folder = folder = workbench_settings_new_run_folder (recipe);
  window = workbench_window_new (ADW_APPLICATION (self), recipe, &options);
  workbench_window_set_keeps (window, TRUE);
  /* what the command line asks for is no choice to come back to */
  if (self->screenshots != NULL)
    workbench_window_forget (window, FALSE);
  else if (self->view != NULL || self->compared != NULL)
    workbench_window_forget (window, TRUE);
  if (self->view != NULL)
    show_alone (window, self->view);
  for (guint i = 0; self->compared != NULL && self->compared[i] != NULL; i++)
    workbench_window_compare (window, self->compared[i]);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
workbench_application_activate (GApplication *application)
{
  WorkbenchApplication *self = WORKBENCH_APPLICATION (application);
  WorkbenchWindow *window = open_window (self, self->experiment != NULL);
  g_autoptr (GError) problem = NULL;

  if (window != NULL && self->experiment != NULL)
    workbench_window_open_experiment (window, self->experiment);
  if (window == NULL || self->screenshots == NULL)
    return;
  g_action_group_change_action_state (G_ACTION_GROUP (window), "side-by-side", g_variant_new_boolean (FALSE));
  if (!workbench_screenshots_take (window, self->view, self->screenshots, &problem))
    g_printerr ("dfkd-workbench: %s\n", problem->message);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* files on the command line, or that a file manager opens: as if they were dropped onto the window */
static void
workbench_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  WorkbenchApplication *self = WORKBENCH_APPLICATION (application);
  WorkbenchWindow *window = open_window (self, TRUE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]), *uri = g_file_get_uri (files[i]);

      g_strv_builder_add (builder, path != NULL ? path : uri);
    }
  paths = g_strv_builder_end (builder);
  if (window != NULL)
    workbench_window_open_named (window, (const char *const *) paths, self->paused);
}

static int
workbench_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("dfkd-workbench %s\n", DFKD_VERSION);
  return 0;
}

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (workbench_preferences_new (gtk_application_get_active_window (GTK_APPLICATION (data)))));
}

static void
on_present (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (gtk_application_get_active_window (GTK_APPLICATION (data)));
}

static void
on_reduced_motion (GSettings *settings, const char *key, gpointer data)
{
  GtkSettings *toolkit = gtk_settings_get_default ();

  if (g_settings_get_boolean (settings, "reduced-motion"))
    g_object_set (toolkit, "gtk-enable-animations", FALSE, NULL);
  else
    gtk_settings_reset_property (toolkit, "gtk-enable-animations");
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (data));

  adw_show_about_window (window, "application-name", _("DFKD Workbench"), "application-icon", "org.dfkd.Workbench", "version", DFKD_VERSION,
                         "developer-name", _("The DFKD Workbench authors"), "license-type", GTK_LICENSE_MIT_X11, "comments",
                         _("Watch, steer and understand data-free knowledge distillation"), NULL);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (data)));

  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
  g_list_free (windows);
}

/* asked to end from outside: without questions, and runs leave a snapshot */
static gboolean
on_signal (gpointer data)
{
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (data))) != NULL)
    gtk_window_destroy (windows->data);
  return G_SOURCE_CONTINUE;
}

static void
workbench_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = { { .name = "about", .activate = on_about }, { .name = "preferences", .activate = on_preferences },
                                          { .name = "present", .activate = on_present }, { .name = "quit", .activate = on_quit } };
  static const struct {
    const char *action;
    const char *keys[3];
  } shortcuts[] = { { "win.run", { "<Control>space" } }, { "win.restart", { "<Control>r" } }, { "win.side-by-side", { "F3" } },
                    { "win.controls", { "F9" } },        { "app.quit", { "<Control>q" } },
                    { "win.runs", { "<Control>l" } },    { "win.open", { "<Control>o" } },    { "win.open-experiment", { "<Control>e" } },    { "win.save-recipe", { "<Control><Shift>s" } },
                    { "app.preferences", { "<Control>comma" } } };
  g_autoptr (GtkCssProvider) styles = gtk_css_provider_new ();

  G_APPLICATION_CLASS (workbench_application_parent_class)->startup (application);
  workbench_renderer_choose (gdk_display_get_default ());
  g_unix_signal_add (SIGINT, on_signal, application);
  g_unix_signal_add (SIGTERM, on_signal, application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), shortcuts[i].action, shortcuts[i].keys);
  g_signal_connect_object (workbench_settings (), "changed::reduced-motion", G_CALLBACK (on_reduced_motion), application, 0);
  if (g_settings_get_boolean (workbench_settings (), "reduced-motion"))
    on_reduced_motion (workbench_settings (), NULL, NULL);
  gtk_css_provider_load_from_resource (styles, "/org/dfkd/Workbench/ui/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (styles), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
workbench_application_finalize (GObject *object)
{
  WorkbenchApplication *self = WORKBENCH_APPLICATION (object);

  g_free (self->device);
  g_free (self->recipe);
  g_free (self->folder);
  g_free (self->view);
  g_free (self->screenshots);
  g_free (self->experiment);
  g_strfreev (self->settings);
  g_strfreev (self->compared);
  G_OBJECT_CLASS (workbench_application_parent_class)->finalize (object);
}

static void
workbench_application_class_init (WorkbenchApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_application_finalize;
  application_class->activate = workbench_application_activate;
  application_class->open = workbench_application_open;
  application_class->startup = workbench_application_startup;
  application_class->handle_local_options = workbench_application_handle_local_options;
}

static void
workbench_application_init (WorkbenchApplication *self)
{
  const GOptionEntry entries[] = {
    { "device", 0, 0, G_OPTION_ARG_STRING, &self->device, N_ ("Where to compute: auto, cpu, vulkan or vulkan:N"), "ID" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &self->threads, N_ ("Threads on the CPU; 0 for all"), "N" },
    { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &self->recipe, N_ ("Recipe to start with: a file, or the name of a built-in one"), "RECIPE" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->settings, N_ ("Set a parameter of the recipe; may be given again"), "NAME=VALUE" },
    { "run-folder", 0, 0, G_OPTION_ARG_FILENAME, &self->folder, N_ ("Folder to make for this run"), "DIR" },
    { "paused", 0, 0, G_OPTION_ARG_NONE, &self->paused, N_ ("Do not start running at once"), NULL },
    { "compare", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->compared, N_ ("Draw the curves of a run folder beside; may be given again"), "DIR" },
    { "experiment", 0, 0, G_OPTION_ARG_FILENAME, &self->experiment, N_ ("Open an experiment, or the folder of its runs; the first run waits"), "FILE" },
    { "screenshots", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &self->screenshots, N_ ("Write pictures of all views to a folder, or of --view alone"), "DIR" },
    { "benchmark-ui", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &self->benchmark, N_ ("Measure what the window costs"), NULL },
    { "view", 0, 0, G_OPTION_ARG_STRING, &self->view, N_ ("View to show alone: gallery, curves, timing …"), "NAME" },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE…]"));
}

WorkbenchApplication *
workbench_application_new (void)
{
  return g_object_new (WORKBENCH_TYPE_APPLICATION, "application-id", "org.dfkd.Workbench", "flags", G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/dfkd/Workbench", NULL);
}
