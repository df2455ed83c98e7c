/* trainer-private.h: what a trainer is made of; for the files trainer*.c alone: trainer-steps.c runs it, trainer-build.c makes it. */
#pragma once

#include "distillation.h"
#include "evaluation.h"
#include "synthesis.h"
#include "trainer.h"

G_BEGIN_DECLS

typedef enum {
  DFKD_PHASE_BEGIN,
  DFKD_PHASE_INNER,
  DFKD_PHASE_LAST, /* the gradient at θ'_k, for one kind of meta-gradient */
  DFKD_PHASE_OUTER,
  DFKD_PHASE_TEACHER, /* its accuracy, once: after the first synthesis, so that pictures come first */
  DFKD_PHASE_STUDENT,
  DFKD_PHASE_EVALUATE,
  DFKD_PHASE_FINISHED,
} DfkdTrainerPhase;

/* an average of what a step of each kind takes by the clock on the wall, for the time left */
typedef struct {
  double seconds;
  gboolean known;
} DfkdPace;

/* what is kept of the present synthesis for who looks: its frames, evenly thinned */
typedef struct {
  gboolean running;  /* the steps of this synthesis are done one by one and their images read */
  GPtrArray *frames; /* of DfkdFrame */
  DfkdFrame *last;   /* of the last step that was filmed, in @frames or thinned away */
  guint stride;      /* every so many steps */
} DfkdFilm;

struct _DfkdTrainer
{
  DfkdRecipe *recipe;
  DfkdDevice *device;
  DfkdChannel *channel;
  DfkdModel *teacher_model;
  char *teacher_sum; /* once it was asked for */
  DfkdDataset *data;

  DfkdNetwork *student, *generator;
  DfkdBlock *blocks[6]; /* parameters and state of teacher, student, generator (NULL where the method has none) */
  DfkdPool *pool;
  DfkdBlock *looked_at; /* what a pool of originals has for a source; nothing is in it */
  DfkdPool *originals; /* of DFKD_IMAGES_ORIGINALS: the teacher's training images; else NULL */
  const DfkdMethod *method;
  DfkdSynthesis *synthesis;
  DfkdDistillation *distillation;
  DfkdEvaluation *evaluation, *teacher_evaluation;

  DfkdTrainerCounters counters;
  DfkdTiming timing[DFKD_N_STAGES];
  DfkdPace pace[DFKD_N_STAGES];
  double back_seconds; /* of the last synthesis' inner steps taken back; 0 unless the method does that */
  double student_loss;
  double losses[DFKD_N_SERIES]; /* of the last inner step; NaN of terms that the method does not have */
  DfkdNorms *norms; /* of the teacher */
  DfkdFilm film;
  double patience; /* seconds of steps that are handed to the device together */
  DfkdRates rates; /* of the device; 0 until a profile was wanted */
  double *seconds; /* room for those of a run, by region */
  GPtrArray *changing; /* blocks that a snapshot holds; not owned */
};

/* trainer-show.c */

/** dfkd_trainer_read_norms: what the teacher stored; @trainer must have its programs. */
DfkdNorms *dfkd_trainer_read_norms (DfkdTrainer *trainer);
/** dfkd_trainer_watch: TRUE when the step that comes now is filmed, be it shown at once or not. A synthesis is filmed from its first step on,
 * if pictures are wanted before it ends, so that what is shown has all its frames; from its midst on only for somebody who comes then.
 * @alone: it was asked for by itself, and nobody knows when the next one comes: a viewer wants to see it however soon it comes after the last. */
gboolean dfkd_trainer_watch (DfkdTrainer *trainer, gboolean alone);
/** dfkd_trainer_show: after one inner step that is watched: a frame for the film, and for the channel what it is due.
 * @due: whatever the channel's interval: no inner step follows in this synthesis, or none unless it is asked for */
gboolean dfkd_trainer_show (DfkdTrainer *trainer, gboolean due, GError **error);
/** dfkd_trainer_begin_film: a synthesis begins. */
void dfkd_trainer_begin_film (DfkdTrainer *trainer);
void dfkd_trainer_clear_film (DfkdTrainer *trainer);

/* trainer-evaluate.c */

/** dfkd_trainer_evaluate_teacher: its accuracy, once. */
gboolean dfkd_trainer_evaluate_teacher (DfkdTrainer *trainer, GError **error);
/** dfkd_trainer_evaluate: the student's, where there is a test set, and whether it is the one that is chosen without data. */
gboolean dfkd_trainer_evaluate (DfkdTrainer *trainer, GError **error);

/* trainer-steps.c */
void dfkd_trainer_post_scalar (DfkdTrainer *trainer, DfkdSeries series, guint64 step, double value);
void dfkd_trainer_post_time (DfkdTrainer *trainer, DfkdStage stage, const DfkdTiming *timing);
void dfkd_trainer_add_seconds (DfkdTrainer *trainer, double *clock, double seconds);
/** dfkd_trainer_account_show: what was spent on showing */
void dfkd_trainer_account_show (DfkdTrainer *trainer, double seconds);
/** dfkd_trainer_bn_momentum: the share of earlier syntheses in the statistics compared now */
float dfkd_trainer_bn_momentum (const DfkdTrainer *trainer);
/** dfkd_trainer_source: the pool that the student draws from */
static inline DfkdPool *
dfkd_trainer_source (const DfkdTrainer *trainer)
{
  return trainer->originals != NULL ? trainer->originals : trainer->pool;
}

/** dfkd_trainer_has_images: TRUE when there is something for the student to learn from */
gboolean dfkd_trainer_has_images (const DfkdTrainer *trainer);
/** dfkd_trainer_adv: the weight of the adversarial term in @synthesis, from 1, by the recipe as it stands */
float dfkd_trainer_adv (const DfkdTrainer *trainer, guint synthesis);

static inline double
dfkd_trainer_number (const DfkdTrainer *trainer, DfkdParameterId id)
{
  return trainer->recipe->number[id];
}

static inline guint
dfkd_trainer_integer (const DfkdTrainer *trainer, DfkdParameterId id)
{
  return (guint) dfkd_trainer_number (trainer, id);
}

G_END_DECLS
