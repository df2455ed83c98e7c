/* workbench-glance.h: when numbers, curves and labels that follow a run are brought up to date.
 *
 * Each new text lays the whole window out anew, and all that is drawn takes time from training: so what changes by itself does so at
 * the same few moments of a second, and shares one layout and one frame. Nobody reads faster. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** WorkbenchShow: brings @data up to date */
typedef void (*WorkbenchShow) (gpointer data);

/** WorkbenchGlance: something that is brought up to date; all 0: it is */
typedef struct {
  guint source;
  WorkbenchShow show;
  gpointer data;
} WorkbenchGlance;

/** workbench_glance_order: calls @show at the next of these moments, once however often it is ordered until then. Cancel it before @self
 * or @data goes. */
void workbench_glance_order (WorkbenchGlance *self, WorkbenchShow show, gpointer data);

/** workbench_glance_order_rarely: at the next of every third of them, for what is costly to find out */
void workbench_glance_order_rarely (WorkbenchGlance *self, WorkbenchShow show, gpointer data);

void workbench_glance_cancel (WorkbenchGlance *self);

G_END_DECLS
