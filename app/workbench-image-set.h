/* workbench-image-set.h: some images of a run, to be saved: on any thread, whether their batches are in memory or not. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_IMAGES_SHEET,       /* one PNG, side by side */
  WORKBENCH_IMAGES_FOLDER,      /* a PNG each, in a folder that is made */
  WORKBENCH_IMAGES_SAFETENSORS, /* images U8 [N,C,H,W], labels, synthesis (0: a test image) and index I32 [N], teacher and student logits F32 [N,K], NaN of the
                                 * student for test images */
} WorkbenchImageFormat;

typedef struct _WorkbenchImageSet WorkbenchImageSet;

/** workbench_image_set_new: @images: in the order in which they are saved; copied */
WorkbenchImageSet *workbench_image_set_new (WorkbenchDocument *document, const WorkbenchImage *images, gsize count);
void workbench_image_set_free (WorkbenchImageSet *set);

/**
 * workbench_image_set_save:
 * @path: a file, replaced if it is there, which ends in .png or .safetensors as its format has it; for FOLDER one that is made, or exists and is empty
 * @cancellable: (nullable)
 *
 * Errors: DFKD_ERROR_FILE, DFKD_ERROR_FORMAT for a batch that cannot be read, DFKD_ERROR_ARGUMENT for no image, another ending or a folder
 * with something in it, G_IO_ERROR_CANCELLED. Each names the file.
 */
gboolean workbench_image_set_save (WorkbenchImageSet *set, WorkbenchImageFormat format, const char *path, GCancellable *cancellable, GError **error);

/** workbench_image_set_set_memory: bytes that batches which were read may take (256 MiB), though always one of them; the batch that the
 * document shows is not counted. */
void workbench_image_set_set_memory (WorkbenchImageSet *set, gsize bytes);
/** workbench_image_set_get_held: of these batches, how many are held now. */
guint workbench_image_set_get_held (const WorkbenchImageSet *set);

guint workbench_image_set_get_count (const WorkbenchImageSet *set);
/** workbench_image_set_get_done: images that have been saved, or made ready where one file holds all; on any thread */
guint workbench_image_set_get_done (const WorkbenchImageSet *set);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkbenchImageSet, workbench_image_set_free)

G_END_DECLS
