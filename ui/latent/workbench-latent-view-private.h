/* workbench-latent-view-private.h: between what is laid out, what is drawn of it, what is said of it, and the hand on it. */
#pragma once

#include "workbench-album.h"
#include "workbench-class-legend.h"
#include "workbench-image-colours.h"
#include "workbench-latent-view.h"
#include "workbench-layout.h"
#include "workbench-precision-recall.h"
#include "workbench-map.h"
#include "workbench-readout.h"
#include "workbench-test-images.h"

G_BEGIN_DECLS

enum {
  WORKBENCH_LATENT_FRAME = 2, /* pixels around a thumbnail */
};

struct _WorkbenchLatentView
{
  GtkBox parent_instance;

  GtkDropDown *space, *projection, *dimensions, *colour;
  GtkToggleButton *paths, *test;
  GtkStack *pages;
  GtkLabel *empty, *legend, *present;
  WorkbenchReadout *status, *progress_text;
  WorkbenchClassLegend *class_legend;
  GtkWidget *progress;
  GtkButton *stop;
  WorkbenchMap *map;

  WorkbenchDocument *document;
  WorkbenchAlbum *album;   /* of the whole pool: what is known of each image */
  WorkbenchPoints *points;
  WorkbenchLayout *layout;
  WorkbenchTestImages *test_images; /* once somebody wants to see them */
  WorkbenchPrecisionRecall *precision_recall; /* of the points, while they are there */
  gboolean stopped; /* the layout, by the button */
  WorkbenchImageColours colours; /* of the points as drawn */
  guint queued;            /* frame in which the points are drawn anew */
};

/* what is chosen */
DfkdRows workbench_latent_view_kind (WorkbenchLatentView *self);
gboolean workbench_latent_view_is_t_sne (WorkbenchLatentView *self);
gboolean workbench_latent_view_is_by_class (WorkbenchLatentView *self);
/* whether test images are asked for, and can be */
gboolean workbench_latent_view_has_test (WorkbenchLatentView *self);
/* why a choice of space cannot be had; NULL: it can */
const char *workbench_latent_view_why_not (guint position, gpointer view);

/* workbench-latent-texts.c */
/* (transfer full) */
char *workbench_latent_view_describe (WorkbenchLatentView *self, WorkbenchImage image);
/* how many points there are and how far the map is true to them. Returns: (transfer full) */
char *workbench_latent_view_measures (WorkbenchLatentView *self);
void workbench_latent_view_show_progress (WorkbenchLatentView *self);
/* all that is said of the map, or in its place */
void workbench_latent_view_show_texts (WorkbenchLatentView *self);

/* workbench-latent-draw.c */
void workbench_latent_view_draw_points (WorkbenchLatentView *self, gsize n);
void workbench_latent_view_draw_paths (WorkbenchLatentView *self);
/* a WorkbenchMapThumbnail: the image in a frame of its point's colour */
gboolean workbench_latent_view_thumbnail (guint index, guint8 *pixels, gpointer view);

/* workbench-latent-hand.c */
void workbench_latent_view_bind_hand (GtkWidgetClass *widget_class);

G_END_DECLS
