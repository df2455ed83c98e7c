/* small-runs.h: runs of a few seconds in a folder that goes with the test. Every function asserts. */
#pragma once

#include "session.h"
#include "trainer.h"

G_BEGIN_DECLS

void begin_small_runs (void);
void end_small_runs (void);
/* g_test_run(), and then the end */
int run_tests_with_small_runs (void);

/* a path for a run folder; not made */
char *new_folder (const char *name);
/* three syntheses of eight images, one of them warm-up, three inner and three student steps each, no test data */
DfkdRecipe *tiny_recipe (void);
/* the same size with a method's settings; at most three inner steps, and a small memory bank */
DfkdRecipe *tiny_recipe_of (const char *method);
/* on the CPU, with the built-in teacher and no test data. @error: of dfkd_trainer_new() alone. Returns: (nullable) */
DfkdTrainer *new_trainer (const DfkdRecipe *recipe, DfkdChannel *channel, GError **error);
DfkdSession *start (const DfkdRecipe *recipe, const char *folder, gboolean resume, gboolean paused);
/* waits for a state; fails after five minutes */
void wait_for (DfkdSession *session, DfkdState state);
/* waits until the session pauses by itself; fails after five minutes. Returns: what it says */
char *wait_for_complaint (DfkdSession *session);
/* no file may grow beyond @bytes, as on a full disk; 0: as before */
void limit_files (gsize bytes);
/* waits for the end and frees. Returns: the SHA-256 of the student */
char *finish (DfkdSession *session, const char *folder);
char *run_through (const char *name, double seed);
/* the program of a test that looks at a run: one that is finished lies in @folder while the tests that @add adds run. Returns: for main() */
int test_on_run (int argc, char **argv, const char *name, char **folder, void (*add) (void));
/* a paused session does @count steps of @kind */
void do_steps (DfkdSession *session, DfkdStepKind kind, guint count);
/* until a session that was at @total seconds by the run's clocks, of which every step takes some, stands still again */
void wait_for_more_than (DfkdSession *session, double total);
/* a paused session does one step of @kind, and stands still again */
void do_step (DfkdSession *session, DfkdStepKind kind);
/* a new run, which stands behind @syntheses of them with their student steps */
DfkdSession *start_after (const DfkdRecipe *recipe, const char *folder, guint syntheses);
/* stops and frees it */
void stop (DfkdSession *session);

G_END_DECLS
