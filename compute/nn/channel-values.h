/* channel-values.h: numbers for the channels of images as people write them: "0.4914, 0.4822, 0.4465". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_channel_values_parse:
 * @text: numbers from 0 to 1 with commas between them; "" is none
 * @what: for messages, such as the name of the option
 * @positive: zero is refused
 * @values: (out) (transfer full) (array length=count) (nullable): NULL of none
 *
 * Errors: DFKD_ERROR_ARGUMENT
 */
gboolean dfkd_channel_values_parse (const char *text, const char *what, gboolean positive, float **values, guint *count,
                                    GError **error);

/**
 * dfkd_channel_values_choose:
 * @text: (nullable): as dfkd_channel_values_parse() reads it: a number for each of @channels, or one that counts for all
 * @of: what has these channels, for messages
 * @values: (inout) (array length=channels): as they were when @text is none
 *
 * Errors: DFKD_ERROR_ARGUMENT
 */
gboolean dfkd_channel_values_choose (const char *text, const char *what, gboolean positive, gsize channels, const char *of, float *values, GError **error);

G_END_DECLS
