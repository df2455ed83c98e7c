/* safetensors-sum-private.h: a checksum over named contents, for who writes files and who reads them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DFKD_SUM_KEY "sha256" /* in the metadata */

void dfkd_sum_add (GChecksum *sum, const char *name, gconstpointer data, gsize bytes);
void dfkd_sum_add_text (GChecksum *sum, const char *name, const char *text); /* (nullable): nothing is added then */

G_END_DECLS
