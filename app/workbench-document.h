/* workbench-document.h: all that views show of one run: curves, marks, pictures, timing, statistics, evaluations, its recipe and
 * where it stands. It is filled by a run while that goes on, or from a run folder. Views bind to it and keep nothing of their own,
 * so that any number of them, opened at any time, show the same.
 *
 * Signals: "status" after the status changed; "mark" (WorkbenchMark), a dial was turned; "pictures", "rooflines" when newer ones
 * are there; "event" (DfkdEvent): what people should be told. */
#pragma once

#include "workbench-run.h"
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

/** workbench_document_get_run: NULL when the run is not going on here. */
WorkbenchRun *workbench_document_get_run (WorkbenchDocument *self);
/** workbench_document_get_recipe: that the run began with. */
const DfkdRecipe *workbench_document_get_recipe (WorkbenchDocument *self);
const DfkdStatus *workbench_document_get_status (WorkbenchDocument *self);
/** workbench_document_get_title: the name of its folder, or of its recipe. */
const char *workbench_document_get_title (WorkbenchDocument *self);
WorkbenchSeries *workbench_document_get_series (WorkbenchDocument *self, DfkdSeries series);
/** workbench_document_get_marks: (element-type WorkbenchMark) (transfer none) */
const GArray *workbench_document_get_marks (WorkbenchDocument *self);
/** workbench_document_get_pictures: the newest batch, or NULL. (transfer none) */
DfkdPictures *workbench_document_get_pictures (WorkbenchDocument *self);
/** workbench_document_get_rooflines: (nullable) (element-type DfkdRoofline): the last measurement. (transfer none) */
const GPtrArray *workbench_document_get_rooflines (WorkbenchDocument *self);

/** workbench_series_label: "L_bn" …, translated, as legends say it */
const char *workbench_series_label (DfkdSeries series);

G_END_DECLS
