/* test-csv.c: what was written is read again, and whatever somebody else wrote ends in some fields. */
#include "csv.h"

#include <math.h>

static const char *
field (const GPtrArray *lines, guint line, guint index)
{
  char **fields = lines->pdata[line];

  g_assert_cmpuint (g_strv_length (fields), >, index);
  return fields[index];
}

static void
test_written (void)
{
  static const char *const texts[] = { "plain", "", "a, b", "\"", "two\nlines\r\n", "a return\r", "“ü” ± 1", "ends with \"" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GPtrArray) lines = NULL;

  for (guint line = 0; line < 2; line++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        (line == 0 ? dfkd_csv_append : dfkd_csv_append_text) (out, texts[i]);
      dfkd_csv_append_number (out, -0.125);
      dfkd_csv_append_number (out, (double) NAN);
      g_string_append_c (out, '\n');
    }
  lines = dfkd_csv_read (out->str);
  g_assert_cmpuint (lines->len, ==, 2);
  for (guint line = 0; line < 2; line++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        g_assert_cmpstr (field (lines, line, i), ==, texts[i]);
      g_assert_cmpstr (field (lines, line, G_N_ELEMENTS (texts)), ==, "-0.125");
      g_assert_cmpstr (field (lines, line, G_N_ELEMENTS (texts) + 1), ==, "");
      g_assert_cmpuint (g_strv_length (lines->pdata[line]), ==, G_N_ELEMENTS (texts) + 2);
    }
}

/* cut off anywhere, or with quotes where they do not belong */
static void
test_anything (void)
{
  static const char text[] = "a,\"b, \"\"c\"\"\"d,\r\n\r\n\"open\n,e";
  g_autoptr (GPtrArray) lines = dfkd_csv_read (text);

  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (field (lines, 0, 1), ==, "b, \"c\"d");
  g_assert_cmpstr (field (lines, 0, 2), ==, "");
  g_assert_cmpstr (field (lines, 1, 0), ==, "open\n,e");
  for (gsize length = 0; length < sizeof text; length++)
    {
      g_autofree char *cut = g_strndup (text, length);
      g_autoptr (GPtrArray) some = dfkd_csv_read (cut);

      g_assert_cmpuint (some->len, <=, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/written", test_written);
  g_test_add_func ("/csv/anything", test_anything);
  return g_test_run ();
}
