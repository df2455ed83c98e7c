/* fuzz-csv.c: whatever is read as a table of text is the same once written and read again. */
#include "csv.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) lines = dfkd_csv_read (text), again = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      char **line = lines->pdata[i];

      g_assert_nonnull (line[0]);
      for (guint j = 0; *line[0] != '\0' && line[j] != NULL; j++) /* writers have something there */
        dfkd_csv_append (out, line[j]);
      if (*line[0] != '\0')
        g_string_append_c (out, '\n');
    }
  again = dfkd_csv_read (out->str);
  for (guint i = 0; i < lines->len; i++)
    if (**(char **) lines->pdata[i] != '\0')
      {
        g_assert_cmpuint (n, <, again->len);
        g_assert_true (g_strv_equal ((const char *const *) lines->pdata[i], (const char *const *) again->pdata[n]));
        n++;
      }
  g_assert_cmpuint (n, ==, again->len);
  return 0;
}
