/* feature-runs.c: records pictures that no run made. */
#include "feature-runs.h"

#include "history.h"
#include "recorder.h"
#include "small-runs.h"

#include <glib/gstdio.h>

enum {
  FEATURES = 12,
};

void
fill_noise (float *row, gsize count)
{
  for (gsize i = 0; i < count; i++)
    row[i] = (float) g_test_rand_double_range (-1, 1);
}

char *
make_feature_run (const char *name, guint batches, gsize batch, gsize classes, FillRow fill)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdRecorder) recorder = NULL;
  g_autoptr (GError) error = NULL;
  char *path = new_folder (name);

  recorder = dfkd_recorder_new (path, recipe, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < batches; i++)
    {
      g_autoptr (DfkdPictures) p = dfkd_pictures_new (batch, 1, 4, 4);
      float *features = dfkd_pictures_add_rows (p, DFKD_ROWS_TEACHER_FEATURES, FEATURES);

      p->synthesis = i + 1;
      if (classes > 0)
        dfkd_pictures_add_rows (p, DFKD_ROWS_TEACHER, classes);
      for (gsize j = 0; j < batch; j++)
        {
          fill (features + j * FEATURES, FEATURES);
          p->labels[j] = classes > 0 ? (gint32) (j % classes) : 0;
        }
      g_assert_true (dfkd_recorder_add_pictures (recorder, p, G_MAXUINT64, &error));
    }
  return path;
}

void
set_kept (const char *run, guint synthesis, gboolean kept)
{
  g_autofree char *path = dfkd_history_path (run, DFKD_HISTORY_PICTURES, synthesis), *aside = g_strconcat (path, ".aside", NULL);

  g_assert_cmpint (g_rename (kept ? aside : path, kept ? path : aside), ==, 0);
}
