/* workbench-png.h: pictures as files. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/** workbench_png_append: a cairo_write_func_t: to the end of the GByteArray @bytes */
cairo_status_t workbench_png_append (void *bytes, const unsigned char *data, unsigned int length);
/** workbench_png_write: in place of what there is of that name, which stays as it is where that fails */
gboolean workbench_png_write (cairo_surface_t *surface, const char *path, GError **error);

G_END_DECLS
