/* workbench-document.h: all that views show of one run: curves, marks, pictures, timing, statistics, evaluations, its recipe and
 * where it stands. It is filled by a run while that goes on, or from a run folder, which it follows while another program writes there. Views bind to it and keep nothing of their own,
 * so that any number of them, opened at any time, show the same.
 *
 * Signals: "status" after the status changed; "mark" (WorkbenchMark), a dial was turned, or NULL: there are none any more; "pictures", "rooflines", "times" and
 * "assessed" when newer ones are there; "film" when one that was asked for has been read; "event" (DfkdEvent): what people should be told; "loaded" when a run folder has been read,
 * or has turned out unreadable: workbench_document_get_problem(). */
#pragma once

#include "workbench-dials.h"
#include "workbench-history.h"
#include "workbench-run.h"
#include "workbench-selection.h"
#include "workbench-series.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_DOCUMENT (workbench_document_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchDocument, workbench_document, WORKBENCH, DOCUMENT, GObject)

/** WorkbenchMark: where on every axis a parameter changed, and "k 5 → 2". */
typedef struct {
  double inner[WORKBENCH_N_CLOCKS], student[WORKBENCH_N_CLOCKS], synthesis[WORKBENCH_N_CLOCKS];
  char *text;
} WorkbenchMark;

/** workbench_document_new: starts a run; NULL with the session's error. */
WorkbenchDocument *workbench_document_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error);

/** WorkbenchMoment: when a synthesis was done. */
typedef struct {
  guint synthesis;
  guint64 inner_step, student_step;
  DfkdClocks clocks;
} WorkbenchMoment;

/**
 * workbench_document_open:
 *
 * A run that is over, or goes on elsewhere: its recipe is read at once, its log in the background ("loaded"), and what comes to the log
 * later within seconds of it.
 * Errors: the recipe's. Returns: (transfer full)
 */
WorkbenchDocument *workbench_document_open (const char *run_folder, GError **error);
/** workbench_document_is_loading: TRUE until "loaded" */
gboolean workbench_document_is_loading (WorkbenchDocument *self);
/** workbench_document_goes_on_elsewhere: whether another program writes to its folder, as far as that can be seen */
gboolean workbench_document_goes_on_elsewhere (WorkbenchDocument *self);
/** workbench_document_get_problem: (nullable): why the log could not be read, for people */
const char *workbench_document_get_problem (WorkbenchDocument *self);

/**
 * workbench_document_save_student: the student as it is now
 *
 * A run that goes on writes it when its present step is done: an event tells (DFKD_EVENT_EXPORTED, or NOTICE). Of one that is over
 * it is copied from the run folder at once, and @done (out) is TRUE. The ending .onnx gives ONNX, .safetensors
 * safetensors. DFKD_ERROR_ARGUMENT for another ending; DFKD_ERROR_FILE when there is none, or it cannot be written.
 */
gboolean workbench_document_save_student (WorkbenchDocument *self, const char *path, gboolean *done, GError **error);

/** workbench_document_close: stops reading; before the last reference goes, which a reader may hold for a while */
void workbench_document_close (WorkbenchDocument *self);

/** workbench_document_get_folder: (nullable): its run folder */
const char *workbench_document_get_folder (WorkbenchDocument *self);
/** workbench_document_get_device: what it computes on, for people; "" while that is not known. Returns: (transfer full) */
char *workbench_document_get_device (WorkbenchDocument *self);
/** workbench_document_get_history: (nullable): its pictures on disk */
WorkbenchHistory *workbench_document_get_history (WorkbenchDocument *self);
WorkbenchSelection *workbench_document_get_selection (WorkbenchDocument *self);
/** workbench_document_get_moments: (element-type WorkbenchMoment): of each synthesis that is done (transfer none) */
const GArray *workbench_document_get_moments (WorkbenchDocument *self);
/** workbench_document_has_all_elsewhere: whether it is a branch that has not gone on yet: the pictures of its pool are in the folder of the run that it is
 * from */
gboolean workbench_document_has_all_elsewhere (WorkbenchDocument *self);
/** workbench_document_get_beginning: how many syntheses were done before it: those of a branch in the run that it is from; else 0 */
guint workbench_document_get_beginning (WorkbenchDocument *self);
/** workbench_document_get_times: (element-type DfkdStepTime): of the last steps, 131,072 at most (transfer none). When old ones
 * are forgotten @forgotten: (out) (optional) counts them, so that @forgotten + index names a step for good. */
const GArray *workbench_document_get_times (WorkbenchDocument *self, guint64 *forgotten);
/** workbench_document_get_assessments: (element-type DfkdAssessment): of all evaluations (transfer none) */
const GPtrArray *workbench_document_get_assessments (WorkbenchDocument *self);

/** workbench_document_get_run: NULL when the run is not going on here. */
WorkbenchRun *workbench_document_get_run (WorkbenchDocument *self);
/** workbench_document_get_recipe: that the run began with. */
const DfkdRecipe *workbench_document_get_recipe (WorkbenchDocument *self);
/** workbench_document_get_present: the same with the dials as they have been turned while it went on ("mark"), not as they are turned for another one */
const DfkdRecipe *workbench_document_get_present (WorkbenchDocument *self);
/** workbench_document_get_class_names: (nullable) (array zero-terminated=1) (transfer none): what its classes are called, untranslated;
 * workbench_class_name() (workbench-classes.h) is for people */
const char *const *workbench_document_get_class_names (WorkbenchDocument *self);
/** workbench_document_get_dials: where its parameters stand now; a turn of a dial steers the run. (transfer none) */
WorkbenchDials *workbench_document_get_dials (WorkbenchDocument *self);
/** workbench_document_set_dials: @dials: those of an earlier document, so that turns can be undone across a restart; they stand as in
 * the recipe that this run began with. */
void workbench_document_set_dials (WorkbenchDocument *self, WorkbenchDials *dials);
const DfkdStatus *workbench_document_get_status (WorkbenchDocument *self);
/** workbench_document_get_title: the name of its folder, or of its recipe. */
const char *workbench_document_get_title (WorkbenchDocument *self);
/** workbench_document_get_name: what it is called where several runs are shown: the note that people have put on it, as it was when it was opened, if that has no
 * more than 40 letters; else its title */
const char *workbench_document_get_name (WorkbenchDocument *self);
/** workbench_document_go_by_title: its name is its title from now on, as another one has the same note */
void workbench_document_go_by_title (WorkbenchDocument *self);
WorkbenchSeries *workbench_document_get_series (WorkbenchDocument *self, DfkdSeries series);
/** workbench_document_get_marks: (element-type WorkbenchMark) (transfer none) */
const GArray *workbench_document_get_marks (WorkbenchDocument *self);
/** workbench_document_get_pictures: the newest batch, or NULL. (transfer none) */
DfkdPictures *workbench_document_get_pictures (WorkbenchDocument *self);
/** workbench_document_get_film: (nullable) (transfer none): a batch as it was when its synthesis ended, with its frames: of the newest syntheses
 * that were shown, as far as 64 MiB go, and of those whose film the run folder keeps: these are read then, and "film" tells when one is there */
DfkdPictures *workbench_document_get_film (WorkbenchDocument *self, guint synthesis);
/** workbench_document_get_rooflines: (nullable) (element-type DfkdRoofline): the last measurement. (transfer none) */
const GPtrArray *workbench_document_get_rooflines (WorkbenchDocument *self);

/** workbench_series_label: "L_bn" …, translated, as legends say it */
const char *workbench_series_label (DfkdSeries series);

G_END_DECLS
