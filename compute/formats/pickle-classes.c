/* pickle-classes.c: the classes and functions that a pickle may name, and the values that their calls stand for.
 *
 * Nothing is called: each row knows what its function would make of the arguments. What has no row is refused by name. */
#include "pickle-private.h"

#include "pickle-arrays-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef DfkdPickleValue *(*Make) (DfkdPickleReader *reader, DfkdPickleValue *arguments);

static DfkdPickleValue *make_dict (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_set (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_bytes (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_size (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_tensor (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_parameter (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_typed (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_text (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_path (DfkdPickleReader *r, DfkdPickleValue *arguments);
static DfkdPickleValue *make_default_dict (DfkdPickleReader *r, DfkdPickleValue *arguments);

static const struct {
  const char *name;
  Make make;       /* NULL for what is named only as an argument of others */
  gboolean stored; /* a storage of @dtype */
  DfkdDtype dtype;
} classes[] = {
  { "collections.OrderedDict", make_dict },
  { "collections.Counter", make_dict },
  { "collections.defaultdict", make_default_dict },
  { "argparse.Namespace", make_dict }, /* whose attributes, as those of an OrderedDict, are left out */
  { "builtins.set", make_set },
  { "__builtin__.set", make_set },
  { "builtins.frozenset", make_set },
  { "__builtin__.frozenset", make_set },
  { "builtins.bytes", make_bytes },
  { "__builtin__.bytes", make_bytes },
  { "_codecs.encode", make_bytes },
  { "builtins.list" }, /* these make what a defaultdict lacks */
  { "__builtin__.list" },
  { "builtins.dict" },
  { "__builtin__.dict" },
  { "builtins.int" },
  { "__builtin__.int" },
  { "__builtin__.long" }, /* as Python 3 calls int and str for Python 2 */
  { "__builtin__.unicode" },
  { "builtins.float" },
  { "__builtin__.float" },
  { "builtins.str" },
  { "__builtin__.str" },
  { "builtins.bool" },
  { "__builtin__.bool" },
  { "pathlib.PosixPath", make_path },
  { "pathlib.PurePosixPath", make_path },
  { "pathlib.WindowsPath", make_path },
  { "pathlib.PureWindowsPath", make_path },
  { "pathlib._local.PosixPath", make_path }, /* as Python 3.13 calls them */
  { "pathlib._local.PurePosixPath", make_path },
  { "pathlib._local.WindowsPath", make_path },
  { "pathlib._local.PureWindowsPath", make_path },
  { "numpy.ndarray" },
  { "numpy.dtype", dfkd_pickle_make_dtype },
  { "numpy.core.multiarray._reconstruct", dfkd_pickle_make_array },
  { "numpy._core.multiarray._reconstruct", dfkd_pickle_make_array },
  { "numpy.core.multiarray.scalar", dfkd_pickle_make_scalar },
  { "numpy._core.multiarray.scalar", dfkd_pickle_make_scalar },
  { "numpy.core.numeric._frombuffer", dfkd_pickle_make_array_from_buffer },
  { "numpy._core.numeric._frombuffer", dfkd_pickle_make_array_from_buffer },
  { "torch.Size", make_size },
  { "torch.device", make_text },
  { "torch.torch_version.TorchVersion", make_text },
  { "torch._utils._rebuild_tensor", make_tensor },
  { "torch._utils._rebuild_tensor_v2", make_tensor },
  { "torch._utils._rebuild_parameter", make_parameter },
  { "torch._tensor._rebuild_from_type_v2", make_typed },
  { "torch.Tensor" },
  { "torch.nn.parameter.Parameter" },
  { "torch.DoubleStorage", NULL, TRUE, DFKD_DTYPE_F64 },
  { "torch.FloatStorage", NULL, TRUE, DFKD_DTYPE_F32 },
  { "torch.HalfStorage", NULL, TRUE, DFKD_DTYPE_F16 },
  { "torch.BFloat16Storage", NULL, TRUE, DFKD_DTYPE_BF16 },
  { "torch.LongStorage", NULL, TRUE, DFKD_DTYPE_I64 },
  { "torch.IntStorage", NULL, TRUE, DFKD_DTYPE_I32 },
  { "torch.ShortStorage", NULL, TRUE, DFKD_DTYPE_I16 },
  { "torch.CharStorage", NULL, TRUE, DFKD_DTYPE_I8 },
  { "torch.ByteStorage", NULL, TRUE, DFKD_DTYPE_U8 },
  { "torch.BoolStorage", NULL, TRUE, DFKD_DTYPE_BOOL },
  { "torch.float64" }, /* element types by themselves, as settings hold them */
  { "torch.float32" },
  { "torch.float16" },
  { "torch.bfloat16" },
  { "torch.float8_e4m3fn" },
  { "torch.float8_e5m2" },
  { "torch.int64" },
  { "torch.int32" },
  { "torch.int16" },
  { "torch.int8" },
  { "torch.uint8" },
  { "torch.bool" },
  { "torch.complex64" },
  { "torch.complex128" },
  { "torch.qint8" },
  { "torch.quint8" },
};

DfkdPickleValue *
dfkd_pickle_find_class (DfkdPickleReader *r, const char *module, const char *name)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", module, name);
  DfkdPickleValue *value;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (strcmp (classes[i].name, full) == 0)
      {
        value = dfkd_pickle_make (r, DFKD_PICKLE_CLASS);
        if (value != NULL)
          {
            value->text = classes[i].name; /* the row, known again by its address */
            value->length = strlen (value->text);
          }
        return value;
      }
  dfkd_pickle_forbid (r, full);
  return NULL;
}

static guint
row_of (const DfkdPickleValue *class)
{
  guint row = 0;

  while (classes[row].name != class->text)
    row++;
  return row;
}

DfkdPickleValue *
dfkd_pickle_call (DfkdPickleReader *r, const DfkdPickleValue *callee, DfkdPickleValue *arguments)
{
  const guint row = row_of (callee);

  if (classes[row].make != NULL)
    return classes[row].make (r, arguments);
  dfkd_pickle_damage (r, _("it calls %s, which makes nothing"), callee->text);
  return NULL;
}

gpointer
dfkd_pickle_misuse (DfkdPickleReader *r, const char *what)
{
  dfkd_pickle_damage (r, _("it makes %s of something else"), what);
  return NULL;
}

const DfkdPickleValue *
dfkd_pickle_argument (const DfkdPickleValue *arguments, guint index, DfkdPickleKind kind)
{
  const DfkdPickleValue *argument = index < dfkd_pickle_count (arguments) ? dfkd_pickle_item (arguments, index) : NULL;

  return argument != NULL && argument->kind == kind ? argument : NULL;
}

/* ----------------------------------------------------------------------------------------------- containers */

/* of nothing, of a dict, or of a list of pairs as Python 2 wrote it */
static DfkdPickleValue *
make_dict (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  DfkdPickleValue *dict = dfkd_pickle_make (r, DFKD_PICKLE_DICT);
  const DfkdPickleValue *from = dfkd_pickle_count (arguments) > 0 ? dfkd_pickle_item (arguments, 0) : NULL;
  const guint count = from != NULL ? dfkd_pickle_count (from) : 0;

  if (dict == NULL)
    return NULL;
  if (from != NULL && from->kind != DFKD_PICKLE_DICT && from->kind != DFKD_PICKLE_LIST && from->kind != DFKD_PICKLE_TUPLE)
    return dfkd_pickle_misuse (r, _("a dict"));
  for (guint i = 0; i < count; i++)
    {
      const DfkdPickleValue *pair = from->kind != DFKD_PICKLE_DICT ? dfkd_pickle_item (from, i) : NULL;

      if (pair != NULL && (pair->kind == DFKD_PICKLE_DICT || dfkd_pickle_count (pair) != 2))
        return dfkd_pickle_misuse (r, _("a dict"));
      if (!dfkd_pickle_append (r, dict, pair != NULL ? pair->items->pdata[0] : from->items->pdata[2 * i])
          || !dfkd_pickle_append (r, dict, pair != NULL ? pair->items->pdata[1] : from->items->pdata[2 * i + 1]))
        return NULL;
    }
  return dict;
}

/* of what makes the values that it lacks, which nobody asks for here */
static DfkdPickleValue *
make_default_dict (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const gboolean none = dfkd_pickle_count (arguments) == 0 || dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_NONE) != NULL;

  if (dfkd_pickle_count (arguments) > 1 || (!none && dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_CLASS) == NULL))
    return dfkd_pickle_misuse (r, _("a dict"));
  return dfkd_pickle_make (r, DFKD_PICKLE_DICT);
}

static DfkdPickleValue *
make_set (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *from = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_LIST);
  DfkdPickleValue *set = dfkd_pickle_make (r, DFKD_PICKLE_LIST);

  if (dfkd_pickle_count (arguments) > 0 && from == NULL)
    return dfkd_pickle_misuse (r, _("a set"));
  for (guint i = 0; set != NULL && from != NULL && i < dfkd_pickle_count (from); i++)
    if (!dfkd_pickle_append (r, set, from->items->pdata[i]))
      return NULL;
  return set;
}

/* Protocols before 3 have no bytes: Python 3 wrote them as text in Latin-1. */
static DfkdPickleValue *
make_bytes (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *text = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_TEXT);
  guint8 *bytes;
  gsize count = 0;

  if (text == NULL && dfkd_pickle_count (arguments) > 0)
    return dfkd_pickle_misuse (r, _("bytes"));
  bytes = dfkd_pickle_allocate (r, text != NULL ? text->length : 0);
  if (bytes == NULL)
    return NULL;
  for (const char *at = text != NULL ? text->text : NULL; at != NULL && at < text->text + text->length;
       at = g_utf8_next_char (at))
    {
      const gunichar c = g_utf8_get_char (at);

      if (c > 0xff)
        return dfkd_pickle_misuse (r, _("bytes"));
      bytes[count++] = (guint8) c;
    }
  return dfkd_pickle_make_text (r, DFKD_PICKLE_BYTES, bytes, count);
}

static DfkdPickleValue *
make_size (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *sizes = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_TUPLE);

  return sizes != NULL ? arguments->items->pdata[0] : dfkd_pickle_misuse (r, "torch.Size");
}

/* of text, and in a device its number */
static DfkdPickleValue *
make_text (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *text = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_TEXT);

  return text != NULL ? arguments->items->pdata[0] : dfkd_pickle_misuse (r, _("a text"));
}

/* its parts, with slashes between them; names of files are bytes */
static DfkdPickleValue *
make_path (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  gsize length = 0, at = 0;
  guint8 *path;

  for (guint i = 0; i < dfkd_pickle_count (arguments); i++)
    {
      const DfkdPickleValue *part = dfkd_pickle_argument (arguments, i, DFKD_PICKLE_TEXT);

      if (part == NULL)
        return dfkd_pickle_misuse (r, _("a path"));
      length += part->length + 1;
    }
  path = dfkd_pickle_allocate (r, length);
  if (path == NULL)
    return NULL;
  for (guint i = 0; i < dfkd_pickle_count (arguments); i++)
    {
      const DfkdPickleValue *part = dfkd_pickle_item (arguments, i);

      if (i > 0 && at > 0 && path[at - 1] != '/')
        path[at++] = '/';
      memcpy (path + at, part->text, part->length);
      at += part->length;
    }
  return dfkd_pickle_make_text (r, DFKD_PICKLE_BYTES, path, at);
}

/* -------------------------------------------------------------------------------------------------- tensors */

static gboolean
copy_numbers (const DfkdPickleValue *tuple, gint64 *numbers)
{
  for (guint i = 0; i < dfkd_pickle_count (tuple); i++)
    {
      const DfkdPickleValue *number = dfkd_pickle_argument (tuple, i, DFKD_PICKLE_INTEGER);

      if (number == NULL)
        return FALSE;
      numbers[i] = number->integer;
    }
  return TRUE;
}

/* storage, offset, sizes, strides; what follows is for training and hooks */
static DfkdPickleValue *
make_tensor (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *storage = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_STORAGE);
  const DfkdPickleValue *offset = dfkd_pickle_argument (arguments, 1, DFKD_PICKLE_INTEGER);
  const DfkdPickleValue *dims = dfkd_pickle_argument (arguments, 2, DFKD_PICKLE_TUPLE);
  const DfkdPickleValue *strides = dfkd_pickle_argument (arguments, 3, DFKD_PICKLE_TUPLE);
  DfkdPickleValue *value;

  if (storage == NULL || offset == NULL || dims == NULL || strides == NULL || dfkd_pickle_count (dims) > DFKD_TENSOR_MAX_RANK
      || dfkd_pickle_count (dims) != dfkd_pickle_count (strides))
    return dfkd_pickle_misuse (r, _("a tensor"));
  value = dfkd_pickle_make (r, DFKD_PICKLE_TENSOR);
  if (value == NULL)
    return NULL;
  value->tensor = g_new0 (DfkdPickleTensor, 1);
  value->tensor->storage = storage->storage;
  value->tensor->offset = offset->integer;
  value->tensor->rank = dfkd_pickle_count (dims);
  if (!copy_numbers (dims, value->tensor->dims) || !copy_numbers (strides, value->tensor->strides))
    return dfkd_pickle_misuse (r, _("a tensor"));
  return value;
}

static DfkdPickleValue *
make_parameter (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *tensor = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_TENSOR);

  return tensor != NULL ? arguments->items->pdata[0] : dfkd_pickle_misuse (r, _("a tensor"));
}

/* what makes it, its class, what it is made of, its attributes: of tensors that carry some */
static DfkdPickleValue *
make_typed (DfkdPickleReader *r, DfkdPickleValue *arguments)
{
  const DfkdPickleValue *callee = dfkd_pickle_argument (arguments, 0, DFKD_PICKLE_CLASS);
  const DfkdPickleValue *of = dfkd_pickle_argument (arguments, 2, DFKD_PICKLE_TUPLE);
  const Make make = callee != NULL ? classes[row_of (callee)].make : NULL;

  if (of == NULL || (make != make_tensor && make != make_parameter))
    return dfkd_pickle_misuse (r, _("a tensor"));
  return make (r, arguments->items->pdata[2]);
}

/* ("storage", class, key, device, count) and in the older format a view, which no file of the last years has */
DfkdPickleValue *
dfkd_pickle_persistent (DfkdPickleReader *r, const DfkdPickleValue *id)
{
  const DfkdPickleValue *class, *key, *count;
  DfkdPickleValue *value;
  guint row;

  if (id->kind != DFKD_PICKLE_TUPLE || dfkd_pickle_count (id) < 5)
    return dfkd_pickle_misuse (r, _("a storage"));
  class = dfkd_pickle_argument (id, 1, DFKD_PICKLE_CLASS);
  key = dfkd_pickle_item (id, 2);
  if (key->kind == DFKD_PICKLE_BYTES) /* from Python 2 */
    key = dfkd_pickle_make_text (r, DFKD_PICKLE_TEXT, (const guint8 *) key->text, key->length);
  count = dfkd_pickle_argument (id, 4, DFKD_PICKLE_INTEGER);
  if (!dfkd_pickle_is_text (dfkd_pickle_item (id, 0), "storage") || class == NULL || key == NULL || key->kind != DFKD_PICKLE_TEXT
      || count == NULL || (dfkd_pickle_count (id) > 5 && dfkd_pickle_argument (id, 5, DFKD_PICKLE_NONE) == NULL))
    return dfkd_pickle_misuse (r, _("a storage"));
  row = row_of (class);
  if (!classes[row].stored || strlen (key->text) != key->length)
    return dfkd_pickle_misuse (r, _("a storage"));
  value = dfkd_pickle_make (r, DFKD_PICKLE_STORAGE);
  if (value == NULL)
    return NULL;
  value->storage = g_new (DfkdPickleStorage, 1);
  g_ptr_array_add (r->pickle->storages, value->storage);
  *value->storage = (DfkdPickleStorage){ .dtype = classes[row].dtype, .key = key->text, .count = count->integer };
  return value;
}

/* An OrderedDict's own attributes, as state_dict() adds _metadata, say nothing about its tensors. */
gboolean
dfkd_pickle_set_state (DfkdPickleReader *r, DfkdPickleValue *object, const DfkdPickleValue *state)
{
  if (object->kind == DFKD_PICKLE_DICT)
    return TRUE;
  if (object->kind == DFKD_PICKLE_ARRAY)
    return dfkd_pickle_set_array_state (r, object, state);
  if (object->kind == DFKD_PICKLE_DTYPE)
    return dfkd_pickle_set_dtype_state (r, object, state);
  return dfkd_pickle_damage (r, _("it changes what has no state"));
}
