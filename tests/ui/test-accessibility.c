/* test-accessibility.c: what can be operated or looked at in any window has a name that can be read out, and values are what a person would say.
 *
 * A tooltip is no name: the toolkit takes it for a description. */
#include "small-runs.h"
#include "small-window.h"
#include "workbench-chart.h"
#include "workbench-image-grid.h"
#include "workbench-map.h"
#include "workbench-parameter-row.h"
#include "workbench-preferences.h"
#include "workbench-runs-window.h"
#include "workbench-window-private.h"

#include <math.h>

static gboolean
has_label (GtkWidget *widget)
{
  g_autofree char *empty = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    return FALSE;
  empty = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "");
  return empty != NULL; /* the label as it is, as it is not the empty one */
}

static gboolean
has_text (GtkWidget *widget)
{
  if (get_text (widget) != NULL)
    return *get_text (widget) != '\0';
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_text (child))
      return TRUE;
  return FALSE;
}

/* Buttons inside of menu buttons and lists are named by these. */
static gboolean
is_named (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (has_label (widget))
    return TRUE;
  if (GTK_IS_BUTTON (widget) && GTK_IS_DROP_DOWN (parent))
    {
      g_autofree char *other = gtk_test_accessible_check_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY, parent, NULL);

      return other == NULL && has_label (parent);
    }
  if (GTK_IS_BUTTON (widget) && GTK_IS_MENU_BUTTON (parent))
    return has_label (parent);
  if (GTK_IS_BUTTON (widget))
    return has_text (widget);
  return gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static gboolean
wants_name (GtkWidget *widget)
{
  const GType types[] = { GTK_TYPE_BUTTON, GTK_TYPE_MENU_BUTTON, GTK_TYPE_DROP_DOWN, GTK_TYPE_SCALE, GTK_TYPE_ENTRY, WORKBENCH_TYPE_CHART, WORKBENCH_TYPE_MAP,
                          WORKBENCH_TYPE_IMAGE_GRID };

  if (!gtk_widget_get_can_focus (widget) || !gtk_widget_get_mapped (widget))
    return FALSE;
  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == GTK_ACCESSIBLE_ROLE_IMG)
    return gtk_widget_get_focusable (widget);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_type_is_a (G_OBJECT_TYPE (widget), types[i]))
      return TRUE;
  return FALSE;
}

/* Returns: how many names there are */
static guint
check_names (GtkWidget *widget, const char *place)
{
  guint count = 0;

  if (GTK_IS_WINDOW_CONTROLS (widget) || g_str_equal (G_OBJECT_TYPE_NAME (widget), "AdwToastWidget"))
    return 0; /* the toolkit's own, through and through */
  if (wants_name (widget))
    {
      const char *icon = GTK_IS_BUTTON (widget) ? gtk_button_get_icon_name (GTK_BUTTON (widget)) : NULL, *tooltip = gtk_widget_get_tooltip_text (widget);

      if (!is_named (widget))
        g_error ("%s: a %s has no name (%s, %s)", place, G_OBJECT_TYPE_NAME (widget), icon != NULL ? icon : "no icon", tooltip != NULL ? tooltip : "no tooltip");
      count++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    count += check_names (child, place);
  return count;
}

static void
test_names (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Names", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *runs = NULL, *folder = new_folder ("named");
  GtkWidget *window = small_window (application, recipe, folder, FALSE), *other;

  turn_until (is_finished, window);
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    {
      workbench_pane_show (WORKBENCH_WINDOW (window)->first_pane, workbench_view_kinds[i].name);
      turn_for (200);
      g_assert_cmpuint (check_names (window, workbench_view_kinds[i].name), >, 40);
    }
  workbench_window_say (WORKBENCH_WINDOW (window), "a problem");
  turn_for (400);
  check_names (window, "the window with a problem");

  runs = g_path_get_dirname (folder);
  other = GTK_WIDGET (workbench_runs_window_new (GTK_WINDOW (window), runs));
  gtk_window_present (GTK_WINDOW (other));
  TURN_UNTIL (find_text (other, "named") != NULL);
  g_assert_cmpuint (check_names (other, "runs"), >=, 4); /* look again; open, go on, delete */
  gtk_window_destroy (GTK_WINDOW (other));

  other = GTK_WIDGET (workbench_preferences_new (GTK_WINDOW (window)));
  gtk_window_present (GTK_WINDOW (other));
  turn_for (300);
  g_assert_cmpuint (check_names (other, "preferences"), >=, 2);
  gtk_window_destroy (GTK_WINDOW (other));
  end_window (window);
}

/* a slider says the value that its row has, with the unit; whoever has it read out hears nothing of a place from 0 to 1 */
static void
test_values (void)
{
  static const struct {
    DfkdParameterId id;
    double value;
    const char *text;
  } said[] = { { DFKD_PARAMETER_K, 5.0, "5 steps" }, { DFKD_PARAMETER_LR_G, 0.003, "0.003" }, { DFKD_PARAMETER_BN_MOMENTUM, 0.9, "0.9" } };

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      WorkbenchParameterRow *row = g_object_ref_sink (workbench_parameter_row_new (said[i].id));
      GtkWidget *scale = find_widget (GTK_WIDGET (row), GTK_TYPE_SCALE), *entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);

      workbench_parameter_row_set_value (row, said[i].value);
      gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, said[i].text);
      if (!dfkd_parameter (said[i].id)->logarithmic)
        gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, said[i].value);
      gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE);
      gtk_editable_set_text (GTK_EDITABLE (entry), "many");
      g_signal_emit_by_name (entry, "activate");
      gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
      g_object_unref (row);
    }
}

static GtkWidget *
find_shortcuts (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (GTK_IS_SHORTCUTS_WINDOW (link->data) && gtk_widget_get_visible (link->data))
      return link->data;
  return NULL;
}

/* what keys do is listed in a window of its own */
static void
test_shortcuts (void)
{
  g_autoptr (WorkbenchApplication) application = workbench_application_new ();
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window = small_window (ADW_APPLICATION (application), recipe, NULL, TRUE);
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* GTK 4.8 warns of a label in this window of its own */

  g_assert_null (find_shortcuts ());
  g_assert_true (gtk_widget_activate_action (window, "win.show-help-overlay", NULL));
  TURN_UNTIL (find_shortcuts () != NULL && find_text (find_shortcuts (), "Undo a turn of a dial") != NULL);
  g_assert_nonnull (find_text (find_shortcuts (), "One synthesis"));
  gtk_window_close (GTK_WINDOW (find_shortcuts ()));
  TURN_UNTIL (find_shortcuts () == NULL);
  g_log_set_always_fatal (fatal);
  end_window (window);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  g_test_add_func ("/accessibility/names", test_names);
  g_test_add_func ("/accessibility/values", test_values);
  g_test_add_func ("/accessibility/shortcuts", test_shortcuts);
  return run_tests_with_small_runs ();
}
