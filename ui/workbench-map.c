/* workbench-map.c: the camera and the hand on it; drawing is in workbench-map-painter.c. */
#include "workbench-map-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum {
  MOST_THUMBNAILS = 256, /* in sight; beyond, discs are clearer */
  REACH = 9,             /* pixels around a point that mean it */
};

static const double ORBIT = 0.008; /* radians a pixel */
static const float THUMBNAIL = 40.0f;

struct _WorkbenchMap
{
  GtkGLArea parent_instance;

  WorkbenchMapPainter *painter;
  WorkbenchCamera camera;
  GArray *points, *lines; /* of WorkbenchMapPoint, of WorkbenchMapVertex */
  guint dimensions;
  gboolean uploaded, touched; /* touched: the camera is where somebody put it */
  GArray *lasso;             /* of float, while it is drawn */
  double from[2];            /* of a drag: where the last motion was */
  int hovered;

  guint thumbnail_height, thumbnail_width;
  gboolean (*get_thumbnail) (guint index, guint8 *pixels, gpointer data);
  gpointer thumbnail_data;
  GArray *in_atlas; /* of guint: points whose images are in the atlas */
};

G_DEFINE_FINAL_TYPE (WorkbenchMap, workbench_map, GTK_TYPE_GL_AREA)

enum {
  HOVERED,
  CLICKED,
  LASSOED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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

static void
pan (WorkbenchMap *self, double dx, double dy)
{
  workbench_camera_pan (&self->camera, dx, -dy);
  self->touched = TRUE;
  changed (self);
}

static void
orbit (WorkbenchMap *self, double dx, double dy)
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
      if (x < 0.0 || y < 0.0 || x > width || y > height)
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
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &scene.foreground);
  if (!self->uploaded)
    workbench_map_painter_upload (self->painter, &scene);
  self->uploaded = TRUE;
  update_atlas (self);
  workbench_map_painter_draw (self->painter, &scene, &self->camera, self->in_atlas->len > 0 ? THUMBNAIL : 0.0f);
  return TRUE;
}

/* Where the window is drawn by Cairo the toolkit would take the picture out of OpenGL and turn every pixel into four floats and
 * back, which takes longer than all else of a frame: here it is read in Cairo's own format. */
static void
workbench_map_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GtkGLArea *area = GTK_GL_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), scale = gtk_widget_get_scale_factor (widget);
  g_autoptr (GdkTexture) texture = NULL;

  if (WORKBENCH_MAP (widget)->painter != NULL && GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (gtk_widget_get_native (widget))))
    {
      gtk_gl_area_make_current (area);
      gtk_gl_area_attach_buffers (area);
      workbench_map_render (area, gtk_gl_area_get_context (area));
      texture = workbench_map_painter_read ((guint) (width * scale), (guint) (height * scale));
    }
  if (texture == NULL)
    GTK_WIDGET_CLASS (workbench_map_parent_class)->snapshot (widget, snapshot);
  else
    gtk_snapshot_append_texture (snapshot, texture, &GRAPHENE_RECT_INIT (0.0f, 0.0f, (float) width, (float) height));
}

/* ------------------------------------------------------------------------------------------------------ the hand */

static void
hover (WorkbenchMap *self, int index)
{
  if (index == self->hovered)
    return;
  self->hovered = index;
  g_signal_emit (self, signals[HOVERED], 0, index);
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, WorkbenchMap *self)
{
  if (self->lasso == NULL)
    hover (self, workbench_map_pick (self, x, y));
}

static void
on_leave (GtkEventControllerMotion *motion, WorkbenchMap *self)
{
  hover (self, -1);
}

static void
on_released (GtkGestureClick *click, int presses, double x, double y, WorkbenchMap *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  g_signal_emit (self, signals[CLICKED], 0, workbench_map_pick (self, x, y), (guint) gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click)));
}

static void
add_corner (WorkbenchMap *self, double x, double y)
{
  const float corner[2] = { (float) x, (float) y };

  g_array_append_vals (self->lasso, corner, 2);
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, WorkbenchMap *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag));

  self->from[0] = self->from[1] = 0.0;
  if ((state & GDK_SHIFT_MASK) != 0)
    {
      self->lasso = g_array_new (FALSE, FALSE, sizeof (float));
      add_corner (self, x, y);
    }
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, WorkbenchMap *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (drag, &x, &y);
  if (self->lasso != NULL)
    add_corner (self, x + dx, y + dy);
  else if (self->dimensions == 3 && gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (drag)) == GDK_BUTTON_PRIMARY)
    orbit (self, dx - self->from[0], dy - self->from[1]);
  else
    pan (self, dx - self->from[0], dy - self->from[1]);
  self->from[0] = dx;
  self->from[1] = dy;
  if (dx * dx + dy * dy > 16.0) /* then it is no click */
    gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  changed (self);
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, WorkbenchMap *self)
{
  g_autoptr (GArray) lasso = g_steal_pointer (&self->lasso);
  g_autoptr (GArray) found = NULL;
  g_autofree double *corners = NULL;

  if (lasso == NULL)
    return;
  corners = g_new (double, lasso->len);
  for (guint i = 0; i < lasso->len; i++)
    corners[i] = (double) g_array_index (lasso, float, i);
  found = workbench_map_inside (self, corners, lasso->len / 2);
  if (lasso->len / 2 >= 3)
    g_signal_emit (self, signals[LASSOED], 0, found);
  changed (self);
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, WorkbenchMap *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (scroll));
  graphene_point_t point;
  double x, y;

  if (event == NULL || !gdk_event_get_position (event, &x, &y)
      || !gtk_widget_compute_point (GTK_WIDGET (gtk_widget_get_native (GTK_WIDGET (self))), GTK_WIDGET (self), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    point = GRAPHENE_POINT_INIT (0.5f * (float) gtk_widget_get_width (GTK_WIDGET (self)), 0.5f * (float) gtk_widget_get_height (GTK_WIDGET (self)));
  workbench_map_zoom (self, pow (1.2, -dy), (double) point.x, (double) point.y);
  return TRUE;
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, WorkbenchMap *self)
{
  double x = 0.5 * gtk_widget_get_width (GTK_WIDGET (self)), y = 0.5 * gtk_widget_get_height (GTK_WIDGET (self)), step = 40.0;
  void (*move) (WorkbenchMap *, double, double) = self->dimensions == 3 ? orbit : pan;

  switch (key)
    {
    case GDK_KEY_Left:
      move (self, step, 0.0);
      return TRUE;
    case GDK_KEY_Right:
      move (self, -step, 0.0);
      return TRUE;
    case GDK_KEY_Up:
      move (self, 0.0, step);
      return TRUE;
    case GDK_KEY_Down:
      move (self, 0.0, -step);
      return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      workbench_map_zoom (self, 1.25, x, y);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      workbench_map_zoom (self, 0.8, x, y);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_Home:
      workbench_map_reset (self);
      return TRUE;
    default:
      return FALSE;
    }
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
workbench_map_class_init (WorkbenchMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_map_finalize;
  widget_class->realize = workbench_map_realize;
  widget_class->unrealize = workbench_map_unrealize;
  widget_class->snapshot = workbench_map_snapshot;
  GTK_GL_AREA_CLASS (klass)->render = workbench_map_render;
  signals[HOVERED] = g_signal_new ("hovered", WORKBENCH_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[CLICKED] = g_signal_new ("clicked", WORKBENCH_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_UINT);
  signals[LASSOED] = g_signal_new ("lassoed", WORKBENCH_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "map");
}

static void
workbench_map_init (WorkbenchMap *self)
{
  GtkGesture *click = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new (), *keys = gtk_event_controller_key_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->points = g_array_new (FALSE, FALSE, sizeof (WorkbenchMapPoint));
  self->lines = g_array_new (FALSE, FALSE, sizeof (WorkbenchMapVertex));
  self->in_atlas = g_array_new (FALSE, FALSE, sizeof (guint));
  self->dimensions = 2;
  self->hovered = -1;
  self->camera.scale = 1.0;
  workbench_camera_set_upright (&self->camera);
  gtk_gl_area_set_has_depth_buffer (GTK_GL_AREA (self), TRUE);
  gtk_gl_area_set_auto_render (GTK_GL_AREA (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
