/* run-tensorboard.c: reads the log and the history of a run into an event file. */
#include "run-tensorboard.h"

#include "history.h"
#include "pictures-file.h"
#include "pictures-sheet.h"
#include "run-log.h"
#include "tensorboard-writer.h"

#include <glib/gstdio.h>

enum {
  COLUMNS = 16, /* of the sheet of a batch */
  ROWS = 8,
};

static const char *const tags[] = {
  [DFKD_SERIES_LOSS] = "synthesis/loss",
  [DFKD_SERIES_LOSS_BN] = "synthesis/loss_bn",
  [DFKD_SERIES_LOSS_OH] = "synthesis/loss_oh",
  [DFKD_SERIES_LOSS_ADV] = "synthesis/loss_adv",
  [DFKD_SERIES_LOSS_ACT] = "synthesis/loss_act",
  [DFKD_SERIES_LOSS_BALANCE] = "synthesis/loss_balance",
  [DFKD_SERIES_LOSS_CR] = "synthesis/loss_cr",
  [DFKD_SERIES_LOSS_TV] = "synthesis/loss_tv",
  [DFKD_SERIES_LOSS_L2] = "synthesis/loss_l2",
  [DFKD_SERIES_LOSS_STUDENT] = "student/loss",
  [DFKD_SERIES_LR_STUDENT] = "student/rate",
  [DFKD_SERIES_ACCURACY] = "test/accuracy",
  [DFKD_SERIES_AGREEMENT] = "synthesis/agreement",
  [DFKD_SERIES_AGREEMENT_TEST] = "test/agreement",
};

G_STATIC_ASSERT (G_N_ELEMENTS (tags) == DFKD_N_SERIES);

typedef struct {
  DfkdTensorboardWriter *writer;
  const char *run_folder;
  double begin; /* seconds since 1970, when the clocks of the log began: those of a branch go on from the run that it is from */
  gboolean begun;
  guint lost; /* batches */
} Export;

static double
when (Export *export, const DfkdClocks *clocks)
{
  if (!export->begun)
    export->begin -= clocks->total;
  export->begun = TRUE;
  return export->begin + clocks->total;
}

static void
on_scalar (const DfkdScalar *scalar, gpointer data)
{
  Export *export = data;

  dfkd_tensorboard_writer_add_number (export->writer, tags[scalar->series], (gint64) scalar->step, when (export, &scalar->clocks), scalar->value);
}

static void
add_images (Export *export, const char *path, guint synthesis, double time)
{
  g_autoptr (DfkdPictures) pictures = dfkd_pictures_load (path, NULL, NULL);
  g_autoptr (GBytes) png = NULL;
  gsize width, height;

  export->lost += pictures == NULL && g_file_test (path, G_FILE_TEST_EXISTS); /* a run that goes on may have thinned it away meanwhile */
  if (pictures == NULL || pictures->count == 0 || (pictures->channels != 1 && pictures->channels != 3))
    return;
  png = dfkd_pictures_sheet (pictures, COLUMNS, ROWS, &width, &height);
  dfkd_tensorboard_writer_add_image (export->writer, "synthesis/images", synthesis, time, height, width, pictures->channels, png);
}

/* what a synthesis ended with, if the history has kept it */
static void
on_event (const DfkdEvent *event, gpointer data)
{
  Export *export = data;
  g_autofree char *path = NULL;

  const double time = when (export, &event->clocks);

  if (event->kind != DFKD_EVENT_SYNTHESIS)
    return;
  path = dfkd_history_path (export->run_folder, DFKD_HISTORY_PICTURES, event->synthesis);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    add_images (export, path, event->synthesis, time);
}

/* when the recipe was written, which is when the run began */
static double
find_begin (const char *run_folder)
{
  g_autofree char *recipe = g_build_filename (run_folder, "recipe.json", NULL);
  GStatBuf status;

  return g_stat (recipe, &status) == 0 ? (double) status.st_mtime : 0.0;
}

char *
dfkd_run_write_tensorboard (const char *run_folder, const char *folder, gboolean another, guint *lost, GError **error)
{
  static const DfkdTap tap = { on_scalar, on_event, NULL };
  g_autofree char *log = g_build_filename (run_folder, "events.jsonl", NULL);
  g_autoptr (DfkdTensorboardWriter) writer = dfkd_tensorboard_writer_new (folder, find_begin (run_folder), another);
  Export export = { .writer = writer, .run_folder = run_folder, .begin = dfkd_tensorboard_writer_get_begin (writer) };

  *lost = 0;
  if (!dfkd_run_log_read (log, G_MAXUINT64, &tap, &export, NULL, NULL, error))
    return NULL;
  *lost = export.lost;
  return dfkd_tensorboard_writer_finish (writer, error);
}
