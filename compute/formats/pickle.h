/* pickle.h: Python's pickles, protocols 0 to 5, read as a tree of values. No code is ever run.
 *
 * It knows what files of tensors and arrays are made of: none, booleans, numbers, text, bytes, lists, tuples, sets, dicts
 * (OrderedDict, Counter, defaultdict; argparse.Namespace as an empty one), PyTorch's tensors and storages, numpy's arrays; and
 * what often stands beside them: paths as bytes, versions and devices as text, element types. A pickle that names any other
 * class or function is refused by that name. It knows neither zip archives, nor networks, nor what CIFAR's
 * files hold.
 *
 * Any file may be hostile: no value contains itself, values nest at most DFKD_PICKLE_MAX_DEPTH levels, and memory stays
 * in proportion to the file. Values may be shared, so look for what is needed; a walk through everything can take for ever.
 * Sketch:
 *
 *   g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, NULL, "data_batch_1", &error);
 *   const DfkdPickleValue *data = dfkd_pickle_lookup (dfkd_pickle_root (pickle), "data");
 *   if (data != NULL && data->kind == DFKD_PICKLE_ARRAY && data->array->dtype == DFKD_DTYPE_U8) …
 */
#pragma once

#include "tensor-entry.h"

G_BEGIN_DECLS

enum {
  DFKD_PICKLE_MAX_DEPTH = 64,
};

typedef enum {
  DFKD_PICKLE_NONE,
  DFKD_PICKLE_BOOL,    /* .truth */
  DFKD_PICKLE_INTEGER, /* .integer */
  DFKD_PICKLE_HUGE,    /* .text, .length: a whole number beyond 64 bits, two's complement, little-endian */
  DFKD_PICKLE_FLOAT,   /* .number, which may be NaN or infinite */
  DFKD_PICKLE_TEXT,    /* .text, .length: UTF-8, ended by a zero byte; a hostile one may hold others */
  DFKD_PICKLE_BYTES,   /* .text, .length: any bytes, no zero at their end; also what Python 2 called str */
  DFKD_PICKLE_LIST,    /* .items; also sets */
  DFKD_PICKLE_TUPLE,   /* .items; also torch.Size */
  DFKD_PICKLE_DICT,    /* .items: key, value, key, value …; also OrderedDict, Counter and defaultdict */
  DFKD_PICKLE_ARRAY,   /* .array: numpy's ndarray or, of rank 0, one of its scalars */
  DFKD_PICKLE_TENSOR,  /* .tensor */
  DFKD_PICKLE_STORAGE, /* .storage: what tensors lie in */
  DFKD_PICKLE_CLASS,   /* .text: a class itself, not an object of it, such as torch.FloatStorage; also torch.float32 */
  DFKD_PICKLE_DTYPE,   /* .dtype: numpy's element type itself */
} DfkdPickleKind;

/** DfkdPickleArray: numpy's, always in C's order: the last dimension fastest, little-endian. */
typedef struct {
  DfkdDtype dtype;
  guint rank; /* 0: one number */
  gsize dims[DFKD_TENSOR_MAX_RANK];
  const guint8 *data; /* not aligned */
  gsize bytes;        /* the product of dims times the size of dtype */
} DfkdPickleArray;

/** DfkdPickleStorage: numbers that stand outside of the pickle. */
typedef struct {
  DfkdDtype dtype;
  const char *key; /* "0", "1" … */
  gint64 count;    /* elements, as the pickle claims */
} DfkdPickleStorage;

/** DfkdPickleTensor: a view of a storage, as the pickle claims: any number may be negative or lead outside. */
typedef struct {
  const DfkdPickleStorage *storage;
  gint64 offset; /* of the first element, in elements, as strides */
  guint rank;
  gint64 dims[DFKD_TENSOR_MAX_RANK], strides[DFKD_TENSOR_MAX_RANK];
} DfkdPickleTensor;

/** DfkdPickleValue: to be read only; all live as long as their pickle. */
typedef struct {
  DfkdPickleKind kind;
  guint height; /* private */
  gsize length;
  union {
    gboolean truth;
    gint64 integer;
    double number;
    const char *text;
    GPtrArray *items; /* (nullable) (element-type DfkdPickleValue): use the functions below */
    DfkdPickleArray *array;
    DfkdPickleTensor *tensor;
    DfkdPickleStorage *storage;
    DfkdDtype dtype;
  };
} DfkdPickleValue;

typedef struct _DfkdPickle DfkdPickle;

/**
 * dfkd_pickle_read:
 * @bytes: kept, since values point into it
 * @offset: where the pickle begins
 * @end: (out) (optional): where it ended, so that another can follow
 * @name: stands for the file in messages
 *
 * Returns: (transfer full): or NULL after DFKD_ERROR_FORMAT, which names the file and what is wrong or forbidden
 */
DfkdPickle *dfkd_pickle_read (GBytes *bytes, gsize offset, gsize *end, const char *name, GError **error);
void dfkd_pickle_free (DfkdPickle *pickle);
const DfkdPickleValue *dfkd_pickle_root (const DfkdPickle *pickle);

/** dfkd_pickle_count: items of a list or tuple, pairs of a dict, else 0 */
guint dfkd_pickle_count (const DfkdPickleValue *value);
/** dfkd_pickle_item: of a list or tuple */
const DfkdPickleValue *dfkd_pickle_item (const DfkdPickleValue *value, guint index);
/** dfkd_pickle_key: of a dict's pair @index, in the order in which they were put in */
const DfkdPickleValue *dfkd_pickle_key (const DfkdPickleValue *dict, guint index);
const DfkdPickleValue *dfkd_pickle_entry (const DfkdPickleValue *dict, guint index);
/** dfkd_pickle_lookup: (nullable): what a dict holds under a key of text, or of bytes as Python 2 wrote it; the last of equal
 * keys counts; NULL also for what is no dict */
const DfkdPickleValue *dfkd_pickle_lookup (const DfkdPickleValue *dict, const char *key);
/** dfkd_pickle_is_text: whether @value is this text, or these bytes */
gboolean dfkd_pickle_is_text (const DfkdPickleValue *value, const char *text);

/** dfkd_pickle_count_storages: that it names anywhere, each as often as it is named */
guint dfkd_pickle_count_storages (const DfkdPickle *pickle);
const DfkdPickleStorage *dfkd_pickle_get_storage (const DfkdPickle *pickle, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPickle, dfkd_pickle_free)

G_END_DECLS
