/* workbench-image-grid-private.h: between what is drawn and the hand on it. */
#pragma once

#include "workbench-image-grid.h"

G_BEGIN_DECLS

struct _WorkbenchImageGrid
{
  GtkWidget parent_instance;

  WorkbenchAlbum *album;
  WorkbenchSelection *selection;
  GtkAdjustment *adjustment[2]; /* horizontal, vertical */
  GtkScrollablePolicy policy[2];
  char *(*describe) (WorkbenchImage image, gpointer data);
  gpointer describe_data;
  guint zoom;
  gboolean frames, looks;
  guint columns, shown_zoom; /* as laid out */
  GHashTable *rows;          /* index → Row */
  guint anchor;              /* where a range of the selection begins */
  gboolean choosing;         /* it is this hand that selects */
  gboolean listed;           /* the image that is looked at, when the list was laid out last */
  gboolean sought;           /* the first selected image is to be scrolled to when it is listed */
};

/* images in the list */
guint workbench_image_grid_length (WorkbenchImageGrid *self);
/* pixels from one image to the next */
guint workbench_image_grid_cell (WorkbenchImageGrid *self, gboolean across);
void workbench_image_grid_add_controllers (WorkbenchImageGrid *self);

G_END_DECLS
