/* workbench-batch-slider.c: a scale over the history of a document, with the newest batch at its end. */
#include "workbench-batch-slider.h"

#include "workbench-containers.h"
#include "workbench-glance.h"
#include "workbench-readout.h"

#include <glib/gi18n.h>

struct _WorkbenchBatchSlider
{
  GtkBox parent_instance;

  GtkBox *bar;
  GtkLabel *label;
  WorkbenchReadout *text;
  GtkAdjustment *adjustment;

  WorkbenchDocument *document;
  gboolean configuring; /* the range is being set, nobody moves it */
  gboolean newest;      /* it stands at its end */
  WorkbenchGlance news; /* of the batch that is being made */
};

G_DEFINE_FINAL_TYPE (WorkbenchBatchSlider, workbench_batch_slider, GTK_TYPE_BOX)

static guint changed_signal;

static WorkbenchHistory *
history_of (WorkbenchBatchSlider *self)
{
  return self->document != NULL ? workbench_document_get_history (self->document) : NULL;
}

static DfkdPictures *
newest_of (WorkbenchBatchSlider *self)
{
  return self->document != NULL ? workbench_document_get_pictures (self->document) : NULL;
}

static guint
count_on_disk (WorkbenchBatchSlider *self)
{
  return history_of (self) != NULL ? workbench_history_get_length (history_of (self)) : 0;
}

static void
tell (WorkbenchBatchSlider *self)
{
  guint index = (guint) gtk_adjustment_get_value (self->adjustment);
  g_autofree char *text = index < count_on_disk (self) ? g_strdup_printf (_("synthesis %u"), workbench_history_get_synthesis (history_of (self), index))
                                                       : g_strdup (_("the newest"));

  workbench_readout_set_text (self->text, text);
  g_signal_emit (self, changed_signal, 0);
}

static void
configure (WorkbenchBatchSlider *self)
{
  guint count = count_on_disk (self) + (newest_of (self) != NULL ? 1 : 0);
  double last = count > 0 ? count - 1 : 0;

  self->configuring = TRUE;
  gtk_adjustment_configure (self->adjustment, self->newest ? last : MIN (gtk_adjustment_get_value (self->adjustment), last), 0.0, last, 1.0, 10.0, 0.0);
  self->configuring = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->bar), count > 1);
  tell (self);
}

static void
on_value (GtkAdjustment *adjustment, WorkbenchBatchSlider *self)
{
  if (self->configuring)
    return;
  self->newest = gtk_adjustment_get_value (adjustment) >= gtk_adjustment_get_upper (adjustment);
  tell (self);
}

static void
follow (gpointer data)
{
  WorkbenchBatchSlider *self = data;

  if (self->newest)
    configure (self);
}

/* those of each step: faster than anyone reads what is told of them */
static void
on_pictures (WorkbenchDocument *document, WorkbenchBatchSlider *self)
{
  workbench_glance_order (&self->news, follow, self);
}

static void
on_read (WorkbenchHistory *history, guint synthesis, WorkbenchBatchSlider *self)
{
  guint index = (guint) gtk_adjustment_get_value (self->adjustment);

  if (index < workbench_history_get_length (history) && workbench_history_get_synthesis (history, index) == synthesis)
    tell (self);
}

static void
on_history (WorkbenchHistory *history, WorkbenchBatchSlider *self)
{
  configure (self);
}

static void
forget (WorkbenchBatchSlider *self)
{
  workbench_glance_cancel (&self->news);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (history_of (self) != NULL)
    g_signal_handlers_disconnect_by_data (history_of (self), self);
  g_clear_object (&self->document);
}

void
workbench_batch_slider_set_document (WorkbenchBatchSlider *self, WorkbenchDocument *document)
{
  forget (self);
  g_set_object (&self->document, document);
  self->newest = TRUE;
  if (document != NULL)
    g_signal_connect (document, "pictures", G_CALLBACK (on_pictures), self);
  if (history_of (self) != NULL)
    {
      g_signal_connect (history_of (self), "loaded", G_CALLBACK (on_read), self);
      g_signal_connect (history_of (self), "changed", G_CALLBACK (on_history), self);
    }
  configure (self);
}

DfkdPictures *
workbench_batch_slider_get_pictures (WorkbenchBatchSlider *self, const char **why)
{
  guint index = (guint) gtk_adjustment_get_value (self->adjustment), synthesis;
  DfkdPictures *pictures;

  *why = _("This will be here when there are synthetic images: start a run, or open the folder of one");
  if (index >= count_on_disk (self))
    return newest_of (self);
  synthesis = workbench_history_get_synthesis (history_of (self), index);
  pictures = workbench_history_get (history_of (self), synthesis);
  *why = workbench_history_is_lost (history_of (self), synthesis) ? _("This batch cannot be read") : _("The batch is being read");
  return pictures;
}

static void
workbench_batch_slider_dispose (GObject *object)
{
  WorkbenchBatchSlider *self = WORKBENCH_BATCH_SLIDER (object);

  forget (self);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_batch_slider_parent_class)->dispose (object);
}

static void
workbench_batch_slider_class_init (WorkbenchBatchSliderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_batch_slider_dispose;
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-batch-slider.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchBatchSlider, name)
  BIND (bar);
  BIND (label);
  BIND (text);
  BIND (adjustment);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_value);
  changed_signal = g_signal_new ("changed", WORKBENCH_TYPE_BATCH_SLIDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_batch_slider_init (WorkbenchBatchSlider *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->newest = TRUE;
}
