/* arena-private.h: hands out pieces of one stretch of memory that does not exist yet: where what lives at the same time
 * lies side by side, and how long the stretch has to be. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GArray *holes; /* free pieces, by offset */
  gsize bytes;   /* so far */
} DfkdArena;

void dfkd_arena_init (DfkdArena *arena);
void dfkd_arena_clear (DfkdArena *arena);

/** dfkd_arena_take: a free piece of @bytes, at a multiple of DFKD_ALIGNMENT. FALSE beyond the address space. */
gboolean dfkd_arena_take (DfkdArena *arena, gsize bytes, gsize *offset);
void dfkd_arena_give (DfkdArena *arena, gsize offset, gsize bytes);

G_END_DECLS
