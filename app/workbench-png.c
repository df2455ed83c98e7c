/* workbench-png.c: the whole of it in memory, then as other files are written. */
#include "workbench-png.h"

#include "dfkd.h"

#include <errno.h>

cairo_status_t
workbench_png_append (void *bytes, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (bytes, data, length);
  return CAIRO_STATUS_SUCCESS;
}

gboolean
workbench_png_write (cairo_surface_t *surface, const char *path, GError **error)
{
  GByteArray *array = g_byte_array_new ();
  const cairo_status_t status = cairo_surface_write_to_png_stream (surface, workbench_png_append, array);
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (array);

  return status == CAIRO_STATUS_SUCCESS ? dfkd_atomic_write (path, &bytes, 1, error) : dfkd_write_error (path, ENOMEM, error);
}
