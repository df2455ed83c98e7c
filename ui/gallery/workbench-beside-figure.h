/* workbench-beside-figure.h: batches of several runs as one picture, each below its name: for papers and slides. */
#pragma once

#include "workbench-album.h"

G_BEGIN_DECLS

typedef struct _WorkbenchBesideFigure WorkbenchBesideFigure;

/** workbench_beside_figure_new: @frames: whether agreement is framed, as in the gallery */
WorkbenchBesideFigure *workbench_beside_figure_new (gboolean frames);
void workbench_beside_figure_free (WorkbenchBesideFigure *figure);
/** workbench_beside_figure_add: what @album lists (WORKBENCH_ALBUM_SYNTHESIS) of @document, below the others; nothing where it lists nothing */
void workbench_beside_figure_add (WorkbenchBesideFigure *figure, WorkbenchDocument *document, WorkbenchAlbum *album);
/** workbench_beside_figure_save: @path: .png. DFKD_ERROR_ARGUMENT for another ending, and where there is nothing to save; DFKD_ERROR_FILE */
gboolean workbench_beside_figure_save (WorkbenchBesideFigure *figure, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkbenchBesideFigure, workbench_beside_figure_free)

G_END_DECLS
