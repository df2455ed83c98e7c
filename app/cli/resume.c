/* resume.c: a run that is gone on with keeps what memory and programs were built for; the dials of the window can be turned here, too. */
#include "resume.h"

static void
refuse (const DfkdRecipe *own, DfkdParameterId id, GError **error)
{
  const DfkdParameter *p = dfkd_parameter (id);
  g_autofree char *value = dfkd_recipe_get (own, id);

  if (id == DFKD_PARAMETER_SYNTHESES)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: a resumed run keeps its %s or takes fewer; begin a new run for more"), p->name, value);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: a resumed run keeps its “%s”; leave the option out, or begin a new run"), p->name,
                 *value == '\0' && p->empty != NULL ? _(p->empty) : value);
}

/* @changed: the recipe of a run, which becomes what is wanted */
static gboolean
take (DfkdRecipe *changed, const DfkdRecipe *given, DfkdParameterId id, GError **error)
{
  if (dfkd_recipe_is_built (changed, id) || (id == DFKD_PARAMETER_SYNTHESES && given->number[id] > changed->number[id]))
    {
      refuse (changed, id, error);
      dfkd_command_name_option (id, error);
      return FALSE;
    }
  changed->number[id] = given->number[id];
  return TRUE;
}

gboolean
dfkd_resume_is_moved (const DfkdRecipe *own, const DfkdRecipe *given, DfkdParameterId id)
{
  const gboolean measures = id == DFKD_PARAMETER_DATA && dfkd_recipe_get_method (own)->learns_from != DFKD_IMAGES_ORIGINALS;

  return (id == DFKD_PARAMETER_TEACHER || measures) && g_path_is_absolute (own->text[id]) && !g_file_test (own->text[id], G_FILE_TEST_EXISTS)
         && g_file_test (given->text[id], G_FILE_TEST_EXISTS);
}

static gboolean
says_anything (const DfkdRecipe *given)
{
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (given->said[id])
      return TRUE;
  return FALSE;
}

GArray *
dfkd_resume_changes (const char *folder, const char *recipe, const DfkdRecipe *given, GError **error)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (DfkdParameterId));
  g_autoptr (DfkdRecipe) changed = NULL, located = dfkd_recipe_copy (given);

  if (recipe != NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--recipe %s: a resumed run keeps its own recipe; leave the option out, or begin a new run"), recipe);
      return NULL;
    }
  if (!says_anything (given))
    return g_steal_pointer (&changes);
  changed = dfkd_run_is_begun (folder) ? dfkd_run_recipe_load (folder, error) : dfkd_snapshot_read_recipe (folder, NULL, error);
  if (changed == NULL)
    return NULL;
  dfkd_recipe_locate (located); /* as the run's own was when it began */
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (given->said[id] && !dfkd_recipe_same (changed, located, id) && !dfkd_resume_is_moved (changed, located, id))
      {
        if (!take (changed, located, id, error))
          return NULL;
        g_array_append_val (changes, id);
      }
  if ((given->said[DFKD_PARAMETER_WARMUP] || given->said[DFKD_PARAMETER_SYNTHESES]) && !dfkd_recipe_check (changed, error))
    {
      dfkd_command_name_option (DFKD_PARAMETER_WARMUP, error);
      return NULL;
    }
  if (changes->len > 0 && dfkd_run_has_finished (folder))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: the run in %s has ended, and nothing of it can change; begin a new run"),
                   dfkd_parameter (g_array_index (changes, DfkdParameterId, 0))->name, folder);
      dfkd_command_name_option (g_array_index (changes, DfkdParameterId, 0), error);
      return NULL;
    }
  return g_steal_pointer (&changes);
}

gboolean
dfkd_resume_begin (DfkdSession *session, const GArray *changes, const DfkdRecipe *given, GError **error)
{
  DfkdChannel *channel = dfkd_session_get_channel (session);
  DfkdStatus status;

  do
    {
      dfkd_channel_wait (channel, 0.2);
      dfkd_channel_get_status (channel, &status);
    }
  while (status.state == DFKD_STATE_PREPARING && !dfkd_interrupts_seen ());
  for (guint i = 0; i < changes->len && status.state == DFKD_STATE_PAUSED; i++)
    {
      DfkdParameterId id = g_array_index (changes, DfkdParameterId, i);

      if (!dfkd_session_set (session, id, given->number[id], error))
        {
          dfkd_command_name_option (id, error);
          return FALSE;
        }
    }
  dfkd_session_run (session);
  return TRUE;
}

gboolean
dfkd_resume_compare (const char *file, const char *kept, const char *now, GError **error)
{
  g_autoptr (JsonNode) then_root = dfkd_json_parse (kept, -1, NULL), now_root = dfkd_json_parse (now, -1, NULL);
  JsonObject *then = then_root != NULL && JSON_NODE_HOLDS_OBJECT (then_root) ? json_node_get_object (then_root) : NULL;
  JsonObject *wanted = json_node_get_object (now_root);
  g_autoptr (GList) names = json_object_get_members (wanted);

  for (GList *at = names; at != NULL; at = at->next)
    {
      const char *name = at->data;
      JsonNode *one = then != NULL ? json_object_get_member (then, name) : NULL;
      g_autofree char *was = one != NULL ? json_to_string (one, FALSE) : NULL, *is = json_to_string (json_object_get_member (wanted, name), FALSE);

      if (g_strcmp0 (was, is) == 0)
        continue;
      if (g_str_equal (name, "data"))
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                     _("--data: the training in %s was begun with other images or labels; name the same ones, or remove it to begin anew"), file);
      else
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                     _("--%s: the training in %s was begun with %s, not %s; give the same options, or remove it to begin anew"), name, file,
                     was != NULL ? was : "–", is);
      return FALSE;
    }
  return TRUE;
}
