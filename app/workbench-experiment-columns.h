/* workbench-experiment-columns.h: what there is to show of each recipe of an experiment: what varies, its runs, and measures. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_COLUMN_PARAMETER, /* in which recipes differ */
  WORKBENCH_COLUMN_RUNS,      /* how many have come to their end */
  WORKBENCH_COLUMN_MEASURE,
} WorkbenchColumnKind;

typedef struct {
  WorkbenchColumnKind kind;
  guint id;               /* PARAMETER: DfkdParameterId; MEASURE: DfkdMeasure */
  char *heading;          /* translated, short, with unit: "k (steps)", "Reuse", "Final (%)" */
  char *title, *detail;   /* for an axis, in two lines: "Inner steps" and "k (steps)"; the latter may be "" */
  char **categories;      /* (nullable): NULL-terminated: what the values 0, 1 … stand for */
  gboolean logarithmic;   /* as the parameter table says */
  gboolean whole;         /* only whole numbers mean something */
  gboolean is_axis;       /* belongs into the parallel coordinates once something is known */
  int better;             /* 1: more; −1: less; 0: neither */
  double minimum, maximum; /* of what is known; NaN: nothing */
} WorkbenchExperimentColumn;

/** workbench_experiment_columns: parameters in the order of their table, runs, measures; without ranges. Returns: (transfer full)
 * (element-type WorkbenchExperimentColumn) */
GArray *workbench_experiment_columns (const DfkdExperiment *experiment);
/** workbench_category: what categories[] has for a recipe's value. Returns: (transfer full) */
char *workbench_category (const DfkdRecipe *recipe, DfkdParameterId id);

G_END_DECLS
