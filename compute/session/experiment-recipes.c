/* experiment-recipes.c: the recipes of an experiment: each run's base, what it changes, and the points of the sweep. */
#include "experiment-private.h"

#include "built-in-recipes.h"
#include "network.h"
#include "recipe-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* @name as the name of a folder on any file system: lower case, a-z, 0-9 and .=_-, not too long; what of it got lost is made up
 * for by a part of its checksum. Returns: (transfer full) */
static char *
folder_name (const char *name)
{
  enum {
    MOST = 96,
    MARK = 8,
  };
  g_autoptr (GString) folder = g_string_new (NULL);
  gboolean lost = FALSE;

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      const char last = folder->len > 0 ? folder->str[folder->len - 1] : '-';

      if (*at == '=' && last == '-' && folder->len > 0) /* "k = 2": k=2 */
        folder->str[folder->len - 1] = '=';
      else if (g_ascii_isalnum (*at) || strchr ("=_", *at) != NULL || (*at == '.' && folder->len > 0))
        g_string_append_c (folder, g_ascii_tolower (*at));
      else if (last != '-' && last != '=')
        g_string_append_c (folder, '-');
      lost = lost || (guchar) *at > 127;
    }
  while (folder->len > 0 && strchr ("-.", folder->str[folder->len - 1]) != NULL)
    g_string_truncate (folder, folder->len - 1);
  if (lost || folder->len == 0 || folder->len > MOST)
    {
      g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

      g_string_truncate (folder, MIN (folder->len, MOST - MARK - 1));
      g_string_append_printf (folder, "%s%.*s", folder->len > 0 ? "-" : "", MARK, sum);
    }
  return g_string_free (g_steal_pointer (&folder), FALSE);
}

/* parameters and their place in the file; of several the later ones win */
typedef struct {
  JsonObject *parameters; /* (nullable) */
  const char *where;
} Layer;

/* A method brings its settings along, so the one that wins comes first, and whatever a layer says stands over them. The seed is
 * the experiment's to set, cell by cell. */
static gboolean
apply (DfkdRecipe *recipe, const Layer *layers, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      if (layers[i].parameters == NULL)
        continue;
      if (json_object_has_member (layers[i].parameters, dfkd_parameter (DFKD_PARAMETER_SEED)->name))
        return dfkd_experiment_wrong (error, _("%s: “seed” stands in the list “seeds” of the experiment"), layers[i].where);
      if (!dfkd_recipe_read_method (recipe, layers[i].parameters, error))
        {
          g_prefix_error (error, "%s: ", layers[i].where);
          return FALSE;
        }
    }
  for (guint i = 0; i < n; i++)
    if (layers[i].parameters != NULL && !dfkd_recipe_read_parameters (recipe, layers[i].parameters, error))
      {
        g_prefix_error (error, "%s: ", layers[i].where);
        return FALSE;
      }
  return TRUE;
}

static DfkdRecipe *
find_recipe (const DfkdReading *r, const char *where, const char *name, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_built_in_find (name);
  g_autofree char *path = NULL, *names = NULL;

  if (recipe != NULL)
    return g_steal_pointer (&recipe);
  path = g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (r->folder, name, NULL);
  if (!g_str_has_suffix (name, ".json"))
    {
      names = dfkd_built_in_names ();
      dfkd_experiment_wrong (error, _("%s: there is no built-in recipe “%s”; expected a file that ends in .json, or one of: %s"), where,
                             name, names);
    }
  else if ((recipe = dfkd_recipe_load (path, error)) == NULL)
    g_prefix_error (error, "%s: ", where);
  return g_steal_pointer (&recipe);
}

/* "base" of @object: a name, a file, or parameters; where it has none a copy of @fallback */
static DfkdRecipe *
read_base (const DfkdReading *r, JsonObject *object, const char *where, const DfkdRecipe *fallback, GError **error)
{
  JsonNode *node = json_object_get_member (object, "base");
  g_autoptr (DfkdRecipe) recipe = NULL;
  g_autofree char *place = g_strdup_printf ("%s.base", where);

  if (node == NULL)
    return dfkd_recipe_copy (fallback);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return find_recipe (r, place, json_node_get_string (node), error);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      dfkd_experiment_wrong (error, _("%s: expected a recipe's name or file in quotes, or an object of parameters"), place);
      return NULL;
    }
  recipe = dfkd_recipe_new ();
  return apply (recipe, &(Layer){ json_node_get_object (node), place }, 1, error) ? g_steal_pointer (&recipe) : NULL;
}

static gboolean
check_recipe (const DfkdRecipe *recipe, const char *where, GError **error)
{
  const char *student = recipe->text[DFKD_PARAMETER_STUDENT];
  g_autoptr (GError) cause = NULL;

  if (!dfkd_recipe_check (recipe, error))
    {
      g_prefix_error (error, "%s: ", where);
      return FALSE;
    }
  return dfkd_network_check_classifier (student, &cause) || dfkd_experiment_wrong (error, "%s: %s: %s", where, dfkd_parameter (DFKD_PARAMETER_STUDENT)->name, cause->message);
}

/* "k=2, lr_g=0.003", in the order of the file */
static char *
point_label (const DfkdRecipe *recipe, JsonObject *point)
{
  GString *label = g_string_new (NULL);
  g_autoptr (GList) names = json_object_get_members (point);

  for (GList *at = names; at != NULL; at = at->next)
    {
      DfkdParameterId id = 0;
      g_autofree char *value = dfkd_parameter_find (at->data, &id) ? dfkd_recipe_get (recipe, id) : NULL;

      g_string_append_printf (label, "%s%s=%s", label->len > 0 ? ", " : "", dfkd_parameter (id)->name, value);
    }
  return g_string_free (label, FALSE);
}

void
dfkd_experiment_recipe_free (gpointer data)
{
  DfkdExperimentRecipe *recipe = data;

  g_free (recipe->name);
  g_free (recipe->folder);
  dfkd_recipe_free (recipe->recipe);
  g_free (recipe);
}

/* a run, and what it is made of before the sweep */
typedef struct {
  const char *name; /* "" where the experiment has no runs */
  const DfkdRecipe *base;
  Layer common, own;
} Run;

/* a run made with a point of the sweep */
static gboolean
add_recipe (DfkdReading *r, const Run *run, JsonObject *point, GError **error)
{
  const Layer layers[] = { run->common, run->own, { point, "sweep.parameters" } };
  DfkdExperimentRecipe *added = g_new0 (DfkdExperimentRecipe, 1);
  const DfkdExperimentRecipe *other;
  g_autofree char *label = NULL;

  g_ptr_array_add (r->experiment->recipes, added);
  added->recipe = dfkd_recipe_copy (run->base);
  if (!apply (added->recipe, layers, G_N_ELEMENTS (layers), error))
    return FALSE;
  label = point_label (added->recipe, point);
  added->name = *label == '\0' ? g_strdup (*run->name != '\0' ? run->name : r->experiment->name)
                               : g_strconcat (run->name, *run->name != '\0' ? ": " : "", label, NULL);
  added->folder = folder_name (added->name);
  other = g_hash_table_lookup (r->folders, added->folder);
  if (other != NULL)
    return dfkd_experiment_wrong (
        error, _("two runs would share the folder %s (“%s” and “%s”); give them names that differ, or other values"),
        added->folder, other->name, added->name);
  g_hash_table_insert (r->folders, added->folder, added);
  if (r->folder != NULL)
    dfkd_recipe_locate_beside (added->recipe, r->folder);
  return check_recipe (added->recipe, added->name, error);
}

static gboolean
add_run (DfkdReading *r, const Run *run, GPtrArray *points, GError **error)
{
  for (guint i = 0; i < points->len; i++)
    if (!add_recipe (r, run, points->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* @whole: as a run is that changes nothing */
static gboolean
read_run (DfkdReading *r, JsonNode *node, guint index, const Run *whole, GPtrArray *points, GError **error)
{
  static const char *const known[] = { "name", "base", "parameters", NULL };
  g_autofree char *where = g_strdup_printf ("runs[%u]", index), *name = NULL, *place = NULL;
  g_autoptr (DfkdRecipe) base = NULL;
  Run run = *whole;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return dfkd_experiment_wrong (error, _("%s: expected an object {\"name\": …, \"parameters\": {…}}"), where);
  object = json_node_get_object (node);
  if (!dfkd_experiment_check_members (object, where, known, error)
      || !dfkd_experiment_read_text (object, where, "name", &name, error)
      || !dfkd_experiment_read_object (object, where, "parameters", &run.own.parameters, error))
    return FALSE;
  if (name == NULL)
    return dfkd_experiment_wrong (error, _("%s: “name” is missing; results are listed by it"), where);
  run.name = name;
  run.own.where = place = g_strdup_printf ("%s.parameters", where);
  run.base = base = read_base (r, object, where, whole->base, error);
  return base != NULL && add_run (r, &run, points, error);
}

gboolean
dfkd_experiment_read_runs (DfkdReading *r, GPtrArray *points, GError **error)
{
  JsonNode *node = json_object_get_member (r->root, "runs");
  g_autoptr (DfkdRecipe) standard = dfkd_recipe_new (), base = read_base (r, r->root, _("the experiment"), standard, error);
  Run whole = { "", base, { NULL, "parameters" }, { NULL, "" } };
  JsonArray *runs;

  if (base == NULL || !dfkd_experiment_read_object (r->root, _("the experiment"), "parameters", &whole.common.parameters, error))
    return FALSE;
  if (node == NULL)
    return add_run (r, &whole, points, error);
  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    return dfkd_experiment_wrong (error, _("“runs” must be a list of at least one run, or be left out"));
  runs = json_node_get_array (node);
  if (json_array_get_length (runs) > DFKD_EXPERIMENT_MOST_CELLS / points->len)
    return dfkd_experiment_wrong (error, _("the experiment has more than the %d recipes that it may have"),
                                  DFKD_EXPERIMENT_MOST_CELLS);
  for (guint i = 0; i < json_array_get_length (runs); i++)
    if (!read_run (r, json_array_get_element (runs, i), i, &whole, points, error))
      return FALSE;
  return TRUE;
}
