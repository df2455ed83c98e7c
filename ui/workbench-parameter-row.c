/* workbench-parameter-row.c: slider position and value of a parameter, kept in step. */
#include "workbench-parameter-row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WorkbenchParameterRow
{
  GtkBox parent_instance;

  GtkLabel *symbol, *label;
  GtkImage *restart;
  GtkEntry *entry;
  GtkButton *reset;
  GtkScale *scale;
  GtkAdjustment *adjustment;

  DfkdParameterId id;
  double value, recipe_value;
  gboolean showing; /* the controls are being set, not turned */
};

G_DEFINE_FINAL_TYPE (WorkbenchParameterRow, workbench_parameter_row, GTK_TYPE_BOX)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The slider of a logarithmic scale covers three decades around what the recipe would use, and zero at its end
 * where zero is allowed: the whole range of the table is for exact entry. */
static const double DECADES = 1.5;

typedef struct {
  double low, high;
  gboolean logarithmic, has_zero;
} SliderRange;

static SliderRange
slider_range (WorkbenchParameterRow *self)
{
  const DfkdParameter *p = dfkd_parameter (self->id);
  double centre = self->recipe_value > 0.0 ? self->recipe_value : p->fallback > 0.0 ? p->fallback : 1.0;
  double factor = pow (10.0, DECADES);

  if (!p->logarithmic)
    return (SliderRange){ p->minimum, MIN (p->maximum, MAX (p->minimum + 1.0, p->type == DFKD_PARAMETER_INTEGER ? MAX (20.0, 4.0 * centre) : p->maximum)), FALSE, FALSE };
  return (SliderRange){ MAX (p->minimum, centre / factor), MIN (p->maximum, centre * factor), TRUE, p->minimum <= 0.0 };
}

static double
position_of (const SliderRange *range, double value)
{
  if (!range->logarithmic)
    return (value - range->low) / (range->high - range->low);
  if (range->has_zero && value < range->low)
    return 0.0;
  return log (CLAMP (value, range->low, range->high) / range->low) / log (range->high / range->low);
}

static double
value_at (WorkbenchParameterRow *self, const SliderRange *range, double position)
{
  double value;

  if (!range->logarithmic)
    value = range->low + position * (range->high - range->low);
  else if (range->has_zero && position <= 0.0)
    value = 0.0;
  else
    value = range->low * pow (range->high / range->low, position);
  if (dfkd_parameter (self->id)->type != DFKD_PARAMETER_FLOAT)
    return round (value);
  if (value > 0.0) /* three figures are enough for a slider */
    {
      double unit = pow (10.0, floor (log10 (value)) - 2.0);

      value = round (value / unit) * unit;
    }
  return value;
}

static void
show (WorkbenchParameterRow *self)
{
  SliderRange range = slider_range (self);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  self->showing = TRUE;
  gtk_adjustment_set_value (self->adjustment, CLAMP (position_of (&range, self->value), 0.0, 1.0));
  g_ascii_formatd (text, sizeof text, "%.5g", self->value);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset), self->value != self->recipe_value);
  self->showing = FALSE;
}

static void
change (WorkbenchParameterRow *self, double value)
{
  if (value == self->value)
    {
      show (self);
      return;
    }
  self->value = value;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0, value);
}

static void
on_slider (GtkAdjustment *adjustment, WorkbenchParameterRow *self)
{
  SliderRange range = slider_range (self);

  if (!self->showing)
    change (self, value_at (self, &range, gtk_adjustment_get_value (adjustment)));
}

static void
on_entry (WorkbenchParameterRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (GError) error = NULL;
  char *end;
  double value = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !dfkd_parameter_check (self->id, value, &error))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry), error != NULL ? error->message : _("Expected a number"));
      return;
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry), NULL);
  change (self, value);
}

static void
on_entry_left (GtkEventControllerFocus *controller, WorkbenchParameterRow *self)
{
  on_entry (self);
}

static void
on_reset (WorkbenchParameterRow *self)
{
  change (self, self->recipe_value);
}

static void
workbench_parameter_row_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (workbench_parameter_row_parent_class)->dispose (object);
}

static void
workbench_parameter_row_class_init (WorkbenchParameterRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_parameter_row_dispose;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_PARAMETER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-parameter-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, symbol);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, label);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, restart);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, entry);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, reset);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, scale);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, adjustment);
}

static void
workbench_parameter_row_init (WorkbenchParameterRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_adjustment_configure (self->adjustment, 0.0, 0.0, 1.0, 0.01, 0.1, 0.0);
  g_signal_connect (self->adjustment, "value-changed", G_CALLBACK (on_slider), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (on_entry), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_entry_left), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), focus);
  g_signal_connect_swapped (self->reset, "clicked", G_CALLBACK (on_reset), self);
}

WorkbenchParameterRow *
workbench_parameter_row_new (DfkdParameterId id)
{
  WorkbenchParameterRow *self = g_object_new (WORKBENCH_TYPE_PARAMETER_ROW, NULL);
  const DfkdParameter *p = dfkd_parameter (id);
  g_autofree char *tooltip = g_strconcat (_(p->label), "\n", _(p->effect), *p->equation != '\0' ? "\n" : "", p->equation, NULL);

  self->id = id;
  self->value = self->recipe_value = p->fallback;
  gtk_label_set_text (self->symbol, p->symbol);
  gtk_label_set_text (self->label, _(p->label));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), tooltip);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->scale), tooltip);
  gtk_widget_set_visible (GTK_WIDGET (self->restart), p->klass == DFKD_PARAMETER_BUILD);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL, _(p->label), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _(p->label), -1);
  show (self);
  return self;
}

DfkdParameterId
workbench_parameter_row_get_id (WorkbenchParameterRow *self)
{
  return self->id;
}

void
workbench_parameter_row_set_value (WorkbenchParameterRow *self, double value)
{
  self->value = value;
  show (self);
}

double
workbench_parameter_row_get_value (WorkbenchParameterRow *self)
{
  return self->value;
}

void
workbench_parameter_row_set_recipe_value (WorkbenchParameterRow *self, double value)
{
  self->recipe_value = value;
  show (self);
}
