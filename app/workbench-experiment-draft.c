/* workbench-experiment-draft.c: writes what a person would, and has the reader of experiments judge it. */
#include "workbench-experiment-draft.h"

#include "workbench-settings.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

enum {
  LONGEST_FOLDER = 60, /* letters of its name: file systems have a limit in bytes */
};

gboolean
workbench_experiment_can_vary (DfkdParameterId id)
{
  const DfkdParameter *p = dfkd_parameter (id);

  return id != DFKD_PARAMETER_SEED && id != DFKD_PARAMETER_METHOD && (p->type != DFKD_PARAMETER_TEXT || id == DFKD_PARAMETER_STUDENT);
}

char **
workbench_experiment_values (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, ",; \t", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (builder, parts[i]);
  return g_strv_builder_end (builder);
}

/* one that is no value of its parameter says what is */
static gboolean
add_varied (JsonBuilder *builder, const DfkdRecipe *base, const WorkbenchVaried *varied, GError **error)
{
  g_auto (GStrv) values = workbench_experiment_values (varied->values);
  const char *label = _(dfkd_parameter (varied->id)->label);

  if (values[0] == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: expected values with commas between them"), label);
      return FALSE;
    }
  json_builder_set_member_name (builder, dfkd_parameter (varied->id)->name);
  json_builder_begin_array (builder);
  for (guint i = 0; values[i] != NULL; i++)
    {
      g_autoptr (DfkdRecipe) recipe = dfkd_recipe_copy (base);

      if (!dfkd_recipe_set (recipe, varied->id, values[i], error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        {
          g_autoptr (DfkdRecipe) other = dfkd_recipe_copy (base);

          dfkd_recipe_set (other, varied->id, values[j], NULL);
          if (dfkd_recipe_same (recipe, other, varied->id))
            {
              g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: %s is there twice"), label, values[i]);
              return FALSE;
            }
        }
      dfkd_recipe_add_value (recipe, varied->id, builder);
    }
  json_builder_end_array (builder);
  return TRUE;
}

static gboolean
add_seeds (JsonBuilder *builder, const char *text, GError **error)
{
  g_auto (GStrv) seeds = workbench_experiment_values (text);

  json_builder_set_member_name (builder, "seeds");
  json_builder_begin_array (builder);
  for (guint i = 0; seeds[i] != NULL; i++)
    {
      guint64 seed;

      if (!g_ascii_string_to_unsigned (seeds[i], 10, 0, G_MAXUINT32, &seed, NULL))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("Seeds: expected whole numbers from 0 to %u with commas between them, not %s"), G_MAXUINT32, seeds[i]);
          return FALSE;
        }
      json_builder_add_int_value (builder, (gint64) seed);
    }
  json_builder_end_array (builder);
  if (seeds[0] != NULL)
    return TRUE;
  g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("Seeds: expected at least one number"));
  return FALSE;
}

char *
workbench_experiment_draft (const DfkdRecipe *base, const char *name, const WorkbenchVaried *varied, guint n, const char *seeds, guint *runs, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (DfkdExperiment) experiment = NULL;
  g_autofree char *json = NULL;

  if (name[strspn (name, " \t")] == '\0')
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("Name: expected what the experiment is called"));
      return NULL;
    }
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", name);
  json_builder_set_member_name (builder, "base");
  dfkd_recipe_add_values (base, DFKD_PARAMETER_SEED, builder);
  if (!add_seeds (builder, seeds, error))
    return NULL;
  json_builder_set_member_name (builder, "sweep");
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "kind", "grid");
  json_builder_set_member_name (builder, "parameters");
  json_builder_begin_object (builder);
  for (guint i = 0; i < n; i++)
    if (!add_varied (builder, base, &varied[i], error))
      return NULL;
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json = dfkd_json_finish (builder, TRUE);
  experiment = dfkd_experiment_from_json (json, -1, name, NULL, error);
  if (experiment == NULL)
    return NULL;
  *runs = experiment->cells->len;
  return g_steal_pointer (&json);
}

/* what its folder may be called, on any file system. Returns: (transfer full) */
static char *
folder_name (const char *name)
{
  g_autofree char *first = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), LONGEST_FOLDER));
  const char *plain = g_strdelimit (g_strstrip (first), "/\\:*?\"<>|\n\t", '-');

  return g_strconcat (*plain == '.' ? "_" : "", plain, NULL); /* with a dot before it, it would be hidden */
}

char *
workbench_experiment_draft_save (const char *json, const char *name, GError **error)
{
  g_autofree char *runs = workbench_settings_get_runs_folder (), *beside = g_path_get_dirname (runs);
  g_autofree char *parent = g_build_filename (beside, "experiments", NULL), *plain = folder_name (name), *folder = workbench_settings_unused_path (parent, plain);
  g_autofree char *file = g_build_filename (folder, DFKD_EXPERIMENT_COPY, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      dfkd_write_error (folder, errno, error);
      return NULL;
    }
  return dfkd_atomic_write (file, &bytes, 1, error) ? g_steal_pointer (&folder) : NULL;
}
