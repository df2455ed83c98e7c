/* feature-runs.h: run folders of drawn features, as if a run had left them. Every function asserts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*FillRow) (float *row, gsize count);

/* FillRow: independent numbers */
void fill_noise (float *row, gsize count);
/* (transfer full): a folder of as many images, of which only the teacher's features and the labels matter: class after class, and the
 * teacher's answers, all zeros; with 0 @classes neither. Needs begin_small_runs() */
char *make_feature_run (const char *name, guint batches, gsize batch, gsize classes, FillRow fill);
/* the pictures of a synthesis go, as in runs that keep only so many; or come back */
void set_kept (const char *run, guint synthesis, gboolean kept);

G_END_DECLS
