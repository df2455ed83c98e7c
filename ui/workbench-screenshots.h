/* workbench-screenshots.h: pictures of the window with each view in turn, for documentation and for looking at what was changed.
 * Behind the hidden option --screenshots; tests/scripts/screenshots drives it. */
#pragma once

#include "workbench-window.h"

G_BEGIN_DECLS

/**
 * workbench_screenshots_take:
 * @view: (nullable): this one alone
 * @folder: where VIEW.png are written
 *
 * Waits until most of the window's run is done, four minutes at most, and turns the main loop itself.
 */
gboolean workbench_screenshots_take (WorkbenchWindow *window, const char *view, const char *folder, GError **error);

G_END_DECLS
