/* workbench-evaluation-view.c: binds series and answers of a document to three charts. */
#include "workbench-evaluation-view.h"

#include "workbench-accuracy-course.h"
#include "workbench-answers-charts.h"
#include "workbench-batch-slider.h"
#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-drawing.h"
#include "workbench-overlays.h"
#include "workbench-run-grid.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct _WorkbenchEvaluationView
{
  GtkBox parent_instance;

  GtkDropDown *clock, *against;
  GtkToggleButton *sorted;
  GtkAdjustment *moment;
  GtkLabel *over_time_title, *summary;
  GtkWidget *moments;
  GtkScrolledWindow *scroller;
  WorkbenchChart *over_time;
  WorkbenchAnswersCharts *charts;
  WorkbenchBatchSlider *batches;
  WorkbenchOverlays *overlays;
  WorkbenchRunGrid *table;

  WorkbenchAccuracyCourse course; /* in over_time */

  WorkbenchDocument *document;
  GPtrArray *beside; /* documents that are compared */
  char **names;      /* of classes */
  gboolean choosing; /* the choices are being set, not chosen */
  gboolean chosen;   /* somebody chose what to compare with */
  gboolean newest;   /* follow the newest moment */
};

static void workbench_evaluation_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchEvaluationView, workbench_evaluation_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_evaluation_view_view_init))

static WorkbenchAgainst
against_of (WorkbenchEvaluationView *self)
{
  return (WorkbenchAgainst) MIN (gtk_drop_down_get_selected (self->against), (guint) WORKBENCH_AGAINST_SYNTHETIC);
}

static WorkbenchClock
clock_of (WorkbenchEvaluationView *self)
{
  guint selected = gtk_drop_down_get_selected (self->clock);

  return selected < WORKBENCH_N_CLOCKS ? (WorkbenchClock) selected : WORKBENCH_CLOCK_STEP;
}

/* ---------------------------------------------------------------------------------------------------- answers */

static void
summarise (WorkbenchEvaluationView *self, const DfkdConfusion *answers, guint synthesis)
{
  double share = 100.0 * dfkd_confusion_accuracy (answers), kappa = dfkd_confusion_kappa (answers);
  g_autofree char *agreement = isnan (kappa) ? g_strdup ("–") : g_strdup_printf ("%.3f", kappa); /* there is none where all is one class */
  g_autofree char *text = NULL;

  switch (against_of (self))
    {
    case WORKBENCH_AGAINST_LABELS:
      text = g_strdup_printf (_("After synthesis %u: accuracy %.2f %%, κ %s, on %" PRIu64 " test images"), synthesis, share, agreement,
                              answers->counted);
      break;
    case WORKBENCH_AGAINST_TEACHER:
      text = g_strdup_printf (_("After synthesis %u: as the teacher on %.2f %%, κ %s, of %" PRIu64 " test images"), synthesis, share, agreement,
                              answers->counted);
      break;
    case WORKBENCH_AGAINST_SYNTHETIC:
    default:
      text = g_strdup_printf (_("Synthesis %u: as the teacher on %.2f %%, κ %s, of %" PRIu64 " synthetic images"), synthesis, share, agreement,
                              answers->counted);
      break;
    }
  gtk_label_set_text (self->summary, text);
}

static void
show_nothing (WorkbenchEvaluationView *self, const char *why)
{
  workbench_answers_charts_clear (self->charts, why);
  gtk_label_set_text (self->summary, why);
}

/* takes @answers */
static void
show_answers (WorkbenchEvaluationView *self, DfkdConfusion *answers, guint synthesis)
{
  if (answers == NULL || answers->counted == 0) /* or no logits of it are numbers */
    {
      dfkd_confusion_free (answers);
      show_nothing (self, _("Of this batch both networks' answers are not known"));
      return;
    }
  if (self->names == NULL || g_strv_length (self->names) != answers->classes)
    {
      g_strfreev (self->names);
      self->names = g_new0 (char *, answers->classes + 1);
      for (guint i = 0; i < answers->classes; i++)
        self->names[i] = workbench_class_name (self->document, (int) i);
    }
  summarise (self, answers, synthesis);
  workbench_answers_charts_show (self->charts, answers, (const char *const *) self->names);
}

/* a share of ring is none of trouser; what is not known is taken for the same, where there are as many */
static gboolean
has_same_classes (WorkbenchEvaluationView *self, WorkbenchDocument *other)
{
  const char *const *here = workbench_document_get_class_names (self->document), *const *there = workbench_document_get_class_names (other);

  return here == NULL || there == NULL || g_strv_equal (here, there);
}

/* what other runs answered after @synthesis, or when they were last measured before; 0: nothing of them */
static void
show_beside (WorkbenchEvaluationView *self, guint synthesis)
{
  WorkbenchAnswersBeside beside[WORKBENCH_MOST_COMPARED];
  guint count = 0;

  for (guint i = 0; i < self->beside->len && synthesis > 0; i++)
    {
      WorkbenchDocument *document = g_ptr_array_index (self->beside, i);
      const DfkdAssessment *assessment
          = has_same_classes (self, document) ? workbench_answers_last (workbench_document_get_assessments (document), synthesis) : NULL;
      DfkdConfusion *answers = assessment != NULL ? workbench_answers_of_assessment (assessment, against_of (self)) : NULL;

      if (answers != NULL)
        beside[count++] = (WorkbenchAnswersBeside){ g_strdup_printf (_("%s after synthesis %u"), workbench_document_get_name (document), assessment->synthesis),
                                                    workbench_overlays_colour (i), answers };
    }
  workbench_answers_charts_set_beside (self->charts, beside, count);
}

/* ---------------------------------------------------------------------------------------------------- moments */

static void
show_batch (WorkbenchEvaluationView *self)
{
  const char *why;
  DfkdPictures *pictures = workbench_batch_slider_get_pictures (self->batches, &why);

  workbench_accuracy_course_mark (&self->course, self->document, 0);
  show_beside (self, 0);
  if (pictures != NULL)
    show_answers (self, workbench_answers_of_pictures (pictures), pictures->synthesis);
  else
    show_nothing (self, why);
}

static void
show_evaluation (WorkbenchEvaluationView *self)
{
  const GPtrArray *assessments = self->document != NULL ? workbench_document_get_assessments (self->document) : NULL;
  const DfkdAssessment *assessment;

  if (assessments == NULL || assessments->len == 0)
    {
      show_nothing (self, _("Accuracy by class will be here when the student has been measured on test data; without any, choose synthetic images"));
      workbench_accuracy_course_mark (&self->course, self->document, 0);
      show_beside (self, 0);
      return;
    }
  assessment = g_ptr_array_index (assessments, MIN ((guint) gtk_adjustment_get_value (self->moment), assessments->len - 1));
  show_answers (self, workbench_answers_of_assessment (assessment, against_of (self)), assessment->synthesis);
  workbench_accuracy_course_mark (&self->course, self->document, assessment->synthesis);
  show_beside (self, assessment->synthesis);
}

static void
show_moment (WorkbenchEvaluationView *self)
{
  if (against_of (self) == WORKBENCH_AGAINST_SYNTHETIC)
    show_batch (self);
  else
    show_evaluation (self);
}

/* the slider's range, and its end if it stood there */
static void
update_moments (WorkbenchEvaluationView *self)
{
  gboolean synthetic = against_of (self) == WORKBENCH_AGAINST_SYNTHETIC;
  guint count = self->document != NULL ? workbench_document_get_assessments (self->document)->len : 0;
  double last = count > 0 ? count - 1 : 0;

  self->choosing = TRUE;
  gtk_adjustment_configure (self->moment, self->newest ? last : MIN (gtk_adjustment_get_value (self->moment), last), 0.0, last, 1.0, 5.0, 0.0);
  self->choosing = FALSE;
  gtk_widget_set_visible (self->moments, count > 1 && !synthetic);
  gtk_widget_set_visible (GTK_WIDGET (self->batches), synthetic);
  show_moment (self);
}

static void
on_moment (GtkAdjustment *adjustment, WorkbenchEvaluationView *self)
{
  if (self->choosing)
    return;
  self->newest = gtk_adjustment_get_value (adjustment) >= gtk_adjustment_get_upper (adjustment);
  show_moment (self);
}

/* -------------------------------------------------------------------------------------------------- over time */

static void
show_over_time (WorkbenchEvaluationView *self)
{
  gboolean synthetic = against_of (self) == WORKBENCH_AGAINST_SYNTHETIC;

  gtk_label_set_text (self->over_time_title, synthetic ? _("Agreement with the teacher on synthetic images") : _("On the test set"));
  workbench_accuracy_course_show (&self->course, self->document, self->beside, synthetic);
  workbench_accuracy_course_set_clock (&self->course, clock_of (self));
}

static void
on_clock (GtkDropDown *clock, GParamSpec *spec, WorkbenchEvaluationView *self)
{
  if (self->course.chart == NULL)
    return;
  workbench_chart_zoom (self->over_time, (double) NAN, (double) NAN, (double) NAN, (double) NAN);
  workbench_accuracy_course_set_clock (&self->course, clock_of (self));
}

static void
show_all (WorkbenchEvaluationView *self)
{
  workbench_answers_charts_set_against (self->charts, against_of (self));
  show_over_time (self);
  update_moments (self);
}

static void
on_against (GtkDropDown *against, GParamSpec *spec, WorkbenchEvaluationView *self)
{
  if (self->course.chart == NULL || self->choosing)
    return;
  self->chosen = self->newest = TRUE;
  show_all (self);
}

static void
on_sorted (GtkToggleButton *sorted, WorkbenchEvaluationView *self)
{
  workbench_answers_charts_set_sorted (self->charts, gtk_toggle_button_get_active (sorted));
}

/* ------------------------------------------------------------------------------------------- what the run tells */

/* until somebody chooses: the test set when it has been used, synthetic images before */
static gboolean
choose (WorkbenchEvaluationView *self)
{
  gboolean measured = self->document != NULL && workbench_document_get_assessments (self->document)->len > 0;
  guint wanted = measured ? WORKBENCH_AGAINST_LABELS : WORKBENCH_AGAINST_SYNTHETIC;

  if (self->chosen || gtk_drop_down_get_selected (self->against) == wanted)
    return FALSE;
  self->choosing = TRUE;
  gtk_drop_down_set_selected (self->against, wanted);
  self->choosing = FALSE;
  return TRUE;
}

static void
on_assessed (WorkbenchDocument *document, WorkbenchEvaluationView *self)
{
  if (choose (self))
    show_all (self);
  else
    update_moments (self);
}

static void
on_batch (WorkbenchBatchSlider *batches, WorkbenchEvaluationView *self)
{
  if (against_of (self) == WORKBENCH_AGAINST_SYNTHETIC && gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_batch (self);
}

static void
on_status (WorkbenchDocument *document, WorkbenchEvaluationView *self)
{
  workbench_reference_layer_set_value (self->course.teacher, workbench_document_get_status (document)->teacher_accuracy);
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchEvaluationView *self = WORKBENCH_EVALUATION_VIEW (view);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  workbench_overlays_set_document (self->overlays, document);
  workbench_run_grid_show (self->table, document, self->beside);
  g_clear_pointer (&self->names, g_strfreev);
  self->chosen = FALSE;
  self->newest = TRUE;
  choose (self);
  if (document != NULL)
    {
      g_signal_connect (document, "assessed", G_CALLBACK (on_assessed), self);
      g_signal_connect (document, "status", G_CALLBACK (on_status), self);
      on_status (document, self);
    }
  workbench_batch_slider_set_document (self->batches, document);
  show_all (self);
}

/* ------------------------------------------------------------------------------------------------ runs beside */

static void
on_assessed_beside (WorkbenchDocument *document, WorkbenchEvaluationView *self)
{
  show_moment (self);
}

static void
leave_beside (WorkbenchEvaluationView *self)
{
  for (guint i = 0; i < self->beside->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->beside, i), self);
  g_ptr_array_set_size (self->beside, 0);
}

static void
on_overlays (WorkbenchOverlays *overlays, WorkbenchEvaluationView *self)
{
  const GPtrArray *documents = workbench_overlays_get (overlays);

  if (self->beside == NULL || self->course.chart == NULL) /* while it is being made, or taken apart */
    return;
  leave_beside (self);
  for (guint i = 0; i < documents->len; i++)
    {
      g_ptr_array_add (self->beside, g_object_ref (g_ptr_array_index (documents, i)));
      g_signal_connect (g_ptr_array_index (documents, i), "assessed", G_CALLBACK (on_assessed_beside), self);
    }
  workbench_run_grid_show (self->table, self->document, self->beside);
  show_over_time (self);
  show_moment (self);
}

static void
set_comparison (WorkbenchView *view, WorkbenchComparison *comparison)
{
  workbench_overlays_set_comparison (WORKBENCH_EVALUATION_VIEW (view)->overlays, comparison);
}

/* ------------------------------------------------------------------------------------------------------- saving */

static const char *const *
get_endings (WorkbenchView *view)
{
  return workbench_drawing_endings;
}

static gboolean
save (WorkbenchView *view, const char *path, GError **error)
{
  WorkbenchEvaluationView *self = WORKBENCH_EVALUATION_VIEW (view);

  return workbench_answers_charts_save (self->charts, &(WorkbenchTitledChart){ self->over_time, gtk_label_get_text (self->over_time_title) }, path, error);
}

static void
workbench_evaluation_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
  iface->set_comparison = set_comparison;
  iface->get_endings = get_endings;
  iface->save = save;
}

const DfkdConfusion *
workbench_evaluation_view_get_answers (WorkbenchEvaluationView *self)
{
  return workbench_answers_charts_get_answers (self->charts);
}

/* ------------------------------------------------------------------------------------------------ construction */

static void
on_width (double width, gpointer data)
{
  workbench_answers_charts_set_width (((WorkbenchEvaluationView *) data)->charts, width);
}

static void
workbench_evaluation_view_map (GtkWidget *widget)
{
  show_moment (WORKBENCH_EVALUATION_VIEW (widget)); /* batches came while nobody looked */
  GTK_WIDGET_CLASS (workbench_evaluation_view_parent_class)->map (widget);
}

static void
workbench_evaluation_view_dispose (GObject *object)
{
  WorkbenchEvaluationView *self = WORKBENCH_EVALUATION_VIEW (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  if (self->beside != NULL)
    leave_beside (self);
  g_clear_pointer (&self->beside, g_ptr_array_unref);
  workbench_clear_box (GTK_BOX (self));
  workbench_accuracy_course_clear (&self->course);
  g_clear_pointer (&self->names, g_strfreev);
  G_OBJECT_CLASS (workbench_evaluation_view_parent_class)->dispose (object);
}

static void
workbench_evaluation_view_class_init (WorkbenchEvaluationViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_evaluation_view_dispose;
  widget_class->map = workbench_evaluation_view_map;
  g_type_ensure (WORKBENCH_TYPE_CHART);
  g_type_ensure (WORKBENCH_TYPE_ANSWERS_CHARTS);
  g_type_ensure (WORKBENCH_TYPE_BATCH_SLIDER);
  g_type_ensure (WORKBENCH_TYPE_OVERLAYS);
  g_type_ensure (WORKBENCH_TYPE_RUN_GRID);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-evaluation-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchEvaluationView, name)
  BIND (clock);
  BIND (against);
  BIND (sorted);
  BIND (moment);
  BIND (moments);
  BIND (over_time_title);
  BIND (summary);
  BIND (scroller);
  BIND (over_time);
  BIND (charts);
  BIND (batches);
  BIND (overlays);
  BIND (table);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_clock);
  gtk_widget_class_bind_template_callback (widget_class, on_against);
  gtk_widget_class_bind_template_callback (widget_class, on_sorted);
  gtk_widget_class_bind_template_callback (widget_class, on_moment);
  gtk_widget_class_bind_template_callback (widget_class, on_batch);
  gtk_widget_class_bind_template_callback (widget_class, on_overlays);
}

static void
workbench_evaluation_view_init (WorkbenchEvaluationView *self)
{
  g_autoptr (GtkStringList) clocks = workbench_clock_list ();

  self->beside = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  workbench_overlays_take_drops (self->overlays, GTK_WIDGET (self));
  gtk_drop_down_set_model (self->clock, G_LIST_MODEL (clocks));
  workbench_accuracy_course_init (&self->course, self->over_time);
  self->newest = TRUE;
  workbench_watch_width (self->scroller, on_width, self);
  show_all (self);
}
