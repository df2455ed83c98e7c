/* programs.c: small programs on the device of a test. */
#include "programs.h"

#include <math.h>

DfkdDevice *device;

/* a block with one float variable for each list of values */
DfkdBlock *
block_of (const DfkdShape *shapes, const void *const *values, guint count)
{
  DfkdBlock *block = dfkd_block_new ("test");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    dfkd_block_add (block, "variable", shapes[i]);
  g_assert_true (dfkd_device_allocate (device, block, &error));
  for (guint i = 0; i < count; i++)
    if (values[i] != NULL)
      g_assert_true (dfkd_device_write (device, block, dfkd_block_get (block, i)->offset, values[i], dfkd_shape_bytes (&shapes[i]), &error));
  return block;
}

void
run (DfkdProgram *program)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
  g_assert_no_error (error);
}

DfkdProgram *
build (DfkdGraph *g)
{
  g_autoptr (GError) error = NULL;
  DfkdProgram *program = dfkd_program_new (device, g, &error);

  g_assert_no_error (error);
  return program;
}

void
read_back (DfkdBlock *block, guint index, void *data)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_device_read (device, block, variable->offset, data, dfkd_shape_bytes (&variable->shape), &error));
}

void
assert_near (double got, double want, double tolerance)
{
  g_assert_true (isfinite (got));
  g_assert_cmpfloat_with_epsilon (got, want, tolerance * (1.0 + fabs (want)));
}
