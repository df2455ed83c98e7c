/* arena.c: the smallest hole that fits, else a longer stretch. */
#include "arena-private.h"

#include "block.h"

typedef struct {
  gsize offset, bytes;
} Hole;

void
dfkd_arena_init (DfkdArena *arena, gsize piece)
{
  *arena = (DfkdArena){ .holes = g_array_new (FALSE, FALSE, sizeof (Hole)), .piece = piece };
}

void
dfkd_arena_clear (DfkdArena *arena)
{
  g_clear_pointer (&arena->holes, g_array_unref);
}

/* where @bytes may begin at or after @offset */
static gsize
fitting (const DfkdArena *arena, gsize offset, gsize bytes)
{
  const gsize piece = arena->piece;

  if (piece == 0 || bytes == 0 || offset / piece == (offset + bytes - 1) / piece)
    return offset;
  return (offset / piece + 1) * piece;
}

/* takes @bytes at @offset out of hole @index */
static void
cut_hole (DfkdArena *arena, guint index, gsize offset, gsize bytes)
{
  Hole *hole = &g_array_index (arena->holes, Hole, index);
  Hole behind = { offset + bytes, hole->offset + hole->bytes - offset - bytes };

  hole->bytes = offset - hole->offset;
  if (behind.bytes > 0)
    g_array_insert_val (arena->holes, index + 1, behind);
  if (g_array_index (arena->holes, Hole, index).bytes == 0)
    g_array_remove_index (arena->holes, index);
}

gboolean
dfkd_arena_take (DfkdArena *arena, gsize bytes, gsize *offset)
{
  guint best = G_MAXUINT, last = arena->holes->len - 1;
  gsize wanted = dfkd_aligned (bytes), start = arena->bytes;
  Hole rest;

  if (wanted < bytes || (arena->piece != 0 && wanted > arena->piece))
    return FALSE;
  for (guint i = 0; i < arena->holes->len; i++)
    {
      const Hole *hole = &g_array_index (arena->holes, Hole, i);

      if (hole->bytes >= wanted && fitting (arena, hole->offset, wanted) - hole->offset <= hole->bytes - wanted
          && (best == G_MAXUINT || hole->bytes < g_array_index (arena->holes, Hole, best).bytes))
        best = i;
    }
  if (best != G_MAXUINT)
    {
      *offset = fitting (arena, g_array_index (arena->holes, Hole, best).offset, wanted);
      cut_hole (arena, best, *offset, wanted);
      return TRUE;
    }
  /* a longer stretch, from its last hole if that touches the end */
  if (arena->holes->len > 0 && g_array_index (arena->holes, Hole, last).offset + g_array_index (arena->holes, Hole, last).bytes == arena->bytes)
    {
      start = g_array_index (arena->holes, Hole, last).offset;
      g_array_set_size (arena->holes, last);
    }
  if (start > G_MAXSIZE - wanted || start > G_MAXSIZE - arena->piece)
    return FALSE;
  *offset = fitting (arena, start, wanted);
  rest = (Hole){ start, *offset - start };
  if (rest.bytes > 0)
    g_array_append_val (arena->holes, rest);
  return !__builtin_add_overflow (*offset, wanted, &arena->bytes);
}

void
dfkd_arena_give (DfkdArena *arena, gsize offset, gsize bytes)
{
  Hole hole = { offset, dfkd_aligned (bytes) };
  guint i = 0;

  while (i < arena->holes->len && g_array_index (arena->holes, Hole, i).offset < offset)
    i++;
  g_array_insert_val (arena->holes, i, hole);
  for (guint j = i == 0 ? 0 : i - 1; j + 1 < arena->holes->len && j <= i;)
    {
      Hole *left = &g_array_index (arena->holes, Hole, j), *right = &g_array_index (arena->holes, Hole, j + 1);

      if (left->offset + left->bytes == right->offset)
        {
          left->bytes += right->bytes;
          g_array_remove_index (arena->holes, j + 1);
        }
      else
        j++;
    }
}
