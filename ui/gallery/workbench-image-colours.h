/* workbench-image-colours.h: a mark for each image of an album by what is known of it, and the legend. */
#pragma once

#include "workbench-album.h"
#include "workbench-class-mark.h"

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_COLOUR_CLASS,     /* the label it was drawn for */
  WORKBENCH_COLOUR_LOSS,      /* WorkbenchFacts.loss, without the 2 % at either end */
  WORKBENCH_COLOUR_AGREEMENT, /* of teacher and student */
  WORKBENCH_COLOUR_SYNTHESIS,
} WorkbenchColourBy;

/** WorkbenchImageColours: @low and @high: the values at the two ends of the colour map, where there is one; @dark: the
 * ground is dark, so that the map's darkest end is left out */
typedef struct {
  WorkbenchAlbum *album; /* not owned */
  WorkbenchColourBy by;
  float low, high;
  gboolean dark;
} WorkbenchImageColours;

/** workbench_image_colours: for the images @ids */
WorkbenchImageColours workbench_image_colours (WorkbenchAlbum *album, WorkbenchColourBy by, const WorkbenchImage *ids, gsize count, gboolean dark);
/** workbench_image_colours_mark: grey where nothing is known; @label: (out): the class it was drawn for, −1 where that is not known */
WorkbenchClassMark workbench_image_colours_mark (const WorkbenchImageColours *colours, WorkbenchImage image, int *label);
/** workbench_image_colours_legend: Pango markup; "" for classes, which have a legend of their own (workbench-class-legend.h). Returns: (transfer full) */
char *workbench_image_colours_legend (const WorkbenchImageColours *colours);

G_END_DECLS
