/* channel.c: one lock, held for moments; the wake-up is called outside it. */
#include "channel.h"

#include <math.h>
#include <string.h>

enum {
  MOST_TIMES = 65536,
};

struct _DfkdChannel
{
  gatomicrefcount references;
  GMutex lock;
  GCond changed;
  GArray *scalars, *times;
  GQueue events;
  DfkdPictures *pictures;
  GPtrArray *rooflines;
  DfkdStatus status;
  double picture_interval;
  gint64 last_pictures;
  gboolean news; /* something came that no reader has taken yet */
  void (*wake) (gpointer data);
  gpointer wake_data;
  const DfkdTap *tap;
  gpointer tap_data;
};

const char *
dfkd_series_name (DfkdSeries series)
{
  static const char *const names[] = {
    [DFKD_SERIES_LOSS] = "loss",
    [DFKD_SERIES_LOSS_BN] = "loss_bn",
    [DFKD_SERIES_LOSS_OH] = "loss_oh",
    [DFKD_SERIES_LOSS_ADV] = "loss_adv",
    [DFKD_SERIES_LOSS_ACT] = "loss_act",
    [DFKD_SERIES_LOSS_BALANCE] = "loss_balance",
    [DFKD_SERIES_LOSS_CR] = "loss_cr",
    [DFKD_SERIES_LOSS_TV] = "loss_tv",
    [DFKD_SERIES_LOSS_L2] = "loss_l2",
    [DFKD_SERIES_LOSS_STUDENT] = "loss_student",
    [DFKD_SERIES_LR_STUDENT] = "lr_student",
    [DFKD_SERIES_ACCURACY] = "accuracy",
    [DFKD_SERIES_AGREEMENT] = "agreement",
    [DFKD_SERIES_AGREEMENT_TEST] = "agreement_test",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_N_SERIES);
  return names[series];
}

gboolean
dfkd_recipe_has_series (const DfkdRecipe *recipe, DfkdSeries series)
{
  const char *name = dfkd_series_name (series);

  G_STATIC_ASSERT (DFKD_SERIES_LAST_TERM - DFKD_SERIES_LOSS == DFKD_N_TERMS);
  return series == DFKD_SERIES_LOSS || series > DFKD_SERIES_LAST_TERM
         || dfkd_method_setting (dfkd_recipe_get_method (recipe), name + strlen ("loss_")) != NULL;
}

gboolean
dfkd_series_find (const char *name, DfkdSeries *series)
{
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    if (g_str_equal (dfkd_series_name (i), name))
      {
        *series = i;
        return TRUE;
      }
  return FALSE;
}

const char *
dfkd_stage_name (DfkdStage stage)
{
  static const char *const names[] = { "generate", "begin", "outer", "distil", "evaluate", "show" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_N_STAGES);
  return names[stage];
}

const char *
dfkd_event_kind_name (DfkdEventKind kind)
{
  static const char *const names[] = { "started", "parameter", "synthesis", "evaluation", "snapshot", "paused", "exported", "notice", "finished", "failed" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_N_EVENT_KINDS);
  return names[kind];
}

DfkdAssessment *
dfkd_assessment_new (gsize classes)
{
  DfkdAssessment *assessment = g_new0 (DfkdAssessment, 1);

  g_atomic_ref_count_init (&assessment->references);
  assessment->classes = classes;
  assessment->confusion = g_new0 (guint32, classes * classes);
  assessment->agreement = g_new0 (guint32, classes * classes);
  return assessment;
}

DfkdAssessment *
dfkd_assessment_ref (DfkdAssessment *assessment)
{
  g_atomic_ref_count_inc (&assessment->references);
  return assessment;
}

void
dfkd_assessment_unref (DfkdAssessment *assessment)
{
  if (assessment == NULL || !g_atomic_ref_count_dec (&assessment->references))
    return;
  g_free (assessment->confusion);
  g_free (assessment->agreement);
  g_free (assessment);
}

void
dfkd_event_free (DfkdEvent *event)
{
  if (event == NULL)
    return;
  dfkd_assessment_unref (event->assessment);
  g_free (event->device);
  g_free (event->message);
  g_free (event);
}

DfkdEvent *
dfkd_event_copy (const DfkdEvent *event)
{
  DfkdEvent *copy = g_memdup2 (event, sizeof *event);

  copy->device = g_strdup (event->device);
  copy->message = g_strdup (event->message);
  copy->assessment = event->assessment != NULL ? dfkd_assessment_ref (event->assessment) : NULL;
  return copy;
}

DfkdChannel *
dfkd_channel_new (void)
{
  DfkdChannel *channel = g_new0 (DfkdChannel, 1);

  g_atomic_ref_count_init (&channel->references);
  g_mutex_init (&channel->lock);
  g_cond_init (&channel->changed);
  g_queue_init (&channel->events);
  channel->scalars = g_array_new (FALSE, FALSE, sizeof (DfkdScalar));
  channel->times = g_array_new (FALSE, FALSE, sizeof (DfkdStepTime));
  channel->picture_interval = -1.0;
  channel->status.seconds_left = -1.0;
  channel->status.accuracy = channel->status.best_accuracy = channel->status.teacher_accuracy
    = channel->status.chosen_accuracy = (double) NAN;
  return channel;
}

DfkdChannel *
dfkd_channel_ref (DfkdChannel *channel)
{
  g_atomic_ref_count_inc (&channel->references);
  return channel;
}

void
dfkd_channel_unref (DfkdChannel *channel)
{
  if (channel == NULL || !g_atomic_ref_count_dec (&channel->references))
    return;
  g_array_unref (channel->scalars);
  g_array_unref (channel->times);
  g_queue_clear_full (&channel->events, (GDestroyNotify) dfkd_event_free);
  dfkd_pictures_unref (channel->pictures);
  g_clear_pointer (&channel->rooflines, g_ptr_array_unref);
  g_mutex_clear (&channel->lock);
  g_cond_clear (&channel->changed);
  g_free (channel);
}

void
dfkd_channel_set_wake (DfkdChannel *channel, void (*wake) (gpointer data), gpointer data)
{
  g_mutex_lock (&channel->lock);
  channel->wake = wake;
  channel->wake_data = data;
  g_mutex_unlock (&channel->lock);
}

/* called with the lock held; releases it */
static void
announce (DfkdChannel *channel)
{
  void (*wake) (gpointer) = channel->news ? NULL : channel->wake;
  gpointer data = channel->wake_data;

  channel->news = TRUE;
  g_cond_broadcast (&channel->changed);
  g_mutex_unlock (&channel->lock);
  if (wake != NULL)
    wake (data);
}

void
dfkd_channel_set_tap (DfkdChannel *channel, const DfkdTap *tap, gpointer data)
{
  channel->tap = tap;
  channel->tap_data = data;
}

void
dfkd_channel_post_scalar (DfkdChannel *channel, const DfkdScalar *scalar)
{
  if (channel->tap != NULL && channel->tap->scalar != NULL)
    channel->tap->scalar (scalar, channel->tap_data);
  g_mutex_lock (&channel->lock);
  g_array_append_val (channel->scalars, *scalar);
  announce (channel);
}

void
dfkd_channel_post_event (DfkdChannel *channel, DfkdEvent *event)
{
  if (channel->tap != NULL && channel->tap->event != NULL)
    channel->tap->event (event, channel->tap_data);
  g_mutex_lock (&channel->lock);
  g_queue_push_tail (&channel->events, event);
  announce (channel);
}

void
dfkd_channel_post_time (DfkdChannel *channel, const DfkdStepTime *time)
{
  if (channel->tap != NULL && channel->tap->time != NULL)
    channel->tap->time (time, channel->tap_data);
  g_mutex_lock (&channel->lock);
  if (channel->picture_interval < 0.0)
    {
      g_mutex_unlock (&channel->lock);
      return;
    }
  if (channel->times->len >= MOST_TIMES)
    g_array_remove_range (channel->times, 0, MOST_TIMES / 2);
  g_array_append_val (channel->times, *time);
  announce (channel);
}

void
dfkd_channel_post_pictures (DfkdChannel *channel, DfkdPictures *pictures)
{
  DfkdPictures *old;

  g_mutex_lock (&channel->lock);
  old = channel->pictures;
  channel->pictures = pictures;
  channel->last_pictures = g_get_monotonic_time ();
  announce (channel);
  dfkd_pictures_unref (old);
}

void
dfkd_channel_post_rooflines (DfkdChannel *channel, GPtrArray *rooflines)
{
  g_mutex_lock (&channel->lock);
  g_clear_pointer (&channel->rooflines, g_ptr_array_unref);
  channel->rooflines = rooflines;
  announce (channel);
}

GPtrArray *
dfkd_channel_take_rooflines (DfkdChannel *channel)
{
  GPtrArray *rooflines;

  g_mutex_lock (&channel->lock);
  rooflines = g_steal_pointer (&channel->rooflines);
  g_mutex_unlock (&channel->lock);
  return rooflines;
}

void
dfkd_channel_post_status (DfkdChannel *channel, const DfkdStatus *status)
{
  g_mutex_lock (&channel->lock);
  channel->status = *status;
  announce (channel);
}

gboolean
dfkd_channel_wants_pictures (DfkdChannel *channel, double seconds)
{
  gboolean wanted;

  g_mutex_lock (&channel->lock);
  wanted = channel->picture_interval >= 0.0
           && (channel->last_pictures == 0
               || (double) (g_get_monotonic_time () - channel->last_pictures) * 1e-6 + seconds >= channel->picture_interval);
  g_mutex_unlock (&channel->lock);
  return wanted;
}

gboolean
dfkd_channel_has_viewer (DfkdChannel *channel)
{
  gboolean has_viewer;

  g_mutex_lock (&channel->lock);
  has_viewer = channel->picture_interval >= 0.0;
  g_mutex_unlock (&channel->lock);
  return has_viewer;
}

void
dfkd_channel_set_picture_interval (DfkdChannel *channel, double seconds)
{
  g_mutex_lock (&channel->lock);
  channel->picture_interval = seconds;
  g_mutex_unlock (&channel->lock);
}

static GArray *
take (DfkdChannel *channel, GArray **array)
{
  GArray *taken;

  g_mutex_lock (&channel->lock);
  taken = *array;
  *array = g_array_new (FALSE, FALSE, g_array_get_element_size (taken));
  channel->news = FALSE;
  g_mutex_unlock (&channel->lock);
  return taken;
}

GArray *
dfkd_channel_take_scalars (DfkdChannel *channel)
{
  return take (channel, &channel->scalars);
}

GArray *
dfkd_channel_take_times (DfkdChannel *channel)
{
  return take (channel, &channel->times);
}

DfkdEvent *
dfkd_channel_take_event (DfkdChannel *channel)
{
  DfkdEvent *event;

  g_mutex_lock (&channel->lock);
  event = g_queue_pop_head (&channel->events);
  channel->news = FALSE;
  g_mutex_unlock (&channel->lock);
  return event;
}

DfkdPictures *
dfkd_channel_take_pictures (DfkdChannel *channel)
{
  DfkdPictures *pictures;

  g_mutex_lock (&channel->lock);
  pictures = g_steal_pointer (&channel->pictures);
  channel->news = FALSE;
  g_mutex_unlock (&channel->lock);
  return pictures;
}

void
dfkd_channel_get_status (DfkdChannel *channel, DfkdStatus *status)
{
  g_mutex_lock (&channel->lock);
  *status = channel->status;
  channel->news = FALSE;
  g_mutex_unlock (&channel->lock);
}

void
dfkd_channel_wait (DfkdChannel *channel, double seconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * 1e6);

  g_mutex_lock (&channel->lock);
  while (!channel->news && g_cond_wait_until (&channel->changed, &channel->lock, end))
    ;
  g_mutex_unlock (&channel->lock);
}
