/* trainer-private.h: what a trainer is made of; for trainer.c, which runs it, and trainer-build.c, which makes it. */
#pragma once

#include "distillation.h"
#include "evaluation.h"
#include "fast.h"
#include "trainer.h"

G_BEGIN_DECLS

typedef enum {
  DFKD_PHASE_TEACHER, /* its accuracy, once */
  DFKD_PHASE_BEGIN,
  DFKD_PHASE_INNER,
  DFKD_PHASE_LAST, /* the gradient at θ'_k, for one kind of meta-gradient */
  DFKD_PHASE_OUTER,
  DFKD_PHASE_STUDENT,
  DFKD_PHASE_EVALUATE,
  DFKD_PHASE_FINISHED,
} DfkdTrainerPhase;

/* an average of what a step of each kind takes by the clock on the wall, for the time left */
typedef struct {
  double seconds;
  gboolean known;
} DfkdPace;

struct _DfkdTrainer
{
  DfkdRecipe *recipe;
  DfkdDevice *device;
  DfkdChannel *channel;
  DfkdModel *teacher_model;
  DfkdDataset *data;

  DfkdNetwork *student, *generator;
  DfkdBlock *blocks[6]; /* parameters and state of teacher, student, generator */
  DfkdPool *pool;
  DfkdFast *fast;
  DfkdDistillation *distillation;
  DfkdEvaluation *evaluation, *teacher_evaluation;

  DfkdTrainerCounters counters;
  DfkdTiming timing[DFKD_N_STAGES];
  DfkdPace pace[DFKD_N_STAGES];
  double student_loss;
  DfkdRates rates; /* of the device; 0 until a profile was wanted */
  double *seconds; /* room for those of a run, by region */
  GPtrArray *changing; /* blocks that a snapshot holds; not owned */
};

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
