/* workbench-application.c: one process for all windows, one window a start.
 *
 * A start beside a running one hands its command line over, so that whoever the desktop asks for by name, by a notice that was
 * clicked for instance, is the process that has the window. */
#include "workbench-application.h"

#include "workbench-benchmark.h"
#include "workbench-preferences.h"
#include "workbench-renderer.h"
#include "workbench-screenshots.h"
#include "workbench-settings.h"
#include "workbench-start.h"
#include "workbench-window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

enum {
  BENCHMARK_ROUNDS = 15,
};

struct _WorkbenchApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (WorkbenchApplication, workbench_application, ADW_TYPE_APPLICATION)

static DfkdRecipe *
read_recipe (const WorkbenchStartOptions *start, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = start->recipe != NULL ? dfkd_built_in_or_file (start->recipe, error) : dfkd_recipe_new ();

  if (recipe == NULL)
    return NULL;
  for (guint i = 0; start->settings != NULL && start->settings[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (start->settings[i], "=", 2);
      DfkdParameterId id;

      if (parts[0] == NULL || parts[1] == NULL || !dfkd_parameter_find (parts[0], &id))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--set %s: expected the name of a parameter, = and a value"), start->settings[i]);
          return NULL;
        }
      if (!dfkd_recipe_set (recipe, id, parts[1], error))
        return NULL;
    }
  return dfkd_recipe_check (recipe, error) ? g_steal_pointer (&recipe) : NULL;
}

/* the whole of the program with --benchmark-ui */
static gboolean
run_benchmark (WorkbenchApplication *self, const WorkbenchStartOptions *start, GError **error)
{
  DfkdSessionOptions options = { .device = start->device, .threads = (guint) MAX (start->threads, 0) };
  g_autoptr (DfkdRecipe) recipe = read_recipe (start, error);
  g_autoptr (GArray) costs = recipe != NULL ? workbench_benchmark_run (ADW_APPLICATION (self), recipe, &options, start->view, BENCHMARK_ROUNDS, error)
                                            : NULL;
  g_autofree char *table = costs != NULL ? workbench_benchmark_table (costs) : NULL;

  if (table == NULL)
    return FALSE;
  g_print ("%s", table);
  return TRUE;
}

static gboolean
check_view (const char *view, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < workbench_n_view_kinds; i++)
    {
      if (g_str_equal (workbench_view_kinds[i].name, view))
        return TRUE;
      g_string_append_printf (names, " %s", workbench_view_kinds[i].name);
    }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--view %s: there is no such view; there are:%s"), view, names->str);
  return FALSE;
}

/* @looks: what is wanted is shown in it afterwards: its own run waits, and leaves nothing. Returns: (nullable) (transfer none) */
static WorkbenchWindow *
open_window (WorkbenchApplication *self, const WorkbenchStartOptions *start, gboolean looks, GError **error)
{
  g_autofree char *folder = NULL;
  DfkdSessionOptions options = { .device = start->device, .threads = (guint) MAX (start->threads, 0), .folder = start->folder,
                                 .paused = start->paused || looks };
  g_autoptr (DfkdRecipe) recipe = read_recipe (start, error);
  WorkbenchWindow *window;

  if (recipe == NULL)
    return NULL;
  if (start->folder == NULL && !looks)
    options.folder = folder = workbench_settings_new_run_folder (recipe);
  window = workbench_window_new (ADW_APPLICATION (self), recipe, &options);
  workbench_window_set_keeps (window, TRUE);
  /* what the command line asks for is no choice to come back to */
  if (start->screenshots != NULL)
    workbench_window_forget (window, FALSE);
  else if (start->view != NULL || start->compared != NULL)
    workbench_window_forget (window, TRUE);
  for (guint i = 0; start->compared != NULL && start->compared[i] != NULL; i++)
    workbench_window_compare (window, start->compared[i]); /* shows the curves */
  if (start->view != NULL)
    {
      workbench_window_show_view (window, start->view);
      if (start->compared != NULL)
        workbench_view_show_comparison (workbench_window_get_view (window));
      g_action_group_change_action_state (G_ACTION_GROUP (window), "side-by-side", g_variant_new_boolean (FALSE));
    }
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* the whole of the program with --screenshots */
static gboolean
take_screenshots (WorkbenchWindow *window, const WorkbenchStartOptions *start, GError **error)
{
  gboolean taken;

  g_action_group_change_action_state (G_ACTION_GROUP (window), "side-by-side", g_variant_new_boolean (FALSE));
  taken = workbench_screenshots_take (window, start->view, start->screenshots, error);
  gtk_window_destroy (GTK_WINDOW (window));
  return taken;
}

/* @paths: (array zero-terminated=1): files to open in the window, as if they were dropped onto it */
static gboolean
start_window (WorkbenchApplication *self, const WorkbenchStartOptions *start, const char *const *paths, GError **error)
{
  gboolean named = paths[0] != NULL;
  WorkbenchWindow *window = open_window (self, start, named || start->experiment != NULL, error);

  if (window == NULL)
    return FALSE;
  if (start->experiment != NULL)
    workbench_window_open_experiment (window, start->experiment);
  if (named || start->experiment != NULL) /* none but the first run waits */
    workbench_window_open_named (window, paths, start->paused);
  return start->screenshots == NULL || take_screenshots (window, start, error);
}

/* --------------------------------------------------------------------------------------------------- how it is started */

static void
add_file (GStrvBuilder *names, GFile *file)
{
  g_autofree char *path = g_file_get_path (file), *uri = g_file_get_uri (file);

  g_strv_builder_add (names, path != NULL ? path : uri);
}

/* as without options; what goes wrong nobody waits to hear */
static void
start_plainly (GApplication *application, const char *const *paths)
{
  const WorkbenchStartOptions start = { NULL };
  g_autoptr (GError) error = NULL;

  if (!start_window (WORKBENCH_APPLICATION (application), &start, paths, &error))
    g_printerr ("dfkd-workbench: %s\n", error->message);
}

static int
workbench_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  WorkbenchApplication *self = WORKBENCH_APPLICATION (application);
  g_autoptr (WorkbenchStartOptions) start = workbench_start_read (g_application_command_line_get_options_dict (line));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (line, NULL), paths = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 1; arguments[0] != NULL && arguments[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (line, arguments[i]);

      add_file (builder, file);
    }
  paths = g_strv_builder_end (builder);
  if ((start->view == NULL || check_view (start->view, &error))
      && (start->benchmark ? run_benchmark (self, start, &error) : start_window (self, start, (const char *const *) paths, &error)))
    return 0;
  g_application_command_line_printerr (line, "dfkd-workbench: %s\n", error->message);
  return 2;
}

/* files that a file manager opens by the application's name on the bus */
static void
workbench_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  for (int i = 0; i < n_files; i++)
    add_file (builder, files[i]);
  paths = g_strv_builder_end (builder);
  start_plainly (application, (const char *const *) paths);
}

/* asked for by its name on the bus: shows itself */
static void
workbench_application_activate (GApplication *application)
{
  const char *const none[] = { NULL };
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window != NULL)
    gtk_window_present (window);
  else
    start_plainly (application, none);
}

/* in the process that was started: it may hand @options over to one that runs already */
static int
workbench_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("dfkd-workbench %s\n", DFKD_VERSION);
      return 0;
    }
  if (g_variant_dict_contains (options, "benchmark-ui") || g_variant_dict_contains (options, "screenshots"))
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  workbench_start_make_absolute (options);
  return -1;
}

/* ------------------------------------------------------------------------------------------------------------ actions */

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (workbench_preferences_new (gtk_application_get_active_window (GTK_APPLICATION (data)))));
}

/* @parameter: the window's number; where it is closed by now, another one shows itself */
static void
on_present (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_window_by_id (GTK_APPLICATION (data), g_variant_get_uint32 (parameter));

  if (window != NULL)
    gtk_window_present (window);
  else
    g_application_activate (G_APPLICATION (data));
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

/* without questions; runs leave a snapshot */
static void
destroy_windows (GApplication *application)
{
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (application))) != NULL)
    gtk_window_destroy (windows->data);
}

/* asked to end from outside */
static gboolean
on_signal (gpointer data)
{
  destroy_windows (data);
  return G_SOURCE_CONTINUE;
}

/* the end of the terminal that it was started in, too, but behind nohup */
static void
watch_signals (gpointer application)
{
  struct sigaction before;

  g_unix_signal_add (SIGINT, on_signal, application);
  g_unix_signal_add (SIGTERM, on_signal, application);
  if (sigaction (SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
    g_unix_signal_add (SIGHUP, on_signal, application);
}

/* a window that were left would leave its run: the trainer would still compute while the program ends */
static void
workbench_application_shutdown (GApplication *application)
{
  destroy_windows (application);
  G_APPLICATION_CLASS (workbench_application_parent_class)->shutdown (application);
}

static void
workbench_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = { { .name = "about", .activate = on_about }, { .name = "preferences", .activate = on_preferences },
                                          { .name = "present", .activate = on_present, .parameter_type = "u" }, { .name = "quit", .activate = on_quit } };
  static const struct {
    const char *action;
    const char *keys[3];
  } shortcuts[] = { { "win.run", { "<Control>space" } }, { "win.restart", { "<Control>r" } }, { "win.side-by-side", { "F3" } },
                    { "win.controls", { "F9" } },        { "app.quit", { "<Control>q" } },         { "window.close", { "<Control>w" } },
                    { "win.runs", { "<Control>l" } },    { "win.open", { "<Control>o" } },    { "win.open-experiment", { "<Control>e" } },    { "win.new-experiment", { "<Control><Shift>e" } },    { "win.save-recipe", { "<Control><Shift>s" } },
                    { "win.branch", { "<Control>b" } },    { "win.first-steps", { "F1" } },
                    { "app.preferences", { "<Control>comma" } } };
  g_autoptr (GtkCssProvider) styles = gtk_css_provider_new ();

  G_APPLICATION_CLASS (workbench_application_parent_class)->startup (application);
  workbench_renderer_choose (gdk_display_get_default ());
  watch_signals (application);
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
workbench_application_class_init (WorkbenchApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = workbench_application_activate;
  application_class->command_line = workbench_application_command_line;
  application_class->open = workbench_application_open;
  application_class->startup = workbench_application_startup;
  application_class->shutdown = workbench_application_shutdown;
  application_class->handle_local_options = workbench_application_handle_local_options;
}

static void
workbench_application_init (WorkbenchApplication *self)
{
  workbench_start_add_options (G_APPLICATION (self));
}

WorkbenchApplication *
workbench_application_new (void)
{
  return g_object_new (WORKBENCH_TYPE_APPLICATION, "application-id", "org.dfkd.Workbench", "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/dfkd/Workbench", NULL);
}
