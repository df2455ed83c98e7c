/* workbench-latent-view.c: points, their layout, an album that knows what to colour them by, and the map. */
#include "workbench-latent-view.h"

#include "workbench-album.h"
#include "workbench-choice-list.h"
#include "workbench-class-legend.h"
#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-drawing.h"
#include "workbench-image-colours.h"
#include "workbench-latent-figure.h"
#include "workbench-layout.h"
#include "workbench-map.h"
#include "workbench-readout.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum {
  MOST_POINTS = 20000,
  MOST_PATHS = 200, /* selected images whose way through the latent space is drawn */
  FRAME = 2,        /* pixels around a thumbnail */
  DIM = 36,         /* of 255: how opaque the points of other classes than the highlighted one are */
};

static const float PLAIN = 6.0f, SHAPED = 9.0f, CHOSEN = 13.0f; /* pixels across a point */

struct _WorkbenchLatentView
{
  GtkBox parent_instance;

  GtkDropDown *space, *projection, *dimensions, *colour;
  GtkToggleButton *paths;
  GtkStack *pages;
  GtkLabel *empty, *legend, *present;
  WorkbenchReadout *status, *progress_text;
  WorkbenchClassLegend *class_legend;
  GtkWidget *progress;
  GtkButton *stop;
  WorkbenchMap *map;

  WorkbenchDocument *document;
  WorkbenchAlbum *album;   /* of the whole pool: what is known of each image */
  WorkbenchPoints *points;
  WorkbenchLayout *layout;
  gboolean stopped; /* the layout, by the button */
  WorkbenchImageColours colours; /* of the points as drawn */
  guint queued;            /* frame in which the points are drawn anew */
};

static void workbench_latent_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchLatentView, workbench_latent_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_latent_view_view_init))

static DfkdRows
kind_of (WorkbenchLatentView *self)
{
  static const DfkdRows kinds[] = { DFKD_ROWS_Z, DFKD_ROWS_GENERATOR_FEATURES, DFKD_ROWS_TEACHER_FEATURES };

  return kinds[MIN (gtk_drop_down_get_selected (self->space), G_N_ELEMENTS (kinds) - 1)];
}

/* of a choice of space */
static const char *
why_not (guint position, gpointer data)
{
  WorkbenchLatentView *self = data;
  const DfkdMethod *method = self->document != NULL ? dfkd_recipe_get_method (workbench_document_get_recipe (self->document)) : NULL;

  return method == NULL || method->has_generator || position >= 2 ? NULL
                                                                  : _("The method of this run has no generator, so there are none: choose teacher features");
}

static gboolean
is_t_sne (WorkbenchLatentView *self)
{
  return gtk_drop_down_get_selected (self->projection) == 1;
}

static gboolean
is_by_class (WorkbenchLatentView *self)
{
  return gtk_drop_down_get_selected (self->colour) == WORKBENCH_COLOUR_CLASS;
}

/* (transfer full) */
static char *
describe (WorkbenchLatentView *self, WorkbenchImage image)
{
  const WorkbenchFacts *f = workbench_album_get_facts (self->album, image);
  g_autofree char *label = workbench_class_name (self->document, f != NULL ? f->label : -1);

  return g_strdup_printf (_("synthesis %u, image %u, drawn for: %s"), workbench_image_synthesis (image), workbench_image_index (image) + 1, label);
}

/* ------------------------------------------------------------------------------------------------------ the map */

/* which image is the current one, for eyes and for who cannot see the map */
static void
show_present (WorkbenchLatentView *self)
{
  WorkbenchSelection *selection = self->document != NULL ? workbench_document_get_selection (self->document) : NULL;
  WorkbenchImage current = selection != NULL ? workbench_selection_get_current (selection) : WORKBENCH_NO_IMAGE;
  g_autofree char *image = current != WORKBENCH_NO_IMAGE ? describe (self, current) : NULL, *text = NULL;

  if (image != NULL && workbench_selection_contains (selection, current))
    text = g_strdup_printf (_("%s; selected"), image);
  else
    text = g_steal_pointer (&image);
  gtk_widget_set_visible (GTK_WIDGET (self->present), text != NULL);
  if (g_strcmp0 (gtk_label_get_text (self->present), text != NULL ? text : "") == 0)
    return;
  gtk_label_set_text (self->present, text != NULL ? text : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text != NULL ? text : "", -1);
}

static void
show_progress (WorkbenchLatentView *self)
{
  WorkbenchLayoutProgress p = self->layout != NULL ? workbench_layout_get_progress (self->layout) : (WorkbenchLayoutProgress){ 0 };
  gboolean settled = p.iteration >= p.total;
  g_autofree char *text = NULL;
  const char *icon;

  gtk_widget_set_visible (self->progress, p.total > 0);
  if (p.total == 0)
    return;
  if (p.ready < 1.0)
    text = g_strdup_printf (_("finding neighbours: %.0f %%"), 100.0 * p.ready);
  else if (settled)
    text = g_strdup_printf (_("%u iterations done"), p.total);
  else if (self->stopped)
    text = g_strdup_printf (_("stopped at iteration %u of %u"), p.iteration, p.total);
  else
    text = g_strdup_printf (_("iteration %u of %u"), p.iteration, p.total);
  workbench_readout_set_text (self->progress_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->stop), !settled || self->stopped);
  icon = self->stopped ? "media-playback-start-symbolic" : "media-playback-stop-symbolic";
  if (g_strcmp0 (gtk_button_get_icon_name (self->stop), icon) == 0)
    return;
  gtk_button_set_icon_name (self->stop, icon); /* lays everything out anew */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->stop), self->stopped ? _("Go on laying out the points") : _("Leave the points where they are"));
}

/* how many points there are and how far the map is true to them. Returns: (transfer full) */
static char *
measures (WorkbenchLatentView *self)
{
  double kept = self->layout != NULL ? workbench_layout_get_kept (self->layout) : (double) NAN;
  double explained = self->layout != NULL ? workbench_layout_get_explained (self->layout) : (double) NAN;
  GString *text = g_string_new (NULL);
  guint total, read = self->points != NULL ? workbench_points_get_reading (self->points, &total) : (total = 0);

  if (self->layout != NULL && workbench_layout_get_count (self->layout) > 0)
    g_string_append_printf (text, ngettext ("%u point", "%u points", (guint) workbench_layout_get_count (self->layout)),
                            (guint) workbench_layout_get_count (self->layout));
  if (read < total)
    g_string_append_printf (text, ngettext (", %u of %u synthesis read", ", %u of %u syntheses read", total), read, total);
  if (!isnan (explained))
    g_string_append_printf (text, _(" · the axes explain %.0f %% of the variance"), 100.0 * explained);
  if (!isnan (kept))
    g_string_append_printf (text, _(" · of each point's %d nearest neighbours the map keeps %.0f %%"), WORKBENCH_KEPT_NEIGHBOURS, 100.0 * kept);
  return g_string_free (text, FALSE);
}

static void
show_status (WorkbenchLatentView *self)
{
  g_autofree char *measured = measures (self);
  g_autofree char *text
    = g_strconcat (measured, is_t_sne (self) ? _("\nRead which points lie together, not how far groups are apart nor how large they are.")
                                             : _("\nFar apart on the map is far apart; near on the map may be far in the directions that it leaves out."), NULL);

  workbench_readout_set_text (self->status, text);
}

static void
show_page (WorkbenchLatentView *self)
{
  const GError *error = gtk_gl_area_get_error (GTK_GL_AREA (self->map));
  gboolean any = self->layout != NULL && workbench_layout_get_count (self->layout) > 0;
  const char *reason = why_not (gtk_drop_down_get_selected (self->space), self);
  guint total;
  g_autofree char *text = NULL;

  if (error != NULL)
    text = g_strdup_printf (_("The map needs OpenGL, which this display does not give: %s"), error->message);
  else if (self->document == NULL)
    text = g_strdup (_("No run is open"));
  else if (workbench_document_get_history (self->document) == NULL)
    text = g_strdup (_("The map shows the pool of a run that has a folder: its pictures are kept there. Choose a folder for runs, and start a run."));
  else if (self->layout != NULL && workbench_layout_get_problem (self->layout) != NULL)
    text = g_strdup (workbench_layout_get_problem (self->layout));
  else if (reason != NULL)
    text = g_strdup (reason);
  else if (self->points != NULL && workbench_points_get_reading (self->points, &total) > 0 && workbench_points_get_count (self->points) == 0)
    text = g_strdup (_("The images of this run were kept without these numbers: choose others than these"));
  else
    text = g_strdup (_("The map begins with the first synthesis"));
  gtk_label_set_text (self->empty, text);
  gtk_stack_set_visible_child_name (self->pages, any && error == NULL ? "map" : "empty");
  gtk_widget_set_visible (GTK_WIDGET (self->legend), any && !is_by_class (self));
  gtk_widget_set_visible (GTK_WIDGET (self->class_legend), any && is_by_class (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->paths), kind_of (self) == DFKD_ROWS_Z && !is_t_sne (self));
}

static void
set_vertex (WorkbenchMapVertex *v, const float *place, guint dimensions, const GdkRGBA *c, guint8 alpha)
{
  *v = (WorkbenchMapVertex){ { place[0], place[1], dimensions == 3 ? place[2] : 0.0f },
                             { (guint8) lrintf (255.0f * c->red), (guint8) lrintf (255.0f * c->green), (guint8) lrintf (255.0f * c->blue), alpha } };
}

/* from the latent that was drawn to the one that made the image, of what is selected */
static void
draw_paths (WorkbenchLatentView *self)
{
  WorkbenchSelection *selection = workbench_document_get_selection (self->document);
  WorkbenchImage current = workbench_selection_get_current (selection);
  g_autoptr (GArray) images = workbench_selection_get_images (selection), vertices = g_array_new (FALSE, FALSE, sizeof (WorkbenchMapVertex));
  guint d = workbench_layout_get_dimensions (self->layout);
  gboolean wanted = gtk_toggle_button_get_active (self->paths) && kind_of (self) == DFKD_ROWS_Z;

  if (current != WORKBENCH_NO_IMAGE && !workbench_selection_contains (selection, current))
    g_array_append_val (images, current);
  for (guint i = 0; i < MIN (images->len, (guint) MOST_PATHS) && wanted; i++)
    {
      WorkbenchImage image = g_array_index (images, WorkbenchImage, i);
      gssize point = workbench_points_find (self->points, image);
      DfkdPictures *p = point >= 0 ? workbench_history_get (workbench_document_get_history (self->document), workbench_image_synthesis (image)) : NULL;
      gsize columns = workbench_points_get_features (self->points);
      WorkbenchMapVertex line[2];
      float from[3], to[3];
      int label;
      GdkRGBA colour = workbench_image_colours_mark (&self->colours, image, &label).colour;

      if (p == NULL || p->rows[DFKD_ROWS_Z_START] == NULL || p->columns[DFKD_ROWS_Z_START] != columns || workbench_image_index (image) >= p->count
          || !workbench_layout_project (self->layout, p->rows[DFKD_ROWS_Z_START] + workbench_image_index (image) * columns, from)
          || !workbench_layout_project (self->layout, workbench_points_get_rows (self->points) + (gsize) point * columns, to))
        continue;
      set_vertex (&line[0], from, d, &colour, 90);
      set_vertex (&line[1], to, d, &colour, 255);
      g_array_append_vals (vertices, line, 2);
    }
  workbench_map_set_lines (self->map, (const WorkbenchMapVertex *) vertices->data, vertices->len);
}

static void
draw_points (WorkbenchLatentView *self, gsize n)
{
  WorkbenchSelection *selection = workbench_document_get_selection (self->document);
  const WorkbenchImage current = workbench_selection_get_current (selection);
  const guint64 *ids = workbench_layout_get_ids (self->layout);
  const float *places = workbench_layout_get_places (self->layout);
  const guint d = workbench_layout_get_dimensions (self->layout), classes = workbench_album_get_classes (self->album);
  const int highlighted = is_by_class (self) ? workbench_class_legend_get_highlighted (self->class_legend) : -1;
  const float usual = is_by_class (self) && classes > WORKBENCH_PLAIN_CLASSES ? SHAPED : PLAIN;
  g_autofree WorkbenchMapPoint *points = g_new0 (WorkbenchMapPoint, n);
  int current_index = -1;

  self->colours = workbench_image_colours (self->album, gtk_drop_down_get_selected (self->colour), ids, n, adw_style_manager_get_dark (adw_style_manager_get_default ()));
  for (gsize i = 0; i < n; i++)
    {
      int label;
      WorkbenchClassMark mark = workbench_image_colours_mark (&self->colours, ids[i], &label);
      WorkbenchMapVertex v;

      set_vertex (&v, places + i * d, d, &mark.colour, highlighted < 0 || label == highlighted ? 255 : DIM);
      memcpy (points[i].place, v.place, sizeof v.place);
      memcpy (points[i].colour, v.colour, sizeof v.colour);
      points[i].size = ids[i] == current || workbench_selection_contains (selection, ids[i]) ? CHOSEN : usual;
      points[i].shape = (float) mark.shape;
      if (ids[i] == current)
        current_index = (int) i;
    }
  workbench_map_set_points (self->map, points, n, d);
  workbench_map_set_current (self->map, current_index);
}

static void
draw (WorkbenchLatentView *self)
{
  gsize n = self->layout != NULL ? workbench_layout_get_count (self->layout) : 0;
  g_autofree char *legend = NULL;

  show_page (self);
  show_status (self);
  show_progress (self);
  show_present (self);
  workbench_class_legend_set_classes (self->class_legend, self->document, self->document != NULL ? workbench_album_get_classes (self->album) : 0);
  if (n == 0)
    {
      workbench_map_set_points (self->map, NULL, 0, 2);
      workbench_map_set_lines (self->map, NULL, 0);
      return;
    }
  draw_points (self, n);
  draw_paths (self);
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

/* the image in a frame of its point's colour */
static gboolean
get_thumbnail (guint index, guint8 *pixels, gpointer data)
{
  WorkbenchLatentView *self = data;
  WorkbenchImage image = index < workbench_layout_get_count (self->layout) ? workbench_layout_get_ids (self->layout)[index] : WORKBENCH_NO_IMAGE;
  DfkdPictures *p = image != WORKBENCH_NO_IMAGE ? workbench_album_get_pictures (self->album, image) : NULL;
  GdkRGBA frame;
  gsize width;
  int label;

  if (p == NULL || workbench_image_index (image) >= p->count)
    return FALSE;
  frame = workbench_image_colours_mark (&self->colours, image, &label).colour;
  width = p->width + 2 * FRAME;
  for (gsize y = 0; y < p->height + 2 * FRAME; y++)
    for (gsize x = 0; x < width; x++)
      {
        guint8 *target = pixels + 4 * (y * width + x);
        gboolean inside = x >= FRAME && y >= FRAME && x < FRAME + p->width && y < FRAME + p->height;
        const guint8 *source = p->pixels + workbench_image_index (image) * dfkd_pictures_image_bytes (p)
                               + (inside ? ((y - FRAME) * p->width + x - FRAME) * p->channels : 0);

        target[0] = inside ? source[0] : (guint8) lrintf (255.0f * frame.red);
        target[1] = inside ? source[p->channels >= 3 ? 1 : 0] : (guint8) lrintf (255.0f * frame.green);
        target[2] = inside ? source[p->channels >= 3 ? 2 : 0] : (guint8) lrintf (255.0f * frame.blue);
        target[3] = 255;
      }
  return TRUE;
}

static void
on_album (WorkbenchAlbum *album, WorkbenchLatentView *self)
{
  guint height, width;

  if (workbench_album_get_size (album, &height, &width))
    workbench_map_set_thumbnails (self->map, height + 2 * FRAME, width + 2 * FRAME, get_thumbnail, self);
  queue_draw (NULL, self);
}

static void
on_loaded (WorkbenchAlbum *album, WorkbenchLatentView *self)
{
  workbench_map_refresh_thumbnails (self->map);
}

/* ------------------------------------------------------------------------------------------------------ the hand */

/* the image of a point, or WORKBENCH_NO_IMAGE */
static WorkbenchImage
image_of (WorkbenchLatentView *self, int index)
{
  gboolean is_one = index >= 0 && self->document != NULL && self->layout != NULL && (gsize) index < workbench_layout_get_count (self->layout);

  return is_one ? workbench_layout_get_ids (self->layout)[index] : WORKBENCH_NO_IMAGE;
}

static void
on_hovered (WorkbenchMap *map, int index, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);
  g_autofree char *text = image != WORKBENCH_NO_IMAGE ? describe (self, image) : NULL;

  gtk_widget_set_tooltip_text (GTK_WIDGET (map), text);
}

static void
on_moved (WorkbenchMap *map, int index, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);

  if (image != WORKBENCH_NO_IMAGE)
    workbench_selection_set_current (workbench_document_get_selection (self->document), image);
}

static void
on_toggled (WorkbenchMap *map, int index, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);

  if (image != WORKBENCH_NO_IMAGE)
    workbench_selection_toggle (workbench_document_get_selection (self->document), image);
}

static void
on_cleared (WorkbenchMap *map, WorkbenchLatentView *self)
{
  if (self->document != NULL)
    workbench_selection_clear (workbench_document_get_selection (self->document));
}

static void
on_clicked (WorkbenchMap *map, int index, guint state, WorkbenchLatentView *self)
{
  WorkbenchImage image = image_of (self, index);
  WorkbenchSelection *selection;

  if (self->document == NULL || self->layout == NULL)
    return;
  selection = workbench_document_get_selection (self->document);
  if (image == WORKBENCH_NO_IMAGE)
    {
      workbench_selection_clear (selection);
      return;
    }
  if ((state & GDK_CONTROL_MASK) != 0)
    workbench_selection_toggle (selection, image);
  else
    workbench_selection_set (selection, &image, 1);
  workbench_selection_set_current (selection, image);
}

static void
on_lassoed (WorkbenchMap *map, GArray *indices, WorkbenchLatentView *self)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));

  if (self->document == NULL || self->layout == NULL)
    return;
  for (guint i = 0; i < indices->len; i++)
    if (g_array_index (indices, guint, i) < workbench_layout_get_count (self->layout))
      g_array_append_val (images, workbench_layout_get_ids (self->layout)[g_array_index (indices, guint, i)]);
  workbench_selection_set (workbench_document_get_selection (self->document), (const WorkbenchImage *) images->data, images->len);
}

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
  g_clear_object (&self->points);
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
  if (self->document != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && why_not (gtk_drop_down_get_selected (self->space), self) == NULL)
    {
      self->points = workbench_points_new (self->document, kind_of (self), MOST_POINTS);
      self->layout = workbench_layout_new (self->points, is_t_sne (self) ? WORKBENCH_PROJECTION_T_SNE : WORKBENCH_PROJECTION_PCA,
                                           gtk_drop_down_get_selected (self->dimensions) == 1 ? 3 : 2);
      g_signal_connect (self->points, "changed", G_CALLBACK (queue_draw), self);
      g_signal_connect (self->layout, "changed", G_CALLBACK (queue_draw), self);
      g_signal_connect (self->layout, "judged", G_CALLBACK (queue_draw), self);
    }
  draw (self);
}

static void
on_stop (GtkButton *button, WorkbenchLatentView *self)
{
  self->stopped = !self->stopped;
  hold_layout (self);
  show_progress (self);
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
  g_set_object (&self->document, document);
  workbench_album_set_document (self->album, document);
  workbench_choice_list_install (self->space, why_not, self);
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
  hold_layout (self);
}

static void
workbench_latent_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (workbench_latent_view_parent_class)->unmap (widget);
  hold_layout (WORKBENCH_LATENT_VIEW (widget));
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
  g_autofree char *measured = measures (self);
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
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_bind_template_callback (widget_class, on_reset);
  gtk_widget_class_bind_template_callback (widget_class, on_hovered);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_lassoed);
  gtk_widget_class_bind_template_callback (widget_class, on_moved);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_cleared);
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
