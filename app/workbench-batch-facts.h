/* workbench-batch-facts.h: what is known of each image of a batch, computed once from its pictures. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

/** WorkbenchFacts: what is known of an image; numbers are NaN where they are not. */
typedef struct {
  gint32 label, teacher, student; /* classes; −1: unknown */
  gboolean agree;                 /* both networks predict the same */
  float loss, confidence, student_confidence, disagreement;
  float shares[DFKD_N_TERMS];     /* in each term of the loss, unweighted: workbench_shares_new() */
} WorkbenchFacts;

typedef struct {
  gsize count;
  WorkbenchFacts facts[];
} WorkbenchBatchFacts;

/** workbench_batch_facts_new: of each image of @pictures. Returns: (transfer full): for g_free() */
WorkbenchBatchFacts *workbench_batch_facts_new (const DfkdPictures *pictures);

G_END_DECLS
