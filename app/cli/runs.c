/* runs.c: dfkd runs: how far runs are and what they came to, whoever computes them. */
#include "command.h"

#include <math.h>

typedef enum {
  RUN_FINISHED,
  RUN_RUNNING, /* somebody writes in its folder, as far as that can be seen */
  RUN_STOPPED, /* can be gone on with */
  RUN_CUT_OFF, /* cannot */
} RunState;

static const struct {
  const char *name, *label;
} states[] = { [RUN_FINISHED] = { "finished", NC_ ("run", "finished") },
               [RUN_RUNNING] = { "running", NC_ ("run", "running") },
               [RUN_STOPPED] = { "stopped", NC_ ("run", "stopped") },
               [RUN_CUT_OFF] = { "cut-off", NC_ ("run", "cut off") } };

typedef struct {
  char *folder, *name, *note; /* @note: (nullable) */
  DfkdRecipe *recipe;
  DfkdRunStanding standing;
  DfkdRunOrigin origin; /* of a branch */
  RunState state;
} Run;

static void
free_run (gpointer data)
{
  Run *run = data;

  g_free (run->folder);
  g_free (run->name);
  g_free (run->note);
  dfkd_recipe_free (run->recipe);
  dfkd_run_standing_clear (&run->standing);
  dfkd_run_origin_clear (&run->origin);
  g_free (run);
}

static Run *
read_run (const char *folder, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_run_recipe_load (folder, error);
  g_auto (DfkdRunStanding) standing = { 0 };
  g_autofree char *base = g_path_get_basename (folder), *name = g_filename_display_name (base);
  gboolean written;
  Run *run;

  if (recipe == NULL || !dfkd_run_standing_read (&standing, folder, recipe, error))
    return NULL;
  written = dfkd_run_is_written (folder);
  standing.status.seconds_left = written ? dfkd_run_standing_seconds_left (&standing) : -1.0;
  run = g_new0 (Run, 1);
  run->folder = g_strdup (folder);
  run->name = dfkd_printable_text (name);
  run->note = dfkd_run_note_load (folder);
  dfkd_run_origin_load (&run->origin, folder);
  run->recipe = g_steal_pointer (&recipe);
  run->standing = standing;
  standing = (DfkdRunStanding){ 0 };
  run->state = run->standing.status.state == DFKD_STATE_FINISHED ? RUN_FINISHED
               : written                                         ? RUN_RUNNING
               : dfkd_run_can_go_on (folder)                     ? RUN_STOPPED
                                                                 : RUN_CUT_OFF;
  return run;
}

/* the runs that @path names: itself, or those in it. FALSE: one of them, or it, cannot be read, which has been said */
static gboolean
add_runs (GPtrArray *runs, const char *path)
{
  g_autoptr (GPtrArray) folders = NULL;
  gboolean good = TRUE;

  if (dfkd_run_is_folder (path))
    {
      folders = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (folders, g_strdup (path));
    }
  else
    folders = dfkd_runs_list (path);
  if (folders->len == 0)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (GDir) directory = g_dir_open (path, 0, &problem);
      g_autofree char *text = directory != NULL ? g_strdup_printf (_("%s is not the folder of a run, and there is none in it"), path)
                                                : g_strdup_printf (_("%s cannot be read: %s"), path, problem->message);

      dfkd_command_tell (text);
      return FALSE;
    }
  for (guint i = 0; i < folders->len; i++)
    {
      g_autoptr (GError) error = NULL;
      Run *run = read_run (g_ptr_array_index (folders, i), &error);

      if (run != NULL)
        g_ptr_array_add (runs, run);
      else
        dfkd_command_tell (error->message);
      good = good && run != NULL;
    }
  return good;
}

/* the values of dials that were turned while it went on */
static void
add_turned (JsonBuilder *builder, const Run *run)
{
  json_builder_set_member_name (builder, "turned");
  json_builder_begin_object (builder);
  for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
    if (!dfkd_recipe_same (run->recipe, run->standing.now, id))
      {
        json_builder_set_member_name (builder, dfkd_parameter (id)->name);
        dfkd_recipe_add_value (run->standing.now, id, builder);
      }
  json_builder_end_object (builder);
}

static void
add_run (JsonBuilder *builder, const Run *run)
{
  const DfkdStatus *s = &run->standing.status;

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "folder", run->folder);
  dfkd_json_text (builder, "state", states[run->state].name);
  dfkd_json_integer (builder, "syntheses", s->synthesis);
  dfkd_json_integer (builder, "of", s->syntheses);
  dfkd_json_number (builder, "seconds_left", s->seconds_left >= 0.0 ? s->seconds_left : (double) NAN);
  json_builder_set_member_name (builder, "accuracy");
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "last", s->accuracy);
  dfkd_json_number (builder, "best", s->best_accuracy);
  dfkd_json_number (builder, "chosen", s->chosen_accuracy);
  dfkd_json_number (builder, "teacher", s->teacher_accuracy);
  json_builder_end_object (builder);
  dfkd_json_clocks (builder, &s->clocks);
  if (run->standing.device != NULL)
    dfkd_json_text (builder, "device", run->standing.device);
  if (run->note != NULL)
    dfkd_json_text (builder, "note", run->note);
  if (run->origin.folder != NULL)
    {
      json_builder_set_member_name (builder, "branch");
      json_builder_begin_object (builder);
      dfkd_json_text (builder, "run", run->origin.folder);
      dfkd_json_integer (builder, "synthesis", run->origin.synthesis);
      json_builder_end_object (builder);
    }
  json_builder_set_member_name (builder, "recipe");
  dfkd_recipe_add_values (run->recipe, DFKD_N_PARAMETERS, builder);
  add_turned (builder, run);
  json_builder_end_object (builder);
}

static void
print_json (const GPtrArray *runs)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < runs->len; i++)
    add_run (builder, g_ptr_array_index (runs, i));
  json_builder_end_array (builder);
  dfkd_json_print (builder);
}

static void
print_table (const GPtrArray *runs)
{
  g_autofree DfkdRunRow *rows = g_new0 (DfkdRunRow, runs->len);
  g_autoptr (DfkdRunTable) table = NULL;
  g_autofree char *lines = NULL;

  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = g_ptr_array_index (runs, i);

      rows[i] = (DfkdRunRow){ run->name, run->recipe, run->standing.now, &run->standing.status, g_dpgettext2 (GETTEXT_PACKAGE, "run", states[run->state].label) };
    }
  table = dfkd_run_table_new (rows, runs->len);
  lines = dfkd_run_table_to_lines (table);
  g_print ("%s", lines);
  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = g_ptr_array_index (runs, i);

      g_autofree char *origin = run->origin.folder != NULL ? dfkd_run_origin_describe (&run->origin) : NULL;

      if (origin != NULL)
        g_print ("%s: %s\n", run->name, origin);
      if (run->note != NULL)
        g_print ("%s: %s\n", run->name, run->note);
    }
}

int
dfkd_command_runs (int argc, char **argv)
{
  g_auto (GStrv) paths = NULL;
  gboolean json = FALSE, good = TRUE;
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (free_run);
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, _("print one JSON document, with the whole recipe of each run"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "runs", _("[FOLDER…]"),
                           _("Lists runs: in what their recipes differ, how far each is and what it came to, those of other programs too, and notes on them. A folder is that\n"
                             "of a run or holds runs, the newest of which come first; without one it is “runs”, where dfkd distill makes them."),
                           entries, NULL, NULL, 0))
    return DFKD_EXIT_USAGE;
  for (char **path = paths; path != NULL && *path != NULL; path++)
    good = add_runs (runs, *path) && good;
  if (paths == NULL)
    good = add_runs (runs, "runs");
  if (json)
    print_json (runs);
  else if (runs->len > 0)
    print_table (runs);
  return good ? DFKD_EXIT_DONE : DFKD_EXIT_FAILED;
}
