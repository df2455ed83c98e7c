/* ops.c: the names and arities of the op table. */
#include "ops.h"

static const DfkdOpRecord records[] = {
#define DFKD_OP_RECORD(ENUM, name, fewest, most, writes) [DFKD_OP_##ENUM] = { name, fewest, most, writes },
  DFKD_OPS (DFKD_OP_RECORD)
#undef DFKD_OP_RECORD
};

G_STATIC_ASSERT (G_N_ELEMENTS (records) == DFKD_N_OPS);

const DfkdOpRecord *
dfkd_op (DfkdOp op)
{
  g_return_val_if_fail (op < DFKD_N_OPS, NULL);
  return &records[op];
}
