/* trainer-runs.c: a trainer step by step, and the numbers in its blocks. */
#include "trainer-runs.h"

#include "small-runs.h"

#include <math.h>

Run
begin_run (const DfkdRecipe *recipe)
{
  g_autoptr (GError) error = NULL;
  Run run = { .channel = dfkd_channel_new () };

  run.trainer = new_trainer (recipe, run.channel, &error);
  g_assert_no_error (error);
  run.counters = dfkd_trainer_get_counters (run.trainer);
  return run;
}

void
end_run (Run *run)
{
  dfkd_trainer_free (run->trainer);
  dfkd_channel_unref (run->channel);
}

void
advance (const Run *run)
{
  g_autoptr (GError) error = NULL;

  dfkd_trainer_advance (run->trainer, 1, &error);
  g_assert_no_error (error);
}

void
finish_syntheses (const Run *run, guint n)
{
  while (run->counters->synthesis < n || !(dfkd_trainer_is_between (run->trainer) || dfkd_trainer_is_finished (run->trainer)))
    advance (run);
}

DfkdBlock *
find_block (const Run *run, const char *name)
{
  for (guint i = 0; i < dfkd_trainer_block_count (run->trainer); i++)
    {
      DfkdBlock *block = dfkd_trainer_block (run->trainer, i);

      if (i >= 2 && g_str_equal (block->name, name)) /* the student's come first */
        return block;
    }
  g_assert_not_reached ();
}

float *
read_block (const Run *run, DfkdBlock *block)
{
  float *numbers = g_malloc (block->bytes);
  g_autoptr (GError) error = NULL;

  dfkd_device_read (dfkd_trainer_get_device (run->trainer), block, 0, numbers, block->bytes, &error);
  g_assert_no_error (error);
  return numbers;
}

float *
read_named (const Run *run, const char *name)
{
  return read_block (run, find_block (run, name));
}

float *
read_variable (const Run *run, const char *block_name, const char *name, gsize *count)
{
  DfkdBlock *block = find_block (run, block_name);
  g_autofree float *all = read_block (run, block);

  for (guint i = 0; i < dfkd_block_count (block); i++)
    {
      const DfkdVariable *variable = dfkd_block_get (block, i);

      if (!g_str_equal (variable->name, name))
        continue;
      *count = dfkd_shape_count (&variable->shape);
      return g_memdup2 (all + variable->offset / sizeof (float), *count * sizeof (float));
    }
  g_assert_not_reached ();
}

gboolean
is_all (const float *numbers, gsize count, float value)
{
  for (gsize i = 0; i < count; i++)
    if (numbers[i] != value)
      return FALSE;
  return TRUE;
}

void
assert_zero (const Run *run, const char *name)
{
  g_autofree float *numbers = read_named (run, name);

  g_assert_true (is_all (numbers, find_block (run, name)->bytes / sizeof (float), 0.0f));
}

double
largest_difference (const float *a, const float *b, gsize count)
{
  double largest = 0.0;

  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, fabs ((double) a[i] - (double) b[i]));
  return largest;
}
