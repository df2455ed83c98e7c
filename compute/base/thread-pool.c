/* thread-pool.c: workers that sleep between loops and claim task numbers from one atomic counter. */
#include "thread-pool.h"

#include <stdatomic.h>

struct _DfkdThreadPool
{
  GMutex lock;
  GCond work, done;
  GPtrArray *workers;
  guint generation; /* counts loops; a worker that sees it change has work */
  guint busy;
  gboolean quit;

  DfkdTask task;
  gpointer data;
  gsize count;
  atomic_size_t next;
  atomic_uint started;
};

static _Thread_local guint worker_index;

static void
claim_tasks (DfkdThreadPool *pool)
{
  gsize index;

  while ((index = atomic_fetch_add_explicit (&pool->next, 1, memory_order_relaxed)) < pool->count)
    pool->task (pool->data, index);
}

static gpointer
work (gpointer data)
{
  DfkdThreadPool *pool = data;
  guint seen = 0;

  worker_index = 1 + atomic_fetch_add (&pool->started, 1);
  g_mutex_lock (&pool->lock);
  for (;;)
    {
      while (pool->generation == seen && !pool->quit)
        g_cond_wait (&pool->work, &pool->lock);
      if (pool->quit)
        break;
      seen = pool->generation;
      g_mutex_unlock (&pool->lock);
      claim_tasks (pool);
      g_mutex_lock (&pool->lock);
      if (--pool->busy == 0)
        g_cond_signal (&pool->done);
    }
  g_mutex_unlock (&pool->lock);
  return NULL;
}

DfkdThreadPool *
dfkd_thread_pool_new (guint threads)
{
  DfkdThreadPool *pool = g_new0 (DfkdThreadPool, 1);

  if (threads == 0)
    threads = g_get_num_processors ();
  g_mutex_init (&pool->lock);
  g_cond_init (&pool->work);
  g_cond_init (&pool->done);
  pool->workers = g_ptr_array_new ();
  for (guint i = 1; i < threads; i++)
    {
      GThread *worker = g_thread_try_new ("dfkd-worker", work, pool, NULL);

      if (worker == NULL)
        break;
      g_ptr_array_add (pool->workers, worker);
    }
  return pool;
}

void
dfkd_thread_pool_free (DfkdThreadPool *pool)
{
  if (pool == NULL)
    return;
  g_mutex_lock (&pool->lock);
  pool->quit = TRUE;
  g_cond_broadcast (&pool->work);
  g_mutex_unlock (&pool->lock);
  for (guint i = 0; i < pool->workers->len; i++)
    g_thread_join (g_ptr_array_index (pool->workers, i));
  g_ptr_array_unref (pool->workers);
  g_mutex_clear (&pool->lock);
  g_cond_clear (&pool->work);
  g_cond_clear (&pool->done);
  g_free (pool);
}

guint
dfkd_thread_pool_get_threads (DfkdThreadPool *pool)
{
  return pool->workers->len + 1;
}

guint
dfkd_thread_pool_worker (void)
{
  return worker_index;
}

guint
dfkd_thread_pool_act_as (guint worker)
{
  guint before = worker_index;

  worker_index = worker;
  return before;
}

void
dfkd_thread_pool_run (DfkdThreadPool *pool, gsize count, DfkdTask task, gpointer data)
{
  if (count <= 1 || pool->workers->len == 0)
    {
      for (gsize i = 0; i < count; i++)
        task (data, i);
      return;
    }

  g_mutex_lock (&pool->lock);
  pool->task = task;
  pool->data = data;
  pool->count = count;
  atomic_store (&pool->next, 0);
  pool->busy = pool->workers->len;
  pool->generation++;
  g_cond_broadcast (&pool->work);
  g_mutex_unlock (&pool->lock);

  claim_tasks (pool);

  g_mutex_lock (&pool->lock);
  while (pool->busy > 0)
    g_cond_wait (&pool->done, &pool->lock);
  g_mutex_unlock (&pool->lock);
}
