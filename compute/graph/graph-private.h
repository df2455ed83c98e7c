/* graph-private.h: what a graph is made of, for building and differentiating. */
#pragma once

#include "graph.h"

G_BEGIN_DECLS

struct _DfkdGraph
{
  char *name;
  GArray *nodes;      /* of DfkdNode; index 0 is DFKD_NONE */
  GPtrArray *dials;   /* of names */
  GHashTable *substitutes; /* of dials: name to DfkdValue */
  GPtrArray *regions; /* of names; 0 is "" */
  GPtrArray *reads;   /* of names */
  guint region;
  GError *error;
};

G_END_DECLS
