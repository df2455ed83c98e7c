/* trainer-profile.c: the steps of a run beside the limits of their device, without a trace in the run. */
#include "trainer-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

enum {
  REPEATS = 3,
};

/* the bytes of every block that a step may change */
static GPtrArray *
keep_state (DfkdTrainer *trainer, GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < trainer->changing->len; i++)
    {
      DfkdBlock *block = g_ptr_array_index (trainer->changing, i);
      guint8 *bytes = g_try_malloc (block->bytes);

      if (bytes == NULL)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("there is not enough memory to keep the run's state while it is profiled"));
          return NULL;
        }
      g_ptr_array_add (kept, bytes);
      if (!dfkd_device_read (trainer->device, block, 0, bytes, block->bytes, error))
        return NULL;
    }
  return g_steal_pointer (&kept);
}

static gboolean
restore_state (DfkdTrainer *trainer, const GPtrArray *kept, GError **error)
{
  for (guint i = 0; i < trainer->changing->len; i++)
    {
      DfkdBlock *block = g_ptr_array_index (trainer->changing, i);

      if (!dfkd_device_write (trainer->device, block, 0, g_ptr_array_index (kept, i), block->bytes, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
profile (DfkdTrainer *trainer, DfkdProgram *program, GPtrArray *rooflines, GError **error)
{
  DfkdRoofline *roofline = dfkd_program_roofline (program, &trainer->rates, REPEATS, error);

  if (roofline == NULL)
    return FALSE;
  g_ptr_array_add (rooflines, roofline);
  return TRUE;
}

GPtrArray *
dfkd_trainer_profile (DfkdTrainer *trainer, GError **error)
{
  static const char *const kinds[] = { "inner", "last", "back", "outer", "student", "evaluate" };
  g_autoptr (GPtrArray) rooflines = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_roofline_free), kept = NULL;
  DfkdPrecision precision = (DfkdPrecision) dfkd_trainer_integer (trainer, DFKD_PARAMETER_PRECISION);
  gboolean good = TRUE;

  if (trainer->rates.flop <= 0.0 && !dfkd_device_measure (trainer->device, precision, &trainer->rates, error))
    return NULL;
  if ((kept = keep_state (trainer, error)) == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (kinds) && good; i++)
    {
      DfkdProgram *program = dfkd_trainer_program (trainer, kinds[i]);

      if (program != NULL && (!g_str_equal (kinds[i], "student") || dfkd_trainer_has_images (trainer)))
        good = profile (trainer, program, rooflines, error);
    }
  if (!restore_state (trainer, kept, good ? error : NULL) || !good)
    return NULL;
  return g_steal_pointer (&rooflines);
}
