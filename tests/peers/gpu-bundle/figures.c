/* figures.c: seconds of many runs as one figure, and starting programs. */
#include "measure.h"
#include "median.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *
side_name (Side side)
{
  static const char *const names[N_SIDES] = { "dfkd", "dfkd without Winograd", "PyTorch eager", "PyTorch compiled", "PyTorch compiled, CUDA graphs" };

  return names[side];
}

const char *
side_key (Side side)
{
  static const char *const keys[N_SIDES] = { "dfkd", "dfkd-plain", "eager", "compiled", "compiled-graphs" };

  return keys[side];
}

const char *
kind_name (Kind kind)
{
  static const char *const names[N_KINDS] = { "inner", "student" };

  return names[kind];
}

static double
middle (const double *values, guint count)
{
  g_autofree double *sorted = g_memdup2 (values, count * sizeof *values);

  return dfkd_median (sorted, count);
}

void
figure_add_round (Figure *figure, double median, double least, double most)
{
  if (figure->medians == NULL)
    {
      figure->medians = g_array_new (FALSE, FALSE, sizeof (double));
      figure->least = least;
      figure->most = most;
    }
  g_array_append_val (figure->medians, median);
  figure->least = MIN (figure->least, least);
  figure->most = MAX (figure->most, most);
}

void
figure_add (Figure *figure, const double *seconds, guint count)
{
  double least = seconds[0], most = seconds[0];

  for (guint i = 1; i < count; i++)
    {
      least = MIN (least, seconds[i]);
      most = MAX (most, seconds[i]);
    }
  figure_add_round (figure, middle (seconds, count), least, most);
}

double
figure_median (const Figure *figure)
{
  return figure->medians != NULL ? middle ((const double *) (gpointer) figure->medians->data, figure->medians->len) : (double) NAN;
}

GPtrArray *
start_program (const Settings *settings, const char *name)
{
  GPtrArray *command = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (command, g_build_filename (settings->bundle, "start", NULL));
  g_ptr_array_add (command, g_strdup (name));
  return command;
}

int
run_program (GPtrArray *command, char **output, char **errors, GError **error)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *out = NULL, *err = NULL;

  g_ptr_array_add (command, NULL);
  process = g_subprocess_newv ((const char *const *) command->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &err, error))
    return -1;
  if (output != NULL)
    *output = g_steal_pointer (&out);
  if (errors != NULL)
    *errors = g_steal_pointer (&err);
  if (g_subprocess_get_if_exited (process))
    return g_subprocess_get_exit_status (process);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "it was ended by signal %d (%s)", g_subprocess_get_term_sig (process),
               g_strsignal (g_subprocess_get_term_sig (process)));
  return -1;
}

char *
last_line (const char *text, int code)
{
  g_autofree char *copy = g_strchomp (g_strdup (text != NULL ? text : ""));
  const char *line = strrchr (copy, '\n');

  if (*copy == '\0')
    return g_strdup_printf ("exit code %d without a word", code);
  return g_strdup (line != NULL ? line + 1 : copy);
}
