/* float-text.h: float32 as people write it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_float_text:
 * @buffer: of G_ASCII_DTOSTR_BUF_SIZE bytes
 *
 * The shortest decimal number, from six digits on, that gives the same float when it is read: 0.3, where "%.9g" has 0.300000012. Always
 * with a point.
 *
 * Returns: @buffer
 */
const char *dfkd_float_text (char *buffer, float value);

G_END_DECLS
