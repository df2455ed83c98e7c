/* alignment.h: laying one layout over a former one, so that what moves on the map has moved.
 *
 * Orthogonal Procrustes over the points that both have (Schönemann 1966; with scale and without reflections Umeyama 1991):
 * of all y = scale · rotation · (x − from) + to the one that minimises Σ ‖y − former‖². */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  DFKD_ALIGNMENT_RIGID = 0,           /* rotation and translation */
  DFKD_ALIGNMENT_REFLECTION = 1 << 0, /* it may turn the layout over */
  DFKD_ALIGNMENT_SCALE = 1 << 1,      /* it may shrink or stretch it */
} DfkdAlignmentFreedom;

/** DfkdLayout: points on a map, each with an id that is its own. */
typedef struct {
  const guint64 *ids;       /* [n] */
  const float *coordinates; /* [n, dimensions] */
  gsize n;
} DfkdLayout;

typedef struct {
  guint dimensions;
  double rotation[9]; /* [dimensions, dimensions], by rows */
  double scale;       /* > 0 */
  double from[3], to[3];
  gsize n_common;  /* points that it was fitted to */
  double residual; /* root mean square distance of these to their former places, after it; 0 without any */
} DfkdAlignment;

/**
 * dfkd_alignment_fit:
 * @dimensions: 1, 2 or 3
 *
 * Fits @layout to @former over the ids that both have and whose places are finite numbers. Without any it is the identity; what
 * few or collinear points leave open is neither a reflection nor more of a rotation than it must be.
 *
 * Returns: FALSE with DFKD_ERROR_DEVICE without LAPACK, DFKD_ERROR_NUMBER when it fails
 */
gboolean dfkd_alignment_fit (DfkdAlignment *alignment, guint dimensions, const DfkdLayout *layout, const DfkdLayout *former,
                             DfkdAlignmentFreedom freedom, GError **error);

/** dfkd_alignment_apply: moves the @n points of @coordinates ([n, dimensions]); what is no finite number stays none. */
void dfkd_alignment_apply (const DfkdAlignment *alignment, float *coordinates, gsize n);

G_END_DECLS
