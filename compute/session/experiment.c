/* experiment.c: reading an experiment's file and laying out its cells. */
#include "experiment-private.h"

#include "errors.h"
#include "json-input.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
read_seeds (DfkdReading *r, GError **error)
{
  JsonNode *node = json_object_get_member (r->root, "seeds");
  JsonArray *list;

  if (node == NULL)
    {
      guint32 seed = 0;

      g_array_append_val (r->experiment->seeds, seed);
      return TRUE;
    }
  list = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (list == NULL || json_array_get_length (list) == 0 || json_array_get_length (list) > DFKD_EXPERIMENT_MOST_CELLS)
    return dfkd_experiment_wrong (error, _("“seeds” must be a list of whole numbers, as [0, 1, 2]"));
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      gint64 value;
      guint32 seed;

      if (!dfkd_experiment_as_whole (json_array_get_element (list, i), 0, G_MAXUINT32, &value))
        return dfkd_experiment_wrong (error, _("seeds[%u]: expected a whole number from 0 to 4294967295"), i);
      seed = (guint32) value;
      for (guint j = 0; j < r->experiment->seeds->len; j++)
        if (g_array_index (r->experiment->seeds, guint32, j) == seed)
          return dfkd_experiment_wrong (error, _("seeds[%u]: %u stands there twice"), i, seed);
      g_array_append_val (r->experiment->seeds, seed);
    }
  return TRUE;
}

static void
free_cell (gpointer data)
{
  DfkdExperimentCell *cell = data;

  g_free (cell->folder);
  g_free (cell);
}

static gboolean
lay_out (DfkdExperiment *e, GError **error)
{
  if (e->recipes->len > DFKD_EXPERIMENT_MOST_CELLS / e->seeds->len)
    return dfkd_experiment_wrong (error, _("%u recipes and %u seeds are more than the %d runs that an experiment may have"),
                                  e->recipes->len, e->seeds->len, DFKD_EXPERIMENT_MOST_CELLS);
  for (guint s = 0; s < e->seeds->len; s++)
    for (guint i = 0; i < e->recipes->len; i++)
      {
        DfkdExperimentCell *cell = g_new0 (DfkdExperimentCell, 1);

        *cell = (DfkdExperimentCell){ i, g_array_index (e->seeds, guint32, s), NULL };
        cell->folder = g_strdup_printf ("%s-seed%u", dfkd_experiment_recipe (e, i)->folder, cell->seed);
        g_ptr_array_add (e->cells, cell);
      }
  return TRUE;
}

static void
find_varied (DfkdExperiment *e)
{
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    for (guint i = 1; i < e->recipes->len && id != DFKD_PARAMETER_SEED; i++)
      if (!dfkd_recipe_same (dfkd_experiment_recipe (e, 0)->recipe, dfkd_experiment_recipe (e, i)->recipe, id))
        {
          g_array_append_val (e->varied, id);
          break;
        }
}

/* ------------------------------------------------------------------------------------------------- outside */

static gboolean
read_root (DfkdReading *r, JsonNode *root, GError **error)
{
  static const char *const known[] = { "name", "description", "base", "parameters", "seeds", "runs", "sweep", NULL };
  DfkdExperiment *e = r->experiment;
  g_autoptr (GPtrArray) points = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    return dfkd_experiment_wrong (error, _("expected an object {\"name\": …, \"runs\": […], \"seeds\": […]}"));
  r->root = json_node_get_object (root);
  if (!dfkd_experiment_check_members (r->root, _("the experiment"), known, error)
      || !dfkd_experiment_read_text (r->root, _("the experiment"), "name", &e->name, error)
      || !dfkd_experiment_read_text (r->root, _("the experiment"), "description", &e->description, error))
    return FALSE;
  if (e->name == NULL)
    return dfkd_experiment_wrong (error, _("“name” is missing"));
  if (!read_seeds (r, error) || !dfkd_experiment_read_sweep (r, error))
    return FALSE;
  points = dfkd_sweep_points (&r->sweep, error);
  if (points == NULL || !dfkd_experiment_read_runs (r, points, error) || !lay_out (e, error)
      || !dfkd_experiment_plan_rungs (r, error))
    return FALSE;
  find_varied (e);
  return TRUE;
}

DfkdExperiment *
dfkd_experiment_from_json (const char *json, gssize length, const char *source, const char *folder, GError **error)
{
  g_autoptr (DfkdExperiment) experiment = g_new0 (DfkdExperiment, 1);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GHashTable) folders = g_hash_table_new (g_str_hash, g_str_equal);
  DfkdReading reading = { .folder = folder, .experiment = experiment, .folders = folders };

  experiment->description = g_strdup ("");
  experiment->recipes = g_ptr_array_new_with_free_func (dfkd_experiment_recipe_free);
  experiment->seeds = g_array_new (FALSE, FALSE, sizeof (guint32));
  experiment->cells = g_ptr_array_new_with_free_func (free_cell);
  experiment->varied = g_array_new (FALSE, FALSE, sizeof (DfkdParameterId));
  root = dfkd_json_parse (json, length, &cause);
  if (root == NULL || !read_root (&reading, root, &cause))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not an experiment: %s"), source, cause->message);
      return NULL;
    }
  return g_steal_pointer (&experiment);
}

gboolean
dfkd_experiment_is_file (const char *path)
{
  static const char *const members[] = { "runs", "sweep", "seeds" };
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  gboolean found = FALSE;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return FALSE;
  root = dfkd_json_parse (text, (gssize) length, NULL);
  for (guint i = 0; root != NULL && JSON_NODE_HOLDS_OBJECT (root) && i < G_N_ELEMENTS (members); i++)
    found = found || json_object_has_member (json_node_get_object (root), members[i]);
  return found;
}

char *
dfkd_experiment_default_folder (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  if (g_str_has_suffix (name, ".json"))
    name[strlen (name) - strlen (".json")] = '\0';
  return g_build_filename ("experiments", name, NULL);
}

DfkdExperiment *
dfkd_experiment_load (const char *path, GError **error)
{
  g_autofree char *text = NULL, *folder = g_path_get_dirname (path);
  g_autoptr (GError) cause = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &cause))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the experiment %s cannot be read: %s"), path, cause->message);
      return NULL;
    }
  return dfkd_experiment_from_json (text, (gssize) length, path, folder, error);
}

void
dfkd_experiment_free (DfkdExperiment *experiment)
{
  if (experiment == NULL)
    return;
  g_ptr_array_unref (experiment->recipes);
  g_array_unref (experiment->seeds);
  g_ptr_array_unref (experiment->cells);
  g_array_unref (experiment->varied);
  g_clear_pointer (&experiment->rungs, g_array_unref);
  g_free (experiment->name);
  g_free (experiment->description);
  g_free (experiment);
}

const DfkdExperimentRecipe *
dfkd_experiment_recipe (const DfkdExperiment *experiment, guint index)
{
  return experiment->recipes->pdata[index];
}

const DfkdExperimentCell *
dfkd_experiment_cell (const DfkdExperiment *experiment, guint index)
{
  return experiment->cells->pdata[index];
}

DfkdRecipe *
dfkd_experiment_cell_recipe (const DfkdExperiment *experiment, guint index)
{
  const DfkdExperimentCell *cell = dfkd_experiment_cell (experiment, index);
  const DfkdExperimentRecipe *row = dfkd_experiment_recipe (experiment, cell->recipe);
  DfkdRecipe *recipe = dfkd_recipe_copy (row->recipe);

  g_free (recipe->name);
  recipe->name = g_strdup (row->name);
  recipe->number[DFKD_PARAMETER_SEED] = cell->seed;
  return recipe;
}
