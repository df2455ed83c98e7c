/* support.c: folders, data sets, and the main loop. */
#include "support.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

void
remove_folder (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_folder (child);
    }
  g_remove (path);
}

void
write_noise_data (const char *folder, guint count)
{
  enum { SIDE = 28, CLASSES = 10 };
  static const char *const parts[] = { "train", "t10k" };

  g_assert_cmpuint (count, <=, 255);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
    {
      const guint8 image_head[] = { 0, 0, 8, 3, 0, 0, 0, (guint8) count, 0, 0, 0, SIDE, 0, 0, 0, SIDE },
                   label_head[] = { 0, 0, 8, 1, 0, 0, 0, (guint8) count };
      g_autofree char *images = g_strdup_printf ("%s/%s-images-idx3-ubyte", folder, parts[p]);
      g_autofree char *labels = g_strdup_printf ("%s/%s-labels-idx1-ubyte", folder, parts[p]);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, image_head, sizeof image_head);
      for (guint i = 0; i < count * SIDE * SIDE; i++)
        g_byte_array_append (bytes, &(guint8){ (guint8) g_random_int () }, 1);
      g_assert_true (g_file_set_contents (images, (char *) bytes->data, bytes->len, NULL));
      g_byte_array_set_size (bytes, 0);
      g_byte_array_append (bytes, label_head, sizeof label_head);
      for (guint i = 0; i < count; i++)
        g_byte_array_append (bytes, &(guint8){ (guint8) (i % CLASSES) }, 1);
      g_assert_true (g_file_set_contents (labels, (char *) bytes->data, bytes->len, NULL));
    }
}

static gboolean
give_up (gpointer awaited)
{
  g_error ("a minute has gone by without %s", (const char *) awaited);
  return G_SOURCE_REMOVE;
}

static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
assert_error_says (GError **error, GQuark domain, int code, const char *const *texts)
{
  g_assert_error (*error, domain, code);
  for (guint i = 0; texts[i] != NULL; i++)
    if (strstr ((*error)->message, texts[i]) == NULL)
      g_error ("“%s” does not say “%s”", (*error)->message, texts[i]);
  g_clear_error (error);
}

Turning
begin_turning (const char *awaited)
{
  return (Turning){ g_timeout_add_seconds (60, give_up, (gpointer) awaited), g_timeout_add (20, tick, NULL) };
}

void
end_turning (Turning turning)
{
  g_source_remove (turning.timeout);
  g_source_remove (turning.tick);
}

static gboolean
set (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
turn_for (guint milliseconds)
{
  gboolean done = FALSE;

  g_timeout_add (milliseconds, set, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

double
thread_seconds (void)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time), ==, 0);
  return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

GBytes *
read_bytes (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}
