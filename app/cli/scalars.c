/* scalars.c: dfkd scalars: what runs measured step by step, for other programs. */
#include "tensorboard.h"

#include <stdio.h>
#include <string.h>

enum {
  AT_ONCE = 1 << 20,          /* bytes that are written together */
  LOOK = G_USEC_PER_SEC / 5, /* between looks for what came */
};

typedef struct {
  char *output, *tensorboard;
  gboolean follow;
  char **series, **folders;
} Options;

static void
options_clear (Options *o)
{
  g_free (o->output);
  g_free (o->tensorboard);
  g_strfreev (o->series);
  g_strfreev (o->folders);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct {
  GString *text;
  GPtrArray *parts; /* of GBytes; NULL: to standard output */
  const char *folder;
  gboolean wanted[DFKD_N_SERIES];
} Table;

static void
put_away (Table *table)
{
  if (table->parts != NULL)
    g_ptr_array_add (table->parts, g_bytes_new (table->text->str, table->text->len));
  else
    fwrite (table->text->str, 1, table->text->len, stdout); /* whether it arrived is asked at the end */
  g_string_truncate (table->text, 0);
}

static void
add_scalar (const DfkdScalar *scalar, gpointer data)
{
  Table *table = data;
  const double numbers[] = { (double) scalar->step, scalar->clocks.generate, scalar->clocks.distil, scalar->clocks.evaluate, scalar->clocks.show, scalar->value };

  if (!table->wanted[scalar->series])
    return;
  dfkd_csv_append (table->text, table->folder);
  dfkd_csv_append (table->text, dfkd_series_name (scalar->series));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    dfkd_csv_append_number (table->text, numbers[i]);
  g_string_append_c (table->text, '\n');
  if (table->text->len >= AT_ONCE)
    put_away (table);
}

static gboolean
choose_series (Table *table, char **names, GError **error)
{
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    table->wanted[i] = names == NULL;
  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      g_autoptr (GString) all = g_string_new (NULL);
      DfkdSeries series;

      if (dfkd_series_find (*name, &series))
        {
          table->wanted[series] = TRUE;
          continue;
        }
      for (guint i = 0; i < DFKD_N_SERIES; i++)
        g_string_append_printf (all, "%s%s", i > 0 ? ", " : "", dfkd_series_name (i));
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--series: there is no “%s”; there are %s"), *name, all->str);
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_run (Table *table, const char *folder, GError **error)
{
  static const DfkdTap tap = { add_scalar, NULL, NULL };
  g_autofree char *log = g_build_filename (folder, "events.jsonl", NULL), *name = g_filename_display_name (folder);

  table->folder = name;
  return dfkd_run_log_read (log, G_MAXUINT64, &tap, table, NULL, NULL, error);
}

static gboolean
write_table (const Options *o, const GPtrArray *runs, GError **error)
{
  g_autoptr (GString) text = g_string_new ("run,series,step,generate,distil,evaluate,show,value\n");
  g_autoptr (GPtrArray) parts = o->output != NULL ? g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) : NULL;
  Table table = { .text = text, .parts = parts };

  if (!choose_series (&table, o->series, error) || (o->output != NULL && !dfkd_atomic_check (o->output, error)))
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    if (!add_run (&table, g_ptr_array_index (runs, i), error))
      return FALSE;
  put_away (&table);
  return parts == NULL || dfkd_atomic_write (o->output, (GBytes *const *) parts->pdata, parts->len, error);
}

/* TensorBoard tells runs apart by the names of their folders */
static gboolean
check_names (const Options *o, const GPtrArray *runs, GError **error)
{
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      g_autofree char *to = dfkd_tensorboard_folder (o->tensorboard, g_ptr_array_index (runs, i));

      if (g_hash_table_contains (folders, to))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--tensorboard: two runs would both be in %s; write them with two commands, into two folders"), to);
          return FALSE;
        }
      g_hash_table_add (folders, g_steal_pointer (&to));
    }
  return TRUE;
}

static gboolean
write_for_tensorboard (const Options *o, const GPtrArray *runs, GError **error)
{
  if (!check_names (o, runs, error))
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    {
      g_auto (DfkdTensorboardCopy) copy = { 0 };

      if (!dfkd_tensorboard_write (&copy, o->tensorboard, g_ptr_array_index (runs, i), error))
        return FALSE;
      g_print ("%s\n", copy.path);
    }
  return TRUE;
}

/* ---------------------------------------------------------------------------------------------- while they go on */

typedef struct {
  char *folder; /* of the run */
  DfkdTensorboardCopy copy;
} Followed;

static void
free_followed (gpointer data)
{
  Followed *followed = data;

  g_free (followed->folder);
  dfkd_tensorboard_copy_clear (&followed->copy);
  g_free (followed);
}

/* Returns: whether @folder has finished, and all of it is written */
static gboolean
follow_run (const Options *o, GHashTable *runs, const char *folder)
{
  g_autofree char *to = dfkd_tensorboard_folder (o->tensorboard, folder), *before = NULL;
  const gboolean finished = dfkd_run_has_finished (folder); /* before it is read */
  Followed *followed = g_hash_table_lookup (runs, to);

  if (followed == NULL)
    {
      followed = g_new0 (Followed, 1);
      followed->folder = g_strdup (folder);
      g_hash_table_insert (runs, g_steal_pointer (&to), followed);
    }
  if (!g_str_equal (followed->folder, folder)) /* as check_names() says of those that are there at first */
    return TRUE;
  before = g_strdup (followed->copy.path);
  if (!dfkd_tensorboard_write_on (&followed->copy, o->tensorboard, folder))
    return FALSE;
  if (g_strcmp0 (before, followed->copy.path) != 0)
    g_print ("%s\n", followed->copy.path);
  return finished;
}

/* until all have finished; where folders of runs are named, others may come to them until it is interrupted */
static gboolean
follow (const Options *o, GError **error)
{
  g_autoptr (GHashTable) runs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_followed);
  gboolean more = TRUE;

  dfkd_interrupts_catch ();
  while (more && !dfkd_interrupts_seen ())
    {
      g_autoptr (GPtrArray) found = dfkd_command_find_runs (o->folders, TRUE, error);

      if (found == NULL || (g_hash_table_size (runs) == 0 && !check_names (o, found, error)))
        return FALSE;
      more = FALSE;
      for (char **path = o->folders; *path != NULL; path++)
        more = more || !dfkd_run_is_folder (*path);
      for (guint i = 0; i < found->len && !dfkd_interrupts_seen (); i++)
        more = !follow_run (o, runs, g_ptr_array_index (found, i)) || more;
      fflush (stdout); /* the paths, where they are read by a program */
      if (more)
        g_usleep (LOOK);
    }
  return TRUE;
}

int
dfkd_command_scalars (int argc, char **argv)
{
  g_auto (Options) o = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  gboolean done;
  const GOptionEntry entries[] = {
    { "series", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.series, _("only this one, as “loss” or “accuracy”; may be given again"), "NAME" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, _("file to write, instead of standard output"), "FILE" },
    { "tensorboard", 0, 0, G_OPTION_ARG_FILENAME, &o.tensorboard,
      _("instead, write all series and the images of the syntheses as event files of TensorBoard, in a folder of DIR for each run; given again they grow. All images are shown by tensorboard --samples_per_plugin images=0"), "DIR" },
    { "follow", 0, 0, G_OPTION_ARG_NONE, &o.follow, _("with --tensorboard: go on adding what comes until the runs have finished; in folders of runs, also those that begin later, until it is interrupted"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.folders, NULL, NULL },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "scalars", _("RUN…"),
                           _("Writes the losses, rates, agreements and accuracies of runs as CSV, a line for each value: the run, the series, the step and the seconds\n"
                             "of synthesis, distillation, evaluation and showing until then. A run may still be going on. A folder that holds runs stands for all of them."),
                           entries, NULL, NULL, 0))
    return DFKD_EXIT_USAGE;
  if (o.folders == NULL)
    {
      g_printerr (_("dfkd scalars: name the folder of a run, or one that holds runs\n"));
      return DFKD_EXIT_USAGE;
    }
  if (o.tensorboard != NULL && (o.output != NULL || o.series != NULL))
    {
      g_printerr (_("dfkd scalars: --tensorboard writes all series into files of its own: leave out --series and --output\n"));
      return DFKD_EXIT_USAGE;
    }
  if (o.follow && o.tensorboard == NULL)
    {
      g_printerr (_("dfkd scalars: --follow goes with --tensorboard: give that, too\n"));
      return DFKD_EXIT_USAGE;
    }
  runs = dfkd_command_find_runs (o.folders, o.follow, &error);
  if (runs == NULL)
    return dfkd_command_fail (error);
  done = o.follow ? follow (&o, &error) : o.tensorboard != NULL ? write_for_tensorboard (&o, runs, &error) : write_table (&o, runs, &error);
  return done ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
