/* workbench-readout.c: a layout of Pango's, and what it took when it was measured. */
#include "workbench-readout.h"

struct _WorkbenchReadout
{
  GtkWidget parent_instance;

  PangoLayout *layout;
  char *source; /* text or markup */
  gboolean is_markup, wrap, ellipsize;
  guint width_chars;
};

enum {
  LEAST_CHARS = 5, /* letters of a line that is cut off, or broken */
};

enum {
  PROP_LABEL = 1,
  PROP_WRAP,
  PROP_ELLIPSIZE,
  PROP_WIDTH_CHARS,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WorkbenchReadout, workbench_readout, GTK_TYPE_WIDGET)

static GParamSpec *props[N_PROPS];

/* pixels that the text takes in lines of @width, -1: in one line */
static void
find_size (WorkbenchReadout *self, int width, int *text_width, int *text_height)
{
  pango_layout_set_width (self->layout, width >= 0 && (self->wrap || self->ellipsize) ? width * PANGO_SCALE : -1);
  pango_layout_get_pixel_size (self->layout, text_width, text_height);
}

/* ------------------------------------------------------------------------------------------------------- a widget */

static GtkSizeRequestMode
workbench_readout_get_request_mode (GtkWidget *widget)
{
  return WORKBENCH_READOUT (widget)->wrap ? GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

/* pixels of so many letters */
static int
letters_width (WorkbenchReadout *self, guint letters)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (pango_layout_get_context (self->layout), NULL, NULL);
  int width = PANGO_PIXELS_CEIL ((int) letters * pango_font_metrics_get_approximate_char_width (metrics));

  pango_font_metrics_unref (metrics);
  return width;
}

static void
workbench_readout_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  WorkbenchReadout *self = WORKBENCH_READOUT (widget);
  int width, height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      find_size (self, -1, &width, NULL);
      width = MAX (width, letters_width (self, self->width_chars));
      *natural = width;
      *minimum = self->wrap || self->ellipsize ? MIN (width, letters_width (self, MAX (self->width_chars, LEAST_CHARS))) : width;
    }
  else
    {
      find_size (self, for_size, NULL, &height);
      *minimum = *natural = height;
    }
  *minimum_baseline = *natural_baseline = -1;
}

static void
workbench_readout_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkbenchReadout *self = WORKBENCH_READOUT (widget);
  const int height = gtk_widget_get_height (widget);
  PangoRectangle text;

  find_size (self, gtk_widget_get_width (widget), NULL, NULL);
  pango_layout_get_pixel_extents (self->layout, NULL, &text);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), -text.x,
                              (self->wrap ? 0 : (height - text.height) / 2) - text.y, self->layout);
}

static gboolean
workbench_readout_query_tooltip (GtkWidget *widget, int x, int y, gboolean by_keys, GtkTooltip *tooltip)
{
  WorkbenchReadout *self = WORKBENCH_READOUT (widget);

  if (gtk_widget_get_tooltip_text (widget) != NULL)
    return GTK_WIDGET_CLASS (workbench_readout_parent_class)->query_tooltip (widget, x, y, by_keys, tooltip);
  find_size (self, gtk_widget_get_width (widget), NULL, NULL);
  if (!pango_layout_is_ellipsized (self->layout))
    return FALSE;
  gtk_tooltip_set_text (tooltip, pango_layout_get_text (self->layout));
  return TRUE;
}

/* the letters may be others */
static void
workbench_readout_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (workbench_readout_parent_class)->css_changed (widget, change);
  pango_layout_context_changed (WORKBENCH_READOUT (widget)->layout);
}

/* -------------------------------------------------------------------------------------------------------- the text */

/* whether neighbours have to move for what takes @width × @height where it took @old_width (in one line) × @old_height before */
static gboolean
needs_layout (WorkbenchReadout *self, int old_width, int old_height, int width, int height)
{
  const int given = gtk_widget_get_width (GTK_WIDGET (self));

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || given <= 0 || height != old_height)
    return TRUE;
  return width != old_width && ((given == old_width && self->width_chars == 0) || (width > given && !self->wrap && !self->ellipsize));
}

/* digits of one width, whatever the markup says */
static void
show (WorkbenchReadout *self)
{
  PangoAttrList *attributes;

  pango_layout_set_attributes (self->layout, NULL);
  if (self->is_markup)
    pango_layout_set_markup (self->layout, self->source, -1);
  else
    pango_layout_set_text (self->layout, self->source, -1);
  attributes = pango_layout_get_attributes (self->layout);
  attributes = attributes != NULL ? pango_attr_list_copy (attributes) : pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (self->layout, attributes);
  pango_attr_list_unref (attributes);
}

static gboolean
set (WorkbenchReadout *self, const char *source, gboolean is_markup)
{
  int old_width, old_height, width, height, given = gtk_widget_get_width (GTK_WIDGET (self));

  if (is_markup == self->is_markup && g_str_equal (source, self->source))
    return FALSE;
  find_size (self, -1, &old_width, NULL);
  find_size (self, given > 0 ? given : -1, NULL, &old_height);
  g_free (self->source);
  self->source = g_strdup (source);
  self->is_markup = is_markup;
  show (self);
  find_size (self, -1, &width, NULL);
  find_size (self, given > 0 ? given : -1, NULL, &height);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, pango_layout_get_text (self->layout), -1);
  if (needs_layout (self, old_width, old_height, width, height))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LABEL]);
  return TRUE;
}

gboolean
workbench_readout_set_text (WorkbenchReadout *self, const char *text)
{
  return set (self, text, FALSE);
}

gboolean
workbench_readout_set_markup (WorkbenchReadout *self, const char *markup)
{
  return set (self, markup, TRUE);
}

const char *
workbench_readout_get_text (WorkbenchReadout *self)
{
  return pango_layout_get_text (self->layout);
}

/* ---------------------------------------------------------------------------------------------------- construction */

static void
workbench_readout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  WorkbenchReadout *self = WORKBENCH_READOUT (object);

  switch (id)
    {
    case PROP_LABEL:
      set (self, g_value_get_string (value) != NULL ? g_value_get_string (value) : "", FALSE);
      break;
    case PROP_WRAP:
      self->wrap = g_value_get_boolean (value);
      break;
    case PROP_ELLIPSIZE:
      self->ellipsize = g_value_get_boolean (value);
      pango_layout_set_ellipsize (self->layout, self->ellipsize ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
      if (self->ellipsize)
        gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
      break;
    case PROP_WIDTH_CHARS:
      self->width_chars = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
workbench_readout_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  WorkbenchReadout *self = WORKBENCH_READOUT (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->source);
      break;
    case PROP_WRAP:
      g_value_set_boolean (value, self->wrap);
      break;
    case PROP_ELLIPSIZE:
      g_value_set_boolean (value, self->ellipsize);
      break;
    case PROP_WIDTH_CHARS:
      g_value_set_uint (value, self->width_chars);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
workbench_readout_finalize (GObject *object)
{
  WorkbenchReadout *self = WORKBENCH_READOUT (object);

  g_object_unref (self->layout);
  g_free (self->source);
  G_OBJECT_CLASS (workbench_readout_parent_class)->finalize (object);
}

static void
workbench_readout_class_init (WorkbenchReadoutClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = workbench_readout_set_property;
  object_class->get_property = workbench_readout_get_property;
  object_class->finalize = workbench_readout_finalize;
  widget_class->get_request_mode = workbench_readout_get_request_mode;
  widget_class->measure = workbench_readout_measure;
  widget_class->snapshot = workbench_readout_snapshot;
  widget_class->query_tooltip = workbench_readout_query_tooltip;
  widget_class->css_changed = workbench_readout_css_changed;
  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  props[PROP_WRAP] = g_param_spec_boolean ("wrap", NULL, NULL, FALSE, flags);
  props[PROP_ELLIPSIZE] = g_param_spec_boolean ("ellipsize", NULL, NULL, FALSE, flags);
  props[PROP_WIDTH_CHARS] = g_param_spec_uint ("width-chars", NULL, NULL, 0, 1000, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
workbench_readout_init (WorkbenchReadout *self)
{
  self->source = g_strdup ("");
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
  show (self);
}
