/* workbench-image-row.c: pixels of a row, with frames. */
#include "workbench-image-row.h"

#include <string.h>

enum {
  FRAME = WORKBENCH_IMAGE_FRAME,
};

typedef struct {
  guint8 *pixels;
  gsize stride;
  guint scale; /* pixels of the texture for one of the widget */
} Canvas;

static void
fill (const Canvas *canvas, guint x, guint y, guint width, guint height, guint32 rgba)
{
  for (guint i = y; i < y + height; i++)
    for (guint j = x; j < x + width; j++)
      memcpy (canvas->pixels + i * canvas->stride + 4 * j, &rgba, 4);
}

static void
frame (const Canvas *canvas, guint x, guint y, guint width, guint height, guint32 rgba)
{
  guint thick = FRAME * canvas->scale;

  fill (canvas, x, y, width, thick, rgba);
  fill (canvas, x, y + height - thick, width, thick, rgba);
  fill (canvas, x, y + thick, thick, height - 2 * thick, rgba);
  fill (canvas, x + width - thick, y + thick, thick, height - 2 * thick, rgba);
}

static void
enlarge (const Canvas *canvas, guint x, guint y, const DfkdPictures *p, guint index, guint factor)
{
  const guint8 *source = p->pixels + index * dfkd_pictures_image_bytes (p);

  for (gsize row = 0; row < p->height; row++)
    {
      guint8 *first = canvas->pixels + (y + row * factor) * canvas->stride + 4 * x, *target = first;

      for (gsize column = 0; column < p->width; column++)
        {
          const guint8 *pixel = source + (row * p->width + column) * p->channels;

          for (guint i = 0; i < factor; i++, target += 4)
            {
              target[0] = pixel[0];
              target[1] = pixel[p->channels >= 3 ? 1 : 0];
              target[2] = pixel[p->channels >= 3 ? 2 : 0];
              target[3] = 255;
            }
        }
      for (guint i = 1; i < factor; i++)
        memcpy (first + i * canvas->stride, first, 4 * p->width * factor);
    }
}

static guint32
rgba (guint8 r, guint8 g, guint8 b, guint8 a)
{
  guint8 bytes[4] = { r, g, b, a };
  guint32 value;

  memcpy (&value, bytes, 4);
  return value;
}

GdkTexture *
workbench_image_row_new (WorkbenchAlbum *album, WorkbenchSelection *selection, const WorkbenchImageRow *row, gboolean *complete)
{
  guint height, width, scale = row->scale;

  workbench_album_get_size (album, &height, &width);
  {
    guint wide = (width * row->zoom + WORKBENCH_IMAGE_EDGE) * scale, high = (height * row->zoom + WORKBENCH_IMAGE_EDGE) * scale, edge = FRAME * scale;
    Canvas canvas = { NULL, (gsize) wide * row->columns * 4, scale };
    g_autoptr (GBytes) bytes = NULL;

    canvas.pixels = g_malloc0 (canvas.stride * high);
    *complete = TRUE;
    for (guint i = 0; i < row->count; i++)
      {
        WorkbenchImage image = workbench_album_get_image (album, row->first + i);
        const WorkbenchFacts *facts = workbench_album_get_facts (album, image);
        DfkdPictures *pictures = workbench_album_get_pictures (album, image);
        guint x = i * wide, across = wide - WORKBENCH_IMAGE_GAP * scale, down = high - WORKBENCH_IMAGE_GAP * scale;

        if (selection != NULL && workbench_selection_contains (selection, image))
          frame (&canvas, x, 0, across, down, rgba (0xe6, 0x9f, 0x00, 0xff));
        if (row->frames && facts != NULL && facts->agree)
          frame (&canvas, x + edge, edge, across - 2 * edge, down - 2 * edge, rgba (0x2a, 0x8f, 0xd6, 0xff));
        if (pictures != NULL && workbench_image_index (image) < pictures->count && pictures->width == width && pictures->height == height)
          enlarge (&canvas, x + 2 * edge, 2 * edge, pictures, workbench_image_index (image), row->zoom * scale);
        else
          {
            fill (&canvas, x + 2 * edge, 2 * edge, across - 4 * edge, down - 4 * edge, rgba (0x30, 0x30, 0x30, 0x60));
            *complete = FALSE;
          }
      }
    bytes = g_bytes_new_take (canvas.pixels, canvas.stride * high);
    return gdk_memory_texture_new ((int) (wide * row->columns), (int) high, GDK_MEMORY_R8G8B8A8, bytes, canvas.stride);
  }
}
