/* test-latent.c: the view of latents and features as points. test-layout.c is about their layout, test-map.c about the map as such,
 * test-many-points.c about its speed. */
#include "feature-runs.h"
#include "small-runs.h"

#include "support.h"
#include "widgets.h"
#include "workbench-class-legend.h"
#include "workbench-image-colours.h"
#include "workbench-latent-view.h"
#include "workbench-map-private.h"
#include "workbench-plot.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

static char *folder; /* of a finished run of 3 × 8 images */

static WorkbenchMap *
map_of (GtkWidget *view)
{
  return WORKBENCH_MAP (find_widget (view, WORKBENCH_TYPE_MAP));
}

/* choice @selected of the drop-down number @index: space, projection, dimensions, colour */
static void
choose (GtkWidget *view, guint index, guint selected)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (view, GTK_TYPE_DROP_DOWN, index)), selected);
}

static const WorkbenchMapPoint *
point_of (WorkbenchMap *map, guint index)
{
  return &g_array_index (map->points, WorkbenchMapPoint, index);
}

static void
test_view (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  WorkbenchMap *map = map_of (view);
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (guint)), chosen = NULL;
  double x, y;

  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  g_array_append_val (some, (guint){ 4 });
  g_array_append_val (some, (guint){ 20 });
  g_signal_emit_by_name (map, "lassoed", some);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 2);
  chosen = workbench_selection_get_images (selection);
  g_assert_cmpuint (g_array_index (chosen, WorkbenchImage, 0), ==, workbench_image (1, 4));
  g_assert_cmpuint (g_array_index (chosen, WorkbenchImage, 1), ==, workbench_image (3, 4));
  g_signal_emit_by_name (map, "clicked", 9, 0u);
  g_assert_cmpuint (workbench_selection_get_current (selection), ==, workbench_image (2, 1));
  g_signal_emit_by_name (map, "clicked", -1, 0u);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  g_assert_false (workbench_map_place (map, 0, &x, &y));
  end_view (view);
  workbench_document_close (document);
}

static gboolean
is_coloured (const WorkbenchMapPoint *point, GdkRGBA colour)
{
  return point->colour[0] == lrintf (255.0f * colour.red) && point->colour[1] == lrintf (255.0f * colour.green)
         && point->colour[2] == lrintf (255.0f * colour.blue);
}

/* each way of colouring says what it should; in three dimensions points leave the plane */
static void
test_colours (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  WorkbenchMap *map = map_of (view);
  g_autoptr (WorkbenchAlbum) album = workbench_album_new ();
  double x, y, deep = 0.0;

  workbench_album_set_source (album, WORKBENCH_ALBUM_POOL);
  workbench_album_set_document (album, document);
  TURN_UNTIL (workbench_album_get_length (album) == 24);
  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  for (guint by = WORKBENCH_COLOUR_CLASS; by <= WORKBENCH_COLOUR_SYNTHESIS; by++)
    {
      float low = INFINITY, high = -INFINITY;

      choose (view, 3, by);
      turn_for (300);
      g_assert_cmpint (gtk_widget_get_mapped (find_widget (view, WORKBENCH_TYPE_CLASS_LEGEND)), ==, by == WORKBENCH_COLOUR_CLASS);
      for (guint i = 0; i < 24; i++)
        {
          const WorkbenchFacts *f = workbench_album_get_facts (album, workbench_image (i / 8 + 1, i % 8));

          low = MIN (low, f->loss);
          high = MAX (high, f->loss);
        }
      for (guint i = 0; i < 24; i++)
        {
          const WorkbenchFacts *f = workbench_album_get_facts (album, workbench_image (i / 8 + 1, i % 8));
          const WorkbenchMapPoint *point = point_of (map, i);

          if (by == WORKBENCH_COLOUR_CLASS)
            g_assert_true (is_coloured (point, workbench_class_mark (f->label, 10, FALSE).colour));
          else if (by == WORKBENCH_COLOUR_AGREEMENT)
            g_assert_true (is_coloured (point, workbench_palette (f->agree ? 0 : 1)));
          else if (by == WORKBENCH_COLOUR_SYNTHESIS)
            g_assert_true (is_coloured (point, workbench_colour_map ((i / 8) / 2.0)));
          else if (f->loss == low || f->loss == high) /* beyond the range that is shown, as ends always are */
            g_assert_true (is_coloured (point, workbench_colour_map (f->loss == low ? 0.0 : 1.0)));
        }
    }
  choose (view, 2, 1);
  TURN_UNTIL (map->dimensions == 3 && map->points->len == 24);
  for (guint i = 0; i < 24; i++)
    deep = MAX (deep, (double) fabsf (point_of (map, i)->place[2]));
  g_assert_cmpfloat (deep, >, 0.0);
  end_view (view);
  workbench_document_close (document);
}

/* of selected images, from the latent that was drawn to their points; not where they cannot be, nor where they are not wanted */
/* as files: each point a shape of its colour, and a line of numbers */
static void
test_saving (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  WorkbenchMap *map = map_of (view);
  g_autofree char *svg = g_build_filename (folder, "map.svg", NULL), *csv = g_build_filename (folder, "map.csv", NULL), *figure = NULL, *table = NULL;
  g_autofree char *other = g_build_filename (folder, "map.gif", NULL);
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  const WorkbenchMapPoint *point;
  guint shapes = 0;
  double x, y;

  g_assert_false (workbench_view_save (WORKBENCH_VIEW (view), csv, &error)); /* before there is anything */
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), svg, &error));
  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), csv, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (svg, &figure, NULL, NULL));
  for (const char *at = figure; (at = strstr (at, "<path ")) != NULL; at++)
    shapes++;
  g_assert_cmpuint (shapes, >=, 24); /* letters may be paths, too */
  g_assert_true (g_file_get_contents (csv, &table, NULL, NULL));
  lines = g_strsplit (table, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 24 + 1);
  g_assert_cmpstr (lines[0], ==, "synthesis,image,class,x,y");
  point = point_of (map, 0);
  g_assert_true (g_str_has_prefix (lines[1], "1,1,\""));
  {
    g_auto (GStrv) fields = g_strsplit (lines[1], ",", -1);
    guint n = g_strv_length (fields);

    g_assert_cmpfloat_with_epsilon (g_ascii_strtod (fields[n - 2], NULL), (double) point->place[0], 1e-5);
    g_assert_cmpfloat_with_epsilon (g_ascii_strtod (fields[n - 1], NULL), (double) point->place[1], 1e-5);
  }
  g_assert_false (workbench_view_save (WORKBENCH_VIEW (view), other, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  end_view (view);
}

static void
test_paths (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  const WorkbenchImage images[] = { workbench_image (1, 4), workbench_image (3, 4) };
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document), *button = find_labelled (view, GTK_TYPE_TOGGLE_BUTTON, "z₀→zₖ");
  WorkbenchMap *map = map_of (view);
  double x, y;

  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  g_assert_false (gtk_widget_get_sensitive (button)); /* of teacher features */
  workbench_selection_set (selection, images, 2);
  turn_for (300);
  g_assert_cmpuint (map->lines->len, ==, 0);
  choose (view, 0, 0);
  TURN_UNTIL (map->lines->len == 4);
  g_assert_true (gtk_widget_get_sensitive (button));
  for (guint i = 0; i < 2; i++)
    {
      const WorkbenchMapVertex *from = &g_array_index (map->lines, WorkbenchMapVertex, 2 * i), *to = from + 1;
      const WorkbenchMapPoint *point = point_of (map, i == 0 ? 4 : 20);

      for (guint d = 0; d < 2; d++)
        g_assert_cmpfloat_with_epsilon (to->place[d], point->place[d], 1e-3);
      g_assert_cmpfloat (hypotf (from->place[0] - to->place[0], from->place[1] - to->place[1]), >, 0.0f); /* the latent was adapted */
      g_assert_cmpfloat (point->size, >, point_of (map, 5)->size);
    }
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  TURN_UNTIL (map->lines->len == 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  TURN_UNTIL (map->lines->len == 4);
  choose (view, 1, 1);
  TURN_UNTIL (map->lines->len == 0);
  g_assert_false (gtk_widget_get_sensitive (button)); /* of t-SNE */
  end_view (view);
  workbench_document_close (document);
}

/* with keys alone: to a point, into the selection, out of it; the map says so */
static void
test_by_keys (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  WorkbenchSelection *selection = workbench_document_get_selection (document);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  WorkbenchMap *map = map_of (view);
  g_autofree char *text = NULL, *label = NULL;
  WorkbenchImage current;
  double x, y;

  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  press_key (GTK_WIDGET (map), GDK_KEY_Right, 0);
  press_key (GTK_WIDGET (map), GDK_KEY_Left, 0);
  current = workbench_selection_get_current (selection);
  g_assert_cmpuint (current, ==, workbench_image ((guint) workbench_map_get_current (map) / 8 + 1, (guint) workbench_map_get_current (map) % 8));
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  turn_for (300);
  text = g_strdup_printf ("synthesis %u, image %u, drawn for: ", workbench_image_synthesis (current), workbench_image_index (current) + 1);
  g_assert_nonnull (find_text (view, text));
  g_assert_null (find_text (view, "; selected"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, gtk_label_get_text (GTK_LABEL (find_text (view, text))));
  press_key (GTK_WIDGET (map), GDK_KEY_space, 0);
  g_assert_true (workbench_selection_contains (selection, current));
  TURN_UNTIL (find_text (view, "; selected") != NULL);
  label = g_strdup (gtk_label_get_text (GTK_LABEL (find_text (view, text))));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, label);
  press_key (GTK_WIDGET (map), GDK_KEY_space, 0);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  press_key (GTK_WIDGET (map), GDK_KEY_space, 0);
  press_key (GTK_WIDGET (map), GDK_KEY_Escape, 0);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
  g_signal_emit_by_name (map, "hovered", 9); /* its tooltip says which one it is */
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (GTK_WIDGET (map)), "synthesis 2, image 2, drawn for: "));
  g_signal_emit_by_name (map, "hovered", -1);
  g_assert_null (gtk_widget_get_tooltip_text (GTK_WIDGET (map)));
  end_view (view);
  workbench_document_close (document);
}

/* images themselves, in the colour of their points, where there is room for them */
static void
test_images (void)
{
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  WorkbenchMap *map = map_of (view);
  const DfkdPictures *p;
  g_autofree guint8 *pixels = NULL;
  const guint8 *frame;
  double x, y;
  gsize stride;

  TURN_UNTIL (workbench_map_place (map, 23, &x, &y));
  workbench_map_zoom (map, 400.0, x, y); /* the only one in sight */
  TURN_UNTIL (workbench_history_get (workbench_document_get_history (document), 3) != NULL);
  p = workbench_history_get (workbench_document_get_history (document), 3);
  turn_for (300);
  pixels = draw_widget (GTK_WIDGET (map), &stride);
  workbench_map_place (map, 23, &x, &y);
  frame = pixels + (gsize) y * stride + 4 * (gsize) (x - 19.5); /* 40 pixels across */
  for (guint c = 0; c < 3; c++)
    g_assert_cmpint (frame[2 - c], ==, point_of (map, 23)->colour[c]);
  for (int i = -12; i <= 12; i += 6)
    {
      const double scale = (double) (p->width + 4) / 40.0; /* frames of two pixels */
      const gsize column = (gsize) ((floor (x + i) + 0.5 - x + 20.0) * scale) - 2, row = (gsize) ((floor (y + i) + 0.5 - y + 20.0) * scale) - 2;

      g_assert_cmpint (pixels[(gsize) (y + i) * stride + 4 * (gsize) (x + i) + 2], ==, p->pixels[((7 * p->height + row) * p->width + column) * p->channels]);
    }
  end_view (view);
  workbench_document_close (document);
}

/* relative luminance (WCAG 2) */
static double
luminance (const GdkRGBA *c)
{
  const double parts[] = { (double) c->red, (double) c->green, (double) c->blue }, weights[] = { 0.2126, 0.7152, 0.0722 };
  double sum = 0.0;

  for (guint i = 0; i < 3; i++)
    sum += weights[i] * (parts[i] <= 0.04045 ? parts[i] / 12.92 : pow ((parts[i] + 0.055) / 1.055, 2.4));
  return sum;
}

/* no two look alike, as far as marks go, on either ground */
static void
test_marks (void)
{
  static const struct {
    guint classes, different;
  } cases[] = { { 10, 10 }, { 14, 14 }, { 100, 100 }, { 112, 112 }, { 200, 200 }, { 224, 224 }, { 1000, 224 } };
  const double grounds[] = { luminance (&(GdkRGBA){ 0.98f, 0.98f, 0.98f, 1.0f }), luminance (&(GdkRGBA){ 0.14f, 0.14f, 0.14f, 1.0f }) };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      const gboolean dark = i % 2;
      const guint classes = cases[i / 2].classes;

      for (guint label = 0; label < classes; label++)
        {
          const WorkbenchClassMark mark = workbench_class_mark ((int) label, classes, dark);

          g_hash_table_add (seen, g_strdup_printf ("%.3f %.3f %.3f %d", (double) mark.colour.red, (double) mark.colour.green, (double) mark.colour.blue, mark.shape));
          if (label < WORKBENCH_PLAIN_CLASSES)
            {
              const double light = luminance (&mark.colour), high = MAX (light, grounds[dark]), low = MIN (light, grounds[dark]);

              g_assert_cmpint (mark.shape, ==, WORKBENCH_MAP_DISC);
              g_assert_cmpfloat ((high + 0.05) / (low + 0.05), >=, 2.0); /* stands out from the ground */
            }
          if (label < 7)
            {
              const GdkRGBA hue = workbench_palette (label);

              g_assert_true (gdk_rgba_equal (&mark.colour, &hue));
            }
        }
      g_assert_cmpuint (g_hash_table_size (seen), ==, cases[i / 2].different);
    }
}

/* Returns: (transfer full): the name of class @which, of ninety letters; the others are called "class 0" and so on */
static char *
give_one_long_name (const char *path, guint classes, guint which)
{
  g_autofree char *file = g_build_filename (path, "classes.json", NULL), *name = g_strnfill (90, 'm');
  g_autoptr (GString) json = g_string_new (NULL);

  for (guint i = 0; i < classes; i++)
    if (i == which)
      g_string_append_printf (json, "%c\"%s\"", i == 0 ? '[' : ',', name);
    else
      g_string_append_printf (json, "%c\"class %u\"", i == 0 ? '[' : ',', i);
  g_string_append_c (json, ']');
  g_assert_true (g_file_set_contents (file, json->str, -1, NULL));
  return g_steal_pointer (&name);
}

/* a legend of a hundred classes names each, one long name or not; the one that is pointed at or chosen stands out on the map */
static void
test_legend (void)
{
  g_autofree char *path = make_feature_run ("legend", 2, 200, 100, fill_noise), *long_one = give_one_long_name (path, 100, 8);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document), *legend = find_widget (view, WORKBENCH_TYPE_CLASS_LEGEND);
  GtkFlowBox *classes = GTK_FLOW_BOX (find_widget (legend, GTK_TYPE_FLOW_BOX));
  WorkbenchMap *map = map_of (view);
  double x, y;
  static const int highlighted[] = { -1, 42, 7, 42, -1 };

  TURN_UNTIL (workbench_map_place (map, 399, &x, &y) && gtk_flow_box_get_child_at_index (classes, 99) != NULL);
  g_assert_null (gtk_flow_box_get_child_at_index (classes, 100));
  g_assert_nonnull (find_text (legend, "class 99"));
  g_assert_nonnull (find_text (legend, long_one));
  turn_for (200);
  g_assert_cmpint (gtk_widget_get_height (legend), <, 100); /* the rest is scrolled */
  g_assert_true (gtk_flow_box_get_child_at_pos (classes, gtk_widget_get_width (GTK_WIDGET (classes)) - 40, 4) != NULL); /* in columns */
  g_assert_true (gtk_flow_box_get_child_at_pos (classes, gtk_widget_get_width (GTK_WIDGET (classes)) - 40, 4)
                 != gtk_flow_box_get_child_at_index (classes, 0));
  for (guint i = 0; i < G_N_ELEMENTS (highlighted); i++)
    {
      if (i == 1 || i == 4) /* chosen, and let go of */
        g_signal_emit_by_name (classes, "child-activated", gtk_flow_box_get_child_at_index (classes, 42));
      else
        workbench_class_legend_point_at (WORKBENCH_CLASS_LEGEND (legend), i == 2 ? 7 : -1);
      turn_for (200);
      g_assert_cmpint (workbench_class_legend_get_highlighted (WORKBENCH_CLASS_LEGEND (legend)), ==, highlighted[i]);
      for (guint p = 0; p < 400; p++)
        {
          g_assert_cmpint (point_of (map, p)->colour[3] == 255, ==, highlighted[i] < 0 || (int) (p % 200 % 100) == highlighted[i]);
          g_assert_cmpfloat (point_of (map, p)->shape, ==, (float) workbench_class_mark ((int) (p % 200 % 100), 100, FALSE).shape);
        }
    }
  /* one press of Tab is enough to leave it, either way */
  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (legend));

      gtk_widget_grab_focus (GTK_WIDGET (gtk_flow_box_get_child_at_index (classes, 42)));
      g_assert_nonnull (gtk_widget_get_focus_child (legend));
      g_assert_true (gtk_widget_child_focus (root, i == 0 ? GTK_DIR_TAB_FORWARD : GTK_DIR_TAB_BACKWARD));
      g_assert_false (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (root)), legend));
    }
  end_view (view);
  workbench_document_close (document);
}

/* without a generator there are no latents: it says so, and what there is can be seen */
static void
test_without_generator (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("deepinv");
  g_autofree char *path = new_folder ("deepinv"), *student = finish (start (recipe, path, FALSE, FALSE), path);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document), *spaces = find_nth (view, GTK_TYPE_DROP_DOWN, 0);
  static const struct {
    const char *name;
    gboolean sensitive;
  } choices[] = { { "latents z", FALSE }, { "generator features", FALSE }, { "teacher features", TRUE } };
  double x, y;

  TURN_UNTIL (workbench_map_place (map_of (view), 7, &x, &y));
  g_signal_emit_by_name (spaces, "activate");
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      GtkWidget *list = find_widget (spaces, GTK_TYPE_LIST_VIEW), *label;

      TURN_UNTIL (find_labelled (list, GTK_TYPE_LABEL, choices[i].name) != NULL);
      label = find_labelled (list, GTK_TYPE_LABEL, choices[i].name);
      g_assert_cmpint (gtk_widget_is_sensitive (label), ==, choices[i].sensitive);
      g_assert_cmpint (gtk_widget_get_tooltip_text (gtk_widget_get_parent (label)) == NULL, ==, choices[i].sensitive);
    }
  for (guint i = 0; i < 2; i++) /* as when another run was shown before */
    {
      choose (view, 0, i);
      TURN_UNTIL (find_text (view, "no generator, so there are none: choose teacher features") != NULL);
      g_assert_false (workbench_map_place (map_of (view), 0, &x, &y));
    }
  choose (view, 0, 2);
  TURN_UNTIL (workbench_map_place (map_of (view), 7, &x, &y));
  end_view (view);
  workbench_document_close (document);
}

/* numbers of a method that should have them, kept by somebody who left them out */
static void
test_without_numbers (void)
{
  g_autofree char *path = make_feature_run ("without", 1, 20, 0, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document);
  double x, y;

  TURN_UNTIL (workbench_map_place (map_of (view), 19, &x, &y));
  choose (view, 0, 0);
  TURN_UNTIL (find_text (view, "were kept without these numbers") != NULL);
  end_view (view);
  workbench_document_close (document);
}

/* "iteration 120 of 750" */
static guint
iteration_of (GtkWidget *view)
{
  GtkWidget *label = find_text (view, "iteration");
  const char *number = label != NULL ? strpbrk (get_text (label), "0123456789") : NULL;

  return number != NULL ? (guint) g_ascii_strtoull (number, NULL, 10) : 0;
}

/* t-SNE says how far it is, can be stopped, and waits for whoever goes to another view and comes back */
static void
test_progress (void)
{
  enum { COUNT = 1500 };
  g_autofree char *path = make_feature_run ("progress", 3, COUNT / 3, 10, fill_noise);
  g_autoptr (WorkbenchDocument) document = open_document (path);
  GtkWidget *view = show_view (WORKBENCH_TYPE_LATENT_VIEW, document), *stop = NULL;
  WorkbenchMap *map = map_of (view);
  g_autofree WorkbenchMapPoint *before = NULL;
  double x, y;
  guint iteration;

  TURN_UNTIL (workbench_map_place (map, COUNT - 1, &x, &y));
  g_assert_cmpuint (iteration_of (view), ==, 0); /* of PCA there is nothing to tell */
  choose (view, 1, 1);
  TURN_UNTIL (iteration_of (view) > 30);
  stop = gtk_widget_get_next_sibling (find_text (view, "iteration"));
  g_signal_emit_by_name (stop, "clicked");
  TURN_UNTIL (find_text (view, "stopped at iteration") != NULL);
  turn_for (300);
  iteration = iteration_of (view);
  turn_for (400);
  g_assert_cmpuint (iteration_of (view), ==, iteration);
  g_signal_emit_by_name (stop, "clicked");
  TURN_UNTIL (iteration_of (view) > iteration && find_text (view, "stopped") == NULL);

  gtk_widget_set_visible (view, FALSE);
  turn_for (300);
  iteration = iteration_of (view);
  g_assert_true (workbench_map_place (map, COUNT - 1, &x, &y));
  before = g_memdup2 (map->points->data, COUNT * sizeof *before);
  turn_for (400);
  gtk_widget_set_visible (view, TRUE);
  TURN_UNTIL (iteration_of (view) > 0);
  g_assert_cmpuint (map->points->len, ==, COUNT);
  g_assert_cmpuint (iteration_of (view), >=, iteration);
  g_assert_cmpuint (iteration_of (view), <, 750);
  TURN_UNTIL (find_text (view, "750 iterations done") != NULL);
  g_assert_false (gtk_widget_get_visible (stop));
  end_view (view);
  workbench_document_close (document);
}

static void
add_tests (void)
{
  adw_init ();
  g_test_add_func ("/latent/view", test_view);
  g_test_add_func ("/latent/colours", test_colours);
  g_test_add_func ("/latent/saving", test_saving);
  g_test_add_func ("/latent/paths", test_paths);
  g_test_add_func ("/latent/by-keys", test_by_keys);
  g_test_add_func ("/latent/images", test_images);
  g_test_add_func ("/latent/marks", test_marks);
  g_test_add_func ("/latent/legend", test_legend);
  g_test_add_func ("/latent/without-generator", test_without_generator);
  g_test_add_func ("/latent/without-numbers", test_without_numbers);
  g_test_add_func ("/latent/progress", test_progress);
}

int
main (int argc, char **argv)
{
  return test_on_run (argc, argv, "latent", &folder, add_tests);
}
