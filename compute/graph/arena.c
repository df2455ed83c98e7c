/* arena.c: the smallest hole that fits, else a longer stretch. */
#include "arena-private.h"

#include "block.h"

typedef struct {
  gsize offset, bytes;
} Hole;

static gsize
aligned (gsize bytes)
{
  return (bytes + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
}

void
dfkd_arena_init (DfkdArena *arena)
{
  *arena = (DfkdArena){ .holes = g_array_new (FALSE, FALSE, sizeof (Hole)) };
}

void
dfkd_arena_clear (DfkdArena *arena)
{
  g_clear_pointer (&arena->holes, g_array_unref);
}

gboolean
dfkd_arena_take (DfkdArena *arena, gsize bytes, gsize *offset)
{
  guint best = G_MAXUINT;
  gsize wanted = aligned (bytes);

  for (guint i = 0; i < arena->holes->len; i++)
    {
      const Hole *hole = &g_array_index (arena->holes, Hole, i);

      if (hole->bytes >= wanted && (best == G_MAXUINT || hole->bytes < g_array_index (arena->holes, Hole, best).bytes))
        best = i;
    }
  if (best != G_MAXUINT)
    {
      Hole *hole = &g_array_index (arena->holes, Hole, best);

      *offset = hole->offset;
      hole->offset += wanted;
      hole->bytes -= wanted;
      if (hole->bytes == 0)
        g_array_remove_index (arena->holes, best);
      return TRUE;
    }
  /* a longer stretch, from its last hole if that touches the end */
  *offset = arena->bytes;
  if (arena->holes->len > 0)
    {
      const Hole *last = &g_array_index (arena->holes, Hole, arena->holes->len - 1);

      if (last->offset + last->bytes == arena->bytes)
        {
          *offset = last->offset;
          g_array_set_size (arena->holes, arena->holes->len - 1);
        }
    }
  return !__builtin_add_overflow (*offset, wanted, &arena->bytes);
}

void
dfkd_arena_give (DfkdArena *arena, gsize offset, gsize bytes)
{
  Hole hole = { offset, aligned (bytes) };
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
