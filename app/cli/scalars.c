/* scalars.c: dfkd scalars: what runs measured step by step, for other programs. */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
  AT_ONCE = 1 << 20, /* bytes that are written together */
};

typedef struct {
  char *output, *tensorboard;
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
check_run (const char *folder, GError **error)
{
  if (dfkd_run_is_folder (folder))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is not the folder of a run: it has no recipe.json and events.jsonl"), folder);
  return FALSE;
}

static gboolean
add_run (Table *table, const char *folder, GError **error)
{
  static const DfkdTap tap = { add_scalar, NULL, NULL };
  g_autofree char *log = g_build_filename (folder, "events.jsonl", NULL), *name = g_filename_display_name (folder);

  if (!check_run (folder, error))
    return FALSE;
  table->folder = name;
  return dfkd_run_log_read (log, G_MAXUINT64, &tap, table, NULL, NULL, error);
}

static gboolean
write_table (const Options *o, GError **error)
{
  g_autoptr (GString) text = g_string_new ("run,series,step,generate,distil,evaluate,show,value\n");
  g_autoptr (GPtrArray) parts = o->output != NULL ? g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) : NULL;
  Table table = { .text = text, .parts = parts };

  if (!choose_series (&table, o->series, error) || (o->output != NULL && !dfkd_atomic_check (o->output, error)))
    return FALSE;
  for (char **folder = o->folders; *folder != NULL; folder++)
    if (!add_run (&table, *folder, error))
      return FALSE;
  put_away (&table);
  return parts == NULL || dfkd_atomic_write (o->output, (GBytes *const *) parts->pdata, parts->len, error);
}

static void
tell_lost (const char *folder, guint lost)
{
  g_printerr (g_dngettext (GETTEXT_PACKAGE, "%s: the images of %u synthesis cannot be read and are left out\n", "%s: the images of %u syntheses cannot be read and are left out\n", lost),
              folder, lost);
}

/* a folder of its own for each run, as TensorBoard tells runs apart */
static gboolean
write_for_tensorboard (const Options *o, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (char **folder = o->folders; *folder != NULL; folder++)
    {
      g_autofree char *whole = g_canonicalize_filename (*folder, NULL), *name = g_path_get_basename (whole);
      g_autofree char *to = g_build_filename (o->tensorboard, name, NULL), *path = NULL;
      guint lost;

      if (!check_run (*folder, error))
        return FALSE;
      if (!g_hash_table_add (names, g_steal_pointer (&name)))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--tensorboard: two runs would both be in %s; write them with two commands, into two folders"), to);
          return FALSE;
        }
      if (g_mkdir_with_parents (to, 0755) != 0)
        return dfkd_write_error (to, errno, error);
      path = dfkd_run_write_tensorboard (*folder, to, &lost, error);
      if (path == NULL)
        return FALSE;
      if (lost > 0)
        tell_lost (*folder, lost);
      g_print ("%s\n", path);
    }
  return TRUE;
}

int
dfkd_command_scalars (int argc, char **argv)
{
  g_auto (Options) o = { NULL };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "series", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.series, _("only this one, as “loss” or “accuracy”; may be given again"), "NAME" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, _("file to write, instead of standard output"), "FILE" },
    { "tensorboard", 0, 0, G_OPTION_ARG_FILENAME, &o.tensorboard,
      _("instead, write all series and the images of the syntheses as event files of TensorBoard, in a folder of DIR for each run; given again while a run goes on they grow. All images are shown by tensorboard --samples_per_plugin images=0"), "DIR" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.folders, NULL, NULL },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "scalars", _("RUN…"),
                           _("Writes the losses, rates, agreements and accuracies of runs as CSV, a line for each value: the run, the series, the step and the seconds\n"
                             "of synthesis, distillation, evaluation and showing until then. A run may still be going on."),
                           entries, NULL, NULL, 0))
    return DFKD_EXIT_USAGE;
  if (o.folders == NULL)
    {
      g_printerr (_("dfkd scalars: name the folder of a run\n"));
      return DFKD_EXIT_USAGE;
    }
  if (o.tensorboard != NULL && (o.output != NULL || o.series != NULL))
    {
      g_printerr (_("dfkd scalars: --tensorboard writes all series into files of its own: leave out --series and --output\n"));
      return DFKD_EXIT_USAGE;
    }
  return (o.tensorboard != NULL ? write_for_tensorboard : write_table) (&o, &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
