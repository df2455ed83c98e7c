/* pictures.h: a batch of synthesised images, and what the networks made of them: for channel, recorder and views.
 *
 * All three types are immutable once posted and shared by reference; references may be dropped on any thread. */
#pragma once

#include "method.h"

#include <glib.h>

G_BEGIN_DECLS

/** DfkdFrame: the images of one inner step, and what L_bn saw of them. */
typedef struct {
  gatomicrefcount references;
  guint inner; /* of the step, from 1: the first frame shows what the meta-learned start gives */
  guint8 *pixels; /* as in DfkdPictures */
  float *statistics, *compared; /* likewise; NULL when nothing is known of them */
} DfkdFrame;

DfkdFrame *dfkd_frame_new (guint inner, gsize bytes);
DfkdFrame *dfkd_frame_ref (DfkdFrame *frame);
void dfkd_frame_unref (DfkdFrame *frame);

/** DfkdNorm: one batch norm of the teacher; its means stand at @offset in an array of statistics, its variances @channels
 * behind them. */
typedef struct {
  char *name; /* "block1.layer.0.bn1" */
  gsize channels, offset;
} DfkdNorm;

/** DfkdNorms: the teacher's batch norms in the order of the network, with what it stored while it was trained. */
typedef struct {
  gatomicrefcount references;
  GArray *norms;  /* of DfkdNorm */
  gsize size;     /* numbers in an array of statistics */
  float *running; /* size */
} DfkdNorms;

DfkdNorms *dfkd_norms_new (void);
/** dfkd_norms_add: @running: [2,C]: means, then variances */
void dfkd_norms_add (DfkdNorms *norms, const char *name, gsize channels, const float *running);
DfkdNorms *dfkd_norms_ref (DfkdNorms *norms);
void dfkd_norms_unref (DfkdNorms *norms);

/** DfkdRows: numbers beside each image. */
typedef enum {
  DFKD_ROWS_Z_START,            /* the latent as it was drawn */
  DFKD_ROWS_Z,                  /* the latent that this image came from */
  DFKD_ROWS_TEACHER,            /* the teacher's logits */
  DFKD_ROWS_STUDENT,            /* the student's */
  DFKD_ROWS_TEACHER_FEATURES,   /* what the teacher's classifier reads */
  DFKD_ROWS_GENERATOR_FEATURES, /* the generator's last hidden layer, averaged over the image */
  DFKD_N_ROWS
} DfkdRows;

/** dfkd_rows_name: as in files: "z_start", "z", "teacher" … */
const char *dfkd_rows_name (DfkdRows rows);
/** dfkd_rows_find: FALSE when there are none of that name. */
gboolean dfkd_rows_find (const char *name, DfkdRows *rows);

typedef struct {
  gatomicrefcount references;
  guint64 step;          /* inner steps of the run so far */
  guint synthesis;       /* from 1 */
  guint inner, k;        /* inner steps done in it, of how many */
  gsize count, channels, height, width;
  gint32 *labels;        /* count */
  guint8 *pixels;        /* count × height × width × channels */
  gsize columns[DFKD_N_ROWS];
  float *rows[DFKD_N_ROWS]; /* count × columns; NULL where they are not known */
  const DfkdMethod *method;    /* whose loss it is; NULL when unknown */
  double loss;                 /* of the step, as are those below; NaN when unknown */
  double losses[DFKD_N_TERMS]; /* unweighted; NaN also of terms that the method does not have */
  float weights[DFKD_N_TERMS]; /* of the terms in loss; 0 where the method does not have it, NaN when unknown */
  DfkdNorms *norms;      /* NULL when nothing is known of statistics */
  float *statistics;     /* norms->size: means and biased variances of this batch inside the teacher */
  float *compared;       /* norms->size: what L_bn holds against norms->running: mixed with earlier syntheses' */
  GPtrArray *frames;     /* (nullable) of DfkdFrame: this synthesis from its start, or from when somebody came in its midst,
                          * evenly thinned when there would be too many; the last one shows these images */
} DfkdPictures;

/** dfkd_pictures_new: with labels and pixels zero, losses and weights unknown and everything else NULL */
DfkdPictures *dfkd_pictures_new (gsize count, gsize channels, gsize height, gsize width);
/** dfkd_pictures_add_rows: zeros, for the caller to fill. Returns: (transfer none) */
float *dfkd_pictures_add_rows (DfkdPictures *pictures, DfkdRows rows, gsize columns);
/** dfkd_pictures_at_frame: the batch as it was at @frame of its film: images, labels and statistics; rows, losses and weights are not known of it.
 * Returns: (transfer full) */
DfkdPictures *dfkd_pictures_at_frame (const DfkdPictures *pictures, const DfkdFrame *frame);
gsize dfkd_pictures_image_bytes (const DfkdPictures *pictures);
DfkdPictures *dfkd_pictures_ref (DfkdPictures *pictures);
void dfkd_pictures_unref (DfkdPictures *pictures);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdFrame, dfkd_frame_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdNorms, dfkd_norms_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPictures, dfkd_pictures_unref)

G_END_DECLS
