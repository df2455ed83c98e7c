/* workbench-glance.h: when numbers, curves and labels that follow a run are brought up to date.
 *
 * Each new text lays the whole window out anew, and all that is drawn takes time from training: so what changes by itself does so at
 * the same few moments of a second, and shares one layout and one frame. Nobody reads faster. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** workbench_glance_add: calls @show once, at the next of these moments. Returns: the source, as of g_timeout_add() */
guint workbench_glance_add (GSourceFunc show, gpointer data);

/** workbench_glance_add_rare: at every third of them, for what is costly to find out */
guint workbench_glance_add_rare (GSourceFunc show, gpointer data);

G_END_DECLS
