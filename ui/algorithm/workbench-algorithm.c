/* workbench-algorithm.c: titles, equations, values and explanations of the parts of algorithm 1. */
#include "workbench-algorithm.h"

#include "workbench-equation.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Symbols as METHOD and the parameter table have them, set in italics with their indices below. */
#define S_JOIN "\u2060" /* no line ends here */
#define S_THETA "<i>θ</i>"
#define S_THETA_FAST "<i>θ</i>′"
#define S_Z "<i>z</i>"
#define S_X "<i>x</i>"
#define S_Y "<i>y</i>"
#define S_K "<i>k</i>"
#define S_LOSS "<i>L</i>"
#define S_SUB(letter, index) "<i>" letter "</i><sub>" index "</sub>"
#define S_RATE_G S_SUB ("η", "g")
#define S_RATE_Z S_SUB ("η", "z")
#define S_RATE_S S_SUB ("η", "s")

/* what turns a term besides its weight */
static const struct {
  DfkdTerm term;
  DfkdParameterId id;
} further[] = { { DFKD_TERM_BN, DFKD_PARAMETER_BN_MOMENTUM }, { DFKD_TERM_BN, DFKD_PARAMETER_STUDENT_BN }, { DFKD_TERM_CR, DFKD_PARAMETER_CR_TEMPERATURE } };

static const struct {
  const char *title;
  const char *explanation;
} parts[WORKBENCH_N_ALGORITHM_PARTS] = {
  [WORKBENCH_ALGORITHM_DRAW] = { N_ ("Start of a synthesis"),
                                 N_ ("Latents and labels are drawn for a new batch, and the generator's weights are copied: the copy is "
                                     "adapted to this batch, equation (1).") },
  [WORKBENCH_ALGORITHM_IMAGES] = { N_ ("Images"), N_ ("The generator turns the latents into images, equation (2); they are augmented before the "
                                                      "networks see them.") },
  [WORKBENCH_ALGORITHM_LOSSES] = { N_ ("Inversion loss"),
                                   N_ ("Equation (3) says how far the images are from what is wanted of them. It is the weighted sum of these terms:") },
  [WORKBENCH_ALGORITHM_INNER] = { N_ ("Inner step"), N_ ("The copied weights and the latents both take a step down the gradient of the loss, equation (4). The images "
                                                         "of the smallest loss are kept.") },
  [WORKBENCH_ALGORITHM_LOOP] = { N_ ("Inner loop"), N_ ("Images, loss and inner step, again and again until there have been as many as the recipe says.") },
  [WORKBENCH_ALGORITHM_OUTER] = { N_ ("Outer step"), N_ ("The generator itself moves, equation (5), towards weights from which any batch is reached in those few inner "
                                                         "steps.") },
  [WORKBENCH_ALGORITHM_POOL] = { N_ ("Memory"), N_ ("The best images of the synthesis join the pool of all, equation (6); the student learns from the whole of it.") },
  [WORKBENCH_ALGORITHM_STUDENT] = { N_ ("Student step"), N_ ("On augmented images out of the pool the student learns to answer as the teacher does, equation (7).") },
  [WORKBENCH_ALGORITHM_EVALUATION] = { N_ ("Evaluation"), N_ ("Now and then the student is measured on test data, equation (8), from which it never learns.") },
};

void
workbench_algorithm_state_init (WorkbenchAlgorithmState *state, WorkbenchDocument *document)
{
  WorkbenchRun *run = workbench_document_get_run (document);

  state->is_live = run != NULL;
  state->goes_on_elsewhere = workbench_document_goes_on_elsewhere (document);
  state->recipe = dfkd_recipe_copy (workbench_document_get_present (document));
  state->status = *workbench_document_get_status (document);
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    {
      WorkbenchSeries *series = workbench_document_get_series (document, i);
      guint length = workbench_series_get_length (series);

      state->last[i] = length > 0 ? workbench_series_get_y (series, length - 1) : (double) NAN;
    }
}

void
workbench_algorithm_state_clear (WorkbenchAlgorithmState *state)
{
  g_clear_pointer (&state->recipe, dfkd_recipe_free);
}

const char *
workbench_algorithm_title (WorkbenchAlgorithmPart part)
{
  return _(parts[part].title);
}

/* of the equations, by part */
static const guint numbers[WORKBENCH_N_ALGORITHM_PARTS] = {
  [WORKBENCH_ALGORITHM_DRAW] = 1,  [WORKBENCH_ALGORITHM_IMAGES] = 2, [WORKBENCH_ALGORITHM_LOSSES] = 3,  [WORKBENCH_ALGORITHM_INNER] = 4,
  [WORKBENCH_ALGORITHM_OUTER] = 5, [WORKBENCH_ALGORITHM_POOL] = 6,   [WORKBENCH_ALGORITHM_STUDENT] = 7, [WORKBENCH_ALGORITHM_EVALUATION] = 8,
};

static double
number (const WorkbenchAlgorithmState *state, DfkdParameterId id)
{
  return state->recipe->number[id];
}

static gboolean
has_choice (const WorkbenchAlgorithmState *state, DfkdParameterId id, const char *name)
{
  return g_str_equal (dfkd_parameter (id)->choices[(guint) number (state, id)], name);
}

static const DfkdMethod *
method_of (const WorkbenchAlgorithmState *state)
{
  return dfkd_recipe_get_method (state->recipe);
}

static gboolean
has_further (const WorkbenchAlgorithmState *state, guint i, DfkdTerm term)
{
  return further[i].term == term && dfkd_method_setting (method_of (state), dfkd_parameter (further[i].id)->name) != NULL;
}

static DfkdParameterId
weight_of (DfkdTerm term)
{
  DfkdParameterId id = DFKD_PARAMETER_BN;

  dfkd_parameter_find (dfkd_term_name (term), &id);
  return id;
}

/* whether there is a generator that is meta-learned at all */
static gboolean
is_common (const WorkbenchAlgorithmState *state)
{
  return method_of (state)->outer == NULL && has_choice (state, DFKD_PARAMETER_REUSE, "common");
}

/* --------------------------------------------------------------------------------------------------- equations */

static const char *
outer_equation (const WorkbenchAlgorithmState *state)
{
  if (!is_common (state))
    return "<i>μ̄</i>, <i>σ̄</i>² ← …";
  if (has_choice (state, DFKD_PARAMETER_META_GRADIENT, "reptile"))
    return S_THETA " ← " S_THETA " − " S_K S_RATE_G "·Adam(67(" S_THETA " − <i>θ</i>′<sub><i>k</i></sub>))";
  if (has_choice (state, DFKD_PARAMETER_META_GRADIENT, "fomaml-last"))
    return S_THETA " ← " S_THETA " − " S_K S_RATE_G "·Adam(∂" S_LOSS "/" S_JOIN "∂<i>θ</i>′<sub><i>k</i></sub>)";
  if (has_choice (state, DFKD_PARAMETER_META_GRADIENT, "maml"))
    return S_THETA " ← " S_THETA " − " S_K S_RATE_G "·Adam(∂" S_LOSS "(<i>θ</i>′<sub><i>k</i></sub>)/" S_JOIN "∂" S_THETA ")";
  return S_THETA " ← " S_THETA " − " S_K S_RATE_G "·Adam(Σ<sub><i>j</i>≤<i>k</i></sub> ∂" S_LOSS "/" S_JOIN "∂<i>θ</i>′<sub><i>j</i></sub>)";
}

static const char *
draw_equation (const WorkbenchAlgorithmState *state)
{
  if (has_choice (state, DFKD_PARAMETER_REUSE, "none"))
    return S_Z " ~ N(0, 1), " S_Y " ~ U, " S_THETA_FAST " ← <i>θ</i><sub>0</sub>";
  if (has_choice (state, DFKD_PARAMETER_REUSE, "sequential"))
    return S_Z " ~ N(0, 1), " S_Y " ~ U, " S_THETA_FAST " ← " S_THETA_FAST;
  return S_Z " ~ N(0, 1), " S_Y " ~ U, " S_THETA_FAST " ← " S_THETA;
}

/* "α_bn·L_bn + …" of the terms that the method has, with indices below */
static char *
loss_equation (const WorkbenchAlgorithmState *state)
{
  GString *text = g_string_new (S_LOSS " = ");
  guint count = 0;

  for (DfkdTerm i = 0; i < DFKD_N_TERMS; i++)
    if (dfkd_method_has_term (method_of (state), i))
      {
        g_autofree char *weight = workbench_equation_markup (dfkd_parameter (weight_of (i))->symbol);

        g_string_append_printf (text, "%s%s" S_SUB ("L", "%s"), count++ > 0 ? " + " : "", weight, dfkd_term_name (i));
      }
  g_string_append (text, "  (3)");
  return g_string_free (text, FALSE);
}

/* what the method itself says of a part; NULL: as algorithm 1 has it */
static const char *
own_equation (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state)
{
  const DfkdMethod *method = method_of (state);

  switch (part)
    {
    case WORKBENCH_ALGORITHM_DRAW:
      return method->draws;
    case WORKBENCH_ALGORITHM_IMAGES:
      return method->images;
    case WORKBENCH_ALGORITHM_LOSSES:
      return method->loss;
    case WORKBENCH_ALGORITHM_INNER:
      return method->step;
    case WORKBENCH_ALGORITHM_OUTER:
      return method->outer;
    case WORKBENCH_ALGORITHM_POOL:
      return method->learns_from != DFKD_IMAGES_POOL ? "" : NULL;
    default:
      return NULL;
    }
}

char *
workbench_algorithm_equation (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state)
{
  const char *own = own_equation (part, state);
  g_autofree char *markup = own != NULL ? workbench_equation_markup (own) : NULL;

  if (own != NULL)
    return *own != '\0' ? g_strdup_printf ("%s  (%u)", markup, numbers[part]) : g_strdup ("–");
  switch (part)
    {
    case WORKBENCH_ALGORITHM_DRAW:
      return g_strdup_printf ("%s  (1)", draw_equation (state));
    case WORKBENCH_ALGORITHM_IMAGES:
      return g_strdup (S_X " = <i>G</i>(" S_Z "; " S_THETA_FAST ")  (2)");
    case WORKBENCH_ALGORITHM_LOSSES:
      return loss_equation (state);
    case WORKBENCH_ALGORITHM_INNER:
      return g_strdup (S_THETA_FAST " ← " S_THETA_FAST " − " S_RATE_G "·Adam(∂" S_LOSS "/" S_JOIN "∂" S_THETA_FAST ")\n" S_Z " ← " S_Z " − " S_RATE_Z "·Adam(∂" S_LOSS "/" S_JOIN "∂" S_Z
                       ")  (4)");
    case WORKBENCH_ALGORITHM_LOOP:
      return g_strdup (_("again ↑ while <i>j</i> &lt; <i>k</i>, then ←"));
    case WORKBENCH_ALGORITHM_OUTER:
      return g_strdup_printf ("%s  (5)", outer_equation (state));
    case WORKBENCH_ALGORITHM_POOL:
      return g_strdup ("<i>D</i> ← <i>D</i> ∪ {" S_X " : " S_LOSS " = min}  (6)");
    case WORKBENCH_ALGORITHM_STUDENT:
      return g_strdup (S_SUB ("θ", "s") " ← " S_SUB ("θ", "s") " − " S_RATE_S "·<i>v</i>,  <i>v</i> ← <i>βv</i> + ∂" S_SUB ("L", "s") "/" S_JOIN "∂" S_SUB ("θ", "s") " + <i>λ</i>" S_SUB ("θ", "s") "  (7)");
    case WORKBENCH_ALGORITHM_EVALUATION:
    default:
      return g_strdup (_("mean [argmax <i>f</i><sub>s</sub>(<i>x</i>) = <i>y</i>]  (8)"));
    }
}

/* ------------------------------------------------------------------------------------------------------ values */

static void
add_value (GString *text, const char *symbol, double value)
{
  if (isfinite (value))
    g_string_append_printf (text, "%s = %.4g", symbol, value);
  else
    g_string_append_printf (text, "%s = …", symbol);
}

/* "α_bn = 10, L_bn = 1.02" */
static void
add_term (GString *text, const char *weight_symbol, double weight, const char *symbol, double value)
{
  g_string_append_c (text, '\n');
  add_value (text, weight_symbol, weight);
  g_string_append (text, ",  ");
  add_value (text, symbol, value);
}

/* "m = 0.9" */
static void
add_further (GString *text, DfkdParameterId id, const WorkbenchAlgorithmState *state)
{
  g_autofree char *symbol = workbench_equation_markup (dfkd_parameter (id)->symbol);

  if (id == DFKD_PARAMETER_BN_MOMENTUM && state->status.synthesis <= 1 && number (state, id) > 0.0)
    g_string_append (text, _("<i>m</i> = 0 in the first synthesis"));
  else
    add_value (text, symbol, number (state, id));
}

static void
add_losses (GString *text, const WorkbenchAlgorithmState *state)
{
  const DfkdStatus *s = &state->status;
  gboolean learns = s->synthesis > number (state, DFKD_PARAMETER_WARMUP); /* from then on the student has a say */

  add_value (text, S_LOSS, state->last[DFKD_SERIES_LOSS]);
  for (DfkdTerm i = 0; i < DFKD_N_TERMS; i++)
    {
      g_autofree char *weight = workbench_equation_markup (dfkd_parameter (weight_of (i))->symbol);
      g_autofree char *symbol = g_strdup_printf (S_SUB ("L", "%s"), dfkd_term_name (i));

      if (!dfkd_method_has_term (method_of (state), i))
        continue;
      if (i == DFKD_TERM_ADV && !learns)
        g_string_append_printf (text, "\n%s", _("<i>α</i><sub>adv</sub> = 0 during the warm-up"));
      else
        add_term (text, weight, number (state, weight_of (i)), symbol, state->last[DFKD_SERIES_LOSS + 1 + i]);
      for (guint j = 0, line = 0; j < G_N_ELEMENTS (further); j++) /* on a line of their own */
        if (has_further (state, j, i))
          {
            g_string_append (text, line++ == 0 ? "\n" : ",  ");
            add_further (text, further[j].id, state);
          }
    }
}

/* a dot for every inner step, filled when it is done; a number where there are many */
static void
add_dots (GString *text, const WorkbenchAlgorithmState *state)
{
  const DfkdStatus *s = &state->status;

  g_string_append_printf (text, _("<i>j</i> = %u of <i>k</i> = %u"), s->inner, s->k);
  if (s->k > 16)
    return;
  g_string_append_c (text, '\n');
  for (guint i = 0; i < s->k; i++)
    g_string_append (text, i < s->inner ? "●" : "○");
}

static void
add_rates (GString *text, const WorkbenchAlgorithmState *state)
{
  const DfkdMethod *method = method_of (state);
  gboolean both = dfkd_method_setting (method, "lr_g") != NULL && dfkd_method_setting (method, "lr_z") != NULL;

  if (dfkd_method_setting (method, "lr_g") != NULL)
    add_value (text, S_RATE_G, number (state, DFKD_PARAMETER_LR_G));
  if (both)
    g_string_append (text, ",  ");
  if (dfkd_method_setting (method, "lr_z") != NULL)
    add_value (text, S_RATE_Z, number (state, DFKD_PARAMETER_LR_Z));
}

static void
add_student (GString *text, const WorkbenchAlgorithmState *state)
{
  const DfkdStatus *s = &state->status;

  if (state->is_live && s->state != DFKD_STATE_FINISHED) /* else none is under way, or its folder does not tell how far it is */
    {
      g_string_append_printf (text, _("%u of %u done"), s->student_step, s->kd_steps);
      g_string_append_c (text, '\n');
    }
  if (number (state, DFKD_PARAMETER_STUDENT_BATCH) > 0.0)
    g_string_append_printf (text, S_SUB ("N", "s") " = %.0f,  ", number (state, DFKD_PARAMETER_STUDENT_BATCH));
  if (dfkd_method_uses (method_of (state), "temperature"))
    {
      add_value (text, "<i>T</i>", dfkd_recipe_temperature (state->recipe));
      g_string_append (text, ",  ");
    }
  add_value (text, S_RATE_S, isfinite (state->last[DFKD_SERIES_LR_STUDENT]) ? state->last[DFKD_SERIES_LR_STUDENT] : number (state, DFKD_PARAMETER_LR));
  g_string_append_c (text, '\n');
  add_value (text, "<i>β</i>", number (state, DFKD_PARAMETER_MOMENTUM));
  g_string_append (text, ",  ");
  add_value (text, "<i>λ</i>", number (state, DFKD_PARAMETER_WEIGHT_DECAY));
  if (isfinite (state->last[DFKD_SERIES_LOSS_STUDENT]))
    {
      g_string_append_c (text, '\n');
      add_value (text, S_SUB ("L", "s"), state->last[DFKD_SERIES_LOSS_STUDENT]);
    }
  else if (state->status.clocks.distil <= 0.0) /* that of a branch has begun before */
    {
      const guint warmup = (guint) number (state, DFKD_PARAMETER_WARMUP);

      g_string_append_c (text, '\n');
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "begins after %u synthesis", "begins after %u syntheses", warmup), warmup);
    }
}

static void
add_accuracies (GString *text, const WorkbenchAlgorithmState *state)
{
  const DfkdStatus *s = &state->status;

  if (isfinite (s->accuracy))
    g_string_append_printf (text, _("student %.2f %%\nbest %.2f %%"), s->accuracy, s->best_accuracy);
  else
    g_string_append (text, _("not measured yet"));
  if (isfinite (s->teacher_accuracy))
    g_string_append_printf (text, _("\nteacher %.2f %%"), s->teacher_accuracy);
}

char *
workbench_algorithm_values (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state)
{
  GString *text = g_string_new (NULL);
  const DfkdStatus *s = &state->status;

  switch (part)
    {
    case WORKBENCH_ALGORITHM_DRAW:
      g_string_append_printf (text, _("synthesis %u of %u"), s->synthesis, s->syntheses);
      g_string_append_printf (text, "\n<i>N</i> = %.0f", number (state, DFKD_PARAMETER_BATCH));
      if (method_of (state)->has_generator)
        g_string_append_printf (text, ",  <i>n</i><sub>z</sub> = %.0f", number (state, DFKD_PARAMETER_NZ));
      break;
    case WORKBENCH_ALGORITHM_IMAGES:
      g_string_append_printf (text, _("%.0f images in a batch"), number (state, DFKD_PARAMETER_BATCH));
      break;
    case WORKBENCH_ALGORITHM_LOSSES:
      add_losses (text, state);
      break;
    case WORKBENCH_ALGORITHM_INNER:
      add_rates (text, state);
      break;
    case WORKBENCH_ALGORITHM_LOOP:
      add_dots (text, state);
      break;
    case WORKBENCH_ALGORITHM_OUTER:
      if (is_common (state))
        {
          add_value (text, S_K S_RATE_G, number (state, DFKD_PARAMETER_K) * number (state, DFKD_PARAMETER_LR_G));
          g_string_append_printf (text, "\n%s", dfkd_parameter (DFKD_PARAMETER_META_GRADIENT)->choices[(guint) number (state, DFKD_PARAMETER_META_GRADIENT)]);
        }
      else if (method_of (state)->outer != NULL)
        g_string_append (text, method_of (state)->label);
      else
        g_string_append_printf (text, _("no meta-learning: reuse “%s”"), dfkd_parameter (DFKD_PARAMETER_REUSE)->choices[(guint) number (state, DFKD_PARAMETER_REUSE)]);
      break;
    case WORKBENCH_ALGORITHM_POOL:
      if (method_of (state)->learns_from == DFKD_IMAGES_FRESH)
        g_string_append (text, _("none is kept: the student learns from fresh images"));
      else
        g_string_append_printf (text, _("│<i>D</i>│ = %" PRIu64 " images"), s->images);
      break;
    case WORKBENCH_ALGORITHM_STUDENT:
      add_student (text, state);
      break;
    case WORKBENCH_ALGORITHM_EVALUATION:
    default:
      add_accuracies (text, state);
      break;
    }
  return g_string_free (text, FALSE);
}

/* -------------------------------------------------------------------------------------------------- explanations */

/* "BN statistics: L_bn = …" on a line of its own, where the parameter has an equation */
static void
add_equation (GString *text, const char *indent, DfkdParameterId id, const WorkbenchAlgorithmState *state)
{
  const char *equation = dfkd_recipe_equation (state->recipe, id);
  g_autofree char *markup = workbench_equation_markup (equation), *label = g_markup_escape_text (_(dfkd_parameter (id)->label), -1);

  if (*equation != '\0')
    g_string_append_printf (text, "\n%s%s: %s", indent, label, markup);
}

static char *
explain_losses (const WorkbenchAlgorithmState *state)
{
  GString *text = g_string_new (_(parts[WORKBENCH_ALGORITHM_LOSSES].explanation));

  for (DfkdTerm i = 0; i < DFKD_N_TERMS; i++)
    {
      if (!dfkd_method_has_term (method_of (state), i))
        continue;
      add_equation (text, "", weight_of (i), state);
      for (guint j = 0; j < G_N_ELEMENTS (further); j++)
        if (has_further (state, j, i))
          add_equation (text, "\u2003", further[j].id, state); /* of the term above */
    }
  return g_string_free (text, FALSE);
}

static char *
explain_student (const WorkbenchAlgorithmState *state)
{
  const DfkdMethod *method = method_of (state);
  g_autofree char *equation = workbench_equation_markup (dfkd_recipe_equation (state->recipe, DFKD_PARAMETER_TEMPERATURE));
  GString *text = g_string_new (NULL);

  if (method->learns_from == DFKD_IMAGES_FRESH)
    g_string_append (text, _("On fresh images of the generator the student learns to answer as the teacher does, equation (7)."));
  else if (method->learns_from == DFKD_IMAGES_ORIGINALS)
    g_string_append (text, _("On augmented images of the teacher's training data the student learns to answer as the teacher does, equation (7)."));
  else
    g_string_append (text, _(parts[WORKBENCH_ALGORITHM_STUDENT].explanation));
  if (method->criterion == DFKD_CRITERION_KL)
    g_string_append_printf (text, " %s", _("Both answers are softened by the temperature."));
  g_string_append_printf (text, "\n%s", equation);
  return g_string_free (text, FALSE);
}

char *
workbench_algorithm_explanation (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state)
{
  if (own_equation (part, state) != NULL)
    return g_markup_printf_escaped ("%s (%s): %s", method_of (state)->label, method_of (state)->source, _(method_of (state)->effect));
  if (part == WORKBENCH_ALGORITHM_OUTER && !is_common (state))
    return g_strdup (_("This recipe meta-learns nothing: there is no outer step on the generator. Only the running average of the statistics is brought up to date."));
  if (part == WORKBENCH_ALGORITHM_LOSSES)
    return explain_losses (state);
  if (part == WORKBENCH_ALGORITHM_STUDENT)
    return explain_student (state);
  if (part == WORKBENCH_ALGORITHM_LOOP && is_common (state))
    return g_strdup_printf ("%s %s", _(parts[part].explanation), _("The meta-learned start is why so few are enough."));
  return g_strdup (_(parts[part].explanation));
}

gboolean
workbench_algorithm_asks_student (const WorkbenchAlgorithmState *state)
{
  return dfkd_method_has_term (method_of (state), DFKD_TERM_ADV) || method_of (state)->loss != NULL;
}

/* ------------------------------------------------------------------------------------------------ where it stands */

gboolean
workbench_algorithm_is_lit (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state)
{
  const DfkdStatus *s = &state->status;

  if (!state->is_live || (s->state != DFKD_STATE_RUNNING && s->state != DFKD_STATE_PAUSED))
    return FALSE;
  switch (s->stage)
    {
    case DFKD_STAGE_GENERATE:
    case DFKD_STAGE_BEGIN:
      return s->between ? part == WORKBENCH_ALGORITHM_DRAW
                        : part == WORKBENCH_ALGORITHM_IMAGES || part == WORKBENCH_ALGORITHM_LOSSES || part == WORKBENCH_ALGORITHM_INNER;
    case DFKD_STAGE_OUTER:
      return part == WORKBENCH_ALGORITHM_OUTER || part == WORKBENCH_ALGORITHM_POOL;
    case DFKD_STAGE_DISTIL:
      return part == WORKBENCH_ALGORITHM_STUDENT;
    case DFKD_STAGE_EVALUATE:
      return part == WORKBENCH_ALGORITHM_EVALUATION;
    case DFKD_STAGE_SHOW:
    case DFKD_N_STAGES:
    default:
      return FALSE;
    }
}

WorkbenchAlgorithmPart
workbench_algorithm_present (const WorkbenchAlgorithmState *state)
{
  static const WorkbenchAlgorithmPart steps[] = { WORKBENCH_ALGORITHM_DRAW, WORKBENCH_ALGORITHM_LOSSES, WORKBENCH_ALGORITHM_OUTER, WORKBENCH_ALGORITHM_STUDENT,
                                                  WORKBENCH_ALGORITHM_EVALUATION };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (workbench_algorithm_is_lit (steps[i], state))
      return steps[i];
  return WORKBENCH_N_ALGORITHM_PARTS;
}

char *
workbench_algorithm_place (const WorkbenchAlgorithmState *state)
{
  const DfkdStatus *s = &state->status;

  if (state->goes_on_elsewhere)
    return g_strdup (_("Another program computes this run: these are its newest values"));
  if (!state->is_live && s->state == DFKD_STATE_PAUSED)
    return g_strdup (_("The run is not going on, and has not ended: these are its last values"));
  if (!state->is_live || s->state == DFKD_STATE_FINISHED)
    return g_strdup (_("The run is over: these are its last values"));
  if (s->state == DFKD_STATE_FAILED)
    return g_strdup (_("The run has failed"));
  if (s->state == DFKD_STATE_PREPARING)
    return g_strdup (_("Preparing"));
  switch (s->stage)
    {
    case DFKD_STAGE_OUTER:
      return g_strdup_printf (_("Synthesis %u: the outer step"), s->synthesis);
    case DFKD_STAGE_DISTIL:
      return g_strdup_printf (_("Synthesis %u: student step %u of %u"), s->synthesis, MIN (s->student_step + 1, s->kd_steps), s->kd_steps);
    case DFKD_STAGE_EVALUATE:
      return g_strdup_printf (_("Synthesis %u: evaluation"), s->synthesis);
    case DFKD_STAGE_GENERATE:
    case DFKD_STAGE_BEGIN:
    case DFKD_STAGE_SHOW:
    case DFKD_N_STAGES:
    default:
      break;
    }
  if (s->between)
    return g_strdup_printf (_("Synthesis %u: latents are drawn"), s->synthesis);
  return g_strdup_printf (_("Synthesis %u: inner step %u of %u"), s->synthesis, MIN (s->inner + 1, s->k), s->k);
}
