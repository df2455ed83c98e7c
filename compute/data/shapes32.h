/* shapes32.h: ten classes of coloured, textured, cluttered pictures of 32×32 pixels, drawn with Cairo from a seed.
 *
 * A picture's class is the shape on it and nothing else: colours, textures, place, size, turn, background, clutter, what
 * covers it, contrast and noise are drawn alike for all classes. Picture i is a pure function of seed, part and i, the
 * same on every run with the same version of Cairo. It knows no file. */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

enum {
  DFKD_SHAPES32_SIDE = 32,
  DFKD_SHAPES32_CLASSES = 10,
  DFKD_SHAPES32_TRAINING = 20000,
  DFKD_SHAPES32_TEST = 2000,
};

/** dfkd_shapes32_names: (array zero-terminated=1) (transfer none): "disc", "ring" … in the order of their labels */
const char *const *dfkd_shapes32_names (void);

/**
 * dfkd_shapes32_draw:
 * @seed: another one gives other pictures of the same kind
 * @test: from the test pictures, which share none with the training pictures
 * @index: which; its class is @index modulo 10
 * @pixels: (out) (array): 3×32×32 bytes, channels first: red, green, blue
 */
void dfkd_shapes32_draw (guint64 seed, gboolean test, guint32 index, guint8 *pixels);

/** dfkd_shapes32_new: the first @count pictures of a part; 0: all of it */
DfkdDataset *dfkd_shapes32_new (guint64 seed, gboolean test, gsize count, GError **error);

G_END_DECLS
