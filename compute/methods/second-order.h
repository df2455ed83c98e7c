/* second-order.h: the gradient of a loss after k steps of Adam by where the steps started from, through all of them: the
 * meta gradient of MAML (Finn, Abbeel and Levine 2017), for a generator's parameters θ' and latents z that adapt together.
 *
 *   inner   L at θ'_i, z_i; dfkd_second_order_record(); the step of Adam
 *   last    λ ← ∂L/∂(θ', z) at θ'_k, z_k: dfkd_differentiate(), dfkd_second_order_seed()
 *   back    for i = k−1 … 0: λ of what step i made becomes λ of what it was made from; after i = 0, λ of θ' is the gradient
 *
 * A step back pulls λ through Adam's update, which gives a weight λ_g to each number of the gradient, and adds
 * (∂²L)·λ_g, by differentiating the gradient again. The states before each step, and the dials that were used, are kept in
 * tables on the device, one row a step. */
#pragma once

#include "learner.h"

G_BEGIN_DECLS

/** DfkdLossBuilder: L at @parameters and @z, with the draws that the counter "draw" gives; it must write no variable. */
typedef DfkdValue (*DfkdLossBuilder) (DfkdSynthesis *synthesis, DfkdGraph *g, DfkdBlock *parameters, DfkdValue z);

typedef struct {
  const DfkdLearner *theta;             /* θ'; z and the moments of its Adam are the synthesis' latents */
  DfkdBlock *adjoint;                   /* λ of θ': like theta */
  const char *const *dials;             /* (array zero-terminated=1): that L depends on; borrowed */
  const char *theta_rate, *z_rate;      /* dials */
  float beta1, beta2, epsilon;
  guint steps; /* room for so many */
} DfkdSecondOrderOptions;

typedef struct _DfkdSecondOrder DfkdSecondOrder;

/** dfkd_second_order_new: makes its blocks, which belong to @synthesis. Free with dfkd_second_order_free(). */
DfkdSecondOrder *dfkd_second_order_new (DfkdSynthesis *synthesis, const DfkdSecondOrderOptions *options, GError **error);
void dfkd_second_order_free (DfkdSecondOrder *second);

/** dfkd_second_order_begin: before the first step. */
void dfkd_second_order_begin (DfkdSecondOrder *second, DfkdGraph *g);

/** dfkd_second_order_record: keeps what the step is made from in the row that the counter "slot" says, before Adam writes it. */
void dfkd_second_order_record (DfkdSecondOrder *second, DfkdGraph *g);

/** dfkd_second_order_seed: when the adjoint holds ∂L/∂θ', and the latents' gradient ∂L/∂z. */
void dfkd_second_order_seed (DfkdSecondOrder *second, DfkdGraph *g);

/** dfkd_second_order_back: (transfer full): the program of a step back. Dials: the counters "slot", as when the step was
 * recorded, and "draw", as when it was done. Reads: loss, as it was then.
 * Errors: DFKD_ERROR_ARGUMENT when the networks cannot be differentiated twice. */
DfkdProgram *dfkd_second_order_back (DfkdSecondOrder *second, DfkdLossBuilder build, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdSecondOrder, dfkd_second_order_free)

G_END_DECLS
