/* trainer-runs.h: a trainer that is advanced step by step, and what stands in its blocks. Every function asserts. */
#pragma once

#include "channel.h"
#include "trainer.h"

G_BEGIN_DECLS

typedef struct {
  DfkdChannel *channel;
  DfkdTrainer *trainer;
  const DfkdTrainerCounters *counters;
} Run;

Run begin_run (const DfkdRecipe *recipe);
void end_run (Run *run);
/* by one step */
void advance (const Run *run);
/* until so many syntheses are done, with the student's steps after them */
void finish_syntheses (const Run *run, guint n);

/* one that changes and is not the student's. Returns: (transfer none) */
DfkdBlock *find_block (const Run *run, const char *name);
/* Returns: (transfer full): all numbers of a block, in the order of storage */
float *read_block (const Run *run, DfkdBlock *block);
float *read_named (const Run *run, const char *name);
/* Returns: (transfer full): those of one variable; @count: (out) */
float *read_variable (const Run *run, const char *block_name, const char *name, gsize *count);
gboolean is_all (const float *numbers, gsize count, float value);
/* the block @name holds nothing but zeros */
void assert_zero (const Run *run, const char *name);
double largest_difference (const float *a, const float *b, gsize count);

G_END_DECLS
