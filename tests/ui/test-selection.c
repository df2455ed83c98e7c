/* test-selection.c: one selection in two views: what the map selects the gallery shows, and the other way about. */
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-gallery-view.h"
#include "workbench-image-grid-private.h"
#include "workbench-latent-view.h"
#include "workbench-map-private.h"

#include <adwaita.h>

static char *folder; /* of a finished run of 3 × 8 images */

typedef struct {
  GtkWidget *window, *gallery, *latent, *source, *only;
  WorkbenchImageGrid *grid;
  WorkbenchMap *map;
  WorkbenchDocument *document;
  WorkbenchSelection *selection;
} Views;

static GtkWidget *
find_icon (GtkWidget *widget, const char *name)
{
  GtkWidget *button;

  for (guint i = 0; (button = find_nth (widget, GTK_TYPE_TOGGLE_BUTTON, i)) != NULL; i++)
    if (g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (button)), name) == 0)
      return button;
  g_assert_not_reached ();
}

static void
begin (Views *v)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  double x, y;

  v->window = gtk_window_new ();
  v->gallery = g_object_new (WORKBENCH_TYPE_GALLERY_VIEW, "hexpand", TRUE, NULL);
  v->latent = g_object_new (WORKBENCH_TYPE_LATENT_VIEW, "hexpand", TRUE, NULL);
  v->document = open_document (folder);
  v->selection = workbench_document_get_selection (v->document);
  v->grid = WORKBENCH_IMAGE_GRID (find_widget (v->gallery, WORKBENCH_TYPE_IMAGE_GRID));
  v->map = WORKBENCH_MAP (find_widget (v->latent, WORKBENCH_TYPE_MAP));
  v->source = find_nth (v->gallery, GTK_TYPE_DROP_DOWN, 0);
  v->only = find_icon (v->gallery, "selection-mode-symbolic");
  gtk_box_append (GTK_BOX (box), v->gallery);
  gtk_box_append (GTK_BOX (box), v->latent);
  gtk_window_set_default_size (GTK_WINDOW (v->window), 1300, 500);
  gtk_window_set_child (GTK_WINDOW (v->window), box);
  gtk_window_present (GTK_WINDOW (v->window));
  TURN_UNTIL (gtk_widget_get_mapped (box));
  workbench_view_set_document (WORKBENCH_VIEW (v->gallery), v->document);
  workbench_view_set_document (WORKBENCH_VIEW (v->latent), v->document);
  workbench_image_grid_set_zoom (v->grid, WORKBENCH_MOST_ZOOM); /* so that few can be seen at a time */
  TURN_UNTIL (workbench_album_get_length (v->grid->album) == 24 && workbench_map_place (v->map, 23, &x, &y));
  turn_for (200);
}

static void
end (Views *v)
{
  gtk_window_destroy (GTK_WINDOW (v->window));
  workbench_document_close (v->document);
  g_object_unref (v->document);
}

static void
lasso (Views *v, guint first, guint count)
{
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < count; i++)
    {
      guint index = first + i;

      g_array_append_val (indices, index);
    }
  g_signal_emit_by_name (v->map, "lassoed", indices);
}

static gboolean
can_be_seen (Views *v, WorkbenchImage image)
{
  int position = workbench_album_find (v->grid->album, image);
  double value = gtk_adjustment_get_value (v->grid->adjustment[1]), top;

  if (position < 0)
    return FALSE;
  top = (double) ((guint) position / v->grid->columns * workbench_image_grid_cell (v->grid, FALSE));
  return top >= value && top + workbench_image_grid_cell (v->grid, FALSE) <= value + gtk_widget_get_height (GTK_WIDGET (v->grid));
}

static void
test_scrolled_to (void)
{
  Views v;
  double value;

  begin (&v);
  g_assert_true (can_be_seen (&v, workbench_image (1, 0)));
  g_assert_false (can_be_seen (&v, workbench_image (3, 2)));
  lasso (&v, 18, 3);
  TURN_UNTIL (can_be_seen (&v, workbench_image (3, 2)));
  lasso (&v, 2, 20); /* the first of them */
  TURN_UNTIL (can_be_seen (&v, workbench_image (1, 2)));
  value = gtk_adjustment_get_value (v.grid->adjustment[1]);
  press_key (GTK_WIDGET (v.grid), GDK_KEY_a, GDK_CONTROL_MASK); /* the gallery's own hand does not scroll */
  gtk_adjustment_set_value (v.grid->adjustment[1], value + 100.0);
  press_key (GTK_WIDGET (v.grid), GDK_KEY_a, GDK_CONTROL_MASK);
  turn_for (200);
  g_assert_cmpfloat (gtk_adjustment_get_value (v.grid->adjustment[1]), ==, value + 100.0);
  end (&v);
}

/* what was selected while a gallery was not there */
static void
test_scrolled_to_later (void)
{
  Views v;

  begin (&v);
  workbench_view_set_document (WORKBENCH_VIEW (v.gallery), NULL);
  turn_for (100);
  lasso (&v, 20, 2);
  workbench_view_set_document (WORKBENCH_VIEW (v.gallery), v.document);
  TURN_UNTIL (can_be_seen (&v, workbench_image (3, 4)));
  end (&v);
}

static void
test_selected_only (void)
{
  Views v;

  begin (&v);
  lasso (&v, 5, 6);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (v.only), TRUE);
  g_assert_cmpuint (workbench_album_get_length (v.grid->album), ==, 6);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (workbench_album_get_image (v.grid->album, i), ==, workbench_image ((5 + i) / 8 + 1, (5 + i) % 8));
  press_key (GTK_WIDGET (v.grid), GDK_KEY_Home, 0); /* images are looked at without being selected alone */
  press_key (GTK_WIDGET (v.grid), GDK_KEY_Right, 0);
  g_assert_cmpuint (workbench_selection_get_current (v.selection), ==, workbench_image (1, 6));
  g_assert_cmpuint (workbench_selection_get_count (v.selection), ==, 6);
  lasso (&v, 20, 3); /* the list follows */
  g_assert_cmpuint (workbench_album_get_length (v.grid->album), ==, 3);
  workbench_selection_toggle (v.selection, workbench_image (3, 5));
  g_assert_cmpuint (workbench_album_get_length (v.grid->album), ==, 2);
  workbench_selection_clear (v.selection);
  g_assert_cmpuint (workbench_album_get_length (v.grid->album), ==, 0);
  TURN_UNTIL (find_text (v.gallery, "No image is selected") != NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (v.only), FALSE);
  g_assert_cmpuint (workbench_album_get_length (v.grid->album), ==, 24);
  end (&v);
}

/* a gallery that shows the batch says where the selected images are, and goes there */
static void
test_elsewhere (void)
{
  Views v;

  begin (&v);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (v.source), 0);
  turn_for (100);
  g_assert_null (find_text (v.gallery, "in the pool"));
  lasso (&v, 20, 1);
  TURN_UNTIL (find_text (v.gallery, "The 1 selected image is in the pool") != NULL);
  lasso (&v, 20, 2);
  TURN_UNTIL (find_text (v.gallery, "The 2 selected images are in the pool") != NULL);
  g_signal_emit_by_name (find_labelled (v.gallery, GTK_TYPE_BUTTON, "Show the Pool"), "clicked");
  TURN_UNTIL (can_be_seen (&v, workbench_image (3, 4)));
  g_assert_null (find_text (v.gallery, "in the pool"));
  end (&v);
}

/* a class that leaves out what is selected says so, and goes back; what is looked at is in sight again then */
static void
test_other_class (void)
{
  const WorkbenchImage image = workbench_image (3, 6), near = workbench_image (1, 0);
  GtkDropDown *classes;
  guint other;
  Views v;

  begin (&v);
  classes = GTK_DROP_DOWN (find_nth (v.gallery, GTK_TYPE_DROP_DOWN, 2));
  other = (guint) (workbench_album_get_facts (v.grid->album, image)->label + 1) % 10 + 1;
  workbench_selection_set (v.selection, &image, 1);
  workbench_selection_set_current (v.selection, image);
  turn_for (100);
  g_assert_null (find_text (v.gallery, "of another class"));
  gtk_drop_down_set_selected (classes, other);
  TURN_UNTIL (find_text (v.gallery, "1 selected image is of another class") != NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (v.only), TRUE);
  TURN_UNTIL (find_text (v.gallery, "None of the selected images is of this class") != NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (v.only), FALSE);
  gtk_adjustment_set_value (v.grid->adjustment[1], 0.0);
  g_signal_emit_by_name (find_labelled (v.gallery, GTK_TYPE_BUTTON, "Show All Classes"), "clicked");
  TURN_UNTIL (can_be_seen (&v, image));
  g_assert_cmpuint (gtk_drop_down_get_selected (classes), ==, 0);
  g_assert_null (find_text (v.gallery, "of another class"));

  /* also where it was listed before, elsewhere */
  gtk_adjustment_set_value (v.grid->adjustment[1], 0.0);
  gtk_drop_down_set_selected (classes, (guint) workbench_album_get_facts (v.grid->album, image)->label + 1);
  gtk_drop_down_set_selected (classes, 0);
  TURN_UNTIL (can_be_seen (&v, image));

  /* also through the source; and the list may change under who scrolls elsewhere */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (v.source), 0);
  gtk_adjustment_set_value (v.grid->adjustment[1], 0.0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (v.source), 1);
  TURN_UNTIL (can_be_seen (&v, image));
  gtk_adjustment_set_value (v.grid->adjustment[1], 0.0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (v.gallery, GTK_TYPE_DROP_DOWN, 1)), WORKBENCH_ORDER_CLASS);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (v.gallery, GTK_TYPE_DROP_DOWN, 1)), WORKBENCH_ORDER_DRAWN);
  turn_for (100);
  g_assert_true (can_be_seen (&v, near));
  end (&v);
}

/* an image that is chosen in the gallery is large on the map, and has the ring */
static void
test_on_the_map (void)
{
  Views v;

  begin (&v);
  press_key (GTK_WIDGET (v.grid), GDK_KEY_Home, 0);
  for (guint i = 0; i < 3; i++)
    press_key (GTK_WIDGET (v.grid), GDK_KEY_Right, 0);
  TURN_UNTIL (workbench_map_get_current (v.map) == 3);
  for (guint i = 0; i < 24; i++)
    g_assert_cmpint (g_array_index (v.map->points, WorkbenchMapPoint, i).size > 10.0f, ==, i == 3);
  press_key (GTK_WIDGET (v.grid), GDK_KEY_a, GDK_CONTROL_MASK);
  TURN_UNTIL (g_array_index (v.map->points, WorkbenchMapPoint, 23).size > 10.0f);
  press_key (GTK_WIDGET (v.grid), GDK_KEY_Escape, 0);
  TURN_UNTIL (g_array_index (v.map->points, WorkbenchMapPoint, 23).size < 10.0f);
  end (&v);
}

static void
add_tests (void)
{
  adw_init ();
  g_test_add_func ("/selection/scrolled-to", test_scrolled_to);
  g_test_add_func ("/selection/scrolled-to-later", test_scrolled_to_later);
  g_test_add_func ("/selection/selected-only", test_selected_only);
  g_test_add_func ("/selection/elsewhere", test_elsewhere);
  g_test_add_func ("/selection/other-class", test_other_class);
  g_test_add_func ("/selection/on-the-map", test_on_the_map);
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "selection", &folder, add_tests);
}
