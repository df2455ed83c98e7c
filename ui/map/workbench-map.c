/* workbench-map.c: points under a camera; drawing is in workbench-map-painter.c, the hand in workbench-map-hand.c. */
#include "workbench-map-private.h"

#include "workbench-drawing.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum {
  MOST_THUMBNAILS = 256, /* in sight; beyond, discs are clearer */
  REACH = 9,             /* pixels around a point that mean it */
};

static const double ORBIT = 0.008; /* radians a pixel */
static const float THUMBNAIL = 40.0f;

G_DEFINE_FINAL_TYPE (WorkbenchMap, workbench_map, GTK_TYPE_GL_AREA)

enum {
  LASSOING = 1,
};

/* ------------------------------------------------------------------------------------------------------ camera */

static void
changed (WorkbenchMap *self)
{
  gtk_gl_area_queue_render (GTK_GL_AREA (self));
}

static void
put (WorkbenchMap *self, const float *place, double *x, double *y)
{
  workbench_camera_put (&self->camera, place, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)), x, y);
}

static void
show_all (WorkbenchMap *self)
{
  workbench_camera_show_all (&self->camera, (const WorkbenchMapPoint *) self->points->data, self->points->len, self->dimensions,
                             gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
}

void
workbench_map_reset (WorkbenchMap *self)
{
  workbench_camera_set_upright (&self->camera);
  self->touched = FALSE;
  show_all (self);
  changed (self);
}

void
workbench_map_zoom (WorkbenchMap *self, double factor, double x, double y)
{
  workbench_camera_zoom (&self->camera, factor, x - 0.5 * gtk_widget_get_width (GTK_WIDGET (self)), 0.5 * gtk_widget_get_height (GTK_WIDGET (self)) - y);
  self->touched = TRUE;
  changed (self);
}

void
workbench_map_pan (WorkbenchMap *self, double dx, double dy)
{
  workbench_camera_pan (&self->camera, dx, -dy);
  self->touched = TRUE;
  changed (self);
}

void
workbench_map_orbit (WorkbenchMap *self, double dx, double dy)
{
  workbench_camera_orbit (&self->camera, ORBIT * dx, ORBIT * dy);
  changed (self);
}

/* ------------------------------------------------------------------------------------------------------ points */

gboolean
workbench_map_place (WorkbenchMap *self, guint index, double *x, double *y)
{
  if (index >= self->points->len)
    return FALSE;
  put (self, g_array_index (self->points, WorkbenchMapPoint, index).place, x, y);
  return TRUE;
}

int
workbench_map_pick (WorkbenchMap *self, double x, double y)
{
  double least = REACH * REACH;
  int found = -1;

  for (guint i = 0; i < self->points->len; i++)
    {
      double px, py, distance;

      put (self, g_array_index (self->points, WorkbenchMapPoint, i).place, &px, &py);
      distance = (px - x) * (px - x) + (py - y) * (py - y);
      if (distance <= least) /* of equal ones the last, which is drawn on top */
        {
          least = distance;
          found = (int) i;
        }
    }
  return found;
}

/* by the number of edges that a ray to the right crosses */
static gboolean
is_inside (const double *corners, guint n, double x, double y)
{
  gboolean inside = FALSE;

  for (guint i = 0, j = n - 1; i < n; j = i++)
    {
      double xi = corners[2 * i], yi = corners[2 * i + 1], xj = corners[2 * j], yj = corners[2 * j + 1];

      if ((yi > y) != (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi)
        inside = !inside;
    }
  return inside;
}

GArray *
workbench_map_inside (WorkbenchMap *self, const double *corners, guint n)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->points->len && n >= 3; i++)
    {
      double x, y;

      put (self, g_array_index (self->points, WorkbenchMapPoint, i).place, &x, &y);
      if (is_inside (corners, n, x, y))
        g_array_append_val (found, i);
    }
  return found;
}

static gboolean
is_faint (WorkbenchMap *self, guint index)
{
  return g_array_index (self->points, WorkbenchMapPoint, index).colour[3] < WORKBENCH_MAP_FAINT;
}

int
workbench_map_find_towards (WorkbenchMap *self, double dx, double dy)
{
  const double length = MAX (hypot (dx, dy), 1e-12);
  double x = 0.5 * gtk_widget_get_width (GTK_WIDGET (self)), y = 0.5 * gtk_widget_get_height (GTK_WIDGET (self)), least = INFINITY;
  gboolean anywhere = !workbench_map_place (self, (guint) self->current, &x, &y); /* −1 is no index */
  int found = -1;

  for (guint i = 0; i < self->points->len; i++)
    {
      double px, py, along, across, distance;

      if ((int) i == self->current || is_faint (self, i))
        continue;
      put (self, g_array_index (self->points, WorkbenchMapPoint, i).place, &px, &py);
      along = ((px - x) * dx + (py - y) * dy) / length;
      across = ((py - y) * dx - (px - x) * dy) / length;
      distance = along * along + across * across;
      if (distance < least && (anywhere || (along > 1e-6 && fabs (across) <= along)))
        {
          least = distance;
          found = (int) i;
        }
    }
  return found;
}

void
workbench_map_set_current (WorkbenchMap *self, int index)
{
  if (index >= (int) self->points->len || index < 0)
    index = -1;
  if (index == self->current)
    return;
  self->current = index;
  changed (self);
}

int
workbench_map_get_current (WorkbenchMap *self)
{
  return self->current;
}

void
workbench_map_set_lassoing (WorkbenchMap *self, gboolean lassoing)
{
  if (lassoing == self->lassoing)
    return;
  self->lassoing = lassoing;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), lassoing ? "crosshair" : NULL);
  g_object_notify (G_OBJECT (self), "lassoing");
}

/* what comes again as it is, is not drawn again: each time takes a software renderer tens of milliseconds */
static gboolean
replace (GArray *array, gconstpointer data, gsize count)
{
  if (count == array->len && (count == 0 || memcmp (data, array->data, count * g_array_get_element_size (array)) == 0))
    return FALSE;
  g_array_set_size (array, 0);
  g_array_append_vals (array, data, (guint) count);
  return TRUE;
}

void
workbench_map_set_points (WorkbenchMap *self, const WorkbenchMapPoint *points, gsize count, guint dimensions)
{
  if (!replace (self->points, points, count) && dimensions == self->dimensions)
    return;
  if (dimensions != self->dimensions || count == 0)
    {
      workbench_camera_set_upright (&self->camera);
      self->touched = FALSE;
    }
  self->dimensions = dimensions;
  if (self->current >= (int) count)
    self->current = -1;
  if (!self->touched)
    show_all (self);
  self->uploaded = FALSE;
  g_array_set_size (self->in_atlas, 0);
  changed (self);
}

void
workbench_map_set_lines (WorkbenchMap *self, const WorkbenchMapVertex *vertices, gsize count)
{
  if (!replace (self->lines, vertices, count))
    return;
  self->uploaded = FALSE;
  changed (self);
}

/* ------------------------------------------------------------------------------------------------------ thumbnails */

void
workbench_map_set_thumbnails (WorkbenchMap *self, guint height, guint width, gboolean (*get) (guint index, guint8 *pixels, gpointer data), gpointer data)
{
  if (height == self->thumbnail_height && width == self->thumbnail_width && get == self->get_thumbnail && data == self->thumbnail_data)
    return;
  self->thumbnail_height = height;
  self->thumbnail_width = width;
  self->get_thumbnail = get;
  self->thumbnail_data = data;
  g_array_set_size (self->in_atlas, 0);
  changed (self);
}

void
workbench_map_refresh_thumbnails (WorkbenchMap *self)
{
  if (self->in_atlas->len == 0) /* none is shown */
    return;
  g_array_set_size (self->in_atlas, 0);
  changed (self);
}

/* (transfer full) points in sight, or none when there are too many for thumbnails */
static GArray *
points_in_sight (WorkbenchMap *self)
{
  GArray *seen = g_array_new (FALSE, FALSE, sizeof (guint));
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  guint room = (guint) ((double) width * height / (double) (2.0f * THUMBNAIL * THUMBNAIL)), most = MIN (room, (guint) MOST_THUMBNAILS);

  if (self->get_thumbnail == NULL)
    return seen;
  for (guint i = 0; i < self->points->len; i++)
    {
      double x, y;

      put (self, g_array_index (self->points, WorkbenchMapPoint, i).place, &x, &y);
      if (x < 0.0 || y < 0.0 || x > width || y > height || is_faint (self, i))
        continue;
      g_array_append_val (seen, i);
      if (seen->len > most)
        {
          g_array_set_size (seen, 0);
          break;
        }
    }
  return seen;
}

static void
update_atlas (WorkbenchMap *self)
{
  g_autoptr (GArray) seen = points_in_sight (self);
  gsize bytes = (gsize) self->thumbnail_height * self->thumbnail_width * 4;
  g_autofree guint8 *pixels = NULL;
  g_autofree WorkbenchMapThumbnail *thumbnails = NULL;
  guint count = 0;

  if (seen->len == self->in_atlas->len && (seen->len == 0 || memcmp (seen->data, self->in_atlas->data, seen->len * sizeof (guint)) == 0))
    {
      if (seen->len == 0)
        workbench_map_painter_set_atlas (self->painter, NULL, 0, 0, 0, NULL);
      return;
    }
  pixels = g_malloc (MAX (seen->len, 1u) * bytes);
  thumbnails = g_new (WorkbenchMapThumbnail, MAX (seen->len, 1u));
  for (guint i = 0; i < seen->len; i++)
    {
      guint index = g_array_index (seen, guint, i);
      WorkbenchMapThumbnail *t = &thumbnails[count];

      if (!self->get_thumbnail (index, pixels + count * bytes, self->thumbnail_data))
        continue;
      memcpy (t->place, g_array_index (self->points, WorkbenchMapPoint, index).place, sizeof t->place);
      t->cell = (float) count++;
    }
  workbench_map_painter_set_atlas (self->painter, pixels, count, self->thumbnail_height, self->thumbnail_width, thumbnails);
  g_array_set_size (self->in_atlas, 0);
  g_array_append_vals (self->in_atlas, seen->data, seen->len);
}

/* ------------------------------------------------------------------------------------------------------ drawing */

static void
workbench_map_realize (GtkWidget *widget)
{
  WorkbenchMap *self = WORKBENCH_MAP (widget);
  g_autoptr (GError) error = NULL;

  GTK_WIDGET_CLASS (workbench_map_parent_class)->realize (widget);
  gtk_gl_area_make_current (GTK_GL_AREA (self));
  if (gtk_gl_area_get_error (GTK_GL_AREA (self)) != NULL)
    return;
  self->painter = workbench_map_painter_new (&error);
  self->uploaded = FALSE;
  g_array_set_size (self->in_atlas, 0);
  if (self->painter == NULL)
    gtk_gl_area_set_error (GTK_GL_AREA (self), error);
}

static void
workbench_map_unrealize (GtkWidget *widget)
{
  WorkbenchMap *self = WORKBENCH_MAP (widget);

  if (self->painter != NULL)
    {
      gtk_gl_area_make_current (GTK_GL_AREA (self));
      workbench_map_painter_free (g_steal_pointer (&self->painter));
    }
  GTK_WIDGET_CLASS (workbench_map_parent_class)->unrealize (widget);
}

static gboolean
workbench_map_render (GtkGLArea *area, GdkGLContext *context)
{
  WorkbenchMap *self = WORKBENCH_MAP (area);
  WorkbenchMapScene scene = { .points = (const WorkbenchMapPoint *) self->points->data, .n_points = self->points->len,
                              .lines = (const WorkbenchMapVertex *) self->lines->data, .n_lines = self->lines->len,
                              .lasso = self->lasso != NULL ? (const float *) self->lasso->data : NULL, .n_lasso = self->lasso != NULL ? self->lasso->len / 2 : 0,
                              .width = (guint) MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1), .height = (guint) MAX (gtk_widget_get_height (GTK_WIDGET (self)), 1),
                              .scale_factor = (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self)), .depth = self->dimensions == 3 };

  if (self->painter == NULL)
    return FALSE;
  if (!self->touched)
    show_all (self);
  scene.has_current = workbench_map_place (self, (guint) self->current, &scene.current[0], &scene.current[1]);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &scene.foreground);
  if (!self->uploaded)
    workbench_map_painter_upload (self->painter, &scene);
  self->uploaded = TRUE;
  update_atlas (self);
  workbench_map_painter_draw (self->painter, &scene, &self->camera, self->in_atlas->len > 0 ? THUMBNAIL : 0.0f);
  return TRUE;
}

/* Where the window is drawn by Cairo the toolkit would take the picture out of OpenGL and turn every pixel into four floats and
 * back, which takes longer than all else of a frame: here it is read in Cairo's own format, and painted by Cairo. */
static void
workbench_map_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GtkGLArea *area = GTK_GL_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_surface_t *pixels = NULL;

  if (WORKBENCH_MAP (widget)->painter != NULL && GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (gtk_widget_get_native (widget))))
    {
      gtk_gl_area_make_current (area);
      gtk_gl_area_attach_buffers (area);
      workbench_map_render (area, gtk_gl_area_get_context (area));
      pixels = workbench_drawing_create_pixels (width, height, gtk_widget_get_scale_factor (widget));
      if (pixels != NULL && !workbench_map_painter_read (pixels))
        g_clear_pointer (&pixels, cairo_surface_destroy);
    }
  if (pixels == NULL)
    GTK_WIDGET_CLASS (workbench_map_parent_class)->snapshot (widget, snapshot);
  else
    workbench_drawing_append (snapshot, width, height, pixels);
}

/* ------------------------------------------------------------------------------------------------------ construction */

static void
workbench_map_finalize (GObject *object)
{
  WorkbenchMap *self = WORKBENCH_MAP (object);

  g_array_unref (self->points);
  g_array_unref (self->lines);
  g_array_unref (self->in_atlas);
  g_clear_pointer (&self->lasso, g_array_unref);
  G_OBJECT_CLASS (workbench_map_parent_class)->finalize (object);
}

static void
workbench_map_set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  if (property == LASSOING)
    workbench_map_set_lassoing (WORKBENCH_MAP (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
}

static void
workbench_map_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  if (property == LASSOING)
    g_value_set_boolean (value, WORKBENCH_MAP (object)->lassoing);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
}

static void
add_signal (const char *name, guint n_parameters, GType first, GType second)
{
  g_signal_new (name, WORKBENCH_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n_parameters, first, second);
}

static void
workbench_map_class_init (WorkbenchMapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = workbench_map_finalize;
  object_class->set_property = workbench_map_set_property;
  object_class->get_property = workbench_map_get_property;
  widget_class->realize = workbench_map_realize;
  widget_class->unrealize = workbench_map_unrealize;
  widget_class->snapshot = workbench_map_snapshot;
  GTK_GL_AREA_CLASS (klass)->render = workbench_map_render;
  g_object_class_install_property (object_class, LASSOING, g_param_spec_boolean ("lassoing", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY));
  add_signal ("hovered", 1, G_TYPE_INT, G_TYPE_NONE);
  add_signal ("clicked", 2, G_TYPE_INT, G_TYPE_UINT);
  add_signal ("lassoed", 1, G_TYPE_ARRAY, G_TYPE_NONE);
  add_signal ("moved", 1, G_TYPE_INT, G_TYPE_NONE);
  add_signal ("toggled", 1, G_TYPE_INT, G_TYPE_NONE);
  add_signal ("cleared", 0, G_TYPE_NONE, G_TYPE_NONE);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  gtk_widget_class_set_css_name (widget_class, "map");
}

static void
workbench_map_init (WorkbenchMap *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (WorkbenchMapPoint));
  self->lines = g_array_new (FALSE, FALSE, sizeof (WorkbenchMapVertex));
  self->in_atlas = g_array_new (FALSE, FALSE, sizeof (guint));
  self->dimensions = 2;
  self->hovered = self->current = -1;
  self->camera.scale = 1.0;
  workbench_camera_set_upright (&self->camera);
  gtk_gl_area_set_has_depth_buffer (GTK_GL_AREA (self), TRUE);
  gtk_gl_area_set_auto_render (GTK_GL_AREA (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  workbench_map_add_controllers (self);
}
