/* npy.c: the header is a Python dict as text, of which only this form is read: {'descr': '|u1', 'fortran_order': False,
 * 'shape': (10, 28, 28), } */
#include "npy.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  LONGEST_HEADER = 4096,
};

static const guint8 MAGIC[] = { 0x93, 'N', 'U', 'M', 'P', 'Y' };

/* behind the sign of the byte order */
static const struct {
  const char *descr;
  DfkdDtype dtype;
} types[] = {
  { "u1", DFKD_DTYPE_U8 },  { "u2", DFKD_DTYPE_U16 }, { "u4", DFKD_DTYPE_U32 }, { "u8", DFKD_DTYPE_U64 },
  { "i1", DFKD_DTYPE_I8 },  { "i2", DFKD_DTYPE_I16 }, { "i4", DFKD_DTYPE_I32 }, { "i8", DFKD_DTYPE_I64 },
  { "f2", DFKD_DTYPE_F16 }, { "f4", DFKD_DTYPE_F32 }, { "f8", DFKD_DTYPE_F64 }, { "b1", DFKD_DTYPE_BOOL },
};

/* how the numbers lie in the file */
typedef struct {
  gboolean fortran; /* the first dimension fastest */
  gboolean big_endian;
} Order;

static gboolean
refuse (const char *name, const char *what, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not an array that can be read: %s; save it anew with numpy.savez"),
               name, what);
  return FALSE;
}

/* what stands behind 'key': in the header, blanks passed over; NULL if nothing does */
static const char *
value_of (const char *header, const char *key)
{
  g_autofree char *quoted = g_strdup_printf ("'%s':", key);
  const char *at = strstr (header, quoted);

  if (at == NULL)
    return NULL;
  at += strlen (quoted);
  return at + strspn (at, " ");
}

static gboolean
read_order (const char *header, Order *order)
{
  const char *value = value_of (header, "fortran_order");

  order->fortran = value != NULL && g_str_has_prefix (value, "True");
  return order->fortran || (value != NULL && g_str_has_prefix (value, "False"));
}

/* "'<f4'": of single bytes the order is "|", which says that there is none */
static gboolean
read_type (const char *header, DfkdDtype *dtype, Order *order)
{
  const char *value = value_of (header, "descr");

  if (value == NULL || *value++ != '\'' || *value == '\0')
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strncmp (value + 1, types[i].descr, 2) == 0 && value[3] == '\'')
      {
        gboolean one = dfkd_dtype_bytes (types[i].dtype) == 1;

        *dtype = types[i].dtype;
        order->big_endian = *value == '>' && !one;
        return one ? *value == '|' : *value == '<' || *value == '>';
      }
  return FALSE;
}

/* "(10, 28)", "(10,)", "()" */
static gboolean
read_shape (const char *header, DfkdTensorEntry *entry)
{
  const char *at = value_of (header, "shape");

  if (at == NULL || *at++ != '(')
    return FALSE;
  for (;;)
    {
      char *end;
      guint64 size;

      at += strspn (at, " ,");
      if (*at == ')')
        return TRUE;
      if (!g_ascii_isdigit (*at) || entry->rank == DFKD_TENSOR_MAX_RANK)
        return FALSE;
      size = g_ascii_strtoull (at, &end, 10);
      if (size > G_MAXINT32) /* of any one dimension */
        return FALSE;
      entry->dims[entry->rank++] = (gsize) size;
      at = end;
    }
}

gboolean
dfkd_npy_is (GBytes *file)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  return size >= sizeof MAGIC && memcmp (data, MAGIC, sizeof MAGIC) == 0;
}

/* One number after the other as C has them, the last dimension fastest. */
static void
put_in_order (const DfkdTensorEntry *entry, const Order *order, guint8 *to)
{
  const gsize bytes = dfkd_dtype_bytes (entry->dtype), count = dfkd_tensor_entry_count (entry);
  gsize at[DFKD_TENSOR_MAX_RANK] = { 0 }, step[DFKD_TENSOR_MAX_RANK], from = 0; /* steps and @from count numbers */

  for (guint i = 0; i < entry->rank; i++)
    {
      guint d = order->fortran ? i : entry->rank - 1 - i;

      step[d] = i == 0 ? 1 : order->fortran ? step[d - 1] * entry->dims[d - 1] : step[d + 1] * entry->dims[d + 1];
    }
  for (gsize n = 0; n < count; n++)
    {
      for (gsize b = 0; b < bytes; b++)
        *to++ = entry->data[from * bytes + (order->big_endian ? bytes - 1 - b : b)];
      for (guint d = entry->rank; d-- > 0;)
        {
          from += step[d];
          if (++at[d] < entry->dims[d])
            break;
          from -= step[d] * at[d];
          at[d] = 0;
        }
    }
}

/* a copy of the numbers takes the file's place */
static gboolean
reorder (GBytes **file, const char *name, const Order *order, DfkdTensorEntry *entry, GError **error)
{
  guint8 *copy = g_try_malloc (MAX (entry->bytes, 1));

  if (copy == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("%s: there is too little memory for its %zu numbers; close other programs"),
                   name, dfkd_tensor_entry_count (entry));
      return FALSE;
    }
  put_in_order (entry, order, copy);
  g_bytes_unref (*file);
  *file = g_bytes_new_take (copy, entry->bytes);
  entry->data = copy;
  return TRUE;
}

gboolean
dfkd_npy_read (GBytes **file, const char *name, DfkdTensorEntry *entry, GError **error)
{
  gsize size, header_at, length, bytes;
  const guint8 *data = g_bytes_get_data (*file, &size);
  g_autofree char *header = NULL;
  Order order;

  *entry = (DfkdTensorEntry){ 0 };
  if (size < 12 || !dfkd_npy_is (*file) || data[6] < 1 || data[6] > 3)
    return refuse (name, _("it does not begin as numpy's files do"), error);
  header_at = data[6] == 1 ? 10 : 12;
  length = (gsize) data[8] | (gsize) data[9] << 8;
  if (data[6] > 1)
    length |= (gsize) data[10] << 16 | (gsize) data[11] << 24;
  if (length > LONGEST_HEADER || length > size - header_at)
    return refuse (name, _("its header is too long"), error);
  header = g_strndup ((const char *) data + header_at, length);
  if (!read_order (header, &order))
    return refuse (name, _("it does not say in which order its numbers are"), error);
  if (!read_type (header, &entry->dtype, &order))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("%s is not an array that can be read: its elements are neither whole numbers nor floats of up to 64 bits; turn it into "
                     "such with .astype and save it anew with numpy.savez"),
                   name);
      return FALSE;
    }
  if (!read_shape (header, entry))
    return refuse (name, _("its shape cannot be understood"), error);
  bytes = dfkd_dtype_bytes (entry->dtype);
  for (guint i = 0; i < entry->rank; i++)
    if (!dfkd_size_multiply (bytes, entry->dims[i], &bytes))
      return refuse (name, _("its shape exceeds the address space"), error);
  if (bytes != size - header_at - length)
    return refuse (name, _("it has not as many bytes as its shape says"), error);
  entry->data = data + header_at + length;
  entry->bytes = bytes;
  return (!order.fortran && !order.big_endian) || reorder (file, name, &order, entry, error);
}
