/* trainer-networks.c: what a run keeps of its networks: the student, whether it is still one, and which teacher it learns from. */
#include "trainer-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* of trainer->blocks */
enum {
  STUDENT_PARAMETERS = 2,
  STUDENT_STATE = 3,
};

static gboolean
is_finite (DfkdTrainer *trainer, DfkdBlock *block, gboolean *finite, GError **error)
{
  g_autofree float *values = g_malloc (block->bytes);

  if (block->bytes == 0) /* the state of a student without batch norm, which no device keeps */
    return TRUE;
  if (!dfkd_device_read (trainer->device, block, 0, values, block->bytes, error))
    return FALSE;
  for (gsize i = 0; i < block->bytes / sizeof *values && *finite; i++)
    *finite = isfinite (values[i]);
  return TRUE;
}

gboolean
dfkd_trainer_check_student (DfkdTrainer *trainer, GError **error)
{
  gboolean finite = TRUE;

  if (!is_finite (trainer, trainer->blocks[STUDENT_PARAMETERS], &finite, error) || !is_finite (trainer, trainer->blocks[STUDENT_STATE], &finite, error))
    return FALSE;
  if (finite)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
               _("the student's weights are not finite numbers any more, by student step %.0f: it is lost; restart with a lower lr, or resume "
                 "from the last snapshot with a lower lr"),
               (double) trainer->counters.student_steps);
  return FALSE;
}

gboolean
dfkd_trainer_check_generator (DfkdTrainer *trainer, GError **error)
{
  const GPtrArray *lasting = trainer->synthesis->lasting;
  gboolean finite = TRUE;

  for (guint i = 0; i < lasting->len; i++)
    if (!is_finite (trainer, g_ptr_array_index (lasting, i), &finite, error))
      return FALSE;
  if (finite)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
               _("what synthesis has learned is not finite numbers any more, by inner step %.0f, and no more images come from it; resume from the last "
                 "snapshot with a lower lr_g, lr_z or weight of a term, or restart with it"),
               (double) trainer->counters.inner_steps);
  return FALSE;
}

DfkdModel *
dfkd_trainer_get_student (DfkdTrainer *trainer, GError **error)
{
  const DfkdModel *teacher = trainer->teacher_model;
  g_autoptr (DfkdModel) model = dfkd_model_new (trainer->student, teacher->mean, teacher->std);

  if (!dfkd_model_download (model, trainer->device, trainer->blocks[STUDENT_PARAMETERS], trainer->blocks[STUDENT_STATE], error))
    return NULL;
  model->class_names = g_strdupv (teacher->class_names);
  model->accuracy = isnan (trainer->counters.accuracy) ? -1.0 : trainer->counters.accuracy;
  return g_steal_pointer (&model);
}

static void
add (GChecksum *sum, gconstpointer data, gsize bytes)
{
  while (bytes > 0) /* a checksum takes no more than fits a signed number */
    {
      gsize some = MIN (bytes, (gsize) 1 << 30);

      g_checksum_update (sum, data, (gssize) some);
      data = (const guint8 *) data + some;
      bytes -= some;
    }
}

const char *
dfkd_trainer_teacher_sum (DfkdTrainer *trainer)
{
  const DfkdModel *teacher = trainer->teacher_model;
  const DfkdNetwork *network = teacher->network;
  gsize channels = network->options.channels;
  g_autoptr (GChecksum) sum = NULL;

  if (trainer->teacher_sum != NULL) /* of a large teacher it takes a while, and that stays as it is */
    return trainer->teacher_sum;
  sum = g_checksum_new (G_CHECKSUM_SHA256);
  add (sum, teacher->parameters, network->parameters->bytes);
  add (sum, teacher->state, network->state->bytes);
  add (sum, teacher->mean, channels * sizeof *teacher->mean);
  add (sum, teacher->std, channels * sizeof *teacher->std);
  return trainer->teacher_sum = g_strdup (g_checksum_get_string (sum));
}
