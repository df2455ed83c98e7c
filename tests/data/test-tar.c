/* test-tar.c: tar archives, in each dialect, and every way in which they can be wrong. */
#include "tar.h"

#include "errors.h"

#include <string.h>

enum {
  BLOCK = 512,
};

/* a header and its content, filled up to whole blocks */
static void
add_at (GByteArray *tar, const char *prefix, const char *name, char type, const char *content, gsize size)
{
  char header[BLOCK] = { 0 };
  guint sum = 0;

  memcpy (header, name, MIN (strlen (name), 100));
  memcpy (header + 100, "0000644", 8);
  g_snprintf (header + 124, 12, "%011o", (guint) size);
  header[156] = type;
  memcpy (header + 257, "ustar\00000", 8);
  if (prefix != NULL)
    memcpy (header + 345, prefix, MIN (strlen (prefix), 155));
  memset (header + 148, ' ', 8);
  for (guint i = 0; i < BLOCK; i++)
    sum += (guint8) header[i];
  g_snprintf (header + 148, 8, "%06o", sum);
  g_byte_array_append (tar, (const guint8 *) header, BLOCK);
  g_byte_array_append (tar, (const guint8 *) content, (guint) size);
  memset (header, 0, BLOCK);
  g_byte_array_append (tar, (const guint8 *) header, (guint) (-size % BLOCK));
}

static void
add (GByteArray *tar, const char *name, char type, const char *content, gsize size)
{
  add_at (tar, NULL, name, type, content, size);
}

static GBytes *
end (GByteArray *tar)
{
  guint8 blank[2 * BLOCK] = { 0 };

  g_byte_array_append (tar, blank, sizeof blank);
  return g_byte_array_free_to_bytes (tar);
}

static gboolean
no_readme (const char *name, gpointer data)
{
  return !g_str_equal (name, "readme");
}

static void
assert_refused (GBytes *bytes, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dfkd_tar_read (bytes, "the-file", no_readme, NULL, 1000, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "the-file"));
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part);
}

static GBytes *
good (void)
{
  GByteArray *tar = g_byte_array_new ();

  add (tar, "folder/", '5', "", 0);
  add (tar, "folder/one", '0', "1", 1);
  add (tar, "folder/readme", '0', "no", 2);
  add (tar, "folder/link", '2', "", 0);
  add (tar, "././@LongLink", 'L', "a/very/long/..x/way/to/two", 27);
  add (tar, "a/very", '0', "22", 2);
  add (tar, "x", 'g', "20 comment=whatever\n", 20);
  add (tar, "x", 'x', "20 comment=whatever\n22 path=./etc/..three\n", 42);
  add (tar, "short", '\0', "333", 3);
  add (tar, "four", '7', "4444", 4);
  return end (tar);
}

static void
test_read (void)
{
  static const char *const names[] = { "one", "two", "four" }, *const contents[] = { "1", "22", "4444" };
  g_autoptr (GBytes) bytes = good ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) files = dfkd_tar_read (bytes, "memory", no_readme, NULL, 1000, &error);

  g_assert_no_error (error);
  g_assert_true (dfkd_tar_recognise (bytes));
  g_assert_cmpuint (g_hash_table_size (files), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GBytes *content = g_hash_table_lookup (files, names[i]);

      g_assert_nonnull (content);
      g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), contents[i], strlen (contents[i]));
    }
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) bytes = good ();

  for (gsize length = 0; length < g_bytes_get_size (bytes); length++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, length);

      assert_refused (part, "cut short");
    }
}

/* any bit of the first header */
static void
test_flipped (void)
{
  g_autoptr (GBytes) bytes = good ();
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize bit = 0; bit < 8 * BLOCK; bit++)
    {
      guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) flipped = g_bytes_new_take (copy, size);

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      if (bit / 8 >= 148 && bit / 8 < 156) /* the checksum's own field has bytes that say nothing */
        dfkd_tar_recognise (flipped);
      else
        assert_refused (flipped, "checksum");
    }
}

static void
test_wrong (void)
{
  GByteArray *twice = g_byte_array_new (), *large = g_byte_array_new (), *long_name = g_byte_array_new (),
             *pax = g_byte_array_new (), *lonely = g_byte_array_new (), *more = g_byte_array_new ();
  char *junk = g_malloc0 (3 << 20);
  g_autoptr (GBytes) many = NULL;

  add (twice, "a/one", '0', "1", 1);
  add (twice, "b/one", '0', "1", 1);
  many = end (twice);
  assert_refused (many, "one is in it twice");

  g_clear_pointer (&many, g_bytes_unref);
  add (large, "one", '0', junk, 1001);
  many = end (large);
  assert_refused (many, "1001 bytes, expected at most 1000");

  g_clear_pointer (&many, g_bytes_unref);
  add (long_name, "one", 'L', junk, 5000);
  many = end (long_name);
  assert_refused (many, "name is too long");

  g_clear_pointer (&many, g_bytes_unref);
  add (pax, "one", 'x', "99999999 path=a\n", 16);
  many = end (pax);
  assert_refused (many, "pax record");

  g_clear_pointer (&many, g_bytes_unref);
  g_byte_array_append (lonely, (const guint8 *) junk, BLOCK);
  add (lonely, "one", '0', "1", 1);
  many = end (lonely);
  assert_refused (many, "one blank block");

  g_clear_pointer (&many, g_bytes_unref);
  g_byte_array_append (more, (const guint8 *) junk, 3 << 20);
  many = end (more);
  assert_refused (many, "follows its end");
  g_free (junk);
}

/* a path of tricks, in each place where one may stand: nothing of such an archive is used */
static void
test_paths (void)
{
  static const struct {
    char type; /* of the member, or of the record before it */
    const char *name, *prefix, *says;
  } cases[] = {
    { '0', "../../one", NULL, "“../../one”" },   { '0', "/etc/one", NULL, "“/etc/one”" },    { '0', "a/../one", NULL, "“a/../one”" },
    { '0', "a/..", NULL, "“a/..”" },             { '5', "../", NULL, "“../”" },              { '2', "/link", NULL, "“/link”" },
    { '0', "/readme", NULL, "“/readme”" },       { '0', "one", "/etc", "“/etc/one”" },       { '0', "one", "a/../..", "“a/../../one”" },
    { 'L', "../long/one", NULL, "“../long/one”" }, { 'x', "15 path=../one\n", NULL, "“../one”" }, { '7', "../one", NULL, "“../one”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GByteArray *tar = g_byte_array_new ();
      gboolean record = cases[i].type == 'L' || cases[i].type == 'x';
      g_autoptr (GBytes) bytes = NULL;

      add (tar, "good", '0', "1", 1);
      if (record)
        add (tar, "x", cases[i].type, cases[i].name, strlen (cases[i].name));
      add_at (tar, cases[i].prefix, record ? "one" : cases[i].name, record ? '0' : cases[i].type, "", 0);
      bytes = end (tar);
      assert_refused (bytes, cases[i].says);
    }
}

/* sizes that no archive has, in both ways of writing them */
static void
test_huge (void)
{
  for (guint way = 0; way < 2; way++)
    {
      GByteArray *tar = g_byte_array_new ();
      g_autoptr (GBytes) bytes = NULL;
      guint sum = 0;

      add (tar, "readme", '0', "", 0);
      memcpy (tar->data + 124, way == 0 ? "777777777777" : "\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12);
      memset (tar->data + 148, ' ', 8);
      for (guint i = 0; i < BLOCK; i++)
        sum += tar->data[i];
      g_snprintf ((char *) tar->data + 148, 8, "%06o", sum);
      bytes = end (tar);
      assert_refused (bytes, way == 0 ? "larger than any data set" : "size is wrong");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tar/read", test_read);
  g_test_add_func ("/tar/truncated", test_truncated);
  g_test_add_func ("/tar/flipped", test_flipped);
  g_test_add_func ("/tar/wrong", test_wrong);
  g_test_add_func ("/tar/paths", test_paths);
  g_test_add_func ("/tar/huge", test_huge);
  return g_test_run ();
}
