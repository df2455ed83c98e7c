/* workbench-gallery-view.c: an album, what it shows, the runs beside it, and the panel of one image. */
#include "workbench-gallery-private.h"

#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-image-text.h"
#include "workbench-long-name.h"

#include <glib/gi18n.h>

enum {
  CLASS_LETTERS = 24, /* of the class that is chosen */
  MOST_WITHOUT_SEARCH = 20, /* classes that are found at a glance */
};

static void workbench_gallery_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchGalleryView, workbench_gallery_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_gallery_view_view_init))

/* ------------------------------------------------------------------------------------------------------ what is shown */

static char *
describe (WorkbenchImage image, gpointer data)
{
  WorkbenchGalleryView *self = data;

  return workbench_image_text_new (self->album, self->document, image);
}

gboolean
workbench_gallery_view_is_beside (WorkbenchGalleryView *self)
{
  return workbench_album_get_source (self->album) == WORKBENCH_ALBUM_SYNTHESIS;
}

int
workbench_gallery_view_chosen_label (WorkbenchGalleryView *self)
{
  const guint selected = gtk_drop_down_get_selected (self->class_choice);

  return selected == 0 || selected == GTK_INVALID_LIST_POSITION ? WORKBENCH_ALL_CLASSES : (int) selected - 1;
}

/* the classes of the teacher, once they are known */
static void
fill_classes (WorkbenchGalleryView *self)
{
  guint classes = workbench_album_get_classes (self->album);
  g_autoptr (GtkStringList) names = NULL;

  if (classes == self->n_classes || self->document == NULL)
    return;
  self->n_classes = classes;
  names = gtk_string_list_new (NULL);
  gtk_string_list_append (names, _("all classes"));
  for (guint i = 0; i < classes; i++)
    gtk_string_list_take (names, workbench_class_name (self->document, (int) i));
  gtk_drop_down_set_model (self->class_choice, G_LIST_MODEL (names));
  gtk_drop_down_set_enable_search (self->class_choice, classes > MOST_WITHOUT_SEARCH);
}

static void
on_show_elsewhere (GtkButton *button, WorkbenchGalleryView *self)
{
  if (workbench_gallery_view_count_elsewhere (self) > 0)
    gtk_drop_down_set_selected (self->source, 1);
  else
    gtk_drop_down_set_selected (self->class_choice, 0);
}

/* others are shown as the own run's; where that lists no image, as was asked for */
static void
set_look (WorkbenchGalleryView *self)
{
  const gboolean any = workbench_album_get_length (self->album) > 0;

  workbench_runs_beside_set_look (self->runs_beside, any ? workbench_image_grid_get_shown_zoom (self->grid) : workbench_image_grid_get_zoom (self->grid),
                                   gtk_toggle_button_get_active (self->frames));
}

/* batches come ten times a second */
static void
on_changed (gpointer object, WorkbenchGalleryView *self)
{
  gboolean any = workbench_album_get_length (self->album) > 0;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self))) /* it catches up when it is */
    return;
  fill_classes (self);
  workbench_gallery_view_show_empty (self);
  workbench_gallery_view_show_elsewhere (self);
  set_look (self);
  gtk_stack_set_visible_child_name (self->pages, any ? "images" : "empty");
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_more), any);
  if (object != self->album)
    workbench_gallery_view_show_title (self);
  else
    workbench_glance_order (&self->new_title, workbench_gallery_view_show_title, self);
}

static void
on_map (GtkWidget *widget, WorkbenchGalleryView *self)
{
  on_changed (NULL, self);
}

static void
on_zoom (WorkbenchImageGrid *grid, GParamSpec *spec, WorkbenchGalleryView *self)
{
  guint zoom = workbench_image_grid_get_shown_zoom (grid);
  g_autofree char *text = g_strdup_printf ("%u×", zoom);

  gtk_button_set_label (self->fit, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->smaller), zoom > 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->larger), zoom < WORKBENCH_MOST_ZOOM);
  set_look (self);
}

/* ------------------------------------------------------------------------------------------------------ controls */

/* the panel takes no room before an image has been clicked */
static void
show_panel (WorkbenchGalleryView *self)
{
  gboolean any = self->explained != NULL && workbench_selection_get_current (workbench_document_get_selection (self->explained)) != WORKBENCH_NO_IMAGE;

  gtk_widget_set_visible (GTK_WIDGET (self->panel), any && gtk_toggle_button_get_active (self->details));
}

static void
on_current (WorkbenchSelection *selection, WorkbenchGalleryView *self)
{
  show_panel (self);
}

/* the panel explains images of @document, which @album lists */
static void
explain (WorkbenchGalleryView *self, WorkbenchDocument *document, WorkbenchAlbum *album)
{
  if (document == self->explained)
    return;
  if (self->explained != NULL)
    g_signal_handlers_disconnect_by_func (workbench_document_get_selection (self->explained), on_current, self);
  g_set_object (&self->explained, document);
  workbench_image_panel_set_names_run (self->panel, workbench_gallery_view_is_beside (self));
  workbench_image_panel_set_document (self->panel, document, album);
  if (document != NULL)
    g_signal_connect (workbench_document_get_selection (document), "current", G_CALLBACK (on_current), self);
  show_panel (self);
}

static void
on_looked_at (WorkbenchRunsBeside *runs_beside, WorkbenchRunImages *images, WorkbenchGalleryView *self)
{
  explain (self, workbench_run_images_get_document (images), workbench_run_images_get_album (images));
}

static void
on_zoomed (WorkbenchRunsBeside *runs_beside, guint zoom, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, zoom);
  set_look (self);
}

static void
on_own_focus (WorkbenchGalleryView *self)
{
  explain (self, self->document, self->album);
}

/* the runs beside, where they are shown; their folders are read only there */
static void
show_others (WorkbenchGalleryView *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  explain (self, NULL, NULL); /* the one that was explained may be gone, and the panel say of which run it is */
  explain (self, self->document, self->album);
  workbench_runs_beside_show (self->runs_beside, self->document, workbench_gallery_view_is_beside (self) ? workbench_overlays_get (self->overlays) : none);
  gtk_widget_set_visible (GTK_WIDGET (self->overlays), workbench_gallery_view_is_beside (self));
  set_look (self);
}

static void
on_overlays (WorkbenchOverlays *overlays, WorkbenchGalleryView *self)
{
  show_others (self);
}

static void
on_synthesis (WorkbenchRunsBeside *runs_beside, guint synthesis, WorkbenchGalleryView *self)
{
  workbench_album_set_synthesis (self->album, synthesis);
}

static void
on_source (GtkDropDown *choice, GParamSpec *spec, WorkbenchGalleryView *self)
{
  static const WorkbenchAlbumSource sources[] = { WORKBENCH_ALBUM_BATCH, WORKBENCH_ALBUM_POOL, WORKBENCH_ALBUM_SYNTHESIS, WORKBENCH_ALBUM_TEST };

  self->pool_for_now = FALSE;
  workbench_image_grid_follow (self->grid);
  workbench_album_set_source (self->album, sources[gtk_drop_down_get_selected (choice)]);
  show_others (self);
}

/* of those beside, as of the own run */
static void
list_others (WorkbenchGalleryView *self)
{
  workbench_runs_beside_list (self->runs_beside, workbench_gallery_view_chosen_label (self), gtk_drop_down_get_selected (self->order),
                              gtk_toggle_button_get_active (self->descending));
}

static void
set_order (WorkbenchGalleryView *self)
{
  workbench_album_set_order (self->album, gtk_drop_down_get_selected (self->order), gtk_toggle_button_get_active (self->descending));
  list_others (self);
}

static void
on_order (GtkDropDown *choice, GParamSpec *spec, WorkbenchGalleryView *self)
{
  set_order (self);
}

static void
on_order_toggled (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  set_order (self);
}

static void
on_class (GtkDropDown *choice, GParamSpec *spec, WorkbenchGalleryView *self)
{
  workbench_image_grid_follow (self->grid);
  workbench_album_set_class (self->album, workbench_gallery_view_chosen_label (self));
  list_others (self);
}

static void
on_selected_only (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  workbench_album_set_selected_only (self->album, gtk_toggle_button_get_active (button));
}

static void
on_smaller (GtkButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, MAX (workbench_image_grid_get_shown_zoom (self->grid), 2u) - 1);
}

static void
on_larger (GtkButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, workbench_image_grid_get_shown_zoom (self->grid) + 1);
}

static void
on_fit (GtkButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, WORKBENCH_FIT);
}

static void
on_frames (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_frames (self->grid, gtk_toggle_button_get_active (button));
  set_look (self);
}

static void
on_details (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  show_panel (self);
}

/* ------------------------------------------------------------------------------------------------------ construction */

/* a run that is over has no batch, only what was kept; the batch comes back with the next run, unless somebody chose the pool */
static void
choose_source (WorkbenchGalleryView *self)
{
  gboolean over = workbench_document_get_run (self->document) == NULL;

  if (over && gtk_drop_down_get_selected (self->source) == 0)
    {
      gtk_drop_down_set_selected (self->source, 1);
      self->pool_for_now = TRUE;
    }
  else if (!over && self->pool_for_now)
    gtk_drop_down_set_selected (self->source, 0);
}

static void
describe_frames (WorkbenchGalleryView *self)
{
  const DfkdMethod *method = self->document != NULL ? dfkd_recipe_get_method (workbench_document_get_recipe (self->document)) : NULL;
  gboolean counted = dfkd_method_has_term (method, DFKD_TERM_ADV) && method->adversarial == DFKD_ADVERSARIAL_DECISION;

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->frames), counted ? _("Frame the images that both networks put into the same class: those that L_adv counts")
                                                                  : _("Frame the images that both networks put into the same class"));
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (view);

  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
    }
  explain (self, NULL, NULL);
  g_set_object (&self->document, document);
  self->n_classes = 0;
  describe_frames (self);
  workbench_overlays_set_document (self->overlays, document);
  workbench_album_set_document (self->album, document);
  workbench_image_grid_set_album (self->grid, self->album, document != NULL ? workbench_document_get_selection (document) : NULL);
  if (document != NULL)
    {
      g_signal_connect_swapped (document, "status", G_CALLBACK (workbench_gallery_view_show_empty), self);
      g_signal_connect (workbench_document_get_selection (document), "changed", G_CALLBACK (on_changed), self);
      choose_source (self);
    }
  show_others (self);
  on_changed (NULL, self);
}

static void
set_comparison (WorkbenchView *view, WorkbenchComparison *comparison)
{
  workbench_overlays_set_comparison (WORKBENCH_GALLERY_VIEW (view)->overlays, comparison);
}

static gboolean
compares (WorkbenchView *view)
{
  return workbench_gallery_view_is_beside (WORKBENCH_GALLERY_VIEW (view));
}

static void
show_comparison (WorkbenchView *view)
{
  gtk_drop_down_set_selected (WORKBENCH_GALLERY_VIEW (view)->source, 2);
}

static void
workbench_gallery_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
  iface->set_comparison = set_comparison;
  iface->compares = compares;
  iface->show_comparison = show_comparison;
  workbench_gallery_view_init_saving (iface);
}

static void
workbench_gallery_view_dispose (GObject *object)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (object);

  workbench_gallery_view_dispose_saving (self);
  if (self->explained != NULL)
    g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->explained), self);
  g_clear_object (&self->explained);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
  g_clear_object (&self->document);
  if (self->album != NULL)
    g_signal_handlers_disconnect_by_data (self->album, self);
  workbench_glance_cancel (&self->new_title);
  g_clear_object (&self->album);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_gallery_view_parent_class)->dispose (object);
}

static void
workbench_gallery_view_class_init (WorkbenchGalleryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKBENCH_TYPE_IMAGE_GRID);
  g_type_ensure (WORKBENCH_TYPE_IMAGE_PANEL);
  g_type_ensure (WORKBENCH_TYPE_IMAGE_SAVING);
  g_type_ensure (WORKBENCH_TYPE_OVERLAYS);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  g_type_ensure (WORKBENCH_TYPE_RUNS_BESIDE);
  G_OBJECT_CLASS (klass)->dispose = workbench_gallery_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-gallery-view.ui");
  workbench_gallery_view_class_add_saving (widget_class);
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchGalleryView, name)
  BIND (source);
  BIND (order);
  BIND (class_choice);
  BIND (descending);
  BIND (elsewhere);
  BIND (elsewhere_text);
  BIND (elsewhere_button);
  BIND (frames);
  BIND (details);
  BIND (smaller);
  BIND (fit);
  BIND (larger);
  BIND (save_more);
  BIND (title);
  BIND (empty);
  BIND (pages);
  BIND (grid);
  BIND (runs_beside);
  BIND (overlays);
  BIND (panel);
  BIND (saving);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_source);
  gtk_widget_class_bind_template_callback (widget_class, on_order);
  gtk_widget_class_bind_template_callback (widget_class, on_order_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_class);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_only);
  gtk_widget_class_bind_template_callback (widget_class, on_overlays);
  gtk_widget_class_bind_template_callback (widget_class, on_synthesis);
  gtk_widget_class_bind_template_callback (widget_class, on_looked_at);
  gtk_widget_class_bind_template_callback (widget_class, on_zoomed);
  gtk_widget_class_bind_template_callback (widget_class, on_show_elsewhere);
  gtk_widget_class_bind_template_callback (widget_class, on_smaller);
  gtk_widget_class_bind_template_callback (widget_class, on_larger);
  gtk_widget_class_bind_template_callback (widget_class, on_fit);
  gtk_widget_class_bind_template_callback (widget_class, on_frames);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom);
  gtk_widget_class_bind_template_callback (widget_class, on_details);
}

static void
workbench_gallery_view_init (WorkbenchGalleryView *self)
{
  static const char *const all[] = { NULL };
  g_autoptr (GtkStringList) names = gtk_string_list_new (all);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->album = workbench_album_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_string_list_append (names, _("all classes"));
  gtk_drop_down_set_model (self->class_choice, G_LIST_MODEL (names));
  workbench_long_name_fit_choice (self->class_choice, CLASS_LETTERS);
  workbench_image_grid_set_describe (self->grid, describe, self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (on_own_focus), self);
  gtk_widget_add_controller (GTK_WIDGET (self->grid), focus);
  workbench_overlays_take_drops (self->overlays, GTK_WIDGET (self->overlays));
  g_signal_connect (self->album, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self, "map", G_CALLBACK (on_map), self);
  on_zoom (self->grid, NULL, self);
}
