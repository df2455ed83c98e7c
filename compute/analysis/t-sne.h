/* t-sne.h: t-SNE (van der Maaten and Hinton 2008) with the repulsion of Barnes and Hut (van der Maaten 2014), a slice at a time.
 *
 *   dfkd_t_sne_settings_init (&settings, 2, 64);
 *   t = dfkd_t_sne_new (&settings, pool);
 *   dfkd_t_sne_add (t, ids, rows, start, n, &n_left_out, &error);   at any time between slices; so dfkd_t_sne_drop()
 *   while (…)
 *     dfkd_t_sne_advance (t, G_MAXUINT, 0.02, &stop, &error);       20 ms or so, then
 *     dfkd_t_sne_read (t, coordinates);                             places for the map
 *
 * One thread works with it at a time; it owns that thread while it advances, and the threads of @pool. The same calls give the same
 * bytes on any number of threads, if slices are counted in iterations.
 *
 * What 20,000 points of 64 features cost, in processor time on an Intel Xeon with AVX-512, one thread: an iteration 22 to 26 ms
 * in two dimensions, 51 to 63 in three; neighbours and affinities before the first one 2.4 s. Again with
 * `meson test -C build/release --benchmark analysis -v`. */
#pragma once

#include "thread-pool.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdTSne DfkdTSne;

typedef struct {
  guint dimensions;              /* of the map: 2 or 3 */
  gsize n_features;              /* of a point; reduce many by principal components, to 50 or so */
  double perplexity;             /* neighbours that a point minds, 1 … 1000; a third of the points at most */
  double theta;                  /* how coarse far points are seen, 0 (exact, slow) … 1 */
  double exaggeration;           /* of the attraction at the beginning, ≥ 1 */
  guint exaggeration_iterations; /* how long; 0 to go on from a layout that stands */
  double rate;                   /* of learning; 0: n / exaggeration / 4, at least 50 (Belkina et al. 2019) */
  guint64 seed;                  /* of the small displacements that part points which start in one place */
} DfkdTSneSettings;

/** dfkd_t_sne_settings_init: perplexity 30, theta 0.5, exaggeration 12 for 250 iterations, rate 0, seed 0. */
void dfkd_t_sne_settings_init (DfkdTSneSettings *settings, guint dimensions, gsize n_features);

/**
 * dfkd_t_sne_new: a map without points
 * @pool: (nullable): threads that help, in use by nobody else while a slice runs; outlives it
 *
 * Returns: NULL with DFKD_ERROR_ARGUMENT when a setting is out of its range
 */
DfkdTSne *dfkd_t_sne_new (const DfkdTSneSettings *settings, DfkdThreadPool *pool, GError **error);
void dfkd_t_sne_free (DfkdTSne *t);

/**
 * dfkd_t_sne_add:
 * @ids: of the points, each its own
 * @rows: [n, n_features]; copied
 * @start: (nullable): [n, dimensions]: where they begin, taken as it is (for principal components see dfkd_t_sne_shrink()). Without
 * it, or where it is no finite number, a point begins at the mean place of its nearest neighbours among those that have one.
 * @n_left_out: (out) (nullable): points with a feature that is no finite number; they are not added
 *
 * The places of all others stay. What is to be computed again is computed by the next dfkd_t_sne_advance().
 *
 * Returns: FALSE, and nothing is added, with DFKD_ERROR_ARGUMENT when an id is there already or there would be too many points,
 * or DFKD_ERROR_MEMORY
 */
gboolean dfkd_t_sne_add (DfkdTSne *t, const guint64 *ids, const float *rows, const float *start, gsize n, gsize *n_left_out,
                         GError **error);

/** dfkd_t_sne_drop: takes points away; the places of all others stay. Returns: how many there were of them */
gsize dfkd_t_sne_drop (DfkdTSne *t, const guint64 *ids, gsize n);

/**
 * dfkd_t_sne_advance: first what points that came or went make necessary (neighbours, affinities), then iterations
 * @iterations: at most; with 0 it gets ready and places new points
 * @seconds: after which it returns, or soon after: 0 for no limit
 * @stop: (nullable): a flag that another thread may raise (g_atomic_int_set())
 *
 * Between two looks at the clock and the flag lies one iteration, one block of 128 neighbour searches a thread, or the affinities.
 *
 * Returns: FALSE with DFKD_ERROR_CANCELLED when @stop was raised, DFKD_ERROR_MEMORY, DFKD_ERROR_NUMBER when places leave all
 * bounds (the rate is too high), or DFKD_ERROR_DEVICE without OpenBLAS. It can be called again.
 */
gboolean dfkd_t_sne_advance (DfkdTSne *t, guint iterations, double seconds, const gint *stop, GError **error);

gsize dfkd_t_sne_count (const DfkdTSne *t);
/** dfkd_t_sne_ids: (transfer none): in the order of dfkd_t_sne_read(): that in which points were added; until points come or go. */
const guint64 *dfkd_t_sne_ids (const DfkdTSne *t);
/** dfkd_t_sne_read: @coordinates: (out): [count, dimensions]; NaN for points that have no place yet. */
void dfkd_t_sne_read (const DfkdTSne *t, float *coordinates);
/** dfkd_t_sne_iteration: iterations done, whatever the points. */
guint dfkd_t_sne_iteration (const DfkdTSne *t);
/** dfkd_t_sne_readiness: the part of the points whose neighbours are known, 0 … 1; below 1 no iteration runs. */
double dfkd_t_sne_readiness (const DfkdTSne *t);

/**
 * dfkd_t_sne_divergence: what is minimised: KL(P‖Q) in nats, without exaggeration; P of the nearest neighbours, Q by theta.
 *
 * Takes about twice as long as an iteration. Returns: NaN while points have no place yet, or without two of them
 */
double dfkd_t_sne_divergence (DfkdTSne *t);

/** dfkd_t_sne_shrink: scales coordinates to a standard deviation of 10⁻⁴ along the first axis, from which t-SNE unfolds best (Kobak
 * and Berens 2019). What is no finite number stays out of it. */
void dfkd_t_sne_shrink (float *coordinates, gsize n, guint dimensions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdTSne, dfkd_t_sne_free)

G_END_DECLS
