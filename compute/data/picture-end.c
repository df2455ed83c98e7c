/* picture-end.c: the markers of JPEG and the length in WebP's head. Knows nothing of what pictures show. */
#include "picture-end.h"

#include <string.h>

/* second bytes of markers (ITU-T T.81, table B.1) */
enum {
  STUFFED = 0x00, /* a byte 0xff of the picture itself */
  TEMPORARY = 0x01,
  FIRST_RESTART = 0xd0,
  LAST_RESTART = 0xd7,
  START = 0xd8,
  END = 0xd9,
};

/* whether a length and as many bytes follow */
static gboolean
has_segment (guint8 marker)
{
  return marker != STUFFED && marker != TEMPORARY && marker != START && !(marker >= FIRST_RESTART && marker <= LAST_RESTART);
}

/* Segments are passed over by their length: those of cameras hold small pictures with end markers of their own. */
static gboolean
is_whole_jpeg (const guint8 *at, const guint8 *end)
{
  int length;

  while (at < end && (at = memchr (at, 0xff, (gsize) (end - at))) != NULL)
    {
      while (at < end && *at == 0xff) /* any number of them may stand before a marker */
        at++;
      if (at == end)
        return FALSE;
      if (*at == END)
        return TRUE;
      if (!has_segment (*at++))
        continue;
      if (end - at < 2)
        return FALSE;
      length = at[0] << 8 | at[1];
      if (end - at < length)
        return FALSE;
      at += MAX (length, 2);
    }
  return FALSE;
}

/* "RIFF", how many bytes follow, "WEBP" */
static gboolean
is_whole_webp (const guint8 *data, gsize size)
{
  const gsize rest = (gsize) data[4] | (gsize) data[5] << 8 | (gsize) data[6] << 16 | (gsize) data[7] << 24;

  return rest <= size - 8;
}

gboolean
dfkd_picture_is_whole (GBytes *file)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  if (size >= 3 && data[0] == 0xff && data[1] == START && data[2] == 0xff)
    return is_whole_jpeg (data + 2, data + size);
  if (size >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return is_whole_webp (data, size);
  return TRUE;
}
