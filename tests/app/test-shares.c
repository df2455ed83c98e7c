/* test-shares.c: what images add to the terms of a loss is, summed over a batch, what the engine logs of them: for every method. */
#include "small-runs.h"

#include "support.h"
#include "workbench-shares.h"

#include <math.h>

/* what a run logged of a series at the inner step @step, from 0; it fails when there is nothing */
static double
logged (const GArray *scalars, DfkdSeries series, guint64 step)
{
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *s = &g_array_index (scalars, DfkdScalar, i);

      if (s->series == series && s->step == step)
        return s->value;
    }
  g_assert_not_reached ();
}

static gboolean
is_logged (const GArray *scalars, DfkdSeries series)
{
  for (guint i = 0; i < scalars->len; i++)
    if (g_array_index (scalars, DfkdScalar, i).series == series)
      return TRUE;
  return FALSE;
}

static double
sum_of (const double *shares, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += shares[i];
  return sum;
}

static void
assert_near (double got, double wanted)
{
  g_assert_cmpfloat_with_epsilon (got, wanted, 1e-5 * MAX (fabs (wanted), 1.0));
}

/* Returns: bits of the terms that have shares */
static guint
check_batch (const DfkdPictures *p, const GArray *scalars)
{
  g_autofree double *own = workbench_own_losses_new (p);
  double weighted = 0.0;
  guint found = 0;

  for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
    {
      g_autofree double *shares = workbench_shares_new (p, term);

      g_assert_true (isfinite (p->weights[term]));
      if (!dfkd_method_has_term (p->method, term))
        g_assert_true (shares == NULL && p->weights[term] == 0.0f && isnan (p->losses[term]));
      if (shares == NULL)
        continue;
      g_assert_false (dfkd_term_is_of_batch (term));
      assert_near (sum_of (shares, p->count), logged (scalars, DFKD_SERIES_LOSS + 1 + term, p->step - 1));
      assert_near (p->losses[term], logged (scalars, DFKD_SERIES_LOSS + 1 + term, p->step - 1));
      weighted += (double) p->weights[term] * p->losses[term];
      found |= 1u << term;
    }
  if (p->method->loss != NULL)
    weighted = logged (scalars, DFKD_SERIES_LOSS, p->step - 1);
  assert_near (sum_of (own, p->count), weighted);
  for (gsize i = 0; i < p->count && p->method->labels_follow; i++) /* labels are the teacher's answers */
    for (gsize c = 0; c < p->columns[DFKD_ROWS_TEACHER]; c++)
      g_assert_cmpfloat (p->rows[DFKD_ROWS_TEACHER][i * p->columns[DFKD_ROWS_TEACHER] + c], <=,
                         p->rows[DFKD_ROWS_TEACHER][i * p->columns[DFKD_ROWS_TEACHER] + (gsize) p->labels[i]]);
  return found;
}

/* images of a batch that both networks put into the same class; on those alone not all criteria could be told apart */
static guint
count_agreeing (const DfkdPictures *p)
{
  g_autoptr (DfkdBatchNumbers) numbers
    = dfkd_batch_numbers_new (p->rows[DFKD_ROWS_TEACHER], p->rows[DFKD_ROWS_STUDENT], NULL, p->count, (guint) p->columns[DFKD_ROWS_TEACHER], NULL);

  return (guint) sum_of (numbers->numbers[DFKD_BATCH_AGREEMENT], p->count);
}

/* @terms: bits of those that are means over images of what a batch carries. Returns: images on which the two networks did not agree */
static guint
check_recipe (DfkdRecipe *recipe, guint terms)
{
  enum { SHOWN = 16 }; /* inner steps */
  DfkdSession *session;
  DfkdChannel *channel;
  g_autoptr (GPtrArray) shown = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_pictures_unref);
  g_autoptr (GArray) scalars = NULL;
  guint disagreeing = 0;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 1000.0; /* it is stopped before */
  session = start (recipe, NULL, FALSE, TRUE);
  channel = dfkd_session_get_channel (session);
  dfkd_channel_set_picture_interval (channel, 0.0);
  while (shown->len < SHOWN)
    {
      DfkdPictures *pictures;

      do_steps (session, DFKD_STEP_INNER, 1);
      if ((pictures = dfkd_channel_take_pictures (channel)) != NULL)
        g_ptr_array_add (shown, pictures);
    }
  scalars = dfkd_channel_take_scalars (channel);
  for (guint i = 0; i < SHOWN; i++)
    {
      const DfkdPictures *p = g_ptr_array_index (shown, i);

      g_assert_cmpuint (check_batch (p, scalars), ==, terms);
      disagreeing += (guint) p->count - count_agreeing (p);
    }
  g_test_message ("on %u images the two networks did not agree", disagreeing);
  for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
    g_assert_cmpint (is_logged (scalars, DFKD_SERIES_LOSS + 1 + term), ==, dfkd_method_has_term (dfkd_recipe_get_method (recipe), term));
  stop (session);
  return disagreeing;
}

static void
test_method (gconstpointer data)
{
  enum { OH = 1 << DFKD_TERM_OH, ADV = 1 << DFKD_TERM_ADV, ACT = 1 << DFKD_TERM_ACT };
  static const struct {
    const char *name;
    guint terms;
  } known[] = { { "fast", OH | ADV }, { "cmi", OH | ADV }, { "nayer", OH | ADV }, { "deepinv", OH | ADV }, { "dafl", OH | ACT }, { "zskt", ADV },
                { "dfq", OH | ADV },  { "dfad", ADV },     { "gendfd", OH },      { "kd", 0 } };
  const DfkdMethod *method = data;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (method->name);
  g_autoptr (GError) error = NULL;
  guint i = 0;

  while (!g_str_equal (known[i].name, method->name))
    g_assert_cmpuint (++i, <, G_N_ELEMENTS (known));
  if (method->learns_from == DFKD_IMAGES_ORIGINALS)
    {
      g_autofree char *originals = new_folder ("originals");

      write_noise_data (originals, 40);
      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, originals, &error));
    }
  if (method->learns_from == DFKD_IMAGES_FRESH) /* it begins with images on which any two networks agree, and leaves them soon at this rate */
    recipe->number[DFKD_PARAMETER_LR_G] = 0.05;
  g_assert_cmpuint (check_recipe (recipe, known[i].terms), >, 0);
}

/* where the teacher stands in the student's place no image adds to that term, though the student, which is still shown, differs from it */
static void
test_as_released (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("dfq");

  recipe->number[DFKD_PARAMETER_AS_RELEASED] = 1.0;
  g_assert_cmpuint (check_recipe (recipe, 1u << DFKD_TERM_OH | 1u << DFKD_TERM_ADV), >, 0);
}

/* a batch of which nothing is known has no shares, and those of a batch with a wrong number are not made up */
static void
test_unknown (void)
{
  g_autoptr (DfkdPictures) p = dfkd_pictures_new (2, 1, 2, 2);
  g_autofree double *before = workbench_own_losses_new (p), *own = NULL, *weightless = NULL, *adv = NULL;
  float *teacher = dfkd_pictures_add_rows (p, DFKD_ROWS_TEACHER, 3), *student = dfkd_pictures_add_rows (p, DFKD_ROWS_STUDENT, 3);

  g_assert_true (isnan (before[0]) && isnan (before[1]));
  g_assert_null (workbench_shares_new (p, DFKD_TERM_OH));
  p->method = dfkd_method_find ("zskt");
  teacher[0] = 1.0f;
  teacher[3] = NAN;
  student[1] = 1.0f;
  adv = workbench_shares_new (p, DFKD_TERM_ADV);
  g_assert_true (adv[0] < 0.0 && isnan (adv[1]));
  g_assert_null (workbench_shares_new (p, DFKD_TERM_OH)); /* which zskt does not have */
  weightless = workbench_own_losses_new (p);
  g_assert_true (isnan (weightless[0]) && isnan (weightless[1])); /* its weight is not known */
  p->weights[DFKD_TERM_ADV] = 2.0f;
  own = workbench_own_losses_new (p);
  g_assert_true (own[0] == 2.0 * adv[0] && isnan (own[1]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/shares/", dfkd_method_table[i]->name, NULL);

      g_test_add_data_func (path, dfkd_method_table[i], test_method);
    }
  g_test_add_func ("/shares/as-released", test_as_released);
  g_test_add_func ("/shares/unknown", test_unknown);
  return run_tests_with_small_runs ();
}
