/* safetensors-header.c: {"__metadata__": {text: text}, name: {"dtype": …, "shape": […], "data_offsets": [a, b]}}.
 *
 * Not a general JSON parser on purpose: nothing nests deeper than the format does, so nothing recurses, and
 * duplicate keys are seen instead of the last one winning. */
#include "safetensors-header-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  MOST_NAME_BYTES = 1024, /* messages repeat names */
};

typedef struct {
  const char *at, *end;
  const guint8 *data;
  gsize data_bytes;
  GPtrArray *entries;
  GHashTable *metadata, *names;
  char *problem;
} Parser;

static gboolean G_GNUC_PRINTF (2, 3)
fail (Parser *p, const char *format, ...)
{
  va_list arguments;

  if (p->problem != NULL)
    return FALSE;
  va_start (arguments, format);
  p->problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return FALSE;
}

static void
skip_space (Parser *p)
{
  while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
    p->at++;
}

static gboolean
peek (Parser *p, char c)
{
  skip_space (p);
  return p->at < p->end && *p->at == c;
}

static gboolean
expect (Parser *p, char c)
{
  if (!peek (p, c))
    return fail (p, _("its header is no valid JSON: “%c” is missing"), c);
  p->at++;
  return TRUE;
}

static gboolean
read_hex (Parser *p, guint *value)
{
  *value = 0;
  if (p->end - p->at < 4)
    return fail (p, _("its header is cut short"));
  for (guint i = 0; i < 4; i++)
    {
      gint digit = g_ascii_xdigit_value (*p->at++);

      if (digit < 0)
        return fail (p, _("its header is no valid JSON: a bad escape"));
      *value = *value * 16 + (guint) digit;
    }
  return TRUE;
}

static gboolean
read_escape (Parser *p, GString *out)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c = *p->at++;
  const char *known = c != '\0' ? strchr (from, c) : NULL;
  guint high, low;

  if (known != NULL)
    {
      g_string_append_c (out, to[known - from]);
      return TRUE;
    }
  if (c != 'u')
    return fail (p, _("its header is no valid JSON: a bad escape"));
  if (!read_hex (p, &high))
    return FALSE;
  if (high >= 0xd800 && high < 0xdc00)
    {
      if (p->end - p->at < 6 || p->at[0] != '\\' || p->at[1] != 'u')
        return fail (p, _("its header is no valid JSON: a bad escape"));
      p->at += 2;
      if (!read_hex (p, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return fail (p, _("its header is no valid JSON: a bad escape"));
      high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
  else if (high == 0 || (high >= 0xdc00 && high < 0xe000))
    return fail (p, _("its header is no valid JSON: a bad escape"));
  g_string_append_unichar (out, high);
  return TRUE;
}

/* Returns: (transfer full): NULL after an error */
static char *
read_string (Parser *p)
{
  g_autoptr (GString) out = NULL;

  if (!expect (p, '"'))
    return NULL;
  out = g_string_new (NULL);
  while (p->at < p->end && *p->at != '"')
    {
      if ((guchar) *p->at < 0x20)
        {
          fail (p, _("its header is no valid JSON: a control character in a text"));
          return NULL;
        }
      if (*p->at != '\\')
        {
          g_string_append_c (out, *p->at++);
          continue;
        }
      if (++p->at >= p->end || !read_escape (p, out))
        {
          fail (p, _("its header is cut short"));
          return NULL;
        }
    }
  if (!expect (p, '"'))
    return NULL;
  if (!g_utf8_validate (out->str, (gssize) out->len, NULL))
    {
      fail (p, _("its header is not UTF-8"));
      return NULL;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Names end up in messages, and so on terminals. Returns: (transfer full): NULL after an error */
static char *
read_name (Parser *p)
{
  g_autofree char *name = read_string (p);

  if (name == NULL)
    return NULL;
  if (strlen (name) > MOST_NAME_BYTES)
    {
      fail (p, _("its header holds a name of more than %d bytes"), MOST_NAME_BYTES);
      return NULL;
    }
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      {
        fail (p, _("its header holds a name with control characters"));
        return NULL;
      }
  return g_steal_pointer (&name);
}

/* Whole numbers in brackets. @length: at most @most */
static gboolean
read_sizes (Parser *p, const char *tensor, gsize *values, guint most, guint *length)
{
  *length = 0;
  if (!expect (p, '['))
    return FALSE;
  if (peek (p, ']'))
    return expect (p, ']');
  do
    {
      gsize value = 0;

      if (*length > 0)
        p->at++;
      skip_space (p);
      if (*length == most)
        return fail (p, _("the tensor %s has more than %u dimensions"), tensor, most);
      if (p->at >= p->end || !g_ascii_isdigit (*p->at))
        return fail (p, _("the tensor %s has a size or offset that is no whole number"), tensor);
      if (*p->at == '0' && p->end - p->at > 1 && g_ascii_isdigit (p->at[1]))
        return fail (p, _("the tensor %s has a size or offset that begins with 0"), tensor);
      for (; p->at < p->end && g_ascii_isdigit (*p->at); p->at++)
        if (!dfkd_size_multiply (value, 10, &value) || __builtin_add_overflow (value, (gsize) (*p->at - '0'), &value))
          return fail (p, _("the tensor %s has a size or offset that is too large"), tensor);
      values[(*length)++] = value;
    }
  while (peek (p, ','));
  return expect (p, ']');
}

static gboolean
read_dtype (Parser *p, DfkdTensorEntry *entry)
{
  g_autofree char *text = read_name (p);

  if (text == NULL)
    return FALSE;
  for (guint i = 0; i < DFKD_N_DTYPES; i++)
    if (strcmp (text, dfkd_dtype_name (i)) == 0)
      {
        entry->dtype = i;
        return TRUE;
      }
  return fail (p, _("the tensor %s is of type %.20s, which is not supported; save it as F32"), entry->name, text);
}

static gboolean
place (Parser *p, DfkdTensorEntry *entry, const gsize offsets[2])
{
  gsize bytes = dfkd_dtype_bytes (entry->dtype);

  for (guint i = 0; i < entry->rank; i++)
    if (!dfkd_size_multiply (bytes, entry->dims[i], &bytes))
      return fail (p, _("the shape of the tensor %s is too large"), entry->name);
  if (offsets[0] > offsets[1] || offsets[1] > p->data_bytes)
    return fail (p, _("the tensor %s lies outside the file, which is damaged or cut short"), entry->name);
  if (offsets[1] - offsets[0] != bytes)
    return fail (p, _("the tensor %s takes %zu bytes by its shape, but %zu by its offsets"),
                 entry->name, bytes, offsets[1] - offsets[0]);
  entry->data = p->data + offsets[0];
  entry->bytes = bytes;
  return TRUE;
}

static gboolean
read_tensor (Parser *p, char *name)
{
  DfkdTensorEntry *entry = g_new0 (DfkdTensorEntry, 1);
  gboolean dtype = FALSE, shape = FALSE, offsets = FALSE;
  gsize range[2] = { 0, 0 };
  guint length;

  entry->name = name;
  g_ptr_array_add (p->entries, entry);
  if (!expect (p, '{'))
    return FALSE;
  do
    {
      g_autofree char *key = NULL;
      gboolean *seen = NULL;

      if (dtype || shape || offsets)
        p->at++;
      key = read_name (p);
      if (key == NULL || !expect (p, ':'))
        return FALSE;
      seen = strcmp (key, "dtype") == 0 ? &dtype : strcmp (key, "shape") == 0 ? &shape
             : strcmp (key, "data_offsets") == 0 ? &offsets : NULL;
      if (seen == NULL || *seen)
        return fail (p, _("the tensor %s has an unknown or repeated key %.40s"), name, key);
      *seen = TRUE;
      if (seen == &dtype ? !read_dtype (p, entry)
          : seen == &shape ? !read_sizes (p, name, entry->dims, DFKD_TENSOR_MAX_RANK, &entry->rank)
                           : !read_sizes (p, name, range, 2, &length) || (length != 2 && !fail (p, _("the tensor %s has no two offsets"), name)))
        return FALSE;
    }
  while (peek (p, ','));
  if (!expect (p, '}'))
    return FALSE;
  if (!dtype || !shape || !offsets)
    return fail (p, _("the tensor %s lacks its dtype, shape or data_offsets"), name);
  return place (p, entry, range);
}

static gboolean
read_metadata (Parser *p)
{
  gboolean first = TRUE;

  if (!expect (p, '{'))
    return FALSE;
  if (peek (p, '}'))
    return expect (p, '}');
  do
    {
      g_autofree char *key = NULL, *value = NULL;

      if (!first)
        p->at++;
      first = FALSE;
      key = read_name (p);
      if (key == NULL || !expect (p, ':') || (value = read_string (p)) == NULL)
        return FALSE;
      if (g_hash_table_contains (p->metadata, key))
        return fail (p, _("its metadata hold %.40s twice"), key);
      g_hash_table_insert (p->metadata, g_steal_pointer (&key), g_steal_pointer (&value));
    }
  while (peek (p, ','));
  return expect (p, '}');
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const DfkdTensorEntry *x = *(const DfkdTensorEntry *const *) a, *y = *(const DfkdTensorEntry *const *) b;

  if (x->data != y->data)
    return x->data < y->data ? -1 : 1;
  return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* As the reference implementation has it: the tensors fill the data, each byte belongs to one. */
static gboolean
check_places (Parser *p)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (p->entries, NULL, NULL);
  const guint8 *at = p->data;

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_places);
  for (guint i = 0; i < sorted->len; i++)
    {
      const DfkdTensorEntry *entry = sorted->pdata[i];

      if (entry->data < at)
        return fail (p, _("the tensors %s and %s overlap"), ((DfkdTensorEntry *) sorted->pdata[i - 1])->name, entry->name);
      if (entry->data > at)
        return fail (p, _("there is a gap before the tensor %s"), entry->name);
      at += entry->bytes;
    }
  if (at != p->data + p->data_bytes)
    return fail (p, _("%zu bytes follow its last tensor"), (gsize) (p->data + p->data_bytes - at));
  return TRUE;
}

static gboolean
read_header (Parser *p)
{
  gboolean first = TRUE, metadata = FALSE;

  if (!expect (p, '{'))
    return FALSE;
  if (peek (p, '}'))
    p->at++;
  else
    {
      do
        {
          g_autofree char *name = NULL;

          if (!first)
            p->at++;
          first = FALSE;
          name = read_name (p);
          if (name == NULL || !expect (p, ':'))
            return FALSE;
          if (strcmp (name, "__metadata__") == 0)
            {
              if (metadata)
                return fail (p, _("its header holds metadata twice"));
              metadata = TRUE;
              if (!read_metadata (p))
                return FALSE;
              continue;
            }
          if (!g_hash_table_add (p->names, name))
            return fail (p, _("its header holds the tensor %.200s twice"), name);
          if (!read_tensor (p, g_steal_pointer (&name)))
            return FALSE;
        }
      while (peek (p, ','));
      if (!expect (p, '}'))
        return FALSE;
    }
  skip_space (p);
  if (p->at != p->end)
    return fail (p, _("something follows its header"));
  return check_places (p);
}

char *
dfkd_safetensors_parse_header (const char *text, gsize length, const guint8 *data, gsize data_bytes,
                               GPtrArray *entries, GHashTable *metadata)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  Parser p = { .at = text, .end = text + length, .data = data, .data_bytes = data_bytes, .entries = entries,
               .metadata = metadata, .names = names };

  read_header (&p);
  return p.problem;
}
