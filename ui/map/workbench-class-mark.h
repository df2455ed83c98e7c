/* workbench-class-mark.h: what the points of a class look like, so that as many classes as can be are told apart.
 *
 * The first 14 classes are discs in seven hues, as they are and darker, or paler where the ground is dark; the next ones have the same colours in another shape, so that 112 are
 * all different. A teacher of more than that gets paler and greyer colours besides: 224 marks; beyond them they come again. */
#pragma once

#include "workbench-map.h"

G_BEGIN_DECLS

enum {
  WORKBENCH_PLAIN_CLASSES = 14, /* so many need no shapes */
};

typedef struct {
  GdkRGBA colour;
  WorkbenchMapShape shape;
} WorkbenchClassMark;

/** workbench_class_mark: of class @label, or of an unknown one (−1), among @classes; @dark: on a dark ground */
WorkbenchClassMark workbench_class_mark (int label, guint classes, gboolean dark);
/** workbench_class_mark_append: as a legend shows it, before @name. @text: Pango markup */
void workbench_class_mark_append (const WorkbenchClassMark *mark, const char *name, GString *text);

G_END_DECLS
