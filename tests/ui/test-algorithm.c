/* test-algorithm.c: the view of algorithm 1 in the window: its buttons advance exactly what they say, its boxes light up where the
 * run is, its equations are those of the recipe. */
#include "workbench-algorithm-diagram.h"
#include "support.h"
#include "workbench-equation.h"
#include "small-window.h"
#include "workbench-algorithm-view.h"
#include "workbench-pane.h"
#include "workbench-window-private.h"

#include <string.h>

static gboolean
on_timeout (gpointer data)
{
  g_error ("the diagram did not get there in time");
  return G_SOURCE_REMOVE;
}

typedef struct {
  GtkWidget *window, *view;
  WorkbenchAlgorithmDiagram *diagram;
  AdwApplication *application;
  guint timeout;
} Fixture;

static void
set_up (Fixture *f, gconstpointer syntheses)
{
  static const struct {
    DfkdParameterId id;
    double value;
  } values[] = { { DFKD_PARAMETER_BATCH, 8 }, { DFKD_PARAMETER_NZ, 12 }, { DFKD_PARAMETER_NGF, 4 }, { DFKD_PARAMETER_WARMUP, 1 }, { DFKD_PARAMETER_KD_STEPS, 4 },
                 { DFKD_PARAMETER_K, 3 } };
  DfkdSessionOptions options = { .device = "cpu", .paused = TRUE };
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  static guint windows;
  g_autofree char *id = g_strdup_printf ("org.dfkd.Workbench.Algorithm%u", windows++);
  GtkWidget *pane;

  f->application = adw_application_new (id, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (f->application), NULL, NULL);
  f->timeout = g_timeout_add_seconds (55, on_timeout, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    recipe->number[values[i].id] = values[i].value;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = GPOINTER_TO_UINT (syntheses);
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  f->window = GTK_WIDGET (workbench_window_new (f->application, recipe, &options));
  gtk_window_present (GTK_WINDOW (f->window));
  pane = find_widget (f->window, WORKBENCH_TYPE_PANE);
  workbench_pane_show (WORKBENCH_PANE (pane), "algorithm");
  f->view = GTK_WIDGET (workbench_pane_get_view (WORKBENCH_PANE (pane)));
  f->diagram = WORKBENCH_ALGORITHM_DIAGRAM (find_widget (f->view, WORKBENCH_TYPE_ALGORITHM_DIAGRAM));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_source_remove (f->timeout);
  end_window (f->window);
  g_object_unref (f->application);
}

static const char *
values_of (Fixture *f, WorkbenchAlgorithmPart part)
{
  return workbench_algorithm_box_get_values (workbench_algorithm_diagram_get_box (f->diagram, part));
}

static void
wait_for_values (Fixture *f, WorkbenchAlgorithmPart part, const char *wanted)
{
  while (strstr (values_of (f, part), wanted) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
press (Fixture *f, const char *label)
{
  GtkWidget *button = find_labelled (f->view, GTK_TYPE_BUTTON, label);

  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

/* @parts: bits of those and no others */
static void
assert_lit (Fixture *f, guint parts)
{
  for (guint i = 0; i < WORKBENCH_N_ALGORITHM_PARTS; i++)
    g_assert_cmpint (workbench_algorithm_box_is_lit (workbench_algorithm_diagram_get_box (f->diagram, i)), ==, (parts >> i & 1) != 0);
}

enum {
  DRAW = 1 << WORKBENCH_ALGORITHM_DRAW,
  INNER = 1 << WORKBENCH_ALGORITHM_IMAGES | 1 << WORKBENCH_ALGORITHM_LOSSES | 1 << WORKBENCH_ALGORITHM_INNER,
  OUTER = 1 << WORKBENCH_ALGORITHM_OUTER | 1 << WORKBENCH_ALGORITHM_POOL,
};

/* what a button asks for, and nothing after it, even when nobody presses again for a while */
static void
assert_stays (Fixture *f, const char *synthesis, const char *loop, const char *pool, guint lit)
{
  wait_for_values (f, WORKBENCH_ALGORITHM_DRAW, synthesis);
  wait_for_values (f, WORKBENCH_ALGORITHM_LOOP, loop);
  wait_for_values (f, WORKBENCH_ALGORITHM_POOL, pool); /* steps in between show the same of the others */
  turn_for (300);
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_DRAW), synthesis));
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_LOOP), loop));
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_POOL), pool));
  assert_lit (f, lit);
}

static void
test_steps (Fixture *f, gconstpointer data)
{
  while (!gtk_widget_get_sensitive (find_labelled (f->view, GTK_TYPE_BUTTON, "Inner Step")))
    g_main_context_iteration (NULL, TRUE);
  assert_stays (f, "synthesis 1 of 4", "j = 0 of k = 3\n○○○", "= 0 images", DRAW);
  g_assert_nonnull (find_text (f->view, "Latents and labels are drawn")); /* what is explained goes along */
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_LOSSES), "L = …"));
  press (f, "Inner Step");
  assert_stays (f, "synthesis 1 of 4", "j = 1 of k = 3\n●○○", "= 0 images", INNER);
  g_assert_nonnull (find_text (f->view, "Equation (3) says"));
  g_signal_emit_by_name (workbench_algorithm_diagram_get_box (f->diagram, WORKBENCH_ALGORITHM_POOL), "clicked");
  g_assert_nonnull (find_text (f->view, "join the pool of all"));
  press (f, "Inner Step");
  assert_stays (f, "synthesis 1 of 4", "j = 2 of k = 3\n●●○", "= 0 images", INNER);
  g_assert_nonnull (find_text (f->view, "join the pool of all")); /* until the run is at another part */
  g_assert_null (strstr (values_of (f, WORKBENCH_ALGORITHM_LOSSES), "L = …"));
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_LOSSES), "warm-up"));
  press (f, "Inner Step");
  assert_stays (f, "synthesis 1 of 4", "j = 3 of k = 3\n●●●", "= 0 images", OUTER);
  g_assert_nonnull (find_text (f->view, "The generator itself moves"));
  press (f, "Synthesis");
  assert_stays (f, "synthesis 2 of 4", "j = 0 of", "= 8 images", DRAW);
  press (f, "Inner Step"); /* twice at once are two */
  press (f, "Inner Step");
  assert_stays (f, "synthesis 2 of 4", "j = 2 of k = 3\n●●○", "= 8 images", INNER);
  press (f, "Inner Step");
  assert_stays (f, "synthesis 2 of 4", "j = 3 of k = 3\n●●●", "= 8 images", OUTER);
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_STUDENT), "begins after 1"));
  press (f, "Epoch");
  assert_stays (f, "synthesis 3 of 4", "j = 0 of", "= 16 images", DRAW);
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_STUDENT), "Ls = "));
  press (f, "Synthesis"); /* stops before its student steps */
  assert_stays (f, "synthesis 3 of 4", "j = 3 of", "= 24 images", 1 << WORKBENCH_ALGORITHM_STUDENT);
  g_assert_nonnull (strstr (values_of (f, WORKBENCH_ALGORITHM_STUDENT), "0 of 4 done"));
  g_assert_nonnull (find_text (f->view, "Synthesis 3: student step 1 of 4"));
  g_assert_nonnull (find_text (f->view, "the student learns to answer"));
  press (f, "Epoch");
  press (f, "Epoch");
  wait_for_values (f, WORKBENCH_ALGORITHM_POOL, "= 32 images");
  while (find_text (f->view, "The run is over") == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_lit (f, 0);
  g_assert_false (gtk_widget_get_sensitive (find_labelled (f->view, GTK_TYPE_BUTTON, "Epoch")));
}

static void
test_keyboard (Fixture *f, gconstpointer data)
{
  GtkWidget *box = GTK_WIDGET (workbench_algorithm_diagram_get_box (f->diagram, WORKBENCH_ALGORITHM_DRAW));

  TURN_UNTIL (gtk_widget_get_width (GTK_WIDGET (workbench_algorithm_diagram_get_box (f->diagram, WORKBENCH_N_ALGORITHM_PARTS - 1))) > 0);
  g_assert_true (gtk_widget_grab_focus (box));
  g_assert_true (gtk_widget_child_focus (f->window, GTK_DIR_RIGHT));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (f->window)) == GTK_WIDGET (workbench_algorithm_diagram_get_box (f->diagram, WORKBENCH_ALGORITHM_IMAGES)));
  g_assert_true (gtk_widget_child_focus (f->window, GTK_DIR_DOWN));
  box = gtk_root_get_focus (GTK_ROOT (f->window));
  g_assert_true (box == GTK_WIDGET (workbench_algorithm_diagram_get_box (f->diagram, WORKBENCH_ALGORITHM_LOOP)));
  g_signal_emit_by_name (box, "clicked");
  g_assert_nonnull (find_text (f->view, "Images, loss and inner step, again and again"));
  gtk_test_accessible_assert_property (box, GTK_ACCESSIBLE_PROPERTY_LABEL, "Inner loop");
  gtk_test_accessible_assert_role (box, GTK_ACCESSIBLE_ROLE_BUTTON);
}

/* as the window's own button does, those of the view take what is typed before they step */
static void
test_typed (Fixture *f, gconstpointer data)
{
  WorkbenchParameterRow *row = find_row (f->window, DFKD_PARAMETER_K);
  GtkEditable *entry = GTK_EDITABLE (find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY));

  TURN_UNTIL (gtk_widget_get_sensitive (find_labelled (f->view, GTK_TYPE_BUTTON, "Inner Step")));
  g_assert_nonnull (find_text (f->view, "begins after 1 synthesis"));
  g_assert_null (find_text (f->view, "begins after 1 syntheses"));
  gtk_editable_set_text (entry, "many");
  g_signal_emit_by_name (find_labelled (f->view, GTK_TYPE_BUTTON, "Inner Step"), "clicked");
  TURN_UNTIL (find_text (f->window, "What is typed for “Inner steps” is not allowed") != NULL);
  gtk_editable_set_text (entry, "2");
  g_signal_emit_by_name (find_labelled (f->view, GTK_TYPE_BUTTON, "Inner Step"), "clicked");
  TURN_UNTIL (find_text (f->view, "j = 1 of k = 2") != NULL);
}

/* whenever a run that goes on by itself is paused, what is explained is where it stands */
static void
test_pauses (Fixture *f, gconstpointer data)
{
  static const char *const said[WORKBENCH_N_ALGORITHM_PARTS] = {
    [WORKBENCH_ALGORITHM_DRAW] = "Latents and labels are drawn",     [WORKBENCH_ALGORITHM_LOSSES] = "Equation (3) says",
    [WORKBENCH_ALGORITHM_OUTER] = "The generator itself moves",      [WORKBENCH_ALGORITHM_STUDENT] = "the student learns to answer",
    [WORKBENCH_ALGORITHM_EVALUATION] = "Now and then the student is",
  };
  WorkbenchDocument *document = WORKBENCH_WINDOW (f->window)->document;

  TURN_UNTIL (gtk_widget_get_sensitive (find_labelled (f->view, GTK_TYPE_BUTTON, "Inner Step")));
  for (guint i = 0; i < 12; i++)
    {
      WorkbenchAlgorithmState state;
      WorkbenchAlgorithmPart present;

      g_assert_true (gtk_widget_activate_action (f->window, "win.run", NULL));
      turn_for (40 + 25 * i);
      g_assert_true (gtk_widget_activate_action (f->window, "win.run", NULL));
      TURN_UNTIL (workbench_document_get_status (document)->state == DFKD_STATE_PAUSED);
      turn_for (200); /* the step that it was in */
      workbench_algorithm_state_init (&state, document);
      present = workbench_algorithm_present (&state);
      workbench_algorithm_state_clear (&state);
      g_assert_cmpuint (present, <, WORKBENCH_N_ALGORITHM_PARTS);
      g_assert_nonnull (find_text (f->view, said[present]));
    }
}

static void
count_change (GObject *label, GParamSpec *spec, guint *count)
{
  ++*count;
}

/* small steps, thousands a second: the diagram follows at its own pace */
static void
test_pace (Fixture *f, gconstpointer data)
{
  GtkWidget *place = gtk_widget_get_first_child (gtk_widget_get_first_child (f->view));
  guint count = 0;
  gint64 started;
  double seconds;

  g_assert_nonnull (get_text (place));
  while (!gtk_widget_get_sensitive (find_labelled (f->view, GTK_TYPE_BUTTON, "Inner Step")))
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_activate_action (f->window, "win.run", NULL);
  turn_for (300);
  g_signal_connect (place, "notify::label", G_CALLBACK (count_change), &count);
  started = g_get_monotonic_time ();
  while (count < 5 || g_get_monotonic_time () - started < 2 * G_USEC_PER_SEC) /* on a busy machine it takes longer */
    g_main_context_iteration (NULL, TRUE);
  seconds = (double) (g_get_monotonic_time () - started) * 1e-6;
  g_test_message ("%u changes in %.1f s", count, seconds);
  g_assert_cmpfloat (count, <=, 10.0 * seconds + 1.0);
}

/* @markup: (transfer full). Returns: (transfer full): without */
static char *
plain (char *markup)
{
  char *text = NULL;

  g_assert_true (pango_parse_markup (markup, -1, 0, NULL, &text, NULL, NULL));
  g_free (markup);
  return text;
}

static void
assert_has (const char *text, const char *wanted, gboolean has)
{
  if ((strstr (text, wanted) != NULL) != has)
    g_error ("“%s” %s “%s”", text, has ? "lacks" : "has", wanted);
}

/* what the view says of the losses are the terms of the method, each with its equation, its weight and what else turns it, and no others */
static void
check_terms (WorkbenchAlgorithmState *state)
{
  static const char *const adversarial[] = { [DFKD_ADVERSARIAL_DECISION] = "Ladv = −mean(KL(ft‖fs)·[argmax fs = argmax ft])",
                                             [DFKD_ADVERSARIAL_KL] = "Ladv = −mean KL(ft‖fs)",
                                             [DFKD_ADVERSARIAL_JS] = "Ladv = −mean JS(softmax(ft/3), softmax(fs/3))",
                                             [DFKD_ADVERSARIAL_L1] = "Ladv = −mean│ft − fs│" };
  static const char *const weights[] = { "αbn", "αoh", "αadv", "αact", "αbal", "αcr", "αtv", "αl2" };
  const DfkdMethod *method = dfkd_recipe_get_method (state->recipe);
  gboolean has_bn = dfkd_method_has_term (method, DFKD_TERM_BN), has_adv = dfkd_method_has_term (method, DFKD_TERM_ADV);
  gboolean averages = has_bn && dfkd_method_setting (method, "bn_momentum") != NULL, contrasts = dfkd_method_has_term (method, DFKD_TERM_CR);
  gboolean opposes = dfkd_method_setting (method, "student_bn") != NULL;
  g_autofree char *equation = plain (workbench_algorithm_equation (WORKBENCH_ALGORITHM_LOSSES, state));
  g_autofree char *values = plain (workbench_algorithm_values (WORKBENCH_ALGORITHM_LOSSES, state));
  g_autofree char *explanation = plain (workbench_algorithm_explanation (WORKBENCH_ALGORITHM_LOSSES, state));

  for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
    {
      g_autofree char *product = g_strdup_printf ("%sL%s", weights[term], dfkd_term_name (term));
      g_autofree char *defined = g_strdup_printf ("L%s = ", dfkd_term_name (term)), *weight = g_strdup_printf ("%s = ", weights[term]);
      gboolean has = dfkd_method_has_term (method, term);

      assert_has (equation, product, has);
      assert_has (explanation, defined, has);
      assert_has (values, weight, has);
      assert_has (values, defined, has);
    }
  for (guint i = 0; i < DFKD_N_ADVERSARIALS; i++)
    assert_has (explanation, adversarial[i], has_adv && i == method->adversarial);
  assert_has (explanation, "CE(ft(x), argmax ft(x))", dfkd_method_has_term (method, DFKD_TERM_OH) && method->labels_follow);
  assert_has (explanation, "CE(ft(x), y)", dfkd_method_has_term (method, DFKD_TERM_OH) && !method->labels_follow);
  assert_has (values, "m = ", averages);
  assert_has (explanation, "(1 − m)", averages);
  assert_has (values, "βbn = ", opposes);
  assert_has (explanation, "βbn", opposes);
  assert_has (values, "τ = ", contrasts);
  g_assert_cmpint (workbench_algorithm_asks_student (state), ==, !g_str_equal (method->name, "dafl") && !g_str_equal (method->name, "gendfd"));
  if (method->loss != NULL)
    g_assert_cmpstr (equation, ==, "L = CE(fs(x), argmax ft(x))  (3)"); /* of the only one that has no terms */
}

/* by which criterion the student learns, and with which numbers */
static void
check_student (WorkbenchAlgorithmState *state)
{
  const DfkdMethod *method = dfkd_recipe_get_method (state->recipe);
  gboolean softened = method->criterion == DFKD_CRITERION_KL;
  g_autofree char *equation = plain (workbench_algorithm_equation (WORKBENCH_ALGORITHM_STUDENT, state));
  g_autofree char *values = plain (workbench_algorithm_values (WORKBENCH_ALGORITHM_STUDENT, state));
  g_autofree char *explanation = plain (workbench_algorithm_explanation (WORKBENCH_ALGORITHM_STUDENT, state));

  assert_has (equation, "+ λθs", TRUE);
  assert_has (values, "λ = 0.0001", TRUE);
  assert_has (values, "β = 0.9", TRUE);
  assert_has (values, "T = 20", softened);
  assert_has (explanation, "temperature", softened);
  assert_has (explanation, "Ls = T²·KL(softmax(ft/T)‖softmax(fs/T))", softened);
  assert_has (explanation, "Ls = mean│ft − fs│", !softened);
  assert_has (explanation, "out of the pool", method->learns_from == DFKD_IMAGES_POOL);
  assert_has (explanation, "fresh images", method->learns_from == DFKD_IMAGES_FRESH);
  assert_has (explanation, "training data", method->learns_from == DFKD_IMAGES_ORIGINALS);
}

/* the average over earlier syntheses has no say before there is one */
static void
check_momentum (WorkbenchAlgorithmState *state)
{
  for (state->status.synthesis = 1; state->status.synthesis <= 2; state->status.synthesis++)
    {
      g_autofree char *values = plain (workbench_algorithm_values (WORKBENCH_ALGORITHM_LOSSES, state));

      assert_has (values, "m = 0 in the first synthesis", state->status.synthesis == 1);
      assert_has (values, "m = 0.9", state->status.synthesis == 2);
    }
  state->status.synthesis = 50;
}

static void
test_typesetting (void)
{
  static const char *const pairs[][2] = {
    { "L_oh = CE(f_t(x), y)", "<i>L</i><sub>oh</sub> = CE(<i>f</i><sub>t</sub>(<i>x</i>), <i>y</i>)" },
    { "σ̂²_l < p̄ log p̄", "<i>σ̂</i>²<sub>l</sub> &lt; <i>p̄</i> log <i>p̄</i>" },
    { "θ′ ← θ′ − η_g·Adam(∇L)", "<i>θ</i>′ ← <i>θ</i>′ − <i>η</i><sub>g</sub>·Adam(∇<i>L</i>)" },
    { "Σ ‖x‖₂", "Σ ‖<i>x</i>‖₂" },
    { "", "" },
    { "_", "<sub></sub>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *markup = workbench_equation_markup (pairs[i][0]);

      g_assert_cmpstr (markup, ==, pairs[i][1]);
    }
}

/* every recipe has equations that can be set, and its own outer step */
static void
test_equations (void)
{
  WorkbenchAlgorithmState state = { .recipe = dfkd_recipe_new (), .status = { .k = 5 } };
  static const char *const outer[] = { "Σj≤k ∂L/\u2060∂θ′j", "Adam(∂L/\u2060∂θ′k)", "67(θ − θ′k)", "∂L(θ′k)/\u2060∂θ)" };

  check_momentum (&state);
  g_assert_cmpuint (g_strv_length ((char **) dfkd_parameter (DFKD_PARAMETER_META_GRADIENT)->choices), ==, G_N_ELEMENTS (outer));
  for (guint meta = 0; meta < G_N_ELEMENTS (outer); meta++)
    for (guint reuse = 0; reuse < 3; reuse++)
      for (guint part = 0; part < WORKBENCH_N_ALGORITHM_PARTS; part++)
        {
          g_autofree char *equation = NULL, *values = NULL, *explanation = NULL, *text = NULL;

          state.recipe->number[DFKD_PARAMETER_META_GRADIENT] = meta;
          state.recipe->number[DFKD_PARAMETER_REUSE] = reuse;
          equation = workbench_algorithm_equation (part, &state);
          values = workbench_algorithm_values (part, &state);
          explanation = workbench_algorithm_explanation (part, &state);
          g_assert_true (pango_parse_markup (values, -1, 0, NULL, NULL, NULL, NULL));
          g_assert_true (pango_parse_markup (explanation, -1, 0, NULL, NULL, NULL, NULL));
          g_assert_true (pango_parse_markup (equation, -1, 0, NULL, &text, NULL, NULL));
          if (part == WORKBENCH_ALGORITHM_OUTER && reuse == 0)
            for (guint i = 0; i < G_N_ELEMENTS (outer); i++)
              g_assert_true ((strstr (text, outer[i]) != NULL) == (i == meta));
          if (part == WORKBENCH_ALGORITHM_OUTER && reuse != 0)
            g_assert_nonnull (strstr (explanation, "meta-learns nothing"));
          if (part == WORKBENCH_ALGORITHM_LOOP)
            g_assert_true ((strstr (explanation, "meta-learned start") != NULL) == (reuse == 0));
        }
  for (guint method = 0; dfkd_method_names[method] != NULL; method++)
    {
      g_assert_true (dfkd_recipe_set (state.recipe, DFKD_PARAMETER_METHOD, dfkd_method_names[method], NULL));
      for (guint part = 0; part < WORKBENCH_N_ALGORITHM_PARTS; part++)
        {
          g_autofree char *equation = workbench_algorithm_equation (part, &state), *values = workbench_algorithm_values (part, &state);
          g_autofree char *explanation = workbench_algorithm_explanation (part, &state);

          g_assert_true (pango_parse_markup (values, -1, 0, NULL, NULL, NULL, NULL));
          g_assert_true (pango_parse_markup (explanation, -1, 0, NULL, NULL, NULL, NULL));
          g_assert_true (pango_parse_markup (equation, -1, 0, NULL, NULL, NULL, NULL));
          if (part == WORKBENCH_ALGORITHM_LOOP && method > 0)
            g_assert_null (strstr (explanation, "meta-learned start"));
        }
      check_terms (&state);
      check_student (&state);
    }
  workbench_algorithm_state_clear (&state);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/algorithm/typesetting", test_typesetting);
  g_test_add_func ("/algorithm/equations", test_equations);
  g_test_add ("/algorithm/typed", Fixture, GUINT_TO_POINTER (4), set_up, test_typed, tear_down);
  g_test_add ("/algorithm/steps", Fixture, GUINT_TO_POINTER (4), set_up, test_steps, tear_down);
  g_test_add ("/algorithm/keyboard", Fixture, GUINT_TO_POINTER (4), set_up, test_keyboard, tear_down);
  g_test_add ("/algorithm/pauses", Fixture, GUINT_TO_POINTER (50000), set_up, test_pauses, tear_down);
  g_test_add ("/algorithm/pace", Fixture, GUINT_TO_POINTER (50000), set_up, test_pace, tear_down);
  return g_test_run ();
}
