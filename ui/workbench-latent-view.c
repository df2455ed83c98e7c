/* workbench-latent-view.c: points, their layout, an album that knows what to colour them by, and the map. */
#include "workbench-latent-view.h"

#include "workbench-album.h"
#include "workbench-classes.h"
#include "workbench-image-colours.h"
#include "workbench-containers.h"
#include "workbench-layout.h"
#include "workbench-map.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum {
  MOST_POINTS = 20000,
  MOST_PATHS = 200, /* selected images whose way through the latent space is drawn */
  FRAME = 2,        /* pixels around a thumbnail */
};

struct _WorkbenchLatentView
{
  GtkBox parent_instance;

  GtkDropDown *space, *projection, *dimensions, *colour;
  GtkStack *pages;
  GtkLabel *empty, *legend, *status;
  WorkbenchMap *map;

  WorkbenchDocument *document;
  WorkbenchAlbum *album;   /* of the whole pool: what is known of each image */
  WorkbenchPoints *points;
  WorkbenchLayout *layout;
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

/* ------------------------------------------------------------------------------------------------------ the map */

static void
show_status (WorkbenchLatentView *self)
{
  double kept = self->layout != NULL ? workbench_layout_get_kept (self->layout) : (double) NAN;
  double explained = self->layout != NULL ? workbench_layout_get_explained (self->layout) : (double) NAN;
  gboolean t_sne = gtk_drop_down_get_selected (self->projection) == 1;
  GString *text = g_string_new (NULL);
  guint total, read = self->points != NULL ? workbench_points_get_reading (self->points, &total) : (total = 0);

  if (self->layout != NULL && workbench_layout_get_count (self->layout) > 0)
    g_string_append_printf (text, _("%u points"), (guint) workbench_layout_get_count (self->layout));
  if (read < total)
    g_string_append_printf (text, _(", %u of %u syntheses read"), read, total);
  if (!isnan (explained))
    g_string_append_printf (text, _(" · the axes explain %.0f %% of the variance"), 100.0 * explained);
  if (!isnan (kept))
    g_string_append_printf (text, _(" · of each point's %d nearest neighbours the map keeps %.0f %%"), WORKBENCH_KEPT_NEIGHBOURS, 100.0 * kept);
  g_string_append (text, t_sne ? _("\nRead which points lie together, not how far groups are apart nor how large they are.")
                               : _("\nFar apart on the map is far apart; near on the map may be far in the directions that it leaves out."));
  gtk_label_set_text (self->status, text->str);
  g_string_free (text, TRUE);
}

static void
show_page (WorkbenchLatentView *self)
{
  const GError *error = gtk_gl_area_get_error (GTK_GL_AREA (self->map));
  gboolean any = self->layout != NULL && workbench_layout_get_count (self->layout) > 0;
  g_autofree char *text = NULL;

  if (error != NULL)
    text = g_strdup_printf (_("The map needs OpenGL, which this display does not give: %s"), error->message);
  else if (self->document == NULL)
    text = g_strdup (_("No run is open"));
  else if (workbench_document_get_history (self->document) == NULL)
    text = g_strdup (_("The map shows the pool of a run that has a folder: its pictures are kept there. Choose a folder for runs, and start a run."));
  else if (self->layout != NULL && workbench_layout_get_problem (self->layout) != NULL)
    text = g_strdup (workbench_layout_get_problem (self->layout));
  else
    text = g_strdup (_("The map begins with the first synthesis"));
  gtk_label_set_text (self->empty, text);
  gtk_stack_set_visible_child_name (self->pages, any && error == NULL ? "map" : "empty");
  gtk_widget_set_visible (GTK_WIDGET (self->legend), any);
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

  if (current != WORKBENCH_NO_IMAGE && !workbench_selection_contains (selection, current))
    g_array_append_val (images, current);
  for (guint i = 0; i < MIN (images->len, (guint) MOST_PATHS) && kind_of (self) == DFKD_ROWS_Z; i++)
    {
      WorkbenchImage image = g_array_index (images, WorkbenchImage, i);
      gssize point = workbench_points_find (self->points, image);
      DfkdPictures *p = point >= 0 ? workbench_history_get (workbench_document_get_history (self->document), workbench_image_synthesis (image)) : NULL;
      gsize columns = workbench_points_get_features (self->points);
      GdkRGBA colour = workbench_image_colours_of (&self->colours, image);
      WorkbenchMapVertex line[2];
      float from[3], to[3];

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
draw (WorkbenchLatentView *self)
{
  gsize n = self->layout != NULL ? workbench_layout_get_count (self->layout) : 0;
  g_autofree WorkbenchMapPoint *points = g_new0 (WorkbenchMapPoint, MAX (n, 1));
  WorkbenchSelection *selection;
  const guint64 *ids;
  const float *places;
  g_autofree char *legend = NULL;
  guint d;

  show_page (self);
  show_status (self);
  if (n == 0)
    {
      workbench_map_set_points (self->map, NULL, 0, 2);
      workbench_map_set_lines (self->map, NULL, 0);
      return;
    }
  selection = workbench_document_get_selection (self->document);
  ids = workbench_layout_get_ids (self->layout);
  places = workbench_layout_get_places (self->layout);
  d = workbench_layout_get_dimensions (self->layout);
  self->colours = workbench_image_colours (self->album, gtk_drop_down_get_selected (self->colour), ids, n);
  for (gsize i = 0; i < n; i++)
    {
      GdkRGBA colour = workbench_image_colours_of (&self->colours, ids[i]);
      gboolean chosen = workbench_selection_contains (selection, ids[i]) || ids[i] == workbench_selection_get_current (selection);
      WorkbenchMapVertex v;

      set_vertex (&v, places + i * d, d, &colour, 255);
      memcpy (points[i].place, v.place, sizeof v.place);
      memcpy (points[i].colour, v.colour, sizeof v.colour);
      points[i].size = chosen ? 13.0f : 6.0f;
    }
  workbench_map_set_points (self->map, points, n, d);
  draw_paths (self);
  legend = workbench_image_colours_legend (&self->colours, self->document);
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

/* the image in a frame of its point's colour */
static gboolean
get_thumbnail (guint index, guint8 *pixels, gpointer data)
{
  WorkbenchLatentView *self = data;
  WorkbenchImage image = index < workbench_layout_get_count (self->layout) ? workbench_layout_get_ids (self->layout)[index] : WORKBENCH_NO_IMAGE;
  DfkdPictures *p = image != WORKBENCH_NO_IMAGE ? workbench_album_get_pictures (self->album, image) : NULL;
  GdkRGBA frame;
  gsize width;

  if (p == NULL || workbench_image_index (image) >= p->count)
    return FALSE;
  frame = workbench_image_colours_of (&self->colours, image);
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

static void
on_hovered (WorkbenchMap *map, int index, WorkbenchLatentView *self)
{
  const WorkbenchFacts *f;
  WorkbenchImage image;
  g_autofree char *text = NULL, *label = NULL;

  if (index < 0 || self->layout == NULL || (gsize) index >= workbench_layout_get_count (self->layout))
    {
      gtk_widget_set_tooltip_text (GTK_WIDGET (map), NULL);
      return;
    }
  image = workbench_layout_get_ids (self->layout)[index];
  f = workbench_album_get_facts (self->album, image);
  label = workbench_class_name (self->document, f != NULL ? f->label : -1);
  text = g_strdup_printf (_("synthesis %u, image %u, drawn for: %s"), workbench_image_synthesis (image), workbench_image_index (image) + 1, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (map), text);
}

static void
on_clicked (WorkbenchMap *map, int index, guint state, WorkbenchLatentView *self)
{
  WorkbenchSelection *selection;
  WorkbenchImage image;

  if (self->document == NULL || self->layout == NULL)
    return;
  selection = workbench_document_get_selection (self->document);
  if (index < 0 || (gsize) index >= workbench_layout_get_count (self->layout))
    {
      workbench_selection_clear (selection);
      return;
    }
  image = workbench_layout_get_ids (self->layout)[index];
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

/* Nothing is laid out for a view that is not seen. */
static void
begin_layout (WorkbenchLatentView *self)
{
  forget_layout (self);
  if (self->document != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->points = workbench_points_new (self->document, kind_of (self), MOST_POINTS);
      self->layout = workbench_layout_new (self->points, gtk_drop_down_get_selected (self->projection) == 1 ? WORKBENCH_PROJECTION_T_SNE : WORKBENCH_PROJECTION_PCA,
                                           gtk_drop_down_get_selected (self->dimensions) == 1 ? 3 : 2);
      g_signal_connect (self->layout, "changed", G_CALLBACK (queue_draw), self);
      g_signal_connect (self->layout, "judged", G_CALLBACK (queue_draw), self);
    }
  draw (self);
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
  GTK_WIDGET_CLASS (workbench_latent_view_parent_class)->map (widget);
  begin_layout (WORKBENCH_LATENT_VIEW (widget));
}

static void
workbench_latent_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (workbench_latent_view_parent_class)->unmap (widget);
  forget_layout (WORKBENCH_LATENT_VIEW (widget));
}

static void
workbench_latent_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
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

  g_type_ensure (WORKBENCH_TYPE_MAP);
  G_OBJECT_CLASS (klass)->dispose = workbench_latent_view_dispose;
  widget_class->map = workbench_latent_view_map;
  widget_class->unmap = workbench_latent_view_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-latent-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchLatentView, name)
  BIND (space);
  BIND (projection);
  BIND (dimensions);
  BIND (colour);
  BIND (pages);
  BIND (empty);
  BIND (legend);
  BIND (status);
  BIND (map);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_space);
  gtk_widget_class_bind_template_callback (widget_class, on_colour);
  gtk_widget_class_bind_template_callback (widget_class, on_reset);
  gtk_widget_class_bind_template_callback (widget_class, on_hovered);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_lassoed);
}

static void
workbench_latent_view_init (WorkbenchLatentView *self)
{
  self->album = workbench_album_new ();
  workbench_album_set_source (self->album, WORKBENCH_ALBUM_POOL);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->album, "changed", G_CALLBACK (on_album), self);
  g_signal_connect (self->album, "loaded", G_CALLBACK (on_loaded), self);
  draw (self);
}
