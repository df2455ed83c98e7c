/* id-hash.h: a hash of numbers that are put together of two: g_int64_hash() makes nearly the same of all images of a run, as their synthesis
 * and their place in the batch are both small, and a table of some ten thousand of them then takes seconds to fill. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_id_hash: a GHashFunc for keys that point at guint64, beside g_int64_equal() */
static inline guint
dfkd_id_hash (gconstpointer id)
{
  guint64 bits = *(const guint64 *) id;

  bits = (bits ^ bits >> 33) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  bits = (bits ^ bits >> 33) * G_GUINT64_CONSTANT (0xc4ceb9fe1a85ec53);
  return (guint) (bits ^ bits >> 33);
}

G_END_DECLS
