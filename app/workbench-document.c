/* workbench-document.c: keeps what a run tells. */
#include "workbench-document-private.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>

G_DEFINE_FINAL_TYPE (WorkbenchDocument, workbench_document, G_TYPE_OBJECT)

enum {
  MOST_TIMES = 131072,
  MOST_FILMS = 64 << 20, /* bytes */
  AT_REST = 1000,        /* ms that a dial has stood still */
  LONGEST_NAME = 40,     /* letters: what a legend has room for */
};

guint workbench_document_signals[N_WORKBENCH_DOCUMENT_SIGNALS];

const char *
workbench_series_label (DfkdSeries series)
{
  static const char *const labels[] = {
    [DFKD_SERIES_LOSS] = N_ ("L"),
    [DFKD_SERIES_LOSS_BN] = N_ ("L_bn"),
    [DFKD_SERIES_LOSS_OH] = N_ ("L_oh"),
    [DFKD_SERIES_LOSS_ADV] = N_ ("L_adv"),
    [DFKD_SERIES_LOSS_ACT] = N_ ("L_act"),
    [DFKD_SERIES_LOSS_BALANCE] = N_ ("L_balance"),
    [DFKD_SERIES_LOSS_CR] = N_ ("L_cr"),
    [DFKD_SERIES_LOSS_TV] = N_ ("L_tv"),
    [DFKD_SERIES_LOSS_L2] = N_ ("L_l2"),
    [DFKD_SERIES_LOSS_STUDENT] = N_ ("L_s"),
    [DFKD_SERIES_LR_STUDENT] = N_ ("η_s"),
    [DFKD_SERIES_ACCURACY] = N_ ("student"),
    [DFKD_SERIES_AGREEMENT] = N_ ("agreement"),
    [DFKD_SERIES_AGREEMENT_TEST] = N_ ("agreement with the teacher"),
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (labels) == DFKD_N_SERIES);
  return _(labels[series]);
}

/* ------------------------------------------------------------------------------------------ what a run tells */

static void
on_status (WorkbenchRun *run, WorkbenchDocument *self)
{
  self->status = *workbench_run_get_status (run);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_STATUS], 0);
}

void
workbench_document_take_scalar (WorkbenchDocument *self, const DfkdScalar *scalar)
{
  double x[WORKBENCH_N_CLOCKS];

  workbench_clock_fill (&scalar->clocks, (double) scalar->step, x);
  workbench_series_append (self->series[scalar->series], x, scalar->value);
}

static void
on_scalars (WorkbenchRun *run, GArray *scalars, WorkbenchDocument *self)
{
  if (self->loading)
    g_array_append_vals (self->waiting_scalars, scalars->data, scalars->len);
  for (guint i = 0; i < scalars->len && !self->loading; i++)
    workbench_document_take_scalar (self, &g_array_index (scalars, DfkdScalar, i));
}

void
workbench_document_take_times (WorkbenchDocument *self, const GArray *times)
{
  g_array_append_vals (self->times, times->data, times->len);
  if (self->times->len > MOST_TIMES)
    {
      guint most = self->times->len - MOST_TIMES / 2;

      g_array_remove_range (self->times, 0, most);
      self->forgotten += most;
    }
}

static void
on_times (WorkbenchRun *run, GArray *times, WorkbenchDocument *self)
{
  if (self->loading)
    {
      g_array_append_vals (self->waiting_times, times->data, times->len);
      return;
    }
  workbench_document_take_times (self, times);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_TIMES], 0);
}

static gsize
film_bytes (const DfkdPictures *p)
{
  return (p->frames->len + 1) * (p->count * dfkd_pictures_image_bytes (p) + (p->norms != NULL ? 2 * p->norms->size * sizeof (float) : 0));
}

/* what has been shown of a synthesis last, of as many syntheses as there is room for */
static void
keep_film (WorkbenchDocument *self, DfkdPictures *pictures)
{
  DfkdPictures *newest = g_queue_peek_head (&self->films);
  gsize bytes = 0;

  if (pictures->frames == NULL)
    return;
  if (newest != NULL && newest->synthesis == pictures->synthesis)
    dfkd_pictures_unref (g_queue_pop_head (&self->films));
  g_queue_push_head (&self->films, dfkd_pictures_ref (pictures));
  for (GList *link = self->films.head; link != NULL; link = link->next)
    bytes += film_bytes (link->data);
  while (bytes > MOST_FILMS && self->films.length > 1)
    {
      bytes -= film_bytes (g_queue_peek_tail (&self->films));
      dfkd_pictures_unref (g_queue_pop_tail (&self->films));
    }
}

DfkdPictures *
workbench_document_get_film (WorkbenchDocument *self, guint synthesis)
{
  for (GList *link = self->films.head; link != NULL; link = link->next)
    if (((DfkdPictures *) link->data)->synthesis == synthesis)
      return link->data;
  return self->films_on_disk != NULL ? workbench_history_get (self->films_on_disk, synthesis) : NULL;
}

static void
on_film (WorkbenchHistory *films, guint synthesis, WorkbenchDocument *self)
{
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_FILM], 0);
}

static void
on_pictures (WorkbenchRun *run, DfkdPictures *pictures, WorkbenchDocument *self)
{
  g_clear_pointer (&self->pictures, dfkd_pictures_unref);
  self->pictures = dfkd_pictures_ref (pictures);
  keep_film (self, pictures);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_PICTURES], 0);
}

static void
on_rooflines (WorkbenchRun *run, GPtrArray *rooflines, WorkbenchDocument *self)
{
  g_clear_pointer (&self->rooflines, g_ptr_array_unref);
  self->rooflines = g_ptr_array_ref (rooflines);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_ROOFLINES], 0);
}

static void
add_mark (WorkbenchDocument *self, const DfkdEvent *event)
{
  const DfkdParameter *p = dfkd_parameter (event->parameter);
  WorkbenchMark mark = { .text = g_strdup_printf ("%s %.4g → %.4g", *p->symbol != '\0' ? p->symbol : _(p->label), event->old_value, event->new_value) };

  workbench_clock_fill (&event->clocks, (double) event->inner_step, mark.inner);
  workbench_clock_fill (&event->clocks, (double) event->student_step, mark.student);
  workbench_clock_fill (&event->clocks, (double) event->synthesis, mark.synthesis);
  g_array_append_val (self->marks, mark);
  self->present->number[event->parameter] = event->new_value;
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_MARK], 0, &g_array_index (self->marks, WorkbenchMark, self->marks->len - 1));
}

static void
add_moment (WorkbenchDocument *self, const DfkdEvent *event)
{
  WorkbenchMoment moment = { event->synthesis, event->inner_step, event->student_step, event->clocks };

  g_array_append_val (self->moments, moment);
}

void
workbench_document_take_event (WorkbenchDocument *self, const DfkdEvent *event)
{
  if (event->kind == DFKD_EVENT_PARAMETER)
    add_mark (self, event);
  else if (event->kind == DFKD_EVENT_SYNTHESIS)
    add_moment (self, event);
  else if (event->assessment != NULL)
    g_ptr_array_add (self->assessments, dfkd_assessment_ref (event->assessment));
}

void
workbench_document_forget_all (WorkbenchDocument *self)
{
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    workbench_series_clear (self->series[i]);
  g_array_set_size (self->marks, 0);
  dfkd_recipe_free (self->present);
  self->present = dfkd_recipe_copy (self->recipe);
  g_array_set_size (self->moments, 0);
  g_ptr_array_set_size (self->assessments, 0);
  self->forgotten += self->times->len;
  g_array_set_size (self->times, 0);
  if (self->history != NULL)
    {
      workbench_history_forget (self->history);
      workbench_history_forget (self->films_on_disk);
    }
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_MARK], 0, NULL);
}

/* of a synthesis that is done, more on disk */
void
workbench_document_refresh_history (WorkbenchDocument *self)
{
  if (self->history == NULL)
    return;
  workbench_history_refresh (self->history);
  workbench_history_refresh (self->films_on_disk);
}

static void
on_event (WorkbenchRun *run, DfkdEvent *event, WorkbenchDocument *self)
{
  if (self->loading)
    g_ptr_array_add (self->waiting_events, dfkd_event_copy (event));
  else
    workbench_document_take_event (self, event);
  if (event->kind == DFKD_EVENT_SYNTHESIS)
    workbench_document_refresh_history (self);
  if (event->assessment != NULL && !self->loading)
    g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_ASSESSED], 0);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_EVENT], 0, event);
}

static void
take_dial (WorkbenchDocument *self, DfkdParameterId id)
{
  const gboolean taken = dfkd_session_set (workbench_run_get_session (self->run), id, workbench_dials_get (self->dials, id), NULL);

  workbench_dials_set_waits (self->dials, id, !taken);
}

static gboolean
end_run (gpointer document)
{
  WorkbenchDocument *self = document;

  self->ending = 0;
  take_dial (self, DFKD_PARAMETER_SYNTHESES);
  return G_SOURCE_REMOVE;
}

/* Fewer syntheses than the run has come to end it, and there is no way back: not while the dial may be on its way elsewhere. */
static void
take_syntheses (WorkbenchDocument *self, DfkdParameterId id)
{
  g_clear_handle_id (&self->ending, g_source_remove);
  if (workbench_dials_get (self->dials, id) > MAX (self->status.synthesis, 1))
    take_dial (self, id);
  else
    self->ending = g_timeout_add (AT_REST, end_run, self);
}

/* A dial was turned: the session computes with it from its next step on, or only after a restart. */
static void
on_dial (WorkbenchDials *dials, guint id, WorkbenchDocument *self)
{
  const DfkdParameter *p = dfkd_parameter (id);
  gboolean waits = FALSE;

  if (self->run == NULL)
    return;
  /* while a method waits for the restart, so does all that it sets */
  if (p->type != DFKD_PARAMETER_TEXT && workbench_dials_get (dials, DFKD_PARAMETER_METHOD) != self->recipe->number[DFKD_PARAMETER_METHOD])
    {
      g_autoptr (DfkdRecipe) recipe = dfkd_session_copy_recipe (workbench_run_get_session (self->run));

      waits = workbench_dials_get (dials, id) != recipe->number[id];
    }
  else if (p->type == DFKD_PARAMETER_TEXT)
    waits = !g_str_equal (workbench_dials_get_text (dials, id), self->recipe->text[id]);
  else if (p->klass == DFKD_PARAMETER_BUILD)
    waits = workbench_dials_get (dials, id) != self->recipe->number[id];
  else
    {
      (id == DFKD_PARAMETER_SYNTHESES ? take_syntheses : take_dial) (self, id);
      return;
    }
  workbench_dials_set_waits (dials, id, waits);
}

/* --------------------------------------------------------------------------------------------- construction */

static void
clear_mark (gpointer data)
{
  g_free (((WorkbenchMark *) data)->text);
}

static void
workbench_document_dispose (GObject *object)
{
  WorkbenchDocument *self = WORKBENCH_DOCUMENT (object);

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  if (self->dials != NULL)
    g_signal_handlers_disconnect_by_data (self->dials, self);
  g_clear_object (&self->dials);
  workbench_document_close (self);
  G_OBJECT_CLASS (workbench_document_parent_class)->dispose (object);
}

static void
workbench_document_finalize (GObject *object)
{
  WorkbenchDocument *self = WORKBENCH_DOCUMENT (object);

  for (guint i = 0; i < DFKD_N_SERIES; i++)
    g_object_unref (self->series[i]);
  g_array_unref (self->marks);
  g_array_unref (self->moments);
  g_array_unref (self->times);
  g_ptr_array_unref (self->assessments);
  g_array_unref (self->waiting_scalars);
  g_array_unref (self->waiting_times);
  g_ptr_array_unref (self->waiting_events);
  if (self->films_on_disk != NULL)
    g_signal_handlers_disconnect_by_data (self->films_on_disk, self);
  g_clear_object (&self->history);
  g_clear_object (&self->films_on_disk);
  g_object_unref (self->selection);
  g_object_unref (self->cancellable);
  dfkd_pictures_unref (self->pictures);
  g_queue_clear_full (&self->films, (GDestroyNotify) dfkd_pictures_unref);
  g_clear_pointer (&self->rooflines, g_ptr_array_unref);
  dfkd_recipe_free (self->recipe);
  dfkd_recipe_free (self->present);
  g_strfreev (self->class_names);
  g_free (self->title);
  g_free (self->name);
  g_free (self->folder);
  dfkd_run_standing_clear (&self->standing);
  g_free (self->problem);
  G_OBJECT_CLASS (workbench_document_parent_class)->finalize (object);
}

static void
workbench_document_class_init (WorkbenchDocumentClass *klass)
{
#define SIGNAL(ID, name, n, ...) \
  workbench_document_signals[WORKBENCH_DOCUMENT_##ID] = g_signal_new (name, WORKBENCH_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n, ##__VA_ARGS__)
  G_OBJECT_CLASS (klass)->dispose = workbench_document_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_document_finalize;
  SIGNAL (STATUS, "status", 0);
  SIGNAL (MARK, "mark", 1, G_TYPE_POINTER);
  SIGNAL (PICTURES, "pictures", 0);
  SIGNAL (FILM, "film", 0);
  SIGNAL (ROOFLINES, "rooflines", 0);
  SIGNAL (TIMES, "times", 0);
  SIGNAL (ASSESSED, "assessed", 0);
  SIGNAL (EVENT, "event", 1, G_TYPE_POINTER);
  SIGNAL (LOADED, "loaded", 0);
#undef SIGNAL
}

static void
workbench_document_init (WorkbenchDocument *self)
{
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    self->series[i] = workbench_series_new (workbench_series_label (i));
  self->marks = g_array_new (FALSE, FALSE, sizeof (WorkbenchMark));
  g_array_set_clear_func (self->marks, clear_mark);
  self->moments = g_array_new (FALSE, FALSE, sizeof (WorkbenchMoment));
  self->times = g_array_new (FALSE, FALSE, sizeof (DfkdStepTime));
  self->assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_assessment_unref);
  self->waiting_scalars = g_array_new (FALSE, FALSE, sizeof (DfkdScalar));
  self->waiting_times = g_array_new (FALSE, FALSE, sizeof (DfkdStepTime));
  self->waiting_events = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_event_free);
  self->selection = workbench_selection_new ();
  g_queue_init (&self->films);
  self->cancellable = g_cancellable_new ();
}

/* (transfer full) (nullable): its note, unless that is more than a name */
static char *
load_name (const char *folder)
{
  g_autofree char *note = dfkd_run_note_load (folder);

  return note != NULL && g_utf8_strlen (note, -1) <= LONGEST_NAME ? g_steal_pointer (&note) : NULL;
}

void
workbench_document_set_folder (WorkbenchDocument *self, const char *folder)
{
  self->folder = g_strdup (folder);
  self->title = folder != NULL ? g_path_get_basename (folder) : g_strdup (self->recipe->name);
  if (folder == NULL)
    return;
  self->name = load_name (folder);
  self->history = workbench_history_new (folder, DFKD_HISTORY_PICTURES);
  self->films_on_disk = workbench_history_new (folder, DFKD_HISTORY_FILMS);
  workbench_history_set_bound (self->films_on_disk, MOST_FILMS);
  g_signal_connect (self->films_on_disk, "loaded", G_CALLBACK (on_film), self);
}

WorkbenchDocument *
workbench_document_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error)
{
  WorkbenchRun *run = workbench_run_new (recipe, options, error);
  WorkbenchDocument *self;

  if (run == NULL)
    return NULL;
  self = g_object_new (WORKBENCH_TYPE_DOCUMENT, NULL);
  self->run = run;
  self->recipe = dfkd_recipe_copy (workbench_run_get_recipe (run));
  self->present = dfkd_recipe_copy (self->recipe);
  self->dials = workbench_dials_new (self->recipe);
  g_signal_connect (self->dials, "changed", G_CALLBACK (on_dial), self);
  self->class_names = g_strdupv ((char **) dfkd_session_get_class_names (workbench_run_get_session (run)));
  workbench_document_set_folder (self, options->folder);
  self->status = *workbench_run_get_status (run);
  g_signal_connect (run, "status", G_CALLBACK (on_status), self);
  g_signal_connect (run, "scalars", G_CALLBACK (on_scalars), self);
  g_signal_connect (run, "times", G_CALLBACK (on_times), self);
  g_signal_connect (run, "pictures", G_CALLBACK (on_pictures), self);
  g_signal_connect (run, "rooflines", G_CALLBACK (on_rooflines), self);
  g_signal_connect (run, "event", G_CALLBACK (on_event), self);
  if (options->resume)
    workbench_document_read_log (self, dfkd_session_get_log_start (workbench_run_get_session (run)));
  return self;
}

/* ----------------------------------------------------------------------------------------------- loading */

gboolean
workbench_document_is_loading (WorkbenchDocument *self)
{
  return self->loading;
}

gboolean
workbench_document_goes_on_elsewhere (WorkbenchDocument *self)
{
  return self->goes_on;
}

const char *
workbench_document_get_problem (WorkbenchDocument *self)
{
  return self->problem;
}

void
workbench_document_close (WorkbenchDocument *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look, g_source_remove);
  g_clear_handle_id (&self->ending, g_source_remove);
  if (self->history != NULL)
    {
      workbench_history_stop (self->history);
      workbench_history_stop (self->films_on_disk);
    }
}

/* --------------------------------------------------------------------------------------------------- reading it */

const char *
workbench_document_get_folder (WorkbenchDocument *self)
{
  return self->folder;
}

char *
workbench_document_get_device (WorkbenchDocument *self)
{
  if (self->run != NULL)
    return dfkd_session_copy_device_name (workbench_run_get_session (self->run));
  return g_strdup (self->standing.device != NULL ? self->standing.device : "");
}

WorkbenchHistory *
workbench_document_get_history (WorkbenchDocument *self)
{
  return self->history;
}

WorkbenchSelection *
workbench_document_get_selection (WorkbenchDocument *self)
{
  return self->selection;
}

const GArray *
workbench_document_get_moments (WorkbenchDocument *self)
{
  return self->moments;
}

const GArray *
workbench_document_get_times (WorkbenchDocument *self, guint64 *forgotten)
{
  if (forgotten != NULL)
    *forgotten = self->forgotten;
  return self->times;
}

const GPtrArray *
workbench_document_get_assessments (WorkbenchDocument *self)
{
  return self->assessments;
}

WorkbenchRun *
workbench_document_get_run (WorkbenchDocument *self)
{
  return self->run;
}

const DfkdRecipe *
workbench_document_get_recipe (WorkbenchDocument *self)
{
  return self->recipe;
}

const DfkdRecipe *
workbench_document_get_present (WorkbenchDocument *self)
{
  return self->present;
}

const char *const *
workbench_document_get_class_names (WorkbenchDocument *self)
{
  return (const char *const *) self->class_names;
}

WorkbenchDials *
workbench_document_get_dials (WorkbenchDocument *self)
{
  return self->dials;
}

void
workbench_document_set_dials (WorkbenchDocument *self, WorkbenchDials *dials)
{
  if (self->dials != NULL)
    g_signal_handlers_disconnect_by_data (self->dials, self);
  g_set_object (&self->dials, dials);
  g_signal_connect (dials, "changed", G_CALLBACK (on_dial), self);
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    workbench_dials_set_waits (dials, id, FALSE);
}

gboolean
workbench_document_has_all_elsewhere (WorkbenchDocument *self)
{
  return self->status.images > 0 && self->moments->len == 0 && !self->loading;
}

guint
workbench_document_get_beginning (WorkbenchDocument *self)
{
  if (workbench_document_has_all_elsewhere (self))
    return (guint) ((double) self->status.images / MAX (self->recipe->number[DFKD_PARAMETER_BATCH], 1.0));
  return self->moments->len > 0 ? MAX (g_array_index (self->moments, WorkbenchMoment, 0).synthesis, 1) - 1 : 0;
}

const DfkdStatus *
workbench_document_get_status (WorkbenchDocument *self)
{
  return &self->status;
}

const char *
workbench_document_get_title (WorkbenchDocument *self)
{
  return self->title;
}

const char *
workbench_document_get_name (WorkbenchDocument *self)
{
  return self->name != NULL ? self->name : self->title;
}

void
workbench_document_go_by_title (WorkbenchDocument *self)
{
  g_clear_pointer (&self->name, g_free);
}

WorkbenchSeries *
workbench_document_get_series (WorkbenchDocument *self, DfkdSeries series)
{
  return self->series[series];
}

const GArray *
workbench_document_get_marks (WorkbenchDocument *self)
{
  return self->marks;
}

DfkdPictures *
workbench_document_get_pictures (WorkbenchDocument *self)
{
  return self->pictures;
}

const GPtrArray *
workbench_document_get_rooflines (WorkbenchDocument *self)
{
  return self->rooflines;
}
