/* test-overlays.c: curves of several runs in the same charts, and in what their recipes differ. */
#include "small-runs.h"
#include "support.h"
#include "widgets.h"

#include "workbench-chart.h"
#include "workbench-curve-groups.h"
#include "workbench-curves-view.h"
#include "workbench-differences.h"
#include "workbench-document-private.h"
#include "workbench-mark-layer.h"
#include "workbench-overlays.h"
#include "workbench-timing-view.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
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

/* a note is what people call a run: wherever there are several it stands in place of the folder's name */
static void
test_notes (void)
{
  const char *const folders[] = { first_folder, second_folder };
  g_autoptr (WorkbenchDocument) document = open_document (first_folder), long_named = NULL;
  g_autoptr (WorkbenchComparison) comparison = workbench_comparison_new (), both = NULL;
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_CURVES_VIEW, NULL), *more;
  g_autofree char *saved = NULL;

  g_assert_cmpstr (workbench_document_get_name (document), ==, "first");
  g_assert_true (dfkd_run_note_save (second_folder, "another seed", NULL));
  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_comparison (WORKBENCH_VIEW (view), comparison);
  gtk_window_present (GTK_WINDOW (window));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  more = find_explained (view, "Show another run beside this one; its folder can be dropped here too");
  gtk_menu_button_popup (GTK_MENU_BUTTON (more));
  TURN_UNTIL (find_shown (view, "another seed (second)") != NULL);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (more));
  g_assert_true (workbench_comparison_open (comparison, second_folder));
  TURN_UNTIL (!workbench_document_is_loading (g_ptr_array_index (workbench_comparison_get (comparison), 0)));
  g_assert_nonnull (find_explained (view, "Remove another seed"));
  saved = saved_losses (view);
  g_assert_cmpuint (count_text (saved, "\"L, another seed\","), ==, 9);
  g_assert_cmpuint (count_text (saved, "second"), ==, 0);
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  close_watched (window, view);
  workbench_document_close (document);

  g_assert_true (dfkd_run_note_save (second_folder, "the seed of all that was tried in spring and autumn", NULL));
  long_named = open_document (second_folder);
  g_assert_cmpstr (workbench_document_get_name (long_named), ==, "second"); /* a description is no name */
  workbench_document_close (long_named);

  /* of two with the same note each is known by its folder */
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_assert_true (dfkd_run_note_save (folders[i], "twin", NULL));
  both = workbench_comparison_new ();
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_assert_true (workbench_comparison_open (both, folders[i]));
      g_assert_cmpstr (workbench_document_get_name (g_ptr_array_index (workbench_comparison_get (both), i)), ==, i == 0 ? "twin" : "second");
    }
  g_assert_cmpstr (workbench_document_get_name (g_ptr_array_index (workbench_comparison_get (both), 0)), ==, "first");
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_assert_true (dfkd_run_note_save (folders[i], NULL, NULL));
}

static void
test_curves (void)
{
  const DfkdEvent turn = { .kind = DFKD_EVENT_PARAMETER, .parameter = DFKD_PARAMETER_K, .old_value = 3.0, .new_value = 2.0 };
  const DfkdEvent back = { .kind = DFKD_EVENT_PARAMETER, .parameter = DFKD_PARAMETER_K, .old_value = 2.0, .new_value = 3.0 };
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

  /* in what it differs stands below its name, and what this one is turned to, not what is turned for another */
  g_assert_nonnull (find_shown (view, "Seed 1 → 2"));
  g_assert_null (find_shown (view, "k 2 → 3"));
  g_assert_true (workbench_dials_set (workbench_document_get_dials (document), DFKD_PARAMETER_K, 2, NULL));
  g_assert_null (find_shown (view, "k 2 → 3"));
  workbench_document_take_event (document, &turn);
  g_assert_nonnull (find_shown (view, "k 2 → 3"));
  workbench_document_take_event (document, &back);
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
  g_test_add_func ("/overlays/notes", test_notes);
  g_test_add_func ("/overlays/same-term", test_same_term);
  g_test_add_func ("/overlays/zoom", test_zoom);
  g_test_add_func ("/overlays/many", test_many);
  g_test_add_func ("/overlays/clocks", test_clocks);
  g_test_add_func ("/overlays/marks", test_marks);
  g_test_add_func ("/overlays/timing", test_timing);
  g_test_add_func ("/overlays/differences", test_differences);
  result = g_test_run ();
  end_small_runs ();
  g_free (first_folder);
  g_free (second_folder);
  return result;
}
