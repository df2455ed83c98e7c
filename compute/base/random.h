/* random.h: Philox4x32-10 (Salmon et al., SC 2011), the counter-based generator behind every draw.
 *
 * A draw is a pure function of (seed, purpose, step, index), so a shader and this file give the same
 * bits, whatever the device, the number of threads or the moment of a resume. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_philox:
 * @seed: the run's seed; its halves are the key
 * @purpose: what is drawn (one constant for each random op of a plan)
 * @step: how often it has been drawn before
 * @block: index / 4 of the element wanted
 * @out: four independent 32-bit words
 */
void dfkd_philox (guint64 seed, guint32 purpose, guint32 step, guint32 block, guint32 out[4]);

/** dfkd_philox_uniform: one float in (0, 1]: (word >> 8 + 0.5) · 2^-24. */
float dfkd_philox_uniform (guint32 word);

/** dfkd_philox_integer: one integer in [0, range): the high half of word · range. */
guint32 dfkd_philox_integer (guint32 word, guint32 range);

/** dfkd_philox_distinct: integer @index of @count (up to 65,536), from its part of [0, range): of the parts, whose ends are rounded down, none holds what
 * another does; where they are narrower than 1, its lower end. */
guint32 dfkd_philox_distinct (guint32 word, guint32 index, guint32 count, guint32 range);

/** dfkd_philox_normal: two N(0, 1) floats from two words (Box and Muller, 1958). */
void dfkd_philox_normal (guint32 a, guint32 b, float out[2]);

G_END_DECLS
