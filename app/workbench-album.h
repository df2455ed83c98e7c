/* workbench-album.h: the images of a run as a list that can be sorted and filtered: the batch as it forms, the whole pool, or one batch of it.
 *
 * What both networks say of an image is computed once, when its batch is read; the pictures themselves stay where they are (the
 * document, its history) and may have to be read again. The pool is that of the run folder, as far as its history keeps it.
 *
 * Signals: "changed" when the list is another one; "loaded" when images of it can be drawn that could not. */
#pragma once

#include "workbench-batch-facts.h"
#include "workbench-document.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_ALBUM (workbench_album_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchAlbum, workbench_album, WORKBENCH, ALBUM, GObject)

typedef enum {
  WORKBENCH_ALBUM_BATCH,
  WORKBENCH_ALBUM_POOL,
  WORKBENCH_ALBUM_SYNTHESIS, /* one batch: workbench_album_set_synthesis() */
  WORKBENCH_ALBUM_TEST,      /* test images, which are read for it (workbench-test-images.h) */
} WorkbenchAlbumSource;

typedef enum {
  WORKBENCH_ORDER_DRAWN,        /* by synthesis and place */
  WORKBENCH_ORDER_CLASS,        /* the label it was drawn for */
  WORKBENCH_ORDER_LOSS,         /* its own part of the loss: workbench_own_losses_new() */
  WORKBENCH_ORDER_CONFIDENCE,   /* the teacher's */
  WORKBENCH_ORDER_DISAGREEMENT, /* of teacher and student, bits */
  WORKBENCH_N_ORDERS
} WorkbenchOrder;

enum {
  WORKBENCH_ALL_CLASSES = -1,
};

#define WORKBENCH_NEWEST_SYNTHESIS G_MAXUINT /* also while it forms */

WorkbenchAlbum *workbench_album_new (void);
/** workbench_album_set_document: (nullable) */
void workbench_album_set_document (WorkbenchAlbum *self, WorkbenchDocument *document);
void workbench_album_set_source (WorkbenchAlbum *self, WorkbenchAlbumSource source);
WorkbenchAlbumSource workbench_album_get_source (WorkbenchAlbum *self);
/** workbench_album_set_synthesis: of which the batch is listed as source WORKBENCH_ALBUM_SYNTHESIS: the last of those that are kept up to @synthesis,
 * or the first one that is. WORKBENCH_NEWEST_SYNTHESIS at first. */
void workbench_album_set_synthesis (WorkbenchAlbum *self, guint synthesis);
/** workbench_album_get_synthesis: of which the batch is listed, WORKBENCH_TEST_SYNTHESIS for test images; 0: of none, or of all */
guint workbench_album_get_synthesis (WorkbenchAlbum *self);
void workbench_album_set_order (WorkbenchAlbum *self, WorkbenchOrder order, gboolean descending);
/** workbench_album_set_class: only images of this label; or WORKBENCH_ALL_CLASSES */
void workbench_album_set_class (WorkbenchAlbum *self, int label);
/** workbench_album_set_selected_only: only images that the document's selection holds, whatever they become */
void workbench_album_set_selected_only (WorkbenchAlbum *self, gboolean selected_only);
gboolean workbench_album_get_selected_only (WorkbenchAlbum *self);

/** workbench_album_get_length: images in the list */
guint workbench_album_get_length (WorkbenchAlbum *self);
WorkbenchImage workbench_album_get_image (WorkbenchAlbum *self, guint position);
/** workbench_album_find: position of @image, or −1 */
int workbench_album_find (WorkbenchAlbum *self, WorkbenchImage image);
/** workbench_album_get_facts: (nullable): of any image whose batch has been read once, until the album is asked for those of another; of test images, too */
const WorkbenchFacts *workbench_album_get_facts (WorkbenchAlbum *self, WorkbenchImage image);
/** workbench_album_get_pictures: (nullable) (transfer none): the batch that @image is of; NULL while it is read ("loaded"). Valid until the
 * next call. */
DfkdPictures *workbench_album_get_pictures (WorkbenchAlbum *self, WorkbenchImage image);
/** workbench_album_get_size: height and width of an image; FALSE while that is not known */
gboolean workbench_album_get_size (WorkbenchAlbum *self, guint *height, guint *width);
/** workbench_album_get_classes: 0 while that is not known */
guint workbench_album_get_classes (WorkbenchAlbum *self);
/** workbench_album_get_reading: of the pool */
WorkbenchReading workbench_album_get_reading (WorkbenchAlbum *self);

G_END_DECLS
