/* test-torch-checkpoint.c: what torch.save writes in both of its formats (fixtures by peers/checkpoint_fixtures.py), and files
 * that lie. */
#include "archives.h"
#include "tensor-file.h"
#include "torch-checkpoint.h"

#include "errors.h"
#include "support.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const formats[] = { "zip", "row" };

static GBytes *
fixture (const char *name, const char *format)
{
  g_autofree char *file = g_strdup_printf ("%s-%s.pth", name, format);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "checkpoints", file, NULL);

  return read_bytes (path);
}

/* Element i is start + i·step. */
static const struct {
  const char *name;
  DfkdDtype dtype;
  guint rank;
  gsize dims[3];
  float start, step;
} tensors[] = {
  { "single", DFKD_DTYPE_F32, 2, { 2, 3 }, 0, 1 },    { "double", DFKD_DTYPE_F64, 1, { 3 }, 0, 1 },
  { "half", DFKD_DTYPE_F16, 1, { 3 }, 0, 1 },         { "brain", DFKD_DTYPE_BF16, 1, { 3 }, 0, 1 },
  { "long", DFKD_DTYPE_I64, 0, { 0 }, 7, 0 },         { "int", DFKD_DTYPE_I32, 1, { 2 }, 0, 1 },
  { "short", DFKD_DTYPE_I16, 1, { 2 }, 0, 1 },        { "char", DFKD_DTYPE_I8, 1, { 2 }, 0, 1 },
  { "byte", DFKD_DTYPE_U8, 1, { 2 }, 0, 1 },          { "bool", DFKD_DTYPE_BOOL, 1, { 2 }, 1, -1 },
  { "turned", DFKD_DTYPE_F32, 2, { 3, 2 }, 0, 1 },    { "last", DFKD_DTYPE_F32, 3, { 2, 3, 2 }, 0, 1 },
  { "tail", DFKD_DTYPE_F32, 1, { 6 }, 4, 1 },         { "every", DFKD_DTYPE_F32, 1, { 3 }, 1, 3 },
  { "empty", DFKD_DTYPE_F32, 2, { 0, 3 }, 0, 0 },     { "scalar", DFKD_DTYPE_F32, 0, { 0 }, 2.5f, 0 },
  { "parameter", DFKD_DTYPE_F32, 1, { 2 }, 0, 1 },
};

static void
check_tensors (const GPtrArray *entries, const char *prefix)
{
  g_assert_cmpuint (entries->len, ==, G_N_ELEMENTS (tensors));
  for (guint i = 0; i < entries->len; i++)
    {
      const DfkdTensorEntry *entry = entries->pdata[i];
      g_autofree char *name = g_strconcat (prefix, tensors[i].name, NULL);
      const gsize count = dfkd_tensor_entry_count (entry);
      g_autofree float *values = g_new (float, MAX (count, 1));
      g_autoptr (GError) error = NULL;

      g_assert_cmpstr (entry->name, ==, name);
      g_assert_cmpint (entry->dtype, ==, tensors[i].dtype);
      g_assert_cmpuint (entry->rank, ==, tensors[i].rank);
      for (guint d = 0; d < entry->rank; d++)
        g_assert_cmpuint (entry->dims[d], ==, tensors[i].dims[d]);
      g_assert_true (dfkd_tensor_entry_read_float (entry, values, count, &error));
      for (gsize e = 0; e < count; e++)
        g_assert_cmpfloat (values[e], ==, tensors[i].start + (float) e * tensors[i].step);
    }
}

static void
test_plain (void)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GBytes) bytes = fixture ("plain", formats[f]);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTorchCheckpoint) checkpoint = dfkd_torch_checkpoint_new (bytes, "plain", NULL, &error);

      g_assert_no_error (error);
      g_assert_true (dfkd_torch_checkpoint_is (bytes));
      check_tensors (dfkd_torch_checkpoint_entries (checkpoint), "");
      g_assert_cmpstr (dfkd_torch_checkpoint_part (checkpoint), ==, "");
      g_assert_null (dfkd_torch_checkpoint_others (checkpoint)[0]);
    }
}

static void
test_nested (void)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GBytes) bytes = fixture ("nested", formats[f]);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTorchCheckpoint) checkpoint = dfkd_torch_checkpoint_new (bytes, "nested", NULL, &error), taught = NULL;
      const DfkdTensorEntry *entry;

      g_assert_no_error (error);
      check_tensors (dfkd_torch_checkpoint_entries (checkpoint), "module.");
      g_assert_cmpstr (dfkd_torch_checkpoint_part (checkpoint), ==, "state_dict");
      g_assert_cmpstr (dfkd_torch_checkpoint_others (checkpoint)[0], ==, "ema");
      g_assert_cmpstr (dfkd_torch_checkpoint_others (checkpoint)[2], ==, "nets.teacher");
      g_assert_null (dfkd_torch_checkpoint_others (checkpoint)[3]);
      taught = dfkd_torch_checkpoint_new (bytes, "nested", "nets.teacher", &error);
      g_assert_no_error (error);
      entry = dfkd_torch_checkpoint_entries (taught)->pdata[0];
      g_assert_cmpstr (entry->name, ==, "taught");
      g_assert_null (dfkd_torch_checkpoint_new (bytes, "nested", "absent", &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "nets.teacher"));
    }
}

/* by content, whatever the name says */
static void
test_tensor_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr (GBytes) bytes = fixture ("nested", "row");
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdTensorFile) file = NULL, safetensors = NULL;
  g_autofree char *network = g_test_build_filename (G_TEST_DIST, "fixtures", "networks", "wrn10_1.safetensors", NULL);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
  file = dfkd_tensor_file_open (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_tensor_file_count (file), ==, G_N_ELEMENTS (tensors));
  g_assert_true (dfkd_tensor_file_lookup (file, "module.half") == dfkd_tensor_file_get (file, 2));
  g_assert_null (dfkd_tensor_file_lookup (file, "half"));
  g_assert_null (dfkd_tensor_file_metadata (file, "network"));
  g_assert_nonnull (strstr (dfkd_tensor_file_notice (file), "nets.student"));
  safetensors = dfkd_tensor_file_open (network, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_tensor_file_count (safetensors), >, 0);
  g_assert_true (dfkd_tensor_file_lookup (safetensors, dfkd_tensor_file_get (safetensors, 0)->name)
                 == dfkd_tensor_file_get (safetensors, 0));
  g_assert_null (dfkd_tensor_file_notice (safetensors));
  g_assert_null (dfkd_tensor_file_open (network, "model", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (dfkd_tensor_file_open (folder, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_unlink (path);
  g_rmdir (folder);
}

/* ----------------------------------------------------------------------------------------------- hostile files */

static GBytes *
archive_of (const char *object, gsize data_bytes)
{
  static const guint8 zeros[256];
  const ArchiveMember members[]
      = { { "it/data.pkl", object, strlen (object), FALSE }, { "it/data/0", zeros, data_bytes, FALSE } };

  return archive_new (members, G_N_ELEMENTS (members), FALSE, NULL);
}

#define STORAGE(count) "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI" count "\ntQ"
#define TENSOR(count, offset, dims, strides) \
  "ctorch._utils\n_rebuild_tensor_v2\n(" STORAGE (count) "I" offset "\n(" dims "t(" strides "tI00\nNtR"

#define WEIGHT "Vweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "s"
#define SCALAR "cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(Vf8\nI0\nI1\ntRc_codecs\nencode\n(VABCDEFGH\nVlatin1\ntRtR"

/* One entry that is no tensor hides no state dict behind another dict of tensors, and each can be named. */
static void
test_both_sorts (void)
{
  static const struct {
    const char *object, *part, *other;
  } cases[] = {
    { "(dVstate_dict\n(d" WEIGHT "Vfc._extra_state\nNssVqueue\n(dVq\n" TENSOR ("4", "0", "I2\n", "I1\n") "ss.", "state_dict", "queue" },
    { "(dVqueue\n(dVq\n" TENSOR ("4", "0", "I2\n", "I1\n") "ssVmodel\n(d" WEIGHT "Vepoch\nI3\nss.", "model", "queue" },
    { "(dVa\n(dVmodel\n(d" WEIGHT "Vepoch\nI3\nsssVb\n(dVmodel\n(d" WEIGHT "ss.", "b.model", "a.model" },
    { "(dVmixed\n(d" WEIGHT "Vbest\n" SCALAR "ssVpure\n(d" WEIGHT "s.", "pure", "mixed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = archive_of (cases[i].object, 16);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTorchCheckpoint) first = dfkd_torch_checkpoint_new (bytes, "both", NULL, &error), named = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (dfkd_torch_checkpoint_part (first), ==, cases[i].part);
      g_assert_cmpstr (dfkd_torch_checkpoint_others (first)[0], ==, cases[i].other);
      g_assert_null (dfkd_torch_checkpoint_others (first)[1]);
      named = dfkd_torch_checkpoint_new (bytes, "both", cases[i].other, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (dfkd_torch_checkpoint_entries (named)->len, ==, 1);
    }
}

/* Numbers and text may stand beside the tensors of a state dict, but one of nothing but tensors comes first. */
static void
test_mixed (void)
{
  static const char *const objects[] = {
    "(dVepoch\nI3\nsVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "sVarch\nVwrn\nsVbest\nF0.5\nsVnote\nNs.",
    "(dVmeta\n(dVepoch\nI3\nsVbest\n" TENSOR ("4", "0", "I1\n", "I1\n") "ssVother\n(dVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "ss.",
    "(d" WEIGHT "Vbest\n" SCALAR "s.",
    "(d" WEIGHT "Vdtype\nctorch\nfloat32\nsVfrom\ncpathlib\nPosixPath\n(Va\ntRs.",
  };
  static const char *const parts[] = { "", "other", "", "" }, *const others[] = { NULL, "meta", NULL, NULL };
  static const char *const bad[] = { "(dVepoch\nI3\ns.", "(dVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "sVoptimizer\n(dVlr\nI1\nss." };

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autoptr (GBytes) bytes = archive_of (objects[i], 16);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTorchCheckpoint) checkpoint = dfkd_torch_checkpoint_new (bytes, "mixed", NULL, &error);
      const GPtrArray *entries;

      g_assert_no_error (error);
      entries = dfkd_torch_checkpoint_entries (checkpoint);
      g_assert_cmpuint (entries->len, ==, 1);
      g_assert_cmpstr (((const DfkdTensorEntry *) entries->pdata[0])->name, ==, "weight");
      g_assert_cmpstr (dfkd_torch_checkpoint_part (checkpoint), ==, parts[i]);
      g_assert_cmpstr (dfkd_torch_checkpoint_others (checkpoint)[0], ==, others[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) bytes = archive_of (bad[i], 16);
      g_autoptr (GError) error = NULL;

      g_assert_null (dfkd_torch_checkpoint_new (bytes, "mixed", NULL, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
    }
}

/* a storage of the older format has one type and size, whoever takes of it */
static void
test_shared_storage (void)
{
  static const char heading[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." "\x80\x02M\xe9\x03." "(dVlittle_endian\nI01\ns.";
  static const char row[] = "(lV0\na." "\4\0\0\0\0\0\0\0" "0123456789abcdef";
  static const struct {
    const char *object;
    gboolean sound;
  } cases[] = {
    { "(dVa\n" TENSOR ("4", "0", "I4\n", "I1\n") "sVb\n" TENSOR ("4", "1", "I2\n", "I1\n") "s.", TRUE },
    { "(dVa\n" TENSOR ("4", "0", "I4\n", "I1\n") "sVb\n" TENSOR ("2", "0", "I2\n", "I1\n") "s.", FALSE },
    { "(dVa\n" TENSOR ("2", "0", "I2\n", "I1\n") "sVb\n" TENSOR ("4", "0", "I4\n", "I1\n") "s.", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) file = g_byte_array_new ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTorchCheckpoint) checkpoint = NULL;

      g_byte_array_append (file, (const guint8 *) heading, sizeof heading - 1);
      g_byte_array_append (file, (const guint8 *) cases[i].object, (guint) strlen (cases[i].object));
      g_byte_array_append (file, (const guint8 *) row, sizeof row - 1);
      bytes = g_bytes_new (file->data, file->len);
      checkpoint = dfkd_torch_checkpoint_new (bytes, "older", NULL, &error);
      g_assert_true ((checkpoint != NULL) == cases[i].sound);
      if (cases[i].sound)
        g_assert_no_error (error);
      else
        assert_says (&error, DFKD_ERROR_FORMAT, "older", "two types or sizes");
    }
}

static const struct {
  const char *title, *object;
  gsize data_bytes;
  const char *says;
} hostile[] = {
  { "sound", "(dVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "s.", 16, NULL },
  { "exactly the end", "(dVweight\n" TENSOR ("4", "3", "I1\n", "I1\n") "s.", 16, NULL },
  { "nothing at the end", "(dVweight\n" TENSOR ("4", "4", "I0\n", "I1\n") "s.", 16, NULL },
  { "every second", "(dVweight\n" TENSOR ("4", "0", "I2\nI1\n", "I3\nI1\n") "s.", 16, NULL },
  { "strides of single rows", "(dVweight\n" TENSOR ("4", "0", "I1\nI4\n", "I99\nI1\n") "s.", 16, NULL },
  { "with attributes",
    "(dVweight\nctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch\nTensor\n("
    STORAGE ("4") "I0\n(I4\nt(I1\ntI00\nNt(dVtag\nI1\nstRs.", 16, NULL },
  { "made by what makes none", "(dVweight\nctorch._tensor\n_rebuild_from_type_v2\np0\n(g0\nctorch\nTensor\n(I1\ntNtRs.", 16,
    "a tensor of" },
  { "larger than its storage", "(dVweight\n" TENSOR ("4", "0", "I5\n", "I1\n") "s.", 16, "weight is larger" },
  { "beyond its storage by an offset", "(dVweight\n" TENSOR ("4", "1", "I4\n", "I1\n") "s.", 16, "weight is larger" },
  { "beyond its storage by a stride", "(dVweight\n" TENSOR ("4", "0", "I2\n", "I4\n") "s.", 16, "weight is larger" },
  { "an offset beyond its storage", "(dVweight\n" TENSOR ("4", "5", "I1\n", "I1\n") "s.", 16, "weight is larger" },
  { "a scalar beyond its storage", "(dVweight\n" TENSOR ("4", "4", "", "") "s.", 16, "weight is larger" },
  { "a negative offset", "(dVweight\n" TENSOR ("4", "-1", "I4\n", "I1\n") "s.", 16, "weight begins before" },
  { "a negative stride", "(dVweight\n" TENSOR ("4", "3", "I4\n", "I-1\n") "s.", 16, "weight has a negative" },
  { "a negative size", "(dVweight\n" TENSOR ("4", "0", "I-4\n", "I1\n") "s.", 16, "weight has a negative" },
  { "a negative storage", "(dVweight\n" TENSOR ("-4", "0", "I0\n", "I1\n") "s.", 16, "weight begins before" },
  { "sizes that overflow", "(dVweight\n" TENSOR ("4", "0", "I4294967296\nI4294967296\n", "I0\nI0\n") "s.", 16,
    "weight is larger" },
  { "sizes that come back to four", "(dVweight\n" TENSOR ("4", "0", "I4611686018427387905\nI4\n", "I0\nI0\n") "s.", 16,
    "weight is larger" },
  { "strides that overflow", "(dVweight\n" TENSOR ("4", "0", "I3\n", "I9223372036854775807\n") "s.", 16, "weight is larger" },
  { "expanded", "(dVweight\n" TENSOR ("4", "0", "I100\nI100\n", "I0\nI0\n") "s.", 16, "weight is larger" },
  { "an offset that overflows", "(dVweight\n" TENSOR ("4", "9223372036854775807", "I1\n", "I1\n") "s.", 16, "weight is larger" },
  { "a storage of fewer bytes", "(dVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "s.", 15, "storage 0 has 15 bytes" },
  { "a storage whose bytes overflow", "(dVweight\n" TENSOR ("4611686018427387905", "0", "I1\n", "I1\n") "s.", 4,
    "storage 0 has 4 bytes" },
  { "another storage",
    "(dVweight\nctorch._utils\n_rebuild_tensor_v2\n((Vstorage\nctorch\nFloatStorage\nV../../"
    "0\nVcpu\nI1\ntQI0\n(I1\nt(I1\ntI00\nNtRs.",
    16, "is missing" },
  { "twice", "(dVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "sVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "s.", 16, "twice" },
  { "no name", "(dV\n" TENSOR ("4", "0", "I4\n", "I1\n") "s.", 16, "name" },
  { "no tensors", "(dVweight\nI4\ns.", 16, "no state dict" },
  { "no dict", "I4\n.", 16, "no state dict" },
  { "a tensor by itself", TENSOR ("4", "0", "I4\n", "I1\n") ".", 16, "no state dict" },
  { "too deep", "(dVa\n(dVb\n(dVc\n(dVweight\n" TENSOR ("4", "0", "I4\n", "I1\n") "ssss.", 16, "no state dict" },
  { "code", "(dVweight\ncos\nsystem\n(Vecho\ntRs.", 16, "os.system" },
  { "a module", "c__main__\nNet\n(tR.", 16, "__main__.Net" },
};

static void
test_hostile (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (GBytes) bytes = archive_of (hostile[i].object, hostile[i].data_bytes);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTorchCheckpoint) checkpoint = dfkd_torch_checkpoint_new (bytes, "the-file", NULL, &error);

      g_test_message ("%s: %s", hostile[i].title, error != NULL ? error->message : "no error");
      if (hostile[i].says == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (checkpoint);
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "the-file"));
      if (strstr (error->message, hostile[i].says) == NULL)
        g_error ("%s: “%s” does not say “%s”", hostile[i].title, error->message, hostile[i].says);
    }
}

/* a file of which one tensor is wanted may be that tensor */
static void
test_single (void)
{
  static const char *const objects[] = { TENSOR ("4", "0", "I4\n", "I1\n") ".", "(d" WEIGHT "." };

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autoptr (GBytes) bytes = archive_of (objects[i], 16);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTensorFile) file = dfkd_tensor_file_new_single (bytes, "single", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (dfkd_tensor_file_count (file), ==, 1);
      g_assert_nonnull (dfkd_tensor_file_lookup (file, i == 0 ? "tensor" : "weight"));
      g_assert_null (dfkd_tensor_file_notice (file));
    }
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++) /* nothing else is told in another way */
    {
      g_autoptr (GBytes) bytes = archive_of (hostile[i].object, hostile[i].data_bytes);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdTorchCheckpoint) checkpoint = dfkd_torch_checkpoint_new_single (bytes, "the-file", &error);
      const gboolean none = hostile[i].says != NULL && strcmp (hostile[i].says, "no state dict") == 0;

      g_assert_true ((checkpoint == NULL) == (error != NULL));
      if (!none)
        g_assert_true ((checkpoint == NULL) == (hostile[i].says != NULL));
    }
}

static void
assert_archive_refused (const ArchiveMember *members, guint count, const char *says)
{
  g_autoptr (GBytes) bytes = archive_new (members, count, FALSE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (dfkd_torch_checkpoint_new (bytes, "the-file", NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

static void
test_archives (void)
{
  const ArchiveMember flat = { "data.pkl", "N.", 2, FALSE };
  const ArchiveMember big[] = { { "it/data.pkl", "N.", 2, FALSE }, { "it/byteorder", "big", 3, FALSE } };
  /* many tensors that each take their storage's elements in another order */
  g_autoptr (GString) object = g_string_new ("(d"), data = g_string_new (NULL);

  assert_archive_refused (&flat, 1, "data.pkl");
  assert_archive_refused (big, 2, "little-endian");
  for (guint i = 0; i < 4096; i++)
    g_string_append_len (data, "\0\0\0", 4);
  g_string_append (object, "Vfirst\nctorch._utils\n_rebuild_tensor_v2\np1\n(("
                           "Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI4096\ntQI0\n(I64\nI64\nt(I1\nI64\n"
                           "tI00\nNtp2\nRs");
  for (guint i = 0; i < 20; i++)
    g_string_append_printf (object, "V%u\ng1\ng2\nRs", i);
  g_string_append_c (object, '.');
  {
    const ArchiveMember many[]
        = { { "it/data.pkl", object->str, object->len, FALSE }, { "it/data/0", data->str, data->len, FALSE } };

    assert_archive_refused (many, 2, "too often");
  }
}

static void
read_all (GBytes *bytes, gboolean may_open)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdTorchCheckpoint) checkpoint = dfkd_torch_checkpoint_new (bytes, "damaged", NULL, &error);

  g_assert_true ((checkpoint == NULL) == (error != NULL));
  g_assert_true (may_open || checkpoint == NULL);
  for (guint i = 0; checkpoint != NULL && i < dfkd_torch_checkpoint_entries (checkpoint)->len; i++)
    {
      const DfkdTensorEntry *entry = dfkd_torch_checkpoint_entries (checkpoint)->pdata[i];
      const gsize count = dfkd_tensor_entry_count (entry);
      g_autofree float *values = g_new (float, MAX (count, 1));

      g_assert_true (dfkd_tensor_entry_read_float (entry, values, count, NULL));
    }
}

static void
test_damaged (void)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GBytes) whole = fixture ("plain", formats[f]);
      const gsize size = g_bytes_get_size (whole);

      for (gsize cut = 0; cut < size; cut++)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (g_bytes_get_data (whole, NULL), cut);

          read_all (bytes, FALSE);
        }
      for (gsize at = 0; at < size; at++)
        for (guint flip = 1; flip < 256; flip <<= 2)
          {
            g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
            g_autoptr (GBytes) bytes = NULL;

            data[at] ^= (guint8) flip;
            bytes = g_bytes_new_take (g_steal_pointer (&data), size);
            read_all (bytes, TRUE);
          }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/torch-checkpoint/plain", test_plain);
  g_test_add_func ("/torch-checkpoint/nested", test_nested);
  g_test_add_func ("/torch-checkpoint/mixed", test_mixed);
  g_test_add_func ("/torch-checkpoint/both-sorts", test_both_sorts);
  g_test_add_func ("/torch-checkpoint/tensor-file", test_tensor_file);
  g_test_add_func ("/torch-checkpoint/shared-storage", test_shared_storage);
  g_test_add_func ("/torch-checkpoint/hostile", test_hostile);
  g_test_add_func ("/torch-checkpoint/single", test_single);
  g_test_add_func ("/torch-checkpoint/archives", test_archives);
  g_test_add_func ("/torch-checkpoint/damaged", test_damaged);
  return g_test_run ();
}
