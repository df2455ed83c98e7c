/* workbench-renderer.h: which of the toolkit's ways of drawing this machine is quick with. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/**
 * workbench_renderer_choose:
 *
 * Before the first window is shown: where OpenGL is Mesa's software, windows are drawn with Cairo. Software OpenGL draws every
 * pixel of a window for each frame, on all processors, which takes from training what it should compute with; Cairo draws what
 * has changed. GSK_RENDERER, where it is set, decides instead.
 * Returns: whether Cairo was chosen
 */
gboolean workbench_renderer_choose (GdkDisplay *display);

G_END_DECLS
