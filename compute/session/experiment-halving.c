/* experiment-halving.c: the rungs of successive halving, and who goes on from one to the next. */
#include "experiment-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

/* of @recipes up to @syntheses. Returns: (transfer full) (element-type DfkdRung) */
static GArray *
make_rungs (const DfkdSweep *sweep, guint recipes, guint syntheses)
{
  GArray *rungs = g_array_new (FALSE, FALSE, sizeof (DfkdRung));
  DfkdRung rung = { sweep->least, recipes };

  while (rung.recipes > 1 && rung.syntheses < syntheses)
    {
      g_array_append_val (rungs, rung);
      rung.recipes = MAX (rung.recipes / sweep->eta, 1);
      rung.syntheses = rung.syntheses > syntheses / sweep->eta ? syntheses : rung.syntheses * sweep->eta;
    }
  rung.syntheses = syntheses;
  g_array_append_val (rungs, rung);
  return rungs;
}

/* what successive halving compares must have been measured: at the end of each rung, of all alike */
gboolean
dfkd_experiment_plan_rungs (DfkdReading *r, GError **error)
{
  DfkdExperiment *e = r->experiment;
  const DfkdRecipe *first = dfkd_experiment_recipe (e, 0)->recipe;
  const guint syntheses = (guint) first->number[DFKD_PARAMETER_SYNTHESES];

  if (r->sweep.kind != DFKD_SWEEP_HALVING)
    return TRUE;
  if (r->sweep.least >= syntheses)
    return dfkd_experiment_wrong (error, _("sweep: “least” is %u, expected fewer than the %u syntheses of the recipe"),
                                  r->sweep.least, syntheses);
  e->window = MAX (r->sweep.least / 2, 1);
  e->rungs = make_rungs (&r->sweep, e->recipes->len, syntheses);
  for (guint i = 0; i < e->recipes->len; i++)
    {
      const DfkdExperimentRecipe *recipe = dfkd_experiment_recipe (e, i);
      const guint every = (guint) recipe->recipe->number[DFKD_PARAMETER_EVALUATE_EVERY];
      /* the first student step comes behind the first synthesis after the warm-up: with that one agrees a student that knows nothing */
      const guint begun = (guint) recipe->recipe->number[DFKD_PARAMETER_WARMUP] + (e->choose_by == DFKD_CHOOSE_BY_AGREEMENT ? 1 : 0);

      if (recipe->recipe->number[DFKD_PARAMETER_SYNTHESES] != syntheses)
        return dfkd_experiment_wrong (
            error, _("%s: halving gives syntheses, so they must be the same in all recipes: %.0f here, %u in the first"),
            recipe->name, recipe->recipe->number[DFKD_PARAMETER_SYNTHESES], syntheses);
      if (e->choose_by == DFKD_CHOOSE_BY_ACCURACY && g_str_equal (recipe->recipe->text[DFKD_PARAMETER_DATA], "none"))
        return dfkd_experiment_wrong (
            error, _("%s: halving by accuracy needs test data, and “data” is none; use \"by\": \"agreement\""), recipe->name);
      if (begun >= r->sweep.least)
        return dfkd_experiment_wrong (
            error, _("%s: its warm-up of %.0f syntheses leaves nothing to compare after %u, as the student has learned nothing by then; raise “least”"),
            recipe->name, recipe->recipe->number[DFKD_PARAMETER_WARMUP], r->sweep.least);
      e->window = MIN (e->window, r->sweep.least - begun);
      for (guint j = 0; j + 1 < e->rungs->len && e->choose_by == DFKD_CHOOSE_BY_ACCURACY; j++)
        if (every == 0 || g_array_index (e->rungs, DfkdRung, j).syntheses % every != 0)
          return dfkd_experiment_wrong (
              error, _("%s: halving compares after %u syntheses, so “evaluate_every” must divide that; it is %u"), recipe->name,
              g_array_index (e->rungs, DfkdRung, j).syntheses, every);
    }
  return TRUE;
}

typedef struct {
  guint recipe;
  double score;
} Place;

static int
by_score (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;
  const double left = isnan (x->score) ? (double) -INFINITY : x->score, right = isnan (y->score) ? (double) -INFINITY : y->score;

  if (left != right)
    return left > right ? -1 : 1;
  return (x->recipe > y->recipe) - (x->recipe < y->recipe);
}

static int
by_index (gconstpointer a, gconstpointer b)
{
  const guint *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

guint
dfkd_experiment_survivors (const DfkdExperiment *experiment, guint rung, guint *alive, const double *scores, guint n)
{
  g_autofree Place *places = g_new (Place, MAX (n, 1));
  guint count = MIN (n, g_array_index (experiment->rungs, DfkdRung, rung + 1).recipes);

  for (guint i = 0; i < n; i++)
    places[i] = (Place){ alive[i], scores[i] };
  qsort (places, n, sizeof *places, by_score);
  for (guint i = 0; i < n; i++)
    alive[i] = places[i].recipe;
  qsort (alive, count, sizeof *alive, by_index);
  return count;
}
