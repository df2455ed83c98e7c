/* test-json-input.c: JSON as it should be, and JSON that would take the stack away. */
#include "json-input.h"

#include "errors.h"

#include <string.h>

static void
test_sound (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) whole = dfkd_json_parse ("{\"a\": [1, [2]]}", -1, &error), part = NULL;

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (whole));
  part = dfkd_json_parse ("[1]]]]", 3, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (part));
}

static void
test_bad (void)
{
  const gsize many = 1000000;
  g_autofree char *brackets = g_strnfill (many, '['), *hidden = g_strconcat ("/*\"*/", brackets, NULL);
  const struct
  {
    const char *text, *says;
  } bad[] = { { "", "empty" }, { "{", "" }, { brackets, "more than" }, { hidden, "more than" },
              { "{\"a\": [\"a\\ud800b\"]}", "UTF-8" }, { "{\"a\\ud800b\": 1}", "UTF-8" } };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (dfkd_json_parse (bad[i].text, -1, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, bad[i].says));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-input/sound", test_sound);
  g_test_add_func ("/json-input/bad", test_bad);
  return g_test_run ();
}
