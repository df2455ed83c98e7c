/* test-json-output.c: numbers in documents are short, and read as what they were; texts stay as they are. */
#include "json-output.h"

#include <string.h>

static void
test_numbers (void)
{
  static const double values[] = { 0.3, 0.1 + 0.2, 1e-5, 3.0, -0.25, 1e300, 5e-324, 16.363636363636363, 0.0, 1e20, 123456789012.5 };
  static const char text[] = "0.29999999999999999 \" \\ 0.10000000000000001";
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *json = NULL;
  JsonObject *object;
  JsonArray *array;

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "text", text);
  dfkd_json_integer (builder, "whole", G_MAXINT64);
  json_builder_set_member_name (builder, "-0.29999999999999999");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    json_builder_add_double_value (builder, values[i]);
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json = dfkd_json_finish (builder, FALSE);
  g_assert_nonnull (strstr (json, "[0.3,0.30000000000000004,"));
  g_assert_nonnull (strstr (json, ",3.0,-0.25,"));

  g_assert_true (json_parser_load_from_data (parser, json, -1, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (object, "text"), ==, text);
  g_assert_cmpint (json_object_get_int_member (object, "whole"), ==, G_MAXINT64);
  array = json_object_get_array_member (object, "-0.29999999999999999");
  g_assert_cmpuint (json_array_get_length (array), ==, G_N_ELEMENTS (values) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_assert_true (json_node_get_value_type (json_array_get_element (array, i)) == G_TYPE_DOUBLE);
      g_assert_true (json_array_get_double_element (array, i) == values[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-output/numbers", test_numbers);
  return g_test_run ();
}
