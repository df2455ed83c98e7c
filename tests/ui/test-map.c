/* test-map.c: the map as such: camera, what is drawn, pointer and keys. */
#include "hand.h"
#include "support.h"
#include "widgets.h"
#include "workbench-map-private.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

static WorkbenchMapPoint
point (float x, float y, float z, guint8 red, guint8 green)
{
  return (WorkbenchMapPoint){ .place = { x, y, z }, .colour = { red, green, 0, 255 }, .size = 15.0f };
}

/* in a window of its own */
static WorkbenchMap *
new_map (const WorkbenchMapPoint *points, gsize count, guint dimensions)
{
  GtkWidget *window = gtk_window_new (), *map = g_object_new (WORKBENCH_TYPE_MAP, NULL);

  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_set_child (GTK_WINDOW (window), map);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (gtk_widget_get_height (map) > 0);
  g_assert_null (gtk_gl_area_get_error (GTK_GL_AREA (map)));
  workbench_map_set_points (WORKBENCH_MAP (map), points, count, dimensions);
  return WORKBENCH_MAP (map);
}

static void
end_map (WorkbenchMap *map)
{
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (map))));
}

/* what is drawn @right and @down of point @index */
static void
assert_drawn (WorkbenchMap *map, guint index, double right, double down, guint8 red, guint8 green, guint8 blue, guint8 alpha)
{
  gsize stride;
  g_autofree guint8 *pixels = draw_widget (GTK_WIDGET (map), &stride);
  const guint8 *pixel;
  double x, y;

  g_assert_true (workbench_map_place (map, index, &x, &y));
  pixel = pixels + (gsize) (y + down) * stride + 4 * (gsize) (x + right);
  g_assert_cmpuint (pixel[2], ==, red);
  g_assert_cmpuint (pixel[1], ==, green);
  g_assert_cmpuint (pixel[0], ==, blue);
  g_assert_cmpuint (pixel[3], ==, alpha);
}

static void
test_flat (void)
{
  const WorkbenchMapPoint points[] = { point (-1.0f, -2.0f, 0.0f, 255, 0), point (3.0f, 2.0f, 0.0f, 0, 255), point (0.0f, 0.0f, 0.0f, 255, 255) };
  WorkbenchMap *map = new_map (points, 3, 2);
  g_autoptr (GArray) inside = NULL;
  double x, y, left, top, corners[8];

  for (guint i = 0; i < 3; i++) /* all are in sight, and are found where they are */
    {
      g_assert_true (workbench_map_place (map, i, &x, &y));
      g_assert_cmpfloat (x, >, 0.0);
      g_assert_cmpfloat (x, <, gtk_widget_get_width (GTK_WIDGET (map)));
      g_assert_cmpfloat (y, >, 0.0);
      g_assert_cmpfloat (y, <, gtk_widget_get_height (GTK_WIDGET (map)));
      g_assert_cmpint (workbench_map_pick (map, x + 3.0, y - 3.0), ==, (int) i);
    }
  g_assert_cmpint (workbench_map_pick (map, 1.0, 1.0), ==, -1);
  workbench_map_place (map, 0, &left, &y);
  workbench_map_place (map, 1, &x, &top);
  g_assert_cmpfloat (left, <, x);
  g_assert_cmpfloat (top, <, y); /* upwards */

  workbench_map_place (map, 2, &x, &y);
  workbench_map_zoom (map, 3.0, x, y);
  workbench_map_place (map, 2, &left, &top);
  g_assert_cmpfloat_with_epsilon (left, x, 1e-6); /* what lies under the pointer stays */
  g_assert_cmpfloat_with_epsilon (top, y, 1e-6);
  memcpy (corners, (const double[]){ x - 20, y - 20, x + 20, y - 20, x + 20, y + 20, x - 20, y + 20 }, sizeof corners);
  inside = workbench_map_inside (map, corners, 4);
  g_assert_cmpuint (inside->len, ==, 1);
  g_assert_cmpuint (g_array_index (inside, guint, 0), ==, 2);
  workbench_map_reset (map);
  for (guint i = 0; i < 3; i++)
    assert_drawn (map, i, 0.0, 0.0, points[i].colour[0], points[i].colour[1], 0, 255);
  end_map (map);
}

/* of two points behind each other the nearer one is seen, whatever their order; half a turn shows the other one */
static void
test_orbit (void)
{
  const WorkbenchMapPoint points[] = { point (0.0f, 0.0f, 1.0f, 0, 255), point (0.0f, 0.0f, -1.0f, 255, 0), point (1.0f, 0.0f, 0.0f, 255, 255),
                                       point (-1.0f, 0.0f, 0.0f, 255, 255) };
  WorkbenchMap *map = new_map (points, 4, 3);
  const double middle = 0.5 * gtk_widget_get_width (GTK_WIDGET (map));
  double right, y, x;

  assert_drawn (map, 1, 0.0, 0.0, 0, 255, 0, 255);
  workbench_map_place (map, 2, &right, &y);
  g_assert_cmpfloat (right, >, middle + 50.0);
  for (guint i = 0; i < 10; i++) /* 0.32 each */
    g_assert_true (press_key (GTK_WIDGET (map), GDK_KEY_Left, GDK_CONTROL_MASK));
  assert_drawn (map, 1, 0.0, 0.0, 255, 0, 0, 255);
  workbench_map_place (map, 2, &x, &y);
  g_assert_cmpfloat_with_epsilon (x - middle, (right - middle) * cos (3.2), 1.0);

  press_key (GTK_WIDGET (map), GDK_KEY_0, 0);
  workbench_map_set_points (map, points, 4, 2); /* flat, they lie as they are drawn */
  assert_drawn (map, 0, 0.0, 0.0, 255, 0, 0, 255);
  end_map (map);
}

/* in three dimensions a drag turns the points, by other buttons than the first it moves them */
static void
test_drag (void)
{
  const WorkbenchMapPoint points[] = { point (1.0f, 0.0f, 0.0f, 255, 0), point (-1.0f, 0.0f, 0.0f, 255, 0), point (0.0f, 0.0f, 0.0f, 0, 255) };
  WorkbenchMap *map = new_map (points, 3, 3);
  const double middle = 0.5 * gtk_widget_get_width (GTK_WIDGET (map)), path[] = { 100.0, 100.0, 150.0, 100.0, 200.0, 100.0 };
  double before, after, y;

  if (has_hand ())
    {
      workbench_map_place (map, 0, &before, &y);
      hand_draw (GTK_WIDGET (map), path, 3, 1, NULL);
      workbench_map_place (map, 0, &after, &y);
      g_assert_cmpfloat_with_epsilon (after - middle, (before - middle) * cos (0.008 * 100.0), 2.0);
      workbench_map_place (map, 2, &before, &y);
      g_assert_cmpfloat_with_epsilon (before, middle, 0.5);
      hand_draw (GTK_WIDGET (map), path, 3, 3, NULL);
      workbench_map_place (map, 2, &after, &y);
      g_assert_cmpfloat_with_epsilon (after, before + 100.0, 1.0);
    }
  end_map (map);
}

static void
test_shapes (void)
{
  /* whether a place is covered: the middle; 0.8 to the right; 0.55 right and up; 0.8 up; 0.8 down; 0.8 right and up */
  static const double places[][2] = { { 0.0, 0.0 }, { 0.8, 0.0 }, { 0.55, -0.55 }, { 0.0, -0.8 }, { 0.0, 0.8 }, { 0.8, -0.8 } };
  static const char *const covered[WORKBENCH_N_MAP_SHAPES] = {
    [WORKBENCH_MAP_DISC] = "xxxxx-",     [WORKBENCH_MAP_SQUARE] = "xxxxxx",        [WORKBENCH_MAP_DIAMOND] = "xx-xx-",
    [WORKBENCH_MAP_TRIANGLE] = "x--x--", [WORKBENCH_MAP_TRIANGLE_DOWN] = "x---x-", [WORKBENCH_MAP_RING] = "-xxxx-",
    [WORKBENCH_MAP_PLUS] = "xx-xx-",     [WORKBENCH_MAP_SALTIRE] = "x-x---",
  };
  WorkbenchMapPoint points[WORKBENCH_N_MAP_SHAPES];
  WorkbenchMap *map;
  gsize stride;
  g_autofree guint8 *pixels = NULL;

  for (guint i = 0; i < WORKBENCH_N_MAP_SHAPES; i++)
    {
      points[i] = point ((float) (i % 4), (float) (i / 4), 0.0f, 255, 0);
      points[i].size = 48.0f;
      points[i].shape = (float) i;
    }
  map = new_map (points, WORKBENCH_N_MAP_SHAPES, 2);
  pixels = draw_widget (GTK_WIDGET (map), &stride);
  for (guint i = 0; i < WORKBENCH_N_MAP_SHAPES; i++)
    for (guint p = 0; p < G_N_ELEMENTS (places); p++)
      {
        double x, y;

        workbench_map_place (map, i, &x, &y);
        g_assert_cmpuint (pixels[(gsize) (y + 24.0 * places[p][1]) * stride + 4 * (gsize) (x + 24.0 * places[p][0]) + 3], ==, covered[i][p] == 'x' ? 255 : 0);
      }
  end_map (map);
}

/* what is dim never covers what is not, be it drawn later or nearer */
static void
test_dim (void)
{
  WorkbenchMapPoint points[] = { point (0.0f, 0.0f, -1.0f, 255, 0), point (0.0f, 0.0f, 1.0f, 0, 255), point (1.0f, 0.0f, 0.0f, 0, 255) };
  WorkbenchMap *map;

  points[1].colour[3] = points[2].colour[3] = 51;
  for (guint dimensions = 2; dimensions <= 3; dimensions++)
    {
      map = new_map (points, 3, dimensions);
      assert_drawn (map, 0, 0.0, 0.0, 255, 0, 0, 255);
      assert_drawn (map, 2, 0.0, 0.0, 0, 51, 0, 51); /* premultiplied */
      end_map (map);
    }
}

static void
test_ring (void)
{
  const WorkbenchMapPoint points[] = { point (0.0f, 0.0f, 0.0f, 255, 0), point (1.0f, 0.0f, 0.0f, 0, 255) };
  WorkbenchMap *map = new_map (points, 2, 2);
  gsize stride;
  double x, y;

  workbench_map_place (map, 1, &x, &y);
  for (int current = -1; current <= 1; current++)
    {
      g_autofree guint8 *pixels = NULL;
      guint covered = 0;

      workbench_map_set_current (map, current);
      pixels = draw_widget (GTK_WIDGET (map), &stride);
      for (int right = 9; right <= 12; right++) /* the point itself ends at 7.5 */
        covered += pixels[(gsize) y * stride + 4 * (gsize) (x + right) + 3] > 0;
      g_assert_cmpuint (covered > 0, ==, current == 1);
    }
  workbench_map_set_points (map, points, 1, 2);
  g_assert_cmpint (workbench_map_get_current (map), ==, -1);
  end_map (map);
}

static gboolean
make_blue (guint index, guint8 *pixels, gpointer data)
{
  for (guint i = 0; i < 64; i++)
    memcpy (pixels + 4 * i, (const guint8[]){ 0, 0, 255, 255 }, 4);
  return TRUE;
}

/* images are drawn in place of points where these are few */
static void
test_thumbnails (void)
{
  enum { SIDE = 20 };
  WorkbenchMapPoint points[SIDE * SIDE];
  WorkbenchMap *map;
  double x, y;

  for (guint i = 0; i < SIDE * SIDE; i++)
    points[i] = point ((float) (i % SIDE), (float) (i / SIDE), 0.0f, 255, 0);
  map = new_map (points, SIDE * SIDE, 2);
  workbench_map_set_thumbnails (map, 8, 8, make_blue, NULL);
  assert_drawn (map, 210, 0.0, 0.0, 255, 0, 0, 255);
  workbench_map_place (map, 210, &x, &y);
  workbench_map_zoom (map, 8.0, x, y);
  assert_drawn (map, 210, 0.0, 0.0, 0, 0, 255, 255);
  assert_drawn (map, 210, 18.0, 18.0, 0, 0, 255, 255); /* 40 pixels across */
  assert_drawn (map, 210, 24.0, 0.0, 0, 0, 0, 0);
  points[210].colour[3] = 51;
  workbench_map_set_points (map, points, SIDE * SIDE, 2);
  assert_drawn (map, 210, 0.0, 0.0, 51, 0, 0, 51); /* dim ones stay points */
  end_map (map);
}

static void
keep_index (WorkbenchMap *map, int index, int *kept)
{
  *kept = index;
}

static void
keep_lasso (WorkbenchMap *map, GArray *indices, GArray *kept)
{
  g_array_set_size (kept, 0);
  g_array_append_vals (kept, indices->data, indices->len);
}

static void
count (WorkbenchMap *map, guint *times)
{
  (*times)++;
}

/* a square of nine points, numbered by rows from below */
static WorkbenchMap *
new_square (WorkbenchMapPoint points[9])
{
  for (guint i = 0; i < 9; i++)
    points[i] = point ((float) (i % 3), (float) (i / 3), 0.0f, 255, 0);
  return new_map (points, 9, 2);
}

static void
test_keys (void)
{
  static const struct {
    guint key;
    int index;
  } ways[] = { { GDK_KEY_Left, 4 }, { GDK_KEY_Left, 3 }, { GDK_KEY_Up, 6 }, { GDK_KEY_Up, 6 }, { GDK_KEY_Right, 7 }, { GDK_KEY_Right, 8 }, { GDK_KEY_Down, 5 },
               { GDK_KEY_Down, 2 }, { GDK_KEY_KP_Left, 1 } };
  WorkbenchMapPoint points[9];
  WorkbenchMap *map = new_square (points);
  GtkWidget *widget = GTK_WIDGET (map);
  int moved = -1, toggled = -1;
  guint cleared = 0;
  double x0, y0, x, y;

  g_signal_connect (map, "moved", G_CALLBACK (keep_index), &moved);
  g_signal_connect (map, "toggled", G_CALLBACK (keep_index), &toggled);
  g_signal_connect (map, "cleared", G_CALLBACK (count), &cleared);
  g_assert_false (press_key (widget, GDK_KEY_space, 0)); /* of no point: the window runs or pauses */
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) /* the first one to the middle */
    {
      g_assert_true (press_key (widget, ways[i].key, 0));
      g_assert_cmpint (workbench_map_get_current (map), ==, ways[i].index);
      g_assert_cmpint (moved, ==, ways[i].index);
    }
  g_assert_true (press_key (widget, GDK_KEY_space, 0));
  g_assert_cmpint (toggled, ==, 1);
  g_assert_false (press_key (widget, GDK_KEY_space, GDK_CONTROL_MASK)); /* runs or pauses, wherever */
  toggled = -1;
  g_assert_true (press_key (widget, GDK_KEY_Return, 0));
  g_assert_cmpint (toggled, ==, 1);
  g_assert_true (press_key (widget, GDK_KEY_Escape, 0));
  g_assert_cmpuint (cleared, ==, 1);

  for (guint i = 0; i < 2; i++) /* with Shift or Ctrl the map moves, not the point */
    {
      workbench_map_place (map, 4, &x0, &y0);
      press_key (widget, GDK_KEY_Right, i == 0 ? GDK_SHIFT_MASK : GDK_CONTROL_MASK);
      workbench_map_place (map, 4, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, x0 - 40.0, 1e-6);
      g_assert_cmpint (workbench_map_get_current (map), ==, 1);
    }

  workbench_map_set_current (map, 4);
  workbench_map_reset (map);
  workbench_map_place (map, 4, &x, &y);
  workbench_map_zoom (map, 6.0, x, y); /* the others are out of sight */
  workbench_map_place (map, 5, &x, &y);
  g_assert_cmpfloat (x, >, gtk_widget_get_width (widget));
  press_key (widget, GDK_KEY_Right, 0);
  g_assert_cmpint (workbench_map_get_current (map), ==, 5);
  workbench_map_place (map, 5, &x, &y);
  g_assert_cmpfloat (x, <, gtk_widget_get_width (widget));
  g_assert_cmpfloat (x, >, 0.0);

  workbench_map_set_current (map, 3);
  points[4].colour[3] = 51; /* what is dim is passed by */
  workbench_map_set_points (map, points, 9, 2);
  press_key (widget, GDK_KEY_Right, 0);
  g_assert_cmpint (workbench_map_get_current (map), ==, 1); /* as near as 7 */

  points[0] = point (0.0f, 0.0f, 0.0f, 255, 0); /* what is near but aside is not in that direction */
  points[1] = point (3.0f, 0.0f, 0.0f, 255, 0);
  points[2] = point (0.5f, 2.0f, 0.0f, 255, 0);
  workbench_map_set_points (map, points, 3, 2);
  workbench_map_set_current (map, 0);
  g_assert_cmpint (workbench_map_find_towards (map, 1.0, 0.0), ==, 1);
  g_assert_cmpint (workbench_map_find_towards (map, 0.0, -1.0), ==, 2);
  g_assert_cmpint (workbench_map_find_towards (map, 0.0, 1.0), ==, -1);
  end_map (map);
}

static void
test_hover (void)
{
  WorkbenchMapPoint points[9];
  WorkbenchMap *map = new_square (points);
  int hovered = -2;
  double x, y;

  if (has_hand ())
    {
      g_signal_connect (map, "hovered", G_CALLBACK (keep_index), &hovered);
      for (guint i = 0; i < 9; i += 4)
        {
          workbench_map_place (map, i, &x, &y);
          hand_move (GTK_WIDGET (map), x + 2.0, y - 2.0);
          TURN_UNTIL (hovered == (int) i);
        }
      hand_move (GTK_WIDGET (map), x - 40.0, y + 40.0);
      TURN_UNTIL (hovered == -1);
    }
  end_map (map);
}

/* with Shift, or while the map is set to it, a drag is a lasso and the map stays; else the map moves */
static void
test_lasso (void)
{
  static const struct {
    gboolean lassoing;
    guint button;
    const char *held;
    gboolean lassoes;
  } ways[] = { { FALSE, 1, NULL, FALSE }, { FALSE, 1, "shift", TRUE }, { TRUE, 1, NULL, TRUE }, { TRUE, 2, NULL, FALSE } };
  WorkbenchMapPoint points[9];
  WorkbenchMap *map = new_square (points);
  g_autoptr (GArray) lassoed = g_array_new (FALSE, FALSE, sizeof (guint));

  g_signal_connect (map, "lassoed", G_CALLBACK (keep_lasso), lassoed);
  for (guint i = 0; i < G_N_ELEMENTS (ways) && has_hand (); i++)
    {
      double left, top, right, bottom, x, y;

      workbench_map_reset (map);
      workbench_map_set_lassoing (map, ways[i].lassoing);
      g_array_set_size (lassoed, 0);
      workbench_map_place (map, 4, &left, &top); /* around 4, 5, 1 and 2 */
      workbench_map_place (map, 2, &right, &bottom);
      hand_draw (GTK_WIDGET (map), (const double[]){ left - 20, top - 20, right + 20, top - 20, right + 20, bottom + 20, left - 20, bottom + 20 }, 4, ways[i].button,
                 ways[i].held);
      workbench_map_place (map, 4, &x, &y);
      g_assert_cmpuint (lassoed->len, ==, ways[i].lassoes ? 4 : 0);
      g_assert_cmpint (x == left && y == top, ==, ways[i].lassoes);
      for (guint j = 0; j < lassoed->len; j++)
        g_assert_cmpuint (g_array_index (lassoed, guint, j), ==, ((const guint[]){ 1, 2, 4, 5 })[j]);
    }
  end_map (map);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/map/flat", test_flat);
  g_test_add_func ("/map/orbit", test_orbit);
  g_test_add_func ("/map/drag", test_drag);
  g_test_add_func ("/map/shapes", test_shapes);
  g_test_add_func ("/map/dim", test_dim);
  g_test_add_func ("/map/ring", test_ring);
  g_test_add_func ("/map/thumbnails", test_thumbnails);
  g_test_add_func ("/map/keys", test_keys);
  g_test_add_func ("/map/hover", test_hover);
  g_test_add_func ("/map/lasso", test_lasso);
  return g_test_run ();
}
