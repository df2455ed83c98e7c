/* losses.h: the loss terms of METHOD.md section 1, as graphs of logits and images.
 *
 * Logits are N,C or N,C,H,W; a *row* is one sample or pixel. Every function returns a value [1] averaged over
 * rows unless it says otherwise. */
#pragma once

#include "adversarial.h"
#include "build.h"

G_BEGIN_DECLS

/** dfkd_cross_entropy: −mean Σ target·log softmax(logits); @target is of the shape of @logits (one-hot). */
DfkdValue dfkd_cross_entropy (DfkdGraph *g, DfkdValue logits, DfkdValue target);

/**
 * dfkd_kl_rows:
 * @temperature: a value [1], or DFKD_NONE for 1
 *
 * Returns: KL(teacher‖student)·T² of every row (Hinton, Vinyals and Dean 2015), both softened by T
 */
DfkdValue dfkd_kl_rows (DfkdGraph *g, DfkdValue student, DfkdValue teacher, DfkdValue temperature);

/** dfkd_agreement_rows: 1 in every row where both networks predict the same class, else 0. */
DfkdValue dfkd_agreement_rows (DfkdGraph *g, DfkdValue student, DfkdValue teacher);

/** dfkd_adversarial_decision: −mean(KL·agreement), FastDFKD's and CMI's L_adv. */
DfkdValue dfkd_adversarial_decision (DfkdGraph *g, DfkdValue student, DfkdValue teacher, DfkdValue agreement_rows);

/** dfkd_adversarial_js: DeepInversion's L_adv: −JS at temperature 3 with probabilities clamped to [0.01, 0.99]. */
DfkdValue dfkd_adversarial_js (DfkdGraph *g, DfkdValue student, DfkdValue teacher);

/** dfkd_adversarial_l1: DFAD's L_adv: −mean│student − teacher│. */
DfkdValue dfkd_adversarial_l1 (DfkdGraph *g, DfkdValue student, DfkdValue teacher);

/** dfkd_adversarial: L_adv by @criterion. @agreement_rows: of dfkd_agreement_rows(); only read by DFKD_ADVERSARIAL_DECISION */
DfkdValue dfkd_adversarial (DfkdGraph *g, DfkdAdversarial criterion, DfkdValue student, DfkdValue teacher, DfkdValue agreement_rows);

/** dfkd_class_balance: Σ p̄ log p̄ with p̄ the mean softmax over rows (DAFL, DFQ). */
DfkdValue dfkd_class_balance (DfkdGraph *g, DfkdValue logits);

/** dfkd_total_variation: mean absolute difference of the pixels of x (N,C,H,W) to four neighbours. */
DfkdValue dfkd_total_variation (DfkdGraph *g, DfkdValue x);

G_END_DECLS
