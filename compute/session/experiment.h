/* experiment.h: a table of runs, recipes × seeds, read from one JSON file.
 *
 *   { "name": "Few steps", "description": "…",
 *     "base": "demo",                        a built-in recipe's name, a recipe's file beside this one, or {"k": 5, …}
 *     "parameters": { "syntheses": 30 },     for all runs
 *     "seeds": [0, 1, 2],
 *     "runs": [ { "name": "k = 2", "base": …, "parameters": { "k": 2 } }, … ],
 *     "sweep": { "kind": "grid", "parameters": { "lr_g": [1e-3, 3e-3] } } }
 *
 * A sweep gives points; each run is made with each of them, and that with each seed. Kinds:
 *   grid      all combinations of the values
 *   random    "count" points drawn with "seed": from a list, or {"from": …, "to": …}: log-uniform where the parameter
 *             table says logarithmic, else uniform
 *   halving   the same, then successive halving (Jamieson and Talwalkar 2016) with syntheses as the budget: every recipe
 *             gets "least" of them, the best 1/"eta" go on to eta times as many, and so on; the last ones go through. The
 *             schedules are those of whole runs. "by": "accuracy" on the test set, or "agreement", which needs no data: on
 *             how many of the newest images, from which no student has learnt, student and teacher agree
 *
 * Nothing here runs anything: see experiment-run.h. */
#pragma once

#include "recipe.h"

G_BEGIN_DECLS

enum {
  DFKD_EXPERIMENT_MOST_CELLS = 10000,
};

/** DFKD_EXPERIMENT_COPY: what the copy of its file is called that the folder of its runs keeps */
#define DFKD_EXPERIMENT_COPY "experiment.json"

typedef enum {
  DFKD_SWEEP_NONE,
  DFKD_SWEEP_GRID,
  DFKD_SWEEP_RANDOM,
  DFKD_SWEEP_HALVING,
} DfkdSweepKind;

typedef enum {
  DFKD_CHOOSE_BY_ACCURACY,
  DFKD_CHOOSE_BY_AGREEMENT,
} DfkdChooseBy;

/** DfkdExperimentRecipe: one row of the table of results: a recipe for all seeds. */
typedef struct {
  char *name;   /* for people: "reptile: k=2, lr_g=0.003" */
  char *folder; /* what folders of its cells begin with */
  DfkdRecipe *recipe;
} DfkdExperimentRecipe;

/** DfkdExperimentCell: one run. */
typedef struct {
  guint recipe; /* index */
  guint32 seed;
  char *folder; /* a name in the experiment's folder, the same whenever the file is read */
} DfkdExperimentCell;

/** DfkdRung: of successive halving */
typedef struct {
  guint syntheses; /* that a run has done at its end */
  guint recipes;   /* that take part */
} DfkdRung;

typedef struct {
  char *name, *description;
  GPtrArray *recipes; /* of DfkdExperimentRecipe */
  GArray *seeds;      /* of guint32 */
  GPtrArray *cells;   /* of DfkdExperimentCell: recipe by recipe for each seed, so that the table soon has something of each */
  GArray *varied;     /* of DfkdParameterId: where the recipes differ, in the table's order */
  DfkdSweepKind kind;
  DfkdChooseBy choose_by;
  guint window;  /* HALVING by agreement: the newest syntheses that it is an average over */
  GArray *rungs; /* of DfkdRung; of HALVING only */
} DfkdExperiment;

/** dfkd_experiment_is_file: whether @path, if it is right, can only be an experiment and no recipe: JSON with "runs", "sweep" or "seeds" */
gboolean dfkd_experiment_is_file (const char *path);
/** dfkd_experiment_default_folder: where the runs of a file NAME.json go unless told otherwise: experiments/NAME below the working
 * directory. Returns: (transfer full) */
char *dfkd_experiment_default_folder (const char *path);
/**
 * dfkd_experiment_load:
 *
 * Errors: DFKD_ERROR_FILE when it cannot be read, DFKD_ERROR_FORMAT for everything that is wrong in it; the message names the
 * file and the place in it.
 */
DfkdExperiment *dfkd_experiment_load (const char *path, GError **error);
/** dfkd_experiment_from_json: @source: stands for the file in messages; @folder: where files of recipes are looked for */
DfkdExperiment *dfkd_experiment_from_json (const char *json, gssize length, const char *source, const char *folder,
                                           GError **error);
/** dfkd_experiment_self_contained: @json with the parameters of a recipe in place of each file that it names; the same text where it names
 * none. @length: in bytes, or −1; @folder: as for dfkd_experiment_from_json(). Returns: (transfer full) */
char *dfkd_experiment_self_contained (const char *json, gssize length, const char *folder);
void dfkd_experiment_free (DfkdExperiment *experiment);

const DfkdExperimentRecipe *dfkd_experiment_recipe (const DfkdExperiment *experiment, guint index);
const DfkdExperimentCell *dfkd_experiment_cell (const DfkdExperiment *experiment, guint index);
/** dfkd_experiment_cell_recipe: complete: with name and seed. Returns: (transfer full) */
DfkdRecipe *dfkd_experiment_cell_recipe (const DfkdExperiment *experiment, guint cell);

/**
 * dfkd_experiment_survivors:
 * @rung: that has ended
 * @alive: (inout) (array length=n): indices of the recipes that took part; afterwards those that go on stand first, in the
 * table's order
 * @scores: (array length=n): of each; NaN: it failed
 *
 * Of equal ones the earlier goes on. Returns: how many go on: as many as the next rung has
 */
guint dfkd_experiment_survivors (const DfkdExperiment *experiment, guint rung, guint *alive, const double *scores, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdExperiment, dfkd_experiment_free)

G_END_DECLS
