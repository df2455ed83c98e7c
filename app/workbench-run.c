/* workbench-run.c: a session in the main loop. */
#include "workbench-run.h"

#include "workbench-runs.h"
#include "workbench-settings.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

/* What the trainer's thread rings. It outlives the run: ending a session takes as long as its present step, so a thread
 * of its own waits for that, not the window. */
typedef struct {
  DfkdSession *session;
  GMutex lock;
  WorkbenchRun *run; /* NULL once nobody listens */
  guint idle;        /* source of the pending wake-up; 0: none */
  gint64 pulled;     /* when the last one was */
  GThread *discarder; /* (nullable): waits for the end of the session, to put its folder away */
  gboolean restorable; /* from there */
  gboolean failed;     /* which somebody has heard */
  GApplication *application; /* (nullable): that waits for the end */
} Bell;

enum {
  PULL_INTERVAL = 80, /* milliseconds between looks at what came: nobody reads faster, and drawing takes time from training */
};

struct _WorkbenchRun
{
  GObject parent_instance;

  Bell *bell;
  DfkdChannel *channel;
  DfkdRecipe *recipe;
  DfkdStatus status;
};

static GPtrArray *endings; /* of GThread: sessions that are ending; the main thread's alone */
static GAsyncQueue *problems; /* of char *: what went wrong at the end of sessions to which nobody listens any more */

G_DEFINE_FINAL_TYPE (WorkbenchRun, workbench_run, G_TYPE_OBJECT)

enum {
  STATUS,
  SCALARS,
  TIMES,
  PICTURES,
  ROOFLINES,
  EVENT,
  LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
pull (gpointer data)
{
  Bell *bell = data;
  WorkbenchRun *self = bell->run;
  g_autoptr (GArray) scalars = NULL, times = NULL;
  g_autoptr (DfkdPictures) pictures = NULL;
  g_autoptr (GPtrArray) rooflines = NULL;
  DfkdEvent *event;

  g_mutex_lock (&bell->lock);
  bell->idle = 0;
  bell->pulled = g_get_monotonic_time ();
  g_mutex_unlock (&bell->lock);

  g_object_ref (self);
  dfkd_channel_get_status (self->channel, &self->status);
  scalars = dfkd_channel_take_scalars (self->channel);
  times = dfkd_channel_take_times (self->channel);
  pictures = dfkd_channel_take_pictures (self->channel);
  rooflines = dfkd_channel_take_rooflines (self->channel);
  while ((event = dfkd_channel_take_event (self->channel)) != NULL)
    {
      g_signal_emit (self, signals[EVENT], 0, event);
      dfkd_event_free (event);
    }
  if (scalars->len > 0)
    g_signal_emit (self, signals[SCALARS], 0, scalars);
  if (times->len > 0)
    g_signal_emit (self, signals[TIMES], 0, times);
  if (pictures != NULL)
    g_signal_emit (self, signals[PICTURES], 0, pictures);
  if (rooflines != NULL)
    g_signal_emit (self, signals[ROOFLINES], 0, rooflines);
  g_signal_emit (self, signals[STATUS], 0);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* on the trainer's thread */
static void
on_wake (gpointer data)
{
  Bell *bell = data;

  g_mutex_lock (&bell->lock);
  if (bell->idle == 0 && bell->run != NULL)
    {
      gint64 passed = (g_get_monotonic_time () - bell->pulled) / 1000;

      bell->idle = passed >= PULL_INTERVAL ? g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, pull, bell, NULL)
                                           : g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, (guint) (PULL_INTERVAL - passed), pull, bell, NULL);
    }
  g_mutex_unlock (&bell->lock);
}

/* whoever holds the run a while longer */
static gpointer
discard (gpointer data)
{
  Bell *bell = data;

  dfkd_session_wait (bell->session, NULL);
  workbench_runs_discard (dfkd_session_get_folder (bell->session), bell->restorable);
  return NULL;
}

char *
workbench_run_take_problem (void)
{
  return problems != NULL ? g_async_queue_try_pop (problems) : NULL;
}

typedef struct {
  GThread *thread;
  GApplication *application; /* (nullable): was held until here, so that it can tell what went wrong when its last window has closed */
} Ending;

static gboolean
tell_problems (gpointer data)
{
  g_autofree Ending *ending = data;
  GApplication *application = ending->application;
  char *text;

  if (endings != NULL && g_ptr_array_remove_fast (endings, ending->thread))
    g_thread_join (ending->thread); /* it has nothing left to do */

  while (application != NULL && g_application_get_dbus_connection (application) != NULL && (text = workbench_run_take_problem ()) != NULL)
    {
      g_autoptr (GNotification) notice = g_notification_new (_("A run could not be kept"));

      g_notification_set_body (notice, text);
      g_notification_set_priority (notice, G_NOTIFICATION_PRIORITY_HIGH);
      g_application_send_notification (application, NULL, notice);
      g_free (text);
    }
  if (application != NULL)
    {
      g_application_release (application);
      g_object_unref (application);
    }
  return G_SOURCE_REMOVE;
}

static gpointer
end_session (gpointer data)
{
  Bell *bell = data;
  g_autoptr (GError) error = NULL;
  const gboolean discarded = bell->discarder != NULL;
  Ending *ending = g_new (Ending, 1);

  g_clear_pointer (&bell->discarder, g_thread_join); /* two cannot wait for the session at once */
  if (!dfkd_session_wait (bell->session, &error) && !discarded && !bell->failed)
    {
      const char *folder = dfkd_session_get_folder (bell->session);

      g_async_queue_push (problems, folder != NULL ? g_strdup_printf ("%s: %s", folder, error->message) : g_strdup (error->message));
    }
  dfkd_session_free (bell->session); /* nobody rings afterwards */
  *ending = (Ending){ g_thread_self (), bell->application };
  g_mutex_clear (&bell->lock);
  g_free (bell);
  g_idle_add (tell_problems, ending);
  return NULL;
}

static void
workbench_run_finalize (GObject *object)
{
  WorkbenchRun *self = WORKBENCH_RUN (object);
  Bell *bell = self->bell;

  g_mutex_lock (&bell->lock);
  bell->run = NULL;
  if (bell->idle != 0)
    g_source_remove (bell->idle);
  bell->idle = 0;
  g_mutex_unlock (&bell->lock);
  dfkd_session_stop (bell->session); /* after the present step */
  bell->failed = self->status.state == DFKD_STATE_FAILED;
  if (endings == NULL)
    endings = g_ptr_array_new ();
  if (problems == NULL)
    problems = g_async_queue_new_full (g_free);
  bell->application = g_application_get_default ();
  if (bell->application != NULL)
    g_application_hold (g_object_ref (bell->application));
  g_ptr_array_add (endings, g_thread_new ("dfkd-end", end_session, bell));
  dfkd_channel_unref (self->channel);
  dfkd_recipe_free (self->recipe);
  G_OBJECT_CLASS (workbench_run_parent_class)->finalize (object);
}

void
workbench_run_wait_for_endings (void)
{
  if (endings == NULL)
    return;
  for (guint i = 0; i < endings->len; i++)
    g_thread_join (g_ptr_array_index (endings, i));
  g_clear_pointer (&endings, g_ptr_array_unref);
}

static void
workbench_run_class_init (WorkbenchRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_run_finalize;
  signals[STATUS] = g_signal_new ("status", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SCALARS] = g_signal_new ("scalars", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[TIMES] = g_signal_new ("times", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[PICTURES] = g_signal_new ("pictures", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[ROOFLINES] = g_signal_new ("rooflines", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[EVENT] = g_signal_new ("event", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LEFT] = g_signal_new ("left", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_run_init (WorkbenchRun *self)
{
}

WorkbenchRun *
workbench_run_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error)
{
  DfkdSession *session = dfkd_session_new (recipe, options, error);
  WorkbenchRun *self;

  if (session == NULL)
    return NULL;
  self = g_object_new (WORKBENCH_TYPE_RUN, NULL);
  self->bell = g_new0 (Bell, 1);
  self->bell->session = session;
  self->bell->run = self;
  g_mutex_init (&self->bell->lock);
  self->channel = dfkd_channel_ref (dfkd_session_get_channel (session));
  self->recipe = dfkd_session_copy_recipe (session);
  dfkd_channel_get_status (self->channel, &self->status);
  dfkd_channel_set_picture_interval (self->channel, 0.1);
  dfkd_channel_set_wake (self->channel, on_wake, self->bell);
  on_wake (self->bell); /* what came before anybody listened */
  return self;
}

/* whether deleted runs of that folder can be taken back from the list */
static gboolean
is_listed (const char *folder)
{
  g_autofree char *path = g_canonicalize_filename (folder, NULL), *parent = g_path_get_dirname (path);
  g_autofree char *runs = workbench_settings_get_runs_folder (), *listed = g_canonicalize_filename (runs, NULL);

  return g_str_equal (parent, listed);
}

void
workbench_run_discard (WorkbenchRun *self)
{
  Bell *bell = self->bell;
  const char *folder = dfkd_session_get_folder (bell->session);

  if (folder == NULL || bell->discarder != NULL)
    return;
  dfkd_session_stop (bell->session);
  bell->restorable = is_listed (folder);
  bell->discarder = g_thread_new ("dfkd-discard", discard, bell);
}

void
workbench_run_set_picture_interval (WorkbenchRun *self, double seconds)
{
  dfkd_channel_set_picture_interval (self->channel, seconds);
}

void
workbench_run_close (WorkbenchRun *self)
{
  dfkd_session_stop (self->bell->session);
  if (self->bell->discarder == NULL)
    g_signal_emit (self, signals[LEFT], 0);
}

DfkdSession *
workbench_run_get_session (WorkbenchRun *self)
{
  return self->bell->session;
}

const DfkdStatus *
workbench_run_get_status (WorkbenchRun *self)
{
  return &self->status;
}

const DfkdRecipe *
workbench_run_get_recipe (WorkbenchRun *self)
{
  return self->recipe;
}
