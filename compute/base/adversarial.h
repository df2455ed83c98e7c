/* adversarial.h: the criteria by which an inversion loss rewards images on which the student differs from the teacher: L_adv of
 * METHOD.md section 1. Named here once, for the graphs that train (losses.h) and the numbers that are shown (batch-numbers.h). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** DfkdAdversarial: each is a mean over images; below 0 where the two differ. */
typedef enum {
  DFKD_ADVERSARIAL_DECISION, /* −mean(KL(f_t‖f_s)·[argmax f_s = argmax f_t]) (Fang et al. 2021) */
  DFKD_ADVERSARIAL_KL,       /* −mean KL(f_t‖f_s) (Micaelli and Storkey 2019) */
  DFKD_ADVERSARIAL_JS,       /* −mean JS(f_s, f_t) at a temperature, of clamped probabilities (Yin et al. 2020) */
  DFKD_ADVERSARIAL_L1,       /* −mean│f_s − f_t│ over images and classes (Fang et al. 2019) */
  DFKD_N_ADVERSARIALS
} DfkdAdversarial;

/* of DFKD_ADVERSARIAL_JS */
#define DFKD_JS_TEMPERATURE 3.0
#define DFKD_JS_LEAST 0.01 /* probabilities */
#define DFKD_JS_MOST 0.99

G_END_DECLS
