/* pickle-arrays.c: numpy's arrays and element types, as Python 2 and 3 pickle them. */
#include "pickle-arrays-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const gsize LONGEST_SHOWN = 20; /* of an element type's name */

/* Text, objects, times: no damage, but nothing that is read. */
static void
refuse_dtype (DfkdPickleReader *r, const DfkdPickleValue *name)
{
  g_autofree char *readable = NULL, *full = NULL;

  if (name == NULL || (name->kind != DFKD_PICKLE_TEXT && name->kind != DFKD_PICKLE_BYTES))
    {
      dfkd_pickle_damage (r, _("an array in it holds neither numbers nor truths"));
      return;
    }
  readable = g_utf8_make_valid (name->text, (gssize) MIN (name->length, LONGEST_SHOWN));
  full = g_strdup_printf ("numpy.dtype(\"%s\")", readable);
  dfkd_pickle_forbid (r, full);
}

/* "f4" and the like, in text or, from Python 2, in bytes */
DfkdPickleValue *
dfkd_pickle_make_dtype (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  static const struct { const char *name; DfkdDtype dtype; } known[] = {
    { "f8", DFKD_DTYPE_F64 }, { "f4", DFKD_DTYPE_F32 }, { "f2", DFKD_DTYPE_F16 }, { "i8", DFKD_DTYPE_I64 },
    { "i4", DFKD_DTYPE_I32 }, { "i2", DFKD_DTYPE_I16 }, { "i1", DFKD_DTYPE_I8 },  { "u8", DFKD_DTYPE_U64 },
    { "u4", DFKD_DTYPE_U32 }, { "u2", DFKD_DTYPE_U16 }, { "u1", DFKD_DTYPE_U8 },  { "b1", DFKD_DTYPE_BOOL },
  };
  const DfkdPickleValue *name = dfkd_pickle_count (arguments) > 0 ? dfkd_pickle_item (arguments, 0) : NULL;
  DfkdPickleValue *value;

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (known); i++)
    if (dfkd_pickle_is_text (name, known[i].name))
      {
        value = dfkd_pickle_make (r, DFKD_PICKLE_DTYPE);
        if (value != NULL)
          value->dtype = known[i].dtype;
        return value;
      }
  refuse_dtype (r, name);
  return NULL;
}

/* version, byte order, and what only structures and strings have */
gboolean
dfkd_pickle_set_dtype_state (DfkdPickleReader *r, DfkdPickleValue *dtype, const DfkdPickleValue *state)
{
  const DfkdPickleValue *order
      = state->kind == DFKD_PICKLE_TUPLE && dfkd_pickle_count (state) > 1 ? dfkd_pickle_item (state, 1) : NULL;

  if (order == NULL)
    return dfkd_pickle_misuse (r, _("an element type")) != NULL;
  if (dfkd_pickle_is_text (order, "<") || dfkd_pickle_is_text (order, "|") || dfkd_dtype_bytes (dtype->dtype) == 1)
    return TRUE;
  return dfkd_pickle_damage (r, _("an array in it has its bytes in an order that is not little-endian"));
}

static DfkdPickleValue *
make_empty (DfkdPickleReader *r)
{
  DfkdPickleValue *value = dfkd_pickle_make (r, DFKD_PICKLE_ARRAY);

  if (value == NULL)
    return NULL;
  value->array = g_new0 (DfkdPickleArray, 1);
  value->array->dtype = DFKD_DTYPE_U8;
  value->array->rank = 1;
  value->array->data = (const guint8 *) "";
  return value;
}

DfkdPickleValue *
dfkd_pickle_make_array (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *class = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_CLASS);

  if (class == NULL || strcmp (class->text, "numpy.ndarray") != 0)
    return dfkd_pickle_misuse (r, _("an array"));
  return make_empty (r);
}

/* FALSE when a dimension is no size or the product does not fit */
static gboolean
read_dims (const DfkdPickleValue *shape, DfkdPickleArray *array)
{
  array->rank = dfkd_pickle_count (shape);
  array->bytes = dfkd_dtype_bytes (array->dtype);
  if (array->rank > DFKD_TENSOR_MAX_RANK)
    return FALSE;
  for (guint i = 0; i < array->rank; i++)
    {
      const DfkdPickleValue *dim = dfkd_pickle_argument (shape, i, DFKD_PICKLE_INTEGER);

      if (dim == NULL || dim->integer < 0)
        return FALSE;
      array->dims[i] = (gsize) dim->integer;
      if (!dfkd_size_multiply (array->bytes, array->dims[i], &array->bytes))
        return FALSE;
    }
  return TRUE;
}

/* Fortran's order, the first dimension fastest, to C's. */
static gboolean
turn (DfkdPickleReader *r, DfkdPickleArray *array)
{
  const gsize size = dfkd_dtype_bytes (array->dtype), count = array->bytes / size;
  gsize index[DFKD_TENSOR_MAX_RANK] = { 0 }, strides[DFKD_TENSOR_MAX_RANK], from = 0;
  guint8 *turned = dfkd_pickle_allocate (r, array->bytes);

  if (turned == NULL)
    return FALSE;
  for (guint i = 0; i < array->rank; i++)
    strides[i] = i == 0 ? 1 : strides[i - 1] * array->dims[i - 1];
  for (gsize at = 0; at < count; at++)
    {
      memcpy (turned + at * size, array->data + from * size, size);
      for (guint d = array->rank; d > 0; d--) /* count up, the last dimension first */
        {
          from += strides[d - 1];
          if (++index[d - 1] < array->dims[d - 1])
            break;
          from -= strides[d - 1] * array->dims[d - 1];
          index[d - 1] = 0;
        }
    }
  array->data = turned;
  return TRUE;
}

static gboolean
fill (DfkdPickleReader *r, DfkdPickleArray *out, const DfkdPickleValue *shape, const DfkdPickleValue *dtype,
      const DfkdPickleValue *data, gboolean fortran)
{
  DfkdPickleArray array = { 0 };

  if (dtype == NULL || data == NULL)
    return dfkd_pickle_misuse (r, _("an array")) != NULL;
  array.dtype = dtype->dtype;
  array.data = (const guint8 *) data->text;
  if (!read_dims (shape, &array))
    return dfkd_pickle_misuse (r, _("an array")) != NULL;
  if (array.bytes != data->length)
    return dfkd_pickle_damage (r, _("an array in it has %zu bytes, expected %zu from its shape"), data->length, array.bytes);
  if (fortran && array.rank > 1 && array.bytes > 0 && !turn (r, &array))
    return FALSE;
  *out = array;
  return TRUE;
}

/* version, shape, element type, whether in Fortran's order, bytes */
gboolean
dfkd_pickle_set_array_state (DfkdPickleReader *r, DfkdPickleValue *array, const DfkdPickleValue *state)
{
  const DfkdPickleValue *shape = state->kind == DFKD_PICKLE_TUPLE ? dfkd_pickle_argument (state, 1, DFKD_PICKLE_TUPLE) : NULL;
  const DfkdPickleValue *fortran = shape != NULL && dfkd_pickle_count (state) > 3 ? dfkd_pickle_item (state, 3) : NULL;

  if (fortran == NULL || (fortran->kind != DFKD_PICKLE_BOOL && fortran->kind != DFKD_PICKLE_INTEGER))
    return dfkd_pickle_misuse (r, _("an array")) != NULL;
  return fill (r, array->array, shape, dfkd_pickle_argument (state, 2, DFKD_PICKLE_DTYPE),
               dfkd_pickle_argument (state, 4, DFKD_PICKLE_BYTES),
               fortran->kind == DFKD_PICKLE_BOOL ? fortran->truth : fortran->integer != 0);
}

/* element type, bytes */
DfkdPickleValue *
dfkd_pickle_make_scalar (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  DfkdPickleValue *value = make_empty (r);

  if (value == NULL || !fill (r, value->array, r->empty, dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_DTYPE),
                              dfkd_pickle_argument (arguments, 1, DFKD_PICKLE_BYTES), FALSE))
    return NULL;
  return value;
}

/* protocol 5: bytes, element type, shape, order */
DfkdPickleValue *
dfkd_pickle_make_array_from_buffer (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *shape = dfkd_pickle_argument (arguments, 2, DFKD_PICKLE_TUPLE);
  const DfkdPickleValue *order = dfkd_pickle_argument (arguments, 3, DFKD_PICKLE_TEXT);
  DfkdPickleValue *value;

  if (shape == NULL || order == NULL)
    return dfkd_pickle_misuse (r, _("an array"));
  value = make_empty (r);
  if (value == NULL || !fill (r, value->array, shape, dfkd_pickle_argument (arguments, 1, DFKD_PICKLE_DTYPE),
                              dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_BYTES), dfkd_pickle_is_text (order, "F")))
    return NULL;
  return value;
}
