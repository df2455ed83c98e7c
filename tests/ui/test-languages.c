/* test-languages.c: the window in both languages, at the text sizes that people set: it speaks the language it is started in, fits a screen
 * of 1024×700 with every window that it opens, and nothing in them lies over something else.
 *
 * Each start is a process of its own: this program again, in another environment. */
#include "small-runs.h"
#include "small-window.h"
#include "workbench-experiment-window.h"
#include "workbench-first-steps.h"
#include "workbench-preferences.h"
#include "workbench-runs-window.h"
#include "workbench-settings.h"
#include "workbench-teacher-dialog.h"
#include "workbench-window-private.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

static const char PACKAGE[] = "dfkd-workbench";

enum {
  WIDTH = 1024,
  HEIGHT = 700,
};

/* ----------------------------------------------------------------------------------------------------- one start */

static void
describe (GtkWidget *widget, GString *text)
{
  g_string_append_printf (text, "%s", G_OBJECT_TYPE_NAME (widget));
  if (get_text (widget) != NULL)
    g_string_append_printf (text, " \"%s\"", get_text (widget));
  else if (gtk_widget_get_name (widget) != NULL && !g_str_equal (gtk_widget_get_name (widget), G_OBJECT_TYPE_NAME (widget)))
    g_string_append_printf (text, " %s", gtk_widget_get_name (widget));
}

static gboolean
overlap (const graphene_rect_t *a, const graphene_rect_t *b)
{
  graphene_rect_t both;

  return graphene_rect_intersection (a, b, &both) && both.size.width > 1.0f && both.size.height > 1.0f;
}

/* of what containers put beside one another, no two lie on the same place; returns how many were looked at */
static guint
check_places (GtkWidget *widget, const char *view)
{
  gboolean beside = GTK_IS_BOX (widget) || GTK_IS_GRID (widget) || GTK_IS_CENTER_BOX (widget) || GTK_IS_FLOW_BOX (widget);
  guint count = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t mine, other;

      if (!gtk_widget_get_mapped (child))
        continue;
      count += 1 + check_places (child, view);
      if (!beside || !gtk_widget_compute_bounds (child, widget, &mine))
        continue;
      for (GtkWidget *next = gtk_widget_get_next_sibling (child); next != NULL; next = gtk_widget_get_next_sibling (next))
        if (gtk_widget_get_mapped (next) && gtk_widget_compute_bounds (next, widget, &other) && overlap (&mine, &other))
          {
            g_autoptr (GString) text = g_string_new (NULL);

            describe (child, text);
            g_string_append (text, " lies over ");
            describe (next, text);
            g_error ("%s: %s", view, text->str);
          }
    }
  return count;
}

static void
check_size (GtkWidget *window, const char *view)
{
  int width, height;

  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, WIDTH, &height, NULL, NULL, NULL);
  if (width > WIDTH || height > HEIGHT)
    g_error ("%s: the window takes %d×%d at least, and has %d×%d", view, width, height, WIDTH, HEIGHT);
}

/* a line for each label that can be seen */
static void
print_labels (GtkWidget *widget)
{
  if (get_text (widget) != NULL && gtk_widget_get_mapped (widget))
    {
      g_autofree char *text = g_strdelimit (g_strdup (get_text (widget)), "\n", ' ');

      g_print ("%s\n", text);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    print_labels (child);
}

static gboolean
is_prepared (gpointer window)
{
  return workbench_document_get_status (WORKBENCH_WINDOW (window)->document)->state == DFKD_STATE_PAUSED;
}

static gboolean
has_images (gpointer window)
{
  return workbench_document_get_status (WORKBENCH_WINDOW (window)->document)->images > 0 && is_prepared (window);
}

/* those of the dials stand there in full */
static void
check_names (WorkbenchWindow *window)
{
  const gboolean revealed = adw_flap_get_reveal_flap (window->split);
  guint seen = 0;

  adw_flap_set_reveal_flap (window->split, TRUE); /* where it has no room it lies over the views */
  turn_for (400);
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      WorkbenchParameterRow *row = find_row (GTK_WIDGET (window), id);
      GtkWidget *name = row != NULL && gtk_widget_get_mapped (GTK_WIDGET (row)) ? find_nth (GTK_WIDGET (row), GTK_TYPE_LABEL, 1) : NULL;

      if (name != NULL && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (name))))
        g_error ("“%s” is cut off", get_text (name));
      seen += name != NULL;
    }
  g_assert_cmpuint (seen, >, 20);
  adw_flap_set_reveal_flap (window->split, revealed);
}

/* a window beside the main one, which is closed again */
static void
check_window (GtkWidget *window, const char *name)
{
  gtk_window_present (GTK_WINDOW (window));
  turn_for (700);
  check_size (window, name);
  g_assert_cmpint (gtk_widget_get_width (window), <=, WIDTH);
  g_assert_cmpint (gtk_widget_get_height (window), <=, HEIGHT);
  g_assert_cmpuint (check_places (window, name), >, 10);
  print_labels (window);
  gtk_window_destroy (GTK_WINDOW (window));
  turn_for (50);
}

static void
check_windows (GtkWidget *parent)
{
  static const char json[] = "{\"name\": \"Rates\", \"description\": \"which rate\", \"seeds\": [0, 1], \"runs\": ["
                             "{\"name\": \"a\", \"parameters\": {\"lr_g\": 0.01, \"k\": 2}}, {\"name\": \"b\", \"parameters\": {\"lr_g\": 0.001, \"k\": 5}}]}";
  g_autofree char *folder = new_folder ("a run with a name that is rather long"), *runs = g_path_get_dirname (folder);
  g_autofree char *student = run_through ("a run with a name that is rather long", 7), *path = g_build_filename (runs, "rates.json", NULL);
  g_autoptr (DfkdModel) model = dfkd_teacher_load ("", NULL);

  check_window (GTK_WIDGET (workbench_runs_window_new (GTK_WINDOW (parent), runs)), "runs");
  check_window (GTK_WIDGET (workbench_preferences_new (GTK_WINDOW (parent))), "preferences");
  check_window (GTK_WIDGET (workbench_first_steps_new (GTK_WINDOW (parent))), "first steps");
  check_window (workbench_teacher_dialog_new (GTK_WINDOW (parent), "/somewhere/teacher.pth", model), "teacher");
  g_assert_true (g_file_set_contents (path, json, -1, NULL));
  check_window (GTK_WIDGET (workbench_experiment_window_new (GTK_WINDOW (parent), path, "cpu", 0)), "experiment");
}

/* @scale: of all text */
static int
show_once (const char *scale)
{
  g_autoptr (WorkbenchApplication) application = NULL; /* with the program's style sheet */
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window;
  GdkSurface *surface;

  setlocale (LC_ALL, "");
  bindtextdomain (PACKAGE, g_getenv ("TEXTDOMAINDIR"));
  bind_textdomain_codeset (PACKAGE, "UTF-8");
  textdomain (PACKAGE);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int) (96.0 * 1024.0 * g_ascii_strtod (scale, NULL)), NULL);
  g_settings_set_int (workbench_settings (), "window-width", WIDTH);
  g_settings_set_int (workbench_settings (), "window-height", HEIGHT);
  application = own_application ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  window = WORKBENCH_WINDOW (small_window (ADW_APPLICATION (application), recipe, NULL, TRUE));
  surface = gtk_native_get_surface (GTK_NATIVE (window));
  turn_until (is_prepared, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.step", "s", "synthesis");
  turn_until (has_images, window);
  check_names (window);
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    {
      const char *view = workbench_view_kinds[i].name;

      workbench_pane_show (window->first_pane, view);
      turn_for (250);
      check_size (GTK_WIDGET (window), view);
      g_assert_cmpint (gdk_surface_get_width (surface), ==, WIDTH);
      g_assert_cmpint (gdk_surface_get_height (surface), ==, HEIGHT);
      g_assert_cmpuint (check_places (GTK_WIDGET (window), view), >, 50);
      print_labels (GTK_WIDGET (window));
    }
  begin_small_runs ();
  check_windows (GTK_WIDGET (window));
  end_small_runs ();
  end_window (GTK_WIDGET (window));
  return 0;
}

/* ----------------------------------------------------------------------------------------------------- all of them */

static const char *self;

/* Returns: (transfer full): every label that it showed */
static char *
start_in (const char *language, const char *scale)
{
  char *arguments[] = { (char *) self, (char *) "--once", (char *) scale, NULL };
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LANGUAGE", language, TRUE);
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status;

  environment = g_environ_setenv (environment, "LANG", "C.UTF-8", TRUE);
  environment = g_environ_unsetenv (environment, "LC_ALL");
  g_spawn_sync (NULL, arguments, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("in %s at %s: %s; above it says why", language, scale, error->message);
  return out;
}

/* lines with a Chinese character in them, and all */
static void
count_lines (const char *text, guint *chinese, guint *all)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  *chinese = *all = 0;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (const char *at = lines[i]; *at != '\0' && !found; at = g_utf8_next_char (at))
        found = g_unichar_get_script (g_utf8_get_char (at)) == G_UNICODE_SCRIPT_HAN;
      *chinese += found;
      (*all)++;
    }
}

/* the language of a start is that of the environment, whatever the one before had */
static void
test_switch (void)
{
  g_autofree char *before = start_in ("en", "1"), *between = start_in ("zh_CN", "1"), *after = start_in ("en", "1");
  guint chinese, all;

  g_assert_nonnull (strstr (before, "Gallery"));
  g_assert_nonnull (strstr (after, "Gallery"));
  g_assert_null (strstr (between, "Gallery"));
  count_lines (before, &chinese, &all);
  g_assert_cmpuint (chinese, ==, 0);
  g_assert_cmpuint (all, >, 100);
  count_lines (between, &chinese, &all);
  g_test_message ("%u of %u labels are Chinese", chinese, all);
  g_assert_cmpuint (2 * chinese, >, all); /* the others are numbers and formulas */
  count_lines (after, &chinese, &all);
  g_assert_cmpuint (chinese, ==, 0);
}

static void
test_large_text (gconstpointer language)
{
  g_autofree char *labels = start_in (language, "1.25");

  g_assert_cmpuint (strlen (labels), >, 1000);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--once") == 0)
    return show_once (argv[2]);
  self = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/languages/switch", test_switch);
  g_test_add_data_func ("/languages/large-text-en", "en", test_large_text);
  g_test_add_data_func ("/languages/large-text-zh_CN", "zh_CN", test_large_text);
  return g_test_run ();
}
