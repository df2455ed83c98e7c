/* workbench-polite-thread.h: threads that leave the processor to the trainer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** workbench_thread_be_idle: the calling thread computes with what others leave from now on: had it a part of its own, every loop of the trainer would
 * wait for the thread that shares a processor with it. For what goes on for long, and is never done. */
void workbench_thread_be_idle (void);
/** workbench_thread_be_polite: the calling thread has few turns of a processor that others want, but some. For what somebody waits for. */
void workbench_thread_be_polite (void);

G_END_DECLS
