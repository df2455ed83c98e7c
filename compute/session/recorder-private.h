/* recorder-private.h: what a recorder is made of; for recorder.c and recorder-log.c, which writes events.jsonl. */
#pragma once

#include "history.h"
#include "recorder.h"

G_BEGIN_DECLS

/* the steps of a kind since the last line about them */
typedef struct {
  guint64 first, steps;
  DfkdClocks clocks;
  DfkdTiming sum;
} DfkdStepSum;

struct _DfkdRecorder
{
  char *folder;
  int log;         /* file descriptor of events.jsonl */
  guint64 written; /* its length, all of it whole lines */
  GString *lines;  /* that come behind it */
  gint64 flushed;  /* when they were written last, on the monotonic clock */
  DfkdHistory *history, *films;
  DfkdStage stage; /* whose steps are being summed */
  DfkdStepSum sums[DFKD_N_STAGES];
};

gboolean dfkd_recorder_cannot_write (const char *path, int code, GError **error);

G_END_DECLS
