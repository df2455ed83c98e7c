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

/* shapes of inputs */
#define S(...) SHAPE_ (__VA_ARGS__, 0, 0, 0, 0)
#define SHAPE_(a, b, c, d, ...)                                                                                      \
  { DFKD_F32, (d) != 0 ? 4 : (c) != 0 ? 3 : (b) != 0 ? 2 : 1, { a, b, c, d } }
#define I(...) INTEGERS_ (__VA_ARGS__, 0, 0, 0, 0)
#define INTEGERS_(a, b, c, d, ...)                                                                                   \
  { DFKD_I32, (d) != 0 ? 4 : (c) != 0 ? 3 : (b) != 0 ? 2 : 1, { a, b, c, d } }

typedef struct {
  gsize n, c, h, w;
} Dims;

static inline Dims
dims (const DfkdShape *s)
{
  return (Dims){ s->dim[0], s->rank > 1 ? s->dim[1] : 1, s->rank == 4 ? s->dim[2] : 1, s->rank == 4 ? s->dim[3] : 1 };
}

static inline gsize
at (const Dims *d, gsize n, gsize c, gsize y, gsize x)
{
  return ((n * d->c + c) * d->h + y) * d->w + x;
}

extern const OpCase element_cases[], network_cases[], picture_cases[];
extern const guint n_element_cases, n_network_cases, n_picture_cases;

extern const OpCase loss_cases[]; /* of methods/losses.h */
extern const guint n_loss_cases;
