/* workbench-experiment-draft.h: an experiment that somebody makes in the window: the dials as they stand, and some of them varied: a grid. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

typedef struct {
  DfkdParameterId id;
  const char *values; /* as people write them: "2, 5, 10" */
} WorkbenchVaried;

/** workbench_experiment_can_vary: FALSE for those that a grid has no use for: files, the seed, and the method, which brings other settings along */
gboolean workbench_experiment_can_vary (DfkdParameterId id);
/** workbench_experiment_values: what stands between the commas, semicolons and spaces of @text. Returns: (transfer full) */
char **workbench_experiment_values (const char *text);
/**
 * workbench_experiment_draft:
 * @base: what is not varied
 * @varied: (array length=n): at least one
 * @seeds: "0, 1, 2"
 * @runs: (out): of all recipes with all seeds
 *
 * Returns: (transfer full): its JSON, which experiment.h explains; NULL with DFKD_ERROR_ARGUMENT or DFKD_ERROR_FORMAT, which say what to change
 */
char *workbench_experiment_draft (const DfkdRecipe *base, const char *name, const WorkbenchVaried *varied, guint n, const char *seeds, guint *runs,
                                  GError **error);
/** workbench_experiment_draft_save: in a folder of its own, named after it, in experiments beside the folder of runs. Returns: (transfer full): the
 * folder, whose experiment can be opened; NULL with DFKD_ERROR_FILE */
char *workbench_experiment_draft_save (const char *json, const char *name, GError **error);

G_END_DECLS
