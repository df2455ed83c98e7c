/* test-evaluation.c: what the view of evaluations shows is what the run has measured: on a small test set, and without one on
 * synthetic images; live, and from its folder. */
#include "workbench-answers-charts.h"
#include "support.h"
#include "small-window.h"
#include "workbench-chart-private.h"
#include "workbench-evaluation-view.h"
#include "workbench-heat-layer.h"
#include "workbench-pane.h"
#include "workbench-reference-layer.h"
#include "workbench-row-layer.h"
#include "workbench-run-grid.h"
#include "workbench-tick-layer.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum {
  CLASSES = 10,
  IMAGES = 50,
  BATCH = 8,
  SYNTHESES = 3,
};

static char *root;

/* whether a label below @widget begins with @text */
static gboolean
says (GtkWidget *widget, const char *text)
{
  gboolean found = get_text (widget) != NULL && g_str_has_prefix (get_text (widget), text);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found; child = gtk_widget_get_next_sibling (child))
    found = says (child, text);
  return found;
}

/* the layer of that type in the charts below @widget */
static WorkbenchChartLayer *
find_layer (GtkWidget *widget, GType type)
{
  WorkbenchChartLayer *found = NULL;

  if (WORKBENCH_IS_CHART (widget))
    for (guint i = 0; i < workbench_chart_get_n_layers (WORKBENCH_CHART (widget)); i++)
      if (G_OBJECT_TYPE (workbench_chart_get_layer (WORKBENCH_CHART (widget), i)) == type)
        return workbench_chart_get_layer (WORKBENCH_CHART (widget), i);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_layer (child, type);
  return found;
}

static gboolean
on_timeout (gpointer data)
{
  g_error ("the view did not get there in time");
  return G_SOURCE_REMOVE;
}

typedef struct {
  AdwApplication *application;
  GtkWidget *window;
  WorkbenchEvaluationView *view;
  char *folder;
  guint timeout;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  static const struct {
    DfkdParameterId id;
    double value;
  } values[] = { { DFKD_PARAMETER_BATCH, BATCH }, { DFKD_PARAMETER_NZ, 12 },      { DFKD_PARAMETER_NGF, 4 },
                 { DFKD_PARAMETER_WARMUP, 0 },    { DFKD_PARAMETER_KD_STEPS, 4 }, { DFKD_PARAMETER_K, 3 },
                 { DFKD_PARAMETER_SYNTHESES, SYNTHESES }, { DFKD_PARAMETER_EVALUATE_EVERY, 1 } };
  static guint windows;
  g_autofree char *id = g_strdup_printf ("org.dfkd.Workbench.Evaluation%u", windows++);
  DfkdSessionOptions options = { .device = "cpu" };
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  GtkWidget *pane;

  f->application = adw_application_new (id, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (f->application), NULL, NULL);
  f->timeout = g_timeout_add_seconds (55, on_timeout, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    recipe->number[values[i].id] = values[i].value;
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = data != NULL ? g_build_filename (root, "data", NULL) : g_strdup ("none");
  if (data != NULL)
    write_noise_data (recipe->text[DFKD_PARAMETER_DATA], IMAGES);
  f->folder = g_build_filename (root, id, NULL);
  options.folder = f->folder;
  f->window = GTK_WIDGET (workbench_window_new (f->application, recipe, &options));
  gtk_window_present (GTK_WINDOW (f->window));
  pane = find_widget (f->window, WORKBENCH_TYPE_PANE);
  workbench_pane_show (WORKBENCH_PANE (pane), "evaluation");
  f->view = WORKBENCH_EVALUATION_VIEW (workbench_pane_get_view (WORKBENCH_PANE (pane)));
  while (!says (f->window, "finished"))
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_source_remove (f->timeout);
  end_window (f->window);
  g_object_unref (f->application);
  g_free (f->folder);
}

static void
assert_counts (const DfkdConfusion *answers, const guint32 *counts)
{
  g_assert_nonnull (answers);
  g_assert_cmpuint (answers->classes, ==, CLASSES);
  for (guint i = 0; i < CLASSES * CLASSES; i++)
    g_assert_cmpuint (answers->counts[i], ==, counts[i]);
}

/* what the heat map has in its cells; rows are drawn from below */
static void
assert_cells (GtkWidget *view, const guint32 *counts)
{
  WorkbenchChartLayer *cells = find_layer (view, WORKBENCH_TYPE_HEAT_LAYER);
  g_autoptr (GString) text = g_string_new (NULL);
  guint seen = 0;

  WORKBENCH_CHART_LAYER_GET_CLASS (cells)->write_csv (cells, text);
  for (const char *line = text->str; *line != '\0'; line = strchr (line, '\n') + 1)
    {
      guint row, column, label, sum = 0;
      double value, share;

      g_assert_cmpint (sscanf (line, "%u,%u,%lf", &row, &column, &value), ==, 3);
      label = CLASSES - 1 - row;
      for (guint i = 0; i < CLASSES; i++)
        sum += counts[label * CLASSES + i];
      share = 100.0 * counts[label * CLASSES + column] / sum;
      g_assert_cmpfloat_with_epsilon (value, share, 0.5); /* whole numbers */
      seen++;
    }
  g_assert_cmpuint (seen, >, 0);
  g_assert_cmpuint (seen % CLASSES, ==, 0);
}

/* by class, weighted with how many there are, it is the accuracy */
static void
assert_adds_up (WorkbenchEvaluationView *view, double accuracy)
{
  const DfkdConfusion *answers = workbench_evaluation_view_get_answers (view);
  WorkbenchChartLayer *bars = find_layer (GTK_WIDGET (view), WORKBENCH_TYPE_ROW_LAYER);
  g_autoptr (GString) text = g_string_new (NULL);
  double right = 0.0;

  WORKBENCH_CHART_LAYER_GET_CLASS (bars)->write_csv (bars, text);
  for (const char *line = text->str; *line != '\0'; line = strchr (line, '\n') + 1)
    {
      guint row;
      double value;
      guint64 sum = 0;

      g_assert_cmpint (sscanf (line, "\"\",%u,%lf", &row, &value), ==, 2);
      for (guint i = 0; i < CLASSES; i++)
        sum += answers->counts[(CLASSES - 1 - row) * CLASSES + i];
      right += value * (double) sum;
    }
  g_assert_cmpfloat_with_epsilon (right / (double) answers->counted, accuracy, 1e-6);
}

/* 0: of evaluations, 1: of batches */
static GtkAdjustment *
slider_of (WorkbenchEvaluationView *view, guint index)
{
  return gtk_range_get_adjustment (GTK_RANGE (find_nth (GTK_WIDGET (view), GTK_TYPE_SCALE, index)));
}

static void
choose (WorkbenchEvaluationView *view, WorkbenchAgainst against)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_widget (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN)), against);
}

static void
test_test_set (Fixture *f, gconstpointer data)
{
  g_autoptr (WorkbenchDocument) document = open_document (f->folder);
  const GPtrArray *assessments = workbench_document_get_assessments (document);
  WorkbenchSeries *accuracy = workbench_document_get_series (document, DFKD_SERIES_ACCURACY);
  const DfkdAssessment *first, *last;

  g_assert_cmpuint (assessments->len, ==, SYNTHESES);
  first = g_ptr_array_index (assessments, 0);
  last = g_ptr_array_index (assessments, SYNTHESES - 1);
  assert_counts (workbench_evaluation_view_get_answers (f->view), last->confusion);
  assert_cells (GTK_WIDGET (f->view), last->confusion);
  assert_adds_up (f->view, workbench_series_get_y (accuracy, SYNTHESES - 1));
  gtk_adjustment_set_value (slider_of (f->view, 0), 0.0);
  assert_counts (workbench_evaluation_view_get_answers (f->view), first->confusion);
  assert_cells (GTK_WIDGET (f->view), first->confusion);
  assert_adds_up (f->view, workbench_series_get_y (accuracy, 0));
  choose (f->view, WORKBENCH_AGAINST_TEACHER);
  assert_counts (workbench_evaluation_view_get_answers (f->view), last->agreement);
  assert_cells (GTK_WIDGET (f->view), last->agreement);
}

static void
test_sorting (Fixture *f, gconstpointer data)
{
  WorkbenchChartLayer *bars = find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_ROW_LAYER);
  g_autoptr (GString) text = g_string_new (NULL);
  double before = -1.0;

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_nth (GTK_WIDGET (f->view), GTK_TYPE_TOGGLE_BUTTON, 2)), TRUE);
  WORKBENCH_CHART_LAYER_GET_CLASS (bars)->write_csv (bars, text);
  for (const char *line = text->str; *line != '\0'; line = strchr (line, '\n') + 1)
    {
      guint row;
      double value;

      g_assert_cmpint (sscanf (line, "\"\",%u,%lf", &row, &value), ==, 2);
      g_assert_cmpfloat (value, >=, before); /* the uppermost row is the last */
      before = value;
    }
}

static void
test_saving (Fixture *f, gconstpointer data)
{
  g_autoptr (WorkbenchDocument) document = open_document (f->folder);
  const GPtrArray *assessments = workbench_document_get_assessments (document);
  const DfkdAssessment *last = g_ptr_array_index (assessments, SYNTHESES - 1);
  g_autofree char *csv = g_build_filename (root, "saved.csv", NULL), *svg = g_build_filename (root, "saved.svg", NULL), *text = NULL, *wanted = NULL;
  g_autofree char *missing = g_build_filename (root, "no", "saved.csv", NULL);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (workbench_view_save (WORKBENCH_VIEW (f->view), csv, &error));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  wanted = g_strdup_printf ("\"student\",\"images\",\"sandal\",\"shirt\",%u\n", last->confusion[5 * CLASSES + 6]);
  g_assert_nonnull (strstr (text, wanted));
  g_assert_nonnull (strstr (text, "\n\"On the test set\",")); /* the course is in the same table */
  lines = dfkd_csv_read (text);
  g_assert_cmpuint (lines->len, >, 1 + CLASSES * CLASSES);
  for (guint i = 0; i < lines->len; i++)
    g_assert_cmpuint (g_strv_length (lines->pdata[i]), ==, 6);
  g_assert_true (workbench_view_save (WORKBENCH_VIEW (f->view), svg, &error));
  g_assert_true (g_file_test (svg, G_FILE_TEST_IS_REGULAR));
  g_assert_false (workbench_view_save (WORKBENCH_VIEW (f->view), missing, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
}

static void
count_pictures (const DfkdPictures *p, guint32 *counts)
{
  for (gsize i = 0; i < p->count; i++)
    {
      const float *teacher = p->rows[DFKD_ROWS_TEACHER] + i * CLASSES, *student = p->rows[DFKD_ROWS_STUDENT] + i * CLASSES;
      guint a = 0, b = 0;

      for (guint c = 1; c < CLASSES; c++)
        {
          a = teacher[c] > teacher[a] ? c : a;
          b = student[c] > student[b] ? c : b;
        }
      counts[a * CLASSES + b]++;
    }
}

/* without a test set: live, then each batch of the history, of a view that was given the folder */
static void
test_synthetic (Fixture *f, gconstpointer data)
{
  g_autoptr (WorkbenchDocument) document = open_document (f->folder);
  WorkbenchHistory *history = workbench_document_get_history (document);
  GtkWidget *window = gtk_window_new ();
  WorkbenchEvaluationView *view = g_object_new (WORKBENCH_TYPE_EVALUATION_VIEW, NULL);

  while (workbench_evaluation_view_get_answers (f->view) == NULL) /* batches are shown a few times a second */
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (workbench_evaluation_view_get_answers (f->view)->counted, ==, BATCH);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  g_assert_null (workbench_evaluation_view_get_answers (view));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpuint (workbench_history_get_length (history), ==, SYNTHESES);
  while (!gtk_widget_get_mapped (GTK_WIDGET (view))) /* it does nothing while nobody looks */
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < SYNTHESES; i++)
    {
      guint32 counts[CLASSES * CLASSES] = { 0 };

      gtk_adjustment_set_value (slider_of (view, 1), i);
      while (workbench_history_get (history, i + 1) == NULL || workbench_evaluation_view_get_answers (view) == NULL)
        g_main_context_iteration (NULL, TRUE);
      count_pictures (workbench_history_get (history, i + 1), counts);
      assert_counts (workbench_evaluation_view_get_answers (view), counts);
      assert_cells (GTK_WIDGET (view), counts);
    }
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  g_assert_null (workbench_evaluation_view_get_answers (view));
  close_watched (window, view);
}

/* beside the test set, and not beside synthetic images, of which the teacher's answers are the measure */
static void
test_teacher (Fixture *f)
{
  g_autoptr (WorkbenchDocument) document = open_document (f->folder);
  WorkbenchChartLayer *line = find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_REFERENCE_LAYER);
  double accuracy = workbench_document_get_status (document)->teacher_accuracy;

  g_assert_true (isfinite (accuracy));
  choose (f->view, WORKBENCH_AGAINST_LABELS);
  g_assert_true (workbench_chart_layer_get_visible (line));
  g_assert_cmpfloat_with_epsilon (workbench_reference_layer_get_value (WORKBENCH_REFERENCE_LAYER (line)), accuracy, 1e-9);
  g_assert_cmpstr (workbench_reference_layer_get_text (WORKBENCH_REFERENCE_LAYER (line)), ==, "teacher");
  choose (f->view, WORKBENCH_AGAINST_SYNTHETIC);
  g_assert_false (workbench_chart_layer_get_visible (line));
}

/* whether a chart has an entry of this title in its legend */
static gboolean
is_listed (GtkWidget *widget, const char *title)
{
  gboolean listed = FALSE;

  for (guint i = 0; WORKBENCH_IS_CHART (widget) && i < workbench_chart_get_n_layers (WORKBENCH_CHART (widget)); i++)
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (WORKBENCH_CHART (widget), i);

      listed |= workbench_chart_layer_get_listed (layer) && g_str_equal (workbench_chart_layer_get_title (layer), title);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !listed; child = gtk_widget_get_next_sibling (child))
    listed = is_listed (child, title);
  return listed;
}

/* a run beside: its course, and its share of each class when it was last measured before what is shown */
static void
test_beside (Fixture *f)
{
  g_autoptr (WorkbenchDocument) document = open_document (f->folder);
  const DfkdAssessment *first = g_ptr_array_index (workbench_document_get_assessments (document), 0);
  g_autoptr (DfkdConfusion) answers = workbench_answers_of_assessment (first, WORKBENCH_AGAINST_LABELS);
  g_autofree char *title = g_path_get_basename (f->folder), *named = g_strdup_printf ("%s after synthesis 1", title), *course = g_strdup_printf ("\"student, %s\"", title);
  g_autofree char *accuracy = g_strdup_printf ("student, %s", title), *agreement = g_strdup_printf ("%s, %s", workbench_series_label (DFKD_SERIES_AGREEMENT_TEST), title);
  g_autofree char *csv = g_build_filename (root, "beside.csv", NULL), *text = NULL;
  g_autoptr (GString) strokes = g_string_new (NULL);
  WorkbenchWindow *window = WORKBENCH_WINDOW (f->window);
  static const char *const others[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", NULL };
  GtkWidget *table = find_widget (GTK_WIDGET (f->view), WORKBENCH_TYPE_RUN_GRID);
  WorkbenchChartLayer *ticks;
  WorkbenchDocument *other;
  const char *line;

  g_assert_false (gtk_widget_get_visible (table));
  g_assert_null (find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_TICK_LAYER));
  g_assert_true (workbench_window_compare (window, f->folder)); /* it may stand beside itself */
  TURN_UNTIL ((ticks = find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_TICK_LAYER)) != NULL);
  g_assert_true (workbench_window_get_view (window) == WORKBENCH_VIEW (f->view)); /* which compares, too */
  gtk_adjustment_set_value (slider_of (f->view, 0), 0.0);
  g_assert_cmpstr (workbench_chart_layer_get_title (ticks), ==, named);
  WORKBENCH_CHART_LAYER_GET_CLASS (ticks)->write_csv (ticks, strokes);
  line = strokes->str;
  for (guint i = 0; i < CLASSES; i++) /* the uppermost row is the last */
    {
      double wanted = 100.0 * dfkd_confusion_recall (answers, CLASSES - 1 - i), value;
      const char *at = strchr (line, ',');
      guint row;

      if (isnan (wanted))
        continue;
      g_assert_true (at != NULL && sscanf (at, ",%u,%lf", &row, &value) == 2);
      g_assert_cmpuint (row, ==, i);
      g_assert_cmpfloat_with_epsilon (value, wanted, 1e-6);
      line = strchr (at, '\n') + 1;
    }
  g_assert_true (workbench_view_save (WORKBENCH_VIEW (f->view), csv, NULL));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, course));
  g_assert_nonnull (strstr (text, agreement)); /* which is there, */
  g_assert_false (is_listed (GTK_WIDGET (f->view), agreement)); /* but a run beside has one line */
  g_assert_true (is_listed (GTK_WIDGET (f->view), accuracy));
  g_assert_true (gtk_widget_get_visible (table));
  TURN_UNTIL (find_text (table, "3/3") != NULL); /* how far both are */
  choose (f->view, WORKBENCH_AGAINST_SYNTHETIC); /* batches of other runs are not of the same images */
  g_assert_null (find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_TICK_LAYER));
  choose (f->view, WORKBENCH_AGAINST_LABELS);
  g_assert_nonnull (find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_TICK_LAYER));
  workbench_comparison_remove (window->comparison, 0);
  g_assert_false (gtk_widget_get_visible (table));
  g_assert_null (find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_TICK_LAYER));

  /* of one with other classes, though there are as many of them, no share is one of a class here */
  g_assert_nonnull (workbench_document_get_class_names (window->document));
  g_assert_true (dfkd_run_classes_save (f->folder, others, NULL));
  g_assert_true (workbench_window_compare (window, f->folder));
  other = g_ptr_array_index (workbench_comparison_get (window->comparison), 0);
  TURN_UNTIL (!workbench_document_is_loading (other) && workbench_document_get_assessments (other)->len > 0);
  gtk_adjustment_set_value (slider_of (f->view, 0), 1.0);
  gtk_adjustment_set_value (slider_of (f->view, 0), 0.0);
  g_assert_null (find_layer (GTK_WIDGET (f->view), WORKBENCH_TYPE_TICK_LAYER));
  workbench_comparison_remove (window->comparison, 0);
  g_assert_true (dfkd_run_classes_save (f->folder, workbench_document_get_class_names (window->document), NULL));
}

/* ------------------------------------------------------------------------------------- what there is no share of */

/* classes that nothing was taken for: a dash, not "nan", by the crosshair and to a screen reader */
static void
test_never_predicted (void)
{
  static const guint64 counts[] = { 4, 0, 0, 0, 3, 0, 1, 1, 0 };
  static const char *const names[] = { "bag", "boot", "coat", NULL };
  GtkWidget *window = gtk_window_new (), *charts = g_object_new (WORKBENCH_TYPE_ANSWERS_CHARTS, NULL);
  WorkbenchChart *chart = WORKBENCH_CHART (find_widget (charts, WORKBENCH_TYPE_CHART));
  DfkdConfusion *answers = dfkd_confusion_new (3, NULL);
  g_autofree char *coat = NULL, *bag = NULL, *wrong = NULL;

  memcpy (answers->counts, counts, sizeof counts);
  answers->counted = 9;
  workbench_answers_charts_show (WORKBENCH_ANSWERS_CHARTS (charts), answers, names);
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (window), charts);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (chart->drawn);
  g_assert_true (press_key (GTK_WIDGET (chart), GDK_KEY_Down, 0));
  for (guint i = 0; i < 3; i++)
    press_key (GTK_WIDGET (chart), GDK_KEY_Down, 0);
  turn_for (40);
  coat = workbench_chart_describe (chart);
  g_assert_nonnull (strstr (coat, "coat: 0.00 % (0 of 2), precision –"));
  wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, coat);
  g_assert_cmpstr (wrong, ==, NULL);
  for (guint i = 0; i < 3; i++)
    press_key (GTK_WIDGET (chart), GDK_KEY_Up, 0);
  turn_for (40);
  bag = workbench_chart_describe (chart);
  g_assert_nonnull (strstr (bag, "bag: 100.00 % (4 of 4), precision 80.00 %"));
  close_watched (window, charts);
}

static void
test_with_data (Fixture *f, gconstpointer data)
{
  test_test_set (f, data);
  test_teacher (f);
  choose (f->view, WORKBENCH_AGAINST_LABELS);
  test_saving (f, data);
  test_beside (f);
  test_sorting (f, data);
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  root = g_dir_make_tmp ("dfkd-evaluation-XXXXXX", NULL);
  g_test_add_func ("/evaluation/never-predicted", test_never_predicted);
  g_test_add ("/evaluation/test-set", Fixture, "data", set_up, test_with_data, tear_down);
  g_test_add ("/evaluation/synthetic", Fixture, NULL, set_up, test_synthetic, tear_down);
  result = g_test_run ();
  remove_folder (root);
  g_free (root);
  return result;
}
