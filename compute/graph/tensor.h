/* tensor.h: what a tensor looks like: element type and shape. A description, never storage.
 *
 * Shapes are written N, C, H, W. In memory a tensor of rank 4 is stored channels-last (N, H, W, C), which
 * is what both devices read fastest; convolution weights O, I, KH, KW are by the same rule O, KH, KW, I.
 * Every other rank is row-major. dfkd_tensor_to_storage() and its inverse are the only places that convert. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  DFKD_F32,
  DFKD_I32,
  DFKD_U8,
} DfkdType;

enum {
  DFKD_MAX_RANK = 4,
};

typedef struct {
  DfkdType type;
  guint rank;
  gsize dim[DFKD_MAX_RANK];
} DfkdShape;

gsize dfkd_type_bytes (DfkdType type);

/** dfkd_shape: a float32 shape of one to four dimensions; trailing zeros are absent dimensions. */
DfkdShape dfkd_shape (gsize d0, gsize d1, gsize d2, gsize d3);
DfkdShape dfkd_shape_of_type (DfkdType type, gsize d0, gsize d1, gsize d2, gsize d3);

/** dfkd_shape_check: FALSE when a dimension is zero or the element or byte count does not fit a gsize. */
gboolean dfkd_shape_check (const DfkdShape *shape);
gsize dfkd_shape_count (const DfkdShape *shape);
gsize dfkd_shape_bytes (const DfkdShape *shape);
gboolean dfkd_shape_equal (const DfkdShape *a, const DfkdShape *b);

/** dfkd_shape_channels: the fastest dimension in memory: C of N,C,H,W or N,C; the length of a vector. */
gsize dfkd_shape_channels (const DfkdShape *shape);

/** dfkd_shape_rows: count / channels: N·H·W, N, or 1. */
gsize dfkd_shape_rows (const DfkdShape *shape);

/** dfkd_shape_text: "12×3×32×32", for messages. Returns: (transfer full) */
char *dfkd_shape_text (const DfkdShape *shape);

/** dfkd_tensor_to_storage: copies @source in N,C,H,W order to @storage in the engine's order. */
void dfkd_tensor_to_storage (const DfkdShape *shape, const void *source, void *storage);
/** dfkd_tensor_from_storage: the inverse. */
void dfkd_tensor_from_storage (const DfkdShape *shape, const void *storage, void *target);

G_END_DECLS
