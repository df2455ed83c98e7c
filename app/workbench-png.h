/* workbench-png.h: pictures as files. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/** workbench_png_write: in place of what there is of that name, which stays as it is where that fails */
gboolean workbench_png_write (cairo_surface_t *surface, const char *path, GError **error);

G_END_DECLS
