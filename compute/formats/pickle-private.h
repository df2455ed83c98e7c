/* pickle-private.h: what the opcodes of a pickle and the classes it may name share: the reader's state, making values. */
#pragma once

#include "pickle.h"

G_BEGIN_DECLS

struct _DfkdPickle
{
  GBytes *bytes;
  GPtrArray *values; /* owns them all, so that it does not matter who holds whom */
  GPtrArray *texts;  /* what is not in @bytes as it is needed */
  GPtrArray *storages; /* of DfkdPickleStorage: those of the values */
  DfkdPickleValue *root;
};

typedef struct {
  DfkdPickle *pickle;
  const guint8 *start, *at, *end;
  GPtrArray *stack;           /* of DfkdPickleValue */
  GArray *marks;              /* of guint: heights of the stack */
  GHashTable *memo;           /* number + 1 → DfkdPickleValue */
  DfkdPickleValue *small[256]; /* integers that come again and again */
  DfkdPickleValue *none, *truths[2], *empty;
  gsize steps, allowance; /* taken; left, in bytes */
  char *problem; /* the first one; damage, */
  gboolean forbidden; /* unless it is this */
} DfkdPickleReader;

/** dfkd_pickle_damage: remembers what is wrong. Returns: FALSE */
gboolean dfkd_pickle_damage (DfkdPickleReader *reader, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** dfkd_pickle_forbid: remembers the class or function that is not read. Returns: FALSE */
gboolean dfkd_pickle_forbid (DfkdPickleReader *reader, const char *name);

/** dfkd_pickle_make: (nullable) (transfer none): an empty value; NULL after damage, when there are too many */
DfkdPickleValue *dfkd_pickle_make (DfkdPickleReader *reader, DfkdPickleKind kind);
/** dfkd_pickle_make_text: TEXT, checked, of a copy; or BYTES, which stay where they are. (nullable) */
DfkdPickleValue *dfkd_pickle_make_text (DfkdPickleReader *reader, DfkdPickleKind kind, const guint8 *data, gsize length);
/** dfkd_pickle_allocate: (nullable) (transfer none): memory of the pickle; NULL after damage, when it would be out of all
 * proportion */
guint8 *dfkd_pickle_allocate (DfkdPickleReader *reader, gsize size);
/** dfkd_pickle_append: FALSE after damage, when there were too many steps */
gboolean dfkd_pickle_append (DfkdPickleReader *reader, DfkdPickleValue *container, DfkdPickleValue *item);
gboolean dfkd_pickle_count_step (DfkdPickleReader *reader);

/* pickle-opcodes.c: runs until the pickle's end or a problem */
gboolean dfkd_pickle_run (DfkdPickleReader *reader);

/** dfkd_pickle_take: (nullable): the next @count bytes; NULL after damage, when there are fewer */
const guint8 *dfkd_pickle_take (DfkdPickleReader *reader, guint64 count);
/** dfkd_pickle_take_size: a little-endian number of one to eight bytes */
gboolean dfkd_pickle_take_size (DfkdPickleReader *reader, guint bytes, guint64 *size);
gboolean dfkd_pickle_take_line (DfkdPickleReader *reader, const char **line, gsize *length);

/* pickle-single.c: (nullable): the value that the operation @code makes of the bytes behind it; @known: whether it does */
DfkdPickleValue *dfkd_pickle_read_single (DfkdPickleReader *reader, guint8 code, gboolean *known);

/* pickle-text.c: what the text protocol spells out */
DfkdPickleValue *dfkd_pickle_read_quoted (DfkdPickleReader *reader, const char *line, gsize length);
DfkdPickleValue *dfkd_pickle_read_escaped (DfkdPickleReader *reader, const char *line, gsize length);
DfkdPickleValue *dfkd_pickle_read_decimal (DfkdPickleReader *reader, const char *line, gsize length);
DfkdPickleValue *dfkd_pickle_read_float (DfkdPickleReader *reader, const char *line, gsize length);

/* pickle-classes.c: the classes and functions that a pickle may name. Each returns NULL after damage or a refusal. */
DfkdPickleValue *dfkd_pickle_find_class (DfkdPickleReader *reader, const char *module, const char *name);
DfkdPickleValue *dfkd_pickle_call (DfkdPickleReader *reader, const DfkdPickleValue *callee, DfkdPickleValue *arguments);
/** dfkd_pickle_persistent: what stands outside of the pickle: a storage */
DfkdPickleValue *dfkd_pickle_persistent (DfkdPickleReader *reader, const DfkdPickleValue *id);
gboolean dfkd_pickle_set_state (DfkdPickleReader *reader, DfkdPickleValue *object, const DfkdPickleValue *state);

G_END_DECLS
