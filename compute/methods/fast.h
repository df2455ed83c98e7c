/* fast.h: FastDFKD's synthesis (METHOD.md section 2; Fang et al., AAAI 2022, algorithm 1) as four programs.
 *
 * begin   draws z and y, copies θ' ← θ, clears the inner Adam's moments and the best loss
 * inner   images = G(z; θ'), the inversion loss, the best images kept, one Adam step of θ' and z
 * last    the gradient at θ'_k alone (meta-gradient "fomaml-last" only)
 * outer   one Adam step of θ, the running average of batch statistics
 *
 * It knows no recipe, thread or file: rates and weights are dials, named below. */
#pragma once

#include "device.h"
#include "network.h"

G_BEGIN_DECLS

/** DfkdPlaced: a network and the blocks its weights live in; borrowed. */
typedef struct {
  const DfkdNetwork *network;
  DfkdBlock *parameters, *state;
} DfkdPlaced;

typedef enum {
  DFKD_REUSE_COMMON,     /* a meta-learned generator: every batch starts from θ */
  DFKD_REUSE_SEQUENTIAL, /* one generator carried from batch to batch */
  DFKD_REUSE_NONE,       /* every batch starts from the initial generator */
} DfkdReuse;

typedef enum {
  DFKD_META_FOMAML,      /* Σ over the inner steps of ∂L/∂θ', as the authors' code */
  DFKD_META_FOMAML_LAST, /* ∂L/∂θ' at θ'_k: the paper's first-order equation */
  DFKD_META_REPTILE,     /* 67·(θ − θ'_k) */
} DfkdMetaGradient;

typedef struct {
  gsize batch, nz, classes, channels, height, width;
  const float *mean, *std; /* of the teacher's input, one a channel */
  DfkdReuse reuse;
  DfkdMetaGradient meta;
  gboolean given_draws; /* crop offsets and flips come from the variables, not from the generator of draws */
} DfkdFastOptions;

/* variables of the block "batch": what one synthesis works on */
typedef enum {
  DFKD_FAST_Z,      /* N, nz */
  DFKD_FAST_Z_M,    /* Adam's moments of z */
  DFKD_FAST_Z_V,
  DFKD_FAST_LABELS, /* I32 N */
  DFKD_FAST_OFFSET, /* I32 N, 2; only read with given_draws */
  DFKD_FAST_FLIP,   /* I32 N; likewise */
  DFKD_FAST_IMAGES, /* N,C,H,W of the last inner step */
  DFKD_FAST_BEST,   /* N,C,H,W of the smallest loss so far */
  DFKD_FAST_BEST_LOSS,
  DFKD_FAST_Z_GRADIENT,
  DFKD_FAST_Z_START, /* z as it was drawn */
} DfkdFastVariable;

/* variables of the blocks "seen" and "kept": what the networks made of DFKD_FAST_IMAGES and of DFKD_FAST_BEST, for who looks */
typedef enum {
  DFKD_SEEN_Z,                  /* N, nz: the latents that these images came from */
  DFKD_SEEN_TEACHER,            /* N, classes: logits of the augmented images */
  DFKD_SEEN_STUDENT,
  DFKD_SEEN_TEACHER_FEATURES,   /* N, F: what the teacher's classifier reads */
  DFKD_SEEN_GENERATOR_FEATURES, /* N, ngf: the generator's last hidden layer, averaged over the image */
  DFKD_N_SEEN
} DfkdSeenVariable;

/**
 * DfkdFast:
 *
 * Dials of inner and last: bn, oh, adv (loss weights), bn_momentum, lr_g, lr_z, t (inner step from 1), counter
 * "draw". Reads: loss, loss_bn, loss_oh, loss_adv, agreement (0 … 1).
 * Dials of begin: counter "draw". Dials of outer: rate (k·lr_g), t (outer step from 1), bn_momentum. Reads of outer: labels.
 */
typedef struct {
  DfkdProgram *begin, *inner, *last, *outer; /* last is NULL unless wanted */
  DfkdBlock *batch, *constants;
  DfkdBlock *seen, *kept;
  DfkdBlock *fast, *fast_m, *fast_v, *gradient; /* θ' (NULL when sequential: θ itself) and its Adam */
  DfkdBlock *accumulated, *meta_m, *meta_v;
  DfkdBlock *statistics, *average; /* of every batch norm of the teacher: [2,C] each */
} DfkdFast;

/**
 * dfkd_fast_new:
 *
 * Builds blocks and programs. The three networks' blocks must have storage.
 */
DfkdFast *dfkd_fast_new (DfkdDevice *device, const DfkdFastOptions *options, const DfkdPlaced *teacher,
                         const DfkdPlaced *student, const DfkdPlaced *generator, GError **error);
void dfkd_fast_free (DfkdFast *fast);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdFast, dfkd_fast_free)

G_END_DECLS
