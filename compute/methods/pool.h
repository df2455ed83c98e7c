/* pool.h: the pool of synthesised images that the student learns from (METHOD.md section 2, item 3), of any size.
 *
 * Images are 8-bit. A pool has one of two forms: *resident*, a block of the device, or *on disk*, a file (pool-file.h) of
 * which a student step's images are staged on the device. Both draw the same images: the same bytes come out of a run.
 *
 *   keep:    dfkd_pool_keep (pool, &error);                          after each synthesis
 *   a step:  x = dfkd_pool_draw (pool, g, counter, batch, purpose);  once, in its graph
 *   runs:    dfkd_pool_stage (pool, seed, step, n, &error);          draws for steps step … step + n − 1
 *            dfkd_pool_set_dials (pool, program, i);                 before the run of step + i
 */
#pragma once

#include "device.h"

G_BEGIN_DECLS

typedef struct _DfkdPool DfkdPool;

typedef struct {
  DfkdBlock *source; /* with storage: where a synthesis leaves its images */
  guint variable;    /* of it: F32 [N,C,H,W] in [0,1] */
  gsize images;      /* that there must be room for */
  gsize drawn;       /* most of a step; 0: as many as the source has */
  guint64 memory;    /* bytes that it may take of the device and as much of the host; what needs more is on disk */
} DfkdPoolOptions;

/** dfkd_pool_new: an empty pool: resident if @memory and @device allow it, else on disk. */
DfkdPool *dfkd_pool_new (DfkdDevice *device, const DfkdPoolOptions *options, GError **error);
void dfkd_pool_free (DfkdPool *pool);

gboolean dfkd_pool_is_on_disk (const DfkdPool *pool);
guint64 dfkd_pool_count (const DfkdPool *pool); /* images in it */
gboolean dfkd_pool_has_room (const DfkdPool *pool, guint64 images);

/** dfkd_pool_place: the file of a pool on disk is in @folder; else it is a temporary one. Before the first image. */
gboolean dfkd_pool_place (DfkdPool *pool, const char *folder, GError **error);

/** dfkd_pool_keep: adds the images of the source, rounded to 8 bits. After an error (a full disk) all is as before, and it
 * can be tried again. */
gboolean dfkd_pool_keep (DfkdPool *pool, GError **error);

/**
 * dfkd_pool_draw: images drawn uniformly from the whole pool, as part of @g; one draw a pool
 * @counter: of the step
 * @batch: at most as many as its options say
 * @purpose: of the draw of @batch indices
 *
 * Returns: F32 [batch,C,H,W]
 */
DfkdValue dfkd_pool_draw (DfkdPool *pool, DfkdGraph *g, DfkdValue counter, gsize batch, guint32 purpose);

/** dfkd_pool_steps: how many steps may be staged together. */
guint dfkd_pool_steps (const DfkdPool *pool);

/** dfkd_pool_stage: makes ready what the counters (@seed, @step) … (@seed, @step + @n − 1) draw; nothing to do when resident,
 * or when nothing draws. Waits for programs that run. */
gboolean dfkd_pool_stage (DfkdPool *pool, guint64 seed, guint32 step, guint n, GError **error);

/** dfkd_pool_set_dials: of @program, which draws, for the staged step @i. */
void dfkd_pool_set_dials (const DfkdPool *pool, DfkdProgram *program, guint i);

/* for snapshots and tests: images in storage order, 8 bits */
gsize dfkd_pool_image_bytes (const DfkdPool *pool);
gboolean dfkd_pool_read (DfkdPool *pool, guint64 first, gsize count, guint8 *images, GError **error);
gboolean dfkd_pool_append (DfkdPool *pool, const guint8 *images, gsize count, GError **error);
/** dfkd_pool_clear: no image is in it any more. */
void dfkd_pool_clear (DfkdPool *pool);

/** dfkd_pool_sync: a pool on disk outlasts a crash from here on. Returns: (transfer full): its checksum, or NULL */
char *dfkd_pool_sync (DfkdPool *pool, GError **error);
/** dfkd_pool_resume: takes the first @count images of the file in @folder, whichever form the pool has;
 * as dfkd_pool_file_open(). */
gboolean dfkd_pool_resume (DfkdPool *pool, const char *folder, guint64 count, const char *sha256, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPool, dfkd_pool_free)

G_END_DECLS
