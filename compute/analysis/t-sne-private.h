/* t-sne-private.h: what a t-SNE knows of its points, shared by its four parts: points coming and going (t-sne.c), their nearest
 * neighbours (t-sne-neighbours.c), affinities out of those (t-sne-affinities.c), and descent (t-sne-descent.c). */
#pragma once

#include "nearest-private.h"
#include "t-sne-tree.h"
#include "t-sne.h"

G_BEGIN_DECLS

/* A list holds the first of a point's neighbours among the points before @known, without a gap: so points that come are merged in, and
 * as long as enough are left, points may go. */
typedef struct {
  gsize known;
  guint n;            /* in its row of @near */
  gboolean is_stale;  /* its affinities are not those of its neighbours */
  gboolean has_place;
} DfkdMapPoint;

typedef enum {
  DFKD_T_SNE_NEIGHBOURS,
  DFKD_T_SNE_AFFINITIES,
  DFKD_T_SNE_DESCENT,
} DfkdTSneStage;

struct _DfkdTSne
{
  DfkdTSneSettings settings;
  DfkdThreadPool *pool;
  gsize n, room;
  guint64 *ids;
  float *rows;                       /* [n, n_features] */
  double *places, *velocities, *gains; /* [n, dimensions] */
  DfkdMapPoint *points;
  GHashTable *by_id; /* guint64 in @ids → index; made when it is needed */

  DfkdTSneStage stage;
  guint wanted, capacity; /* neighbours: 3 · perplexity, and as many as a list has room for */
  DfkdNear *near;         /* [n, capacity] */
  guint32 *queue;         /* points that do not know all others, those that know equally many together */
  gsize n_queue, next;    /* next: in @queue */
  DfkdPointSet set;
  gboolean has_set;

  guint used;          /* neighbours in affinities: wanted, or n − 1 */
  float *conditional;  /* [n, wanted]: p_j|i of the first neighbours */
  gsize *starts;       /* [n + 1]: of rows of P */
  guint32 *columns;
  float *affinities;   /* p_ij = (p_j|i + p_i|j) / 2n */
  gsize room_affinities;

  guint iteration;
  DfkdMapTree *tree;
  double *forces, *weights, *gradient; /* [n, dimensions], [n], [n, dimensions] */
};

/** dfkd_t_sne_find_neighbours: of a block of points a thread; the stage ends with the last of them. */
gboolean dfkd_t_sne_find_neighbours (DfkdTSne *t, const gint *stop, GError **error);
/** dfkd_t_sne_forget: neighbours, without points @gone; @index[i] is where point i goes. Before the points themselves go. */
void dfkd_t_sne_forget (DfkdTSne *t, const gboolean *gone, const guint32 *index);

/** dfkd_t_sne_find_affinities: conditional ones of stale points, then P. */
gboolean dfkd_t_sne_find_affinities (DfkdTSne *t, GError **error);

/** dfkd_t_sne_find_gradient: ∂KL/∂places in t->gradient, P multiplied by @exaggeration; *normaliser: Σ q. FALSE: not finite */
gboolean dfkd_t_sne_find_gradient (DfkdTSne *t, double theta, double exaggeration, double *normaliser);
gboolean dfkd_t_sne_iterate (DfkdTSne *t, GError **error);
/** dfkd_t_sne_place: gives points without a place one. */
void dfkd_t_sne_place (DfkdTSne *t);

G_END_DECLS
