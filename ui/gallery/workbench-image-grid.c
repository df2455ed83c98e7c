/* workbench-image-grid.c: rows of images as textures. */
#include "workbench-image-grid-private.h"

#include "workbench-image-row.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  EDGE = WORKBENCH_IMAGE_EDGE,
  GAP = WORKBENCH_IMAGE_GAP,
  KEPT_ROWS = 256
};

typedef struct {
  GdkTexture *texture;
  gboolean complete; /* no image of it is still being read */
} Row;

static void scrollable_init (GtkScrollableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchImageGrid, workbench_image_grid, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, scrollable_init))

enum {
  ZOOM = 1,
  FRAMES,
  HADJUSTMENT,
  VADJUSTMENT,
  HSCROLL_POLICY,
  VSCROLL_POLICY
};

static void
free_row (gpointer data)
{
  Row *row = data;

  g_object_unref (row->texture);
  g_free (row);
}

/* ------------------------------------------------------------------------------------------------------ layout */

guint
workbench_image_grid_length (WorkbenchImageGrid *self)
{
  return self->album != NULL ? workbench_album_get_length (self->album) : 0;
}

guint
workbench_image_grid_cell (WorkbenchImageGrid *self, gboolean across)
{
  guint height = 0, width = 0;

  if (self->album != NULL)
    workbench_album_get_size (self->album, &height, &width);
  return (across ? width : height) * self->shown_zoom + EDGE;
}

static guint
n_rows (WorkbenchImageGrid *self)
{
  return (workbench_image_grid_length (self) + self->columns - 1) / self->columns;
}

static double
scrolled (WorkbenchImageGrid *self)
{
  return self->adjustment[1] != NULL ? floor (gtk_adjustment_get_value (self->adjustment[1])) : 0.0;
}

/* columns, and the largest factor that lets all images be seen */
static void
lay_out (WorkbenchImageGrid *self, guint width, guint height)
{
  guint image_height, image_width, count = MAX (workbench_image_grid_length (self), 1u), old_columns = self->columns, old_zoom = self->shown_zoom;

  if (self->album == NULL || !workbench_album_get_size (self->album, &image_height, &image_width))
    return;
  self->shown_zoom = MAX (self->zoom, 1u);
  if (self->zoom == WORKBENCH_FIT)
    for (guint zoom = 2; zoom <= WORKBENCH_MOST_ZOOM; zoom++)
      {
        guint columns = MAX (width / (image_width * zoom + EDGE), 1u);

        if (image_width * zoom + EDGE <= width && (count + columns - 1) / columns * (image_height * zoom + EDGE) <= height)
          self->shown_zoom = zoom;
      }
  self->columns = MAX (width / (image_width * self->shown_zoom + EDGE), 1u);
  if (self->columns != old_columns || self->shown_zoom != old_zoom)
    g_hash_table_remove_all (self->rows);
}

static void
set_adjustments (WorkbenchImageGrid *self)
{
  double page = gtk_widget_get_height (GTK_WIDGET (self)), height = (double) n_rows (self) * workbench_image_grid_cell (self, FALSE);
  double wide = gtk_widget_get_width (GTK_WIDGET (self));

  if (self->adjustment[1] != NULL)
    gtk_adjustment_configure (self->adjustment[1], MIN (gtk_adjustment_get_value (self->adjustment[1]), MAX (height - page, 0.0)), 0.0,
                              MAX (height, page), workbench_image_grid_cell (self, FALSE), page * 0.9, page);
  if (self->adjustment[0] != NULL)
    gtk_adjustment_configure (self->adjustment[0], 0.0, 0.0, wide, 1.0, wide, wide);
}

void
workbench_image_grid_reveal (WorkbenchImageGrid *self, guint position)
{
  double top = (double) (position / self->columns) * workbench_image_grid_cell (self, FALSE);

  if (self->adjustment[1] != NULL)
    gtk_adjustment_clamp_page (self->adjustment[1], top, top + workbench_image_grid_cell (self, FALSE));
}

/* what others selected, once some of it is listed and there is a place for it */
static void
reveal_sought (WorkbenchImageGrid *self)
{
  g_autoptr (GArray) images = NULL;
  int first = -1;

  if (!self->sought || self->selection == NULL || self->album == NULL || gtk_widget_get_height (GTK_WIDGET (self)) == 0)
    return;
  images = workbench_selection_get_images (self->selection);
  for (guint i = 0; i < images->len; i++)
    {
      int position = workbench_album_find (self->album, g_array_index (images, WorkbenchImage, i));

      if (position >= 0 && (first < 0 || position < first))
        first = position;
    }
  if (first < 0)
    return;
  self->sought = FALSE;
  workbench_image_grid_reveal (self, (guint) first);
}

/* of the image that is looked at; −1: it is not listed */
static int
current_position (WorkbenchImageGrid *self)
{
  WorkbenchImage image = self->selection != NULL ? workbench_selection_get_current (self->selection) : WORKBENCH_NO_IMAGE;

  return self->album != NULL && image != WORKBENCH_NO_IMAGE ? workbench_album_find (self->album, image) : -1;
}

/* what is looked at, when it is listed again */
static void
reveal_back (WorkbenchImageGrid *self)
{
  const int position = current_position (self);

  if (gtk_widget_get_height (GTK_WIDGET (self)) == 0)
    return;
  if (position >= 0 && !self->listed)
    workbench_image_grid_reveal (self, (guint) position);
  self->listed = position >= 0;
}

void
workbench_image_grid_follow (WorkbenchImageGrid *self)
{
  self->listed = FALSE;
}

static gboolean
tell_zoom (gpointer self)
{
  g_object_notify (self, "zoom");
  return G_SOURCE_REMOVE;
}

static void
workbench_image_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  WorkbenchImageGrid *self = WORKBENCH_IMAGE_GRID (widget);
  guint zoom = self->shown_zoom;

  lay_out (self, (guint) MAX (width, 1), (guint) MAX (height, 1));
  set_adjustments (self);
  reveal_sought (self);
  reveal_back (self);
  if (zoom != self->shown_zoom) /* not now: who shows it would be laid out again in the middle of this */
    g_idle_add_full (G_PRIORITY_HIGH_IDLE, tell_zoom, g_object_ref (self), g_object_unref);
}

static void
workbench_image_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  *minimum = 64;
  *natural = 400;
}

int
workbench_image_grid_at (WorkbenchImageGrid *self, double x, double y)
{
  guint column = (guint) MAX (x, 0.0) / workbench_image_grid_cell (self, TRUE), row = (guint) MAX (y + scrolled (self), 0.0) / workbench_image_grid_cell (self, FALSE);
  guint position = row * self->columns + column;

  return x >= 0.0 && y >= 0.0 && column < self->columns && position < workbench_image_grid_length (self) ? (int) position : -1;
}

/* ------------------------------------------------------------------------------------------------------ drawing */

static Row *
make_row (WorkbenchImageGrid *self, guint index)
{
  guint first = index * self->columns;
  WorkbenchImageRow layout = { .first = first, .count = MIN (self->columns, workbench_image_grid_length (self) - first), .columns = self->columns, .zoom = self->shown_zoom,
                               .scale = (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self)), .frames = self->frames };
  Row *row = g_new (Row, 1);

  row->texture = workbench_image_row_new (self->album, self->selection, &layout, &row->complete);
  return row;
}

static Row *
get_row (WorkbenchImageGrid *self, guint index)
{
  Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

  if (row == NULL)
    {
      if (g_hash_table_size (self->rows) >= KEPT_ROWS)
        g_hash_table_remove_all (self->rows);
      row = make_row (self, index);
      g_hash_table_insert (self->rows, GUINT_TO_POINTER (index), row);
    }
  return row;
}

static void
workbench_image_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkbenchImageGrid *self = WORKBENCH_IMAGE_GRID (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  guint high = workbench_image_grid_cell (self, FALSE), wide = workbench_image_grid_cell (self, TRUE), rows, first;
  int position = current_position (self);
  double top = scrolled (self);

  if (workbench_image_grid_length (self) == 0)
    return;
  rows = n_rows (self);
  first = (guint) top / high;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  for (guint row = first; row < rows && (double) row * high - top < height; row++)
    gtk_snapshot_append_texture (snapshot, get_row (self, row)->texture,
                                 &GRAPHENE_RECT_INIT (0, (float) ((double) row * high - top), (float) (wide * self->columns), (float) high));
  if (position >= 0 && gtk_widget_has_visible_focus (widget))
    {
      GskRoundedRect outline;
      GdkRGBA colour;

      gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
      gsk_rounded_rect_init_from_rect (&outline,
                                       &GRAPHENE_RECT_INIT ((float) ((guint) position % self->columns * wide),
                                                            (float) ((double) ((guint) position / self->columns) * high - top),
                                                            (float) (wide - GAP), (float) (high - GAP)), 3.0f);
      gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 2, 2, 2, 2 }, (GdkRGBA[4]){ colour, colour, colour, colour });
    }
  gtk_snapshot_pop (snapshot);
}

/* ------------------------------------------------------------------------------------------------------ what changes */

static void
redraw (WorkbenchImageGrid *self)
{
  g_hash_table_remove_all (self->rows);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_album_changed (WorkbenchAlbum *album, WorkbenchImageGrid *self)
{
  guint columns = self->columns, zoom = self->shown_zoom;

  lay_out (self, (guint) MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1), (guint) MAX (gtk_widget_get_height (GTK_WIDGET (self)), 1));
  set_adjustments (self);
  reveal_sought (self);
  reveal_back (self);
  redraw (self);
  if (columns != self->columns || zoom != self->shown_zoom)
    g_object_notify (G_OBJECT (self), "zoom");
}

static gboolean
is_incomplete (gpointer index, gpointer row, gpointer data)
{
  return !((Row *) row)->complete;
}

static void
on_album_loaded (WorkbenchAlbum *album, WorkbenchImageGrid *self)
{
  if (g_hash_table_foreach_remove (self->rows, is_incomplete, NULL) > 0)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_selection_changed (WorkbenchSelection *selection, WorkbenchImageGrid *self)
{
  self->sought = !self->choosing && workbench_selection_get_count (selection) > 0;
  reveal_sought (self);
  redraw (self);
}

static void
on_current (WorkbenchSelection *selection, WorkbenchImageGrid *self)
{
  WorkbenchImage image = workbench_selection_get_current (selection);
  int position = current_position (self);

  self->listed = position >= 0;
  if (position >= 0)
    {
      g_autofree char *text = self->describe != NULL ? self->describe (image, self->describe_data) : NULL;

      workbench_image_grid_reveal (self, (guint) position);
      if (text != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workbench_image_grid_set_album (WorkbenchImageGrid *self, WorkbenchAlbum *album, WorkbenchSelection *selection)
{
  if (self->album != NULL)
    g_signal_handlers_disconnect_by_data (self->album, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_set_object (&self->album, album);
  g_set_object (&self->selection, selection);
  if (album != NULL)
    {
      g_signal_connect (album, "changed", G_CALLBACK (on_album_changed), self);
      g_signal_connect (album, "loaded", G_CALLBACK (on_album_loaded), self);
    }
  if (selection != NULL)
    {
      g_signal_connect (selection, "changed", G_CALLBACK (on_selection_changed), self);
      g_signal_connect (selection, "current", G_CALLBACK (on_current), self);
    }
  self->sought = selection != NULL && workbench_selection_get_count (selection) > 0;
  on_album_changed (album, self);
}

void
workbench_image_grid_set_describe (WorkbenchImageGrid *self, char *(*describe) (WorkbenchImage image, gpointer data), gpointer data)
{
  self->describe = describe;
  self->describe_data = data;
}

void
workbench_image_grid_set_zoom (WorkbenchImageGrid *self, guint zoom)
{
  self->zoom = MIN (zoom, (guint) WORKBENCH_MOST_ZOOM);
  on_album_changed (self->album, self);
  g_object_notify (G_OBJECT (self), "zoom");
}

guint
workbench_image_grid_get_zoom (WorkbenchImageGrid *self)
{
  return self->zoom;
}

guint
workbench_image_grid_get_shown_zoom (WorkbenchImageGrid *self)
{
  return self->shown_zoom;
}

void
workbench_image_grid_set_frames (WorkbenchImageGrid *self, gboolean frames)
{
  self->frames = frames;
  redraw (self);
  g_object_notify (G_OBJECT (self), "frames");
}

void
workbench_image_grid_set_looks (WorkbenchImageGrid *self, gboolean looks)
{
  self->looks = looks;
}

/* ------------------------------------------------------------------------------------------------------ construction */

static gboolean
on_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WorkbenchImageGrid *self = WORKBENCH_IMAGE_GRID (widget);
  int position = keyboard ? -1 : workbench_image_grid_at (self, x, y);
  g_autofree char *text = position >= 0 && self->describe != NULL ? self->describe (workbench_album_get_image (self->album, (guint) position), self->describe_data)
                                                                  : NULL;

  if (text == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle){ (int) ((guint) position % self->columns * workbench_image_grid_cell (self, TRUE)),
                                                      (int) ((double) ((guint) position / self->columns) * workbench_image_grid_cell (self, FALSE) - scrolled (self)),
                                                      (int) workbench_image_grid_cell (self, TRUE), (int) workbench_image_grid_cell (self, FALSE) });
  return TRUE;
}

static void
set_adjustment (WorkbenchImageGrid *self, guint index, GtkAdjustment *adjustment)
{
  if (self->adjustment[index] != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment[index], self);
  g_clear_object (&self->adjustment[index]);
  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  self->adjustment[index] = g_object_ref_sink (adjustment);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self);
  set_adjustments (self);
}

static void
workbench_image_grid_set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  WorkbenchImageGrid *self = WORKBENCH_IMAGE_GRID (object);

  switch (property)
    {
    case ZOOM:
      workbench_image_grid_set_zoom (self, g_value_get_uint (value));
      break;
    case FRAMES:
      workbench_image_grid_set_frames (self, g_value_get_boolean (value));
      break;
    case HADJUSTMENT:
    case VADJUSTMENT:
      set_adjustment (self, property - HADJUSTMENT, g_value_get_object (value));
      break;
    case HSCROLL_POLICY:
    case VSCROLL_POLICY:
      self->policy[property - HSCROLL_POLICY] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
workbench_image_grid_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  WorkbenchImageGrid *self = WORKBENCH_IMAGE_GRID (object);

  switch (property)
    {
    case ZOOM:
      g_value_set_uint (value, self->zoom);
      break;
    case FRAMES:
      g_value_set_boolean (value, self->frames);
      break;
    case HADJUSTMENT:
    case VADJUSTMENT:
      g_value_set_object (value, self->adjustment[property - HADJUSTMENT]);
      break;
    case HSCROLL_POLICY:
    case VSCROLL_POLICY:
      g_value_set_enum (value, (int) self->policy[property - HSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
scrollable_init (GtkScrollableInterface *iface)
{
}

static void
workbench_image_grid_dispose (GObject *object)
{
  WorkbenchImageGrid *self = WORKBENCH_IMAGE_GRID (object);

  if (self->album != NULL)
    g_signal_handlers_disconnect_by_data (self->album, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  for (guint i = 0; i < 2; i++)
    if (self->adjustment[i] != NULL)
      {
        g_signal_handlers_disconnect_by_data (self->adjustment[i], self);
        g_clear_object (&self->adjustment[i]);
      }
  g_clear_object (&self->album);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  G_OBJECT_CLASS (workbench_image_grid_parent_class)->dispose (object);
}

static void
workbench_image_grid_class_init (WorkbenchImageGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = workbench_image_grid_dispose;
  object_class->set_property = workbench_image_grid_set_property;
  object_class->get_property = workbench_image_grid_get_property;
  widget_class->size_allocate = workbench_image_grid_size_allocate;
  widget_class->measure = workbench_image_grid_measure;
  widget_class->snapshot = workbench_image_grid_snapshot;
  widget_class->query_tooltip = on_tooltip;
  g_object_class_install_property (object_class, ZOOM, g_param_spec_uint ("zoom", NULL, NULL, 0, WORKBENCH_MOST_ZOOM, WORKBENCH_FIT, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, FRAMES, g_param_spec_boolean ("frames", NULL, NULL, TRUE, G_PARAM_READWRITE));
  g_object_class_override_property (object_class, HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, VSCROLL_POLICY, "vscroll-policy");
  gtk_widget_class_set_css_name (widget_class, "imagegrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
workbench_image_grid_init (WorkbenchImageGrid *self)
{
  self->rows = g_hash_table_new_full (NULL, NULL, NULL, free_row);
  self->columns = self->shown_zoom = 1;
  self->frames = TRUE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Images"), -1);
  workbench_image_grid_add_controllers (self);
}
