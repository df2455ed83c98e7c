/* op-data.h: what a case of op-cases.h is run on, drawn from its name; and the comparison of results. */
#pragma once

#include "device.h"
#include "op-cases.h"

enum {
  SAMPLES = 24, /* elements of each input that are differentiated numerically */
  MAX_ELEMENTS = 1 << 17,
};

/* what a case is run on: inputs as float64 in N,C,H,W order, exactly as the device gets them */
typedef struct {
  const OpCase *c;
  double *in[MAX_CASE_INPUTS], *weights;
  gsize count; /* of the result */
} Data;

Data make_data (const OpCase *c);
void clear_data (Data *data);

/* whether it is differentiated by this input */
gboolean wants_gradient (const OpCase *c, guint input);

/* float64 in N,C,H,W order into variable @index of the block */
void write_input (DfkdDevice *device, DfkdBlock *block, guint index, const double *values);
/* floats in the order of storage to N,C,H,W. Returns: (transfer full) */
float *to_planar (const DfkdShape *shape, gconstpointer storage);

/* ‖got − want‖₂ / ‖want‖₂; infinite where a number is not finite */
double deviation (const char *what, const float *got, const double *want, gsize count);
