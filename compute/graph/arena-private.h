/* arena-private.h: hands out pieces of one stretch of memory that does not exist yet: where what lives at the same time
 * lies side by side, and how long the stretch has to be. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GArray *holes; /* free pieces, by offset */
  gsize bytes;   /* so far */
  gsize piece;   /* nothing lies across a multiple of it; 0: of nothing */
} DfkdArena;

/** dfkd_arena_init: @piece: (multiple of DFKD_ALIGNMENT): bytes of the pieces that the stretch will be made of; 0: it is one */
void dfkd_arena_init (DfkdArena *arena, gsize piece);
void dfkd_arena_clear (DfkdArena *arena);

/** dfkd_arena_take: a free piece of @bytes, at a multiple of DFKD_ALIGNMENT. FALSE beyond the address space or
 * the size of pieces. */
gboolean dfkd_arena_take (DfkdArena *arena, gsize bytes, gsize *offset);
void dfkd_arena_give (DfkdArena *arena, gsize offset, gsize bytes);

G_END_DECLS
