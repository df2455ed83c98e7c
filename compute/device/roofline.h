/* roofline.h: what a device reaches at its best, and how close the steps of a program come to it (Williams, Waterman and
 * Patterson 2009).
 *
 * A step's operations and least bytes follow from its definition (plan.h), whatever its kernel really does: with a faster
 * algorithm, such as Winograd's, or with operands in a cache, it may pass the limit. */
#pragma once

#include "device.h"

G_BEGIN_DECLS

/** DfkdRates: what a device reaches, a second. */
typedef struct {
  double bytes; /* read and written by a copy that no cache holds */
  double flop;  /* of a large matrix product or convolution in the precision asked for */
} DfkdRates;

/** dfkd_device_measure: the best of several copies and matrix products on @device itself; half a second or so.
 * DFKD_ERROR_DEVICE when it has no such precision. */
gboolean dfkd_device_measure (DfkdDevice *device, DfkdPrecision precision, DfkdRates *rates, GError **error);

/** DfkdCost: what one stage, or some equal kernels, took and did. */
typedef struct {
  char *name;     /* a stage's, or "convolution 128×16×32×32 · 16×16×3×3 → 128×16×32×32, teacher" */
  guint count;    /* kernels; 0 for a stage */
  double seconds; /* median of several runs */
  double flop, bytes;
  double least;   /* seconds that the device's limits allow: Σ max (flop / rate, bytes / bandwidth) over its kernels */
} DfkdCost;

/** DfkdRoofline: all of a program. */
typedef struct {
  char *name;       /* of the plan */
  DfkdRates rates;  /* of the device */
  GArray *stages;   /* of DfkdCost: regions in the plan's order, those that took time */
  GArray *kernels;  /* of DfkdCost: equal ones together, the slowest first */
} DfkdRoofline;

/**
 * dfkd_program_roofline:
 * @repeats: runs, of which medians are taken
 *
 * Runs @program with every kernel timed by itself (dfkd_program_profile()): what that does to variables stays.
 */
DfkdRoofline *dfkd_program_roofline (DfkdProgram *program, const DfkdRates *rates, guint repeats, GError **error);
void dfkd_roofline_free (DfkdRoofline *roofline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdRoofline, dfkd_roofline_free)

G_END_DECLS
