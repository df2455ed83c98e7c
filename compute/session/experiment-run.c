/* experiment-run.c: the cells in their order, and successive halving's rungs. */
#include "experiment-run.h"

#include "atomic-file.h"
#include "errors.h"
#include "experiment-progress.h"
#include "experiment-results.h"
#include "left-overs.h"
#include "session.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const DfkdExperiment *experiment;
  const DfkdExperimentOptions *options;
  const char *folder;
  DfkdExperimentResults *results;
  guint *goals; /* for each cell the syntheses it is to have now; 0: it takes no part any more */
  guint later;  /* syntheses of rungs that have not begun: by whom is not known */
} Work;

/* a cell that runs */
typedef struct {
  guint cell, device; /* number in DfkdExperimentOptions.devices */
  DfkdSession *session; /* NULL: it could not begin, or need not */
  gboolean whole;       /* it goes to its end by itself */
  DfkdStatus status, asked;
  GError *problem;
  char *complaint;
} Job;

static const double WAIT = 0.2; /* seconds for something to happen */

static guint
count_devices (const DfkdExperimentOptions *options)
{
  return options->devices != NULL ? MAX (g_strv_length ((char **) options->devices), 1u) : 1;
}

static guint
most_jobs (const DfkdExperimentOptions *options)
{
  return options->jobs > 0 ? options->jobs : count_devices (options);
}

static guint
threads_of_each (const DfkdExperimentOptions *options)
{
  const guint jobs = most_jobs (options);

  return options->threads != 0 || jobs == 1 ? options->threads : MAX (g_get_num_processors () / jobs, 1u);
}

/* whether a cell is one of those that this process does */
static gboolean
is_own (const DfkdExperimentOptions *options, guint cell)
{
  return options->parts == 0 || cell % options->parts == options->part - 1;
}

/* With others at work in the folder, theirs are looked at first, and one process at a time does so: the last has them all. */
static gboolean
write_results (const Work *w, GError **error)
{
  g_autofree char *path = g_build_filename (w->folder, ".results.lock", NULL);
  g_autofree gboolean *others = g_new0 (gboolean, w->experiment->cells->len);
  int claim;
  gboolean done;

  if (w->options->parts == 0)
    return dfkd_experiment_results_write (w->results, error);
  claim = dfkd_file_lock (path, DFKD_LOCK_WAIT, "", error);
  if (claim < 0)
    return FALSE;
  for (guint cell = 0; cell < w->experiment->cells->len; cell++)
    others[cell] = !is_own (w->options, cell);
  dfkd_experiment_results_refresh (w->results, others);
  done = dfkd_experiment_results_write (w->results, error);
  close (claim);
  return done;
}

/* ------------------------------------------------------------------------------------------------- one cell */

/* A session that pauses by itself met something that somebody has to decide; here that is nobody. */
static char *
take_complaint (DfkdChannel *channel)
{
  g_autoptr (GArray) scalars = dfkd_channel_take_scalars (channel); /* or they would gather */
  char *complaint = NULL;
  DfkdEvent *event;

  while ((event = dfkd_channel_take_event (channel)) != NULL)
    {
      if (event->kind == DFKD_EVENT_PAUSED && event->message != NULL && complaint == NULL)
        complaint = g_strdup (event->message);
      dfkd_event_free (event);
    }
  return complaint;
}

/* Lets it run to its end, or epoch by epoch to its goal. TRUE: it got there, or something has to be decided. */
static gboolean
follow (Job *job, guint goal)
{
  DfkdChannel *channel = dfkd_session_get_channel (job->session);
  DfkdStatus status;

  job->complaint = take_complaint (channel);
  dfkd_channel_get_status (channel, &status);
  job->status = status;
  if (job->complaint != NULL || status.state == DFKD_STATE_FINISHED || status.state == DFKD_STATE_FAILED)
    return TRUE;
  if (job->whole || status.state != DFKD_STATE_PAUSED)
    return FALSE;
  if (status.between && status.synthesis > goal) /* it says which is next */
    return TRUE;
  if (status.synthesis == job->asked.synthesis && status.between == job->asked.between)
    return FALSE; /* the step that was asked for has not begun */
  job->asked = status;
  dfkd_session_step (job->session, DFKD_STEP_EPOCH);
  return FALSE;
}

static void
free_job (gpointer data)
{
  Job *job = data;

  dfkd_session_free (job->session);
  g_clear_error (&job->problem);
  g_free (job->complaint);
  g_free (job);
}

/* There is no session when it was taken from elsewhere, or when something is wrong, which then stands in @problem.
 * Returns: (transfer full) */
static Job *
begin (const Work *w, guint cell, guint device)
{
  g_autofree char *path = dfkd_cell_path (w->experiment, w->folder, cell);
  g_autoptr (DfkdRecipe) recipe = dfkd_experiment_cell_recipe (w->experiment, cell);
  DfkdSessionOptions options = { .device = w->options->devices != NULL ? w->options->devices[device] : NULL, .threads = threads_of_each (w->options), .folder = path, .paused = TRUE, .polite = w->options->polite };
  g_autofree char *from = NULL;
  Job *job = g_new0 (Job, 1);

  job->cell = cell;
  job->device = device;
  from = dfkd_cell_take (path, recipe, w->options->take_from, &job->problem);
  if (from != NULL && w->options->took != NULL)
    w->options->took (w->experiment, cell, from, w->options->data);
  if (from != NULL || job->problem != NULL)
    return job;
  job->whole = w->goals[cell] >= recipe->number[DFKD_PARAMETER_SYNTHESES];
  job->asked.synthesis = G_MAXUINT;
  if (dfkd_cell_prepare (path, recipe, &options.resume, &job->problem))
    job->session = dfkd_session_new (options.resume ? NULL : recipe, &options, &job->problem);
  if (job->session != NULL && job->whole)
    dfkd_session_run (job->session);
  return job;
}

/* what goes wrong with a cell stands in its result */
static void
end (const Work *w, Job *job)
{
  DfkdCellResult *result = &w->results->cells[job->cell];

  if (job->session != NULL)
    {
      dfkd_session_stop (job->session);
      dfkd_session_wait (job->session, &job->problem);
      g_clear_pointer (&job->session, dfkd_session_free);
    }
  if (job->problem != NULL || job->complaint != NULL)
    {
      result->state = DFKD_CELL_FAILED;
      g_free (result->message);
      result->message = g_strdup (job->problem != NULL ? job->problem->message : job->complaint);
    }
  dfkd_cell_look (w->experiment, w->folder, job->cell, result);
}

static void
tell_ended (const Work *w, guint cell)
{
  if (w->options->ended != NULL)
    w->options->ended (w->experiment, cell, &w->results->cells[cell], w->options->data);
}

/* ------------------------------------------------------------------------------------------------ all of them */

static guint
syntheses_of (const DfkdExperiment *experiment, guint recipe)
{
  return (guint) dfkd_experiment_recipe (experiment, recipe)->recipe->number[DFKD_PARAMETER_SYNTHESES];
}

/* Whether a cell has what it is to have now; a rung may have been passed in an earlier session. What was cut off behind its last
 * measurement has a score, and no student or summary yet that go with it. */
static gboolean
is_there (const Work *w, guint cell)
{
  const DfkdCellResult *result = &w->results->cells[cell];
  const guint goal = w->goals[cell];

  if (result->state == DFKD_CELL_FINISHED)
    return TRUE;
  return result->state != DFKD_CELL_FAILED && goal < syntheses_of (w->experiment, dfkd_experiment_cell (w->experiment, cell)->recipe)
         && result->summary != NULL && result->summary->syntheses >= goal
         && isfinite (dfkd_cell_score (w->experiment, w->folder, cell, goal));
}

/* a cell has come to its end, or as far as it is to come now */
static gboolean
conclude (Work *w, Job *job, GError **error)
{
  end (w, job);
  if (!write_results (w, error))
    return FALSE;
  tell_ended (w, job->cell);
  return TRUE;
}

/* the device with the fewest cells */
static guint
choose_device (const Work *w, const GPtrArray *jobs)
{
  const guint n = count_devices (w->options);
  g_autofree guint *busy = g_new0 (guint, n);
  guint best = 0;

  for (guint i = 0; i < jobs->len; i++)
    busy[((const Job *) g_ptr_array_index (jobs, i))->device]++;
  for (guint i = 1; i < n; i++)
    if (busy[i] < busy[best])
      best = i;
  return best;
}

/* as many as may run at a time, of those that wait from @next on */
static gboolean
begin_more (Work *w, GPtrArray *jobs, guint *next, GError **error)
{
  for (; *next < w->experiment->cells->len && jobs->len < most_jobs (w->options); ++*next)
    {
      Job *job;

      if (w->goals[*next] == 0 || is_there (w, *next))
        continue;
      job = begin (w, *next, choose_device (w, jobs));
      g_ptr_array_add (jobs, job);
      if (job->session == NULL)
        {
          if (!conclude (w, job, error))
            return FALSE;
          g_ptr_array_remove (jobs, job);
        }
    }
  return TRUE;
}

/* waits for news of each, and concludes those that are there */
static gboolean
look_after (Work *w, GPtrArray *jobs, GError **error)
{
  for (guint i = 0; i < jobs->len;)
    {
      Job *job = g_ptr_array_index (jobs, i);

      dfkd_channel_wait (dfkd_session_get_channel (job->session), WAIT / jobs->len);
      if (!follow (job, w->goals[job->cell]))
        {
          i++;
          continue;
        }
      if (!conclude (w, job, error))
        return FALSE;
      g_ptr_array_remove_index (jobs, i);
    }
  return TRUE;
}

/* FALSE: it is to stop */
static gboolean
watch (const Work *w, GPtrArray *jobs)
{
  g_autofree DfkdExperimentActive *active = g_new0 (DfkdExperimentActive, jobs->len);
  DfkdExperimentProgress progress = { .experiment = w->experiment, .active = active, .n_active = jobs->len };

  for (guint i = 0; i < jobs->len; i++)
    {
      const Job *job = g_ptr_array_index (jobs, i);

      active[i] = (DfkdExperimentActive){ job->cell, job->status };
    }
  dfkd_experiment_estimate (&progress, w->results, w->goals, w->later, most_jobs (w->options));
  return w->options->watch (&progress, w->options->data);
}

/* those that are cut off save their snapshots at the same time */
static void
stop_all (Work *w, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    if (((Job *) g_ptr_array_index (jobs, i))->session != NULL)
      dfkd_session_stop (((Job *) g_ptr_array_index (jobs, i))->session);
  for (guint i = 0; i < jobs->len; i++)
    {
      Job *job = g_ptr_array_index (jobs, i);

      end (w, job);
      if (job->problem != NULL || job->complaint != NULL)
        tell_ended (w, job->cell);
    }
  write_results (w, NULL);
}

/* every cell up to its goal */
static gboolean
run_cells (Work *w, GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (free_job);
  gboolean fine = TRUE, stopped = FALSE;
  guint next = 0;

  while (fine && !stopped)
    {
      fine = begin_more (w, jobs, &next, error);
      if (jobs->len == 0)
        return fine;
      fine = fine && look_after (w, jobs, error);
      stopped = fine && jobs->len > 0 && !watch (w, jobs);
    }
  stop_all (w, jobs);
  if (stopped)
    g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_CANCELLED, _("the experiment was stopped"));
  return FALSE;
}

/* the mean over seeds; NaN when a cell has none */
static double
score (const Work *w, guint recipe, guint syntheses)
{
  double sum = 0.0;

  for (guint cell = 0; cell < w->experiment->cells->len; cell++)
    if (dfkd_experiment_cell (w->experiment, cell)->recipe == recipe)
      sum += dfkd_cell_score (w->experiment, w->folder, cell, syntheses);
  return sum / w->experiment->seeds->len;
}

static void
set_goals (Work *w, guint rung, const guint *alive, guint n)
{
  const GArray *rungs = w->experiment->rungs;
  const guint seeds = w->experiment->seeds->len;

  for (guint cell = 0; cell < w->experiment->cells->len; cell++)
    {
      const guint recipe = dfkd_experiment_cell (w->experiment, cell)->recipe;

      w->goals[cell] = 0;
      for (guint i = 0; i < n; i++)
        if (alive[i] == recipe)
          w->goals[cell] = g_array_index (rungs, DfkdRung, rung).syntheses;
      if (w->goals[cell] == 0 && w->results->cells[cell].state == DFKD_CELL_BEGUN)
        w->results->cells[cell].state = DFKD_CELL_DROPPED;
    }
  w->later = 0;
  for (guint i = rung + 1; i < rungs->len; i++)
    w->later += seeds * g_array_index (rungs, DfkdRung, i).recipes
                * (g_array_index (rungs, DfkdRung, i).syntheses - g_array_index (rungs, DfkdRung, i - 1).syntheses);
}

static gboolean
run_halving (Work *w, GError **error)
{
  const GArray *rungs = w->experiment->rungs;
  guint n = w->experiment->recipes->len, known;
  g_autofree guint *alive = g_new (guint, n);
  g_autofree double *scores = g_new (double, n);

  for (guint i = 0; i < n; i++)
    alive[i] = i;
  for (guint rung = 0;; rung++)
    {
      set_goals (w, rung, alive, n);
      if (!run_cells (w, error))
        return FALSE;
      if (rung + 1 == rungs->len)
        return TRUE;
      known = 0;
      for (guint i = 0; i < n; i++)
        {
          scores[i] = score (w, alive[i], g_array_index (rungs, DfkdRung, rung).syntheses);
          known += isfinite (scores[i]);
        }
      if (known == 0)
        {
          g_set_error (
              error, DFKD_ERROR, DFKD_ERROR_NUMBER,
              _("there is nothing to compare after %u syntheses: every recipe has a run that failed or was not measured; see "
                 "results.md, and give test data or use \"by\": \"agreement\""),
              g_array_index (rungs, DfkdRung, rung).syntheses);
          return FALSE;
        }
      n = dfkd_experiment_survivors (w->experiment, rung, alive, scores, n);
    }
}

/* What was being written in the runs when an experiment was killed: one that has come as far as it is to come is not gone on with, where
 * that would go. */
static void
clean (const Work *w)
{
  for (guint cell = 0; cell < w->experiment->cells->len; cell++)
    {
      g_autofree char *path = dfkd_cell_path (w->experiment, w->folder, cell);
      int claim = is_own (w->options, cell) && dfkd_run_is_folder (path) ? dfkd_run_lock (path, NULL) : -1;

      if (claim < 0)
        continue;
      dfkd_left_overs_remove (path);
      close (claim);
    }
}

/* @alone: what lies half written beside it is nobody's any more */
static gboolean
keep_copy (const char *source, const char *folder, gboolean alone, GError **error)
{
  g_autofree char *copy = g_build_filename (folder, DFKD_EXPERIMENT_COPY, NULL), *text = NULL, *beside = g_path_get_dirname (source);
  char *whole;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) problem = NULL;
  gsize length;

  if (!g_file_get_contents (source, &text, &length, &problem))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the experiment %s cannot be read: %s"), source, problem->message);
      return FALSE;
    }
  whole = dfkd_experiment_self_contained (text, (gssize) length, beside);
  bytes = g_bytes_new_take (whole, strlen (whole));
  if (alone)
    dfkd_atomic_clean (copy);
  return dfkd_atomic_write (copy, &bytes, 1, error);
}

/* Those who do parts share the folder; whoever does all of it, or the same part, has it alone.
 * Returns: whether the folder is this process's; @claims: descriptors to close, −1: none */
static gboolean
claim_folder (const char *folder, const DfkdExperimentOptions *options, int claims[2], GError **error)
{
  g_autofree char *whole = g_build_filename (folder, ".lock", NULL), *part = NULL;
  g_autofree char *taken = g_strdup_printf (_("another experiment writes in %s; wait until it has ended, or stop it"), folder);

  claims[1] = -1;
  claims[0] = dfkd_file_lock (whole, options->parts > 0 ? DFKD_LOCK_SHARED : DFKD_LOCK_ALONE, taken, error);
  if (claims[0] < 0 || options->parts == 0)
    return claims[0] >= 0;
  part = g_strdup_printf ("%s/.lock-%u-of-%u", folder, options->part, options->parts);
  claims[1] = dfkd_file_lock (part, DFKD_LOCK_ALONE, taken, error);
  return claims[1] >= 0;
}

static void
return_folder (const int claims[2])
{
  for (guint i = 0; i < 2; i++)
    if (claims[i] >= 0)
      close (claims[i]);
}

gboolean
dfkd_experiment_run (const DfkdExperiment *experiment, const char *source, const char *folder,
                     const DfkdExperimentOptions *options, GError **error)
{
  g_autoptr (DfkdExperimentResults) results = NULL;
  g_autofree guint *goals = g_new0 (guint, experiment->cells->len);
  Work w = { experiment, options, folder, NULL, goals, 0 };
  gboolean done;
  int claims[2];

  if (options->parts > 0 && experiment->rungs != NULL)
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                           _("--part: successive halving compares all runs with each other; do it in one process, with --jobs or several devices"));
      return FALSE;
    }
  if (g_mkdir_with_parents (folder, 0755) != 0)
    return dfkd_write_error (folder, errno, error);
  if (!claim_folder (folder, options, claims, error))
    {
      return_folder (claims);
      return FALSE;
    }
  for (guint cell = 0; cell < experiment->cells->len; cell++) /* so that no results are lost */
    if (!dfkd_cell_check (experiment, folder, cell, error))
      {
        return_folder (claims);
        return FALSE;
      }
  w.results = results = dfkd_experiment_results_new (experiment, folder);
  for (guint cell = 0; cell < experiment->cells->len; cell++)
    goals[cell] = is_own (options, cell) ? syntheses_of (experiment, dfkd_experiment_cell (experiment, cell)->recipe) : 0;
  clean (&w);
  done = keep_copy (source, folder, options->parts == 0, error) && (experiment->rungs != NULL ? run_halving (&w, error) : run_cells (&w, error))
         && write_results (&w, error);
  return_folder (claims);
  return done;
}
