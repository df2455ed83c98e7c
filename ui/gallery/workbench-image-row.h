/* workbench-image-row.h: a row of images as one texture: enlarged by a whole factor, framed, transparent between them. */
#pragma once

#include "workbench-album.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

enum {
  WORKBENCH_IMAGE_FRAME = 2, /* pixels of the widget, of each of the two frames around an image */
  WORKBENCH_IMAGE_GAP = 2,   /* between them */
  WORKBENCH_IMAGE_EDGE = 4 * WORKBENCH_IMAGE_FRAME + WORKBENCH_IMAGE_GAP
};

typedef struct {
  guint first, count, columns; /* positions in the album; columns that there would be room for */
  guint zoom, scale;           /* pixels of the widget for one of the image; of the screen for one of the widget */
  gboolean frames;
} WorkbenchImageRow;

/** workbench_image_row_new: @selection: (nullable); @complete: (out): FALSE when an image is still being read. Returns: (transfer full) */
GdkTexture *workbench_image_row_new (WorkbenchAlbum *album, WorkbenchSelection *selection, const WorkbenchImageRow *row, gboolean *complete);

G_END_DECLS
