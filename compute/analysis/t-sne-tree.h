/* t-sne-tree.h: the repulsion of points on a map: exact among near ones, from cells of a quadtree or octree among far ones
 * (Barnes and Hut 1986; van der Maaten 2014). Private to the folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdMapTree DfkdMapTree;

/** dfkd_map_tree_new: @dimensions: 2 or 3 */
DfkdMapTree *dfkd_map_tree_new (guint dimensions);
void dfkd_map_tree_free (DfkdMapTree *tree);

/** dfkd_map_tree_build: over @places [n, dimensions]; FALSE when one is not finite. Allocates only when @n grows. */
gboolean dfkd_map_tree_build (DfkdMapTree *tree, const double *places, gsize n);

/**
 * dfkd_map_tree_repel: of the points @first … @end − 1 in the tree's own order, on any thread
 * @theta: a cell is seen as one point where its width is less than @theta times its distance
 * @force: (out): [n, dimensions], by the points' own order: Σ_j q² (y_i − y_j) with q = 1 / (1 + ‖y_i − y_j‖²)
 * @weight: (out): [n]: Σ_j q
 */
void dfkd_map_tree_repel (const DfkdMapTree *tree, double theta, gsize first, gsize end, double *force, double *weight);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdMapTree, dfkd_map_tree_free)

G_END_DECLS
