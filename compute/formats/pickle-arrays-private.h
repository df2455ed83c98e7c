/* pickle-arrays-private.h: numpy's arrays and element types as pickles make them. */
#pragma once

#include "pickle-private.h"

G_BEGIN_DECLS

DfkdPickleValue *dfkd_pickle_make_dtype (DfkdPickleReader *reader, DfkdPickleValue *arguments);
gboolean dfkd_pickle_set_dtype_state (DfkdPickleReader *reader, DfkdPickleValue *dtype, const DfkdPickleValue *state);

/** dfkd_pickle_make_array: an empty one, whose state says what it is */
DfkdPickleValue *dfkd_pickle_make_array (DfkdPickleReader *reader, DfkdPickleValue *arguments);
gboolean dfkd_pickle_set_array_state (DfkdPickleReader *reader, DfkdPickleValue *array, const DfkdPickleValue *state);
DfkdPickleValue *dfkd_pickle_make_scalar (DfkdPickleReader *reader, DfkdPickleValue *arguments);
DfkdPickleValue *dfkd_pickle_make_array_from_buffer (DfkdPickleReader *reader, DfkdPickleValue *arguments);

/** dfkd_pickle_misuse: damage: @what is made of arguments that it cannot be made of. Returns: NULL */
gpointer dfkd_pickle_misuse (DfkdPickleReader *reader, const char *what);
/** dfkd_pickle_argument: (nullable): item @index of a tuple, if it is of this kind */
const DfkdPickleValue *dfkd_pickle_argument (const DfkdPickleValue *arguments, guint index, DfkdPickleKind kind);

G_END_DECLS
