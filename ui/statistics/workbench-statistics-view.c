/* workbench-statistics-view.c: chooses batch, statistic and layer for the charts. */
#include "workbench-statistics-view.h"

#include "workbench-batch-slider.h"
#include "workbench-chart.h"
#include "workbench-drawing.h"
#include "workbench-readout.h"
#include "workbench-statistics-charts.h"
#include "workbench-statistics-course.h"
#include "workbench-step-slider.h"
#include "workbench-containers.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _WorkbenchStatisticsView
{
  GtkBox parent_instance;

  GtkDropDown *kind, *statistic, *layer;
  WorkbenchBatchSlider *batches;
  WorkbenchStepSlider *steps;
  WorkbenchReadout *summary;
  GtkScrolledWindow *scroller;
  WorkbenchStatisticsCharts *charts;

  WorkbenchDocument *document;
  DfkdNorms *norms; /* whose names are in the choice of layers */
};

static void workbench_statistics_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchStatisticsView, workbench_statistics_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_statistics_view_view_init))

/* the first time: the layer that drives the loss most */
static void
list_layers (WorkbenchStatisticsView *self, const WorkbenchBatchStatistics *statistics)
{
  DfkdNorms *norms = statistics->pictures->norms;
  g_autoptr (GtkStringList) names = NULL;

  if (norms == self->norms)
    return;
  g_clear_pointer (&self->norms, dfkd_norms_unref);
  self->norms = dfkd_norms_ref (norms);
  names = gtk_string_list_new (NULL);
  for (guint i = 0; i < norms->norms->len; i++)
    gtk_string_list_append (names, g_array_index (norms->norms, DfkdNorm, i).name);
  gtk_drop_down_set_model (self->layer, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->layer, statistics->distance->ranking[0]);
}

static void
summarise (WorkbenchStatisticsView *self, const WorkbenchBatchStatistics *statistics)
{
  const DfkdStatisticsDistance *distance = statistics->distance;
  const DfkdPictures *p = statistics->pictures;
  guint first = distance->ranking[0];
  g_autofree char *text
    = statistics->kind == WORKBENCH_STATISTICS_COMPARED
        ? g_markup_printf_escaped (_("Synthesis %u, inner step %u: <i>L</i><sub>bn</sub> = %.4g, of which %s makes %.1f %%"), p->synthesis, p->inner, distance->total,
                           workbench_batch_statistics_norm (statistics, first)->name, 100.0 * distance->layers[first].share)
        : g_markup_printf_escaped (_("Synthesis %u, inner step %u, this batch alone: distance %.4g, of which %s makes %.1f %%"), p->synthesis, p->inner, distance->total,
                           workbench_batch_statistics_norm (statistics, first)->name, 100.0 * distance->layers[first].share);

  if (distance->n_left_out > 0)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("%s; %u layer is left out: a statistic of it is no finite number",
                                                         "%s; %u layers are left out: a statistic of theirs is no finite number", distance->n_left_out), text, distance->n_left_out);

      workbench_readout_set_markup (self->summary, more);
    }
  else
    workbench_readout_set_markup (self->summary, text);
}

/* while a run goes on pictures tell of the layers; what is over has left the loss alone */
static void
show_course (WorkbenchStatisticsView *self)
{
  guint layer = gtk_drop_down_get_selected (self->layer);

  if (self->document == NULL)
    workbench_statistics_charts_set_course (self->charts, NULL, NULL);
  else
    workbench_statistics_charts_set_course (self->charts, workbench_document_get_series (self->document, DFKD_SERIES_LOSS_BN),
                                            workbench_statistics_course_get (workbench_statistics_course_of (self->document), layer));
}

static void
show_step (WorkbenchStatisticsView *self, const char *why)
{
  DfkdPictures *pictures = workbench_step_slider_get_pictures (self->steps);
  WorkbenchBatchStatistics *statistics = NULL;

  if (pictures != NULL)
    {
      statistics = workbench_batch_statistics_new (pictures, (WorkbenchStatisticsKind) MIN (gtk_drop_down_get_selected (self->kind), 1u));
      why = _("Nothing is known of statistics here: the teacher has no batch norms, or the method does not look at them");
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->layer), statistics != NULL);
  if (statistics != NULL)
    {
      list_layers (self, statistics);
      summarise (self, statistics);
    }
  else
    workbench_readout_set_text (self->summary, why);
  workbench_statistics_charts_show (self->charts, statistics, why);
  show_course (self);
}

static void
show_batch (WorkbenchStatisticsView *self)
{
  const char *why;
  DfkdPictures *pictures = workbench_batch_slider_get_pictures (self->batches, &why), *film = pictures;

  if (pictures != NULL && pictures->frames == NULL) /* of one on disk there are frames only if it was looked at */
    film = workbench_document_get_film (self->document, pictures->synthesis);
  workbench_step_slider_set_pictures (self->steps, pictures, film);
  show_step (self, why);
}

static void
on_batch (WorkbenchBatchSlider *batches, WorkbenchStatisticsView *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_batch (self);
}

static void
on_step (WorkbenchStepSlider *steps, WorkbenchStatisticsView *self)
{
  show_step (self, NULL); /* there is one, or there would be no choice */
}

static void
on_kind (GtkDropDown *kind, GParamSpec *spec, WorkbenchStatisticsView *self)
{
  if (self->charts != NULL)
    show_batch (self);
}

static void
on_statistic (GtkDropDown *statistic, GParamSpec *spec, WorkbenchStatisticsView *self)
{
  if (self->charts != NULL)
    workbench_statistics_charts_set_statistic (self->charts, (WorkbenchStatistic) MIN (gtk_drop_down_get_selected (statistic), 1u));
}

static void
on_layer (GtkDropDown *layer, GParamSpec *spec, WorkbenchStatisticsView *self)
{
  if (gtk_drop_down_get_selected (layer) != GTK_INVALID_LIST_POSITION)
    {
      workbench_statistics_charts_set_layer (self->charts, gtk_drop_down_get_selected (layer));
      show_course (self);
    }
}

/* ------------------------------------------------------------------------------------------------------ a view */

static void
on_film (WorkbenchDocument *document, WorkbenchStatisticsView *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_batch (self);
}

/* while an earlier batch is looked at, too */
static void
on_pictures (WorkbenchDocument *document, WorkbenchStatisticsView *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_course (self);
}

static void
forget (WorkbenchStatisticsView *self)
{
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchStatisticsView *self = WORKBENCH_STATISTICS_VIEW (view);

  forget (self);
  g_set_object (&self->document, document);
  if (document != NULL)
    {
      g_signal_connect (document, "film", G_CALLBACK (on_film), self);
      workbench_statistics_course_of (document); /* before the slider: the course knows a batch when that is shown */
      g_signal_connect (document, "pictures", G_CALLBACK (on_pictures), self);
    }
  workbench_batch_slider_set_document (self->batches, document);
  show_batch (self);
}

static const char *const *
get_endings (WorkbenchView *view)
{
  return workbench_drawing_endings;
}

static gboolean
save (WorkbenchView *view, const char *path, GError **error)
{
  return workbench_statistics_charts_save (WORKBENCH_STATISTICS_VIEW (view)->charts, path, error);
}

static void
workbench_statistics_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
  iface->get_endings = get_endings;
  iface->save = save;
}

const WorkbenchBatchStatistics *
workbench_statistics_view_get_statistics (WorkbenchStatisticsView *self)
{
  return workbench_statistics_charts_get (self->charts);
}

/* ------------------------------------------------------------------------------------------------ construction */

static void
on_width (double width, gpointer data)
{
  workbench_statistics_charts_set_width (((WorkbenchStatisticsView *) data)->charts, width);
}

static void
workbench_statistics_view_map (GtkWidget *widget)
{
  show_batch (WORKBENCH_STATISTICS_VIEW (widget)); /* batches came while nobody looked */
  GTK_WIDGET_CLASS (workbench_statistics_view_parent_class)->map (widget);
}

static void
workbench_statistics_view_dispose (GObject *object)
{
  WorkbenchStatisticsView *self = WORKBENCH_STATISTICS_VIEW (object);

  forget (self);
  g_clear_pointer (&self->norms, dfkd_norms_unref);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_statistics_view_parent_class)->dispose (object);
}

static void
workbench_statistics_view_class_init (WorkbenchStatisticsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_statistics_view_dispose;
  widget_class->map = workbench_statistics_view_map;
  g_type_ensure (WORKBENCH_TYPE_BATCH_SLIDER);
  g_type_ensure (WORKBENCH_TYPE_STEP_SLIDER);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  g_type_ensure (WORKBENCH_TYPE_STATISTICS_CHARTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-statistics-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchStatisticsView, name)
  BIND (kind);
  BIND (statistic);
  BIND (layer);
  BIND (batches);
  BIND (steps);
  BIND (summary);
  BIND (scroller);
  BIND (charts);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_kind);
  gtk_widget_class_bind_template_callback (widget_class, on_statistic);
  gtk_widget_class_bind_template_callback (widget_class, on_layer);
  gtk_widget_class_bind_template_callback (widget_class, on_batch);
  gtk_widget_class_bind_template_callback (widget_class, on_step);
}

static void
workbench_statistics_view_init (WorkbenchStatisticsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workbench_watch_width (self->scroller, on_width, self);
  show_batch (self);
}
