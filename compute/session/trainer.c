/* trainer.c: what a trainer is made of, for those who steer, save and resume it. */
#include "trainer-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

void
dfkd_trainer_set_patience (DfkdTrainer *trainer, double seconds)
{
  trainer->patience = seconds;
}

gboolean
dfkd_trainer_set (DfkdTrainer *trainer, DfkdParameterId id, double value, GError **error)
{
  const DfkdParameter *parameter = dfkd_parameter (id);
  DfkdEvent *event;

  if (!dfkd_parameter_check (id, value, error))
    return FALSE;
  if (id == DFKD_PARAMETER_SYNTHESES)
    value = MAX (value, trainer->counters.synthesis + (trainer->counters.phase <= DFKD_PHASE_OUTER ? 1.0 : 0.0));
  if (value == dfkd_trainer_number (trainer, id))
    return TRUE;
  if (dfkd_recipe_is_built (trainer->recipe, id)
      || (id == DFKD_PARAMETER_SYNTHESES && trainer->method->learns_from == DFKD_IMAGES_POOL
          && !dfkd_pool_has_room (trainer->pool, (guint64) (value * dfkd_trainer_number (trainer, DFKD_PARAMETER_BATCH)))))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("%s can only be changed to %g by a restart: memory and programs depend on it"), parameter->name, value);
      return FALSE;
    }
  event = g_new0 (DfkdEvent, 1);
  *event = (DfkdEvent){ .kind = DFKD_EVENT_PARAMETER,
                        .inner_step = trainer->counters.inner_steps,
                        .student_step = trainer->counters.student_steps,
                        .synthesis = trainer->counters.synthesis,
                        .clocks = trainer->counters.clocks,
                        .parameter = id,
                        .old_value = dfkd_trainer_number (trainer, id),
                        .new_value = value };
  trainer->recipe->number[id] = value;
  dfkd_channel_post_event (trainer->channel, event);
  return TRUE;
}

const DfkdRecipe *
dfkd_trainer_get_recipe (DfkdTrainer *trainer)
{
  return trainer->recipe;
}

DfkdDevice *
dfkd_trainer_get_device (DfkdTrainer *trainer)
{
  return trainer->device;
}

guint
dfkd_trainer_block_count (DfkdTrainer *trainer)
{
  return trainer->changing->len;
}

DfkdBlock *
dfkd_trainer_block (DfkdTrainer *trainer, guint index)
{
  return g_ptr_array_index (trainer->changing, index);
}

const DfkdNorms *
dfkd_trainer_get_norms (DfkdTrainer *trainer)
{
  return trainer->norms;
}

DfkdPool *
dfkd_trainer_get_pool (DfkdTrainer *trainer)
{
  return trainer->pool;
}

const DfkdTrainerCounters *
dfkd_trainer_get_counters (DfkdTrainer *trainer)
{
  return &trainer->counters;
}

gboolean
dfkd_trainer_has_counters (DfkdTrainer *trainer, const DfkdTrainerCounters *counters)
{
  const guint batch = dfkd_trainer_integer (trainer, DFKD_PARAMETER_BATCH);
  const guint64 images = trainer->method->learns_from == DFKD_IMAGES_POOL ? (guint64) counters->synthesis * batch : 0;

  return counters->phase <= DFKD_PHASE_FINISHED && counters->images == images
         && dfkd_pool_has_room (trainer->pool, images + (counters->phase <= DFKD_PHASE_OUTER ? batch : 0));
}

void
dfkd_trainer_set_counters (DfkdTrainer *trainer, const DfkdTrainerCounters *counters)
{
  trainer->counters = *counters;
}

DfkdProgram *
dfkd_trainer_program (DfkdTrainer *trainer, const char *name)
{
  const struct {
    const char *name;
    DfkdProgram *program;
  } programs[] = { { "begin", trainer->synthesis->begin },
                   { "inner", trainer->synthesis->inner },
                   { "last", trainer->synthesis->last },
                   { "back", trainer->synthesis->back },
                   { "outer", trainer->synthesis->outer },
                   { "student", trainer->distillation->step },
                   { "evaluate", trainer->evaluation != NULL ? dfkd_evaluation_program (trainer->evaluation) : NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (g_str_equal (programs[i].name, name))
      return programs[i].program;
  return NULL;
}
