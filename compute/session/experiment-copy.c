/* experiment-copy.c: an experiment's file that needs no other one, so that the folder of its runs can be moved and opened by itself. */
#include "experiment-private.h"

#include "json-input.h"

/* but for the seed, which is the experiment's to say. Returns: (transfer full) */
static JsonNode *
parameters_of (const DfkdRecipe *recipe)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  dfkd_recipe_add_values (recipe, DFKD_PARAMETER_SEED, builder);
  return json_builder_get_root (builder);
}

/* makes paths whole that are meant from @folder. @node: (nullable). Returns: whether there were any */
static gboolean
locate (JsonNode *node, const char *folder)
{
  JsonObject *parameters = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gboolean changed = FALSE;

  for (DfkdParameterId id = 0; parameters != NULL && id < DFKD_N_PARAMETERS; id++)
    {
      JsonNode *value = dfkd_recipe_is_path (id) ? json_object_get_member (parameters, dfkd_parameter (id)->name) : NULL;
      const char *text = value != NULL && JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING ? json_node_get_string (value) : "";
      g_autofree char *path = dfkd_recipe_path_beside (text, folder);

      if (path != NULL)
        json_object_set_string_member (parameters, dfkd_parameter (id)->name, path);
      changed = changed || path != NULL;
    }
  return changed;
}

/* puts what a recipe's file says in the place of its name. Returns: whether there was one, or a path */
static gboolean
take_in (JsonObject *object, const char *folder)
{
  const gboolean located = locate (json_object_get_member (object, "parameters"), folder) | locate (json_object_get_member (object, "base"), folder);
  JsonNode *node = json_object_get_member (object, "base");
  const gboolean named = node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
  const char *name = named ? json_node_get_string (node) : "";
  g_autofree char *path = g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
  g_autoptr (DfkdRecipe) recipe = g_str_has_suffix (name, ".json") ? dfkd_recipe_load (path, NULL) : NULL;

  if (recipe == NULL)
    return located;
  json_object_set_member (object, "base", parameters_of (recipe));
  return TRUE;
}

char *
dfkd_experiment_self_contained (const char *json, gssize length, const char *folder)
{
  g_autoptr (JsonNode) root = dfkd_json_parse (json, length, NULL);
  JsonNode *runs;
  gboolean changed;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return length < 0 ? g_strdup (json) : g_strndup (json, (gsize) length);
  changed = take_in (json_node_get_object (root), folder);
  runs = json_object_get_member (json_node_get_object (root), "runs");
  for (guint i = 0; runs != NULL && JSON_NODE_HOLDS_ARRAY (runs) && i < json_array_get_length (json_node_get_array (runs)); i++)
    {
      JsonNode *run = json_array_get_element (json_node_get_array (runs), i);

      changed = (JSON_NODE_HOLDS_OBJECT (run) && take_in (json_node_get_object (run), folder)) || changed;
    }
  if (changed)
    return json_to_string (root, TRUE);
  return length < 0 ? g_strdup (json) : g_strndup (json, (gsize) length);
}
