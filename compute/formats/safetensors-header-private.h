/* safetensors-header-private.h: the JSON of a header, read strictly by a parser that knows only its grammar. */
#pragma once

#include "safetensors.h"

G_BEGIN_DECLS

/**
 * dfkd_safetensors_parse_header:
 * @entries: (element-type DfkdTensorEntry): filled; data points into @data
 * @metadata: (element-type utf8 utf8): filled
 *
 * Returns: NULL, or (transfer full) what is wrong with the header
 */
char *dfkd_safetensors_parse_header (const char *text, gsize length, const guint8 *data, gsize data_bytes,
                                     GPtrArray *entries, GHashTable *metadata);

G_END_DECLS
