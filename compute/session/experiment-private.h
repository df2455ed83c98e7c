/* experiment-private.h: reading an experiment: what its parts share. Every message is prefixed with the file's name by the
 * caller. */
#pragma once

#include "experiment.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** DfkdSweep: as the file has it, checked. */
typedef struct {
  DfkdSweepKind kind;
  JsonObject *parameters; /* (nullable) (transfer none) */
  guint count;            /* RANDOM, HALVING */
  guint64 seed;
  guint least, eta; /* HALVING */
} DfkdSweep;

typedef struct {
  const char *folder; /* of the file: for recipes beside it */
  JsonObject *root;
  DfkdExperiment *experiment;
  GHashTable *folders; /* of DfkdExperimentRecipe by folder */
  DfkdSweep sweep;
} DfkdReading;

/* experiment-json.c: JSON, checked. A member that is absent leaves its target as it is. */
/** dfkd_experiment_wrong: sets DFKD_ERROR_FORMAT. Returns: FALSE */
gboolean dfkd_experiment_wrong (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** dfkd_experiment_check_members: @allowed: (array zero-terminated=1) */
gboolean dfkd_experiment_check_members (JsonObject *object, const char *where, const char *const *allowed, GError **error);
/** dfkd_experiment_read_text: empty text is as good as none. */
gboolean dfkd_experiment_read_text (JsonObject *object, const char *where, const char *name, char **text, GError **error);
gboolean dfkd_experiment_as_whole (JsonNode *node, gint64 least, gint64 most, gint64 *value);
gboolean dfkd_experiment_read_whole (JsonObject *object, const char *where, const char *name, gint64 least, gint64 most,
                                     gint64 *value, GError **error);
/** dfkd_experiment_read_object: @member: (out) (nullable) (transfer none): NULL where there is none, which is no error */
gboolean dfkd_experiment_read_object (JsonObject *object, const char *where, const char *name, JsonObject **member,
                                      GError **error);

/* experiment-sweep.c */
gboolean dfkd_experiment_read_sweep (DfkdReading *r, GError **error);
/** dfkd_sweep_points: (element-type JsonObject): what each point sets; one that sets nothing where there is no sweep.
 * Returns: (transfer full) */
GPtrArray *dfkd_sweep_points (const DfkdSweep *sweep, GError **error);

/* experiment-recipes.c */
void dfkd_experiment_recipe_free (gpointer recipe);
/** dfkd_experiment_read_runs: fills in the recipes: of each run and point, with names and folders that differ */
gboolean dfkd_experiment_read_runs (DfkdReading *r, GPtrArray *points, GError **error);

/* experiment-halving.c */
/** dfkd_experiment_plan_rungs: for a sweep by halving, when the recipes are known */
gboolean dfkd_experiment_plan_rungs (DfkdReading *r, GError **error);

G_END_DECLS
