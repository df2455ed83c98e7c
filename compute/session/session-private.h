/* session-private.h: what a session is made of; for session.c, through which others steer it, session-orders.c, where its thread takes what it
 * is told, and session-loop.c, which is that thread. */
#pragma once

#include "session.h"
#include "trainer.h"

G_BEGIN_DECLS

/* a dial that was turned */
typedef struct {
  DfkdParameterId id;
  double value;
} DfkdSessionChange;

struct _DfkdSession
{
  GThread *thread;
  DfkdChannel *channel;
  char *folder, *device_id;
  guint threads;
  gboolean resume, made, polite;
  gboolean anew; /* resumed without a snapshot */
  DfkdModel *teacher; /* until the thread takes it */
  DfkdDataset *data;
  char **class_names; /* (nullable) */
  char *notice; /* something the user should know, said when the thread starts */

  guint64 log_start;   /* bytes of events.jsonl before this session */
  char *branch_folder; /* (nullable) */
  GPtrArray *exports;  /* where the student is to be written; NULL when no more is: it has ended */
  DfkdModel *student;  /* of one that has ended and kept it nowhere else */
  guint branch_synthesis;

  GMutex lock;
  GCond command;
  DfkdRecipe *recipe; /* as it stands, changes included */
  double most_syntheses; /* that there is room for */
  char *device_name;
  GArray *changes; /* of DfkdSessionChange, not yet applied */
  gboolean running, stop, snapshot, profile, ended;
  gboolean no_statistics; /* the teacher turned out to have no batch norm, which the method would compare */
  guint stepping;   /* steps that were asked for and are not done */
  gboolean stepped; /* the first of them has begun */
  DfkdTrainerCounters step_start; /* then; of the thread alone */
  DfkdStepKind step;
  GError *error;
};

/* what was asked for besides going on */
typedef struct {
  gboolean snapshot, profile;
  GPtrArray *exports; /* where the student goes; the caller's; NULL: nowhere */
} DfkdSessionOrders;

/* session-loop.c */

/** dfkd_session_work: the thread, from preparing to the end; @session: DfkdSession */
gpointer dfkd_session_work (gpointer session);

/* session-orders.c */

/** dfkd_session_take_exports: with the lock held. Returns: (nullable) (transfer full) (element-type filename): what was asked for; NULL: nothing */
GPtrArray *dfkd_session_take_exports (DfkdSession *session);
/** dfkd_session_obey: applies what was asked for and waits while there is nothing to do, paused. FALSE: stop. */
gboolean dfkd_session_obey (DfkdSession *session, DfkdTrainer *trainer, DfkdSessionOrders *orders);
/** dfkd_session_begin_step: the trainer is about to advance: when steps were asked for, one begins with that, or is going on. */
void dfkd_session_begin_step (DfkdSession *session, DfkdTrainer *trainer);
/** dfkd_session_end_step: the trainer has advanced: counts the step that was asked for, if this was the end of it. */
void dfkd_session_end_step (DfkdSession *session, DfkdTrainer *trainer);
/** dfkd_session_forget_steps: with the lock held: none is asked for any more. */
void dfkd_session_forget_steps (DfkdSession *session);

G_END_DECLS
