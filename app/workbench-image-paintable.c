/* workbench-image-paintable.c: the picture as one texture of the size it is drawn at. */
#include "workbench-image-paintable.h"

#include <math.h>

struct _WorkbenchImagePaintable
{
  GObject parent_instance;

  guint side;
  GdkTexture *texture; /* NULL without an image */
};

static void paintable_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchImagePaintable, workbench_image_paintable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, paintable_init))

/* the mean over the part of @divisor × @divisor pixels from (x, y) that the image has */
static guint8
mean (const DfkdPictures *p, const guint8 *pixels, gsize x, gsize y, gsize divisor, gsize channel)
{
  guint sum = 0, count = 0;

  for (gsize v = y; v < MIN (y + divisor, p->height); v++)
    for (gsize u = x; u < MIN (x + divisor, p->width); u++, count++)
      sum += pixels[(v * p->width + u) * p->channels + channel];
  return (guint8) ((sum + count / 2) / count);
}

static GdkTexture *
make_texture (const DfkdPictures *p, gsize index, gsize side)
{
  gsize longer = MAX (p->width, p->height), factor = MAX (side / longer, 1), divisor = (longer + side - 1) / side;
  gsize width = (p->width * factor + divisor - 1) / divisor, height = (p->height * factor + divisor - 1) / divisor;
  const guint8 *source = p->pixels + index * dfkd_pictures_image_bytes (p);
  guint8 *pixels = g_malloc (width * height * 4), *target = pixels;
  g_autoptr (GBytes) bytes = NULL;

  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++, target += 4)
      {
        for (gsize c = 0; c < 3; c++)
          target[c] = mean (p, source, x / factor * divisor, y / factor * divisor, divisor, p->channels >= 3 ? c : 0);
        target[3] = 255;
      }
  bytes = g_bytes_new_take (pixels, width * height * 4);
  return gdk_memory_texture_new ((int) width, (int) height, GDK_MEMORY_R8G8B8A8, bytes, width * 4);
}

static void
workbench_image_paintable_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  WorkbenchImagePaintable *self = WORKBENCH_IMAGE_PAINTABLE (paintable);
  double wide, high;

  if (self->texture == NULL)
    return;
  wide = gdk_texture_get_width (self->texture);
  high = gdk_texture_get_height (self->texture);
  gtk_snapshot_append_texture (GTK_SNAPSHOT (snapshot), self->texture,
                               &GRAPHENE_RECT_INIT ((float) floor ((width - wide) / 2.0), (float) floor ((height - high) / 2.0), (float) wide, (float) high));
}

static int
workbench_image_paintable_get_intrinsic_width (GdkPaintable *paintable)
{
  WorkbenchImagePaintable *self = WORKBENCH_IMAGE_PAINTABLE (paintable);

  return self->texture != NULL ? gdk_texture_get_width (self->texture) : 0;
}

static int
workbench_image_paintable_get_intrinsic_height (GdkPaintable *paintable)
{
  WorkbenchImagePaintable *self = WORKBENCH_IMAGE_PAINTABLE (paintable);

  return self->texture != NULL ? gdk_texture_get_height (self->texture) : 0;
}

static void
paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = workbench_image_paintable_snapshot;
  iface->get_intrinsic_width = workbench_image_paintable_get_intrinsic_width;
  iface->get_intrinsic_height = workbench_image_paintable_get_intrinsic_height;
}

static void
workbench_image_paintable_finalize (GObject *object)
{
  WorkbenchImagePaintable *self = WORKBENCH_IMAGE_PAINTABLE (object);

  g_clear_object (&self->texture);
  G_OBJECT_CLASS (workbench_image_paintable_parent_class)->finalize (object);
}

static void
workbench_image_paintable_class_init (WorkbenchImagePaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_image_paintable_finalize;
}

static void
workbench_image_paintable_init (WorkbenchImagePaintable *self)
{
}

WorkbenchImagePaintable *
workbench_image_paintable_new (guint side)
{
  WorkbenchImagePaintable *self = g_object_new (WORKBENCH_TYPE_IMAGE_PAINTABLE, NULL);

  self->side = side;
  return self;
}

void
workbench_image_paintable_set_image (WorkbenchImagePaintable *self, const DfkdPictures *pictures, gsize index)
{
  int width = workbench_image_paintable_get_intrinsic_width (GDK_PAINTABLE (self)), height = workbench_image_paintable_get_intrinsic_height (GDK_PAINTABLE (self));

  g_clear_object (&self->texture);
  if (pictures != NULL)
    self->texture = make_texture (pictures, index, self->side);
  if (workbench_image_paintable_get_intrinsic_width (GDK_PAINTABLE (self)) != width || workbench_image_paintable_get_intrinsic_height (GDK_PAINTABLE (self)) != height)
    gdk_paintable_invalidate_size (GDK_PAINTABLE (self));
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}
