/* workbench-batch-paintable.h: a batch of pictures as a grid, enlarged by whole factors without blur. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_BATCH_PAINTABLE (workbench_batch_paintable_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchBatchPaintable, workbench_batch_paintable, WORKBENCH, BATCH_PAINTABLE, GObject)

WorkbenchBatchPaintable *workbench_batch_paintable_new (void);

/** workbench_batch_paintable_set_pictures: @pictures is referenced; the texture is made when it is drawn next. */
void workbench_batch_paintable_set_pictures (WorkbenchBatchPaintable *self, DfkdPictures *pictures);
DfkdPictures *workbench_batch_paintable_get_pictures (WorkbenchBatchPaintable *self);

G_END_DECLS
