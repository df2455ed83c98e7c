/* cifar-private.h: the seam between records and pickles. */
#pragma once

#include "cifar.h"

G_BEGIN_DECLS

enum {
  DFKD_CIFAR_PIXELS = 3 * 32 * 32,
};

/** DfkdCifarPart: what one file holds: image i at @pixels + i·@stride */
typedef struct {
  const guint8 *pixels;
  gsize stride, count;
  gint32 *labels; /* owned; not yet compared with the number of classes */
} DfkdCifarPart;

/** dfkd_cifar_open_pickle: @keep: (out) (nullable): what @part points into, to be closed with dfkd_cifar_close_pickle(), also
 * after an error */
gboolean dfkd_cifar_open_pickle (GBytes *file, const char *name, const char *labels, DfkdCifarPart *part, gpointer *keep,
                                 GError **error);
void dfkd_cifar_close_pickle (gpointer keep);
char **dfkd_cifar_pickled_names (GBytes *file, const char *name, const char *key, gsize classes, GError **error);
/** dfkd_cifar_check_name: whether @name can be shown: UTF-8 of one line that is not too long */
gboolean dfkd_cifar_check_name (const char *name, gsize length, const char *file, GError **error);

G_END_DECLS
