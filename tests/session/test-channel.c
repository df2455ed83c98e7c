/* test-channel.c: what one thread posts another one takes: all scalars in their order, the newest pictures. */
#include "channel.h"

enum {
  POSTS = 20000,
};

static gpointer
post_many (gpointer channel)
{
  for (guint i = 0; i < POSTS; i++)
    dfkd_channel_post_scalar (channel, &(DfkdScalar){ .series = DFKD_SERIES_LOSS, .step = i, .value = (double) i });
  return NULL;
}

static void
count_wakes (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

static void
test_channel (void)
{
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  GThread *writer;
  gint wakes = 0;
  guint64 next = 0, takes = 0;

  dfkd_channel_set_wake (channel, count_wakes, &wakes);
  writer = g_thread_new ("writer", post_many, channel);
  while (next < POSTS)
    {
      g_autoptr (GArray) scalars = NULL;

      dfkd_channel_wait (channel, 0.5);
      scalars = dfkd_channel_take_scalars (channel);
      takes++;
      for (guint i = 0; i < scalars->len; i++)
        g_assert_cmpuint (g_array_index (scalars, DfkdScalar, i).step, ==, next++); /* none lost, all in order */
    }
  g_thread_join (writer);
  g_assert_cmpint (g_atomic_int_get (&wakes), <=, (gint) takes + 1); /* one wake-up however much came */

  g_assert_false (dfkd_channel_wants_pictures (channel, 0.0));
  dfkd_channel_set_picture_interval (channel, 0.0);
  g_assert_true (dfkd_channel_wants_pictures (channel, 0.0));
  dfkd_channel_post_pictures (channel, dfkd_pictures_new (1, 1, 2, 2));
  dfkd_channel_post_pictures (channel, dfkd_pictures_new (2, 1, 2, 2));
  {
    g_autoptr (DfkdPictures) newest = dfkd_channel_take_pictures (channel);

    g_assert_cmpuint (newest->count, ==, 2);
    g_assert_null (dfkd_channel_take_pictures (channel));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/order", test_channel);
  return g_test_run ();
}
