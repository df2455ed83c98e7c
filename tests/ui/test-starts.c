/* test-starts.c: the program started again beside itself: one process has all windows, and the desktop reaches it by its name.
 *
 * Usage: test-starts PROGRAM */
#include "small-window.h"
#include "workbench-run.h"
#include "workbench-settings.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

static char *program; /* its path */
static WorkbenchApplication *application; /* the process that has the windows */

/* ----------------------------------------------------------------------------------------------------------- other processes */

typedef struct
{
  GSubprocess *process;
  char *errors; /* what it wrote there, once it has ended */
} Start;

static void
on_end (GObject *process, GAsyncResult *result, gpointer data)
{
  Start *start = data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (process), result, NULL, &start->errors, &error);
  g_assert_no_error (error);
}

static gboolean
has_ended (gpointer data)
{
  return ((Start *) data)->errors != NULL;
}

/* Returns: its exit status; @errors: (out) (transfer full) */
static int
start_again (const char *folder, const char *const *arguments, char **errors)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  Start start = { NULL };
  int status;

  g_subprocess_launcher_set_cwd (launcher, folder);
  start.process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (start.process, NULL, NULL, on_end, &start);
  turn_until (has_ended, &start);
  status = g_subprocess_get_exit_status (start.process);
  g_object_unref (start.process);
  *errors = start.errors;
  return status;
}

static guint
count_windows (void)
{
  return g_list_length (gtk_application_get_windows (GTK_APPLICATION (application)));
}

static WorkbenchWindow *
newest (void)
{
  return WORKBENCH_WINDOW (gtk_application_get_windows (GTK_APPLICATION (application))->data);
}

/* ------------------------------------------------------------------------------------------------------------------ starts */

/* a second start opens its window here, with its own options, and files that it names from where it stands */
static void
test_handed_over (void)
{
  g_autofree char *folder = g_dir_make_tmp ("dfkd-starts-XXXXXX", NULL), *file = g_build_filename (folder, "mine.json", NULL);
  g_autofree char *kept = g_build_filename (folder, "kept", NULL), *errors = NULL;
  const char *const arguments[] = { program, "--paused", "--view", "timing", "--recipe", "mine.json", "--set", "k=4", "--run-folder", "kept", NULL };
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autoptr (GError) error = NULL;
  const DfkdRecipe *shown;
  WorkbenchWindow *window;

  g_assert_true (dfkd_recipe_save (recipe, file, &error));
  g_assert_cmpint (start_again (folder, arguments, &errors), ==, 0);
  g_assert_cmpuint (count_windows (), ==, 1);
  window = newest ();
  shown = workbench_document_get_recipe (window->document);
  g_assert_cmpfloat (shown->number[DFKD_PARAMETER_K], ==, 4.0);
  g_assert_cmpfloat (shown->number[DFKD_PARAMETER_NGF], ==, recipe->number[DFKD_PARAMETER_NGF]);
  g_assert_cmpstr (workbench_document_get_folder (window->document), ==, kept);
  g_assert_cmpstr (workbench_pane_get_shown (window->first_pane), ==, "timing");
  end_window (GTK_WIDGET (window));
  dfkd_folder_remove (folder);
}

/* a file as an argument, too */
static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("dfkd-starts-XXXXXX", NULL), *file = g_build_filename (folder, "mine.json", NULL), *errors = NULL;
  const char *const arguments[] = { program, "--paused", "mine.json", NULL };
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autoptr (GError) error = NULL;

  recipe->number[DFKD_PARAMETER_NGF] = 6.0;
  g_assert_true (dfkd_recipe_save (recipe, file, &error));
  g_assert_cmpint (start_again (folder, arguments, &errors), ==, 0);
  g_assert_cmpuint (count_windows (), ==, 1);
  g_assert_cmpfloat (workbench_document_get_recipe (newest ()->document)->number[DFKD_PARAMETER_NGF], ==, 6.0);
  end_window (GTK_WIDGET (newest ()));
  dfkd_folder_remove (folder);
}

/* what is wrong is said where it was typed, and opens nothing */
static void
test_refused (void)
{
  static const char *const wrong[][2] = { { "--set", "kk=4" }, { "--set", "k=many" }, { "--recipe", "Fast-11" }, { "--view", "crystal-ball" } };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *const arguments[] = { program, "--paused", wrong[i][0], wrong[i][1], NULL };
      g_autofree char *errors = NULL;

      g_assert_cmpint (start_again ("/", arguments, &errors), ==, 2);
      g_assert_true (g_str_has_prefix (errors, "dfkd-workbench: "));
      g_assert_nonnull (strstr (errors, i == 1 ? "many" : wrong[i][1]));
      g_assert_cmpuint (count_windows (), ==, 0);
    }
}

static gboolean
has_no_window (gpointer unused)
{
  return count_windows () == 0;
}

/* asked to end from outside, also by the end of its terminal, it closes its windows, of which each leaves a snapshot */
static void
test_signals (void)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *parent = g_dir_make_tmp ("dfkd-starts-XXXXXX", NULL), *folder = g_build_filename (parent, "run", NULL);
      g_autoptr (DfkdRecipe) recipe = small_recipe ();
      WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (ADW_APPLICATION (application), recipe, folder, TRUE));

      TURN_UNTIL (workbench_document_get_status (window->document)->state == DFKD_STATE_PAUSED);
      g_assert_cmpint (kill (getpid (), numbers[i]), ==, 0);
      turn_until (has_no_window, NULL);
      workbench_run_wait_for_endings ();
      g_assert_true (dfkd_run_can_resume (folder));
      dfkd_folder_remove (parent);
    }
}

/* --------------------------------------------------------------------------------------------------------------- the desktop */

/* what takes notices on a GNOME desktop, as far as it is needed here */
static const char INTERFACE[] = "<node><interface name='org.gtk.Notifications'>"
                                "<method name='AddNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/></method>"
                                "<method name='RemoveNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/></method>"
                                "</interface></node>";

typedef struct
{
  char *application, *id, *action;
  GVariant *target;
  gboolean named, answered;
} Desktop;

static void
on_notice (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method, GVariant *parameters,
           GDBusMethodInvocation *invocation, gpointer data)
{
  Desktop *desktop = data;
  g_autoptr (GVariant) notice = NULL;

  if (g_str_equal (method, "AddNotification"))
    {
      g_variant_get (parameters, "(ss@a{sv})", &desktop->application, &desktop->id, &notice);
      g_assert_true (g_variant_lookup (notice, "default-action", "s", &desktop->action));
      desktop->target = g_variant_lookup_value (notice, "default-action-target", NULL);
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static gboolean
is_told (gpointer data)
{
  return ((Desktop *) data)->action != NULL;
}

static void
on_name (GDBusConnection *bus, const char *name, gpointer data)
{
  ((Desktop *) data)->named = TRUE;
}

static gboolean
is_named (gpointer data)
{
  return ((Desktop *) data)->named;
}

static void
on_answer (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);

  g_assert_no_error (error);
  ((Desktop *) data)->answered = TRUE;
}

static gboolean
is_answered (gpointer data)
{
  return ((Desktop *) data)->answered;
}

/* the person clicks: the desktop asks the application, by its name, for the action */
static void
click (Desktop *desktop, GDBusConnection *bus)
{
  g_autoptr (GVariantBuilder) targets = g_variant_builder_new (G_VARIANT_TYPE ("av"));

  g_assert_true (g_str_has_prefix (desktop->action, "app."));
  if (desktop->target != NULL)
    g_variant_builder_add (targets, "v", desktop->target);
  desktop->answered = FALSE;
  g_dbus_connection_call (bus, desktop->application, "/org/dfkd/Workbench", "org.freedesktop.Application", "ActivateAction",
                          g_variant_new ("(sava{sv})", desktop->action + strlen ("app."), targets, NULL), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          on_answer, desktop);
  turn_until (is_answered, desktop);
  turn_for (50);
}

/* the notice at the end of a run shows the window of that run when it is clicked */
static void
test_notice (void)
{
  const GDBusInterfaceVTable table = { .method_call = on_notice };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (INTERFACE, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GDBusConnection) bus
      = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, NULL);
  Desktop desktop = { NULL };
  guint object = g_dbus_connection_register_object (bus, "/org/gtk/Notifications", info->interfaces[0], &table, &desktop, NULL, NULL);
  guint name = g_bus_own_name_on_connection (bus, "org.gtk.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE, on_name, NULL, &desktop, NULL);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (ADW_APPLICATION (application), recipe, NULL, FALSE));
  GtkWidget *other = small_window (ADW_APPLICATION (application), recipe, NULL, TRUE);

  turn_until (is_named, &desktop);
  turn_until (is_finished, window);
  window->started -= 61 * G_USEC_PER_SEC; /* a long run */
  workbench_window_tell_end (window, NULL);
  turn_until (is_told, &desktop);
  g_assert_cmpstr (desktop.application, ==, "org.dfkd.Workbench");

  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  gtk_widget_set_visible (other, FALSE);
  click (&desktop, bus);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  g_assert_false (gtk_widget_get_visible (other));

  /* it is closed by now: what there is shows itself */
  end_window (GTK_WIDGET (window));
  click (&desktop, bus);
  g_assert_true (gtk_widget_get_visible (other));
  g_assert_cmpuint (count_windows (), ==, 1);
  end_window (other);

  g_bus_unown_name (name);
  g_dbus_connection_unregister_object (bus, object);
  g_free (desktop.application);
  g_free (desktop.id);
  g_free (desktop.action);
  g_clear_pointer (&desktop.target, g_variant_unref);
}

int
main (int argc, char **argv)
{
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));
  GTestDBus *bus;
  int code;

  signal (SIGHUP, SIG_DFL); /* whatever the tests run behind */
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = g_canonicalize_filename (argv[1], NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE); /* of its own: on another one the program may be at work */
  g_test_dbus_up (bus);
  g_setenv ("DISPLAY", display, TRUE); /* which was taken away with the bus */
  gtk_init ();
  adw_init ();
  application = workbench_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_assert_false (g_application_get_is_remote (G_APPLICATION (application)));
  g_settings_set_boolean (workbench_settings (), "keep-runs", FALSE);
  g_test_add_func ("/starts/handed over", test_handed_over);
  g_test_add_func ("/starts/file", test_file);
  g_test_add_func ("/starts/refused", test_refused);
  g_test_add_func ("/starts/signals", test_signals);
  g_test_add_func ("/starts/notice", test_notice);
  code = g_test_run ();
  g_dbus_connection_set_exit_on_close (g_application_get_dbus_connection (G_APPLICATION (application)), FALSE);
  g_object_unref (application);
  g_test_dbus_stop (bus); /* the toolkit still holds the connection, for which g_test_dbus_down() would wait */
  g_free (program);
  return code;
}
