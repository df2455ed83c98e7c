/* support.c: folders, and the main loop. */
#include "support.h"

#include <glib/gstdio.h>
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

static gboolean
give_up (gpointer data)
{
  g_error ("nothing came in a minute");
  return G_SOURCE_REMOVE;
}

static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

Turning
begin_turning (void)
{
  return (Turning){ g_timeout_add_seconds (60, give_up, NULL), g_timeout_add (20, tick, NULL) };
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
