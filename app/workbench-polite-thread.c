/* workbench-polite-thread.c: classes and priorities of the kernel's scheduler. */
#include "workbench-polite-thread.h"

#include <sched.h>
#include <sys/resource.h>

enum {
  POLITE = 8, /* a sixth of the turns of one at 0 */
  LEAST = 19,
};

/* on Linux a priority is a thread's own */
void
workbench_thread_be_idle (void)
{
  const struct sched_param none = { 0 };

  if (sched_setscheduler (0, SCHED_IDLE, &none) != 0) /* of this thread */
    setpriority (PRIO_PROCESS, 0, LEAST);
}

void
workbench_thread_be_polite (void)
{
  setpriority (PRIO_PROCESS, 0, POLITE);
}
