/* workbench-image-paintable.h: one picture of a batch, enlarged without blur by the largest whole factor that a place allows, or, where it
 * is larger than its place, reduced by a whole divisor. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_IMAGE_PAINTABLE (workbench_image_paintable_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchImagePaintable, workbench_image_paintable, WORKBENCH, IMAGE_PAINTABLE, GObject)

/** workbench_image_paintable_new: @side: what neither width nor height shall exceed, in pixels of the widget */
WorkbenchImagePaintable *workbench_image_paintable_new (guint side);

/** workbench_image_paintable_set_image: image @index of @pictures, which is only read; NULL: none. Its size becomes the paintable's own. */
void workbench_image_paintable_set_image (WorkbenchImagePaintable *self, const DfkdPictures *pictures, gsize index);

G_END_DECLS
