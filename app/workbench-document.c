/* workbench-document.c: keeps what a run tells. */
#include "workbench-document.h"

#include <glib/gi18n.h>

struct _WorkbenchDocument
{
  GObject parent_instance;

  WorkbenchRun *run;
  DfkdRecipe *recipe;
  char *title;
  DfkdStatus status;
  WorkbenchSeries *series[DFKD_N_SERIES];
  GArray *marks; /* of WorkbenchMark */
  DfkdPictures *pictures;
  GPtrArray *rooflines;
};

G_DEFINE_FINAL_TYPE (WorkbenchDocument, workbench_document, G_TYPE_OBJECT)

enum {
  STATUS,
  MARK,
  PICTURES,
  ROOFLINES,
  EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

const char *
workbench_series_label (DfkdSeries series)
{
  static const char *const labels[] = {
    [DFKD_SERIES_LOSS] = N_ ("L"),
    [DFKD_SERIES_LOSS_BN] = N_ ("L_bn"),
    [DFKD_SERIES_LOSS_OH] = N_ ("L_oh"),
    [DFKD_SERIES_LOSS_ADV] = N_ ("L_adv"),
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
  g_signal_emit (self, signals[STATUS], 0);
}

static void
on_scalars (WorkbenchRun *run, GArray *scalars, WorkbenchDocument *self)
{
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *scalar = &g_array_index (scalars, DfkdScalar, i);
      double x[WORKBENCH_N_CLOCKS];

      workbench_clock_fill (&scalar->clocks, (double) scalar->step, x);
      workbench_series_append (self->series[scalar->series], x, scalar->value);
    }
}

static void
on_pictures (WorkbenchRun *run, DfkdPictures *pictures, WorkbenchDocument *self)
{
  g_clear_pointer (&self->pictures, dfkd_pictures_unref);
  self->pictures = dfkd_pictures_ref (pictures);
  g_signal_emit (self, signals[PICTURES], 0);
}

static void
on_rooflines (WorkbenchRun *run, GPtrArray *rooflines, WorkbenchDocument *self)
{
  g_clear_pointer (&self->rooflines, g_ptr_array_unref);
  self->rooflines = g_ptr_array_ref (rooflines);
  g_signal_emit (self, signals[ROOFLINES], 0);
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
  g_signal_emit (self, signals[MARK], 0, &g_array_index (self->marks, WorkbenchMark, self->marks->len - 1));
}

static void
on_event (WorkbenchRun *run, DfkdEvent *event, WorkbenchDocument *self)
{
  if (event->kind == DFKD_EVENT_PARAMETER)
    add_mark (self, event);
  g_signal_emit (self, signals[EVENT], 0, event);
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
  G_OBJECT_CLASS (workbench_document_parent_class)->dispose (object);
}

static void
workbench_document_finalize (GObject *object)
{
  WorkbenchDocument *self = WORKBENCH_DOCUMENT (object);

  for (guint i = 0; i < DFKD_N_SERIES; i++)
    g_object_unref (self->series[i]);
  g_array_unref (self->marks);
  dfkd_pictures_unref (self->pictures);
  g_clear_pointer (&self->rooflines, g_ptr_array_unref);
  dfkd_recipe_free (self->recipe);
  g_free (self->title);
  G_OBJECT_CLASS (workbench_document_parent_class)->finalize (object);
}

static void
workbench_document_class_init (WorkbenchDocumentClass *klass)
{
#define SIGNAL(ID, name, n, ...) \
  signals[ID] = g_signal_new (name, WORKBENCH_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n, ##__VA_ARGS__)
  G_OBJECT_CLASS (klass)->dispose = workbench_document_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_document_finalize;
  SIGNAL (STATUS, "status", 0);
  SIGNAL (MARK, "mark", 1, G_TYPE_POINTER);
  SIGNAL (PICTURES, "pictures", 0);
  SIGNAL (ROOFLINES, "rooflines", 0);
  SIGNAL (EVENT, "event", 1, G_TYPE_POINTER);
#undef SIGNAL
}

static void
workbench_document_init (WorkbenchDocument *self)
{
  for (guint i = 0; i < DFKD_N_SERIES; i++)
    self->series[i] = workbench_series_new (workbench_series_label (i));
  self->marks = g_array_new (FALSE, FALSE, sizeof (WorkbenchMark));
  g_array_set_clear_func (self->marks, clear_mark);
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
  self->title = options->folder != NULL ? g_path_get_basename (options->folder) : g_strdup (self->recipe->name);
  self->status = *workbench_run_get_status (run);
  g_signal_connect (run, "status", G_CALLBACK (on_status), self);
  g_signal_connect (run, "scalars", G_CALLBACK (on_scalars), self);
  g_signal_connect (run, "pictures", G_CALLBACK (on_pictures), self);
  g_signal_connect (run, "rooflines", G_CALLBACK (on_rooflines), self);
  g_signal_connect (run, "event", G_CALLBACK (on_event), self);
  return self;
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
