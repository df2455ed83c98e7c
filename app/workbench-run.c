/* workbench-run.c: a session in the main loop. */
#include "workbench-run.h"

struct _WorkbenchRun
{
  GObject parent_instance;

  DfkdSession *session;
  DfkdChannel *channel;
  DfkdRecipe *recipe;
  DfkdStatus status;
  GMutex lock;
  guint idle; /* source of the pending wake-up; 0: none */
};

G_DEFINE_FINAL_TYPE (WorkbenchRun, workbench_run, G_TYPE_OBJECT)

enum {
  STATUS,
  SCALARS,
  PICTURES,
  EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
pull (gpointer data)
{
  WorkbenchRun *self = data;
  g_autoptr (GArray) scalars = NULL;
  g_autoptr (DfkdPictures) pictures = NULL;
  DfkdEvent *event;

  g_mutex_lock (&self->lock);
  self->idle = 0;
  g_mutex_unlock (&self->lock);

  g_object_ref (self);
  dfkd_channel_get_status (self->channel, &self->status);
  scalars = dfkd_channel_take_scalars (self->channel);
  pictures = dfkd_channel_take_pictures (self->channel);
  while ((event = dfkd_channel_take_event (self->channel)) != NULL)
    {
      g_signal_emit (self, signals[EVENT], 0, event);
      dfkd_event_free (event);
    }
  if (scalars->len > 0)
    g_signal_emit (self, signals[SCALARS], 0, scalars);
  if (pictures != NULL)
    g_signal_emit (self, signals[PICTURES], 0, pictures);
  g_signal_emit (self, signals[STATUS], 0);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* on the trainer's thread */
static void
on_wake (gpointer data)
{
  WorkbenchRun *self = data;

  g_mutex_lock (&self->lock);
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, pull, self, NULL);
  g_mutex_unlock (&self->lock);
}

static void
workbench_run_finalize (GObject *object)
{
  WorkbenchRun *self = WORKBENCH_RUN (object);

  dfkd_channel_set_wake (self->channel, NULL, NULL);
  dfkd_session_free (self->session); /* no more wake-ups after this */
  if (self->idle != 0)
    g_source_remove (self->idle);
  dfkd_channel_unref (self->channel);
  dfkd_recipe_free (self->recipe);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (workbench_run_parent_class)->finalize (object);
}

static void
workbench_run_class_init (WorkbenchRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_run_finalize;
  signals[STATUS] = g_signal_new ("status", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SCALARS] = g_signal_new ("scalars", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[PICTURES] = g_signal_new ("pictures", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[EVENT] = g_signal_new ("event", WORKBENCH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
workbench_run_init (WorkbenchRun *self)
{
  g_mutex_init (&self->lock);
}

WorkbenchRun *
workbench_run_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error)
{
  DfkdSession *session = dfkd_session_new (recipe, options, error);
  WorkbenchRun *self;

  if (session == NULL)
    return NULL;
  self = g_object_new (WORKBENCH_TYPE_RUN, NULL);
  self->session = session;
  self->channel = dfkd_channel_ref (dfkd_session_get_channel (session));
  self->recipe = dfkd_session_copy_recipe (session);
  dfkd_channel_get_status (self->channel, &self->status);
  dfkd_channel_set_picture_interval (self->channel, 0.1);
  dfkd_channel_set_wake (self->channel, on_wake, self);
  on_wake (self); /* what came before anybody listened */
  return self;
}

void
workbench_run_close (WorkbenchRun *self)
{
  dfkd_session_stop (self->session);
}

DfkdSession *
workbench_run_get_session (WorkbenchRun *self)
{
  return self->session;
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
