/* workbench-runs-beside.c: a box of WorkbenchRunImages over a scale. */
#include "workbench-runs-beside.h"

#include "workbench-containers.h"

#include <glib/gi18n.h>

struct _WorkbenchRunsBeside
{
  GtkBox parent_instance;

  GtkBox *sections; /* the own run's, and those of the others */
  GtkWidget *own;
  GtkWidget *bar;
  GtkAdjustment *adjustment;
  GtkLabel *text;

  WorkbenchDocument *document; /* (nullable): the own one */
  GPtrArray *histories; /* of all runs, their own among them */
  gboolean newest;      /* the scale stands at its end */
  gboolean configuring; /* the range is being set, nobody moves it */
  int label;
  WorkbenchOrder order;
  gboolean descending, frames;
  guint zoom;
};

G_DEFINE_FINAL_TYPE (WorkbenchRunsBeside, workbench_runs_beside, GTK_TYPE_BOX)

enum {
  SYNTHESIS,
  LOOKED_AT,
  ZOOMED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum {
  OWN = 1,
};

#define FOR_EACH_SECTION(self, it) for (GtkWidget *it = gtk_widget_get_next_sibling ((self)->own); it != NULL; it = gtk_widget_get_next_sibling (it))

static const char *
name_of (WorkbenchDocument *document, int label)
{
  const char *const *names = document != NULL ? workbench_document_get_class_names (document) : NULL;

  return names != NULL && label >= 0 && label < (int) g_strv_length ((char **) names) ? names[label] : NULL;
}

/* the class of @document that the one that is wanted is called */
static int
label_in (WorkbenchRunsBeside *self, WorkbenchDocument *document)
{
  const char *name = name_of (self->document, self->label), *other;

  for (int label = 0; name != NULL && (other = name_of (document, label)) != NULL; label++)
    if (g_strcmp0 (name, other) == 0)
      return label;
  return self->label;
}

static void
apply (WorkbenchRunsBeside *self)
{
  FOR_EACH_SECTION (self, section)
    {
      WorkbenchAlbum *album = workbench_run_images_get_album (WORKBENCH_RUN_IMAGES (section));

      workbench_album_set_class (album, label_in (self, workbench_run_images_get_document (WORKBENCH_RUN_IMAGES (section))));
      workbench_album_set_order (album, self->order, self->descending);
      workbench_run_images_set_look (WORKBENCH_RUN_IMAGES (section), self->zoom, self->frames);
    }
}

guint
workbench_runs_beside_get_synthesis (WorkbenchRunsBeside *self)
{
  return self->newest ? WORKBENCH_NEWEST_SYNTHESIS : (guint) gtk_adjustment_get_value (self->adjustment);
}

static void
tell (WorkbenchRunsBeside *self)
{
  const guint synthesis = workbench_runs_beside_get_synthesis (self);
  g_autofree char *text = self->newest ? g_strdup (_("the newest")) : g_strdup_printf ("%u", synthesis);

  gtk_label_set_text (self->text, text);
  FOR_EACH_SECTION (self, section)
    workbench_album_set_synthesis (workbench_run_images_get_album (WORKBENCH_RUN_IMAGES (section)), synthesis);
  g_signal_emit (self, signals[SYNTHESIS], 0, synthesis);
}

/* from the first synthesis of any run to the last */
static void
configure (WorkbenchRunsBeside *self)
{
  guint first = G_MAXUINT, last = 0;

  for (guint i = 0; i < self->histories->len; i++)
    {
      WorkbenchHistory *history = g_ptr_array_index (self->histories, i);
      const guint length = workbench_history_get_length (history);

      if (length == 0)
        continue;
      first = MIN (first, workbench_history_get_synthesis (history, 0));
      last = MAX (last, workbench_history_get_synthesis (history, length - 1));
    }
  first = MIN (first, last);
  self->configuring = TRUE;
  gtk_adjustment_configure (self->adjustment, self->newest ? last : CLAMP (gtk_adjustment_get_value (self->adjustment), first, last), first, last, 1.0, 10.0, 0.0);
  self->configuring = FALSE;
  self->newest = gtk_adjustment_get_value (self->adjustment) >= last;
  gtk_widget_set_visible (self->bar, first < last && gtk_widget_get_next_sibling (self->own) != NULL);
}

static void
on_history (WorkbenchHistory *history, WorkbenchRunsBeside *self)
{
  const guint before = workbench_runs_beside_get_synthesis (self);

  configure (self);
  if (workbench_runs_beside_get_synthesis (self) != before)
    tell (self);
}

static void
on_value (GtkAdjustment *adjustment, WorkbenchRunsBeside *self)
{
  if (self->configuring)
    return;
  self->newest = gtk_adjustment_get_value (adjustment) >= gtk_adjustment_get_upper (adjustment);
  tell (self);
}

static void
on_looked_at (WorkbenchRunImages *section, WorkbenchRunsBeside *self)
{
  g_signal_emit (self, signals[LOOKED_AT], 0, section);
}

static void
on_zoomed (WorkbenchRunImages *section, guint zoom, WorkbenchRunsBeside *self)
{
  g_signal_emit (self, signals[ZOOMED], 0, zoom);
}

static void
follow (WorkbenchRunsBeside *self, WorkbenchDocument *document)
{
  WorkbenchHistory *history = workbench_document_get_history (document);

  if (history == NULL)
    return;
  g_ptr_array_add (self->histories, g_object_ref (history));
  g_signal_connect (history, "changed", G_CALLBACK (on_history), self);
}

static void
forget (WorkbenchRunsBeside *self)
{
  GtkWidget *child;

  for (guint i = 0; i < self->histories->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->histories, i), self);
  g_ptr_array_set_size (self->histories, 0);
  while ((child = gtk_widget_get_next_sibling (self->own)) != NULL)
    gtk_box_remove (self->sections, child);
}

void
workbench_runs_beside_show (WorkbenchRunsBeside *self, WorkbenchDocument *own, const GPtrArray *others)
{
  forget (self);
  g_set_object (&self->document, own);
  if (own != NULL)
    follow (self, own);
  if (others->len == 0)
    self->newest = TRUE; /* nobody can choose another */
  for (guint i = 0; i < others->len; i++)
    {
      GtkWidget *section = workbench_run_images_new (g_ptr_array_index (others, i), i);

      g_signal_connect (section, "looked-at", G_CALLBACK (on_looked_at), self);
      g_signal_connect (section, "zoomed", G_CALLBACK (on_zoomed), self);
      gtk_box_append (self->sections, section);
      follow (self, g_ptr_array_index (others, i));
    }
  apply (self);
  configure (self);
  tell (self);
}

void
workbench_runs_beside_list (WorkbenchRunsBeside *self, int label, WorkbenchOrder order, gboolean descending)
{
  self->label = label;
  self->order = order;
  self->descending = descending;
  apply (self);
}

void
workbench_runs_beside_set_look (WorkbenchRunsBeside *self, guint zoom, gboolean frames)
{
  if (zoom == self->zoom && frames == self->frames)
    return;
  self->zoom = zoom;
  self->frames = frames;
  apply (self);
}

void
workbench_runs_beside_add_to (WorkbenchRunsBeside *self, WorkbenchBesideFigure *figure)
{
  FOR_EACH_SECTION (self, section)
    workbench_beside_figure_add (figure, workbench_run_images_get_document (WORKBENCH_RUN_IMAGES (section)),
                                 workbench_run_images_get_album (WORKBENCH_RUN_IMAGES (section)));
}

static void
workbench_runs_beside_set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  WorkbenchRunsBeside *self = WORKBENCH_RUNS_BESIDE (object);

  self->own = g_value_get_object (value);
  gtk_box_prepend (self->sections, self->own);
}

static void
workbench_runs_beside_dispose (GObject *object)
{
  WorkbenchRunsBeside *self = WORKBENCH_RUNS_BESIDE (object);

  if (self->own != NULL)
    forget (self);
  self->own = NULL;
  g_clear_object (&self->document);
  g_clear_pointer (&self->histories, g_ptr_array_unref);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_runs_beside_parent_class)->dispose (object);
}

static void
workbench_runs_beside_class_init (WorkbenchRunsBesideClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_runs_beside_dispose;
  G_OBJECT_CLASS (klass)->set_property = workbench_runs_beside_set_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), OWN, g_param_spec_object ("own", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE));
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-runs-beside.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchRunsBeside, name)
  BIND (sections);
  BIND (bar);
  BIND (adjustment);
  BIND (text);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_value);
  signals[SYNTHESIS] = g_signal_new ("synthesis", WORKBENCH_TYPE_RUNS_BESIDE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[LOOKED_AT] = g_signal_new ("looked-at", WORKBENCH_TYPE_RUNS_BESIDE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                     WORKBENCH_TYPE_RUN_IMAGES);
  signals[ZOOMED] = g_signal_new ("zoomed", WORKBENCH_TYPE_RUNS_BESIDE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
workbench_runs_beside_init (WorkbenchRunsBeside *self)
{
  self->histories = g_ptr_array_new_with_free_func (g_object_unref);
  self->newest = self->frames = TRUE;
  self->label = WORKBENCH_ALL_CLASSES;
  gtk_widget_init_template (GTK_WIDGET (self));
}
