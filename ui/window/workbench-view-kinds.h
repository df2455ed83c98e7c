/* workbench-view-kinds.h: which views there are. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

/** WorkbenchViewKind: one for each view there is, in the order in which people choose them. */
typedef struct {
  const char *name;  /* in settings and actions: "curves" */
  const char *title; /* untranslated: pass through _() */
  const char *hint;  /* likewise: what one sees in it */
  GType (*get_type) (void);
} WorkbenchViewKind;

extern const WorkbenchViewKind workbench_view_kinds[];
extern const guint workbench_n_view_kinds;

G_END_DECLS
