/* pickle-single.c: bytes of a pickle, and the operations that make one number or text of them. */
#include "pickle-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const guint8 *
dfkd_pickle_take (DfkdPickleReader *r, guint64 count)
{
  const guint8 *taken = r->at;

  if (count > (guint64) (r->end - r->at))
    {
      dfkd_pickle_damage (r, _("it is cut short"));
      return NULL;
    }
  r->at += count;
  return taken;
}

gboolean
dfkd_pickle_take_size (DfkdPickleReader *r, guint bytes, guint64 *size)
{
  const guint8 *data = dfkd_pickle_take (r, bytes);

  *size = 0;
  if (data == NULL)
    return FALSE;
  for (guint i = 0; i < bytes; i++)
    *size |= (guint64) data[i] << (8 * i);
  return TRUE;
}

gboolean
dfkd_pickle_take_line (DfkdPickleReader *r, const char **line, gsize *length)
{
  const guint8 *end = r->at < r->end ? memchr (r->at, '\n', (gsize) (r->end - r->at)) : NULL;

  if (end == NULL)
    return dfkd_pickle_damage (r, _("it is cut short"));
  *line = (const char *) r->at;
  *length = (gsize) (end - r->at);
  r->at = end + 1;
  return TRUE;
}

static DfkdPickleValue *
make_integer (DfkdPickleReader *r, gint64 integer)
{
  const gboolean is_small = integer >= 0 && integer < (gint64) G_N_ELEMENTS (r->small);
  DfkdPickleValue *value = is_small ? r->small[integer] : NULL;

  if (value != NULL)
    return value;
  value = dfkd_pickle_make (r, DFKD_PICKLE_INTEGER);
  if (value != NULL)
    {
      value->integer = integer;
      if (is_small)
        r->small[integer] = value;
    }
  return value;
}

static DfkdPickleValue *
read_integer (DfkdPickleReader *r, guint bytes, gboolean is_signed)
{
  guint64 number;

  if (!dfkd_pickle_take_size (r, bytes, &number))
    return NULL;
  return make_integer (r, is_signed ? (gint32) number : (gint64) number);
}

/* two's complement of any length, little-endian */
static DfkdPickleValue *
read_long (DfkdPickleReader *r, guint size_bytes)
{
  DfkdPickleValue *value;
  const guint8 *data;
  guint64 size, number = 0;

  if (!dfkd_pickle_take_size (r, size_bytes, &size) || (data = dfkd_pickle_take (r, size)) == NULL)
    return NULL;
  if (size > sizeof number)
    return dfkd_pickle_make_text (r, DFKD_PICKLE_HUGE, data, size);
  for (guint i = 0; i < size; i++)
    number |= (guint64) data[i] << (8 * i);
  if (size > 0 && size < sizeof number && (data[size - 1] & 0x80) != 0)
    number |= ~(guint64) 0 << (8 * size);
  value = make_integer (r, (gint64) number);
  return value;
}

static DfkdPickleValue *
read_double (DfkdPickleReader *r)
{
  const guint8 *data = dfkd_pickle_take (r, sizeof (double));
  DfkdPickleValue *value = data != NULL ? dfkd_pickle_make (r, DFKD_PICKLE_FLOAT) : NULL;
  guint64 bits;

  if (value == NULL)
    return NULL;
  memcpy (&bits, data, sizeof bits);
  bits = GUINT64_FROM_BE (bits);
  memcpy (&value->number, &bits, sizeof bits);
  return value;
}

static DfkdPickleValue *
read_text (DfkdPickleReader *r, DfkdPickleKind kind, guint size_bytes)
{
  guint64 size;
  const guint8 *data;

  if (!dfkd_pickle_take_size (r, size_bytes, &size) || (data = dfkd_pickle_take (r, size)) == NULL)
    return NULL;
  return dfkd_pickle_make_text (r, kind, data, size);
}

static DfkdPickleValue *
read_line (DfkdPickleReader *r, DfkdPickleValue *(*read) (DfkdPickleReader *reader, const char *line, gsize length))
{
  const char *line;
  gsize length;

  return dfkd_pickle_take_line (r, &line, &length) ? read (r, line, length) : NULL;
}

DfkdPickleValue *
dfkd_pickle_read_single (DfkdPickleReader *r, guint8 code, gboolean *known)
{
  *known = TRUE;
  switch (code)
    {
    case 'N':
      return r->none;
    case 0x88:
    case 0x89:
      return r->truths[code == 0x88];
    case 'I':
    case 'L':
      return read_line (r, dfkd_pickle_read_decimal);
    case 'F':
      return read_line (r, dfkd_pickle_read_float);
    case 'G':
      return read_double (r);
    case 'J':
      return read_integer (r, 4, TRUE);
    case 'K':
      return read_integer (r, 1, FALSE);
    case 'M':
      return read_integer (r, 2, FALSE);
    case 0x8a:
      return read_long (r, 1);
    case 0x8b:
      return read_long (r, 4);
    case 'S':
      return read_line (r, dfkd_pickle_read_quoted);
    case 'T':
      return read_text (r, DFKD_PICKLE_BYTES, 4);
    case 'U':
    case 'C':
      return read_text (r, DFKD_PICKLE_BYTES, 1);
    case 'B':
      return read_text (r, DFKD_PICKLE_BYTES, 4);
    case 0x8e:
    case 0x96:
      return read_text (r, DFKD_PICKLE_BYTES, 8);
    case 'V':
      return read_line (r, dfkd_pickle_read_escaped);
    case 'X':
      return read_text (r, DFKD_PICKLE_TEXT, 4);
    case 0x8c:
      return read_text (r, DFKD_PICKLE_TEXT, 1);
    case 0x8d:
      return read_text (r, DFKD_PICKLE_TEXT, 8);
    default:
      *known = FALSE;
      return NULL;
    }
}

