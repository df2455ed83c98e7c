/* recipe.c: recipes as JSON and as text, one parameter at a time. */
#include "recipe-private.h"

#include "atomic-file.h"
#include "errors.h"
#include "json-input.h"
#include "json-output.h"
#include "printable-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static gboolean
is_text (DfkdParameterId id)
{
  return dfkd_parameter (id)->type == DFKD_PARAMETER_TEXT;
}

DfkdRecipe *
dfkd_recipe_new (void)
{
  DfkdRecipe *recipe = g_new0 (DfkdRecipe, 1);

  recipe->name = g_strdup ("demo");
  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    {
      recipe->number[i] = dfkd_parameter (i)->fallback;
      if (is_text (i))
        recipe->text[i] = g_strdup (dfkd_parameter (i)->text);
    }
  return recipe;
}

DfkdRecipe *
dfkd_recipe_copy (const DfkdRecipe *recipe)
{
  DfkdRecipe *copy = g_memdup2 (recipe, sizeof *recipe);

  copy->name = g_strdup (recipe->name);
  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    copy->text[i] = g_strdup (recipe->text[i]);
  return copy;
}

/* "shapes32", "shapes32:SEED" and "none" are no files, even if there are some of that name */
static gboolean
is_name (const char *text)
{
  return *text == '\0' || g_str_equal (text, "none") || g_str_equal (text, "shapes32") || g_str_has_prefix (text, "shapes32:");
}

gboolean
dfkd_recipe_is_path (DfkdParameterId id)
{
  return id == DFKD_PARAMETER_TEACHER || id == DFKD_PARAMETER_DATA || id == DFKD_PARAMETER_LABEL_EMBEDDINGS;
}

/* where @text is the name of something that is there: its whole path. Returns: (transfer full) (nullable): also NULL of a folder whose name is no
 * text, which no recipe can hold */
static char *
whole_path (const char *text, const char *folder)
{
  g_autofree char *whole = !is_name (text) ? g_canonicalize_filename (text, folder) : NULL;

  return whole != NULL && g_file_test (whole, G_FILE_TEST_EXISTS) && g_utf8_validate (whole, -1, NULL) ? g_steal_pointer (&whole) : NULL;
}

char *
dfkd_recipe_path_beside (const char *text, const char *folder)
{
  g_autofree char *here = g_canonicalize_filename (folder, NULL);

  return g_path_is_absolute (text) ? NULL : whole_path (text, here);
}

static void
take_path (DfkdRecipe *recipe, DfkdParameterId id, char *path)
{
  if (path == NULL)
    return;
  g_free (recipe->text[id]);
  recipe->text[id] = path;
}

void
dfkd_recipe_locate_beside (DfkdRecipe *recipe, const char *folder)
{
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (dfkd_recipe_is_path (id))
      take_path (recipe, id, dfkd_recipe_path_beside (recipe->text[id], folder));
}

void
dfkd_recipe_locate (DfkdRecipe *recipe)
{
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (dfkd_recipe_is_path (id))
      take_path (recipe, id, whole_path (recipe->text[id], NULL));
}

void
dfkd_recipe_free (DfkdRecipe *recipe)
{
  if (recipe == NULL)
    return;
  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    g_free (recipe->text[i]);
  g_free (recipe->name);
  g_free (recipe);
}

const DfkdMethod *
dfkd_recipe_get_method (const DfkdRecipe *recipe)
{
  return dfkd_method_table[(guint) recipe->number[DFKD_PARAMETER_METHOD]];
}

double
dfkd_recipe_number (const DfkdRecipe *recipe, const char *name)
{
  DfkdParameterId id;

  return dfkd_parameter_find (name, &id) ? recipe->number[id] : (double) NAN;
}

const char *
dfkd_recipe_equation (const DfkdRecipe *recipe, DfkdParameterId id)
{
  const DfkdParameter *p = dfkd_parameter (id);
  const char *own = dfkd_method_equation (dfkd_recipe_get_method (recipe), p->name);

  return own != NULL ? own : p->equation;
}

guint
dfkd_recipe_student_batch (const DfkdRecipe *recipe)
{
  guint own = (guint) recipe->number[DFKD_PARAMETER_STUDENT_BATCH];

  return own > 0 ? own : (guint) recipe->number[DFKD_PARAMETER_BATCH];
}

double
dfkd_recipe_temperature (const DfkdRecipe *recipe)
{
  gboolean is_released = dfkd_method_setting (dfkd_recipe_get_method (recipe), "as_released") != NULL && recipe->number[DFKD_PARAMETER_AS_RELEASED] > 0.0;

  return is_released ? 1.0 : recipe->number[DFKD_PARAMETER_TEMPERATURE];
}

static gboolean
has_choice (const DfkdRecipe *recipe, DfkdParameterId id, const char *name)
{
  return g_str_equal (dfkd_parameter (id)->choices[(guint) recipe->number[id]], name);
}

gboolean
dfkd_recipe_is_built (const DfkdRecipe *recipe, DfkdParameterId id)
{
  return dfkd_parameter (id)->klass == DFKD_PARAMETER_BUILD
         || (id == DFKD_PARAMETER_K && dfkd_method_uses (dfkd_recipe_get_method (recipe), "meta_gradient")
             && has_choice (recipe, DFKD_PARAMETER_REUSE, "common") && has_choice (recipe, DFKD_PARAMETER_META_GRADIENT, "maml"));
}

void
dfkd_recipe_take_method (DfkdRecipe *recipe)
{
  DfkdParameterId id;

  for (const DfkdMethodSetting *s = dfkd_recipe_get_method (recipe)->settings; s->parameter != NULL; s++)
    if (dfkd_parameter_find (s->parameter, &id) && !is_text (id))
      recipe->number[id] = s->value;
}

static gboolean
set_choice (DfkdRecipe *recipe, DfkdParameterId id, const char *value, GError **error)
{
  const DfkdParameter *p = dfkd_parameter (id);
  g_autofree char *all = g_strjoinv (", ", (char **) p->choices);

  for (guint i = 0; p->choices[i] != NULL; i++)
    if (g_str_equal (p->choices[i], value))
      {
        recipe->number[id] = i;
        recipe->said[id] = TRUE;
        if (id == DFKD_PARAMETER_METHOD)
          dfkd_recipe_take_method (recipe);
        return TRUE;
      }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: “%s” is not allowed; expected one of %s"), p->name, value, all);
  return FALSE;
}

gboolean
dfkd_recipe_set (DfkdRecipe *recipe, DfkdParameterId id, const char *value, GError **error)
{
  const DfkdParameter *p = dfkd_parameter (id);
  char *end;
  double number;

  if (p->type == DFKD_PARAMETER_CHOICE)
    return set_choice (recipe, id, value, error);
  if (p->type == DFKD_PARAMETER_TEXT)
    {
      if (!dfkd_parameter_check_text (id, value, error))
        return FALSE;
      g_free (recipe->text[id]);
      recipe->text[id] = g_strdup (value);
      recipe->said[id] = TRUE;
      return TRUE;
    }
  number = g_ascii_strtod (value, &end);
  if (end == value || *end != '\0')
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: “%s” is not a number; expected one from %g to %g"), p->name, value, p->minimum,
                   p->maximum);
      return FALSE;
    }
  if (!dfkd_parameter_check (id, number, error))
    return FALSE;
  recipe->number[id] = number;
  recipe->said[id] = TRUE;
  return TRUE;
}

char *
dfkd_recipe_get (const DfkdRecipe *recipe, DfkdParameterId id)
{
  const DfkdParameter *p = dfkd_parameter (id);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (p->type == DFKD_PARAMETER_TEXT)
    return g_strdup (recipe->text[id]);
  if (p->type == DFKD_PARAMETER_CHOICE)
    return g_strdup (p->choices[(guint) recipe->number[id]]);
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.10g", recipe->number[id]));
}

char *
dfkd_recipe_get_short (const DfkdRecipe *recipe, DfkdParameterId id)
{
  const DfkdParameter *p = dfkd_parameter (id);
  g_autofree char *value = dfkd_recipe_get (recipe, id);

  if (*value == '\0')
    return g_strdup ("–");
  if (p->type == DFKD_PARAMETER_TEXT && !p->numbers)
    {
      g_autofree char *last = g_path_get_basename (value);

      return dfkd_printable_text (last);
    }
  return dfkd_printable_text (value);
}

gboolean
dfkd_recipe_same (const DfkdRecipe *a, const DfkdRecipe *b, DfkdParameterId id)
{
  g_autofree char *of_a = dfkd_recipe_get (a, id), *of_b = dfkd_recipe_get (b, id);

  return g_str_equal (of_a, of_b);
}

gboolean
dfkd_recipe_check_values (const DfkdRecipe *recipe, GError **error)
{
  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    if (is_text (i) ? !dfkd_parameter_check_text (i, recipe->text[i], error) : !dfkd_parameter_check (i, recipe->number[i], error))
      return FALSE;
  return TRUE;
}

gboolean
dfkd_recipe_check (const DfkdRecipe *recipe, GError **error)
{
  if (!dfkd_recipe_check_values (recipe, error))
    return FALSE;
  if (recipe->number[DFKD_PARAMETER_WARMUP] > recipe->number[DFKD_PARAMETER_SYNTHESES])
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("warmup: %.0f is more than the %.0f syntheses of this recipe; lower it or raise syntheses"),
                   recipe->number[DFKD_PARAMETER_WARMUP], recipe->number[DFKD_PARAMETER_SYNTHESES]);
      return FALSE;
    }
  return TRUE;
}

/* --------------------------------------------------------------------------------------------------- JSON */

static gboolean
read_parameter (DfkdRecipe *recipe, const char *name, JsonNode *node, GError **error)
{
  DfkdParameterId id;
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (!dfkd_parameter_find (name, &id))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("there is no parameter “%s”"), name);
      return FALSE;
    }
  if (type == G_TYPE_STRING && (is_text (id) || dfkd_parameter (id)->type == DFKD_PARAMETER_CHOICE))
    return dfkd_recipe_set (recipe, id, json_node_get_string (node), error);
  if ((type == G_TYPE_INT64 || type == G_TYPE_DOUBLE) && !is_text (id) && dfkd_parameter (id)->type != DFKD_PARAMETER_CHOICE)
    {
      double value = type == G_TYPE_INT64 ? (double) json_node_get_int (node) : json_node_get_double (node);

      recipe->number[id] = value;
      recipe->said[id] = TRUE;
      return dfkd_parameter_check (id, value, error);
    }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               is_text (id) || dfkd_parameter (id)->type == DFKD_PARAMETER_CHOICE ? _("%s: expected text in quotes") : _("%s: expected a number"), name);
  return FALSE;
}

gboolean
dfkd_recipe_read_method (DfkdRecipe *recipe, JsonObject *parameters, GError **error)
{
  const char *name = dfkd_parameter (DFKD_PARAMETER_METHOD)->name;
  JsonNode *node = json_object_get_member (parameters, name);

  return node == NULL || read_parameter (recipe, name, node, error);
}

gboolean
dfkd_recipe_read_parameters (DfkdRecipe *recipe, JsonObject *parameters, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, parameters);
  while (json_object_iter_next (&iter, &name, &node))
    if (!g_str_equal (name, dfkd_parameter (DFKD_PARAMETER_METHOD)->name) && !read_parameter (recipe, name, node, error))
      return FALSE;
  return TRUE;
}

static gboolean
wrong (GError **error, const char *message)
{
  g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_FORMAT, message);
  return FALSE;
}

/* what is passed over would make another recipe than is meant */
static gboolean
check_members (JsonObject *object, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *at = names; at != NULL; at = at->next)
    {
      const char *name = at->data;

      if (g_str_equal (name, "name") || g_str_equal (name, "parameters"))
        continue;
      if (g_str_equal (name, "runs") || g_str_equal (name, "seeds") || g_str_equal (name, "sweep") || g_str_equal (name, "base"))
        return wrong (error, _("it is an experiment: run it with “dfkd experiment”, or open it as one in the window"));
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("“%s” is not known here; expected “name” and “parameters”"), name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_root (DfkdRecipe *recipe, JsonNode *root, GError **error)
{
  JsonObject *object, *parameters;
  JsonNode *node;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    return wrong (error, _("expected an object {\"name\": …, \"parameters\": {…}}"));
  object = json_node_get_object (root);
  if (!check_members (object, error))
    return FALSE;
  node = json_object_get_member (object, "name");
  if (node != NULL && (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING))
    return wrong (error, _("“name” must be text in quotes"));
  if (node != NULL)
    {
      g_free (recipe->name);
      recipe->name = dfkd_printable_text (json_node_get_string (node));
    }
  node = json_object_get_member (object, "parameters");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return wrong (error, _("the object “parameters” is missing: expected {\"name\": …, \"parameters\": {…}}"));
  parameters = json_node_get_object (node);
  return dfkd_recipe_read_method (recipe, parameters, error) && dfkd_recipe_read_parameters (recipe, parameters, error);
}

static DfkdRecipe *
parse (const char *json, gssize length, const char *source, gboolean (*check) (const DfkdRecipe *, GError **), GError **error)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) root = dfkd_json_parse (json, length, &cause);

  if (root == NULL || !read_root (recipe, root, &cause) || !check (recipe, &cause))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not a recipe: %s"), source, cause->message);
      return NULL;
    }
  return g_steal_pointer (&recipe);
}

DfkdRecipe *
dfkd_recipe_from_json (const char *json, gssize length, const char *source, GError **error)
{
  return parse (json, length, source, dfkd_recipe_check, error);
}

DfkdRecipe *
dfkd_recipe_recall (const char *json, gssize length, const char *source, GError **error)
{
  return parse (json, length, source, dfkd_recipe_check_values, error);
}

static DfkdRecipe *
load (const char *path, gboolean (*check) (const DfkdRecipe *, GError **), GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) cause = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &cause))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the recipe %s cannot be read: %s"), path, cause->message);
      return NULL;
    }
  return parse (text, (gssize) length, path, check, error);
}

DfkdRecipe *
dfkd_recipe_load (const char *path, GError **error)
{
  DfkdRecipe *recipe = load (path, dfkd_recipe_check, error);
  g_autofree char *folder = g_path_get_dirname (path);

  if (recipe != NULL)
    dfkd_recipe_locate_beside (recipe, folder);
  return recipe;
}

DfkdRecipe *
dfkd_recipe_load_kept (const char *path, GError **error)
{
  return load (path, dfkd_recipe_check_values, error);
}

void
dfkd_recipe_add_value (const DfkdRecipe *recipe, DfkdParameterId id, JsonBuilder *builder)
{
  const DfkdParameter *p = dfkd_parameter (id);

  if (p->type == DFKD_PARAMETER_TEXT)
    json_builder_add_string_value (builder, recipe->text[id]);
  else if (p->type == DFKD_PARAMETER_CHOICE)
    json_builder_add_string_value (builder, p->choices[(guint) recipe->number[id]]);
  else if (p->type == DFKD_PARAMETER_INTEGER)
    json_builder_add_int_value (builder, (gint64) recipe->number[id]);
  else
    json_builder_add_double_value (builder, recipe->number[id]);
}

void
dfkd_recipe_add_values (const DfkdRecipe *recipe, DfkdParameterId without, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (id != without)
      {
        json_builder_set_member_name (builder, dfkd_parameter (id)->name);
        dfkd_recipe_add_value (recipe, id, builder);
      }
  json_builder_end_object (builder);
}

char *
dfkd_recipe_to_json (const DfkdRecipe *recipe)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", recipe->name);
  json_builder_set_member_name (builder, "parameters");
  dfkd_recipe_add_values (recipe, DFKD_N_PARAMETERS, builder);
  json_builder_end_object (builder);
  return dfkd_json_finish (builder, TRUE);
}

gboolean
dfkd_recipe_save (const DfkdRecipe *recipe, const char *path, GError **error)
{
  g_autofree char *json = dfkd_recipe_to_json (recipe);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return dfkd_atomic_write (path, &bytes, 1, error);
}
