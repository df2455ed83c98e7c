/* pictures-sheet.c: pixels of images between grey lines. */
#include "pictures-sheet.h"

#include "png-image.h"

#include <string.h>

enum {
  GAP = 2, /* pixels between images */
  GREY = 128,
};

GBytes *
dfkd_pictures_sheet (const DfkdPictures *pictures, guint columns, guint rows, gsize *width, gsize *height)
{
  const gsize shown = MIN (pictures->count, (gsize) columns * rows), across = MIN (shown, (gsize) columns), down = (shown + columns - 1) / columns;
  const gsize row = pictures->width * pictures->channels;
  g_autofree guint8 *sheet = NULL;

  *width = across * (pictures->width + GAP) - GAP;
  *height = down * (pictures->height + GAP) - GAP;
  sheet = g_malloc (*width * *height * pictures->channels);
  memset (sheet, GREY, *width * *height * pictures->channels);
  for (gsize i = 0; i < shown; i++)
    for (gsize y = 0; y < pictures->height; y++)
      memcpy (sheet + ((i / columns * (pictures->height + GAP) + y) * *width + i % columns * (pictures->width + GAP)) * pictures->channels,
              pictures->pixels + i * dfkd_pictures_image_bytes (pictures) + y * row, row);
  return dfkd_png_encode (sheet, *width, *height, pictures->channels);
}
