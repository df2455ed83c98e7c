/* op-cases.h: one definition of each test case of an op: its inputs, the graph, and the same in float64. */
#pragma once

#include "build.h"

enum {
  MAX_CASE_INPUTS = 4,
};

typedef struct _OpCase OpCase;

struct _OpCase
{
  const char *name;
  guint n_inputs;
  DfkdShape input[MAX_CASE_INPUTS]; /* F32 inputs are drawn from [low, high]; I32 from 0 … range − 1 */
  double low, high;
  guint range;
  gboolean differentiable;
  int p[6]; /* what build and reference make of it */
  double q[2];
  DfkdValue (*build) (DfkdGraph *g, const OpCase *c, const DfkdValue *in);
  /* inputs and output in N,C,H,W order, written without looking at the engine's kernels */
  void (*reference) (const OpCase *c, double *const *in, double *out);
};

extern const OpCase op_cases[];
extern const guint n_op_cases;

extern const OpCase loss_cases[]; /* of methods/losses.h */
extern const guint n_loss_cases;
