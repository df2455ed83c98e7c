/* run-standing.h: where a run stands, by what it has written to its folder: for those who do not compute it. */
#pragma once

#include "run-folder.h"

G_BEGIN_DECLS

enum {
  DFKD_STANDING_PACE = 20, /* syntheses by which the time that is left is estimated */
};

/** DfkdRunStanding: clear with dfkd_run_standing_clear(); all 0 is one of no run */
typedef struct {
  DfkdStatus status; /* its state is PAUSED, whether or not somebody goes on with it, or FINISHED */
  char *device;      /* (nullable): what it computes on, for people */
  DfkdRecipe *now;   /* (nullable): its recipe, as its dials stand */
  guint batch, warmup; /* of its recipe; @batch: images that a synthesis adds to the pool, 0 where the method keeps none */
  struct {
    guint synthesis;
    double seconds; /* of all clocks, when it was done */
  } done[DFKD_STANDING_PACE + 1]; /* the last ones, in their order */
  guint n_done;
} DfkdRunStanding;

/** dfkd_run_standing_begin: of a run that has told nothing yet. @recipe: the one it began with */
void dfkd_run_standing_begin (DfkdRunStanding *standing, const DfkdRecipe *recipe);
/** dfkd_run_standing_take_event: the next one of its log */
void dfkd_run_standing_take_event (DfkdRunStanding *standing, const DfkdEvent *event);
/** dfkd_run_standing_take_time: likewise */
void dfkd_run_standing_take_time (DfkdRunStanding *standing, const DfkdStepTime *time);
/** dfkd_run_standing_take_summary: behind all events: what the log of a branch, or of an earlier version, does not tell */
void dfkd_run_standing_take_summary (DfkdRunStanding *standing, const DfkdRunSummary *summary);
/** dfkd_run_standing_seconds_left: if it goes on as in its last syntheses; negative where that is not known yet */
double dfkd_run_standing_seconds_left (const DfkdRunStanding *standing);
/** dfkd_run_standing_read: of @run_folder. @recipe: its own. Errors: those of dfkd_run_log_read() */
gboolean dfkd_run_standing_read (DfkdRunStanding *standing, const char *run_folder, const DfkdRecipe *recipe, GError **error);
void dfkd_run_standing_clear (DfkdRunStanding *standing);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdRunStanding, dfkd_run_standing_clear)

G_END_DECLS
