/* torch-checkpoint.c: finding the state dict in what torch.save wrote, and its tensors in their storages. */
#include "torch-checkpoint.h"

#include "errors.h"
#include "torch-storages-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  LEVELS = 2,       /* of dicts around the state dict */
  MOST_NAME = 1024, /* messages repeat names */
  MOST_OTHERS = 16, /* state dicts that are told of */
  COPIES = 4,       /* what tensors that do not lie in a row may take, times the file */
};

struct _DfkdTorchCheckpoint
{
  char *name, *part;
  DfkdTorchStorages *storages;
  GPtrArray *entries;
  GPtrArray *copies; /* data of tensors that do not lie in a row */
  GPtrArray *others; /* of char *, NULL at the end */
  gsize allowance;   /* bytes that may still be copied */
};

gboolean
dfkd_torch_checkpoint_is (GBytes *bytes)
{
  return dfkd_torch_storages_are (bytes);
}

void
dfkd_torch_checkpoint_free (DfkdTorchCheckpoint *c)
{
  if (c == NULL)
    return;
  g_ptr_array_unref (c->entries);
  g_ptr_array_unref (c->copies);
  g_ptr_array_unref (c->others);
  dfkd_torch_storages_free (c->storages);
  g_free (c->part);
  g_free (c->name);
  g_free (c);
}

/* --------------------------------------------------------------------------------------------- state dicts */

typedef struct {
  char *path;
  const DfkdPickleValue *dict;
} Candidate;

static void
clear_candidate (gpointer data)
{
  g_free (((Candidate *) data)->path);
}

static gboolean
is_plain (const DfkdPickleValue *value)
{
  const DfkdPickleKind kind = value->kind;

  return kind == DFKD_PICKLE_NONE || kind == DFKD_PICKLE_BOOL || kind == DFKD_PICKLE_INTEGER || kind == DFKD_PICKLE_HUGE
         || kind == DFKD_PICKLE_FLOAT || kind == DFKD_PICKLE_TEXT || kind == DFKD_PICKLE_BYTES || kind == DFKD_PICKLE_CLASS
         || kind == DFKD_PICKLE_DTYPE || (kind == DFKD_PICKLE_ARRAY && value->array->rank == 0);
}

typedef enum {
  NO_STATE_DICT,
  PURE,  /* tensors alone */
  MIXED, /* numbers and text, such as an epoch, beside them */
} Sort;

static Sort
sort_of (const DfkdPickleValue *value)
{
  const guint count = value->kind == DFKD_PICKLE_DICT ? dfkd_pickle_count (value) : 0;
  guint tensors = 0;

  for (guint i = 0; i < count; i++)
    {
      const DfkdPickleKind key = dfkd_pickle_key (value, i)->kind;
      const DfkdPickleValue *entry = dfkd_pickle_entry (value, i);

      if ((key != DFKD_PICKLE_TEXT && key != DFKD_PICKLE_BYTES) || (entry->kind != DFKD_PICKLE_TENSOR && !is_plain (entry)))
        return NO_STATE_DICT;
      tensors += entry->kind == DFKD_PICKLE_TENSOR;
    }
  return tensors == 0 ? NO_STATE_DICT : tensors == count ? PURE : MIXED;
}

/* those of one sort; every dict is looked into once, however often it stands somewhere */
static void
search (const DfkdPickleValue *value, Sort wanted, const char *path, guint level, GHashTable *seen, GArray *found)
{
  Sort sort;

  if (value->kind != DFKD_PICKLE_DICT || !g_hash_table_add (seen, (gpointer) value))
    return;
  sort = sort_of (value);
  if (sort == wanted)
    {
      const Candidate candidate = { g_strdup (path), value };

      g_array_append_val (found, candidate);
    }
  for (guint i = 0; sort == NO_STATE_DICT && level < LEVELS && i < dfkd_pickle_count (value); i++)
    {
      const DfkdPickleValue *key = dfkd_pickle_key (value, i);
      g_autofree char *name = NULL, *inner = NULL;

      if (key->kind != DFKD_PICKLE_TEXT && key->kind != DFKD_PICKLE_BYTES)
        continue;
      name = g_utf8_make_valid (key->text, (gssize) MIN (key->length, (gsize) 100));
      inner = g_strdup_printf ("%s%s%s", path, *path != '\0' ? "." : "", name);
      search (dfkd_pickle_entry (value, i), wanted, inner, level + 1, seen, found);
    }
}

/* the first in the order of the header's names, else the first */
static guint
prefer (const GArray *found)
{
  static const char *const names[]
      = { "state_dict", "model_state_dict", "model", "net", "network", "teacher", "student", "weights" };

  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    for (guint i = 0; i < found->len; i++)
      {
        const char *path = g_array_index (found, Candidate, i).path, *dot = strrchr (path, '.');

        if (strcmp (path, names[n]) == 0 || (dot != NULL && strcmp (dot + 1, names[n]) == 0))
          return i;
      }
  return 0;
}

static char *
join (const GArray *found)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->len && i < MOST_OTHERS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", g_array_index (found, Candidate, i).path);
  return g_string_free (text, FALSE);
}

static const DfkdPickleValue *
choose (DfkdTorchCheckpoint *c, const char *part, gboolean single, const GArray *found, GError **error)
{
  guint chosen = 0;

  if (found->len == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   single ? _("%s holds no tensor, expected one by itself or in a dict: save it with torch.save (tensor, …), or an array with numpy.save")
                          : _("%s holds no state dict, expected tensors by name: save them with torch.save (model.state_dict (), …)"),
                   c->name);
      return NULL;
    }
  if (part != NULL)
    while (chosen < found->len && strcmp (g_array_index (found, Candidate, chosen).path, part) != 0)
      chosen++;
  else
    chosen = prefer (found);
  if (chosen == found->len)
    {
      g_autofree char *all = join (found);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s holds no state dict “%s”; it holds: %s"), c->name, part,
                   *all != '\0' ? all : _("one alone, without a name"));
      return NULL;
    }
  for (guint i = 0; i < found->len && c->others->len < MOST_OTHERS; i++)
    if (i != chosen)
      g_ptr_array_add (c->others, g_strdup (g_array_index (found, Candidate, i).path));
  g_ptr_array_add (c->others, NULL);
  c->part = g_strdup (g_array_index (found, Candidate, chosen).path);
  return g_array_index (found, Candidate, chosen).dict;
}

/* -------------------------------------------------------------------------------------------------- tensors */

static gboolean G_GNUC_PRINTF (4, 5)
fail (const DfkdTorchCheckpoint *c, const char *tensor, GError **error, const char *format, ...)
{
  g_autofree char *problem = NULL;
  va_list arguments;

  va_start (arguments, format);
  problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: its tensor %s %s; copy or save the file again"), c->name, tensor,
               problem);
  return FALSE;
}

/* Checks that all of @tensor lies within its storage, and sets the entry's shape and size. *@in_a_row: its elements follow each
 * other. A tensor of more elements than its storage, such as an expanded one, would take memory that no file justifies. */
static gboolean
check_place (const DfkdTorchCheckpoint *c, const DfkdPickleTensor *tensor, DfkdTensorEntry *entry, gboolean *in_a_row,
             GError **error)
{
  const guint64 held = (guint64) tensor->storage->count;
  gsize count = 1, last = 0, reach, step = 1;

  *in_a_row = TRUE;
  if (tensor->storage->count < 0 || tensor->offset < 0)
    return fail (c, entry->name, error, _("begins before its storage"));
  for (guint i = tensor->rank; i > 0; i--)
    {
      const gint64 dim = tensor->dims[i - 1], stride = tensor->strides[i - 1];

      if (dim < 0 || stride < 0)
        return fail (c, entry->name, error, _("has a negative size or stride"));
      if (dim > 1 && (gsize) stride != step)
        *in_a_row = FALSE;
      entry->dims[i - 1] = (gsize) dim;
      if (!dfkd_size_multiply (count, (gsize) dim, &count) || !dfkd_size_multiply (step, (gsize) dim, &step)
          || !dfkd_size_multiply ((gsize) MAX (dim - 1, 0), (gsize) stride, &reach) || reach > G_MAXSIZE / 2
          || last > G_MAXSIZE / 4)
        return fail (c, entry->name, error, _("is larger than its storage"));
      last += reach;
    }
  if (count > held || (count > 0 && ((guint64) tensor->offset > held || last >= held - (guint64) tensor->offset)))
    return fail (c, entry->name, error, _("is larger than its storage"));
  entry->bytes = count * dfkd_dtype_bytes (entry->dtype);
  return TRUE;
}

/* the elements one after the other, the last dimension fastest */
static void
gather (const DfkdPickleTensor *tensor, const DfkdTensorEntry *entry, const guint8 *storage, guint8 *out)
{
  const gsize size = dfkd_dtype_bytes (entry->dtype), count = entry->bytes / size;
  gsize index[DFKD_TENSOR_MAX_RANK] = { 0 }, from = (gsize) tensor->offset;

  for (gsize at = 0; at < count; at++)
    {
      memcpy (out + at * size, storage + from * size, size);
      for (guint d = tensor->rank; d > 0; d--)
        {
          from += (gsize) tensor->strides[d - 1];
          if (++index[d - 1] < entry->dims[d - 1])
            break;
          from -= (gsize) tensor->strides[d - 1] * entry->dims[d - 1];
          index[d - 1] = 0;
        }
    }
}

static gboolean
read_data (DfkdTorchCheckpoint *c, const DfkdPickleTensor *tensor, DfkdTensorEntry *entry, GError **error)
{
  GBytes *bytes;
  const guint8 *storage;
  gboolean in_a_row;
  guint8 *copy;

  if (!check_place (c, tensor, entry, &in_a_row, error))
    return FALSE;
  bytes = dfkd_torch_storages_get (c->storages, tensor->storage, error);
  if (bytes == NULL)
    return FALSE;
  storage = g_bytes_get_data (bytes, NULL);
  if (in_a_row || entry->bytes == 0)
    {
      entry->data = entry->bytes > 0 ? storage + (gsize) tensor->offset * dfkd_dtype_bytes (entry->dtype) : (const guint8 *) "";
      return TRUE;
    }
  if (entry->bytes > c->allowance)
    return fail (c, entry->name, error, _("and others share a storage too often"));
  c->allowance -= entry->bytes;
  copy = g_try_malloc (entry->bytes);
  if (copy == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("%s: there is too little memory for its tensor %s of %zu bytes"),
                   c->name, entry->name, entry->bytes);
      return FALSE;
    }
  g_ptr_array_add (c->copies, copy);
  gather (tensor, entry, storage, copy);
  entry->data = copy;
  return TRUE;
}

static char *
read_name (const DfkdTorchCheckpoint *c, const DfkdPickleValue *key, GError **error)
{
  if (key->length > 0 && key->length <= MOST_NAME && g_utf8_validate_len (key->text, key->length, NULL))
    return g_strndup (key->text, key->length);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: the name of a tensor is empty, longer than %u bytes or no UTF-8; copy or save the file again"), c->name,
               MOST_NAME);
  return NULL;
}

/* @name: (transfer full) */
static gboolean
read_tensor (DfkdTorchCheckpoint *c, char *name, const DfkdPickleTensor *tensor, GError **error)
{
  DfkdTensorEntry *entry = g_new0 (DfkdTensorEntry, 1);

  g_ptr_array_add (c->entries, entry);
  entry->name = name;
  entry->dtype = tensor->storage->dtype;
  entry->rank = tensor->rank;
  return read_data (c, tensor, entry, error);
}

static gboolean
read_tensors (DfkdTorchCheckpoint *c, const DfkdPickleValue *dict, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dfkd_pickle_count (dict); i++)
    {
      const DfkdPickleValue *value = dfkd_pickle_entry (dict, i);
      g_autofree char *name = NULL;

      if (value->kind != DFKD_PICKLE_TENSOR)
        continue;
      name = read_name (c, dfkd_pickle_key (dict, i), error);
      if (name == NULL)
        return FALSE;
      if (!g_hash_table_add (names, name))
        return fail (c, name, error, _("is there twice"));
      if (!read_tensor (c, g_steal_pointer (&name), value->tensor, error))
        return FALSE;
    }
  return TRUE;
}

/* ----------------------------------------------------------------------------------------------- the whole */

static gboolean
read_root (DfkdTorchCheckpoint *c, const char *part, gboolean single, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Candidate));
  const DfkdPickleValue *root = dfkd_torch_storages_root (c->storages), *dict;

  if (single && root->kind == DFKD_PICKLE_TENSOR)
    {
      c->part = g_strdup ("");
      g_ptr_array_add (c->others, NULL);
      return read_tensor (c, g_strdup ("tensor"), root->tensor, error);
    }
  g_array_set_clear_func (found, clear_candidate);
  for (Sort sort = PURE; sort <= MIXED; sort++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

      search (root, sort, "", 0, seen, found);
    }
  dict = choose (c, part, single, found, error);
  return dict != NULL && read_tensors (c, dict, error);
}

static DfkdTorchCheckpoint *
new_checkpoint (GBytes *bytes, const char *name, const char *part, gboolean single, GError **error)
{
  g_autoptr (DfkdTorchCheckpoint) c = g_new0 (DfkdTorchCheckpoint, 1);

  c->name = g_strdup (name);
  c->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_tensor_entry_free);
  c->copies = g_ptr_array_new_with_free_func (g_free);
  c->others = g_ptr_array_new_with_free_func (g_free);
  c->allowance = COPIES * MIN (g_bytes_get_size (bytes), G_MAXSIZE / COPIES);
  c->storages = dfkd_torch_storages_open (bytes, name, error);
  return c->storages != NULL && read_root (c, part, single, error) ? g_steal_pointer (&c) : NULL;
}

DfkdTorchCheckpoint *
dfkd_torch_checkpoint_new (GBytes *bytes, const char *name, const char *part, GError **error)
{
  return new_checkpoint (bytes, name, part, FALSE, error);
}

DfkdTorchCheckpoint *
dfkd_torch_checkpoint_new_single (GBytes *bytes, const char *name, GError **error)
{
  return new_checkpoint (bytes, name, NULL, TRUE, error);
}

const GPtrArray *
dfkd_torch_checkpoint_entries (const DfkdTorchCheckpoint *c)
{
  return c->entries;
}

const char *
dfkd_torch_checkpoint_part (const DfkdTorchCheckpoint *c)
{
  return c->part;
}

const char *const *
dfkd_torch_checkpoint_others (const DfkdTorchCheckpoint *c)
{
  return (const char *const *) c->others->pdata;
}
