/* png-image.h: pixels as a PNG in memory, for pages that carry their pictures with them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_png_encode:
 * @pixels: height × width × channels, 8 bits
 * @channels: 1 (grey) or 3 (RGB)
 *
 * The same pixels give the same bytes. Returns: (transfer full)
 */
GBytes *dfkd_png_encode (const guint8 *pixels, gsize width, gsize height, gsize channels);

G_END_DECLS
