/* test-overlays.c: curves of several runs in the same charts, in what their recipes differ, and what the paper reports. */
#include "small-runs.h"
#include "support.h"
#include "widgets.h"

#include "workbench-chart.h"
#include "workbench-curve-groups.h"
#include "workbench-curve-groups.h"
#include "workbench-curves-view.h"
#include "workbench-differences.h"
#include "workbench-mark-layer.h"
#include "workbench-overlays.h"
#include "workbench-published-choice.h"
#include "workbench-reference-layer.h"
#include "workbench-timing-view.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *first_folder, *second_folder;

static void
hear (WorkbenchComparison *comparison, const char *message, char **heard)
{
  g_free (*heard);
  *heard = g_strdup (message);
}

/* what the view saves of its first chart */
static char *
saved_losses (GtkWidget *view)
{
  g_autofree char *path = g_build_filename (first_folder, "curves.csv", NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static guint
count_text (const char *text, const char *what)
{
  guint count = 0;

  for (const char *at = text; (at = strstr (at, what)) != NULL; at += strlen (what))
    count++;
  return count;
}

static GtkWidget *
find_explained (GtkWidget *widget, const char *tooltip)
{
  GtkWidget *found = NULL;

  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_explained (child, tooltip);
  return found;
}

/* a visible label with @text in it */
static GtkWidget *
find_shown (GtkWidget *widget, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_shown (child, text);
  return found;
}

static void
test_curves (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL), *close;
  g_autoptr (WorkbenchComparison) comparison = workbench_comparison_new ();
  g_autofree char *heard = NULL, *before = NULL, *both = NULL, *after = NULL;

  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_comparison (WORKBENCH_VIEW (view), comparison);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  g_signal_connect (comparison, "problem", G_CALLBACK (hear), &heard);
  before = saved_losses (view);
  g_assert_cmpuint (count_text (before, "\"L\","), ==, 9); /* three syntheses of three steps */

  g_assert_true (drop_file (view, second_folder));
  while (workbench_document_is_loading (g_ptr_array_index (workbench_comparison_get (comparison), 0)))
    g_main_context_iteration (NULL, TRUE);
  both = saved_losses (view);
  g_assert_cmpuint (count_text (both, "\"L\","), ==, 9);
  g_assert_cmpuint (count_text (both, "\"L, second\","), ==, 9);
  g_assert_cmpuint (count_text (both, "\"L_bn, second\","), ==, 9);
  g_assert_null (heard);

  /* what can be compared is told apart before it is chosen */
  gtk_menu_button_popup (GTK_MENU_BUTTON (find_explained (view, "Show another run beside this one; its folder can be dropped here too")));
  while (find_shown (view, "not measured · 3 syntheses") == NULL)
    g_main_context_iteration (NULL, TRUE);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (find_explained (view, "Show another run beside this one; its folder can be dropped here too")));

  /* in what it differs stands below its name, and what is turned now counts */
  g_assert_nonnull (find_shown (view, "Seed 1 → 2"));
  g_assert_null (find_shown (view, "k 2 → 3"));
  g_assert_true (workbench_dials_set (workbench_document_get_dials (document), DFKD_PARAMETER_K, 2, NULL));
  g_assert_nonnull (find_shown (view, "k 2 → 3"));
  workbench_dials_undo (workbench_document_get_dials (document));
  g_assert_null (find_shown (view, "k 2 → 3"));

  /* once only, and run folders alone */
  g_assert_false (drop_file (view, second_folder));
  g_assert_nonnull (heard);
  g_assert_false (workbench_comparison_open (comparison, "/nowhere"));
  g_assert_nonnull (strstr (heard, "/nowhere"));
  g_assert_cmpuint (workbench_comparison_get (comparison)->len, ==, 1);

  close = find_explained (view, "Remove second");
  g_assert_nonnull (close);
  gtk_test_accessible_assert_property (close, GTK_ACCESSIBLE_PROPERTY_LABEL, "Remove second");
  g_signal_emit_by_name (close, "clicked");
  after = saved_losses (view);
  g_assert_cmpstr (after, ==, before);
  workbench_comparison_open (comparison, second_folder); /* the window goes while it is being read */
  close_watched (window, view);
}

/* the entries of the legend of the view's first chart, a line each; a hidden one in brackets */
static char *
listed (GtkWidget *view)
{
  WorkbenchChart *chart = WORKBENCH_CHART (find_nth (view, WORKBENCH_TYPE_CHART, 0));
  GString *text = g_string_new ("");

  for (guint i = 0; i < workbench_chart_get_n_layers (chart); i++)
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (chart, i);

      if (workbench_chart_layer_get_listed (layer))
        g_string_append_printf (text, workbench_chart_layer_get_visible (layer) ? "%s\n" : "[%s]\n", workbench_chart_layer_get_title (layer));
    }
  return g_string_free (text, FALSE);
}

static void
show_or_hide (GtkWidget *view, const char *title, gboolean visible)
{
  WorkbenchChart *chart = WORKBENCH_CHART (find_nth (view, WORKBENCH_TYPE_CHART, 0));

  for (guint i = 0; i < workbench_chart_get_n_layers (chart); i++)
    if (g_strcmp0 (workbench_chart_layer_get_title (workbench_chart_get_layer (chart, i)), title) == 0)
      {
        workbench_chart_layer_set_visible (workbench_chart_get_layer (chart, i), visible);
        return;
      }
  g_assert_not_reached ();
}

/* a run beside has one entry in a legend: it shows what comes first of what is shown of the run itself */
static void
test_same_term (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL);
  g_autoptr (WorkbenchComparison) comparison = workbench_comparison_new ();
  static const struct { const char *title; gboolean visible; const char *listed; } steps[] = {
    { "L", FALSE, "[L]\nL_bn\nL_oh\nL_adv\nL_bn, second\n" },
    { "L_bn", FALSE, "[L]\n[L_bn]\nL_oh\nL_adv\nL_oh, second\n" },
    { "L_adv", FALSE, "[L]\n[L_bn]\nL_oh\n[L_adv]\nL_oh, second\n" },
    { "L_oh, second", FALSE, "[L]\n[L_bn]\nL_oh\n[L_adv]\n[L_oh, second]\n" },
    { "L", TRUE, "L\n[L_bn]\nL_oh\n[L_adv]\n[L, second]\n" },
    { "L, second", TRUE, "L\n[L_bn]\nL_oh\n[L_adv]\nL, second\n" },
    { "L_oh", FALSE, "L\n[L_bn]\n[L_oh]\n[L_adv]\nL, second\n" },
    { "L", FALSE, "[L]\n[L_bn]\n[L_oh]\n[L_adv]\nL, second\n" },
  };
  g_autofree char *first = NULL, *alone = NULL;

  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_comparison (WORKBENCH_VIEW (view), comparison);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  g_assert_true (workbench_comparison_open (comparison, second_folder));
  first = listed (view);
  g_assert_cmpstr (first, ==, "L\nL_bn\nL_oh\nL_adv\nL, second\n");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *now = NULL;

      show_or_hide (view, steps[i].title, steps[i].visible);
      now = listed (view);
      g_assert_cmpstr (now, ==, steps[i].listed);
    }
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL); /* without one of its own */
  alone = listed (view);
  g_assert_cmpstr (alone, ==, "L, second\n");
  close_watched (window, view);
}

/* as many as can stand beside are told apart, and their names leave room for the charts */
static void
test_many (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL);
  g_autoptr (WorkbenchComparison) comparison = workbench_comparison_new ();
  static const char *const names[] = { "second", "third", "fourth", "fifth" };

  for (guint i = 0; i < WORKBENCH_MOST_COMPARED; i++)
    for (guint j = 0; j < i; j++)
      {
        const GdkRGBA a = workbench_overlays_colour (i), b = workbench_overlays_colour (j);

        g_assert_cmpfloat (fabsf (a.red - b.red) + fabsf (a.green - b.green) + fabsf (a.blue - b.blue), >, 0.4f);
      }
  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_comparison (WORKBENCH_VIEW (view), comparison);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = new_folder (names[i]);

      if (i > 0)
        g_free (run_through (names[i], i + 2));
      g_assert_true (workbench_comparison_open (comparison, folder));
      g_assert_nonnull (find_shown (view, names[i]));
      g_assert_true ((find_shown (view, "Seed 1 → 2") != NULL) == (i < 3));
    }
  workbench_comparison_remove (comparison, 3);
  g_assert_nonnull (find_shown (view, "Seed 1 → 2"));
  close_watched (window, view);
}

/* each saved line of the curve @title has the series' own x by @clock */
static void
assert_x (const char *text, const char *title, WorkbenchSeries *series, WorkbenchClock clock)
{
  g_autofree char *start = g_strdup_printf ("\"%s\",", title);
  const char *at = text;

  for (guint i = 0; i < workbench_series_get_length (series); i++)
    {
      at = strstr (at, start);
      g_assert_nonnull (at);
      at += strlen (start);
      g_assert_cmpfloat_with_epsilon (g_ascii_strtod (at, NULL), workbench_series_get_x (series, clock, i), 1e-6 * (1.0 + workbench_series_get_x (series, clock, i)));
    }
  g_assert_null (strstr (at, start));
}

/* over a clock every run has its own times */
static void
test_clocks (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL);
  g_autoptr (WorkbenchComparison) comparison = workbench_comparison_new ();
  WorkbenchSeries *own = workbench_document_get_series (document, DFKD_SERIES_LOSS), *other;

  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_comparison (WORKBENCH_VIEW (view), comparison);
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  g_assert_true (workbench_comparison_open (comparison, second_folder));
  while (workbench_document_is_loading (g_ptr_array_index (workbench_comparison_get (comparison), 0)))
    g_main_context_iteration (NULL, TRUE);
  other = workbench_document_get_series (g_ptr_array_index (workbench_comparison_get (comparison), 0), DFKD_SERIES_LOSS);
  g_assert_cmpfloat (workbench_series_get_x (own, WORKBENCH_CLOCK_TOTAL, 0), !=, workbench_series_get_x (other, WORKBENCH_CLOCK_TOTAL, 0));
  for (WorkbenchClock clock = 0; clock < WORKBENCH_N_CLOCKS; clock++)
    {
      g_autofree char *text = NULL;

      gtk_drop_down_set_selected (GTK_DROP_DOWN (find_widget (view, GTK_TYPE_DROP_DOWN)), clock);
      text = saved_losses (view);
      g_assert_true (clock == WORKBENCH_CLOCK_STEP || strstr (text, workbench_clock_name (clock)) != NULL);
      assert_x (text, "L", own, clock);
      assert_x (text, "L, second", other, clock);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* charts that count the same steps zoom together, and over a clock all of them */
static void
test_zoom (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL);
  const WorkbenchClock clocks[] = { WORKBENCH_CLOCK_STEP, WORKBENCH_CLOCK_TOTAL, WORKBENCH_CLOCK_STEP };

  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    {
      double zoom[4];

      gtk_drop_down_set_selected (GTK_DROP_DOWN (find_widget (view, GTK_TYPE_DROP_DOWN)), clocks[i]);
      workbench_chart_zoom (WORKBENCH_CHART (find_nth (view, WORKBENCH_TYPE_CHART, 0)), 1.0, 2.0, (double) NAN, (double) NAN);
      for (guint j = 1; j < WORKBENCH_N_CURVE_GROUPS; j++)
        {
          const gboolean together = clocks[i] != WORKBENCH_CLOCK_STEP || workbench_curve_groups[j].steps == workbench_curve_groups[0].steps;

          workbench_chart_get_zoom (WORKBENCH_CHART (find_nth (view, WORKBENCH_TYPE_CHART, j)), &zoom[0], &zoom[1], &zoom[2], &zoom[3]);
          g_assert_true (together ? zoom[0] == 1.0 && zoom[1] == 2.0 : isnan (zoom[0]) && isnan (zoom[1]));
        }
    }
  close_watched (window, view);
}

/* what the crosshair tells of marks at the pixel of @x, in chart @index of the view; NULL: nothing */
static char *
told_of_marks (GtkWidget *view, guint index, double x)
{
  WorkbenchChart *chart = WORKBENCH_CHART (find_nth (view, WORKBENCH_TYPE_CHART, index));
  WorkbenchHover hover = { 0 };

  for (guint i = 0; i < workbench_chart_get_n_layers (chart); i++)
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (chart, i);
      const WorkbenchPlot plot = { .width = 1000.0, .height = 100.0, .x = { 0.0, 100.0, FALSE }, .y = { 0.0, 1.0, FALSE } };

      if (WORKBENCH_IS_MARK_LAYER (layer) && WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover (layer, &plot, workbench_plot_x (&plot, x), 50.0, &hover))
        return hover.text;
    }
  return NULL;
}

/* a turn of a dial is a mark in all groups, where each counts its steps, or at the run's time */
static void
test_marks (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL);
  const WorkbenchMark mark = { .inner = { [WORKBENCH_CLOCK_STEP] = 20.0, [WORKBENCH_CLOCK_TOTAL] = 7.0 },
                               .student = { [WORKBENCH_CLOCK_STEP] = 40.0, [WORKBENCH_CLOCK_TOTAL] = 7.0 },
                               .synthesis = { [WORKBENCH_CLOCK_STEP] = 60.0, [WORKBENCH_CLOCK_TOTAL] = 7.0 },
                               .text = (char *) "k 5 → 2" };

  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  g_signal_emit_by_name (document, "mark", &mark);
  for (guint clock = 0; clock < 2; clock++)
    {
      gtk_drop_down_set_selected (GTK_DROP_DOWN (find_widget (view, GTK_TYPE_DROP_DOWN)), clock == 0 ? WORKBENCH_CLOCK_STEP : WORKBENCH_CLOCK_TOTAL);
      for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
        {
          double step = workbench_curve_groups[i].steps == WORKBENCH_BY_INNER_STEP ? 20.0 : workbench_curve_groups[i].steps == WORKBENCH_BY_STUDENT_STEP ? 40.0 : 60.0;
          g_autofree char *told = told_of_marks (view, i, clock == 0 ? step : 7.0), *elsewhere = told_of_marks (view, i, 90.0);

          g_assert_cmpstr (told, ==, "k 5 → 2");
          g_assert_null (elsewhere);
        }
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_saved (GtkWidget *view, const char *what, gboolean wanted)
{
  g_autofree char *text = saved_losses (view);

  return (strstr (text, what) != NULL) == wanted;
}

/* what their steps take, of the kind that is looked at, beside the present run's */
static void
test_timing (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (first_folder);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_TIMING_VIEW, NULL);
  g_autoptr (WorkbenchComparison) comparison = workbench_comparison_new ();
  g_autofree char *inner = NULL, *student = NULL;

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 700);
  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_comparison (WORKBENCH_VIEW (view), comparison);
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (drop_file (view, second_folder));
  TURN_UNTIL (is_saved (view, "\"second 50%\"", TRUE)); /* the spread is found in its thread */
  inner = saved_losses (view);
  g_assert_cmpuint (count_text (inner, "\"whole step, second\""), ==, count_text (inner, "\"whole step, least to longest\""));
  g_assert_cmpuint (count_text (inner, "\"whole step, second\""), >, 0);
  TURN_UNTIL (find_text (view, "second: ") != NULL); /* its images a second */

  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_widget (view, GTK_TYPE_DROP_DOWN)), DFKD_STAGE_DISTIL);
  TURN_UNTIL (is_saved (view, "\"whole step, second\"", TRUE));
  student = saved_losses (view);
  g_assert_cmpuint (count_text (student, "\"whole step, second\""), ==, count_text (student, "\"whole step, least to longest\""));
  g_assert_cmpstr (inner, !=, student);

  workbench_comparison_remove (comparison, 0);
  TURN_UNTIL (is_saved (view, "second", FALSE));
  g_assert_null (find_text (view, "second: "));
  g_assert_true (workbench_comparison_open (comparison, second_folder)); /* the window goes while it is being read */
  close_watched (window, view);
}

static void
test_differences (void)
{
  g_autoptr (DfkdRecipe) here = tiny_recipe (), there = tiny_recipe ();
  g_autoptr (GPtrArray) none = workbench_differences (here, there), some = NULL;
  g_autofree char *all = NULL, *one = NULL, *odd = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  there->number[DFKD_PARAMETER_K] = 7;
  dfkd_recipe_set (there, DFKD_PARAMETER_STUDENT, "resnet18", NULL);
  some = workbench_differences (here, there);
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (some, 0), "there")); /* the student comes first in the table of parameters */
  g_assert_nonnull (strstr (g_ptr_array_index (some, 0), "resnet18 there"));
  g_assert_cmpstr (g_ptr_array_index (some, 1), ==, "k: 3 here, 7 there");

  g_assert_null (workbench_differences_markup (here, here, 4));
  all = workbench_differences_markup (here, there, 4);
  g_assert_nonnull (strstr (all, "→ <b>resnet18</b> · k 3 → <b>7</b>"));
  g_assert_true (pango_parse_markup (all, -1, 0, NULL, NULL, NULL, NULL));
  one = workbench_differences_markup (here, there, 1);
  g_assert_true (g_str_has_suffix (one, "<b>resnet18</b> and 1 more"));
  dfkd_recipe_set (there, DFKD_PARAMETER_TEACHER, "/a & b/<c>.safetensors", NULL);
  odd = workbench_differences_markup (here, there, 9);
  g_assert_nonnull (strstr (odd, "– → <b>&lt;c&gt;.safetensors</b>"));
  g_assert_true (pango_parse_markup (odd, -1, 0, NULL, NULL, NULL, NULL));
}

/* the paper's table as METHOD.md prints it: accuracy on CIFAR-10 (hours) / accuracy on CIFAR-100 */
static const char printed[]
    = "| DeepInv-2k | 93.26 (42.1 h) / 61.32 | 90.36 (20.2) / 54.13 | 83.04 (16.9) / 53.77 | 86.85 (21.9) / 61.33 | 89.72 (18.2) / 61.34 "
      "|\n"
      "| CMI-500 | 94.84 (19.0) / 77.04 | 91.13 (11.6) / 70.56 | 90.01 (13.3) / 57.91 | 92.78 (14.1) / 68.88 | 92.52 (13.6) / 68.75 |\n"
      "| DAFL | 92.22 (2.73) / 74.47 | 81.10 (0.73) / 54.16 | 65.71 (1.73) / 20.88 | 81.33 (1.53) / 42.83 | 81.55 (1.60) / 43.70 |\n"
      "| ZSKT | 93.32 (1.67) / 67.74 | 89.46 (0.33) / 54.31 | 83.74 (0.87) / 36.66 | 86.07 (0.87) / 53.60 | 89.66 (0.87) / 54.59 |\n"
      "| DFQ | 94.61 (8.79) / 77.01 | 90.84 (1.50) / 66.21 | 86.14 (0.75) / 51.27 | 91.69 (0.75) / 54.43 | 92.01 (0.75) / 64.79 |\n"
      "| Fast-2 | 92.62 (0.06) / 69.76 | 84.67 (0.03) / 62.83 | 88.36 (0.03) / 41.77 | 89.56 (0.03) / 53.15 | 89.68 (0.03) / 57.08 |\n"
      "| Fast-5 | 93.63 (0.14) / 72.82 | 89.94 (0.08) / 65.28 | 88.90 (0.08) / 52.90 | 92.04 (0.09) / 61.80 | 91.96 (0.08) / 63.83 |\n"
      "| Fast-10 | 94.05 (0.28) / 74.34 | 90.53 (0.15) / 67.44 | 89.29 (0.15) / 54.02 | 92.51 (0.17) / 63.91 | 92.45 (0.17) / 65.12 |\n";

static void
test_published (void)
{
  static const char *const pairs[][2] = {
    { "resnet34", "resnet18" }, { "vgg11", "resnet18" }, { "wrn40_2", "wrn16_1" }, { "wrn40_2", "wrn40_1" }, { "wrn40_2", "wrn16_2" }
  };
  g_auto (GStrv) lines = g_strsplit (printed, "\n", -1);
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  guint count, checked = 0;
  const WorkbenchPublished *rows = workbench_published_list (&count);

  for (guint i = 0; lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], "|", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, 2 + 1 + G_N_ELEMENTS (pairs));
      for (guint j = 0; j < G_N_ELEMENTS (pairs); j++, checked++)
        {
          const WorkbenchPublished *row = NULL;
          char *at = cells[2 + j];
          double values[3];

          for (guint v = 0; v < 3; v++)
            {
              at += strcspn (at, "0123456789");
              values[v] = g_ascii_strtod (at, &at);
            }
          g_strstrip (cells[1]);
          for (guint r = 0; r < count; r++)
            if (g_str_equal (rows[r].method, cells[1]) && g_str_equal (rows[r].teacher, pairs[j][0])
                && g_str_equal (rows[r].student, pairs[j][1]))
              row = &rows[r];
          g_assert_nonnull (row);
          g_assert_cmpfloat (row->accuracy[WORKBENCH_CIFAR_10], ==, values[0]);
          g_assert_cmpfloat (row->hours, ==, values[1]);
          g_assert_cmpfloat (row->accuracy[WORKBENCH_CIFAR_100], ==, values[2]);
          g_assert_cmpint (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, row->recipe_method, NULL), ==, TRUE);
          g_assert_cmpuint (row->k, ==, g_str_has_prefix (row->method, "Fast-") ? (guint) atoi (row->method + 5) : 0);
        }
    }
  g_assert_cmpuint (checked, ==, count);
}

static void
on_found (GObject *object, GAsyncResult *result, gpointer done)
{
  g_assert_null (workbench_published_for_recipe_finish (result, NULL));
  *(gboolean *) done = TRUE;
}

/* the recipe of the paper for wrn40_2 → wrn16_1 at k = 5 */
static DfkdRecipe *
paper_recipe (void)
{
  for (guint i = 0; i < dfkd_built_in_count (); i++)
    if (g_str_equal (dfkd_built_in_label (i), "Fast-5") && g_str_equal (dfkd_built_in_pair (i), "WRN-40-2 → WRN-16-1"))
      return dfkd_built_in_recipe (i);
  g_assert_not_reached ();
}

/* by pair and method, by k where the paper varies it, and by what is known of the data */
static void
test_match (void)
{
  static const struct {
    const char *method;
    double k;
    const char *own; /* NULL: the paper has no such method, or not with this k */
  } cases[] = { { "fast", 5, "Fast-5" },     { "fast", 10, "Fast-10" }, { "fast", 3, NULL }, { "deepinv", 5, "DeepInv-2k" }, { "cmi", 2, "CMI-500" },
                { "dafl", 5, "DAFL" },       { "zskt", 1, "ZSKT" },     { "dfq", 10, "DFQ" }, { "nayer", 5, NULL },          { "dfad", 2, NULL } };
  static const struct {
    const char *data, *teacher, *name;
    gboolean is_said;
  } places[] = { { "none", "teacher.pth", "mine", FALSE },
                 { "/data/cifar-100-binary", "teacher.pth", "mine", TRUE },
                 { "/data/cifar-10-batches-bin", "teacher.pth", "mine", FALSE },
                 { "none", "checkpoints/CIFAR100-wrn40_2.pth", "mine", TRUE },
                 { "none", "teacher.pth", "CIFAR-100, k = 5", TRUE } };
  DfkdNetworkOptions cifar_100 = { .channels = 3, .height = 32, .width = 32, .classes = 100 },
                     grey = { .channels = 1, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdRecipe) recipe = paper_recipe (), demo = dfkd_recipe_new ();
  g_autofree char *folder = g_dir_make_tmp ("dfkd-data-XXXXXX", NULL), *file = g_build_filename (folder, "test.bin", NULL);
  gboolean done = FALSE;
  WorkbenchPublishedFigures figures;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, cases[i].method, NULL));
      recipe->number[DFKD_PARAMETER_K] = cases[i].k;
      g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
      g_assert_cmpint (figures.cifar, ==, WORKBENCH_CIFAR_100);
      g_assert_cmpuint (figures.count, ==, WORKBENCH_MOST_PUBLISHED); /* of all methods, to choose from */
      g_assert_cmpstr (figures.own != NULL ? figures.own->method : NULL, ==, cases[i].own);
    }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, places[i].data, NULL)
                     && dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, places[i].teacher, NULL));
      g_free (recipe->name);
      recipe->name = g_strdup (places[i].name);
      g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
      g_assert_true (figures.is_said == places[i].is_said);
    }
  g_free (recipe->name);
  recipe->name = g_strdup ("mine");
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, "teacher.pth", NULL) && dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, folder, NULL));
  g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
  g_assert_false (figures.is_said);
  g_assert_true (g_file_set_contents (file, "", 0, NULL)); /* CIFAR-100's test images, under whatever name */
  g_assert_true (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
  g_assert_true (figures.is_said);

  g_assert_false (workbench_published_find (recipe, "wrn16_2", &cifar_100, &figures));
  g_assert_false (workbench_published_find (recipe, "wrn40_2", &grey, &figures));
  cifar_100.classes = 10;
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "shapes32", NULL)); /* of that size, and another data set */
  g_assert_false (workbench_published_find (recipe, "wrn40_2", &cifar_100, &figures));
  workbench_published_for_recipe_async (demo, NULL, on_found, &done); /* the demo is in no paper */
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_remove (file);
  g_rmdir (folder);
}

/* an untrained wrn40_2 for ten classes of 3×32×32 */
static char *
new_teacher (void)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("wrn40_2", &options, NULL);
  g_autoptr (DfkdModel) model = dfkd_model_new (network, NULL, NULL);
  char *path = g_build_filename (first_folder, "wrn40_2.safetensors", NULL);

  g_assert_true (dfkd_model_save (model, path, NULL));
  return path;
}

/* what is drawn as a published figure in any chart below @widget: "88.90 TEXT\n…" in order, "" for none */
static void
list_published (GtkWidget *widget, GString *text)
{
  for (guint i = 0; WORKBENCH_IS_CHART (widget) && i < workbench_chart_get_n_layers (WORKBENCH_CHART (widget)); i++)
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (WORKBENCH_CHART (widget), i);

      if (WORKBENCH_IS_REFERENCE_LAYER (layer) && isfinite (workbench_reference_layer_get_value (WORKBENCH_REFERENCE_LAYER (layer))))
        g_string_append_printf (text, "%.2f %s\n", workbench_reference_layer_get_value (WORKBENCH_REFERENCE_LAYER (layer)),
                                workbench_reference_layer_get_text (WORKBENCH_REFERENCE_LAYER (layer)));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    list_published (child, text);
}

static void
assert_published (GtkWidget *view, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  list_published (view, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static WorkbenchDocument *
open_with (const DfkdRecipe *recipe)
{
  g_autofree char *path = g_build_filename (first_folder, "recipe.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_recipe_save (recipe, path, &error));
  return open_document (first_folder);
}

static void
wait_for_choice (GtkWidget *choice)
{
  while (!gtk_widget_get_visible (choice))
    g_main_context_iteration (NULL, TRUE);
}

/* in the curves view: the own method's figure is drawn, others are when they are ticked, and a run of another pair has none */
static void
test_published_lines (void)
{
  g_autofree char *path = g_build_filename (first_folder, "recipe.json", NULL), *before = NULL, *teacher = new_teacher ();
  g_autoptr (DfkdRecipe) recipe = paper_recipe ();
  g_autoptr (WorkbenchDocument) first = NULL, second = NULL, third = NULL;
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL), *choice, *dafl;

  g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  choice = find_widget (view, WORKBENCH_TYPE_PUBLISHED_CHOICE);
  g_assert_false (gtk_widget_get_visible (choice));
  assert_published (view, "");
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, teacher, NULL));
  first = open_with (recipe);
  workbench_view_set_document (WORKBENCH_VIEW (view), first);
  wait_for_choice (choice);
  assert_published (view, "88.90 Fast-5, if this is CIFAR-10, best on test: 88.90 % (Fang et al., AAAI 2022)\n");
  g_assert_nonnull (find_labelled (choice, GTK_TYPE_LABEL, "if this is CIFAR-10, which neither"));

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, "cmi", NULL));
  g_free (recipe->name);
  recipe->name = g_strdup ("CMI on CIFAR-10");
  second = open_with (recipe);
  workbench_view_set_document (WORKBENCH_VIEW (view), second);
  wait_for_choice (choice);
  assert_published (view, "90.01 CMI-500 on CIFAR-10, best on test: 90.01 % (Fang et al., AAAI 2022)\n");
  dafl = gtk_widget_get_ancestor (find_labelled (choice, GTK_TYPE_LABEL, "DAFL · 65.71 %"), GTK_TYPE_CHECK_BUTTON);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (dafl), TRUE);
  assert_published (view, "90.01 CMI-500 on CIFAR-10, best on test: 90.01 % (Fang et al., AAAI 2022)\n65.71 DAFL on CIFAR-10: 65.71 %\n");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (dafl), FALSE);
  assert_published (view, "90.01 CMI-500 on CIFAR-10, best on test: 90.01 % (Fang et al., AAAI 2022)\n");

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_STUDENT, "wrn10_1", NULL));
  third = open_with (recipe);
  workbench_view_set_document (WORKBENCH_VIEW (view), third);
  for (guint i = 0; i < 100; i++) /* long enough for the search to end */
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
  g_assert_false (gtk_widget_get_visible (choice));
  assert_published (view, "");
  workbench_view_set_document (WORKBENCH_VIEW (view), second); /* the window goes while it searches */
  close_watched (window, view);
  g_assert_true (g_file_set_contents (path, before, -1, NULL));
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  first_folder = new_folder ("first");
  second_folder = new_folder ("second");
  g_free (run_through ("first", 1));
  g_free (run_through ("second", 2));
  g_test_add_func ("/overlays/curves", test_curves);
  g_test_add_func ("/overlays/same-term", test_same_term);
  g_test_add_func ("/overlays/zoom", test_zoom);
  g_test_add_func ("/overlays/many", test_many);
  g_test_add_func ("/overlays/clocks", test_clocks);
  g_test_add_func ("/overlays/marks", test_marks);
  g_test_add_func ("/overlays/timing", test_timing);
  g_test_add_func ("/overlays/differences", test_differences);
  g_test_add_func ("/overlays/published", test_published);
  g_test_add_func ("/overlays/match", test_match);
  g_test_add_func ("/overlays/published-lines", test_published_lines);
  result = g_test_run ();
  end_small_runs ();
  g_free (first_folder);
  g_free (second_folder);
  return result;
}
