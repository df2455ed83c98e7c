/* workbench-layout-private.h: between a layout and its thread. */
#pragma once

#include "workbench-layout.h"

G_BEGIN_DECLS

/* what goes to the thread, and what comes back */
typedef struct {
  guint64 *ids;
  float *rows;
  gsize n, n_features;
} WorkbenchLayoutJob;

typedef struct {
  guint64 *ids;
  float *places;
  gsize n, n_features;
  double explained;
  float *mean, *axes; /* principal components, aligned: place = axes · (x − mean) + shift; NULL for t-SNE */
  float shift[3];
} WorkbenchLayoutResult;

/* shared by the object and its thread: the last one frees it */
typedef struct {
  gatomicrefcount references;
  GMutex lock;
  GCond wake;
  gint stop;      /* atomically */
  gint newer;     /* atomically: a job waits or a pause is asked for: what is going on may be cut short */
  gboolean paused;
  WorkbenchLayoutJob *job;
  WorkbenchLayoutResult *result; /* not fetched yet */
  double kept;
  gboolean judged; /* not fetched yet */
  WorkbenchLayoutProgress progress;
  char *problem;
  GWeakRef object;
  gboolean posted; /* an idle callback is on its way */
  WorkbenchProjection projection;
  guint dimensions;
} WorkbenchLayoutShared;

void workbench_layout_job_free (WorkbenchLayoutJob *job);
void workbench_layout_result_free (WorkbenchLayoutResult *result);
void workbench_layout_shared_unref (gpointer shared);

/* an idle callback on the main thread: takes what is new from @shared */
gboolean workbench_layout_fetch (gpointer shared);
/* the thread: lays out the newest job until it is stopped; takes over a reference to @shared */
gpointer workbench_layout_work (gpointer shared);

G_END_DECLS
