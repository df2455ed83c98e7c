/* scalars.c: dfkd scalars: what runs measured step by step, for other programs. */
#include "command.h"

#include <stdio.h>
#include <string.h>

enum {
  AT_ONCE = 1 << 20, /* bytes that are written together */
};

typedef struct {
  char *output;
  char **series, **folders;
} Options;

static void
options_clear (Options *o)
{
  g_free (o->output);
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

  if (!dfkd_run_is_folder (folder))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is not the folder of a run: it has no recipe.json and events.jsonl"), folder);
      return FALSE;
    }
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

int
dfkd_command_scalars (int argc, char **argv)
{
  g_auto (Options) o = { NULL, NULL, NULL };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "series", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.series, _("only this one, as “loss” or “accuracy”; may be given again"), "NAME" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, _("file to write, instead of standard output"), "FILE" },
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
  return write_table (&o, &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
