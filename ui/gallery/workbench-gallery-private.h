/* workbench-gallery-private.h: between what the gallery shows, what it says of that, and how it is saved. */
#pragma once

#include "workbench-album.h"
#include "workbench-gallery-view.h"
#include "workbench-glance.h"
#include "workbench-image-grid.h"
#include "workbench-image-panel.h"
#include "workbench-image-saving.h"
#include "workbench-overlays.h"
#include "workbench-readout.h"
#include "workbench-runs-beside.h"

G_BEGIN_DECLS

struct _WorkbenchGalleryView
{
  GtkBox parent_instance;

  GtkDropDown *source, *order, *class_choice;
  GtkToggleButton *descending, *frames, *details;
  GtkButton *smaller, *fit, *larger;
  GtkMenuButton *save_more;
  WorkbenchReadout *title;
  GtkLabel *empty, *elsewhere_text;
  GtkWidget *elsewhere;
  GtkButton *elsewhere_button;
  GtkStack *pages;
  WorkbenchImageGrid *grid;
  WorkbenchRunsBeside *runs_beside;
  WorkbenchOverlays *overlays;
  WorkbenchImagePanel *panel;
  WorkbenchImageSaving *saving;

  WorkbenchAlbum *album;
  WorkbenchDocument *document;
  WorkbenchDocument *explained; /* of which the panel explains an image: it, or one beside */
  guint n_classes; /* in class_choice */
  gboolean pool_for_now; /* as a run is over; nobody chose it */
  WorkbenchGlance new_title;
  GtkFileChooserNative *chooser;
};

/* whether batches of several runs are shown */
gboolean workbench_gallery_view_is_beside (WorkbenchGalleryView *self);
/* the class that is chosen, or WORKBENCH_ALL_CLASSES */
int workbench_gallery_view_chosen_label (WorkbenchGalleryView *self);

/* workbench-gallery-texts.c */
/* selected images that the pool has and the batch has not: how many, if the batch has none of the selected ones */
guint workbench_gallery_view_count_elsewhere (WorkbenchGalleryView *self);
/* says where the selected images are that cannot be seen, and offers to go there */
void workbench_gallery_view_show_elsewhere (WorkbenchGalleryView *self);
/* why nothing is listed */
void workbench_gallery_view_show_empty (WorkbenchGalleryView *self);
/* a WorkbenchShow: of a WorkbenchGalleryView: what is listed */
void workbench_gallery_view_show_title (gpointer view);

/* workbench-gallery-save.c */
void workbench_gallery_view_init_saving (WorkbenchViewInterface *iface);
void workbench_gallery_view_dispose_saving (WorkbenchGalleryView *self);
void workbench_gallery_view_class_add_saving (GtkWidgetClass *widget_class);

G_END_DECLS
