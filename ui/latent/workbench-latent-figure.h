/* workbench-latent-figure.h: the latent space as a file: the map with what its marks mean, or the points as numbers. */
#pragma once

#include "workbench-image-colours.h"
#include "workbench-layout.h"
#include "workbench-map.h"

G_BEGIN_DECLS

/** WorkbenchLatentFigure: nothing is owned */
typedef struct {
  const char *title; /* above the map: whose numbers, and how they are laid out */
  const char *scale; /* what the colours are of, where they are not of classes */
  WorkbenchDocument *document;
  WorkbenchLayout *layout;
  WorkbenchMap *map;
  const WorkbenchImageColours *colours; /* of the map's points */
} WorkbenchLatentFigure;

/** workbench_latent_figure_save: by the ending of @path, as workbench_drawing_save() does it; CSV has a line a point: synthesis (0: a test image), image
 * (from 1), class it was drawn for, and its place on the axes of the layout */
gboolean workbench_latent_figure_save (const WorkbenchLatentFigure *figure, const char *path, GError **error);

G_END_DECLS
