/* pictures-sheet.h: the first images of a batch side by side, as one picture. */
#pragma once

#include "pictures.h"

G_BEGIN_DECLS

/**
 * dfkd_pictures_sheet:
 * @pictures: of 1 or 3 channels, and at least one image
 * @columns: @rows: at most so many
 * @width: @height: (out): pixels of the sheet
 *
 * Returns: (transfer full): PNG; the same images give the same bytes
 */
GBytes *dfkd_pictures_sheet (const DfkdPictures *pictures, guint columns, guint rows, gsize *width, gsize *height);

G_END_DECLS
