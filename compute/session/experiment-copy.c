/* experiment-copy.c: an experiment's file that needs no other one, so that the folder of its runs can be moved and opened by itself. */
#include "experiment-private.h"

#include "json-input.h"

static JsonObject *
parameters_of (const DfkdRecipe *recipe)
{
  JsonObject *object = json_object_new ();

  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      const DfkdParameter *p = dfkd_parameter (id);
      g_autofree char *text = dfkd_recipe_get (recipe, id);

      if (id == DFKD_PARAMETER_SEED) /* that is the experiment's to say */
        continue;
      if (p->type == DFKD_PARAMETER_FLOAT)
        json_object_set_double_member (object, p->name, recipe->number[id]);
      else if (p->type == DFKD_PARAMETER_INTEGER)
        json_object_set_int_member (object, p->name, (gint64) recipe->number[id]);
      else
        json_object_set_string_member (object, p->name, text);
    }
  return object;
}

/* puts what a recipe's file says in the place of its name. Returns: whether there was one */
static gboolean
take_in (JsonObject *object, const char *folder)
{
  JsonNode *node = json_object_get_member (object, "base");
  const gboolean named = node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
  const char *name = named ? json_node_get_string (node) : "";
  g_autofree char *path = g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
  g_autoptr (DfkdRecipe) recipe = g_str_has_suffix (name, ".json") ? dfkd_recipe_load (path, NULL) : NULL;

  if (recipe == NULL)
    return FALSE;
  json_object_set_object_member (object, "base", parameters_of (recipe));
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
