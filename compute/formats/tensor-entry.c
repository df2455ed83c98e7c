/* tensor-entry.c: element types, and converting a tensor's elements. */
#include "tensor-entry.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const struct {
  const char *name;
  guint8 bytes;
} types[] = {
  [DFKD_DTYPE_F64] = { "F64", 8 }, [DFKD_DTYPE_F32] = { "F32", 4 },   [DFKD_DTYPE_F16] = { "F16", 2 },
  [DFKD_DTYPE_BF16] = { "BF16", 2 }, [DFKD_DTYPE_I64] = { "I64", 8 }, [DFKD_DTYPE_I32] = { "I32", 4 },
  [DFKD_DTYPE_I16] = { "I16", 2 }, [DFKD_DTYPE_I8] = { "I8", 1 },     [DFKD_DTYPE_U64] = { "U64", 8 },
  [DFKD_DTYPE_U32] = { "U32", 4 }, [DFKD_DTYPE_U16] = { "U16", 2 },   [DFKD_DTYPE_U8] = { "U8", 1 },
  [DFKD_DTYPE_BOOL] = { "BOOL", 1 },
};
G_STATIC_ASSERT (G_N_ELEMENTS (types) == DFKD_N_DTYPES);

gsize
dfkd_dtype_bytes (DfkdDtype dtype)
{
  return types[dtype].bytes;
}

const char *
dfkd_dtype_name (DfkdDtype dtype)
{
  return types[dtype].name;
}

void
dfkd_tensor_entry_free (DfkdTensorEntry *entry)
{
  g_free (entry->name);
  g_free (entry);
}

gsize
dfkd_tensor_entry_count (const DfkdTensorEntry *entry)
{
  return entry->bytes / dfkd_dtype_bytes (entry->dtype);
}

static double
half_to_double (guint16 bits)
{
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 31 ? (fraction != 0 ? NAN : INFINITY)
                 : exponent == 0 ? ldexp (fraction, -24)
                                 : ldexp (fraction + 1024, exponent - 25);

  return (bits & 0x8000) != 0 ? -value : value;
}

static double
bfloat_to_double (guint16 bits)
{
  guint32 wide = (guint32) bits << 16;
  float value;

  memcpy (&value, &wide, sizeof value);
  return value;
}

/* files are little-endian, and so is every machine this is built for */
#define AT(type) ({ type value_; memcpy (&value_, p, sizeof value_); value_; })

static double
read_element (DfkdDtype dtype, const guint8 *p)
{
  switch (dtype)
    {
    case DFKD_DTYPE_F64:
      return AT (double);
    case DFKD_DTYPE_F32:
      return AT (float);
    case DFKD_DTYPE_F16:
      return half_to_double (AT (guint16));
    case DFKD_DTYPE_BF16:
      return bfloat_to_double (AT (guint16));
    case DFKD_DTYPE_I64:
      return (double) AT (gint64);
    case DFKD_DTYPE_I32:
      return AT (gint32);
    case DFKD_DTYPE_I16:
      return AT (gint16);
    case DFKD_DTYPE_I8:
      return AT (gint8);
    case DFKD_DTYPE_U64:
      return (double) AT (guint64);
    case DFKD_DTYPE_U32:
      return AT (guint32);
    case DFKD_DTYPE_U16:
      return AT (guint16);
    case DFKD_DTYPE_U8:
    case DFKD_DTYPE_BOOL:
      return *p;
    case DFKD_N_DTYPES:
    default:
      g_return_val_if_reached (0.0);
    }
}

/* an array of numpy has no name of its own: who reads it says which file it is in */
static const char *
called (const DfkdTensorEntry *entry)
{
  return entry->name != NULL ? entry->name : _("(unnamed)");
}

static gboolean
check_count (const DfkdTensorEntry *entry, gsize count, GError **error)
{
  if (dfkd_tensor_entry_count (entry) == count)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
               _("the tensor %s holds %zu numbers, expected %zu"), called (entry),
               dfkd_tensor_entry_count (entry), count);
  return FALSE;
}

char *
dfkd_tensor_entry_shape_text (const DfkdTensorEntry *entry)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entry->rank; i++)
    g_string_append_printf (text, "%s%zu", i > 0 ? "×" : "", entry->dims[i]);
  return g_string_free (text, FALSE);
}

gboolean
dfkd_tensor_entry_read_float (const DfkdTensorEntry *entry, float *out, gsize count, GError **error)
{
  const gsize step = dfkd_dtype_bytes (entry->dtype);

  if (!check_count (entry, count, error))
    return FALSE;
  if (entry->dtype == DFKD_DTYPE_F32 && count > 0)
    memcpy (out, entry->data, entry->bytes);
  else
    for (gsize i = 0; i < count; i++)
      out[i] = (float) read_element (entry->dtype, entry->data + i * step);
  return TRUE;
}

gboolean
dfkd_tensor_entry_read_int32 (const DfkdTensorEntry *entry, gint32 *out, gsize count, GError **error)
{
  const gsize step = dfkd_dtype_bytes (entry->dtype);

  if (!check_count (entry, count, error))
    return FALSE;
  if (entry->dtype <= DFKD_DTYPE_BF16)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("the tensor %s is of type %s, expected whole numbers (I32)"),
                   called (entry), dfkd_dtype_name (entry->dtype));
      return FALSE;
    }
  for (gsize i = 0; i < count; i++)
    {
      double value = read_element (entry->dtype, entry->data + i * step);

      if (value < G_MININT32 || value > G_MAXINT32)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER, _("number %zu of the tensor %s does not fit 32 bits"),
                       i, called (entry));
          return FALSE;
        }
      out[i] = (gint32) value;
    }
  return TRUE;
}
