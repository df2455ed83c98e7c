/* workbench-document-private.h: between what a run tells and what its folder tells. */
#pragma once

#include "workbench-document.h"

#include <gio/gio.h>

G_BEGIN_DECLS

struct _WorkbenchDocument
{
  GObject parent_instance;

  WorkbenchRun *run; /* NULL when opened from a folder */
  DfkdRecipe *recipe, *present; /* that it began with; as its dials stand in it */
  WorkbenchDials *dials;
  char *title, *folder, *problem;
  char *name; /* (nullable): other than the title */
  char **class_names; /* (nullable) */
  gboolean loading;
  GArray *waiting_scalars, *waiting_times; /* what a resumed run told while its log was still being read */
  GPtrArray *waiting_events;
  GCancellable *cancellable; /* of loading */
  DfkdRunLogPlace place; /* how far the log of a run that goes on elsewhere has been read */
  guint look;            /* source: for what it has told since; 0: none */
  gint64 grown;          /* when something came last, on the monotonic clock; 0: nothing since it was opened */
  guint ending;          /* source: to end the run by fewer syntheses; 0: none */
  gboolean goes_on;      /* elsewhere */
  gboolean seen;         /* somebody to write: whoever does no more is gone */
  WorkbenchHistory *history, *films_on_disk;
  WorkbenchSelection *selection;
  DfkdStatus status;
  DfkdRunStanding standing; /* of one that is opened from a folder: by all of the log that has been read */
  WorkbenchSeries *series[DFKD_N_SERIES];
  GArray *marks;   /* of WorkbenchMark */
  GArray *moments; /* of WorkbenchMoment */
  GArray *times;   /* of DfkdStepTime */
  guint64 forgotten; /* times */
  GPtrArray *assessments;
  DfkdPictures *pictures;
  GQueue films; /* of DfkdPictures, the newest first */
  GPtrArray *rooflines;
};

enum {
  WORKBENCH_DOCUMENT_STATUS,
  WORKBENCH_DOCUMENT_MARK,
  WORKBENCH_DOCUMENT_PICTURES,
  WORKBENCH_DOCUMENT_FILM,
  WORKBENCH_DOCUMENT_ROOFLINES,
  WORKBENCH_DOCUMENT_TIMES,
  WORKBENCH_DOCUMENT_ASSESSED,
  WORKBENCH_DOCUMENT_EVENT,
  WORKBENCH_DOCUMENT_LOADED,
  N_WORKBENCH_DOCUMENT_SIGNALS
};

extern guint workbench_document_signals[N_WORKBENCH_DOCUMENT_SIGNALS];

/* where @folder (nullable) is known: its name and its pictures */
void workbench_document_set_folder (WorkbenchDocument *self, const char *folder);
void workbench_document_take_scalar (WorkbenchDocument *self, const DfkdScalar *scalar);
void workbench_document_take_times (WorkbenchDocument *self, const GArray *times);
/* all that was kept */
void workbench_document_forget_all (WorkbenchDocument *self);
/* there are pictures of another synthesis */
void workbench_document_refresh_history (WorkbenchDocument *self);
/* reads the first @most bytes of the log in the background; "loaded" tells when it is there */
void workbench_document_read_log (WorkbenchDocument *self, guint64 most);
/* what of an event is kept */
void workbench_document_take_event (WorkbenchDocument *self, const DfkdEvent *event);

G_END_DECLS
