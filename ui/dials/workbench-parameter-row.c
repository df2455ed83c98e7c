/* workbench-parameter-row.c: slider position, entry or choice, and the value of a parameter, kept in step. */
#include "workbench-parameter-row.h"

#include "workbench-containers.h"
#include "workbench-equation.h"
#include "workbench-path-button.h"
#include "workbench-save-dialog.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _WorkbenchParameterRow
{
  GtkBox parent_instance;

  GtkLabel *symbol, *label, *unit;
  GtkBox *second; /* line */
  GtkImage *restart;
  GtkDropDown *choice;
  GtkEntry *entry;
  GtkButton *reset;
  GtkScale *scale;
  GtkAdjustment *adjustment;

  DfkdParameterId id;
  double value, recipe_value;
  char *text, *recipe_text; /* TEXT */
  char *shown;              /* in the entry: leaving it untouched is no change */
  char *about;              /* what the row says of its parameter */
  gboolean showing; /* the controls are being set, not turned */
};

G_DEFINE_FINAL_TYPE (WorkbenchParameterRow, workbench_parameter_row, GTK_TYPE_BOX)

enum {
  CHANGED,
  TEXT_CHANGED,
  RESET,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The slider of a logarithmic scale covers three decades around what the recipe would use, and zero at its end
 * where zero is allowed: the whole range of the table is for exact entry. A number of things of which the recipe has none may be
 * any: there it covers the table. */
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
  if (p->type == DFKD_PARAMETER_INTEGER && self->recipe_value <= 0.0 && p->fallback <= 0.0)
    return (SliderRange){ 1.0, p->maximum, TRUE, TRUE };
  return (SliderRange){ MAX (p->minimum, centre / factor), MIN (p->maximum, centre * factor), TRUE, p->minimum <= 0.0 };
}

/* on the slider: the value itself, as whoever has it read out hears, or from 0 to 1 where the scale is logarithmic */
static double
position_of (const SliderRange *range, double value)
{
  if (!range->logarithmic)
    return CLAMP (value, range->low, range->high);
  if (range->has_zero && value < range->low)
    return 0.0;
  return log (CLAMP (value, range->low, range->high) / range->low) / log (range->high / range->low);
}

static double
value_at (WorkbenchParameterRow *self, const SliderRange *range, double position)
{
  double value;

  if (!range->logarithmic)
    value = position;
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

/* the choices of a row that has no slider; NULL: anything may be typed */
static const char *const *
choices_of (DfkdParameterId id)
{
  return id == DFKD_PARAMETER_STUDENT ? dfkd_network_names (FALSE) : dfkd_parameter (id)->choices;
}

/* What a recipe names may be one of a family that is too large to list: it is added. */
static void
show_choice (WorkbenchParameterRow *self)
{
  GtkStringList *names = GTK_STRING_LIST (gtk_drop_down_get_model (self->choice));
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (names));
  guint selected = (guint) self->value;

  if (self->text != NULL)
    {
      for (selected = 0; selected < n && !g_str_equal (gtk_string_list_get_string (names, selected), self->text); selected++)
        ;
      if (selected == n)
        gtk_string_list_append (names, self->text);
    }
  gtk_drop_down_set_selected (self->choice, selected);
}

static void
show_slider (WorkbenchParameterRow *self)
{
  const SliderRange range = slider_range (self);
  const double low = range.logarithmic ? 0.0 : range.low, high = range.logarithmic ? 1.0 : range.high;
  const char *unit = dfkd_parameter (self->id)->unit;
  g_autofree char *text = *unit != '\0' ? g_strdup_printf ("%s %s", self->shown, _(unit)) : g_strdup (self->shown);

  gtk_adjustment_configure (self->adjustment, position_of (&range, self->value), low, high, 0.01 * (high - low), 0.1 * (high - low), 0.0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static gboolean
differs (WorkbenchParameterRow *self)
{
  return self->text != NULL ? !g_str_equal (self->text, self->recipe_text) : self->value != self->recipe_value;
}

/* @problem: (nullable): with what was typed */
static void
mark_entry (WorkbenchParameterRow *self, const char *problem)
{
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry), problem != NULL ? problem : self->about);
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset), problem != NULL || differs (self)); /* it takes back what is wrong, too */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
show (WorkbenchParameterRow *self)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  self->showing = TRUE;
  g_free (self->shown);
  self->shown = g_strdup (self->text != NULL ? self->text : g_ascii_formatd (text, sizeof text, "%.10g", self->value));
  if (choices_of (self->id) != NULL)
    show_choice (self);
  else if (self->text == NULL)
    show_slider (self);
  /* what is shown was not typed: the entry by itself has nothing to undo */
  gtk_editable_set_enable_undo (GTK_EDITABLE (self->entry), FALSE);
  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->entry)), self->shown)) /* it would take the cursor to the start */
    gtk_editable_set_text (GTK_EDITABLE (self->entry), self->shown);
  gtk_editable_set_enable_undo (GTK_EDITABLE (self->entry), TRUE);
  mark_entry (self, NULL);
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
change_text (WorkbenchParameterRow *self, const char *text)
{
  g_autofree char *copy = g_strdup (text);

  if (g_str_equal (copy, self->text))
    return;
  g_free (self->text);
  self->text = g_strdup (copy);
  show (self);
  g_signal_emit (self, signals[TEXT_CHANGED], 0, copy);
}

static void
on_slider (GtkAdjustment *adjustment, WorkbenchParameterRow *self)
{
  SliderRange range = slider_range (self);

  if (!self->showing)
    change (self, value_at (self, &range, gtk_adjustment_get_value (adjustment)));
}

/* Keys move whole numbers by one, or ten: a hundredth of the slider may be less than that. */
static gboolean
on_change_value (GtkRange *scale, GtkScrollType scroll, double position, WorkbenchParameterRow *self)
{
  const DfkdParameter *p = dfkd_parameter (self->id);
  double by = scroll == GTK_SCROLL_STEP_FORWARD || scroll == GTK_SCROLL_STEP_RIGHT || scroll == GTK_SCROLL_STEP_UP        ? 1.0
              : scroll == GTK_SCROLL_STEP_BACKWARD || scroll == GTK_SCROLL_STEP_LEFT || scroll == GTK_SCROLL_STEP_DOWN    ? -1.0
              : scroll == GTK_SCROLL_PAGE_FORWARD || scroll == GTK_SCROLL_PAGE_RIGHT || scroll == GTK_SCROLL_PAGE_UP      ? 10.0
              : scroll == GTK_SCROLL_PAGE_BACKWARD || scroll == GTK_SCROLL_PAGE_LEFT || scroll == GTK_SCROLL_PAGE_DOWN    ? -10.0
                                                                                                                          : 0.0;

  if (p->type != DFKD_PARAMETER_INTEGER || by == 0.0)
    return FALSE;
  change (self, CLAMP (self->value + by, p->minimum, p->maximum));
  return TRUE;
}

static void
on_choice (GtkDropDown *choice, GParamSpec *spec, WorkbenchParameterRow *self)
{
  guint selected = gtk_drop_down_get_selected (choice);

  if (self->showing || selected == GTK_INVALID_LIST_POSITION)
    return;
  if (self->text != NULL)
    change_text (self, gtk_string_list_get_string (GTK_STRING_LIST (gtk_drop_down_get_model (choice)), selected));
  else
    change (self, selected);
}

/* (nullable) (transfer full): the path that text means where it begins as in a terminal, or is what a file manager pastes */
static char *
path_meant (const char *text)
{
  g_autofree char *uri = NULL;

  if (g_str_has_prefix (text, "~/"))
    return g_build_filename (g_get_home_dir (), text + 2, NULL);
  if (!g_str_has_prefix (text, "file://"))
    return NULL;
  uri = g_strchomp (g_strdup (text));
  return g_filename_from_uri (uri, NULL, NULL);
}

gboolean
workbench_parameter_row_commit (WorkbenchParameterRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (GError) error = NULL;
  char *end;
  double value;

  if (g_str_equal (text, self->shown))
    {
      mark_entry (self, NULL);
      return TRUE;
    }
  if (self->text != NULL)
    {
      g_autofree char *path = path_meant (text);

      change_text (self, path != NULL ? path : text);
      return TRUE;
    }
  value = g_ascii_strtod (text, &end);
  if (end != text)
    end += strspn (end, " "); /* pasted along, and not seen */
  if (end == text || *end != '\0' || !dfkd_parameter_check (self->id, value, &error))
    {
      mark_entry (self, error != NULL ? error->message : _("Expected a number"));
      return FALSE;
    }
  change (self, value);
  return TRUE;
}

/* Escape in the entry leaves the value as it is in use; where nothing was typed it is for others. */
static gboolean
on_escape (GtkWidget *entry, GVariant *arguments, gpointer data)
{
  WorkbenchParameterRow *self = WORKBENCH_PARAMETER_ROW (data);

  if (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->entry)), self->shown))
    return FALSE;
  show (self);
  return TRUE;
}

/* Ctrl+Z in the entry: typing is taken back there, and dials by the window when nothing has been typed. */
static gboolean
on_turn_keys (GtkWidget *entry, GVariant *action, gpointer data)
{
  WorkbenchParameterRow *self = WORKBENCH_PARAMETER_ROW (data);

  return g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->entry)), self->shown)
         && gtk_widget_activate_action (entry, g_variant_get_string (action, NULL), NULL);
}

static void
add_turn_keys (WorkbenchParameterRow *self)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = { { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo" },
               { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo" },
               { GDK_KEY_y, GDK_CONTROL_MASK, "win.redo" } };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE); /* before the text inside */
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                                                gtk_callback_action_new (on_turn_keys, self, NULL));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_string (keys[i].action));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_callback_action_new (on_escape, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->entry), controller);
}

static void
on_entry_left (GtkEventControllerFocus *controller, WorkbenchParameterRow *self)
{
  workbench_parameter_row_commit (self);
}

static void
on_reset (WorkbenchParameterRow *self)
{
  g_signal_emit (self, signals[RESET], 0);
  if (self->text != NULL)
    change_text (self, self->recipe_text);
  else
    change (self, self->recipe_value);
}

static void
workbench_parameter_row_finalize (GObject *object)
{
  WorkbenchParameterRow *self = WORKBENCH_PARAMETER_ROW (object);

  g_free (self->text);
  g_free (self->recipe_text);
  g_free (self->shown);
  g_free (self->about);
  G_OBJECT_CLASS (workbench_parameter_row_parent_class)->finalize (object);
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
  G_OBJECT_CLASS (klass)->finalize = workbench_parameter_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_PARAMETER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[TEXT_CHANGED] = g_signal_new ("text-changed", WORKBENCH_TYPE_PARAMETER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RESET] = g_signal_new ("reset", WORKBENCH_TYPE_PARAMETER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-parameter-row.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchParameterRow, name)
  BIND (symbol);
  BIND (label);
  BIND (unit);
  BIND (second);
  BIND (restart);
  BIND (choice);
  BIND (entry);
  BIND (reset);
  BIND (scale);
  BIND (adjustment);
#undef BIND
}

/* Whoever scrolls through the controls does not mean to turn what is under the pointer. */
static void
ignore_wheel (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

static void
workbench_parameter_row_init (WorkbenchParameterRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->adjustment, "value-changed", G_CALLBACK (on_slider), self);
  g_signal_connect (self->scale, "change-value", G_CALLBACK (on_change_value), self);
  g_signal_connect (self->choice, "notify::selected", G_CALLBACK (on_choice), self);
  ignore_wheel (GTK_WIDGET (self->scale));
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (workbench_parameter_row_commit), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_entry_left), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), focus);
  add_turn_keys (self);
  g_signal_connect_swapped (self->reset, "clicked", G_CALLBACK (on_reset), self);
}

/* between lines of a tooltip: one with “\n” in it is not wrapped by GTK, however long its lines are */
#define NEW_LINE "\u2028"

/* what a row says of itself: name, effect, equation, range, and when a change counts
 * @method: (nullable): whose equation it is */
static char *
describe (const DfkdParameter *p, const DfkdMethod *method)
{
  static const char *const when[] = { [DFKD_PARAMETER_LIVE] = N_ ("Takes effect at the next step."),
                                      [DFKD_PARAMETER_COUNT] = N_ ("Takes effect at the next step."),
                                      [DFKD_PARAMETER_BUILD] = N_ ("Takes effect when the run is restarted.") };
  const char *own = method != NULL ? dfkd_method_equation (method, p->name) : NULL, *equation = own != NULL ? own : p->equation;
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "%s" NEW_LINE "%s", _(p->label), _(p->effect));
  if (*equation != '\0')
    g_string_append_printf (text, NEW_LINE "%s", equation);
  if (p->type == DFKD_PARAMETER_FLOAT || p->type == DFKD_PARAMETER_INTEGER)
    {
      g_string_append (text, NEW_LINE);
      g_string_append_printf (text, _("From %.10g to %.10g."), p->minimum, p->maximum);
    }
  g_string_append_printf (text, NEW_LINE "%s", _(when[p->klass]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
workbench_parameter_row_set_method (WorkbenchParameterRow *self, const DfkdMethod *method)
{
  g_free (self->about);
  self->about = describe (dfkd_parameter (self->id), method);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), self->about);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->scale), self->about);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->choice), self->about);
  if (!gtk_widget_has_css_class (GTK_WIDGET (self->entry), "error")) /* then it says what is wrong */
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry), self->about);
}

static gboolean
is_path (WorkbenchParameterRow *self)
{
  return self->id == DFKD_PARAMETER_DATA || self->id == DFKD_PARAMETER_LABEL_EMBEDDINGS;
}

/* what is let go of over a row that is no path is the window's */
static gboolean
pass_on (WorkbenchParameterRow *self, GSList *files)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (GSList *each = files; each != NULL; each = each->next)
    {
      g_autofree char *path = g_file_get_path (each->data), *uri = g_file_get_uri (each->data);

      g_strv_builder_add (builder, path != NULL ? path : uri);
    }
  names = g_strv_builder_end (builder);
  return gtk_widget_activate_action (GTK_WIDGET (self), "win.open-paths", "^aay", names);
}

/* files from elsewhere; a row whose text is a path takes one */
static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, WorkbenchParameterRow *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (!is_path (self))
    return pass_on (self, files);
  path = files != NULL && files->next == NULL ? workbench_local_path (files->data, &error) : NULL;
  if (path != NULL)
    change_text (self, path);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error != NULL ? error->message : _("One file or folder can be dropped here at a time"));
  return path != NULL;
}

/* before the text, which would take the name of a file into itself */
static void
add_drop_target (WorkbenchParameterRow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* a file as one that is dropped: what it does not say of itself is asked for */
static void
on_teacher (WorkbenchPathButton *button, const char *chosen, WorkbenchParameterRow *self)
{
  const char *const paths[] = { chosen, NULL };

  if (dfkd_teacher_class_names (chosen) != NULL)
    change_text (self, chosen);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-paths", "^aay", paths);
}

static void
add_teacher_button (WorkbenchParameterRow *self)
{
  WorkbenchPathButton *button = workbench_path_button_new (_(dfkd_parameter (self->id)->label), FALSE);

  workbench_path_button_add (button, _("Built-In: _Clothes (Fashion-MNIST)"), "");
  workbench_path_button_add (button, _("Built-In: Coloured _Shapes (shapes32)"), "shapes32");
  g_signal_connect (button, "chosen", G_CALLBACK (on_teacher), self);
  gtk_box_append (self->second, GTK_WIDGET (button));
}

static void
add_path_button (WorkbenchParameterRow *self)
{
  WorkbenchPathButton *button = workbench_path_button_new (_(dfkd_parameter (self->id)->label), self->id == DFKD_PARAMETER_DATA);

  g_signal_connect_swapped (button, "chosen", G_CALLBACK (change_text), self);
  gtk_box_append (self->second, GTK_WIDGET (button));
}

WorkbenchParameterRow *
workbench_parameter_row_new (DfkdParameterId id)
{
  WorkbenchParameterRow *self = g_object_new (WORKBENCH_TYPE_PARAMETER_ROW, NULL);
  const DfkdParameter *p = dfkd_parameter (id);
  gboolean chosen = choices_of (id) != NULL, text = p->type == DFKD_PARAMETER_TEXT;
  g_autofree char *reset = g_strdup_printf (_("Reset “%s” to the recipe"), _(p->label)), *symbol = workbench_equation_markup (p->symbol);
  GtkWidget *const named[] = { GTK_WIDGET (self->scale), GTK_WIDGET (self->entry), GTK_WIDGET (self->choice) };

  self->id = id;
  self->value = self->recipe_value = p->fallback;
  self->text = g_strdup (p->text);
  self->recipe_text = g_strdup (p->text);
  gtk_label_set_markup (self->symbol, symbol);
  gtk_label_set_text (self->label, _(p->label));
  gtk_label_set_text (self->unit, *p->unit != '\0' ? _(p->unit) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->unit), *p->unit != '\0');
  workbench_parameter_row_set_method (self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->scale), !chosen && !text);
  gtk_widget_set_visible (GTK_WIDGET (self->entry), !chosen);
  gtk_widget_set_visible (GTK_WIDGET (self->choice), chosen);
  if (chosen)
    {
      GtkStringList *names = gtk_string_list_new (choices_of (id));

      self->showing = TRUE;
      gtk_drop_down_set_model (self->choice, G_LIST_MODEL (names));
      g_object_unref (names);
    }
  else if (text)
    {
      g_object_ref (self->entry); /* a path needs the whole line */
      gtk_box_remove (GTK_BOX (gtk_widget_get_parent (GTK_WIDGET (self->entry))), GTK_WIDGET (self->entry));
      gtk_box_append (self->second, GTK_WIDGET (self->entry));
      g_object_unref (self->entry);
      gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
      gtk_editable_set_alignment (GTK_EDITABLE (self->entry), 0.0f);
      gtk_entry_set_input_purpose (self->entry, GTK_INPUT_PURPOSE_FREE_FORM);
      gtk_entry_set_placeholder_text (self->entry, p->empty != NULL ? _(p->empty) : NULL);
      if (is_path (self))
        add_path_button (self);
      else if (id == DFKD_PARAMETER_TEACHER)
        add_teacher_button (self);
    }
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    gtk_accessible_update_property (GTK_ACCESSIBLE (named[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, _(p->label), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reset), GTK_ACCESSIBLE_PROPERTY_LABEL, reset, -1);
  workbench_name_drop_downs (GTK_WIDGET (self));
  add_drop_target (self);
  workbench_parameter_row_set_waits (self, FALSE);
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

void
workbench_parameter_row_set_text (WorkbenchParameterRow *self, const char *text)
{
  g_autofree char *copy = g_strdup (text);

  g_free (self->text);
  self->text = g_steal_pointer (&copy);
  show (self);
}

void
workbench_parameter_row_set_recipe_text (WorkbenchParameterRow *self, const char *text)
{
  g_free (self->recipe_text);
  self->recipe_text = g_strdup (text);
  show (self);
}

void
workbench_parameter_row_set_waits (WorkbenchParameterRow *self, gboolean waits)
{
  const char *text = waits ? _("Changed, but not in use yet: restart the run (Ctrl+R)") : _("Takes effect when the run is restarted");

  gtk_widget_set_visible (GTK_WIDGET (self->restart), waits || dfkd_parameter (self->id)->klass == DFKD_PARAMETER_BUILD);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->restart), waits ? "view-refresh-symbolic" : "preferences-system-time-symbolic"); /* a clock: later */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->restart), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->restart), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (waits)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->restart), "dim-label");
      gtk_widget_add_css_class (GTK_WIDGET (self->restart), "warning");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->restart), "warning");
      gtk_widget_add_css_class (GTK_WIDGET (self->restart), "dim-label");
    }
}
