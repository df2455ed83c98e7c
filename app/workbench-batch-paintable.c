/* workbench-batch-paintable.c: the grid as one texture of the size it is drawn at. */
#include "workbench-batch-paintable.h"

#include <math.h>
#include <string.h>

enum {
  GAP = 2, /* pixels of the screen between pictures */
};

struct _WorkbenchBatchPaintable
{
  GObject parent_instance;

  DfkdPictures *pictures;
  GdkTexture *texture; /* NULL when it must be made anew */
  guint columns, factor;
};

static void paintable_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchBatchPaintable, workbench_batch_paintable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, paintable_init))

/* the number of columns that lets pictures be largest, and by what whole factor they are enlarged then */
static void
choose_layout (const DfkdPictures *p, double width, double height, guint *columns, guint *factor)
{
  *columns = 1;
  *factor = 0;
  for (guint c = 1; c <= p->count; c++)
    {
      guint rows = (guint) ((p->count + c - 1) / c);
      double wide = (width - (double) (c - 1) * GAP) / (double) (c * p->width);
      double high = (height - (double) (rows - 1) * GAP) / (double) (rows * p->height);
      double fit = floor (MIN (wide, high));

      if (fit > *factor)
        {
          *columns = c;
          *factor = (guint) fit;
        }
    }
  if (*factor == 0) /* too small a place: one pixel for one, cut off at the edge */
    {
      *factor = 1;
      *columns = MAX (1u, (guint) (width / (double) (p->width + GAP)));
    }
}

static GdkTexture *
make_texture (const DfkdPictures *p, guint columns, guint factor)
{
  guint rows = (guint) ((p->count + columns - 1) / columns);
  gsize cell_width = p->width * factor + GAP, cell_height = p->height * factor + GAP;
  gsize width = columns * cell_width - GAP, height = rows * cell_height - GAP, stride = width * 4;
  guint8 *pixels = g_malloc0 (stride * height);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize n = 0; n < p->count; n++)
    for (gsize y = 0; y < p->height * factor; y++)
      {
        guint8 *target = pixels + ((n / columns) * cell_height + y) * stride + (n % columns) * cell_width * 4;
        const guint8 *source = p->pixels + (n * p->height + y / factor) * p->width * p->channels;

        for (gsize x = 0; x < p->width * factor; x++, target += 4)
          {
            const guint8 *pixel = source + x / factor * p->channels;

            target[0] = pixel[0];
            target[1] = pixel[p->channels >= 3 ? 1 : 0];
            target[2] = pixel[p->channels >= 3 ? 2 : 0];
            target[3] = 255;
          }
      }
  bytes = g_bytes_new_take (pixels, stride * height);
  return gdk_memory_texture_new ((int) width, (int) height, GDK_MEMORY_R8G8B8A8, bytes, stride);
}

static void
workbench_batch_paintable_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  WorkbenchBatchPaintable *self = WORKBENCH_BATCH_PAINTABLE (paintable);
  guint columns, factor;
  double left, top;

  if (self->pictures == NULL || width < 1.0 || height < 1.0)
    return;
  choose_layout (self->pictures, width, height, &columns, &factor);
  if (self->texture == NULL || columns != self->columns || factor != self->factor)
    {
      g_clear_object (&self->texture);
      self->texture = make_texture (self->pictures, columns, factor);
      self->columns = columns;
      self->factor = factor;
    }
  left = floor (MAX (0.0, (width - gdk_texture_get_width (self->texture)) / 2.0));
  top = floor (MAX (0.0, (height - gdk_texture_get_height (self->texture)) / 2.0));
  gtk_snapshot_push_clip (GTK_SNAPSHOT (snapshot), &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_snapshot_append_texture (GTK_SNAPSHOT (snapshot), self->texture,
                               &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) gdk_texture_get_width (self->texture),
                                                    (float) gdk_texture_get_height (self->texture)));
  gtk_snapshot_pop (GTK_SNAPSHOT (snapshot));
}

static void
paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = workbench_batch_paintable_snapshot;
}

static void
workbench_batch_paintable_finalize (GObject *object)
{
  WorkbenchBatchPaintable *self = WORKBENCH_BATCH_PAINTABLE (object);

  g_clear_object (&self->texture);
  dfkd_pictures_unref (self->pictures);
  G_OBJECT_CLASS (workbench_batch_paintable_parent_class)->finalize (object);
}

static void
workbench_batch_paintable_class_init (WorkbenchBatchPaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_batch_paintable_finalize;
}

static void
workbench_batch_paintable_init (WorkbenchBatchPaintable *self)
{
}

WorkbenchBatchPaintable *
workbench_batch_paintable_new (void)
{
  return g_object_new (WORKBENCH_TYPE_BATCH_PAINTABLE, NULL);
}

void
workbench_batch_paintable_set_pictures (WorkbenchBatchPaintable *self, DfkdPictures *pictures)
{
  DfkdPictures *old = self->pictures;

  self->pictures = pictures != NULL ? dfkd_pictures_ref (pictures) : NULL;
  dfkd_pictures_unref (old);
  g_clear_object (&self->texture);
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

DfkdPictures *
workbench_batch_paintable_get_pictures (WorkbenchBatchPaintable *self)
{
  return self->pictures;
}
