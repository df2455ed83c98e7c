/* workbench-map-figure.c: what the map shows, drawn by cairo: a file of lines and shapes, sharp at any size. */
#include "workbench-map-private.h"

#include <math.h>

/* a point that is drawn, and how near it is */
typedef struct {
  guint index;
  double near;
} Order;

static int
by_nearness (gconstpointer a, gconstpointer b)
{
  const Order *one = a, *other = b;

  return one->near != other->near ? (one->near > other->near) - (one->near < other->near) : (one->index > other->index) - (one->index < other->index);
}

/* the nearest last; in two dimensions those that are not opaque first */
static Order *
order (WorkbenchMap *self)
{
  Order *list = g_new (Order, MAX (self->points->len, 1u));
  const double *towards = self->camera.rotation + 6;

  for (guint i = 0; i < self->points->len; i++)
    {
      const WorkbenchMapPoint *p = &g_array_index (self->points, WorkbenchMapPoint, i);

      list[i] = (Order){ i, p->colour[3] == 255 ? 1.0 : 0.0 };
      if (self->dimensions == 3)
        list[i].near = towards[0] * (double) p->place[0] + towards[1] * (double) p->place[1] + towards[2] * (double) p->place[2];
    }
  qsort (list, self->points->len, sizeof *list, by_nearness);
  return list;
}

static void
add_polygon (cairo_t *cr, const double (*corners)[2], guint n, double x, double y, double radius)
{
  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, x + radius * corners[i][0], y + radius * corners[i][1]);
  cairo_close_path (cr);
}

/* as the shaders have it (workbench-map-painter.c), y downwards */
static void
add_shape (cairo_t *cr, WorkbenchMapShape shape, double x, double y, double r)
{
  static const double diamond[][2] = { { 0, -1 }, { 1, 0 }, { 0, 1 }, { -1, 0 } }, up[][2] = { { 0, -1 }, { 0.866, 0.5 }, { -0.866, 0.5 } },
                      down[][2] = { { 0, 1 }, { 0.866, -0.5 }, { -0.866, -0.5 } },
                      plus[][2] = { { -0.3, -1 }, { 0.3, -1 }, { 0.3, -0.3 }, { 1, -0.3 }, { 1, 0.3 }, { 0.3, 0.3 },
                                    { 0.3, 1 }, { -0.3, 1 }, { -0.3, 0.3 }, { -1, 0.3 }, { -1, -0.3 }, { -0.3, -0.3 } };
  const double half = r / 1.15;

  cairo_new_path (cr);
  switch (shape)
    {
    case WORKBENCH_MAP_SQUARE:
      cairo_rectangle (cr, x - half, y - half, 2.0 * half, 2.0 * half);
      break;
    case WORKBENCH_MAP_DIAMOND:
      add_polygon (cr, diamond, G_N_ELEMENTS (diamond), x, y, r);
      break;
    case WORKBENCH_MAP_TRIANGLE:
      add_polygon (cr, up, G_N_ELEMENTS (up), x, y, r);
      break;
    case WORKBENCH_MAP_TRIANGLE_DOWN:
      add_polygon (cr, down, G_N_ELEMENTS (down), x, y, r);
      break;
    case WORKBENCH_MAP_PLUS:
    case WORKBENCH_MAP_SALTIRE:
      cairo_save (cr);
      cairo_translate (cr, x, y);
      cairo_rotate (cr, shape == WORKBENCH_MAP_SALTIRE ? G_PI_4 : 0.0);
      add_polygon (cr, plus, G_N_ELEMENTS (plus), 0.0, 0.0, r);
      cairo_restore (cr);
      break;
    case WORKBENCH_MAP_RING:
      cairo_arc (cr, x, y, r, 0.0, 2.0 * G_PI);
      cairo_new_sub_path (cr);
      cairo_arc_negative (cr, x, y, 0.5 * r, 2.0 * G_PI, 0.0);
      break;
    case WORKBENCH_MAP_DISC:
    case WORKBENCH_N_MAP_SHAPES:
      cairo_arc (cr, x, y, r, 0.0, 2.0 * G_PI);
    }
}

static void
set_colour (cairo_t *cr, const guint8 *colour)
{
  cairo_set_source_rgba (cr, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0, colour[3] / 255.0);
}

static void
draw_lines (WorkbenchMap *self, cairo_t *cr, const WorkbenchCamera *camera, double width, double height)
{
  for (guint i = 0; i + 1 < self->lines->len; i += 2)
    {
      const WorkbenchMapVertex *from = &g_array_index (self->lines, WorkbenchMapVertex, i), *to = from + 1;
      double x, y;

      workbench_camera_put (camera, from->place, width, height, &x, &y);
      cairo_move_to (cr, x, y);
      workbench_camera_put (camera, to->place, width, height, &x, &y);
      cairo_line_to (cr, x, y);
      set_colour (cr, to->colour);
      cairo_stroke (cr);
    }
}

void
workbench_map_draw_figure (WorkbenchMap *self, cairo_t *cr, double width, double height)
{
  const double across = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1), high = MAX (gtk_widget_get_height (GTK_WIDGET (self)), 1);
  const double factor = MIN (width / across, height / high);
  WorkbenchCamera camera = self->camera;
  g_autofree Order *list = order (self);

  camera.scale *= factor;
  cairo_save (cr);
  cairo_rectangle (cr, 0.0, 0.0, width, height);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1.0);
  draw_lines (self, cr, &camera, width, height);
  for (guint i = 0; i < self->points->len; i++)
    {
      const WorkbenchMapPoint *p = &g_array_index (self->points, WorkbenchMapPoint, list[i].index);
      double x, y;

      workbench_camera_put (&camera, p->place, width, height, &x, &y);
      add_shape (cr, (WorkbenchMapShape) lrintf (p->shape), x, y, 0.5 * (double) p->size);
      set_colour (cr, p->colour);
      cairo_fill (cr);
    }
  cairo_restore (cr);
}
