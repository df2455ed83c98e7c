/* bench-scaling.h: what dfkd bench --scaling measures (bench-scaling.c, scaling-rows.c) and how it is told
 * (scaling-report.c). */
#pragma once

#include "bench.h"

G_BEGIN_DECLS

typedef enum {
  SCALING_BATCH, /* a synthesis against its batch … */
  SCALING_K,
  SCALING_SIDE,     /* of the images */
  SCALING_RESIDENT, /* a student step against the pool in memory … */
  SCALING_ON_DISK,
  SCALING_N_SWEEPS
} ScalingSweep;

typedef struct _ScalingSubject ScalingSubject;

/** ScalingRow: one point of a sweep. */
typedef struct {
  ScalingSweep sweep;
  gsize batch, side, pool; /* pool: images in it; 0 for a synthesis */
  guint k;                 /* 0 for a student step */
  double flop;             /* of an image, by the definition of its steps */
  double *seconds;         /* of an image, in each round; NaN where a round was cut off */
  char *left_out;          /* why it was not measured; else NULL */
  gboolean no_room;        /* because of memory */
  ScalingSubject *subject; /* what is timed; NULL before and after */
} ScalingRow;

typedef struct {
  const DfkdCommonOptions *common;
  const DfkdRecipe *recipe;
  const BenchTeacher *teacher;
  guint rounds; /* wanted */
  GArray *rows; /* of ScalingRow, sweep by sweep */
} Scaling;

/** scaling_prepare: gives @row its subject, or says in left_out why not. @before: (nullable): the row before it in its
 * sweep. */
void scaling_prepare (const Scaling *scaling, ScalingRow *row, const ScalingRow *before);
void scaling_release (ScalingRow *row);
/** scaling_time: seconds of an image in one round of @row: the median of several runs where they are short. */
gboolean scaling_time (ScalingRow *row, double *seconds, GError **error);

/** scaling_x: what @row varies. */
double scaling_x (const ScalingRow *row);

/**
 * scaling_report: the table, or with --json the document, and scaling.csv and scaling.svg in @folder.
 * @folder: (nullable): is there
 */
gboolean scaling_report (const Scaling *scaling, const char *folder, GError **error);

G_END_DECLS
