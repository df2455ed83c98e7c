/* workbench-job.h: work beside the main loop, by threads that leave the processor to the trainer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** WorkbenchJob: something that a thread of its own does, with few of the processor's turns, but some: somebody waits for it. */
typedef struct _WorkbenchJob WorkbenchJob;

/** WorkbenchWork: on the thread; @stop: raised (g_atomic_int_get()) once nobody wants it any more */
typedef void (*WorkbenchWork) (gpointer data, const gint *stop);
/** WorkbenchWorkDone: on the main loop; the job is gone with it */
typedef void (*WorkbenchWorkDone) (gpointer owner, gpointer data);

/** workbench_job_start: @data: freed by @free_data on any thread; @owner: of whom nothing is kept: before it goes it stops the job */
WorkbenchJob *workbench_job_start (WorkbenchWork work, WorkbenchWorkDone done, gpointer owner, gpointer data, GDestroyNotify free_data);
/** workbench_job_stop: nobody is told any more; on the main loop, before it was told */
void workbench_job_stop (WorkbenchJob *job);

/** workbench_thread_be_idle: the calling thread computes with what others leave from now on: had it a part of its own, every loop of the trainer would
 * wait for the thread that shares a processor with it. For what goes on for long, and is never done. */
void workbench_thread_be_idle (void);

G_END_DECLS
