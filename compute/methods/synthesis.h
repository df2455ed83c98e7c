/* synthesis.h: what every method is made of: programs, the blocks that they share, and the inversion loss (METHOD.md
 * section 1) as a sum that a method puts together from terms.
 *
 * begin   draws latents and labels, clears the best loss          once a synthesis; may be absent
 * inner   the loss of one batch, the best images kept, one step   k times
 * last    what is wanted once more at the end                     once; may be absent
 * back    a gradient taken back through an inner step             k times after last, the last step first; may be absent
 * outer   what a synthesis leaves for the next                    once; unless a method has its own, dfkd_remember_statistics()
 *
 * A program may read any live parameter of the recipe as a dial of its name ("bn", "lr_g" …), and besides
 *   t          the inner step within this synthesis, from 1
 *   step       the inner step within the run, from 1
 *   synthesis  the synthesis within the run, from 1
 *   rate       k·lr_g
 *   renew      1 when the generator's life begins ("life" syntheses, counted anew after the warm-up), else 0
 *   reset      1 in the synthesis "reset_after" behind the warm-up, else 0
 * and the counters "draw", whose step is the inner step of the run (of begin: the synthesis), "store", whose offset is the
 * number of images made by earlier syntheses, and "slot", whose offset is t − 1. To back, t, step, draw and slot are those of the
 * inner step that it takes back.
 * Inner reads "loss", "agreement" (0 … 1) and for each of its terms "loss_" and the term's name.
 * It knows no recipe, thread or file. */
#pragma once

#include "dataset.h"
#include "device.h"
#include "method.h"
#include "network.h"
#include "pool.h"

G_BEGIN_DECLS

/** DfkdPlaced: a network and the blocks its weights live in; borrowed. */
typedef struct {
  const DfkdNetwork *network;
  DfkdBlock *parameters, *state;
} DfkdPlaced;

typedef struct {
  gsize batch, nz, classes, channels, height, width;
  const float *mean, *std; /* of the teacher's input, one a channel */
  DfkdPlaced teacher, student, generator; /* with storage; no generator: its network is NULL */
  double (*number) (gconstpointer data, const char *parameter); /* a setting by its name in recipes; of a choice its index */
  gconstpointer data;
  DfkdPool *pool;       /* of DFKD_IMAGES_ORIGINALS: with the originals; else NULL */
  const float *embeddings; /* (nullable): of methods that use "label_embeddings": [classes, embedding_size]; read while a synthesis is made */
  gsize embedding_size;
  gboolean given_draws; /* what is drawn (latents, labels, crops, flips) is left to whoever writes the variables */
} DfkdSynthesisOptions;

/* variables of the block "batch": what one synthesis works on */
typedef enum {
  DFKD_BATCH_LABELS, /* I32 N, 1 */
  DFKD_BATCH_OFFSET, /* I32 N, 2; only read with given_draws */
  DFKD_BATCH_FLIP,   /* I32 N; likewise */
  DFKD_BATCH_IMAGES, /* N,C,H,W of the last inner step, in [0,1] */
  DFKD_BATCH_BEST,   /* N,C,H,W of the smallest loss so far */
  DFKD_BATCH_BEST_LOSS,
} DfkdBatchVariable;

/* variables of the block "latents" of methods that have a generator */
typedef enum {
  DFKD_LATENTS_Z,       /* N, nz */
  DFKD_LATENTS_Z_START, /* as it was drawn */
  DFKD_LATENTS_Z_M,     /* Adam's moments */
  DFKD_LATENTS_Z_V,
  DFKD_LATENTS_Z_GRADIENT,
} DfkdLatentsVariable;

/* variables of the blocks "seen" and "kept": what the networks made of DFKD_BATCH_IMAGES and of DFKD_BATCH_BEST, for who looks;
 * the last two only of methods that have a generator */
typedef enum {
  DFKD_SEEN_TEACHER, /* N, classes: logits of the augmented images */
  DFKD_SEEN_STUDENT,
  DFKD_SEEN_TEACHER_FEATURES,   /* N, F: what the teacher's classifier reads */
  DFKD_SEEN_Z,                  /* N, nz: the latents that these images came from */
  DFKD_SEEN_GENERATOR_FEATURES, /* N, ngf: the generator's last hidden layer, averaged over the image */
  DFKD_N_SEEN
} DfkdSeenVariable;

struct _DfkdSynthesis
{
  const DfkdMethod *method;
  DfkdDevice *device;
  DfkdSynthesisOptions options;

  DfkdProgram *begin, *inner, *last, *back, *outer;
  DfkdBlock *batch, *seen, *kept;
  DfkdBlock *latents;    /* NULL without a generator */
  DfkdBlock *constants;  /* of dfkd_normalise() */
  DfkdBlock *statistics; /* of every batch norm of the teacher: [2,C] each; of the last inner step; zero in methods without the term "bn" */
  DfkdBlock *average;    /* over earlier syntheses */
  GPtrArray *blocks;     /* of DfkdBlock: all of these and those of the method; owned */
  GPtrArray *changing;   /* those of them that a later step reads: what a snapshot holds */
  GPtrArray *lasting;    /* of DfkdBlock: weights that go on from synthesis to synthesis: the generator's, and what a method adds; not owned */

  /** draw: (nullable): for DFKD_IMAGES_FRESH: images N,C,H,W in [0,1], without gradient; @counter: of the student's step;
   * @batch: N */
  DfkdValue (*draw) (DfkdSynthesis *synthesis, DfkdGraph *g, DfkdValue counter, gsize batch);
  gboolean as_released; /* the teacher stands in the student's place, as in the authors' released code of the generative methods:
                         * the adversarial term is zero */
  gpointer own; /* of the method, freed with g_free() */
};

/** dfkd_synthesis_new: the common parts, then the method's. The networks' blocks must have storage.
 * Errors: DFKD_ERROR_ARGUMENT where the method cannot work with these networks, and those of dfkd_program_new(). */
DfkdSynthesis *dfkd_synthesis_new (DfkdDevice *device, const DfkdMethod *method, const DfkdSynthesisOptions *options, GError **error);
void dfkd_synthesis_free (DfkdSynthesis *synthesis);

/** dfkd_synthesis_find: (nullable): a block by name, of this synthesis. */
DfkdBlock *dfkd_synthesis_find (const DfkdSynthesis *synthesis, const char *name);

/* ------------------------------------------------------------------------------------------------- for methods */

/* purposes of the draws that a plan makes; crops take two */
enum {
  DFKD_PURPOSE_Z = 1,
  DFKD_PURPOSE_LABELS,
  DFKD_PURPOSE_CROPS,
  DFKD_PURPOSE_CROPS_AGAIN = 5,
  DFKD_PURPOSE_OWN = 32, /* from here on a method's own */
};

/** dfkd_synthesis_add: @block: (transfer full): described, without storage. It gets storage, zeroed, at once.
 * @changes: a later step reads what this one leaves. Returns: @block, or NULL */
DfkdBlock *dfkd_synthesis_add (DfkdSynthesis *synthesis, DfkdBlock *block, gboolean changes, GError **error);

/** dfkd_synthesis_number: a setting of the recipe. */
double dfkd_synthesis_number (const DfkdSynthesis *synthesis, const char *parameter);

/** dfkd_fill_variable: @variable ← @value everywhere */
void dfkd_fill_variable (DfkdGraph *g, DfkdValue variable, float value);

/** dfkd_begin_batch: draws y and (with a generator) z, and clears the best loss: what most methods begin with. */
void dfkd_begin_batch (DfkdSynthesis *synthesis, DfkdGraph *g);

/** dfkd_remember_statistics: average ← m·average + (1 − m)·statistics with the dial "bn_momentum": what most methods end with. */
void dfkd_remember_statistics (DfkdSynthesis *synthesis, DfkdGraph *g);

/** dfkd_augment: padded crop and flip, normalisation. @purpose: of the draws of crops */
DfkdValue dfkd_augment (DfkdSynthesis *synthesis, DfkdGraph *g, DfkdValue images, guint32 purpose);

/** DfkdInversion: the loss of one batch while it is put together. */
typedef struct {
  DfkdSynthesis *synthesis;
  DfkdGraph *graph;
  DfkdValue images; /* N,C,H,W in [0,1] */
  DfkdForward teacher, student;
  GArray *taps, *student_taps; /* of DfkdBatchNormTap */
  DfkdValue agreement; /* rows */
  DfkdValue seen[DFKD_N_SEEN];
  DfkdValue loss;
  gboolean again; /* of a step that has been done: no variable is written */
} DfkdInversion;

/** dfkd_inversion_generate: images = G(z; @parameters) with batch norm by the batch. @inversion is cleared first. */
void dfkd_inversion_generate (DfkdInversion *inversion, DfkdSynthesis *synthesis, DfkdGraph *g, DfkdBlock *parameters, DfkdValue z);

/** dfkd_inversion_begin: of a method without a generator */
void dfkd_inversion_begin (DfkdInversion *inversion, DfkdSynthesis *synthesis, DfkdGraph *g, DfkdValue images);

/** dfkd_inversion_look: what both networks make of @x, the images as the teacher wants them (normalised, augmented). */
void dfkd_inversion_look (DfkdInversion *inversion, DfkdValue x);

/** dfkd_inversion_add: L ← L + α·value with the dial @term ("bn", "oh" …) as α. @value: [1] */
void dfkd_inversion_add (DfkdInversion *inversion, const char *term, DfkdValue value);

/** dfkd_inversion_bn: L_bn of the teacher, and its statistics kept for who looks. */
DfkdValue dfkd_inversion_bn (DfkdInversion *inversion);
/** dfkd_inversion_one_hot: L_oh against the labels of the batch. */
DfkdValue dfkd_inversion_one_hot (DfkdInversion *inversion);
/** dfkd_inversion_adversarial: L_adv by the method's criterion. */
DfkdValue dfkd_inversion_adversarial (DfkdInversion *inversion);

/** dfkd_inversion_keep: keeps images and what was seen of them; those of the smallest loss also as the best. */
void dfkd_inversion_keep (DfkdInversion *inversion);

/** dfkd_inversion_finish: the reads. */
void dfkd_inversion_finish (DfkdInversion *inversion);
void dfkd_inversion_clear (DfkdInversion *inversion);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdSynthesis, dfkd_synthesis_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdInversion, dfkd_inversion_clear)

G_END_DECLS
