/* test-zip.c: archives that are sound, and every way in which one can lie. */
#include "archives.h"
#include "zip-archive.h"

#include "errors.h"

#include <string.h>

static const char TEXT[] = "as long as it is long, as long as it is long, as long as it is long, as long as it is long";

static const ArchiveMember members[] = {
  { "archive/data.pkl", TEXT, sizeof TEXT, TRUE },
  { "archive/data/0", "\1\2\3", 3, FALSE },
  { "archive/empty", "", 0, FALSE },
};

static void
test_sound (void)
{
  for (guint zip64 = 0; zip64 < 2; zip64++)
    {
      g_autoptr (GBytes) bytes = archive_new (members, G_N_ELEMENTS (members), zip64 == 1, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (bytes, "sound", &error);

      g_assert_no_error (error);
      g_assert_true (dfkd_zip_archive_is (bytes));
      g_assert_cmpuint (dfkd_zip_archive_count (archive), ==, 3);
      g_assert_true (dfkd_zip_archive_has (archive, "archive/empty"));
      g_assert_false (dfkd_zip_archive_has (archive, "archive"));
      for (guint i = 0; i < G_N_ELEMENTS (members); i++)
        {
          g_autoptr (GBytes) data = dfkd_zip_archive_read (archive, members[i].name, &error);

          g_assert_no_error (error);
          g_assert_cmpstr (dfkd_zip_archive_member (archive, i), ==, members[i].name);
          g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), members[i].data, members[i].size);
        }
      g_assert_null (dfkd_zip_archive_read (archive, "absent", &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "absent"));
    }
}

static void
test_empty (void)
{
  g_autoptr (GBytes) bytes = archive_new (NULL, 0, FALSE, NULL), nothing = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (bytes, "empty", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_zip_archive_count (archive), ==, 0);
  g_assert_null (dfkd_zip_archive_new (nothing, "nothing", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_false (dfkd_zip_archive_is (nothing));
}

/* opens and reads everything; the first error, which there must be, names the file */
static void
assert_refused (GBytes *bytes, const char *title, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (bytes, "the-file", &error);

  for (guint i = 0; archive != NULL && error == NULL && i < dfkd_zip_archive_count (archive); i++)
    {
      g_autoptr (GBytes) data = dfkd_zip_archive_read (archive, dfkd_zip_archive_member (archive, i), &error);

      g_assert_true ((data == NULL) == (error != NULL));
    }
  g_test_message ("%s: %s", title, error != NULL ? error->message : "no error");
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "the-file"));
  if (strstr (error->message, says) == NULL)
    g_error ("%s: “%s” does not say “%s”", title, error->message, says);
}

static const struct {
  const char *title;
  ArchiveLie lie;
  const char *says;
} lies[] = {
  { "another directory", { ARCHIVE_END, 0, 16, 4, 0 }, "directory" },
  { "a directory beyond the file", { ARCHIVE_END, 0, 16, 4, 0xfffffff0 }, "outside" },
  { "a directory that is too long", { ARCHIVE_END, 0, 12, 4, 0xfffffff0 }, "outside" },
  { "more members than there are", { ARCHIVE_END, 0, 8, 4, 0xfffefffe }, "outside" },
  { "one more member", { ARCHIVE_END, 0, 8, 4, 0x00040004 }, "directory" },
  { "fewer members", { ARCHIVE_END, 0, 8, 4, 0x00020002 }, "directory" },
  { "a second disk", { ARCHIVE_END, 0, 4, 2, 1 }, "part" },
  { "a longer comment", { ARCHIVE_END, 0, 20, 2, 7 }, "missing" },
  { "no entry", { ARCHIVE_DIRECTORY, 1, 0, 4, 0 }, "directory" },
  { "a name beyond the directory", { ARCHIVE_DIRECTORY, 2, 28, 2, 0xffff }, "directory" },
  { "encrypted", { ARCHIVE_DIRECTORY, 0, 8, 2, 1 }, "encrypted" },
  { "another method", { ARCHIVE_DIRECTORY, 1, 10, 2, 12 }, "packed in a way" },
  { "two methods", { ARCHIVE_HEADER, 0, 8, 2, 0 }, "differ" },
  { "two sizes", { ARCHIVE_HEADER, 0, 22, 4, 5 }, "differ" },
  { "two names", { ARCHIVE_HEADER, 1, 30, 1, 'A' }, "differ" },
  { "encrypted in secret", { ARCHIVE_HEADER, 1, 6, 2, 1 }, "differ" },
  { "no header", { ARCHIVE_HEADER, 1, 0, 4, 0 }, "stand where" },
  { "a header beyond the file", { ARCHIVE_DIRECTORY, 1, 42, 4, 0xfffffff0 }, "stand where" },
  { "a header in the directory", { ARCHIVE_DIRECTORY, 1, 42, 4, 200 }, "stand where" },
  { "data beyond the file", { ARCHIVE_DIRECTORY, 1, 20, 8, 0xfffffff0fffffff0 }, "beyond" },
  { "data in the next member", { ARCHIVE_DIRECTORY, 1, 20, 8, 0x0000000800000008 }, "differ" },
  { "stored in two sizes", { ARCHIVE_DIRECTORY, 2, 24, 4, 9 }, "differ" },
  { "the same member twice", { ARCHIVE_DIRECTORY, 2, 42, 4, 0 }, "differ" },
  { "another checksum", { ARCHIVE_DIRECTORY, 0, 16, 4, 7 }, "checksum" },
  { "another checksum of stored data", { ARCHIVE_DIRECTORY, 1, 16, 4, 7 }, "checksum" },
};

static void
test_lies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GBytes) bytes = archive_new (members, G_N_ELEMENTS (members), FALSE, &lies[i].lie);

      assert_refused (bytes, lies[i].title, lies[i].says);
    }
}

/* a deflated member ends where its data do: nothing stands hidden behind them */
static void
test_rest (void)
{
  static const guint8 packed[] = { 1, 3, 0, 0xfc, 0xff, 'a', 'b', 'c', 'x' }; /* one block as it is, and a byte behind it */
  static const struct {
    gsize in_header, in_entry;
    guint32 value;
  } fields[] = { { 8, 10, 8 }, { 14, 16, 0x352441c2 }, { 22, 24, 3 } }; /* method, checksum and size of "abc" */

  for (guint rest = 0; rest < 2; rest++)
    {
      const ArchiveMember member = { "a", packed, sizeof packed - 1 + rest, FALSE };
      g_autoptr (GBytes) stored = archive_new (&member, 1, FALSE, NULL), bytes = NULL, data = NULL;
      gsize size;
      guint8 *archive = g_memdup2 (g_bytes_get_data (stored, &size), g_bytes_get_size (stored)), *entry = memmem (archive, size, "PK\1\2", 4);
      g_autoptr (DfkdZipArchive) opened = NULL;
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        {
          guint32 value = GUINT32_TO_LE (fields[i].value);
          gsize length = i == 0 ? 2 : 4;

          memcpy (archive + fields[i].in_header, &value, length);
          memcpy (entry + fields[i].in_entry, &value, length);
        }
      bytes = g_bytes_new_take (archive, size);
      if (rest == 1)
        {
          assert_refused (bytes, "a byte behind the data", "does not unpack");
          continue;
        }
      opened = dfkd_zip_archive_new (bytes, "packed", &error);
      data = opened != NULL ? dfkd_zip_archive_read (opened, "a", &error) : NULL;
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), "abc", 3);
    }
}

/* an archive may end with a comment of up to 65,535 bytes */
static void
test_comments (void)
{
  static const gsize lengths[] = { 1, 255, 256, 65535 };
  g_autoptr (GBytes) plain = archive_new (members, G_N_ELEMENTS (members), FALSE, NULL);
  const gsize size = g_bytes_get_size (plain);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint8 *archive = g_malloc (size + lengths[i]);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (DfkdZipArchive) opened = NULL;
      g_autoptr (GError) error = NULL;

      memcpy (archive, g_bytes_get_data (plain, NULL), size);
      memset (archive + size, 'c', lengths[i]);
      archive[size - 2] = (guint8) (lengths[i] & 0xff);
      archive[size - 1] = (guint8) (lengths[i] >> 8);
      bytes = g_bytes_new_take (archive, size + lengths[i]);
      opened = dfkd_zip_archive_new (bytes, "with a comment", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (dfkd_zip_archive_count (opened), ==, G_N_ELEMENTS (members));
    }
}

/* torch.save calls the folder after the file */
static void
test_colons (void)
{
  static const char *const names[] = { "2024-01-05_12:30:45/data.pkl", "k:5/data.pkl", "a/b:", "::" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const ArchiveMember member = { names[i], "x", 1, FALSE };
      g_autoptr (GBytes) bytes = archive_new (&member, 1, FALSE, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (bytes, "colons", &error);

      g_assert_no_error (error);
      g_assert_true (dfkd_zip_archive_has (archive, names[i]));
    }
}

static void
test_names (void)
{
  static const char *const names[]
      = { "../evil", "a/../../evil", "/etc/passwd", "C:/evil", "a\\b", "", "a//b", "./a", "a/..", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const ArchiveMember member = { names[i], "x", 1, FALSE };
      g_autoptr (GBytes) bytes = archive_new (&member, 1, FALSE, NULL);

      assert_refused (bytes, "a name", "name");
    }
  {
    const ArchiveMember twice[] = { { "a", "x", 1, FALSE }, { "a", "y", 1, FALSE } };
    g_autoptr (GBytes) bytes = archive_new (twice, 2, FALSE, NULL);

    assert_refused (bytes, "twice", "twice");
  }
}

/* Two entries of one name cannot share a header's bytes, but a member's data can hold the header of another. */
static void
test_overlap (void)
{
  const ArchiveMember inner = { "b", "x", 1, FALSE };
  g_autoptr (GBytes) nested = archive_new (&inner, 1, FALSE, NULL);
  const ArchiveMember both[] = { { "a", g_bytes_get_data (nested, NULL), g_bytes_get_size (nested), FALSE }, inner };
  const ArchiveLie lie = { ARCHIVE_DIRECTORY, 1, 42, 4, 31 };
  g_autoptr (GBytes) bytes = archive_new (both, 2, FALSE, &lie);

  assert_refused (bytes, "overlap", "overlap");
}

static void
test_bombs (void)
{
  const gsize zeros = 16 << 20;
  g_autofree char *data = g_malloc0 (zeros);
  const ArchiveMember bomb = { "bomb", data, zeros, TRUE }, fair = { "fair", data, 1 << 20, TRUE };
  const ArchiveLie more = { ARCHIVE_DIRECTORY, 0, 24, 4, 100 }, less = { ARCHIVE_DIRECTORY, 0, 24, 4, sizeof TEXT - 1 };
  const ArchiveLie behind = { ARCHIVE_HEADER, 0, 6, 2, 8 };
  g_autoptr (GBytes) large = archive_new (&bomb, 1, FALSE, NULL), small = archive_new (&fair, 1, FALSE, NULL);
  g_autoptr (GBytes) promised = archive_new (members, 1, FALSE, &more), hidden = archive_new (members, 1, FALSE, &less);
  g_autoptr (GBytes) later = archive_new (members, 1, FALSE, &behind);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (small, "fair", &error), described = NULL;
  g_autoptr (GBytes) unpacked = archive != NULL ? dfkd_zip_archive_read (archive, "fair", &error) : NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (unpacked), ==, 1 << 20);
  assert_refused (large, "a bomb", "promise");
  assert_refused (promised, "a size that is too large", "differ");
  assert_refused (hidden, "a size that is too small", "differ");
  described = dfkd_zip_archive_new (later, "described", &error);
  g_assert_no_error (error);
}

/* the sizes stand behind the data, so that only unpacking finds the lie */
static void
test_wrong_size (void)
{
  static const guint32 sizes[] = { 0, 1, sizeof TEXT - 1, sizeof TEXT + 1, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const ArchiveLie lie = { ARCHIVE_DIRECTORY, 0, 24, 4, sizes[i] };
      g_autoptr (GBytes) bytes = archive_new (members, 1, FALSE, &lie);
      gsize size;
      g_autofree guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&bytes), &size);

      data[6] = 8;
      memset (data + 18, 0, 8);
      bytes = g_bytes_new_take (g_steal_pointer (&data), size);
      assert_refused (bytes, "a wrong size", "promises");
    }
}

static void
test_damaged (void)
{
  for (guint zip64 = 0; zip64 < 2; zip64++)
    {
      g_autoptr (GBytes) whole = archive_new (members, G_N_ELEMENTS (members), zip64 == 1, NULL);
      const gsize size = g_bytes_get_size (whole);

      for (gsize cut = 0; cut < size; cut++)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (g_bytes_get_data (whole, NULL), cut);

          assert_refused (bytes, "cut", "");
        }
      for (gsize at = 0; at < size; at++)
        for (guint flip = 1; flip < 256; flip <<= 1)
          {
            g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
            g_autoptr (GBytes) bytes = NULL;
            g_autoptr (DfkdZipArchive) archive = NULL;

            data[at] ^= (guint8) flip;
            bytes = g_bytes_new_take (g_steal_pointer (&data), size);
            archive = dfkd_zip_archive_new (bytes, "flipped", NULL);
            for (guint i = 0; archive != NULL && i < dfkd_zip_archive_count (archive); i++)
              {
                g_autoptr (GBytes) read = dfkd_zip_archive_read (archive, dfkd_zip_archive_member (archive, i), NULL);
              }
          }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zip/sound", test_sound);
  g_test_add_func ("/zip/empty", test_empty);
  g_test_add_func ("/zip/lies", test_lies);
  g_test_add_func ("/zip/names", test_names);
  g_test_add_func ("/zip/rest", test_rest);
  g_test_add_func ("/zip/comments", test_comments);
  g_test_add_func ("/zip/colons", test_colons);
  g_test_add_func ("/zip/overlap", test_overlap);
  g_test_add_func ("/zip/bombs", test_bombs);
  g_test_add_func ("/zip/wrong-size", test_wrong_size);
  g_test_add_func ("/zip/damaged", test_damaged);
  return g_test_run ();
}
