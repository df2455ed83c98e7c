/* workbench-step-slider.c: a scale over all inner steps, so that it stands still while they are done; what has no frame yet, or was thinned
 * out, is the one before it. */
#include "workbench-step-slider.h"

#include "workbench-containers.h"
#include "workbench-readout.h"

#include <glib/gi18n.h>

struct _WorkbenchStepSlider
{
  GtkBox parent_instance;

  GtkBox *bar;
  GtkLabel *label;
  WorkbenchReadout *text;
  GtkAdjustment *adjustment;

  DfkdPictures *pictures, *film; /* (nullable) */
  DfkdPictures *then;   /* (nullable): the batch at a frame that is chosen */
  guint inner;          /* the step that is chosen; 0: the slider stands at its end */
  gboolean configuring; /* the range is being set, nobody moves it */
};

G_DEFINE_FINAL_TYPE (WorkbenchStepSlider, workbench_step_slider, GTK_TYPE_BOX)

static guint changed_signal;

/* the last one shows the batch as it is */
static guint
count_frames (WorkbenchStepSlider *self)
{
  const GPtrArray *frames = self->film != NULL ? self->film->frames : NULL;

  return frames != NULL && self->film->k > 1 && ((DfkdFrame *) g_ptr_array_index (frames, 0))->statistics != NULL ? frames->len : 0;
}

static const DfkdFrame *
get_frame (WorkbenchStepSlider *self, guint index)
{
  return g_ptr_array_index (self->film->frames, index);
}

/* the frame of the step that is chosen, or the nearest before it */
static guint
find_frame (WorkbenchStepSlider *self)
{
  guint index = 0, count = count_frames (self);

  while (index + 1 < count && (self->inner == 0 || get_frame (self, index + 1)->inner <= self->inner))
    index++;
  return index;
}

static void
look (WorkbenchStepSlider *self)
{
  guint count = count_frames (self), index = find_frame (self);
  g_autofree char *text = NULL;

  g_clear_pointer (&self->then, dfkd_pictures_unref);
  if (index + 1 < count)
    self->then = dfkd_pictures_at_frame (self->film, get_frame (self, index));
  if (count > 0)
    text = g_strdup_printf (_("%u of %u"), get_frame (self, index)->inner, self->film->k);
  workbench_readout_set_text (self->text, text != NULL ? text : "");
}

static void
on_value (GtkAdjustment *adjustment, WorkbenchStepSlider *self)
{
  if (self->configuring)
    return;
  self->inner = gtk_adjustment_get_value (adjustment) < gtk_adjustment_get_upper (adjustment) ? (guint) gtk_adjustment_get_value (adjustment) : 0;
  look (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
hold (DfkdPictures **place, DfkdPictures *pictures)
{
  DfkdPictures *old = *place;

  *place = pictures != NULL ? dfkd_pictures_ref (pictures) : NULL;
  dfkd_pictures_unref (old);
}

void
workbench_step_slider_set_pictures (WorkbenchStepSlider *self, DfkdPictures *pictures, DfkdPictures *film)
{
  double k;

  hold (&self->pictures, pictures);
  hold (&self->film, pictures != NULL ? film : NULL);
  k = self->film != NULL ? self->film->k : 1.0;
  self->configuring = TRUE;
  gtk_adjustment_configure (self->adjustment, self->inner == 0 ? k : self->inner, 1.0, k, 1.0, 10.0, 0.0);
  self->configuring = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->bar), count_frames (self) > 0);
  look (self);
}

DfkdPictures *
workbench_step_slider_get_pictures (WorkbenchStepSlider *self)
{
  return self->then != NULL ? self->then : self->pictures;
}

static void
workbench_step_slider_dispose (GObject *object)
{
  WorkbenchStepSlider *self = WORKBENCH_STEP_SLIDER (object);

  hold (&self->pictures, NULL);
  hold (&self->film, NULL);
  hold (&self->then, NULL);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_step_slider_parent_class)->dispose (object);
}

static void
workbench_step_slider_class_init (WorkbenchStepSliderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_step_slider_dispose;
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-step-slider.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchStepSlider, name)
  BIND (bar);
  BIND (label);
  BIND (text);
  BIND (adjustment);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_value);
  changed_signal = g_signal_new ("changed", WORKBENCH_TYPE_STEP_SLIDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_step_slider_init (WorkbenchStepSlider *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
