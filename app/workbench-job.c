/* workbench-job.c: a thread and an idle callback; and the kernel's scheduler. */
#include "workbench-job.h"

#include <sched.h>
#include <sys/resource.h>

enum {
  POLITE = 8, /* a sixth of the turns of one at 0; on Linux a priority is a thread's own */
  LEAST = 19,
};

/* shared by its owner and its thread: the last one frees it */
struct _WorkbenchJob
{
  gatomicrefcount references;
  gint stop; /* atomically */
  WorkbenchWork work;
  WorkbenchWorkDone done;
  gpointer owner, data;
  GDestroyNotify free_data;
};

static void
job_unref (gpointer data)
{
  WorkbenchJob *job = data;

  if (!g_atomic_ref_count_dec (&job->references))
    return;
  job->free_data (job->data);
  g_free (job);
}

static gboolean
tell (gpointer data)
{
  WorkbenchJob *job = data;

  if (g_atomic_int_get (&job->stop))
    return G_SOURCE_REMOVE;
  job->done (job->owner, job->data);
  job_unref (job); /* the owner's */
  return G_SOURCE_REMOVE;
}

static gpointer
run (gpointer data)
{
  WorkbenchJob *job = data;

  setpriority (PRIO_PROCESS, 0, POLITE);
  job->work (job->data, &job->stop);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell, job, job_unref);
  return NULL;
}

WorkbenchJob *
workbench_job_start (WorkbenchWork work, WorkbenchWorkDone done, gpointer owner, gpointer data, GDestroyNotify free_data)
{
  WorkbenchJob *job = g_new0 (WorkbenchJob, 1);

  g_atomic_ref_count_init (&job->references);
  g_atomic_ref_count_inc (&job->references); /* the thread's */
  job->work = work;
  job->done = done;
  job->owner = owner;
  job->data = data;
  job->free_data = free_data;
  g_thread_unref (g_thread_new ("workbench-job", run, job));
  return job;
}

void
workbench_job_stop (WorkbenchJob *job)
{
  g_atomic_int_set (&job->stop, 1);
  job_unref (job);
}

void
workbench_thread_be_idle (void)
{
  const struct sched_param none = { 0 };

  if (sched_setscheduler (0, SCHED_IDLE, &none) != 0) /* of this thread */
    setpriority (PRIO_PROCESS, 0, LEAST);
}
