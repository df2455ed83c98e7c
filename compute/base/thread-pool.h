/* thread-pool.h: the engine's own workers: split a loop into numbered tasks and wait for all of them.
 *
 * How a loop is cut into tasks must never depend on the number of threads: then results do not either. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdThreadPool DfkdThreadPool;

/** DfkdTask: works on task @index of @data; runs on any thread, at the same time as other indices. */
typedef void (*DfkdTask) (gpointer data, gsize index);

/**
 * dfkd_thread_pool_new:
 * @threads: number of threads that work, the caller's included; 0 for one per usable processor
 *
 * Where the system gives fewer the pool makes do with those.
 */
DfkdThreadPool *dfkd_thread_pool_new (guint threads);
void dfkd_thread_pool_free (DfkdThreadPool *pool);
guint dfkd_thread_pool_get_threads (DfkdThreadPool *pool);

/**
 * dfkd_thread_pool_run:
 * @count: number of tasks
 *
 * Calls @task for 0 … @count − 1 and returns when all are done. Called from one thread at a time. The
 * caller works too. Allocates nothing.
 */
void dfkd_thread_pool_run (DfkdThreadPool *pool, gsize count, DfkdTask task, gpointer data);

/**
 * dfkd_thread_pool_worker:
 *
 * Returns: the index of the thread a task is running on, 0 … threads − 1, for scratch memory per thread.
 */
guint dfkd_thread_pool_worker (void);

/** dfkd_thread_pool_act_as: the calling thread goes by @worker from here on, for a task that starts loops of its own on a
 * pool of one thread. Returns: what it went by */
guint dfkd_thread_pool_act_as (guint worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdThreadPool, dfkd_thread_pool_free)

G_END_DECLS
