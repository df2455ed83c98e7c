/* workbench-image-shares.h: what an image adds to each term of its batch's loss, in words. */
#pragma once

#include "workbench-album.h"

G_BEGIN_DECLS

/** workbench_image_shares_text: a line for each term of the method, and for the disagreement of both networks, as far as they are known. @album: knows the facts of
 * the batch @p; @facts: of the image. Returns: (transfer full): Pango markup, "" when nothing is known */
char *workbench_image_shares_text (WorkbenchAlbum *album, const DfkdPictures *p, const WorkbenchFacts *facts);

G_END_DECLS
