/* trainer.h: FastDFKD (METHOD.md, algorithm 1) as a machine that is advanced step by step, on one thread.
 *
 * It owns device, networks, blocks, pool and programs, posts to a channel and knows no threads and no run folder.
 * Its whole state is blocks, pool and counters, so that it can be saved after any step (snapshot.h). */
#pragma once

#include "channel.h"
#include "dataset.h"
#include "device.h"
#include "model-file.h"
#include "pool.h"
#include "recipe.h"
#include "roofline.h"

G_BEGIN_DECLS

/* what a student step costs, in inner steps, as long as neither was timed */
#define DFKD_STUDENT_STEP_WORK 0.4

typedef struct _DfkdTrainer DfkdTrainer;

/**
 * DfkdTrainerCounters: where it stands; with the blocks the complete state. Plain integers and doubles.
 *
 * A student is chosen without data whenever students are compared (every evaluate_every syntheses) in the second half of those that
 * a student learns from: it is the one before which teacher and student agreed most, on average over the inner steps since the comparison before: on images made just now,
 * from which no student has learnt.
 */
typedef struct {
  guint32 phase;        /* private */
  guint32 synthesis;    /* syntheses finished */
  guint32 inner;        /* inner steps done in this synthesis */
  guint32 student;      /* student steps done after this synthesis */
  guint32 outer_steps;  /* outer steps done */
  guint32 remembered;   /* syntheses that entered the running average of statistics */
  guint64 inner_steps, student_steps, images;
  guint32 agreements;   /* inner steps since the last evaluation, once the student learns */
  guint32 chosen_synthesis; /* of the student that was chosen without data, 0: none yet */
  double accuracy, best_accuracy, teacher_accuracy;
  double agreement_sum; /* over them, percent of images on which both networks agreed */
  double chosen_agreement, chosen_accuracy; /* the mean before that student was saved, and what the test set says of it */
  DfkdClocks clocks;
} DfkdTrainerCounters;

/**
 * dfkd_trainer_new:
 * @recipe: checked and copied
 * @device: (transfer full)
 * @teacher: (transfer full): the model that recipe->teacher names
 * @data: (transfer full) (nullable): test set; NULL: accuracies stay unknown
 * @channel: where it reports
 */
DfkdTrainer *dfkd_trainer_new (const DfkdRecipe *recipe, DfkdDevice *device, DfkdModel *teacher, DfkdDataset *data,
                               DfkdChannel *channel, GError **error);
void dfkd_trainer_free (DfkdTrainer *trainer);

/** dfkd_trainer_set_watch: @goes_on is asked while teacher and student are measured, which may take long: see dfkd_trainer_advance() */
void dfkd_trainer_set_watch (DfkdTrainer *trainer, gboolean (*goes_on) (gpointer data), gpointer data);

/** dfkd_trainer_advance: one step: the start of a synthesis, an inner, outer or student step, or an evaluation; or up to
 * @at_most inner or student steps where the device is faster when it gets several at once. FALSE with DFKD_ERROR_NUMBER
 * when a loss is not finite (names step and term), with DFKD_ERROR_FILE or DFKD_ERROR_FORMAT when the pool on disk cannot be
 * written or read, with DFKD_ERROR_CANCELLED where a watch stopped it: the step has not been done then and can be tried again. */
gboolean dfkd_trainer_advance (DfkdTrainer *trainer, guint at_most, GError **error);
gboolean dfkd_trainer_is_finished (DfkdTrainer *trainer);
/** dfkd_trainer_is_between: TRUE when the next step begins a synthesis. */
gboolean dfkd_trainer_is_between (DfkdTrainer *trainer);
/** dfkd_trainer_may_choose: whether the student after @synthesis comes late enough, by the recipe's length, to be the one that is chosen without data. */
gboolean dfkd_trainer_may_choose (const DfkdTrainer *trainer, guint synthesis);

/** dfkd_trainer_set_patience: how many seconds of steps may be handed to the device together; 0.1 unless said otherwise. */
void dfkd_trainer_set_patience (DfkdTrainer *trainer, double seconds);

/** dfkd_trainer_set: changes a LIVE or COUNT parameter from the next step on and posts the event; BUILD
 * parameters and values out of range are DFKD_ERROR_ARGUMENT. Of fewer syntheses than are done it makes as many as there will be: those,
 * and the one that is going on or comes next. */
gboolean dfkd_trainer_set (DfkdTrainer *trainer, DfkdParameterId id, double value, GError **error);
const DfkdRecipe *dfkd_trainer_get_recipe (DfkdTrainer *trainer); /* as it stands now */
DfkdDevice *dfkd_trainer_get_device (DfkdTrainer *trainer);

/** dfkd_trainer_post_status: computes and posts the status with @state. */
void dfkd_trainer_post_status (DfkdTrainer *trainer, DfkdState state);

/** dfkd_trainer_get_student: downloads the student with its metadata. Returns: (transfer full) */
DfkdModel *dfkd_trainer_get_student (DfkdTrainer *trainer, GError **error);
/** dfkd_trainer_check_student: DFKD_ERROR_NUMBER when its weights are not finite: nothing can be learned, or kept, from then on. */
gboolean dfkd_trainer_check_student (DfkdTrainer *trainer, GError **error);
/** dfkd_trainer_check_generator: likewise of what lasts from one synthesis to the next (synthesis.h). */
gboolean dfkd_trainer_check_generator (DfkdTrainer *trainer, GError **error);
/** dfkd_trainer_teacher_sum: Returns: (transfer none): a SHA-256 of the teacher's weights and of what it expects done to images */
const char *dfkd_trainer_teacher_sum (DfkdTrainer *trainer);

/** dfkd_trainer_get_kept: the batch that the last synthesis kept; its statistics are those of the last inner step, which need
 * not be the kept one. Returns: (transfer full) */
DfkdPictures *dfkd_trainer_get_kept (DfkdTrainer *trainer, GError **error);
/** dfkd_trainer_get_film: what was shown of the last synthesis: labels of @kept, a frame for each inner step that somebody watched, as in
 * DfkdPictures, and the images of the last of them. NULL when nobody watched. Returns: (transfer full) (nullable) */
DfkdPictures *dfkd_trainer_get_film (DfkdTrainer *trainer, const DfkdPictures *kept);

/** dfkd_trainer_get_norms: what the teacher stored of its batch norms' inputs; none where the method does not look at them */
const DfkdNorms *dfkd_trainer_get_norms (DfkdTrainer *trainer);

/**
 * dfkd_trainer_profile: each kind of step, kernel by kernel, beside what the device could do; takes as long as a few steps of
 * each. What the steps do to the run's state is undone. Before the first synthesis of a run student steps are left out: they
 * would have no images.
 * Returns: (transfer full) (element-type DfkdRoofline)
 */
GPtrArray *dfkd_trainer_profile (DfkdTrainer *trainer, GError **error);

/* for snapshots */
guint dfkd_trainer_block_count (DfkdTrainer *trainer);
DfkdBlock *dfkd_trainer_block (DfkdTrainer *trainer, guint index); /* every block that changes */
DfkdPool *dfkd_trainer_get_pool (DfkdTrainer *trainer);            /* with as many images as the counters say */
const DfkdTrainerCounters *dfkd_trainer_get_counters (DfkdTrainer *trainer);
/** dfkd_trainer_has_counters: whether @counters, which a file may have, can be this trainer's: a step that there is, and images of whole
 * syntheses, with room for those of the one that is going on or comes next */
gboolean dfkd_trainer_has_counters (DfkdTrainer *trainer, const DfkdTrainerCounters *counters);
void dfkd_trainer_set_counters (DfkdTrainer *trainer, const DfkdTrainerCounters *counters);

/** dfkd_trainer_program: the program of a kind of step, for bench: "begin", "inner", "outer", "student",
 * "evaluate"; NULL for other names. */
DfkdProgram *dfkd_trainer_program (DfkdTrainer *trainer, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdTrainer, dfkd_trainer_free)

G_END_DECLS
