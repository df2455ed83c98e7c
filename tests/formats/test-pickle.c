/* test-pickle.c: the same value in every protocol, the arrays of Python 2, and every way in which a pickle can be wrong or
 * hostile. */
#include "pickle.h"

#include "errors.h"
#include "support.h"

#include <string.h>

#define PICKLE(text) text, sizeof text - 1

static GBytes *
fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "checkpoints", name, NULL);

  return read_bytes (path);
}

static const DfkdPickleValue *
get (const DfkdPickleValue *dict, const char *key, DfkdPickleKind kind)
{
  const DfkdPickleValue *value = dfkd_pickle_lookup (dict, key);

  g_assert_nonnull (value);
  g_assert_cmpint (value->kind, ==, kind);
  return value;
}

static void
check_array (const DfkdPickleValue *root, const char *key, DfkdDtype dtype, gsize size)
{
  const DfkdPickleArray *array = get (root, key, DFKD_PICKLE_ARRAY)->array;

  g_assert_cmpint (array->dtype, ==, dtype);
  g_assert_cmpuint (array->rank, ==, 2);
  g_assert_cmpuint (array->dims[0], ==, 2);
  g_assert_cmpuint (array->dims[1], ==, 3);
  g_assert_cmpuint (array->bytes, ==, 6 * size);
  for (guint i = 0; i < 6; i++)
    {
      gint16 whole;
      float real;

      memcpy (&whole, array->data + i * size, sizeof whole);
      if (dtype == DFKD_DTYPE_I16)
        g_assert_cmpint (whole, ==, i);
      else
        {
          memcpy (&real, array->data + i * size, sizeof real);
          g_assert_cmpfloat (real, ==, i);
        }
    }
}

static void
check_containers (const DfkdPickleValue *root)
{
  const DfkdPickleValue *tuple = get (root, "tuple", DFKD_PICKLE_TUPLE), *shared = get (root, "shared", DFKD_PICKLE_LIST);
  const DfkdPickleValue *ordered = get (root, "ordered", DFKD_PICKLE_DICT), *counter = get (root, "counter", DFKD_PICKLE_DICT);

  g_assert_cmpuint (dfkd_pickle_count (tuple), ==, 3);
  g_assert_cmpint (dfkd_pickle_item (dfkd_pickle_item (tuple, 1), 0)->integer, ==, 2);
  g_assert_cmpuint (dfkd_pickle_count (dfkd_pickle_item (tuple, 2)), ==, 0);
  g_assert_cmpuint (dfkd_pickle_count (get (root, "long", DFKD_PICKLE_TUPLE)), ==, 5);
  g_assert_true (dfkd_pickle_item (shared, 0) == dfkd_pickle_item (shared, 1));
  g_assert_true (dfkd_pickle_is_text (dfkd_pickle_key (ordered, 0), "b"));
  g_assert_true (dfkd_pickle_is_text (dfkd_pickle_key (ordered, 1), "a"));
  g_assert_cmpint (dfkd_pickle_entry (ordered, 1)->integer, ==, 2);
  g_assert_cmpint (dfkd_pickle_key (counter, 0)->integer, ==, 80);
  g_assert_cmpint (dfkd_pickle_item (get (root, "set", DFKD_PICKLE_LIST), 0)->integer, ==, 5);
}

static void
check_value (const DfkdPickleValue *root, guint protocol)
{
  static const guint8 huge[] = { 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19 };
  const DfkdPickleValue *truths, *bytes, *scalar, *text;

  g_assert_cmpint (root->kind, ==, DFKD_PICKLE_DICT);
  get (root, "none", DFKD_PICKLE_NONE);
  truths = get (root, "truths", DFKD_PICKLE_LIST);
  g_assert_true (dfkd_pickle_item (truths, 0)->truth);
  g_assert_false (dfkd_pickle_item (truths, 1)->truth);
  g_assert_cmpint (get (root, "small", DFKD_PICKLE_INTEGER)->integer, ==, 7);
  g_assert_cmpint (get (root, "negative", DFKD_PICKLE_INTEGER)->integer, ==, -70000);
  g_assert_cmpint (get (root, "wide", DFKD_PICKLE_INTEGER)->integer, ==, G_GINT64_CONSTANT (1) << 40);
  g_assert_cmpint (get (root, "least", DFKD_PICKLE_INTEGER)->integer, ==, G_MININT64);
  if (protocol >= 2)
    g_assert_cmpmem (get (root, "huge", DFKD_PICKLE_HUGE)->text, dfkd_pickle_lookup (root, "huge")->length, huge, sizeof huge);
  g_assert_cmpfloat (get (root, "float", DFKD_PICKLE_FLOAT)->number, ==, -0.1);
  text = get (root, "text", DFKD_PICKLE_TEXT);
  g_assert_cmpstr (text->text, ==, "图像 ü\n\\u");
  g_assert_cmpuint (text->length, ==, strlen (text->text));
  bytes = get (root, "bytes", DFKD_PICKLE_BYTES);
  g_assert_cmpmem (bytes->text, bytes->length, "\x00\xff'\n", 4);
  check_containers (root);
  check_array (root, "array", DFKD_DTYPE_I16, 2);
  check_array (root, "columns", DFKD_DTYPE_F32, 4);
  scalar = get (root, "scalar", DFKD_PICKLE_ARRAY);
  g_assert_cmpuint (scalar->array->rank, ==, 0);
  g_assert_cmpmem (scalar->array->data, scalar->array->bytes, &(double){ 2.5 }, sizeof (double));
  g_assert_null (dfkd_pickle_lookup (root, "absent"));
  g_assert_null (dfkd_pickle_lookup (scalar, "small"));
}

static void
test_protocols (void)
{
  for (guint protocol = 0; protocol <= 5; protocol++)
    {
      g_autofree char *name = g_strdup_printf ("protocol-%u.pickle", protocol);
      g_autoptr (GBytes) bytes = fixture (name);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, NULL, name, &error);

      g_assert_no_error (error);
      check_value (dfkd_pickle_root (pickle), protocol);
    }
}

static void
test_python2 (void)
{
  g_autoptr (GBytes) bytes = fixture ("cifar-python2.pickle");
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, NULL, "batch", &error);
  const DfkdPickleValue *root, *labels;
  const DfkdPickleArray *data;

  g_assert_no_error (error);
  root = dfkd_pickle_root (pickle);
  data = get (root, "data", DFKD_PICKLE_ARRAY)->array;
  g_assert_cmpint (data->dtype, ==, DFKD_DTYPE_U8);
  g_assert_cmpuint (data->rank, ==, 2);
  g_assert_cmpuint (data->dims[0], ==, 3);
  g_assert_cmpuint (data->dims[1], ==, 3072);
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3072; j += 500)
      g_assert_cmpuint (data->data[i * 3072 + j], ==, (i * 7 + j) % 256);
  labels = get (root, "labels", DFKD_PICKLE_LIST);
  g_assert_cmpint (dfkd_pickle_item (labels, 2)->integer, ==, 2);
  g_assert_true (dfkd_pickle_is_text (get (root, "batch_label", DFKD_PICKLE_BYTES), "testing batch 1 of 1"));
}

/* what stands beside the weights of many a checkpoint */
static void
test_beside (void)
{
  static const struct {
    const char *title, *data;
    gsize size;
    DfkdPickleKind kind;
    const char *text; /* NULL: a dict, of so many pairs */
    guint count;
  } cases[] = {
    { "an element type", PICKLE ("\x80\x02" "ctorch\nfloat32\n."), DFKD_PICKLE_CLASS, "torch.float32" },
    { "a version", PICKLE ("\x80\x02" "ctorch.torch_version\nTorchVersion\nX\x05\0\0\0" "2.1.0\x85\x81."), DFKD_PICKLE_TEXT, "2.1.0" },
    { "a device", PICKLE ("\x80\x02" "ctorch\ndevice\nX\x04\0\0\0cudaK\0\x86R."), DFKD_PICKLE_TEXT, "cuda" },
    { "a path", PICKLE ("cpathlib\nPosixPath\n(V/\nVhome\nVmodel.pth\ntR."), DFKD_PICKLE_BYTES, "/home/model.pth" },
    { "a path of Python 3.13", PICKLE ("cpathlib._local\nPurePosixPath\n(Vruns\nVa\ntR."), DFKD_PICKLE_BYTES, "runs/a" },
    { "a path of Windows", PICKLE ("cpathlib\nWindowsPath\n(VC:\\u005c\nVa\ntR."), DFKD_PICKLE_BYTES, "C:\\/a" },
    { "a path to here", PICKLE ("cpathlib\nPosixPath\n(tR."), DFKD_PICKLE_BYTES, "" },
    { "a dict of lists", PICKLE ("\x80\x02" "ccollections\ndefaultdict\nc__builtin__\nlist\n\x85RX\x04\0\0\0loss](K\x01K\x02" "es."), DFKD_PICKLE_DICT, NULL, 1 },
    { "a dict of dicts", PICKLE ("ccollections\ndefaultdict\ncbuiltins\ndict\n\x85R."), DFKD_PICKLE_DICT, NULL, 0 },
    { "a dict of whole numbers", PICKLE ("ccollections\ndefaultdict\nc__builtin__\nlong\n\x85R(K\x01K\x02K\x03K\x04u."), DFKD_PICKLE_DICT, NULL, 2 },
    { "a dict without a default", PICKLE ("ccollections\ndefaultdict\nN\x85R."), DFKD_PICKLE_DICT, NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].data, cases[i].size);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, NULL, cases[i].title, &error);
      const DfkdPickleValue *root;

      g_assert_no_error (error);
      root = dfkd_pickle_root (pickle);
      g_assert_cmpint (root->kind, ==, cases[i].kind);
      if (cases[i].text != NULL)
        g_assert_cmpmem (root->text, root->length, cases[i].text, strlen (cases[i].text));
      else
        g_assert_cmpuint (dfkd_pickle_count (root), ==, cases[i].count);
    }
}

/* as PyTorch's older files hold them: one behind the other */
static void
test_several (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("K\x05.K\x06.", 6);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPickle) first = NULL, second = NULL, third = NULL;
  gsize end;

  first = dfkd_pickle_read (bytes, 0, &end, "two", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (end, ==, 3);
  second = dfkd_pickle_read (bytes, end, &end, "two", &error);
  g_assert_no_error (error);
  g_assert_cmpint (dfkd_pickle_root (second)->integer, ==, 6);
  third = dfkd_pickle_read (bytes, end, &end, "two", &error);
  g_assert_null (third);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
}

static const struct {
  const char *title, *data;
  gsize size;
  const char *says;
} bad[] = {
  { "system", PICKLE ("cos\nsystem\n(S'echo hi'\ntR."), "os.system" },
  { "system, named on the stack", PICKLE ("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02hi\x85R."), "posix.system" },
  { "an instance", PICKLE ("(S'hi'\nios\nsystem\n."), "os.system" },
  { "eval behind a tensor's function", PICKLE ("ctorch._utils\n_rebuild_tensor_v2\n0cbuiltins\neval\n."), "builtins.eval" },
  { "a class of an extension registry", PICKLE ("\x82\x01."), "0x82" },
  { "a buffer from outside", PICKLE ("\x80\x05\x97."), "0x97" },
  { "a newer protocol", PICKLE ("\x80\x06N."), "protocol" },
  { "nothing", PICKLE (""), "cut short" },
  { "no end", PICKLE ("N"), "cut short" },
  { "an end without a value", PICKLE ("."), "nothing to work on" },
  { "a value below a mark", PICKLE ("N(0" "0" "0."), "nothing to work on" },
  { "an end below a mark", PICKLE ("N(."), "nothing to work on" },
  { "no mark", PICKLE ("]e."), "mark" },
  { "a text longer than the file", PICKLE ("X\xff\xff\xff\xff" "abc."), "cut short" },
  { "bytes longer than any file", PICKLE ("\x8e\xff\xff\xff\xff\xff\xff\xff\xff" "abc."), "cut short" },
  { "a frame longer than the file", PICKLE ("\x95\xff\xff\xff\xff\xff\xff\xff\x7fN."), "cut short" },
  { "a number longer than the file", PICKLE ("\x8b\xff\xff\xff\x7f" "abc."), "cut short" },
  { "no UTF-8", PICKLE ("X\x02\0\0\0\xff\xfe."), "UTF-8" },
  { "never remembered", PICKLE ("h\x05."), "remembered" },
  { "an odd dict", PICKLE ("(Nd."), "no value" },
  { "appending to a dict", PICKLE ("}Na."), "nothing to work on" },
  { "a list in itself", PICKLE ("]q\0h\0a."), "itself" },
  { "a dict in its tuple", PICKLE ("}q\0Nh\0\x85s."), "itself" },
  { "a call of text", PICKLE ("X\x01\0\0\0a)R."), "calls" },
  { "a call of a storage's class", PICKLE ("ctorch\nFloatStorage\n)R."), "FloatStorage" },
  { "state for a number", PICKLE ("K\x01}b."), "state" },
  { "a storage of text", PICKLE ("X\x01\0\0\0aQ."), "storage" },
  { "a storage of another class", PICKLE ("(X\x07\0\0\0storagectorch\nSize\nX\x01\0\0\0" "0X\x03\0\0\0cpuK\x04tQ."), "storage" },
  { "a tensor of nothing", PICKLE ("ctorch._utils\n_rebuild_tensor_v2\n)R."), "tensor" },
  { "a call of a factory", PICKLE ("cbuiltins\nlist\n)R."), "builtins.list, which makes nothing" },
  { "a call of an element type", PICKLE ("ctorch\nfloat32\n)R."), "torch.float32, which makes nothing" },
  { "a dict whose default is text", PICKLE ("ccollections\ndefaultdict\nVlist\n\x85R."), "a dict" },
  { "a dict whose default is code", PICKLE ("ccollections\ndefaultdict\ncposix\nsystem\n\x85R."), "posix.system" },
  { "a path of numbers", PICKLE ("cpathlib\nPosixPath\nK\x01\x85R."), "a path" },
  { "a version of nothing", PICKLE ("ctorch.torch_version\nTorchVersion\n)R."), "a text" },
  { "a storage of an element type", PICKLE ("(X\x07\0\0\0storagectorch\nfloat32\nX\x01\0\0\0" "0X\x03\0\0\0cpuK\x04tQ."), "storage" },
  { "another function of pathlib", PICKLE ("cpathlib\nos\n."), "pathlib.os" },
  { "objects in an array", PICKLE ("cnumpy\ndtype\nX\x02\0\0\0O8K\x00K\x01\x87R."), "names numpy.dtype(\"O8\"), which" },
  { "an array of nothing that has a name", PICKLE ("cnumpy\ndtype\n)R."), "neither numbers" },
  { "a dict of numbers", PICKLE ("ccollections\nOrderedDict\n]K\x01" "a\x85R."), "a dict" },
  { "no number", PICKLE ("Fabc\n."), "no number" },
  { "a line without end", PICKLE ("I12345"), "cut short" },
  { "a string without quotes", PICKLE ("Sabc\n."), "quotes" },
  { "a bad escape", PICKLE ("S'\\q'\n."), "escape" },
  { "half an escape", PICKLE ("S'\\x1'\n."), "escape" },
};

static void
assert_refused (GBytes *bytes, const char *title, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, NULL, "the-file", &error);

  g_test_message ("%s: %s", title, error != NULL ? error->message : "no error");
  g_assert_null (pickle);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "the-file"));
  if (strstr (error->message, part) == NULL)
    g_error ("%s: “%s” does not say “%s”", title, error->message, part);
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (bad[i].data, bad[i].size);

      assert_refused (bytes, bad[i].title, bad[i].says);
    }
}

static void
append (GString *out, const char *part, gsize size, guint times)
{
  for (guint i = 0; i < times; i++)
    g_string_append_len (out, part, (gssize) size);
}

static void
assert_bomb (GString *bomb, const char *title, const char *says)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (bomb);

  assert_refused (bytes, title, says);
}

/* nests lists @levels deep */
static GString *
nested (guint levels)
{
  GString *out = g_string_new (NULL);

  append (out, PICKLE ("]"), levels);
  append (out, PICKLE ("a"), levels - 1);
  return g_string_append_c (out, '.');
}

/* what is small in the file and large, deep or endless in memory */
static void
test_bombs (void)
{
  GString *values = g_string_new ("("), *copies = g_string_new (NULL), *texts = g_string_new (NULL), *path = g_string_new (NULL);

  assert_bomb (nested (100000), "deep", "deep");
  assert_bomb (nested (DFKD_PICKLE_MAX_DEPTH + 1), "a level too deep", "deep");

  append (values, PICKLE ("]"), 2000000);
  assert_bomb (g_string_append (values, "l."), "values", "values");

  /* a list of ten thousand pairs, made a dict again and again */
  append (copies, PICKLE ("ccollections\nOrderedDict\nq\x01" "0](NN\x86q\x03"), 1);
  append (copies, PICKLE ("h\x03"), 10000);
  append (copies, PICKLE ("e\x85q\x02("), 1);
  append (copies, PICKLE ("h\x01h\x02R"), 100000);
  assert_bomb (g_string_append (copies, "l."), "copies", "steps");

  /* one long text, made bytes again and again */
  append (texts, PICKLE ("c_codecs\nencode\nq\x01" "0V"), 1);
  append (texts, PICKLE ("a"), 100000);
  append (texts, PICKLE ("\n\x85q\x02("), 1);
  append (texts, PICKLE ("h\x01h\x02R"), 1000);
  assert_bomb (g_string_append (texts, "l."), "texts", "unpacks");

  /* a path of one long part, again and again */
  append (path, PICKLE ("cpathlib\nPosixPath\n(V"), 1);
  append (path, PICKLE ("a"), 100000);
  append (path, PICKLE ("\nq\x01"), 1);
  append (path, PICKLE ("h\x01"), 100000);
  assert_bomb (g_string_append (path, "tR."), "a path", "unpacks");
}

static void
test_at_the_limit (void)
{
  GString *laughs = g_string_new ("N"); /* sixty tuples, each of the one before twice: 2⁶⁰ when walked through */
  GString *both[] = { nested (DFKD_PICKLE_MAX_DEPTH), laughs };

  append (laughs, PICKLE ("q\x01h\x01\x86"), 60);
  g_string_append_c (laughs, '.');
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autoptr (GBytes) bytes = g_string_free_to_bytes (both[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, NULL, "limit", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (dfkd_pickle_count (dfkd_pickle_root (pickle)), ==, i == 0 ? 1 : 2);
    }
}

/* a file may end, or hold any byte, anywhere */
static void
test_damaged (void)
{
  static const char *const names[] = { "protocol-0.pickle", "protocol-2.pickle", "protocol-5.pickle" };

  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autoptr (GBytes) whole = fixture (names[n]);
      gsize size = g_bytes_get_size (whole);

      for (gsize cut = 0; cut < size; cut++)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (g_bytes_get_data (whole, NULL), cut);
          g_autoptr (GError) error = NULL;
          g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, NULL, "cut", &error);

          g_assert_null (pickle);
          g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
        }
      for (gsize at = 0; at < size; at++)
        for (guint flip = 1; flip < 256; flip <<= 1)
          {
            g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
            g_autoptr (GBytes) bytes = NULL;
            g_autoptr (GError) error = NULL;
            g_autoptr (DfkdPickle) pickle = NULL;

            data[at] ^= (guint8) flip;
            bytes = g_bytes_new_take (g_steal_pointer (&data), size);
            pickle = dfkd_pickle_read (bytes, 0, NULL, "flipped", &error);
            g_assert_true ((pickle == NULL) == (error != NULL));
          }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pickle/protocols", test_protocols);
  g_test_add_func ("/pickle/python2", test_python2);
  g_test_add_func ("/pickle/beside-the-weights", test_beside);
  g_test_add_func ("/pickle/several", test_several);
  g_test_add_func ("/pickle/bad", test_bad);
  g_test_add_func ("/pickle/bombs", test_bombs);
  g_test_add_func ("/pickle/at-the-limit", test_at_the_limit);
  g_test_add_func ("/pickle/damaged", test_damaged);
  return g_test_run ();
}
