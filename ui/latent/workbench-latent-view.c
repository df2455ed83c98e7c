/* workbench-latent-view.c: points, their layout, an album that knows what to colour them by, and the map. */
#include "workbench-latent-view-private.h"

#include "workbench-choice-list.h"
#include "workbench-containers.h"
#include "workbench-drawing.h"
#include "workbench-latent-figure.h"

#include <adwaita.h>
#include <glib/gi18n.h>

enum {
  MOST_POINTS = 20000,
};

static void workbench_latent_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchLatentView, workbench_latent_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_latent_view_view_init))

DfkdRows
workbench_latent_view_kind (WorkbenchLatentView *self)
{
  static const DfkdRows kinds[] = { DFKD_ROWS_Z, DFKD_ROWS_GENERATOR_FEATURES, DFKD_ROWS_TEACHER_FEATURES };

  return kinds[MIN (gtk_drop_down_get_selected (self->space), G_N_ELEMENTS (kinds) - 1)];
}

const char *
workbench_latent_view_why_not (guint position, gpointer data)
{
  WorkbenchLatentView *self = data;
  const DfkdMethod *method = self->document != NULL ? dfkd_recipe_get_method (workbench_document_get_recipe (self->document)) : NULL;

  return method == NULL || method->has_generator || position >= 2 ? NULL
                                                                  : _("The method of this run has no generator, so there are none: choose teacher features");
}

gboolean
workbench_latent_view_is_t_sne (WorkbenchLatentView *self)
{
  return gtk_drop_down_get_selected (self->projection) == 1;
}

gboolean
workbench_latent_view_is_by_class (WorkbenchLatentView *self)
{
  return gtk_drop_down_get_selected (self->colour) == WORKBENCH_COLOUR_CLASS;
}

gboolean
workbench_latent_view_has_test (WorkbenchLatentView *self)
{
  return gtk_toggle_button_get_active (self->test) && workbench_latent_view_kind (self) == DFKD_ROWS_TEACHER_FEATURES;
}

/* ------------------------------------------------------------------------------------------------------ the map */

static void
draw (WorkbenchLatentView *self)
{
  gsize n = self->layout != NULL ? workbench_layout_get_count (self->layout) : 0;
  g_autofree char *legend = NULL;

  workbench_latent_view_show_texts (self);
  workbench_class_legend_set_classes (self->class_legend, self->document, self->document != NULL ? workbench_album_get_classes (self->album) : 0);
  if (n == 0)
    {
      workbench_map_set_points (self->map, NULL, 0, 2);
      workbench_map_set_lines (self->map, NULL, 0);
      return;
    }
  workbench_latent_view_draw_points (self, n);
  workbench_latent_view_draw_paths (self);
  legend = workbench_image_colours_legend (&self->colours);
  gtk_label_set_markup (self->legend, legend);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  WorkbenchLatentView *self = WORKBENCH_LATENT_VIEW (widget);

  self->queued = 0;
  if (self->document != NULL)
    draw (self);
  return G_SOURCE_REMOVE;
}

/* once a frame, however much changed */
static void
queue_draw (gpointer object, WorkbenchLatentView *self)
{
  if (self->queued == 0)
    self->queued = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

static void
on_dark (AdwStyleManager *manager, GParamSpec *spec, WorkbenchLatentView *self)
{
  queue_draw (NULL, self);
}

static void
on_album (WorkbenchAlbum *album, WorkbenchLatentView *self)
{
  guint height, width;

  if (workbench_album_get_size (album, &height, &width))
    workbench_map_set_thumbnails (self->map, height + 2 * WORKBENCH_LATENT_FRAME, width + 2 * WORKBENCH_LATENT_FRAME, workbench_latent_view_thumbnail, self);
  queue_draw (NULL, self);
}

static void
on_loaded (WorkbenchAlbum *album, WorkbenchLatentView *self)
{
  workbench_map_refresh_thumbnails (self->map);
}

/* ------------------------------------------------------------------------------------------------------ its buttons */

static void
on_reset (GtkButton *button, WorkbenchLatentView *self)
{
  workbench_map_reset (self->map);
}

static void
on_colour (GtkDropDown *choice, GParamSpec *spec, WorkbenchLatentView *self)
{
  queue_draw (NULL, self);
}

static void
on_highlighted (WorkbenchClassLegend *legend, int index, WorkbenchLatentView *self)
{
  queue_draw (NULL, self);
}

/* the points of test images among the others, once they are there */
static void
place_test (WorkbenchLatentView *self)
{
  const gboolean wanted = self->points != NULL && workbench_latent_view_has_test (self), is_seen = gtk_widget_get_mapped (GTK_WIDGET (self));

  g_clear_object (&self->precision_recall);
  if (wanted && self->test_images == NULL)
    {
      self->test_images = g_object_ref (workbench_test_images_of (self->document));
      g_signal_connect_swapped (self->test_images, "loaded", G_CALLBACK (place_test), self);
    }
  if (self->points != NULL && workbench_points_set_test (self->points, wanted ? workbench_test_images_get_pictures (self->test_images) : NULL)
      && workbench_points_get_test_count (self->points) > 0 && is_seen)
    {
      self->precision_recall = workbench_precision_recall_new (self->points);
      g_signal_connect (self->precision_recall, "measured", G_CALLBACK (queue_draw), self);
    }
  queue_draw (NULL, self);
}

static void
on_test (GtkToggleButton *button, WorkbenchLatentView *self)
{
  place_test (self);
}

static void
on_paths (GtkToggleButton *button, WorkbenchLatentView *self)
{
  queue_draw (NULL, self);
}

/* ------------------------------------------------------------------------------------------------------ what is laid out */

static void
forget_layout (WorkbenchLatentView *self)
{
  if (self->layout != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->layout, self);
      workbench_layout_stop (self->layout);
    }
  if (self->points != NULL)
    g_signal_handlers_disconnect_by_data (self->points, self);
  g_clear_object (&self->layout);
  g_clear_object (&self->precision_recall);
  g_clear_object (&self->points);
}

static void
forget_test (WorkbenchLatentView *self)
{
  if (self->test_images != NULL)
    g_signal_handlers_disconnect_by_data (self->test_images, self);
  g_clear_object (&self->test_images);
}

/* Nothing is laid out for a view that is not seen: what is laid out waits until it is seen again. */
static void
hold_layout (WorkbenchLatentView *self)
{
  if (self->layout != NULL)
    workbench_layout_set_paused (self->layout, self->stopped || !gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
begin_layout (WorkbenchLatentView *self)
{
  forget_layout (self);
  self->stopped = FALSE;
  if (self->document != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && workbench_latent_view_why_not (gtk_drop_down_get_selected (self->space), self) == NULL)
    {
      self->points = workbench_points_new (self->document, workbench_latent_view_kind (self), MOST_POINTS);
      self->layout = workbench_layout_new (self->points, workbench_latent_view_is_t_sne (self) ? WORKBENCH_PROJECTION_T_SNE : WORKBENCH_PROJECTION_PCA,
                                           gtk_drop_down_get_selected (self->dimensions) == 1 ? 3 : 2);
      g_signal_connect (self->points, "changed", G_CALLBACK (queue_draw), self);
      g_signal_connect (self->layout, "changed", G_CALLBACK (queue_draw), self);
      g_signal_connect (self->layout, "judged", G_CALLBACK (queue_draw), self);
      place_test (self);
    }
  draw (self);
}

static void
on_stop (GtkButton *button, WorkbenchLatentView *self)
{
  self->stopped = !self->stopped;
  hold_layout (self);
  workbench_latent_view_show_progress (self);
}

static void
on_space (GtkDropDown *choice, GParamSpec *spec, WorkbenchLatentView *self)
{
  begin_layout (self);
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchLatentView *self = WORKBENCH_LATENT_VIEW (view);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
  forget_test (self);
  g_set_object (&self->document, document);
  workbench_album_set_document (self->album, document);
  workbench_choice_list_install (self->space, workbench_latent_view_why_not, self);
  if (document != NULL)
    {
      g_signal_connect (workbench_document_get_selection (document), "changed", G_CALLBACK (queue_draw), self);
      g_signal_connect (workbench_document_get_selection (document), "current", G_CALLBACK (queue_draw), self);
    }
  begin_layout (self);
}

static void
workbench_latent_view_map (GtkWidget *widget)
{
  WorkbenchLatentView *self = WORKBENCH_LATENT_VIEW (widget);

  GTK_WIDGET_CLASS (workbench_latent_view_parent_class)->map (widget);
  if (self->layout == NULL)
    begin_layout (self);
  else
    place_test (self);
  hold_layout (self);
}

static void
workbench_latent_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (workbench_latent_view_parent_class)->unmap (widget);
  hold_layout (WORKBENCH_LATENT_VIEW (widget));
  g_clear_object (&WORKBENCH_LATENT_VIEW (widget)->precision_recall); /* nor is anything measured */
}

/* ------------------------------------------------------------------------------------------------------ as a file */

static const char *const *
get_endings (WorkbenchView *view)
{
  return workbench_drawing_endings;
}

/* of a drop-down of strings */
static const char *
chosen (GtkDropDown *choice)
{
  return gtk_string_object_get_string (GTK_STRING_OBJECT (gtk_drop_down_get_selected_item (choice)));
}

static gboolean
save (WorkbenchView *view, const char *path, GError **error)
{
  WorkbenchLatentView *self = WORKBENCH_LATENT_VIEW (view);
  g_autofree char *measured = workbench_latent_view_measures (self);
  g_autofree char *title = g_strdup_printf ("%s, %s · %s", chosen (self->space), chosen (self->projection), measured);
  WorkbenchLatentFigure figure = { .title = title, .scale = chosen (self->colour), .document = self->document, .layout = self->layout,
                                   .map = self->map, .colours = &self->colours };

  if (self->layout != NULL && workbench_layout_get_count (self->layout) > 0)
    return workbench_latent_figure_save (&figure, path, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: there is no point on the map yet; save it after the first synthesis"), path);
  return FALSE;
}

static void
workbench_latent_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
  iface->get_endings = get_endings;
  iface->save = save;
}

static void
workbench_latent_view_dispose (GObject *object)
{
  WorkbenchLatentView *self = WORKBENCH_LATENT_VIEW (object);

  forget_layout (self);
  forget_test (self);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
  g_clear_object (&self->document);
  if (self->album != NULL)
    g_signal_handlers_disconnect_by_data (self->album, self);
  g_clear_object (&self->album);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_latent_view_parent_class)->dispose (object);
}

static void
workbench_latent_view_class_init (WorkbenchLatentViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKBENCH_TYPE_CLASS_LEGEND);
  g_type_ensure (WORKBENCH_TYPE_MAP);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  G_OBJECT_CLASS (klass)->dispose = workbench_latent_view_dispose;
  widget_class->map = workbench_latent_view_map;
  widget_class->unmap = workbench_latent_view_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-latent-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchLatentView, name)
  BIND (space);
  BIND (projection);
  BIND (dimensions);
  BIND (colour);
  BIND (paths);
  BIND (test);
  BIND (pages);
  BIND (empty);
  BIND (legend);
  BIND (class_legend);
  BIND (status);
  BIND (present);
  BIND (progress);
  BIND (progress_text);
  BIND (stop);
  BIND (map);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_space);
  gtk_widget_class_bind_template_callback (widget_class, on_colour);
  gtk_widget_class_bind_template_callback (widget_class, on_highlighted);
  gtk_widget_class_bind_template_callback (widget_class, on_paths);
  gtk_widget_class_bind_template_callback (widget_class, on_test);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_bind_template_callback (widget_class, on_reset);
  workbench_latent_view_bind_hand (widget_class);
}

static void
workbench_latent_view_init (WorkbenchLatentView *self)
{
  self->album = workbench_album_new ();
  workbench_album_set_source (self->album, WORKBENCH_ALBUM_POOL);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->album, "changed", G_CALLBACK (on_album), self);
  g_signal_connect (self->album, "loaded", G_CALLBACK (on_loaded), self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (on_dark), self, 0);
  draw (self);
}
