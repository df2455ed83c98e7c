/* workbench-image-text.h: what is known of an image, or of a batch of them, in words. */
#pragma once

#include "workbench-album.h"

G_BEGIN_DECLS

/** workbench_image_text_new: for tooltips and who cannot see @image. Returns: (transfer full) (nullable): NULL while nothing is known */
char *workbench_image_text_new (WorkbenchAlbum *album, WorkbenchDocument *document, WorkbenchImage image);
/** workbench_batch_text_new: which batch @album lists (WORKBENCH_ALBUM_SYNTHESIS), of how many syntheses, how many images; over those listed the
 * teacher's mean confidence, and the share that both networks put into the same class. Returns: (transfer full): "" where it lists none */
char *workbench_batch_text_new (WorkbenchAlbum *album, WorkbenchDocument *document);
/** workbench_batch_reason: why @album (WORKBENCH_ALBUM_SYNTHESIS) lists no image of @document */
const char *workbench_batch_reason (WorkbenchAlbum *album, WorkbenchDocument *document);

G_END_DECLS
