/* command.c: option parsing, interrupts and the progress bar. */
#include "command.h"
#include "manual.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* -------------------------------------------------------------------------------------------- options */

typedef struct {
  char *values[DFKD_N_PARAMETERS]; /* as given */
} RecipeOptions;

static void
recipe_options_clear (RecipeOptions *options)
{
  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    g_free (options->values[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RecipeOptions, recipe_options_clear)

static gboolean
on_parameter (const char *option, const char *value, gpointer data, GError **error)
{
  RecipeOptions *options = data;
  DfkdParameterId id;

  if (!dfkd_parameter_find (option + strspn (option, "-"), &id))
    return FALSE;
  if (!g_utf8_validate (value, -1, NULL))
    {
      g_autofree char *readable = g_utf8_make_valid (value, -1);

      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("%s: “%s” is not text in UTF-8, which a recipe is; name the file otherwise, or a link to it"), option, readable);
      return FALSE;
    }
  g_free (options->values[id]);
  options->values[id] = g_strdup (value);
  return TRUE;
}

/* the tables of options that a command has, as they are written */
typedef struct {
  const GOptionEntry *tables[2];
} Values;

/* @option: as it was given, "--network" or "-j" */
static const GOptionEntry *
find_entry (const Values *values, const char *option)
{
  for (guint i = 0; i < G_N_ELEMENTS (values->tables); i++)
    for (const GOptionEntry *entry = values->tables[i]; entry != NULL && entry->long_name != NULL; entry++)
      if (g_str_has_prefix (option, "--") ? g_str_equal (option + 2, entry->long_name) : option[1] == entry->short_name)
        return entry;
  return NULL;
}

static gboolean
set_text (const char *option, const char *value, char **text, GError **error)
{
  if (!g_utf8_validate (value, -1, NULL))
    {
      g_autofree char *readable = g_utf8_make_valid (value, -1);

      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: “%s” is not text in UTF-8; write it so, whatever the terminal speaks"),
                   option, readable);
      return FALSE;
    }
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
read_integer (const char *option, const char *value, gint64 least, gint64 most, gint64 *integer, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *readable = NULL;

  if (g_ascii_string_to_signed (value, 10, least, most, integer, &problem))
    return TRUE;
  readable = g_utf8_make_valid (value, -1);
  if (g_error_matches (problem, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: %s is far outside of what is allowed"), option, readable);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: “%s” is not a whole number; expected one in decimal digits, as in 10"), option,
                 readable);
  return FALSE;
}

static gboolean
on_value (const char *option, const char *value, gpointer data, GError **error)
{
  const GOptionEntry *entry = find_entry (data, option);
  gint64 integer;

  if (entry->arg == G_OPTION_ARG_STRING)
    return set_text (option, value, entry->arg_data, error);
  if (entry->arg == G_OPTION_ARG_INT64)
    return read_integer (option, value, G_MININT64, G_MAXINT64, entry->arg_data, error);
  if (!read_integer (option, value, G_MININT, G_MAXINT, &integer, error))
    return FALSE;
  *(int *) entry->arg_data = (int) integer;
  return TRUE;
}

/* Adds @entries with texts as they are given and whole numbers in decimal: GLib would convert the ones from the locale's characters, where C has no
 * more than ASCII, and take the others for octal where they begin with a zero. @kept keeps what the group points to. */
static void
add_entries (GOptionGroup *group, const GOptionEntry *entries, GPtrArray *kept)
{
  guint count = 0;
  GOptionEntry *copy;

  while (entries[count].long_name != NULL)
    count++;
  copy = g_memdup2 (entries, (count + 1) * sizeof *entries);
  g_ptr_array_add (kept, copy);
  for (GOptionEntry *entry = copy; entry->long_name != NULL; entry++)
    if (entry->arg == G_OPTION_ARG_STRING || entry->arg == G_OPTION_ARG_INT || entry->arg == G_OPTION_ARG_INT64)
      {
        entry->arg = G_OPTION_ARG_CALLBACK;
        entry->arg_data = on_value;
        entry->flags |= G_OPTION_FLAG_FILENAME;
      }
  g_option_group_add_entries (group, copy);
}

/* what it is, what is allowed, and what it is unless said otherwise */
static char *
describe_parameter (const DfkdParameter *p)
{
  g_autofree char *choices = p->type == DFKD_PARAMETER_CHOICE ? g_strjoinv (", ", (char **) p->choices) : NULL;

  if (p->type == DFKD_PARAMETER_TEXT)
    return *p->text != '\0' ? g_strdup_printf ("%s (%s)", _(p->label), p->text) : g_strdup (_(p->label));
  if (p->type == DFKD_PARAMETER_CHOICE)
    return g_strdup_printf ("%s: %s (%s)", _(p->label), choices, p->choices[(guint) p->fallback]);
  return g_strdup_printf (_("%s: %.10g to %.10g (%.10g)"), _(p->label), p->minimum, p->maximum, p->fallback);
}

/* one option for each row of the parameter table, and the recipe's own spelling with _ beside it; @texts keeps what
 * the entries point to */
static GOptionGroup *
recipe_group (RecipeOptions *options, GPtrArray *texts)
{
  GOptionGroup *group = g_option_group_new ("recipe", _("Recipe options, their range and, in brackets, what they are unless said otherwise:"), _("Show the options of the recipe"),
                                              options, NULL);
  GOptionEntry *entries = g_new0 (GOptionEntry, 2 * DFKD_N_PARAMETERS + 1), *entry = entries;

  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    {
      const DfkdParameter *p = dfkd_parameter (i);
      char *name = g_strdelimit (g_strdup (p->name), "_", '-'), *description = describe_parameter (p);

      /* as it was given, see add_entries() */
      *entry = (GOptionEntry){ name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, on_parameter, description,
                               p->type == DFKD_PARAMETER_TEXT ? "TEXT" : p->type == DFKD_PARAMETER_CHOICE ? "NAME" : "NUMBER" };
      g_ptr_array_add (texts, name);
      g_ptr_array_add (texts, description);
      if (!g_str_equal (name, p->name))
        {
          entry[1] = *entry;
          entry[1].long_name = p->name;
          entry[1].flags |= G_OPTION_FLAG_HIDDEN;
          entry++;
        }
      entry++;
    }
  g_option_group_add_entries (group, entries);
  g_ptr_array_add (texts, entries);
  return group;
}

void
dfkd_command_name_option (DfkdParameterId id, GError **error)
{
  const char *name = dfkd_parameter (id)->name;
  g_autofree char *option = g_strdelimit (g_strdup (name), "_", '-');
  g_autofree char *message = (*error)->message;

  (*error)->message = g_strconcat ("--", option, g_str_has_prefix (message, name) ? "" : ": ",
                                   message + (g_str_has_prefix (message, name) ? strlen (name) : 0), NULL);
}

static DfkdRecipe *
finish_recipe (const RecipeOptions *options, const char *path, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = path != NULL ? dfkd_built_in_or_file (path, error) : dfkd_recipe_new ();

  if (recipe == NULL)
    {
      g_prefix_error (error, "--recipe: ");
      return NULL;
    }
  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    if (options->values[i] != NULL && !dfkd_recipe_set (recipe, i, options->values[i], error))
      {
        dfkd_command_name_option (i, error);
        return NULL;
      }
  return g_steal_pointer (&recipe);
}

static gboolean
usage (const char *name, const char *message)
{
  g_printerr ("dfkd %s: %s\n", name, message);
  g_printerr (_("Try “dfkd %s --help”.\n"), name);
  return FALSE;
}

/* of a shell's variable that is not set, as a rule: neither a name nor left out */
static const char *
find_empty (const GOptionEntry *entries)
{
  for (; entries != NULL && entries->long_name != NULL; entries++)
    if (entries->arg == G_OPTION_ARG_FILENAME && g_strcmp0 (*(char **) entries->arg_data, "") == 0)
      return entries->long_name;
  return NULL;
}

/* GLib leaves the “--” before names that begin with a hyphen where it is */
static void
drop_separator (int *argc, char **argv)
{
  int at = 1;

  while (at < *argc && !g_str_equal (argv[at], "--"))
    at++;
  if (at == *argc)
    return;
  for (; at + 1 < *argc; at++)
    argv[at] = argv[at + 1];
  argv[--*argc] = NULL;
}

gboolean
dfkd_command_parse (int *argc, char ***argv, const char *name, const char *arguments, const char *summary,
                    const GOptionEntry *entries, DfkdCommonOptions *common, DfkdRecipe **recipe, int positional)
{
  g_autofree char *title = g_strdup_printf ("%s%s%s", name, arguments != NULL ? " " : "", arguments != NULL ? arguments : "");
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_auto (RecipeOptions) options = { 0 };
  DfkdCommonOptions none = { 0 };
  const gboolean computes = common != NULL;
  DfkdCommonOptions *shared_options = computes ? common : &none;
  const GOptionEntry shared[] = {
    { "device", 0, 0, G_OPTION_ARG_STRING, &shared_options->device, _("where to compute: auto, cpu, vulkan or vulkan:N"), "ID" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &shared_options->threads, _("threads on the CPU; 0 for all"), "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &shared_options->json, _("print one JSON document"), NULL },
    { NULL },
  };
  const GOptionEntry recipe_entries[] = {
    { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &shared_options->recipe,
      _("start from a recipe, a file or the name of a built-in one; options override it"), "RECIPE" },
    { NULL },
  };
  Values values = { { entries, computes ? shared : NULL } };
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, &values, NULL);

  g_option_context_set_main_group (context, group);
  if (*argc == 2 && g_str_equal ((*argv)[1], DFKD_MANUAL_OPTION))
    {
      dfkd_manual_print_command (name, arguments, summary);
      if (entries != NULL)
        dfkd_manual_print_options (entries);
      if (computes)
        dfkd_manual_print_options (shared);
      if (recipe != NULL)
        dfkd_manual_print_options (recipe_entries);
      return FALSE;
    }
  g_free (title);
  title = g_strconcat ("dfkd ", name, NULL);
  g_set_prgname (title);
  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    add_entries (group, entries, texts);
  if (computes)
    add_entries (group, shared, texts);
  if (recipe != NULL)
    {
      add_entries (group, recipe_entries, texts);
      g_option_context_add_group (context, recipe_group (&options, texts));
    }
  if (!g_option_context_parse (context, argc, argv, &error))
    return usage (name, error->message);
  drop_separator (argc, *argv);
  if (shared_options->threads < 0 || shared_options->threads > 1024)
    return usage (name, _("--threads: expected a number from 0 to 1024"));
  if (find_empty (entries) != NULL)
    {
      g_autofree char *problem = g_strdup_printf (_("--%s: expected a name, not an empty one"), find_empty (entries));

      return usage (name, problem);
    }
  if (*argc - 1 < positional)
    return usage (name, _("an argument is missing"));
  if (*argc - 1 > positional)
    {
      g_autofree char *problem = g_strdup_printf (_("“%s” is an argument too many"), (*argv)[positional + 1]);

      return usage (name, problem);
    }
  for (int i = 1; i <= positional; i++)
    if (*(*argv)[i] == '\0')
      return usage (name, _("an argument is empty; expected a name"));
  if (recipe == NULL)
    return TRUE;
  *recipe = finish_recipe (&options, shared_options->recipe, &error);
  return *recipe != NULL || usage (name, error->message);
}

void
dfkd_common_options_clear (DfkdCommonOptions *options)
{
  g_free (options->recipe);
  g_free (options->device);
}

gboolean
dfkd_command_parse_size (const char *text, gsize *height, gsize *width, GError **error)
{
  const guint64 largest = 4096;
  g_auto (GStrv) parts = g_strsplit (text, "x", 3);
  guint64 rows, columns;

  if (g_strv_length (parts) == 2 && g_ascii_string_to_unsigned (parts[0], 10, 1, largest, &rows, NULL)
      && g_ascii_string_to_unsigned (parts[1], 10, 1, largest, &columns, NULL))
    {
      *height = (gsize) rows;
      *width = (gsize) columns;
      return TRUE;
    }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--size %s: expected height and width from 1 to %d, as in 32x32"), text, (int) largest);
  return FALSE;
}

void
dfkd_command_tell (const char *message)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  while (*message != '\0')
    {
      const gunichar c = g_utf8_get_char_validated (message, -1);
      const gsize length = c <= 0x10ffff ? (gsize) g_unichar_to_utf8 (c, NULL) : 1; /* g_printerr() writes out what is no UTF-8 */

      if (c <= 0x10ffff && g_unichar_iscntrl (c) && c != '\n')
        g_string_append_c (shown, '?');
      else
        g_string_append_len (shown, message, (gssize) length);
      message += length;
    }
  g_printerr ("%s: %s\n", g_get_prgname (), shown->str);
}

char *
dfkd_command_quote (const char *name)
{
  for (const char *at = name; *at != '\0'; at++)
    if ((guchar) *at < 0x80 && !g_ascii_isalnum (*at) && strchr ("/._-+,:@%=", *at) == NULL)
      return g_shell_quote (name);
  return g_strdup (name);
}

int
dfkd_command_fail (const GError *error)
{
  dfkd_command_tell (error->message);
  return g_error_matches (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT) ? DFKD_EXIT_USAGE : DFKD_EXIT_FAILED;
}

/* ----------------------------------------------------------------------------------------- interrupts */

enum {
  AT_ONCE = 300, /* ms: what comes within them is one interrupt */
};

static volatile sig_atomic_t interrupts, hung_up;
static volatile sig_atomic_t in_line; /* the terminal's cursor stands behind the bar */

/* in ms; of a signal handler, so by what such a one may call */
static gint64
now_in_handler (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whoever ends a job for somebody may send to the program and to its whole group, as timeout does, or the terminal's signal and their own:
 * that is one interrupt, which loses nothing. Nobody presses keys so fast. */
static void
on_interrupt (int signal_number)
{
  static volatile gint64 first;
  const gint64 now = now_in_handler ();

  if (signal_number == SIGHUP) /* a shell and the kernel both send it: a second one says nothing new */
    hung_up = 1;
  else if (interrupts == 0)
    {
      first = now;
      interrupts = 1;
    }
  else if (now - first >= AT_ONCE)
    {
      if (in_line && write (STDERR_FILENO, "\n", 1) < 0) /* the shell begins a line of its own; if not, so be it */
        in_line = FALSE;
      _exit (DFKD_EXIT_INTERRUPTED);
    }
}

void
dfkd_interrupts_catch (void)
{
  struct sigaction action = { .sa_handler = on_interrupt }, before;

  sigaddset (&action.sa_mask, SIGINT);
  sigaddset (&action.sa_mask, SIGTERM);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  if (sigaction (SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* as nohup makes it */
    sigaction (SIGHUP, &action, NULL);
}

gboolean
dfkd_interrupts_seen (void)
{
  return interrupts > 0 || hung_up;
}

/* ------------------------------------------------------------------------------------------- progress */

enum {
  BAR = 24,
};

static gint64 last_line;

void
dfkd_progress_show (double fraction, double seconds_left, const char *text)
{
  g_autofree char *left = seconds_left >= 0.0 ? dfkd_time_text (seconds_left) : NULL; /* not NaN */
  struct winsize window = { 0 };
  gint64 now = g_get_monotonic_time ();
  guint filled = (guint) (CLAMP (fraction, 0.0, 1.0) * BAR + 0.5);
  g_autoptr (GString) line = g_string_new (NULL);

  if (!isatty (STDERR_FILENO))
    {
      if (last_line != 0 && now - last_line < 10 * G_USEC_PER_SEC)
        return;
      last_line = now;
      if (left != NULL)
        g_printerr (_("%3.0f %%, %s left, %s\n"), fraction * 100.0, left, text);
      else
        g_printerr (_("%3.0f %%, %s\n"), fraction * 100.0, text);
      return;
    }
  for (guint i = 0; i < BAR; i++)
    g_string_append (line, i < filled ? "█" : "░");
  g_string_append_printf (line, " %3.0f %% ", fraction * 100.0);
  if (left != NULL)
    {
      g_string_append_printf (line, _("%s left"), left);
      g_string_append (line, " · ");
    }
  g_string_append (line, text);
  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
    dfkd_terminal_cut (line, window.ws_col - 1u); /* of a longer one the next would not cover the rest */
  g_printerr ("\r%s\033[K", line->str);
  in_line = TRUE;
}

void
dfkd_progress_end (void)
{
  if (in_line)
    g_printerr ("\n");
  in_line = FALSE;
  last_line = 0;
}

void
dfkd_progress_show_trials (guint tried, guint all)
{
  g_autofree char *text = dfkd_device_describe_trials (tried, all);

  dfkd_progress_show ((double) tried / all, -1.0, text);
}

static gboolean
watch (guint done, guint all, gpointer data)
{
  (void) data;
  dfkd_progress_show_trials (done, all);
  if (done == all)
    dfkd_progress_end ();
  return !dfkd_interrupts_seen ();
}

DfkdDevice *
dfkd_command_open_device (const DfkdCommonOptions *common, GError **error)
{
  DfkdDevice *device = dfkd_device_open (common->device, (guint) common->threads, error);

  if (device != NULL)
    dfkd_device_set_watch (device, watch, NULL);
  return device;
}

GPtrArray *
dfkd_command_find_runs (char **paths, gboolean may_come, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (g_free);

  for (char **path = paths; *path != NULL; path++)
    {
      g_autoptr (GPtrArray) within = NULL;

      if (dfkd_run_is_folder (*path))
        {
          g_ptr_array_add (runs, g_strdup (*path));
          continue;
        }
      within = dfkd_runs_list (*path);
      if (within->len == 0 && !(may_come && g_file_test (*path, G_FILE_TEST_IS_DIR)))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is not the folder of a run, and there is none in it"), *path);
          return NULL;
        }
      g_ptr_array_set_free_func (within, NULL);
      g_ptr_array_extend (runs, within, NULL, NULL);
    }
  return g_steal_pointer (&runs);
}
