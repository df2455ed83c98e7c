/* dataset-open.c: which reader a source belongs to, told by what it holds. */
#include "dataset-private.h"

#include "errors.h"
#include "shapes32.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

static const char SHAPES[] = "shapes32";

/* "shapes32" or "shapes32:SEED"; FALSE also for a path that only begins so */
static gboolean
is_shapes (const char *source)
{
  return g_str_has_prefix (source, SHAPES) && (source[strlen (SHAPES)] == '\0' || source[strlen (SHAPES)] == ':');
}

static DfkdDataset *
open_shapes (const char *source, gboolean test, GError **error)
{
  const char *text = source + strlen (SHAPES);
  guint64 seed = 0;

  if (*text == ':' && !g_ascii_string_to_unsigned (text + 1, 10, 0, G_MAXUINT32, &seed, NULL))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("data: %s: expected shapes32, or shapes32: and a seed from 0 to %u"), source,
                   G_MAXUINT32);
      return NULL;
    }
  return dfkd_shapes32_new (seed, test, 0, error);
}

DfkdDataset *
dfkd_dataset_open (const char *source, gboolean test, const DfkdDatasetOptions *options, GError **error)
{
  static const DfkdDatasetOptions none = { 0 };

  if (options == NULL)
    options = &none;
  if (*source == '\0')
    return dfkd_dataset_load_idx (DFKD_FASHION_MNIST_FOLDER, test, options->pad_to, error);
  if (is_shapes (source))
    return open_shapes (source, test, error);
  return dfkd_dataset_load_idx (source, test, options->pad_to, error);
}
